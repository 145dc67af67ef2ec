"""A person's age on a day."""

import numpy as np

from pact_pipeline.contracts.checks.kinds import Person, RowOutcome, When, kind
from pact_pipeline.contracts.checks.shared import from_table, unless, whole_years, within
from pact_pipeline.contracts.context import Context, Mask, Rows


@kind(on="date", born="other", by="person", table="table", when="when")
def age_between(
    rows: Rows,
    context: Context,
    on: str,
    minimum: int | None = None,
    maximum: int | None = None,
    born: str = "date_of_birth",
    table: str | None = None,
    by: Person = "child_ref",
    when: When | None = None,
) -> RowOutcome:
    """The age in whole years on a day is from `minimum` to `maximum`, both included.

    The true date of birth is the row's own, or that of the `table` judged before, found by `by`. A row whose person
    isn't found there passes: that is another rule's finding.
    """
    birth = rows.dates(born) if table is None else from_table(rows, context, by, table, born)
    age = whole_years(birth, rows.dates(on))
    passes = np.ones(len(rows), dtype=bool)
    if minimum is not None:
        passes &= ~(age < minimum)
    if maximum is not None:
        passes &= ~(age > maximum)
    known = within(rows, when, ~np.isnat(rows.dates(on)) & ~np.isnat(birth))
    return RowOutcome(unless(rows, when, passes), known)


@kind(born="date", when="when")
def age_at_period_end(rows: Rows, context: Context, born: str, maximum: int, when: When | None = None) -> Mask:
    """The age in whole years on the period's last day is at most `maximum`."""
    last = np.full(len(rows), np.datetime64(context.period.last_day), dtype="datetime64[us]")
    return unless(rows, when, ~(whole_years(rows.dates(born), last) > maximum))
