"""Pieces that several kinds of check use: conditions, days, and looking a person up in another table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pact_pipeline.contracts.checks.kinds import Person, When, holds
from pact_pipeline.contracts.context import Array, Context, Mask, Rows

Places = npt.NDArray[np.int64]

FAR_AHEAD = 4_000_000  # the number of a day after any that can be written, for what has no end
_WIDE = 2**40  # above this the numbers of a group are made dense, so that the next column can't overflow them
NAT: int = np.iinfo(np.int64).min  # the number that stands for an empty date


def unless(rows: Rows, when: When | None, passes: Mask) -> Mask:
    """Rows outside the condition pass."""
    return passes if not when else passes | ~holds(rows, when)


def within(rows: Rows, when: When | None, looked: Mask) -> Mask:
    """Only rows inside the condition are looked at."""
    return looked if not when else looked & holds(rows, when)


def day_number(dates: Array) -> npt.NDArray[np.int64]:
    return dates.astype("datetime64[D]").astype(np.int64)


def later_by(dates: Array, days: int) -> Array:
    return dates + np.timedelta64(days, "D") if days else dates


def months_later(dates: Array, months: int) -> Array:
    """The same day of the month `months` on, or that month's last day if it has no such day; NaT stays."""
    day = dates.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    after = month + np.timedelta64(months, "M")
    last = (after + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.asarray(np.minimum(after.astype("datetime64[D]") + (day - month.astype("datetime64[D]")), last))


def recent(rows: Rows, context: Context, column: str, days: int | None) -> Mask:
    """True where the date is within so many days before the end of the period; everywhere if no number is given."""
    if days is None:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(rows.dates(column) > np.datetime64(context.period.last_day) - np.timedelta64(days, "D"))


def settled(rows: Rows, context: Context, column: str | None, days: int) -> Mask:
    """True where the date is at least so many days before the end of the period; everywhere without a column."""
    if column is None:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(rows.dates(column) <= np.datetime64(context.period.last_day) - np.timedelta64(days, "D"))


def as_key(person: Person) -> str | tuple[str, ...]:
    """The column or columns that name a person, as `Rows.words` takes them."""
    return person if isinstance(person, str) else tuple(person)


def from_table(rows: Rows, context: Context, by: Person, table: str, other: str, where: When | None = None) -> Array:
    """For each row the earliest `other` date of its person in a table judged before; NaT when not found."""
    by = as_key(by)
    key = (table, by, other, repr(where))
    if key not in context.memo:
        context.memo[key] = _earliest_of_each(context.table(table), by, other, where)
    if key not in rows.memo:
        of_person: dict[Any, int] = context.memo[key]
        places, people = rows.words(by)
        dates = np.array([of_person.get(person, NAT) for person in people] + [NAT], dtype=np.int64)
        rows.memo[key] = dates.astype("datetime64[us]")[places]
    found: Array = rows.memo[key]
    return found


def _earliest_of_each(there: Rows, by: str | tuple[str, ...], other: str, where: When | None) -> dict[Any, int]:
    """The earliest date (as its number) of each person of a table; people without one are left out."""
    places, people = there.words(by)
    dates = there.dates(other)
    known = (places >= 0) & ~np.isnat(dates)
    if where:
        known &= holds(there, where)
    latest_first = np.argsort(dates[known], kind="stable")[::-1]  # of each person the last one written stays
    numbers = dates[known].astype(np.int64)[latest_first].tolist()
    return {people[place]: number for place, number in zip(places[known][latest_first].tolist(), numbers, strict=True)}


def places_there(
    rows: Rows, there: Rows, column: str | tuple[str, ...], column_there: str | None = None
) -> npt.NDArray[np.int64]:
    """For each row the place of its word in another table's list of words of the column; -1 where it isn't there."""
    key = ("places", there, column, column_there)
    if key not in rows.memo:
        place_of = {word: place for place, word in enumerate(there.words(column_there or column)[1])}
        places, words = rows.words(column)
        rows.memo[key] = np.array([place_of.get(word, -1) for word in words] + [-1], dtype=np.int64)[places]
    found: npt.NDArray[np.int64] = rows.memo[key]
    return found


def whole_years(born: Array, on: Array) -> Array:
    """Completed years from birth to a day, NaN when either is empty. Born on 29 February, the birthday is 1 March."""
    born, on = born.astype("datetime64[D]"), on.astype("datetime64[D]")
    month_born, month_on = born.astype("datetime64[M]"), on.astype("datetime64[M]")
    before_the_day = (on - month_on.astype("datetime64[D]")) < (born - month_born.astype("datetime64[D]"))
    months = (month_on - month_born).astype(np.int64) - before_the_day
    return np.where(np.isnat(born) | np.isnat(on), np.nan, months // 12)


def same_groups(rows: Rows, there: Rows, by: Sequence[str]) -> tuple[Places, Places]:
    """A number for each different key, the same in both tables; -1 where a part of it is empty or, for `rows`, isn't
    among the words of the other table.
    """
    mine, theirs = np.zeros(len(rows), dtype=np.int64), np.zeros(len(there), dtype=np.int64)
    mine_known, theirs_known = np.ones(len(rows), dtype=bool), np.ones(len(there), dtype=bool)
    for column in by:
        own, other = places_there(rows, there, column), there.words(column)[0]
        mine_known &= own >= 0
        theirs_known &= other >= 0
        width = len(there.words(column)[1]) + 1
        mine, theirs = mine * width + own, theirs * width + other
        if theirs.max(initial=0) > _WIDE:
            dense = np.unique(np.concatenate([mine, theirs]), return_inverse=True)[1]
            mine, theirs = dense[: len(mine)], dense[len(mine) :]
    return np.where(mine_known, mine, -1), np.where(theirs_known, theirs, -1)
