"""Kinds that look at the submission before, on cases small enough to work by hand."""

from datetime import date, timedelta
from typing import Any

import pytest

from pact_pipeline.contracts.checks import KINDS, TableOutcome
from pact_pipeline_tests.contracts.example_rows import supplied
from pact_pipeline_tests.contracts.hand_rows import beside, own, rows, said, told

D = date
CHILD = own("who", "start")


def test_a_cell_is_compared_with_the_first_row_of_its_key_if_both_are_filled() -> None:
    former = rows(who=["A", "B", "C", "D"], born=[D(2010, 1, 1), D(2010, 2, 2), None, D(2010, 4, 4)])
    now = rows(who=["B", "A", "C", "D", "E", None],
               born=[D(2010, 2, 3), D(2010, 1, 1), D(2010, 3, 3), None, D(2010, 5, 5), D(2010, 6, 6)])  # fmt: skip
    passes, looked = said("same_as_former", now, beside(former), contract=CHILD, column="born", by=["who"])
    assert passes == [False, True, True, True, True, True]
    assert looked == [True, True, False, False, False, False]


def test_a_code_that_says_nothing_is_no_change_on_either_side() -> None:
    former = rows(who=["A", "B", "C"], sex=["not_known", "male", "male"])
    now = rows(who=["A", "B", "C"], sex=["male", "not_known", "female"])
    arguments = {"contract": CHILD, "column": "sex", "by": ["who"], "ignoring": ["not_known"]}
    assert said("same_as_former", now, beside(former), **arguments) == ([True, True, False], [False, False, True])


def test_an_end_that_was_taken_back_is_found_but_not_one_that_moved() -> None:
    former = rows(who=["A", "B", "C"], start=[D(2012, 1, 1)] * 3, end=[D(2012, 2, 2), D(2012, 2, 2), None])
    now = rows(who=["A", "B", "C"], start=[D(2012, 1, 1)] * 3, end=[None, D(2012, 3, 3), None])
    arguments = {"contract": CHILD, "column": "end", "by": ["who", "start"]}
    assert said("still_filled", now, beside(former), **arguments) == ([False, True, True], [True, True, False])


@pytest.mark.parametrize("kind", ["same_as_former", "still_filled"])
def test_without_a_submission_before_or_with_a_later_one_no_row_is_looked_at(kind: str) -> None:
    former = rows(who=["A"], end=[D(2012, 2, 2)])
    now = rows(who=["A"], end=[None])
    for context in (beside(), beside(former, "2012-09"), beside(rows(who=["x"], end=[None]))):
        assert said(kind, now, context, contract=CHILD, column="end", by=["who"]) == ([True], [False])


def kept(ends: list[date | None], still: list[str], before: str = "2012-07", **arguments: Any) -> TableOutcome:
    """Children A, B, C … with these ends in the submission before; those of `still` are here now."""
    former = rows(who=list("ABCDEFGH")[: len(ends)], start=[D(2010, 1, 1)] * len(ends), end=ends)
    now = rows(who=[*still, "Z"], end=[None] * (len(still) + 1))
    context = beside(former, before)
    return told("former_open_rows_kept", now, context, contract=CHILD, by=["who"], end="end", **arguments)


def test_an_open_spell_that_vanished_is_counted_and_its_key_kept_apart() -> None:
    outcome = kept([None, None, D(2012, 1, 1)], ["A"])
    assert (outcome.examined, outcome.found, outcome.passes) == (2, 1, False)
    assert outcome.former_rows is not None
    assert outcome.former_rows["who"].tolist() == ["B"]
    assert outcome.former_rows["start"].dt.date.tolist() == [D(2010, 1, 1)]
    assert kept([None, None], ["A", "B"]).passes


@pytest.mark.parametrize(
    ("end", "must"),
    [(D(2011, 8, 31), False), (D(2011, 9, 1), False), (D(2011, 9, 2), True), (D(2012, 7, 1), True), (None, True)],
)
def test_a_child_may_vanish_once_out_of_the_twelve_months(end: date | None, must: bool) -> None:
    outcome = kept([end], [], months=12)
    assert (outcome.examined, outcome.passes) == (int(must), not must)


def test_an_open_spell_of_a_year_ago_may_have_ended_out_of_the_window() -> None:
    assert kept([None], [], "2011-08", months=12).examined == 0
    assert kept([None], [], "2011-09", months=12).examined == 1


def test_only_what_had_ended_is_asked_for_when_said() -> None:
    assert kept([None, D(2012, 6, 1)], [], months=12, ended=True).examined == 1


def test_a_few_may_be_missing_from_few_and_a_share_from_many() -> None:
    assert kept([None] * 4, ["A", "B"], most=2).passes
    assert not kept([None] * 4, ["A"], most=2).passes
    assert kept([None] * 4, ["A", "B"], share=0.5).passes
    assert not kept([None] * 4, ["A"], share=0.5).passes


def test_two_spells_of_one_child_are_one_child() -> None:
    former = rows(who=["A", "A"], start=[D(2010, 1, 1), D(2011, 1, 1)], end=[D(2012, 1, 1), None])
    arguments = {"contract": CHILD, "by": ["who"], "end": "end", "months": 12}
    outcome = told("former_open_rows_kept", rows(who=["B"], end=[None]), beside(former), **arguments)
    assert (outcome.examined, outcome.found) == (1, 1)


def test_history_is_asked_for_only_of_people_who_are_still_there() -> None:
    former = rows(who=["A", "A", "B"], start=[D(2010, 1, 1), D(2011, 1, 1), D(2010, 1, 1)])
    now = rows(who=["A"], start=[D(2011, 1, 1)])
    outcome = told("history_kept", now, beside(former), contract=CHILD, person="who")
    assert (outcome.examined, outcome.found, outcome.passes) == (2, 1, False)
    people = beside(former, children=rows(who=["B"]))
    outcome = told("history_kept", now, people, contract=CHILD, person="who", table="children")
    assert (outcome.examined, outcome.found) == (1, 1)
    assert outcome.former_rows is not None
    assert outcome.former_rows["who"].tolist() == ["B"]


def people(number: int, first: int = 0) -> list[str]:
    return [f"P{place}" for place in range(first, first + number)]


@pytest.mark.parametrize(("now", "passes"), [(7, True), (6, False), (0, False), (11, True)])
def test_forty_per_cent_fewer_is_far_fewer(now: int, passes: bool) -> None:
    arguments = {"contract": CHILD, "column": "who", "share": 0.4, "least": 10}
    outcome = told("not_many_fewer", rows(who=people(now)), beside(rows(who=people(10))), **arguments)
    assert (outcome.examined, outcome.found, outcome.passes) == (10, max(10 - now, 0), passes)


def test_a_small_council_or_a_long_time_between_says_nothing() -> None:
    arguments = {"contract": CHILD, "column": "who", "share": 0.4, "least": 10}
    assert told("not_many_fewer", rows(who=people(1)), beside(rows(who=people(9))), **arguments).examined == 0
    assert (
        told("not_many_fewer", rows(who=people(1)), beside(rows(who=people(99)), "2012-01"), **arguments).examined == 0
    )
    assert told("not_many_fewer", rows(who=people(1)), beside(), **arguments).examined == 0


@pytest.mark.parametrize(("known", "passes"), [(0, False), (1, False), (2, True)])
def test_another_councils_file_knows_hardly_anybody(known: int, passes: bool) -> None:
    now = rows(who=people(known) + people(10, 100))
    outcome = told("some_known_in_former", now, beside(rows(who=people(10))), contract=CHILD, column="who",
                   share=0.2, least=5)  # fmt: skip
    assert (outcome.examined, outcome.passes) == (10, passes)


def test_many_changed_dates_are_held_and_few_are_not() -> None:
    former = rows(who=people(20), born=[D(2010, 1, 2)] * 20)
    for changed, passes in ((4, True), (5, False)):
        now = rows(who=people(20), born=[D(2010, 2, 1)] * changed + [D(2010, 1, 2)] * (20 - changed))
        arguments = {"contract": CHILD, "column": "born", "by": ["who"], "share": 0.2, "least": 5}
        outcome = told("not_many_changed", now, beside(former), **arguments)
        assert (outcome.examined, outcome.found, outcome.passes) == (20, changed, passes)


def test_a_code_that_says_nothing_is_not_counted_among_the_changed() -> None:
    former = rows(who=people(8), sex=["not_known"] * 3 + ["male"] * 5)
    arguments = {"contract": CHILD, "column": "sex", "by": ["who"], "ignoring": ["not_known"], "share": 0.2, "least": 5}
    outcome = told(
        "not_many_changed", rows(who=people(8), sex=["male"] * 3 + ["not_known"] * 5), beside(former), **arguments
    )
    assert (outcome.examined, outcome.found, outcome.passes) == (0, 0, True)
    outcome = told(
        "not_many_changed", rows(who=people(8), sex=["male"] * 3 + ["female"] * 5), beside(former), **arguments
    )
    assert (outcome.examined, outcome.found, outcome.passes) == (5, 5, False)


def emptied(before: list[date | None], now: list[date | None], start: list[date | None] | None = None) -> TableOutcome:
    """Rows of the same people, whose ends were `before` in the submission before; Z is new and has none."""
    number = len(before)
    started: list[date | None] = [D(2011, 1, 1)] * number
    former = rows(who=people(number), start=started, end=before)
    mine = rows(who=[*people(number), "Z"], start=[*(start or started), None], end=[*now, None])
    arguments = {"columns": ["start", "end"], "by": ["who"], "share": 0.2, "least": 5}
    return told("not_many_emptied", mine, beside(former), contract=CHILD, **arguments)


@pytest.mark.parametrize(
    ("filled", "gone", "passes"), [(20, 4, True), (25, 5, False), (26, 5, True), (5, 5, False), (4, 4, True)]
)
def test_a_fifth_of_the_ends_taken_back_is_many_if_five(filled: int, gone: int, passes: bool) -> None:
    end: list[date | None] = [D(2012, 1, 1)]
    outcome = emptied(end * filled + [None] * 9, [None] * gone + end * (filled - gone) + [None] * 9)
    assert (outcome.examined, outcome.found, outcome.passes) == (filled + 9, gone, passes)


def test_cells_that_moved_or_were_filled_since_are_not_empty_and_columns_are_not_summed() -> None:
    ends: list[date | None] = [D(2012, 1, 1)] * 8
    assert emptied(ends, [D(2012, 2, 2)] * 8).found == 0
    assert emptied([None] * 8, ends).found == 0
    outcome = emptied(ends, [None] * 4 + ends[4:], [D(2011, 1, 1)] * 4 + [None] * 4)
    assert (outcome.found, outcome.passes) == (8, True), "four cells of each of two columns"


def test_a_column_that_became_empty_is_told_unless_it_was_hardly_filled() -> None:
    former = rows(who=people(4), a=["x", "x", None, None], b=["x", None, None, None])
    now = rows(who=people(4), a=[None] * 4, b=[None] * 4)
    outcome = told("columns_still_filled", now, beside(former), contract=CHILD, columns=["a", "b"], least=2)
    assert (outcome.examined, outcome.found, outcome.passes) == (1, 1, False)


def every(days: int, until: date, number: int) -> list[date]:
    return [until - timedelta(days=days * place) for place in range(number)]


def reaches(days: list[date]) -> TableOutcome:
    arguments = {"columns": ["on"], "days": 10, "times": 3.0, "least": 12, "stray": 2}
    return told("dates_reach_period", rows(on=days), beside(), **arguments)


def test_the_file_of_an_earlier_month_has_no_date_of_this_one() -> None:
    assert reaches(every(7, D(2012, 8, 30), 40)).passes
    assert not reaches(every(7, D(2012, 7, 30), 40)).passes
    assert not reaches(every(7, D(2012, 7, 31), 40)).passes, "exactly last month's file"
    assert not reaches(every(1, D(2012, 7, 31), 300)).passes


def test_ten_days_without_a_date_are_let_pass_however_many_dates_there_are() -> None:
    assert reaches(every(1, D(2012, 8, 21), 40)).passes
    assert not reaches(every(1, D(2012, 8, 20), 40)).passes


@pytest.mark.parametrize(("strays", "passes"), [(1, False), (2, False), (3, True)])
def test_two_dates_of_this_month_do_not_hide_the_file_of_an_earlier_one(strays: int, passes: bool) -> None:
    assert reaches(every(1, D(2012, 7, 31), 300) + every(2, D(2012, 8, 31), strays)).passes is passes


def test_of_a_small_council_the_latest_date_is_no_stray() -> None:
    assert reaches([*every(7, D(2012, 7, 31), 40), D(2012, 8, 31)]).passes
    assert not reaches([*every(6, D(2012, 7, 31), 53), D(2012, 8, 31)]).passes, "one for every 50 days of the year"


def test_a_small_council_is_not_held_for_weeks_without_a_step() -> None:
    assert reaches(every(25, D(2012, 6, 20), 14)).passes, "72 days, yet 25 between steps is usual"
    assert not reaches(every(25, D(2012, 6, 1), 14)).passes
    assert reaches(every(5, D(2012, 1, 1), 11)).examined == 0, "eleven days in a year say nothing"
    assert reaches([]).examined == 0


def test_dates_after_the_period_are_not_the_latest() -> None:
    assert not reaches([*every(7, D(2012, 6, 1), 40), D(2021, 8, 1)]).passes


def test_every_kind_is_named_by_a_rule_and_so_shown_to_fail() -> None:
    used = {rule.check for contract in supplied() for rule in contract.rules}
    assert set(KINDS) - used == set()
