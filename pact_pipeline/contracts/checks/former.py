"""Rows against the same rows of the submission before: what changed without a word?

Rows are found there by key columns. A row that isn't there isn't looked at, and where there is no submission before,
none is. A column that one of the two layouts doesn't have isn't compared either: that it is empty now says nothing.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pact_pipeline.contracts.checks.kinds import When, kind
from pact_pipeline.contracts.checks.shared import places_there, same_groups, within
from pact_pipeline.contracts.context import Context, Mask, Rows
from pact_pipeline.contracts.model import Contract

Places = npt.NDArray[np.int64]


def _comparable(
    rows: Rows,
    context: Context,
    contract: Contract,
    column: str,
    by: Sequence[str],
    ignoring: Sequence[str] = (),
    when: When | None = None,
) -> Mask:
    former = context.former_table(contract.table)
    if former is None:
        return np.zeros(len(rows), dtype=bool)
    there = place_in_former(rows, former, by)
    filled = (there >= 0) & rows.readable(column) & ~rows.is_one_of(column, ignoring)
    filled[filled] &= (former.filled(column) & ~former.is_one_of(column, ignoring))[there[filled]]
    return within(rows, when, filled)


@kind(examines=_comparable, column="column", by="group", ignoring="codes", when="when")
def same_as_former(
    rows: Rows,
    context: Context,
    contract: Contract,
    column: str,
    by: Sequence[str],
    ignoring: Sequence[str] = (),
    when: When | None = None,
) -> Mask:
    """What the column says is what it said in the submission before. A cell filled or emptied since, or a code of
    `ignoring` on either side, is no change.
    """
    looked = _comparable(rows, context, contract, column, by, ignoring, when)
    former = context.former_table(contract.table)
    if former is None or not looked.any():
        return np.ones(len(rows), dtype=bool)
    there = place_in_former(rows, former, by)
    passes = ~looked
    passes[looked] = places_there(rows, former, column)[looked] == former.words(column)[0][there[looked]]
    return passes


def _was_filled(rows: Rows, context: Context, contract: Contract, column: str, by: Sequence[str]) -> Mask:
    former = context.former_table(contract.table)
    if former is None or column in context.not_compared:
        return np.zeros(len(rows), dtype=bool)
    there = place_in_former(rows, former, by)
    found = there >= 0
    found[found] = former.filled(column)[there[found]]
    return found


@kind(examines=_was_filled, column="column", by="group")
def still_filled(rows: Rows, context: Context, contract: Contract, column: str, by: Sequence[str]) -> Mask:
    """A cell that was filled in the submission before isn't empty now: an end was not taken back."""
    return ~_was_filled(rows, context, contract, column, by) | rows.filled(column)


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
