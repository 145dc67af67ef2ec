"""The generator's truth as the frames the estimators read: for comparing figures of the pipeline with the truth.

Only what a council's returns can tell of stands in them: children looked after at any time since twelve months before its
first month's end, households not closed before then, all as known at the newest month's end.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pact_pipeline.periods import Period

DATES_OF_JOURNEY = (
    "started_on", "ended_on", "away_from_home_from", "recommended_on", "panel_on", "approved_on", "linked_on",
    "matched_on", "placed_on", "lodged_on", "secured_on", "exit_on",
)  # fmt: skip


@dataclass(frozen=True)
class TrueFrames:
    """True journeys, carer approvals and matches with the columns that `estimate_all` reads; children by their reference."""

    journey: pd.DataFrame
    carer_approval: pd.DataFrame
    match: pd.DataFrame


def true_frames(truth: Path, first: str, last: str) -> TrueFrames:
    """The frames of the truth folder for returns from month `first` to `last` (as 2012-08)."""
    begins, ends = Period.parse(first), pd.Timestamp(Period.parse(last).last_day)
    seen_since = pd.Timestamp(begins.last_day) - pd.offsets.MonthEnd(12)
    observed = {"observed_from": pd.Timestamp(begins.first_day), "observed_to": ends}
    journeys = pd.read_parquet(truth / "journeys.parquet").assign(**observed)
    there = journeys["ended_on"].isna() | (journeys["ended_on"] > seen_since)
    named = pd.MultiIndex.from_frame(journeys.loc[there, ["council", "child_ref"]])

    def of_named(frame: pd.DataFrame) -> pd.DataFrame:
        chosen: pd.DataFrame = frame[pd.MultiIndex.from_frame(frame[["council", "child_ref"]]).isin(named)]
        return chosen.reset_index(drop=True)

    carers = pd.read_parquet(truth / "carers.parquet").assign(**observed)
    carers = carers[carers["closed_on"].isna() | (carers["closed_on"] > seen_since)].reset_index(drop=True)
    carers = carers.rename(
        columns={"enquired_on": "enquiry_on", "decided_on": "decision_on", "assessed_to_on": "assessment_to"}
    )
    carers["approved_on"] = carers["decision_on"].where(carers["decision"] == "approved")
    carers["assessment_weeks"] = (carers["assessment_to"] - carers["assessed_from_on"]).dt.days / 7.0
    matches = of_named(pd.read_parquet(truth / "matches.parquet").assign(**observed))
    return TrueFrames(of_named(journeys), carers, matches.rename(columns={"decided_on": "approved_on"}))
