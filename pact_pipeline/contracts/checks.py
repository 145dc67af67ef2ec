# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""The kinds of check a contract's rule can name: one vectorised function a kind.

Each takes (rows, context, **arguments) and returns a boolean array, True where the row passes. An empty operand
passes, because whether a value must be there is a rule of its own (`required_when`, or the column's `required`). What
a rule is called, how severe it is and what it tells the supplier stands in the contract, not here.

`when` is a condition on other columns of the row, all of which must hold: {column: [codes]}, {column: filled} or
{column: empty}. A row outside the condition passes.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.contracts.context import Array, Context, Mask, Rows
from pact_pipeline.periods import Period

_FAR_AHEAD = 4_000_000  # the number of a day after any that can be written, for what has no end
_NAT: int = np.iinfo(np.int64).min  # the number that stands for an empty date

When = Mapping[str, Any]
Operand = Literal[
    "date",
    "dates",
    "number",
    "numbers",
    "column",
    "columns",
    "when",
    "codes",
    "uses",
    "table",
    "other",
    "where",
    "day",
    "whole",
    "amount",
    "plain",
]
_BY_ANNOTATION: dict[Any, Operand] = {int: "whole", int | None: "whole", float: "amount"}


@dataclass(frozen=True)
class CheckKind:
    """A kind of check: its function and what each argument is, so that a contract naming a wrong column breaks when
    loaded.

    Operands: `date`, `number`, `column`, `columns` are columns of the table itself; `other` a column of the table
    named by `table`; `codes` are codes of the column named by `column`; `plain` is anything else.
    """

    name: str
    judge: Callable[..., Mask]
    operands: Mapping[str, Operand]
    required: frozenset[str]


KINDS: dict[str, CheckKind] = {}


def kind(**operands: Operand) -> Callable[[Callable[..., Mask]], Callable[..., Mask]]:
    """Register a function as a kind of check under its own name; numbers are known by their annotation."""

    def register(judge: Callable[..., Mask]) -> Callable[..., Mask]:
        parameters = list(inspect.signature(judge).parameters.values())[2:]
        KINDS[judge.__name__] = CheckKind(
            name=judge.__name__,
            judge=judge,
            operands={p.name: operands.get(p.name) or _BY_ANNOTATION.get(p.annotation, "plain") for p in parameters},
            required=frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty),
        )
        return judge

    return register


# --- dates within the row


@kind(later="date", earlier="date", when="when")
def not_before(
    rows: Rows, context: Context, later: str, earlier: str, slack_days: int = 0, when: When | None = None
) -> Mask:
    """`later` is on or after `earlier`, or at most `slack_days` before it."""
    return _unless(rows, when, ~(_later(rows.dates(later), slack_days) < rows.dates(earlier)))


@kind(columns="dates")
def not_after_period_end(rows: Rows, context: Context, columns: Sequence[str]) -> Mask:
    """None of the dates is after the period's last day: what is reported has happened."""
    last = np.datetime64(context.period.last_day)
    passes = np.ones(len(rows), dtype=bool)
    for column in columns:
        passes &= ~(rows.dates(column) > last)
    return passes


@kind(column="date", day="day", when="when")
def not_before_day(rows: Rows, context: Context, column: str, day: str, when: When | None = None) -> Mask:
    """The date is not before a fixed day (a law's commencement, or the oldest date that can be meant)."""
    return _unless(rows, when, ~(rows.dates(column) < np.datetime64(date.fromisoformat(day))))


@kind(column="date", day="day", when="when")
def not_after_day(rows: Rows, context: Context, column: str, day: str, when: When | None = None) -> Mask:
    """The date is not after a fixed day."""
    return _unless(rows, when, ~(rows.dates(column) > np.datetime64(date.fromisoformat(day))))


@kind(column="date")
def not_before_period_start(rows: Rows, context: Context, column: str) -> Mask:
    """The date is not before the period's first day."""
    return ~(rows.dates(column) < np.datetime64(context.period.first_day))


@kind(start="date", end="date", when="when")
def at_most_days(rows: Rows, context: Context, start: str, end: str, days: int, when: When | None = None) -> Mask:
    """`end` is at most `days` after `start`."""
    return _unless(rows, when, ~(rows.dates(end) - rows.dates(start) > np.timedelta64(days, "D")))


@kind(column="date", group="columns", later="when", earlier="when")
def not_before_step(
    rows: Rows, context: Context, column: str, group: Sequence[str], later: When, earlier: When
) -> Mask:
    """A row of the kind `later` isn't dated before the first row of the kind `earlier` in its group.

    Only the first counts, and a group without one passes: steps may be repeated, and not every way has every step.
    """
    groups, days = rows.group(group), rows.dates(column)
    holds = _holds(rows, earlier) & (groups >= 0) & ~np.isnat(days)
    first = np.full(int(groups.max(initial=-1)) + 2, np.iinfo(np.int64).max)
    np.minimum.at(first, groups[holds], days[holds].astype(np.int64))
    first[first == np.iinfo(np.int64).max] = _NAT
    first[-1] = _NAT  # rows without a group
    return ~(_holds(rows, later) & (days < first[groups].astype("datetime64[us]")))


# --- what must be there, and which codes


@kind(column="column", when="when")
def required_when(rows: Rows, context: Context, column: str, when: When) -> Mask:
    """The column is filled in every row the condition holds for."""
    return _unless(rows, when, ~rows.empty(column))


@kind(column="column", when="when")
def empty_when(rows: Rows, context: Context, column: str, when: When) -> Mask:
    """The column is empty in every row the condition holds for."""
    return _unless(rows, when, rows.empty(column))


@kind(a="column", b="column")
def both_or_neither(rows: Rows, context: Context, a: str, b: str) -> Mask:
    """Both columns are filled, or neither is."""
    return ~(rows.empty(a) ^ rows.empty(b))


@kind(column="column", when="when", allowed="codes")
def codes_when(rows: Rows, context: Context, column: str, when: When, allowed: Sequence[str]) -> Mask:
    """The column holds one of the allowed codes in every row the condition holds for."""
    return _unless(rows, when, rows.empty(column) | rows.is_one_of(column, allowed))


@kind(column="column", on="date", uses="uses")
def code_in_use(rows: Rows, context: Context, column: str, on: str, uses: Mapping[str, Mapping[str, str]]) -> Mask:
    """The code was in use on a day: `uses` gives the first and last day of each code that has one ({code: {from,
    to}}).
    """
    passes = np.ones(len(rows), dtype=bool)
    for code, span in uses.items():
        has = rows.is_one_of(column, [code])
        if "from" in span:
            passes &= ~(has & (rows.dates(on) < np.datetime64(span["from"])))
        if "to" in span:
            passes &= ~(has & (rows.dates(on) > np.datetime64(span["to"])))
    return passes


@kind(columns="columns")
def one_filled(rows: Rows, context: Context, columns: Sequence[str]) -> Mask:
    """At least one of the columns is filled."""
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns:
        filled |= ~rows.empty(column)
    return filled


@kind(a="column", b="column")
def differs(rows: Rows, context: Context, a: str, b: str) -> Mask:
    """The two columns don't hold the same word."""
    (a_places, a_words), (b_places, b_words) = rows.words(a), rows.words(b)
    place_in_b = {word: place for place, word in enumerate(b_words)}
    same = np.array([place_in_b.get(word, -2) for word in a_words] + [-2])[a_places] == b_places
    return np.asarray(~same)


# --- numbers


@kind(smaller="number", larger="number")
def not_above(rows: Rows, context: Context, smaller: str, larger: str) -> Mask:
    """`smaller` is at most `larger`."""
    return ~(rows.numbers(smaller) > rows.numbers(larger))


@kind(total="number", parts="numbers")
def adds_up(rows: Rows, context: Context, total: str, parts: Sequence[str]) -> Mask:
    """The parts add up to the total. Passes when any of them is empty (suppressed or not published)."""
    added = np.sum([rows.numbers(part) for part in parts], axis=0)
    return np.asarray(~(np.abs(added - rows.numbers(total)) > 1e-6))


@kind(column="number")
def at_most(rows: Rows, context: Context, column: str, most: float) -> Mask:
    """The number is at most `most`: for a doubt, where the column's own range is for what can't be."""
    return np.asarray(~(rows.numbers(column) > most))


@kind(column="number")
def not_one_of(rows: Rows, context: Context, column: str, numbers: Sequence[float]) -> Mask:
    """The number is none of some numbers."""
    return np.asarray(~np.isin(rows.numbers(column), np.asarray(numbers, dtype=float)))


# --- the person's age


@kind(on="date", born="other", by="column", table="table", when="when")
def age_between(
    rows: Rows,
    context: Context,
    on: str,
    minimum: int | None = None,
    maximum: int | None = None,
    born: str = "date_of_birth",
    table: str | None = None,
    by: str = "child_ref",
    when: When | None = None,
) -> Mask:
    """The age in whole years on a day is from `minimum` to `maximum`, both included.

    The true date of birth is the row's own, or that of the `table` judged before, found by `by`. A row whose person
    isn't found there passes: that is another rule's finding.
    """
    birth = rows.dates(born) if table is None else _from_table(rows, context, by, table, born)
    age = _whole_years(birth, rows.dates(on))
    passes = np.ones(len(rows), dtype=bool)
    if minimum is not None:
        passes &= ~(age < minimum)
    if maximum is not None:
        passes &= ~(age > maximum)
    return _unless(rows, when, passes)


@kind(born="date", when="when")
def age_at_period_end(rows: Rows, context: Context, born: str, maximum: int, when: When | None = None) -> Mask:
    """The age in whole years on the period's last day is at most `maximum`."""
    last = np.full(len(rows), np.datetime64(context.period.last_day), dtype="datetime64[us]")
    return _unless(rows, when, ~(_whole_years(rows.dates(born), last) > maximum))


# --- other rows


@kind(columns="columns", table="table", matching="plain", when="when")
def in_table(
    rows: Rows,
    context: Context,
    columns: Sequence[str],
    table: str,
    matching: Sequence[str] | None = None,
    when: When | None = None,
) -> Mask:
    """The row's reference is among the taken rows of another table of the submission (`matching`: its names there)."""
    there = context.table(table)
    names = list(matching or columns)
    if len(columns) == 1:
        places, words = rows.words(columns[0])
        known = set(there.words(names[0])[1])
        found = np.array([word in known for word in words] + [True], dtype=bool)[places]
    else:
        mine = pd.MultiIndex.from_frame(rows.frame[list(columns)])
        found = mine.isin(pd.MultiIndex.from_frame(there.frame[names])) | rows.frame[list(columns)].isna().any(axis=1)
    return _unless(rows, when, np.asarray(found, dtype=bool))


@kind(column="date", by="column", table="table", other="other", where="where", when="when")
def not_before_in_table(
    rows: Rows,
    context: Context,
    column: str,
    table: str,
    other: str,
    by: str = "child_ref",
    slack_days: int = 0,
    where: When | None = None,
    when: When | None = None,
) -> Mask:
    """The date is on or after the earliest `other` date of the same person in a table judged before.

    `where` narrows the rows of that table. A person without a row there passes.
    """
    bound = _from_table(rows, context, by, table, other, where)
    return _unless(rows, when, ~(_later(rows.dates(column), slack_days) < bound))


@kind(column="date", by="column", table="table", start="other", end="other", when="when")
def within_a_spell(
    rows: Rows,
    context: Context,
    column: str,
    table: str,
    start: str,
    end: str,
    by: str = "child_ref",
    slack_days: int = 0,
    when: When | None = None,
) -> Mask:
    """The date lies in one of the person's spells in a table judged before, with `slack_days` after its end.

    It is enough to look at the last spell begun by then, as a person's spells don't overlap. A person without any
    passes.
    """
    there = context.table(table)
    owners, people = there.words(by)
    begun = (owners >= 0) & ~np.isnat(there.dates(start))
    starts = owners[begun] * _FAR_AHEAD + _day_number(there.dates(start)[begun])
    order = np.argsort(starts, kind="stable")
    starts, owners = starts[order], owners[begun][order]
    ends = there.dates(end)[begun][order]
    last_days = np.where(np.isnat(ends), _FAR_AHEAD, _day_number(ends) + slack_days)

    place_of = {person: place for place, person in enumerate(people)}
    places, words = rows.words(by)
    mine = np.array([place_of.get(word, -1) for word in words] + [-1], dtype=np.int64)[places]
    judged = (mine >= 0) & ~np.isnat(rows.dates(column)) & np.isin(mine, owners)
    days = _day_number(rows.dates(column)[judged])
    spell = np.searchsorted(starts, mine[judged] * _FAR_AHEAD + days, side="right") - 1
    inside = (spell >= 0) & (owners[spell] == mine[judged]) & (days <= last_days[spell])
    passes = np.ones(len(rows), dtype=bool)
    passes[judged] = inside
    return _unless(rows, when, passes)


@kind(group="columns", start="date", end="date")
def no_overlap(rows: Rows, context: Context, group: Sequence[str], start: str, end: str, days: int = 0) -> Mask:
    """No two rows of a group overlap: [start, end) with an open end running on. The later of two is told, and so is
    the earlier.

    Up to `days` of overlap are let pass.
    """
    groups, starts, ends = rows.group(group), rows.dates(start), rows.dates(end)
    known = (groups >= 0) & ~np.isnat(starts)
    order = np.lexsort((starts, groups))
    order = order[known[order]]
    g, s = groups[order], _day_number(starts[order])
    e = np.where(np.isnat(ends[order]), _FAR_AHEAD, _day_number(ends[order]))
    # The latest end of any row before this one in the group: the last one's isn't enough when one row holds another.
    # One running maximum serves all groups, as the group's number weighs more than any day.
    latest = np.maximum.accumulate(g * 2 * _FAR_AHEAD + e) - g * 2 * _FAR_AHEAD
    same = g[1:] == g[:-1]
    clash = np.zeros(len(g), dtype=bool)
    clash[1:] = same & (latest[:-1] > s[1:] + days)
    clash[:-1] |= same & (e[:-1] > s[1:] + days)
    passes = np.ones(len(rows), dtype=bool)
    passes[order[clash]] = False
    return passes


@kind(column="column", group="columns")
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


@kind(group="columns")
def alone_in(rows: Rows, context: Context, group: Sequence[str]) -> Mask:
    """No other row has the same values in all of these columns (rows with an empty one pass)."""
    groups = rows.group(group)
    counts = np.bincount(groups[groups >= 0], minlength=1)
    return np.where(groups >= 0, counts[groups] <= 1, True)


@kind(number="number", group="columns", date="date")
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


@kind(column="column")
def is_the_period(rows: Rows, context: Context, column: str) -> Mask:
    """The column names the period that the submission is for."""
    return rows.empty(column) | rows.is_one_of(column, [context.period.key])


@kind(column="column")
def year_not_after_period(rows: Rows, context: Context, column: str) -> Mask:
    """The year that the column names (FY2011-12, CLAS2012) ends no later than the submission's period. Passes what
    names none.
    """
    places, words = rows.words(column)
    return np.array([_ends_by(word, context) for word in words] + [True], dtype=bool)[places]


# --- shared pieces


def _ends_by(key: str, context: Context) -> bool:
    try:
        return Period.parse(key).last_day <= context.period.last_day
    except ValueError:
        return True


def _unless(rows: Rows, when: When | None, passes: Mask) -> Mask:
    """Rows outside the condition pass."""
    return passes if not when else passes | ~_holds(rows, when)


def _day_number(dates: Array) -> npt.NDArray[np.int64]:
    return dates.astype("datetime64[D]").astype(np.int64)


def _later(dates: Array, days: int) -> Array:
    return dates + np.timedelta64(days, "D") if days else dates


def _holds(rows: Rows, when: When) -> Mask:
    """True where all of the condition holds."""
    holds = np.ones(len(rows), dtype=bool)
    for column, wanted in when.items():
        if wanted == "filled":
            holds &= ~rows.empty(column)
        elif wanted == "empty":
            holds &= rows.empty(column)
        else:
            holds &= rows.is_one_of(column, wanted)
    return holds


def _from_table(rows: Rows, context: Context, by: str, table: str, other: str, where: When | None = None) -> Array:
    """For each row the earliest `other` date of its person in a table judged before; NaT when not found."""
    key = (table, by, other, repr(where))
    if key not in context.memo:
        context.memo[key] = _earliest_of_each(context.table(table), by, other, where)
    of_person: dict[Any, int] = context.memo[key]
    places, people = rows.words(by)
    dates = np.array([of_person.get(person, _NAT) for person in people] + [_NAT], dtype=np.int64)
    return dates.astype("datetime64[us]")[places]


def _earliest_of_each(there: Rows, by: str, other: str, where: When | None) -> dict[Any, int]:
    """The earliest date (as its number) of each person of a table; people without one are left out."""
    places, people = there.words(by)
    dates = there.dates(other)
    known = (places >= 0) & ~np.isnat(dates)
    if where:
        known &= _holds(there, where)
    latest_first = np.argsort(dates[known], kind="stable")[::-1]  # of each person the last one written stays
    numbers = dates[known].astype(np.int64)[latest_first].tolist()
    return {people[place]: number for place, number in zip(places[known][latest_first].tolist(), numbers, strict=True)}


def _whole_years(born: Array, on: Array) -> Array:
    """Completed years from birth to a day, NaN when either is empty. Born on 29 February, the birthday is 1 March."""
    years = on.astype("datetime64[Y]").astype(float) - born.astype("datetime64[Y]").astype(float)
    months = on.astype("datetime64[M]"), born.astype("datetime64[M]")
    month_gap = (months[0] - on.astype("datetime64[Y]")).astype(float) - (
        months[1] - born.astype("datetime64[Y]")
    ).astype(float)
    day_gap = (on.astype("datetime64[D]") - months[0]).astype(float) - (
        born.astype("datetime64[D]") - months[1]
    ).astype(float)
    before_birthday = (month_gap < 0) | ((month_gap == 0) & (day_gap < 0))
    unknown = np.isnat(born) | np.isnat(on)
    return np.where(unknown, np.nan, years - before_birthday)
