"""The contracts mark exactly the optional columns that the core reads: a layout must map those, or say that they are absent."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pact_pipeline.contracts import Column
from pact_pipeline.core.build import LAKE_TABLES, SQL_FILES, Sources, prepare, run_step
from pact_pipeline.failures import PactFailure
from pact_pipeline.lake.schema import BIRTH_MONTHS, KEYS
from pact_pipeline_tests.contracts.example_rows import contracts

NOTHING = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in ("submission_id", "lake_name", "supplier", "collection", "period")}
    | {"sequence": pd.Series(dtype="int64")}
)


def in_lake(column: Column) -> str:
    """What the open lake has of a column: itself, or the key or month that is made of it; nothing of other identifiers."""
    if not column.identifying:
        return column.name
    return KEYS[column.name][1] if column.name in KEYS else BIRTH_MONTHS.get(column.name, "")


def is_read(table: str, column: str) -> bool:
    """Whether the core's SQL can't run without it."""
    with duckdb.connect() as db:
        prepare(db, Sources(Path("none"), NOTHING, NOTHING), contracts())
        db.execute(f'alter table lake.{table} drop column "{column}"')
        try:
            for step in SQL_FILES:
                run_step(db, step)
        except PactFailure:
            return True
    return False


@pytest.mark.parametrize(("table", "key"), [(name, key) for name, key, _ in LAKE_TABLES])
def test_needed_by_core_is_what_the_core_reads(table: str, key: str) -> None:
    optional = [column for column in contracts()[key].columns if not column.required]
    read = {column.name for column in optional if in_lake(column) and is_read(table, in_lake(column))}
    assert {column.name for column in optional if column.needed_by_core} == read


def test_what_no_core_reads_is_not_marked() -> None:
    read = {key for _, key, _ in LAKE_TABLES}
    others = [contract for contract in contracts().values() if contract.key not in read]
    assert [column.name for contract in others for column in contract.columns if column.needed_by_core] == []
