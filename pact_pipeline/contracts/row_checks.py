"""All checks of a contract as plain functions: those its columns make, its key's, and the rules it declares.

Each knows the code of its finding (`MI-012`), how severe it is, the columns it marks, and which rows it can look at.
`validate.py` runs them; `pandera_schema.py` makes a schema of those about rows.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from pact_pipeline.contracts.checks import KINDS, RowOutcome, TableOutcome
from pact_pipeline.contracts.context import Context, Rows
from pact_pipeline.contracts.model import (
    MISSING,
    NOT_IN_CODES,
    OUT_OF_RANGE,
    REPEATED_KEY,
    WRONG_TYPE,
    Column,
    Contract,
    Rule,
    Severity,
)

Judge = Callable[[Rows, Context], RowOutcome]


@dataclass(frozen=True)
class RowCheck:
    """One check of a contract's rows. Of the columns it marks the first is told."""

    code: str
    severity: Severity
    columns: tuple[str, ...]
    run: Judge
    title: str = ""
    message: str = ""


@dataclass(frozen=True)
class TableCheck:
    """One check of a contract's table as a whole."""

    code: str
    severity: Severity
    columns: tuple[str, ...]
    run: Callable[[Rows, Context], TableOutcome]


@cache
def row_checks(contract: Contract) -> tuple[RowCheck, ...]:
    """All row checks of a contract in the order of their codes' making: columns first, then the key, then the declared
    rules.
    """
    checks: list[RowCheck] = []
    for column in contract.columns:
        for number, run in _column_judges(column):
            checks.append(RowCheck(contract.finding_code(number), "refuse", (column.name,), run))
    if contract.primary_key:
        key = contract.primary_key
        checks.append(RowCheck(contract.finding_code(REPEATED_KEY), "refuse", key, partial(_key_once, key=key)))
    for rule in contract.rules:
        kind = KINDS[rule.check]
        if not kind.of_table:
            run = partial(kind.of_rows, **_arguments(contract, rule))
            columns = rule.columns or contract.primary_key
            checks.append(RowCheck(rule.code, rule.severity, columns, run, rule.title, rule.message))
    return tuple(checks)


@cache
def table_checks(contract: Contract) -> tuple[TableCheck, ...]:
    """All checks of a contract's table as a whole, in the order the contract declares them."""
    return tuple(
        TableCheck(
            rule.code,
            rule.severity,
            rule.columns or contract.primary_key,
            partial(KINDS[rule.check].of_whole, **_arguments(contract, rule)),
        )
        for rule in contract.rules
        if KINDS[rule.check].of_table
    )


def _arguments(contract: Contract, rule: Rule) -> dict[str, Any]:
    return {**rule.arguments, "contract": contract} if KINDS[rule.check].wants_contract else dict(rule.arguments)


def _column_judges(column: Column) -> list[tuple[str, Judge]]:
    """The findings a column can have by itself: its number and its judge."""
    judges: list[tuple[str, Judge]] = []
    if column.required:
        judges.append((MISSING, partial(_filled, column=column.name)))
    if column.type != "string":
        judges.append((WRONG_TYPE, partial(_readable, column=column.name)))
    if column.codes:
        judges.append((NOT_IN_CODES, partial(_in_codes, column=column.name, codes=frozenset(column.code_words))))
    if column.minimum is not None or column.maximum is not None:
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        judges.append((OUT_OF_RANGE, partial(_in_range, column=column.name, low=low, high=high)))
    if column.pattern or column.max_length:
        pattern = re.compile(column.pattern) if column.pattern else None
        judges.append(
            (OUT_OF_RANGE, partial(_well_formed, column=column.name, pattern=pattern, most=column.max_length))
        )
    return judges


def _filled(rows: Rows, _context: Context, column: str) -> RowOutcome:
    return RowOutcome(rows.filled(column), np.ones(len(rows), dtype=bool))


def _readable(rows: Rows, context: Context, column: str) -> RowOutcome:
    """A cell with something in it that isn't of the column's type; intake has put it aside as unreadable."""
    unreadable = context.unreadable.get(column)
    passes = np.ones(len(rows), dtype=bool) if unreadable is None else ~unreadable
    return RowOutcome(passes, rows.filled(column))


def _in_codes(rows: Rows, _context: Context, column: str, codes: frozenset[str]) -> RowOutcome:
    passes = np.asarray((rows.words(column)[0] < 0) | rows.is_one_of(column, codes))
    return RowOutcome(passes, rows.filled(column))


def _in_range(rows: Rows, _context: Context, column: str, low: float, high: float) -> RowOutcome:
    numbers = rows.numbers(column)
    return RowOutcome(np.asarray(~((numbers < low) | (numbers > high))), rows.filled(column))


def _well_formed(
    rows: Rows, _context: Context, column: str, pattern: "re.Pattern[str] | None", most: int | None
) -> RowOutcome:
    places, words = rows.words(column)
    formed = [
        (pattern is None or pattern.fullmatch(word) is not None) and (most is None or len(word) <= most)
        for word in words
    ]
    return RowOutcome(np.array([*formed, True], dtype=bool)[places], rows.filled(column))


def _key_once(rows: Rows, _context: Context, key: tuple[str, ...]) -> RowOutcome:
    """The key is given once. Of rows that are alike in every column the first passes; rows that differ are all refused,
    because nobody can tell which is right.
    """
    groups = rows.group(key)
    known = groups >= 0
    # Numbers of groups of several columns are sparse; counted as they are they would need an array as long.
    dense = np.zeros(len(groups), dtype=np.int64)
    dense[known] = pd.factorize(groups[known])[0]
    counts = np.bincount(dense[known], minlength=1)
    repeated = known & (counts[dense] > 1)
    if not repeated.any():
        return RowOutcome(~repeated, np.asarray(known))
    frame = rows.frame.loc[repeated]
    same = dense[repeated]
    later = frame.duplicated(keep="first").to_numpy()
    # Rows of one key are all alike when each but the first repeats an earlier one.
    different = np.bincount(same, weights=~later, minlength=int(same.max()) + 1) > 1
    passes = np.ones(len(rows), dtype=bool)
    passes[repeated] = ~later & ~different[same]
    return RowOutcome(passes, np.asarray(known))
