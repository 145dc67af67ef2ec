"""The rows of the submission before, from the lake: what this one's rows are compared with.

Typed like a judged table's accepted rows, with the contract's columns. The open file has most of them; what identifies
comes from the restricted one, by record key.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.arrow_schema import ARROW_TYPES
from pact_pipeline.contracts.judge import frame_dtypes
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.standing import Former
from pact_pipeline.lake.paths import LakeFiles
from pact_pipeline.settings import Settings

# Types that can be empty; without them whole numbers and truth values would become floats and objects.
_PANDAS_TYPES = {
    pa.string(): pd.StringDtype(na_value=np.nan),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def load_former(settings: Settings, contracts: Iterable[Contract], former: Former | None) -> dict[str, pd.DataFrame]:
    """The taken rows of each of these tables that the submission before had.

    Raises PactFailure LAKE-011 when its files aren't whole.
    """
    if former is None:
        return {}
    return {
        contract.table: _rows(settings, contract, former.lake_name, former.tables[contract.table])
        for contract in contracts
        if contract.table in former.tables
    }


def _rows(settings: Settings, contract: Contract, lake_name: str, rows: int) -> pd.DataFrame:
    files = LakeFiles.of(settings, contract.collection, contract.table, lake_name)
    opened = _read(files.open, [column.name for column in contract.open_columns], rows)
    columns: dict[str, pa.ChunkedArray] = {name: opened[name] for name in opened.column_names}
    if contract.identifying_columns:
        closed = _read(files.restricted, [column.name for column in contract.identifying_columns], rows)
        if not closed["record_key"].equals(opened["record_key"]):
            places = pc.index_in(opened["record_key"], value_set=closed["record_key"].combine_chunks())
            if places.null_count:
                raise _not_whole(files.restricted)
            closed = closed.take(places)
        columns.update({name: closed[name] for name in closed.column_names})
    missing = pa.nulls(rows, pa.string())
    typed = {
        column.name: columns.get(column.name, missing).cast(ARROW_TYPES[column.type]) for column in contract.columns
    }
    typed = {name: one.cast(pa.timestamp("us")) if one.type == pa.date32() else one for name, one in typed.items()}
    frame: pd.DataFrame = pa.table(typed).to_pandas(types_mapper=_PANDAS_TYPES.get)
    # A table without rows has no type of its own.
    return frame.astype(frame_dtypes(contract))


def _read(path: Path, columns: list[str], rows: int) -> pa.Table:
    """These columns as far as the file has them (a contract may have got some since), and the record key."""
    try:
        with pq.ParquetFile(path) as file:
            there = set(file.schema_arrow.names)
            table = file.read(columns=["record_key", *(name for name in columns if name in there)], use_threads=False)
    except (OSError, pa.ArrowException):
        table = None
    if table is None or table.num_rows != rows:
        raise _not_whole(path)
    return table


def _not_whole(path: Path) -> PactFailure:
    return PactFailure(
        "LAKE-011",
        "a file of the submission before is gone from the lake or isn't what the ledger counted",
        where=f"{path.parent.parent.name}/{path.parent.name}/{path.name}",
        mend="restore it from the backup and run again: without it nothing can be compared with that submission.",
    )
