"""Warehouse tables from contracts: types, keys, and the contract's own words as comments on table and columns.

The build each row belongs to, the partitions and the views that analysts read are added by `warehouse`.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.types import TypeEngine

from pact_pipeline.contracts.model import Column as ContractColumn
from pact_pipeline.contracts.model import Contract

SQL_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "string": Text,
    "integer": BigInteger,
    "number": Double,  # not NUMERIC, which the Arrow driver gives back as text
    "date": Date,
    "timestamp": DateTime,
    "boolean": Boolean,
}


def warehouse_table(
    contract: Contract, metadata: MetaData, schema: str, *extra: Column[Any], name: str | None = None
) -> Table:
    """The table of a contract in a schema of `metadata`; `extra` columns (such as build_id) stand first and lead the
    key.

    Columns that identify a person are left out: the warehouse has no place for them. A table whose key needs one has
    no key.
    """
    columns = [_column(column) for column in contract.open_columns]
    leading = [column.name for column in extra if column.primary_key]
    names = {column.name for column in contract.open_columns}
    key = [*leading, *contract.primary_key] if contract.primary_key and set(contract.primary_key) <= names else leading
    for column in extra:
        column.primary_key = False
    constraints = [PrimaryKeyConstraint(*key)] if key else []
    comment = f"{contract.title}. {contract.grain}. {contract.description}"
    return Table(name or contract.table, metadata, *extra, *columns, *constraints, schema=schema, comment=comment)


def column_comment(column: ContractColumn) -> str:
    """The description, with the code list where there is one."""
    if not column.codes:
        return column.description
    return f"{column.description} Codes: " + "; ".join(f"{code.code} = {code.meaning}" for code in column.codes)


def _column(column: ContractColumn) -> Column[Any]:
    nullable = not (column.required or column.key_position is not None)
    return Column(column.name, SQL_TYPES[column.type], nullable=nullable, comment=column_comment(column))
