"""Fixtures that every layer's tests share: folders, settings, one PostgreSQL for the session.

settings              folders of their own for one test; no warehouse (using one fails at once)
warehouse_server      the embedded PostgreSQL of the session, stopped and removed at its end
warehouse_engine      an engine, as owner, on an empty database of the test module's own
warehouse_settings    `settings` with the module's database as its warehouse
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from pact_pipeline.home import make_home
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.warehouse.connect import engine_for
from pact_pipeline.warehouse.embedded import EmbeddedPostgres, closed_database

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
os.environ["DO_NOT_TRACK"] = "1"
# A developer's home may hold a demo; what is made while modules are imported (the code location's partitions) must not see it.
os.environ["PACT_HOME"] = "/nonexistent"

NO_WAREHOUSE = "postgresql://nobody@/none?host=/nonexistent&connect_timeout=1"
"""What a test has for a warehouse unless it asks for one: a forgotten fixture fails instead of starting a server."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    home = tmp_path / "home"
    monkeypatch.setenv("PACT_HOME", str(home))
    monkeypatch.setenv("PACT_CONTRACTS", str(CHECKOUT / "data_contracts"))
    monkeypatch.setenv("PACT_WAREHOUSE_URL", NO_WAREHOUSE)
    monkeypatch.setenv("DAGSTER_HOME", str(home / "dagster"))
    monkeypatch.delenv("PACT_PSEUDONYM_KEY_FILE", raising=False)
    settings = Settings.from_environment()
    make_home(settings)
    return settings


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that other users may pass through, as pytest's own are closed to the user the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="pact-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def warehouse_server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(open_folder / "warehouse")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def warehouse_engine(warehouse_server: EmbeddedPostgres) -> Iterator[Engine]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    keeper = engine_for(warehouse_server.url()).execution_options(isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        for statement in closed_database(name):
            connection.execute(sa.text(statement))
    engine = engine_for(warehouse_server.url(database=name))
    yield engine
    engine.dispose()
    # The database goes with the session's server: dropping it here can meet an autovacuum worker, whom only a superuser may end.
    keeper.dispose()


@pytest.fixture
def warehouse_settings(
    settings: Settings, warehouse_engine: Engine, warehouse_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    url = warehouse_engine.url.render_as_string(hide_password=False)
    forget_home(warehouse_engine)
    monkeypatch.setenv("PACT_WAREHOUSE_URL", url)
    analyst = warehouse_server.url("analyst", database=str(warehouse_engine.url.database))
    monkeypatch.setenv("PACT_WAREHOUSE_ANALYST_URL", analyst.render_as_string(hide_password=False))
    return replace(settings, warehouse_url=url)


def forget_home(engine: Engine) -> None:
    """Let a database that the tests of a module share serve the home of the next one."""
    with engine.begin() as connection:
        if connection.scalar(sa.text("SELECT to_regclass('ledger.home') IS NOT NULL")):
            connection.execute(sa.text("DELETE FROM ledger.home"))
