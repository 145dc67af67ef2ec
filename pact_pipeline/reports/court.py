"""What became of applications to court (measure CT)."""

from collections.abc import Iterable

import pandas as pd

from pact_pipeline.pathway import COURT_OUTCOMES
from pact_pipeline.periods import day_in_words
from pact_pipeline.release import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Released,
    Sum,
    protect_counts,
    protect_statistic,
    without_figure,
)
from pact_pipeline.reports.inputs import SCOTLAND, PartnerInputs, real, records, whole
from pact_pipeline.reports.model import NOTHING, ReportColumn, Row, Section, Table, Unit
from pact_pipeline.reports.words import APPLICATIONS, DAYS_A_MONTH


def court_section(inputs: PartnerInputs) -> Section:
    """Applications to court in the twelve months (CT)."""
    here, scotland = _court(inputs, inputs.council), _court(inputs, SCOTLAND)
    kinds = [t for t in [*APPLICATIONS, "all"] if t in here or t in scotland]
    if not kinds:
        return Section("court", "Applications to court", (NOTHING,))
    missing = (without_figure(NOT_APPLICABLE if here else NOT_AVAILABLE),) * 5
    name = inputs.council_name
    table = Table(
        caption=f"Applications to court in the twelve months to {day_in_words(inputs.month_end)}",
        corner="Order applied for",
        columns=(
            ReportColumn("Lodged", group=name),
            ReportColumn("Granted", group=name),
            ReportColumn("Ended otherwise", group=name),
            ReportColumn("Pending", group=name),
            ReportColumn("Median months", Unit.MONTHS, name),
            ReportColumn("Lodged", group="Scotland"),
            ReportColumn("Granted", group="Scotland"),
            ReportColumn("Median months", Unit.MONTHS, "Scotland"),
        ),
        rows=tuple(
            Row(
                "All applications" if t == "all" else APPLICATIONS[t],
                (*here.get(t, missing), *(c for i, c in enumerate(scotland.get(t, missing)) if i not in (2, 3))),
                total=t == "all",
            )
            for t in kinds
        ),
        code="CT",
        note="The council's figures are its own record of petitions for children it looks after. Scotland's are the "
        "courts' record of all children, adoptions by step-parents among them: two sources, so one is no part of the "
        "other. An application lodged in one year may be decided in the next, so the columns don't add up across. "
        f"{_courts_told_to(inputs)}Ended otherwise: refused, withdrawn, dismissed, dropped or another end. "
        "Median months: from lodged to the outcome. Pending: at the month's end.",
    )
    return Section("court", "Applications to court", (table,))


def _courts_told_to(inputs: PartnerInputs) -> str:
    """Until when Scotland's figures run, where the courts have not yet told of the report's month."""
    told = inputs.newest("court", SCOTLAND)
    if told.empty:
        return ""
    last = pd.Timestamp(told["month_end"].iloc[0]).date()
    return "" if last == inputs.month_end else f"Scotland's twelve months run to {day_in_words(last)}. "


def _court(inputs: PartnerInputs, area: str) -> dict[str, tuple[Released, ...]]:
    """Lodged, granted, ended otherwise, pending and median months by type of application."""
    rows = {str(r["application_type"]): r for r in records(inputs.newest("court", area))}
    otherwise = [outcome for outcome in COURT_OUTCOMES if outcome != "granted"]
    counts: dict[tuple[str, str], int | None] = {}
    for kind, r in rows.items():
        counts |= {(kind, c): whole(r[c]) for c in ("lodged", "granted", "pending")}
        counts[kind, "otherwise"] = added(whole(r[c]) for c in otherwise)
    columns = ("lodged", "granted", "otherwise", "pending")
    parts = [k for k in rows if k != "all"]
    sums = [
        Sum(("all", c), tuple((k, c) for k in parts))
        for c in columns
        if "all" in rows and counts["all", c] == added(counts[k, c] for k in parts)
    ]
    released = protect_counts(counts, sums)
    figures = {}
    for kind, r in rows.items():
        decided = added((counts[kind, "granted"], counts[kind, "otherwise"]))
        days = real(r["median_days"])
        median = protect_statistic(None if days is None else days / DAYS_A_MONTH, decided)
        figures[kind] = (*(released[kind, c] for c in columns), median)
    return figures


def added(numbers: Iterable[int | None]) -> int | None:
    """The sum, or None if a number is missing."""
    known = list(numbers)
    return None if any(n is None for n in known) else sum(n for n in known if n is not None)
