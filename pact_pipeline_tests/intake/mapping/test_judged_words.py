"""What mapping marks reaches the supplier: a warning for a fixable word, a refusal that names the reason for a code."""

from pathlib import Path

import pytest

from pact_pipeline.contracts.context import Context
from pact_pipeline.intake.judging.judged_table import judge_table
from pact_pipeline.intake.judging.rules import rule_words
from pact_pipeline.intake.mapping.map import MappedTable, map_table
from pact_pipeline.intake.reading import open_extract
from pact_pipeline.periods import Period
from pact_pipeline.reference.extracts import FOLDER, vintages
from pact_pipeline_tests.contracts.example_rows import contracts
from pact_pipeline_tests.intake.mapping.paper import layout, mapped, suppliers, written
from pact_pipeline_tests.intake.mapping.test_headings import CHILD, CHILDREN, SWIFT


def found(table: MappedTable, period: str) -> dict[tuple[str, str], list[int]]:
    judged = judge_table(table, Context(Period.parse(period), "clas", None))
    return {(one.words.code, one.columns[0]): one.positions.tolist() for one in judged.findings}


def test_a_fixable_word_is_a_warning_of_its_own() -> None:
    rows = [{**CHILD, "child_ref": "S1"}, {**CHILD, "child_ref": "S2", "sex": "f"}]
    table = mapped(written(CHILDREN, *rows), SWIFT, "children")
    judged = judge_table(table, Context(Period.parse("2012-08"), "GLG", "GLG"))
    told = [(one.words.code, one.words.severity, one.positions.tolist()) for one in judged.findings]
    assert ("CH-008", "warn", [1]) in told
    assert judged.rows_refused == 0
    words = rule_words(table.contract)["CH-008"]
    assert (
        words.message
        == "The word is none of those agreed, but it is known what you mean by it, and it was taken as that."
    )


def test_a_council_code_of_another_time_refuses_the_row_with_that_reason_alone() -> None:
    by = layout("clas", "CLAS2012")
    good = {
        "collection_year": "CLAS2020", "child_ref": "1", "date_of_birth": "2010-02-03", "sex": "Female",
        "ethnic_group": "White", "disabled": "No",
    }  # fmt: skip
    rows = [
        {**good, "council": code, "child_ref": str(n)} for n, code in enumerate(("S12000047", "S12000015", "Atlantis"))
    ]
    table = mapped(written(by.tables["children"], *rows), by, "children", "clas", "CLAS2020")
    told = found(table, "CLAS2020")
    prefix = table.contract.prefix
    assert told[f"{prefix}-009", "council"] == [1]
    assert told[f"{prefix}-003", "council"] == [2]
    words = rule_words(table.contract)[f"{prefix}-009"]
    assert (words.severity, words.title) == ("refuse", "A council code of another time")
    assert words.message == (
        "The code is a council's, but it was not in use in this period: codes change when boundaries do."
    )


@pytest.mark.parametrize("vintage", vintages(), ids=lambda vintage: vintage.file)
def test_every_published_extract_names_councils_in_use_only(vintage: object) -> None:
    supplier = suppliers()[vintage.supplier]  # type: ignore[attr-defined]
    file: str = vintage.file  # type: ignore[attr-defined]
    delivery, by = next(
        (delivery, one)
        for delivery in supplier.deliveries
        for _, one in delivery.layouts
        if any(one.file_regex(supplier, table).fullmatch(file) for table in one.tables)
    )
    mapping = by.tables["annual_counts"]
    contract = contracts()[f"{delivery.collection}.annual_counts"]
    sheet = open_extract(Path(FOLDER / file), file, by).sheet(mapping.name)
    assert sheet is not None
    table = map_table(sheet, contract, mapping, by, file, period=Period.parse(vintage.period))  # type: ignore[attr-defined]
    assert set(table.frame["area"]) <= set(contract.column("area").code_words)
    assert dict(table.outdated) == {}
