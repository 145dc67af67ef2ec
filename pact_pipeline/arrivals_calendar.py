"""Making the calendar of arrivals: the table in the ledger, the page, and a text for each supplier that owes something."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pact_pipeline.arrival import Discovery
from pact_pipeline.arrival.calendar import Expected, arrivals_calendar, as_frame
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.suppliers import Supplier
from pact_pipeline.ledger import Ledger, keep_calendar
from pact_pipeline.periods import Period
from pact_pipeline.reports.arrivals import arrivals_page, chaser
from pact_pipeline.settings import Settings

# An installation whose data end with a month (the demo) is looked at as on the day after that month's returns were due.
AFTER_LAST_MONTH = timedelta(days=16)


@dataclass(frozen=True)
class WrittenCalendar:
    """The calendar and where its page and the chasers (one a supplier that owes something) were written."""

    today: date
    calendar: list[Expected]
    page: Path
    chasers: dict[str, Path]


def calendar_day(settings: Settings) -> date:
    """The day the calendar is drawn up for: today, or the day after the last returns of an installation were due."""
    today = datetime.now(UTC).date()
    return min(today, Period.parse(settings.last_month).last_day + AFTER_LAST_MONTH) if settings.last_month else today


def write_calendar(
    settings: Settings,
    contracts: Contracts,
    suppliers: "dict[str, Supplier]",
    ledger: Ledger,
    found: Discovery | None,
    *,
    today: date | None = None,
) -> WrittenCalendar:
    """Draw up the calendar; write `ledger.arrivals_calendar`, `reports/arrivals/index.html` and
    `reports/arrivals/chaser_<supplier>.txt`. Former chasers of suppliers that owe nothing any more are removed."""
    today = today or calendar_day(settings)
    calendar = arrivals_calendar(suppliers, contracts, ledger.submissions(), ledger.findings(), found, today=today)
    keep_calendar(ledger.engine, as_frame(calendar))
    folder = settings.reports / "arrivals"
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    _write(page, arrivals_page(calendar, today, datetime.now(UTC)))
    owed: dict[str, list[Expected]] = defaultdict(list)
    for one in calendar:
        if one.needs_attention and one.arrived.value != "place_unreachable":
            owed[one.supplier].append(one)
    chasers = {supplier: folder / f"chaser_{supplier}.txt" for supplier in owed}
    for stale in set(folder.glob("chaser_*.txt")) - set(chasers.values()):
        stale.unlink()
    for supplier, path in chasers.items():
        _write(path, chaser(owed[supplier], today))
    return WrittenCalendar(today, calendar, page, chasers)


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
