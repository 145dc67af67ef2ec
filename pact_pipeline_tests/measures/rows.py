"""Rows of the core as the estimators read them, with only what a test is about, and a way to ask for one figure."""

from typing import Any

import pandas as pd

from pact_pipeline.measures.estimates import estimate_all

JOINED, NEWEST = "2012-08-01", "2015-07-31"
JOURNEY = (
    "away_from_home_from", "recommended_on", "panel_on", "approved_on", "linked_on", "matched_on", "placed_on",
    "lodged_on", "secured_on", "exit_on",
)  # fmt: skip
CARER = ("enquiry_on", "decision_on", "approved_on", "closed_on", "assessment_to")
MATCH = ("linked_on", "approved_on", "ended_on")
OBSERVED = ("observed_from", "observed_to")


def after(days: int, start: str = JOINED) -> str:
    """The day so many days after `start`."""
    return (pd.Timestamp(start) + pd.Timedelta(days=days)).date().isoformat()


def frame(dates: tuple[str, ...], others: tuple[str, ...], rows: tuple[dict[str, Any], ...]) -> pd.DataFrame:
    told = [{"council": "GLG", "observed_from": JOINED, "observed_to": NEWEST, **row} for row in rows]
    made = pd.DataFrame(told, columns=["council", *OBSERVED, *dates, *others])
    for name in (*OBSERVED, *dates):
        made[name] = pd.to_datetime(made[name])
    return made


def journeys(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame(JOURNEY, ("secured_kind", "exit_kind", "recommended_plan", "approved_plan"), rows)


def carers(*rows: dict[str, Any]) -> pd.DataFrame:
    made = frame(CARER, ("approval_kind", "decision", "assessment_weeks", "assessment_hours"), rows)
    made["approval_kind"] = made["approval_kind"].where(made["approval_kind"].notna(), "foster")
    made["approved_on"] = made["decision_on"].where(made["decision"] == "approved")
    return made


def matches(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame(MATCH, (), rows)


class Outcome:
    """The estimates of these rows, asked one at a time."""

    def __init__(
        self, *months: str, journey: pd.DataFrame | None = None, carer: pd.DataFrame | None = None,
        match: pd.DataFrame | None = None,
    ) -> None:  # fmt: skip
        nobody = journeys({"away_from_home_from": None})
        self.estimates, self.curves = estimate_all(
            nobody if journey is None else journey,
            carers() if carer is None else carer,
            matches() if match is None else match,
            [pd.Timestamp(month) for month in months],
        )

    def figure(
        self, series: str, statistic: int | str, category: str = "all", *, area: str = "GLG", month: str = ""
    ) -> dict[str, Any]:
        """One row; `statistic` is a name or a horizon in months."""
        found = self.estimates
        found = found[(found["series"] == series) & (found["category"] == category) & (found["area"] == area)]
        if isinstance(statistic, int):
            found = found[(found["horizon_months"] == statistic).fillna(False)]
        else:
            found = found[found["statistic"] == statistic]
        if month:
            found = found[found["month_end"] == pd.Timestamp(month)]
        assert len(found) == 1, "one row a statistic"
        return {str(name): None if pd.isna(value) else value for name, value in found.to_dict("records")[0].items()}

    def share(self, series: str, months: int, category: str = "all", **where: Any) -> float | None:
        value = self.figure(series, months, category, **where)["estimate"]
        return None if value is None else round(float(value), 4)
