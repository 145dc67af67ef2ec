"""The page of arrivals for the programme office, and the text that reminds a supplier of what is owed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from pact_pipeline.arrivals_calendar.expected import Arrived, Expected
from pact_pipeline.clock import moment_in_words
from pact_pipeline.periods import day_in_words
from pact_pipeline.reports.html import html_page
from pact_pipeline.reports.model import Notice, Paragraph, Points, Report, ReportColumn, Row, Section, Table, Words
from pact_pipeline.submission_state import State

PERIODS_SHOWN = 6
IN_WORDS = {
    Arrived.EXPECTED: "expected",
    Arrived.CAME: "in time",
    Arrived.CAME_LATE: "late",
    Arrived.CAME_UNCHANGED: "unchanged from the period before",
    Arrived.NOTHING_CAME: "nothing came",
    Arrived.INCOMPLETE: "incomplete",
    Arrived.UNKNOWN_NAME: "files with unknown names",
    Arrived.UNREACHABLE: "place can't be reached",
}
COLLECTIONS = {"councils": "Councils' monthly returns", "courts": "Sheriff courts", "clas": "CLAS return"}


def arrivals_page(calendar: Sequence[Expected], today: date, as_at: datetime, clock_note: str = "") -> str:
    """One self-contained HTML page: what needs attention, then every supplier's last periods. No figure of children.

    `clock_note`: what a made-up home says of its clock.
    """
    sections = [_attention(calendar)]
    collections = dict.fromkeys(one.collection for one in calendar)
    sections += [_grid([one for one in calendar if one.collection == name], name) for name in collections]
    return html_page(
        Report(
            title="What came, and what didn't",
            subtitle=day_in_words(today),
            audience="the programme office",
            as_at=moment_in_words(as_at),
            build_id="",
            sections=tuple(sections),
            marks=(),
            series="PACT: arrivals",
            clock_note=clock_note,
        )
    )


def _attention(calendar: Sequence[Expected]) -> Section:
    owed = [one for one in calendar if one.needs_attention]
    counts = Counter(one.arrived for one in calendar)
    points = tuple((IN_WORDS[arrived].capitalize(), f"{counts[arrived]:,}") for arrived in Arrived if counts[arrived])
    if not owed:
        calm = Notice("Nothing to do", "Every delivery that is due has come and was taken.")
        return Section("attention", "What needs attention", (calm, Points(points)))
    rows = sorted(owed, key=lambda one: (-one.days_late, one.supplier, one.period.first_day))
    table = Table(
        "Deliveries that somebody must see to, the latest first",
        "Supplier",
        (
            ReportColumn("Period"),
            ReportColumn("Due"),
            ReportColumn("What came"),
            ReportColumn("Days late"),
            ReportColumn("Verdict"),
            ReportColumn("Note"),
        ),
        tuple(
            Row(
                f"{one.name} ({one.supplier})",
                (
                    Words(one.period.key),
                    Words(day_in_words(one.due)),
                    Words(IN_WORDS[one.arrived]),
                    Words(str(one.days_late) if one.days_late else "–"),
                    Words(one.state.words if one.state else "–"),
                    Words(one.note or "–"),
                ),
            )
            for one in rows
        ),
    )
    return Section("attention", "What needs attention", (Points(points), table))


def _grid(calendar: Sequence[Expected], collection: str) -> Section:
    """A row a supplier, a column a period: the newest periods of a collection. A collection of several schedules shows
    the newest of each by the days they end."""
    periods = sorted({one.period for one in calendar}, key=lambda period: (period.last_day, period.key))[
        -PERIODS_SHOWN:
    ]
    cells = {(one.supplier, one.period.key): one for one in calendar}
    names = {one.supplier: one.name for one in calendar}
    table = Table(
        f"The last {len(periods)} periods: when each delivery came, and the verdict where it was not taken",
        "Supplier",
        tuple(ReportColumn(period.key) for period in periods),
        tuple(
            Row(name, tuple(Words(_cell(cells.get((supplier, period.key)))) for period in periods))
            for supplier, name in names.items()
        ),
    )
    return Section(
        collection,
        COLLECTIONS.get(collection, collection.capitalize()),
        (Paragraph(_said(calendar), quiet=True), table),
    )


def _cell(one: Expected | None) -> str:
    if one is None:
        return "not owed"
    told = IN_WORDS[one.arrived]
    if one.arrived is Arrived.CAME_LATE:
        told = f"{_days(one.days_late)} late"
    stands_off = one.state in (State.RECEIVED, State.HELD, State.REFUSED)
    return f"{told}; {one.state.words}" if one.state and stands_off else told


def _said(calendar: Sequence[Expected]) -> str:
    due = [one for one in calendar if one.arrived is not Arrived.EXPECTED]
    in_time = sum(one.arrived is Arrived.CAME for one in due)
    return f"{in_time:,} of {len(due):,} deliveries that were due came in time."


def reminder(owed: Sequence[Expected], today: date, clock_note: str = "") -> str:
    """A text to send to one supplier about all it owes, the oldest first. It names no child and no file's contents."""
    first = owed[0]
    lines = [
        f"To: {first.contact}",
        f"Subject: {first.name}: {len(owed)} {'delivery' if len(owed) == 1 else 'deliveries'} for the permanence data set",
        "",
        f"Dear colleague at {first.name},",
        "",
        f"on {day_in_words(today)} this is what we still need from you:",
        "",
    ]
    lines += [
        f"- {one.collection}, {one.period.key} (due {day_in_words(one.due)}): {_asked(one)}"
        for one in sorted(owed, key=lambda each: each.period.last_day)
    ]
    if clock_note:
        lines[2:2] = [clock_note]
    lines += [
        "",
        f"You can test a file before you send it: pact check FILE --supplier {first.supplier} --period {first.period.key}",
        "Until it comes, your former return stays in force and counts in the reports.",
        "",
        "The programme office",
        "",
    ]
    return "\n".join(lines)


def _asked(one: Expected) -> str:
    late = f" It is {_days(one.days_late)} late." if one.days_late else ""
    if one.arrived is Arrived.INCOMPLETE:
        return f"the delivery {one.note}. Please send what is missing; the rest needn't be sent again.{late}"
    if one.arrived is Arrived.CAME_UNCHANGED:
        return (
            "what came holds what the period before held, and nothing else. Please send the new extract, or tell us that "
            "nothing has changed."
        )
    if one.arrived is Arrived.UNKNOWN_NAME:
        return (
            f"nothing came under the agreed name, but there are {one.note}. Please use the agreed name, or tell us the "
            f"new one.{late}"
        )
    if one.state is State.REFUSED:
        return "your delivery was refused. Your feedback workbook says why and how to mend it. Please send it again."
    if one.state is State.HELD:
        return "your delivery is held. Your feedback workbook says why; please tell us whether it is right."
    return f"nothing has come.{late} Please send it, or tell us when you will."


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
