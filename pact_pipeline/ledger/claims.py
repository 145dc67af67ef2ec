"""Who is at work: locks of the database, held by one connection and gone with it, however its process ends.

A run that judges says that it is at work; only when nobody else is may what a killed run left be cleared away. Before it
judges a submission it claims the supplier's collection, so that two runs don't judge one submission, and each sees the
other's verdicts before it goes on with that supplier. Runs on different suppliers don't wait for each other.
"""

from collections.abc import Callable
from types import TracebackType

from sqlalchemy import Connection, Engine, text

from pact_pipeline.ledger.guard import terse

# Any number will do, as long as nothing else in the warehouse takes the same lock.
_AT_WORK = 7_303_003
_CLAIM = 7_303_004


class AtWork:
    """A run at work, as a context manager. `alone` was told whether no other run was, before anything was claimed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self.alone = False

    def __enter__(self) -> "AtWork":
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._connection is not None:
            self._connection.close()

    @terse
    def _open(self) -> None:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Taken out of the pool: given back to it, the connection would live on and keep its locks.
        connection.detach()
        self._connection = connection
        self.alone = bool(
            connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _AT_WORK}).scalar_one()
        )
        if not self.alone:
            connection.execute(text("SELECT pg_advisory_lock_shared(:lock)"), {"lock": _AT_WORK})

    def begin(self, clear: Callable[[], object]) -> None:
        """Clear away what killed runs left, if this run is the only one, and let others begin."""
        if self.alone:
            clear()
            self._share()

    @terse
    def _share(self) -> None:
        connection = self._held()
        connection.execute(text("SELECT pg_advisory_lock_shared(:lock)"), {"lock": _AT_WORK})
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _AT_WORK})

    @terse
    def claim(self, supplier: str, collection: str) -> bool:
        """Whether this run may judge for the supplier's collection now; another one that does holds it."""
        statement = text("SELECT pg_try_advisory_lock(:kind, hashtext(:what))")
        found = self._held().execute(statement, {"kind": _CLAIM, "what": f"{supplier}|{collection}"})
        return bool(found.scalar_one())

    @terse
    def release(self, supplier: str, collection: str) -> None:
        statement = text("SELECT pg_advisory_unlock(:kind, hashtext(:what))")
        self._held().execute(statement, {"kind": _CLAIM, "what": f"{supplier}|{collection}"})

    def _held(self) -> Connection:
        assert self._connection is not None, "used as a context manager"
        return self._connection
