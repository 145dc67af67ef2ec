"""Parquet written so that a reader sees a whole file or none.

A file is written under a temporary name in its own folder, flushed to the disk and renamed. Several files are written
first and renamed last, so that a full disk or a crash while writing leaves the lake as it was.
"""

import hashlib
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline.disk import UNFINISHED, disk_failure, flush_folder, in_words, open_ours
from pact_pipeline.failures import PactFailure

# A marker that no submission id can hold, so that leftovers are known for what they are.

TableMaker = Callable[[], pa.Table]


@dataclass(frozen=True)
class Written:
    """What was written to a file: the SHA-256 of its bytes and their number."""

    sha256: str
    bytes: int


def write_parquet(table: pa.Table, path: Path, *, mode: int = 0o644) -> None:
    """Write one file, whole or not at all. Raises PactFailure LAKE-002 when the disk refuses."""
    write_all({path: table}, restricted=frozenset({path}) if mode == 0o600 else frozenset())


def write_all(
    tables: Mapping[Path, pa.Table | TableMaker], *, restricted: frozenset[Path] = frozenset()
) -> dict[Path, Written]:
    """Write every table to its path (zstd), then rename them all; what was written. `restricted` paths get mode 0600. A
    table given by its maker is made when it is written, so that a large submission's tables aren't in memory together.

    Folders must exist. A name is given once: only what a killed run left under it, which nobody reads, is replaced.
    """
    unfinished: dict[Path, Path] = {}
    written: dict[Path, Written] = {}
    problem = ""
    try:
        for path, table in tables.items():
            # A name of its own: two runs of one submission at once must not write into one file.
            temporary = path.with_name(f"{path.name}.{token_hex(4)}{UNFINISHED}")
            unfinished[path] = temporary
            descriptor = os.open(
                temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if path in restricted else 0o644
            )
            with os.fdopen(descriptor, "wb") as handle:
                made = table if isinstance(table, pa.Table) else table()
                hashing = Hashing(handle)
                pq.write_table(made, hashing, compression="zstd", write_statistics=True)
                del made
                handle.flush()
                os.fsync(handle.fileno())
                written[path] = hashing.written
        for path, temporary in list(unfinished.items()):
            temporary.replace(path)
            del unfinished[path]
        # The ledger must not name a file that a power cut takes back.
        for folder in {path.parent for path in tables}:
            flush_folder(folder)
    except (OSError, pa.ArrowException) as error:
        problem = in_words(error)
    finally:
        for temporary in unfinished.values():
            temporary.unlink(missing_ok=True)
    # Raised outside the handler, so that the library's message (it can hold a cell) isn't even kept as context.
    if problem:
        raise PactFailure(
            "LAKE-002",
            f"the lake could not be written ({problem})",
            where=", ".join(sorted({path.parent.name + "/" + path.name for path in tables})),
            mend="make room on the disk or mend the folder's permissions, and run again: nothing half-done was left.",
        )
    return written


class Hashing:
    """A file on its way to the disk that is hashed as it is written, so that nothing need be read again."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle, self._digest, self._bytes = handle, hashlib.sha256(), 0
        self.closed = False

    def write(self, chunk: bytes) -> int:
        self._digest.update(chunk)
        self._bytes += len(chunk)
        return self._handle.write(chunk)

    def tell(self) -> int:
        return self._bytes

    def flush(self) -> None:
        self._handle.flush()

    def close(self) -> None:
        """What writes a file closes it; whoever opened it still has to bring it to the disk."""

    @property
    def written(self) -> Written:
        return Written(self._digest.hexdigest(), self._bytes)


def read_ours(path: Path) -> pd.DataFrame:
    """A Parquet file that we wrote. Raises PactFailure DISK-002 where it is none any more, DISK-001 where the disk refuses."""
    failure: PactFailure
    try:
        with open_ours(path) as file:  # opened by us: the system's own error says what is wrong, Arrow's has no number
            frame: pd.DataFrame = pq.read_table(file).to_pandas()
        return frame
    except (OSError, pa.ArrowException) as error:
        failure = disk_failure(error, f"reading {path.name}", path)
    raise failure


def hash_of_file(path: Path) -> Written:
    """The hash of what lies there. Raises OSError."""
    with open_ours(path) as file:
        digest = hashlib.file_digest(file, "sha256")
        return Written(digest.hexdigest(), file.tell())


def remove_unfinished(root: Path) -> int:
    """Remove what a killed run left below `root`; the number of files removed."""
    leftovers = list(root.rglob(f"*{UNFINISHED}")) if root.exists() else []
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return len(leftovers)


def remove_named(root: Path, endings: Collection[str], unwanted: Callable[[str], bool]) -> int:
    """Remove the whole files below `root` with one of these endings whose name without it is `unwanted`; how many."""
    found = [
        path
        for path in (root.rglob("*") if root.exists() else ())
        if path.suffix in endings and unwanted(path.name.removesuffix(path.suffix))
    ]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
