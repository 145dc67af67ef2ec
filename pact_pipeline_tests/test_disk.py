"""Files are written whole whoever else writes, what killed runs left goes, and errors of disks are told as that."""

import errno
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import psycopg.errors
import pytest
from sqlalchemy.exc import OperationalError

from pact_pipeline.cli import main as cli
from pact_pipeline.disk import disk_behind, number_in, write_text_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.lake.files import read_ours
from pact_pipeline.settings import CHECKOUT


def test_what_a_killed_writer_left_goes_with_the_next_and_what_one_is_writing_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    writes = (
        "import os, sys; from pathlib import Path; from pact_pipeline import disk\n"
        "real = os.fsync\n"
        "os.fsync = lambda _: (print('written', flush=True), sys.stdin.read())\n"
        f"disk.write_text_whole(Path({str(page)!r}), 'the other')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writes], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "written\n"
        (unfinished,) = tmp_path.iterdir()
        write_text_whole(page, "ours")
        assert unfinished.exists()
        other.kill()
    write_text_whole(page, "ours again")
    assert list(tmp_path.iterdir()) == [page]
    assert page.read_text() == "ours again"


def test_many_writers_of_one_file_leave_the_whole_of_one(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    texts = [f"{number}" * 10_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_text_whole(page, text), texts * 20))
    assert page.read_text() in texts
    assert list(tmp_path.iterdir()) == [page]


def test_a_link_laid_beside_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("theirs")
    (tmp_path / ".page.html.0000.unfinished").symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic links"):
        write_text_whole(tmp_path / "page.html", "ours")
    assert elsewhere.read_text() == "theirs"


def wrapped(error: BaseException) -> BaseException:
    """As a library hands an error on."""
    try:
        try:
            raise error
        except BaseException as behind:
            raise RuntimeError("a library's own words, with a cell in them") from behind
    except RuntimeError as told:
        return told


FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere/file")
SERVER_FULL = psycopg.errors.DiskFull("could not extend file: No space left on device. DETAIL: a cell")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FULL, "DISK-001: the disk is full, while doing what was asked. Where: /somewhere/file."),
        (wrapped(FULL), "DISK-001: the disk is full, while doing what was asked. Where: /somewhere/file."),
        (wrapped(OperationalError("INSERT", {}, SERVER_FULL)), "DISK-003: the warehouse can't be written: the disk of its"),
        (SERVER_FULL, "DISK-003: the warehouse can't be written: the disk of its server is full."),
    ],
    ids=["the system's", "a library's", "the server's, by a library", "the server's"],
)  # fmt: skip
def test_an_error_of_a_disk_is_found_behind_a_librarys(error: BaseException, told: str) -> None:
    assert str(disk_behind(error)).startswith(told)
    assert "a cell" not in str(disk_behind(error))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no disk"),
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        socket.gaierror(socket.EAI_NONAME, "no such host"),
        OSError("a library's own"),
    ],
)
def test_what_is_no_error_of_a_disk_is_none(error: BaseException) -> None:
    assert disk_behind(error) is None
    assert disk_behind(wrapped(error)) is None


def test_a_full_disk_is_told_by_the_command_as_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise wrapped(FULL)

    monkeypatch.delenv("PACT_TRACEBACK", raising=False)
    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit, match="1"):
        cli.main()
    assert "DISK-001: the disk is full" in capsys.readouterr().err


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def page_overwritten(data: bytes) -> bytes:
    return data[:4] + b"\xff" * 40 + data[44:]


@pytest.mark.parametrize("harm", [lambda _: b"", cut, page_overwritten], ids=["empty", "cut", "a page overwritten"])
def test_a_file_of_ours_that_can_not_be_read_is_named(tmp_path: Path, harm: object) -> None:
    path = tmp_path / "journey.parquet"
    pd.DataFrame({"a": range(1000), "b": "cell"}).to_parquet(path)
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(PactFailure) as told:
        read_ours(path)
    assert str(told.value).startswith(
        f"DISK-002: a file of ours is damaged: it can't be read as Parquet, while reading journey.parquet. Where: {path}."
    )
    assert told.value.__context__ is None
    path.unlink()
    with pytest.raises(PactFailure, match="DISK-001: a file or folder that must be there is gone"):
        read_ours(path)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (f'Could not write "/a/b": {os.strerror(errno.ENOSPC)}', errno.ENOSPC),
        (f'Cannot open file "/a/b": {os.strerror(errno.EACCES)}', errno.EACCES),
        ("Could not read from file", errno.EIO),
    ],
)
def test_the_number_of_an_error_is_taken_from_words(words: str, number: int) -> None:
    assert number_in(words) == number
