"""A table as a whole against the submission before: did anything vanish, shrink, or come from somebody else?

Small numbers are never a reason to hold: each kind says from how many rows on it looks at all.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pact_pipeline.contracts.checks.former import place_in_former
from pact_pipeline.contracts.checks.kinds import NOT_EXAMINED, TableOutcome, When, holds, table_kind
from pact_pipeline.contracts.checks.shared import day_number, months_later, places_there, same_groups
from pact_pipeline.contracts.context import Context, Mask, Rows
from pact_pipeline.contracts.model import Contract

# Of fewer different days in a year none is thought a stray: a small council's latest days are all it has.
_DAYS_FOR_A_STRAY = 50


@table_kind(by="group", end="date")
def former_open_rows_kept(
    rows: Rows,
    context: Context,
    contract: Contract,
    by: Sequence[str],
    end: str,
    months: int | None = None,
    ended: bool = False,
    most: int = 0,
    share: float = 0.0,
) -> TableOutcome:
    """What was open in the submission before is still there, open or with its end, found by `by`.

    With `months` that is asked of everything that had not ended `months` months before the end of this period, as
    the return covers all that was open at any time in them; what ended earlier may rightly be gone. With `ended` only
    what had ended is looked at. `most` rows, or
    `share` of those looked at, may be missing.
    """
    former = context.former_table(contract.table)
    if former is None or context.former_period is None:
        return NOT_EXAMINED
    ends = former.dates(end)
    last_known = np.where(np.isnat(ends), np.datetime64(context.former_period.last_day), ends.astype("datetime64[D]"))
    must = np.isnat(ends)
    if months is not None:
        # Whoever ended on the very first day of the window may be thought in or out.
        first_day = months_later(np.array([context.period.last_day], dtype="datetime64[D]") + 1, -months)[0]
        must = (last_known > first_day) & (~np.isnat(ends) if ended else True)
    return _kept(rows, former, by, must, contract, most, share)


@table_kind(person="column", table="table", when="when")
def history_kept(
    rows: Rows,
    context: Context,
    contract: Contract,
    person: str,
    table: str | None = None,
    when: When | None = None,
    most: int = 0,
    share: float = 0.0,
) -> TableOutcome:
    """A row of the submission before is there again, by the table's key, as long as its person is still in the return
    (has a row in `table`, or in this one). The full history is sent each time.
    """
    former = context.former_table(contract.table)
    if former is None:
        return NOT_EXAMINED
    people = set((rows if table is None else context.table(table)).words(person)[1])
    places, words = former.words(person)
    must = np.array([word in people for word in words] + [False], dtype=bool)[places]
    if when:
        must &= holds(former, when)
    return _kept(rows, former, contract.primary_key, must, contract, most, share)


@table_kind(column="column")
def not_many_fewer(
    rows: Rows,
    context: Context,
    contract: Contract,
    share: float,
    least: int,
    column: str | None = None,
    months: int = 6,
) -> TableOutcome:
    """The table hasn't lost `share` of its rows (or of the different words of `column`) since the submission before, if
    that had at least `least`. One more than `months` months old isn't looked at: so much may happen in them.
    """
    former = context.former_table(contract.table)
    if former is None or context.former_period is None or _months_between(context) > months:
        return NOT_EXAMINED
    before, now = (len(one.words(column)[1]) if column else len(one) for one in (former, rows))
    if before < least:
        return NOT_EXAMINED
    return TableOutcome(before, max(before - now, 0), passes=before - now < share * before)


@table_kind(column="column")
def some_known_in_former(
    rows: Rows, context: Context, contract: Contract, column: str, share: float, least: int
) -> TableOutcome:
    """At least `share` of the different words of `column` in the submission before are here again, if there were at
    least `least`: the file of another supplier has almost none of them.
    """
    former = context.former_table(contract.table)
    if former is None or _months_between(context) > 12:
        return NOT_EXAMINED
    before, now = set(former.words(column)[1]), set(rows.words(column)[1])
    if len(before) < least or not now:
        return NOT_EXAMINED
    return TableOutcome(len(before), len(before - now), passes=len(before & now) >= share * len(before))


@table_kind(column="column", by="group", ignoring="codes")
def not_many_changed(
    rows: Rows,
    context: Context,
    contract: Contract,
    column: str,
    by: Sequence[str],
    share: float,
    least: int,
    ignoring: Sequence[str] = (),
) -> TableOutcome:
    """Fewer than `least` of the cells that were filled in the submission before say something else now, or less than
    `share` of them: dates written in another form, or a code list that was renumbered, change many at once. A code of
    `ignoring` on either side is no change.
    """
    former = context.former_table(contract.table)
    if former is None:
        return NOT_EXAMINED
    there = place_in_former(rows, former, by)
    looked = (there >= 0) & rows.readable(column) & ~rows.is_one_of(column, ignoring)
    looked[looked] &= (former.filled(column) & ~former.is_one_of(column, ignoring))[there[looked]]
    examined = int(np.count_nonzero(looked))
    mine = places_there(rows, former, column)[looked]
    found = int(np.count_nonzero(mine != former.words(column)[0][there[looked]]))
    return TableOutcome(examined, found, passes=found < least or found < share * examined)


@table_kind(columns="columns", by="group")
def not_many_emptied(
    rows: Rows,
    context: Context,
    contract: Contract,
    columns: Sequence[str],
    by: Sequence[str],
    share: float,
    least: int,
) -> TableOutcome:
    """In none of the columns `share` or more of the cells that were filled in the submission before, and at least
    `least` of them, are empty now: a column was dropped or came out empty. Rows are found there by `by`.
    """
    former = context.former_table(contract.table)
    if former is None:
        return NOT_EXAMINED
    there = place_in_former(rows, former, by)
    looked, emptied = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    passes = True
    for column in columns:
        if column in context.not_compared:
            continue
        was = there >= 0
        was[was] = former.filled(column)[there[was]]
        now_empty = was & rows.empty(column)
        many = int(np.count_nonzero(now_empty))
        passes = passes and (many < least or many < share * int(np.count_nonzero(was)))
        looked, emptied = looked | was, emptied | now_empty
    return TableOutcome(int(np.count_nonzero(looked)), int(np.count_nonzero(emptied)), passes)


@table_kind(columns="columns")
def columns_still_filled(
    rows: Rows, context: Context, contract: Contract, columns: Sequence[str], least: int, share: float = 0.5
) -> TableOutcome:
    """No column that was filled in `share` of the rows of the submission before (at least `least` of them) is empty in
    every row now. Columns are counted, not rows.
    """
    former = context.former_table(contract.table)
    if former is None or len(rows) < least:
        return NOT_EXAMINED
    used = [
        column
        for column in columns
        if column not in context.not_compared
        and np.count_nonzero(former.filled(column)) >= max(least, share * max(len(former), 1))
    ]
    emptied = [column for column in used if not rows.filled(column).any()]
    return TableOutcome(len(used), len(emptied), passes=not emptied)


@table_kind(columns="dates")
def dates_reach_period(
    rows: Rows, context: Context, columns: Sequence[str], days: int, times: float, least: int, stray: int = 0
) -> TableOutcome:
    """The latest of the dates isn't long before the end of the period: the file of an earlier month has none of this
    one.

    Long is more than `days` days, and more than `times` times the longest time without any date in the year before
    the latest one. So a small council, in which nothing happens for weeks, isn't held for it; fewer than `least`
    different days in that year say nothing. Counted are the different days. The latest of them may be strays: for
    every 50 days one isn't looked at, `stray` at most.
    """
    dates = np.concatenate([day_number(rows.dates(column)[~np.isnat(rows.dates(column))]) for column in columns])
    last = int(day_number(np.array([context.period.last_day], dtype="datetime64[D]"))[0])
    known = np.unique(dates[dates <= last])
    known = known[known > known.max(initial=0) - 366]
    if len(known) < max(least, 2):
        return NOT_EXAMINED
    known = known[: len(known) - min(stray, len(known) // _DAYS_FOR_A_STRAY)]
    silent = last - int(known[-1])
    passes = silent <= max(days, times * int(np.diff(known).max()))
    return TableOutcome(len(known), 0 if passes else len(known), passes)


def _months_between(context: Context) -> int:
    if context.former_period is None:
        return 0
    now, then = context.period.last_day, context.former_period.last_day
    return (now.year - then.year) * 12 + now.month - then.month


def _kept(
    rows: Rows, former: Rows, by: Sequence[str], must: Mask, contract: Contract, most: int, share: float
) -> TableOutcome:
    """Of the former rows that must be here the different keys that aren't; several rows of one key count once."""
    mine, theirs = same_groups(rows, former, by)
    must = must & (theirs >= 0)
    missing = must & ~np.isin(theirs, mine[mine >= 0])
    examined, found = len(np.unique(theirs[must])), len(np.unique(theirs[missing]))
    gone: pd.DataFrame | None = None
    if found:
        first = np.unique(theirs[missing], return_index=True)[1]
        gone = former.frame.loc[missing, list(contract.primary_key)].iloc[np.sort(first)].reset_index(drop=True)
    return TableOutcome(examined, found, passes=found <= max(most, share * examined), former_rows=gone)
