"""All that intake has to tell about one submission, in one object: what feedback, desk and ledger are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.ambiguity import Ambiguity
from pact_pipeline.ledger import Submission, Verdict
from pact_pipeline.submission_state import State

if TYPE_CHECKING:
    from pact_pipeline.intake.judging.judged_table import JudgedTable


@dataclass(frozen=True)
class PastVerdict:
    """A submission of the same supplier and collection before this one. `findings`: rows found by rule."""

    submission_id: str
    period: str
    sequence: int
    state: State
    received_at: datetime
    rows_read: int
    rows_refused: int
    rows_warned: int
    findings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TableChange:
    """What a table's taken rows changed since the submission before, by the contract's key.

    `gone_references` holds up to some hundred of the supplier's own references of rows that are gone; they identify, so the
    restricted workbook alone shows them.
    """

    added: int
    gone: int
    changed: int
    same: int
    gone_references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The verdict on a submission with all that led to it. `history` is oldest first, at most twelve. `agreed`: the
    headings of the supplier's layout, which may be shown to anybody; what a file says beside them may not."""

    submission: Submission
    verdict: Verdict
    judged: "tuple[JudgedTable, ...]"
    refused: tuple[tuple[str, FileRefused], ...]
    notes: Mapping[str, tuple[str, ...]]
    ambiguities: tuple[Ambiguity, ...] = ()
    history: tuple[PastVerdict, ...] = ()
    changes: Mapping[str, TableChange] = field(default_factory=dict)
    previous_period: str | None = None
    agreed: frozenset[str] = frozenset()
