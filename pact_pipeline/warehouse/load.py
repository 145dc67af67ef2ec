"""Rows from a build's Parquet files into a slot of the warehouse, by ADBC: Arrow in, binary COPY out.

A file is held against its contract before the database sees it, so that what does not fit is told by table and column,
with no value. Not here: which slot (`publish`), the tables (`build_tables`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import URL

from pact_pipeline.contracts.arrow_schema import arrow_schema
from pact_pipeline.disk import OF_THE_SERVER, disk_failure
from pact_pipeline.failures import BuildRefused, PactFailure, WarehouseUnavailable
from pact_pipeline.warehouse.build_tables import PublishedTable
from pact_pipeline.warehouse.connect import libpq_uri

_BATCH = 65_536  # rows at a time: memory stays flat whatever the table's size


@dataclass(frozen=True)
class Source:
    """A table's file, found to have the columns of its contract."""

    table: PublishedTable
    path: Path

    @cached_property
    def schema(self) -> pa.Schema:
        promised = arrow_schema(self.table.contract)
        fields = [promised.field(name) for name in self.table.columns]
        return pa.schema([pa.field("build_id", pa.string()), *fields])


def file_of(table: PublishedTable, build_folder: Path) -> Path:
    """Where a build has the rows of `table`."""
    return build_folder / table.contract.collection / f"{table.contract.table}.parquet"


def source(table: PublishedTable, build_folder: Path) -> Source:
    """The file of `table`. Raises BuildRefused if it can't be read or its columns are not those of the contract."""
    path = file_of(table, build_folder)
    try:
        present = set(pq.read_schema(path).names) - {"build_id"}
    except (OSError, pa.ArrowException):
        raise BuildRefused(
            "WH-050", f"The file of {table.name} can't be read as Parquet.", where=str(path), mend="build it again"
        ) from None
    promised = set(table.columns)
    if present != promised:
        raise BuildRefused(
            "WH-051",
            f"The columns of {table.name} are not those of its contract."
            f" Missing: {', '.join(sorted(promised - present)) or 'none'}."
            f" Unknown: {', '.join(sorted(present - promised)) or 'none'}.",
            where=str(path),
            mend=f"bring the query and {table.contract.path.name} together",
        )
    return Source(table, path)


def load(
    url: URL, sources: Sequence[Source], slot: int, build_id: str, clear: Sequence[PublishedTable]
) -> dict[str, int]:
    """Bring all `sources` into `slot` as `build_id` in one transaction; return the rows of each table.

    What lies in the slots of `clear` is deleted first: those are the tables that could not be emptied at once, because
    somebody may still read them; whoever does keeps the rows. Raises BuildRefused for a file that does not fit its
    contract, WarehouseUnavailable when the database refuses.
    """
    import adbc_driver_manager
    import adbc_driver_postgresql.dbapi as adbc

    at, rows = "connection", dict[str, int]()
    counted: _Counted | None = None
    try:
        with adbc.connect(libpq_uri(url)) as connection, connection.cursor() as cursor:
            for table in clear:
                cursor.execute(f"DELETE FROM {table.slot(slot)}")  # noqa: S608 (our own names)
            for one in sources:
                at = one.table.name
                counted = _Counted(one, build_id)
                reader = pa.RecordBatchReader.from_batches(one.schema, counted.batches())
                cursor.adbc_ingest(one.table.slot_name(slot), reader, mode="append", db_schema_name="build")
                rows[at] = counted.rows
            connection.commit()
            return rows
    except (adbc_driver_manager.Error, PactFailure) as failure:  # the driver's message may hold a row
        if counted and counted.refusal:
            raise counted.refusal from None
        state = getattr(failure, "sqlstate", None)
        why = OF_THE_SERVER.get(str(state), f"{type(failure).__name__}{f', {state}' if state else ''}")
        raise WarehouseUnavailable(
            "WH-052",
            f"The warehouse did not take the rows ({why}).",
            where=at,
            mend="see that the server runs and has room, then publish again; the former build stays",
        ) from None


class _Counted:
    """The batches of a file in the form its table takes, counted on their way.

    The driver pulls them and turns what they raise into an error of its own, so a refusal is kept here.
    """

    def __init__(self, origin: Source, build_id: str) -> None:
        self.origin, self.build_id, self.rows = origin, build_id, 0
        self.refusal: PactFailure | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in pq.ParquetFile(self.origin.path).iter_batches(_BATCH):
                yield self._formed(batch)
                self.rows += batch.num_rows
        except (OSError, pa.ArrowException) as error:
            self.refusal = disk_failure(error, f"publishing {self.origin.table.name}", self.origin.path)
            raise self.refusal from None

    def _formed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = [pa.repeat(pa.scalar(self.build_id), batch.num_rows)]
        for column in self.origin.table.contract.columns:
            try:
                array = batch.column(column.name).cast(self.origin.schema.field(column.name).type)
            except pa.ArrowException:
                raise self._refuse(column.name, f"can't be read as {column.type}") from None
            if column.required and array.null_count:
                raise self._refuse(column.name, f"is required and empty in {array.null_count} rows")
            arrays.append(array)
        return pa.RecordBatch.from_arrays(arrays, schema=self.origin.schema)

    def _refuse(self, column: str, why: str) -> PactFailure:
        self.refusal = BuildRefused(
            "WH-053",
            f"{self.origin.table.name}.{column} {why}. The former build stays.",
            where=str(self.origin.path),
            mend=f"bring the query and {self.origin.table.contract.path.name} together",
        )
        return self.refusal
