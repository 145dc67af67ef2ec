"""No value of a supplier's cell leaves the restricted places: a planted word is searched for everywhere else."""

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from pact_pipeline.intake.feedback import neutral
from pact_pipeline.intake.runs import IntakeUnfinished
from pact_pipeline.ledger.schema import metadata
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import Tables, council, plain_layout, six_children
from pact_pipeline_tests.intake.reading.crafted import (
    HEADING_ROW,
    ODS_TABLE,
    archive,
    ods,
    ods_row,
    ods_text,
    with_part,
    with_sheet,
)

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


def places_with_the_canary(office: Office, word: str = CANARY) -> list[str]:
    """Where it is found, outside of the restricted places: files, the feedback's pages, every table of the ledger."""
    home = office.settings.home
    found = []
    for path in home.rglob("*"):
        inside = path.relative_to(home).as_posix()
        is_open = not inside.startswith(RESTRICTED) or (inside.startswith("feedback") and path.suffix == ".html")
        if path.is_file() and is_open and word.encode() in path.read_bytes():
            found.append(inside)
    pages = list((home / "feedback").rglob("*.html"))
    with office.ledger.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            found += [table.fullname] * (word in repr(rows))
            if table.name == "judging":
                assert len(pages) == len({row.submission_id for row in rows}), "every judged delivery has its page"
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


def far_rows(name: str) -> str:
    """A table of ODS whose rows go too far down to be read."""
    return ODS_TABLE.format(name=name, rows=ods_row(ods_text("x"), attributes='table:number-rows-repeated="99999999"'))


def a_far_sheet(name: str) -> bytes:
    """A workbook whose only sheet is too large."""
    row = '<row r="900000"><c r="P900000"><v>1</v></c></row>'
    part = b'name="children"', f'name="{name}"'.encode()
    return with_part(with_sheet(HEADING_ROW + row), "xl/workbook.xml", lambda before: before.replace(*part))


CHRONOLOGY = f"Jane {CANARY} 0101011234 chronology.zip"


@pytest.mark.parametrize(
    ("kind", "data", "word", "reason"),
    [
        (
            "zip",
            archive({"children.csv": "x", "placements.csv": "x", CHRONOLOGY: "x"}),
            CANARY,
            (
                "FILE-015: the archive holds another archive, which is not looked into. Where: GLG_201208.zip, member 3 of the "
                "archive. To mend: put the tables themselves into one archive and send it again."
            ),
        ),
        (
            "zip",
            archive({f"../{CANARY}/{CANARY}.csv": "x"}),
            CANARY,
            (
                "FILE-015: a member's name leads out of the archive. Where: GLG_201208.zip, member 1 of the archive. To mend: "
                "make the archive from the tables' own folder and send the file again."
            ),
        ),
        (
            "ods",
            ods(tables=far_rows(f"Jane {CANARY}")),
            CANARY,
            (
                "FILE-013: the sheet's filled cells reach to line 99,999,999, column A: 99,999,999 cells, of which at most "
                "10,000,000 are read. Where: GLG_201208.ods, sheet 1. To mend: delete what stands far below or beside the table "
                "(in Excel, Ctrl+End leads there), save and send it."
            ),
        ),
        (
            "xlsx",
            a_far_sheet("children (0101011234)"),
            "0101011234",
            (
                "FILE-013: the sheet's filled cells reach to line 900,000, column P: 14,400,000 cells, of which at most "
                "10,000,000 are read. Where: GLG_201208.xlsx, sheet 1. To mend: delete what stands far below or beside the table "
                "(in Excel, Ctrl+End leads there), save and send it."
            ),
        ),
    ],
    ids=["archive in an archive", "member outside", "ods", "xlsx"],
)
def test_names_of_members_and_sheets_stand_in_the_restricted_workbook_alone(
    office: Office, kind: str, data: bytes, word: str, reason: str
) -> None:
    layout = replace(
        plain_layout(office.contracts),
        format=kind,  # type: ignore[arg-type]
        file=f"{{supplier}}_{{yyyy}}{{mm}}.{kind}",
        members="{table}.csv" if kind == "zip" else "",
    )
    office.suppliers = {"GLG": council("GLG", layout)}
    office.put(f"GLG_201208.{kind}", data)
    (verdict,) = office.take_all()
    assert verdict.state is State.REFUSED
    assert reason in verdict.reason
    assert word not in repr(verdict)
    assert places_with_the_canary(office, word) == []
    book = openpyxl.load_workbook(office.settings.feedback / "GLG" / "GLG-councils-2012-08-01.xlsx")
    shown = [row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0] == "Its name in your file:"]
    assert len(shown) == 1
    assert word in str(shown[0])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_would_start_a_formula_is_written_as_text(start: str) -> None:
    assert neutral(f"{start}1+1") == f"'{start}1+1"


def test_control_signs_are_dropped_and_plain_text_is_left() -> None:
    assert neutral("C001\x00\x0b") == "C001"
    assert not re.search("^'", neutral("C001"))
