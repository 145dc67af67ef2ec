"""The kinds of check on counts, and on children known by council and reference, on cases small enough to work by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pact_pipeline.contracts.checks import KINDS
from pact_pipeline.contracts.context import Context, Rows
from pact_pipeline.periods import Period
from pact_pipeline_tests.contracts.example_rows import contracts, typed

COUNTS = contracts()["clas.annual_counts"]
CHILDREN = contracts()["clas.children"]
EPISODES = contracts()["clas.episodes"]
AREAS = {"column": "area", "total": "SCO", "group": ["year"], "numbers": ["count"]}


def counts(*cells: tuple[str, str, int | None]) -> Rows:
    return Rows(typed(COUNTS, [{"year": year, "area": area, "count": count} for year, area, count in cells]))


def after(former: Sequence[dict[str, Any]] = (), table: str = "annual_counts") -> Context:
    before = {table: typed(contracts()[f"clas.{table}"], former)} if former else {}
    return Context(Period.parse("CLAS2012"), "clas", None, {}, {}, before, Period.parse("CLAS2011") if former else None)


def passes(kind: str, rows: Rows, context: Context | None = None, /, **arguments: Any) -> list[bool]:
    found: list[bool] = KINDS[kind].of_rows(rows, context or after(), **arguments).passes.tolist()
    return found


def examined(kind: str, rows: Rows, context: Context | None = None, /, **arguments: Any) -> list[bool]:
    found: list[bool] = KINDS[kind].of_rows(rows, context or after(), **arguments).examined.tolist()
    return found


def test_parts_of_a_year_are_not_set_against_the_total_of_another() -> None:
    rows = counts(("CLAS2011", "SCO", 10), ("CLAS2012", "SCO", 100), ("CLAS2012", "GLG", 50))
    assert passes("rows_add_up", rows, contract=COUNTS, **AREAS) == [True, True, True]
    assert examined("rows_add_up", rows, contract=COUNTS, **AREAS) == [False, True, False]


def test_all_parts_must_make_the_total_and_some_may_not_exceed_it() -> None:
    every = [("CLAS2012", area, 1) for area in COUNTS.column("area").code_words if area != "SCO"]
    assert passes("rows_add_up", counts(("CLAS2012", "SCO", 32), *every), contract=COUNTS, **AREAS)[0]
    assert not passes("rows_add_up", counts(("CLAS2012", "SCO", 33), *every), contract=COUNTS, **AREAS)[0]
    assert passes("rows_add_up", counts(("CLAS2012", "SCO", 33), *every[1:]), contract=COUNTS, **AREAS)[0]
    assert not passes("rows_add_up", counts(("CLAS2012", "SCO", 30), *every[1:]), contract=COUNTS, **AREAS)[0]


def test_a_count_with_a_sign_is_not_taken_for_zero() -> None:
    """The courts' * is less than a half, not a count of nothing; a sum over it isn't known."""
    every = [("CLAS2012", area, 1) for area in COUNTS.column("area").code_words if area != "SCO"]
    signed = [("CLAS2012", every[0][1], None), *every[1:]]
    assert passes("rows_add_up", counts(("CLAS2012", "SCO", 32), *signed), contract=COUNTS, **AREAS)[0]
    assert examined("rows_add_up", counts(("CLAS2012", "SCO", None), *every), contract=COUNTS, **AREAS)[0] is False


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CLAS2011", "CLAS2012"]),
            st.sampled_from(["SCO", "GLG", "FIF"]),
            st.none() | st.integers(0, 9),
        ),
        unique_by=lambda cell: cell[:2],
        max_size=6,
    )
)
def test_sums_are_those_a_plain_reckoning_finds(cells: list[tuple[str, str, int | None]]) -> None:
    told = passes("rows_add_up", counts(*cells), contract=COUNTS, parts=["GLG", "FIF"], **AREAS)
    plain = []
    for year, area, count in cells:
        parts = [other for when, where, other in cells if when == year and where != "SCO" and other is not None]
        wrong = area == "SCO" and count is not None and parts
        plain.append(not (wrong and (sum(parts) > count or (len(parts) == 2 and sum(parts) < count))))
    assert told == plain


def test_a_code_of_a_law_fits_a_year_if_it_was_in_use_on_its_last_day() -> None:
    rows = Rows(
        typed(COUNTS, [{"year": f"CLAS{year}", "category": "PO"} for year in (2008, 2009, 2010)] + [{"category": "PO"}])
    )
    uses = {"PO": {"from": "2009-07-31"}}
    assert passes("code_in_use_in_year", rows, column="category", year="year", uses=uses) == [False, True, True, True]
    ended = {"PO": {"to": "2008-08-01"}}
    assert passes("code_in_use_in_year", rows, column="category", year="year", uses=ended) == [True, True, False, True]


def test_a_count_near_any_figure_of_the_submission_before_is_near() -> None:
    before = [{"area": "GLG", "count": 100}, {"area": "GLG", "count": 200}, {"area": "FIF", "count": 10}]
    now = counts(*(("CLAS2012", "GLG", count) for count in (49, 50, 150, 300, 301)), ("CLAS2012", "FIF", 29))
    span = {"contract": COUNTS, "number": "count", "group": ["area"], "share": 0.5, "least": 20}
    assert passes("near_former", now, after(before), **span) == [False, True, True, True, False, True]


def test_without_a_submission_before_nothing_is_compared() -> None:
    span = {"contract": COUNTS, "number": "count", "group": ["area"], "share": 0.5, "least": 20}
    assert passes("near_former", counts(("CLAS2012", "GLG", 1)), **span) == [True]
    assert examined("near_former", counts(("CLAS2012", "GLG", 1)), **span) == [False]
    new = counts(("CLAS2012", "ORK", 500))
    assert examined("near_former", new, after([{"area": "GLG", "count": 1}]), **span) == [False]


def test_a_missing_council_is_told_and_which_stands_in_the_former_rows() -> None:
    before = after([{"council": "GLG", "child_ref": "C1"}, {"council": "FIF", "child_ref": "C2"}], "children")
    rows = Rows(typed(CHILDREN, [{"council": "GLG", "child_ref": "C1"}]))
    outcome = KINDS["words_kept"].of_whole(rows, before, contract=CHILDREN, column="council")
    assert (outcome.examined, outcome.found, outcome.passes) == (2, 1, False)
    assert outcome.former_rows.to_dict("records") == [{"council": "FIF"}]


def test_children_of_two_councils_with_one_reference_are_two_children() -> None:
    there = [
        {"council": "GLG", "child_ref": "C1", "date_of_birth": "2000-01-01"},
        {"council": "FIF", "child_ref": "C1", "date_of_birth": "2010-01-01"},
    ]
    judged = Context(Period.parse("CLAS2012"), "clas", None, {"children": typed(CHILDREN, there)})
    rows = Rows(
        typed(EPISODES, [{"council": council, "child_ref": "C1", "episode_start": "2005-01-01"} for council in
                         ("GLG", "FIF", "ORK", None)])
    )  # fmt: skip
    arguments = {"column": "episode_start", "table": "children", "other": "date_of_birth"}
    by = ["council", "child_ref"]
    assert passes("not_before_in_table", rows, judged, by=by, **arguments) == [True, False, True, True]
    # By reference alone the earlier birth would be taken for both.
    assert passes("not_before_in_table", rows, judged, by="child_ref", **arguments) == [True] * 4


def test_combinations_leave_out_rows_with_an_empty_part() -> None:
    frame = pd.DataFrame({"a": ["x", "x", None, "y"], "b": ["1", "1", "1", "2"]}, dtype="str")
    places, words = Rows(frame).words(("a", "b"))
    assert [words[place] if place >= 0 else None for place in places] == [("x", "1"), ("x", "1"), None, ("y", "2")]


def spells(*days: tuple[str, str | None]) -> Rows:
    return Rows(
        typed(EPISODES, [{"council": "GLG", "child_ref": "C1", "episode_start": a, "episode_end": b} for a, b in days])
    )


def test_an_episode_begun_on_the_day_an_earlier_one_ended_is_told() -> None:
    group = {"group": ["council", "child_ref"], "start": "episode_start", "end": "episode_end"}
    joined = spells(("2011-01-01", "2011-02-01"), ("2011-02-01", None), ("2011-02-02", None))
    assert passes("not_joined", joined, **group) == [True, False, True]
    assert passes("not_joined", spells(("2011-02-01", "2011-02-01")), **group) == [True]
    assert np.all(passes("not_joined", spells(), **group))
