"""The cases that each contract gives of its rules, as typed frames.

A case says what differs from the contract's example row, which has no finding; several rows stand for one table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pact_pipeline.contracts import Contract, Contracts, load_contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.model import Rule
from pact_pipeline.contracts.validate import Findings, frame_dtypes, validate_frame
from pact_pipeline.periods import Period

CHECKOUT = Path(__file__).resolve().parents[2]
SUPPLIED = ("councils", "courts", "clas", "health", "programme")


@dataclass(frozen=True)
class Example:
    """One case of one rule: the rows as they differ from the clean row, and what the rule is to do with them."""

    contract: Contract
    rule: str
    fails: bool
    number: int
    rows: Sequence[Mapping[str, Any]]

    @property
    def findings(self) -> Findings:
        rule = next(rule for rule in self.contract.rules if rule.code == self.rule)
        return validate_frame(self.contract, from_example_row(self.contract, self.rows), context(self.contract, rule))

    def __str__(self) -> str:
        return f"{self.rule}-{'fails' if self.fails else 'passes'}-{self.number}"


@cache
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


def supplied() -> list[Contract]:
    """The contracts of what suppliers send."""
    return [contract for contract in contracts().values() if contract.collection in SUPPLIED]


def examples() -> Iterator[Example]:
    for contract in supplied():
        for rule in contract.rules:
            for fails, cases in ((True, rule.fails), (False, rule.passes)):
                for number, rows in enumerate(cases, start=1):
                    yield Example(contract, rule.code, fails, number, rows)


def typed(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of YAML scalars as a typed frame of the contract; columns not given are empty."""
    for row in rows:
        unknown = set(row) - set(contract.column_names)
        assert not unknown, f"{contract.key} has no {unknown}"
    frame = pd.DataFrame(rows, columns=list(contract.column_names), dtype=object)
    dates = [column.name for column in contract.columns if column.type == "date"]
    for name in dates:
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame.astype(frame_dtypes(contract))


def from_example_row(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows that differ from the contract's example row as said."""
    return typed(contract, [{**contract.example_row, **row} for row in rows])


def judged(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> Findings:
    """The findings of rows that differ from the example row as said."""
    return validate_frame(contract, from_example_row(contract, rows), context(contract))


def context(contract: Contract, rule: Rule | None = None) -> Context:
    """What the cases of a rule stand beside and come after."""
    return _context(contract, rule if rule and (rule.tables or rule.former) else None)


@cache
def _context(contract: Contract, rule: Rule | None) -> Context:
    tables = {**contract.example_tables, **(rule.tables if rule else {})}
    former = {table: typed(contracts()[f"{contract.collection}.{table}"], rows)
              for table, rows in contract.example_former.items()}  # fmt: skip
    if rule and rule.former:
        former[contract.table] = from_example_row(contract, rule.former)
    return Context(
        Period.parse(contract.example_period),
        "GLG",
        "GLG",
        {table: typed(contracts()[f"{contract.collection}.{table}"], rows) for table, rows in tables.items()},
        former=former,
        former_period=Period.parse(contract.example_former_period) if former else None,
    )
