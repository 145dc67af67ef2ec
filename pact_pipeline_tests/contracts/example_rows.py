"""The shipped contracts, and the cases of their rules as the tests want them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pact_pipeline.contracts import Contract, Contracts, cases, load_contracts
from pact_pipeline.contracts.cases import Contexts, RuleCase, cases_of, from_example_row, judged_rows
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.model import Rule
from pact_pipeline.contracts.validate import Findings
from pact_pipeline.periods import Period

CHECKOUT = Path(__file__).resolve().parents[2]
SUPPLIED = ("councils", "courts", "clas", "health", "programme")

__all__ = [
    "RuleCase",
    "context",
    "contexts",
    "contracts",
    "examples",
    "from_example_row",
    "judged",
    "supplied",
    "typed",
]


@cache
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


def supplied() -> list[Contract]:
    """The contracts of what suppliers send."""
    return [contract for contract in contracts().values() if contract.collection in SUPPLIED]


def examples() -> Iterator[RuleCase]:
    for contract in supplied():
        yield from cases_of(contract)


def typed(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A typed frame of rows, none of which may name a column that isn't there."""
    for row in rows:
        assert set(row) <= set(contract.column_names), f"{contract.key} has no {set(row) - set(contract.column_names)}"
    return cases.typed(contract, rows)


def judged(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> Findings:
    """The findings of rows that differ from the example row as said."""
    return judged_rows(contexts(), contract, rows)


@cache
def contexts() -> Contexts:
    return Contexts(contracts())


def context(contract: Contract, rule: Rule | None = None) -> Context:
    """What the cases of a rule stand beside and come after."""
    period = contract.period_of_cases(rule) if rule else Period.parse(contract.example_period)
    return contexts().of(contract, period, rule)
