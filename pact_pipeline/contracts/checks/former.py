"""Rows against the same rows of the submission before: what changed without a word?

Rows are found there by key columns. A row that isn't there isn't looked at, and where there is no submission before,
none is. A column that one of the two layouts doesn't have isn't compared either: that it is empty now says nothing.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pact_pipeline.contracts.checks.kinds import RowOutcome, When, kind, no_row_examined
from pact_pipeline.contracts.checks.shared import places_there, same_groups, within
from pact_pipeline.contracts.context import Context, Rows
from pact_pipeline.contracts.model import Contract

Places = npt.NDArray[np.int64]


@kind(column="column", by="group", ignoring="codes", when="when")
def same_as_former(
    rows: Rows,
    context: Context,
    contract: Contract,
    column: str,
    by: Sequence[str],
    ignoring: Sequence[str] = (),
    when: When | None = None,
) -> RowOutcome:
    """What the column says is what it said in the submission before. A cell filled or emptied since, or a code of
    `ignoring` on either side, is no change.
    """
    former = context.former_table(contract.table)
    if former is None:
        return no_row_examined(rows)
    there = place_in_former(rows, former, by)
    filled = (there >= 0) & rows.readable(column) & ~rows.is_one_of(column, ignoring)
    filled[filled] &= (former.filled(column) & ~former.is_one_of(column, ignoring))[there[filled]]
    looked = within(rows, when, filled)
    passes = ~looked
    if looked.any():
        passes[looked] = places_there(rows, former, column)[looked] == former.words(column)[0][there[looked]]
    return RowOutcome(passes, looked)


@kind(column="column", by="group")
def still_filled(rows: Rows, context: Context, contract: Contract, column: str, by: Sequence[str]) -> RowOutcome:
    """A cell that was filled in the submission before isn't empty now: an end was not taken back."""
    former = context.former_table(contract.table)
    if former is None or column in context.not_compared:
        return no_row_examined(rows)
    there = place_in_former(rows, former, by)
    was_filled = there >= 0
    was_filled[was_filled] = former.filled(column)[there[was_filled]]
    return RowOutcome(~was_filled | rows.filled(column), was_filled)


def place_in_former(rows: Rows, former: Rows, by: Sequence[str]) -> Places:
    """For each row the place of the first former row with the same key; -1 where there is none or the key is empty."""
    key = ("in former", former, tuple(by))
    if key not in rows.memo:
        mine, theirs = same_groups(rows, former, by)
        order = np.argsort(theirs, kind="stable")
        place = np.searchsorted(theirs, mine, sorter=order)
        place[place == len(theirs)] = 0
        hit = order[place] if len(theirs) else np.zeros(len(mine), dtype=np.int64)
        same = (mine >= 0) & (theirs[hit] == mine) if len(theirs) else np.zeros(len(mine), dtype=bool)
        rows.memo[key] = np.where(same, hit, -1)
    found: Places = rows.memo[key]
    return found
