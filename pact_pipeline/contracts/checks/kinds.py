"""What a kind of check is, and the register of all of them.

A row kind takes (rows, context, **arguments) and tells which rows pass and which it could look at: a row it can't look at
passes, and isn't counted as examined. An empty operand passes too, because whether a value must be there is a rule of its
own (`required_when`, or the column's `required`); a kind that gives the passes alone (a boolean array) has looked at the
rows for which `when` holds and every column that its arguments name is filled. A table kind gives one `TableOutcome` for
the whole table.

`when` is a condition on other columns of the row, all of which must hold: {column: [codes]}, {column: filled} or
{column: empty}. A row outside the condition passes.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from pact_pipeline.contracts.context import Context, Mask, Rows

When = Mapping[str, Any]
# The column that names a person, or the columns that do together.
Person = str | Sequence[str]
# date, number, column: a column of the table itself, of that type. dates, numbers, columns: several, of which one must
# be filled for the rule to look at a row; group: several that must all be. person: the column, or columns, that name a
# person here and in another table. other: a column of the table named by
# `table`; where: a condition on it. codes: codes of the column named by `column`. plain: anything else.
Operand = Literal[
    "date",
    "dates",
    "number",
    "numbers",
    "column",
    "columns",
    "person",
    "group",
    "when",
    "codes",
    "uses",
    "table",
    "other",
    "where",
    "day",
    "whole",
    "amount",
    "plain",
]
_BY_ANNOTATION: dict[Any, Operand] = {int: "whole", int | None: "whole", float: "amount", float | None: "amount"}


class RowOutcome(NamedTuple):
    """What a row kind found: True where the row passes, and True where it was looked at."""

    passes: Mask
    examined: Mask


def no_row_examined(rows: Rows) -> RowOutcome:
    return RowOutcome(np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool))


@dataclass(frozen=True)
class TableOutcome:
    """What a table kind found: how many rows it could look at (of this table or of the one before, as the rule says),
    how many of them are in question, and whether the table passes. `former_rows` holds the keys of what the rule
    misses: rows of the submission before, or people of another table; they identify, so only the restricted workbook
    shows them.
    """

    examined: int
    found: int
    passes: bool
    former_rows: pd.DataFrame | None = None


NOT_EXAMINED = TableOutcome(0, 0, passes=True)


@dataclass(frozen=True)
class CheckKind:
    """A kind of check: its function and what each argument is, so that a contract naming a wrong column breaks when
    loaded. `of_table` kinds judge the table as a whole. `wants_contract` ones are given the contract too.
    """

    name: str
    function: Callable[..., Any]
    operands: Mapping[str, Operand]
    required: frozenset[str]
    of_table: bool = False
    wants_contract: bool = False

    def of_rows(self, rows: Rows, context: Context, /, **arguments: Any) -> RowOutcome:
        """What a row kind finds in rows."""
        found = self.function(rows, context, **arguments)
        return found if isinstance(found, RowOutcome) else RowOutcome(found, self._filled(rows, arguments))

    def of_whole(self, rows: Rows, context: Context, /, **arguments: Any) -> TableOutcome:
        """What a table kind finds in the table."""
        found: TableOutcome = self.function(rows, context, **arguments)
        return found

    def _filled(self, rows: Rows, arguments: Mapping[str, Any]) -> Mask:
        looked = np.ones(len(rows), dtype=bool)
        for name, operand in self.operands.items():
            if arguments.get(name) is not None:
                looked &= _looked_at(rows, operand, arguments[name])
        return looked


KINDS: dict[str, CheckKind] = {}


RowKind = TypeVar("RowKind", bound=Callable[..., Mask | RowOutcome])
TableKind = TypeVar("TableKind", bound=Callable[..., TableOutcome])


def kind(**operands: Operand) -> Callable[[RowKind], RowKind]:
    """Register a function as a kind of row check under its own name; numbers are known by their annotation."""

    def register(function: RowKind) -> RowKind:
        KINDS[function.__name__] = _made(function, operands)
        return function

    return register


def table_kind(**operands: Operand) -> Callable[[TableKind], TableKind]:
    """Register a function as a kind of check on a whole table under its own name."""

    def register(function: TableKind) -> TableKind:
        KINDS[function.__name__] = _made(function, operands, of_table=True)
        return function

    return register


def holds(rows: Rows, when: When) -> Mask:
    """True where all of the condition holds."""
    found = np.ones(len(rows), dtype=bool)
    for column, wanted in when.items():
        if wanted == "filled":
            found &= rows.filled(column)
        elif wanted == "empty":
            found &= ~rows.filled(column)
        else:
            found &= rows.is_one_of(column, wanted)
    return found


def _made(function: Callable[..., Any], operands: Mapping[str, Operand], *, of_table: bool = False) -> CheckKind:
    parameters = inspect.signature(function).parameters
    known: dict[str, Operand] = {
        name: operands.get(name) or _BY_ANNOTATION.get(parameter.annotation, "plain")
        for name, parameter in [*parameters.items()][2:]
        if name != "contract"
    }
    required = frozenset(name for name in known if parameters[name].default is inspect.Parameter.empty)
    return CheckKind(function.__name__, function, known, required, of_table, "contract" in parameters)


def _looked_at(rows: Rows, operand: Operand, value: Any) -> Mask:
    if operand in ("date", "number", "column"):
        return rows.readable(value)
    if operand == "group":
        return np.asarray(rows.group(value) >= 0)
    if operand in ("dates", "numbers", "columns"):
        return any_filled(rows, value)
    if operand == "when":
        return holds(rows, value)
    return np.ones(len(rows), dtype=bool)


def any_filled(rows: Rows, columns: Sequence[str]) -> Mask:
    """True where at least one of the columns is filled."""
    found = np.zeros(len(rows), dtype=bool)
    for column in columns:
        found |= rows.readable(column)
    return found
