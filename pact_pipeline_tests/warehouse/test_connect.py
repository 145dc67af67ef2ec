"""Spec of the warehouse's URLs and of psql."""

import subprocess
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import URL, Engine

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse import connect


def test_the_owner_writes_and_reads(warehouse_engine: Engine) -> None:
    with warehouse_engine.begin() as connection:
        assert connection.scalar(sa.text("select current_user")) == "pact_owner"


def test_the_given_url_wins_over_the_embedded_server(warehouse_settings: Settings) -> None:
    engine = connect.warehouse_engine(warehouse_settings)
    with engine.connect() as connection:
        assert str(connection.scalar(sa.text("select current_database()"))).startswith("test_")
    engine.dispose()
    assert not warehouse_settings.warehouse.exists()


def test_a_url_without_a_driver_gets_psycopg(settings: Settings) -> None:
    url = connect.warehouse_url(replace(settings, warehouse_url="postgresql://me:pw@db.example:5433/pact"))
    assert url.drivername == "postgresql+psycopg"


def test_a_url_that_is_no_postgresql_is_refused_without_its_password(settings: Settings) -> None:
    for wrong in ("mysql://me:geheim@host/db", "not a url geheim"):
        with pytest.raises(WarehouseUnavailable) as refused:
            connect.warehouse_url(replace(settings, warehouse_url=wrong))
        assert "geheim" not in str(refused.value)


def test_an_analyst_on_a_given_server_has_a_login_of_his_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = replace(settings, warehouse_url="postgresql://me:pw@db.example/pact")
    monkeypatch.delenv("PACT_WAREHOUSE_ANALYST_URL", raising=False)
    with pytest.raises(WarehouseUnavailable, match="WH-021"):
        connect.warehouse_url(given, "analyst")
    monkeypatch.setenv("PACT_WAREHOUSE_ANALYST_URL", "postgresql://anna:known@db.example/pact")
    url = connect.warehouse_url(given, "analyst")
    assert (url.username, url.password, url.host) == ("anna", "known", "db.example")
    monkeypatch.setenv("PACT_WAREHOUSE_ANALYST_URL", "geheim")
    with pytest.raises(WarehouseUnavailable, match="PACT_WAREHOUSE_ANALYST_URL does not name") as refused:
        connect.warehouse_url(given, "analyst")
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        (
            URL.create("postgresql+psycopg", "me", "p@ss w", "db.example", 5433, "pact", {"sslmode": "require"}),
            "postgresql://me:p%40ss%20w@db.example:5433/pact?sslmode=require",
        ),
        (
            URL.create("postgresql+psycopg", "me", "pw", database="pact", query={"host": "/a folder/run"}),
            "postgresql://me:pw@/pact?host=%2Fa%20folder%2Frun",
        ),
    ],
)
def test_libpq_reads_the_same_url(url: URL, uri: str) -> None:
    assert connect.libpq_uri(url) == uri


def test_psql_runs_with_the_password_in_its_environment_only(warehouse_engine: Engine) -> None:
    command, environment = connect.psql_command(warehouse_engine.url)
    assert not any(str(warehouse_engine.url.password) in word for word in command)
    asked = subprocess.run(
        [*command, "-XAtc", "select 6 * 7"], env=environment, capture_output=True, text=True, check=False
    )
    assert (asked.returncode, asked.stdout.strip()) == (0, "42")


def test_sessions_are_in_utc_whatever_the_server_or_the_url_says(warehouse_engine: Engine) -> None:
    with warehouse_engine.connect() as connection:
        name = connection.scalar(sa.text("select current_database()"))
        connection.execute(sa.text(f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'"))
        connection.commit()
    own = warehouse_engine.url.update_query_dict({"options": "-c statement_timeout=12345 -c timezone=Asia/Tokyo"})
    for url, patience in ((warehouse_engine.url, "0"), (own, "12345ms")):
        engine = connect.engine_for(url)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SHOW timezone")) == "UTC"
            assert connection.scalar(sa.text("SHOW statement_timeout")) == patience, "the URL's own settings stay"
        engine.dispose()
