"""Our own locks in the database: rows of a table that nobody but the owner can touch.

An advisory lock can be taken by whoever may log in, and a build would wait for him for ever. A row is locked by a transaction
and let go with it: when the connection ends, however its process ends. A lock is asked for again and again rather than waited
for, as a waiting statement would look like a reader of old builds. Not here: what is locked (`publish`, `ledger`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pact_pipeline.failures import WarehouseUnavailable

PATIENCE = 1200.0
"""Seconds to wait for another run of ours to let go."""
ASK_AGAIN = 0.05

_THERE = text("SELECT to_regclass('locks.lock') IS NOT NULL")
_TABLE = (
    "CREATE SCHEMA IF NOT EXISTS locks",
    "COMMENT ON SCHEMA locks IS 'Who of the pipeline is at work on what. Nobody else has any right here.'",
    "CREATE TABLE IF NOT EXISTS locks.lock (name text PRIMARY KEY)",
    "COMMENT ON TABLE locks.lock IS 'One row a lock. A transaction that holds the row locked holds the lock.'",
)
_MADE_MEANWHILE = ("23505", "42P06", "42P07", "XX000")
"""What PostgreSQL says of two sessions that create one thing at once."""
_ROW = text("SELECT count(*) FROM locks.lock WHERE name = :name")
_NEW_ROW = text("INSERT INTO locks.lock (name) VALUES (:name) ON CONFLICT DO NOTHING")
_ALONE = text("SELECT name FROM locks.lock WHERE name = :name FOR UPDATE SKIP LOCKED")
_SHARED = text("SELECT name FROM locks.lock WHERE name = :name FOR SHARE SKIP LOCKED")
# A run holds its locks for as long as it works, whatever the server does to idle sessions.
_STAY = text(
    "SELECT set_config(name, '0', true) FROM pg_settings"
    " WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')"
)


def prepare(engine: Engine) -> None:
    """Make the table of locks where it is missing. Harmless for two at once."""
    while True:
        with engine.connect() as connection:
            if connection.scalar(_THERE):
                return
        try:
            with engine.begin() as connection:
                for statement in _TABLE:
                    connection.exec_driver_sql(statement)
        except DBAPIError as failure:
            if getattr(failure.orig, "sqlstate", None) not in _MADE_MEANWHILE:
                raise


def take(connection: Connection, name: str, *, shared: bool = False) -> bool:
    """Whether the lock could be had now. It is held until the connection's transaction ends: `connection` has none yet, and
    is in one afterwards if the lock is held. The table is there (`prepare`)."""
    if not connection.scalar(_ROW, {"name": name}):
        connection.execute(_NEW_ROW, {"name": name})
        connection.commit()
    connection.execute(_STAY)
    if connection.execute(_SHARED if shared else _ALONE, {"name": name}).first() is not None:
        return True
    connection.rollback()
    return False


def await_lock(attempt: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Try until the lock is held. Raises WarehouseUnavailable WH-047, with `what` the other one does, after `patience`."""
    deadline = time.monotonic() + patience
    while not attempt():
        if time.monotonic() > deadline:
            raise WarehouseUnavailable(
                "WH-047",
                f"Another process {what}, and does not end.",
                mend="see which other run is at work, and end it",
            )
        time.sleep(ASK_AGAIN)


@contextmanager
def held(engine: Engine, name: str, what: str, patience: float = PATIENCE) -> Iterator[Connection]:
    """Hold the lock `name` alone; gives the connection that holds it, in its transaction. `what` another one does who holds
    it, for the message. Raises WarehouseUnavailable WH-047 when it can't be had in `patience` seconds."""
    prepare(engine)
    with engine.connect() as connection:
        await_lock(lambda: take(connection, name), what, patience)
        yield connection
