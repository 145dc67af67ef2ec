"""`pact calendar`: what each supplier owes, and what became of it."""

from datetime import date
from typing import Annotated

import typer

from pact_pipeline.failures import PactFailure


def calendar(
    supplier: Annotated[list[str] | None, typer.Option(help="Only these suppliers (keys); repeatable")] = None,
    day: Annotated[
        str,
        typer.Option(
            help="As known at the end of this day (2013-08-16), to look at only: nothing is written. Default: the home's day"
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what came in time and was taken")] = False,
) -> None:
    """Who owes what: expected, late, unchanged, nothing came … Writes the page and a reminder a supplier."""
    from rich.table import Table

    from pact_pipeline.arrival import discover
    from pact_pipeline.arrivals_calendar.expected import arrivals_calendar, known_on
    from pact_pipeline.arrivals_calendar.page import IN_WORDS
    from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out
    from pact_pipeline.clock import home_clock
    from pact_pipeline.flows.calendar import write_calendar
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    suppliers = dict(load_suppliers(settings.contracts / "suppliers", contracts))
    keys = {key.casefold(): key for key in suppliers}
    for wanted in supplier or ():
        if wanted.casefold() not in keys:
            raise PactFailure("CLI-005", f"there is no supplier {wanted}", mend=f"choose of {', '.join(suppliers)}.")
    only = {keys[wanted.casefold()] for wanted in supplier or ()}
    found = discover(settings, contracts, suppliers, ledger, tells=False)
    written = None
    if day:
        today = _day(day)
        known = known_on(ledger, contracts, home_clock(settings), today)
        drawn = arrivals_calendar(suppliers, contracts, *known, None, today=today)
    else:
        written = write_calendar(settings, contracts, suppliers, ledger, found)
        today, drawn = written.today, written.calendar
    shown = [one for one in drawn if (not only or one.supplier in only) and (everything or only or one.needs_attention)]
    table = Table("supplier", "collection", "period", "due", "what came", "days late", "verdict", "note", box=None)
    for one in shown:
        state = one.state.words if one.state else ""
        late = str(one.days_late) if one.days_late else ""
        table.add_row(
            one.supplier, one.collection, one.period.key, str(one.due), IN_WORDS[one.arrived], late, state, one.note
        )
    if note := home_clock(settings).note:
        out.print(note, markup=False)
    if shown:
        out.print(table)
    owed = sum(one.needs_attention for one in drawn)
    out.print(f"{owed:,} of {len(drawn):,} deliveries need attention on {today}.")
    if written is not None:
        out.print(f"page: {written.page}", markup=False)
    if written is not None and written.reminders:
        out.print(f"texts to send: {len(written.reminders)}, in {written.page.parent}", markup=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PactFailure("CLI-006", f"'{text}' is no day", mend="write it as 2013-08-16.") from None
