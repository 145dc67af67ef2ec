"""Files nobody would write: good ones with bytes changed, cut, doubled and thrown in. The seeds are fixed, so a failure
can be had again by its number."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from pact_pipeline_tests.intake.fuzz.arena import judged, must_hold
from pact_pipeline_tests.intake.fuzz.mutate import mutated, mutated_members
from pact_pipeline_tests.intake.fuzz.test_written import COLUMNS, GOOD, LAYOUT, as_csv, as_workbook

QUICK, LONG = 400, 20_000
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


@pytest.mark.long
def test_many_changed_csv_files() -> None:
    run(fuzz_csv, range(QUICK, QUICK + LONG))


@pytest.mark.long
def test_many_changed_workbooks() -> None:
    run(fuzz_workbook, range(QUICK, QUICK + LONG // 4))
