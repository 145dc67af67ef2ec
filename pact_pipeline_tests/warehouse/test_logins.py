"""Logins by person: what they may, how they come and go, and what is said of it."""

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse import connect, logins
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.warehouse.conftest import LogIn


def come_in(server: EmbeddedPostgres, name: str, password: str) -> psycopg.Connection:
    return psycopg.connect(connect.libpq_uri(server.url().set(username=name, password=password)))


def test_a_login_is_a_persons_own_until_it_is_removed(own_server: EmbeddedPostgres, owner: Engine) -> None:
    with owner.connect() as connection:
        first = logins.add(connection, "anna.mcleod")
        with come_in(own_server, "anna.mcleod", first) as anna:
            assert anna.execute("select current_user").fetchone() == ("anna.mcleod",)
            assert logins.Login("anna.mcleod", 1) in logins.logins(connection)
        second = logins.reset(connection, "anna.mcleod")
        assert second != first
        with pytest.raises(psycopg.OperationalError):
            come_in(own_server, "anna.mcleod", first)
        anna = come_in(own_server, "anna.mcleod", second)
        logins.remove(connection, "anna.mcleod")
        with pytest.raises(psycopg.OperationalError):
            anna.execute("select 1")
        with pytest.raises(psycopg.OperationalError):
            come_in(own_server, "anna.mcleod", second)
        assert [login.name for login in logins.logins(connection)] == ["pact_analyst"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "Anna",
        "anna mcleod",
        "anna'; drop role x",
        "1anna",
        "analyst",
        "postgres",
        "pg_anna",
        "pact_owner",
        "x" * 64,
    ],
)
def test_what_can_be_no_persons_login_is_refused(owner: Engine, name: str) -> None:
    with owner.connect() as connection, pytest.raises(WarehouseUnavailable, match="WH-050"):
        logins.add(connection, name)


def test_a_name_that_is_taken_is_told(owner: Engine, log_in: LogIn) -> None:
    log_in("anna")
    with owner.connect() as connection, pytest.raises(WarehouseUnavailable, match=r"WH-051.*reset anna"):
        logins.add(connection, "anna")


@pytest.mark.parametrize("name", ["pact_owner", "pact_admin", "pact_analyst", "analyst", "nobody", 'x" superuser'])
def test_only_a_persons_login_is_changed_or_removed(owner: Engine, name: str) -> None:
    with owner.connect() as connection:
        for act in (logins.reset, logins.remove):
            with pytest.raises(WarehouseUnavailable, match="WH-053"):
                act(connection, name)


def test_a_login_with_rights_of_its_own_is_closed_and_the_rest_is_told(owner: Engine, log_in: LogIn) -> None:
    log_in("anna")
    with owner.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE public.given (x int)")
        connection.exec_driver_sql("GRANT SELECT ON public.given TO anna")
        connection.commit()
        with pytest.raises(WarehouseUnavailable, match=r"WH-054.*DROP OWNED BY"):
            logins.remove(connection, "anna")
        assert not connection.scalar(sa.text("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'anna'"))
        connection.exec_driver_sql("DROP TABLE public.given")
        connection.exec_driver_sql("DROP ROLE anna")
        connection.commit()


def test_a_person_who_holds_his_login_keeps_nobody_waiting(owner: Engine, log_in: LogIn) -> None:
    for act, name in ((logins.reset, "anna"), (logins.remove, "boris")):
        holds = log_in(name)
        holds.execute(f"begin read write; alter role {name} password 'mine'")  # type: ignore[arg-type]
        with owner.connect() as connection:
            act(connection, name)
        with pytest.raises(psycopg.OperationalError):
            holds.execute("select 1")


def test_no_password_is_sent_or_kept_as_it_is(owner: Engine, log_in: LogIn) -> None:
    sent: list[str] = []
    sa.event.listen(owner, "before_cursor_execute", lambda *call: sent.append(call[2]))
    with owner.connect() as connection:
        password = logins.add(connection, "anna")
        assert any("SCRAM-SHA-256$" in statement for statement in sent)
        assert not any(password in statement for statement in sent)
        logins.remove(connection, "anna")


def test_the_command_adds_shows_resets_and_removes(
    warehouse_settings: Settings, warehouse_server: EmbeddedPostgres
) -> None:
    def pact(*words: str) -> str:
        done = CliRunner().invoke(app, ["warehouse", *words])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    added = pact("passwords", "add", "carol")
    assert "login:    carol\npassword: " in added
    assert "pseudonymised, not anonymous" in added
    shown = pact("passwords")
    assert "carol                      0 sessions now\n" in shown
    assert "pact_analyst               0 sessions now   whoever runs this home (pact warehouse psql)" in shown
    password = added.split("password: ")[1].split()[0]
    url = warehouse_server.url(database=str(warehouse_settings.warehouse_url).rpartition("/")[2].partition("?")[0])
    with psycopg.connect(connect.libpq_uri(url.set(username="carol", password=password))):
        assert "of carol does nothing since" in pact("sessions")
    assert password not in pact("passwords", "reset", "carol")
    assert pact("passwords", "remove", "carol") == "carol can't log in any more.\n"
    assert pact("sessions") == "No analyst is logged in.\n"
