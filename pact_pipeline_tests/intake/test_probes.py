"""The same bad file through intake: the five probes that no other tool handled all of, and six further ones.

Each message names the file, the line as a spreadsheet shows it, the column as the supplier spells it, what was
expected, and whether the row or the file was held; the value stands in the feedback only. A check over no rows, or of
an absent column, never reads as a pass.
"""

from collections.abc import Callable

import openpyxl
import pyarrow.parquet as pq
import pytest

from pact_pipeline.ledger import Verdict
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

MakeOffice = Callable[..., Office]
NAME = "GLG_children_201208.csv"
HEADER = "child_ref,scn,initials,date_of_birth,sex,ethnic_group,disabled,looked_after_from,looked_after_to,destination,away_from_home_from,current_plan,twin_tracked,concurrent_placement"  # noqa: E501
# What follows from a refused children's file for the tables that look into it.
REST = " Not judged for that reason: 'milestones', 'placements', 'matches', 'support_plans'."
STANDS = "Nothing of this delivery was taken; the former one stays in force."


def one(office: Office) -> Verdict:
    (verdict,) = office.take_all()
    return verdict


def file_text(office: Office) -> str:
    return (
        (office.settings.arrivals / "GLG" / NAME)
        .read_bytes()
        .decode(office.suppliers["GLG"].deliveries[0].layouts[0][1].encoding)
    )


def resend(office: Office, change: Callable[[str], str], encoding: str = "utf-8") -> Verdict:
    """The faultless return, its children's file changed."""
    office.write(six_children())
    office.put(NAME, change(file_text(office)).encode(encoding))
    return one(office)


def sheet_rows(office: Office, sheet: str) -> list[tuple[object, ...]]:
    path = office.settings.feedback / "GLG" / "GLG-councils-2012-08-01.xlsx"
    return [tuple(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def taken_children(office: Office) -> list[dict[str, object]]:
    path = office.settings.lake_open / "councils" / "children" / "GLG-councils-2012-08-01.parquet"
    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


# --- the five


def test_1_bad_cells_refuse_their_rows_and_are_told_with_line_column_value_and_mend(office: Office) -> None:
    verdict = resend(
        office,
        lambda text: text.replace("04/03/2010", "31/02/2016").replace(
            "C005,,AB,06/03/2010,female", "C005,,AB,06/03/2010,girl"
        ),
    )
    assert verdict.state is State.TAKEN_WITH_REFUSALS
    assert [row[:7] for row in sheet_rows(office, "Rows of children")[4:6]] == [
        (
            4,
            "C003",
            "2012-08",
            (
                "date_of_birth “31/02/2016”: The cell can't be read as what the column holds: a day that exists, in the "
                "agreed form, or a number. Expected: a day that exists written like 31/08/2012 (day 31, month 8, year "
                "2012). [CH-002]"
            ),
            "Write the date in the agreed form, or the number in digits alone.",
            "refused",
            "date_of_birth",
        ),
        (
            6,
            "C005",
            "2012-08",
            (
                "sex “girl”: The word is none of those agreed for this column. Expected one of: female, male, not_known "
                "(Not known or not recorded). [CH-003]"
            ),
            "Use one of the agreed words, or tell us what this one means.",
            "refused",
            "sex",
        ),
    ]
    assert len(taken_children(office)) == 4


def test_2_a_renamed_column_refuses_the_file_and_names_the_likely_one(office: Office) -> None:
    verdict = resend(
        office, lambda text: text.replace("looked_after_from", "LAC Start", 1).replace("date_of_birth", "birth date", 1)
    )
    assert verdict.state is State.REFUSED
    assert verdict.reason == (
        "FILE-002: 2 columns are missing: 'date_of_birth', 'looked_after_from'. Unknown: 'birth date', 'LAC Start'. "
        "'birth date' looks like 'date_of_birth' (expected as 'date_of_birth'): 100 % dates, same place, a like name. "
        "'LAC Start' looks like 'looked_after_from' (expected as 'looked_after_from'): 100 % dates, same place. "
        "Where: GLG_children_201208.csv, line 1. To mend: give the columns their agreed headings, or tell us that the new "
        'ones are right (then our layout \'plain\' gets, under children, date_of_birth: ["date_of_birth", "birth date"]; '
        f'looked_after_from: ["looked_after_from", "LAC Start"]). {STANDS}{REST}'
    )


def test_3_reordered_columns_are_read_by_their_headings(office: Office) -> None:
    def reordered(text: str) -> str:
        return "\r\n".join(",".join(reversed(line.split(","))) for line in text.splitlines()) + "\r\n"

    assert resend(office, reordered).state is State.TAKEN
    assert [row["sex"] for row in taken_children(office)] == ["female"] * 6


def test_4_a_header_in_another_letter_case_and_spacing_is_the_same_header(office: Office) -> None:
    def shouted(text: str) -> str:
        header, _, rest = text.partition("\r\n")
        return header.upper().replace("_", " ").replace(",", " , ") + "\r\n" + rest

    assert resend(office, shouted).state is State.TAKEN
    assert len(taken_children(office)) == 6


def test_5_windows_1252_is_read_as_agreed_and_refused_where_utf_8_is(make_office: MakeOffice, office: Office) -> None:
    agreed = make_office(encoding="windows-1252")
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "initials": "ÉÖ"}
    agreed.write(tables)
    assert one(agreed).state is State.TAKEN
    restricted = agreed.settings.lake_restricted / "councils" / "children" / "GLG-councils-2012-08-01.parquet"
    assert pq.read_table(restricted).to_pylist()[0]["initials"] == "ÉÖ"


def test_5_quotation_marks_of_windows_1252_are_read_as_such_and_told(office: Office) -> None:
    """Another tool took such bytes for Hebrew and stored what came of it."""
    verdict = resend(office, lambda text: text.replace("C002,,AB", "C002,,“A", 1), "windows-1252")
    assert verdict.state is State.TAKEN
    restricted = office.settings.lake_restricted / "councils" / "children" / "GLG-councils-2012-08-01.parquet"
    assert pq.read_table(restricted).to_pylist()[1]["initials"] == "“A"
    assert [row[1] for row in sheet_rows(office, "Summary") if row[0] == "children" and "read as" in str(row[1])] == [
        "read as Windows-1252: it isn't written in UTF-8, as agreed (as ISO-8859-15 it would hold control characters)"
    ]


def test_5_letters_that_read_differently_in_two_encodings_hold_the_file_and_show_both(office: Office) -> None:
    verdict = resend(office, lambda text: text.replace("C002,,AB", "C002,,€A", 1), "iso-8859-15")
    assert verdict.state is State.HELD
    assert verdict.reason == (
        "FILE-014: The file isn't written in UTF-8, as agreed; it can be read as Windows-1252 or ISO-8859-15, and a cell "
        "differs. Where: GLG_children_201208.csv, line 3, column 'initials'. To decide: --reading encoding=windows-1252 or "
        "--reading encoding=iso-8859-15"
    )


def test_5_bytes_that_are_not_utf_8_refuse_the_file_and_name_the_line(office: Office) -> None:
    office.write(six_children())
    office.put(
        NAME, file_text(office).replace("C001,,AB", "C001,,É", 1).encode().replace(b"C002,,AB", b"C002,,\x93A", 1)
    )
    verdict = one(office)
    assert verdict.state is State.REFUSED
    assert verdict.reason == (
        "FILE-001: the file isn't written in UTF-8, as agreed. Where: GLG_children_201208.csv, line 3. To mend: save it "
        "as 'CSV UTF-8' and send it again, or tell us the encoding your system writes (Windows-1252 is the usual other "
        "one)." + REST
    )


# --- the six further ones


def test_6_a_heading_that_stands_twice_refuses_the_file(office: Office) -> None:
    verdict = resend(office, lambda text: text.replace("scn,", "sex,", 1).replace("\r\nC", "\r\nC"))
    assert verdict.state is State.REFUSED
    assert verdict.reason == (
        "FILE-002: a column is missing: 'scn'. Where: GLG_children_201208.csv, line 1. To mend: give the columns their agreed "
        f"headings, or tell us the new ones. {STANDS}{REST}"
    )
    again = "\r\n".join(
        f"{line},{line.split(',')[4]}" for line in file_text(office).replace("sex,", "scn,", 1).splitlines()
    )
    office.put(NAME, again.encode(), at="2012-10-01")
    verdict = one(office)
    assert verdict.reason == (
        "FILE-003: a heading stands twice: 'sex', so we can't tell which column is meant. Where: GLG_children_201208.csv, "
        "line 1. To mend: remove or rename one of the two columns and send the file again." + REST
    )


def test_7_a_byte_order_mark_is_not_part_of_the_first_heading(office: Office) -> None:
    assert resend(office, lambda text: "\ufeff" + text).state is State.TAKEN
    assert len(taken_children(office)) == 6


def test_8_semicolons_are_seen_and_said(office: Office) -> None:
    assert resend(office, lambda text: text.replace(",", ";")).state is State.TAKEN
    assert len(taken_children(office)) == 6
    assert ("children", "the columns are parted by semicolons") in [row[:2] for row in sheet_rows(office, "Summary")]


def test_9_blank_trailing_rows_are_no_rows_and_a_total_row_is_refused_with_a_plain_reason(office: Office) -> None:
    blank = "," * HEADER.count(",")
    verdict = resend(office, lambda text: text + f"Total,6{blank[1:]}\r\n{blank}\r\n\r\n{blank}\r\n")
    children = next(table for table in verdict.tables if table.table == "children")
    assert (children.rows_read, children.rows_taken, children.rows_refused) == (7, 6, 1)
    told = sheet_rows(office, "Rows of children")[4]
    assert told[0] == 8
    assert told[3:6] == ("The row adds up others. [CH-007]", "Leave totals out of the extract.", "refused")


def test_9_rows_keep_their_spreadsheet_numbers_across_blank_ones_and_line_breaks_in_cells(office: Office) -> None:
    resend(
        office,
        lambda text: text.replace("\r\nC002,", "\r\n\r\nC002,").replace("C003,,AB", 'C003,,"A\r\nB"'),
    )
    assert [row["source_row"] for row in taken_children(office)] == [2, 4, 5, 6, 7, 8]


def test_10_a_header_without_rows_never_passes(office: Office) -> None:
    verdict = resend(office, lambda text: text.partition("\r\n")[0] + "\r\n")
    assert verdict.state is State.REFUSED
    assert verdict.reason == (
        "FILE-004: the file has headings but no rows. Where: GLG_children_201208.csv. To mend: run the extract again "
        "and send the file with its rows. The former one stays in force." + REST
    )


def test_11_an_empty_file_never_passes(office: Office) -> None:
    verdict = resend(office, lambda _: "")
    assert verdict.state is State.REFUSED
    assert verdict.reason == (
        "FILE-004: the file is empty. Where: GLG_children_201208.csv. To mend: run the extract again and send the file with "
        "its rows. The former one stays in force." + REST
    )


# --- and what else happened to somebody


def test_a_row_with_a_stray_comma_is_refused_and_the_others_are_taken(office: Office) -> None:
    verdict = resend(office, lambda text: text.replace("C004,,AB", "C004,,A,B"))
    children = next(table for table in verdict.tables if table.table == "children")
    assert (children.rows_read, children.rows_taken, children.rows_refused) == (6, 5, 1)
    path = office.settings.lake_open / "councils" / "children__refused" / "GLG-councils-2012-08-01.parquet"
    (refused,) = pq.read_table(path).to_pylist()
    assert (refused["source_row"], refused["rules"], refused["child_key"]) == (5, ["CH-006"], None)
    assert [row["source_row"] for row in taken_children(office)] == [2, 3, 4, 6, 7]


def test_a_quotation_mark_that_is_never_closed_refuses_the_file(office: Office) -> None:
    verdict = resend(office, lambda text: text.replace("C003,,AB", 'C003,,"AB'))
    assert verdict.state is State.REFUSED
    assert verdict.reason == (
        "FILE-008: a quotation mark is opened and not closed, so the rows below it can't be told apart. Where: "
        "GLG_children_201208.csv, line 4. To mend: close or remove the quotation mark and send the file again." + REST
    )


def test_names_and_health_numbers_are_dropped_and_told(office: Office) -> None:
    def with_names(text: str) -> str:
        lines = text.splitlines()
        return (
            "\r\n".join([f"Surname,{lines[0]},CHI No", *(f"CANARY,{line},0101101234" for line in lines[1:])]) + "\r\n"
        )

    assert resend(office, with_names).state is State.TAKEN
    for path in (office.settings.home / "lake").rglob("*.parquet"):
        assert b"CANARY" not in path.read_bytes()
        assert not {"Surname", "CHI No"} & set(pq.read_schema(path).names)
    assert ("children", "not asked for, so not read: 'Surname', 'CHI No'") in [
        row[:2] for row in sheet_rows(office, "Summary")
    ]


def test_text_that_a_spreadsheet_would_run_is_neutral_in_the_feedback(office: Office) -> None:
    resend(office, lambda text: text.replace("C003,,AB,04/03/2010,female", "C003,,AB,04/03/2010,=cmd|' /C calc'!A0"))
    path = office.settings.feedback / "GLG" / "GLG-councils-2012-08-01.xlsx"
    row = openpyxl.load_workbook(path)["Rows of children"][5]
    (cell,) = [cell for cell in row if str(cell.value).startswith("'")]
    assert (cell.value, cell.data_type) == ("'=cmd|' /C calc'!A0", "s")


def test_a_faultless_return_is_told_too(office: Office) -> None:
    office.write(six_children())
    one(office)
    assert str(sheet_rows(office, "Summary")[1][0]).startswith("Taken: 15 rows, all of them in force.")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-15", "utf-8-sig"])
def test_each_agreed_encoding_is_read(make_office: MakeOffice, encoding: str) -> None:
    office = make_office(encoding=encoding, delimiter="\t", file="{supplier}_{table}_{yyyy}{mm}.txt")
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "initials": "É"}
    office.write(tables)
    assert one(office).state is State.TAKEN


def test_utf_8_where_windows_1252_was_agreed_is_seen_and_said(make_office: MakeOffice) -> None:
    office = make_office(encoding="windows-1252")
    assert resend(office, lambda text: text.replace("C001,,AB", "C001,,ÉÖ"), "utf-8").state is State.TAKEN
    assert ("children", "read as UTF-8: its accented letters are not written in windows-1252") in [
        row[:2] for row in sheet_rows(office, "Summary")
    ]


def test_a_workbook_with_a_csv_name_is_refused_and_a_csv_with_a_workbooks_name_too(
    office: Office, make_office: MakeOffice
) -> None:
    office.write(six_children())
    office.put(NAME, b"PK\x03\x04 and so on")
    assert "FILE-006: the file is a workbook or an archive with a text file's name" in one(office).reason


def test_a_text_file_with_a_workbooks_name_is_refused(make_office: MakeOffice) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")
    office.put("GLG_201208.xlsx", b"child_ref,sex\r\nC001,female\r\n")
    verdict = one(office)
    assert verdict.state is State.REFUSED
    assert verdict.reason.startswith("FILE-006: the file is not a workbook that can be read")
