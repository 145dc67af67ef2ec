"""Carer households: do more children live there than the household is approved for?"""

from typing import Any

import numpy as np

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, holds, kind
from pact_pipeline.contracts.context import Array, Context, Rows


@kind(household="column", when="when", table="table", other="other", where="where")
def not_more_than_places(
    rows: Rows, context: Context, household: str, when: When, table: str, other: str, where: When
) -> RowOutcome:
    """No more rows of a household hold `when` than the places it is approved for in another table, the most of its
    approvals there for which `where` holds. A household without a number of places passes.
    """
    places = _places(rows, context, household, table, other, where)
    looked = np.asarray(holds(rows, when) & ~np.isnan(places))
    groups = rows.words(household)[0]
    here = holds(rows, when) & (groups >= 0)
    lived = np.bincount(groups[here], minlength=int(groups.max(initial=0)) + 1)
    return RowOutcome(~(looked & (lived[np.maximum(groups, 0)] > places)), looked)


def _places(rows: Rows, context: Context, household: str, table: str, other: str, where: When) -> Array:
    """For each row the most places its household is approved for; NaN where that isn't known."""
    key = ("places", table, household, other, repr(where))
    if key not in context.memo:
        there = context.table(table)
        (owners, names), numbers = there.words(household), there.numbers(other)
        known = holds(there, where) & (owners >= 0) & ~np.isnan(numbers)
        most: dict[Any, float] = {}
        for owner, number in zip(owners[known].tolist(), numbers[known].tolist(), strict=True):
            most[names[owner]] = max(number, most.get(names[owner], 0.0))
        context.memo[key] = most
    of_household: dict[Any, float] = context.memo[key]
    places, names = rows.words(household)
    return np.array([of_household.get(name, np.nan) for name in names] + [np.nan])[places]
