"""Folders with strange contents, secrets and URLs: what is taken, what is told, and what never leaves."""

import os
import pickle
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import yaml
from sqlalchemy import text

from pact_pipeline.arrival import archive, discover, news, odd_files, search
from pact_pipeline.arrival.archive import hash_of
from pact_pipeline.arrival.credentials import Credentials, credentials_of
from pact_pipeline.arrival.source_errors import SourceError, source_error_of
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers.source_url import SourceUrl, fault_of, taken_apart
from pact_pipeline_tests.arrival.conftest import Move
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

CHILDREN = "GLG_children_201208.csv"


# --- folders


def test_a_folder_that_vanished_is_told_and_one_that_never_was_is_not(office: Office) -> None:
    office.write(six_children())
    assert office.discover().source_errors == []
    folder = office.settings.arrivals / "GLG"
    folder.rename(folder.with_name("moved"))
    assert list(odd_files(office.discover())) == [
        (
            "ARRIVAL-018: the folder isn't there. Where: GLG, arrivals/GLG. To mend: ask the supplier where the files are now,"
            " and write that into its URL."
        )
    ]
    folder.with_name("moved").rename(folder)
    assert len(office.discover().ended) == 1


def test_a_file_where_the_folder_should_be_is_a_trouble(office: Office) -> None:
    office.settings.arrivals.mkdir(parents=True)
    (office.settings.arrivals / "GLG").write_text("not a folder", encoding="utf-8")
    (told,) = odd_files(office.discover())
    assert told == (
        "ARRIVAL-027: a file stands where the folder should be. Where: GLG, arrivals/GLG. To mend: move it into a folder"
        " of that name, or mend the supplier's URL."
    )


def test_a_name_with_accents_fits_however_it_is_spelled(make_office: Callable[..., Office]) -> None:
    office = make_office(file="{supplier} bébé {table} {yyyy}{mm}.csv")
    office.put(unicodedata.normalize("NFD", "GLG bébé children 201208.csv"), b"a")
    office.put(unicodedata.normalize("NFC", "GLG bébé carers 201208.csv"), b"b")
    found = office.discover()
    assert (found.unmatched, found.files_new) == ([], 2)
    pattern = make_office(file=unicodedata.normalize("NFD", "{supplier} bébé {table} {yyyy}{mm}.csv"))
    assert pattern.discover().unmatched == []


def test_names_that_would_break_a_line_are_shown_escaped(office: Office) -> None:
    office.write(six_children())
    folder = office.settings.arrivals / "GLG"
    (folder / "a\nGLG: all is well.csv").write_bytes(b"x")
    (folder / "\x1b[2Jb.csv").write_bytes(b"x")
    (folder / "b\\..\\c.csv").write_bytes(b"x")
    (folder / ("d" * 250)).write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).write_bytes(b"x")
    found = office.discover()
    assert len(found.registered) == 1
    assert list(odd_files(found)) == [
        f"GLG: {name} has no name we know; see the supplier's layout"
        for name in (
            "'\\x1b[2Jb.csv'", "'a\\nGLG: all is well.csv'", "'b\\\\..\\\\c.csv'", "'caf\\\\udce9.csv'", f"'…{'d' * 120}'",
        )
    ]  # fmt: skip


def test_a_link_out_of_the_folder_is_not_followed(office: Office) -> None:
    office.write(six_children())
    folder = office.settings.arrivals / "GLG"
    key = office.settings.home / "pseudonym.key"
    key.write_text("a key of ours")
    (folder / CHILDREN.replace(".csv", " v2.csv")).symlink_to(key)
    (folder / "whole").symlink_to(office.settings.home)
    (folder / CHILDREN.replace(".csv", " v3.csv")).symlink_to(CHILDREN)
    found = office.discover()
    assert len(found.registered) == 1
    assert [(one.code, Path(one.path).name) for one in found.source_errors] == [
        ("ARRIVAL-026", CHILDREN.replace(".csv", " v2.csv")),
        ("ARRIVAL-026", "whole"),
    ], "a link within the folder is"
    assert "v2" not in "".join(news(found)), "names of files stand in no log"
    assert [line.split(":")[0] for line in news(found)] == ["2 files"]


def test_a_pipe_in_the_folder_does_not_stop_us(office: Office) -> None:
    office.write(six_children())
    os.mkfifo(office.settings.arrivals / "GLG" / CHILDREN.replace(".csv", " v2.csv"))
    assert len(office.discover().registered) == 1


@pytest.mark.parametrize(
    ("suffix", "version"), [(" - resend", 2), (" (2)", 2), ("(3)", 3), (" v4", 4), ("_corrected", 2)]
)
def test_a_file_sent_again_follows_the_first(office: Office, suffix: str, version: int) -> None:
    office.write(six_children())
    data = (office.settings.arrivals / "GLG" / CHILDREN).read_bytes()
    office.put(CHILDREN.replace(".csv", f"{suffix}.csv"), data.replace(b"C001", b"C009"))
    assert [one.sequence for one in office.discover().registered] == [1, 2]


def test_ten_thousand_files_take_seconds(office: Office) -> None:
    folder = office.settings.arrivals / "GLG"
    folder.mkdir(parents=True)
    for number in range(10_000):
        path = folder / (f"{CHILDREN[:-4]} v{number}.csv" if number < 2000 else f"{number}.jpg")
        path.write_bytes(b"%d" % number)
        os.utime(path, (10**9, 10**9))
    begun = time.perf_counter()
    found = office.discover()
    assert (found.files_seen, found.files_new, len(found.unmatched)) == (10_000, 2000, 8000)
    assert time.perf_counter() - begun < 20
    begun = time.perf_counter()
    office.discover()
    assert time.perf_counter() - begun < 8
    lines = list(odd_files(found))
    assert lines[50] == "GLG: and 7,950 more files have no name we know (the first 50 are named)"


def _aged(path: Path, seconds: float) -> None:
    """As if last written so many seconds ago; negative: by a clock ahead of ours."""
    when = time.time() - seconds
    os.utime(path, (when, when))


def test_a_file_written_to_just_now_is_left_with_its_delivery_until_it_rests(office: Office) -> None:
    office.write(six_children())
    path = office.settings.arrivals / "GLG" / CHILDREN
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    found = office.discover()
    assert (found.growing, found.submissions, found.waiting) == ([("GLG", CHILDREN)], [], [])
    (line,) = odd_files(found)
    assert line.startswith("ARRIVAL-024: a file is still being written, and is left until it is whole. Where: GLG,")
    path.write_bytes(whole)
    _aged(path, 11)
    found = office.discover()
    assert [len(one.files) for one in found.registered] == [6], "one delivery, not a half and a whole one"
    assert found.growing == []


@pytest.mark.parametrize(("seconds", "growing"), [(3, 1), (-3, 1), (15, 0), (-3600, 0)])
def test_a_clock_a_little_ahead_may_mean_a_growing_file_and_one_far_ahead_nothing(
    office: Office, seconds: int, growing: int
) -> None:
    office.write(six_children())
    _aged(office.settings.arrivals / "GLG" / CHILDREN, seconds)
    found = office.discover()
    assert (len(found.growing), len(found.registered)) == (growing, 1 - growing)


def test_a_large_local_file_is_read_again_only_when_touched_or_a_day_old(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(six_children())
    monkeypatch.setattr(search, "NOTED_FROM", 1)
    read: list[str] = []
    monkeypatch.setattr(search, "hash_of", lambda chunks: read.append("") or hash_of(chunks))  # type: ignore[func-returns-value]
    office.discover()
    assert len(read) == 6
    office.discover()
    assert len(read) == 6
    # The same name, size and time of writing: that something was changed still shows.
    path = office.settings.arrivals / "GLG" / CHILDREN
    former = path.stat().st_mtime
    path.write_bytes(path.read_bytes().replace(b"C001", b"C009", 1))
    os.utime(path, (former, former))
    assert len(office.discover().registered) == 1
    assert len(read) == 7
    with office.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE ledger.listing SET read_at = read_at - interval '21 hours'"))
    office.discover()
    assert len(read) == 13


def test_a_look_that_does_not_tell_leaves_the_news_to_the_next(office: Office) -> None:
    def look(**options: bool) -> list[str]:
        return list(news(discover(office.settings, office.contracts, office.suppliers, office.ledger, **options)))

    office.write(six_children())
    look()
    folder = office.settings.arrivals / "GLG"
    folder.rename(folder.with_name("moved"))
    assert [line[:11] for line in (*look(tells=False), *look(tells=False), *look())] == ["ARRIVAL-018"] * 3
    assert look() == look(tells=False) == []
    folder.with_name("moved").rename(folder)
    assert [line[:17] for line in (*look(tells=False), *look())] == ["over: ARRIVAL-018"] * 2
    assert look() == []


@pytest.mark.long
def test_a_file_of_two_gigabytes_takes_no_memory(office: Office) -> None:
    folder = office.settings.arrivals / "GLG"
    folder.mkdir(parents=True)
    with (folder / CHILDREN).open("wb") as file:
        file.truncate(2 << 30)
    os.utime(folder / CHILDREN, (10**9, 10**9))
    most, done = [0], threading.Event()
    process = psutil.Process()
    before = process.memory_info().rss

    def watch() -> None:
        while not done.wait(0.02):
            most[0] = max(most[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    found = office.discover()
    done.set()
    watcher.join()
    assert found.files_new == 1
    assert most[0] - before < 50 << 20


def test_what_a_killed_run_left_is_cleared_but_not_what_another_writes(settings: Settings) -> None:
    def chunks() -> object:
        yield b"begun"
        (mine,) = (settings.archive / archive.INCOMING).iterdir()
        old = mine.with_name("abandoned.unfinished")
        old.write_bytes(b"half")
        for path in (mine, old):
            os.utime(path, (0, 0))
        archive.clear_abandoned(settings)
        assert list((settings.archive / archive.INCOMING).iterdir()) == [mine]
        yield b" and ended"

    sha256 = archive.keep(settings, chunks())  # type: ignore[arg-type]
    assert archive.archive_path(settings, sha256).read_bytes() == b"begun and ended"


def test_a_full_disk_is_ours_and_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.write(six_children())

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(archive.os, "write", full)
        with pytest.raises(PactFailure) as failed:
            office.discover()
    assert str(failed.value) == (
        "ARRIVAL-001: a file could not be copied into the archive (the disk is full). Where: PACT_HOME/archive. To mend: see to the"
        " disk, and run again: nothing half-copied was left."
    )
    assert not list(office.settings.archive.rglob("*.unfinished"))
    assert len(office.discover().registered) == 1


# --- URLs


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("arrivals/GLG", SourceUrl("file", "arrivals/GLG")),
        ("/srv/sftp/fife", SourceUrl("file", "/srv/sftp/fife")),
        ("sftp://a@h:2222/out/my%20files", SourceUrl("sftp", "/out/my files", "a", "h", 2222)),
        ("sftp://h", SourceUrl("sftp", "/", "", "h", 22)),
        ("s3://bucket/a/b/", SourceUrl("s3", "a/b", "", "bucket", 22)),
    ],
)  # fmt: skip
def test_urls_are_taken_apart(url: str, parts: SourceUrl) -> None:
    assert (fault_of(url), taken_apart(url)) == (None, parts)


@pytest.mark.parametrize(
    "url",
    [
        "sftp://a:sentinel@h/out", "sftp://a:senti/nel@h/out", "sftp://a:22/sentinel@h/out", "sftp://a:senti#nel@h/x",
        "sftp://a:senti?nel@h/x", "sftp://a:senti@nel@h/x", "s3://AK:sentinel@bucket/x", "s3://sentinel@bucket/x",
        "sftp://h/out?password=sentinel", "simplecache::sftp://a:sentinel@h/x", "ftp://a:sentinel@h/x", "sftp:///sentinel",
    ],
)  # fmt: skip
def test_a_url_with_a_password_is_refused_without_quoting_it(url: str, office: Office, move: Move) -> None:
    fault = fault_of(url)
    assert fault is not None
    assert "sentinel" not in "".join(fault)
    with pytest.raises(ValueError, match="URL"):
        taken_apart(url)


# --- secrets


def test_the_environment_wins_over_the_file(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings.secrets_file
    path.parent.mkdir()
    path.write_text("GLG: {password: from the file, user: clerk}\n")
    path.chmod(0o600)
    monkeypatch.setenv("PACT_SECRET_GLG_PASSWORD", "from the environment")
    found = credentials_of(settings, "GLG")
    assert (found.password, found.user) == ("from the environment", "clerk")
    assert repr(found) == f"{found}" == "Credentials(not shown)"
    with pytest.raises(TypeError):
        pickle.dumps(found)


ENTRY = "mend it; an entry is written like  GLG: {password: '…'}  or  EDH: {access_key: '…', secret_key: '…'}"


@pytest.mark.parametrize(
    ("text", "mode", "what"),
    [
        ("GLG: {password: sentinel}", 0o640, "{path} may be read or changed by others, so it isn't used"),
        ("GLG: {password: sentinel", 0o600, "{path} can't be read as YAML near line 1"),
        ("GLG: sentinel", 0o600, "{path} has an entry for GLG with something else than {fields}"),
        ("GLG: {sentinel: x}", 0o600, "{path} has an entry for GLG with something else than {fields}"),
        ("- sentinel", 0o600, "{path} doesn't have an entry for each supplier"),
        ("GLG: {password: 4711}", 0o600, "{path} has a value for GLG that is no text: put it into quotation marks"),
    ],
)
def test_a_secrets_file_that_cannot_be_used_says_why_and_quotes_nothing(
    settings: Settings, text: str, mode: int, what: str
) -> None:
    path = settings.secrets_file
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(mode)
    fields = "user, password, private_key_file, passphrase, access_key, secret_key, session_token, endpoint_url, region"
    with pytest.raises(SourceError) as failed:
        credentials_of(settings, "GLG")
    mend = f"run: chmod 600 {path}" if mode != 0o600 else ENTRY
    what = what.format(path=path, fields=fields)
    assert str(failed.value) == f"ARRIVAL-017: the secrets file {what}. To mend: {mend}"
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)


def test_a_broken_secrets_file_stops_no_folder(office: Office, move: Move) -> None:
    office.settings.secrets_file.parent.mkdir()
    office.settings.secrets_file.write_text("{")
    office.settings.secrets_file.chmod(0o600)
    office.write(six_children(), "FIF")
    move("GLG", "s3://bucket/GLG")
    found = office.discover()
    assert [one.supplier for one in found.registered] == ["FIF"]
    assert [(one.supplier, one.code) for one in found.source_errors] == [("GLG", "ARRIVAL-017")]


def test_what_a_library_says_goes_no_further() -> None:
    try:
        try:
            raise yaml.YAMLError("sentinel one")
        except yaml.YAMLError as error:
            raise RuntimeError("sentinel two") from error
    except RuntimeError as error:
        told = source_error_of(error)
    assert str(told).startswith("ARRIVAL-022: the place couldn't be read (RuntimeError). To mend: ")
    assert (told.__cause__, told.__context__) == (None, None)
    assert repr(Credentials(password="sentinel")) == "Credentials(not shown)"


def test_folders_alone_load_no_library_of_servers() -> None:
    code = (
        "import sys, pact_pipeline.arrival.discover, pact_pipeline.arrival.search;"
        "print([name for name in ('paramiko', 's3fs', 'botocore', 'aiohttp') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_two_looks_at_once_tell_a_trouble_once(office: Office, move: Move) -> None:
    from concurrent.futures import ThreadPoolExecutor

    move("GLG", "s3://bucket/GLG")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(office.discover) for _ in range(2)]
    assert sorted(trouble.state for one in both for trouble in one.result().source_errors) == ["new", "standing"]
