"""Times to permanence and between steps: which rows go into a curve, from when to when, and what is read off it.

What belongs here: TP, TS, CR and MA of design 7 for every area and month. The estimators stand in `survival`, the words in
`declarations`. Days are whole days since 1970; a horizon of m months is day round(m * 365.25 / 12).

Delayed entry: a child already on its way on the council's first observed day is watched from that morning, so it is at risk
from the end of the day before (see `survival` on risk sets).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pact_pipeline.measures.declarations import (
    CHILD_STEPS,
    ENDS_OF_PERMANENCE,
    HORIZON_MONTHS,
    NATIONAL,
    SCRA_BANDS,
    STEP_HORIZON_MONTHS,
)
from pact_pipeline.measures.survival import CumulativeIncidence, aalen_johansen, rows_by_group

Days = NDArray[np.int64]
NEVER = 1_000_000
MONTH = 365.25 / 12
CURVE_MONTHS = 36

# How the kinds of end of core.journey (secured_kind, exit_kind) are grouped for time to permanence.
END_OF_KIND = {
    "permanence_order": "permanence_order",
    "permanence_order_with_authority_to_adopt": "permanence_order",
    "adopted": "adoption",
    "residence_or_kinship_order": "residence_or_kinship",
    "long_term_care": "long_term_care",
    "home": "home",
}

ESTIMATE_COLUMNS = (
    "month_end", "area", "measure", "series", "category", "statistic", "horizon_months", "estimate", "lower", "upper",
    "children", "events", "at_risk", "already_done", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """The rows of one series: each a wait from `start` to the end of kind `kind` on day `end` (NEVER: not ended).

    `kinds` names the kinds 1 … k; `watched_from` and `watched_to`: first and last day the council tells of.
    `already_done` rows had taken the step before the clock started; they are in no curve.
    """

    measure: str
    series: str
    kinds: tuple[str, ...]
    start: Days
    end: Days
    kind: Days
    watched_from: Days
    watched_to: Days
    already_done: NDArray[np.bool_]

    def rows(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Waits":
        return replace(
            self,
            start=self.start[chosen],
            end=self.end[chosen],
            kind=self.kind[chosen],
            watched_from=self.watched_from[chosen],
            watched_to=self.watched_to[chosen],
            already_done=self.already_done[chosen],
        )

    def incidence(self, cut: int) -> tuple[CumulativeIncidence, int]:
        """The curve as known on day `cut`, and how many had the step already done by then."""
        begun = self.start <= np.minimum(cut, self.watched_to)
        in_curve = self.rows(begun & ~self.already_done)
        last_seen = np.minimum(cut, in_curve.watched_to)
        ended = in_curve.end <= last_seen
        stop = np.where(ended, in_curve.end, last_seen)
        kind = np.where(ended, in_curve.kind, 0)
        entry = np.maximum(in_curve.watched_from - in_curve.start - 1, 0)
        curve = aalen_johansen(entry, stop - in_curve.start, kind, tuple(range(1, len(self.kinds) + 1)))
        return curve, int((begun & self.already_done).sum())


def estimate_all(
    journey: pd.DataFrame, carer_approval: pd.DataFrame, match: pd.DataFrame, month_ends: list[pd.Timestamp]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`estimate` and `curve` (design 7) for each council, Scotland and month.

    Reads the columns of core.journey, core.carer_approval and core.match (with observed_from and observed_to). Returns
    one row an estimate (ESTIMATE_COLUMNS) and one row a curve's month (month_end, area, measure, series, category, days,
    estimate, at_risk).
    """
    estimates: list[dict[str, object]] = []
    curves: list[dict[str, object]] = []
    national_journey = journey.assign(area=NATIONAL)
    for frame in (journey.assign(area=journey["council"]), national_journey):
        areas = frame["area"].to_numpy(dtype=object)
        permanence = time_to_permanence(frame, transfers_end=frame is not national_journey)
        steps = [step_waits(frame, index) for index in range(len(CHILD_STEPS))]
        recommended = recommended_to_secured(frame)
        for area, rows in rows_by_group(areas):
            for month_end in month_ends:
                where = {"month_end": month_end, "area": area}
                cut = int(month_end.to_datetime64().astype("datetime64[D]").astype(np.int64))
                add = _adder(estimates, where)
                _add_permanence(add, curves, where, permanence.rows(rows), cut)
                _add_curve_figures(add, recommended.rows(rows), cut, STEP_HORIZON_MONTHS)
                _add_secured_in_year(add, frame.iloc[rows], cut)
                for step in steps:
                    _add_curve_figures(add, step.rows(rows), cut, STEP_HORIZON_MONTHS)
    for frame, of_waits in ((carer_approval, carer_waits), (match, match_waits)):
        for national in (False, True):
            areas = np.full(len(frame), NATIONAL, dtype=object) if national else frame["council"].to_numpy(dtype=object)
            series = of_waits(frame)
            for area, rows in rows_by_group(areas):
                for month_end in month_ends:
                    add = _adder(estimates, {"month_end": month_end, "area": area})
                    cut = int(month_end.to_datetime64().astype("datetime64[D]").astype(np.int64))
                    for category, waits, belongs in series:
                        _add_curve_figures(add, waits.rows(rows[belongs[rows]]), cut, STEP_HORIZON_MONTHS, category)
                    if of_waits is carer_waits:
                        _add_assessments(add, frame.iloc[rows], cut)
    return _estimate_frame(estimates), _curve_frame(curves)


def days(column: "pd.Series[pd.Timestamp]") -> Days:
    """Dates as days since 1970, NEVER where there is none."""
    values = column.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(values), NEVER, values.astype(np.int64))


def time_to_permanence(journey: pd.DataFrame, *, transfers_end: bool) -> Waits:
    """Every spell away from home, from leaving home to the first of: permanence secured, the end of the spell.

    For a council a transfer is one of the other ends; nationally the spell goes on elsewhere, so it is no end: the child is
    followed to the transfer (until spells are linked across councils).
    """
    away = journey[journey["away_from_home_from"].notna()]
    secured, left = days(away["secured_on"]), days(away["exit_on"])
    first_secured = secured <= left
    name = np.where(first_secured, away["secured_kind"].to_numpy(object), away["exit_kind"].to_numpy(object))
    end = np.minimum(secured, left)
    watched_to = days(away["observed_to"])
    if not transfers_end:
        moved = (name == "transfer") & (end < NEVER)
        watched_to = np.where(moved, np.minimum(end, watched_to), watched_to)
        end = np.where(moved, NEVER, end)
    group = pd.Series(name).map(END_OF_KIND).fillna("other").to_numpy(object)
    number = {kind: position for position, kind in enumerate(ENDS_OF_PERMANENCE, start=1)}
    kind = np.array([number[g] for g in ENDS_OF_PERMANENCE], dtype=np.int64)[
        pd.Categorical(group, categories=list(ENDS_OF_PERMANENCE)).codes
    ]
    start = days(away["away_from_home_from"])
    waits = Waits(
        "TP", "all_entrants", ENDS_OF_PERMANENCE, start, end, kind, days(away["observed_from"]), watched_to,
        np.zeros(len(away), dtype=bool),
    )  # fmt: skip
    # rows must stand where they stand in the journey, so that one grouping serves all series
    return _spread(waits, journey["away_from_home_from"].notna().to_numpy())


def recommended_to_secured(journey: pd.DataFrame) -> Waits:
    """From the recommendation to permanence secured by any route; the end of the spell without it competes."""
    return _two_dates(
        journey, "TP", "recommended_to_secured", "recommended_on", days(journey["secured_on"]), days(journey["exit_on"])
    )


def step_waits(journey: pd.DataFrame, index: int) -> Waits:
    """One declared step of the pathway (declarations.CHILD_STEPS)."""
    step = CHILD_STEPS[index]
    competing = days(journey["exit_on"])
    if step.stop != "secured_on":
        competing = np.minimum(competing, days(journey["secured_on"]))
    return _two_dates(journey, step.measure, step.series, step.start, days(journey[step.stop]), competing)


def carer_waits(carer_approval: pd.DataFrame) -> list[tuple[str, Waits, NDArray[np.bool_]]]:
    """Enquiry to approval for all households and by kind of approval; refusal, withdrawal and closing compete."""
    approved = days(carer_approval["approved_on"])
    not_approved = np.where(
        carer_approval["decision"].eq("not_approved").to_numpy(bool), days(carer_approval["decision_on"]), NEVER
    )
    competing = np.minimum(days(carer_approval["closed_on"]), not_approved)
    waits = _two_dates(carer_approval, "CR", "enquiry_to_approval", "enquiry_on", approved, competing)
    kinds = carer_approval["approval_kind"].to_numpy(object)
    named = [(str(kind), waits, kinds == kind) for kind in sorted({str(k) for k in kinds})]
    return [("all", waits, np.ones(len(kinds), dtype=bool)), *named]


def match_waits(match: pd.DataFrame) -> list[tuple[str, Waits, NDArray[np.bool_]]]:
    """The link of child and carers to the match's approval; a link that ends without it competes."""
    waits = _two_dates(
        match, "MA", "linked_to_match_approved", "linked_on", days(match["approved_on"]), days(match["ended_on"])
    )
    return [("all", waits, np.ones(len(match), dtype=bool))]


def _two_dates(frame: pd.DataFrame, measure: str, series: str, start: str, stop: Days, competing: Days) -> Waits:
    """Waits from one date to another. A stop on the day of a competing end counts as the stop."""
    begin = days(frame[start])
    kind = np.where(stop <= competing, 1, 2)
    end = np.minimum(stop, competing)
    never_waited = (begin < NEVER) & (competing < begin) & (stop > competing)
    waits = Waits(
        measure, series, ("done", "ended_without"), np.where(never_waited, NEVER, begin), end, kind,
        days(frame["observed_from"]), days(frame["observed_to"]), (begin < NEVER) & (stop < begin),
    )  # fmt: skip
    return waits


def _spread(waits: Waits, present: NDArray[np.bool_]) -> Waits:
    """The waits on the rows of the whole frame; absent rows never start."""
    full = {
        name: np.full(len(present), fill, dtype=np.int64)
        for name, fill in (("start", NEVER), ("end", NEVER), ("kind", 1), ("watched_from", 0), ("watched_to", 0))
    }
    for name, values in full.items():
        values[present] = getattr(waits, name)
    return replace(
        waits,
        start=full["start"],
        end=full["end"],
        kind=full["kind"],
        watched_from=full["watched_from"],
        watched_to=full["watched_to"],
        already_done=np.zeros(len(present), dtype=bool),
    )


class _Adder:
    def __init__(self, rows: list[dict[str, object]], where: Mapping[str, object]) -> None:
        self.rows, self.where = rows, where

    def __call__(self, **figures: object) -> None:
        self.rows.append({**self.where, **figures})


def _adder(rows: list[dict[str, object]], where: Mapping[str, object]) -> _Adder:
    return _Adder(rows, where)


def horizon_day(horizon_months: int) -> int:
    return round(horizon_months * MONTH)


def _add_permanence(
    add: _Adder, curves: list[dict[str, object]], where: Mapping[str, object], waits: Waits, cut: int
) -> None:
    curve, _ = waits.incidence(cut)
    for number, name in enumerate(waits.kinds, start=1):
        for months in HORIZON_MONTHS:
            _add_incidence(add, waits, curve, number, name, months, 0)
        for month in range(CURVE_MONTHS + 1):
            point = curve.value_at(number, horizon_day(month))
            if horizon_day(month) > curve.last_day:
                break
            curves.append(
                {
                    **where, "measure": waits.measure, "series": waits.series, "category": name,
                    "days": horizon_day(month), "estimate": point.estimate, "at_risk": point.at_risk,
                }
            )  # fmt: skip
    # the latest twelve-month entry cohort that has been followed so long, from its first day
    for months in HORIZON_MONTHS:
        last_start = cut - horizon_day(months)
        cohort = replace(waits, series="entry_cohort").rows(
            (waits.start > last_start - horizon_day(12)) & (waits.start <= last_start)
        )
        seen_from_start = bool(len(cohort.start)) and bool(
            (cohort.watched_from <= last_start - horizon_day(12) + 1).all()
        )
        if seen_from_start:
            cohort_curve, _ = cohort.incidence(cut)
            for number, name in enumerate(cohort.kinds, start=1):
                _add_incidence(add, cohort, cohort_curve, number, name, months, 0)
        else:
            add(
                measure="TP", series="entry_cohort", category="all", statistic="cumulative_incidence",
                horizon_months=months, children=0, events=0, at_risk=0, already_done=0, status="not_followed_long_enough",
            )  # fmt: skip


def _add_incidence(
    add: _Adder, waits: Waits, curve: CumulativeIncidence, number: int, category: str, months: int, already_done: int
) -> None:
    day = horizon_day(months)
    point = curve.value_at(number, day)
    followed = curve.last_day >= day or (curve.children > 0 and curve.waiting_at(day) == 0.0)
    status = "nobody" if curve.children == 0 else "estimated" if followed else "not_followed_long_enough"
    add(
        measure=waits.measure, series=waits.series, category=category, statistic="cumulative_incidence",
        horizon_months=months, estimate=point.estimate if status == "estimated" else None,
        lower=point.lower if status == "estimated" else None, upper=point.upper if status == "estimated" else None,
        children=curve.children, events=point.events, at_risk=point.at_risk, already_done=already_done, status=status,
    )  # fmt: skip


def _add_curve_figures(add: _Adder, waits: Waits, cut: int, horizons: tuple[int, ...], category: str = "all") -> None:
    """The share done by each horizon, and the day by which half had done it, in the presence of competing ends."""
    curve, already_done = waits.incidence(cut)
    for months in horizons:
        _add_incidence(add, waits, curve, 1, category, months, already_done)
    median, lower, upper = median_day(curve, 1)
    status = "nobody" if curve.children == 0 else "not_reached" if median is None else "estimated"
    at = curve.value_at(1, median if median is not None else max(curve.last_day, 0))
    add(
        measure=waits.measure, series=waits.series, category=category, statistic="median", estimate=median, lower=lower,
        upper=upper, children=curve.children, events=at.events, at_risk=at.at_risk, already_done=already_done, status=status,
    )  # fmt: skip


def median_day(curve: CumulativeIncidence, kind: int) -> tuple[int | None, int | None, int | None]:
    """The first day on which half have left by `kind`, with the days at which the limits reach a half. None: not reached."""
    row = curve.kinds.index(kind)
    lower, upper = curve.limits()
    found: list[int | None] = []
    for line in (curve.incidence[row], upper[row], lower[row]):
        hits = np.flatnonzero(line >= 0.5 - 1e-12)
        found.append(int(curve.times[hits[0]]) if hits.size else None)
    return found[0], found[1], found[2]


def _add_secured_in_year(add: _Adder, journey: pd.DataFrame, cut: int) -> None:
    """Children secured in the twelve months to the month's end, by how long it had taken: an exit cohort, and named so."""
    secured, away = days(journey["secured_on"]), days(journey["away_from_home_from"])
    in_year = (secured > cut - 365) & (secured <= cut) & (away < NEVER)
    months = (secured[in_year] - away[in_year]) / MONTH
    number = int(in_year.sum())
    for statistic, value in _mean_and_median(months):
        _add_plain(add, "TP", "secured_in_year", "all", statistic, value, number, number)
    for low, high in SCRA_BANDS:
        inside = (months >= low) & ((months < high + 1) if high is not None else True)
        name = f"{low}-{high} months" if high is not None else f"{low} months or more"
        share = float(inside.mean()) if number else None
        _add_plain(add, "TP", "secured_in_year", name, "share_in_band", share, number, int(inside.sum()))


def _add_assessments(add: _Adder, carers: pd.DataFrame, cut: int) -> None:
    """Assessments finished in the twelve months to the month's end, in weeks and in recorded hours (plan paragraph 30)."""
    finished = days(carers["assessment_to"])
    in_year = (finished > cut - 365) & (finished <= cut)
    for series, column in (("assessment_weeks", "assessment_weeks"), ("assessment_hours", "assessment_hours")):
        values = carers[column].to_numpy(dtype=np.float64, na_value=np.nan)[in_year]
        values = values[~np.isnan(values)]
        for statistic, value in _mean_and_median(values):
            _add_plain(add, "CR", series, "all", statistic, value, len(values), len(values))


def _add_plain(
    add: _Adder,
    measure: str,
    series: str,
    category: str,
    statistic: str,
    value: float | None,
    children: int,
    events: int,
) -> None:
    add(
        measure=measure, series=series, category=category, statistic=statistic, estimate=value, children=children,
        events=events, at_risk=children, already_done=0, status="estimated" if children else "nobody",
    )  # fmt: skip


def _mean_and_median(values: NDArray[np.float64]) -> Iterator[tuple[str, float | None]]:
    yield "mean", float(values.mean()) if len(values) else None
    yield "median", float(np.median(values)) if len(values) else None


def _estimate_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(ESTIMATE_COLUMNS))
    frame["month_end"] = pd.to_datetime(frame["month_end"])
    for name in ("horizon_months", "children", "events", "at_risk", "already_done"):
        frame[name] = frame[name].astype("Int64")
    for name in ("estimate", "lower", "upper"):
        frame[name] = frame[name].astype("Float64")
    return frame


def _curve_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = ["month_end", "area", "measure", "series", "category", "days", "estimate", "at_risk"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["month_end"] = pd.to_datetime(frame["month_end"])
    return frame
