# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""What must be there, and which codes may stand with which."""

from collections.abc import Mapping, Sequence

import numpy as np

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, any_filled, holds, kind
from pact_pipeline.contracts.checks.shared import (
    unless,
)
from pact_pipeline.contracts.context import Context, Mask, Rows


@kind(column="column", when="when")
def required_when(rows: Rows, context: Context, column: str, when: When) -> RowOutcome:
    """The column is filled in every row the condition holds for."""
    return RowOutcome(unless(rows, when, ~rows.empty(column)), holds(rows, when))


@kind(column="column", when="when")
def empty_when(rows: Rows, context: Context, column: str, when: When) -> RowOutcome:
    """The column is empty in every row the condition holds for."""
    return RowOutcome(unless(rows, when, rows.empty(column)), holds(rows, when))


@kind(a="column", b="column")
def both_or_neither(rows: Rows, context: Context, a: str, b: str) -> RowOutcome:
    """Both columns are filled, or neither is."""
    return RowOutcome(~(rows.empty(a) ^ rows.empty(b)), any_filled(rows, [a, b]))


@kind(column="column", when="when", allowed="codes")
def codes_when(rows: Rows, context: Context, column: str, when: When, allowed: Sequence[str]) -> Mask:
    """The column holds one of the allowed codes in every row the condition holds for."""
    return unless(rows, when, rows.empty(column) | rows.is_one_of(column, allowed))


@kind(column="column", on="date", uses="uses")
def code_in_use(
    rows: Rows, context: Context, column: str, on: str, uses: Mapping[str, Mapping[str, str]]
) -> RowOutcome:
    """The code was in use on a day: `uses` gives the first and last day of each code that has one ({code: {from,
    to}}).
    """
    passes = np.ones(len(rows), dtype=bool)
    for code, span in uses.items():
        has = rows.is_one_of(column, [code])
        if "from" in span:
            passes &= ~(has & (rows.dates(on) < np.datetime64(span["from"])))
        if "to" in span:
            passes &= ~(has & (rows.dates(on) > np.datetime64(span["to"])))
    return RowOutcome(passes, rows.is_one_of(column, list(uses)) & ~np.isnat(rows.dates(on)))


@kind(columns="columns")
def one_filled(rows: Rows, context: Context, columns: Sequence[str]) -> RowOutcome:
    """At least one of the columns is filled."""
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns:
        filled |= ~rows.empty(column)
    return RowOutcome(filled, np.ones(len(rows), dtype=bool))


@kind(a="column", b="column")
def differs(rows: Rows, context: Context, a: str, b: str) -> Mask:
    """The two columns don't hold the same word."""
    (a_places, a_words), (b_places, b_words) = rows.words(a), rows.words(b)
    place_in_b = {word: place for place, word in enumerate(b_words)}
    same = np.array([place_in_b.get(word, -2) for word in a_words] + [-2])[a_places] == b_places
    return np.asarray(~same)
