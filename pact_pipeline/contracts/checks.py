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
import pandas as pd

from pact_pipeline.contracts.context import Array, Context, Mask, Rows

When = Mapping[str, Any]
Operand = Literal[
    "date", "dates", "number", "numbers", "column", "columns", "when", "codes", "table", "other", "where", "plain"
]


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
    """Register a function as a kind of check under its own name. Arguments not named are `plain`."""

    def register(judge: Callable[..., Mask]) -> Callable[..., Mask]:
        parameters = list(inspect.signature(judge).parameters.values())[2:]
        KINDS[judge.__name__] = CheckKind(
            name=judge.__name__,
            judge=judge,
            operands={p.name: operands.get(p.name, "plain") for p in parameters},
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
    return _unless(rows, when, ~(rows.dates(later) + np.timedelta64(slack_days, "D") < rows.dates(earlier)))


@kind(columns="dates")
def not_after_period_end(rows: Rows, context: Context, columns: Sequence[str]) -> Mask:
    """None of the dates is after the period's last day: what is reported has happened."""
    last = np.datetime64(context.period.last_day)
    passes = np.ones(len(rows), dtype=bool)
    for column in columns:
        passes &= ~(rows.dates(column) > last)
    return passes


@kind(column="date", when="when")
def not_before_day(rows: Rows, context: Context, column: str, day: str, when: When | None = None) -> Mask:
    """The date is not before a fixed day (a law's commencement, or the oldest date that can be meant)."""
    return _unless(rows, when, ~(rows.dates(column) < np.datetime64(date.fromisoformat(day))))


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
    never = np.iinfo(np.int64).min
    first = np.full(int(groups.max(initial=-1)) + 2, np.iinfo(np.int64).max)
    np.minimum.at(first, groups[holds], days[holds].astype(np.int64))
    first[first == np.iinfo(np.int64).max] = never
    first[-1] = never  # rows without a group
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


@kind(column="column", on="date", until="date")
def code_in_use(
    rows: Rows, context: Context, column: str, on: str, uses: Mapping[str, Mapping[str, str]], until: str | None = None
) -> Mask:
    """The code was in use on a day: `uses` gives the first and last day of each code that has one ({code: {from, to}}).

    With `until`, a last day is compared to `on` only: what began under the old law may run on under it.
    """
    passes = np.ones(len(rows), dtype=bool)
    for code, span in uses.items():
        has = rows.is_one_of(column, [code])
        if "from" in span:
            passes &= ~(has & (rows.dates(until or on) < np.datetime64(span["from"])))
        if "to" in span:
            passes &= ~(has & (rows.dates(on) > np.datetime64(span["to"])))
    return passes


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
    birth = rows.dates(born) if table is None else _from_table(rows, context, by, table, born, "earliest")
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
    which: Literal["earliest", "latest"] = "earliest",
    slack_days: int = 0,
    where: When | None = None,
    when: When | None = None,
) -> Mask:
    """The date is on or after the earliest (or latest) `other` date of the same person in a table judged before.

    `where` narrows the rows of that table. A person without a row there passes.
    """
    bound = _from_table(rows, context, by, table, other, which, where)
    return _unless(rows, when, ~(rows.dates(column) + np.timedelta64(slack_days, "D") < bound))


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
    """The date lies in one of the person's spells in a table judged before, with `slack_days` after its end."""
    there = context.table(table)
    mine = pd.DataFrame({"row": np.arange(len(rows)), "by": rows.frame[by].to_numpy(), "on": rows.dates(column)})
    spells = pd.DataFrame({"by": there.frame[by].to_numpy(), "start": there.dates(start), "end": there.dates(end)})
    pairs = mine.merge(spells, on="by")
    inside = (pairs["on"] >= pairs["start"]) & ~(pairs["on"] > pairs["end"] + np.timedelta64(slack_days, "D"))
    passes = np.isnat(rows.dates(column)) | ~np.isin(np.arange(len(rows)), pairs["row"])
    passes[pairs.loc[inside, "row"]] = True
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
    g, s = groups[order], starts[order]
    e = np.where(np.isnat(ends[order]), np.datetime64("9999-12-31", "us"), ends[order])
    # The latest end of any row before this one in the group: the last one's end isn't enough when one row holds
    # another.
    latest = pd.Series(e.astype(np.int64)).groupby(g).cummax().to_numpy() if len(g) else e.astype(np.int64)
    clash = np.zeros(len(g), dtype=bool)
    step = int(np.timedelta64(days, "D") / np.timedelta64(1, "us"))
    clash[1:] = (g[1:] == g[:-1]) & (latest[:-1] > s[1:].astype(np.int64) + step)
    clash[:-1] |= (g[1:] == g[:-1]) & (e[:-1].astype(np.int64) > s[1:].astype(np.int64) + step)
    passes = np.ones(len(rows), dtype=bool)
    passes[order[clash]] = False
    return passes


@kind(column="column", group="columns")
def same_within(rows: Rows, context: Context, column: str, group: Sequence[str]) -> Mask:
    """All rows of a group hold the same value in the column (empty cells aside)."""
    groups, values = rows.group(group), rows.words(column)[0]
    known = (groups >= 0) & (values >= 0)
    passes = np.ones(len(rows), dtype=bool)
    seen = pd.Series(values[known]).groupby(groups[known])
    passes[known] = (seen.transform("min") == seen.transform("max")).to_numpy()
    return passes


@kind(number="number", group="columns", date="date")
def counts_up(rows: Rows, context: Context, number: str, group: Sequence[str], date: str) -> Mask:
    """Within a group the numbers are 1, 2, 3 … in the order of the dates (rows of one day in any order)."""
    groups, numbers, days = rows.group(group), rows.numbers(number), rows.dates(date)
    known = (groups >= 0) & ~np.isnan(numbers) & ~np.isnat(days)
    passes = np.ones(len(rows), dtype=bool)
    order = np.lexsort((numbers, days, groups))
    order = order[known[order]]
    place = pd.Series(order).groupby(groups[order]).cumcount().to_numpy() + 1
    passes[order] = numbers[order] == place
    return passes


@kind(column="column")
def is_the_period(rows: Rows, context: Context, column: str) -> Mask:
    """The column names the period that the submission is for."""
    return rows.empty(column) | rows.is_one_of(column, [context.period.key])


# --- shared pieces


def _unless(rows: Rows, when: When | None, passes: Mask) -> Mask:
    """Rows outside the condition pass."""
    return passes if not when else passes | ~_holds(rows, when)


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


def _from_table(
    rows: Rows,
    context: Context,
    by: str,
    table: str,
    other: str,
    which: Literal["earliest", "latest"],
    where: When | None = None,
) -> Array:
    """For each row the earliest or latest `other` date of its person in a table judged before; NaT when not found."""
    there = context.table(table)
    places, people = there.words(by)
    dates = there.dates(other).astype(np.int64)
    known = (places >= 0) & ~np.isnat(there.dates(other))
    if where:
        known &= _holds(there, where)
    worst = np.iinfo(np.int64).max if which == "earliest" else np.iinfo(np.int64).min
    best = np.full(len(people), worst, dtype=np.int64)
    (np.minimum if which == "earliest" else np.maximum).at(best, places[known], dates[known])
    best[best == worst] = np.iinfo(np.int64).min  # NaT
    of_person = dict(zip(people, best.tolist(), strict=True))
    mine, words = rows.words(by)
    nat = np.iinfo(np.int64).min
    return np.array([of_person.get(word, nat) for word in words] + [nat], dtype=np.int64).astype("datetime64[us]")[mine]


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
