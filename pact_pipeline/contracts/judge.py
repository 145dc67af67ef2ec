"""Judge a typed table by its contract: every finding of every row, without a single value of a cell.

Runs the pandera checks of the contract's schema one by one and reads their verdicts.
`DataFrameSchema.validate(lazy=True)` runs the same checks and finds the same, but builds its report of values three
times over, some 6 ms a failing check, which over the thousands of small tables of a year is a minute; and its report
holds the cells themselves. What becomes of the findings (refusing rows, the ledger, the feedback) belongs to intake.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.contracts.context import Context, Mask, TableNotJudged, judging
from pact_pipeline.contracts.model import Contract
from pact_pipeline.contracts.pandera_schema import row_checks
from pact_pipeline.failures import PactFailure

Places = npt.NDArray[np.int64]

# The types a frame has after mapping (see `frame_dtypes`); strings may be any of pandas' text types.
DTYPES = {
    "string": "str",
    "integer": "Int64",
    "number": "Float64",
    "date": "datetime64[us]",
    "timestamp": "datetime64[us]",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Findings:
    """What was found in one table.

    `rows` has a line for each row and finding: row (position in the frame, from 0), rule, severity, column (the first
    of the rule's columns). `examined` is the number of rows looked at; `not_run` the codes of rules that could not be
    run because the submission has no such table: they are neither passed nor failed.
    """

    rows: pd.DataFrame
    examined: int
    not_run: tuple[str, ...]

    @property
    def refused(self) -> Mask:
        """True for each position of the frame whose row has a finding that refuses it."""
        mask = np.zeros(self.examined, dtype=bool)
        mask[self.rows.loc[self.rows["severity"] == "refuse", "row"].to_numpy()] = True
        return mask

    @property
    def warned(self) -> Mask:
        """True for each position of the frame whose row has a warning (it may be refused as well)."""
        mask = np.zeros(self.examined, dtype=bool)
        mask[self.rows.loc[self.rows["severity"] == "warn", "row"].to_numpy()] = True
        return mask

    @property
    def counts(self) -> pd.DataFrame:
        """[rule, column, severity, rows]: how many rows have each finding, most first."""
        counted = self.rows.groupby(["rule", "column", "severity"], as_index=False, sort=False).size()
        return counted.rename(columns={"size": "rows"}).sort_values(
            ["rows", "rule", "column"], ascending=[False, True, True]
        )


def frame_dtypes(contract: Contract) -> dict[str, str]:
    """The pandas type of each column of a typed frame, in the contract's order."""
    return {column.name: DTYPES[column.type] for column in contract.columns}


def judge(contract: Contract, frame: pd.DataFrame, context: Context) -> Findings:
    """All findings of a typed frame (exactly the contract's columns, typed as `frame_dtypes` says).

    The tables that the contract's rules look into must be in `context.accepted`; a rule whose table isn't there is
    listed in `not_run`. Raises PactFailure when the frame isn't of the contract's columns and types: that is a fault
    of the caller, not of the supplier.
    """
    _prove_frame(contract, frame)
    found: list[tuple[Places, str, str, str]] = []
    not_run: list[str] = []
    with judging(frame, context):
        for row_check in row_checks(contract):
            try:
                outcome = row_check.check(frame[row_check.columns[0]])
            except TableNotJudged:
                not_run.append(row_check.code)
                continue
            if not outcome.check_passed:
                failed = ~outcome.check_output.to_numpy(dtype=bool)
                found.append((np.flatnonzero(failed), row_check.code, row_check.severity, row_check.columns[0]))
    return Findings(rows=_as_frame(found), examined=len(frame), not_run=tuple(dict.fromkeys(not_run)))


def _as_frame(found: list[tuple[Places, str, str, str]]) -> pd.DataFrame:
    sizes = [len(rows) for rows, *_ in found]
    frame = pd.DataFrame(
        {
            "row": np.concatenate([rows for rows, *_ in found]) if found else np.array([], dtype=np.int64),
            "rule": np.repeat(np.array([rule for _, rule, _, _ in found], dtype=object), sizes),
            "severity": np.repeat(np.array([severity for _, _, severity, _ in found], dtype=object), sizes),
            "column": np.repeat(np.array([column for *_, column in found], dtype=object), sizes),
        }
    )
    return frame.astype({"rule": "str", "severity": "str", "column": "str"})


def _prove_frame(contract: Contract, frame: pd.DataFrame) -> None:
    if tuple(frame.columns) != contract.column_names:
        missing = [name for name in contract.column_names if name not in frame.columns]
        raise PactFailure(
            "JDG-03", f"the frame hasn't exactly the columns of {contract.key}, in order", where=f"missing: {missing}"
        )
    for column, dtype in zip(contract.columns, frame.dtypes, strict=True):
        wanted = DTYPES[column.type]
        if str(dtype) != wanted:
            raise PactFailure("JDG-03", f"'{column.name}' of {contract.key} is {dtype}, {wanted} is needed")
