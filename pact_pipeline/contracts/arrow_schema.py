"""The lake's schema of a table, from its contract: the open tree or the restricted one.

Only the contract's own columns, and the companions of shorthand counts. What intake adds to every row (keys,
supplier, period, submission, source row) belongs to `lake`.
"""

from typing import Literal

import pyarrow as pa

from pact_pipeline.contracts.model import Column, Contract

Tree = Literal["open", "restricted"]

ARROW_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
}


def arrow_schema(contract: Contract, tree: Tree = "open") -> pa.Schema:
    """The contract's columns that lie in a tree, in the contract's order, with the description as field metadata.

    A shorthand count is followed by `<name>_shorthand` (string). Every column may be empty: a required one is proven
    by the rules.
    """
    columns = contract.open_columns if tree == "open" else contract.identifying_columns
    fields: list[pa.Field] = []
    for column in columns:
        fields.append(_field(column))
        if column.shorthand:
            description = f"The sign that stood in place of a number in {column.name}: [c], [x], [z] …"
            fields.append(pa.field(f"{column.name}_shorthand", pa.string(), metadata={"description": description}))
    return pa.schema(fields, metadata={"contract": contract.key, "version": contract.version, "tree": tree})


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, ARROW_TYPES[column.type], metadata={"description": column.description})
