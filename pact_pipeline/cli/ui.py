"""`pact ui`: the Dagster UI of a home, and links into it."""

from typing import Annotated

import typer

DEFAULT_PORT = 3000
app = typer.Typer(invoke_without_command=True, help="The Dagster UI, on this machine only; Ctrl-C ends it.")


@app.callback()
def ui(
    context: typer.Context, port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0: a free one")] = DEFAULT_PORT
) -> None:
    """Open the Dagster UI, on this machine only, and print a link into it."""
    from pact_pipeline.cli.opened import at_home, out
    from pact_pipeline.orchestration.ui.processes import run_ui

    if context.invoked_subcommand is None:
        run_ui(at_home(), port, lambda words: out.print(words, markup=False))


@app.command()
def link(
    login: Annotated[
        bool, typer.Option("--login", help="By your database login (PACT_WAREHOUSE_ANALYST_URL): needs no home")
    ] = False,
    port: Annotated[int, typer.Option(help="With --login: the port on which the UI is open")] = DEFAULT_PORT,
) -> None:
    """Print another link into the UI that is open: your own, for ten minutes and one use."""
    from pact_pipeline.cli.opened import at_home, out
    from pact_pipeline.orchestration.ui import login_links
    from pact_pipeline.orchestration.ui.processes import address
    from pact_pipeline.orchestration.ui.processes import link as own_link
    from pact_pipeline.settings import Settings

    out.print(
        address(port, login_links.mint(Settings.from_environment())) if login else own_link(at_home()), markup=False
    )
