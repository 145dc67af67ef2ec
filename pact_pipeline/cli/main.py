"""All commands of `pact`, and its entry point: failures come out as one line, never a traceback."""

import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pact_pipeline.cli.arrivals import arrivals
from pact_pipeline.cli.build import build
from pact_pipeline.cli.calendar import calendar
from pact_pipeline.cli.clock import clock
from pact_pipeline.cli.contracts import check_contracts
from pact_pipeline.cli.desk import app as desk_app
from pact_pipeline.cli.generate import generate
from pact_pipeline.cli.home import init, refuse_what_is_not_ours
from pact_pipeline.cli.lake import app as lake_app
from pact_pipeline.cli.report import report
from pact_pipeline.cli.submission import app as submission_app
from pact_pipeline.cli.supplier import app as supplier_app
from pact_pipeline.cli.ui import app as ui_app
from pact_pipeline.cli.warehouse import app as warehouse_app
from pact_pipeline.disk import disk_behind
from pact_pipeline.failures import PactFailure

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
app.add_typer(warehouse_app, name="warehouse")
app.add_typer(submission_app, name="submission")
app.add_typer(lake_app, name="lake")
app.add_typer(supplier_app, name="supplier")
app.command()(init)
app.command()(generate)
app.command()(arrivals)
app.command()(build)
app.command()(check_contracts)
app.command()(calendar)
app.command()(clock)
app.command()(report)
app.add_typer(desk_app)
app.add_typer(ui_app, name="ui")


@app.command()
def demo() -> None:
    """Generate a year of returns, run the pipeline through Dagster and say what came out."""
    from pact_pipeline.cli.demo import run_demo
    from pact_pipeline.cli.opened import out
    from pact_pipeline.settings import Settings

    run_demo(Settings.from_environment(), out)  # makes the home


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"pact {version('pact-pipeline')}")
        raise typer.Exit


@app.callback()
def before_every_command(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say the version and end")
    ] = False,
) -> None:
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
