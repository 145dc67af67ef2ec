"""Workbooks' cells: what Excel does to values, read as it was meant, told, or refused with the row; never silently wrong."""

from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pact_pipeline_tests.intake.reading.conftest import Read
from pact_pipeline_tests.intake.reading.crafted import (
    HEADING_ROW,
    THREE,
    cell,
    ods,
    ods_row,
    ods_rows,
    ods_text,
    with_sheet,
    xlsx,
)

Refusal = Callable[..., str]
HEADINGS = ("Ref", "Initials", "DOB", "Sex")
BOOK = {"format": "xlsx", "name": "GLG_201208.xlsx"}
SHEETS = {"format": "ods", "name": "GLG_201208.ods"}


def lost(told: object) -> dict[str, list[bool]]:
    return {column: mask.tolist() for column, mask in told.mapped.lost.items()}  # type: ignore[attr-defined]


def test_a_workbook_is_read_with_nothing_to_say(read: Read) -> None:
    told = read(xlsx(), **BOOK)
    assert (told.column("child_ref"), told.notes, told.lines) == (["C1", "C2", "C3"], (), [2, 3, 4])


def test_an_ods_file_is_read_likewise(read: Read) -> None:
    told = read(ods(ods_rows(HEADINGS, ("C1", "AB", "01/02/2010", "female"))), **SHEETS)
    assert (told.column("child_ref"), told.dates, told.notes) == (["C1"], ["2010-02-01"], ())


def test_a_workbook_of_the_other_kind_is_read_by_what_it_is(read: Read) -> None:
    assert read(ods(ods_rows(HEADINGS, ("C1", "AB", "01/02/2010", "female"))), **BOOK).column("sex") == ["female"]


# --- numbers, dates, times


def test_numbers_as_text_keep_their_zeros_and_numbers_lose_their_decimal_point(read: Read) -> None:
    rows = [
        THREE[0],
        ["0012", 7, "01/02/2010", "female"],
        [12, True, "01/02/2010", "male"],
        [1.5, time(3, 4), None, "x"],
    ]
    told = read(xlsx(rows=rows), **BOOK)
    assert told.column("child_ref") == ["0012", "12", "1.5"]
    assert told.column("initials") == ["7", "TRUE", "03:04:00"]


@pytest.mark.parametrize(("epoch", "serial"), [(None, 40210), (CALENDAR_MAC_1904, 38748)])
def test_days_of_the_workbooks_calendar_without_a_dates_format_are_read_and_told(
    read: Read, epoch: datetime | None, serial: int
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        if epoch:
            book.epoch = epoch
        sheet = book["children"]
        sheet["C2"], sheet["C3"] = serial, date(2010, 2, 15)

    told = read(xlsx(change), **BOOK)
    assert told.dates == ["2010-02-01", "2010-02-15", "2010-02-28"]
    assert told.notes == ("'DOB': 1 cell without a date's format read as days of the workbook's calendar",)


@pytest.mark.parametrize("number", [2010, 7, 99999, 40210.5])
def test_other_numbers_are_no_dates(read: Read, number: float) -> None:
    told = read(xlsx(rows=[*THREE, ["C4", "AB", number, "male"]]), **BOOK)
    assert told.dates[-1] == ""
    assert told.mapped.unreadable["date_of_birth"].tolist() == [False, False, False, True]


def test_a_date_with_a_time_is_that_day(read: Read) -> None:
    told = read(xlsx(rows=[THREE[0], ["C1", "AB", datetime(2010, 2, 1, 23, 30), "male"]]), **BOOK)  # noqa: DTZ001
    assert (told.dates, told.column("date_of_birth")) == (["2010-02-01"], ["2010-02-01 23:30:00"])


@pytest.mark.parametrize("number", [123456789012345680, 1e300])
def test_a_number_of_more_digits_than_excel_keeps_is_not_taken(read: Read, number: float) -> None:
    told = read(xlsx(rows=[*THREE, [number, "AB", "01/02/2010", "male"]]), **BOOK)
    assert lost(told) == {"child_ref": [False, False, False, True]}
    assert told.notes == (
        "1 cell of 'Ref' (column A) can't be read: an error, a number of more than 15 digits, or merged with another column",
    )


def test_fifteen_digits_are_kept_to_the_last(read: Read) -> None:
    told = read(xlsx(rows=[THREE[0], [110000000, "AB", "01/02/2010", "male"], [999999999999999, "", "", ""]]), **BOOK)
    assert (told.column("child_ref"), lost(told)) == (["110000000", "999999999999999"], {})


# --- errors and formulas


def test_error_cells_are_not_blank_but_unreadable(read: Read) -> None:
    rows = (
        f'{HEADING_ROW}<row r="2"><c r="A2" t="e"><v>#REF!</v></c>{cell("B2", "AB")}<c r="C2" t="e"><v>#N/A</v></c>'
        f"{cell('D2', 'male')}</row>"
    )
    told = read(with_sheet(rows), **BOOK)
    assert (told.column("child_ref"), told.column("date_of_birth")) == (["#REF!"], ["#N/A"])
    assert lost(told) == {"child_ref": [True]}
    assert told.mapped.unreadable["date_of_birth"].tolist() == [True]
    assert told.notes == (
        "1 cell of 'Ref' (column A) can't be read: an error, a number of more than 15 digits, or merged with another column",
        "1 cell of 'DOB' (column C) can't be read: an error, a number of more than 15 digits, or merged with another column",
    )


def test_error_cells_of_ods_too(read: Read) -> None:
    error = (
        '<table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    )
    told = read(ods(ods_rows(HEADINGS) + ods_row(error, *map(ods_text, ("AB", "01/02/2010", "male")))), **SHEETS)
    assert (told.column("child_ref"), lost(told)) == (["#REF!"], {"child_ref": [True]})


def test_a_formulas_kept_result_is_read_and_one_without_a_result_is_told(read: Read) -> None:
    rows = (
        f'{HEADING_ROW}<row r="2"><c r="A2" t="str"><f>"C"&amp;1</f><v>C1</v></c><c r="B2" t="str"><f>""</f><v></v></c>'
        f'<c r="C2"><f>TODAY()</f></c><c r="D2"><f>WEBSERVICE("http://127.0.0.1/")</f><v></v></c></row>'
    )
    told = read(with_sheet(rows), **BOOK)
    assert (told.column("child_ref"), told.column("initials")) == (["C1"], [""])
    assert told.column("date_of_birth") == told.column("sex") == ["(formula without a result)"]
    assert told.notes == (
        "1 cell of 'DOB' (column C) holds a formula without a result: open the workbook in Excel, save it and send it again",
        "1 cell of 'Sex' (column D) holds a formula without a result: open the workbook in Excel, save it and send it again",
    )


def test_formulas_without_results_of_ods_and_below_all_values_are_rows(read: Read) -> None:
    bare = '<table:table-cell table:formula="of:=1+1"/>'
    told = read(ods(ods_rows(HEADINGS) + ods_row(bare, ods_text("AB"))), **SHEETS)
    assert told.column("child_ref") == ["(formula without a result)"]
    rows = f'{HEADING_ROW}<row r="2"><c r="A2"><f>"C"&amp;1</f></c></row>'
    assert read(with_sheet(rows), **BOOK).column("child_ref") == ["(formula without a result)"]


# --- merged, hidden


def test_a_merged_cell_counts_for_all_rows_it_spans_and_is_told(read: Read) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["children"].merge_cells("A2:A4")
        book["children"].merge_cells("C3:C4")

    told = read(xlsx(change), **BOOK)
    assert told.column("child_ref") == ["C1", "C1", "C1"]
    assert told.dates == ["2010-02-01", "2010-02-15", "2010-02-15"]
    assert told.notes == (
        "merged cells: 2 cells of 'Ref' filled with the value of the cell they are merged with",
        "merged cells: 1 cell of 'DOB' filled with the value of the cell they are merged with",
    )


def test_a_blank_cell_that_is_not_merged_stays_blank(read: Read) -> None:
    told = read(xlsx(rows=[THREE[0], THREE[1], ["", "CD", "15/02/2010", "male"]]), **BOOK)
    assert told.column("child_ref") == ["C1", ""]


def test_a_cell_merged_over_two_columns_says_nothing_about_the_second(read: Read) -> None:
    told = read(xlsx(lambda book: book["children"].merge_cells("A3:B3")), **BOOK)
    assert told.column("initials") == ["AB", "(merged with the cell beside it)", "EF"]
    assert lost(told) == {"initials": [False, True, False]}


def test_merged_titles_above_the_headings_are_no_matter(read: Read) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["children"].insert_rows(1, amount=2)
        book["children"]["A1"] = "Looked after children"
        book["children"].merge_cells("A1:D1")

    told = read(xlsx(change), **BOOK)
    assert (told.lines, told.notes) == ([4, 5, 6], ("the headings stand on line 3",))


def test_merged_cells_of_ods_are_filled_too(read: Read) -> None:
    covered = "<table:covered-table-cell/>"
    rows = (
        ods_rows(HEADINGS)
        + ods_row(ods_text("C1", 'table:number-rows-spanned="2"'), *map(ods_text, ("AB", "01/02/2010", "male")))
        + ods_row(covered, *map(ods_text, ("CD", "01/02/2010", "male")))
    )
    told = read(ods(rows), **SHEETS)
    assert told.column("child_ref") == ["C1", "C1"]
    assert told.notes == ("merged cells: 1 cell of 'Ref' filled with the value of the cell they are merged with",)


def test_hidden_rows_and_columns_are_read_and_told(read: Read) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["children"].row_dimensions[3].hidden = True
        book["children"].column_dimensions["D"].hidden = True

    told = read(xlsx(change), **BOOK)
    assert told.column("sex") == ["female", "male", "female"]
    assert told.notes == ("1 hidden row of the sheet: read like the others", "read though hidden: the column 'Sex'")


def test_rows_hidden_by_a_filter_of_ods_are_read_and_told(read: Read) -> None:
    rows = ods_rows(HEADINGS) + ods_row(
        *map(ods_text, ("C1", "AB", "01/02/2010", "male")), attributes='table:visibility="filter"'
    )
    told = read(ods(rows), **SHEETS)
    assert (told.column("child_ref"), told.notes) == (["C1"], ("1 hidden row of the sheet: read like the others",))


# --- sheets


def copied(*sheets: tuple[str, str]) -> bytes:
    """A workbook with sheets by name and state, each holding a child of the sheet's name."""

    def change(book: openpyxl.Workbook) -> None:
        book.remove(book["children"])
        book.create_sheet("Cover")
        for name, state in sheets:
            sheet = book.create_sheet(name)
            sheet.append(list(HEADINGS))
            sheet.append([name, "AB", "01/02/2010", "female"])
            sheet.sheet_state = state

    return xlsx(change)


@pytest.mark.parametrize(
    ("sheets", "read_sheet", "notes"),
    [
        ([("CHILDREN ", "visible")], "CHILDREN", ()),
        ([("children", "hidden")], "children", ("the sheet 'children' is hidden; it was read",)),
        (
            [("children", "visible"), ("children (2)", "visible")],
            "children",
            ("the sheet 'children (2)' was not read",),
        ),
        (
            [("children", "hidden"), ("Children (2)", "visible")],
            "Children (2)",
            ("the sheet 'Children (2)' was read as 'children'", "the hidden sheet 'children' was not read"),
        ),
        (
            [("children ", "veryHidden"), ("CHILDREN", "visible")],
            "CHILDREN",
            ("the hidden sheet 'children ' was not read",),
        ),
    ],
)
def test_the_visible_sheet_of_the_name_is_read_and_copies_are_told(
    read: Read, sheets: list[tuple[str, str]], read_sheet: str, notes: tuple[str, ...]
) -> None:
    told = read(copied(*sheets), **BOOK)
    assert (told.column("child_ref"), told.notes) == ([read_sheet], notes)


def test_two_visible_sheets_of_one_name_refuse_the_table(refusal: Refusal) -> None:
    assert refusal(copied(("children", "visible"), ("Children ", "visible")), **BOOK) == (
        "FILE-021: 2 sheets have the name 'children', so nobody can tell which is meant. Where: GLG_201208.xlsx. To mend: "
        "leave one of them, delete or rename the others, and send the workbook again."
    )
    assert refusal(copied(("children (2)", "visible"), ("children (3)", "visible")), **BOOK) == (
        "FILE-021: 2 sheets can be 'children', so nobody can tell which is meant. Where: GLG_201208.xlsx. To mend: call the "
        "right one by that name, delete the others, and send the workbook again."
    )


def test_a_missing_sheet_is_named(refusal: Refusal) -> None:
    assert refusal(copied(), **BOOK) == (
        "FILE-009: the workbook has no sheet 'children'. Where: GLG_201208.xlsx. To mend: put the table on a sheet of that "
        "name and send the workbook again."
    )
