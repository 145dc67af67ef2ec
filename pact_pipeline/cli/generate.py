"""`pact generate`: a made-up country's extracts."""

from pathlib import Path
from typing import Annotated

import typer

from pact_pipeline.cli.opened import out
from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings

EARLIEST, LATEST = "2012-08", "2014-07"  # what the generator's country has


def generate(
    arrivals: Annotated[
        Path | None, typer.Option(help="Where the suppliers' folders go (default PACT_HOME/arrivals)")
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(help="Where the true journeys go (default: beside the arrivals); the pipeline never reads it"),
    ] = None,
    first: Annotated[str, typer.Option(help="First month, as 2012-08")] = "2012-08",
    last: Annotated[str, typer.Option(help="Last month")] = "2013-07",
    council: Annotated[
        list[str] | None, typer.Option(help="Only these councils (three-letter keys); repeatable")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes", min=0)] = None,
    faults: Annotated[bool, typer.Option(help="Put in the faults that suppliers' files have")] = True,
) -> None:
    """Write synthetic extracts of a country calibrated on the published figures, and the truth beside them. Written into
    PACT_HOME, they make it a made-up home whose clock stands on the day the last month's returns are due."""
    from pact_pipeline.clock import make_up_clock
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.contracts.due import returns_due
    from pact_pipeline.generator import DEFAULT_SEED
    from pact_pipeline.generator import generate as make
    from pact_pipeline.home import make_home

    settings = Settings.from_environment()
    chosen = _chosen(first, last, council)
    # What goes elsewhere leaves the home alone.
    truth = truth or (arrivals.with_name("truth") if arrivals else settings.truth)
    if arrivals is None:
        make_home(settings)
    home = None
    if (arrivals or settings.arrivals).resolve() == settings.arrivals:
        home = make_up_clock(settings, returns_due(Period.parse(last), load_contracts(settings.contracts)))
    summary = make(
        arrivals or settings.arrivals,
        truth,
        first=first,
        last=last,
        councils=chosen,
        faults=faults,
        contracts_folder=settings.contracts,
        seed=DEFAULT_SEED if seed is None else seed,
    )
    out.print(f"{summary.files:,} files, {summary.rows:,} rows, {sum(summary.faults.values()):,} faults")
    for kind, number in summary.faults.most_common():
        out.print(f"  {number:>6,}  {kind}")
    if home is not None:
        out.print(home.note, markup=False)


def _chosen(first: str, last: str, council: list[str] | None) -> list[str] | None:
    """The councils' keys, if what was typed can be generated at all."""
    from pact_pipeline.reference import councils

    try:
        begin, end = Period.parse(first), Period.parse(last)
    except ValueError as error:
        raise PactFailure("CLI-002", str(error)) from None
    if not (EARLIEST <= begin.key <= end.key <= LATEST) or "Q" in first + last:
        raise PactFailure(
            "CLI-003", f"months from {EARLIEST} to {LATEST} can be generated", mend="the first before the last."
        )
    keys = None if council is None else [key.upper() for key in council]
    for key in keys or ():
        if key not in councils():
            raise PactFailure("CLI-004", f"there is no council {key}", mend=f"choose of {', '.join(councils())}.")
    return keys
