"""Judging a mapped table: every rule on every row, all reasons at once.

A row is taken whole or refused whole. The contract's pandera schema is run once, lazily, with the context of the
submission; what only intake can see (a cell that couldn't be read, a total row, a row with too many cells, the same
key twice) is added. A rule that can't be run is a failure of the run, never a pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.context import Context, judging
from pact_pipeline.contracts.model import MISSING, REPEATED_KEY
from pact_pipeline.contracts.pandera_schema import pandera_schema
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.map import Mask, MappedTable
from pact_pipeline.intake.rules import MALFORMED, TOTAL_ROW, RuleWords, rule_words

_REFERENCES = ("child_ref", "carer_ref", "case_ref")


@dataclass(frozen=True)
class Found:
    """The rows one rule found on one column: `positions` in the frame. `count` includes rows outside the frame."""

    words: RuleWords
    columns: tuple[str, ...]
    positions: npt.NDArray[np.int64]
    count: int


@dataclass(frozen=True)
class ToldRow:
    """One finding on one row, for the supplier: the line and reference, column, value, rule, what and how to mend."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """A table with its findings. rows_read = rows_taken + rows_refused by construction."""

    table: MappedTable
    findings: tuple[Found, ...]
    refused: Mask
    warned: Mask

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

    def told_rows(self, most: int) -> Iterator[ToldRow]:
        """The findings of the first `most` rows that have any, in the order of their lines."""
        rows = np.flatnonzero(self.refused | self.warned)[:most]
        told: dict[int, list[Found]] = {int(row): [] for row in rows}
        for found in self.findings:
            for position in found.positions.tolist():
                if position in told:
                    told[position].append(found)
        reference = next((name for name in _REFERENCES if name in self.table.text), None)
        for row, findings in told.items():
            named = self.table.text[reference][row].as_py() if reference else ""
            for found in findings:
                column = found.columns[0] if found.columns else ""
                value = self.table.text[column][row].as_py() if column in self.table.text else ""
                where = ", ".join(self.heading(name) for name in found.columns)
                yield ToldRow(int(self.table.source_row[row]), (named, where, value, *_told(found.words)))
        words = rule_words(self.table.contract)[self.table.contract.finding_code(MALFORMED)]
        for malformed in self.table.malformed[: most - len(rows)]:
            yield ToldRow(malformed.source_row, ("", "", f"{malformed.cells} cells", *_told(words)))


def _told(words: RuleWords) -> tuple[str, str, str, str]:
    return (words.code, "row refused" if words.severity == "refuse" else "warning", words.message, words.mend)


@lru_cache(maxsize=64)
def _schema(contract: Contract) -> pa.DataFrameSchema:
    return pandera_schema(contract)


def judge(table: MappedTable, context: Context) -> Judged:
    """Run every rule of the table's contract. `context` holds period, supplier, unreadable cells and earlier tables.

    Raises RuleCannotRun when a rule raised instead of judging.
    """
    contract = table.contract
    rows = len(table.frame)
    words = rule_words(contract)
    totals = table.totals
    findings: list[Found] = []
    hits = _pandera_hits(table, context) if rows else {}
    for column, mask in _repeated(table).items():
        hits.setdefault((contract.finding_code(REPEATED_KEY), column), np.zeros(rows, dtype=bool))
        hits[contract.finding_code(REPEATED_KEY), column] |= mask
    for (code, column), mask in sorted(hits.items()):
        told = words[code]
        columns = told.columns or ((column,) if column else ())
        # A total row has one reason, and an unreadable cell isn't also a missing one.
        mask &= ~totals
        if code == contract.finding_code(MISSING) or told.columns:
            for name in columns:
                if name in table.unreadable:
                    mask &= ~table.unreadable[name]
        positions = np.flatnonzero(mask)
        if len(positions):
            findings.append(Found(told, columns, positions, len(positions)))
    if totals.any():
        findings.append(_found(words[contract.finding_code(TOTAL_ROW)], np.flatnonzero(totals)))
    if table.malformed:
        malformed = words[contract.finding_code(MALFORMED)]
        findings.append(Found(malformed, (), np.empty(0, np.int64), len(table.malformed)))
    refused, warned = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    for found in findings:
        (refused if found.words.severity == "refuse" else warned)[found.positions] = True
    return Judged(table, tuple(findings), refused, warned)


def _found(words: RuleWords, positions: npt.NDArray[np.int64]) -> Found:
    return Found(words, (), positions, len(positions))
