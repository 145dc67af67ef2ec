"""How to reach the warehouse: URLs, engines, and PostgreSQL's own terminal.

A server named by PACT_WAREHOUSE_URL wins; else the embedded one is started. Two roles: `owner` (the pipeline: writes)
and `analyst` (people and their tools: reads core, measures and reference, and nothing else). Not here: what those roles
may do (`build_tables` grants it), logins of other people (`logins`), the server itself (`embedded`).
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, OperationalError

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.home import open_home, prove_database, set_warehouse
from pact_pipeline.home.note import Warehouse
from pact_pipeline.settings import ANALYST_URL, Settings
from pact_pipeline.warehouse import binaries
from pact_pipeline.warehouse.embedded import EmbeddedPostgres

Role = Literal["owner", "analyst"]


def warehouse_url(settings: Settings, role: Role = "owner") -> URL:
    """Where and how `role` logs in, with its password; the embedded server is started if it is the one meant.

    With PACT_WAREHOUSE_URL, that is the owner's URL; the analyst's is PACT_WAREHOUSE_ANALYST_URL, with a login of one's own.
    Raises WarehouseUnavailable when there is no such URL or server.
    """
    if settings.warehouse_url is None:
        server = embedded_server(settings)
        server.start()
        return server.url(role)
    if role == "owner":
        return given_url("PACT_WAREHOUSE_URL", settings.warehouse_url)
    return analyst_url(settings)


def analyst_url(settings: Settings) -> URL:
    """The URL with a person's own login on a server. Raises WarehouseUnavailable WH-021 where it is not set, WH-020."""
    given = settings.analyst_url
    if given is None:
        raise WarehouseUnavailable(
            "WH-021",
            "Your own login to this server is not known.",
            mend=f"let the pipeline's owner give you one (pact warehouse passwords add NAME) and set {ANALYST_URL} to"
            " postgresql://NAME:password@host:5432/database",
        )
    return given_url(ANALYST_URL, given)


def given_url(variable: str, text: str) -> URL:
    """The URL of a PostgreSQL server that a variable holds. Raises WarehouseUnavailable WH-020."""
    try:
        given = sa.make_url(text)
    except ArgumentError:  # its message repeats the URL, which may hold a password
        given = None
    if given is None or given.get_backend_name() not in ("postgresql", "postgres"):
        raise WarehouseUnavailable(
            "WH-020",
            f"{variable} does not name a PostgreSQL server.",
            mend="write postgresql://user:password@host:5432/database",
        )
    return given.set(drivername="postgresql+psycopg")


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """The server of a home. Raises what `open_home` raises, and WarehouseUnavailable WH-025 where its data are gone, WH-028
    where they may be on a machine that shares the home, WH-026 where the home's warehouse is on a server by URL."""
    home = open_home(settings)
    if home.warehouse == "url":
        raise WarehouseUnavailable(
            "WH-026",
            "The warehouse of this home is on a server of yours, and its URL was not given.",
            where=str(settings.home),
            mend="set PACT_WAREHOUSE_URL",
        )
    server = EmbeddedPostgres(settings.warehouse, home.home_id)
    if home.warehouse == "embedded" and not server.made():
        elsewhere = [place for place in home.at if place.host != socket.gethostname()]
        if elsewhere:
            raise WarehouseUnavailable(
                "WH-028",
                "The data of this home's warehouse are not on this machine.",
                where=str(settings.warehouse),
                mend=f"use it on {elsewhere[0].host}, where they may lie outside of the home; if that machine is gone, bring them"
                " back from the backup, or begin with an empty one: pact init --join --only",
            )
        raise WarehouseUnavailable(
            "WH-025",
            "The data of this home's warehouse are gone.",
            where=str(settings.warehouse),
            mend="bring them back from the backup; to begin with an empty one: pact warehouse destroy --yes",
        )
    return server


def destroy_embedded(settings: Settings) -> list[Path]:
    """Remove the embedded server of a home with all its data; what was removed. Raises WarehouseUnavailable WH-026 where the
    warehouse is on a server by URL, which is not ours to remove."""
    home = open_home(settings)
    if home.warehouse == "url" or settings.warehouse_url is not None:
        raise WarehouseUnavailable(
            "WH-026",
            "The warehouse of this home is on a server of yours, which is not removed from here.",
            where=str(settings.home),
            mend="drop the database there",
        )
    server = EmbeddedPostgres(settings.warehouse, home.home_id)
    if not server.made() and any(place.host != socket.gethostname() for place in home.at):
        embedded_server(settings)  # says where the data may lie
    gone = server.destroy()
    set_warehouse(settings, home, "")
    return gone


def warehouse_engine(settings: Settings, role: Role = "owner") -> Engine:
    """An engine on the warehouse as `role`; the embedded server is started if it is the one meant. The owner's asks at
    every connection whether the database is this home's; before the analyst's is given, it is asked once.

    Raises what `open_home` and `prove_database` raise, and WarehouseUnavailable WH-027 where a home that has an embedded
    warehouse is given another by URL.
    """
    home = open_home(settings)
    kind: Warehouse = "embedded" if settings.warehouse_url is None else "url"
    if home.warehouse == "embedded" and kind == "url":
        raise WarehouseUnavailable(
            "WH-027",
            "This home has its own warehouse, and PACT_WAREHOUSE_URL names another server.",
            where=str(settings.home),
            mend="unset PACT_WAREHOUSE_URL, or use another home with that server: the ledger must not be in two places",
        )
    engine = engine_for(warehouse_url(settings))

    @sa.event.listens_for(engine, "connect")
    def _prove(connection: Any, _: object) -> None:
        prove_database(connection, home, settings.home)

    if home.formerly or home.warehouse != kind:
        with reached(engine):
            home = set_warehouse(settings, home, kind)
    if role == "owner":
        return engine
    with reached(engine) as connection:
        if kind == "embedded":
            embedded_server(settings).provide_analyst(connection)
    engine.dispose()
    return engine_for(warehouse_url(settings, role))


def proven_url(settings: Settings, role: Role) -> URL:
    """The URL for a program of a person's, given when the database was found to be this home's."""
    engine = warehouse_engine(settings, role)
    with reached(engine):
        pass
    engine.dispose()
    return engine.url


@contextmanager
def reached(engine: Engine) -> Iterator[Connection]:
    """A connection, made and proven. What can't be reached is told without the driver's words, which name the server."""
    try:
        connection = engine.connect()
    except OperationalError:
        raise WarehouseUnavailable(
            "WH-046", "The warehouse can't be reached.", mend="see whether the server runs (pact warehouse status)"
        ) from None
    with connection:
        yield connection


def engine_for(url: URL) -> Engine:
    """An engine whose errors repeat no parameter of a statement, and which notices that the server was started anew."""
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"application_name": "pact", "connect_timeout": 10, "options": _in_utc(url)},
    )


def _in_utc(url: URL) -> str:
    """The session's settings: those the URL has, and UTC, so that no moment is read or shown in the server's own zone."""
    own = url.query.get("options", ())
    return " ".join([*((own,) if isinstance(own, str) else own), "-c timezone=UTC"])


def libpq_uri(url: URL, *, with_password: bool = True) -> str:
    """`url` as libpq and ADBC write it."""
    user = quote(url.username or "", safe="")
    secret = f":{quote(str(url.password), safe='')}" if with_password and url.password is not None else ""
    host = f"[{url.host}]" if ":" in (url.host or "") else url.host or ""
    port = f":{url.port}" if url.port else ""
    options = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}"
        for name, values in url.normalized_query.items()
        for value in values
    )
    start = f"postgresql://{user}{secret}{'@' if user else ''}{host}{port}/{quote(url.database or '', safe='')}"
    return f"{start}?{options}" if options else start


def psql_command(url: URL) -> tuple[list[str], dict[str, str]]:
    """The command that opens psql on `url`, and its environment. The password stands in the environment only, as every
    user of the machine can read a command line."""
    bundled = (
        one.folder / "bin" / "psql" for one in sorted(binaries.installed(), key=lambda one: one.version, reverse=True)
    )
    program = next((str(path) for path in bundled if path.is_file()), None) or shutil.which("psql")
    if program is None:
        raise WarehouseUnavailable("WH-022", "psql is not installed.", mend="install PostgreSQL's client programs")
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    return [program, libpq_uri(url, with_password=False)], environment


def psql(url: URL, *arguments: str) -> int:
    """Run psql on the terminal as it is, with further `arguments`; return its exit code."""
    command, environment = psql_command(url)
    return subprocess.run([*command, *arguments], env=environment, check=False).returncode  # noqa: S603
