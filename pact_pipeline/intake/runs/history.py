"""What suppliers sent before, and became of it: from the ledger, and kept up with the verdicts that a run reaches, so that the
months of one run are judged as if they had come one by one. Made by the main process alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pact_pipeline.intake.judging.context import JudgingContext, PreviousSubmission
from pact_pipeline.intake.judging.outcome import PastVerdict
from pact_pipeline.ledger import Decision, Ledger, Submission, Verdict
from pact_pipeline.periods import Period

MOST_HISTORY = 12


@dataclass(frozen=True)
class _Known:
    """A judged submission as the ledger has it."""

    submission: Submission
    verdict: Verdict
    lake: Mapping[str, str | None]

    @cached_property
    def place(self) -> tuple[Period, int]:
        return place(self.submission)

    @cached_property
    def tables(self) -> set[str]:
        return _tables(self.submission)

    def as_previous(self) -> PreviousSubmission:
        return PreviousSubmission(
            self.submission.submission_id,
            self.verdict.lake_name,
            self.submission.period,
            self.submission.manifest,
            {file.table: file.sha256 for file in self.submission.files},
            {table.table: table.rows_taken for table in self.verdict.tables},
            self.lake,
        )

    def as_past(self) -> PastVerdict:
        findings: dict[str, int] = defaultdict(int)
        for finding in self.verdict.findings:
            findings[finding.rule] += finding.rows
        return PastVerdict(
            self.submission.submission_id,
            self.submission.period,
            self.submission.sequence,
            self.verdict.state,
            self.submission.received_at,
            self.verdict.rows_read,
            self.verdict.rows_refused,
            self.verdict.rows_warned,
            dict(findings),
        )


class SubmissionHistory:
    """The standing of any submission of these suppliers, from the ledger and the verdicts reached since."""

    def __init__(self, ledger: Ledger, suppliers: Iterable[str]) -> None:
        self._ledger = ledger
        self._suppliers = sorted(set(suppliers))
        self._supplies: dict[tuple[str, str], dict[str, _Known]] = {}
        self._decisions: dict[str, Decision] = {}
        self._removed: Mapping[str, str] = {}
        self._judgings: dict[tuple[str, str], int] = {}
        self._load(self._suppliers)

    def _load(self, suppliers: list[str]) -> None:
        for key in [one for one in self._supplies if one[0] in suppliers]:
            del self._supplies[key]
            self._judgings.pop(key, None)
        self._decisions = self._ledger.last_decisions()
        self._removed = self._ledger.removed()
        lake: dict[str, dict[str, str | None]] = defaultdict(dict)
        for lake_name, path, sha256 in self._ledger.lake_files(suppliers)[["lake_name", "path", "sha256"]].to_numpy():
            lake[lake_name][path] = None if pd.isna(sha256) else sha256
        submissions, verdicts = self._ledger.judged(suppliers)
        for submission in submissions:
            key = (submission.supplier, submission.collection)
            verdict = verdicts[submission.submission_id]
            self._supplies.setdefault(key, {})[submission.submission_id] = _Known(
                submission, verdict, lake[verdict.lake_name]
            )
            self._judgings[key] = self._judgings.get(key, 0) + verdict.judging

    def refresh(self, submission: Submission) -> None:
        """See whether another run judged anything of the supplier's collection meanwhile, and read it if so."""
        key = (submission.supplier, submission.collection)
        if self._ledger.judgings_of(*key) != self._judgings.get(key, 0):
            self._load([submission.supplier])

    def note(self, submission: Submission, verdict: Verdict) -> None:
        """Take in a verdict that the ledger now has."""
        key = (submission.supplier, submission.collection)
        lake = {file.path: file.sha256 for file in verdict.files}
        self._supplies.setdefault(key, {})[submission.submission_id] = _Known(submission, verdict, lake)
        self._judgings[key] = self._judgings.get(key, 0) + 1

    def judged(self, submission: Submission) -> int:
        """How often the submission was judged."""
        known = self._of(submission).get(submission.submission_id)
        return known.verdict.judging if known else 0

    def last(self, submission: Submission) -> Verdict | None:
        """The verdict that stands."""
        known = self._of(submission).get(submission.submission_id)
        return known.verdict if known else None

    def before(self, submission: Submission) -> JudgingContext:
        """What the submission is judged against now."""
        earlier = self._earlier(submission)
        taken = [one for one in earlier if one.verdict.state.in_force]
        other_period = [one for one in taken if one.submission.period != submission.period]
        last = self.last(submission)
        return JudgingContext(
            judging=last.judging + 1 if last else 1,
            previous=taken[-1].as_previous() if taken else None,
            earlier=other_period[-1].as_previous() if other_period else None,
            history=tuple(one.as_past() for one in earlier[-MOST_HISTORY:]),
            decision=self._decisions.get(submission.submission_id),
            last=last,
            removed=self._removed,
        )

    def compared_otherwise(self) -> list[Submission]:
        """The judged submissions whose verdict was reached beside another submission before them than stands there now:
        one was taken, corrected or judged again since. In the order of periods."""
        found: list[_Known] = []
        for supplies in self._supplies.values():
            for one in sorted(supplies.values(), key=lambda known: known.place):
                taken = [before for before in self._earlier(one.submission) if before.verdict.state.in_force]
                if one.verdict.compared_with != (taken[-1].verdict.lake_name if taken else ""):
                    found.append(one)
        return [one.submission for one in found]

    def _earlier(self, submission: Submission) -> list[_Known]:
        """What the supplier sent of these tables before it, in the order of periods and deliveries."""
        at, tables = place(submission), _tables(submission)
        # A court's quarter doesn't follow a yearly count, nor a published count a return of children.
        earlier = [one for one in self._of(submission).values() if one.place < at and one.tables & tables]
        return sorted(earlier, key=lambda one: one.place)

    def _of(self, submission: Submission) -> dict[str, _Known]:
        return self._supplies.get((submission.supplier, submission.collection), {})


def place(submission: Submission) -> tuple[Period, int]:
    """Where a submission stands among its supplier's."""
    return (Period.parse(submission.period), submission.sequence)


def _tables(submission: Submission) -> set[str]:
    return {file.table for file in submission.files}
