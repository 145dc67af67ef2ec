"""The cases of a contract's rules: rows that each says it fails and rows that it says pass it, judged as intake would.

A case says what differs from the contract's example row, which has no finding itself; several rows stand for one table. Cases
are judged in a period in which their rule is in force.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.faults import Consequence, Faults
from pact_pipeline.contracts.model import Contract, Contracts, Rule
from pact_pipeline.contracts.validate import Findings, frame_dtypes, validate_frame
from pact_pipeline.failures import ContractBroken
from pact_pipeline.periods import Period

SUPPLIER = "GLG"
"""Whose rows the cases are: any council's."""


@dataclass(frozen=True)
class RuleCase:
    """One case of one rule: the rows as they differ from the example row, and what the rule is to do with them."""

    contract: Contract
    rule: Rule
    fails: bool
    number: int
    rows: Sequence[Mapping[str, Any]]

    def __str__(self) -> str:
        return f"{self.rule.code}-{'fails' if self.fails else 'passes'}-{self.number}"

    def judged(self, contexts: "Contexts") -> Findings:
        """What is found in the rows, by all rules in force in the case's period. Raises PactFailure for a rule that can't run."""
        period = self.contract.period_of_cases(self.rule)
        beside = contexts.of(self.contract, period, self.rule)
        contract = self.contract.in_period(period)
        return validate_frame(contract, from_example_row(contract, self.rows), beside)


class Contexts:
    """What cases stand beside: made once for all rules of a contract that give no rows of their own."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._made: dict[tuple[Contract, Period], Context] = {}

    def of(self, contract: Contract, period: Period, rule: Rule | None = None) -> Context:
        if rule is not None and (rule.tables or rule.former):
            return context_of(self._contracts, contract.in_period(period), period, rule)
        if (contract, period) not in self._made:
            self._made[contract, period] = context_of(self._contracts, contract.in_period(period), period)
        return self._made[contract, period]


def cases_of(contract: Contract) -> Iterator[RuleCase]:
    """Every case of every rule."""
    for rule in contract.rules:
        for fails, cases in ((True, rule.fails), (False, rule.passes)):
            for number, rows in enumerate(cases, start=1):
                yield RuleCase(contract, rule, fails, number, rows)


def judged_rows(contexts: Contexts, contract: Contract, rows: Sequence[Mapping[str, Any]]) -> Findings:
    """The findings in rows that differ as said from the example row, in the example period."""
    period = Period.parse(contract.example_period)
    contract = contract.in_period(period)
    return validate_frame(contract, from_example_row(contract, rows), contexts.of(contract, period))


def context_of(contracts: Contracts, contract: Contract, period: Period, rule: Rule | None = None) -> Context:
    """What the cases of a rule stand beside and come after."""

    def rows_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, pd.DataFrame]:
        return {
            table: typed(_beside(contracts, contract, table).in_period(period), rows) for table, rows in tables.items()
        }

    former = rows_of(contract.example_former)
    if rule and rule.former:
        former[contract.table] = from_example_row(contract, rule.former)
    return Context(
        period,
        SUPPLIER,
        SUPPLIER,
        rows_of({**contract.example_tables, **(rule.tables if rule else {})}),
        former=former,
        former_period=Period.parse(contract.example_former_period) if former else None,
    )


def _beside(contracts: Contracts, contract: Contract, table: str) -> Contract:
    key = f"{contract.collection}.{table}"
    if key not in contracts:
        raise Consequence(
            "CON-07", f"the table '{table}' has a fault", where=f"{contract.collection}/{contract.path.name}"
        )
    return contracts[key]


def from_example_row(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows that differ from the contract's example row as said, typed."""
    return typed(contract, [{**contract.example_row, **row} for row in rows])


def typed(contract: Contract, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of YAML scalars as a typed frame of the contract; columns not given are empty. Raises ValueError for a cell that isn't
    of its column's type."""
    dtypes = frame_dtypes(contract)
    return pd.DataFrame(
        {name: _cells([row.get(name) for row in rows], dtype) for name, dtype in dtypes.items()},
        index=range(len(rows)),
    )


def _cells(values: list[Any], dtype: Any) -> Any:
    if dtype.startswith("datetime64"):
        return np.array([None if one is None else date.fromisoformat(str(one)) for one in values], dtype=dtype)
    if dtype == "str":
        values = [None if one is None else str(one) for one in values]
    return pd.array(values, dtype=dtype)


def prove_cases(contracts: Contracts, faults: Faults) -> int:
    """Judge every case; gathers a fault for each that ends otherwise than it says. The number of cases judged."""
    judged, contexts = 0, Contexts(contracts)
    for contract in contracts.values():
        if contract.rules:
            with faults.gathered():
                _prove_example(contexts, contract)
        for case in cases_of(contract):
            judged += 1
            with faults.gathered():
                _prove(contexts, case)
    return judged


def _prove_example(contexts: Contexts, contract: Contract) -> None:
    found = _judged_safely(contract, "the example row", lambda: judged_rows(contexts, contract, [{}]))
    if codes := _codes(found):
        told = f"has findings itself: {', '.join(sorted(codes))}"
        raise _broken(contract, "the example row", told, "mend the columns' examples")


def _prove(contexts: Contexts, case: RuleCase) -> None:
    kind = "fails" if case.fails else "passes"
    what = f"{case.rule.code}, {kind}, case {case.number}"
    found = _judged_safely(case.contract, what, lambda: case.judged(contexts))
    codes = _codes(found)
    if case.fails and case.rule.code not in codes:
        raise _broken(case.contract, what, "the rule finds nothing in these rows", "mend the rows, or the rule")
    if not case.fails and case.rule.code in codes:
        raise _broken(case.contract, what, "the rule finds these rows", "mend the rows, or the rule")
    if not case.fails and found.refused.any():
        others = sorted(set(found.rows.loc[found.rows["severity"] == "refuse", "rule"]))
        raise _broken(case.contract, what, f"the rows are refused by {', '.join(others)}", "what passes is allowed")


def _codes(found: Findings) -> set[str]:
    """The rules that found something, in rows or in the table as a whole."""
    return {*found.rows["rule"], *(one.rule for one in found.table_findings)}


def _judged_safely(contract: Contract, what: str, judge: Callable[[], Findings]) -> Findings:
    problem = ""
    try:
        return judge()
    except (ValueError, TypeError) as error:
        problem = str(error)
    raise _broken(contract, what, f"the rows can't be typed: {problem}", "write days as 2012-08-31 and codes as text")


def _broken(contract: Contract, what: str, told: str, mend: str) -> ContractBroken:
    return ContractBroken("CON-07", told, where=f"{contract.collection}/{contract.path.name}, {what}", mend=mend)
