"""A home is one movable thing: moved it is the same, copied another, which never touches the original (architecture#a-home)."""

import errno
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from pact_pipeline.failures import PactFailure, WarehouseUnavailable
from pact_pipeline.home import join_home, make_home, open_home
from pact_pipeline.home.note import NOTE
from pact_pipeline.ledger import Ledger
from pact_pipeline.warehouse.connect import destroy_embedded, embedded_server, warehouse_engine
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.home.conftest import (
    ask,
    home_with_a_ledger,
    homes_known,
    settings_of,
    write,
    written,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's homes have data outside of them")


def copy(original: Path, to: Path) -> None:
    """As a person copies a folder."""
    subprocess.run(["cp", "-a", str(original), str(to)], check=True)


@pytest.mark.parametrize("running", [False, True])
def test_a_row_written_through_a_copy_is_not_in_the_original(
    folder: Path, running: bool, caplog: pytest.LogCaptureFixture
) -> None:
    original = home_with_a_ledger(folder / "one")
    if not running:
        embedded_server(original).stop()
    copy(folder / "one", folder / "two")
    copied = settings_of(folder / "two")
    write(copied, "insert into written values ('copy')")
    assert f"This home is a copy of the one at {folder / 'one'}" in caplog.text
    assert ("It was copied while the original's server ran" in caplog.text) is running
    write(original, "insert into written values ('original')")
    assert (written(copied), written(original)) == (["copy"], ["original"])
    assert open_home(copied).home_id != open_home(original).home_id
    assert homes_known(copied) == [(open_home(copied).home_id, str(folder / "two"))]
    assert homes_known(original) == [(open_home(original).home_id, str(folder / "one"))]


def test_stopping_the_copy_leaves_the_original_running(folder: Path) -> None:
    original = home_with_a_ledger(folder / "one")
    copy(folder / "one", folder / "two")
    copied = embedded_server(settings_of(folder / "two"))
    copied.stop()
    assert embedded_server(original).running()
    copied.start()
    copied.stop()
    assert embedded_server(original).running()
    assert written(original) == []


@pytest.mark.parametrize("running", [False, True])
def test_a_moved_home_is_taken_over_and_told(folder: Path, running: bool, caplog: pytest.LogCaptureFixture) -> None:
    before = home_with_a_ledger(folder / "one")
    write(before, "insert into written values ('before')")
    known = open_home(before)
    if not running:
        embedded_server(before).stop()
    (folder / "one").rename(folder / "two")
    moved = settings_of(folder / "two")
    assert written(moved) == ["before"]
    assert open_home(moved).home_id == known.home_id
    assert f"This home lay at {folder / 'one'} and was moved" in caplog.text
    assert homes_known(moved) == [(known.home_id, str(folder / "two"))]
    caplog.clear()
    assert written(moved) == ["before"]
    assert caplog.text == ""


def test_a_home_moved_while_its_server_runs_with_a_socket_elsewhere_gets_a_new_one(folder: Path) -> None:
    deep = folder / ("long-" * 12) / ("path-" * 12)
    deep.mkdir(parents=True)
    before = home_with_a_ledger(deep / "one")
    socket_folder = embedded_server(before).status().socket_folder
    (deep / "one").rename(folder / "two")
    moved = settings_of(folder / "two")
    assert written(moved) == []
    assert embedded_server(moved).status().socket_folder == folder / "two/warehouse/server/run"
    shutil.rmtree(socket_folder)


def test_a_home_put_back_at_its_place_from_a_backup_is_taken_over(folder: Path) -> None:
    before = home_with_a_ledger(folder / "one")
    known = open_home(before)
    embedded_server(before).stop()
    copy(folder / "one", folder / "backup")
    shutil.rmtree(folder / "one")
    (folder / "backup").rename(folder / "one")
    assert written(before) == []
    assert open_home(before).home_id == known.home_id


def test_the_same_folder_by_another_path_is_the_same_home(folder: Path) -> None:
    settings = home_with_a_ledger(folder / "one")
    (folder / "link").symlink_to(folder / "one")
    assert open_home(settings_of((folder / "link").resolve())).home_id == open_home(settings).home_id


def test_a_deleted_home_leaves_nothing_that_a_new_one_meets(folder: Path) -> None:
    settings = home_with_a_ledger(folder / "one")
    destroy_embedded(settings)
    shutil.rmtree(folder / "one")
    again = home_with_a_ledger(folder / "one")
    assert written(again) == []


def test_a_home_deleted_under_its_running_server_can_be_made_anew(folder: Path) -> None:
    settings = home_with_a_ledger(folder / "one")
    pid = embedded_server(settings).status().pid
    shutil.rmtree(folder / "one")
    try:
        assert written(home_with_a_ledger(folder / "one")) == []
    finally:
        assert pid is not None
        os.kill(pid, 2)


def test_two_homes_at_once_are_two(folder: Path) -> None:
    one, two = home_with_a_ledger(folder / "one"), home_with_a_ledger(folder / "two")
    write(one, "insert into written values ('one')")
    write(two, "insert into written values ('two')")
    assert (written(one), written(two)) == (["one"], ["two"])


def test_no_file_of_a_home_holds_its_path_but_the_note_and_what_the_server_writes(folder: Path) -> None:
    settings = home_with_a_ledger(folder / "one")
    embedded_server(settings).stop()
    holding = [
        str(path.relative_to(settings.home))
        for path in settings.home.rglob("*")
        if path.is_file() and str(settings.home).encode() in path.read_bytes()
    ]
    assert [path for path in holding if not path.startswith("warehouse/server/")] == [NOTE]


# --- a server by URL


def test_a_copy_of_a_home_with_a_url_is_refused_with_and_without_the_url(folder: Path, url_of_a_server: str) -> None:
    original = settings_of(folder / "one", url_of_a_server)
    make_home(original)
    Ledger(warehouse_engine(original)).create()
    assert ask(original, "select 1") == [(1,)]
    copy(folder / "one", folder / "copy")
    for url in (url_of_a_server, None):
        with pytest.raises(PactFailure, match=f"HOME-010: this folder is a copy of the home at {folder / 'one'}"):
            warehouse_engine(settings_of(folder / "copy", url))
    assert not (folder / "copy/warehouse").exists()


def test_a_home_with_a_url_does_not_begin_an_embedded_server_when_the_url_is_forgotten(
    folder: Path, url_of_a_server: str
) -> None:
    settings = settings_of(folder / "one", url_of_a_server)
    make_home(settings)
    warehouse_engine(settings).dispose()
    with pytest.raises(WarehouseUnavailable, match="WH-026"):
        warehouse_engine(settings_of(folder / "one"))
    assert not (folder / "one/warehouse").exists()


def test_a_home_with_a_server_of_its_own_is_not_given_another_by_url(folder: Path, url_of_a_server: str) -> None:
    home_with_a_ledger(folder / "one")
    with pytest.raises(WarehouseUnavailable, match="WH-027"):
        warehouse_engine(settings_of(folder / "one", url_of_a_server))


def test_two_homes_with_one_url_are_told(folder: Path, url_of_a_server: str) -> None:
    one, two = (settings_of(folder / name, url_of_a_server) for name in ("one", "two"))
    for settings in (one, two):
        make_home(settings)
    Ledger(warehouse_engine(one)).create()
    assert ask(one, "select 1") == [(1,)]
    with pytest.raises(PactFailure, match="HOME-012: this database belongs to another home"):
        ask(two, "select 1")


# --- data outside of the home


@as_root
def test_the_data_of_a_closed_home_are_found_again_when_it_is_moved(closed_folder: Path, tmp_path: Path) -> None:
    before = home_with_a_ledger(closed_folder / "one")
    home_id = open_home(before).home_id
    service = embedded_server(before).status().service_folder
    assert service.name == f"pact-warehouse-{home_id}"
    write(before, "insert into written values ('before')")
    (closed_folder / "one").rename(closed_folder / "two")
    moved = settings_of(closed_folder / "two")
    assert written(moved) == ["before"]
    assert embedded_server(moved).status().service_folder == service


@as_root
@pytest.mark.parametrize("same_disk", [True, False])
def test_a_home_moved_to_where_the_servers_user_cannot_follow_brings_its_data_outside(
    folder: Path,
    closed_folder: Path,
    same_disk: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = home_with_a_ledger(folder / "one")
    write(before, "insert into written values ('before')")
    embedded_server(before).stop()
    (folder / "one").rename(closed_folder / "one")
    moved = settings_of(closed_folder / "one")
    if not same_disk:
        real = Path.rename

        def rename(path: Path, target: Path) -> Path:
            if path.name == "server":
                raise OSError(errno.EXDEV, "another file system")
            return real(path, target)

        monkeypatch.setattr(Path, "rename", rename)
    assert written(moved) == ["before"]
    assert "its data were brought to" in caplog.text
    assert not (moved.warehouse / "server").exists()
    assert written(moved) == ["before"]


@as_root
@pytest.mark.parametrize("stranger", ["a folder", "a link", "an open folder"])
def test_a_folder_outside_that_somebody_else_made_is_not_taken_for_ours(
    closed_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stranger: str
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for parent in (first, second):
        parent.mkdir()
    monkeypatch.setattr("pact_pipeline.warehouse.embedded._parents_outside", lambda: [first, second])
    settings = settings_of(closed_folder / "one")
    name = f"pact-warehouse-{make_home(settings).home_id}"
    theirs = (first / name) if stranger != "a link" else tmp_path / "theirs"
    theirs.mkdir(mode=0o755 if stranger == "an open folder" else 0o700)
    if stranger == "a link":
        (first / name).symlink_to(theirs)
    if stranger == "a folder":
        os.chown(theirs, 65534, 65534)
    assert EmbeddedPostgres(settings.warehouse, open_home(settings).home_id)._outside() is None
    (second / name).mkdir(mode=0o700)
    assert EmbeddedPostgres(settings.warehouse, open_home(settings).home_id)._outside() == second / name
    assert list(theirs.iterdir()) == []


@pytest.mark.parametrize("name", ["held", "lock"])
def test_a_link_in_the_place_of_a_lock_is_told_and_not_followed(folder: Path, name: str) -> None:
    settings = home_with_a_ledger(folder / "one")
    server = embedded_server(settings)
    server.stop()
    theirs = folder / "theirs"
    theirs.write_text("theirs")
    (settings.warehouse / name).unlink()
    (settings.warehouse / name).symlink_to(theirs)
    with pytest.raises(
        PactFailure, match=f"DISK-001: something else lies in its place, .* Where: {settings.warehouse}/{name}"
    ):
        server.start()
    assert theirs.read_text() == "theirs"
    (settings.warehouse / name).unlink()
    theirs.unlink()


@as_root
def test_a_copy_whose_data_lie_outside_is_refused_and_names_the_original(closed_folder: Path) -> None:
    original = home_with_a_ledger(closed_folder / "one")
    copy(closed_folder / "one", closed_folder / "copy")
    copied = settings_of(closed_folder / "copy")
    for use in (open_home, warehouse_engine, embedded_server, destroy_embedded, join_home):
        with pytest.raises(PactFailure, match=f"HOME-010: .* copy of the home at {closed_folder / 'one'}"):
            use(copied)
    assert embedded_server(original).running()
    assert written(original) == []


@as_root
def test_destroying_removes_what_lies_outside_and_a_new_home_begins_empty(closed_folder: Path) -> None:
    settings = home_with_a_ledger(closed_folder / "one")
    status = embedded_server(settings).status()
    gone = destroy_embedded(settings)
    assert status.service_folder in gone
    for path in (status.service_folder, settings.warehouse):
        assert not path.exists()
    assert ask(settings, "select to_regclass('written') is null") == [(True,)]


def test_destroying_a_copy_leaves_the_original(folder: Path) -> None:
    original = home_with_a_ledger(folder / "one")
    copy(folder / "one", folder / "two")
    destroy_embedded(settings_of(folder / "two"))
    assert not (folder / "two/warehouse").exists()
    assert written(original) == []


def test_data_that_are_gone_are_told_and_no_empty_ledger_takes_their_place(folder: Path) -> None:
    settings = home_with_a_ledger(folder / "one")
    embedded_server(settings).stop()
    shutil.rmtree(folder / "one/warehouse/server")
    for _ in range(2):
        with pytest.raises(WarehouseUnavailable, match="WH-025"):
            warehouse_engine(settings)


# --- another machine


def test_another_machine_is_refused_until_it_is_joined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_with_a_ledger(folder / "one")
    home_id, first = open_home(settings).home_id, socket.gethostname()
    embedded_server(settings).stop()
    monkeypatch.setattr(socket, "gethostname", lambda: "other-machine")
    with pytest.raises(PactFailure) as refused:
        open_home(settings)
    assert str(refused.value).count("\n") == 0
    assert f"HOME-013: this home lies at {folder / 'one'} on {first}" in str(refused.value)
    assert "pact init --join" in str(refused.value)
    assert join_home(settings).home_id == home_id
    assert written(settings) == []
    hosts = ask(settings, "select host from ledger.home where left_at is null order by entry")
    assert hosts == [(first,), ("other-machine",)]
    embedded_server(settings).stop()
    monkeypatch.undo()
    assert written(settings) == []
    assert ask(settings, "select count(*) from ledger.home where left_at is null") == [(2,)]


def test_a_machine_that_is_gone_is_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_with_a_ledger(folder / "one")
    home_id, first = open_home(settings).home_id, socket.gethostname()
    embedded_server(settings).stop()
    monkeypatch.setattr(socket, "gethostname", lambda: "other-machine")
    home = join_home(settings, only=True)
    assert (home.home_id, [place.host for place in home.at]) == (home_id, ["other-machine"])
    assert written(settings) == []
    assert ask(settings, "select host from ledger.home where left_at is null") == [("other-machine",)]
    embedded_server(settings).stop()
    monkeypatch.undo()
    with pytest.raises(PactFailure, match=f"HOME-013: .* on other-machine, and {first} was not joined"):
        open_home(settings)
    join_home(settings)


def test_the_same_folder_at_another_path_of_another_container_is_no_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home_with_a_ledger(folder / "one")
    embedded_server(settings).stop()
    (folder / "one").rename(folder / "two")
    mounted = settings_of(folder / "two")
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(socket, "gethostname", lambda: "other-machine")
        with pytest.raises(PactFailure, match="HOME-013"):
            open_home(mounted)


def test_a_joined_machine_does_not_start_a_second_server_on_the_same_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home_with_a_ledger(folder / "one")
    server = embedded_server(settings)
    # As from another container: the lock is seen, the socket and the process are not.
    monkeypatch.setattr(EmbeddedPostgres, "running", lambda _: False)
    monkeypatch.setattr("pact_pipeline.warehouse.embedded._PATIENCE", 0.2)
    monkeypatch.setattr("pact_pipeline.warehouse.embedded.serves", lambda *_: False)
    with pytest.raises(WarehouseUnavailable, match=f"WH-024: .* started on {socket.gethostname()}"):
        server.start()


@as_root
def test_a_joined_machine_on_which_the_data_do_not_lie_is_told_and_destroys_nothing(
    closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = home_with_a_ledger(closed_folder / "one")
    first = socket.gethostname()
    monkeypatch.setattr(socket, "gethostname", lambda: "other-machine")
    monkeypatch.setattr("pact_pipeline.warehouse.embedded._parents_outside", lambda: [closed_folder])
    join_home(settings)
    for use in (warehouse_engine, destroy_embedded):
        with pytest.raises(WarehouseUnavailable, match=f"WH-028: .* use it on {first}"):
            use(settings)
    monkeypatch.undo()
    assert written(settings) == []


def test_a_copy_brought_to_another_machine_with_its_data_is_a_home_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = home_with_a_ledger(folder / "one")
    home_id = open_home(original).home_id
    embedded_server(original).stop()
    copy(folder / "one", folder / "two")
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(socket, "gethostname", lambda: "other-machine")
        assert written(settings_of(folder / "two")) == []
        assert open_home(settings_of(folder / "two")).home_id != home_id
        embedded_server(settings_of(folder / "two")).stop()
        (folder / "two").rename(folder / "copy-two")


@as_root
def test_data_that_belong_to_a_number_without_a_name_are_given_to_the_servers_user(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = home_with_a_ledger(folder / "one")
    embedded_server(settings).stop()
    for place, folders, files in os.walk(folder / "one/warehouse/server"):
        for name in [*folders, *files]:
            os.chown(Path(place, name), 61234, 61234, follow_symlinks=False)
    os.chown(folder / "one/warehouse/server", 61234, 61234)
    assert written(settings) == []
    assert "belonged to uid 61234, which has no name on this machine; they belong to pact-warehouse now" in caplog.text
