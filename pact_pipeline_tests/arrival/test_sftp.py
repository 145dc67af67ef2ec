"""Fetching from an SFTP server: the host is verified, each failure is told in its words and tried again only if that helps."""

import hashlib
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import text

from pact_pipeline.arrival import Discovery, archive_path, news, odd_files
from pact_pipeline.arrival import sftp as our_sftp
from pact_pipeline.clock import at_hour
from pact_pipeline_tests.arrival.conftest import Move
from pact_pipeline_tests.arrival.servers import PASSWORD, USER, SftpServer, closed_port, silent_server
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import HOME_DAY, six_children

CHILDREN = "GLG_children_201208.csv"


def told(found: Discovery) -> list[str]:
    return [trouble.message(with_file=True) for trouble in found.source_errors]


def nothing_half_copied(office: Office) -> bool:
    return not list(office.settings.archive.rglob("*.unfinished"))


def test_files_are_fetched_from_a_server_whose_key_we_know(by_sftp: Office, sftp: SftpServer) -> None:
    found = by_sftp.discover()
    assert [one.submission_id for one in found.registered] == ["GLG-councils-2012-08-01"]
    assert found.registered[0].received_at == at_hour(HOME_DAY, 12), "a made-up home's file without a receipt"
    assert (found.source_errors, found.files_seen, sftp.connections) == ([], 6, 1)
    data = (sftp.root / "out" / CHILDREN).read_bytes()
    assert archive_path(by_sftp.settings, hashlib.sha256(data).hexdigest()).read_bytes() == data
    assert by_sftp.settings.known_hosts.read_text() == sftp.known_hosts_line(), "never written by us"


def test_a_key_file_opens_the_server_too(by_sftp: Office, sftp: SftpServer, secrets: Callable[..., Path]) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    sftp.client_key = key
    path = by_sftp.settings.secrets_file.parent / "glasgow.key"
    path.write_bytes(key.export_private_key(passphrase="sentinel phrase", rounds=1))
    path.chmod(0o600)
    secrets("GLG: {private_key_file: glasgow.key, passphrase: sentinel phrase}\n")
    assert len(by_sftp.discover().registered) == 1
    secrets("GLG: {private_key_file: glasgow.key, passphrase: wrong sentinel}\n")
    assert told(by_sftp.discover()) == [
        (
            f"ARRIVAL-017: the private key file {path} can't be used (ValueError). Where: GLG, {sftp.url}. To mend: see that it"
            " is there, that it is an OpenSSH key, and that its passphrase stands in the secrets file."
        )
    ]
    path.chmod(0o640)
    assert told(by_sftp.discover()) == [
        (
            f"ARRIVAL-017: the private key file {path} may be read or changed by others, so it isn't used. Where: GLG,"
            f" {sftp.url}. To mend: run: chmod 600 {path}"
        )
    ]


def test_an_unknown_host_key_is_refused_and_nothing_sent(by_sftp: Office, sftp: SftpServer, naps: list[float]) -> None:
    by_sftp.settings.known_hosts.unlink()
    (line,) = told(by_sftp.discover())
    assert line == (
        f"ARRIVAL-014: the server's host key isn't known to us, so nothing was sent to it. Where: GLG, {sftp.url}. To mend:"
        f" ask the supplier by another way for the key's fingerprint. Only if it is {sftp.key.get_fingerprint()}, add to"
        f" {by_sftp.settings.known_hosts} the line: {sftp.known_hosts_line().strip()}"
    )
    assert (sftp.logins, sftp.connections, naps) == (0, 1, [])
    by_sftp.settings.known_hosts.write_text(line.rsplit("the line: ")[1] + "\n")
    assert len(by_sftp.discover().registered) == 1, "the line that was offered is the one that opens it"


def test_a_changed_host_key_is_refused_and_nothing_sent(by_sftp: Office, sftp: SftpServer, naps: list[float]) -> None:
    former = asyncssh.generate_private_key("ssh-ed25519")
    by_sftp.settings.known_hosts.write_text("# ours\n" + sftp.known_hosts_line(former))
    assert told(by_sftp.discover()) == [
        (
            "ARRIVAL-015: the server's host key isn't the one we know: it may be another server, so nothing was sent to it."
            f" Where: GLG, {sftp.url}. To mend: ask the supplier by another way whether the key was changed. Only if its"
            f" fingerprint is now {sftp.key.get_fingerprint()}, replace the lines of [127.0.0.1]:{sftp.port} in"
            f" {by_sftp.settings.known_hosts} by: {sftp.known_hosts_line().strip()}"
        )
    ]
    assert (sftp.logins, naps) == (0, [])


def test_a_key_of_another_kind_than_the_one_we_know_is_a_changed_key(by_sftp: Office, sftp: SftpServer) -> None:
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    by_sftp.settings.known_hosts.write_text(sftp.known_hosts_line(other))
    assert [one.code for one in by_sftp.discover().source_errors] == ["ARRIVAL-015"]


def test_a_revoked_key_is_refused(by_sftp: Office, sftp: SftpServer) -> None:
    line = sftp.known_hosts_line()
    by_sftp.settings.known_hosts.write_text(line + "@revoked " + line)
    (trouble,) = by_sftp.discover().source_errors
    assert trouble.what == f"the server's host key ({sftp.key.get_fingerprint()}) is marked as revoked"


def test_a_wrong_password_is_tried_once_and_rests_until_it_is_mended(
    by_sftp: Office, sftp: SftpServer, secrets: Callable[..., Path], naps: list[float]
) -> None:
    sftp.password = "changed"
    assert told(by_sftp.discover()) == [
        (
            f"ARRIVAL-016: the server doesn't accept our user or secret. Where: GLG, {sftp.url}. To mend: put the right secret"
            " into the secrets file. Until that file changes it is tried once an hour, as more would lock the account;"
            " 'pact arrivals' tries at once."
        )
    ]
    assert (sftp.logins, naps) == (1, [])
    (standing,) = by_sftp.discover().source_errors
    assert (standing.state, sftp.logins) == ("standing", 1), "nothing was mended, so nothing was tried"
    with by_sftp.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE ledger.trouble SET last_seen = last_seen - interval '61 minutes'"))
    by_sftp.discover()
    assert sftp.logins == 2
    secrets("GLG: {password: changed}\n")
    found = by_sftp.discover()
    assert (found.source_errors, len(found.registered), len(found.ended)) == ([], 1, 1)


def test_without_a_secret_nothing_is_tried(by_sftp: Office, sftp: SftpServer, secrets: Callable[..., Path]) -> None:
    secrets("FIF: {password: sentinel}\n")
    assert told(by_sftp.discover()) == [
        (
            f"ARRIVAL-017: there is no usable secret for this supplier. Where: GLG, {sftp.url}. To mend: put one into the"
            " secrets file under the supplier's key, or into the environment."
        )
    ]
    assert sftp.connections == 0


def test_a_vanished_directory_is_told(by_sftp: Office, sftp: SftpServer, naps: list[float]) -> None:
    by_sftp.discover()
    shutil.rmtree(sftp.root / "out")
    assert told(by_sftp.discover()) == [
        (
            f"ARRIVAL-018: the folder isn't there. Where: GLG, {sftp.url}. To mend: ask the supplier where the files are now,"
            " and write that into its URL."
        )
    ]
    assert naps == []


def test_a_closed_directory_is_told(by_sftp: Office, sftp: SftpServer, naps: list[float]) -> None:
    sftp.closed = {"out"}
    assert told(by_sftp.discover()) == [
        (
            f"ARRIVAL-019: we aren't allowed to look into the folder. Where: GLG, {sftp.url}. To mend: ask whoever runs the"
            " server to let our user read it."
        )
    ]
    assert naps == []


def test_a_closed_file_or_subfolder_hides_no_other(by_sftp: Office, sftp: SftpServer, naps: list[float]) -> None:
    inner = sftp.root / "out" / "old"
    inner.mkdir()
    sftp.closed = {"old", CHILDREN}
    found = by_sftp.discover()
    assert told(found) == [
        f"ARRIVAL-025: a file or subfolder can't be read by us. Where: GLG, {sftp.url}, '/out/{name}'. To mend: ask whoever"
        " runs the place to let our user read it, or the supplier to send the file again."
        for name in (CHILDREN, "old")
    ]
    assert (found.files_new, naps) == (5, [])


def test_a_connection_cut_in_the_middle_of_a_file_is_made_again(
    by_sftp: Office, sftp: SftpServer, naps: list[float]
) -> None:
    (sftp.root / "out" / CHILDREN).write_bytes(b"x" * 300_000)
    _older(sftp)
    sftp.cut_after, sftp.cuts_left = {CHILDREN: 100_000}, 2
    found = by_sftp.discover()
    assert (told(found), found.files_new, naps) == ([], 6, [0.5, 2.0])
    assert sftp.connections == 3


def test_a_connection_cut_every_time_leaves_the_other_files_taken(
    by_sftp: Office, sftp: SftpServer, naps: list[float]
) -> None:
    (sftp.root / "out" / CHILDREN).write_bytes(b"x" * 300_000)
    _older(sftp)
    sftp.cut_after, sftp.cuts_left = {CHILDREN: 100_000}, 1000
    found = by_sftp.discover()
    assert told(found) == [
        (
            "ARRIVAL-023: the connection was lost in the middle of a file; nothing of it was kept. Where: GLG,"
            f" {sftp.url}, '/out/{CHILDREN}'. To mend: nothing, if it ends by itself: the file is read again at the next look."
        )
    ]
    assert (found.files_new, naps, sftp.opened.count(CHILDREN)) == (5, [0.5, 2.0], 3)
    assert nothing_half_copied(by_sftp)


def test_a_place_that_loses_one_file_after_the_other_is_left_alone(
    by_sftp: Office, sftp: SftpServer, naps: list[float]
) -> None:
    sftp.cut_after, sftp.cuts_left = {file.name: 1 for file in (sftp.root / "out").iterdir()}, 1000
    found = by_sftp.discover()
    assert [one.code for one in found.source_errors] == ["ARRIVAL-013", *["ARRIVAL-023"] * 3]
    assert (found.files_put_off, len(naps)) == (4, 6)
    assert nothing_half_copied(by_sftp)


def test_a_file_that_grows_while_it_is_read_is_left_until_it_is_whole(by_sftp: Office, sftp: SftpServer) -> None:
    sftp.grows = {CHILDREN}
    found = by_sftp.discover()
    assert found.growing == [("GLG", CHILDREN)]
    assert told(found) == [
        (
            f"ARRIVAL-024: a file is still being written, and is left until it is whole. Where: GLG, {sftp.url},"
            f" '/out/{CHILDREN}'. To mend: nothing; if it stays so, ask the supplier to send it again."
        )
    ]
    assert nothing_half_copied(by_sftp)


def test_a_file_written_to_just_now_may_be_half_an_upload(by_sftp: Office, sftp: SftpServer) -> None:
    (sftp.root / "out" / CHILDREN).touch()
    assert by_sftp.discover().growing == [("GLG", CHILDREN)]


def test_a_server_that_is_down_is_tried_three_times_once_and_told_once(
    by_sftp: Office, sftp: SftpServer, move: Move, naps: list[float]
) -> None:
    by_sftp.write(six_children(), "FIF")
    url = f"sftp://{USER}@127.0.0.1:{closed_port()}/out"
    move("GLG", url)
    found = by_sftp.discover()
    assert list(news(found)) == [
        (
            f"ARRIVAL-011: the server takes no connection. Where: GLG, {url}. To mend: nothing, if it ends by itself: we look"
            " again every time; else ask the supplier whether the server is up."
        )
    ]
    assert naps == [0.5, 2.0]
    assert [one.supplier for one in found.registered] == ["FIF"], "nobody else is touched"
    again = by_sftp.discover()
    assert (list(news(again)), [one.state for one in again.source_errors]) == ([], ["standing"])
    assert naps == [0.5, 2.0], "what was so a minute ago isn't waited for"
    assert "It is so since" in next(odd_files(again))


def test_a_trouble_that_ends_is_told_once(by_sftp: Office, sftp: SftpServer) -> None:
    sftp.closed = {"out"}
    by_sftp.discover()
    sftp.closed = set()
    found = by_sftp.discover()
    (line,) = news(found)
    assert line.startswith(
        f"over: ARRIVAL-019: we aren't allowed to look into the folder. Where: GLG, {sftp.url}. It was so since "
    )
    assert list(news(by_sftp.discover())) == []
    sftp.closed = {"out"}
    assert [one.state for one in by_sftp.discover().source_errors] == ["new"], "a second time is a new time"


def test_a_silent_server_times_out(by_sftp: Office, move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(our_sftp, "CONNECT_SECONDS", 0.2)
    with silent_server() as port:
        move("GLG", f"sftp://{USER}@127.0.0.1:{port}/out")
        (trouble,) = by_sftp.discover().source_errors
    assert (trouble.code, trouble.what) == ("ARRIVAL-012", "the server doesn't answer in time")


def test_a_server_nobody_knows_is_not_tried_again(by_sftp: Office, move: Move, naps: list[float]) -> None:
    move("GLG", "sftp://intake@files.example.invalid/out")
    assert told(by_sftp.discover()) == [
        (
            "ARRIVAL-010: no server of that name is known. Where: GLG, sftp://intake@files.example.invalid/out. To mend: check"
            " the name in the supplier's URL, and this machine's name service."
        )
    ]
    assert naps == []


def test_an_unchanged_file_is_fetched_once_a_day(by_sftp: Office, sftp: SftpServer) -> None:
    by_sftp.discover()
    sftp.opened.clear()
    found = by_sftp.discover()
    assert (sftp.opened, found.files_seen, found.files_new) == ([], 6, 0)
    with by_sftp.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE ledger.listing SET read_at = :then"), {"then": _yesterday()})
    # The same name, size and time: only its bytes tell.
    path = sftp.root / "out" / CHILDREN
    former = path.stat().st_mtime
    path.write_bytes(path.read_bytes().replace(b"C001", b"C009", 1))
    _at(path, former)
    assert [one.submission_id for one in by_sftp.discover().registered] == ["GLG-councils-2012-08-02"]
    assert len(sftp.opened) == 6


def test_a_changed_file_is_fetched_at_once(by_sftp: Office, sftp: SftpServer) -> None:
    by_sftp.discover()
    sftp.opened.clear()
    path = sftp.root / "out" / CHILDREN
    path.write_bytes(path.read_bytes().replace(b"C001", b"C009", 1))
    _at(path, datetime(2012, 9, 9, tzinfo=UTC).timestamp())
    by_sftp.discover()
    assert sftp.opened == [CHILDREN]


def test_a_file_missing_from_the_archive_is_fetched_again(by_sftp: Office, sftp: SftpServer) -> None:
    by_sftp.discover()
    shutil.rmtree(by_sftp.settings.archive)
    sftp.opened.clear()
    by_sftp.discover()
    assert len(sftp.opened) == 6


def test_when_time_is_up_the_rest_waits_and_the_delivery_stays_one(by_sftp: Office, sftp: SftpServer) -> None:
    from pact_pipeline.arrival import discover

    def look(seconds: float) -> Discovery:
        return discover(by_sftp.settings, by_sftp.contracts, by_sftp.suppliers, by_sftp.ledger, look_seconds=seconds)

    found = look(-1)
    assert (found.files_put_off, found.registered, found.waiting) == (6, [], [])
    assert list(odd_files(found)) == ["6 files were not fetched yet; the next look goes on"]
    assert len(look(60).registered) == 1


def test_links_on_a_server_are_followed_to_files_only(by_sftp: Office, sftp: SftpServer) -> None:
    (sftp.root / "elsewhere").mkdir(exist_ok=True)
    children = sftp.root / "out" / CHILDREN
    shutil.move(children, sftp.root / "elsewhere" / CHILDREN)
    children.symlink_to(f"../elsewhere/{CHILDREN}")
    (sftp.root / "out" / "loop").symlink_to("../out")
    found = by_sftp.discover()
    assert len(found.registered) == 1
    assert [(one.code, one.path) for one in found.source_errors] == [("ARRIVAL-026", "/out/loop")]


def test_no_thread_is_left(by_sftp: Office, sftp: SftpServer) -> None:
    before = set(threading.enumerate())
    by_sftp.discover()
    sftp.cut_after, sftp.cuts_left = {CHILDREN: 1}, 1000
    with by_sftp.ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger.listing"))
    by_sftp.discover()
    left = [one.name for one in threading.enumerate() if one not in before and not one.name.startswith("asyncio")]
    assert left == []


def test_the_password_is_nowhere(
    by_sftp: Office, sftp: SftpServer, move: Move, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    sftp.password = "another"
    said = [repr(by_sftp.discover())]
    sftp.password = PASSWORD
    said += [repr(by_sftp.discover()), *odd_files(by_sftp.discover())]
    move("GLG", f"sftp://{USER}@127.0.0.1:{closed_port()}/out")
    said += [repr(by_sftp.discover()), caplog.text]
    assert "sentinel" not in "".join(said)


def _yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


def _at(path: Path, when: float) -> None:
    import os

    os.utime(path, (when, when))


def _older(sftp: SftpServer) -> None:
    for file in (sftp.root / "out").iterdir():
        _at(file, datetime(2012, 9, 12, tzinfo=UTC).timestamp())
