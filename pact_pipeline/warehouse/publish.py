"""Publishing a build: load it beside the others, let it be judged, then switch all views to it at once
(architecture#publishing-a-build).

    publish(engine, contracts, build_folder, build_id, judge)

Whoever reads meanwhile sees the former build or the new one, never a mixture and never nothing, whatever the isolation
level. Every step can break off: the former build stays, and the next publication clears up. Not here: the form of
tables and views (`build_tables`), what is judged (`expectations`), how a build is computed (core, measures).
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg.errors
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from pact_pipeline.contracts import Contracts
from pact_pipeline.disk import OF_THE_SERVER
from pact_pipeline.failures import BuildRefused, PactFailure, WarehouseUnavailable
from pact_pipeline.warehouse import build_tables, load, locks
from pact_pipeline.warehouse.build_tables import SCHEMAS, SLOTS, PublishedTable
from pact_pipeline.warehouse.connect import reached
from pact_pipeline.warehouse.expectations import ExpectationVerdict
from pact_pipeline.warehouse.sessions import end_outlasting

log = logging.getLogger(__name__)

_LOCK = "a build is published"


@dataclass(frozen=True)
class Publication:
    """What a publication did. `former` is the build shown before it; `postponed` are those that readers still hold."""

    build_id: str
    former: str | None
    switched: bool
    """False when the build was the current one already: nothing was done, and the verdicts are those given then."""
    rows: dict[str, int]
    verdicts: tuple[ExpectationVerdict, ...] = ()
    dropped: tuple[str, ...] = ()
    postponed: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """Tables that have a contract and were never in a build."""
    seconds: dict[str, float] = field(default_factory=dict)


class BuildFailsExpectations(BuildRefused):
    """A build that did not pass, with all verdicts on it."""

    def __init__(self, build_id: str, verdicts: Sequence[ExpectationVerdict]) -> None:
        self.verdicts = tuple(verdicts)
        broken = [f"{verdict.name} ({verdict.observed})" for verdict in verdicts if verdict.refuses]
        super().__init__(
            "WH-040",
            f"Build {build_id} does not hold what is expected of it: {'; '.join(broken)}. The former build stays.",
            where="warehouse expectations",
            mend="see which submission or core table breaks it, mend that and build again",
        )


def publish(
    engine: Engine,
    contracts: Contracts,
    build_folder: Path,
    build_id: str,
    evaluate: Callable[[str], Sequence[ExpectationVerdict]],
) -> Publication:
    """Load `build_folder/<collection>/<table>.parquet` as `build_id`, judge it, and make it the build that is shown.

    `evaluate` gets the build's name when its rows lie in the warehouse and before anybody sees them. Publishing the
    current build again does nothing. Raises BuildRefused when an expectation of severity ERROR is broken, when a file
    does not fit its contract, or when a table of the former build is missing; WarehouseUnavailable when the warehouse
    can't be written. In either case the former build stays.
    """
    watch = _Watch()
    with reached(engine) as connection:
        try:
            with locks.held(engine, _LOCK, "publishes a build") as lock:
                return _publish(engine, connection, lock, contracts, build_folder, build_id, evaluate, watch)
        except DBAPIError as failure:  # its message may hold a row
            state = getattr(failure.orig, "sqlstate", None)
            why = OF_THE_SERVER.get(str(state), f"{type(failure.orig).__name__}, {state}")
            raise WarehouseUnavailable(
                "WH-041",
                f"The warehouse broke off the publication of {build_id} ({why}).",
                where=watch.stage,
                mend="see that the server runs and has room, then publish again; the former build stays",
            ) from None


def current_build(engine: Engine) -> str | None:
    """The build that is shown, or None before the first publication."""
    with engine.connect() as connection:
        if connection.scalar(sa.text("SELECT to_regclass('reference.current_build') IS NULL")):
            return None
        build_id: str | None = connection.scalar(sa.text("SELECT build_id FROM reference.current_build"))
        return build_id


def _publish(
    engine: Engine,
    connection: Connection,
    lock: Connection,
    contracts: Contracts,
    build_folder: Path,
    build_id: str,
    evaluate: Callable[[str], Sequence[ExpectationVerdict]],
    watch: "_Watch",
) -> Publication:
    found, absent = _find(contracts, build_folder)
    with watch("prepare"):
        for line in end_outlasting(engine):
            log.warning(line)
        build_tables.prepare(connection, found)
        book = _read_book(connection)
        if book.current == build_id:
            given = _recorded(connection, build_id)
            return Publication(
                build_id, book.former, False, book.rows(build_id), given, absent=absent, seconds=watch.seconds
            )
        _refuse_missing(
            book, build_id, {table.name for table in found}, {contract.key for contract in contracts.values()}
        )
        sources = [load.source(table, build_folder) for table in found]
    if book.holds(build_id):  # a former build is to be shown again; its rows lie here still
        rows, slot = book.rows(build_id), book.slots[build_id]
    else:
        with watch("load"):
            slot = _claim(connection, book, build_id)
            emptied = [_truncated(connection, table, slot, book) for table in found]
            unemptied = [table for table, done in zip(found, emptied, strict=True) if not done]
            rows = load.load(engine.url, sources, slot, build_id, clear=unemptied)
            with connection.begin():
                connection.execute(
                    sa.text(
                        "UPDATE build.publication SET state = 'loaded', row_counts = :rows WHERE build_id = :build"
                    ),
                    {"rows": json.dumps(rows), "build": build_id},
                )
            _analyse(connection, [table.slot(slot) for table in found])
    with watch("judge"):
        verdicts = _judged(connection, evaluate, build_id, found, slot, book)
    with watch("switch"):
        lock.execute(
            sa.text("SELECT 1")
        )  # if its connection is gone, so is the lock, and this is not ours to do any more
        former = book.current
        build_tables.with_lock_retry(connection, lambda: _switch(connection, found, build_id, slot))
        with connection.begin():  # only now does everybody who comes see it
            connection.execute(
                sa.text("UPDATE build.publication SET shown_since = clock_timestamp() WHERE build_id = :build"),
                {"build": build_id},
            )
    with watch("drop"):
        dropped, postponed = _drop_old(connection)
    return Publication(build_id, former, True, rows, verdicts, dropped, postponed, absent, watch.seconds)


def _find(contracts: Contracts, build_folder: Path) -> tuple[list[PublishedTable], tuple[str, ...]]:
    """The tables to publish, and the names of those with a contract and no file."""
    named = [PublishedTable(contract) for schema in SCHEMAS for contract in contracts.collection(schema)]
    for table in named:
        if table.contract.identifying_columns:
            raise BuildRefused(
                "WH-042",
                f"{table.name} has columns that identify people, which are never published.",
                where=str(table.contract.path),
                mend="take those columns out of the contract",
            )
    found = [table for table in named if load.file_of(table, build_folder).is_file()]
    if not found:
        raise BuildRefused(
            "WH-043",
            "The build has no table to publish.",
            where=str(build_folder),
            mend="build core and measures first",
        )
    names = {table.name for table in found}
    return found, tuple(table.name for table in named if table.name not in names)


def _refuse_missing(book: "_Book", build_id: str, found: set[str], promised: set[str]) -> None:
    """A table the readers have now must not become empty because its file was not made."""
    missing = sorted((set(book.rows(book.current)) & promised) - found) if book.current else []
    if missing:
        raise BuildRefused(
            "WH-044",
            f"Build {build_id} lacks tables that the current build has: {', '.join(missing)}. The former build stays.",
            mend="build them too; if a table is to go, take its contract away",
        )


@dataclass(frozen=True)
class _Book:
    """What lies in the slots. `shown` are the builds that were published and lie here, the current one first."""

    shown: tuple[str, ...]
    slots: dict[str, int]
    row_counts: dict[str, dict[str, int]]
    horizon: str | None
    """The transaction that showed the former build: who began to read before it may need an older build."""
    shown_since: datetime | None
    """From when on all saw the former build, or a later one: who began to read since needs no older one."""

    @property
    def current(self) -> str | None:
        return self.shown[0] if self.shown else None

    @property
    def former(self) -> str | None:
        return self.shown[1] if len(self.shown) > 1 else None

    @property
    def kept(self) -> set[int]:
        """The slots of the current and the former build."""
        return {self.slots[build] for build in self.shown[:2]}

    def holds(self, build_id: str) -> bool:
        return build_id in self.shown[:2]

    def rows(self, build_id: str | None) -> dict[str, int]:
        return self.row_counts.get(build_id, {}) if build_id else {}


def _read_book(connection: Connection) -> _Book:
    with connection.begin():
        rows = connection.execute(
            sa.text(
                "SELECT build_id, slot, row_counts, switched_in::text AS horizon, shown_since FROM build.publication"
                " WHERE state = 'published' AND slot IS NOT NULL ORDER BY switched_in DESC"
            )
        ).all()
    return _Book(
        shown=tuple(row.build_id for row in rows),
        slots={row.build_id: row.slot for row in rows},
        row_counts={row.build_id: row.row_counts for row in rows},
        horizon=rows[1].horizon if len(rows) > 1 else None,
        shown_since=rows[1].shown_since if len(rows) > 1 else None,
    )


def _claim(connection: Connection, book: _Book, build_id: str) -> int:
    """Take a slot that holds neither the current nor the former build, for `build_id`."""
    slot = next(number for number in SLOTS if number not in book.kept)
    with connection.begin():
        # Who lay there was published long ago, or broke off: this session holds the lock, so nobody is at work on it.
        connection.execute(
            sa.text("UPDATE build.publication SET slot = NULL, state = 'dropped' WHERE slot = :slot"), {"slot": slot}
        )
        connection.execute(sa.text("DELETE FROM build.publication WHERE build_id = :build"), {"build": build_id})
        connection.execute(
            sa.text("INSERT INTO build.publication (build_id, slot, state) VALUES (:build, :slot, 'loading')"),
            {"build": build_id, "slot": slot},
        )
    return slot


def _analyse(connection: Connection, partitions: Sequence[str]) -> None:
    """Let the planner know the new rows: from a sample of 7,500 a table, as full statistics take as long as loading."""
    with connection.begin():
        connection.exec_driver_sql("SET LOCAL default_statistics_target = 25")
        connection.exec_driver_sql(f"ANALYZE {', '.join(partitions)}")


def _judged(
    connection: Connection,
    evaluate: Callable[[str], Sequence[ExpectationVerdict]],
    build_id: str,
    found: Sequence[PublishedTable],
    slot: int,
    book: _Book,
) -> tuple[ExpectationVerdict, ...]:
    """The verdicts on a build that passed. One that did not is dropped, unless it is a former one."""
    refusal: PactFailure
    try:
        verdicts = tuple(evaluate(build_id))
        with connection.begin():
            connection.execute(
                sa.text("UPDATE build.publication SET verdicts = :verdicts WHERE build_id = :build"),
                {"verdicts": json.dumps([asdict(verdict) for verdict in verdicts]), "build": build_id},
            )
        if not any(verdict.refuses for verdict in verdicts):
            return verdicts
        refusal = BuildFailsExpectations(build_id, verdicts)
    except PactFailure as failure:
        refusal = failure
    except Exception as failure:
        # A rule that can't run is a failure of the build. The message is left out: a database's may hold a row.
        refusal = BuildRefused(
            "WH-045",
            f"Build {build_id} could not be judged ({type(failure).__name__}). The former build stays.",
            mend="mend the expectation that raised it",
        )
    if not book.holds(build_id):
        for table in found:
            if not _truncated(connection, table, slot, book):
                with connection.begin():
                    connection.exec_driver_sql(f"DELETE FROM {table.slot(slot)}")  # noqa: S608 (our own names)
        with connection.begin():
            connection.execute(
                sa.text("UPDATE build.publication SET state = 'refused', slot = NULL WHERE build_id = :build"),
                {"build": build_id},
            )
    raise refusal from None


def _recorded(connection: Connection, build_id: str) -> tuple[ExpectationVerdict, ...]:
    """The verdicts given on a build when it was published."""
    with connection.begin():
        given = connection.scalar(
            sa.text("SELECT verdicts FROM build.publication WHERE build_id = :build"), {"build": build_id}
        )
    return tuple(ExpectationVerdict(**verdict) for verdict in given or ())


def _switch(connection: Connection, found: Sequence[PublishedTable], build_id: str, slot: int) -> None:
    """Show `build_id`: one row changes, and with it all views."""
    build_tables.show(connection, found)
    changed = connection.execute(
        sa.text("UPDATE reference.current_build SET build_id = :build, slot = :slot, published_at = now()"),
        {"build": build_id, "slot": slot},
    )
    if changed.rowcount == 0:
        connection.execute(
            sa.text("INSERT INTO reference.current_build VALUES (:build, :slot, now())"),
            {"build": build_id, "slot": slot},
        )
    connection.execute(
        sa.text(
            "UPDATE build.publication SET state = 'published', published_at = now(),"
            " switched_in = pg_current_xact_id(), shown_since = NULL WHERE build_id = :build"
        ),
        {"build": build_id},
    )


def _drop_old(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Drop what was published two publications ago. A reader in the way postpones it to the next publication."""
    book = _read_book(connection)
    dropped, postponed = [], []
    for build_id in book.shown[2:]:
        slot = book.slots[build_id]
        with connection.begin():
            names = connection.scalars(
                sa.text(
                    "SELECT format('build.%I', relname) FROM pg_class WHERE relnamespace = 'build'::regnamespace"
                    " AND relkind = 'r' AND relispartition AND relname LIKE :ending"
                ),
                {"ending": f"%\\_\\_{slot}"},
            ).all()
        emptied = [_truncate(connection, name, book) for name in names]
        if all(emptied):
            with connection.begin():
                connection.execute(
                    sa.text("UPDATE build.publication SET state = 'dropped', slot = NULL WHERE build_id = :build"),
                    {"build": build_id},
                )
            dropped.append(build_id)
        else:
            postponed.append(build_id)
    return tuple(dropped), tuple(postponed)


def _truncated(connection: Connection, table: PublishedTable, slot: int, book: _Book) -> bool:
    return _truncate(connection, table.slot(slot), book)


def _truncate(connection: Connection, partition: str, book: _Book) -> bool:
    """Empty a slot's table at once and give its room back; False if a reader is in the way.

    Two kinds of readers are: one who holds the table, and one whose snapshot is older than the former build's
    publication. The latter may come to this table only later in a transaction, and TRUNCATE empties it for all.
    """
    try:
        with connection.begin():
            if connection.exec_driver_sql(f"SELECT NOT EXISTS (TABLE {partition})").scalar():
                return True
            since = {"horizon": book.horizon, "shown_since": book.shown_since}
            if book.horizon is not None and connection.scalar(sa.text(_OLD_READERS), since):
                return False
            connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
            connection.exec_driver_sql(f"TRUNCATE {partition}")
    except OperationalError as failure:
        if isinstance(failure.orig, psycopg.errors.LockNotAvailable):
            return False
        raise
    return True


# A snapshot's xmin is as old as the oldest transaction that wrote then, also of a run that only holds a lock: so the moment
# at which a reader began says more, where this role may see it.
_OLD_READERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_xmin IS NOT NULL AND age(backend_xmin) >= age(CAST(:horizon AS xid8)::xid)
  AND (xact_start > :shown_since) IS NOT TRUE
"""


class _Watch:
    """How long each stage took, and which one it is."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.stage = ""

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        self.stage, start = stage, time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(time.perf_counter() - start, 3)
