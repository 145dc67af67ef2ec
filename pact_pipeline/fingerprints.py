"""What a fingerprint is made of: code without its comments and docstrings, facts without the words that explain them. Equal
texts mean that nothing that decides anything differs; the hash is made by whoever puts the texts together.
"""

import ast
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


def digest(parts: Iterable[str]) -> str:
    """SHA-256 over texts in their order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def facts(value: Any, without: Collection[str] = ()) -> str:
    """One text for equal values, whatever the order of their mappings; of dataclasses without the fields `without`."""
    if is_dataclass(value) and not isinstance(value, type):
        told = (
            f"{one.name}={facts(getattr(value, one.name), without)}" for one in fields(value) if one.name not in without
        )
        return f"{type(value).__name__}({', '.join(told)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{key!r}: {facts(one, without)}" for key, one in value.items())) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(facts(one, without) for one in value) + "]"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(facts(one, without) for one in value)) + "}"
    return repr(value)


def modules(*paths: Path) -> list[Path]:
    """The Python modules that these are or hold, in order."""
    return [module for path in paths for module in ([path] if path.suffix else sorted(path.rglob("*.py")))]


@lru_cache(maxsize=512)
def python(path: Path) -> str:
    """What a module does: its code without comments and docstrings. Read once: a running process goes by the code that it has
    imported.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # A text by itself says something to readers alone.
            node.body = [one for one in node.body if not _is_text(one)] or [ast.Pass()]
    return f"{path.name}\n{ast.unparse(tree)}"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
