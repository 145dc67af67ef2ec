"""One computation of the core data set from what is in force: SQL files run over the lake, in memory (`engines`).

What belongs here: which SQL files run in which order, and what they may read. The definitions stand in `sql/*.sql`, one a
table; `sql/steps/*.sql` are steps on the way that are not published. Nothing here knows a file's layout or a chart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from pact_pipeline import pathway
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.model import REPEATED_KEY
from pact_pipeline.engines.duckdb_engine import attach, count, load_prelude, run_sql, spilling_into, store, write_table
from pact_pipeline.lake.schema import REFUSED_OPEN, open_schema
from pact_pipeline.periods import Period

SQL = Path(__file__).parent / "sql"

# In the order of their dependence. A name with `work/` is a step on the way, the others are the published core tables.
SQL_FILES = (
    "steps/council_observed",
    "steps/child_source",
    "steps/child_row",
    "looked_after_spell",
    "carer_approval",
    "match",
    "support_plan",
    "milestone",
    "steps/plan_in_force",
    "steps/order_held",
    "steps/petition",
    "steps/round_step",
    "steps/family_time",
    "steps/state_day",
    "steps/secured_day",
    "steps/round_opening",
    "steps/spell_exit",
    "stage_wait",
    "journey",
    "court_application",
    "published_count",
)
CORE_TABLES = tuple(step for step in SQL_FILES if not step.startswith("steps/"))

# What the core reads of the lake: the name in SQL, the contract, and whether superseded submissions are read too.
LAKE_TABLES = (
    ("children", "councils.children", False),
    ("milestones", "councils.milestones", False),
    ("placements", "councils.placements", False),
    ("carers", "councils.carers", False),
    ("matches", "councils.matches", False),
    ("support_plans", "councils.support_plans", False),
    ("applications", "courts.applications", False),
    ("courts_annual_counts", "courts.annual_counts", True),
    ("clas_annual_counts", "clas.annual_counts", True),
)


@dataclass(frozen=True)
class Sources:
    """What a build is made from.

    in_force, taken: one row a submission (submission_id, lake_name, supplier, collection, period, sequence).
    """

    lake_open: Path
    in_force: pd.DataFrame
    taken: pd.DataFrame


def build_core(
    sources: Sources,
    contracts: Contracts,
    folder: Path,
    *,
    on_table: Callable[[str, int], None] | None = None,
) -> dict[str, int]:
    """Compute every core table into `folder/core/<table>.parquet`; returns the rows of each.

    Raises PactFailure with the name of the SQL file that could not run.
    """
    out = folder / "core"
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    with spilling_into(folder) as db:
        prepare(db, sources, contracts)
        for step in SQL_FILES:
            run_step(db, step)
            if step in CORE_TABLES:
                write_table(db, f"core.{step}", out / f"{step}.parquet")
                rows[step] = count(db, f"core.{step}")
                if on_table:
                    on_table(step, rows[step])
    return rows


def prepare(db: duckdb.DuckDBPyConnection, sources: Sources, contracts: Contracts) -> None:
    """The prelude, the pathway's declarations, what is in force, and the lake's files as views."""
    load_prelude(db)
    for macro, value in (
        ("bridged_gap_days", pathway.BRIDGED_GAP_DAYS),
        ("order_ends_spell_days_before", pathway.ORDER_ENDS_SPELL_DAYS_BEFORE),
        ("order_ends_spell_days_after", pathway.ORDER_ENDS_SPELL_DAYS_AFTER),
    ):
        db.execute(f"create macro {macro}() as {value:d}")
    for schema in ("pathway", "ledger", "lake", "work", "core"):
        db.execute(f"create schema {schema}")
    for name, frame in pathway.pathway_tables().items():
        store(db, f"pathway.{name}", pa.Table.from_pandas(frame, preserve_index=False))
    store(db, "ledger.in_force", submission_table(sources.in_force))
    store(db, "ledger.taken", submission_table(sources.taken))
    for name, key, with_superseded in LAKE_TABLES:
        contract = contracts[key]
        submissions = sources.taken if with_superseded else sources.in_force
        folder = sources.lake_open / contract.collection / contract.table
        attach(db, f"lake.{name}", folder, submissions["lake_name"], open_schema(contract))
    refused = sources.lake_open / "councils" / "children__refused"
    attach(db, "lake.children__refused", refused, sources.in_force["lake_name"], REFUSED_OPEN)
    repeats = contracts["councils.children"].finding_code(REPEATED_KEY)
    db.execute(
        "create table lake.children_refused as select submission_id, child_key from lake.children__refused"
        " where child_key is not null and coalesce(rules, []) <> [$repeats]",
        {"repeats": repeats},
    )


def run_step(db: duckdb.DuckDBPyConnection, step: str) -> None:
    schema, name = ("work", step.removeprefix("steps/")) if step.startswith("steps/") else ("core", step)
    run_sql(db, SQL / f"{step}.sql", f"{schema}.{name}", "CORE-001")


def submission_table(submissions: pd.DataFrame) -> pa.Table:
    """Submissions with the first and last day of their period (submission_id, supplier, collection, period, sequence, days)."""
    periods = {key: Period.parse(key) for key in submissions["period"].unique()}
    return pa.table(
        {
            "submission_id": pa.array(submissions["submission_id"], pa.string()),
            "supplier": pa.array(submissions["supplier"], pa.string()),
            "collection": pa.array(submissions["collection"], pa.string()),
            "period": pa.array(submissions["period"], pa.string()),
            "sequence": pa.array(submissions["sequence"], pa.int64()),
            "period_starts_on": pa.array([periods[k].first_day for k in submissions["period"]], pa.date32()),
            "period_ends_on": pa.array([periods[k].last_day for k in submissions["period"]], pa.date32()),
        }
    )
