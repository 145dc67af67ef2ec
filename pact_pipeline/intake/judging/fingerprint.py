"""A fingerprint of the contracts, the kinds of check and the mapping a submission is judged by: another one means that
judging again can end otherwise. Words (messages, descriptions, cases, examples) don't count, nor does where a file lies."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pact_pipeline.contracts import Contract, Contracts, checks
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Supplier

_WORDS = frozenset(
    {
        "path", "title", "description", "grain", "message", "mend", "source", "meaning", "fails", "passes", "example",
        "example_period", "example_tables", "example_former",
    }
)  # fmt: skip


def judged_by(contracts: Contracts, supplier: Supplier, collection: str, period: str) -> str:
    """SHA-256 over the collection's contracts, the code of the kinds of check that they name, and the layouts by which the
    supplier sends it in the period."""
    month = Period.parse(period)
    layouts = [
        delivery.layout_for(month)
        for delivery in supplier.delivery(collection)
        if delivery.layouts[0][0].first_day <= month.first_day
    ]
    parts = [_of_contract(contract) for contract in contracts.collection(collection)]
    parts += [_code_of_checks(), supplier.key, supplier.kind, *(_plain(layout) for layout in layouts)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def _code_of_checks() -> str:
    """Read once: a running process judges by the code that it has imported."""
    return code_of(Path(checks.__file__).parent)


def code_of(folder: Path) -> str:
    """SHA-256 over the Python modules of a folder."""
    modules = sorted(folder.glob("*.py"))
    return hashlib.sha256(
        b"\n".join(b"%s\n%s" % (path.name.encode(), path.read_bytes()) for path in modules)
    ).hexdigest()


@lru_cache(maxsize=256)
def _of_contract(contract: Contract) -> str:
    return _plain(contract)


def _plain(value: Any) -> str:
    """One text for equal values, whatever the order of their mappings."""
    if is_dataclass(value) and not isinstance(value, type):
        told = (f"{one.name}={_plain(getattr(value, one.name))}" for one in fields(value) if one.name not in _WORDS)
        return f"{type(value).__name__}({', '.join(told)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{key!r}: {_plain(one)}" for key, one in value.items())) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(_plain, value))) + "}"
    return repr(value)
