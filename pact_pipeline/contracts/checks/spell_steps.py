# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""A child's steps against the spells and the plan in another table: was a step in time, is the plan the same?"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, kind
from pact_pipeline.contracts.checks.other_tables import spell_on
from pact_pipeline.contracts.checks.shared import day_number, months_later, recent, within
from pact_pipeline.contracts.context import Array, Context, Mask, Rows

_NO_DAY = np.datetime64("NaT", "D")


@kind(column="date", when="when", table="table", start="other", end="other", by="column")
def in_time_in_spell(
    rows: Rows,
    context: Context,
    column: str,
    when: When,
    table: str,
    start: str,
    end: str,
    nth: int,
    by: str = "child_ref",
    days: int | None = None,
    months: int | None = None,
    and_later: bool = False,
    recent_days: int | None = None,
    spell_since_days: int | None = None,
) -> RowOutcome:
    """The nth step of its kind in a spell comes within `days` or calendar `months` of the one before, the first within
    so many of the spell's start; with `and_later` every one from the nth on.

    `recent_days` as in `at_most_days`. `spell_since_days` looks only at spells begun in the last so many days of the
    period: of older ones the first steps may never have been entered.
    """
    number, before, begun = _in_spells(rows, context, column, when, table, start, end, by)
    looked = (number >= nth) if and_later else (number == nth)
    looked &= recent(rows, context, column, recent_days)
    if spell_since_days is not None:
        looked &= begun > np.datetime64(context.period.last_day) - np.timedelta64(spell_since_days, "D")
    until = months_later(before, months) if months is not None else before + np.timedelta64(days or 0, "D")
    return RowOutcome(~(looked & (rows.dates(column).astype("datetime64[D]") > until)), np.asarray(looked))


def _in_spells(
    rows: Rows, context: Context, column: str, when: When, table: str, start: str, end: str, by: str
) -> tuple[npt.NDArray[np.int64], Array, Array]:
    """For each row of the kind: its number within the person's spell (from 1; 0 for rows in none), the day of the one
    before it (of the spell's start for the first), and the spell's start.
    """
    key = ("in spells", column, repr(when), table, start, end, by)
    if key not in rows.memo:
        judged, spell, last_days, first_days = spell_on(rows, context, column, table, start, end, by)
        days = rows.dates(column).astype("datetime64[D]")
        inside = within(rows, when, judged & (spell >= 0))
        inside[inside] = day_number(days[inside]) <= last_days[spell[inside]]
        begun = np.full(len(rows), _NO_DAY)
        begun[inside] = first_days[spell[inside]].astype("datetime64[D]")
        number, before = np.zeros(len(rows), dtype=np.int64), begun.copy()
        order = np.lexsort((days, spell))
        order = order[inside[order]]
        new = np.r_[True, spell[order][1:] != spell[order][:-1]] if len(order) else np.array([], dtype=bool)
        begins = np.flatnonzero(new)
        number[order] = np.arange(len(order)) - np.repeat(begins, np.diff(np.r_[begins, len(order)])) + 1
        again = ~new
        before[order[again]] = days[order[np.flatnonzero(again) - 1]]
        rows.memo[key] = number, before, begun
    found: tuple[npt.NDArray[np.int64], Array, Array] = rows.memo[key]
    return found


@kind(
    column="date", person="column", step="column", outcome="column", table="table",
    other="other", start="other",
)  # fmt: skip
def plan_agrees(
    rows: Rows,
    context: Context,
    column: str,
    person: str,
    step: str,
    steps: Sequence[str],
    outcome: str,
    table: str,
    other: str,
    start: str,
    none: str,
    undone: Sequence[str],
) -> RowOutcome:
    """The plan told by a person's last step of `steps` is the one that `other` names in the person's latest row (by
    `start`) of another table. Of steps on one day the later in the list counts; an outcome of `undone` leaves no plan,
    which that table calls `none`.
    """
    plans = _plan_there(rows, context, person, table, other, start)
    (places, people), (told, words) = rows.words(person), rows.words(outcome)
    known = np.array([who in plans for who in people] + [False], dtype=bool)[places]
    looked = np.asarray(_last_of_person(rows, column, person, step, steps) & rows.filled(outcome) & known)
    there = np.array([plans.get(who) for who in people] + [None], dtype=object)[places]
    here = np.array([none if word in undone else word for word in words] + [None], dtype=object)[told]
    return RowOutcome(np.asarray(~(looked & (here != there)), dtype=bool), looked)


def _last_of_person(rows: Rows, column: str, person: str, step: str, steps: Sequence[str]) -> Mask:
    """True for the last of each person's steps."""
    places, words = rows.words(step)
    rank = np.array([steps.index(word) if word in steps else -1 for word in words] + [-1], dtype=np.int64)[places]
    people, days = rows.words(person)[0], rows.dates(column)
    order = np.lexsort((rank, days, people))
    order = order[((rank >= 0) & (people >= 0) & ~np.isnat(days))[order]]
    last = np.zeros(len(rows), dtype=bool)
    if len(order):
        last[order[np.r_[people[order][1:] != people[order][:-1], True]]] = True
    return last


def _plan_there(rows: Rows, context: Context, person: str, table: str, other: str, start: str) -> Mapping[str, str]:
    """What the latest row of each person names in another table; people whose latest row names nothing are left out."""
    key = ("latest", table, person, other, start)
    if key not in context.memo:
        there = context.table(table)
        (people, names), (plans, words) = there.words(person), there.words(other)
        order = np.argsort(there.dates(start), kind="stable")
        order = order[(people[order] >= 0) & ~np.isnat(there.dates(start)[order])]
        latest = {names[who]: plan for who, plan in zip(people[order].tolist(), plans[order].tolist(), strict=True)}
        context.memo[key] = {who: words[plan] for who, plan in latest.items() if plan >= 0}
    found: Mapping[str, str] = context.memo[key]
    return found
