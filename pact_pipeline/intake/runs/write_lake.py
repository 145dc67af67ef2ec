"""Keeping a judged table: the four Parquet files it can have in the lake.

Taken rows: the open file has pseudonyms and a birth month, the restricted one what identifies. Refused rows: the open
file says which rows and why, the restricted one has them whole, as text. What is in force is the ledger's to say, and
is said only after these files are there.
"""

from collections.abc import Container, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.arrow_schema import ARROW_TYPES
from pact_pipeline.intake.judging.judged_table import JudgedTable
from pact_pipeline.lake.files import TableMaker, write_all
from pact_pipeline.lake.paths import LakeFiles, below_home, restricted_subfolder
from pact_pipeline.lake.pseudonyms import Pseudonyms
from pact_pipeline.lake.schema import BIRTH_MONTHS, KEYS, REFUSED_OPEN, open_schema
from pact_pipeline.ledger import LakeFile, Submission
from pact_pipeline.settings import Settings


def lake_tables(
    settings: Settings,
    submission: Submission,
    judged: JudgedTable,
    pseudonyms: Pseudonyms,
    *,
    name: str = "",
    taken: bool,
) -> tuple[dict[Path, TableMaker], frozenset[Path]]:
    """How to make what is written for one table under a judging's lake `name` (default: the first's), and which of it is
    restricted. `taken` False (held, refused): refused rows only."""
    contract = judged.table.contract
    files = LakeFiles.of(settings, contract.collection, contract.table, name or submission.submission_id)
    keys = pseudonym_columns(judged, submission.supplier, pseudonyms)
    tables: dict[Path, TableMaker] = {}
    if taken:
        tables[files.open] = partial(_taken_open, judged, keys, submission)
        if contract.identifying_columns:
            tables[files.restricted] = partial(_taken_restricted, judged, keys, submission)
    if judged.rows_refused:
        tables[files.open_refused] = partial(refused_open, judged, keys.get("child_key"), submission)
        tables[files.restricted_refused] = partial(refused_restricted, judged, submission)
    return tables, frozenset({files.restricted, files.restricted_refused})


def write_lake(
    settings: Settings, tables: Mapping[Path, TableMaker], restricted: frozenset[Path]
) -> tuple[LakeFile, ...]:
    """Write all tables of a submission: all there in the end, or the lake as it was. What was written, for the ledger."""
    for folder in {path.parent for path in tables}:
        if folder.is_relative_to(settings.lake_restricted):
            restricted_subfolder(settings, folder)
        else:
            folder.mkdir(parents=True, exist_ok=True)
    written = write_all(tables, restricted=restricted)
    return tuple(LakeFile(below_home(settings, path), one.sha256, one.bytes) for path, one in written.items())


def remove_others(settings: Settings, contracts: Iterable[Contract], name: str, written: Container[Path]) -> None:
    """Remove what a killed run of the same judging left under its lake name and this one has not: nobody reads it yet,
    as the ledger doesn't know the judging."""
    for contract in contracts:
        for path in LakeFiles.of(settings, contract.collection, contract.table, name).all():
            if path not in written:
                path.unlink(missing_ok=True)


def pseudonym_columns(judged: JudgedTable, supplier: str, pseudonyms: Pseudonyms) -> dict[str, pa.Array]:
    """child_key, carer_key, case_key where the contract has the reference. CLAS children get their council's key."""
    frame = judged.table.frame
    keys: dict[str, pa.Array] = {}
    for reference, (kind, name) in KEYS.items():
        if reference not in frame.columns:
            continue
        if judged.table.contract.collection == "clas" and "council" in frame.columns:
            made = pseudonyms.keys_for_suppliers(kind, frame["council"], frame[reference])
        else:
            made = pseudonyms.keys(kind, supplier, frame[reference])
        keys[name] = pa.array(made, pa.string(), from_pandas=True)
    return keys


def record_keys(submission_id: str, table: str, source_row: npt.NDArray[np.int64]) -> pa.Array:
    """`<submission_id>:<table>:<source_row>`: the way back from any row of the lake to a line of a file."""
    return pc.binary_join_element_wise(
        pa.scalar(f"{submission_id}:{table}"), pc.cast(pa.array(source_row), pa.string()), ":"
    )


def _taken_open(judged: JudgedTable, keys: Mapping[str, pa.Array], submission: Submission) -> pa.Table:
    table = judged.table
    columns = _open_columns(judged, keys, submission) | {
        "supplier": _constant(submission.supplier, len(table.source_row)),
        "period": _constant(submission.period, len(table.source_row)),
        "submission_id": _constant(submission.submission_id, len(table.source_row)),
        "source_row": pa.array(table.source_row, pa.int64()),
        "record_key": record_keys(submission.submission_id, table.contract.table, table.source_row),
    }
    return _taken_rows(columns, judged).cast(open_schema(table.contract))


def _taken_restricted(judged: JudgedTable, keys: Mapping[str, pa.Array], submission: Submission) -> pa.Table:
    table = judged.table
    made = record_keys(submission.submission_id, table.contract.table, table.source_row)
    return _taken_rows({"record_key": made} | _restricted_columns(judged, keys), judged)


def _constant(value: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), rows)


def _open_columns(judged: JudgedTable, keys: Mapping[str, pa.Array], submission: Submission) -> dict[str, pa.Array]:
    contract, frame = judged.table.contract, judged.table.frame
    columns: dict[str, pa.Array] = {}
    if contract.collection == "councils":
        columns["council"] = _constant(submission.supplier, len(frame))
    columns.update(keys)
    for born, month in BIRTH_MONTHS.items():
        if born in frame.columns:
            dates = pa.array(frame[born], pa.timestamp("us"), from_pandas=True)
            columns[month] = pc.cast(pc.floor_temporal(dates, unit="month"), pa.date32())
    for column in contract.open_columns:
        columns[column.name] = _stored(frame[column.name], contract, column.name)
        if column.shorthand:
            columns[f"{column.name}_shorthand"] = pc.cast(judged.table.shorthand[column.name], pa.string())
    return columns


def _restricted_columns(judged: JudgedTable, keys: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    contract, frame = judged.table.contract, judged.table.frame
    columns = {
        column.name: _stored(frame[column.name], contract, column.name) for column in contract.identifying_columns
    }
    return {**columns, **keys}


def _stored(series: "pd.Series[Any]", contract: Contract, name: str) -> pa.Array:
    """A frame's column in the lake's type."""
    wanted = ARROW_TYPES[contract.column(name).type]
    if wanted == pa.date32():
        return pc.cast(pa.array(series, pa.timestamp("us"), from_pandas=True), pa.date32())
    array = pa.array(series, wanted, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _taken_rows(columns: dict[str, pa.Array], judged: JudgedTable) -> pa.Table:
    """The taken rows. Column by column, so that the memory of each is free before the next is made."""
    if judged.refused.any():
        mask = pa.array(~judged.refused)
        for name in columns:
            columns[name] = columns[name].filter(mask)
    return pa.table(columns)


def refused_open(judged: JudgedTable, child_keys: pa.Array | None, submission: Submission) -> pa.Table:
    """Which rows were refused and by which rules; child_key where the reference could be read."""
    rows = np.flatnonzero(judged.refused)
    source_rows, rules, _ = judged.refusals()
    keys = child_keys.take(pa.array(rows)).to_pylist() if child_keys is not None else [None] * len(rows)
    keys += [None] * (len(source_rows) - len(rows))
    return pa.table(
        {
            "submission_id": [submission.submission_id] * len(source_rows),
            "source_row": source_rows,
            "rules": rules,
            "child_key": keys,
        },
        schema=REFUSED_OPEN,
    )


def refused_restricted(judged: JudgedTable, submission: Submission) -> pa.Table:
    """The refused rows whole, as text in the contract's columns; `row_text` where the cells could not be told apart."""
    table = judged.table
    rows = pa.array(np.flatnonzero(judged.refused))
    source_rows, rules, columns = judged.refusals()
    malformed = [row.text for row in table.malformed]
    missing = pa.nulls(len(malformed), pa.string())
    cells = {name: pa.concat_arrays([text.take(rows), missing]) for name, text in table.text.items()}
    return pa.table(
        {
            "record_key": record_keys(submission.submission_id, table.contract.table, np.array(source_rows, np.int64)),
            "submission_id": [submission.submission_id] * len(source_rows),
            "source_row": pa.array(source_rows, pa.int64()),
            "rules": pa.array(rules, pa.list_(pa.string())),
            "columns": pa.array(columns, pa.list_(pa.string())),
            **{f"text_{name}": cell for name, cell in cells.items()},
            "row_text": pa.array([None] * len(rows) + malformed, pa.string()),
        }
    )
