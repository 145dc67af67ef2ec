"""The data dictionary: every table of every contract with its columns, words, promises and rules, on one page."""

from dataclasses import dataclass
from itertools import groupby

from pact_pipeline.contracts.model import Column, Contract, Contracts, Rule
from pact_pipeline.desk.catalogue import RULES_FILE
from pact_pipeline.desk.pages import render
from pact_pipeline.desk.words import (
    COLLECTIONS,
    EVERY,
    SEVERITIES,
    SUPPLIED,
    bounds_in_words,
    due_in_words,
    type_in_words,
)

DICTIONARY_FILE = "data-dictionary.html"


@dataclass(frozen=True)
class ColumnWords:
    """A column as the page tells it."""

    column: Column
    kind: str
    bounds: str
    key: int | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class TableWords:
    """A table as the page tells it. `facts` are label and words; `looks_into` other tables with the rules that look."""

    contract: Contract
    facts: tuple[tuple[str, str], ...]
    columns: tuple[ColumnWords, ...]
    looks_into: tuple[tuple[Contract, tuple[Rule, ...]], ...]


@dataclass(frozen=True)
class CollectionWords:
    key: str
    title: str
    tables: tuple[TableWords, ...]


def dictionary_page(contracts: Contracts) -> str:
    """The page."""
    collections = tuple(
        CollectionWords(key, COLLECTIONS.get(key, key), tuple(table_words(one, contracts) for one in tables))
        for key, tables in _by_collection(contracts)
    )
    return render(
        "dictionary.html.jinja",
        collections=collections,
        severities=SEVERITIES,
        rules_file=RULES_FILE,
        tables=len(contracts),
        columns=sum(len(contract.columns) for contract in contracts.values()),
        rules=sum(len(contract.rules) for contract in contracts.values()),
    )


def _by_collection(contracts: Contracts) -> list[tuple[str, list[Contract]]]:
    """What suppliers send first, then what is made of it; the tables in the order they are judged in."""
    order = [*SUPPLIED, *(key for key in contracts.collections if key not in SUPPLIED)]
    tables = sorted(contracts.values(), key=lambda contract: order.index(contract.collection))
    return [(key, list(group)) for key, group in groupby(tables, key=lambda contract: contract.collection)]


def table_words(contract: Contract, contracts: Contracts) -> TableWords:
    """One table."""
    keys = {name: place for place, name in enumerate(contract.primary_key, start=1)}
    columns = tuple(
        ColumnWords(
            column=column,
            kind=type_in_words(column),
            bounds=bounds_in_words(column),
            key=keys.get(column.name),
            rules=tuple(rule for rule in contract.rules if column.name in rule.columns),
        )
        for column in contract.columns
    )
    into: dict[str, list[Rule]] = {}
    for rule in contract.rules:
        for table in rule.looks_into:
            into.setdefault(table, []).append(rule)
    looks_into = tuple((contracts[f"{contract.collection}.{table}"], tuple(rules)) for table, rules in into.items())
    return TableWords(contract, _facts(contract), columns, looks_into)


def _facts(contract: Contract) -> tuple[tuple[str, str], ...]:
    facts = [("Name", contract.key), ("One row is", contract.grain), ("Key", ", ".join(contract.primary_key))]
    if contract.collection in SUPPLIED:
        facts += [
            ("Sent", f"{EVERY[contract.every]}; {due_in_words(contract)}"),
            ("Needed", "yes, every time" if contract.needed else "only when there is something to send"),
        ]
        if contract.hold_share < 1:
            facts.append(("Held", f"when more than {contract.hold_share:.0%} of the rows would be refused"))
    else:
        facts.append(("Made", EVERY[contract.every]))
    facts.append(("Version", contract.version))
    return tuple(facts)
