"""The time-to-event estimator on whole days: Aalen-Johansen, with delayed entry and exact ties. With one kind of end it is
Kaplan-Meier's.

Here belongs the estimator and nothing else: which children, which clock and which ends a measure has is said where the
measure is declared. Plain numpy; sources: definitions#time-to-event, domain#time-to-event-practice; formulae as in
Kalbfleisch and Prentice, *The Statistical Analysis of Failure Time Data*, chapters 1 and 8.

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
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Days = NDArray[np.int64]
Numbers = NDArray[np.float64]

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
SMALLEST_RISK_SET = 5  # an end judged against fewer takes a fifth or more off the curve after it …
LARGEST_STEP = 0.05  # … which matters where that is a twentieth of all


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

    def limits(self, level: float = LEVEL) -> tuple[Numbers, Numbers]:
        """Lower and upper log-log limits, shaped as `incidence`; nan where the incidence is 0 or 1."""
        return _log_log_limits(self.incidence, self.variance, level)

    def read(self, days: Days, level: float = LEVEL) -> Readings:
        """For all kinds and these days: the share who have left by each kind of end up to and including the day."""
        n = np.searchsorted(self.times, days, side="right")
        begun, column = n > 0, np.maximum(n - 1, 0)
        none = np.zeros((len(self.kinds), len(days)))
        if not len(self.times):
            empty = np.full_like(none, np.nan)
            return Readings(none, empty, empty, none.astype(np.int64), self._at_risk_on(days), np.ones(len(days)))
        share = np.where(begun, self.incidence[:, column], 0.0)
        lower, upper = _log_log_limits(share, np.where(begun, self.variance[:, column], 0.0), level)
        events = np.where(begun, np.cumsum(self.events, axis=1)[:, column], 0)
        waiting = np.where(begun, self.survival[column], 1.0)
        return Readings(share, lower, upper, events, self._at_risk_on(days), waiting)

    def _at_risk_on(self, days: Days) -> Days:
        by_day = np.append(self._at_risk_by_day, 0)  # nobody beyond the last day
        inside = (days >= 0) & (days <= self.last_day)
        return by_day[np.where(inside, days, len(by_day) - 1)]

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
