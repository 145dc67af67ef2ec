"""The warehouse's tables and views, made from the contracts of core, measures and reference.

A table of a contract lies in `build.<schema>__<table>`, in three partitions called slots: the current build in one, the
former in the second, the next in the third. People read the view `<schema>.<table>`, which shows the one build that the
single row of `reference.current_build` names. Slots stay attached for ever, because a partition attached while somebody
reads is not seen by statements prepared before in the same transaction: they would read nothing after the switch.

Here: DDL, comments and the analyst's rights, and bringing what exists up to a contract that changed. Not here: rows and
the switch (`publish`).
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

import psycopg.errors
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.sql_tables import warehouse_table
from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse.logins import READERS, TRANSACTION_MINUTES
from pact_pipeline.warehouse.sql import literal, quoted

SCHEMAS = {
    "core": "One row per fact, each traceable to the submission and row it came from. Pseudonymised, not anonymous: keep it so.",
    "measures": "The measures by month and area, as reference.measure defines them. Exact: small figures stay in the office.",
    "reference": "What the measures and codes mean, and which build is shown.",
}
SLOTS = (1, 2, 3)
PATIENCE = 30.0
"""Seconds to wait for readers when a contract changed its columns. A plain publication never waits for a reader."""


@dataclass(frozen=True)
class PublishedTable:
    """A contract with the names it has in the warehouse."""

    contract: Contract

    @cached_property
    def described(self) -> sa.Table:
        """Columns, types and comments, as the contract gives them."""
        return warehouse_table(self.contract, sa.MetaData(), self.contract.collection)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Column names and their types as PostgreSQL writes them."""
        return {column.name: column.type.compile(_DIALECT).lower() for column in self.described.columns}

    @property
    def name(self) -> str:
        return f"{self.contract.collection}.{self.contract.table}"

    @property
    def view(self) -> str:
        return f"{quoted(self.contract.collection)}.{quoted(self.contract.table)}"

    @property
    def parent(self) -> str:
        return f"build.{quoted(self._stem)}"

    def slot(self, number: int) -> str:
        """The partition's full name as SQL writes it."""
        return f"build.{quoted(self.slot_name(number))}"

    def slot_name(self, number: int) -> str:
        """The partition's name in schema `build`."""
        return slot_name(self.name, number)

    @property
    def _stem(self) -> str:
        return f"{self.contract.collection}__{self.contract.table}"


def slot_name(table: str, number: int) -> str:
    """The partition, in schema `build`, where slot `number` of a table such as `core.journey` lies."""
    return f"{table.replace('.', '__')}__{number}"


_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
T = TypeVar("T")


def with_lock_retry(connection: Connection, step: Callable[[], T], *, seconds: float = PATIENCE) -> T:
    """Do `step` in a transaction of its own; when a reader is in the way, let all pass and try again.

    Each try waits a third of a second at most, as whoever comes after a waiting change waits with it. Raises
    WarehouseUnavailable when the readers don't end in `seconds`.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            with connection.begin():
                connection.exec_driver_sql("SET LOCAL lock_timeout = '300ms'")
                return step()
        except OperationalError as failure:
            if not isinstance(failure.orig, psycopg.errors.LockNotAvailable):
                raise
        if time.monotonic() > deadline:
            raise WarehouseUnavailable(
                "WH-030",
                "The tables can't be changed while somebody reads them in a transaction left open.",
                mend="publish again later: what analysts leave open is ended after"
                f" {TRANSACTION_MINUTES} minutes; at once: pact warehouse sessions --end",
            )
        time.sleep(0.2)


def prepare(connection: Connection, tables: Iterable[PublishedTable]) -> None:
    """Make what is missing: schemas, the ledger of builds, the tables; add columns that a contract gained.

    What was there keeps its rows, and views are not touched: they change in the transaction of the switch.
    """
    with connection.begin():
        _prepare_schemas(connection)
    for table in tables:
        present = _columns(connection, table)
        if not present:
            with connection.begin():
                _create(connection, table)
            continue
        if changes := _changes(table, present):
            with_lock_retry(connection, partial(_execute, connection, changes))
        with connection.begin():
            _comment(connection, table, "TABLE", table.parent)


def show(connection: Connection, tables: Iterable[PublishedTable]) -> None:
    """Make or replace the views whose columns differ from their contracts, with comments and the analyst's rights.

    To be called in the switch's transaction. A view whose columns did not change is left alone and needs no lock.
    """
    shown = list(tables)
    for table in shown:
        columns = {"build_id": "text", **table.columns}
        present = _view_columns(connection, table)
        if list(present.items()) != list(columns.items()):
            if present and list(columns.items())[: len(present)] != list(present.items()):
                _execute(connection, [f"DROP VIEW {table.view}"])
            names = ", ".join(quoted(name) for name in columns)
            rows = f"SELECT {names} FROM {table.parent} WHERE {_IS_CURRENT}"  # noqa: S608 (our own names)
            _execute(
                connection,
                [f"CREATE OR REPLACE VIEW {table.view} AS {rows}", f"GRANT SELECT ON {table.view} TO {READERS}"],
            )
        _comment(connection, table, "VIEW", table.view)
    _hide_orphans(connection, {table.name for table in shown})


# The slot lets PostgreSQL pass over the other builds' partitions; the name of the build makes sure.
_IS_CURRENT = (
    "slot = (SELECT slot FROM reference.current_build) AND build_id = (SELECT build_id FROM reference.current_build)"
)


def _prepare_schemas(connection: Connection) -> None:
    if not connection.scalar(sa.text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": READERS}):
        # A server of one's own that nobody has prepared (see `safeguards`).
        _execute(connection, [f"CREATE ROLE {READERS} NOLOGIN"])
    existing = set(connection.scalars(sa.text("SELECT nspname FROM pg_namespace")))
    if not existing >= {"build", *SCHEMAS}:
        statements = [
            "CREATE SCHEMA IF NOT EXISTS build",
            "COMMENT ON SCHEMA build IS 'Where builds lie. Not for reading: see core, measures and reference.'",
        ]
        for schema in SCHEMAS:
            statements += [f"CREATE SCHEMA IF NOT EXISTS {schema}", f"GRANT USAGE ON SCHEMA {schema} TO {READERS}"]
        _execute(connection, statements)
    said = sa.text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")
    for schema, meaning in SCHEMAS.items():
        if connection.scalar(said, {"schema": schema}) != meaning:
            _execute(connection, [f"COMMENT ON SCHEMA {schema} IS {literal(meaning)}"])
    if connection.scalar(sa.text("SELECT to_regclass('build.publication') IS NULL")):
        _execute(connection, _BOOK)
    else:
        _execute(connection, _BOOK_SINCE)


_BOOK = (
    """CREATE TABLE build.publication (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        build_id text NOT NULL UNIQUE,
        slot smallint UNIQUE CHECK (slot IN (1, 2, 3)),
        state text NOT NULL CHECK (state IN ('loading', 'loaded', 'published', 'refused', 'dropped')),
        row_counts jsonb NOT NULL DEFAULT '{}',
        verdicts jsonb NOT NULL DEFAULT '[]',
        claimed_at timestamp with time zone NOT NULL DEFAULT now(),
        published_at timestamp with time zone,
        switched_in xid8,
        shown_since timestamp with time zone
    )""",
    "COMMENT ON TABLE build.publication IS 'Every build that was brought here, where it lies and what became of it.'",
    "COMMENT ON COLUMN build.publication.slot IS 'The slot that holds its rows; empty when they are gone.'",
    "COMMENT ON COLUMN build.publication.switched_in IS 'The transaction that made it the current build.'",
    "COMMENT ON COLUMN build.publication.shown_since IS 'A moment from which on everybody saw it, or a later one.'",
    """CREATE TABLE reference.current_build (
        build_id text NOT NULL,
        slot smallint NOT NULL,
        published_at timestamp with time zone NOT NULL
    )""",
    "CREATE UNIQUE INDEX current_build_is_one_row ON reference.current_build ((true))",
    "COMMENT ON TABLE reference.current_build IS 'The one build that all views show. It changes in one instant.'",
    "COMMENT ON COLUMN reference.current_build.build_id IS 'The name of the build.'",
    "COMMENT ON COLUMN reference.current_build.slot IS 'Where the build lies. It means nothing else.'",
    "COMMENT ON COLUMN reference.current_build.published_at IS 'When it was published.'",
    f"GRANT SELECT ON reference.current_build TO {READERS}",
)


# What the book of an earlier version lacks.
_BOOK_SINCE = (
    "ALTER TABLE build.publication ADD COLUMN IF NOT EXISTS verdicts jsonb NOT NULL DEFAULT '[]'",
    "ALTER TABLE build.publication ADD COLUMN IF NOT EXISTS shown_since timestamp with time zone",
)


def _create(connection: Connection, table: PublishedTable) -> None:
    columns = "".join(f", {quoted(name)} {kind}" for name, kind in table.columns.items())
    fixed = "slot smallint NOT NULL, build_id text NOT NULL"
    statements = [f"CREATE TABLE {table.parent} ({fixed}{columns}) PARTITION BY LIST (slot)"]
    if table.contract.primary_key:
        key = ", ".join(quoted(name) for name in table.contract.primary_key)
        # Not unique: that a key is unique is an expectation, judged and told, not an error in the middle of loading.
        statements.append(f"CREATE INDEX ON {table.parent} ({key})")
    for number in SLOTS:
        statements += [
            f"CREATE TABLE {table.slot(number)} PARTITION OF {table.parent} FOR VALUES IN ({number})",
            f"ALTER TABLE {table.slot(number)} ALTER COLUMN slot SET DEFAULT {number}",
        ]
    _execute(connection, statements)
    _comment(connection, table, "TABLE", table.parent)


def _changes(table: PublishedTable, present: dict[str, str]) -> list[str]:
    """The statements that bring a table up to its contract. A column that changed its type is put aside under another
    name, so that the builds that lie there keep it."""
    statements = []
    for name, wanted in table.columns.items():
        found = present.get(name)
        if found is not None and found != wanted:
            aside = next(former for n in range(1, 100) if (former := f"{name}__former_{n}") not in present)
            statements.append(f"ALTER TABLE {table.parent} RENAME COLUMN {quoted(name)} TO {quoted(aside)}")
        if found != wanted:
            statements.append(f"ALTER TABLE {table.parent} ADD COLUMN {quoted(name)} {wanted}")
    return statements


def _hide_orphans(connection: Connection, shown: set[str]) -> None:
    """Take away the views of tables that no contract names any more: they would show nothing from now on."""
    views = connection.execute(
        sa.text(
            "SELECT v.schemaname, v.viewname FROM pg_views v JOIN pg_tables t ON t.schemaname = 'build'"
            " AND t.tablename = v.schemaname || '__' || v.viewname WHERE v.schemaname = ANY(:schemas)"
        ),
        {"schemas": list(SCHEMAS)},
    )
    gone = [(schema, name) for schema, name in views if f"{schema}.{name}" not in shown]
    _execute(connection, [f"DROP VIEW {quoted(schema)}.{quoted(name)}" for schema, name in gone])


def _comment(connection: Connection, table: PublishedTable, kind: str, name: str) -> None:
    """Set the comments that differ from the contract's words."""
    words = {column.name: column.comment or "" for column in table.described.columns}
    words["build_id"] = "The build that the row belongs to."
    numbers = connection.execute(
        sa.text("SELECT attnum, attname FROM pg_attribute WHERE attrelid = to_regclass(:name) AND attnum > 0"),
        {"name": name},
    )
    names = {number: column for number, column in numbers if column in words}
    wanted = {0: table.described.comment or "", **{number: words[column] for number, column in names.items()}}
    known = connection.execute(
        sa.text(
            "SELECT objsubid, description FROM pg_description"
            " WHERE objoid = to_regclass(:name) AND classoid = 'pg_class'::regclass"
        ),
        {"name": name},
    )
    present: dict[int, str] = {number: text for number, text in known}  # noqa: C416 (rows are no pairs to mypy)
    differing = {number: text for number, text in wanted.items() if present.get(number) != text}
    _execute(
        connection,
        [
            f"COMMENT ON {f'COLUMN {name}.{quoted(names[number])}' if number else f'{kind} {name}'} IS {literal(text)}"
            for number, text in differing.items()
        ],
    )


def _columns(connection: Connection, table: PublishedTable) -> dict[str, str]:
    with connection.begin():
        return _attributes(connection, table.parent)


def _view_columns(connection: Connection, table: PublishedTable) -> dict[str, str]:
    return _attributes(connection, table.view)


def _attributes(connection: Connection, name: str) -> dict[str, str]:
    """Column names and types of a table or view in order; empty if there is none."""
    rows = connection.execute(
        sa.text(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        {"name": name},
    )
    return {column: kind for column, kind in rows}  # noqa: C416 (as above)


def _execute(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        # Comments hold percent signs, which are no parameters.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
