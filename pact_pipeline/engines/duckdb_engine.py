"""DuckDB: a database in memory that reads and writes Parquet, and runs one SQL file a table.

Not here: which files run, and in which order (`core.build`, `measures.build`).
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline.disk import number_in
from pact_pipeline.failures import PactFailure

PRELUDE = Path(__file__).parent / "prelude_duckdb.sql"


def load_prelude(db: duckdb.DuckDBPyConnection) -> None:
    """Define the few functions that differ between engines."""
    db.execute(PRELUDE.read_text(encoding="utf-8"))


@contextmanager
def spilling_into(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory. What has no room there lies in the build's folder meanwhile, not where the program was started.

    Raises OSError where DuckDB met one, PactFailure MEMORY-001 where there is room neither in memory nor on the disk.
    """
    spilled = folder / "spilled"
    problem: Exception
    try:
        with duckdb.connect(config={"temp_directory": str(spilled)}) as db:
            yield db
        shutil.rmtree(spilled, ignore_errors=True)
        return
    except duckdb.IOException as error:
        problem = OSError(number := number_in(str(error)), os.strerror(number))
    except duckdb.OutOfMemoryException:
        problem = PactFailure(
            "MEMORY-001",
            "memory is not enough for a build, nor is the room on the disk that it spills to",
            where=str(folder),
            mend="make room on the disk, or run where there is more memory: nothing half-done was left.",
        )
    # Raised outside of the handler: DuckDB's words can hold a cell.
    raise problem


def run_sql(db: duckdb.DuckDBPyConnection, path: Path, table: str, code: str) -> None:
    """Make a table of the statement in a file. Raises PactFailure naming the file, without DuckDB's words."""
    try:
        db.execute(f"create table {table} as {path.read_text(encoding='utf-8')}")
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise  # the disk's, or the memory's: no definition's
    except duckdb.Error as error:
        # DuckDB puts the offending cell into its message, so only the kind of error is told
        raise PactFailure(
            code,
            f"a definition could not run ({type(error).__name__})",
            where="/".join(path.parts[path.parts.index("pact_pipeline") :]),
            mend="run the file's tests; the definition or the schema it reads changed.",
        ) from None


def attach(
    db: duckdb.DuckDBPyConnection, name: str, folder: Path, lake_names: Sequence[str] | pd.Series, schema: pa.Schema
) -> None:
    """A table of the rows of these judgings, with the contract's columns: a file that was written before the contract had a
    column has it empty, and without a file there is no row."""
    store(db, name, schema.empty_table())
    files = [str(folder / f"{key}.parquet") for key in lake_names if (folder / f"{key}.parquet").is_file()]
    if files:
        columns = ", ".join(f'"{column}"' for column in schema.names)
        there = f"select * from {name} union all by name select * from read_parquet($files, union_by_name = true)"  # noqa: S608
        db.execute(f"create or replace table {name} as select {columns} from ({there})", {"files": files})  # noqa: S608


def store(db: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    db.register("arriving", table)
    db.execute(f"create table {name} as select * from arriving")  # noqa: S608 - names are ours
    db.unregister("arriving")


def write_table(db: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    pq.write_table(db.table(name).to_arrow_table(), path, compression="zstd")


def count(db: duckdb.DuckDBPyConnection, name: str) -> int:
    row = db.execute(f"select count(*) from {name}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0
