"""Time-to-event estimators on whole days: Kaplan-Meier and Aalen-Johansen, with delayed entry and exact ties.

Here belong the estimators and nothing else: which children, which clock and which ends a measure has is said where the
measure is declared. Plain numpy; sources: design 7, domain 8.3; formulae as in Kalbfleisch and Prentice, *The
Statistical Analysis of Failure Time Data*, chapters 1 and 8.

**Clock.** All times are whole days since the clock's start (the start is day 0).

**Who is at risk on day t.** Intervals are [entered, left): a child who leaves on day t is no longer there on day t,
but was there up to it, so the leaving on t is judged against everybody who was still there when t began:

    entry < t <= exit

Whoever enters on day t came in behind those who left on t and is not at risk on t. A child watched since the clock's
start (entry 0) was there before anything could happen and is at risk on day 0 too, so that two steps on one day count
as 0 days. A child with entry > 0 and exit <= entry was never seen waiting: [entry, exit) is empty, the row is left out
and counted in `left_out`. A censored child is at risk up to and including the last day it was seen (`exit`), so a
censoring on the day of an event comes after the event.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Days = NDArray[np.int64]
Numbers = NDArray[np.float64]

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
SMALLEST_RISK_SET = 5  # an end judged against fewer takes a fifth or more off the curve after it …
LARGEST_STEP = 0.05  # … which matters where that is a twentieth of all
LONGEST_DAYS = (
    50_000  # a hundred and thirty-six years: a longer time is a date read wrongly, and would need a grid as long
)


@dataclass(frozen=True)
class Quantile:
    """The first day on which the curve has fallen to a share, with its interval. None is "not reached"."""

    days: int | None
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class PointEstimate:
    """A curve read at a day: estimate and limits as shares; `at_risk` on that day; `events` up to and including it.

    The limits are None where no interval can be given: before the first event, and when nobody is left.
    """

    estimate: float
    lower: float | None
    upper: float | None
    at_risk: int
    events: int


@dataclass(frozen=True)
class Readings:
    """A cumulative incidence read at several days: `at_risk` and `waiting` by day, the others by kind (rows) and day.

    Limits are nan where no interval can be given.
    """

    estimate: Numbers
    lower: Numbers
    upper: Numbers
    events: Days
    at_risk: Days
    waiting: Numbers


@dataclass(frozen=True)
class SurvivalCurve:
    """Kaplan-Meier: one element per day with an event.

    `survival` is the share still waiting after that day, `variance` Greenwood's (0 once nobody is left), `lower` and
    `upper` the log-log limits (nan where there are none). `children` were followed, `left_out` never seen waiting;
    `last_day` is the longest time anybody was followed (-1 for nobody).
    """

    times: Days
    at_risk: Days
    events: Days
    survival: Numbers
    variance: Numbers
    lower: Numbers
    upper: Numbers
    children: int
    left_out: int
    last_day: int
    _at_risk_by_day: Days

    def at(self, day: int) -> PointEstimate:
        """The share still waiting after `day`."""
        n = int(np.searchsorted(self.times, day, side="right"))
        if n == 0:
            return PointEstimate(1.0, None, None, _read(self._at_risk_by_day, day), 0)
        lower, upper = _none_if_nan(self.lower[n - 1]), _none_if_nan(self.upper[n - 1])
        estimate, events = float(self.survival[n - 1]), int(self.events[:n].sum())
        return PointEstimate(estimate, lower, upper, _read(self._at_risk_by_day, day), events)

    def quantile(self, share: float = 0.5) -> Quantile:
        """The first day on which at most `1 - share` still wait (0.5: the median), with its interval.

        The interval holds the days at which the limits of the curve enclose `1 - share`: it opens on the first day
        whose lower limit is at most that, and closes on the first day whose upper limit is.
        """
        waiting = 1.0 - share
        # The tolerance lets 1 - 1/2 be one half when it was reached as a product of fractions.
        lower = np.where(self.survival <= 0.0, 0.0, self.lower)  # nobody left: the share waiting can't be lower
        curves = (self.survival, lower, self.upper)
        found = [self.times[hits[0]] if (hits := np.flatnonzero(c <= waiting + 1e-12)).size else None for c in curves]
        days = [None if day is None else int(day) for day in found]
        return Quantile(days[0], days[1], days[2])

    @property
    def median(self) -> Quantile:
        return self.quantile(0.5)


@dataclass(frozen=True)
class CumulativeIncidence:
    """Aalen-Johansen: one column per day with an event of any kind, one row per kind (in the order of `kinds`).

    `incidence` is the share who have left by that kind of end up to and including the day, in the presence of the other
    kinds; `survival` the share who have not left at all. `incidence.sum(axis=0) + survival` is 1 everywhere.
    """

    kinds: tuple[int, ...]
    times: Days
    at_risk: Days
    events: Days
    incidence: Numbers
    variance: Numbers
    survival: Numbers
    children: int
    left_out: int
    last_day: int
    _at_risk_by_day: Days

    @property
    def standard_error(self) -> Numbers:
        return np.sqrt(self.variance)

    def limits(self, level: float = LEVEL) -> tuple[Numbers, Numbers]:
        """Lower and upper log-log limits, shaped as `incidence`; nan where the incidence is 0 or 1."""
        return _log_log_limits(self.incidence, self.variance, level)

    def value_at(self, kind: int, day: int, level: float = LEVEL) -> PointEstimate:
        """The share who have left by `kind` up to and including `day`. Raises ValueError for a kind not asked for."""
        row = self.kinds.index(kind)
        n = int(np.searchsorted(self.times, day, side="right"))
        at_risk = _read(self._at_risk_by_day, day)
        if n == 0:
            return PointEstimate(0.0, None, None, at_risk, 0)
        lower, upper = _log_log_limits(self.incidence[row, n - 1 : n], self.variance[row, n - 1 : n], level)
        return PointEstimate(
            float(self.incidence[row, n - 1]),
            _none_if_nan(lower[0]),
            _none_if_nan(upper[0]),
            at_risk,
            int(self.events[row, :n].sum()),
        )

    def read(self, days: Days, level: float = LEVEL) -> Readings:
        """`value_at` and `waiting_at` for all kinds and these days at once."""
        n = np.searchsorted(self.times, days, side="right")
        begun, column = n > 0, np.maximum(n - 1, 0)
        none = np.zeros((len(self.kinds), len(days)))
        if not len(self.times):
            at_risk = np.array([_read(self._at_risk_by_day, int(day)) for day in days], dtype=np.int64)
            empty = np.full_like(none, np.nan)
            return Readings(none, empty, empty, none.astype(np.int64), at_risk, np.ones(len(days)))
        share = np.where(begun, self.incidence[:, column], 0.0)
        lower, upper = _log_log_limits(share, np.where(begun, self.variance[:, column], 0.0), level)
        events = np.where(begun, np.cumsum(self.events, axis=1)[:, column], 0)
        inside = (days >= 0) & (days <= self.last_day)
        at_risk = np.where(inside, self._at_risk_by_day[np.where(inside, days, 0)], 0)
        return Readings(share, lower, upper, events, at_risk, np.where(begun, self.survival[column], 1.0))

    @property
    def thin_day(self) -> int | None:
        """The first day that makes the curve unreliable from there on; None for none.

        With delayed entry the few children watched early carry the whole curve. A day does so whose ends take
        LARGEST_STEP of all children or more off the curve though fewer than SMALLEST_RISK_SET were at risk, and more
        than twice as many on a later day; so does a day on which nobody was watched while that share or more still
        waited. Without delayed entry the number at risk only falls, and there is no such day.
        """
        n = self._at_risk_by_day
        if len(n) < 2:
            return None
        most_later = np.maximum.accumulate(n[:0:-1])[::-1]
        n = n[:-1]
        few = (n < SMALLEST_RISK_SET) & (most_later > 2 * n)
        if not few.any():
            return None
        step = np.zeros(len(n))
        survival = np.concatenate([[1.0], self.survival])
        inside = self.times < len(n)
        step[self.times[inside]] = -np.diff(survival)[inside]
        empty = np.flatnonzero(n == 0)
        step[empty] = survival[np.searchsorted(self.times, empty, side="right")]
        thin = np.flatnonzero(few & (step >= LARGEST_STEP))
        return int(thin[0]) if thin.size else None

    def waiting_at(self, day: int) -> float:
        """The share who have not left by any kind of end up to and including `day`."""
        n = int(np.searchsorted(self.times, day, side="right"))
        return float(self.survival[n - 1]) if n else 1.0


def kaplan_meier(entry: ArrayLike, exit_: ArrayLike, event: ArrayLike, level: float = LEVEL) -> SurvivalCurve:
    """The share still waiting, by day.

    `entry`: the day on which the child came under observation (0: watched since the clock's start). `exit_`: the day
    of the end, or the last day seen. `event`: 0 for censored, anything else for the end. Raises ValueError for unequal
    lengths, missing, fractional or negative days (a stop before its start is counted beside the curve, not in it).
    """
    start, stop, kind, left_out = _watched(entry, exit_, event)
    ends = np.bincount(stop[kind != 0])
    days = np.flatnonzero(ends)
    by_day = _at_risk_by_day(start, stop)
    d, n = ends[days], by_day[days]
    survival = np.cumprod((n - d) / n, dtype=np.float64)
    survival[n == d] = 0.0  # exactly
    # After the last child has left Greenwood's sum is infinite and the share 0: the variance is given as 0, without
    # limits.
    survival = np.where(np.cumsum(n == d) > 0, 0.0, survival)
    terms = np.divide(d, n * (n - d), out=np.zeros(len(d)), where=n > d)
    variance = survival**2 * np.cumsum(terms, dtype=np.float64)
    lower, upper = _log_log_limits(survival, variance, level)
    return SurvivalCurve(days, n, d, survival, variance, lower, upper, len(stop), left_out, len(by_day) - 1, by_day)


def aalen_johansen(
    entry: ArrayLike, exit_: ArrayLike, kind: ArrayLike, kinds: tuple[int, ...] | None = None
) -> CumulativeIncidence:
    """The share who have left by each kind of end, by day, when one kind of end makes the others impossible.

    Arguments as in `kaplan_meier`, with `kind` 0 for censored and 1 … k for the kinds of end; `kinds` names those to
    give (default: those that occur), and must hold every one that occurs. The variance is the delta method's (Marubini
    and Valsecchi 1995), which is Greenwood's when there is one kind.
    """
    start, stop, code, left_out = _watched(entry, exit_, kind)
    occurring = np.flatnonzero(np.bincount(code)) if len(code) else np.empty(0, np.int64)
    if kinds is None:
        kinds = tuple(int(k) for k in occurring if k)
    if not set(occurring.tolist()) <= {0, *kinds}:
        raise ValueError("a kind of end occurs that is not among the kinds asked for")
    curve = cumulative_incidence(np.where(start == 0, 0, start + 1), stop, code, kinds)
    return replace(curve, left_out=left_out)


def cumulative_incidence(first: Days, last: Days, kind: Days, kinds: tuple[int, ...]) -> CumulativeIncidence:
    """Aalen-Johansen on whole days already checked: at risk from day `first` to day `last`, both included.

    `first` is 0 for a child watched since the clock's start, else the clock's day on the first day it was watched. Rows
    with `first` after `last` were never seen waiting. `kind`: 0 for censored on `last`, else one of `kinds`.
    """
    seen = first <= last
    left_out = len(seen) - int(np.count_nonzero(seen))
    if left_out:
        first, last, kind = first[seen], last[seen], kind[seen]
    length = int(last.max()) + 1 if len(last) else 0
    ends = np.empty((len(kinds), length), dtype=np.int64)
    for row, number in enumerate(kinds):
        ends[row] = np.bincount(last[kind == number], minlength=length)
    days = np.flatnonzero(ends.any(axis=0))
    by_day = _at_risk(first, last, length)
    d_kind, n = ends[:, days], by_day[days]
    d = d_kind.sum(axis=0)
    all_left = np.logical_or.accumulate(n == d)
    survival = np.where(all_left, 0.0, np.cumprod((n - d) / n))
    before = np.concatenate([[1.0], survival[:-1]])[: len(days)]
    # A sum of fractions can end a hair above the whole it makes.
    incidence = np.minimum(np.cumsum(before * d_kind / n, axis=1), 1.0)
    # Var F(t) = sum over s <= t of (F(t)-F(s))² a + b - 2 (F(t)-F(s)) c, multiplied out so that cumulative sums do it.
    a = np.divide(d, n * (n - d), out=np.zeros(len(d)), where=n > d)
    b = before**2 * d_kind * (n - d_kind) / n.astype(np.float64) ** 3
    c = before * d_kind / n.astype(np.float64) ** 2
    f = incidence
    variance = (
        f**2 * np.cumsum(a)
        + np.cumsum(f**2 * a + b + 2 * f * c, axis=1)
        - 2 * f * (np.cumsum(f * a, axis=1) + np.cumsum(c, axis=1))
    )
    whole = incidence.sum(axis=0) + survival
    assert not len(days) or np.abs(whole - 1.0).max() < 1e-8, "kinds of end and those still waiting must make a whole"
    variance = np.maximum(variance, 0.0)
    return CumulativeIncidence(
        kinds, days, n, d_kind, incidence, variance, survival, len(last), left_out, length - 1, by_day
    )


def rows_by_group(group: ArrayLike) -> Iterator[tuple[object, NDArray[np.intp]]]:
    """Each group (in sorted order) with the positions of its rows in their order: one sort for many small curves."""
    labels, codes = np.unique(np.asarray(group), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    yield from zip(labels, np.split(order, np.cumsum(np.bincount(codes))[:-1]), strict=False)


def _watched(entry: ArrayLike, exit_: ArrayLike, kind: ArrayLike) -> tuple[Days, Days, Days, int]:
    """The rows that were under observation for a time, as whole numbers, and how many were not."""
    start, stop, code = _whole(entry, "entry"), _whole(exit_, "exit"), _whole(kind, "kind of end")
    if not len(start) == len(stop) == len(code):
        raise ValueError("entry, exit and kind of end must have one value per row each")
    seen = (start == 0) | (stop > start)
    return start[seen], stop[seen], code[seen], int(len(seen) - seen.sum())


def _whole(values: ArrayLike, name: str) -> Days:
    numbers = np.asarray(values)
    if numbers.ndim != 1:
        raise ValueError(f"{name}: one value per row is wanted")
    if numbers.dtype.kind == "b" or len(numbers) == 0:
        return numbers.astype(np.int64)
    if numbers.dtype.kind not in "iu":
        as_float = numbers.astype(np.float64)
        if not (np.isfinite(as_float) & (as_float == np.floor(as_float))).all():
            raise ValueError(f"{name}: a value is missing or not a whole number")
        numbers = as_float
    if numbers.min() < 0 or numbers.max() > LONGEST_DAYS:
        raise ValueError(f"{name}: a value is negative or above {LONGEST_DAYS}")
    return numbers.astype(np.int64)


def _at_risk_by_day(start: Days, stop: Days) -> Days:
    """How many are at risk by day, up to the longest time: entry < day <= exit, entry 0 counting as before day 0."""
    length = int(stop.max()) + 1 if len(stop) else 0
    return _at_risk(np.where(start == 0, 0, start + 1), stop, length)


def _at_risk(first: Days, last: Days, length: int) -> Days:
    """How many are at risk on each of the days 0 to length - 1: first <= day <= last."""
    came = np.bincount(first, minlength=length + 1)
    went = np.bincount(last + 1, minlength=length + 1)
    return np.cumsum(came - went)[:-1]


def _log_log_limits(share: Numbers, variance: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Limits by the normal approximation of log(-log(share)): they stay within 0 and 1."""
    z = Z if level == LEVEL else NormalDist().inv_cdf(0.5 + level / 2)
    inside = (share > 0.0) & (share < 1.0 - 1e-12) & (variance > 0.0)
    p = np.where(inside, share, 0.5)
    # Beyond 700 the exponential overflows and the limits are 0 and 1 to any number of digits.
    width = np.minimum(z * np.sqrt(variance) / (p * -np.log(p)), 700.0)
    lower = np.where(inside, p ** np.exp(width), np.nan)
    upper = np.where(inside, p ** np.exp(-width), np.nan)
    return lower, upper


def _read(at_risk_by_day: Days, day: int) -> int:
    return int(at_risk_by_day[day]) if 0 <= day < len(at_risk_by_day) else 0


def _none_if_nan(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
