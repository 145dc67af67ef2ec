"""Homes of a test's own, each with its server, which are stopped and removed at the end."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pact_pipeline.home import make_home, open_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.warehouse.connect import engine_for, warehouse_engine
from pact_pipeline.warehouse.embedded import EmbeddedPostgres, closed_database


@pytest.fixture
def folder(open_folder: Path) -> Iterator[Path]:
    """A folder that the server's user reaches, so that data lie inside of the homes in it."""
    made = open_folder / "homes"
    made.mkdir(mode=0o711)
    yield made
    _end(made)


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that only we reach: root's homes in it have their data outside."""
    made = tmp_path / "closed"
    made.mkdir(mode=0o700)
    yield made
    _end(made)


def _end(folder: Path) -> None:
    for note in folder.glob("*/home.json"):
        settings = settings_of(note.parent)
        home_id = open_home(settings).home_id if "copy" not in note.parent.name else ""
        EmbeddedPostgres(settings.warehouse, home_id).destroy()
    shutil.rmtree(folder)


def settings_of(home: Path, url: str | None = None) -> Settings:
    return Settings(home, CHECKOUT / "data_contracts", url)


def home_with_a_ledger(home: Path) -> Settings:
    """A home whose server runs, with a ledger and an empty table of ours in it."""
    settings = settings_of(home)
    make_home(settings)
    engine = warehouse_engine(settings)
    Ledger(engine).create()
    engine.dispose()
    write(settings, "create table written (by text)")
    return settings


def write(settings: Settings, statement: str) -> None:
    engine = warehouse_engine(settings)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def ask(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    engine = warehouse_engine(settings)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(statement))]
    engine.dispose()
    return found


def written(settings: Settings) -> list[object]:
    return [row[0] for row in ask(settings, "select by from written order by by")]


def homes_known(settings: Settings) -> list[tuple[object, ...]]:
    """(id, path) of where the database says that its home lies."""
    return ask(settings, "select home_id, path from ledger.home where left_at is null order by entry")


@pytest.fixture
def url_of_a_server(warehouse_server: EmbeddedPostgres) -> str:
    """The URL of an empty database on a server that is not the home's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    keeper = engine_for(warehouse_server.url()).execution_options(isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        for statement in closed_database(name):
            connection.execute(sa.text(statement))
    keeper.dispose()
    return warehouse_server.url(database=name).render_as_string(hide_password=False)
