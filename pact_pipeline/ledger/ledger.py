"""Writing the ledger. Every statement is set-based; a verdict is one transaction, and nothing written is ever changed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import Connection, text

from pact_pipeline import clock
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger.claims import AtWork
from pact_pipeline.ledger.guard import terse
from pact_pipeline.ledger.migrations import is_newest, upgrade
from pact_pipeline.ledger.model import Arrival, Crosswalk, Decision, LakeFile, Submission, Verdict
from pact_pipeline.ledger.queries import LedgerQueries
from pact_pipeline.warehouse import locks

_INSERT_ARRIVALS = text("""
INSERT INTO ledger.arrival (sha256, supplier, collection, file_name, bytes, received_at, modified_at, arrived_at)
SELECT sha256, supplier, collection, file_name, bytes, received_at, modified_at, :now
FROM unnest(CAST(:sha256 AS text[]), CAST(:supplier AS text[]), CAST(:collection AS text[]),
            CAST(:file_name AS text[]), CAST(:bytes AS bigint[]), CAST(:received_at AS timestamptz[]),
            CAST(:modified_at AS timestamptz[]))
  AS new (sha256, supplier, collection, file_name, bytes, received_at, modified_at)
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
_INSERT_FILES = text("""
INSERT INTO ledger.submission_table (submission_id, table_name, sha256, file_name, carried_over)
SELECT submission_id, table_name, sha256, file_name, carried_over
FROM unnest(CAST(:submission_id AS text[]), CAST(:table_name AS text[]), CAST(:sha256 AS text[]),
            CAST(:file_name AS text[]), CAST(:carried_over AS boolean[]))
  AS new (submission_id, table_name, sha256, file_name, carried_over)
""")
_INSERT_DECISION = text("""
INSERT INTO ledger.decision (submission_id, judging, decided_at, who, decision, because, readings, covers)
VALUES (:submission_id, :judging, :now, :who, :decision, :because, CAST(:readings AS jsonb), CAST(:covers AS jsonb))
ON CONFLICT (submission_id, judging) DO NOTHING RETURNING decision_id
""")
# Only the next judging can be entered, and its time is never before the former's, whatever the clock did.
_INSERT_JUDGING = text("""
INSERT INTO ledger.judging (submission_id, judging, judged_at, state, rows_read, rows_taken, rows_refused, rows_warned,
                            reason, contract_version, fingerprint, lake_name, compared_with, decision_id)
SELECT s.submission_id, :judging, greatest(:now, s.judged_at), :state, :rows_read, :rows_taken, :rows_refused,
       :rows_warned, :reason, coalesce(nullif(:contract_version, ''), s.contract_version), :fingerprint, :lake_name,
       :compared_with, CAST(:decision_id AS bigint)
FROM ledger.submission_state s WHERE s.submission_id = :submission_id AND s.judging = CAST(:judging AS integer) - 1
ON CONFLICT DO NOTHING
""")
_INSERT_TABLES = text("""
INSERT INTO ledger.judging_table (submission_id, judging, table_name, rows_read, rows_taken, rows_refused, rows_warned,
                                  rules_run, rules_without_rows)
SELECT :submission_id, :judging, table_name, rows_read, rows_taken, rows_refused, rows_warned, rules_run,
       rules_without_rows
FROM unnest(CAST(:table_name AS text[]), CAST(:rows_read AS bigint[]), CAST(:rows_taken AS bigint[]),
            CAST(:rows_refused AS bigint[]), CAST(:rows_warned AS bigint[]), CAST(:rules_run AS integer[]),
            CAST(:rules_without_rows AS integer[]))
  AS new (table_name, rows_read, rows_taken, rows_refused, rows_warned, rules_run, rules_without_rows)
""")
_INSERT_FINDINGS = text("""
INSERT INTO ledger.finding_count (submission_id, judging, table_name, rule, column_name, severity, rows_found,
                                  rows_examined)
SELECT :submission_id, :judging, table_name, rule, column_name, severity, rows_found, rows_examined
FROM unnest(CAST(:table_name AS text[]), CAST(:rule AS text[]), CAST(:column_name AS text[]),
            CAST(:severity AS text[]), CAST(:rows_found AS bigint[]), CAST(:rows_examined AS bigint[]))
  AS new (table_name, rule, column_name, severity, rows_found, rows_examined)
""")


_INSERT_LAKE_FILES = text("""
INSERT INTO ledger.lake_file (submission_id, judging, path, sha256, bytes, recorded, recorded_at)
SELECT submission_id, judging, path, sha256, bytes, :recorded, :now
FROM unnest(CAST(:submission_id AS text[]), CAST(:judging AS integer[]), CAST(:path AS text[]), CAST(:sha256 AS text[]),
            CAST(:bytes AS bigint[])) AS new (submission_id, judging, path, sha256, bytes)
ON CONFLICT DO NOTHING
""")
_INSERT_REPLACEMENT = text("""
INSERT INTO ledger.replacement (path, old_sha256, new_sha256, because, who, replaced_at)
VALUES (:path, :old, :new, :because, :who, :now) RETURNING replacement_id
""")


class Ledger(LedgerQueries):
    """The ledger over one warehouse: what `LedgerQueries` can be asked, and what can be entered."""

    @terse
    def create(self) -> None:
        """Make the ledger, or bring one that an earlier version of the pipeline made up to this one (see `migrations`).

        Raises PactFailure LEDGER-004 where a newer version made it.
        """
        with self.engine.connect() as connection:
            if is_newest(connection):
                return
        # Two runs starting at once would both find nothing and both create.
        with locks.held(self.engine, "the ledger is made", "makes the ledger") as connection:
            upgrade(connection)
            connection.commit()

    @contextmanager
    def at_one_moment(self) -> Iterator[LedgerQueries]:
        """What can be asked of the ledger, all of it as at one moment, whatever is entered meanwhile."""
        with self._snapshot() as connection:
            yield LedgerQueries(_OneConnection(connection))  # type: ignore[arg-type]

    @terse
    def _snapshot(self) -> Connection:
        connection = self.engine.connect().execution_options(isolation_level="REPEATABLE READ")
        connection.execute(text("SELECT 1"))  # the moment is that of the first statement
        return connection

    def at_work(self) -> AtWork:
        """Held while a run judges, see `AtWork`."""
        return AtWork(self.engine)

    @contextmanager
    def one_arrival_at_a_time(self) -> Iterator[None]:
        """Held while files are found and registered, so that two runs don't give one delivery two numbers."""
        with self._alone("files are registered", "registers files that came"):
            yield

    @contextmanager
    def _alone(self, lock: str, what: str) -> Iterator[None]:
        with ExitStack() as stack:
            terse(stack.enter_context)(locks.held(self.engine, lock, what))
            yield

    @terse
    def register(self, arrivals: Sequence[Arrival], submissions: Sequence[Submission]) -> None:
        """Enter files that came (those known already are left as they are) and new submissions, in one transaction."""
        now = clock.now()
        tables = [(submission.submission_id, file) for submission in submissions for file in submission.files]
        with self.engine.begin() as connection:
            if arrivals:
                connection.execute(_INSERT_ARRIVALS, {"now": now, **_columns(arrivals, Arrival)})
            if submissions:
                wanted = _columns(submissions, Submission)
                wanted.pop("files")
                connection.execute(_INSERT_SUBMISSIONS, {"now": now, **wanted})
                connection.execute(
                    _INSERT_FILES,
                    {
                        "submission_id": [submission_id for submission_id, _ in tables],
                        "table_name": [file.table for _, file in tables],
                        "sha256": [file.sha256 for _, file in tables],
                        "file_name": [file.file_name for _, file in tables],
                        "carried_over": [file.carried_over for _, file in tables],
                    },
                )

    @terse
    def record(self, verdict: Verdict, decision: Decision | None = None) -> None:
        """Enter one judging, and with it the decision that it rests on, in one transaction.

        Raises PactFailure LEDGER-002 for an unknown submission, LEDGER-005 when somebody judged it meanwhile, LEDGER-006
        when somebody decided meanwhile: what was entered first stands.
        """
        key = {"submission_id": verdict.submission_id, "judging": verdict.judging}
        now = clock.now()
        problem: PactFailure | None = None
        with self.engine.connect() as connection:
            decision_id = verdict.decision_id
            if decision is not None:
                decision_id = connection.execute(
                    _INSERT_DECISION,
                    {
                        "submission_id": decision.submission_id,
                        "judging": decision.judging,
                        "now": now,
                        "who": decision.who,
                        "decision": decision.decision,
                        "because": decision.because,
                        "readings": json.dumps(dict(decision.readings)),
                        "covers": json.dumps(sorted(decision.covers)),
                    },
                ).scalar()
                if decision_id is None:
                    problem = decided_meanwhile(decision.submission_id)
            if problem is None:
                problem = self._enter(connection, verdict, {**key, "now": now, "decision_id": decision_id})
            if problem is None:
                connection.commit()
            else:
                connection.rollback()
        if problem is not None:
            raise problem

    def _enter(self, connection: Connection, verdict: Verdict, common: dict[str, Any]) -> PactFailure | None:
        entered = connection.execute(
            _INSERT_JUDGING,
            {
                **common,
                "state": verdict.state.value,
                "rows_read": verdict.rows_read,
                "rows_taken": verdict.rows_taken,
                "rows_refused": verdict.rows_refused,
                "rows_warned": verdict.rows_warned,
                "reason": verdict.reason,
                "contract_version": verdict.contract_version,
                "fingerprint": verdict.fingerprint,
                "lake_name": verdict.lake_name,
                "compared_with": verdict.compared_with,
            },
        )
        if entered.rowcount != 1:
            statement = text("SELECT count(*) FROM ledger.submission WHERE submission_id = :submission_id")
            known = connection.execute(statement, {"submission_id": verdict.submission_id}).scalar_one()
            return _judged_meanwhile(verdict) if known else _unknown(verdict.submission_id)
        key = {"submission_id": verdict.submission_id, "judging": verdict.judging}
        tables, findings = verdict.tables, verdict.findings
        connection.execute(
            _INSERT_TABLES,
            {
                **key,
                "table_name": [table.table for table in tables],
                "rows_read": [table.rows_read for table in tables],
                "rows_taken": [table.rows_taken for table in tables],
                "rows_refused": [table.rows_refused for table in tables],
                "rows_warned": [table.rows_warned for table in tables],
                "rules_run": [table.rules_run for table in tables],
                "rules_without_rows": [table.rules_without_rows for table in tables],
            },
        )
        connection.execute(
            _INSERT_FINDINGS,
            {
                **key,
                "table_name": [finding.table for finding in findings],
                "rule": [finding.rule for finding in findings],
                "column_name": [finding.column for finding in findings],
                "severity": [finding.severity for finding in findings],
                "rows_found": [finding.rows for finding in findings],
                "rows_examined": [finding.examined for finding in findings],
            },
        )
        _enter_files(connection, [(verdict.submission_id, verdict.judging, file) for file in verdict.files], "written")
        return None

    @terse
    def record_found(self, files: Sequence[tuple[str, int, LakeFile]]) -> None:
        """Enter files of judgings (submission, judging, file) from before hashes were kept, as they were found."""
        with self.engine.begin() as connection:
            _enter_files(connection, files, "found")

    @terse
    def record_replacement(self, path: str, old: str, new: str | None, *, because: str, who: str) -> int:
        """Enter that the file at `path` (below PACT_HOME) is replaced on purpose, or removed (`new` None); its number."""
        values = {"path": path, "old": old, "new": new, "because": because, "who": who, "now": clock.now()}
        with self.engine.begin() as connection:
            return int(connection.execute(_INSERT_REPLACEMENT, values).scalar_one())

    @terse
    def record_crosswalk(self, crosswalk: Crosswalk) -> None:
        """Enter a new version of the crosswalk, which holds from now on."""
        values = {
            "version": crosswalk.version,
            "sha256": crosswalk.sha256,
            "persons": crosswalk.persons,
            "now": clock.now(),
        }
        with self.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO ledger.crosswalk (version, sha256, persons, recorded_at)"
                    " VALUES (:version, :sha256, :persons, :now)"
                ),
                values,
            )

    @contextmanager
    def one_linking_at_a_time(self) -> Iterator[None]:
        """Held while persons are linked, so that none gets two numbers."""
        with self._alone("persons are linked", "links persons"):
            yield

    @contextmanager
    def one_replacement_at_a_time(self) -> Iterator[None]:
        """Held while a file of lake or archive is replaced, or what a killed run left of that is brought to its end."""
        with self._alone("files are replaced", "replaces files of lake or archive"):
            yield


class _OneConnection:
    """One connection in the place of an engine: each question is asked in the transaction that is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        yield self._connection


def _enter_files(connection: Connection, files: Sequence[tuple[str, int, LakeFile]], recorded: str) -> None:
    connection.execute(
        _INSERT_LAKE_FILES,
        {
            "submission_id": [submission_id for submission_id, _, _ in files],
            "judging": [judging for _, judging, _ in files],
            "path": [file.path for _, _, file in files],
            "sha256": [file.sha256 for _, _, file in files],
            "bytes": [file.bytes for _, _, file in files],
            "recorded": recorded,
            "now": clock.now(),
        },
    )


def decided_meanwhile(submission_id: str) -> PactFailure:
    return PactFailure(
        "LEDGER-006",
        "somebody else decided on this submission meanwhile, and that decision stands",
        where=submission_id,
        mend=f"see it with: pact submission show {submission_id}",
    )


def _judged_meanwhile(verdict: Verdict) -> PactFailure:
    return PactFailure(
        "LEDGER-005",
        f"judging {verdict.judging} of this submission can't be entered: another run judged it meanwhile",
        where=verdict.submission_id,
        mend="nothing is lost: the other run's verdict stands. To judge it once more: pact submission judge.",
    )


def _unknown(submission_id: str) -> PactFailure:
    return PactFailure("LEDGER-002", "a verdict on a submission the ledger doesn't know", where=submission_id)


def _columns(items: Sequence[Any], kind: type) -> dict[str, Any]:
    """The fields of many equal dataclass objects as lists, for one set-based statement."""
    return {name: [getattr(item, name) for item in items] for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]
