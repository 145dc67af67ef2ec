"""`pact init`: making a home, and joining a machine to one."""

from typing import Annotated

import typer

from pact_pipeline.settings import Settings

NEED_NO_PROOF = frozenset({"init"})
"""Commands that must run where others are refused: on a machine that was not joined yet."""


def init(
    join: Annotated[
        bool, typer.Option("--join", help="This machine (or this container, started anew) shares a home that is there")
    ] = False,
    only: Annotated[bool, typer.Option("--only", help="With --join: the other machines are gone, forget them")] = False,
) -> None:
    """Make PACT_HOME a home. With --join: register this machine with the home that lies there."""
    from pact_pipeline.cli.opened import out
    from pact_pipeline.home import join_home, make_home

    settings = Settings.from_environment()
    home = join_home(settings, only=only) if join else make_home(settings)
    out.print(f"home {home.home_id}: {settings.home}", markup=False)
    for place in home.at:
        out.print(f"  lies at {place.path} on {place.host}", markup=False)


def refuse_what_is_not_ours(command: str | None) -> None:
    """Before every command: a copy that would use the original's data, or a machine that was not joined, is refused."""
    from pact_pipeline.home import open_if_there

    if command not in NEED_NO_PROOF:
        open_if_there(Settings.from_environment())
