"""What becomes of an error of the disk: one of ours, in words for whoever must make room or mend it.

Here: the words, and files and folders brought to the disk whole. An error of the disk is never "a fault of the program".
Not here: what a layer undoes when it happens.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pyarrow as pa

from pact_pipeline.failures import PactFailure

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_GONE = frozenset({errno.ENOENT, errno.ESTALE})
_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY})
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
    (_IN_THE_WAY, "something else lies in its place", "take it away and run again"),
)
_FAILED = "see to the disk (its system's log names the fault) and run again"


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
    if isinstance(error, pa.ArrowException) and number is None:
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
def told_as_disk(doing: str, where: Path | str = "", *, reads: bool = False) -> Iterator[None]:
    """An error of the disk in here is told as that; with `reads` also a file of ours that is no Parquet."""
    failure: PactFailure | None = None
    try:
        yield
    except OSError as error:
        failure = disk_failure(error, doing, where)
    except pa.ArrowInvalid as error:
        if not reads:
            raise
        failure = disk_failure(error, doing, where)
    # Raised outside of the handler, so that a library's message, which can hold a cell, isn't even kept as context.
    if failure is not None:
        raise failure


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
    # A name of its own: two that write at once must not write into one file, and nobody can lay a link there beforehand.
    unfinished = path.with_name(f".{path.name}.{token_hex(4)}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


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
