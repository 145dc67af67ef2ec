"""The archive: every file that ever arrived, once, under its SHA-256. Restricted, and nothing in it is ever changed."""

import hashlib
import os
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, cast

from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings, restricted_folder

CHUNK = 1 << 20


def archive_path(settings: Settings, sha256: str) -> Path:
    return settings.archive / sha256[:2] / sha256


def hash_of(filesystem: AbstractFileSystem, path: str) -> tuple[str, int]:
    """SHA-256 and size in bytes of what can be read at `path` now. Memory stays at one megabyte."""
    digest, size = hashlib.sha256(), 0
    with cast(BinaryIO, filesystem.open(path, "rb")) as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def keep(settings: Settings, filesystem: AbstractFileSystem, path: str, sha256: str) -> bool:
    """Copy a file into the archive unless its bytes are there. False if it changed since it was hashed.

    The copy is hashed as it is written and gets its name only when whole, so a name in the archive proves its bytes.
    """
    target = archive_path(settings, sha256)
    if target.exists():
        return True
    restricted_folder(settings.archive)
    restricted_folder(target.parent)
    temporary = target.with_name(f"{target.name}.{token_hex(4)}.unfinished")
    digest = hashlib.sha256()
    problem = ""
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as copy, cast(BinaryIO, filesystem.open(path, "rb")) as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != sha256:
            return False
        temporary.replace(target)
    except OSError as error:
        problem = type(error).__name__
    finally:
        temporary.unlink(missing_ok=True)
    if problem:
        raise PactFailure(
            "ARRIVAL-001",
            f"a file could not be copied into the archive ({problem})",
            where=Path(path).name,
            mend="see to the disk and the supplier's folder, and run again: nothing half-copied was left.",
        )
    return True
