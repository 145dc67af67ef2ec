"""Judging a mapped table: every rule on every row, all reasons at once.

A row is taken whole or refused whole. The contract's pandera checks are run once with the context of the submission
(`contracts.validate`); what only intake can see (a total row, a row with too many cells) is added. A rule that can't be
run is a failure of the run, never a pass.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.model import MISSING, NOT_IN_CODES, REPEATED_KEY, WRONG_TYPE
from pact_pipeline.contracts.validate import Findings, RuleRun, TableFinding, validate_frame
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.rules import FIXED, MALFORMED, OUTDATED, TOTAL_ROW, RuleWords, rule_words
from pact_pipeline.intake.mapping.map import MappedTable, Mask

REFERENCES = ("child_ref", "carer_ref", "case_ref")


@dataclass(frozen=True)
class Found:
    """The rows one rule found on one column: `positions` in the frame. `count` includes rows outside the frame;
    `examined` are the rows that the rule could look at."""

    words: RuleWords
    columns: tuple[str, ...]
    positions: npt.NDArray[np.int64]
    count: int
    examined: int = 0


@dataclass(frozen=True)
class JudgedTable:
    """A table with its findings. rows_read = rows_taken + rows_refused by construction.

    `runs` has every check that was run with the rows it looked at; `table_findings` the failed checks on the table as
    a whole, which are about no row of it. `not_compared`: the columns that can't be compared with the submission before.
    """

    table: MappedTable
    findings: tuple[Found, ...]
    refused: Mask
    warned: Mask
    runs: tuple[RuleRun, ...] = ()
    table_findings: tuple[TableFinding, ...] = ()
    not_compared: frozenset[str] = frozenset()

    @property
    def rows_read(self) -> int:
        return self.table.rows_read

    @cached_property
    def rows_refused(self) -> int:
        return int(self.refused.sum()) + len(self.table.malformed)

    @property
    def rows_taken(self) -> int:
        return self.rows_read - self.rows_refused

    @cached_property
    def rows_warned(self) -> int:
        """Taken rows with at least one warning."""
        return int((self.warned & ~self.refused).sum())

    @cached_property
    def accepted(self) -> pd.DataFrame:
        """The taken rows, contract columns, typed."""
        return self.table.frame[~self.refused] if self.refused.any() else self.table.frame

    @cached_property
    def rows_with_findings(self) -> int:
        return int((self.refused | self.warned).sum()) + len(self.table.malformed)

    def heading(self, column: str) -> str:
        """The column as the supplier spells it."""
        return self.table.headings.get(column, column).strip()

    def refusals(self) -> tuple[list[int], list[list[str]], list[list[str]]]:
        """Line, rules and columns of each refused row, all reasons: first the frame's, then the malformed rows."""
        rows = np.flatnonzero(self.refused)
        rules: dict[int, list[str]] = {int(row): [] for row in rows}
        columns: dict[int, list[str]] = {int(row): [] for row in rows}
        for found in self.findings:
            if found.words.severity == "refuse":
                for position in found.positions.tolist():
                    rules[position].append(found.words.code)
                    columns[position].extend(name for name in found.columns if name not in columns[position])
        malformed = self.table.malformed
        code = self.table.contract.finding_code(MALFORMED)
        return (
            [*self.table.source_row[rows].tolist(), *(row.source_row for row in malformed)],
            [*rules.values(), *([code] for _ in malformed)],
            [*columns.values(), *([] for _ in malformed)],
        )


def judge_table(table: MappedTable, context: Context) -> JudgedTable:
    """Run every rule of the table's contract. `context` holds period, supplier, unreadable cells and earlier tables.

    Raises RuleCannotRun when a rule could not look at the rows.
    """
    contract = table.contract
    words = rule_words(contract)
    copies = _copies(table)
    found = _judged_without(copies, table, context)
    if found.not_run:
        raise RuleCannotRun(
            "INTAKE-004",
            f"rules of {contract.key} could not be run: {', '.join(found.not_run)}",
            mend="no verdict was given on this table. See that the tables the rules look into are judged first.",
        )
    examined = {(run.code, run.columns[0] if run.columns else ""): run.examined for run in found.runs}
    findings = _findings(table, found.rows, words, examined)
    rows = len(table.frame)
    if len(copies):
        repeated = words[contract.finding_code(REPEATED_KEY)]
        findings.append(Found(repeated, contract.primary_key, copies, len(copies), rows))
    if table.totals.any():
        positions = np.flatnonzero(table.totals)
        findings.append(Found(words[contract.finding_code(TOTAL_ROW)], (), positions, len(positions), rows))
    if table.malformed:
        malformed = words[contract.finding_code(MALFORMED)]
        findings.append(Found(malformed, (), np.empty(0, np.int64), len(table.malformed), table.rows_read))
    for number, marked in ((FIXED, table.fixed), (OUTDATED, table.outdated), (WRONG_TYPE, table.lost)):
        for column, mask in marked.items():
            positions = np.flatnonzero(mask)
            findings.append(Found(words[contract.finding_code(number)], (column,), positions, len(positions), rows))
    refused, warned = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    for one in findings:
        (refused if one.words.severity == "refuse" else warned)[one.positions] = True
    return JudgedTable(table, tuple(findings), refused, warned, found.runs, found.table_findings, context.not_compared)


def _copies(table: MappedTable) -> npt.NDArray[np.int64]:
    """Rows that say again what an earlier row said, cell for cell. They are refused, and no rule sees them: a spell
    entered twice doesn't overlap itself, and must not cost the child its one good row."""
    frame = table.frame
    key = list(table.contract.primary_key)
    if not key or not frame.duplicated(key).any():
        return np.empty(0, np.int64)
    return np.flatnonzero(frame.duplicated(keep="first").to_numpy() & ~table.totals)


def _judged_without(copies: npt.NDArray[np.int64], table: MappedTable, context: Context) -> Findings:
    """The contract's findings on all rows but the copies, at their places in the whole frame."""
    if not len(copies):
        return validate_frame(table.contract, table.frame, context)
    rest = np.setdiff1d(np.arange(len(table.frame)), copies, assume_unique=True)
    unreadable = {column: mask[rest] for column, mask in context.unreadable.items()}
    frame = table.frame.iloc[rest].reset_index(drop=True)
    found = validate_frame(table.contract, frame, replace(context, unreadable=unreadable))
    return replace(found, rows=found.rows.assign(row=rest[found.rows["row"].to_numpy()]))


def _findings(
    table: MappedTable, rows: pd.DataFrame, words: dict[str, RuleWords], examined: dict[tuple[str, str], int]
) -> list[Found]:
    """The contract's findings by rule and column, without those that say the same thing a second time."""
    if rows.empty:
        return []
    missing, unknown = table.contract.finding_code(MISSING), table.contract.finding_code(NOT_IN_CODES)
    findings: list[Found] = []
    for names, group in rows.groupby(["rule", "column"], sort=True):
        code, column = map(str, names)
        told = words[code]
        columns = told.columns or (column,)
        positions = group["row"].to_numpy(dtype=np.int64)
        # A total row has one reason; an unreadable cell isn't also an empty one, nor can a rule judge it.
        positions = positions[~table.totals[positions]]
        if code == unknown and column in table.outdated:
            positions = positions[~table.outdated[column][positions]]
        if code == missing or told.columns:
            for name in columns:
                if name in table.unreadable:
                    positions = positions[~table.unreadable[name][positions]]
        if len(positions):
            looked_at = examined.get((code, column), len(table.frame))
            findings.append(Found(told, columns, positions, len(positions), looked_at))
    return findings


class RuleCannotRun(PactFailure):
    """A rule could not look at the rows, so no verdict stands."""
