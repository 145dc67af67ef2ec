"""What becomes of an error of the disk: one of ours, in words for whoever must make room or mend it.

Here: the words, and files and folders brought to the disk whole. An error of the disk is never "a fault of the program".
Not here: what a layer undoes when it happens.
"""

import errno
import fcntl
import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

import pyarrow as pa

from pact_pipeline.failures import PactFailure

UNFINISHED = ".unfinished"
OF_THE_SERVER = {"53100": "the disk of its server is full", "58030": "the disk of its server failed"}
"""What PostgreSQL's states of a disk in trouble mean."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_GONE = frozenset({errno.ENOENT, errno.ESTALE})
SOMETHING_ELSE = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY, errno.ELOOP})
_WORDS = (
    (_FULL, "the disk is full", "make room on it and run again"),
    (
        _CLOSED,
        "a file or folder may not be read or written",
        "mend its permissions, or run as its owner, and run again",
    ),
    (
        _GONE,
        "a file or folder that must be there is gone",
        "restore it from the backup, or make it again, and run again",
    ),
    (SOMETHING_ELSE, "something else lies in its place", "take it away and run again"),
)
_OF_A_NETWORK = (ConnectionError, TimeoutError, socket.gaierror)
_FAILED = "see to the disk (its system's log names the fault) and run again"


def number_in(words: str) -> int:
    """The number of the error of the disk that a library's words name, EIO where they name none."""
    return next((one for one in (*_FULL, *_CLOSED, *_GONE) if os.strerror(one) in words), errno.EIO)


def in_words(error: BaseException) -> str:
    """What an error of the disk is, in a few words without a path: "the disk is full"; the name of any other kind."""
    number = getattr(error, "errno", None)
    for numbers, what, _ in _WORDS:
        if number in numbers:
            return what
    if isinstance(number, int):
        return f"the disk failed, {errno.errorcode.get(number, number)}"
    return type(error).__name__


def disk_failure(
    error: OSError | pa.ArrowException, doing: str, where: Path | str = "", *, undone: bool = True
) -> PactFailure:
    """What an error of the disk is told as. `doing`: what was under way, as "writing the build"; `undone`: whether it leaves
    nothing half-done, as everything does that is written whole or not at all."""
    number = getattr(error, "errno", None)
    named = getattr(error, "filename", None)
    place = str(where) or (str(named) if isinstance(named, str | Path) else "")
    if number is None:  # what reads Parquet says that it can't
        return PactFailure(
            "DISK-002",
            f"a file of ours is damaged: it can't be read as Parquet, while {doing}",
            where=place,
            mend="restore it from the backup. A build is made anew from the lake with: pact build.",
        )
    mend = next((words for numbers, _, words in _WORDS if number in numbers), _FAILED)
    mend += ": nothing half-done was left." if undone else "."
    return PactFailure("DISK-001", f"{in_words(error)}, while {doing}", where=place, mend=mend)


@contextmanager
def told_as_disk(doing: str, where: Path | str = "") -> Iterator[None]:
    """An error of the disk in here is told as that."""
    failure: PactFailure | None = None
    try:
        yield
    except OSError as error:
        failure = disk_failure(error, doing, where)
    # Raised outside of the handler, so that a library's message, which can hold a cell, isn't even kept as context.
    if failure is not None:
        raise failure


def disk_behind(
    error: BaseException, doing: str = "doing what was asked", *, undone: bool = False
) -> PactFailure | None:
    """The error of a disk, ours or the warehouse's server's, that this is or that a library made its own of; None where there
    is none: a network's errors, which Python counts among the system's, aren't any."""
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        what = OF_THE_SERVER.get(str(getattr(getattr(behind, "orig", behind), "sqlstate", None)))
        if what:
            return PactFailure(
                "DISK-003",
                f"the warehouse can't be written: {what}",
                mend="make room there, or mend it, and run again.",
            )
        if isinstance(behind, OSError) and behind.errno is not None and not isinstance(behind, _OF_A_NETWORK):
            return disk_failure(behind, doing, undone=undone)
        behind = behind.__cause__ or behind.__context__
    return None


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Held by one process at a time, by a lock on a file in the folder. Raises OSError."""
    held = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def write_text_whole(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a text file so that a reader sees the whole of it or what was there before. Raises OSError."""
    write_whole(path, lambda out: out.write(text.encode()), mode=mode)


def write_whole(path: Path, write: Callable[[BinaryIO], object], *, mode: int = 0o644) -> None:
    """Let `write` fill a file so that a reader sees the whole of it or what was there before. Raises OSError, and what `write`
    raises.

    Not for files of the lake and the archive, which get their names several at once or by their contents.
    """
    for left in path.parent.glob(f".{path.name}.*{UNFINISHED}"):
        _remove_if_left(left)
    descriptor, unfinished = _held_beside(path, mode)
    try:
        with os.fdopen(descriptor, "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
            unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _held_beside(path: Path, mode: int) -> tuple[int, Path]:
    """A new file beside another, held by a lock while it is written: one that nobody holds was left by a killed run."""
    while True:
        # A name of its own: two that write at once must not write into one file, and nobody can lay a link there beforehand.
        unfinished = path.with_name(f".{path.name}.{token_hex(4)}{UNFINISHED}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if unfinished.exists():  # else somebody took it for left, before it was held
            return descriptor, unfinished
        os.close(descriptor)


def _remove_if_left(unfinished: Path) -> None:
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_NOFOLLOW)
    except (FileNotFoundError, PermissionError):
        return  # gone by now, or another user's
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unfinished.unlink(missing_ok=True)
    except BlockingIOError:
        pass  # somebody writes it now
    finally:
        os.close(descriptor)


def open_ours(path: Path) -> BufferedReader:
    """Open a file that we wrote. Raises OSError, also where something else than a file lies there: a pipe would be waited at for
    ever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EEXIST, "no file", str(path))
    return os.fdopen(descriptor, "rb")


def flush_tree(folder: Path) -> None:
    """Bring every file and name below a folder to the disk, before it gets the name by which it counts. Raises OSError."""
    for place, _, files in os.walk(folder):
        for name in files:
            if Path(place, name).is_file():
                flush_folder(Path(place, name))
        flush_folder(Path(place))


def flush_folder(path: Path) -> None:
    """Bring a folder's names, or a file's bytes, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
