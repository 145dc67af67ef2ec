"""The database can't be stopped by an analyst: each attack, by somebody who logs in with his own password."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse import build_tables, connect, logins, publish, sessions
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.warehouse.conftest import LogIn
from pact_pipeline_tests.warehouse.small_builds import CONTRACTS, build, content

FORBIDDEN = "42501"


@pytest.fixture(scope="module", autouse=True)
def published(owner: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Something to read."""
    publish.publish(owner, CONTRACTS, build(tmp_path_factory.mktemp("builds"), "b0"), "b0", content)


@pytest.mark.parametrize(
    "attack",
    [
        "select pg_advisory_lock(1)",
        "select pg_try_advisory_xact_lock_shared(1, 2)",
        "select pg_advisory_unlock_all()",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "select lo_put(1, 0, 'x')",
        "select lowrite(0, 'x')",
        "select lo_import('/etc/passwd')",
        "select pg_notify('all', 'x')",
        "select pg_logical_emit_message(false, 'a', repeat('x', 1000))",
        "select pg_export_snapshot()",
        "create temporary table mine (x int)",
        "create table public.mine (x int)",
        "set temp_file_limit = -1",
        "alter role current_user set temp_file_limit = -1",
        "alter role current_user connection limit 100",
        "alter role analyst password 'mine'",
        "alter role pact_analyst password 'mine'",
        "set role analyst",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'pact_owner'",
        "begin; lock table core.journey in share mode",
        "begin; lock table build.core__journey in access share mode",
        "select * from core.journey for share",
        "select * from reference.current_build for update",
        "checkpoint",
        "select pg_switch_wal()",
    ],
)
def test_what_needs_no_right_on_a_table_is_refused(owner: Engine, log_in: LogIn, attack: str) -> None:
    with owner.connect() as connection:  # a session to be ended
        connection.execute(sa.text("select 1"))
        anna = log_in("anna")
        anna.execute("set default_transaction_read_only = off")  # a precaution anybody can take off
        with pytest.raises(psycopg.Error) as failed:
            anna.execute(attack.replace("current_user", "anna"))  # type: ignore[arg-type]
        assert failed.value.sqlstate == FORBIDDEN, attack


def test_in_no_database_of_the_server_is_more_allowed(own_server: EmbeddedPostgres, log_in: LogIn) -> None:
    log_in("anna")
    for other in ("template1", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(connect.libpq_uri(own_server.url("analyst", database=other)))


def test_what_a_member_revokes_from_the_group_stays(log_in: LogIn) -> None:
    anna = log_in("anna")
    anna.execute("set default_transaction_read_only = off")
    for tried in ("drop owned by analyst", "drop owned by anna", "revoke select on core.journey from analyst"):
        anna.execute(tried)  # type: ignore[arg-type]  # PostgreSQL warns, and does nothing
    assert log_in("boris").execute("select count(*) from core.journey").fetchone() == (100,)


def test_the_connections_of_a_login_are_numbered(log_in: LogIn) -> None:
    held = [log_in("anna") for _ in range(logins.CONNECTIONS)]
    with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
        log_in("anna")
    assert all(one.execute("select 1").fetchone() == (1,) for one in held)


def test_the_owner_comes_in_when_people_have_taken_all_connections(
    own_server: EmbeddedPostgres, owner: Engine, log_in: LogIn, tmp_path: Path
) -> None:
    everybody = [f"person{number // logins.CONNECTIONS}" for number in range(200)]
    with pytest.raises(psycopg.OperationalError, match="remaining connection slots are reserved"):
        all(log_in(one) for one in everybody)
    owner.dispose()
    publish.publish(owner, CONTRACTS, build(tmp_path, "full"), "full", content)
    assert publish.current_build(owner) == "full"


def test_a_sort_that_needs_too_much_of_the_disk_is_ended(log_in: LogIn) -> None:
    anna = log_in("anna")
    assert anna.execute("show temp_file_limit").fetchone() == ("512MB",)
    anna.execute("set work_mem = '64kB'")
    with pytest.raises(psycopg.errors.ConfigurationLimitExceeded, match="temporary file size exceeds"):
        anna.execute(
            "select count(*) from (select repeat('x', 1000) || g from generate_series(1, 2000000) g order by 1) o"
        )


def test_notifications_can_not_fill_the_disk(log_in: LogIn) -> None:
    listening, anna = log_in("anna"), log_in("anna")
    listening.execute("listen nobody_reads_this")
    listening.execute("begin; select 1")  # what it has not read is kept for it
    anna.execute("set default_transaction_read_only = off")
    anna.execute("set client_min_messages = error")
    with pytest.raises(psycopg.errors.ProgramLimitExceeded, match="too many notifications"):
        all(anna.execute(f"notify nobody_reads_this, '{number:07000}'") for number in range(1000))  # type: ignore[arg-type]


def test_a_person_can_change_nothing_but_his_own_password(
    own_server: EmbeddedPostgres, owner: Engine, log_in: LogIn
) -> None:
    anna = log_in("anna")
    anna.execute("set default_transaction_read_only = off")
    anna.execute("alter role anna password 'her own'")
    assert log_in("boris").execute("select 1").fetchone() == (1,)
    # That of whoever runs the home is kept with it, and set again when it is used.
    with psycopg.connect(connect.libpq_uri(own_server.url("analyst")), autocommit=True) as stranger:
        stranger.execute("set default_transaction_read_only = off")
        stranger.execute("alter role pact_analyst password 'stolen'")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(connect.libpq_uri(own_server.url("analyst")))
    with owner.connect() as connection:
        own_server.provide_analyst(connection)
    psycopg.connect(connect.libpq_uri(own_server.url("analyst"))).close()


def test_publications_go_on_whatever_is_held(owner: Engine, log_in: LogIn, tmp_path: Path) -> None:
    anna, boris, carol = log_in("anna"), log_in("boris"), log_in("carol")
    anna.execute("begin; lock table core.journey in access share mode")
    boris.execute("begin isolation level repeatable read; select count(*) from core.journey")
    # It revokes nothing, and holds the rows of the catalogue that it would have changed.
    carol.execute("begin read write; drop owned by analyst; grant connect on database pact to public")
    for number in range(1, 6):
        publish.publish(owner, CONTRACTS, build(tmp_path, f"held{number}"), f"held{number}", content)
    assert publish.current_build(owner) == "held5"
    assert boris.execute("select distinct build_id from core.journey").fetchall() != [("held5",)], "he sees what he saw"


def test_a_lock_that_a_run_holds_makes_no_old_reader_of_a_new_one(owner: Engine, log_in: LogIn, tmp_path: Path) -> None:
    """A run that only holds a lock has written long ago, and every snapshot since is as old as that by its xmin."""
    with owner.connect() as run:
        run.exec_driver_sql("SELECT pg_current_xact_id()")
        for name in ("c1", "c2"):
            publish.publish(owner, CONTRACTS, build(tmp_path, name), name, content)
        boris = log_in("boris")
        boris.execute("begin isolation level repeatable read; select count(*) from reference.current_build")
        last = publish.publish(owner, CONTRACTS, build(tmp_path, "c3"), "c3", content)
        assert last.postponed == (), "who began to read when c2 was shown needs nothing older than that"
        boris.execute("commit")


def short(**seconds: float) -> dict[str, timedelta]:
    """Limits of which some are short."""
    return {doing: timedelta(seconds=seconds.get(doing.split()[0], 3600)) for doing in sessions.LIMITS}


def test_a_session_that_outlasts_the_limits_is_ended_though_it_lifted_them(owner: Engine, log_in: LogIn) -> None:
    anna, boris, carol = log_in("anna"), log_in("boris"), log_in("carol")
    for one in (anna, boris, carol):
        assert one.execute("show statement_timeout").fetchone() == ("30min",)
        for lifted in ("statement_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"):
            one.execute(f"set {lifted} = 0")  # type: ignore[arg-type]
    boris.execute("begin")
    working = threading.Thread(target=_works, args=(anna,), daemon=True)
    working.start()
    time.sleep(0.3)
    assert sessions.end_outlasting(owner) == [], "the limits are long"
    (ended,) = sessions.end_outlasting(owner, short(waits=0.2))
    assert ended.startswith("session ")
    assert " of boris waits in a transaction since " in ended
    (ended,) = sessions.end_outlasting(owner, short(runs=0.2))
    assert "of anna runs a statement" in ended
    assert "generate_series" not in ended, "a statement may hold a child's reference"
    working.join(10)
    (ended,) = sessions.end_outlasting(owner, short(does=0.2))
    assert "of carol does nothing" in ended
    with pytest.raises(psycopg.OperationalError):
        carol.execute("select 1")


def test_short_statements_in_one_long_transaction_are_ended_too(owner: Engine, log_in: LogIn) -> None:
    anna = log_in("anna")
    anna.execute("begin")
    for _ in range(4):
        anna.execute("select 1")
        time.sleep(0.1)
    (ended,) = sessions.end_outlasting(owner, short(**{"is": 0.3}))
    assert "of anna is in a transaction" in ended


def test_the_owners_own_sessions_are_never_ended(owner: Engine) -> None:
    with owner.connect() as own:
        own.execute(sa.text("select 1"))
        assert sessions.end_outlasting(owner, dict.fromkeys(sessions.LIMITS, timedelta(0))) == []
        own.execute(sa.text("select 1"))


def test_the_server_ends_what_has_kept_its_limits(log_in: LogIn) -> None:
    anna = log_in("anna")
    limits = {name: anna.execute(f"show {name}").fetchone() for name in logins.SETTINGS}  # type: ignore[arg-type]
    assert limits == {name: ("8h" if value == "480min" else value,) for name, value in logins.SETTINGS.items()}


def test_one_session_is_ended_by_its_number(owner: Engine, log_in: LogIn) -> None:
    anna = log_in("anna")
    with pytest.raises(WarehouseUnavailable, match="WH-055"):
        sessions.end(owner, 1)
    assert "of anna does nothing since" in sessions.end(owner, anna.info.backend_pid)
    with pytest.raises(psycopg.OperationalError):
        anna.execute("select 1")


def test_a_change_of_the_tables_goes_on_when_the_reader_in_its_way_is_ended(
    owner: Engine, log_in: LogIn, tmp_path: Path
) -> None:
    anna = log_in("anna")
    anna.execute("begin; select count(*) from core.journey")
    with owner.connect() as connection:
        change = "ALTER TABLE build.core__journey ADD COLUMN more text"
        with pytest.raises(WarehouseUnavailable, match="pact warehouse sessions") as told:
            build_tables.with_lock_retry(connection, lambda: connection.exec_driver_sql(change), seconds=0.5)
        assert "60 minutes" in str(told.value)
        sessions.end(owner, anna.info.backend_pid)
        build_tables.with_lock_retry(connection, lambda: connection.exec_driver_sql(change), seconds=5)


def _works(connection: psycopg.Connection) -> None:
    try:
        connection.execute("select count(*) from generate_series(1, 1000000000)")
    except psycopg.Error:
        pass  # it is ended
