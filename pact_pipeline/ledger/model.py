"""The words of the ledger as plain frozen objects: arrival, submission, verdict.

All can be sent between the worker that judges and the one that writes. None holds a value from a supplier's cell.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pact_pipeline.submission_state import State


@dataclass(frozen=True)
class Arrival:
    """A file that came: which bytes, under which name, from whom.

    `received_at`: when we first saw it (a store: its upload; a made-up home: its receipt). `modified_at`: what the file
    itself says, which the sender sets.
    """

    sha256: str
    supplier: str
    collection: str
    file_name: str
    bytes: int
    received_at: datetime
    modified_at: datetime


@dataclass(frozen=True)
class FirstSeen:
    """When a file was received, and when, by the machine's clock, the ledger entered it."""

    received_at: datetime
    arrived_at: datetime


@dataclass(frozen=True)
class SubmissionFile:
    """The file that stands for one table of a submission; `carried_over` from the submission before, or sent now."""

    table: str
    sha256: str
    file_name: str
    carried_over: bool = False


@dataclass(frozen=True)
class Submission:
    """One delivery of one supplier for one collection and period. `received_at` and `manifest` never change."""

    submission_id: str
    supplier: str
    collection: str
    period: str
    sequence: int
    received_at: datetime
    manifest: str
    files: tuple[SubmissionFile, ...]
    contract_version: str
    supersedes: str | None = None


@dataclass(frozen=True)
class FindingCount:
    """How many rows a rule found, of how many it could look at.

    `severity` is `file` (refuses the submission), `hold` (a person decides), `refuse` (the row) or `warn`. `table` is
    empty where the whole submission is meant.
    """

    table: str
    rule: str
    column: str
    severity: Literal["file", "hold", "refuse", "warn"]
    rows: int
    examined: int = 0


@dataclass(frozen=True)
class TableVerdict:
    """What became of one table's rows: read = taken + refused, always. `rules_without_rows`: of the rules run, those
    that had no row to look at, and so say nothing."""

    table: str
    rows_read: int
    rows_taken: int
    rows_refused: int
    rows_warned: int
    rules_run: int = 0
    rules_without_rows: int = 0

    def __post_init__(self) -> None:
        if self.rows_read != self.rows_taken + self.rows_refused:
            raise ValueError(f"{self.table}: {self.rows_read} read, {self.rows_taken} + {self.rows_refused} accounted")


@dataclass(frozen=True)
class LakeFile:
    """A file that a judging wrote to the lake: its path below PACT_HOME, the hash of its bytes and their number."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Crosswalk:
    """The version of linkage's crosswalk that holds: the hash of its file, and how many persons it has."""

    version: int
    sha256: str
    persons: int


@dataclass(frozen=True)
class Decision:
    """What a person decided on a held submission, on its `judging`-th judging.

    `readings` says which reading was chosen where there are two; `covers` is what held it then, as (table, rule): what
    holds it later for another reason was not decided on.
    """

    submission_id: str
    judging: int
    decision: Literal["accept", "refuse"]
    who: str
    because: str
    readings: Mapping[str, str] = field(default_factory=dict)
    covers: frozenset[tuple[str, str]] = frozenset()
    decision_id: int | None = None


@dataclass(frozen=True)
class Verdict:
    """The decision on a submission. `reason`: a plain sentence where held or refused. `seconds`: the time taken.

    `judging` counts from 1; `fingerprint` is that of the contracts and the mapping it was judged by; `compared_with`
    the lake name of the submission before; `decision_id` the person's decision it rests on; `files` what it wrote to the
    lake (only on its way to the ledger: a verdict read from there has none).
    """

    submission_id: str
    state: State
    tables: tuple[TableVerdict, ...]
    findings: tuple[FindingCount, ...]
    reason: str = ""
    seconds: float = 0.0
    judging: int = 1
    contract_version: str = ""
    fingerprint: str = ""
    compared_with: str = ""
    decision_id: int | None = None
    files: tuple[LakeFile, ...] = ()

    @property
    def lake_name(self) -> str:
        return lake_name(self.submission_id, self.judging)

    @property
    def rows_read(self) -> int:
        return sum(table.rows_read for table in self.tables)

    @property
    def rows_taken(self) -> int:
        return sum(table.rows_taken for table in self.tables)

    @property
    def rows_refused(self) -> int:
        return sum(table.rows_refused for table in self.tables)

    @property
    def rows_warned(self) -> int:
        return sum(table.rows_warned for table in self.tables)


def lake_name(submission_id: str, judging: int) -> str:
    """What the files of a judging are called in lake and feedback: the submission's id, then `<id>~2`, `<id>~3` ... None
    is written anew for another judging, so whoever reads what is in force sees one judging's files."""
    return submission_id if judging == 1 else f"{submission_id}~{judging}"


def submission_of(lake_name: str) -> str:
    """The submission whose judging has this name."""
    return lake_name.partition("~")[0]


def order_of(lake_name: str) -> tuple[int, int]:
    """Which of a period's judgings is the later one: by the submission's number, then by the judging's."""
    submission_id, _, judging = lake_name.partition("~")
    return int(submission_id.rpartition("-")[2]), int(judging or 1)


def manifest_of(files: Iterable[SubmissionFile]) -> str:
    """SHA-256 over which bytes stand for which table. File names don't count: a renamed file is the same submission."""
    lines = sorted(f"{file.table} {file.sha256}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
