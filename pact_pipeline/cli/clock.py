"""`pact clock`: which day it is in this home, and moving a made-up home on."""

from typing import Annotated

import typer


def clock(
    until: Annotated[
        str,
        typer.Option(help="Move a made-up home's clock to the day on which this month's returns are due, as 2013-08"),
    ] = "",
) -> None:
    """Say which day it is in this home, and whether that is made up. What a made-up home's receipts put on later days comes
    when its clock gets there."""
    from pact_pipeline.cli.opened import at_home, month_of, out
    from pact_pipeline.clock import home_clock, move_clock
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.contracts.due import returns_due

    settings = at_home()
    home = home_clock(settings)
    if until:
        moved = move_clock(settings, returns_due(month_of(until), load_contracts(settings.contracts)))
        if moved != home:
            out.print(f"The clock went from {home.day} to {moved.day}.")
            out.print("See what has come: pact arrivals.")
        home = moved
    out.print(
        home.note or f"This home is real: its clock is the machine's. In Scotland it is {home.day}.", markup=False
    )
