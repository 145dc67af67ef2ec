"""Making the calendar of arrivals: the table in the ledger, the page, and a text for each supplier that owes something."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pact_pipeline import clock
from pact_pipeline.arrival import Discovery
from pact_pipeline.arrivals_calendar.expected import Expected, arrivals_calendar, as_frame, known_on
from pact_pipeline.arrivals_calendar.page import arrivals_page, reminder
from pact_pipeline.contracts import Contracts
from pact_pipeline.disk import told_as_disk, write_text_whole
from pact_pipeline.ledger import Ledger, record_calendar
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier


@dataclass(frozen=True)
class WrittenCalendar:
    """The calendar and where its page and the reminders (one a supplier that owes something) were written."""

    today: date
    calendar: list[Expected]
    page: Path
    reminders: dict[str, Path]


def write_calendar(
    settings: Settings,
    contracts: Contracts,
    suppliers: "dict[str, Supplier]",
    ledger: Ledger,
    found: Discovery | None,
) -> WrittenCalendar:
    """Draw up the calendar for the home's day; write `ledger.arrivals_calendar`, `reports/arrivals/index.html` and
    `reports/arrivals/reminder_<supplier>.txt`. Former reminders of suppliers that owe nothing any more are removed.

    Raises PactFailure DISK-001 where the disk refuses; each file is the whole of the new or the former one."""
    home = clock.home_clock(settings)
    today = home.day
    calendar = arrivals_calendar(suppliers, contracts, *known_on(ledger, contracts, home, today), found, today=today)
    record_calendar(ledger.engine, as_frame(calendar))
    owed: dict[str, list[Expected]] = defaultdict(list)
    for one in calendar:
        if one.needs_attention and one.arrived.value != "place_unreachable":
            owed[one.supplier].append(one)
    folder = settings.reports / "arrivals"
    page = folder / "index.html"
    reminders = {supplier: folder / f"reminder_{supplier}.txt" for supplier in owed}
    with told_as_disk("writing the calendar of arrivals", folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_text_whole(page, arrivals_page(calendar, today, clock.now(), home.note))
        # An earlier version called them chasers.
        written = {*folder.glob("reminder_*.txt"), *folder.glob("chaser_*.txt")}
        for stale in written - set(reminders.values()):
            stale.unlink()
        for supplier, path in reminders.items():
            write_text_whole(path, reminder(owed[supplier], today, home.note))
    return WrittenCalendar(today, calendar, page, reminders)
