# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""Published counts: do they add up, are they of a year that can have them, and are they near what is known?

A count with a sign in its place ([c], [x], *) is empty here and never taken for zero: a sum over it isn't known.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.contracts.checks.kinds import NOT_EXAMINED, TableOutcome, When, holds, kind, table_kind
from pact_pipeline.contracts.checks.shared import same_groups, unless, within
from pact_pipeline.contracts.context import Array, Context, Mask, Rows
from pact_pipeline.contracts.model import Contract
from pact_pipeline.periods import Period

Numbers = npt.NDArray[np.float64]
_SLACK = 1e-6  # sums of whole numbers held as floats


def _some_known(rows: Rows, context: Context, total: str, parts: Sequence[str]) -> Mask:
    some = np.zeros(len(rows), dtype=bool)
    for part in parts:
        some |= ~np.isnan(rows.numbers(part))
    return np.asarray(some & ~np.isnan(rows.numbers(total)))


@kind(examines=_some_known, total="number", parts="numbers")
def parts_within(rows: Rows, context: Context, total: str, parts: Sequence[str]) -> Mask:
    """The parts that are known are together not more than the total."""
    known = np.nansum([rows.numbers(part) for part in parts], axis=0)
    return np.asarray(~(known > rows.numbers(total) + _SLACK))


def _is_total(
    rows: Rows,
    context: Context,
    contract: Contract,
    numbers: Sequence[str],
    column: str,
    total: str,
    group: Sequence[str],
    parts: Sequence[str] | None = None,
) -> Mask:
    """A total with at least one part in its group."""
    looked = np.zeros(len(rows), dtype=bool)
    for number in numbers:
        known, _, _ = _of_parts(rows, number, column, _parts(contract, column, total, parts), group)
        looked |= ~np.isnan(rows.numbers(number)) & (known > 0)
    return looked & rows.is_one_of(column, [total])


@kind(examines=_is_total, numbers="numbers", column="column", group="group", parts="codes")
def rows_add_up(
    rows: Rows,
    context: Context,
    contract: Contract,
    numbers: Sequence[str],
    column: str,
    total: str,
    group: Sequence[str],
    parts: Sequence[str] | None = None,
) -> Mask:
    """The row with the code `total` is the sum of the rows of its group with the codes `parts` (else all other codes of
    the column). Where a part is missing or its count isn't known, the others are at most the total.
    """
    wanted = _parts(contract, column, total, parts)
    passes = np.ones(len(rows), dtype=bool)
    for number in numbers:
        known, added, whole = _of_parts(rows, number, column, wanted, group)
        there = rows.numbers(number)
        passes &= ~((known > 0) & ((added > there + _SLACK) | (whole & (added < there - _SLACK))))
    return passes | ~rows.is_one_of(column, [total])


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


def _has_larger(rows: Rows, context: Context, number: str, group: Sequence[str], smaller: When, larger: When) -> Mask:
    return holds(rows, smaller) & ~np.isnan(rows.numbers(number)) & ~np.isnan(_largest(rows, number, group, larger))


@kind(examines=_has_larger, number="number", group="group", smaller="when", larger="when")
def not_above_row(rows: Rows, context: Context, number: str, group: Sequence[str], smaller: When, larger: When) -> Mask:
    """A row of the kind `smaller` counts at most what the row of the kind `larger` in its group counts."""
    return ~(holds(rows, smaller) & (rows.numbers(number) > _largest(rows, number, group, larger)))


def _largest(rows: Rows, number: str, group: Sequence[str], where: When) -> Numbers:
    groups = _dense(rows.group(group))
    there = holds(rows, where) & ~np.isnan(rows.numbers(number))
    largest = np.full(int(groups.max(initial=0)) + 1, -np.inf)
    np.maximum.at(largest, groups[there], rows.numbers(number)[there])
    return np.where(np.isinf(largest), np.nan, largest)[groups]


def _is_coded(
    rows: Rows, context: Context, column: str, codes: Sequence[str], beside: Sequence[str], group: Sequence[str]
) -> Mask:
    return np.asarray(rows.is_one_of(column, codes) & (rows.group(group) >= 0))


@kind(examines=_is_coded, column="column", codes="codes", beside="codes", group="group")
def not_beside(
    rows: Rows, context: Context, column: str, codes: Sequence[str], beside: Sequence[str], group: Sequence[str]
) -> Mask:
    """A row with one of the `codes` has none of the codes `beside` in its group: the same cases would count twice."""
    groups = _dense(rows.group(group))
    there = np.bincount(groups, weights=rows.is_one_of(column, beside), minlength=1) > 0
    return ~(_is_coded(rows, context, column, codes, beside, group) & there[groups])


def _year_uses(
    rows: Rows,
    context: Context,
    column: str,
    year: str,
    uses: Mapping[str, Mapping[str, str]],
    when: When | None = None,
) -> Mask:
    known = ~np.isnat(_year_ends(rows, year)[1])
    return within(rows, when, rows.is_one_of(column, list(uses)) & known)


@kind(examines=_year_uses, column="column", year="column", uses="uses", when="when")
def code_in_use_in_year(
    rows: Rows,
    context: Context,
    column: str,
    year: str,
    uses: Mapping[str, Mapping[str, str]],
    when: When | None = None,
) -> Mask:
    """The code was in use on at least one day of the year that a column names (FY2011-12, CLAS2012)."""
    first, last = _year_ends(rows, year)
    passes = np.ones(len(rows), dtype=bool)
    for code, span in uses.items():
        has = rows.is_one_of(column, [code])
        if "from" in span:
            passes &= ~(has & (last < np.datetime64(span["from"])))
        if "to" in span:
            passes &= ~(has & (first > np.datetime64(span["to"])))
    return unless(rows, when, passes)


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


def _known_figure(
    rows: Rows, context: Context, number: str, columns: Sequence[str], known: Mapping[str, float], share: float
) -> Mask:
    return ~np.isnan(rows.numbers(number)) & ~np.isnan(_figures(rows, columns, known))


@kind(examines=_known_figure, number="number", columns="group", known="plain")
def near_known(
    rows: Rows, context: Context, number: str, columns: Sequence[str], known: Mapping[str, float], share: float
) -> Mask:
    """The count is within `share` of the figure that was published for these columns, named as `FY2011-12 SCO ADOPTION`.
    What isn't among the figures passes.
    """
    figures = _figures(rows, columns, known)
    return ~(np.abs(rows.numbers(number) - figures) > share * figures + _SLACK)


def _figures(rows: Rows, columns: Sequence[str], known: Mapping[str, float]) -> Numbers:
    places, combinations = rows.words(tuple(columns))
    figures = [float(known.get(" ".join(words), np.nan)) for words in combinations]
    return np.array([*figures, np.nan])[places]


def _in_former(
    rows: Rows,
    context: Context,
    contract: Contract,
    number: str,
    group: Sequence[str],
    share: float,
    least: float,
) -> Mask:
    return ~np.isnan(rows.numbers(number)) & ~np.isnan(_former_span(rows, context, contract, number, group)[0])


@kind(examines=_in_former, number="number", group="group")
def near_former(
    rows: Rows,
    context: Context,
    contract: Contract,
    number: str,
    group: Sequence[str],
    share: float,
    least: float,
) -> Mask:
    """The count has changed by at most `share` of what it was in the submission before, or by less than `least`. Of
    several figures there for one group any will do: a count may stand in several publications.
    """
    low, high = _former_span(rows, context, contract, number, group)
    now = rows.numbers(number)
    off = np.maximum(low - now, now - high)
    base = np.where(now > high, high, low)
    return ~((off > share * base) & (off >= least))


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


def _was_counted(rows: Rows, context: Context, contract: Contract, number: str, by: Sequence[str]) -> Mask:
    return _in_former(rows, context, contract, number, by, 0, 0)


@kind(examines=_was_counted, number="number", by="group")
def not_below_former(rows: Rows, context: Context, contract: Contract, number: str, by: Sequence[str]) -> Mask:
    """A number that only grows (spent so far) isn't less than in the submission before."""
    return ~(rows.numbers(number) < _former_span(rows, context, contract, number, by)[0])


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
