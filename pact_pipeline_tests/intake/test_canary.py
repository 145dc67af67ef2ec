"""No value of a supplier's cell leaves the restricted places: a planted word is searched for everywhere else."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from pact_pipeline.intake import IntakeUnfinished
from pact_pipeline.intake.feedback import neutral
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import Tables, six_children

CANARY = "ZZCANARYZZ"
RESTRICTED = ("archive", "arrivals", "feedback", "keys", "lake/restricted")


def planted() -> Tables:
    """A return in which every kind of refusal has the canary in the offending cell, beside good rows."""
    tables = six_children()
    good = tables["children"][0]
    for number, column in enumerate(
        ("date_of_birth", "sex", "ethnic_group", "looked_after_from", "destination", "scn")
    ):
        tables["children"].append({**good, "child_ref": f"{CANARY}{number}", column: f"{CANARY}{number}"})
    tables["children"] += [{**good, "child_ref": f"C{number:03d}"} for number in range(10, 60)]
    tables["milestones"].append(
        {"child_ref": CANARY, "milestone": CANARY, "on_date": CANARY, "outcome": CANARY, "round": CANARY}
    )
    tables["milestones"] += [
        {"child_ref": f"C{number:03d}", "milestone": "referral", "on_date": "05/01/2012", "outcome": "", "round": "1"}
        for number in range(10, 30)
    ]
    return tables


def places_with_the_canary(office: Office) -> list[str]:
    home = office.settings.home
    found = []
    for path in home.rglob("*"):
        inside = path.relative_to(home).as_posix()
        if path.is_file() and not inside.startswith(RESTRICTED) and CANARY.encode() in path.read_bytes():
            found.append(inside)
    with office.ledger.engine.connect() as connection:
        for table in ("arrival", "submission", "submission_table", "finding_count"):
            rows = connection.execute(text(f"SELECT * FROM ledger.{table}")).all()
            found += [f"ledger.{table}"] * (CANARY in repr(rows))
    return found


def test_refused_cells_stay_in_the_restricted_places(
    office: Office, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    office.write(planted())
    (verdict,) = office.take_all()
    assert verdict.rows_refused >= 5
    assert CANARY not in repr(verdict)
    assert places_with_the_canary(office) == []
    told = capfd.readouterr()
    assert CANARY not in told.out + told.err + caplog.text
    restricted = list((office.settings.home / "lake/restricted").rglob("*__refused/*.parquet"))
    assert restricted, "the refused rows are kept whole, where only we can read them"


@pytest.mark.parametrize("damage", ["utf-8", "quote", "header", "delimiter", "nul", "cut"])
def test_a_file_that_cannot_be_read_is_refused_without_a_cell_in_the_reason(office: Office, damage: str) -> None:
    office.write(planted())
    path: Path = office.settings.arrivals / "GLG" / "GLG_children_201208.csv"
    data = path.read_bytes()
    damaged = {
        "utf-8": data.replace(CANARY.encode(), CANARY.encode() + b"\xe9", 1),
        "quote": data.replace(CANARY.encode(), b'"' + CANARY.encode(), 1),
        # Without its headings, the first row must not be taken for them and shown.
        "header": data.partition(b"\r\n")[2],
        "delimiter": data.replace(b",", b"~"),
        "nul": data.replace(CANARY.encode(), CANARY.encode() + b"\x00"),
        "cut": data[: data.index(CANARY.encode()) + 4],
    }[damage]
    office.put(path.name, damaged)
    try:
        (verdict,) = office.take_all()
        told = repr(verdict)
    except IntakeUnfinished as unfinished:
        told = str(unfinished)
    assert CANARY not in told
    assert places_with_the_canary(office) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_would_start_a_formula_is_written_as_text(start: str) -> None:
    assert neutral(f"{start}1+1") == f"'{start}1+1"


def test_control_signs_are_dropped_and_plain_text_is_left() -> None:
    assert neutral("C001\x00\x0b") == "C001"
    assert not re.search("^'", neutral("C001"))
