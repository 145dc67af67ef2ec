"""What a submission is judged against: the supplier's submission before it, their last verdicts, a person's decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pact_pipeline.intake.judging.outcome import PastVerdict
from pact_pipeline.ledger import Decision, Verdict


@dataclass(frozen=True)
class PreviousSubmission:
    """A taken submission of the same supplier and collection: the bytes of each table as they came (SHA-256), how many of
    its rows were taken, and the hash of each of its files in the lake by path (None: removed by record)."""

    submission_id: str
    lake_name: str
    period: str
    manifest: str
    files: Mapping[str, str]
    tables: Mapping[str, int]
    lake: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgingContext:
    """`judging`: the number of the judging to be made. `previous`: the newest submission taken before this one, of an
    earlier period or an earlier delivery of the same; `earlier`: the newest of an earlier period. `history` is oldest
    first, at most twelve. `last`: the verdict that stands now, when it is judged again. `removed`: the files of the archive
    that were removed by record, see `Ledger.removed`."""

    judging: int = 1
    previous: PreviousSubmission | None = None
    earlier: PreviousSubmission | None = None
    history: tuple[PastVerdict, ...] = ()
    decision: Decision | None = None
    last: Verdict | None = None
    removed: Mapping[str, str] = field(default_factory=dict)
