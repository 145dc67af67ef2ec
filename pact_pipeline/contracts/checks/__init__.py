"""The kinds of check a contract's rule can name: one vectorised function a kind, in a module for each question.

What a rule is called, how severe it is and what it tells the supplier stands in the contract, not here. Every module of
this folder is read, so a new kind needs nothing but its function.
"""

from importlib import import_module
from pkgutil import iter_modules

from pact_pipeline.contracts.checks.kinds import KINDS, CheckKind, Operand, RowOutcome, TableOutcome, kind, table_kind

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["KINDS", "CheckKind", "Operand", "RowOutcome", "TableOutcome", "kind", "table_kind"]
