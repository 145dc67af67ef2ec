"""The command `pact`: what a person types. Each command calls one layer; failures come out as one line, never a traceback."""

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pact_pipeline.commands.calendar import calendar
from pact_pipeline.commands.clock import clock
from pact_pipeline.commands.desk import app as desk_app
from pact_pipeline.commands.home import init, refuse_what_is_not_ours
from pact_pipeline.commands.lake import app as lake_app
from pact_pipeline.commands.opened import at_home, contracts_and_ledger, out
from pact_pipeline.commands.report import report
from pact_pipeline.commands.submission import app as submission_app
from pact_pipeline.commands.supplier import app as supplier_app
from pact_pipeline.commands.ui import app as ui_app
from pact_pipeline.commands.warehouse import app as warehouse_app
from pact_pipeline.disk import disk_behind
from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
EARLIEST, LATEST = "2012-08", "2014-07"  # what the generator's country has
app.add_typer(warehouse_app, name="warehouse")
app.add_typer(submission_app, name="submission")
app.add_typer(lake_app, name="lake")
app.add_typer(supplier_app, name="supplier")
app.command()(init)
app.command()(calendar)
app.command()(clock)
app.command()(report)
app.add_typer(desk_app)
app.add_typer(ui_app, name="ui")


@app.callback()
def before_every_command(context: typer.Context) -> None:
    """The national permanence pipeline: from a supplier's file to a partner's report."""
    refuse_what_is_not_ours(context.invoked_subcommand)


def main() -> None:
    """Entry point: a failure of ours is told in one line and ends with status 1."""
    try:
        app()
        return
    except PactFailure as failure:
        _tell(str(failure))
    except Exception as error:
        if os.environ.get("PACT_TRACEBACK"):
            raise
        if of_a_disk := disk_behind(error):
            _tell(str(of_a_disk))
            sys.exit(1)
        # A library's message can quote a cell, so only its kind and our line are told.
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "pact_pipeline" in frame.filename]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "outside of our code"
        _tell(
            f"CLI-000: this is a fault of the program, not of your file ({type(error).__name__}). Where: {place}. "
            "To mend: report it with this line; PACT_TRACEBACK=1 shows more, and may show what stands in a cell."
        )
    sys.exit(1)


def _tell(words: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"✗ {words}", markup=False)


@app.command()
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
    from pact_pipeline.arrival.group import returns_due
    from pact_pipeline.clock import make_up_clock
    from pact_pipeline.contracts import load_contracts
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


@app.command()
def demo() -> None:
    """Generate a year of returns, run the pipeline through Dagster and say what came out."""
    from pact_pipeline.demo import run_demo

    run_demo(Settings.from_environment(), out)  # makes the home


@app.command()
def arrivals() -> None:
    """Look at every supplier's place: how much is new, and which files can't be judged (unknown name, incomplete …)."""
    from pact_pipeline.arrival import discover, odd_files
    from pact_pipeline.clock import home_clock
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    found = discover(settings, contracts, suppliers, ledger, insist=True, tells=False)
    if note := home_clock(settings).note:
        out.print(note, markup=False)
    out.print(f"{found.files_seen:,} files seen, {len(found.submissions):,} submissions wait to be judged")
    for line in odd_files(found):
        out.print(line, markup=False)


@app.command()
def build() -> None:
    """Compute core and measures from what is in force, let them be judged and switch the warehouse to them."""
    from pact_pipeline.clock import home_clock
    from pact_pipeline.drafts import owed
    from pact_pipeline.national_build import compute, publish_build

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    made = compute(settings, contracts, ledger)
    published = publish_build(settings, contracts, ledger.engine, made)
    out.print(f"build {made.build_id}: {sum(published.rows.values()):,} rows served")
    behind = owed(settings, made.build_id, home_clock(settings).last_month_over.key)
    if behind:
        months = ", ".join(one.month for one in behind)
        out.print(
            f"The drafts of {months} are older, or not there yet. Write them: pact report --month {behind[-1].month}"
        )


@app.command()
def check_contracts() -> None:
    """Load every contract and supplier mapping and say what they hold; a broken one is named with file and line."""
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.suppliers import load_suppliers

    settings = Settings.from_environment()
    contracts = load_contracts(settings.contracts)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    rules = sum(len(contract.rules) for contract in contracts.values())
    out.print(f"{len(contracts)} contracts with {rules} declared rules; {len(suppliers)} suppliers")


if __name__ == "__main__":
    main()
