"""What the figures rest on (measure DQ): the council's submissions, rows taken and refused, and the main reasons."""

from typing import Any, Final

import pandas as pd

from pact_pipeline.periods import day_in_words, month_in_words
from pact_pipeline.release import NOT_AVAILABLE, Released, Sum, protect_counts, quality_figure, without_figure
from pact_pipeline.reports.inputs import PartnerInputs, as_days, records, whole
from pact_pipeline.reports.model import Paragraph, ReportColumn, Row, Section, Table, Unit, Words
from pact_pipeline.reports.words import say
from pact_pipeline.submission_state import TAKEN_STATES, State

MONTHS_SHOWN: Final = 12
REASONS_SHOWN: Final = 5


def quality_section(inputs: PartnerInputs) -> Section:
    """The month's return, the year's punctuality, and why rows were refused."""
    year = _year(inputs)
    blocks: list[Paragraph | Table] = [Paragraph(year)] if year else []
    rows = list(records(inputs.at_month("data_quality", inputs.council)))
    if not rows:
        blocks.append(Paragraph("No return for this month has been received.", quiet=True))
        return Section("quality", "What these figures rest on", tuple(blocks))
    month = rows[0]
    reasons = _reasons(inputs)
    figures = _row_figures(month, reasons)
    blocks.append(
        Table(
            caption=f"The return of {inputs.council_name} for {month_in_words(inputs.month_end)}",
            corner="What",
            columns=(ReportColumn("Figure"),),
            rows=(
                Row("State", (Words(State(month["submission_state"]).meaning.capitalize()),)),
                Row("Received", (_received(month),)),
                Row("Days after the due date", (quality_figure(_late(month)),)),
                Row("Rows read", (figures["read"],)),
                Row("Rows taken", (figures["taken"],)),
                Row("Rows refused", (figures["refused"],)),
                Row("Rows taken with a warning", (figures["warned"],)),
                Row("Children whose former rows stand, since their new ones were refused", (figures["carried"],)),
                Row("Columns that the council's system doesn't have", (Words(_lacking(month)),)),
            ),
            code="DQ",
        )
    )
    if reasons:
        blocks.append(
            Table(
                caption="The main reasons for which rows were refused",
                corner="Reason",
                columns=(ReportColumn("Rule"), ReportColumn("Rows")),
                rows=tuple(
                    Row(str(r["message"]), (Words(str(r["rule"])), figures[f"rule {i}"])) for i, r in enumerate(reasons)
                ),
                code="DQ",
                note="A row can be refused for several reasons. The feedback workbook sent to the council names each "
                "row and how to mend it.",
            )
        )
    return Section("quality", "What these figures rest on", tuple(blocks))


def _reasons(inputs: PartnerInputs) -> list[dict[str, Any]]:
    return list(records(inputs.top_refusals.sort_values("rows", ascending=False, kind="stable").head(REASONS_SHOWN)))


def _row_figures(month: dict[str, Any], reasons: list[dict[str, Any]]) -> dict[str, Released]:
    """Counts of rows are protected like counts of children: a row is about a child, a reason says something of it."""
    read, taken, refused = (whole(month[f"rows_{c}"]) for c in ("read", "taken", "refused"))
    counts = {
        "read": read,
        "taken": taken,
        "refused": refused,
        "warned": whole(month["rows_warned"]),
        "carried": whole(month["carried_forward_children"]),
    }
    by_rule = {f"rule {i}": whole(r["rows"]) for i, r in enumerate(reasons)}
    counts |= by_rule
    sums = []
    if read is not None and taken is not None and refused is not None and read == taken + refused:
        sums.append(Sum("read", ("taken", "refused")))
    if by_rule and refused is not None and sum(n or 0 for n in by_rule.values()) == refused:
        sums.append(Sum("refused", tuple(by_rule)))
    return protect_counts(counts, sums)


def _received(month: dict[str, Any]) -> Words | Released:
    if pd.isna(month["received_on"]):
        return without_figure(NOT_AVAILABLE)
    return Words(day_in_words(pd.Timestamp(month["received_on"]).date()))


def _lacking(month: dict[str, Any]) -> str:
    """`children: destination, twin_tracked; milestones: outcome`, or none."""
    by_table: dict[str, list[str]] = {}
    for one in filter(None, str(month["columns_lacking"]).split(", ")):
        table, _, column = one.partition(".")
        by_table.setdefault(table, []).append(column)
    return "; ".join(f"{table}: {', '.join(columns)}" for table, columns in by_table.items()) or "none"


def _late(month: dict[str, Any]) -> float | None:
    late = whole(month["days_late"])
    return None if late is None else float(max(late, 0))


def _year(inputs: PartnerInputs) -> str:
    """How many of the last twelve months' returns were taken, and on time."""
    frame = inputs.data_quality[inputs.data_quality["area"] == inputs.council]
    days = as_days(frame["month_end"])
    first = pd.Timestamp(inputs.month_end) - pd.offsets.MonthEnd(MONTHS_SHOWN)
    frame = frame[(days > first) & (days <= pd.Timestamp(inputs.month_end))]
    if frame.empty:
        return ""
    taken = frame["submission_state"].isin(TAKEN_STATES)
    on_time = taken & (pd.to_numeric(frame["days_late"]).fillna(1) <= 0)
    return say(
        "Of the last {months} monthly returns, {taken} were taken, {on_time} of them on time.",
        months=(quality_figure(len(frame)), Unit.COUNT),
        taken=(quality_figure(int(taken.sum())), Unit.COUNT),
        on_time=(quality_figure(int(on_time.sum())), Unit.COUNT),
    )


def what_the_data_need(inputs: PartnerInputs) -> str:
    """One sentence if the month's return was missing, held, refused or late; else nothing."""
    rows = list(records(inputs.at_month("data_quality", inputs.council)))
    if not rows or str(rows[0]["submission_state"]) not in TAKEN_STATES:
        return "The return for this month is not in these figures; they rest on the last one taken."
    if (_late(rows[0]) or 0.0) > 0:
        return say("The return came {days} days after it was due.", days=(quality_figure(_late(rows[0])), Unit.COUNT))
    return ""
