"""The estimators against hand-worked cases, statsmodels as a second method, and what must always hold."""

import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from pact_pipeline.measures.survival import Quantile, aalen_johansen, kaplan_meier, rows_by_group

# domain 8.4: ten children, weeks. 0 censored, 1 home, 2 permanence order, 3 adoption.
WEEKS = np.array([20, 30, 40, 52, 60, 78, 80, 104, 110, 130])
ENDS = np.array([1, 1, 0, 2, 1, 2, 0, 3, 0, 2])
FROM_START = np.zeros(10, dtype=int)


def random_children(n: int, seed: int, delayed: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry, exit and kind with many ties; with `delayed`, a third enter late and all are seen for a day at least."""
    rng = np.random.default_rng(seed)
    exit_ = rng.integers(1, 400, n)
    kind = rng.choice([0, 1, 2, 3], n, p=[0.3, 0.3, 0.25, 0.15])
    entry = (
        np.where(rng.random(n) < 0.33, (exit_ * rng.random(n)).astype(int), 0) if delayed else np.zeros(n, dtype=int)
    )
    return entry, exit_, kind


def test_kaplan_meier_of_the_ten_children() -> None:
    curve = kaplan_meier(FROM_START, WEEKS, ENDS)
    assert curve.times.tolist() == [20, 30, 52, 60, 78, 104, 130]
    assert curve.at_risk.tolist() == [10, 9, 7, 6, 5, 3, 1]
    assert curve.survival.round(4).tolist() == [0.9, 0.8, 0.6857, 0.5714, 0.4571, 0.3048, 0.0]
    assert curve.median.days == 78
    assert (curve.children, curve.left_out, curve.last_day) == (10, 0, 130)


def test_cumulative_incidence_of_the_ten_children() -> None:
    ends = aalen_johansen(FROM_START, WEEKS, ENDS)
    home, order, adoption = 1, 2, 3
    assert [round(ends.value_at(k, 130).estimate, 4) for k in (home, order, adoption)] == [0.3143, 0.5333, 0.1524]
    assert [round(ends.value_at(k, 104).estimate, 4) for k in (home, order, adoption)] == [0.3143, 0.2286, 0.1524]
    assert [round(ends.value_at(order, t).estimate, 4) for t in (52, 78, 104, 130)] == [0.1143, 0.2286, 0.2286, 0.5333]
    assert ends.waiting_at(104) == pytest.approx(1 - 0.3143 - 0.2286 - 0.1524, abs=1e-4)
    assert ends.value_at(order, 104).events == 2
    assert ends.value_at(order, 104).at_risk == 3


def test_taking_the_other_ends_as_censored_overstates() -> None:
    naive = kaplan_meier(FROM_START, WEEKS, ENDS == 2)
    assert [round(1 - naive.at(t).estimate, 4) for t in (52, 78, 104, 130)] == [0.1429, 0.3143, 0.3143, 1.0]
    assert WEEKS[ENDS == 2].mean() == pytest.approx(86.7, abs=0.05)


def test_greenwood_by_hand() -> None:
    # Four children: one leaves on day 1, one on day 2, the others are censored on day 3.
    curve = kaplan_meier([0, 0, 0, 0], [1, 2, 3, 3], [1, 1, 0, 0])
    assert curve.survival.tolist() == [0.75, 0.5]
    assert curve.variance == pytest.approx([0.75**2 * 1 / 12, 0.5**2 * (1 / 12 + 1 / 6)])


def test_late_entrants_count_only_from_the_day_after_they_enter() -> None:
    # a: 0-4 leaves; b: 2-6 leaves; c: 4-8 leaves (not at risk on day 4); d: 0-6 censored (still at risk on day 6).
    curve = kaplan_meier([0, 2, 4, 0], [4, 6, 8, 6], [1, 1, 1, 0])
    assert curve.times.tolist() == [4, 6, 8]
    assert curve.at_risk.tolist() == [3, 3, 1]  # a, b, d; then b, c, d; then c
    assert curve.survival == pytest.approx([2 / 3, 4 / 9, 0.0])


def test_cumulative_incidence_with_late_entry_by_hand() -> None:
    ends = aalen_johansen([0, 2, 4, 0], [4, 6, 8, 6], [1, 2, 1, 0])
    assert ends.incidence[0] == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 4 / 9])
    assert ends.incidence[1] == pytest.approx([0, 2 / 9, 2 / 9])


def test_a_child_who_left_on_the_first_day_of_observation_was_never_seen_waiting() -> None:
    curve = kaplan_meier([5, 0, 7], [5, 9, 6], [1, 1, 1])
    assert (curve.children, curve.left_out) == (1, 2)
    assert curve.times.tolist() == [9]


def test_two_steps_on_one_day_are_nought_days_apart() -> None:
    curve = kaplan_meier([0, 0], [0, 10], [1, 1])
    assert curve.times.tolist() == [0, 10]
    assert curve.at_risk.tolist() == [2, 1]
    assert curve.median.days == 0


def test_a_censoring_on_the_day_of_an_event_comes_after_it() -> None:
    assert kaplan_meier([0, 0], [5, 5], [1, 0]).at_risk.tolist() == [2]


def test_not_reached_is_none() -> None:
    curve = kaplan_meier([0] * 4, [3, 9, 9, 9], [1, 0, 0, 0])
    assert curve.median == Quantile(None, 3, None)  # the lower limit does fall below one half, the curve does not
    assert curve.quantile(0.25).days == 3


@pytest.mark.parametrize("rows", [([], [], []), ([3], [3], [1])], ids=["no rows", "never seen"])
def test_nobody_gives_an_empty_curve(rows: tuple[list[int], list[int], list[int]]) -> None:
    curve = kaplan_meier(*rows)
    assert (curve.children, curve.last_day, curve.median) == (0, -1, Quantile(None, None, None))
    assert (curve.at(365).estimate, curve.at(365).at_risk) == (1.0, 0)
    ends = aalen_johansen(*rows, kinds=(1, 2))
    assert (ends.value_at(2, 365).estimate, ends.waiting_at(365), ends.incidence.shape) == (0.0, 1.0, (2, 0))


def test_everybody_censored_gives_a_flat_curve() -> None:
    ends = aalen_johansen([0, 0], [5, 8], [0, 0], kinds=(1,))
    assert (ends.value_at(1, 8).estimate, ends.value_at(1, 8).at_risk, ends.value_at(1, 9).at_risk) == (0.0, 1, 0)
    assert ends.value_at(1, 8).upper is None
    assert kaplan_meier([0, 0], [5, 8], [0, 0]).median == Quantile(None, None, None)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (([0], [1, 2], [1, 1]), "one value per row"),
        (([0], [-1], [1]), "negative"),
        (([0.0], [float("nan")], [1]), "missing"),
        (([0], [2.5], [1]), "whole"),
        (([0], [60_000], [1]), "above"),
    ],
)
def test_days_that_are_none_are_refused(rows: tuple[list[float], list[float], list[float]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        kaplan_meier(*rows)


def test_a_kind_of_end_not_asked_for_is_refused() -> None:
    with pytest.raises(ValueError, match="kind of end"):
        aalen_johansen([0, 0], [5, 8], [1, 2], kinds=(1,))


@pytest.mark.parametrize("delayed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_kaplan_meier_agrees_with_statsmodels(seed: int, delayed: bool) -> None:
    entry, exit_, kind = random_children(600, seed, delayed)
    ours = kaplan_meier(entry, exit_, kind)
    # statsmodels reads entry 0 as "at risk from 0 on" too, and judges entry < t.
    theirs = SurvfuncRight(exit_, (kind > 0).astype(int), entry=entry if delayed else None)
    at = np.searchsorted(theirs.surv_times, ours.times)
    assert ours.at_risk.tolist() == np.asarray(theirs.n_risk)[at].astype(int).tolist()
    assert ours.survival == pytest.approx(theirs.surv_prob[at])
    assert np.sqrt(ours.variance[:-1]) == pytest.approx(theirs.surv_prob_se[at][:-1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ours.median.days == theirs.quantile(0.5)
        assert (ours.median.lower, ours.median.upper) == theirs.quantile_ci(0.5, method="cloglog")


@pytest.mark.parametrize("seed", range(5))
def test_cumulative_incidence_agrees_with_statsmodels(seed: int) -> None:
    entry, exit_, kind = random_children(600, seed, delayed=False)
    ours = aalen_johansen(entry, exit_, kind)
    theirs = CumIncidenceRight(exit_, kind)
    at = np.searchsorted(theirs.times, ours.times)
    for row in range(3):
        assert ours.incidence[row] == pytest.approx(theirs.cinc[row][at])
        assert ours.standard_error[row][:-2] == pytest.approx(theirs.cinc_se[row][at][:-2])


def test_with_one_kind_the_variance_is_greenwoods() -> None:
    entry, exit_, kind = random_children(500, 9, delayed=True)
    ends, curve = aalen_johansen(entry, exit_, kind > 0), kaplan_meier(entry, exit_, kind)
    assert ends.variance[0][:-1] == pytest.approx(curve.variance[:-1], abs=1e-12)


def test_limits_of_the_incidence_stay_within_nought_and_one() -> None:
    ends = aalen_johansen(FROM_START, WEEKS, ENDS)
    lower, upper = ends.limits()
    known = ~np.isnan(lower)
    assert ((lower < ends.incidence) & (ends.incidence < upper) | ~known).all()
    point = ends.value_at(2, 104)
    # Worked in fractions: F = 0.228571, se = 0.141298 by the delta method; limits F ** exp(±1.96 · se / (F · -ln F)).
    assert (point.estimate, ends.standard_error[1][5]) == pytest.approx((0.228571, 0.141298), abs=1e-6)
    assert (point.lower, point.upper) == pytest.approx((0.034939, 0.522340), abs=1e-6)


CHILDREN = st.integers(1, 60).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.int64, n, elements=st.integers(0, 30)),
        hnp.arrays(np.int64, n, elements=st.integers(0, 40)),
        hnp.arrays(np.int64, n, elements=st.integers(0, 3)),
    )
)


@given(CHILDREN)
def test_kinds_of_end_and_those_waiting_make_a_whole(children: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    ends = aalen_johansen(*children, kinds=(1, 2, 3))
    assert ends.incidence.sum(axis=0) + ends.survival == pytest.approx(np.ones(len(ends.times)))
    assert (np.diff(ends.incidence, axis=1) >= 0).all()
    assert (np.diff(ends.survival) <= 0).all()
    assert (ends.at_risk >= ends.events.sum(axis=0)).all()
    assert kaplan_meier(*children).survival == pytest.approx(ends.survival)


@given(CHILDREN)
def test_renaming_the_kinds_renames_the_curves_and_nothing_else(
    children: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    entry, exit_, kind = children
    ends = aalen_johansen(entry, exit_, kind, kinds=(1, 2, 3))
    swapped = aalen_johansen(entry, exit_, np.array([0, 3, 1, 2])[kind], kinds=(3, 1, 2))
    assert swapped.incidence == pytest.approx(ends.incidence)
    assert swapped.variance == pytest.approx(ends.variance)


def test_rows_by_group_gives_each_row_once() -> None:
    groups = {label: rows.tolist() for label, rows in rows_by_group(["SCO", "GLG", "SCO"])}
    assert groups == {"GLG": [1], "SCO": [0, 2]}
    assert list(rows_by_group([])) == []


def test_a_thousand_rows_take_a_millisecond() -> None:
    children = random_children(1_000, 3, delayed=True)
    took = []
    for _ in range(20):
        began = time.process_time()
        aalen_johansen(*children, kinds=(1, 2, 3))
        took.append(time.process_time() - began)
    assert min(took) < 0.003  # measured 0.3 ms; three times the bar, since the machine may be busy
