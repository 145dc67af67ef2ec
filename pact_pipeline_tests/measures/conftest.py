"""The small country of the core's tests, with the measures computed from it: rows in the test, figures out."""

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.core.build import CORE_TABLES, LAKE_TABLES, Sources, build_core
from pact_pipeline.lake.schema import REFUSED_OPEN, open_schema
from pact_pipeline.measures.build import build_measures
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT
from pact_pipeline_tests.core.conftest import Country


class MeasuredCountry(Country):
    """Country whose `measure` builds core and measures: by default GLG, August 2012 to July 2013, with months in between."""

    def months(self, first: str, last: str, council: str = "GLG") -> None:
        """A return of the council for every month from `first` to `last`."""
        for month in pd.period_range(first, last, freq="M"):
            self.submission(council, str(month))

    def court(self, case: str, period: str, **values: Any) -> None:
        """An application as the courts tell it in a quarter such as 2012-Q3."""
        key = f"scts-courts-{period}-01"
        self.submissions[key] = {
            "submission_id": key, "lake_name": key, "supplier": "scts", "collection": "courts", "period": period, "sequence": 1,
        }  # fmt: skip
        dates = {k: pd.Timestamp(v).date() if k.endswith("_on") and v else v for k, v in values.items()}
        rows = self.rows["applications", key]
        rows.append(
            {"case_key": case, "supplier": "scts", "period": period, "submission_id": key, "source_row": len(rows) + 2,
             "petitioner_kind": "council", "court": "glasgow", **dates}
        )  # fmt: skip

    def write_lake(self) -> pd.DataFrame:
        """Write the rows to the lake; returns the submissions in force."""
        keys = {name: key for name, key, _ in LAKE_TABLES}
        for (table, submission), rows in self.rows.items():
            schema = REFUSED_OPEN if table == "children__refused" else open_schema(self.contracts[keys[table]])
            folder = self.lake / self.submissions[submission]["collection"] / table
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{submission}.parquet")
        return pd.DataFrame(list(self.submissions.values()))

    def measure(self, submissions: pd.DataFrame | None = None) -> "Figures":
        """Core and measures. `submissions`: what the ledger knows besides (default: all came on the month's last day)."""
        in_force = self.write_lake()
        folder = self.lake.parent / "build"
        build_core(Sources(self.lake, in_force, in_force), self.contracts, folder)
        build_measures(folder, in_force, told(in_force) if submissions is None else submissions)
        return Figures(folder)


def told(in_force: pd.DataFrame, **values: Any) -> pd.DataFrame:
    """The submissions with a verdict: ten rows read and taken, received on the last day of the month, due 15 days later."""
    last_days = pd.to_datetime(pd.Series([Period.parse(p).last_day for p in in_force["period"]]))
    return in_force.assign(
        **{
            "state": "taken", "received_on": last_days, "due_on": last_days + pd.Timedelta(days=15), "rows_read": 10,
            "rows_taken": 10, "rows_refused": 0, "rows_warned": 0, "columns_lacking": "", **values,
        }
    )  # fmt: skip


class Figures:
    """The measures of a build, asked in the words of a test."""

    def __init__(self, folder: Path) -> None:
        self.db = duckdb.connect()
        for layer in ("core", "measures"):
            self.db.execute(f"create schema {layer}")
            for file in (folder / layer).glob("*.parquet"):
                self.db.execute(f"create view {layer}.{file.stem} as select * from read_parquet('{file}')")
        assert {
            row[0] for row in self.all("select table_name from information_schema.tables where table_schema = 'core'")
        } == {*CORE_TABLES}

    def all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.db.execute(query, list(values)).fetchall()

    def children(self, stage: str, month_end: str, area: str = "GLG") -> int | None:
        row = self.awaiting(stage, month_end, area)
        return None if row is None else int(row[0])

    def awaiting(self, stage: str, month_end: str, area: str = "GLG") -> tuple[Any, ...] | None:
        """Children, median days waited, councils; None where there is no row."""
        rows = self.all(
            "select children, median_days_waited, councils from measures.awaiting where stage = ? and month_end = ? and area = ?",
            stage, month_end, area,
        )  # fmt: skip
        return rows[0] if rows else None

    def steps(self, month_end: str, area: str = "GLG") -> dict[tuple[str, str], int]:
        """Children by family and legal step, where there are any."""
        rows = self.all(
            "select family_step, legal_step, children from measures.awaiting_step"
            " where month_end = ? and area = ? and children > 0",
            month_end, area,
        )  # fmt: skip
        return {(family, legal): children for family, legal, children in rows}

    def court(self, application_type: str, month_end: str, area: str) -> dict[str, Any]:
        found = self.db.execute(
            "select * from measures.court where application_type = ? and month_end = ? and area = ?",
            [application_type, month_end, area],
        )
        names = [column[0] for column in found.description]
        row = found.fetchone()
        return dict(zip(names, row, strict=True)) if row else {}


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


@pytest.fixture
def country(contracts: Contracts, tmp_path: Path) -> MeasuredCountry:
    return MeasuredCountry(contracts, tmp_path / "lake")
