"""A sheet in memory, and the repository's own layouts to map it by: mapping without reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from pact_pipeline.intake.mapping.headings import TopRow
from pact_pipeline.intake.mapping.map import Cells, MappedTable, map_table
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Layout, Supplier, TableMapping, load_suppliers
from pact_pipeline_tests.contracts.example_rows import CHECKOUT, contracts

Row = Sequence[str]


@dataclass
class Paper:
    """Rows of text: the heading may stand anywhere among the first ten."""

    rows: Sequence[Row]
    notes: list[str] = field(default_factory=list)
    ambiguities: list[Any] = field(default_factory=list)

    def top_rows(self) -> Iterator[list[TopRow]]:
        yield [TopRow(number, tuple(row), ",", number) for number, row in enumerate(self.rows[:10], start=1)]

    def cells(self, header: TopRow, positions: Mapping[str, int]) -> Cells:
        body = self.rows[header.number :]
        text = {column: pa.array([row[place] for row in body], pa.string()) for column, place in positions.items()}
        return Cells(text, {}, np.arange(header.number + 1, header.number + 1 + len(body)), (), 0)


@cache
def suppliers() -> Mapping[str, Supplier]:
    return load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts())


def layout(supplier: str = "GLG", period: str = "2012-08", delivery: int = 0) -> Layout:
    """The layout a supplier of the repository writes by."""
    return suppliers()[supplier].deliveries[delivery].layout_for(Period.parse(period))


def with_changes(base: Layout, table: str, **changes: Any) -> Layout:
    """The layout with something else said of one table."""
    return replace(base, tables={**base.tables, table: replace(base.tables[table], **changes)})


def mapped(
    rows: Sequence[Row], by: Layout, table: str, collection: str = "councils", period: str | None = "2012-08"
) -> MappedTable:
    contract = contracts()[f"{collection}.{table}"]
    day = Period.parse(period) if period else None
    return map_table(Paper(rows), contract, by.tables[table], by, "sent.csv", period=day)


def written(mapping: TableMapping, *rows: Mapping[str, str]) -> list[list[str]]:
    """Rows by contract column under the mapping's headings."""
    return [list(mapping.columns.values()), *([row.get(column, "") for column in mapping.columns] for row in rows)]
