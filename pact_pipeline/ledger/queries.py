"""Reading the ledger: frames with the columns the docstrings say, and what it knows as objects. All times are aware."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Engine, text

from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger.guard import terse
from pact_pipeline.ledger.model import (
    Crosswalk,
    Decision,
    FindingCount,
    FirstSeen,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
)
from pact_pipeline.ledger.schema import IN_FORCE_COLUMNS
from pact_pipeline.periods import day_in_words
from pact_pipeline.submission_state import TAKEN_STATES_SQL, State

_IN_FORCE = "ledger.in_force_at(:at, :known)"
_TAKEN = f"state IN ({TAKEN_STATES_SQL})"
_STATE = "SELECT * FROM ledger.submission_state"
_REPLACED = "SELECT DISTINCT ON (path) * FROM ledger.replacement ORDER BY path, replacement_id DESC"
_OF_SUPPLIERS = "(CAST(:suppliers AS text[]) IS NULL OR s.supplier = ANY(CAST(:suppliers AS text[])))"


class LedgerQueries:
    """What can be asked of the ledger over one warehouse."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def in_force(self, at: datetime | None = None, known: datetime | None = None) -> pd.DataFrame:
        """The newest taken submission of each supplier, collection and period, of those received by `at`, as judged by
        `known` (both default to now).

        Columns: submission_id, supplier, collection, period, sequence, received_at, state, manifest, contract_version,
        judging, lake_name and the row counts.
        """
        return self._frame(
            f"SELECT {', '.join(IN_FORCE_COLUMNS)} FROM {_IN_FORCE} ORDER BY supplier, collection, period",  # noqa: S608
            at=_moment(at),
            known=_moment(known),
        )

    def tables_in_force(self, at: datetime | None = None, known: datetime | None = None) -> pd.DataFrame:
        """The tables of the submissions in force: submission_id, lake_name, supplier, collection, period, table_name,
        rows_taken, rows_refused, rows_read, sha256."""
        return self._frame(
            "SELECT newest.submission_id, newest.lake_name, newest.supplier, newest.collection, newest.period,"  # noqa: S608
            f" t.table_name, t.rows_taken, t.rows_refused, t.rows_read, f.sha256 FROM {_IN_FORCE} newest"
            " JOIN ledger.judging_table t USING (submission_id, judging)"
            " JOIN ledger.submission_table f USING (submission_id, table_name)"
            " ORDER BY newest.submission_id, t.table_name",
            at=_moment(at),
            known=_moment(known),
        )

    def fingerprint(self, at: datetime | None = None, known: datetime | None = None) -> str:
        """SHA-256 over what is in force: changes when a submission is taken, corrected or judged again, or when a file of
        the lake is replaced by record."""
        frame = self.in_force(at, known)[["lake_name", "manifest", "rows_taken"]]
        lines = sorted(" ".join(map(str, row)) for row in frame.itertuples(index=False))
        replaced = self._frame(f"SELECT path, new_sha256 FROM ({_REPLACED}) one WHERE path LIKE 'lake/%' ORDER BY path")  # noqa: S608
        lines += [f"{path} {sha256}" for path, sha256 in replaced.itertuples(index=False)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def lake_files(self, suppliers: Sequence[str] | None = None) -> pd.DataFrame:
        """The files of the lake that judgings wrote (of these suppliers): submission_id, judging, lake_name, path (below
        PACT_HOME) and sha256 as it is by the newest record: None where it was removed."""
        return self._frame(
            "SELECT f.submission_id, f.judging, j.lake_name, f.path, CASE WHEN r.path IS NULL THEN f.sha256"  # noqa: S608
            " ELSE r.new_sha256 END AS sha256 FROM ledger.lake_file f JOIN ledger.judging j USING (submission_id, judging)"
            " JOIN ledger.submission s USING (submission_id)"
            f" LEFT JOIN ({_REPLACED}) r ON r.path = f.path WHERE {_OF_SUPPLIERS} ORDER BY f.path",
            suppliers=_listed(suppliers),
        )

    def without_files(self) -> pd.DataFrame:
        """The tables of judgings of which no file of the lake is recorded though they wrote some: submission_id, judging,
        lake_name, collection, table_name, rows_taken, rows_refused, taken."""
        return self._frame(
            "SELECT j.submission_id, j.judging, j.lake_name, s.collection, t.table_name, t.rows_taken, t.rows_refused,"  # noqa: S608
            f" j.{_TAKEN} AS taken FROM ledger.judging j JOIN ledger.submission s USING (submission_id)"
            " JOIN ledger.judging_table t USING (submission_id, judging)"
            f" WHERE (j.{_TAKEN} OR t.rows_refused > 0) AND NOT EXISTS (SELECT FROM ledger.lake_file f"
            " WHERE f.submission_id = j.submission_id AND f.judging = j.judging)"
            " ORDER BY j.submission_id, j.judging, t.table_name"
        )

    @terse
    def hash_now(self, path: str) -> str | None:
        """What lies at a path of lake or archive by the newest record; None where nothing is known to."""
        with self.engine.begin() as connection:
            replaced = connection.execute(
                text(
                    "SELECT new_sha256 FROM ledger.replacement WHERE path = :path ORDER BY replacement_id DESC LIMIT 1"
                ),
                {"path": path},
            ).one_or_none()
            if replaced is not None:
                return None if replaced[0] is None else str(replaced[0])
            written = text("SELECT sha256 FROM ledger.lake_file WHERE path = :path")
            found = connection.execute(written, {"path": path}).scalar()
            if found is None and path.startswith("archive/"):
                arrived = text("SELECT max(sha256) FROM ledger.arrival WHERE sha256 = :name")
                found = connection.execute(arrived, {"name": path.rpartition("/")[2]}).scalar()
            return None if found is None else str(found)

    @terse
    def crosswalk(self) -> Crosswalk | None:
        """The version of linkage's crosswalk that holds; None before the first."""
        with self.engine.begin() as connection:
            newest = "SELECT version, sha256, persons FROM ledger.crosswalk ORDER BY version DESC LIMIT 1"
            row = connection.execute(text(newest)).one_or_none()
            return None if row is None else Crosswalk(*row)

    @terse
    def removed(self) -> dict[str, str]:
        """The paths of files that were removed by record, each with what its record says."""
        with self.engine.begin() as connection:
            rows = connection.execute(
                text(
                    f"SELECT path, replacement_id, because, who, replaced_at FROM ({_REPLACED}) one"  # noqa: S608
                    " WHERE new_sha256 IS NULL"
                )
            )
            return {
                row.path: f"record {row.replacement_id} of {day_in_words(row.replaced_at)}, by {row.who}: {row.because}"
                for row in rows
            }

    def taken(self, collection: str) -> pd.DataFrame:
        """All submissions ever taken of a collection, superseded ones too (a published count keeps every vintage).

        Columns: those of `submissions`, and in_force.
        """
        frame = self._frame(
            f"{_STATE} WHERE {_TAKEN} AND collection = :collection ORDER BY supplier, period, sequence",
            collection=collection,
        )
        last = ~frame.duplicated(["supplier", "collection", "period"], keep="last")
        return frame.assign(in_force=last.astype(bool))

    def submissions(self, supplier: str | None = None) -> pd.DataFrame:
        """Every submission (of a supplier) with its newest verdict, by supplier, collection, period and sequence.

        Columns: submission_id, supplier, collection, period, sequence, received_at, registered_at, manifest,
        supersedes, contract_version, judging (0: none yet), state, judged_at, reason, rows_read, rows_taken,
        rows_refused, rows_warned, fingerprint, lake_name, compared_with, decision_id.
        """
        return self._frame(
            f"{_STATE} WHERE CAST(:supplier AS text) IS NULL OR supplier = :supplier"
            " ORDER BY supplier, collection, period, sequence",
            supplier=supplier,
        )

    def as_known(self, until: datetime, judged_until: datetime | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What was received before a moment: submissions and findings, with the columns of the frames of those names.

        With `judged_until` only what the ledger had entered before that moment (the machine's clock): submissions
        registered by then, each with the verdict that stood then.
        """
        moments = {"until": _moment(until), "known": _moment(judged_until)}
        newest = (
            " LEFT JOIN LATERAL (SELECT * FROM ledger.judging one WHERE one.submission_id = s.submission_id"
            " AND one.judged_at < :known ORDER BY one.judging DESC LIMIT 1) j ON true"
            " WHERE s.received_at < :until AND s.registered_at < :known"
        )
        submissions = self._frame(
            "SELECT s.submission_id, s.supplier, s.collection, s.period, s.sequence, s.received_at, s.registered_at,"  # noqa: S608
            " s.manifest, s.supersedes, coalesce(j.contract_version, s.contract_version) AS contract_version,"
            " coalesce(j.judging, 0) AS judging, coalesce(j.state, 'received') AS state, j.judged_at,"
            " coalesce(j.reason, '') AS reason, j.rows_read, j.rows_taken, j.rows_refused, j.rows_warned,"
            " coalesce(j.fingerprint, '') AS fingerprint, coalesce(j.lake_name, '') AS lake_name,"
            f" coalesce(j.compared_with, '') AS compared_with, j.decision_id FROM ledger.submission s{newest}"
            " ORDER BY s.supplier, s.collection, s.period, s.sequence",
            **moments,
        )
        findings = self._frame(
            "SELECT f.submission_id, f.judging, f.table_name, f.rule, f.column_name, f.severity, f.rows_found,"  # noqa: S608
            f" f.rows_examined FROM (SELECT s.submission_id, j.judging FROM ledger.submission s{newest}) known"
            " JOIN ledger.finding_count f USING (submission_id, judging)"
            " ORDER BY f.submission_id, f.table_name, f.rule, f.column_name",
            **moments,
        )
        return submissions, findings

    def that_count(self) -> pd.DataFrame:
        """Of every supplier, collection and period the newest delivery and the one in force: often the same, and both
        where the newest was held or refused. Columns: those of `submissions`."""
        found, period = self.submissions(), ["supplier", "collection", "period"]
        taken = found[found["state"].isin([state.value for state in State if state.in_force])]
        in_force = taken.drop_duplicates(period, keep="last")["submission_id"]
        return found[~found.duplicated(period, keep="last") | found["submission_id"].isin(in_force)]

    def findings(self, suppliers: Sequence[str] | None = None) -> pd.DataFrame:
        """Rows found by rule in each submission's newest judging: submission_id, judging, table_name, rule,
        column_name, severity, rows_found, rows_examined."""
        return self._frame(
            "SELECT f.submission_id, f.judging, f.table_name, f.rule, f.column_name, f.severity, f.rows_found,"  # noqa: S608
            " f.rows_examined FROM ledger.finding f JOIN ledger.submission s USING (submission_id)"
            f" WHERE {_OF_SUPPLIERS} ORDER BY f.submission_id, f.table_name, f.rule, f.column_name",
            suppliers=_listed(suppliers),
        )

    def tables(self, suppliers: Sequence[str] | None = None) -> pd.DataFrame:
        """Every submission's tables: submission_id, table_name, sha256, file_name, carried_over and, of the newest
        judging, the row counts, rules_run and rules_without_rows."""
        return self._frame(
            "SELECT f.submission_id, f.table_name, f.sha256, f.file_name, f.carried_over, t.rows_read, t.rows_taken,"  # noqa: S608
            " t.rows_refused, t.rows_warned, t.rules_run, t.rules_without_rows FROM ledger.submission_table f"
            " JOIN ledger.submission_state s USING (submission_id)"
            " LEFT JOIN ledger.judging_table t ON t.submission_id = f.submission_id AND t.judging = s.judging"
            f" AND t.table_name = f.table_name WHERE {_OF_SUPPLIERS} ORDER BY f.submission_id, f.table_name",
            suppliers=_listed(suppliers),
        )

    def judgings(self, submission_id: str) -> pd.DataFrame:
        """Every judging of a submission, oldest first: judging, judged_at, state, row counts, reason, contract_version,
        fingerprint, lake_name, compared_with, decision_id."""
        return self._frame(
            "SELECT judging, judged_at, state, rows_read, rows_taken, rows_refused, rows_warned, reason,"
            " contract_version, fingerprint, lake_name, compared_with, decision_id FROM ledger.judging"
            " WHERE submission_id = :submission_id ORDER BY judging",
            submission_id=submission_id,
        )

    def decisions(self, submission_id: str | None = None) -> pd.DataFrame:
        """What people decided, oldest first: decision_id, submission_id, judging, decided_at, who, decision, because,
        readings, covers."""
        return self._frame(
            "SELECT decision_id, submission_id, judging, decided_at, who, decision, because, readings, covers"
            " FROM ledger.decision WHERE CAST(:submission_id AS text) IS NULL OR submission_id = :submission_id"
            " ORDER BY decision_id",
            submission_id=submission_id,
        )

    def last_decisions(self) -> dict[str, Decision]:
        """The newest decision on each submission on which there is one."""
        return {
            row["submission_id"]: Decision(
                row["submission_id"],
                int(row["judging"]),
                row["decision"],
                row["who"],
                row["because"],
                dict(row["readings"]),
                frozenset((table, rule) for table, rule in row["covers"]),
                int(row["decision_id"]),
            )
            for row in self.decisions().to_dict("records")
        }

    def judged(self, suppliers: Sequence[str]) -> tuple[list[Submission], dict[str, Verdict]]:
        """The submissions of these suppliers that have a verdict, in their order, and the verdicts that stand."""
        verdicts = self.verdicts(suppliers)
        of_these = "WHERE supplier = ANY(CAST(:suppliers AS text[]))"
        submissions = self._load(of_these, suppliers=list(suppliers))
        return [one for one in submissions if one.submission_id in verdicts], verdicts

    def verdicts(self, suppliers: Sequence[str] | None = None, *, bare: bool = False) -> dict[str, Verdict]:
        """Every verdict that stands (of these suppliers), by submission; `bare`: without what was counted, which takes most of
        the time."""
        judged = self._frame(f"{_STATE} s WHERE state <> 'received' AND {_OF_SUPPLIERS}", suppliers=_listed(suppliers))
        tables: dict[str, list[TableVerdict]] = {}
        counted = ("rows_read", "rows_taken", "rows_refused", "rows_warned", "rules_run", "rules_without_rows")
        for row in [] if bare else self.tables(suppliers).dropna(subset=["rows_read"]).to_dict("records"):
            counts = [int(row[name]) for name in counted]
            tables.setdefault(row["submission_id"], []).append(TableVerdict(row["table_name"], *counts))
        findings: dict[str, list[FindingCount]] = {}
        for row in [] if bare else self.findings(suppliers).to_dict("records"):
            found = FindingCount(
                row["table_name"],
                row["rule"],
                row["column_name"],
                row["severity"],
                int(row["rows_found"]),
                int(row["rows_examined"]),
            )
            findings.setdefault(row["submission_id"], []).append(found)
        return {
            row["submission_id"]: Verdict(
                row["submission_id"],
                State(row["state"]),
                tuple(tables.get(row["submission_id"], ())),
                tuple(findings.get(row["submission_id"], ())),
                row["reason"],
                judging=int(row["judging"]),
                contract_version=row["contract_version"],
                fingerprint=row["fingerprint"],
                compared_with=row["compared_with"],
                decision_id=None if pd.isna(row["decision_id"]) else int(row["decision_id"]),
            )
            for row in judged.to_dict("records")
        }

    @terse
    def lake_names(self) -> dict[str, frozenset[str]]:
        """Of every submission, the names of all its judgings' files; none where it has no verdict yet."""
        with self.engine.begin() as connection:
            rows = connection.execute(
                text(
                    "SELECT submission_id, array_remove(array_agg(lake_name), NULL) AS names FROM ledger.submission"
                    " LEFT JOIN ledger.judging USING (submission_id) GROUP BY submission_id"
                )
            )
            return {row.submission_id: frozenset(row.names) for row in rows}

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

    def receipts(self, submission_id: str) -> pd.DataFrame:
        """When each file of a submission was received and what it says of its own age: table_name, received_at,
        modified_at."""
        return self._frame(
            "SELECT t.table_name, a.received_at, a.modified_at FROM ledger.submission_table t"
            " JOIN ledger.submission s USING (submission_id) JOIN ledger.arrival a"
            " ON (a.sha256, a.supplier, a.collection, a.file_name) = (t.sha256, s.supplier, s.collection, t.file_name)"
            " WHERE submission_id = :submission_id ORDER BY t.table_name",
            submission_id=submission_id,
        )

    @terse
    def first_seen(self) -> dict[tuple[str, str, str], FirstSeen]:
        """Of every file that ever arrived (supplier, file name, SHA-256), when it was seen first."""
        with self.engine.begin() as connection:
            rows = connection.execute(
                text(
                    "SELECT supplier, file_name, sha256, min(received_at) AS received_at, min(arrived_at) AS arrived_at"
                    " FROM ledger.arrival GROUP BY supplier, file_name, sha256"
                )
            )
            return {
                (row.supplier, row.file_name, row.sha256): FirstSeen(row.received_at, row.arrived_at) for row in rows
            }

    @terse
    def judgings_of(self, supplier: str, collection: str) -> int:
        """How many judgings there are of a supplier's collection: another number means that somebody judged since."""
        with self.engine.begin() as connection:
            return int(
                connection.execute(
                    text(
                        "SELECT count(*) FROM ledger.judging JOIN ledger.submission USING (submission_id)"
                        " WHERE supplier = :supplier AND collection = :collection"
                    ),
                    {"supplier": supplier, "collection": collection},
                ).scalar_one()
            )

    @terse
    def _load(self, where: str, **parameters: object) -> list[Submission]:
        with self.engine.begin() as connection:
            rows = connection.execute(
                text(f"{_STATE} {where} ORDER BY supplier, collection, period, sequence"), parameters
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

    @terse
    def _frame(self, statement: str, **parameters: object) -> pd.DataFrame:
        with self.engine.begin() as connection:
            result = connection.execute(text(statement), parameters)
            columns = list(result.keys())
            return pd.DataFrame.from_records([tuple(row) for row in result], columns=columns)


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else list(names)


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.max.replace(tzinfo=UTC)
    if at.tzinfo is None:
        raise ValueError("say in which time zone: the ledger's times are aware")
    return at
