"""What keeps an analyst from stopping the pipeline, as a list: each can be asked of a server, and says how it is set.

The embedded server is brought to it when it starts (`secure`). Of a server of one's own `pact warehouse check` says what it
lacks, with the statements for its administrator. The limits themselves stand in `logins`, those of the embedded server's
start in `embedded`.
"""
# ruff: noqa: S608 (what is put into the SQL are constants)

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from pact_pipeline.warehouse.logins import CONNECTIONS, IS_ANALYST, READERS, SETTINGS
from pact_pipeline.warehouse.sql import quoted

RESERVED_CONNECTIONS = 30
"""Connections that only the owner gets, whoever else comes."""
NOTIFY_PAGES = 64
"""Room for notifications (NOTIFY can't be forbidden): 8 KB a page, the least there is."""

# What fills the disk, or locks what others wait for, without any right on a table.
_HARMFUL = (
    "p.pronamespace = 'pg_catalog'::regnamespace AND (p.proname ~ '^pg_(try_)?advisory_'"
    " OR p.proname ~ '^lo_' AND p.proname NOT IN ('lo_import', 'lo_export')"  # files of the server: nobody's but its superuser's
    " OR p.proname IN ('loread', 'lowrite', 'pg_notify', 'pg_logical_emit_message', 'pg_export_snapshot'))"
)
_OURS_ALONE = (
    f"DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT p.oid FROM pg_proc p WHERE {_HARMFUL} LOOP"
    f" EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC, {READERS}', f);"
    " EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {owner}', f); END LOOP; END $$"
)
_LIMITED = " AND ".join(
    [
        f"r.rolconnlimit BETWEEN 0 AND {CONNECTIONS}",
        *(f"'{setting}={value}' = ANY(coalesce(r.rolconfig, '{{}}'))" for setting, value in SETTINGS.items()),
    ]
)
_LIMITS = " UNION ALL ".join(
    [
        f"SELECT r.rolname, format('ALTER ROLE %I CONNECTION LIMIT {CONNECTIONS}', r.rolname) AS line FROM r",
        *(
            f"SELECT r.rolname, format('ALTER ROLE %I SET {setting} TO %L', r.rolname, '{value}') FROM r"
            for setting, value in SETTINGS.items()
        ),
    ]
)


@dataclass(frozen=True)
class Safeguard:
    """One thing a server has, or lacks.

    `holds`: SQL that answers whether, for the owner `:owner`. `statements` set it; `more` is SQL that gives further ones.
    """

    name: str
    against: str
    """What an analyst could do without it."""
    holds: str
    statements: tuple[str, ...] = ()
    more: str = ""
    since: int = 15
    """The first version of PostgreSQL that can do it."""
    restart: bool = False
    """Whether the server has to be started anew."""


SAFEGUARDS = (
    Safeguard(
        "there is a group of analysts",
        "rights would hang on single people",
        f"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{READERS}')",
        (f"CREATE ROLE {READERS} NOLOGIN",),
    ),
    Safeguard(
        "nobody logs in as the group",
        "one could change the password of all, and nobody knew who",
        f"SELECT NOT rolcanlogin FROM pg_roles WHERE rolname = '{READERS}'",
        (f"ALTER ROLE {READERS} NOLOGIN PASSWORD NULL",),
    ),
    Safeguard(
        "the owner gives out logins",
        "people would share one",
        "SELECT r.rolsuper OR (r.rolcreaterole AND (current_setting('server_version_num')::int < 160000"
        f" OR pg_has_role(r.oid, '{READERS}', 'MEMBER WITH ADMIN OPTION'))) FROM pg_roles r WHERE r.rolname = :owner",
        ("ALTER ROLE {owner} CREATEROLE", f"GRANT {READERS} TO {{owner}} WITH ADMIN OPTION"),
    ),
    Safeguard(
        "the owner limits their temporary files",
        "a sort of theirs could fill the disk",
        "SELECT has_parameter_privilege(:owner, 'temp_file_limit', 'SET')",
        ("GRANT SET ON PARAMETER temp_file_limit TO {owner}",),
    ),
    Safeguard(
        "only they and the owner come in, and make nothing",
        "temporary tables of theirs could fill the disk",
        "SELECT NOT has_database_privilege('public', current_database(), 'CONNECT')"
        " AND NOT has_database_privilege('public', current_database(), 'TEMPORARY')"
        f" AND has_database_privilege('{READERS}', current_database(), 'CONNECT')"
        f" AND NOT has_database_privilege('{READERS}', current_database(), 'TEMPORARY')"
        f" AND NOT has_database_privilege('{READERS}', current_database(), 'CREATE')"
        f" AND NOT coalesce(has_schema_privilege('{READERS}', to_regnamespace('public'), 'CREATE'), false)",
        (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            f"REVOKE ALL ON DATABASE {{database}} FROM {READERS}",
            "GRANT ALL ON DATABASE {database} TO {owner}",
            f"GRANT CONNECT ON DATABASE {{database}} TO {READERS}",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        ),
    ),
    Safeguard(
        "other databases of the server are closed to them",
        "there they could take the locks, and fill the disk, that all databases share",
        "SELECT NOT EXISTS (SELECT FROM pg_database d WHERE d.datallowconn AND d.datname <> current_database()"
        f" AND has_database_privilege('{READERS}', d.oid, 'CONNECT'))",
        more="SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', d.datname) FROM pg_database d WHERE d.datallowconn"
        f" AND d.datname <> current_database() AND has_database_privilege('{READERS}', d.oid, 'CONNECT')",
    ),
    Safeguard(
        "advisory locks, large objects and messages are not theirs",
        "they could take all locks there are, and fill the disk",
        f"SELECT NOT EXISTS (SELECT FROM pg_proc p WHERE {_HARMFUL} AND has_function_privilege('{READERS}', p.oid, 'EXECUTE'))",
        (_OURS_ALONE,),
    ),
    Safeguard(
        "some connections are the owner's alone",
        "they could open all connections there are",
        f"SELECT current_setting('reserved_connections')::int >= {RESERVED_CONNECTIONS}",
        (f"ALTER SYSTEM SET reserved_connections = {RESERVED_CONNECTIONS}",),
        since=16,
        restart=True,
    ),
    Safeguard(
        "the owner gets the connections that are his alone",
        "they could open all connections there are",
        "SELECT pg_has_role(:owner, 'pg_use_reserved_connections', 'USAGE')",
        ("GRANT pg_use_reserved_connections TO {owner}",),
        since=16,
    ),
    Safeguard(
        "notifications have little room",
        "NOTIFY could fill the disk",
        f"SELECT current_setting('max_notify_queue_pages')::int <= {NOTIFY_PAGES}",
        (f"ALTER SYSTEM SET max_notify_queue_pages = {NOTIFY_PAGES}",),
        since=17,
        restart=True,
    ),
    Safeguard(
        "the owner sees and ends sessions that outlast the limits",
        "a session left open keeps former builds on the disk",
        "SELECT pg_has_role(:owner, 'pg_signal_backend', 'USAGE') AND pg_has_role(:owner, 'pg_read_all_stats', 'USAGE')",
        ("GRANT pg_signal_backend, pg_read_all_stats TO {owner}",),
    ),
    Safeguard(
        "each of their logins has its limits",
        "one login could open all connections, fill the disk, or work for ever",
        f"SELECT coalesce(bool_and({_LIMITED}), true) FROM pg_roles r WHERE {IS_ANALYST} AND r.rolname <> :owner",
        more=f"WITH r AS (SELECT * FROM pg_roles r WHERE {IS_ANALYST} AND r.rolname <> :owner AND NOT ({_LIMITED}))"
        f" SELECT line FROM ({_LIMITS}) AS lines ORDER BY rolname",
    ),
    Safeguard(
        "none of their logins makes roles or databases",
        "one login could give itself what it likes",
        f"SELECT NOT EXISTS (SELECT FROM pg_roles r WHERE {IS_ANALYST} AND r.rolname <> :owner"
        " AND (r.rolcreaterole OR r.rolcreatedb OR r.rolreplication))",
        more="SELECT format('ALTER ROLE %I NOCREATEROLE NOCREATEDB NOREPLICATION', r.rolname) FROM pg_roles r"
        f" WHERE {IS_ANALYST} AND r.rolname <> :owner AND (r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)",
    ),
)


@dataclass(frozen=True)
class Found:
    """Whether a server has a safeguard; else the statements that set it, or none where its version can't."""

    safeguard: Safeguard
    holds: bool
    statements: tuple[str, ...] = ()


def check(connection: Connection, owner: str) -> list[Found]:
    """What a server has of all this, in the database of the connection. Without the group nothing else can be asked."""
    group, *others = SAFEGUARDS
    found = [_found(connection, group, owner)]
    if found[0].holds:
        found += [_found(connection, safeguard, owner) for safeguard in others]
    return found


def secure(connection: Connection, owner: str) -> None:
    """Set what is lacking and needs no new start. `connection`: an administrator's, in the warehouse's database."""
    for safeguard in SAFEGUARDS:
        if not safeguard.restart:
            for statement in _found(connection, safeguard, owner).statements:
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    connection.commit()


def version() -> str:
    """A name for the list as it stands: a server that was brought to another one is brought to it again."""
    return hashlib.sha256(repr(SAFEGUARDS).encode()).hexdigest()[:16]


def _found(connection: Connection, safeguard: Safeguard, owner: str) -> Found:
    if (connection.dialect.server_version_info or (0,)) < (safeguard.since,):
        return Found(safeguard, False)
    if connection.scalar(sa.text(safeguard.holds), _bound(safeguard.holds, owner)):
        return Found(safeguard, True)
    database = str(connection.scalar(sa.text("SELECT current_database()")))
    statements = [line.format(owner=quoted(owner), database=quoted(database)) for line in safeguard.statements]
    if safeguard.more:
        statements += connection.scalars(sa.text(safeguard.more), _bound(safeguard.more, owner)).all()
    return Found(safeguard, False, tuple(statements))


def _bound(statement: str, owner: str) -> dict[str, str]:
    return {"owner": owner} if ":owner" in statement else {}
