"""What a partner's report is made from: published measures of one council and of Scotland, not yet protected.

The frames are those of the `measures` tables (area, month_end and the columns of `COLUMNS`), filtered to the council
and `SCO` and to months up to `month_end`. They leave this module only as lookups that the sections pass on to
`release`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from pact_pipeline.failures import PactFailure

SCOTLAND: Final = "SCO"

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "awaiting": ("month_end", "area", "stage", "children", "median_days_waited", "councils"),
    "awaiting_step": ("month_end", "area", "family_step", "legal_step", "children"),
    "estimate": (
        *("month_end", "area", "measure", "series", "category", "statistic", "horizon_months", "estimate"),
        *("lower", "upper", "children", "events", "at_risk", "already_done", "status"),
    ),
    "curve": ("month_end", "area", "measure", "series", "category", "days", "estimate", "at_risk"),
    "court": (
        *("month_end", "area", "application_type", "lodged", "granted", "refused", "withdrawn", "dismissed", "dropped"),
        *("other", "pending", "median_days"),
    ),
    "data_quality": (
        *("month_end", "area", "submission_state", "received_on", "days_late", "rows_read", "rows_taken"),
        *("rows_refused", "rows_warned", "carried_forward_children", "columns_lacking"),
    ),
    "top_refusals": ("rule", "message", "rows"),
    "measure": ("code", "title", "definition", "unit", "better"),
}


@dataclass(frozen=True)
class PartnerInputs:
    """Everything a partner's report says, for one council and month.

    `as_at`: the moment up to which submissions were in force. Counts are children (or applications, households, rows
    as the table says); `estimate` holds shares as fractions and times in days, except series ending in `_hours`
    (hours) and `_weeks` (weeks). Raises PactFailure RP-001 if a frame lacks a column.
    `clock_note`: what a made-up home says of its clock.
    """

    council: str
    council_name: str
    month_end: date
    build_id: str
    as_at: datetime
    awaiting: pd.DataFrame
    awaiting_step: pd.DataFrame
    estimate: pd.DataFrame
    curve: pd.DataFrame
    court: pd.DataFrame
    data_quality: pd.DataFrame
    top_refusals: pd.DataFrame
    measure: pd.DataFrame
    clock_note: str = ""

    def __post_init__(self) -> None:
        for name, wanted in COLUMNS.items():
            missing = [c for c in wanted if c not in getattr(self, name).columns]
            if missing:
                raise PactFailure("RP-001", "a frame lacks columns", where=f"{name}: {', '.join(missing)}")

    def at_month(self, name: str, area: str) -> pd.DataFrame:
        """The rows of a frame for an area at the report's month end."""
        frame: pd.DataFrame = getattr(self, name)
        return frame[(frame["area"] == area) & (as_days(frame["month_end"]) == pd.Timestamp(self.month_end))]

    def newest(self, name: str, area: str) -> pd.DataFrame:
        """The rows of a frame for an area at its newest month end up to the report's: a slower source tells later."""
        frame: pd.DataFrame = getattr(self, name)
        here = frame[(frame["area"] == area) & (as_days(frame["month_end"]) <= pd.Timestamp(self.month_end))]
        newest: pd.DataFrame = here[as_days(here["month_end"]) == as_days(here["month_end"]).max()]
        return newest


def as_days(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column of dates, whatever they are stored as, as timestamps."""
    return pd.to_datetime(column)


def whole(value: Any) -> int | None:
    """A count out of a frame's cell; None for missing."""
    return None if value is None or pd.isna(value) else int(value)


def real(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The few rows of a page's table, one by one."""
    for record in frame.to_dict("records"):
        yield {str(k): v for k, v in record.items()}
