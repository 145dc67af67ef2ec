"""Files that people could write, in every dress a council gives them: nothing lost, nothing taken otherwise than written."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pact_pipeline_tests.intake import country
from pact_pipeline_tests.intake.fuzz.arena import contracts, judged, must_hold

# Files tried: quick 200, long 1,000.
QUICK, LONG = 150, 750
LAYOUT = country.plain_layout(contracts())
COLUMNS = list(LAYOUT.tables["children"].columns)
GOOD = country.six_children()["children"]

# Cells that were once somebody's: dates of other forms, words of other systems, numbers that Excel has touched.
ODD_CELLS = st.sampled_from(
    [
        "", " ", "NULL", "n/a", "31/02/2016", "2016-02-29", "29/02/2012", "1/3/2012", "01-Mar-2012", "01/03/12", "41153",
        "41153.0", "1.1E+08", "00123", "=1+1", "@x", "O'Neil", 'say "so"', "a,b", "a;b", "a\tb", "line\r\nbreak", "É", "’",
        "Total", "TOTAL", "0", "-1", "yes", "Yes", "no ", " female", "FEMALE", "٣", "１２", "İ", "\u00a0", "x" * 300,
    ]
)  # fmt: skip
FREE_CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """A handful of rows, each a good one with none to three of its cells changed."""
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = dict.fromkeys(COLUMNS, "") | dict(GOOD[number % len(GOOD)]) | {"child_ref": f"C{number:03d}"}
        for column in draw(st.lists(st.sampled_from(COLUMNS), max_size=3)):
            row[column] = draw(st.one_of(ODD_CELLS, FREE_CELLS))
        rows.append(row)
    return rows


@st.composite
def dresses(draw: st.DrawFn) -> dict[str, Any]:
    """How a file can be written and still be what was agreed."""
    return {
        "order": draw(st.permutations(COLUMNS)),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "line_end": draw(st.sampled_from(["\r\n", "\n"])),
        "bom": draw(st.booleans()),
        "last_line_end": draw(st.booleans()),
        "title": draw(st.sampled_from([(), ("Looked after children",), ("Return", "")])),
        "shout": draw(st.booleans()),
    }


def as_csv(rows: list[dict[str, str]], dress: dict[str, Any], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=dress["quoting"], lineterminator=dress["line_end"])
    for title in dress["title"]:
        writer.writerow([title])
    order = dress["order"]
    writer.writerow([name.upper() if dress["shout"] else name for name in order])
    writer.writerows([[row[name] for name in order] for row in rows])
    text = out.getvalue()
    if not dress["last_line_end"]:
        text = text.removesuffix(dress["line_end"])
    return (b"\xef\xbb\xbf" if dress["bom"] else b"") + text.encode()


def as_workbook(rows: list[dict[str, str]], dress: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        for table in LAYOUT.tables:
            sheet = book.add_worksheet(table)
            top = len(dress["title"])
            for line, title in enumerate(dress["title"]):
                sheet.write_string(line, 0, title)
            for place, name in enumerate(dress["order"]):
                sheet.write_string(top, place, name.upper() if dress["shout"] else name)
                for line, row in enumerate(rows, start=top + 1):
                    sheet.write_string(line, place, row[name])
    return out.getvalue()


def hold_csv(rows: list[dict[str, str]], dress: dict[str, Any], delimiter: str) -> None:
    layout = replace(LAYOUT, delimiter=delimiter)
    data = as_csv(rows, dress, delimiter)
    told = judged({"children": data}, layout)
    event(told.verdict.state.value)
    must_hold(told, data, layout)
    if told.verdict.state.in_force:
        children = next(one for one in told.judged if one.table.contract.table == "children")
        assert children.rows_read == len(rows), "as many rows as were written"


def hold_workbook(rows: list[dict[str, str]], dress: dict[str, Any]) -> None:
    layout = replace(LAYOUT, format="xlsx", file="{supplier}_{yyyy}{mm}.xlsx")
    told = judged(dict.fromkeys(LAYOUT.tables, as_workbook(rows, dress)), layout)
    event(told.verdict.state.value)
    if told.verdict.state.in_force:
        children = next(one for one in told.judged if one.table.contract.table == "children")
        assert children.rows_read == len(rows)
        first = len(dress["title"]) + 2
        for place, line in enumerate(children.table.source_row.tolist()):
            if not children.refused[place]:
                for column in COLUMNS:
                    assert children.table.text[column][place].as_py() == rows[line - first][column].strip(), column


NO_HURRY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=QUICK, derandomize=True, **NO_HURRY)
@given(tables(), dresses(), st.sampled_from([",", ";", "\t", "|"]))
def test_a_csv_file_is_taken_as_written_or_told(rows: list[dict[str, str]], dress: dict[str, Any], by: str) -> None:
    hold_csv(rows, dress, by)


@settings(max_examples=QUICK // 3, derandomize=True, **NO_HURRY)
@given(tables(), dresses())
def test_a_workbook_is_taken_as_written_or_told(rows: list[dict[str, str]], dress: dict[str, Any]) -> None:
    hold_workbook(rows, dress)


@pytest.mark.long
@settings(max_examples=LONG, **NO_HURRY)
@given(tables(), dresses(), st.sampled_from([",", ";", "\t", "|"]))
def test_many_csv_files(rows: list[dict[str, str]], dress: dict[str, Any], by: str) -> None:
    hold_csv(rows, dress, by)


@pytest.mark.long
@settings(max_examples=LONG // 3, **NO_HURRY)
@given(tables(), dresses())
def test_many_workbooks(rows: list[dict[str, str]], dress: dict[str, Any]) -> None:
    hold_workbook(rows, dress)
