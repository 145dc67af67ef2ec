"""Whether the lake holds what was written to it: every file is proven by the hash the ledger keeps, where it is read.

Rows can't prove a file: one whose column was rewritten has as many. What is gone or changed is damage of ours, never a
supplier's: nothing is judged or built from it, and what to restore is named. A file that was replaced or removed by record
(`replacement`) is what its record says.
"""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline.failures import PactFailure
from pact_pipeline.lake.files import hash_of_file
from pact_pipeline.lake.paths import LakeFiles, below_home
from pact_pipeline.lake.replacement import finish_replacements
from pact_pipeline.ledger import LakeFile, Ledger
from pact_pipeline.settings import Settings

OPEN_TREE = "lake/open/"
NAMED = 5
_AT_ONCE = 8


def prove_lake(settings: Settings, ledger: Ledger, lake_names: Collection[str]) -> int:
    """Prove every file of the open tree that these judgings wrote, taken and refused rows; how many there are.

    Raises PactFailure LAKE-010 where some are gone or changed.
    """
    finish_replacements(settings, ledger)
    unrecorded = record_found(settings, ledger)
    files = ledger.lake_files()
    files = files[files["lake_name"].isin(set(lake_names)) & files["path"].str.startswith(OPEN_TREE)]
    broken = [path for name, path in unrecorded if name in set(lake_names) and path.startswith(OPEN_TREE)]
    broken += damaged(settings, files)
    if broken:
        raise damage(broken)
    return len(files)


def damaged(settings: Settings, files: pd.DataFrame) -> list[str]:
    """Of the ledger's files (path, sha256: empty where it was removed by record) those that aren't what they should be."""
    expected = files.dropna(subset=["sha256"])

    def is_whole(path: str, sha256: str) -> bool:
        try:
            return hash_of_file(settings.home / path).sha256 == sha256
        except OSError:
            return False

    # Hashing leaves Python's lock, so that a few threads read and hash side by side.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        whole = list(pool.map(is_whole, expected["path"], expected["sha256"]))
    return [path for path, good in zip(expected["path"], whole, strict=True) if not good]


def damage(paths: list[str]) -> PactFailure:
    """Files of the lake that are not what was written: which, and what to do."""
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    files, are, them = ("files", "are", "them") if len(paths) > 1 else ("file", "is", "it")
    return PactFailure(
        "LAKE-010",
        f"{len(paths)} {files} of the lake {are} gone or not what was written there: this is damage of ours",
        where=", ".join(paths[:NAMED]) + more,
        mend=f"restore {them} from the backup; the suppliers need do nothing. Nothing was judged or built from {them}, and"
        " what is in force stays. All that is damaged is named by: pact lake prove",
    )


def record_found(settings: Settings, ledger: Ledger) -> list[tuple[str, str]]:
    """Enter the hashes of files that judgings wrote before hashes were kept, as they lie there now, where they have the rows
    that the ledger counted. Returns those that have not, or are gone: (lake name, path)."""
    found: list[tuple[str, int, LakeFile]] = []
    broken: list[tuple[str, str]] = []
    for _, tables in ledger.without_files().groupby("lake_name", sort=False):
        first = tables.iloc[0]
        files = [one for row in tables.to_dict("records") for one in _files_of(settings, row)]
        lacking = [below_home(settings, path) for path, rows in files if not _has_rows(path, rows)]
        if lacking:
            broken += [(str(first["lake_name"]), path) for path in lacking]
            continue
        for path, _ in files:
            if path.is_file():
                written = hash_of_file(path)
                file = LakeFile(below_home(settings, path), written.sha256, written.bytes)
                found.append((str(first["submission_id"]), int(first["judging"]), file))
    if found:
        ledger.record_found(found)
    return broken


def _files_of(settings: Settings, row: Mapping[Any, Any]) -> Iterator[tuple[Path, int | None]]:
    """The files one table of a judging has, with their rows; None for one that need not be there: a table in which nothing
    identifies anybody has no restricted file, and rows held back with the whole submission are in no file."""
    files = LakeFiles.of(settings, row["collection"], row["table_name"], row["lake_name"])
    if row["taken"]:
        yield files.open, int(row["rows_taken"])
        yield files.restricted, None
    if row["rows_refused"]:
        refused = int(row["rows_refused"]) if row["taken"] else None
        yield files.open_refused, refused
        yield files.restricted_refused, refused


def _has_rows(path: Path, rows: int | None) -> bool:
    if not path.is_file():
        return rows is None
    try:
        return rows is None or pq.read_metadata(path).num_rows == rows
    except (OSError, pa.ArrowException):
        return False
