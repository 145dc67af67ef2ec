"""A server of these tests' own: what is said of all its logins and databases must not be other tests' doing."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from pact_pipeline.warehouse import connect, logins
from pact_pipeline.warehouse.embedded import EmbeddedPostgres

LogIn = Callable[[str], psycopg.Connection]


@pytest.fixture(scope="module")
def own_server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    folder = open_folder / f"own-{time.monotonic_ns()}"
    server = EmbeddedPostgres(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def owner(own_server: EmbeddedPostgres) -> Iterator[Engine]:
    engine = connect.engine_for(own_server.url())
    yield engine
    engine.dispose()


@pytest.fixture
def log_in(own_server: EmbeddedPostgres, owner: Engine) -> Iterator[LogIn]:
    """A session of a person, whose login is made if he has none. His sessions end with the test, and his login goes."""
    passwords: dict[str, str] = {}
    opened: list[psycopg.Connection] = []

    def session(name: str) -> psycopg.Connection:
        if name not in passwords:
            with owner.connect() as connection:
                passwords[name] = logins.add(connection, name)
        url = own_server.url().set(username=name, password=passwords[name])
        opened.append(psycopg.connect(connect.libpq_uri(url), autocommit=True))
        return opened[-1]

    yield session
    for one in opened:
        one.close()
    with owner.connect() as connection:
        for name in {login.name for login in logins.logins(connection)} & set(passwords):
            logins.remove(connection, name)
