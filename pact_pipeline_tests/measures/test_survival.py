"""The estimator against hand-worked cases, statsmodels as a second method, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import ArrayLike
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from pact_pipeline.measures.estimates import median_day
from pact_pipeline.measures.survival import CumulativeIncidence, cumulative_incidence, rows_by_group

# domain#ten-children-worked-by-hand: ten children, weeks. 0 censored, 1 home, 2 permanence order, 3 adoption.
WEEKS = np.array([20, 30, 40, 52, 60, 78, 80, 104, 110, 130])
ENDS = np.array([1, 1, 0, 2, 1, 2, 0, 3, 0, 2])
FROM_START = np.zeros(10, dtype=int)
HOME, ORDER, ADOPTION = 1, 2, 3


def ends_of(
    entry: ArrayLike, exit_: ArrayLike, kind: ArrayLike, kinds: tuple[int, ...] = (1, 2, 3)
) -> CumulativeIncidence:
    """The curves of children who entered on a day (0: watched from the start) and left, or were last seen, on another."""
    came, left, code = (np.asarray(values, dtype=np.int64) for values in (entry, exit_, kind))
    return cumulative_incidence(np.where(came == 0, 0, came + 1), left, code, kinds)


def leaving(entry: ArrayLike, exit_: ArrayLike, event: ArrayLike) -> CumulativeIncidence:
    """With one kind of end."""
    return ends_of(entry, exit_, np.asarray(event, dtype=np.int64) > 0, kinds=(1,))


def share(ends: CumulativeIncidence, kind: int, day: int) -> float:
    return float(ends.read(np.array([day])).estimate[ends.kinds.index(kind), 0])


def random_children(n: int, seed: int, delayed: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry, exit and kind with many ties; with `delayed`, a third enter late and all are seen for a day at least."""
    rng = np.random.default_rng(seed)
    exit_ = rng.integers(1, 400, n)
    kind = rng.choice([0, 1, 2, 3], n, p=[0.3, 0.3, 0.25, 0.15])
    entry = (
        np.where(rng.random(n) < 0.33, (exit_ * rng.random(n)).astype(int), 0) if delayed else np.zeros(n, dtype=int)
    )
    return entry, exit_, kind


def test_with_one_kind_of_end_the_ten_children_give_kaplan_meiers_curve() -> None:
    curve = leaving(FROM_START, WEEKS, ENDS)
    assert curve.times.tolist() == [20, 30, 52, 60, 78, 104, 130]
    assert curve.at_risk.tolist() == [10, 9, 7, 6, 5, 3, 1]
    assert curve.survival.round(4).tolist() == [0.9, 0.8, 0.6857, 0.5714, 0.4571, 0.3048, 0.0]
    assert median_day(curve, 1)[0] == 78
    assert (curve.children, curve.left_out, curve.last_day) == (10, 0, 130)


def test_cumulative_incidence_of_the_ten_children() -> None:
    ends = ends_of(FROM_START, WEEKS, ENDS)
    assert [round(share(ends, kind, 130), 4) for kind in (HOME, ORDER, ADOPTION)] == [0.3143, 0.5333, 0.1524]
    assert [round(share(ends, kind, 104), 4) for kind in (HOME, ORDER, ADOPTION)] == [0.3143, 0.2286, 0.1524]
    assert [round(share(ends, ORDER, day), 4) for day in (52, 78, 104, 130)] == [0.1143, 0.2286, 0.2286, 0.5333]
    then = ends.read(np.array([104]))
    assert then.waiting[0] == pytest.approx(1 - 0.3143 - 0.2286 - 0.1524, abs=1e-4)
    assert (then.events[1, 0], then.at_risk[0]) == (2, 3)


def test_taking_the_other_ends_as_censored_overstates() -> None:
    naive = leaving(FROM_START, WEEKS, ENDS == ORDER)
    assert [round(share(naive, 1, day), 4) for day in (52, 78, 104, 130)] == [0.1429, 0.3143, 0.3143, 1.0]
    assert WEEKS[ENDS == ORDER].mean() == pytest.approx(86.7, abs=0.05)


def test_with_one_kind_the_variance_is_greenwoods_by_hand() -> None:
    # Four children: one leaves on day 1, one on day 2, the others are censored on day 3.
    curve = leaving([0, 0, 0, 0], [1, 2, 3, 3], [1, 1, 0, 0])
    assert curve.survival.tolist() == [0.75, 0.5]
    assert curve.variance[0] == pytest.approx([0.75**2 * 1 / 12, 0.5**2 * (1 / 12 + 1 / 6)])


def test_late_entrants_count_only_from_the_day_after_they_enter() -> None:
    # a: 0-4 leaves; b: 2-6 leaves; c: 4-8 leaves (not at risk on day 4); d: 0-6 censored (still at risk on day 6).
    curve = leaving([0, 2, 4, 0], [4, 6, 8, 6], [1, 1, 1, 0])
    assert curve.times.tolist() == [4, 6, 8]
    assert curve.at_risk.tolist() == [3, 3, 1]  # a, b, d; then b, c, d; then c
    assert curve.survival == pytest.approx([2 / 3, 4 / 9, 0.0])


def test_cumulative_incidence_with_late_entry_by_hand() -> None:
    ends = ends_of([0, 2, 4, 0], [4, 6, 8, 6], [1, 2, 1, 0], kinds=(1, 2))
    assert ends.incidence[0] == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 4 / 9])
    assert ends.incidence[1] == pytest.approx([0, 2 / 9, 2 / 9])


def test_a_child_who_left_on_the_first_day_of_observation_was_never_seen_waiting() -> None:
    curve = leaving([5, 0, 7], [5, 9, 6], [1, 1, 1])
    assert (curve.children, curve.left_out) == (1, 2)
    assert curve.times.tolist() == [9]


def test_two_steps_on_one_day_are_nought_days_apart() -> None:
    curve = leaving([0, 0], [0, 10], [1, 1])
    assert curve.times.tolist() == [0, 10]
    assert curve.at_risk.tolist() == [2, 1]
    assert median_day(curve, 1)[0] == 0


def test_a_censoring_on_the_day_of_an_event_comes_after_it() -> None:
    assert leaving([0, 0], [5, 5], [1, 0]).at_risk.tolist() == [2]


def test_not_reached_is_none() -> None:
    curve = leaving([0] * 4, [3, 9, 9, 9], [1, 0, 0, 0])
    assert median_day(curve, 1)[0] is None
    assert share(curve, 1, 9) == 0.25


@pytest.mark.parametrize("rows", [([], [], []), ([3], [3], [1])], ids=["no rows", "never seen"])
def test_nobody_gives_an_empty_curve(rows: tuple[list[int], list[int], list[int]]) -> None:
    ends = ends_of(*rows, kinds=(1, 2))
    assert (ends.children, ends.last_day, ends.incidence.shape) == (0, -1, (2, 0))
    assert median_day(ends, 1) == (None, None, None)
    then = ends.read(np.array([365]))
    assert (then.estimate[1, 0], then.waiting[0], then.at_risk[0]) == (0.0, 1.0, 0)


def test_everybody_censored_gives_a_flat_curve() -> None:
    ends = ends_of([0, 0], [5, 8], [0, 0], kinds=(1,))
    read = ends.read(np.array([8, 9]))
    assert read.estimate[0].tolist() == [0.0, 0.0]
    assert read.at_risk.tolist() == [1, 0]
    assert np.isnan(read.upper).all()
    assert median_day(ends, 1) == (None, None, None)


@pytest.mark.parametrize("delayed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_with_one_kind_of_end_it_agrees_with_statsmodels_kaplan_meier(seed: int, delayed: bool) -> None:
    entry, exit_, kind = random_children(600, seed, delayed)
    ours = leaving(entry, exit_, kind)
    # statsmodels reads entry 0 as "at risk from 0 on" too, and judges entry < t.
    theirs = SurvfuncRight(exit_, (kind > 0).astype(int), entry=entry if delayed else None)
    at = np.searchsorted(theirs.surv_times, ours.times)
    assert ours.at_risk.tolist() == np.asarray(theirs.n_risk)[at].astype(int).tolist()
    assert ours.survival == pytest.approx(theirs.surv_prob[at])
    assert np.sqrt(ours.variance[0][:-1]) == pytest.approx(theirs.surv_prob_se[at][:-1], abs=1e-9)
    assert median_day(ours, 1)[0] == theirs.quantile(0.5)


@pytest.mark.parametrize("seed", range(5))
def test_cumulative_incidence_agrees_with_statsmodels(seed: int) -> None:
    entry, exit_, kind = random_children(600, seed, delayed=False)
    ours = ends_of(entry, exit_, kind)
    theirs = CumIncidenceRight(exit_, kind)
    at = np.searchsorted(theirs.times, ours.times)
    for row in range(3):
        assert ours.incidence[row] == pytest.approx(theirs.cinc[row][at])
        assert np.sqrt(ours.variance[row])[:-2] == pytest.approx(theirs.cinc_se[row][at][:-2])


def test_limits_of_the_incidence_stay_within_nought_and_one() -> None:
    ends = ends_of(FROM_START, WEEKS, ENDS)
    lower, upper = ends.limits()
    known = ~np.isnan(lower)
    assert ((lower < ends.incidence) & (ends.incidence < upper) | ~known).all()
    then = ends.read(np.array([104]))
    # Worked in fractions: F = 0.228571, se = 0.141298 by the delta method; limits F ** exp(±1.96 · se / (F · -ln F)).
    assert (then.estimate[1, 0], np.sqrt(ends.variance[1][5])) == pytest.approx((0.228571, 0.141298), abs=1e-6)
    assert (then.lower[1, 0], then.upper[1, 0]) == pytest.approx((0.034939, 0.522340), abs=1e-6)


CHILDREN = st.integers(1, 60).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.int64, n, elements=st.integers(0, 30)),
        hnp.arrays(np.int64, n, elements=st.integers(0, 40)),
        hnp.arrays(np.int64, n, elements=st.integers(0, 3)),
    )
)


@given(CHILDREN)
def test_kinds_of_end_and_those_waiting_make_a_whole(children: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    ends = ends_of(*children)
    assert ends.incidence.sum(axis=0) + ends.survival == pytest.approx(np.ones(len(ends.times)))
    assert (np.diff(ends.incidence, axis=1) >= 0).all()
    assert (np.diff(ends.survival) <= 0).all()
    assert (ends.at_risk >= ends.events.sum(axis=0)).all()
    assert leaving(*children).survival == pytest.approx(ends.survival)


@given(CHILDREN)
def test_renaming_the_kinds_renames_the_curves_and_nothing_else(
    children: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    entry, exit_, kind = children
    ends = ends_of(entry, exit_, kind)
    swapped = ends_of(entry, exit_, np.array([0, 3, 1, 2])[kind], kinds=(3, 1, 2))
    assert swapped.incidence == pytest.approx(ends.incidence)
    assert swapped.variance == pytest.approx(ends.variance)


def test_rows_by_group_gives_each_row_once() -> None:
    groups = {label: rows.tolist() for label, rows in rows_by_group(["SCO", "GLG", "SCO"])}
    assert groups == {"GLG": [1], "SCO": [0, 2]}
    assert list(rows_by_group([])) == []
