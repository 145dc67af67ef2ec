"""The archive: every file that ever arrived, once, under its SHA-256. Restricted, and nothing in it is ever changed."""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex

from pact_pipeline import clock
from pact_pipeline.disk import SOMETHING_ELSE, disk_failure, in_words, open_ours
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings, restricted_folder

INCOMING = "incoming"
# Nobody takes longer from making a file to locking it; one younger may be another run's that did not get so far.
_ABANDONED_AFTER = 60.0
_AT_ONCE = 8


def archive_path(settings: Settings, sha256: str) -> Path:
    return settings.archive / sha256[:2] / sha256


def proven_file(settings: Settings, sha256: str, came_as: str, removed: Mapping[str, str]) -> Path:
    """Where the bytes lie that came, hashed now: a name proves them only when they were written.

    `came_as`: the file's name and whose it is, to be told; `removed`: by record, see `Ledger.removed`. Raises PactFailure
    ARCHIVE-001 where they are gone or changed, ARCHIVE-002 where they were removed by record: damage or doing of ours, so
    that no verdict is reached.
    """
    path = archive_path(settings, sha256)
    name = path.relative_to(settings.home).as_posix()
    if name in removed:
        raise PactFailure(
            "ARCHIVE-002",
            f"the file was removed from the archive on purpose, so that it can't be judged again ({removed[name]})",
            where=f"{name} ({came_as})",
            mend="nothing: the verdict that was reached before stands.",
        )
    try:
        with open_ours(path) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        found = ""
    except OSError as error:
        if error.errno not in SOMETHING_ELSE:
            raise disk_failure(error, f"reading a file of the archive ({came_as})", name) from None
        found = "something else lies there"
    if found == sha256:
        return path
    raise PactFailure(
        "ARCHIVE-001",
        f"a file that came is {'not what came any more' if found else 'gone'} in the archive: this is damage of ours",
        where=f"{name} ({came_as})",
        mend="restore it from the backup and run again; the supplier need do nothing. No verdict was reached, and what is in"
        " force stays.",
    )


def damaged_files(settings: Settings, kept: Iterable[str], removed: Mapping[str, str]) -> list[str]:
    """Of these files (SHA-256) the paths below PACT_HOME of those that are gone or changed, without those removed by record."""

    def problem(sha256: str) -> str:
        try:
            proven_file(settings, sha256, "", {})
        except PactFailure:
            return archive_path(settings, sha256).relative_to(settings.home).as_posix()
        return ""

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [path for path in pool.map(problem, sorted(kept)) if path and path not in removed]


def is_kept(settings: Settings, sha256: str, size: int) -> bool:
    """Whether a file of that size has its name in the archive. One that was cut since has another, and is written anew."""
    try:
        return archive_path(settings, sha256).stat().st_size == size
    except OSError:
        return False


def hash_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 of what is read. Memory stays at a chunk."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def keep(settings: Settings, chunks: Iterable[bytes]) -> str:
    """Write what is read into the archive and return its SHA-256; read once, at a chunk of memory.

    It is hashed as it is written and gets its name only when whole, so a name in the archive proves its bytes. Whatever
    `chunks` raises leaves nothing behind. Raises PactFailure ARRIVAL-001 where the archive can't be written.
    """
    incoming = _Incoming(settings)
    try:
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
            incoming.write(chunk)
        sha256 = digest.hexdigest()
        incoming.becomes(archive_path(settings, sha256))
    finally:
        incoming.close()
    return sha256


def clear_abandoned(settings: Settings) -> None:
    """Remove what killed runs left half-written. A file still being written is locked by its run."""
    for path in (settings.archive / INCOMING).glob("*.unfinished"):
        try:
            if clock.now().timestamp() - path.stat().st_mtime < _ABANDONED_AFTER:
                continue
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
        except OSError:
            # Another run's, or gone since.
            continue


class _Incoming:
    """A file on its way into the archive. An error of the disk is ours (ARRIVAL-001), so that it can't be taken for one
    of the place that is read."""

    def __init__(self, settings: Settings) -> None:
        problem = ""
        try:
            restricted_folder(settings.archive)
            folder = restricted_folder(settings.archive / INCOMING)
            self._path = folder / f"{token_hex(8)}.unfinished"
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            problem = in_words(error)
        if problem:
            raise _not_written(problem)

    def write(self, chunk: bytes) -> None:
        problem, left = "", memoryview(chunk)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError as error:
            problem = in_words(error)
        if problem:
            raise _not_written(problem)

    def becomes(self, target: Path) -> None:
        """Give the whole file its name. The same bytes may be there already: nothing is lost then."""
        problem = ""
        try:
            os.fsync(self._descriptor)
            restricted_folder(target.parent)
            self._path.replace(target)
        except OSError as error:
            problem = in_words(error)
        if problem:
            raise _not_written(problem)

    def close(self) -> None:
        os.close(self._descriptor)
        self._path.unlink(missing_ok=True)


def _not_written(problem: str) -> PactFailure:
    return PactFailure(
        "ARRIVAL-001",
        f"a file could not be copied into the archive ({problem})",
        where="PACT_HOME/archive",
        mend="see to the disk, and run again: nothing half-copied was left.",
    )
