"""A pandera schema from a contract: every promise about rows is a named, vectorised pandera check.

A check carries the code of its finding (`MI-012`) as name and error and hangs on one column, so that a lazy
validation gives one failure case for each row that fails it. The checks read their rows from `context.judging`, where
the tables already judged and the unreadable cells are known too. How the findings are gathered belongs to `judge.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pandas as pd
import pandera.pandas as pa

from pact_pipeline.contracts.checks import KINDS
from pact_pipeline.contracts.context import Context, Judged, Mask, Rows, judged_now
from pact_pipeline.contracts.model import (
    MISSING,
    NOT_IN_CODES,
    OUT_OF_RANGE,
    REPEATED_KEY,
    WRONG_TYPE,
    Column,
    Contract,
    Severity,
)

Judge = Callable[[Rows, Context], Mask]


@dataclass(frozen=True)
class RowCheck:
    """One pandera check of a contract: the finding it makes, its severity, and the columns it marks (the first is
    told).
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    check: pa.Check


@cache
def row_checks(contract: Contract) -> tuple[RowCheck, ...]:
    """All checks of a contract in the order of their codes' making: columns first, then the key, then the declared
    rules.
    """
    checks: list[RowCheck] = []
    for column in contract.columns:
        for number, judge in _column_judges(column):
            checks.append(_row_check(contract.finding_code(number), "refuse", (column.name,), judge))
    if contract.primary_key:
        judge = partial(_key_once, key=contract.primary_key)
        checks.append(_row_check(contract.finding_code(REPEATED_KEY), "refuse", contract.primary_key, judge))
    for rule in contract.rules:
        judge = partial(KINDS[rule.check].judge, **rule.arguments)
        columns = rule.columns or contract.primary_key
        checks.append(_row_check(rule.code, rule.severity, columns, judge, rule.title, rule.message))
    return tuple(checks)


@cache
def pandera_schema(contract: Contract) -> pa.DataFrameSchema:
    """The schema of a contract's typed frame: exactly its columns, each with the checks that mark it first.

    Validate lazily and within `context.judging(frame, context)`. Column types are proven by `judge.py`, once a frame:
    pandera's own type check takes 0.4 ms a column and doesn't tell the unit of dates.
    """
    by_column: dict[str, list[pa.Check]] = {column.name: [] for column in contract.columns}
    for row_check in row_checks(contract):
        by_column[row_check.columns[0]].append(row_check.check)
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(nullable=True, checks=by_column[column.name], description=column.description)
            for column in contract.columns
        },
        name=contract.key,
        title=contract.title,
        description=contract.description,
        strict=True,
    )


def _row_check(
    code: str, severity: Severity, columns: tuple[str, ...], judge: Judge, title: str = "", message: str = ""
) -> RowCheck:
    def passes(series: "pd.Series[bool]") -> "pd.Series[bool]":
        judged: Judged = judged_now()
        return pd.Series(judge(judged.rows, judged.context), index=series.index)

    check = pa.Check(passes, name=code, error=code, title=title or None, description=message or None, ignore_na=False)
    return RowCheck(code, severity, columns, check)


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


def _filled(rows: Rows, _context: Context, column: str) -> Mask:
    return ~rows.empty(column)


def _readable(rows: Rows, context: Context, column: str) -> Mask:
    """A cell with something in it that isn't of the column's type; intake has put it aside as unreadable."""
    unreadable = context.unreadable.get(column)
    return np.ones(len(rows), dtype=bool) if unreadable is None else ~unreadable


def _in_codes(rows: Rows, _context: Context, column: str, codes: frozenset[str]) -> Mask:
    return np.asarray((rows.words(column)[0] < 0) | rows.is_one_of(column, codes))


def _in_range(rows: Rows, _context: Context, column: str, low: float, high: float) -> Mask:
    numbers = rows.numbers(column)
    return np.asarray(~((numbers < low) | (numbers > high)))


def _well_formed(
    rows: Rows, _context: Context, column: str, pattern: "re.Pattern[str] | None", most: int | None
) -> Mask:
    places, words = rows.words(column)
    formed = [
        (pattern is None or pattern.fullmatch(word) is not None) and (most is None or len(word) <= most)
        for word in words
    ]
    return np.array([*formed, True], dtype=bool)[places]


def _key_once(rows: Rows, _context: Context, key: tuple[str, ...]) -> Mask:
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
        return ~repeated
    frame = rows.frame.loc[repeated]
    same = dense[repeated]
    later = frame.duplicated(keep="first").to_numpy()
    # Rows of one key are all alike when each but the first repeats an earlier one.
    different = np.bincount(same, weights=~later, minlength=int(same.max()) + 1) > 1
    passes = np.ones(len(rows), dtype=bool)
    passes[repeated] = ~later & ~different[same]
    return passes
