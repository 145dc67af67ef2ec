# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""Steps of one child in the same table: does a step stand on the one it needs, and in time?

The order of steps is partial: a step may be repeated, taken at once with another, or left out where the law has
another way. So a missing step is a doubt, and only steps in the wrong order are faults.
"""

from collections.abc import Sequence

import numpy as np

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, holds, kind
from pact_pipeline.contracts.checks.shared import FAR_AHEAD, day_number, recent, within
from pact_pipeline.contracts.context import Array, Context, Mask, Rows


@kind(column="date", group="group", when="when", needs="when")
def has_step_before(
    rows: Rows,
    context: Context,
    column: str,
    group: Sequence[str],
    when: When,
    needs: When,
    recent_days: int | None = None,
) -> RowOutcome:
    """A row for which `when` holds has a row for which `needs` holds in its group, on the same day or before it."""
    looked = _dated(rows, column, group, when) & recent(rows, context, column, recent_days)
    return RowOutcome(~(looked & np.isnat(_last_before(rows, column, group, needs))), looked)


@kind(column="date", group="group", later="when", earlier="when")
def soon_after_step(
    rows: Rows,
    context: Context,
    column: str,
    group: Sequence[str],
    later: When,
    earlier: When,
    days: int,
    recent_days: int | None = None,
) -> RowOutcome:
    """A row of the kind `later` is at most `days` after the last row of the kind `earlier` before it in its group."""
    last = _last_before(rows, column, group, earlier)
    looked = _dated(rows, column, group, later) & recent(rows, context, column, recent_days) & ~np.isnat(last)
    return RowOutcome(~(looked & (rows.dates(column) - last > np.timedelta64(days, "D"))), looked)


@kind(column="date", group="group", when="when", among="when", undone="when")
def last_step_stands(
    rows: Rows, context: Context, column: str, group: Sequence[str], when: When, among: When, undone: When
) -> RowOutcome:
    """The last row of the kind `among` before a row for which `when` holds isn't of the kind `undone`. Of several on one
    day it is enough that one stands.
    """
    last = _last_before(rows, column, group, among)
    looked = _dated(rows, column, group, when) & ~np.isnat(last)
    standing = _last_before(rows, column, group, among, undone)
    return RowOutcome(~(looked & (np.isnat(standing) | (standing < last))), looked)


def _dated(rows: Rows, column: str, group: Sequence[str], when: When) -> Mask:
    """Rows of a kind that have a date and belong to a group."""
    return within(rows, when, np.asarray(rows.group(group) >= 0) & ~np.isnat(rows.dates(column)))


def _last_before(rows: Rows, column: str, group: Sequence[str], where: When, but_not: When | None = None) -> Array:
    """For each row the day of the last row of its group, on its own day or before, for which `where` holds (and
    `but_not` doesn't); NaT where there is none.
    """
    key = ("last before", column, tuple(group), repr(where), repr(but_not))
    if key not in rows.memo:
        groups, dates = rows.group(group), rows.dates(column)
        days = np.where(np.isnat(dates), 0, day_number(dates))
        there = holds(rows, where) & (groups >= 0) & ~np.isnat(dates)
        if but_not:
            there &= ~holds(rows, but_not)
        known = np.sort(groups[there] * FAR_AHEAD + days[there])
        mine = groups * FAR_AHEAD + days
        place = np.searchsorted(known, mine, side="right") - 1
        found = np.full(len(rows), np.datetime64("NaT", "us"))
        hit = (place >= 0) & (groups >= 0) & ~np.isnat(dates)
        hit[hit] &= known[place[hit]] // FAR_AHEAD == groups[hit]
        found[hit] = (known[place[hit]] % FAR_AHEAD).astype("datetime64[D]").astype("datetime64[us]")
        rows.memo[key] = found
    last: Array = rows.memo[key]
    return last
