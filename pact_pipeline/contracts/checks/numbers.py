# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""Numbers within the row."""

from collections.abc import Sequence

import numpy as np

from pact_pipeline.contracts.checks.kinds import RowOutcome, kind
from pact_pipeline.contracts.context import Context, Mask, Rows


@kind(smaller="number", larger="number")
def not_above(rows: Rows, context: Context, smaller: str, larger: str) -> Mask:
    """`smaller` is at most `larger`."""
    return ~(rows.numbers(smaller) > rows.numbers(larger))


@kind(total="number", parts="numbers")
def adds_up(rows: Rows, context: Context, total: str, parts: Sequence[str]) -> RowOutcome:
    """The parts add up to the total. Passes when any of them is empty (suppressed or not published)."""
    added = np.sum([rows.numbers(part) for part in parts], axis=0)
    off = added - rows.numbers(total)
    return RowOutcome(np.asarray(~(np.abs(off) > 1e-6)), np.asarray(~np.isnan(off)))


@kind(column="number")
def at_most(rows: Rows, context: Context, column: str, most: float) -> Mask:
    """The number is at most `most`: for a doubt, where the column's own range is for what can't be."""
    return np.asarray(~(rows.numbers(column) > most))


@kind(column="number")
def not_one_of(rows: Rows, context: Context, column: str, numbers: Sequence[float]) -> Mask:
    """The number is none of some numbers."""
    return np.asarray(~np.isin(rows.numbers(column), np.asarray(numbers, dtype=float)))
