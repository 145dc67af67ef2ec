"""A person without an account on the home's machine comes in by a link that he leaves in the warehouse, as himself."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.failures import PactFailure, WarehouseUnavailable
from pact_pipeline.orchestration.ui import login_links
from pact_pipeline.orchestration.ui.links import hash_of_token
from pact_pipeline.settings import ANALYST_URL, Settings
from pact_pipeline.warehouse import connect, logins
from pact_pipeline.warehouse.embedded import EmbeddedPostgres

HASH = "0" * 64
SETTINGS = Settings.from_environment()


@pytest.fixture
def anna(
    warehouse_engine: Engine, warehouse_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Anna's URL, in her environment. She has no home."""
    with warehouse_engine.connect() as connection:
        password = logins.add(connection, "anna.ui")
    login_links.prepare(warehouse_engine)
    url = warehouse_server.url(database=str(warehouse_engine.url.database)).set(username="anna.ui", password=password)
    monkeypatch.setenv(ANALYST_URL, url.render_as_string(hide_password=False))
    yield connect.libpq_uri(url)
    with warehouse_engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ui.link")
    with warehouse_engine.connect() as connection:
        logins.remove(connection, "anna.ui")


def test_a_link_is_its_logins_and_holds_once(warehouse_engine: Engine, anna: str) -> None:
    token = login_links.mint(SETTINGS)
    assert login_links.redeem(warehouse_engine, "a guess") is None
    assert login_links.redeem(warehouse_engine, token) == "anna.ui (database login)"
    assert login_links.redeem(warehouse_engine, token) is None


def test_an_old_link_is_none(warehouse_engine: Engine, anna: str) -> None:
    token = login_links.mint(SETTINGS)
    with warehouse_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ui.link SET made_at = made_at - interval '11 minutes'")
    assert login_links.redeem(warehouse_engine, token) is None


def test_a_newer_link_takes_the_place_of_the_one_before(warehouse_engine: Engine, anna: str) -> None:
    first = login_links.mint(SETTINGS)
    with warehouse_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ui.link SET made_at = made_at - interval '2 seconds'")
    second = login_links.mint(SETTINGS)
    assert login_links.redeem(warehouse_engine, first) is None
    assert login_links.redeem(warehouse_engine, second) == "anna.ui (database login)"


def test_nobody_writes_anothers_or_more_than_a_row(warehouse_engine: Engine, anna: str) -> None:
    with psycopg.connect(anna, autocommit=True) as connection:
        connection.execute("set default_transaction_read_only = off")
        for tried in (
            "insert into ui.link values ('pact_owner', 'x', now())",
            "select * from ui.link",
            "update ui.link set login = 'boris'",
            "set session authorization pact_owner",
            "create function ui.mine() returns int language sql as 'select 1'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(tried)  # type: ignore[arg-type]
        connection.execute("select ui.make_link(%s)", (HASH,))
        for wrong in (HASH, "short", None, "X" * 64, "0" * 65):
            with pytest.raises(psycopg.errors.RaiseException):
                connection.execute("select ui.make_link(%s)", (wrong,))
    with warehouse_engine.connect() as owner:
        assert owner.exec_driver_sql("SELECT login, token_hash FROM ui.link").all() == [("anna.ui", HASH)]


def test_what_stands_in_a_persons_own_schema_is_not_what_the_function_reads(
    warehouse_engine: Engine, anna: str
) -> None:
    with warehouse_engine.connect() as owner:
        settings = owner.exec_driver_sql(
            "SELECT proconfig, prosecdef FROM pg_proc WHERE oid = 'ui.make_link(text)'::regprocedure"
        ).one()
    assert tuple(settings) == (["search_path=pg_catalog, pg_temp"], True)


def test_a_person_who_holds_his_link_locked_makes_nobody_wait(warehouse_engine: Engine, anna: str) -> None:
    token = login_links.mint(SETTINGS)
    with warehouse_engine.begin() as owner:
        owner.exec_driver_sql("UPDATE ui.link SET made_at = made_at - interval '2 seconds'")
    with psycopg.connect(anna) as connection:
        connection.execute("set transaction read write")
        connection.execute("select ui.make_link(%s)", (hash_of_token("another"),))
        assert login_links.redeem(warehouse_engine, token) is None, "told at once"


def test_a_warehouse_that_is_stopped_has_no_links() -> None:
    gone = connect.engine_for(connect.given_url("X", "postgresql://me@/pact?host=/nonexistent"))
    assert login_links.redeem(gone, "a-token") is None


def test_the_command_prints_a_link_without_a_home(
    warehouse_engine: Engine, anna: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("PACT_HOME", f"{tmp_path}/none")
    done = CliRunner().invoke(app, ["ui", "link", "--login", "--port", "3007"])
    assert done.exit_code == 0, done.output
    address, _, token = done.output.strip().rpartition("/")
    assert address == "http://127.0.0.1:3007/enter"
    assert login_links.redeem(warehouse_engine, token) == "anna.ui (database login)"


def test_who_can_leave_no_link_is_told(warehouse_engine: Engine, anna: str, monkeypatch: pytest.MonkeyPatch) -> None:
    login_links.mint(SETTINGS)
    with pytest.raises(PactFailure, match=r"UI-005.*a moment ago"):
        login_links.mint(SETTINGS)
    with warehouse_engine.begin() as owner:
        owner.exec_driver_sql("DROP SCHEMA ui CASCADE")
    with pytest.raises(PactFailure, match=r"UI-005.*never opened"):
        login_links.mint(SETTINGS)
    login_links.prepare(warehouse_engine)
    monkeypatch.setenv(ANALYST_URL, "postgresql://anna@/pact?host=/nonexistent")
    with pytest.raises(WarehouseUnavailable, match="WH-046"):
        login_links.mint(SETTINGS)
    monkeypatch.delenv(ANALYST_URL)
    with pytest.raises(WarehouseUnavailable, match="WH-021"):
        login_links.mint(SETTINGS)
