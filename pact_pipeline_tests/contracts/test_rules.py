"""Every rule of every supplied contract, shown on rows that fail it and rows that pass it."""

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.checks import KINDS
from pact_pipeline.contracts.context import Context, judging
from pact_pipeline.contracts.pandera_schema import pandera_schema
from pact_pipeline.contracts.validate import validate_frame
from pact_pipeline.periods import Period
from pact_pipeline_tests.contracts.example_rows import (
    RuleCase,
    context,
    contexts,
    examples,
    from_example_row,
    judged,
    supplied,
    typed,
)

TABLES = pytest.mark.parametrize("contract", supplied(), ids=lambda contract: contract.key)


@TABLES
def test_every_rule_has_rows_that_fail_and_rows_that_pass(contract: Contract) -> None:
    for rule in contract.rules:
        assert rule.fails, rule.code
        assert rule.passes, rule.code


@TABLES
def test_the_clean_row_has_no_finding(contract: Contract) -> None:
    findings = judged(contract, [{}])
    assert findings.rows.empty, findings.rows
    assert findings.table_findings == ()
    assert findings.examined == 1
    assert findings.not_run == ()


@pytest.mark.parametrize("example", list(examples()), ids=str)
def test_rule_does_with_its_example_rows_what_they_say(example: RuleCase) -> None:
    findings = example.judged(contexts())
    on_table = {finding.rule: finding.severity for finding in findings.table_findings}
    found = set(findings.rows["rule"]) | set(on_table)
    assert (example.rule.code in found) is example.fails, findings
    assert findings.not_run == ()
    if example.fails:
        severity = findings.rows.loc[findings.rows["rule"] == example.rule.code, "severity"].unique().tolist()
        assert (severity or [on_table[example.rule.code]]) == [example.rule.severity]
    else:
        # What passes is practice that is allowed, so nothing else may refuse it either.
        assert not findings.refused.any(), findings.rows
    # What a rule finds it has looked at, and what looked at nothing has found nothing.
    assert all(0 <= run.found <= run.examined for run in findings.runs), findings.runs
    assert {run.code for run in findings.runs if run.found} >= found


@TABLES
def test_a_table_without_rows_is_judged_and_says_that_none_was_examined(contract: Contract) -> None:
    findings = validate_frame(contract, typed(contract, []), context(contract))
    assert findings.rows.empty
    assert findings.examined == 0


# One example of each kind of check in each contract.
ROW_EXAMPLES = {
    (example.contract.key, example.rule.check): example
    for example in examples()
    if example.fails and not KINDS[example.rule.check].of_table
}


@pytest.mark.parametrize("example", list(ROW_EXAMPLES.values()), ids=str)
def test_pandera_validating_lazily_finds_the_same_rows(example: RuleCase) -> None:
    contract = example.contract
    frame = from_example_row(contract, example.rows)
    ours = example.judged(contexts()).rows
    with judging(frame, context(contract, example.rule)), pytest.raises(SchemaErrors) as failure:
        pandera_schema(contract).validate(frame, lazy=True)
    cases = failure.value.failure_cases
    theirs = sorted(zip(cases["check"], cases["index"], strict=True))
    assert theirs == sorted(zip(ours["rule"], ours["row"], strict=True)), "one failure a row and rule"


def children(*rows: dict[str, object], **unreadable: list[bool]) -> "pd.DataFrame":
    contract = next(contract for contract in supplied() if contract.key == "councils.children")
    frame = from_example_row(contract, rows)
    masks = {column: pd.Series(mask).to_numpy() for column, mask in unreadable.items()}
    found = validate_frame(contract, frame, Context(Period.parse("2012-08"), "GLG", "GLG", {}, masks))
    return found.rows[["row", "rule", "column"]]


def found(frame: "pd.DataFrame") -> list[tuple[int, str, str]]:
    return list(frame.itertuples(index=False, name=None))


def test_a_required_cell_left_empty_is_missing() -> None:
    assert found(children({"sex": None}, {"child_ref": "C2"})) == [(0, "CH-001", "sex")]


def test_a_cell_that_cannot_be_read_is_of_the_wrong_type_and_not_missing() -> None:
    rows = children({"date_of_birth": None}, date_of_birth=[True])
    assert found(rows) == [(0, "CH-002", "date_of_birth")]


def test_an_unreadable_end_does_not_count_as_no_end() -> None:
    rows = children({"looked_after_to": None, "destination": "other"}, looked_after_to=[True])
    assert found(rows) == [(0, "CH-002", "looked_after_to")]


def test_a_word_outside_the_code_list_is_told() -> None:
    assert found(children({"sex": "F"})) == [(0, "CH-003", "sex")]


def test_of_two_rows_alike_the_first_is_taken() -> None:
    assert [f for f in found(children({}, {})) if f[1] == "CH-004"] == [(1, "CH-004", "child_ref")]


def test_of_two_rows_of_one_key_that_differ_none_is_taken() -> None:
    rows = children({}, {"disabled": "yes"}, {})
    assert [f[0] for f in found(rows) if f[1] == "CH-004"] == [0, 1, 2]


def test_a_text_of_the_wrong_form_or_too_long_is_told() -> None:
    rows = children(
        {"scn": "12345"}, {"child_ref": "C2", "initials": "CD", "scn": "123456789"}, {"child_ref": "X" * 41}
    )
    assert [f for f in found(rows) if f[1] == "CH-005"] == [(2, "CH-005", "child_ref"), (0, "CH-005", "scn")]


def test_all_reasons_are_told_at_once_not_the_first() -> None:
    rows = children({"sex": None, "disabled": "maybe", "looked_after_to": "2011-01-01"})
    assert {"CH-001", "CH-003", "CH-011", "CH-012"} <= {rule for _, rule, _ in found(rows)}


def test_a_rule_whose_table_was_not_sent_is_named_as_not_run() -> None:
    contract = next(contract for contract in supplied() if contract.key == "councils.support_plans")
    frame = from_example_row(contract, [{}])
    findings = validate_frame(contract, frame, Context(Period.parse("2012-08"), "GLG"))
    assert findings.not_run == ("SP-010", "SP-011", "SP-014", "SP-018", "SP-019")


def test_findings_hold_no_value_of_a_cell() -> None:
    contract = next(contract for contract in supplied() if contract.key == "councils.children")
    told = {"child_ref": "SENTINEL", "sex": "SENTINEL", "looked_after_to": "2001-01-01"}
    frame = from_example_row(contract, [told])
    findings = validate_frame(contract, frame, context(contract))
    assert "SENTINEL" not in repr(findings)
    assert "SENTINEL" not in findings.rows.to_csv()
    assert "2001" not in findings.rows.to_csv()
