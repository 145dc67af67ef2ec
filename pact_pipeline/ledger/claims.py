"""Who is at work: locks of the database, gone with the connections that hold them, however their process ends.

A run that judges says that it is at work; only when nobody else is may what a killed run left be cleared away. Before it
judges a submission it claims the supplier's collection, so that two runs don't judge one submission, and each sees the
other's verdicts before it goes on with that supplier. Runs on different suppliers don't wait for each other.
"""

from collections.abc import Callable
from types import TracebackType

from sqlalchemy import Connection, Engine

from pact_pipeline.ledger.guard import terse
from pact_pipeline.warehouse import locks

_AT_WORK = "intake is at work"


class AtWork:
    """A run at work, as a context manager. `alone` was told whether no other run was, before anything was claimed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._at_work: Connection | None = None
        # A lock ends with its connection's transaction, so each claim has a connection; those let go are used again.
        self._claims: dict[str, Connection] = {}
        self._free: list[Connection] = []
        self.alone = False

    def __enter__(self) -> "AtWork":
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for connection in (self._at_work, *self._claims.values(), *self._free):
            if connection is not None:
                connection.close()

    @terse
    def _open(self) -> None:
        locks.prepare(self._engine)
        self._at_work = self._engine.connect()
        self.alone = locks.take(self._at_work, _AT_WORK)
        if not self.alone:
            self._share()

    def begin(self, clear: Callable[[], object]) -> None:
        """Clear away what killed runs left, if this run is the only one, and let others begin."""
        if self.alone:
            clear()
            self._share()

    @terse
    def _share(self) -> None:
        """Be at work beside others. Who comes before this run has the lock again clears away too, and finds nothing of it."""
        connection = self._at_work
        assert connection is not None, "used as a context manager"
        connection.rollback()
        locks.await_lock(lambda: locks.take(connection, _AT_WORK, shared=True), "clears away what killed runs left")

    @terse
    def claim(self, supplier: str, collection: str) -> bool:
        """Whether this run may judge for the supplier's collection now; another one that does holds it."""
        name = _name(supplier, collection)
        if name in self._claims:
            return True
        connection = self._free.pop() if self._free else self._engine.connect()
        if not locks.take(connection, name):
            self._free.append(connection)
            return False
        self._claims[name] = connection
        return True

    @terse
    def release(self, supplier: str, collection: str) -> None:
        connection = self._claims.pop(_name(supplier, collection))
        connection.rollback()
        self._free.append(connection)


def _name(supplier: str, collection: str) -> str:
    return f"intake judges {supplier} {collection}"
