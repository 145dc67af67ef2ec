"""The kinds of check on cases small enough to work by hand, and ages against a plain reckoning."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pact_pipeline.contracts.checks import KINDS
from pact_pipeline.contracts.context import Context, Rows
from pact_pipeline.periods import Period

CONTEXT = Context(Period.parse("2012-08"), "GLG")
DAYS = st.dates(date(1985, 1, 1), date(2014, 12, 31))


def rows(**columns: list[object]) -> Rows:
    frame = pd.DataFrame(columns, dtype=object)
    for name in frame:
        if frame[name].map(lambda value: isinstance(value, date) or value is None).all():
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
        elif frame[name].map(lambda value: isinstance(value, int) or value is None).all():
            frame[name] = frame[name].astype("Int64")
        else:
            frame[name] = frame[name].astype("str")
    return Rows(frame)


def passes(kind: str, rows: Rows, context: Context = CONTEXT, /, **arguments: object) -> list[bool]:
    found: list[bool] = KINDS[kind].of_rows(rows, context, **arguments).passes.tolist()
    return found


def day(number: int) -> date:
    return date(2012, 1, number)


@given(born=DAYS, on=DAYS)
def test_age_is_counted_in_completed_years(born: date, on: date) -> None:
    plain = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    table = rows(date_of_birth=[born], on=[on])
    assert passes("age_between", table, on="on", minimum=plain, maximum=plain) == [True]
    assert passes("age_between", table, on="on", minimum=plain + 1) == [False]
    assert passes("age_between", table, on="on", maximum=plain - 1) == [False]


def test_a_child_born_on_29_february_comes_of_age_on_1_march() -> None:
    table = rows(date_of_birth=[date(1992, 2, 29)] * 2, on=[date(2010, 2, 28), date(2010, 3, 1)])
    assert passes("age_between", table, on="on", maximum=17) == [True, False]


def test_an_empty_operand_passes() -> None:
    table = rows(a=[day(5), None], b=[None, day(5)])
    assert passes("not_before", table, later="a", earlier="b") == [True, True]
    assert passes("age_between", table, on="a", born="b", maximum=0) == [True, True]


def test_a_long_spell_that_holds_two_short_ones_clashes_with_both() -> None:
    table = rows(
        who=["C1", "C1", "C1", "C1"],
        start=[day(1), day(3), day(8), day(20)],
        end=[day(15), day(4), day(9), None],
    )
    assert passes("no_overlap", table, group=["who"], start="start", end="end") == [False, False, False, True]


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 28), st.integers(0, 6)), max_size=8))
def test_overlaps_are_those_a_plain_comparison_finds(spells: list[tuple[str, int, int]]) -> None:
    if not spells:
        return
    table = rows(
        who=[who for who, _, _ in spells],
        start=[day(first) for _, first, _ in spells],
        end=[date.fromordinal(day(first).toordinal() + length) for _, first, length in spells],
    )
    told = passes("no_overlap", table, group=["who"], start="start", end="end")
    later_of_a_pair = [
        any(
            j != i and who == other and (begun, j) < (first, i) and begun + length > first
            for j, (other, begun, length) in enumerate(spells)
        )
        for i, (who, first, _) in enumerate(spells)
    ]
    # Each later one of an overlapping pair is told; an earlier one only when the next one meets it.
    assert all(not told[i] for i, clash in enumerate(later_of_a_pair) if clash)
    assert (False in told) == any(later_of_a_pair)


def test_a_step_is_measured_against_the_first_of_its_own_child() -> None:
    table = rows(
        who=["C1", "C1", "C2", "C2", "C3"],
        step=["panel", "decision", "panel", "decision", "decision"],
        on=[day(10), day(9), day(5), day(9), day(1)],
    )
    arguments = {"later": {"step": ["decision"]}, "earlier": {"step": ["panel"]}}
    assert passes("not_before_step", table, column="on", group=["who"], **arguments) == [True, False, True, True, True]


def test_a_date_between_two_spells_is_in_none() -> None:
    children = rows(who=["C1", "C1"], start=[day(1), day(20)], end=[day(10), None]).frame
    context = Context(Period.parse("2012-08"), "GLG", accepted={"children": children})
    table = rows(who=["C1"] * 5 + ["C9"], on=[day(1), day(10), day(11), day(20), None, day(11)])
    arguments = {"column": "on", "table": "children", "by": "who", "start": "start", "end": "end"}
    assert passes("within_a_spell", table, context, **arguments) == [True, True, False, True, True, True]
    assert passes("within_a_spell", table, context, **arguments, slack_days=1) == [True] * 6


def test_a_reference_of_two_columns_is_looked_up_as_a_pair() -> None:
    there = rows(council=["GLG", "FIF"], child=["1", "2"]).frame
    context = Context(Period.parse("2012-08"), "clas", accepted={"children": there})
    table = rows(council=["GLG", "GLG", "FIF"], child=["1", "2", "2"])
    assert passes("in_table", table, context, columns=["council", "child"], table="children") == [True, False, True]


def test_rounds_count_up_in_the_order_of_the_days() -> None:
    table = rows(who=["A", "A", "A", "B"], round=[1, 3, 2, 2], on=[day(1), day(9), day(5), day(1)])
    assert passes("counts_up", table, number="round", group=["who"], date="on") == [True, True, True, False]


def test_the_same_numbers_group_rows_whatever_the_columns() -> None:
    table = rows(a=["x", "x", "y", "x"], b=["1", "1", "1", "2"], c=[day(1), day(1), day(1), None])
    groups = table.group(["a", "b", "c"])
    assert groups[0] == groups[1] != groups[2]
    assert groups[3] == -1
    assert np.array_equal(table.group(["a"]), [0, 0, 1, 0])
