"""Files nobody would write: good ones with bytes changed, cut, doubled and thrown in. The seeds are fixed, so a failure
can be had again by its number."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from pact_pipeline_tests.intake.fuzz.arena import judged, must_hold
from pact_pipeline_tests.intake.fuzz.mutate import mutated, mutated_members
from pact_pipeline_tests.intake.fuzz.test_written import COLUMNS, GOOD, LAYOUT, as_csv, as_workbook

# How many inputs: quick 800 in all, long 4,000 further ones. Every number is an input that can be had again.
QUICK, LONG = 400, 2_000
PLAIN_DRESS = {
    "order": COLUMNS, "quoting": 0, "line_end": "\r\n", "bom": False, "last_line_end": True, "title": (), "shout": False,
}  # fmt: skip
ROWS = [dict.fromkeys(COLUMNS, "") | dict(GOOD[n % 6]) | {"child_ref": f"C{n:03d}"} for n in range(20)]


def fuzz_csv(number: int) -> str:
    """One changed CSV file; its verdict."""
    rng = random.Random(number)
    encoding = rng.choice(("utf-8", "utf-8", "windows-1252", "utf-16", "iso-8859-15"))
    layout = replace(LAYOUT, encoding=encoding)
    seed = as_csv(ROWS, PLAIN_DRESS).decode().encode(encoding)
    data = mutated(seed, rng)
    told = judged({"children": data}, layout)
    must_hold(told, data, layout)
    return told.verdict.state.value


def fuzz_workbook(number: int) -> str:
    """One changed workbook: every second time its bytes, else the XML within."""
    rng = random.Random(number)
    layout = replace(LAYOUT, format="xlsx", file="{supplier}_{yyyy}{mm}.xlsx")
    change: Callable[[bytes, random.Random], bytes] = mutated if number % 2 else mutated_members
    data = change(as_workbook(ROWS, PLAIN_DRESS), rng)
    told = judged(dict.fromkeys(LAYOUT.tables, data), layout)
    for table in told.verdict.tables:
        assert table.rows_read == table.rows_taken + table.rows_refused
    if not told.verdict.state.in_force:
        assert told.verdict.reason
    return told.verdict.state.value


@cache
def ods_seed() -> bytes:
    """The rows as an ODS file of one sheet."""
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="children")
    for cells in (COLUMNS, *([row[name] for name in COLUMNS] for row in ROWS)):
        line = TableRow()
        for cell in cells:
            made = TableCell(valuetype="string")
            made.addElement(P(text=cell))
            line.addElement(made)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def zip_seed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("out/children.csv", as_csv(ROWS, PLAIN_DRESS))
        archive.writestr("out/readme.txt", b"our extract")
    return out.getvalue()


def fuzz_archive(number: int) -> str:
    """One changed ODS file or ZIP of tables, by turns: its bytes, or what is within."""
    rng = random.Random(number)
    ods = number % 2 == 0
    layout = replace(LAYOUT, format="ods", file="{supplier}_{yyyy}{mm}.ods")
    if not ods:
        layout = replace(LAYOUT, format="zip", members="{table}.csv", file="{supplier}_{yyyy}{mm}.zip")
    change: Callable[[bytes, random.Random], bytes] = mutated if number % 4 < 2 else mutated_members
    told = judged(dict.fromkeys(LAYOUT.tables, change(ods_seed() if ods else zip_seed(), rng)), layout)
    for table in told.verdict.tables:
        assert table.rows_read == table.rows_taken + table.rows_refused
    if not told.verdict.state.in_force:
        assert told.verdict.reason
    return told.verdict.state.value


def run(one: Callable[[int], str], numbers: range) -> dict[str, int]:
    """All numbers; the number that failed is named."""
    states: dict[str, int] = {}
    for number in numbers:
        try:
            state = one(number)
        except Exception as error:
            raise AssertionError(f"{one.__name__}({number}): {type(error).__name__}: {error}") from error
        states[state] = states.get(state, 0) + 1
    return states


def test_changed_csv_files_are_told_or_taken_as_written() -> None:
    states = run(fuzz_csv, range(QUICK))
    assert states["refused"] > QUICK // 20, "the changes break too few files to prove anything"
    assert states.get("taken", 0) + states.get("taken_with_refusals", 0) > QUICK // 20


def test_changed_workbooks_are_told_or_taken() -> None:
    states = run(fuzz_workbook, range(QUICK // 2))
    assert states["refused"] > QUICK // 20


def test_changed_archives_are_told_or_taken() -> None:
    states = run(fuzz_archive, range(QUICK // 2))
    assert states["refused"] > QUICK // 20


@pytest.mark.long
def test_many_changed_csv_files() -> None:
    run(fuzz_csv, range(QUICK, QUICK + LONG))


@pytest.mark.long
def test_many_changed_workbooks() -> None:
    run(fuzz_workbook, range(QUICK, QUICK + LONG // 2))


@pytest.mark.long
def test_many_changed_archives() -> None:
    run(fuzz_archive, range(QUICK, QUICK + LONG // 2))
