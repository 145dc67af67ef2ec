# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""Published counts: do they add up, are they of a year that can have them, and are they near what is known?

A count with a sign in its place ([c], [x], *) is empty here and never taken for zero: a sum over it isn't known.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.contracts.checks.kinds import NOT_EXAMINED, RowOutcome, TableOutcome, When, holds, kind, table_kind
from pact_pipeline.contracts.checks.shared import same_groups, unless, within
from pact_pipeline.contracts.context import Array, Context, Mask, Rows
from pact_pipeline.contracts.model import Contract
from pact_pipeline.periods import Period

Numbers = npt.NDArray[np.float64]
_SLACK = 1e-6  # sums of whole numbers held as floats


@kind(total="number", parts="numbers")
def parts_within(rows: Rows, context: Context, total: str, parts: Sequence[str]) -> RowOutcome:
    """The parts that are known are together not more than the total."""
    numbers = np.array([rows.numbers(part) for part in parts])
    too_much = np.nansum(numbers, axis=0) > rows.numbers(total) + _SLACK
    looked = (~np.isnan(numbers)).any(axis=0) & ~np.isnan(rows.numbers(total))
    return RowOutcome(np.asarray(~too_much), np.asarray(looked))


@kind(numbers="numbers", column="column", group="group", parts="codes")
def rows_add_up(
    rows: Rows,
    context: Context,
    contract: Contract,
    numbers: Sequence[str],
    column: str,
    total: str,
    group: Sequence[str],
    parts: Sequence[str] | None = None,
) -> RowOutcome:
    """The row with the code `total` is the sum of the rows of its group with the codes `parts` (else all other codes of
    the column). Where a part is missing or its count isn't known, the others are at most the total.
    """
    wanted = _parts(contract, column, total, parts)
    passes, looked = np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for number in numbers:
        known, added, whole = _of_parts(rows, number, column, wanted, group)
        there = rows.numbers(number)
        passes &= ~((known > 0) & ((added > there + _SLACK) | (whole & (added < there - _SLACK))))
        looked |= ~np.isnan(there) & (known > 0)
    is_total = rows.is_one_of(column, [total])
    return RowOutcome(passes | ~is_total, looked & is_total)


def _parts(contract: Contract, column: str, total: str, parts: Sequence[str] | None) -> Sequence[str]:
    return parts or [code for code in contract.column(column).code_words if code != total]


def _of_parts(
    rows: Rows, number: str, column: str, parts: Sequence[str], group: Sequence[str]
) -> tuple[Numbers, Numbers, Mask]:
    """For each row, of its group: how many parts are known, their sum, and whether none is missing."""
    groups = _dense(rows.group(group))
    is_part = rows.is_one_of(column, parts) & ~np.isnan(rows.numbers(number))
    size = int(groups.max(initial=0)) + 1
    known = np.bincount(groups[is_part], minlength=size)
    added = np.zeros(size, dtype=np.float64)
    np.add.at(added, groups[is_part], rows.numbers(number)[is_part])
    return known[groups].astype(np.float64), added[groups], np.asarray(known[groups] == len(parts))


def _dense(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = np.unique(groups, return_inverse=True)[1]
    return found


@kind(number="number", group="group", smaller="when", larger="when")
def not_above_row(
    rows: Rows, context: Context, number: str, group: Sequence[str], smaller: When, larger: When
) -> RowOutcome:
    """A row of the kind `smaller` counts at most what the row of the kind `larger` in its group counts."""
    largest, numbers = _largest(rows, number, group, larger), rows.numbers(number)
    looked = holds(rows, smaller) & ~np.isnan(numbers) & ~np.isnan(largest)
    return RowOutcome(~(looked & (numbers > largest)), looked)


def _largest(rows: Rows, number: str, group: Sequence[str], where: When) -> Numbers:
    groups = _dense(rows.group(group))
    there = holds(rows, where) & ~np.isnan(rows.numbers(number))
    largest = np.full(int(groups.max(initial=0)) + 1, -np.inf)
    np.maximum.at(largest, groups[there], rows.numbers(number)[there])
    return np.where(np.isinf(largest), np.nan, largest)[groups]


@kind(column="column", codes="codes", beside="codes", group="group")
def not_beside(
    rows: Rows, context: Context, column: str, codes: Sequence[str], beside: Sequence[str], group: Sequence[str]
) -> RowOutcome:
    """A row with one of the `codes` has none of the codes `beside` in its group: the same cases would count twice."""
    groups = _dense(rows.group(group))
    there = np.bincount(groups, weights=rows.is_one_of(column, beside), minlength=1) > 0
    coded = np.asarray(rows.is_one_of(column, codes) & (rows.group(group) >= 0))
    return RowOutcome(~(coded & there[groups]), coded)


@kind(column="column", year="column", uses="uses", when="when")
def code_in_use_in_year(
    rows: Rows,
    context: Context,
    column: str,
    year: str,
    uses: Mapping[str, Mapping[str, str]],
    when: When | None = None,
) -> RowOutcome:
    """The code was in use on at least one day of the year that a column names (FY2011-12, CLAS2012)."""
    first, last = _year_ends(rows, year)
    passes = np.ones(len(rows), dtype=bool)
    for code, span in uses.items():
        has = rows.is_one_of(column, [code])
        if "from" in span:
            passes &= ~(has & (last < np.datetime64(span["from"])))
        if "to" in span:
            passes &= ~(has & (first > np.datetime64(span["to"])))
    looked = within(rows, when, rows.is_one_of(column, list(uses)) & ~np.isnat(last))
    return RowOutcome(unless(rows, when, passes), looked)


@kind(column="date", year="column")
def not_before_year_end(rows: Rows, context: Context, column: str, year: str) -> Mask:
    """The date isn't before the last day of the year that another column names: the year is over when it is told."""
    return ~(rows.dates(column).astype("datetime64[D]") < _year_ends(rows, year)[1])


@kind(column="column", year="column", day="day")
def empty_before_year(rows: Rows, context: Context, column: str, year: str, day: str) -> Mask:
    """The column is empty for every year that ended before a day: there was nothing of the kind to count yet."""
    early = _year_ends(rows, year)[1] < np.datetime64(date.fromisoformat(day))
    return ~(early & rows.filled(column))


def _year_ends(rows: Rows, column: str) -> tuple[Array, Array]:
    """First and last day of the year that the column names, NaT where it names none."""
    key = ("years", column)
    if key not in rows.memo:
        places, words = rows.words(column)
        spans = [_span(word) for word in words] + [(np.datetime64("NaT", "D"),) * 2]
        ends = np.array(spans, dtype="datetime64[D]")[places]
        rows.memo[key] = ends[:, 0], ends[:, 1]
    found: tuple[Array, Array] = rows.memo[key]
    return found


def _span(key: str) -> tuple[np.datetime64, np.datetime64]:
    try:
        period = Period.parse(key)
    except ValueError:
        return np.datetime64("NaT", "D"), np.datetime64("NaT", "D")
    return np.datetime64(period.first_day), np.datetime64(period.last_day)


@kind(column="number")
def at_least(rows: Rows, context: Context, column: str, least: float) -> Mask:
    """The number is at least `least`: for a doubt, where the column's own range is for what can't be."""
    return np.asarray(~(rows.numbers(column) < least))


@kind(number="number", columns="group", known="plain")
def near_known(
    rows: Rows, context: Context, number: str, columns: Sequence[str], known: Mapping[str, float], share: float
) -> RowOutcome:
    """The count is within `share` of the figure that was published for these columns, named as `FY2011-12 SCO ADOPTION`.
    What isn't among the figures passes.
    """
    figures, numbers = _figures(rows, columns, known), rows.numbers(number)
    looked = ~np.isnan(numbers) & ~np.isnan(figures)
    return RowOutcome(~(np.abs(numbers - figures) > share * figures + _SLACK), looked)


def _figures(rows: Rows, columns: Sequence[str], known: Mapping[str, float]) -> Numbers:
    places, combinations = rows.words(tuple(columns))
    figures = [float(known.get(" ".join(words), np.nan)) for words in combinations]
    return np.array([*figures, np.nan])[places]


@kind(number="number", group="group")
def near_former(
    rows: Rows,
    context: Context,
    contract: Contract,
    number: str,
    group: Sequence[str],
    share: float,
    least: float,
) -> RowOutcome:
    """The count has changed by at most `share` of what it was in the submission before, or by less than `least`. Of
    several figures there for one group any will do: a count may stand in several publications.
    """
    low, high = _former_span(rows, context, contract, number, group)
    now = rows.numbers(number)
    off = np.maximum(low - now, now - high)
    base = np.where(now > high, high, low)
    return RowOutcome(~((off > share * base) & (off >= least)), ~np.isnan(now) & ~np.isnan(low))


def _former_span(
    rows: Rows, context: Context, contract: Contract, number: str, group: Sequence[str]
) -> tuple[Numbers, Numbers]:
    """For each row the smallest and largest count of its group in the submission before; NaN where there is none."""
    former = context.former_table(contract.table)
    if former is None:
        return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    mine, theirs = same_groups(rows, former, group)
    counts = former.numbers(number)
    known = (theirs >= 0) & ~np.isnan(counts)
    names, place = np.unique(theirs[known], return_inverse=True)
    low, high = np.full(len(names) + 1, np.inf), np.full(len(names) + 1, -np.inf)
    np.minimum.at(low, place, counts[known])
    np.maximum.at(high, place, counts[known])
    low[-1] = high[-1] = np.nan
    at = np.searchsorted(names, mine)
    if len(names):
        at[names[np.minimum(at, len(names) - 1)] != mine] = len(names)
    return low[at], high[at]


@kind(number="number", by="group")
def not_below_former(rows: Rows, context: Context, contract: Contract, number: str, by: Sequence[str]) -> RowOutcome:
    """A number that only grows (spent so far) isn't less than in the submission before."""
    low, now = _former_span(rows, context, contract, number, by)[0], rows.numbers(number)
    return RowOutcome(~(now < low), ~np.isnan(now) & ~np.isnan(low))


@table_kind(column="column")
def words_kept(rows: Rows, context: Context, contract: Contract, column: str) -> TableOutcome:
    """Each word that the column had in the submission before it has again: no council is missing. Words are counted."""
    former = context.former_table(contract.table)
    if former is None:
        return NOT_EXAMINED
    before = set(former.words(column)[1])
    gone = sorted(before - set(rows.words(column)[1]))
    told = pd.DataFrame({column: gone}) if gone else None
    return TableOutcome(len(before), len(gone), passes=not gone, former_rows=told)
