"""What a table's taken rows changed since the submission before, by the contract's key."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.intake.judging.judged_table import REFERENCES, JudgedTable
from pact_pipeline.intake.judging.outcome import TableChange

MOST_REFERENCES = 100


def table_change(judged: JudgedTable, previous: pd.DataFrame) -> TableChange | None:
    """Rows added, gone, changed and the same in what can be compared; None for a table without a key. Both frames have the
    contract's columns."""
    contract = judged.table.contract
    key, now = list(contract.primary_key), judged.accepted
    if not key:
        return None
    both = pd.concat([previous[key], now[key]], ignore_index=True)
    groups = both.groupby(key, dropna=False, sort=False).ngroup().to_numpy()
    was = np.full(int(groups.max(initial=-1)) + 1, -1, dtype=np.int64)
    is_now = was.copy()
    was[groups[: len(previous)]] = np.arange(len(previous))
    is_now[groups[len(previous) :]] = np.arange(len(now))
    kept = (was >= 0) & (is_now >= 0)
    differs = np.zeros(int(kept.sum()), dtype=bool)
    for name in contract.column_names:
        if name not in key and name not in judged.not_compared:
            differs |= _differ(previous[name].take(was[kept]), now[name].take(is_now[kept]))
    gone = was[(was >= 0) & (is_now < 0)]
    reference = next((name for name in REFERENCES if name in previous.columns), None)
    references = previous[reference].take(gone).dropna().unique().tolist() if reference else []
    return TableChange(
        added=int(((was < 0) & (is_now >= 0)).sum()),
        gone=len(gone),
        changed=int(differs.sum()),
        same=int(kept.sum() - differs.sum()),
        gone_references=tuple(str(one) for one in references[:MOST_REFERENCES]),
    )


def _differ(before: "pd.Series[Any]", after: "pd.Series[Any]") -> npt.NDArray[np.bool_]:
    """True where two cells differ; two empty ones don't."""
    empty_before, empty_after = before.isna().to_numpy(), after.isna().to_numpy()
    same = (before.reset_index(drop=True) == after.reset_index(drop=True)).fillna(False).to_numpy(dtype=bool)
    return np.asarray(~(same | (empty_before & empty_after)))
