"""The calendar of arrivals as a table of the ledger, replaced whole whenever it is drawn up."""

from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Column, Date, DateTime, Engine, Table, Text, insert, text

from pact_pipeline.ledger.guard import terse
from pact_pipeline.ledger.schema import SCHEMA, metadata

arrivals_calendar = Table(
    "arrivals_calendar",
    metadata,
    Column("supplier", Text, primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("due", Date, nullable=False, comment="the last day for the delivery"),
    Column("arrived", Text, nullable=False, comment="expected, came, came_late, came_unchanged, nothing_came ..."),
    Column("received_at", DateTime(timezone=True), comment="when the first delivery of the period was there"),
    Column("days_late", BigInteger, nullable=False),
    Column("submission_id", Text, comment="the newest delivery"),
    Column("state", Text, comment="the verdict on the newest delivery"),
    Column("note", Text, nullable=False),
    comment="What each supplier owes for each period that is over, and what became of it. Drawn up anew each time.",
)


@terse
def record_calendar(engine: Engine, frame: pd.DataFrame) -> None:
    """Put a calendar (`arrival.calendar.as_frame`) in place of the former one, in one transaction."""
    # An empty table's columns have no type; object cells with None are what the database takes in any case.
    rows: list[dict[str, Any]] = [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.astype(object).to_dict("records")
    ]
    with engine.begin() as connection:
        # The daily run and a person's command may come at once: the second replaces what the first has written.
        connection.execute(text(f"LOCK TABLE {SCHEMA}.arrivals_calendar IN EXCLUSIVE MODE"))
        connection.execute(arrivals_calendar.delete())
        if rows:
            connection.execute(insert(arrivals_calendar), rows)
