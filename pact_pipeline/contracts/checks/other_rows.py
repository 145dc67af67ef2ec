# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""Rows of the same table: overlaps, order of steps, steps that belong together."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, holds, kind
from pact_pipeline.contracts.checks.shared import FAR_AHEAD, NAT, day_number, within
from pact_pipeline.contracts.context import Array, Context, Mask, Rows


@kind(column="date", group="group", later="when", earlier="when")
def not_before_step(
    rows: Rows, context: Context, column: str, group: Sequence[str], later: When, earlier: When
) -> RowOutcome:
    """A row of the kind `later` isn't dated before the first row of the kind `earlier` in its group.

    Only the first counts, and a group without one passes: steps may be repeated, and not every way has every step.
    """
    first = _first_of(rows, column, group, earlier)
    looked = holds(rows, later) & ~np.isnat(rows.dates(column)) & ~np.isnat(first)
    return RowOutcome(~(looked & (rows.dates(column) < first)), looked)


def _first_of(rows: Rows, column: str, group: Sequence[str], where: When) -> Array:
    """For each row the first day of a row of its group for which the condition holds; NaT where there is none."""
    key = ("first", column, tuple(group), repr(where))
    if key not in rows.memo:
        groups, days = rows.group(group), rows.dates(column)
        there = holds(rows, where) & (groups >= 0) & ~np.isnat(days)
        first = np.full(int(groups.max(initial=-1)) + 2, np.iinfo(np.int64).max)
        np.minimum.at(first, groups[there], days[there].astype(np.int64))
        first[first == np.iinfo(np.int64).max] = NAT
        first[-1] = NAT  # rows without a group
        rows.memo[key] = first[groups].astype("datetime64[us]")
    found: Array = rows.memo[key]
    return found


@kind(group="group", start="date", end="date", when="when")
def no_overlap(
    rows: Rows, context: Context, group: Sequence[str], start: str, end: str, days: int = 0, when: When | None = None
) -> RowOutcome:
    """No two rows of a group overlap: [start, end) with an open end running on. The later of two is told, and so is
    the earlier.

    Up to `days` of overlap are let pass. Rows outside the condition are left out.
    """
    groups, starts, ends = rows.group(group), rows.dates(start), rows.dates(end)
    known = within(rows, when, np.asarray((groups >= 0) & ~np.isnat(starts)))
    order = np.lexsort((starts, groups))
    order = order[known[order]]
    g, s = groups[order], day_number(starts[order])
    e = np.where(np.isnat(ends[order]), FAR_AHEAD, day_number(ends[order]))
    # The latest end of any row before this one in the group: the last one's isn't enough when one row holds another.
    # One running maximum serves all groups, as the group's number weighs more than any day.
    latest = np.maximum.accumulate(g * 2 * FAR_AHEAD + e) - g * 2 * FAR_AHEAD
    same = g[1:] == g[:-1]
    clash = np.zeros(len(g), dtype=bool)
    clash[1:] = same & (latest[:-1] > s[1:] + days)
    clash[:-1] |= same & (e[:-1] > s[1:] + days)
    passes = np.ones(len(rows), dtype=bool)
    passes[order[clash]] = False
    return RowOutcome(passes, known)


@kind(column="column", group="group")
def same_within(rows: Rows, context: Context, column: str, group: Sequence[str]) -> Mask:
    """All rows of a group hold the same value in the column (empty cells aside)."""
    groups, values = rows.group(group), rows.words(column)[0]
    known = (groups >= 0) & (values >= 0)
    g, v = groups[known], values[known]
    first = np.full(int(groups.max(initial=-1)) + 2, -1, dtype=np.int64)
    first[g[::-1]] = v[::-1]
    mixed = np.zeros(len(first), dtype=bool)
    mixed[g[v != first[g]]] = True
    return ~(mixed[groups] & known)


@kind(group="group")
def alone_in(rows: Rows, context: Context, group: Sequence[str]) -> Mask:
    """No other row has the same values in all of these columns (rows with an empty one pass)."""
    groups = rows.group(group)
    counts = np.bincount(groups[groups >= 0], minlength=1)
    return np.where(groups >= 0, counts[groups] <= 1, True)


@kind(number="number", group="group", date="date")
def counts_up(rows: Rows, context: Context, number: str, group: Sequence[str], date: str) -> Mask:
    """Within a group the numbers are 1, 2, 3 … in the order of the dates (rows of one day in any order)."""
    groups, numbers, days = rows.group(group), rows.numbers(number), rows.dates(date)
    known = (groups >= 0) & ~np.isnan(numbers) & ~np.isnat(days)
    passes = np.ones(len(rows), dtype=bool)
    order = np.lexsort((numbers, days, groups))
    order = order[known[order]]
    in_order = groups[order]
    begins = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]]) if len(order) else np.array([], dtype=np.int64)
    place = np.arange(len(order)) - np.repeat(begins, np.diff(np.r_[begins, len(order)])) + 1
    passes[order] = numbers[order] == place
    return passes


@kind(column="date", group="group", last="when")
def nothing_after(rows: Rows, context: Context, column: str, group: Sequence[str], last: When) -> RowOutcome:
    """No row of a group is dated after its row for which `last` holds: nothing follows it."""
    ends = _first_of(rows, column, group, last)
    return RowOutcome(~(rows.dates(column) > ends), np.asarray(~np.isnat(rows.dates(column)) & ~np.isnat(ends)))


@kind(group="group", start="date", end="date")
def not_joined(rows: Rows, context: Context, group: Sequence[str], start: str, end: str) -> RowOutcome:
    """No row begins on the very day on which another row of its group, begun earlier, ends: the two would be one."""
    groups, starts, ends = rows.group(group), rows.dates(start), rows.dates(end)
    earlier = (groups >= 0) & (ends > starts)
    ended = pd.MultiIndex.from_arrays([groups[earlier], ends[earlier]])
    joined = pd.MultiIndex.from_arrays([groups, starts]).isin(ended)
    looked = np.asarray((groups >= 0) & ~np.isnat(starts))
    return RowOutcome(~(joined & looked), looked)
