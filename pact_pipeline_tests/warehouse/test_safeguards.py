"""What keeps analysts from stopping a server is asked of it, and what it lacks is said with the statements that set it."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.home import make_home
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse import connect, embedded, logins, safeguards
from pact_pipeline.warehouse.embedded import ADMIN, EmbeddedPostgres
from pact_pipeline_tests.warehouse.conftest import LogIn

OWNER = embedded.LOGINS["owner"]
BROKEN_BY = {
    "nobody logs in as the group": "ALTER ROLE analyst LOGIN",
    "the owner gives out logins": "ALTER ROLE pact_owner NOCREATEROLE",
    "the owner limits their temporary files": "REVOKE SET ON PARAMETER temp_file_limit FROM pact_owner",
    "only they and the owner come in, and make nothing": "GRANT TEMPORARY ON DATABASE pact TO PUBLIC",
    "other databases of the server are closed to them": "GRANT CONNECT ON DATABASE postgres TO PUBLIC",
    "advisory locks, large objects and messages are not theirs": "GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC",
    "the owner gets the connections that are his alone": "REVOKE pg_use_reserved_connections FROM pact_owner",
    "the owner sees and ends sessions that outlast the limits": "REVOKE pg_signal_backend FROM pact_owner",
    "each of their logins has its limits": "ALTER ROLE anna SET temp_file_limit = '100GB'",
    "none of their logins makes roles or databases": "ALTER ROLE anna CREATEROLE",
}
SET_AT_THE_START = {"some connections are the owner's alone", "notifications have little room"}
BEFORE_ALL_OTHERS = "there is a group of analysts"


@pytest.fixture
def admin(own_server: EmbeddedPostgres) -> Iterator[Connection]:
    yield from administrator(own_server)


def administrator(server: EmbeddedPostgres) -> Iterator[Connection]:
    password = json.loads((server.folder / "passwords.json").read_text())["admin"]
    engine = connect.engine_for(server.url().set(username=ADMIN, password=password))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def lacking(engine: Engine) -> dict[str, tuple[str, ...]]:
    with engine.connect() as connection:
        return {one.safeguard.name: one.statements for one in safeguards.check(connection, OWNER) if not one.holds}


def test_the_embedded_server_has_them_all_from_its_first_start(owner: Engine) -> None:
    assert lacking(owner) == {}


def test_every_safeguard_is_tried_here() -> None:
    assert {one.name for one in safeguards.SAFEGUARDS} == set(BROKEN_BY) | SET_AT_THE_START | {BEFORE_ALL_OTHERS}


@pytest.mark.parametrize("name", BROKEN_BY)
def test_what_is_missing_is_named_and_set_by_its_statements(
    owner: Engine, admin: Connection, log_in: LogIn, name: str
) -> None:
    log_in("anna")
    admin.exec_driver_sql(BROKEN_BY[name])
    missing = lacking(owner)
    for statement in (one for statements in missing.values() for one in statements):
        admin.exec_driver_sql(statement, execution_options={"no_parameters": True})
    assert list(missing) == [name]
    assert lacking(owner) == {}


def test_a_person_who_lifts_a_limit_of_his_login_is_seen(owner: Engine, log_in: LogIn) -> None:
    anna = log_in("anna")
    anna.execute("set default_transaction_read_only = off")
    anna.execute("alter role anna set statement_timeout = 0")
    assert lacking(owner)["each of their logins has its limits"]
    with owner.connect() as connection:
        logins.reset(connection, "anna")
    assert lacking(owner) == {}


@pytest.fixture
def plain(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedPostgres]:
    """A server of somebody's own that nobody has secured: PostgreSQL as it comes, with an owner and a database."""
    bare = {
        name: value
        for name, value in embedded.SERVER_SETTINGS.items()
        if "reserved" not in name and "notify" not in name
    }
    monkeypatch.setattr(embedded, "SERVER_SETTINGS", bare)
    server = EmbeddedPostgres(open_folder / "plain")
    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedPostgres, "_secure", lambda _: None)
        server.start()
    with contextlib.contextmanager(administrator)(server) as admin:
        for statement in ("REVOKE ALL ON DATABASE pact FROM analyst", "DROP ROLE analyst"):
            admin.exec_driver_sql(statement)
    yield server
    server.stop()


def test_a_plain_server_lacks_them_and_says_how_to_set_them(
    plain: EmbeddedPostgres, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = plain.url().render_as_string(hide_password=False)
    monkeypatch.setenv("PACT_WAREHOUSE_URL", url)
    make_home(replace(settings, warehouse_url=url))
    first = CliRunner().invoke(app, ["warehouse", "check"])
    assert first.exit_code == 1, first.output
    assert "LACKS  there is a group of analysts" in first.output
    assert "The rest can be asked when that group is there." in first.output
    with contextlib.contextmanager(administrator)(plain) as admin:
        admin.exec_driver_sql("CREATE ROLE analyst NOLOGIN")
        second = CliRunner().invoke(app, ["warehouse", "check"])
        assert second.exit_code == 1
        assert "holds  there is a group of analysts" in second.output
        assert second.output.count("LACKS") == 9, second.output
        assert "without it: they could take all locks there are, and fill the disk" in second.output
        assert "then start the server anew" in second.output
        for line in second.output.splitlines():
            if line.startswith(" " * 11):
                assert line.endswith(";")
                admin.exec_driver_sql(line.strip(), execution_options={"no_parameters": True})
    plain.stop()
    plain.start()
    third = CliRunner().invoke(app, ["warehouse", "check"])
    assert (third.exit_code, third.output.splitlines()[-1]) == (
        0,
        "An analyst can't stop this server by what is asked here (13 things).",
    )


def test_data_of_an_earlier_version_are_secured_while_they_are_served(
    own_server: EmbeddedPostgres, owner: Engine, admin: Connection
) -> None:
    """Its analyst was a login, which nobody kept from anything."""
    for statement in (
        "DROP ROLE pact_analyst",
        "ALTER ROLE analyst LOGIN PASSWORD 'shared'",
        "REVOKE SET ON PARAMETER temp_file_limit FROM pact_owner",
        "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC",
        "GRANT CONNECT ON DATABASE template1 TO PUBLIC",
    ):
        admin.exec_driver_sql(statement)
    mark = own_server.status().service_folder / "data" / "pact-safeguards"
    mark.write_text("of an earlier version")
    assert own_server.running()
    own_server.start()
    assert lacking(owner) == {}
    with psycopg.connect(connect.libpq_uri(own_server.url("analyst"))) as analyst:
        assert analyst.execute("select current_user").fetchone() == ("pact_analyst",)
    assert mark.read_text() == safeguards.version()
    assert mark.stat().st_uid == mark.parent.stat().st_uid


def test_the_owner_gets_what_all_had_and_no_file_of_the_server(owner: Engine) -> None:
    with owner.connect() as connection:
        may = sa.text("SELECT has_function_privilege(CAST(:name AS regprocedure), 'EXECUTE')")
        assert connection.scalar(may, {"name": "pg_advisory_lock(bigint)"})
        assert connection.scalar(may, {"name": "lo_create(oid)"})
        for closed in ("lo_import(text)", "lo_export(oid, text)", "pg_read_file(text)", "pg_switch_wal()"):
            assert not connection.scalar(may, {"name": closed}), closed


def test_an_owner_without_rights_is_told_whom_to_ask(owner: Engine, admin: Connection, log_in: LogIn) -> None:
    log_in("anna")
    admin.exec_driver_sql("ALTER ROLE pact_owner NOCREATEROLE")
    try:
        with owner.connect() as connection:
            for act in (logins.add, logins.reset, logins.remove):
                name = "boris" if act is logins.add else "anna"
                with pytest.raises(connect.WarehouseUnavailable, match=r"WH-052.*pact warehouse check"):
                    act(connection, name)
            assert connection.scalar(sa.text("SELECT count(*) FROM pg_roles WHERE rolname = 'boris'")) == 0
    finally:
        admin.exec_driver_sql("ALTER ROLE pact_owner CREATEROLE")
