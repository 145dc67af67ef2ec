"""The blank workbook: the supplier's own words, help beside the data, and what is filled in is taken as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.check import Asked, check, content
from pact_pipeline.desk.template import EARLIEST_DAY, Template, spreadsheet_form, template_of
from pact_pipeline.desk.template_workbook import ROWS, write_template
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.periods import Period
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Delivery, Layout, Supplier

JUNE = Period.parse("2013-06")
CONTACT = "office@pact.example"
HELP = ["Columns", "Examples", "Lists"]


def written(template: Template, folder: Path) -> tuple[Path, openpyxl.Workbook]:
    path = folder / "blank.xlsx"
    write_template(template, path, CONTACT)
    return path, openpyxl.load_workbook(path)


def as_workbook(supplier: Supplier) -> Supplier:
    """The same council sending the same tables as one workbook."""

    def one_file(layout: Layout) -> Layout:
        return replace(layout, format="xlsx", file="{supplier}_{yyyy}{mm}.xlsx")

    return replace(
        supplier,
        deliveries=tuple(
            Delivery(one.collection, one.url, tuple((start, one_file(layout)) for start, layout in one.layouts))
            for one in supplier.deliveries
        ),
    )


def fill(book: openpyxl.Workbook, template: Template, rows: Mapping[str, list[Mapping[str, object]]]) -> None:
    """Type rows, by contract column, under the supplier's headings; words as given, dates as dates."""
    for table in template.tables:
        sheet = book[table.name]
        headings = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(rows.get(table.contract.table, []), start=2):
            for column in table.columns:
                if column.column.name in row:
                    sheet.cell(number, headings[column.heading], row[column.column.name])


def examples(template: Template) -> dict[str, list[Mapping[str, object]]]:
    """Each table's worked example, as rows to type."""
    return {
        table.contract.table: [{one.column.name: one.example for one in table.columns if one.example is not None}]
        for table in template.tables
    }


def judged(contracts: Contracts, supplier: Supplier, path: Path) -> Outcome:
    return check(contracts, Asked(supplier, JUNE, [path])).outcome


@pytest.mark.parametrize("key", ["GLG", "CLK", "DND", "ABD", "ABE", "MLN", "ELS"])
def test_the_worked_examples_typed_into_a_template_are_taken_whole(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path, key: str
) -> None:
    """Layouts of every kind, those of CSV by their workbook form; dates as a spreadsheet has them."""
    supplier = as_workbook(suppliers[key])
    template = template_of(supplier, contracts, JUNE)
    _, book = written(template, tmp_path)
    fill(book, template, examples(template))
    path = tmp_path / template.workbook_name
    book.save(path)
    told = judged(contracts, supplier, path)
    assert (told.verdict.state, told.verdict.reason, told.verdict.rows_refused) == (State.TAKEN, "", 0)
    assert [table.rows_read for table in told.verdict.tables] == [1] * 6
    assert all(not notes for notes in told.notes.values())


@pytest.mark.parametrize("key", ["GLG", "DND", "MLN"])
def test_a_filled_in_template_for_text_files_can_be_checked_as_it_is(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path, key: str
) -> None:
    supplier = suppliers[key]
    template = template_of(supplier, contracts, JUNE)
    assert template.layout.format == "csv"
    _, book = written(template, tmp_path)
    fill(book, template, examples(template))
    path = tmp_path / f"{key}-2013-06-template.xlsx"
    book.save(path)
    checked = check(contracts, Asked(supplier, JUNE, [path], before=[path]))
    assert checked.is_compared
    assert [table.rows_read for table in checked.outcome.verdict.tables] == [1] * 6
    assert checked.outcome.verdict.rows_refused == 0
    example = template.tables[0].file_name
    todo = f"save each sheet as a text file of its own, such as {example}, or ask us to take the workbook itself"
    assert {one.by for one in checked.files} == {
        f"by its sheets, which are those of our template; before you send it, {todo}"
    }
    assert content(checked, CONTACT).sentence.endswith(f" Before you send it, {todo}.")


def test_leading_zeros_and_dates_typed_into_a_template_come_through(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    supplier = suppliers["CLK"]
    template = template_of(supplier, contracts, JUNE)
    _, book = written(template, tmp_path)
    rows = examples(template)
    rows["children"] = [{**rows["children"][0], "child_ref": f"0000{n}", "scn": f"00123456{n}"} for n in (1, 2, 3)]
    for table in ("milestones", "placements", "matches", "support_plans"):
        rows[table] = [{**rows[table][0], "child_ref": "00001"}]
    fill(book, template, rows)
    path = tmp_path / template.workbook_name
    book.save(path)
    told = judged(contracts, supplier, path)
    assert told.verdict.state is State.TAKEN
    children = next(one for one in told.judged if one.table.contract.table == "children").accepted
    assert children["child_ref"].tolist() == ["00001", "00002", "00003"]
    assert children["scn"].tolist() == ["001234561", "001234562", "001234563"]
    assert {day.date() for day in children["date_of_birth"]} == {date(2010, 3, 5)}


@pytest.mark.parametrize("key", ["GLG", "CLK"])
def test_an_untouched_template_is_refused_as_empty_and_holds_no_row(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path, key: str
) -> None:
    supplier = as_workbook(suppliers[key])
    template = template_of(supplier, contracts, JUNE)
    path, _ = written(template, tmp_path)
    sent = path.rename(tmp_path / template.workbook_name)
    told = judged(contracts, supplier, sent)
    assert told.verdict.state is State.REFUSED
    assert {table: one.code for table, one in told.refused}["children"] == "FILE-004"
    assert {one.code for _, one in told.refused} <= {"FILE-004", "FILE-010"}
    assert told.verdict.rows_read == 0


def test_the_sheets_are_the_supplier_s_own_and_all_help_stands_beside_them(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    _, book = written(template_of(suppliers["GLG"], contracts, JUNE), tmp_path)
    own = ["CHILD", "MILESTONE", "PLACEMENT", "CARER", "MATCH", "SUPPORT"]
    assert book.sheetnames == ["Read me", *own, *HELP]
    child = book["CHILD"]
    assert child.freeze_panes == "B2"
    assert child.max_row == 1  # the headings, and not one row that could be taken for data
    headings = [cell.value for cell in child[1]]
    assert headings[:5] == ["Swift No", "SCN", "Initials", "Date of Birth", "Gender"]
    needed, optional = child["A1"], child["C1"]
    assert (needed.font.u, needed.font.i, needed.border.bottom.style) == ("single", False, "thick")
    assert (optional.font.u, optional.font.i, optional.border.bottom.style) == (None, True, "thin")
    assert child.column_dimensions["A"].width >= 12


def test_every_column_has_its_note_its_message_and_its_check(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    _, book = written(template_of(suppliers["GLG"], contracts, JUNE), tmp_path)
    child = book["CHILD"]
    notes = [cell.comment.text for cell in child[1]]
    assert notes[0].startswith("Must be filled. The council's own reference for the child")
    assert "Example: C1" in notes[0]
    checks = {str(one.sqref).partition(":")[0]: one for one in child.data_validations.dataValidation}
    assert len(checks) == child.max_column
    assert str(checks["A2"].sqref) == f"A2:A{ROWS + 1}"
    gender, started = checks["E2"], checks["H2"]
    assert (gender.type, gender.formula1) == ("list", "words_children_sex")
    assert gender.prompt.startswith("Must be filled. Choose one of the words in the list.")
    assert started.type == "date"
    serial = (EARLIEST_DAY - date(1899, 12, 30)).days, (JUNE.last_day - date(1899, 12, 30)).days
    assert (int(started.formula1), int(started.formula2)) == serial
    lists = book["Lists"]
    place = book.defined_names["words_children_sex"].attr_text.partition("!")[2].replace("$", "")
    assert [cell[0].value for cell in lists[place]] == ["F", "M", "U"]
    step = {str(one.sqref).partition(":")[0]: one for one in book["MILESTONE"].data_validations.dataValidation}["E2"]
    assert (step.type, step.formula1, step.formula2) == ("whole", "1", "200")


def test_references_are_text_and_dates_are_shown_the_supplier_s_way(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    _, book = written(template_of(suppliers["DND"], contracts, JUNE), tmp_path)
    children = book["Children"]
    formats = {cell.value: children.column_dimensions[cell.column_letter].number_format for cell in children[1]}
    assert "@" in set(formats.values())
    assert r"dd\-mmm\-yyyy" in set(formats.values())


def test_the_first_sheet_says_what_when_whom_and_how(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    _, book = written(template_of(suppliers["GLG"], contracts, JUNE), tmp_path)
    lines = [[cell for cell in row if cell] for row in book["Read me"].iter_rows(values_only=True)]
    assert ["Return to fill in: Glasgow City (GLG)"] in lines
    assert ["For", "2013-06 (1 June 2013 to 30 June 2013)"] in lines
    assert ["Due", "15 July 2013"] in lines
    assert ["Who to ask", "The PACT programme office: office@pact.example"] in lines
    assert any(line[:1] == ["CHILD"] and line[-1] == "GLG_CHILD_201306.csv" for line in lines)
    assert any(line[:1] == ["Examples"] and "we don't read it" in line[1] for line in lines)
    steps = [line[1] for line in lines if line and str(line[0]).startswith("Step ")]
    assert steps[-2:] == [
        (
            "Each sheet is sent as a file of its own, under the name given below. Save as type: 'CSV UTF-8 (Comma delimited)'. If "
            "that is hard to do, ask us to take the workbook itself."
        ),
        (
            "To see what we shall say before you send it (of this workbook as it is, or of the text files): pact check FILE "
            "--supplier GLG --period 2013-06"
        ),
    ]


def test_the_worked_example_stands_on_a_sheet_of_its_own_in_the_supplier_s_words(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    _, book = written(template_of(suppliers["GLG"], contracts, JUNE), tmp_path)
    rows = [list(row) for row in book["Examples"].iter_rows(values_only=True)]
    assert rows[0][0] == "Examples to look at: made up, not read by us, not part of your return"
    place = next(number for number, row in enumerate(rows) if row[1] == "Swift No")
    example = dict(zip(rows[place], rows[place + 1], strict=True))
    assert example["Swift No"] == "C1"
    assert example["Gender"] == "F"
    assert example["Date of Birth"] == datetime(2010, 3, 5)  # noqa: DTZ001 -- a cell


def test_without_a_period_the_file_names_leave_it_open(contracts: Contracts, suppliers: Mapping[str, Supplier]) -> None:
    template = template_of(suppliers["GLG"], contracts)
    assert template.tables[0].file_name == "GLG_CHILD_YYYYMM.csv"
    assert template.due is None


def test_which_layout_is_meant_is_asked_not_guessed(contracts: Contracts, suppliers: Mapping[str, Supplier]) -> None:
    with pytest.raises(PactFailure) as several:
        template_of(suppliers["scts"], contracts)
    assert str(several.value) == (
        "DESK-002: scts sends in several ways. To mend: add --layout with one of scts_cases, scts_foi, scts_bulletin."
    )
    with pytest.raises(PactFailure) as too_early:
        template_of(suppliers["GLG"], contracts, Period.parse("2010-01"))
    assert str(too_early.value) == (
        "DESK-001: GLG has no layout for 2010-01. To mend: it sends councils from 2012-08 (swift_csv)."
    )
    assert (
        template_of(suppliers["scts"], contracts, Period.parse("2013-Q2")).tables[0].contract.key
        == "courts.applications"
    )


@pytest.mark.parametrize("key", ["GLG", "clas", "scts"])
def test_a_template_can_be_made_of_every_layout(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path, key: str
) -> None:
    for delivery in suppliers[key].deliveries:
        for start, layout in delivery.layouts:
            _, book = written(template_of(suppliers[key], contracts, start, layout.name), tmp_path)
            assert "Read me" in book.sheetnames


def test_date_forms_as_a_spreadsheet_writes_them() -> None:
    assert spreadsheet_form("%d/%m/%Y") == r"dd\/mm\/yyyy"
    assert spreadsheet_form("%-d %B %y") == r"d\ mmmm\ yy"
    assert spreadsheet_form("%Y%m%d") == "yyyymmdd"
    assert spreadsheet_form("serial") == spreadsheet_form("%Y-%j") == ""
