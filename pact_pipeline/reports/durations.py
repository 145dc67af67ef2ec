"""The time between two steps: medians with their intervals (measures TS, CR, MA, SP, and the tables of TP)."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from pact_pipeline.release import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Released,
    protect_counts,
    protect_statistic,
    without_figure,
)
from pact_pipeline.reports.inputs import SCOTLAND, PartnerInputs, real, records, whole
from pact_pipeline.reports.model import NOTHING, Block, Interval, ReportColumn, Row, Section, Table, Unit
from pact_pipeline.reports.words import DAYS_A_MONTH, SERIES, code_in_words

EVERYONE: Final = ("all",)
NOT_REACHED: Final = "not reached"
TOO_SOON: Final = "too soon"
NOBODY: Final = "none"
TOO_FEW: Final = "too few"
EXPLAINED: Final = (
    f"Median: the time by which half have got there, counting those still on the way and those who left another way. "
    f'"{NOT_REACHED}": fewer than half '
    "have. Done before: taken before the step it is measured from, so counted beside the median and not in it. "
    f'"{TOO_FEW}": it would rest on a handful of those followed from early on.'
)
STATUS_WORDS: Final = {
    "not_reached": NOT_REACHED,
    "not_followed_long_enough": TOO_SOON,
    "unreliable": TOO_FEW,
    "nobody": NOBODY,
}


def steps_section(inputs: PartnerInputs) -> Section:
    """The time in each step (TS)."""
    return Section(
        "steps",
        "Time in each step",
        tuple(duration_tables(inputs, "TS", "Time in each step", explained=True)) or (NOTHING,),
    )


def carers_section(inputs: PartnerInputs) -> Section:
    """Recruiting carers (CR), matching (MA) and support plans where there are any (SP)."""
    blocks = [
        *duration_tables(inputs, "CR", "Recruiting carers", who="Households", explained=True),
        *duration_tables(inputs, "MA", "Matching children with families"),
        *duration_tables(inputs, "SP", "Support plans"),
    ]
    return Section("carers", "Carers and matching", tuple(blocks) or (NOTHING,))


def duration_tables(
    inputs: PartnerInputs,
    measure: str,
    caption: str,
    *,
    who: str = "Children",
    skip: Sequence[str] = (),
    explained: bool = False,
) -> list[Block]:
    """Tables of medians by series: times in months, and a table of its own for hours of work."""
    medians = {
        area: {
            str(r["series"]): r
            for r in records(estimates(inputs, area, measure))
            if r["statistic"] == "median"
            and str(r["series"]) not in skip
            and str(r["category"]) in (*EVERYONE, "nan", "None")
        }
        for area in (inputs.council, SCOTLAND)
    }
    series = list(dict.fromkeys([*medians[inputs.council], *medians[SCOTLAND]]))
    tables: list[Block] = []
    for unit, word in ((Unit.MONTHS, "months"), (Unit.HOURS, "hours")):
        chosen = [s for s in series if s.endswith("_hours") == (unit is Unit.HOURS)]
        if not chosen:
            continue
        name = inputs.council_name
        rows = tuple(
            Row(
                code_in_words(s, SERIES),
                (
                    *_duration(medians[inputs.council].get(s), s),
                    *(c for i, c in enumerate(_duration(medians[SCOTLAND].get(s), s)) if i > 1),
                ),
            )
            for s in chosen
        )
        tables.append(
            Table(
                caption=f"{caption}, in {word}" if unit is Unit.MONTHS else f"{caption}: hours of work",
                corner="From, to",
                columns=(
                    ReportColumn(who, group=name),
                    ReportColumn("Done before", group=name),
                    ReportColumn(f"Median {word}", unit, name),
                    ReportColumn("95% interval", unit, name),
                    ReportColumn(f"Median {word}", unit, "Scotland"),
                    ReportColumn("95% interval", unit, "Scotland"),
                ),
                rows=rows,
                code=measure,
                note=EXPLAINED if explained and unit is Unit.MONTHS else "",
            )
        )
    return tables


def _duration(record: dict[str, Any] | None, series: str) -> tuple[Released | Interval, ...]:
    """Children, done before, median and interval of one series."""
    missing = without_figure(NOT_AVAILABLE)
    if record is None:
        return (missing, missing, missing, Interval(missing, missing))
    children = whole(record["children"])
    released = protect_counts({"children": children, "before": whole(record["already_done"])})
    factor = 1.0 if series.endswith("_hours") else (7.0 if series.endswith("_weeks") else 1.0) / DAYS_A_MONTH
    hidden = released["children"].hidden

    def scaled(name: str) -> float | None:
        value = real(record[name])
        return None if value is None else value * factor

    median = estimate(scaled("estimate"), children, record, hidden=hidden)
    limits = (scaled("lower"), scaled("upper"))
    # A plain median of what was finished in the year has no interval; a curve's open end is "not reached".
    words = NOT_APPLICABLE if limits == (None, None) and record["status"] == "estimated" else NOT_REACHED
    ends = [
        protect_statistic(value, children, hidden=hidden, words=words if value is None else None) for value in limits
    ]
    return (released["children"], released["before"], median, Interval(ends[0], ends[1]))


def estimates(inputs: PartnerInputs, area: str, measure: str) -> pd.DataFrame:
    """The estimates of one measure for an area at the report's month end."""
    frame = inputs.at_month("estimate", area)
    return frame[frame["measure"] == measure]


def estimate(value: float | None, base: int | None, record: dict[str, Any], *, hidden: bool = False) -> Released:
    """A protected estimate, or the words for its status in its place."""
    words = STATUS_WORDS.get(str(record["status"]))
    if words == TOO_SOON:  # says nothing of a child, only of the calendar
        return without_figure(TOO_SOON)
    if words == NOBODY or (whole(record["children"]) == 0 and not hidden):
        return without_figure(NOBODY)
    return protect_statistic(value, base, hidden=hidden, words=words)
