"""Judge a typed table by its contract: every finding of every row, without a single value of a cell.

The checks are those of the contract's pandera schema, run one by one without pandera, which takes some 0.3 ms a check
and 6 ms a failing one (over the thousands of small tables of a year: minutes), and whose report holds the cells
themselves. What becomes of the findings (refusing rows, the ledger, the feedback) belongs to intake.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.contracts.context import Context, Mask, Rows, TableNotJudged
from pact_pipeline.contracts.model import Contract, Severity
from pact_pipeline.contracts.row_checks import row_checks, table_checks
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
class RuleRun:
    """How one check went: the rows it could look at, and those it found. One that looked at no row has not passed."""

    code: str
    columns: tuple[str, ...]
    severity: Severity
    examined: int
    found: int


@dataclass(frozen=True)
class TableFinding:
    """A check on the table as a whole that failed: of `examined` rows `found` are in question. `former_rows` holds the
    keys of what is missed (rows of the submission before, or people), for the restricted workbook only.
    """

    rule: str
    severity: Severity
    examined: int
    found: int
    former_rows: pd.DataFrame | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Findings:
    """What was found in one table.

    `rows` has a line for each row and finding: row (position in the frame, from 0), rule, severity, column (the first
    of the rule's columns). `examined` is the number of rows looked at; `not_run` the codes of rules that could not be
    run because the submission has no such table: they are neither passed nor failed. `table_findings` are the failed
    checks on the table as a whole, `runs` every check that was run, generic ones too.
    """

    rows: pd.DataFrame
    examined: int
    not_run: tuple[str, ...]
    table_findings: tuple[TableFinding, ...] = ()
    runs: tuple[RuleRun, ...] = ()

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


def in_columns_of(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """A typed frame of another period in this one's columns: those that it hasn't are empty."""
    if tuple(frame.columns) == contract.column_names:
        return frame
    return frame.reindex(columns=list(contract.column_names)).astype(frame_dtypes(contract))


def frame_dtypes(contract: Contract) -> dict[str, str]:
    """The pandas type of each column of a typed frame, in the contract's order."""
    return {column.name: DTYPES[column.type] for column in contract.columns}


def validate_frame(contract: Contract, frame: pd.DataFrame, context: Context) -> Findings:
    """All findings of a typed frame (exactly the contract's columns, typed as `frame_dtypes` says).

    The tables that the contract's rules look into must be in `context.accepted`; a rule whose table isn't there is
    listed in `not_run`. Raises PactFailure when the frame isn't of the contract's columns and types: that is a fault
    of the caller, not of the supplier.
    """
    _prove_frame(contract, frame)
    rows = Rows(frame, context.unreadable)
    found: list[tuple[Places, str, str, str]] = []
    on_table: list[TableFinding] = []
    runs: list[RuleRun] = []
    not_run: list[str] = []
    for check in row_checks(contract):
        try:
            passes, looked = check.run(rows, context)
        except TableNotJudged:
            not_run.append(check.code)
            continue
        failed = np.flatnonzero(~passes)
        if len(failed):
            found.append((failed, check.code, check.severity, check.columns[0]))
        runs.append(RuleRun(check.code, check.columns, check.severity, int(np.count_nonzero(looked)), len(failed)))
    for whole in table_checks(contract):
        try:
            outcome = whole.run(rows, context)
        except TableNotJudged:
            not_run.append(whole.code)
            continue
        if not outcome.passes:
            told = (outcome.examined, outcome.found, outcome.former_rows)
            on_table.append(TableFinding(whole.code, whole.severity, *told))
        runs.append(RuleRun(whole.code, whole.columns, whole.severity, outcome.examined, outcome.found))
    return Findings(_as_frame(found), len(frame), tuple(dict.fromkeys(not_run)), tuple(on_table), tuple(runs))


def _as_frame(found: list[tuple[Places, str, str, str]]) -> pd.DataFrame:
    sizes = [len(rows) for rows, *_ in found]
    row = np.concatenate([rows for rows, *_ in found]) if found else np.array([], dtype=np.int64)
    told = {
        name: pd.array(np.repeat(np.array([one[place] for one in found], dtype=object), sizes), dtype="str")
        for place, name in ((1, "rule"), (2, "severity"), (3, "column"))
    }
    return pd.DataFrame({"row": row, **told})


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
