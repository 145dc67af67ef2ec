"""A supplier's place: listing the files in it and reading one, whether it is a folder, an SFTP server or an S3 store.

All are fsspec's file systems. Not here: what a file's name means (`find`), and what to do when something fails (`search`).
"""

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

from pact_pipeline import clock
from pact_pipeline.arrival.source_errors import (
    FILE_CLOSED,
    FILE_GROWING,
    FILE_LINK,
    FILE_SPECIAL,
    Kind,
    SourceError,
)

CHUNK = 1 << 20
# An upload over a slow line rests now and then; a file that was written to just now may be half of one.
SETTLED_AFTER = timedelta(seconds=10)
# What editors, Excel and transfer programs leave beside a file, or a file not yet whole.
_NOT_A_DELIVERY = re.compile(
    r"(\..*|~\$.*|.*\.(part|partial|filepart|tmp|crdownload|swp)|thumbs\.db|desktop\.ini)", re.I | re.S
)


@dataclass(frozen=True)
class Listed:
    """A file as its place lists it.

    `name` is plain Unicode in composed form: a Mac writes é as two signs, and both must match one pattern.
    `modified_at`: when it was last written as the place tells it, never in the future; `stamp`: all that the place says of
    time and version, '' if nothing.
    `settled` is False where the file was written to within `SETTLED_AFTER` of the look, so that it may be half of one.
    """

    path: str
    name: str
    bytes: int
    modified_at: datetime
    stamp: str = ""
    settled: bool = True


@dataclass(frozen=True)
class UnreadableEntry:
    """Something in a place that can't be read; `name` is '' for a folder."""

    path: str
    name: str
    kind: Kind


class Source:
    """A place that is open. Listing and reading raise whatever the library raises: see `source_errors.source_error_of`."""

    written_in_place = False
    """Whether a file is seen while it is written; in an object store it appears when it is whole."""
    tells_upload = False
    """Whether `modified_at` is when the file was put there, by the place's own clock; elsewhere the sender sets it."""

    def __init__(
        self, files: AbstractFileSystem, root: str, *, local: bool = False, close: Callable[[], None] | None = None
    ) -> None:
        self._files, self._root, self._local, self._close = files, root, local, close

    def contents(self) -> tuple[list[Listed], list[UnreadableEntry]]:
        """All files below the place's folder, sorted by path. Raises FileNotFoundError where there is no folder."""
        now = clock.now()
        found: list[Listed] = []
        unreadable: list[UnreadableEntry] = []
        inside = f"{os.path.realpath(self._root).rstrip('/')}/" if self._local else ""
        folders = [self._root]
        while folders:
            folder = folders.pop()
            try:
                entries = self._entries(folder)
            except PermissionError:
                if folder == self._root:
                    raise
                unreadable.append(UnreadableEntry(folder, "", FILE_CLOSED))
                continue
            except FileNotFoundError:
                # A subfolder that was moved away between two listings.
                if folder == self._root:
                    raise
                continue
            for entry in entries:
                path, name = str(entry["name"]), plain_name(str(entry["name"]))
                if entry.get("islink") and self._local:
                    entry = _followed(entry, inside)
                kind = entry["type"]
                if kind == "directory" and not entry.get("islink"):
                    folders.append(path)
                elif _NOT_A_DELIVERY.fullmatch(name) or path == folder:
                    continue
                elif entry.get("islink") and kind != "file":
                    unreadable.append(UnreadableEntry(path, "" if kind == "directory" else name, FILE_LINK))
                elif kind == "file":
                    found.append(_listed(path, name, entry, now, written_in_place=self.written_in_place))
                elif kind != "directory":
                    # Never opened: reading a FIFO waits for a writer that may not come.
                    unreadable.append(UnreadableEntry(path, name, FILE_SPECIAL))
        return sorted(found, key=lambda file: file.path), sorted(unreadable, key=lambda one: one.path)

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._files.ls(folder, detail=True)
        return listed

    def read(self, file: Listed) -> Iterator[bytes]:
        """The file's bytes in pieces. Raises PlaceTrouble ARRIVAL-024 at the end where it changed since it was listed."""
        with self._files.open(file.path, "rb") as source:
            yield from whole(source, file.bytes)

    def close(self) -> None:
        if self._close is not None:
            self._close()


class Folder(Source):
    """A folder of this machine."""

    written_in_place = True

    def read(self, file: Listed) -> Iterator[bytes]:
        # Not followed if it became a link since it was listed; links within the place were followed then.
        path = os.path.realpath(file.path) if Path(file.path).is_symlink() else file.path
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb", buffering=0) as source:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                raise SourceError(FILE_CLOSED)
            yield from whole(source, file.bytes)
            if os.fstat(source.fileno()).st_size != file.bytes:
                raise SourceError(FILE_GROWING)


def whole(source: Any, expected: int) -> Iterator[bytes]:
    """A stream in pieces, as many bytes as were listed. Raises PlaceTrouble ARRIVAL-024 where it has more or fewer."""
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > expected:
            break
        yield chunk
    if size != expected:
        raise SourceError(FILE_GROWING)


def _followed(entry: dict[str, Any], inside: str) -> dict[str, Any]:
    """What a link of this machine leads to, if that is a file below `inside`.

    A supplier's link to our keys, named like a return, would carry them into the feedback.
    """
    real = os.path.realpath(str(entry["name"]))
    try:
        found = os.stat(real)  # noqa: PTH116 - as the paths are text here
    except OSError:
        return entry | {"type": "other"}
    if real.startswith(inside) and stat.S_ISREG(found.st_mode):
        now = {"size": found.st_size, "mtime": found.st_mtime, "created": found.st_ctime, "ino": found.st_ino}
        return entry | {"type": "file"} | now
    return entry | {"type": "directory" if stat.S_ISDIR(found.st_mode) else "other"}


def plain_name(path: str) -> str:
    """The last part of a path, composed, with bytes that are no text written out: safe in a pattern and a database."""
    return unicodedata.normalize("NFC", plain_text(PurePosixPath(path).name))


def plain_text(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def _listed(path: str, name: str, entry: dict[str, Any], now: datetime, *, written_in_place: bool) -> Listed:
    modified = _modified(entry)
    version = str(entry.get("ETag") or entry.get("etag") or "").strip('"')
    # Of this machine's: when anything of the file was last changed. Unlike the time of writing nobody can set it back.
    version = version or (f"{entry['created']} {entry['ino']}" if "ino" in entry else "")
    stamp = " ".join(part for part in (modified.isoformat() if modified else "", version) if part)
    # Either way, as its clock may be a little ahead of ours. A time that is far ahead is a wrong clock or time zone, and
    # says nothing; waiting for it would be waiting for hours.
    settled = not written_in_place or modified is None or abs(now - modified) >= SETTLED_AFTER
    return Listed(path, name, int(entry["size"]), min(modified or now, now), stamp, settled)


def _modified(entry: dict[str, Any]) -> datetime | None:
    """When a file was last written, from whatever a file system calls it; None where it doesn't say."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "created"):
        when = entry.get(key)
        if isinstance(when, int | float):
            return datetime.fromtimestamp(when, UTC)
        if isinstance(when, datetime):
            return when if when.tzinfo else when.replace(tzinfo=UTC)
    return None
