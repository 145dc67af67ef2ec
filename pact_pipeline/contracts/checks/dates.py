# ruff: noqa: ARG001 - every kind takes the context, whether it needs it or not
"""Dates within the row, and rows against the period: is one before another, too late, too early?"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, kind
from pact_pipeline.contracts.checks.shared import later_by, recent, unless, within
from pact_pipeline.contracts.context import Context, Mask, Rows
from pact_pipeline.periods import Period


@kind(later="date", earlier="date", when="when")
def not_before(
    rows: Rows, context: Context, later: str, earlier: str, slack_days: int = 0, when: When | None = None
) -> Mask:
    """`later` is on or after `earlier`, or at most `slack_days` before it."""
    return unless(rows, when, ~(later_by(rows.dates(later), slack_days) < rows.dates(earlier)))


@kind(columns="dates")
def not_after_period_end(rows: Rows, context: Context, columns: Sequence[str]) -> Mask:
    """None of the dates is after the period's last day: what is reported has happened."""
    last = np.datetime64(context.period.last_day)
    passes = np.ones(len(rows), dtype=bool)
    for column in columns:
        passes &= ~(rows.dates(column) > last)
    return passes


@kind(column="date", day="day", when="when")
def not_before_day(rows: Rows, context: Context, column: str, day: str, when: When | None = None) -> Mask:
    """The date is not before a fixed day (a law's commencement, or the oldest date that can be meant)."""
    return unless(rows, when, ~(rows.dates(column) < np.datetime64(date.fromisoformat(day))))


@kind(column="date", day="day", when="when")
def not_after_day(rows: Rows, context: Context, column: str, day: str, when: When | None = None) -> Mask:
    """The date is not after a fixed day."""
    return unless(rows, when, ~(rows.dates(column) > np.datetime64(date.fromisoformat(day))))


@kind(column="date", when="when")
def not_before_period_start(rows: Rows, context: Context, column: str, when: When | None = None) -> Mask:
    """The date is not before the period's first day."""
    return unless(rows, when, ~(rows.dates(column) < np.datetime64(context.period.first_day)))


@kind(start="date", end="date", when="when")
def at_most_days(
    rows: Rows,
    context: Context,
    start: str,
    end: str,
    days: int,
    when: When | None = None,
    recent_days: int | None = None,
) -> RowOutcome:
    """`end` is at most `days` after `start`. With `recent_days` only an end in the last so many days of the period is
    looked at: what was late years ago is not told every month.
    """
    known = ~np.isnat(rows.dates(start)) & ~np.isnat(rows.dates(end)) & recent(rows, context, end, recent_days)
    looked = within(rows, when, known)
    return RowOutcome(~(looked & (rows.dates(end) - rows.dates(start) > np.timedelta64(days, "D"))), looked)


@kind(column="column")
def is_the_period(rows: Rows, context: Context, column: str) -> Mask:
    """The column names the period that the submission is for."""
    return rows.empty(column) | rows.is_one_of(column, [context.period.key])


@kind(column="column")
def year_not_after_period(rows: Rows, context: Context, column: str) -> Mask:
    """The year that the column names (FY2011-12, CLAS2012) ends no later than the submission's period. Passes what
    names none.
    """
    places, words = rows.words(column)
    return np.array([_ends_by(word, context) for word in words] + [True], dtype=bool)[places]


def _ends_by(key: str, context: Context) -> bool:
    try:
        return Period.parse(key).last_day <= context.period.last_day
    except ValueError:
        return True
