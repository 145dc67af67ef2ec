"""What a database error becomes: one of ours, without the statement's parameters, which quote values."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from pact_pipeline.disk import OF_THE_SERVER
from pact_pipeline.failures import WarehouseUnavailable

P = ParamSpec("P")
R = TypeVar("R")


def terse(method: Callable[P, R]) -> Callable[P, R]:
    """A database error becomes ours. Raised outside of the handler, so that not even its context keeps the statement's
    parameters or a DETAIL line."""

    @wraps(method)
    def called(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return method(*arguments, **named)
        except SQLAlchemyError as error:
            behind = getattr(error, "orig", None) or error
            problem = OF_THE_SERVER.get(str(getattr(behind, "sqlstate", None)), type(behind).__name__)
        raise WarehouseUnavailable(
            "LEDGER-001",
            f"the ledger could not be read or written ({problem})",
            mend="see that the warehouse is up (pact warehouse status) and run again: nothing was half-written.",
        )

    return called
