"""How to reach the warehouse: URLs, engines, and PostgreSQL's own terminal.

A server named by PACT_WAREHOUSE_URL wins; else the embedded one is started. Two roles: `owner` (the pipeline: writes)
and `analyst` (people and their tools: reads core, measures and reference, and nothing else). Not here: what those roles
may do (`tables` grants it), the server itself (`embedded`).
"""

import os
import shutil
import subprocess
from typing import Literal
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import URL, Engine
from sqlalchemy.exc import ArgumentError

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse import binaries
from pact_pipeline.warehouse.embedded import LOGINS, EmbeddedPostgres

Role = Literal["owner", "analyst"]


def warehouse_url(settings: Settings, role: Role = "owner") -> URL:
    """Where and how `role` logs in, with its password; the embedded server is started if it is the one meant.

    With PACT_WAREHOUSE_URL, that is the owner's URL; the analyst's is the same with the analyst's name and
    PACT_WAREHOUSE_ANALYST_PASSWORD. Raises WarehouseUnavailable when there is no such URL or server.
    """
    if settings.warehouse_url is None:
        server = EmbeddedPostgres(settings.warehouse)
        server.start()
        return server.url(role)
    try:
        given = sa.make_url(settings.warehouse_url)
    except ArgumentError:  # its message repeats the URL, which may hold a password
        given = None
    if given is None or given.get_backend_name() not in ("postgresql", "postgres"):
        raise WarehouseUnavailable(
            "WH-020",
            "PACT_WAREHOUSE_URL does not name a PostgreSQL server.",
            mend="write postgresql://user:password@host:5432/database",
        )
    owner = given.set(drivername="postgresql+psycopg")
    if role == "owner":
        return owner
    password = os.environ.get("PACT_WAREHOUSE_ANALYST_PASSWORD")
    if not password:
        raise WarehouseUnavailable(
            "WH-021",
            "The analyst's password for this server is not known.",
            mend="set PACT_WAREHOUSE_ANALYST_PASSWORD, or log in with a name of your own that was granted 'analyst'",
        )
    return owner.set(username=LOGINS["analyst"], password=password)


def warehouse_engine(settings: Settings, role: Role = "owner") -> Engine:
    """An engine on the warehouse as `role`; the embedded server is started if it is the one meant."""
    return engine_for(warehouse_url(settings, role))


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
    bundled = binaries.installed() / "bin" / "psql"
    program = str(bundled) if bundled.is_file() else shutil.which("psql")
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
