"""Replacing or removing a file of lake or archive on purpose, by record: the one way in which they change.

The new bytes are written beside the file, the ledger is told old and new hash and why, then the name changes hands. A run
that breaks off before the ledger knew leaves the file as it was; after it, the next run brings it to its end. Both know a
half-done replacement by the file beside.
"""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline.disk import flush_folder, in_words, told_as_disk
from pact_pipeline.failures import PactFailure
from pact_pipeline.lake.files import Hashing, hash_of_file
from pact_pipeline.lake.paths import below_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings

PENDING = ".replacing"


def replace_file(
    settings: Settings, ledger: Ledger, path: Path, table: pa.Table | None, *, because: str, who: str
) -> int:
    """Put `table` in the place of a file of the lake, or take a file of lake or archive away (None); the record's number.

    Raises PactFailure LAKE-013 where the file is not what the ledger says lies there, LAKE-014 where the disk refuses before it
    is recorded, DISK-001 after that.
    """
    name = below_home(settings, path)
    with ledger.one_replacement_at_a_time():
        _finish(settings, ledger)
        old = ledger.hash_now(name)
        try:
            if old is None or hash_of_file(path).sha256 != old:
                raise _not_what_it_was(name)
        except OSError:
            raise _not_what_it_was(name) from None
        new = None if table is None else _write_beside(path, table)
        number = ledger.record_replacement(name, old, new, because=because, who=who)
        with told_as_disk("carrying out a replacement that is recorded (the next run finishes it)", name):
            if new is None:
                path.unlink()
            else:
                _beside(path).replace(path)
            flush_folder(path.parent)
    return number


def finish_replacements(settings: Settings, ledger: Ledger) -> None:
    """Bring to their end the replacements that a killed run recorded and did not carry out, and clear away what it had not
    recorded. Quick where there is none."""
    with ledger.one_replacement_at_a_time():
        _finish(settings, ledger)


def _finish(settings: Settings, ledger: Ledger) -> None:
    for pending in (settings.home / "lake").rglob(f"*{PENDING}"):
        path = pending.with_name(pending.name.removesuffix(PENDING).removeprefix("."))
        if hash_of_file(pending).sha256 == ledger.hash_now(below_home(settings, path)):
            pending.replace(path)
            flush_folder(path.parent)
        else:
            pending.unlink()
    for name in ledger.removed():
        (settings.home / name).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{PENDING}")


def _write_beside(path: Path, table: pa.Table) -> str:
    """Write the new file beside the old one, with its mode; the hash of its bytes."""
    problem = ""
    try:
        descriptor = os.open(_beside(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, path.stat().st_mode & 0o777)
        with os.fdopen(descriptor, "wb") as handle:
            hashing = Hashing(handle)
            pq.write_table(table, hashing, compression="zstd", write_statistics=True)
            handle.flush()
            os.fsync(handle.fileno())
        flush_folder(path.parent)
        return hashing.written.sha256
    except (OSError, pa.ArrowException) as error:
        problem = in_words(error)
    _beside(path).unlink(missing_ok=True)
    raise PactFailure(
        "LAKE-014",
        f"a file of the lake could not be replaced ({problem})",
        where=path.name,
        mend="make room on the disk or mend the folder's permissions, and run again: the file is as it was.",
    )


def _not_what_it_was(name: str) -> PactFailure:
    return PactFailure(
        "LAKE-013",
        "a file that is to be replaced is gone, or is not what the ledger says lies there",
        where=name,
        mend="restore it from the backup first: what is replaced must be known.",
    )
