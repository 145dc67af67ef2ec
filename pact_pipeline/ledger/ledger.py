"""Reading and writing the ledger. Every statement is set-based; a verdict is one transaction."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from pact_pipeline.failures import PactFailure, WarehouseUnavailable
from pact_pipeline.ledger.model import (
    Arrival,
    FindingCount,
    State,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
)
from pact_pipeline.ledger.tables import FACTS_NEVER_CHANGE, SCHEMA, metadata

P = ParamSpec("P")
R = TypeVar("R")

# Any number will do, as long as nothing else in the warehouse takes the same lock.
_ARRIVAL_LOCK = 7_303_001

_IN_FORCE = """
SELECT DISTINCT ON (supplier, collection, period)
       submission_id, supplier, collection, period, sequence, received_at, state, manifest, contract_version,
       rows_read, rows_taken, rows_refused, rows_warned
FROM ledger.submission
WHERE state IN ('taken', 'taken_with_refusals') AND received_at <= :at
ORDER BY supplier, collection, period, sequence DESC
"""
_IN_FORCE_COLUMNS = [
    "submission_id",
    "supplier",
    "collection",
    "period",
    "sequence",
    "received_at",
    "state",
    "manifest",
]

_INSERT_ARRIVALS = text("""
INSERT INTO ledger.arrival (sha256, supplier, collection, file_name, bytes, modified_at, arrived_at)
SELECT sha256, supplier, collection, file_name, bytes, modified_at, :now
FROM unnest(CAST(:sha256 AS text[]), CAST(:supplier AS text[]), CAST(:collection AS text[]),
            CAST(:file_name AS text[]), CAST(:bytes AS bigint[]), CAST(:modified_at AS timestamptz[]))
  AS new (sha256, supplier, collection, file_name, bytes, modified_at)
ON CONFLICT DO NOTHING
""")
_INSERT_SUBMISSIONS = text("""
INSERT INTO ledger.submission (submission_id, supplier, collection, period, sequence, received_at, registered_at,
                               manifest, contract_version, supersedes)
SELECT submission_id, supplier, collection, period, sequence, received_at, :now, manifest, contract_version, supersedes
FROM unnest(CAST(:submission_id AS text[]), CAST(:supplier AS text[]), CAST(:collection AS text[]),
            CAST(:period AS text[]), CAST(:sequence AS integer[]), CAST(:received_at AS timestamptz[]),
            CAST(:manifest AS text[]), CAST(:contract_version AS text[]), CAST(:supersedes AS text[]))
  AS new (submission_id, supplier, collection, period, sequence, received_at, manifest, contract_version, supersedes)
""")
_INSERT_TABLES = text("""
INSERT INTO ledger.submission_table (submission_id, table_name, sha256, file_name, carried_over)
SELECT submission_id, table_name, sha256, file_name, carried_over
FROM unnest(CAST(:submission_id AS text[]), CAST(:table_name AS text[]), CAST(:sha256 AS text[]),
            CAST(:file_name AS text[]), CAST(:carried_over AS boolean[]))
  AS new (submission_id, table_name, sha256, file_name, carried_over)
""")
_UPDATE_SUBMISSION = text("""
UPDATE ledger.submission
SET state = :state, rows_read = :rows_read, rows_taken = :rows_taken, rows_refused = :rows_refused,
    rows_warned = :rows_warned, judged_at = :now, reason = :reason
WHERE submission_id = :submission_id
""")
_UPDATE_TABLES = text("""
UPDATE ledger.submission_table AS it
SET rows_read = new.rows_read, rows_taken = new.rows_taken, rows_refused = new.rows_refused,
    rows_warned = new.rows_warned
FROM unnest(CAST(:table_name AS text[]), CAST(:rows_read AS bigint[]), CAST(:rows_taken AS bigint[]),
            CAST(:rows_refused AS bigint[]), CAST(:rows_warned AS bigint[]))
  AS new (table_name, rows_read, rows_taken, rows_refused, rows_warned)
WHERE it.submission_id = :submission_id AND it.table_name = new.table_name
""")
_REPLACE_FINDINGS = text("""
WITH gone AS (DELETE FROM ledger.finding_count WHERE submission_id = :submission_id AND NOT (
    (table_name, rule, column_name) IN (
        SELECT * FROM unnest(CAST(:table_name AS text[]), CAST(:rule AS text[]), CAST(:column_name AS text[])))))
INSERT INTO ledger.finding_count (submission_id, table_name, rule, column_name, severity, rows_found)
SELECT :submission_id, table_name, rule, column_name, severity, rows_found
FROM unnest(CAST(:table_name AS text[]), CAST(:rule AS text[]), CAST(:column_name AS text[]),
            CAST(:severity AS text[]), CAST(:rows_found AS bigint[]))
  AS new (table_name, rule, column_name, severity, rows_found)
ON CONFLICT (submission_id, table_name, rule, column_name)
DO UPDATE SET severity = excluded.severity, rows_found = excluded.rows_found
""")
_SUBMISSIONS = """
SELECT submission_id, supplier, collection, period, sequence, received_at, registered_at, manifest, contract_version,
       state, rows_read, rows_taken, rows_refused, rows_warned, supersedes, judged_at, reason
FROM ledger.submission
"""


def _terse(method: Callable[P, R]) -> Callable[P, R]:
    """A database error becomes ours. Raised outside of the handler, so that not even its context keeps the statement's
    parameters or a DETAIL line, which quote values."""

    @wraps(method)
    def called(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return method(*arguments, **named)
        except SQLAlchemyError as error:
            problem = type(getattr(error, "orig", None) or error).__name__
        raise WarehouseUnavailable(
            "LEDGER-001",
            f"the ledger could not be read or written ({problem})",
            mend="see that the warehouse is up (pact warehouse status) and run again: nothing was half-written.",
        )

    return called


class Ledger:
    """The ledger over one warehouse. All times are aware; frames come back with the columns the docstrings say."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @_terse
    def create(self) -> None:
        """Make schema, tables and the guard on facts, where they aren't there yet."""
        with self.engine.begin() as connection:
            # Two runs starting at once would both find nothing and both create.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ARRIVAL_LOCK + 1})
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
            metadata.create_all(connection)
            connection.exec_driver_sql(FACTS_NEVER_CHANGE)

    @contextmanager
    def one_arrival_at_a_time(self) -> Iterator[None]:
        """Held while files are found and registered, so that two runs don't give one delivery two numbers."""
        connection = self._locked()
        try:
            yield
        finally:
            connection.close()

    @_terse
    def _locked(self) -> Connection:
        """A connection that holds the lock until it is closed."""
        connection = self.engine.connect()
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ARRIVAL_LOCK})
        return connection

    @_terse
    def register(self, arrivals: Sequence[Arrival], submissions: Sequence[Submission]) -> None:
        """Enter files that came (those known already are left as they are) and new submissions, in one transaction."""
        now = datetime.now(UTC)
        tables = [(submission.submission_id, file) for submission in submissions for file in submission.files]
        with self.engine.begin() as connection:
            if arrivals:
                connection.execute(_INSERT_ARRIVALS, {"now": now, **_columns(arrivals, Arrival)})
            if submissions:
                wanted = _columns(submissions, Submission)
                wanted.pop("files")
                connection.execute(_INSERT_SUBMISSIONS, {"now": now, **wanted})
                connection.execute(
                    _INSERT_TABLES,
                    {
                        "submission_id": [submission_id for submission_id, _ in tables],
                        "table_name": [file.table for _, file in tables],
                        "sha256": [file.sha256 for _, file in tables],
                        "file_name": [file.file_name for _, file in tables],
                        "carried_over": [file.carried_over for _, file in tables],
                    },
                )

    @_terse
    def record(self, verdict: Verdict) -> None:
        """Write one verdict in one transaction. Written again, it replaces itself: safe after a crash."""
        with self.engine.begin() as connection:
            updated = connection.execute(
                _UPDATE_SUBMISSION,
                {
                    "submission_id": verdict.submission_id,
                    "state": verdict.state.value,
                    "rows_read": verdict.rows_read,
                    "rows_taken": verdict.rows_taken,
                    "rows_refused": verdict.rows_refused,
                    "rows_warned": verdict.rows_warned,
                    "now": datetime.now(UTC),
                    "reason": verdict.reason,
                },
            )
            if updated.rowcount != 1:
                raise PactFailure(
                    "LEDGER-002", "a verdict on a submission the ledger doesn't know", where=verdict.submission_id
                )
            tables = verdict.tables
            connection.execute(
                _UPDATE_TABLES,
                {
                    "submission_id": verdict.submission_id,
                    "table_name": [table.table for table in tables],
                    "rows_read": [table.rows_read for table in tables],
                    "rows_taken": [table.rows_taken for table in tables],
                    "rows_refused": [table.rows_refused for table in tables],
                    "rows_warned": [table.rows_warned for table in tables],
                },
            )
            findings = verdict.findings
            connection.execute(
                _REPLACE_FINDINGS,
                {
                    "submission_id": verdict.submission_id,
                    "table_name": [finding.table for finding in findings],
                    "rule": [finding.rule for finding in findings],
                    "column_name": [finding.column for finding in findings],
                    "severity": [finding.severity for finding in findings],
                    "rows_found": [finding.rows for finding in findings],
                },
            )

    def in_force(self, at: datetime | None = None) -> pd.DataFrame:
        """The newest taken submission of each supplier, collection and period, of those received by `at` (now).

        Columns: submission_id, supplier, collection, period, sequence, received_at, state, manifest.
        """
        return self._frame(f"SELECT {', '.join(_IN_FORCE_COLUMNS)} FROM ({_IN_FORCE}) newest", at=_moment(at))  # noqa: S608

    def tables_in_force(self, at: datetime | None = None) -> pd.DataFrame:
        """The tables of the submissions in force: submission_id, supplier, collection, period, table_name, rows_taken,
        rows_refused, rows_read, sha256."""
        return self._frame(
            "SELECT newest.submission_id, supplier, collection, period, table_name, t.rows_taken, t.rows_refused,"  # noqa: S608
            f" t.rows_read, t.sha256 FROM ({_IN_FORCE}) newest JOIN ledger.submission_table t USING (submission_id)"
            " WHERE t.rows_read IS NOT NULL ORDER BY newest.submission_id, table_name",
            at=_moment(at),
        )

    def fingerprint(self, at: datetime | None = None) -> str:
        """SHA-256 over what is in force: changes when a submission is taken, corrected or judged again otherwise."""
        frame = self._frame(
            f"SELECT submission_id, manifest, contract_version, rows_taken FROM ({_IN_FORCE}) newest",  # noqa: S608
            at=_moment(at),
        )
        lines = sorted(" ".join(map(str, row)) for row in frame.itertuples(index=False))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def taken(self, collection: str) -> pd.DataFrame:
        """All submissions ever taken of a collection, superseded ones too (a published count keeps every vintage).

        Columns: those of `submissions`, and in_force.
        """
        frame = self._frame(
            f"{_SUBMISSIONS} WHERE state IN ('taken', 'taken_with_refusals') AND collection = :collection"
            " ORDER BY supplier, period, sequence",
            collection=collection,
        )
        last = ~frame.duplicated(["supplier", "collection", "period"], keep="last")
        return frame.assign(in_force=last.astype(bool))

    def tables_taken(self, collection: str, table: str) -> pd.DataFrame:
        """One table of all submissions ever taken that brought it themselves (carried-over copies left out).

        Columns: submission_id, supplier, period, sequence, received_at, rows_taken.
        """
        return self._frame(
            "SELECT s.submission_id, supplier, period, sequence, received_at, t.rows_taken FROM ledger.submission s"
            " JOIN ledger.submission_table t USING (submission_id)"
            " WHERE state IN ('taken', 'taken_with_refusals') AND collection = :collection AND table_name = :table"
            " AND NOT carried_over AND t.rows_read IS NOT NULL ORDER BY supplier, period, sequence",
            collection=collection,
            table=table,
        )

    def submissions(self) -> pd.DataFrame:
        """Every submission with its verdict, in the order of supplier, collection, period and sequence."""
        return self._frame(f"{_SUBMISSIONS} ORDER BY supplier, collection, period, sequence")

    def findings(self) -> pd.DataFrame:
        """Rows found by rule: submission_id, table_name, rule, column_name, severity, rows_found."""
        return self._frame(
            "SELECT submission_id, table_name, rule, column_name, severity, rows_found FROM ledger.finding_count"
            " ORDER BY submission_id, table_name, rule, column_name"
        )

    def tables(self) -> pd.DataFrame:
        """Every submission's tables: submission_id, table_name, sha256, file_name, carried_over and row counts."""
        return self._frame(
            "SELECT submission_id, table_name, sha256, file_name, carried_over, rows_read, rows_taken, rows_refused,"
            " rows_warned FROM ledger.submission_table ORDER BY submission_id, table_name"
        )

    def verdicts(self) -> dict[str, Verdict]:
        """Every verdict that stands, by submission."""
        judged = self.submissions()
        judged = judged[judged["state"] != State.RECEIVED.value]
        tables: dict[str, list[TableVerdict]] = {}
        for row in self.tables().dropna(subset=["rows_read"]).to_dict("records"):
            counts = [int(row[name]) for name in ("rows_read", "rows_taken", "rows_refused", "rows_warned")]
            tables.setdefault(row["submission_id"], []).append(TableVerdict(row["table_name"], *counts))
        findings: dict[str, list[FindingCount]] = {}
        for row in self.findings().to_dict("records"):
            found = FindingCount(
                row["table_name"], row["rule"], row["column_name"], row["severity"], int(row["rows_found"])
            )
            findings.setdefault(row["submission_id"], []).append(found)
        return {
            key: Verdict(key, State(state), tuple(tables.get(key, ())), tuple(findings.get(key, ())), reason)
            for key, state, reason in zip(judged["submission_id"], judged["state"], judged["reason"], strict=True)
        }

    def received(self) -> list[Submission]:
        """The submissions that have no verdict yet, in the order of supplier, collection, period and sequence."""
        return self._load("WHERE state = 'received'")

    def load(self, submission_ids: Sequence[str]) -> list[Submission]:
        """These submissions, judged or not, so that they can be judged again. Raises PactFailure for an unknown one."""
        found = self._load("WHERE submission_id = ANY(CAST(:ids AS text[]))", ids=list(submission_ids))
        missing = sorted(set(submission_ids) - {submission.submission_id for submission in found})
        if missing:
            raise PactFailure("LEDGER-003", "the ledger knows no such submission", where=", ".join(missing))
        return found

    def known(self) -> list[Submission]:
        """Every submission with its files, for finding out what is new."""
        return self._load("")

    @_terse
    def known_files(self) -> set[tuple[str, str, str]]:
        """(supplier, file name, SHA-256) of every file that ever arrived."""
        with self.engine.begin() as connection:
            rows = connection.execute(text("SELECT supplier, file_name, sha256 FROM ledger.arrival"))
            return {(row.supplier, row.file_name, row.sha256) for row in rows}

    @_terse
    def _load(self, where: str, **parameters: object) -> list[Submission]:
        with self.engine.begin() as connection:
            rows = connection.execute(
                text(f"{_SUBMISSIONS} {where} ORDER BY supplier, collection, period, sequence"), parameters
            ).all()
            files = connection.execute(
                text(
                    "SELECT submission_id, table_name, sha256, file_name, carried_over FROM ledger.submission_table"
                    " WHERE submission_id = ANY(CAST(:found AS text[])) ORDER BY submission_id, table_name"
                ),
                {"found": [row.submission_id for row in rows]},
            ).all()
        by_submission: dict[str, list[SubmissionFile]] = {}
        for file in files:
            by_submission.setdefault(file.submission_id, []).append(
                SubmissionFile(file.table_name, file.sha256, file.file_name, file.carried_over)
            )
        return [
            Submission(
                submission_id=row.submission_id,
                supplier=row.supplier,
                collection=row.collection,
                period=row.period,
                sequence=row.sequence,
                received_at=row.received_at,
                manifest=row.manifest,
                files=tuple(by_submission.get(row.submission_id, ())),
                contract_version=row.contract_version,
                supersedes=row.supersedes,
            )
            for row in rows
        ]

    @_terse
    def _frame(self, statement: str, **parameters: object) -> pd.DataFrame:
        with self.engine.begin() as connection:
            result = connection.execute(text(statement), parameters)
            columns = list(result.keys())
            return pd.DataFrame.from_records([tuple(row) for row in result], columns=columns)


def _columns(items: Sequence[Any], kind: type) -> dict[str, Any]:
    """The fields of many equal dataclass objects as lists, for one set-based statement."""
    return {name: [getattr(item, name) for item in items] for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.max.replace(tzinfo=UTC)
    if at.tzinfo is None:
        raise ValueError("say in which time zone: the ledger's times are aware")
    return at
