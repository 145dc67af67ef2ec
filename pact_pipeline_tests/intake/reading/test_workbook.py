"""Workbooks: what Excel does to a column, read as it was meant or refused with a reason."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pyarrow.parquet as pq

from pact_pipeline.ledger import Verdict
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import Tables, six_children

MakeOffice = Callable[..., Office]
SUBMISSION = "GLG-councils-2012-08-01"


def workbook(office: Office, tables: Tables, change: Callable[[openpyxl.Workbook], None] | None = None) -> Verdict:
    """Put the tables into one workbook, a sheet each, cells of text; `change` does what Excel's user did to it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for table, rows in tables.items():
        sheet = book.create_sheet(table)
        columns = office.contracts[f"councils.{table}"].column_names
        sheet.append(list(columns))
        for row in rows:
            sheet.append([row.get(column) or None for column in columns])
    if change:
        change(book)
    data = BytesIO()
    book.save(data)
    office.put("GLG_201208.xlsx", data.getvalue())
    (verdict,) = office.take_all()
    return verdict


def children(office: Office, tree: str = "open") -> list[dict[str, object]]:
    path = office.settings.home / "lake" / tree / "councils" / "children" / f"{SUBMISSION}.parquet"
    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


def test_a_workbook_of_text_is_one_submission_of_six_tables(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")
    verdict = workbook(office, six_children())
    assert (verdict.state, verdict.rows_read, len(verdict.tables)) == (State.TAKEN, 15, 6)
    assert [row["source_row"] for row in children(office)] == [2, 3, 4, 5, 6, 7]


def test_dates_as_dates_and_references_as_numbers_are_read_as_meant(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")

    def excel(book: openpyxl.Workbook) -> None:
        sheet = book["children"]
        for row in range(2, sheet.max_row + 1):
            for name in ("D", "H", "K"):
                sheet[f"{name}{row}"] = datetime.strptime(str(sheet[f"{name}{row}"].value), "%d/%m/%Y")  # noqa: DTZ007
            sheet[f"A{row}"] = 1000 + row
        for table in ("milestones", "placements"):
            for row in range(2, book[table].max_row + 1):
                book[table][f"A{row}"] = 1002

    verdict = workbook(office, six_children(), excel)
    assert verdict.rows_refused == 0, verdict.findings
    assert children(office)[0]["looked_after_from"] == date(2012, 1, 11)
    assert [row["child_ref"] for row in children(office, "restricted")][:2] == ["1002", "1003"]


def test_title_rows_above_the_headings_and_an_empty_row_between_keep_the_numbers(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")

    def titled(book: openpyxl.Workbook) -> None:
        book["children"].insert_rows(1, amount=2)
        book["children"]["A1"] = "Looked after children, August 2012"
        book["children"].insert_rows(5)

    assert workbook(office, six_children(), titled).state is State.TAKEN
    assert [row["source_row"] for row in children(office)] == [4, 6, 7, 8, 9, 10]


def test_a_missing_sheet_refuses_the_submission_and_is_named(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")
    verdict = workbook(office, six_children(), lambda book: book.remove(book["placements"]))
    assert verdict.state is State.REFUSED
    assert verdict.reason.startswith("FILE-009: the workbook has no sheet 'placements'. Where: GLG_201208.xlsx.")


def test_a_formula_is_never_run_and_its_row_is_refused_where_it_holds_no_value(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")

    def formula(book: openpyxl.Workbook) -> None:
        book["children"]["E2"] = '=HYPERLINK("http://example","female")'

    workbook(office, six_children(), formula)
    path = office.settings.lake_open / "councils" / "children__refused" / f"{SUBMISSION}.parquet"
    assert [row["rules"] for row in pq.read_table(path).to_pylist()] == [["CH-003"]]


def test_a_workbook_that_cannot_be_opened_is_told_once_not_once_a_sheet(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")
    office.put("GLG_201208.xlsx", b"PK\x03\x04 cut short")
    (verdict,) = office.take_all()
    assert verdict.state is State.REFUSED
    told = (
        "FILE-006: the file can't be unpacked: it is cut short, or changed on its way. Where: GLG_201208.xlsx. To mend: make "
        "it again and send it; compare its size with what arrived."
    )
    assert verdict.reason.startswith(told)
    assert verdict.reason.count("FILE-006") == 1


def test_an_error_in_a_reference_refuses_its_row_and_is_told(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")

    def excel(book: openpyxl.Workbook) -> None:
        book["children"]["C3"] = "#REF!"
        book["children"]["C3"].data_type = "e"

    verdict = workbook(office, six_children(), excel)
    assert (verdict.state, verdict.rows_refused) == (State.TAKEN_WITH_REFUSALS, 2)  # and the child's placement
    path = office.settings.lake_open / "councils" / "children__refused" / f"{SUBMISSION}.parquet"
    (row,) = pq.read_table(path).to_pylist()
    assert (row["source_row"], row["rules"]) == (3, ["CH-002"])
