"""Running the definitions: a file that can't run is named, and no cell is."""

from pathlib import Path

import duckdb
import pytest

from pact_pipeline.engines.duckdb_engine import run_sql
from pact_pipeline.failures import PactFailure


def test_a_definition_that_cannot_run_is_named_without_the_cell_that_broke_it(tmp_path: Path) -> None:
    path = tmp_path / "pact_pipeline" / "core" / "sql" / "broken.sql"
    path.parent.mkdir(parents=True)
    path.write_text("select cast('CANARY7731' as integer) as number", encoding="utf-8")
    with duckdb.connect() as db, pytest.raises(PactFailure) as failure:
        run_sql(db, path, "broken", "CORE-001")
    assert "pact_pipeline/core/sql/broken.sql" in str(failure.value)
    assert "CANARY7731" not in str(failure.value)
    assert failure.value.__cause__ is None
