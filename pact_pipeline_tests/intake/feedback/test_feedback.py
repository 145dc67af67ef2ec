"""What a data officer reads: the workbook's sheets and the page, sentence by sentence."""

import re
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pytest

from pact_pipeline.clock import make_up_clock
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.validate import RuleRun, TableFinding
from pact_pipeline.failures import FileRefused, PactFailure
from pact_pipeline.intake.feedback import write_feedback
from pact_pipeline.intake.feedback.rows import shares, wrong_rows
from pact_pipeline.intake.feedback.summary import period_in_words
from pact_pipeline.intake.judging.outcome import Outcome, TableChange
from pact_pipeline.intake.reading.ambiguity import Ambiguity, Reading
from pact_pipeline.settings import Settings
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake.feedback.conftest import Opened
from pact_pipeline_tests.intake.feedback.returns import (
    PAST,
    child,
    children,
    history,
    judged,
    mapped,
    milestone,
    told,
)

Tell = Callable[[Outcome], Opened]
CANARY = "ZZCANARYZZ"


def good(*numbers: int) -> list[dict[str, str]]:
    return [child(number) for number in numbers]


def test_a_clean_return_is_told_so_in_both(tell: Tell, contracts: Contracts) -> None:
    opened = tell(told(children(contracts, good(1, 2, 3))))
    rows = opened.rows("Summary")
    assert rows[0][0] == "Summary: feedback on your delivery of August 2012 (GLG)"
    assert rows[1][0] == "Taken: 3 rows, all of them in force."
    assert opened.after("What to do now") == [("Nothing. Thank you.",)]
    assert opened.after("How your files were read") == [("As agreed; nothing out of the ordinary.",)]
    assert opened.book.sheetnames == ["Summary", "By rule"]
    assert "Taken: 3 rows, all of them in force." in opened.page


def test_both_say_that_a_made_up_homes_clock_is_made_up(tell: Tell, settings: Settings, contracts: Contracts) -> None:
    one = told(children(contracts, good(1)))
    opened = tell(one)
    assert "Made-up clock" not in opened.page + str(opened.rows("Summary"))
    note = make_up_clock(settings, date(2013, 8, 15)).note
    opened = tell(one)
    assert opened.rows("Summary")[2][0] == note
    assert note.replace("'", "&#39;") in opened.page[: opened.page.index("<main")]


def test_times_are_scotlands_in_both(tell: Tell, contracts: Contracts) -> None:
    one = told(children(contracts, good(1)))
    late = replace(one, submission=replace(one.submission, received_at=datetime(2012, 9, 15, 23, 30, tzinfo=UTC)))
    opened = tell(late)
    assert ("Received", "16 September 2012, 00:30 BST") in opened.after("This delivery")
    assert "16 September 2012, 00:30 BST" in opened.page


def test_both_files_are_closed_to_others_and_nothing_unfinished_is_left(tell: Tell, contracts: Contracts) -> None:
    paths = tell(told(children(contracts, good(1)))).paths
    assert [stat.S_IMODE(path.stat().st_mode) for path in (paths.workbook, paths.page)] == [0o600, 0o600]
    assert sorted(path.name for path in paths.page.parent.iterdir()) == [
        "GLG-councils-2012-08-01.html",
        "GLG-councils-2012-08-01.xlsx",
    ]


def test_the_same_content_gives_the_same_files(settings: Settings, contracts: Contracts) -> None:
    one = told(children(contracts, [child(1, sex="girl"), *good(2, 3)]))
    first = [path.read_bytes() for path in vars(write_feedback(settings, one)).values()]
    assert [path.read_bytes() for path in vars(write_feedback(settings, one)).values()] == first


def test_a_wrong_row_is_told_case_period_message_first_and_its_cells_are_marked(
    tell: Tell, contracts: Contracts
) -> None:
    opened = tell(told(children(contracts, [*good(1, 2), child(3, date_of_birth="31/02/2016", sex="girl"), *good(4)])))
    sheet = opened.book["Rows of children"]
    assert sheet["A1"].value == "Children looked after: the rows with findings, August 2012"
    assert sheet["A2"].value == "The one row with findings. Wrong cells are named in their own column and coloured:"
    assert [cell.value for cell in sheet[4]][:11] == [
        "Line", "Swift No", "Period", "What is wrong", "How to mend it", "Row", "Wrong cells", "Swift No", "initials",
        "DOB", "Gender",
    ]  # fmt: skip
    row = [cell.value for cell in sheet[5]]
    assert row[:3] == [4, "C0003", "2012-08"]
    assert row[3] == (
        "1. DOB “31/02/2016”: The cell can't be read as what the column holds: a day that exists, in the agreed form, "
        "or a number. Expected: a day that exists written like 31/08/2012 (day 31, month 8, year 2012). [CH-002]\n"
        "2. Gender “girl”: The word is none of those agreed for this column. Expected one of: female, male, not_known "
        "(Not known or not recorded). [CH-003]"
    )
    assert row[5:11] == ["refused", "DOB, Gender", "C0003", "AA", "31/02/2016", "girl"]
    filled = [cell.value for cell in sheet[5] if cell.fill.patternType == "solid"]
    assert filled == ["31/02/2016", "girl"]
    assert all(cell.data_type == "s" for cell in sheet[5][1:] if cell.value is not None)
    assert (sheet.freeze_panes, sheet.auto_filter.ref is not None, len(sheet.merged_cells.ranges)) == ("C5", True, 0)


def test_differences_and_the_other_line_are_told(contracts: Contracts) -> None:
    rows = [
        child(1, looked_after_to="10/12/2011", destination="other"),
        child(2, looked_after_from="15/10/2012", away_from_home_from=""),
        child(3),
        child(3, sex="male"),
    ]
    whats = [row.what for row in wrong_rows(told(children(contracts, rows)))[0].rows]
    assert "Episode end is 31 days before Episode start." in whats[0]
    assert "Episode start is 45 days late." in whats[1]
    assert "Same key on line 5." in whats[2]
    assert "Same key on line 4." in whats[3]


def test_a_late_date_alone_is_marked_of_all_the_dates_a_rule_looks_at(contracts: Contracts) -> None:
    late = child(1, looked_after_from="15/10/2012", away_from_home_from="")
    (row,) = wrong_rows(told(children(contracts, [late, *good(2)])))[0].rows
    assert row.wrong_cells == "Episode start"


def test_the_echo_column_is_carried_back_and_no_other_column_outside_the_contract(
    tell: Tell, contracts: Contracts
) -> None:
    table = mapped(contracts["councils.children"], [child(1, sex="girl"), *good(2)], echo=pa.array(["K. Worker", "x"]),
                   echo_heading="Case Worker")  # fmt: skip
    opened = tell(told(judged(table)))
    (row,) = opened.table("Rows of children", "Line")
    assert row["Case Worker"] == "K. Worker"
    assert "K. Worker" not in opened.page


def test_a_row_with_too_many_cells_is_told_by_its_line(tell: Tell, contracts: Contracts) -> None:
    opened = tell(told(children(contracts, good(1, 2), malformed=[(3, 16)])))
    (row,) = opened.table("Rows of children", "Line")
    assert (row["Line"], row["Row"], row["Wrong cells"]) == (3, "refused", "the whole row")
    assert row["What is wrong"] == (
        "The row has more or fewer cells than there are headings, so we can't tell which cell is which. "
        "This row has 16 cells. [CH-006]"
    )
    assert CANARY not in str([opened.rows(name) for name in opened.book.sheetnames])


def test_what_to_do_puts_what_stops_the_delivery_first(tell: Tell, contracts: Contracts) -> None:
    refusals = (
        ("placements", FileRefused("FILE-010", "the table can't be judged without 'milestones'", where="p.csv")),
        (
            "milestones",
            FileRefused(
                "FILE-002", f"a column is missing: 'Date'. Unknown: '{CANARY}'", where="m.csv, line 1",
                mend="give the columns their agreed headings.",
            ),
        ),
    )  # fmt: skip
    bad = children(contracts, [child(1, sex="girl"), *good(2, 3)])
    opened = tell(told(bad, refused=refusals, agreed=frozenset({"Date"})))
    assert opened.rows("Summary")[1][0] == "Refused: nothing of it was taken. What you sent before stays in force."
    assert opened.after("What to do now")[1:] == [
        (
            "1. milestones: columns missing",
            f"A column is missing: 'Date'. Unknown: '{CANARY}'. Where: m.csv, line 1.",
            "Give the columns their agreed headings.",
            "FILE-002",
        ),
        (
            "2. placements",
            "Not judged, because it needs a table that did not come or was refused.",
            "See to what stands above first; nothing is known to be wrong here.",
            "FILE-010",
        ),
        (
            "3. children: 1 row refused",
            "Unknown word (Gender): The word is none of those agreed for this column. Line 2.",
            "Use one of the agreed words, or tell us what this one means.",
            "CH-003",
        ),
    ]
    assert CANARY not in opened.page
    assert (
        "A column is missing: &#39;Date&#39;. Unknown: [quoted in the workbook]. Where: m.csv, line 1." in opened.page
    )


def test_a_doubt_shows_both_readings_in_the_workbook_and_neither_s_cells_on_the_page(
    tell: Tell, contracts: Contracts
) -> None:
    ambiguity = Ambiguity(
        "encoding", "the file can be read in two encodings.", "GLG_children_201208.csv",
        (Reading("windows-1252", f"{CANARY}é"), Reading("iso-8859-15", f"{CANARY}É")),
    )  # fmt: skip
    opened = tell(
        told(children(contracts, good(1)), state=State.HELD, ambiguities=(ambiguity,), reason="FILE-014: two.")
    )
    assert opened.after("What to do now")[1:] == [
        (
            "1. Can be read in two ways",
            "The file can be read in two encodings. Where: GLG_children_201208.csv.",
            "Tell the programme office which is right: windows-1252 or iso-8859-15. Until then nothing is in force.",
            "FILE-014",
        ),
        ("Read as windows-1252, it shows:", f"{CANARY}é"),
        ("Read as iso-8859-15, it shows:", f"{CANARY}É"),
    ]
    assert CANARY not in opened.page
    assert "<li>windows-1252</li><li>iso-8859-15</li>" in opened.page


def test_how_a_file_calls_a_sheet_or_member_stands_in_the_workbook_alone(tell: Tell, contracts: Contracts) -> None:
    where = "GLG_201208.zip, member 2 of the archive"
    refusal = FileRefused(
        "FILE-015", "the archive holds another archive", where=where, mend="x.", shows=f"={CANARY}.zip"
    )
    opened = tell(told(children(contracts, good(1)), refused=(("children", refusal),)))
    assert ["Its name in your file:", f"'={CANARY}.zip"] in [list(row[:2]) for row in opened.rows("Summary")]
    assert where in opened.page
    assert CANARY not in opened.page


def test_a_rule_that_looked_at_no_row_is_never_shown_as_passed(tell: Tell, contracts: Contracts) -> None:
    one = children(contracts, good(1))
    runs = (RuleRun("CH-011", ("looked_after_to",), "refuse", 0, 0), RuleRun("CH-010", ("sex",), "refuse", 7, 0))
    opened = tell(told(replace(one, runs=runs)))
    lines = {row["Rule"]: row for row in opened.table("By rule", "Rule")}
    assert lines["CH-011"]["What became of it"] == "not examined: no row to look at"
    assert (lines["CH-010"]["What became of it"], lines["CH-010"]["Rows examined"]) == ("passed", 7)
    assert opened.rows("By rule")[1][0] == ("0 rules with findings; 1 passed; 1 looked at no row, so nothing is known.")
    assert "1 rule looked at no row: not examined" in opened.page


def test_children_who_vanished_are_listed_for_the_supplier_alone(tell: Tell, contracts: Contracts) -> None:
    one = children(contracts, good(1))
    former = pd.DataFrame({"child_ref": [CANARY], "looked_after_from": [pd.Timestamp("2012-01-10")]})
    finding = TableFinding("CH-019", "warn", 40, 1, former)
    changes = {"children": TableChange(2, 2, 0, 38, (CANARY, "C0777"))}
    opened = tell(told(replace(one, table_findings=(finding,)), changes=changes, previous_period="2012-07"))
    first, second = opened.table("Missing since last", "Table")
    assert (first["Your reference"], first["The rest of its key"]) == (CANARY, "Episode start 10/01/2012")
    assert (second["Your reference"], second["What is wrong"]) == (
        "C0777",
        "In your delivery before, not in this one.",
    )
    assert CANARY not in opened.page
    assert opened.after("What changed since your last delivery")[:3] == [
        ("Rows of this delivery beside the delivery of July 2012 that was taken before it:",),
        ("Table", "In words", "New", "Gone", "Changed", "As before"),
        ("children", 2, 2, 0, 38),
    ]


def test_findings_are_new_still_there_or_fixed_and_never_fixed_where_nobody_looked(
    tell: Tell, contracts: Contracts
) -> None:
    now = children(contracts, [child(1, sex="girl"), child(2, sex=""), *good(3)])
    before = {"CH-003": 4, "CH-002": 1, "MI-010": 3, "FILE-002": 0}
    opened = tell(told(now, history=history(*PAST, findings=before)))
    rows = opened.after("What changed since your last delivery")
    assert rows[0] == ("Findings beside delivery 1 of July 2012:",)
    assert [(row[0], *row[-3:]) for row in rows[2:]] == [
        ("CH-001", 0, 1, "new"),
        ("CH-003", 4, 1, "still there"),
        ("CH-002", 1, 0, "fixed"),
        ("MI-010", 3, 0, "not looked at this time"),
    ]


def test_the_trend_has_a_chart_with_its_text_and_at_most_twelve_deliveries(tell: Tell, contracts: Contracts) -> None:
    past = [(f"2011-{month:02d}", 100, 10) for month in range(1, 13)]
    opened = tell(told(children(contracts, good(1)), history=history(*past)))
    rows = opened.after("Your last deliveries, oldest first")
    assert len(rows) == 13
    assert rows[1] == ("2011-02, delivery 1", "Taken, some rows refused", 100, 10, 0.1)
    assert rows[-1] == ("2012-08, delivery 1 (this one)", "Taken", 1, 0, 0)
    assert 'descr="Line chart of the share of rows refused, oldest first: 2011-02 10.0%' in "".join(
        text for name, text in opened.xml().items() if name.startswith("xl/drawings/drawing")
    )
    assert "Bars, oldest delivery first: 2011-02 no. 1 10%" in opened.page


def test_the_first_five_thousand_are_shown_and_the_cap_is_stated(tell: Tell, contracts: Contracts) -> None:
    bad = children(contracts, [child(number, sex="girl") for number in range(6_000)])
    few = judged(mapped(contracts["councils.milestones"], [milestone(1, on_date="40/01/2012")]), bad)
    started = time.perf_counter()
    opened = tell(told(bad, few))
    assert time.perf_counter() - started < 30
    assert opened.rows("Rows of children")[1][0] == (
        "The first 4,999 of 6,000 rows with findings. Wrong cells are named in their own column and coloured:"
    )
    assert len(opened.table("Rows of children", "Line")) == 4_999
    assert len(opened.table("Rows of milestones", "Line")) == 1


@pytest.mark.parametrize(
    ("counts", "given"), [([10, 20], [10, 20]), ([9_000, 9_000], [50, 50]), ([1, 500, 500], [1, 49, 50]), ([], [])]
)
def test_rooms_are_shared_so_that_no_table_is_crowded_out(counts: list[int], given: list[int]) -> None:
    assert shares(counts, 100) == given


def test_rows_that_are_all_alike_do_not_take_forever(contracts: Contracts) -> None:
    """Eight thousand rows of one child: what else has the key is looked up once, not once a row."""
    bad = children(contracts, [child(1, sex="girl" if number % 2 else "female") for number in range(8_000)])
    started = time.perf_counter()
    assert wrong_rows(told(bad))[0].shown == 5_000
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", " =", "\u200b@"])
def test_no_cell_of_the_workbook_is_a_formula_or_a_link(tell: Tell, contracts: Contracts, start: str) -> None:
    evil = f"{start}cmd|' /C calc'!A0"
    rows = [child(1, sex=evil, initials=evil, child_ref=evil), child(2, sex="https://example.org/x")]
    headings = {"sex": evil, "child_ref": "=HYPERLINK(1)"}
    table = mapped(contracts["councils.children"], rows, headings=headings, echo=pa.array([evil, evil]))
    opened = tell(told(judged(table), notes={"children": (evil, f"not read: '{evil}'")}))
    cells = [cell for name in opened.book.sheetnames for row in opened.book[name].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    text = [cell.value.lstrip(" \u200b") for cell in cells if isinstance(cell.value, str)]
    assert not [value for value in text if value.startswith(("=", "+", "-", "@", "\t", "＝"))]
    for name, xml in opened.xml().items():
        if name.startswith("xl/worksheets/sheet"):
            assert not re.search(r"<f[ >]|<hyperlink", xml), name


def test_the_canary_is_nowhere_on_the_page(tell: Tell, contracts: Contracts) -> None:
    columns = contracts["councils.children"].column_names
    rows = [child(number, **{column: f"{CANARY}{number}"}) for number, column in enumerate(columns, start=1)]
    table = mapped(contracts["councils.children"], [*rows, *good(90, 91)], malformed=[(7, 99)],
                   echo=pa.array([CANARY] * (len(rows) + 2)))  # fmt: skip
    notes = {"children": (f"not asked for, so not read: 'Name of child: Jane {CANARY}' and 2 more",)}
    opened = tell(told(judged(table), notes=notes, changes={"children": TableChange(1, 1, 0, 1, (CANARY,))}))
    assert CANARY not in opened.page
    assert "not asked for, so not read: [quoted in the workbook] and 2 more" in opened.page
    assert CANARY in str(opened.rows("Rows of children"))


def test_a_heading_that_is_markup_is_text_on_the_page(tell: Tell, contracts: Contracts) -> None:
    table = mapped(contracts["councils.children"], [child(1, sex="x")], headings={"sex": "<script>alert(1)</script>"})
    assert "<script" not in tell(told(judged(table))).page


def test_a_full_disk_is_told_without_a_path_and_leaves_the_former_feedback(
    settings: Settings, contracts: Contracts, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = told(children(contracts, good(1)))
    paths = write_feedback(settings, one)
    before = paths.workbook.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(settings.home))

    monkeypatch.setattr("pact_pipeline.intake.feedback.write_workbook", full)
    with pytest.raises(PactFailure) as failure:
        write_feedback(settings, one)
    assert str(failure.value) == (
        "FEEDBACK-001: the feedback could not be written (the disk is full). Where: GLG-councils-2012-08-01.xlsx. To mend: make "
        "room on the disk or mend the folder's permissions, and run again."
    )
    assert failure.value.__context__ is None
    assert paths.workbook.read_bytes() == before
    assert len(list(paths.page.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2012-08", "August 2012"),
        ("2012-Q3", "July to September 2012"),
        ("FY2011-12", "April 2011 to March 2012"),
        ("CLAS2012", "August 2011 to July 2012"),
    ],
)
def test_periods_are_said_in_words(key: str, words: str) -> None:
    assert period_in_words(key) == words
