"""What a build is made of, part by part: another fingerprint of a part means that a build made now can have other figures.

What counts: what is in force; the SQL and the code of core, measures, linkage and what they read with, without comments; of a
supplier's contract the columns that the core's SQL names and when the table is due; of the other contracts the columns; which
needed columns the suppliers' layouts lack. What doesn't: words, examples, contacts, a column that the core doesn't read.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import duckdb

from pact_pipeline import fingerprints
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.core.build import LAKE_TABLES
from pact_pipeline.ledger.queries import LedgerQueries
from pact_pipeline.suppliers import Supplier

PACKAGE = Path(__file__).parents[1]
IN_FORCE = "what is in force"
LAYOUTS = "what the suppliers' layouts lack"
DEFINITIONS = (
    "core", "measures", "engines", "linkage", "reference", "lake/schema.py", "lake/pseudonyms.py", "contracts/due.py",
    "flows/build.py", "pathway.py", "submission_state.py", "periods.py",
)  # fmt: skip
"""Whose code and SQL say what a build is."""
WORDS = frozenset(
    {
        "description", "codes", "example", "span", "minimum", "maximum", "pattern", "max_length", "needed_by_core",
        "required",
    }
)  # fmt: skip
"""Of a column: what judges a supplier's cells, or tells people what they are."""


def made_of(contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: LedgerQueries) -> dict[str, str]:
    """The fingerprint of each part of a build made now, by what the part is called."""
    return {
        IN_FORCE: ledger.fingerprint(),
        **_definitions(),
        **_promises(contracts),
        LAYOUTS: _lacking(contracts, suppliers),
    }


def current_fingerprint(contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: LedgerQueries) -> str:
    """The fingerprint of a build made now."""
    return fingerprint_of(made_of(contracts, suppliers, ledger))


def fingerprint_of(parts: Mapping[str, str]) -> str:
    """SHA-256 over all parts."""
    return fingerprints.digest(f"{name} {parts[name]}" for name in sorted(parts))


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The parts that are not the same in both, by name."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@lru_cache(maxsize=1)
def _definitions() -> dict[str, str]:
    """Read once: a running process builds by the code that it has imported, and by the SQL beside it."""
    paths = [
        one for name in DEFINITIONS for one in ([PACKAGE / name] if "." in name else (PACKAGE / name).rglob("*.*"))
    ]
    readers: dict[str, Callable[[Path], str]] = {
        ".py": fingerprints.python,
        ".sql": _sql,
        ".csv": lambda path: path.read_text(encoding="utf-8"),
    }
    return {
        path.relative_to(PACKAGE).as_posix(): fingerprints.digest([readers[path.suffix](path)])
        for path in sorted(paths)
        if path.suffix in readers
    }


def _sql(path: Path) -> str:
    """What a statement says: its tokens without comments."""
    return " ".join(tokens(path.read_text(encoding="utf-8")))


def tokens(statement: str) -> list[str]:
    """The tokens of a statement, comments left out."""
    found = duckdb.tokenize(statement)
    ends = [start for start, _ in found[1:]] + [len(statement)]
    return [
        " ".join(statement[start:end].split())
        for (start, kind), end in zip(found, ends, strict=True)
        if kind != duckdb.token_type.comment
    ]


@lru_cache(maxsize=1)
def words_of_core() -> frozenset[str]:
    """Every word of the core's SQL: a column that is none of them is read by nothing."""
    text = " ".join(_sql(path) for path in sorted((PACKAGE / "core" / "sql").rglob("*.sql")))
    return frozenset(re.findall(r"\w+", text))


def _promises(contracts: Contracts) -> dict[str, str]:
    read = {key for _, key, _ in LAKE_TABLES}
    parts = {}
    for key, contract in contracts.items():
        told = [contract.prefix, str(contract.due_day)]
        if contract.every == "build" or key in read:
            told += [fingerprints.facts(column, WORDS) for column in contract.columns if _counts(contract, column.name)]
        parts[f"contract {key}"] = fingerprints.digest(told)
    return parts


def _counts(contract: Contract, column: str) -> bool:
    return contract.every == "build" or column in words_of_core()


def _lacking(contracts: Contracts, suppliers: Mapping[str, Supplier]) -> str:
    lacking = []
    for supplier in suppliers.values():
        for delivery in supplier.deliveries:
            for start, layout in delivery.layouts:
                columns = layout.lacks_for_core(contracts.collection(delivery.collection))
                lacking.append(f"{supplier.key} {start} {' '.join(columns)}")
    return fingerprints.digest(lacking)
