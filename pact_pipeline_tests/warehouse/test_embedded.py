"""Spec of the embedded server: closed to all without a password, and it leaves other folders alone (architecture#the-warehouse)."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse import connect, server_location
from pact_pipeline.warehouse.embedded import ADMIN, EmbeddedPostgres
from pact_pipeline.warehouse.server_location import SERVER_USER

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run programs as another user")


def modes(*folders: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode, owner and group of the folders and of everything above them."""
    every = {path for folder in folders for path in (folder, *folder.parents)}
    return {path: (found.st_mode, found.st_uid, found.st_gid) for path in every for found in [path.stat()]}


def ask(
    server: EmbeddedPostgres, statement: str, role: str = "owner", database: str = "pact"
) -> list[tuple[object, ...]]:
    with psycopg.connect(connect.libpq_uri(server.url(role, database))) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def own_server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, not yet made."""
    folder = open_folder / f"own-{time.monotonic_ns()}"
    server = EmbeddedPostgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_a_login_without_or_with_a_wrong_password_is_refused(warehouse_server: EmbeddedPostgres) -> None:
    url = warehouse_server.url()
    for user in (url.username, "analyst", "pact_analyst", ADMIN, "postgres", "nobody"):
        for secret in ("", "wrong"):
            login = psycopg.conninfo.make_conninfo(
                host=str(url.query["host"]), user=user, password=secret, dbname="pact"
            )
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(login)


@as_root
def test_another_user_of_the_machine_is_refused_even_with_the_password(warehouse_server: EmbeddedPostgres) -> None:
    stranger = pwd.getpwnam("daemon")
    command, environment = connect.psql_command(warehouse_server.url())
    tried = subprocess.run(
        [*command, "-XAtc", "select 1"],
        env=environment,
        cwd="/",
        user=stranger.pw_uid,
        group=stranger.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 2
    assert "Permission denied" in tried.stderr


def test_folders_and_secrets_are_closed(warehouse_server: EmbeddedPostgres) -> None:
    status = warehouse_server.status()
    for folder in (status.service_folder, status.socket_folder, status.service_folder / "data"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    passwords = warehouse_server.folder / "passwords.json"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    assert passwords.stat().st_uid == os.geteuid()
    assert len(set(json.loads(passwords.read_text()).values())) == 3


@pytest.mark.parametrize("text", ["", "{", "[]", '{"owner": "x"}'])
def test_damaged_passwords_are_told_without_them(own_server: EmbeddedPostgres, text: str) -> None:
    own_server.start()
    (own_server.folder / "passwords.json").write_text(text)
    with pytest.raises(WarehouseUnavailable, match="WH-012"):
        own_server.url()


def test_it_listens_nowhere_but_on_its_socket(warehouse_server: EmbeddedPostgres) -> None:
    assert ask(warehouse_server, "show listen_addresses") == [("",)]


def test_the_pipeline_is_no_superuser(warehouse_server: EmbeddedPostgres) -> None:
    assert ask(warehouse_server, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]


@as_root
def test_root_runs_it_as_an_unprivileged_user(warehouse_server: EmbeddedPostgres) -> None:
    status = warehouse_server.status()
    assert status.os_user == SERVER_USER
    assert status.pid is not None
    assert Path(f"/proc/{status.pid}").stat().st_uid == pwd.getpwnam(SERVER_USER).pw_uid


def test_making_starting_and_stopping_change_no_other_folder(own_server: EmbeddedPostgres, open_folder: Path) -> None:
    programs = own_server.status().programs.folder
    before = modes(open_folder, programs, Path(sys.prefix))
    own_server.start()
    own_server.stop()
    own_server.start()
    assert modes(open_folder, programs, Path(sys.prefix)) == before


def test_an_initialised_server_starts_again_with_its_data_and_at_once(own_server: EmbeddedPostgres) -> None:
    own_server.start()
    with psycopg.connect(connect.libpq_uri(own_server.url())) as connection:
        connection.execute("create table kept (x int)")
    own_server.stop()
    assert not own_server.running()
    start = time.perf_counter()
    own_server.start()
    assert time.perf_counter() - start < 2  # measured: 0.12 s; the machine may be busy
    assert ask(own_server, "select count(*) from kept") == [(0,)]


def test_starting_and_stopping_twice_does_no_harm(own_server: EmbeddedPostgres) -> None:
    own_server.stop()
    own_server.start()
    first = own_server.status().pid
    own_server.start()
    assert own_server.status().pid == first
    own_server.stop()
    own_server.stop()
    assert not own_server.running()


def test_two_starts_at_once_make_one_server(own_server: EmbeddedPostgres) -> None:
    start = (
        "import sys; from pathlib import Path; from pact_pipeline.warehouse.embedded import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1])); server.start(); print(server.status().pid)"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", start, str(own_server.folder)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    pids = {one.communicate(timeout=60)[0].strip() for one in starts}
    assert pids == {str(own_server.status().pid)}
    assert ask(own_server, "select 1") == [(1,)]


def crash(server: EmbeddedPostgres) -> Path:
    """Kill the server with no chance to clear up; return its pid file."""
    status = server.status()
    assert status.pid is not None
    os.kill(status.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.running() and time.monotonic() < deadline:
        time.sleep(0.02)
    return status.service_folder / "data" / "postmaster.pid"


def test_a_server_that_crashed_starts_again(own_server: EmbeddedPostgres) -> None:
    own_server.start()
    crash(own_server)
    own_server.start()
    assert ask(own_server, "select 1") == [(1,)]


def test_it_starts_although_another_process_got_the_crashed_ones_number(own_server: EmbeddedPostgres) -> None:
    own_server.start()
    pid_file = crash(own_server)
    account = pid_file.stat()
    other_user = {"user": account.st_uid, "group": account.st_gid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["/bin/sleep", "60"], **other_user) as other:  # type: ignore[call-overload]
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        own_server.start()
        assert ask(own_server, "select 1") == [(1,)]
        other.kill()


def test_a_long_path_gets_a_short_socket_folder(open_folder: Path) -> None:
    folder = open_folder / ("long-" * 12) / ("path-" * 12)
    folder.mkdir(parents=True)
    server = EmbeddedPostgres(folder / "warehouse")
    server.start()
    socket_folder = server.status().socket_folder
    try:
        assert ask(server, "select 1") == [(1,)]
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        assert len(str(socket_folder)) < 60
    finally:
        server.stop()
        shutil.rmtree(socket_folder)


@as_root
def test_an_ordinary_user_runs_it_as_himself(open_folder: Path) -> None:
    user = pwd.getpwnam("daemon")
    folder = open_folder / "ordinary"
    folder.mkdir(mode=0o700)
    os.chown(folder, user.pw_uid, user.pw_gid)
    # The program turns into that user when all is imported, as root's Python may be closed to others.
    use = (
        "import encodings.ascii, encodings.idna, os, subprocess, sys, psycopg; from pathlib import Path\n"
        "from sqlalchemy.dialects.postgresql import psycopg as _\n"
        "from pact_pipeline.warehouse import connect, embedded\n"
        "os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))\n"
        "server = embedded.EmbeddedPostgres(Path(sys.argv[1])); server.start()\n"
        "command, environment = connect.psql_command(server.url('analyst'))\n"
        "subprocess.run([*command, '-XAtc', 'select current_user'], env=environment, check=True)\n"
        "print(server.status().os_user); server.stop(); server.start(); server.stop()"
    )
    done = subprocess.run(
        [sys.executable, "-c", use, str(folder / "warehouse"), str(user.pw_uid), str(user.pw_gid)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["pact_analyst", "daemon"], "")


@as_root
def test_a_closed_home_gets_a_service_folder_and_stays_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = modes(home)
    server = EmbeddedPostgres(home / "warehouse", "0123456789abcdef")
    server.start()
    status = server.status()
    try:
        assert not status.service_folder.is_relative_to(home)
        assert status.service_folder.name == "pact-warehouse-0123456789abcdef"
        assert str(status.service_folder) in status.notes[0]
        assert ask(server, "select 1") == [(1,)]
        assert stat.S_IMODE(status.service_folder.stat().st_mode) == 0o700
        assert modes(home) == before
        assert (home / "warehouse" / "passwords.json").exists()
    finally:
        server.stop()
        shutil.rmtree(status.service_folder)


@as_root
def test_programs_in_a_closed_folder_are_copied(
    tmp_path: Path, own_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pact_pipeline.warehouse import binaries

    newest = binaries.newest()
    site = tmp_path / "closed"  # pytest's folders are closed to the server's user
    closed = site / newest.origin / newest.folder.name
    shutil.copytree(newest.folder, closed, symlinks=True)
    shutil.copytree(newest.folder.parents[1] / f"{newest.origin}.libs", site / f"{newest.origin}.libs")
    monkeypatch.setattr(binaries, "installed", lambda: [binaries.Programs(closed, newest.version, newest.origin)])
    own_server.start()
    status = own_server.status()
    assert status.programs.folder.is_relative_to(own_server.folder)
    assert status.programs.folder.stat().st_uid == 0
    assert any("copy" in note for note in status.notes)
    assert ask(own_server, "select 1") == [(1,)]


@as_root
def test_an_unknown_or_privileged_os_user_is_refused(
    own_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("root", "no-such-user", "nobody"):
        monkeypatch.setenv("PACT_WAREHOUSE_OS_USER", name)
        with pytest.raises(WarehouseUnavailable, match="WH-014"):
            own_server.start()


def test_an_unknown_role_is_refused(warehouse_server: EmbeddedPostgres) -> None:
    with pytest.raises(WarehouseUnavailable, match="WH-004"):
        warehouse_server.url("superuser")


def test_the_log_holds_no_value_and_no_statement(
    warehouse_server: EmbeddedPostgres, warehouse_engine: sa.Engine
) -> None:
    log = warehouse_server.status().log
    begin = log.stat().st_size
    uri = connect.libpq_uri(warehouse_engine.url)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("create table canary (x int unique, on_date date)")
        with pytest.raises(psycopg.DataError), connection.cursor().copy("copy canary from stdin") as copy:
            copy.write("CANARY-0101010101\t2012-08-01\n")
        for statement in (
            "select 'CANARY-2'::date",
            "insert into canary values (77000111, null), (77000111, null)",
            "select CANARY_3",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)  # type: ignore[arg-type]
        with pytest.raises(psycopg.Error):
            connection.execute("select %s::text::int", ("CANARY-4",))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(uri, password="CANARY-5")
    written = log.read_bytes()[begin:].decode()
    assert "CANARY" not in written.upper()
    assert "77000111" not in written
    assert "authentication failed" in written  # who was refused is told


@as_root
def test_where_no_system_user_can_be_made_the_line_to_run_is_told(
    own_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PACT_WAREHOUSE_OS_USER", raising=False)
    monkeypatch.setattr(server_location, "SERVER_USER", "pact-nobody-here")
    monkeypatch.setattr(server_location.shutil, "which", lambda *_, **__: None)
    with pytest.raises(WarehouseUnavailable) as told:
        own_server.start()
    assert str(told.value) == (
        "WH-018: PostgreSQL does not run as root, and the system user 'pact-nobody-here' could not be made for it. To mend: run:"
        " useradd --system --user-group --no-create-home --shell /usr/sbin/nologin pact-nobody-here (or make a user and name it"
        " in PACT_WAREHOUSE_OS_USER)"
    )
    assert own_server.status().os_user == "pact-nobody-here (made at the first start)"


@as_root
def test_the_system_user_is_made_at_the_first_start_and_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = "pact-test-user"
    monkeypatch.delenv("PACT_WAREHOUSE_OS_USER", raising=False)
    monkeypatch.setattr(server_location, "SERVER_USER", name)
    try:
        made = server_location.server_account(tmp_path)
        assert made == (pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid)
        assert f"The system user {name} was made" in caplog.text
        caplog.clear()
        assert server_location.server_account(tmp_path) == made
        assert caplog.text == ""
    finally:
        subprocess.run(["/usr/sbin/userdel", name], check=True)
