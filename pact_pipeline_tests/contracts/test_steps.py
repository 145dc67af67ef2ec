"""Kinds that look at a child's other steps, spells and households, on cases small enough to work by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from pact_pipeline.contracts.checks.shared import months_later
from pact_pipeline_tests.contracts.hand_rows import beside, rows, said, told

D = date
BY = {"column": "on", "group": ["who"]}


def steps(*told: tuple[str, str, date | None]) -> Any:
    return rows(who=[one[0] for one in told], step=[one[1] for one in told], on=[one[2] for one in told])


def test_a_step_stands_on_one_of_its_own_child_that_day_or_before() -> None:
    table = steps(("A", "petition", D(2012, 1, 5)), ("A", "outcome", D(2012, 1, 5)), ("B", "outcome", D(2012, 2, 1)),
                  ("C", "petition", D(2012, 3, 2)), ("C", "outcome", D(2012, 3, 1)), ("D", "outcome", None))  # fmt: skip
    passes, looked = said(
        "has_step_before", table, beside(), **BY, when={"step": ["outcome"]}, needs={"step": ["petition"]}
    )
    assert passes == [True, True, False, True, False, True]
    assert looked == [False, True, True, False, True, False]


def test_the_last_step_before_counts_for_how_soon_one_follows() -> None:
    table = steps(("A", "panel", D(2012, 1, 1)), ("A", "panel", D(2012, 7, 1)), ("A", "decision", D(2012, 7, 15)),
                  ("B", "panel", D(2012, 7, 1)), ("B", "decision", D(2012, 7, 16)), ("C", "decision", D(2012, 7, 16)))  # fmt: skip
    arguments = {**BY, "later": {"step": ["decision"]}, "earlier": {"step": ["panel"]}, "days": 14}
    passes, looked = said("soon_after_step", table, beside(), **arguments)
    assert passes == [True, True, True, True, False, True]
    assert looked == [False, False, True, False, True, False]


def test_what_was_late_long_ago_is_not_told_again() -> None:
    table = steps(("A", "panel", D(2012, 5, 1)), ("A", "decision", D(2012, 5, 31)),
                  ("B", "panel", D(2012, 5, 1)), ("B", "decision", D(2012, 6, 1)))  # fmt: skip
    arguments = {**BY, "later": {"step": ["decision"]}, "earlier": {"step": ["panel"]}, "days": 14, "recent_days": 92}
    assert said("soon_after_step", table, beside(), **arguments) == (
        [True, True, True, False],
        [False, False, False, True],
    )


def test_a_grant_needs_a_decision_that_stands() -> None:
    table = steps(("A", "yes", D(2012, 1, 1)), ("A", "no", D(2012, 2, 1)), ("A", "grant", D(2012, 3, 1)),
                  ("B", "no", D(2012, 1, 1)), ("B", "yes", D(2012, 2, 1)), ("B", "grant", D(2012, 3, 1)),
                  ("C", "grant", D(2012, 3, 1)), ("D", "no", D(2012, 2, 1)), ("D", "yes", D(2012, 2, 1)),
                  ("D", "grant", D(2012, 2, 1)))  # fmt: skip
    arguments = {**BY, "when": {"step": ["grant"]}, "among": {"step": ["yes", "no"]}, "undone": {"step": ["no"]}}
    passes, looked = said("last_step_stands", table, beside(), **arguments)
    assert [passes[2], passes[5], passes[6], passes[9]] == [False, True, True, True]
    assert [looked[2], looked[5], looked[6], looked[9]] == [True, True, False, True]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2012-05-31", 3, "2012-08-31"), ("2011-11-30", 3, "2012-02-29"), ("2012-08-31", -12, "2011-08-31"),
     ("2012-01-31", 1, "2012-02-29"), ("2012-12-15", 6, "2013-06-15")],
)  # fmt: skip
def test_months_are_calendar_months(start: str, months: int, end: str) -> None:
    assert months_later(np.array([start, "NaT"], dtype="datetime64[D]"), months).astype(str).tolist() == [end, "NaT"]


CHILDREN = rows(who=["A", "B", "B", "C"], away=[D(2012, 5, 1), D(2011, 1, 1), D(2012, 5, 1), None],
                end=[None, D(2012, 4, 1), None, None])  # fmt: skip
REVIEWS = {
    "column": "on",
    "when": {"step": ["review"]},
    "table": "children",
    "start": "away",
    "end": "end",
    "by": "who",
}


def test_reviews_are_counted_within_the_spell_away_from_home() -> None:
    table = steps(("B", "review", D(2012, 8, 1)), ("A", "review", D(2012, 6, 12)), ("A", "review", D(2012, 8, 30)),
                  ("B", "review", D(2011, 12, 1)), ("B", "review", D(2012, 6, 13)), ("C", "review", D(2012, 6, 1)),
                  ("A", "panel", D(2012, 6, 1)))  # fmt: skip
    first = said("in_time_in_spell", table, beside(children=CHILDREN), **REVIEWS, nth=1, days=42)
    assert first == ([True, True, True, False, False, True, True], [False, True, False, True, True, False, False])
    recent = said("in_time_in_spell", table, beside(children=CHILDREN), **REVIEWS, nth=1, days=42, spell_since_days=365)
    assert recent[1] == [False, True, False, False, True, False, False]
    second = said("in_time_in_spell", table, beside(children=CHILDREN), **REVIEWS, nth=2, months=2)
    assert second == ([True, True, False, True, True, True, True], [True, False, True, False, False, False, False])


def test_later_reviews_follow_the_one_before() -> None:
    table = steps(*(("A", "review", day) for day in (D(2012, 5, 2), D(2012, 5, 3), D(2012, 5, 4), D(2012, 8, 5))))
    told_of = said("in_time_in_spell", table, beside(children=CHILDREN), **REVIEWS, nth=3, and_later=True, months=3)
    assert told_of == ([True, True, True, False], [False, False, True, True])


def test_the_plan_is_that_of_the_last_step() -> None:
    table = rows(who=["A", "A", "B", "C", "D"], step=["recommended", "decision", "decision", "decision", "review"],
                 on=[D(2012, 1, 1), D(2012, 1, 1), D(2012, 1, 1), D(2012, 1, 1), D(2012, 1, 1)],
                 plan=["kin", "adoption", "reversed", "kin", None])  # fmt: skip
    children = rows(who=["A", "B", "C", "C", "D"], start=[D(2011, 1, 1)] * 3 + [D(2010, 1, 1), D(2011, 1, 1)],
                    plan=["adoption", "none", "adoption", "kin", "kin"])  # fmt: skip
    passes, looked = said("plan_agrees", table, beside(children=children), column="on", person="who", step="step",
                          steps=["recommended", "decision"], outcome="plan", table="children", other="plan",
                          start="start", none="none", undone=["reversed"])  # fmt: skip
    assert passes == [True, True, True, False, True]
    assert looked == [False, True, True, True, False]


def test_a_row_there_is_asked_for_once_it_has_had_its_time() -> None:
    children = rows(who=["A", "B"], destination=["adoption", "home"])
    table = steps(("A", "grant", D(2012, 1, 1)), ("B", "grant", D(2012, 6, 2)), ("B", "grant", D(2012, 6, 3)),
                  ("X", "grant", D(2012, 1, 1)), ("X", "panel", D(2012, 1, 1)))  # fmt: skip
    arguments = {"by": "who", "table": "children", "where": {"destination": ["adoption"]}, "when": {"step": ["grant"]}}
    late = said("has_row_in_table", table, beside(children=children), **arguments, date="on", days=90)
    assert late == ([True, False, True, False, True], [True, True, False, True, False])
    known = said("has_row_in_table", table, beside(children=children), **arguments, known_only=True)
    assert known == ([True, False, False, True, True], [True, True, True, False, False])


def test_a_bound_in_another_table_holds_from_above_too() -> None:
    there = rows(who=["A", "B"], on=[D(2012, 3, 1), None])
    table = steps(
        ("A", "x", D(2012, 3, 1)), ("A", "x", D(2012, 3, 2)), ("B", "x", D(2012, 3, 2)), ("C", "x", D(2012, 3, 2))
    )
    said_of = said("not_after_in_table", table, beside(there=there), column="on", table="there", other="on", by="who")
    assert said_of == ([True, False, True, True], [True, True, False, False])


def test_a_pair_may_stand_in_either_table() -> None:
    context = beside(matches=rows(child=["A"], home=["H1"]), placements=rows(child=["B"], home=["H2"]))
    table = rows(child=["A", "B", "A", None], home=["H1", "H2", "H2", "H2"])
    said_of = said("pair_in_tables", table, context, columns=["child", "home"], tables=["matches", "placements"])
    assert said_of == ([True, True, False, True], [True, True, True, False])


def test_people_of_another_table_who_have_no_row_here_are_counted() -> None:
    children = rows(who=["A", "A", "B", "C"], to=[None, D(2012, 1, 1), None, D(2012, 1, 1)])
    arguments = {"table": "children", "by": "who", "where": {"to": "empty"}, "needs": {"step": ["review"]}}
    outcome = told("people_have_rows", steps(("A", "review", D(2012, 1, 1)), ("B", "panel", D(2012, 1, 1))),
                   beside(children=children), **arguments)  # fmt: skip
    assert (outcome.examined, outcome.found, outcome.passes) == (2, 1, False)
    assert outcome.former_rows is not None
    assert outcome.former_rows["who"].tolist() == ["B"]


def test_a_household_takes_no_more_children_than_its_places() -> None:
    carers = rows(home=["H1", "H1", "H2", "H3"], places=[1, 2, 1, None], decision=["yes", "yes", "no", "yes"])
    table = rows(home=["H1", "H1", "H1", "H2", "H2", "H3", None], to=["", "", "x", "", "", "", ""])
    arguments = {"household": "home", "when": {"to": [""]}, "table": "carers", "other": "places"}
    within = said("not_more_than_places", table, beside(carers=carers), **arguments, where={"decision": ["yes"]})
    assert within == ([True] * 7, [True, True, False, False, False, False, False])
    one = rows(home=["H1", "H2"], places=[1, 1], decision=["yes", "yes"])
    over = said("not_more_than_places", table, beside(carers=one), **arguments, where={"decision": ["yes"]})
    assert over == ([False, False, True, False, False, True, True], [True, True, False, True, True, False, False])


def test_a_flagged_child_needs_a_household_of_the_kind() -> None:
    context = beside(
        carers=rows(home=["H1", "H2"], kind=["foster", "dual"]), children=rows(who=["A", "B"], flag=["yes", "no"])
    )
    table = rows(who=["A", "A", "B", "A"], home=["H1", "H2", "H1", "H9"])
    arguments = {"by": "home", "table": "carers", "where": {"kind": ["dual"]}, "person": "who", "people": "children"}
    said_of = said("has_row_if_flagged", table, context, **arguments, flagged={"flag": ["yes"]})
    assert said_of == ([False, True, True, True], [True, True, False, False])
