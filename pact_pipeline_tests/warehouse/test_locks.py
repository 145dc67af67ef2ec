"""Spec of our own locks: one holder, gone with his connection, and nobody else's to take."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse import connect, locks
from pact_pipeline.warehouse.embedded import EmbeddedPostgres


@pytest.fixture
def engine(warehouse_engine: Engine) -> Iterator[Engine]:
    with warehouse_engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS locks CASCADE")
    yield warehouse_engine
    warehouse_engine.dispose()


def test_many_that_make_the_table_at_once_make_one(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: locks.prepare(engine), range(16)))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM locks.lock")) == 0


def test_one_holds_a_lock_and_the_others_wait_for_him(engine: Engine) -> None:
    inside, most = [0], [0]

    def work(_: int) -> None:
        with locks.held(engine, "work", "works"):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            inside[0] -= 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(12)))
    assert most == [1]


def test_another_lock_is_free(engine: Engine) -> None:
    with locks.held(engine, "one", "works"), locks.held(engine, "two", "works", patience=0):
        pass


def test_who_waits_too_long_is_told_what_the_other_does(engine: Engine) -> None:
    with (
        locks.held(engine, "work", "counts children"),
        pytest.raises(WarehouseUnavailable, match="WH-047: Another process counts children"),
        locks.held(engine, "work", "counts children", patience=0.2),
    ):
        pass


def test_shared_holders_keep_out_who_wants_it_alone(engine: Engine) -> None:
    locks.prepare(engine)
    with engine.connect() as first, engine.connect() as second, engine.connect() as third:
        assert locks.take(first, "work", shared=True)
        assert locks.take(second, "work", shared=True)
        assert not locks.take(third, "work")
        first.rollback()
        assert not locks.take(third, "work")
        second.rollback()
        assert locks.take(third, "work")
        assert not locks.take(first, "work", shared=True)


def test_a_lock_is_gone_with_its_holders_connection(engine: Engine) -> None:
    locks.prepare(engine)
    with engine.connect() as holder, engine.connect() as other:
        assert locks.take(holder, "work")
        pid = holder.scalar(sa.text("SELECT pg_backend_pid()"))
        with psycopg.connect(connect.libpq_uri(engine.url), autocommit=True) as killer:
            killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
        locks.await_lock(lambda: locks.take(other, "work"), "works", 10)
        with pytest.raises(sa.exc.DBAPIError):
            holder.execute(sa.text("SELECT 1"))  # so a holder that has lost it finds out
        holder.invalidate()


def test_a_server_that_ends_idle_transactions_ends_no_lock(engine: Engine) -> None:
    database = engine.url.database
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {database} SET idle_in_transaction_session_timeout = '100ms'")
        connection.exec_driver_sql(f"ALTER DATABASE {database} SET transaction_timeout = '200ms'")
        connection.commit()
    fresh = connect.engine_for(engine.url)
    try:
        with locks.held(fresh, "work", "works") as lock:
            time.sleep(0.5)
            assert lock.scalar(sa.text("SELECT 1")) == 1
        with fresh.connect() as given_back:
            assert given_back.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == "100ms"
    finally:
        fresh.dispose()
        with engine.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {database} RESET ALL")
            connection.commit()


def test_nobody_waits_in_a_statement_as_that_looks_like_a_reader(engine: Engine) -> None:
    """A publication takes a session with an old snapshot for a reader of old builds."""
    with locks.held(engine, "work", "works"):
        waiting = threading.Thread(target=lambda: _hold(engine), daemon=True)
        waiting.start()
        seen = set()
        with engine.connect() as connection:
            for _ in range(40):
                seen.add(
                    connection.scalar(
                        sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'virtualxid'")
                    )
                )
                time.sleep(0.01)
    waiting.join(10)
    assert seen == {0}


def _hold(engine: Engine) -> None:
    with locks.held(engine, "work", "works"):
        pass


def test_an_analyst_can_neither_see_nor_take_it(engine: Engine, warehouse_server: EmbeddedPostgres) -> None:
    locks.prepare(engine)
    url = warehouse_server.url("analyst", database=str(engine.url.database))
    with psycopg.connect(connect.libpq_uri(url), autocommit=True) as analyst:
        analyst.execute("SET default_transaction_read_only = off")
        for tried in (
            "SELECT * FROM locks.lock",
            "SELECT * FROM locks.lock FOR UPDATE",
            "BEGIN; LOCK TABLE locks.lock IN ACCESS SHARE MODE",
            "INSERT INTO locks.lock VALUES ('mine')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(tried)
            analyst.execute("ROLLBACK")
