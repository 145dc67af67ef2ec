"""A build small enough to see through: two tables in which every row names its build, with contracts to match."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pact_pipeline.contracts import Code, Column, Contract, Contracts
from pact_pipeline.warehouse.expectations import ExpectationVerdict

KEY = Column("child_key", "string", "Pseudonymous key of the child", required=True, key_position=1)
SEX = Column("sex", "string", "Sex, 100% as reported", codes=(Code("female", "Female"), Code("male", "Male")))
STARTED = Column("started_on", "date", "First day looked after")
OF = Column("of", "string", "The build, as the rows say")
CHILDREN = Column("children", "integer", "Children's number")


def contract(collection: str, table: str, *columns: Column) -> Contract:
    return Contract(
        collection=collection,
        table=table,
        version="1.0.0",
        title=f"The {table}",
        description=f"What the {table} is for.",
        grain="A row",
        columns=columns,
        rules=(),
        prefix="",
        due_day=None,
        hold_share=0.0,
        needed=True,
        every="build",
        path=Path(f"{table}.odcs.yaml"),
    )


JOURNEY = contract("core", "journey", KEY, SEX, STARTED, OF)
AWAITING = contract("measures", "awaiting", OF, CHILDREN)
CONTRACTS = Contracts((JOURNEY, AWAITING))


def journeys(build_id: str, rows: int = 100) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "child_key": [f"child-{number}" for number in range(rows)],
            "sex": "female",
            "started_on": pd.Timestamp("2012-08-01").date(),
            "of": build_id,
        }
    )


def awaiting(build_id: str, rows: int = 3) -> pd.DataFrame:
    return pd.DataFrame({"of": build_id, "children": pd.array(range(rows), "Int64")})


def write(folder: Path, table: str, frame: pd.DataFrame) -> Path:
    """Put a frame where a build has the rows of a table such as core.journey; return the build's folder."""
    schema, name = table.split(".")
    (folder / schema).mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / schema / f"{name}.parquet", index=False)
    return folder


def build(folder: Path, build_id: str, rows: int = 100) -> Path:
    write(folder / build_id, "core.journey", journeys(build_id, rows))
    return write(folder / build_id, "measures.awaiting", awaiting(build_id))


def content(_: str) -> Sequence[ExpectationVerdict]:
    """A judge who lets everything pass."""
    return []
