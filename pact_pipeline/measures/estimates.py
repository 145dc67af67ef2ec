"""Figures of time for every area and month: which are read off which curve, and what is said where one can't be given.

What belongs here: the tables `estimate` and `curve` (TP, TS, CR and MA of definitions#measures). Which rows go into a curve stands
in `waits`, the estimators in `survival`, the words in `declarations`. Days are whole days since 1970; a horizon of m
months is day round(m * 365.25 / 12). "In the year" is the twelve calendar months to the month's end.

A council's figures are given for the months it tells of, Scotland's from the councils that tell: curves use each
council for the days it tells of, entry cohorts the councils that tell of the year's first day, counts in the year those
that tell of the month.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pact_pipeline.measures.declarations import (
    CHILD_STEPS,
    HORIZON_MONTHS,
    NATIONAL,
    SCRA_BANDS,
    STEP_HORIZON_MONTHS,
)
from pact_pipeline.measures.survival import CumulativeIncidence, Days, rows_by_group
from pact_pipeline.measures.waits import (
    NEVER,
    Waits,
    carer_waits,
    days,
    match_waits,
    recommended_to_secured,
    step_waits,
    time_to_permanence,
)

MONTH = 365.25 / 12
CURVE_MONTHS = 36
Rows = NDArray[np.intp]
Where = tuple[pd.Timestamp, str]


class Estimate(NamedTuple):
    """A row of the table `estimate`; where a figure can't be given the status says why."""

    month_end: pd.Timestamp
    area: str
    measure: str
    series: str
    category: str
    statistic: str
    horizon_months: int | None
    estimate: float | None
    lower: float | None
    upper: float | None
    children: int
    events: int
    at_risk: int
    already_done: int
    status: str


ESTIMATE_COLUMNS = Estimate._fields
CURVE_COLUMNS = ("month_end", "area", "measure", "series", "category", "days", "estimate", "at_risk")


class Month(NamedTuple):
    """A month's end: its day, and the day twelve calendar months before (the year is what came after that one)."""

    end: pd.Timestamp
    cut: int
    year_before: int


@dataclass(frozen=True)
class Area:
    """An area with the months it is told of, and its rows by table (journey, carer_approval, match)."""

    name: str
    months: tuple[Month, ...]
    rows: Mapping[str, Rows]


def estimate_all(
    journey: pd.DataFrame, carer_approval: pd.DataFrame, match: pd.DataFrame, month_ends: list[pd.Timestamp]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`estimate` and `curve` (definitions#time-to-event) for each council of `journey`, Scotland and month.

    Reads the columns of core.journey, core.carer_approval and core.match (with observed_from and observed_to). Returns
    one row an estimate (ESTIMATE_COLUMNS) and one row a curve's month (CURVE_COLUMNS).
    """
    figures: list[Estimate] = []
    curves: list[pd.DataFrame] = []
    tables = {"journey": journey, "carer_approval": carer_approval, "match": match}
    for national in (False, True):
        permanence = time_to_permanence(journey, national=national)
        recommended = recommended_to_secured(journey, national=national)
        steps = [step_waits(journey, index, national=national) for index in range(len(CHILD_STEPS))]
        carers, links = carer_waits(carer_approval), match_waits(match)
        secured, assessments = _secured(journey), _assessments(carer_approval)
        kinds = carer_approval["approval_kind"].to_numpy(object)
        for area in _areas(tables, month_ends, national=national):
            rows, own_carers = area.rows["journey"], area.rows["carer_approval"]
            leaving = permanence.rows(rows)
            with_median = [waits.rows(rows) for waits in (recommended, *steps)]
            with_median.append(links.rows(area.rows["match"]))
            by_kind = [("all", carers.rows(own_carers))]
            by_kind += [(str(kind), carers.rows(own_carers[kinds[own_carers] == kind])) for kind in sorted(set(kinds))]
            for month in area.months:
                where = (month.end, area.name)
                curves += _permanence(figures, where, leaving, month.cut)
                figures += _entry_cohorts(where, leaving, month.cut)
                for waits in with_median:
                    figures += _with_median(where, waits, month.cut, "all")
                for kind, waits in by_kind:
                    figures += _with_median(where, waits, month.cut, kind)
                figures += _secured_in_year(where, secured, rows, month)
                figures += _finished_assessments(where, assessments, own_carers, month)
    estimates = pd.DataFrame(figures, columns=list(ESTIMATE_COLUMNS))
    for name in ("horizon_months", "children", "events", "at_risk", "already_done"):
        estimates[name] = estimates[name].astype("Int64")
    for name in ("estimate", "lower", "upper"):
        estimates[name] = estimates[name].astype("Float64")
    return _dated(estimates), _dated(pd.concat(curves)) if curves else pd.DataFrame(columns=list(CURVE_COLUMNS))


def horizon_day(horizon_months: int) -> int:
    return round(horizon_months * MONTH)


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(month_end=pd.to_datetime(frame["month_end"])).reset_index(drop=True)


def _areas(tables: Mapping[str, pd.DataFrame], month_ends: list[pd.Timestamp], *, national: bool) -> Iterator[Area]:
    """Each council of the journeys, or Scotland, with the months from its first accepted period to its newest."""
    months = [Month(end, _day(end), _day(end - pd.offsets.MonthEnd(12))) for end in month_ends]
    told_from, told_to = days(tables["journey"]["observed_from"]), days(tables["journey"]["observed_to"])
    grouped: dict[str, dict[str, Rows]] = {}
    for name, frame in tables.items():
        areas = np.full(len(frame), NATIONAL) if national else frame["council"].to_numpy(dtype=str)
        for area, rows in rows_by_group(areas):
            grouped.setdefault(str(area), {})[name] = rows
    for area, by_table in grouped.items():
        if "journey" not in by_table:
            continue
        first, last = told_from[by_table["journey"]].min(), told_to[by_table["journey"]].max()
        told = tuple(month for month in months if first <= month.cut <= last)
        yield Area(area, told, {name: by_table.get(name, np.empty(0, dtype=np.intp)) for name in tables})


def _day(end: pd.Timestamp) -> int:
    return int(end.to_datetime64().astype("datetime64[D]").astype(np.int64))


def _permanence(figures: list[Estimate], where: Where, waits: Waits, cut: int) -> Iterator[pd.DataFrame]:
    """Adds the shares of all entrants by kind of end at the horizons; gives the curve by month, as far as it holds."""
    curve, already_done = waits.incidence(cut)
    figures += _incidences(where, waits, curve, waits.kinds, HORIZON_MONTHS, already_done)
    thin_day = curve.thin_day
    last = curve.last_day if thin_day is None else min(curve.last_day, thin_day - 1)
    read_on = np.array([horizon_day(month) for month in range(CURVE_MONTHS + 1)])
    read_on = read_on[read_on <= last]
    if len(read_on):
        points = curve.read(read_on)
        yield pd.DataFrame(
            {
                "month_end": where[0],
                "area": where[1],
                "measure": waits.measure,
                "series": waits.series,
                "category": np.repeat(np.array(waits.kinds, dtype=object), len(read_on)),
                "days": np.tile(read_on, len(waits.kinds)),
                "estimate": points.estimate.ravel(),
                "at_risk": np.tile(points.at_risk, len(waits.kinds)),
            },
            columns=list(CURVE_COLUMNS),
        )


def _entry_cohorts(where: Where, waits: Waits, cut: int) -> Iterator[Estimate]:
    """For each horizon the latest year of entrants of whom each could be followed so long, from the year's first day.

    Only councils that tell from that day on count: of the others, those who left before are not known.
    """
    for months in HORIZON_MONTHS:
        last_start = cut - horizon_day(months)
        first_start = last_start - horizon_day(12) + 1
        told = waits.watched_from <= first_start
        cohort = replace(waits, series="entry_cohort").rows(
            told & (waits.start >= first_start) & (waits.start <= last_start)
        )
        if told.any():
            curve, already_done = cohort.incidence(cut)
            yield from _incidences(where, cohort, curve, cohort.kinds, (months,), already_done)
        else:
            yield Estimate(
                *where, waits.measure, cohort.series, "all", "cumulative_incidence", months, None, None, None, 0, 0, 0,
                0, "not_followed_long_enough",
            )  # fmt: skip


def _incidences(
    where: Where,
    waits: Waits,
    curve: CumulativeIncidence,
    categories: tuple[str, ...],
    horizons: tuple[int, ...],
    already_done: int,
) -> Iterator[Estimate]:
    """The share who had come to each kind of end (the first `len(categories)` kinds) by each horizon."""
    read_on = np.array([horizon_day(months) for months in horizons])
    points = curve.read(read_on)
    thin_day = curve.thin_day
    for column, (day, months) in enumerate(zip(read_on.tolist(), horizons, strict=True)):
        if curve.children == 0:
            status = "nobody"
        elif curve.last_day < day and points.waiting[column] > 0.0:
            status = "not_followed_long_enough"
        elif thin_day is not None and thin_day <= day:
            status = "unreliable"
        else:
            status = "estimated"
        given = status == "estimated"
        for row, category in enumerate(categories):
            yield Estimate(
                *where, waits.measure, waits.series, category, "cumulative_incidence", months,
                float(points.estimate[row, column]) if given else None,
                _number(points.lower[row, column]) if given else None,
                _number(points.upper[row, column]) if given else None,
                curve.children, int(points.events[row, column]), int(points.at_risk[column]), already_done, status,
            )  # fmt: skip


def _with_median(where: Where, waits: Waits, cut: int, category: str) -> Iterator[Estimate]:
    """The share done by each horizon, and the day by which half had done it, in the presence of competing ends.

    The median's row counts all events of the curve, and who was at risk on the median day (not reached: on
    the last day). "Not reached" is doubted only for what makes the curve unreliable up to the last horizon.
    """
    curve, already_done = waits.incidence(cut)
    yield from _incidences(where, waits, curve, (category,), STEP_HORIZON_MONTHS, already_done)
    median, lower, upper = median_day(curve, 1)
    thin_day = curve.thin_day
    if curve.children == 0:
        status = "nobody"
    elif thin_day is not None and thin_day <= (horizon_day(STEP_HORIZON_MONTHS[-1]) if median is None else median):
        status, median, lower, upper = "unreliable", None, None, None
    else:
        status = "not_reached" if median is None else "estimated"
    at = np.array([median if median is not None else max(curve.last_day, 0)])
    yield Estimate(
        *where, waits.measure, waits.series, category, "median", None, median, lower, upper, curve.children,
        int(curve.events[0].sum()), int(curve.read(at).at_risk[0]), already_done, status,
    )  # fmt: skip


def median_day(curve: CumulativeIncidence, kind: int) -> tuple[int | None, int | None, int | None]:
    """The first day on which half have left by `kind`, and the days its limits reach a half. None: not reached."""
    row = curve.kinds.index(kind)
    if not len(curve.times) or curve.incidence[row, -1] <= 0.0:
        return None, None, None
    lower, upper = curve.limits()
    found: list[int | None] = []
    for line in (curve.incidence[row], upper[row], lower[row]):
        hits = np.flatnonzero(line >= 0.5 - 1e-12)
        found.append(int(curve.times[hits[0]]) if hits.size else None)
    return found[0], found[1], found[2]


@dataclass(frozen=True)
class Happened:
    """What is counted when it happens: its day, what it took by series (nan: not known), and the days it is told of."""

    on: Days
    took: Mapping[str, NDArray[np.float64]]
    told_from: Days
    told_to: Days

    def in_year(self, series: str, rows: Rows, month: Month) -> NDArray[np.float64]:
        """What it took, of those in the year to the month's end, by the councils that tell of the month."""
        on = self.on[rows]
        told = (self.told_from[rows] <= month.cut) & (month.cut <= self.told_to[rows])
        took = self.took[series][rows][told & (on > month.year_before) & (on <= month.cut)]
        return took[~np.isnan(took)]


def _secured(journey: pd.DataFrame) -> Happened:
    """Permanence secured of children away from home, with the days since they left home."""
    on, away = days(journey["secured_on"]), days(journey["away_from_home_from"])
    took = np.where(away <= on, (on - away).astype(np.float64), np.nan)
    took = np.where(on < NEVER, took, np.nan)
    return Happened(on, {"secured_in_year": took}, days(journey["observed_from"]), days(journey["observed_to"]))


def _assessments(carers: pd.DataFrame) -> Happened:
    """Assessments of carers finished, with the weeks between their dates and the hours recorded."""
    took = {
        name: carers[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("assessment_weeks", "assessment_hours")
    }
    return Happened(days(carers["assessment_to"]), took, days(carers["observed_from"]), days(carers["observed_to"]))


def _secured_in_year(where: Where, secured: Happened, rows: Rows, month: Month) -> Iterator[Estimate]:
    """Children secured in the year, by how long it had taken (days; bands in months): an exit cohort, and named so."""
    took = secured.in_year("secured_in_year", rows, month)
    months, number = took / MONTH, len(took)
    for statistic, value in _mean_and_median(took):
        yield _plain(where, "TP", "secured_in_year", "all", statistic, value, number, number)
    for low, high in SCRA_BANDS:
        inside = (months >= low) & (months < (np.inf if high is None else high + 1))
        name = f"{low} months or more" if high is None else f"{low}-{high} months"
        share = float(inside.mean()) if number else None
        yield _plain(where, "TP", "secured_in_year", name, "share_in_band", share, number, int(inside.sum()))


def _finished_assessments(where: Where, assessments: Happened, rows: Rows, month: Month) -> Iterator[Estimate]:
    """Assessments finished in the year, in weeks and in recorded hours (plan paragraph 30)."""
    for series in assessments.took:
        took = assessments.in_year(series, rows, month)
        for statistic, value in _mean_and_median(took):
            yield _plain(where, "CR", series, "all", statistic, value, len(took), len(took))


def _plain(
    where: Where,
    measure: str,
    series: str,
    category: str,
    statistic: str,
    value: float | None,
    children: int,
    events: int,
) -> Estimate:
    status = "estimated" if children else "nobody"
    return Estimate(
        *where, measure, series, category, statistic, None, value, None, None, children, events, children, 0, status
    )


def _mean_and_median(values: NDArray[np.float64]) -> Iterator[tuple[str, float | None]]:
    yield "mean", float(values.mean()) if len(values) else None
    yield "median", float(np.median(values)) if len(values) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
