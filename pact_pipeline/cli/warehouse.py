"""`pact warehouse`: the server, logins by person, and what keeps analysts from stopping it."""

import sys
from typing import Annotated, Literal

import typer

from pact_pipeline.cli.opened import at_home, out
from pact_pipeline.failures import PactFailure

PSEUDONYMISED = "Tables of children are pseudonymised, not anonymous: what is taken from them stays in the office."
app = typer.Typer(no_args_is_help=True, help="The warehouse: PostgreSQL, embedded unless PACT_WAREHOUSE_URL is set.")
passwords_app = typer.Typer(invoke_without_command=True, help="Logins by person: who has one; add, reset, remove.")
app.add_typer(passwords_app, name="passwords")
Role = Annotated[str, typer.Option(help="analyst (reads core, measures and reference) or owner (the pipeline's own)")]
Name = Annotated[str, typer.Argument(help="the person's login, for example anna.mcleod")]


@app.command()
def start() -> None:
    """Start the embedded server (nothing happens when it runs)."""
    from pact_pipeline.warehouse.connect import reached, warehouse_engine

    with reached(warehouse_engine(at_home())):
        out.print("The warehouse is running.")


@app.command()
def stop() -> None:
    """Stop the embedded server; what was committed stays."""
    from pact_pipeline.warehouse.connect import embedded_server

    embedded_server(at_home()).stop()
    out.print("The warehouse is stopped.")


@app.command()
def status() -> None:
    """Whether the embedded server runs, where it lives, as whom, and by which PostgreSQL."""
    from pact_pipeline.warehouse.connect import embedded_server

    found = embedded_server(at_home()).status()
    running = "yes" if found.running else "no"
    out.print(f"running: {running}   runs as: {found.os_user}   data: {found.service_folder}", markup=False)
    out.print(f"programs: {found.programs}, in {found.programs.folder}", markup=False)
    for note in found.notes:
        out.print(f"note: {note}", markup=False)


@app.command()
def check() -> None:
    """Whether an analyst could stop this server: what keeps him from it, and what its administrator still has to run."""
    from pact_pipeline.warehouse.connect import reached, warehouse_engine
    from pact_pipeline.warehouse.safeguards import check as ask

    with reached(warehouse_engine(at_home())) as connection:
        owner = str(connection.exec_driver_sql("SELECT current_user").scalar())
        version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        found = ask(connection, owner)
    lacking = [one for one in found if not one.holds]
    for one in found:
        out.print(f"{'holds' if one.holds else 'LACKS'}  {one.safeguard.name}", markup=False)
        if one.holds:
            continue
        out.print(f"       without it: {one.safeguard.against}", markup=False)
        if not one.statements:
            out.print(f"       PostgreSQL {one.safeguard.since} or later can do it; this is {version}", markup=False)
        for statement in one.statements:
            print(f"           {statement};")
        if one.safeguard.restart and one.statements:
            out.print("       then start the server anew", markup=False)
    if not lacking:
        out.print(f"An analyst can't stop this server by what is asked here ({len(found)} things).", markup=False)
        return
    if len(found) == 1:
        out.print("The rest can be asked when that group is there.", markup=False)
    if any(one.statements for one in lacking):
        out.print("Statements are for an administrator of the server, in this database; then ask again.", markup=False)
    raise typer.Exit(1)


@passwords_app.callback()
def passwords(context: typer.Context) -> None:
    """Who may log in as an analyst."""
    from pact_pipeline.warehouse import logins
    from pact_pipeline.warehouse.connect import reached, warehouse_engine

    if context.invoked_subcommand is not None:
        return
    with reached(warehouse_engine(at_home())) as connection:
        found = logins.logins(connection)
    for one in found:
        whose = "   whoever runs this home (pact warehouse psql)" if one.name.startswith("pact_") else ""
        out.print(f"{one.name:24} {one.sessions:3} sessions now{whose}", markup=False)
    if not found:
        out.print("Nobody has a login. Give one: pact warehouse passwords add NAME", markup=False)


@passwords_app.command()
def add(name: Name) -> None:
    """Give a person a login that reads core, measures and reference; its password is shown once."""
    from pact_pipeline.warehouse import logins
    from pact_pipeline.warehouse.connect import reached, warehouse_engine

    with reached(warehouse_engine(at_home())) as connection:
        _hand_over(name, logins.add(connection, name))


@passwords_app.command()
def reset(name: Name) -> None:
    """Give a person's login a new password, and its limits once more."""
    from pact_pipeline.warehouse import logins
    from pact_pipeline.warehouse.connect import reached, warehouse_engine

    with reached(warehouse_engine(at_home())) as connection:
        _hand_over(name, logins.reset(connection, name))


@passwords_app.command()
def remove(name: Name) -> None:
    """Take a person's login away, and end its sessions."""
    from pact_pipeline.warehouse import logins
    from pact_pipeline.warehouse.connect import reached, warehouse_engine

    with reached(warehouse_engine(at_home())) as connection:
        logins.remove(connection, name)
    out.print(f"{name} can't log in any more.", markup=False)


def _hand_over(name: str, password: str) -> None:
    print(f"login:    {name}\npassword: {password}")
    out.print(
        f"The password is shown this once: hand it over by a safe way; \\password in psql changes it. {PSEUDONYMISED}",
        markup=False,
    )


@app.command()
def sessions(
    end: Annotated[int | None, typer.Option(help="End the session of this number", metavar="NUMBER")] = None,
) -> None:
    """What analysts' sessions do now and since when, or the end of one."""
    from pact_pipeline.warehouse import sessions as watched
    from pact_pipeline.warehouse.connect import reached, warehouse_engine

    engine = warehouse_engine(at_home())
    if end is not None:
        out.print(watched.end(engine, end), markup=False)
        return
    with reached(engine) as connection:
        found = watched.sessions(connection)
    for one in found:
        out.print(str(one), markup=False)
    if not found:
        out.print("No analyst is logged in.")


@app.command()
def destroy(yes: Annotated[bool, typer.Option("--yes", help="Yes, remove ledger, core and measures")] = False) -> None:
    """Stop the embedded server and remove it with all its data: the ledger too. Files, lake and archive stay."""
    from pact_pipeline.warehouse.connect import destroy_embedded

    settings = at_home()
    if not yes:
        raise PactFailure(
            "CLI-007",
            "this removes the warehouse with the ledger: what came, what was decided and what is in force",
            where=str(settings.warehouse),
            mend="if you mean it: pact warehouse destroy --yes",
        )
    for path in destroy_embedded(settings):
        out.print(f"removed {path}", markup=False)


@app.command()
def url(role: Role = "analyst") -> None:
    """Print a URL for psycopg, SQLAlchemy, pandas or a BI tool. It holds a password: keep it to yourself."""
    from pact_pipeline.warehouse.connect import libpq_uri, proven_url

    print(libpq_uri(proven_url(at_home(), _role(role))))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context, role: Role = "analyst") -> None:
    """Open PostgreSQL's own terminal; further arguments go to psql (for example -c 'select …')."""
    from pact_pipeline.warehouse.connect import proven_url
    from pact_pipeline.warehouse.connect import psql as run_psql

    found = proven_url(at_home(), _role(role))
    if sys.stdin.isatty() and not context.args:
        print(
            f"You are {found.username} (\\conninfo says where). {PSEUDONYMISED}\n\\dn+ says what lies in which schema."
        )
    raise typer.Exit(run_psql(found, *context.args))


def _role(role: str) -> Literal["owner", "analyst"]:
    if role == "owner":
        return "owner"
    if role == "analyst":
        return "analyst"
    raise PactFailure("CLI-001", "there is no such role", mend="write analyst or owner.")
