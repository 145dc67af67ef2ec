"""The rows of the submission before, from the lake: what this one's rows are compared with.

Typed like a judged table's accepted rows, with the contract's columns. The open file has most of them; what identifies
comes from the restricted one, by record key.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.arrow_schema import ARROW_TYPES
from pact_pipeline.contracts.validate import frame_dtypes
from pact_pipeline.disk import open_ours
from pact_pipeline.intake.judging.context import PreviousSubmission
from pact_pipeline.lake.paths import LakeFiles, below_home
from pact_pipeline.lake.proof import damage
from pact_pipeline.settings import Settings

# Types that can be empty; without them whole numbers and truth values would become floats and objects.
_PANDAS_TYPES = {
    pa.string(): pd.StringDtype(na_value=np.nan),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def load_previous(
    settings: Settings, contracts: Iterable[Contract], previous: PreviousSubmission | None
) -> dict[str, pd.DataFrame]:
    """The taken rows of each of these tables that the submission before had.

    Raises PactFailure LAKE-010 where its files are gone or changed.
    """
    if previous is None:
        return {}
    return {
        contract.table: _rows(settings, contract, previous)
        for contract in contracts
        if contract.table in previous.tables and not _removed(settings, contract, previous)
    }


def _removed(settings: Settings, contract: Contract, previous: PreviousSubmission) -> bool:
    """Whether the table's rows were taken away on purpose: then nothing is compared with them."""
    files = LakeFiles.of(settings, contract.collection, contract.table, previous.lake_name)
    return any(previous.lake.get(below_home(settings, path), "") is None for path in (files.open, files.restricted))


def _rows(settings: Settings, contract: Contract, previous: PreviousSubmission) -> pd.DataFrame:
    files = LakeFiles.of(settings, contract.collection, contract.table, previous.lake_name)
    opened = _read(settings, files.open, [column.name for column in contract.open_columns], previous)
    columns: dict[str, pa.ChunkedArray] = {name: opened[name] for name in opened.column_names}
    if contract.identifying_columns:
        closed = _read(settings, files.restricted, [column.name for column in contract.identifying_columns], previous)
        if not closed["record_key"].equals(opened["record_key"]):
            places = pc.index_in(opened["record_key"], value_set=closed["record_key"].combine_chunks())
            if places.null_count:
                raise damage([below_home(settings, files.restricted)])
            closed = closed.take(places)
        columns.update({name: closed[name] for name in closed.column_names})
    missing = pa.nulls(opened.num_rows, pa.string())
    typed = {
        column.name: columns.get(column.name, missing).cast(ARROW_TYPES[column.type]) for column in contract.columns
    }
    typed = {name: one.cast(pa.timestamp("us")) if one.type == pa.date32() else one for name, one in typed.items()}
    frame: pd.DataFrame = pa.table(typed).to_pandas(types_mapper=_PANDAS_TYPES.get)
    # A table without rows has no type of its own.
    return frame.astype(frame_dtypes(contract))


def _read(settings: Settings, path: Path, columns: list[str], previous: PreviousSubmission) -> pa.Table:
    """These columns as far as the file has them (a contract may have got some since), and the record key, from a file that is
    what the ledger says was written there."""
    name = below_home(settings, path)
    try:
        with open_ours(path) as opened:
            data = opened.read()
        if hashlib.sha256(data).hexdigest() == previous.lake.get(name):
            with pq.ParquetFile(pa.BufferReader(data)) as file:
                there = set(file.schema_arrow.names)
                wanted = ["record_key", *(column for column in columns if column in there)]
                return file.read(columns=wanted, use_threads=False)
    except (OSError, pa.ArrowException):
        pass  # told below, without the library's words
    raise damage([name])
