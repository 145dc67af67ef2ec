"""What a kind of check is, and the register of all of them.

A row kind takes (rows, context, **arguments) and gives a boolean array, True where the row passes. An empty operand
passes, because whether a value must be there is a rule of its own (`required_when`, or the column's `required`). With
each goes the question which rows it can look at at all (`examines`): a row it can't look at passes, and isn't counted
as examined. A table kind gives one `TableOutcome` for the whole table.

`when` is a condition on other columns of the row, all of which must hold: {column: [codes]}, {column: filled} or
{column: empty}. A row outside the condition passes.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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
    run: Callable[..., Any]
    examines: Callable[..., Mask]
    operands: Mapping[str, Operand]
    required: frozenset[str]
    of_table: bool = False
    wants_contract: bool = False


KINDS: dict[str, CheckKind] = {}


def kind(
    *, examines: Callable[..., Mask] | None = None, **operands: Operand
) -> Callable[[Callable[..., Mask]], Callable[..., Mask]]:
    """Register a function as a kind of row check under its own name; numbers are known by their annotation.

    `examines` takes what the kind takes and gives the rows it can look at. Without one these are the rows for which
    `when` holds and every column that the arguments name is filled.
    """

    def register(run: Callable[..., Mask]) -> Callable[..., Mask]:
        KINDS[run.__name__] = _made(run, operands, examines or _examines_filled(_operands(run, operands)))
        return run

    return register


def table_kind(**operands: Operand) -> Callable[[Callable[..., TableOutcome]], Callable[..., TableOutcome]]:
    """Register a function as a kind of check on a whole table under its own name."""

    def register(run: Callable[..., TableOutcome]) -> Callable[..., TableOutcome]:
        KINDS[run.__name__] = _made(run, operands, _examines_filled({}), of_table=True)
        return run

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


def _operands(run: Callable[..., Any], operands: Mapping[str, Operand]) -> dict[str, Operand]:
    parameters = [p for p in list(inspect.signature(run).parameters.values())[2:] if p.name != "contract"]
    return {p.name: operands.get(p.name) or _BY_ANNOTATION.get(p.annotation, "plain") for p in parameters}


def _made(
    run: Callable[..., Any], operands: Mapping[str, Operand], examines: Callable[..., Mask], of_table: bool = False
) -> CheckKind:
    parameters = inspect.signature(run).parameters
    known = _operands(run, operands)
    required = frozenset(name for name in known if parameters[name].default is inspect.Parameter.empty)
    return CheckKind(run.__name__, run, examines, known, required, of_table, "contract" in parameters)


def _examines_filled(operands: Mapping[str, Operand]) -> Callable[..., Mask]:
    def examines(rows: Rows, _context: Context, **arguments: Any) -> Mask:
        looked = np.ones(len(rows), dtype=bool)
        for name, operand in operands.items():
            if arguments.get(name) is not None:
                looked &= _looked_at(rows, operand, arguments[name])
        return looked

    return examines


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
