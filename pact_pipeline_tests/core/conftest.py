"""A country small enough to check by eye: rows of the open lake written in the test, the core built from them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.core.build import SQL_FILES, Sources, prepare, run_step
from pact_pipeline.lake.schema import REFUSED_OPEN, open_schema
from pact_pipeline.settings import CHECKOUT


class Country:
    """Rows of councils' returns, by default all of council GLG in its newest return (July 2013; joined August 2012)."""

    def __init__(self, contracts: Contracts, lake: Path) -> None:
        self.contracts, self.lake = contracts, lake
        self.rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self.submissions: dict[str, dict[str, Any]] = {}
        for period in ("2012-08", "2013-07"):
            self.submission("GLG", period)

    def submission(self, council: str, period: str) -> str:
        key = f"{council}-councils-{period}-01"
        self.submissions[key] = {
            "submission_id": key, "lake_name": key, "supplier": council, "collection": "councils", "period": period, "sequence": 1,
        }  # fmt: skip
        return key

    def add(self, table: str, council: str = "GLG", period: str = "2013-07", **values: Any) -> None:
        submission = self.submission(council, period)
        rows = self.rows[table, submission]
        cells = {name: date.fromisoformat(v) if _is_day(v) else v for name, v in values.items()}
        self.rows[table, submission].append(
            {"council": council, "supplier": council, "period": period, "submission_id": submission,
             "source_row": len(rows) + 2, **cells}
        )  # fmt: skip

    def child(self, child: str, start: str, end: str | None = None, **values: Any) -> None:
        destination = values.pop("destination", "home_with_parents" if end else None)
        away = values.pop("away", start)
        self.add(
            "children", child_key=child, looked_after_from=start, looked_after_to=end, destination=destination,
            away_from_home_from=away, birth_month="2008-01-01", sex="female", ethnic_group="white", disabled="no", **values,
        )  # fmt: skip

    def step(self, child: str, milestone: str, day: str, outcome: str | None = None, **values: Any) -> None:
        self.add(
            "milestones", child_key=child, milestone=milestone, on_date=day, outcome=outcome, **{"round": 1, **values}
        )

    def match(
        self, child: str, approved: str | None, placed: str | None = None, ended: str | None = None, **values: Any
    ) -> None:
        linked = values.pop("linked", approved)
        self.add(
            "matches", child_key=child, carer_key="carer", linked_on=linked, decision_on=approved, placed_on=placed,
            ended_on=ended, **values,
        )  # fmt: skip

    def placement(
        self, child: str, start: str, end: str | None = None, kind: str = "kinship", permanent: str = "yes"
    ) -> None:
        self.add(
            "placements",
            child_key=child,
            placement_type=kind,
            from_date=start,
            to_date=end,
            intended_as_permanent=permanent,
        )

    def refuse_child(self, child: str, period: str, council: str = "GLG", rules: Sequence[str] = ("CH-013",)) -> None:
        submission = self.submission(council, period)
        self.rows["children__refused", submission].append(
            {"submission_id": submission, "child_key": child, "rules": list(rules)}
        )

    def build(self) -> "Core":
        for (table, submission), rows in self.rows.items():
            schema = REFUSED_OPEN if table == "children__refused" else open_schema(self.contracts[f"councils.{table}"])
            folder = self.lake / "councils" / table
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{submission}.parquet")
        in_force = pd.DataFrame(list(self.submissions.values()))
        db = duckdb.connect()
        prepare(db, Sources(self.lake, in_force, in_force), self.contracts)
        for step in SQL_FILES:
            run_step(db, step)
        return Core(db)


class Core:
    """The built core tables, asked in the words of a test."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db

    def stages(self, child: str) -> list[tuple[str, str]]:
        """The stages of a child with the day each began, in order."""
        rows = self.db.execute(
            "select stage, min(entered_on) from (select stage, stage_entered_on as entered_on, round_no from core.stage_wait"
            " where child_key = ?) group by stage, entered_on, round_no order by 2, 1",
            [child],
        ).fetchall()
        return [(stage, day.isoformat()) for stage, day in rows]

    def stage_on(self, child: str, day: str) -> str | None:
        return self.on(child, day, "stage")

    def on(self, child: str, day: str, column: str) -> Any:
        row = self.db.execute(
            f"select {column} from core.stage_wait where child_key = ? and entered_on <= ?"
            " and (left_on is null or left_on > ?)",
            [child, day, day],
        ).fetchall()
        assert len(row) <= 1, "a child is in one stay on a day"
        return row[0][0] if row else None

    def journey(self, child: str, spell: int = 1) -> dict[str, Any]:
        row = self.db.execute("select * from core.journey where child_key = ? and spell_no = ?", [child, spell])
        names = [item[0] for item in row.description]
        found = row.fetchone()
        assert found is not None
        return {name: v.isoformat() if isinstance(v, date) else v for name, v in zip(names, found, strict=True)}

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return self.db.execute(query).fetchall()


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


@pytest.fixture
def country(contracts: Contracts, tmp_path: Path) -> Country:
    return Country(contracts, tmp_path / "lake")
