"""Logins by person: each is a member of the group `analyst`, which nobody can log in as, and has limits of its own.

Rights hang on the group, limits on the login: PostgreSQL gives a member no setting of his group. What a login can lift for
itself (all but the number of connections and the temporary files) is backed by `sessions`, which ends what goes beyond.
Whoever uses a login can change its password, so each person has one of his own. Not here: what the group may read (`build_tables`
grants it), whether a server keeps all this (`safeguards`).
"""

import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse.sql import literal, quoted

READERS = "analyst"
"""The group whose members read core, measures and reference."""
CONNECTIONS = 8
"""Connections a login may have at once: a BI tool opens several."""
STATEMENT_MINUTES, IDLE_IN_TRANSACTION_MINUTES, TRANSACTION_MINUTES, IDLE_MINUTES = 30, 30, 60, 480
"""How long a statement may run, a transaction may lie open and idle, or altogether, and a session may do nothing."""
SETTINGS = {
    "temp_file_limit": "512MB",  # a session; the only one of these that a login can't lift for itself
    "default_transaction_read_only": "on",
    "statement_timeout": f"{STATEMENT_MINUTES}min",
    "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_MINUTES}min",
    "idle_session_timeout": f"{IDLE_MINUTES}min",
}
IS_ANALYST = (
    f"r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> '{READERS}' AND pg_has_role(r.oid, '{READERS}', 'USAGE')"
)
"""Whether a role `r` (pg_roles) is a login with the group's rights."""

_LOGINS = f"""
SELECT r.rolname, (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid)
FROM pg_roles r WHERE {IS_ANALYST} AND r.rolname <> current_user ORDER BY 1
"""  # noqa: S608
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,61}[a-z0-9]")
_OURS = re.compile(rf"pg_.*|pact_.*|{READERS}|postgres|public")
_FORBIDDEN, _TAKEN, _IN_USE = "42501", "42710", "2BP01"  # SQLSTATEs
_HELD = ("55P03", "XX000")
"""Another session changes the login: waited for too long, or it was the first."""
_TRIES = 3


@dataclass(frozen=True)
class Login:
    """A login of the analysts, and how many sessions it has now."""

    name: str
    sessions: int


def logins(connection: Connection) -> list[Login]:
    """All logins with the group's rights, by name. `connection` is the owner's here and below, and he is none of them."""
    found = connection.execute(sa.text(_LOGINS))
    return [Login(name, sessions) for name, sessions in found]


def add(connection: Connection, name: str) -> str:
    """Make a login for a person; its password. Raises WarehouseUnavailable WH-050 for a name that can't be one, WH-051 for
    one that is taken, WH-052 where the owner may not make logins."""
    if not _NAME.fullmatch(name) or _OURS.fullmatch(name):
        raise WarehouseUnavailable(
            "WH-050",
            f"'{name}' can't be a person's login.",
            mend="write small letters, digits, '.', '-' or '_', beginning with a letter (anna.mcleod); names that begin with"
            " pact_ or pg_ are the system's own",
        )
    password = secrets.token_urlsafe(18)
    _made(connection, name, password)
    return password


def provide(connection: Connection, name: str, password: str) -> None:
    """See that a login of ours is there and takes this password. Raises as `add`."""
    if connection.scalar(sa.text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": name}):
        _run(connection, name, [f"ALTER ROLE {quoted(name)} PASSWORD {_hashed(connection, name, password)}"])
    else:
        _made(connection, name, password)


def reset(connection: Connection, name: str) -> str:
    """Give a login a new password, and its limits once more; the password. Raises WarehouseUnavailable WH-053 for what is no
    login of the analysts, WH-052 where the owner may not change it."""
    _prove(connection, name)
    password = secrets.token_urlsafe(18)
    statements = [f"ALTER ROLE {quoted(name)} PASSWORD {_hashed(connection, name, password)}"]
    _run(connection, name, [*statements, *limits(name)])
    return password


def remove(connection: Connection, name: str) -> None:
    """End a login and its sessions. Raises as `reset`, and WH-054 where it owns something."""
    _prove(connection, name)
    _run(connection, name, [f"ALTER ROLE {quoted(name)} NOLOGIN"])  # from here on nobody new comes in by it
    _run(connection, name, [_end_sessions(name), f"DROP ROLE {quoted(name)}"])


def limits(name: str) -> list[str]:
    """The statements that limit a login."""
    return [
        f"ALTER ROLE {quoted(name)} CONNECTION LIMIT {CONNECTIONS}",
        *(f"ALTER ROLE {quoted(name)} SET {setting} TO {literal(value)}" for setting, value in SETTINGS.items()),
    ]


def _made(connection: Connection, name: str, password: str) -> None:
    # From version 16 on a member can be kept from acting as the group itself.
    version = connection.dialect.server_version_info or (0,)
    how = " WITH INHERIT TRUE, SET FALSE" if version >= (16,) else ""
    _run(
        connection,
        name,
        [
            f"CREATE ROLE {quoted(name)} LOGIN PASSWORD {_hashed(connection, name, password)}",
            *limits(name),
            f"GRANT {READERS} TO {quoted(name)}{how}",
        ],
    )


def _prove(connection: Connection, name: str) -> None:
    if name not in {login.name for login in logins(connection)} or _OURS.fullmatch(name):
        raise WarehouseUnavailable(
            "WH-053",
            f"'{name}' is no login that was given to a person here.",
            mend="see the logins: pact warehouse passwords",
        )


def _hashed(connection: Connection, name: str, password: str) -> str:
    """A password as the server keeps it, so that it isn't sent."""
    driver = connection.connection.driver_connection
    assert driver is not None
    scrambled: bytes = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return literal(scrambled.decode())


def _end_sessions(name: str) -> str:
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = {literal(name)}"  # noqa: S608


def _run(connection: Connection, name: str, statements: list[str]) -> None:
    """Run statements in one transaction. A session of the login's own that is in the way, in a transaction that changes the
    login too, is ended."""
    for _ in range(_TRIES):
        state = _tried(connection, ["SET LOCAL lock_timeout = '1s'", *statements])
        if not state:
            return
        if state not in _HELD:
            break
        if state := _tried(connection, [_end_sessions(name)]):
            break
    else:
        raise WarehouseUnavailable(
            "WH-057", f"Another session changes the login '{name}' too, again and again.", mend="try again"
        )
    if state == _TAKEN:
        raise WarehouseUnavailable(
            "WH-051",
            f"There is a login '{name}' already.",
            mend=f"give it a new password (pact warehouse passwords reset {name}), or choose another name",
        )
    if state == _IN_USE:
        raise WarehouseUnavailable(
            "WH-054",
            f"'{name}' can't log in any more, but still owns something on the server or was given rights of its own.",
            mend=f"as an administrator, in each database: DROP OWNED BY {quoted(name)}; then DROP ROLE {quoted(name)}",
        )
    raise WarehouseUnavailable(
        "WH-052",
        f"The owner of this warehouse may not do that to the login '{name}'.",
        mend="see what the server's administrator has to grant: pact warehouse check",
    )


def _tried(connection: Connection, statements: list[str]) -> str:
    """The SQLSTATE that a transaction broke off with, of those that are told in our words; empty where it went through."""
    try:
        for statement in statements:
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        connection.commit()
    except DBAPIError as failure:  # its message repeats the statement
        connection.rollback()
        state = str(getattr(failure.orig, "sqlstate", ""))
        if state not in (_FORBIDDEN, _TAKEN, _IN_USE, *_HELD):
            raise
        return state
    return ""
