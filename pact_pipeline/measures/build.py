"""One computation of the measures from the core tables: counts by SQL, times by the estimators.

Reads `core/*.parquet` of a build and writes `measures/*.parquet` and `reference/*.parquet` beside them. Knows no file,
no supplier's spelling and no chart.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline import pathway
from pact_pipeline.core.build import submission_table
from pact_pipeline.engines.duckdb_engine import count, load_prelude, run_sql, spilling_into, store, write_table
from pact_pipeline.measures.declarations import measure_frame
from pact_pipeline.measures.estimates import estimate_all
from pact_pipeline.reference import councils
from pact_pipeline.submission_state import TAKEN_STATES

SQL = Path(__file__).parent / "sql"
SQL_FILES = ("council_month", "awaiting", "awaiting_step", "flow", "court", "data_quality")
NOT_PUBLISHED = frozenset({"council_month"})
ORDERS_BY_COUNCILS = {"PO": True, "POA": True, "PO_UNSPEC": False, "ADOPTION": True, "RESIDENCE": True}


def build_measures(
    folder: Path,
    in_force: pd.DataFrame,
    submissions: pd.DataFrame,
    *,
    on_table: Callable[[str, int], None] | None = None,
) -> dict[str, int]:
    """Compute every measure table from `folder/core/`; returns the rows of each table.

    in_force: the ledger's submissions in force; submissions: all of them with state, received_on, due_on and row
    counts. Raises PactFailure with the name of the SQL file that could not run.
    """
    out = folder / "measures"
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}

    def done(name: str, number: int) -> None:
        rows[name] = number
        if on_table:
            on_table(name, number)

    with spilling_into(folder) as db:
        _prepare(db, folder, in_force, submissions)
        for step in SQL_FILES:
            run_sql(db, SQL / f"{step}.sql", f"measures.{step}", "MEAS-001")
            if step not in NOT_PUBLISHED:
                write_table(db, f"measures.{step}", out / f"{step}.parquet")
                done(step, count(db, f"measures.{step}"))
        month_ends = [
            pd.Timestamp(d)
            for (d,) in db.execute("select distinct month_end from measures.council_month order by 1").fetchall()
        ]
        estimates, curves = estimate_all(
            db.execute("select * from core.journey").df(),
            db.execute("select * from core.carer_approval").df(),
            db.execute(
                "select m.*, o.observed_from, o.observed_to from core.match m join"
                " (select distinct council, observed_from, observed_to from core.looked_after_spell) o"
                " on o.council = m.council"
            ).df(),
            month_ends,
        )
    for name, frame in (("estimate", estimates), ("curve", curves)):
        _write(frame, out / f"{name}.parquet")
        done(name, len(frame))
    reference = folder / "reference"
    reference.mkdir(exist_ok=True)
    for name, frame in (("measure", measure_frame()), ("council", _council_frame())):
        _write(frame, reference / f"{name}.parquet")
        done(name, len(frame))
    return rows


def _prepare(db: duckdb.DuckDBPyConnection, folder: Path, in_force: pd.DataFrame, submissions: pd.DataFrame) -> None:
    load_prelude(db)
    for schema in ("core", "ledger", "measures"):
        db.execute(f"create schema {schema}")
    for file in sorted((folder / "core").glob("*.parquet")):
        db.execute(f"create view core.{file.stem} as select * from read_parquet('{file}')")  # noqa: S608
    store(db, "ledger.in_force", submission_table(in_force))
    known = submission_table(submissions)
    for name in ("rows_read", "rows_taken", "rows_refused", "rows_warned"):
        known = known.append_column(name, pa.array(submissions[name].astype("Int64"), pa.int64()))
    for name in ("received_on", "due_on"):
        known = known.append_column(name, pa.array(pd.to_datetime(submissions[name]).dt.date, pa.date32()))
    known = known.append_column("columns_lacking", pa.array(submissions["columns_lacking"], pa.string()))
    known = known.append_column("state", pa.array(submissions["state"], pa.string()))
    known = known.append_column("taken", pa.array(submissions["state"].isin(TAKEN_STATES), pa.bool_()))
    store(db, "ledger.submission", known)
    stages = ["not_awaiting", *pathway.AWAITING_STAGES, "secured", "all_awaiting", "looked_after"]
    store(db, "measures.stage", pa.table({"stage": stages}))
    pairs = [(family, legal) for family in pathway.FAMILY_STEPS for legal in pathway.LEGAL_STEPS]
    store(
        db, "measures.step_pair", pa.table({"family_step": [p[0] for p in pairs], "legal_step": [p[1] for p in pairs]})
    )
    types = {"application_type": list(ORDERS_BY_COUNCILS), "told_by_councils": list(ORDERS_BY_COUNCILS.values())}
    store(db, "measures.application_type", pa.table(types))


def _council_frame() -> pd.DataFrame:
    """One row a council, with the code in force in 2012-13, the time of the plan, and the newest."""
    rows = [
        {"council": c.key, "name": c.name, "code_2012": c.code_on(date(2012, 8, 1)), "code_newest": c.codes[-1][0]}
        for c in councils().values()
    ]
    return pd.DataFrame(rows)


def _write(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for position, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(
                position, field.name, table.column(position).cast(pa.timestamp("us")).cast(pa.date32())
            )
        elif pa.types.is_large_string(field.type):
            table = table.set_column(position, field.name, table.column(position).cast(pa.string()))
    pq.write_table(table, path, compression="zstd")
