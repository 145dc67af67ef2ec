"""The example rows of each rule (`examples/<collection>.<table>.yaml`) as typed frames.

`row` is a row without any finding; an example says what differs from it, a list of examples stands for several rows of
one table. `accepted` holds the rows of the tables judged before, `period` the period (2012-08 where none is given).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pact_pipeline.contracts import Contract, Contracts, load_contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.judge import Findings, frame_dtypes, judge
from pact_pipeline.contracts.marked_yaml import read_marked
from pact_pipeline.periods import Period

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = Path(__file__).with_name("examples")
SUPPLIED = ("councils", "courts", "clas", "health", "programme")


@dataclass(frozen=True)
class Example:
    """One case of one rule: the rows as they differ from the clean row, and what the rule is to do with them."""

    contract: Contract
    rule: str
    fails: bool
    number: int
    rows: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.rule}-{'fails' if self.fails else 'passes'}-{self.number}"


@cache
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


def supplied() -> list[Contract]:
    """The contracts of what suppliers send."""
    return [contract for contract in contracts().values() if contract.collection in SUPPLIED]


@cache
def document(key: str) -> Mapping[str, Any]:
    path = EXAMPLES / f"{key}.yaml"
    found: Mapping[str, Any] = read_marked(path).plain()
    return found


def examples() -> Iterator[Example]:
    for contract in supplied():
        for rule, kinds in document(contract.key)["rules"].items():
            for kind, cases in kinds.items():
                for number, case in enumerate(cases, start=1):
                    rows = case if isinstance(case, list) else [case]
                    yield Example(contract, rule, kind == "fails", number, rows)


def typed(contract: Contract, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of YAML scalars as a typed frame of the contract; columns not given are empty."""
    for row in rows:
        unknown = set(row) - set(contract.column_names)
        assert not unknown, f"{contract.key} has no {unknown}"
    frame = pd.DataFrame(rows, columns=list(contract.column_names), dtype=object)
    dates = [column.name for column in contract.columns if column.type == "date"]
    for name in dates:
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame.astype(frame_dtypes(contract))


def judged(contract: Contract, rows: list[dict[str, Any]]) -> Findings:
    """The findings of rows that differ from the clean row as said."""
    given = document(contract.key)
    frame = typed(contract, [{**given["row"], **row} for row in rows])
    return judge(contract, frame, context(contract))


def context(contract: Contract) -> Context:
    given = document(contract.key)
    accepted = {
        table: typed(contracts()[f"{contract.collection}.{table}"], rows)
        for table, rows in given.get("accepted", {}).items()
    }
    return Context(Period.parse(given.get("period", "2012-08")), "GLG", "GLG", accepted)
