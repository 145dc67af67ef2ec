"""`pact check`: what intake would say of some files, said at the council's own desk.

The judging is intake's own (`judge_submission`); only the submission is made up here, from the files given, and nothing
is sent, kept or written but the feedback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from pact_pipeline.arrival.group import contract_version
from pact_pipeline.clock import now
from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.matching import GivenFile, as_workbook, match_files, periods_named
from pact_pipeline.disk import in_words
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.feedback import FeedbackPaths, content_of, write_content
from pact_pipeline.intake.feedback.content import Content
from pact_pipeline.intake.judging.context import JudgingContext, PreviousSubmission
from pact_pipeline.intake.judging.outcome import Outcome, PastVerdict
from pact_pipeline.intake.judging.submission import judge_submission
from pact_pipeline.ledger.model import Decision, Submission, SubmissionFile, manifest_of
from pact_pipeline.periods import Period, periods_within
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Supplier

KINDS_OF_PERIOD = ("month", "quarter", "financial_year", "clas_year")


@dataclass(frozen=True)
class Asked:
    """What is to be checked. `named`: files by table, where a person said which; `before`: the files of the delivery
    before; `readings`: the reading chosen for each thing that can be read in two ways."""

    supplier: Supplier
    period: Period
    files: Sequence[Path]
    named: Mapping[str, Path] = field(default_factory=dict)
    before: Sequence[Path] = ()
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What intake would say. `files`: how each file was known; `is_compared`: whether with a delivery before, of which
    `compared` tells; `before_sending`: what is to be done with the files first."""

    outcome: Outcome
    files: tuple[GivenFile, ...]
    compared: str
    is_compared: bool
    before_sending: str = ""


@dataclass(frozen=True)
class _Matched:
    """The files by table, and the supplier by whose layouts they are read: its own, or those of its template."""

    supplier: Supplier
    collection: str
    files: tuple[GivenFile, ...]
    before_sending: str = ""


def check(contracts: Contracts, asked: Asked) -> Checked:
    """Judge the files as intake would. Raises PactFailure when they can't be judged at all."""
    against, previous_tables, compared = JudgingContext(), dict[str, pd.DataFrame](), ""
    if asked.before:
        against, previous_tables, compared = _before(contracts, asked)
    if asked.readings:
        readings = dict(asked.readings)
        against = replace(against, decision=Decision("", 1, "accept", "", "", readings))
    matched = _matched(contracts, asked.supplier, asked.period, asked.files, asked.named)
    correction = against.previous is not None and against.previous.period == asked.period.key
    submission = _submission(contracts, matched, asked.period, sequence=2 if correction else 1)
    outcome = _judged(contracts, matched, submission, against, previous_tables)
    return Checked(outcome, matched.files, compared, against.previous is not None, matched.before_sending)


def _matched(
    contracts: Contracts, supplier: Supplier, period: Period, paths: Sequence[Path], named: Mapping[str, Path]
) -> _Matched:
    """Which file is which table. A filled-in template stands for the text files that are to be saved from it."""
    workbook = None if named else as_workbook(contracts, supplier, period, paths)
    if workbook is None:
        return _Matched(supplier, *match_files(contracts, supplier, period, paths, named))
    by_sheets, to_do = workbook
    collection, files = match_files(contracts, by_sheets, period, paths, named)
    by = f"by its sheets, which are those of our template; {to_do}"
    return _Matched(
        by_sheets,
        collection,
        tuple(replace(one, by=by) for one in files),
        f"{to_do[:1].upper()}{to_do[1:]}.",
    )


def _before(contracts: Contracts, asked: Asked) -> tuple[JudgingContext, dict[str, pd.DataFrame], str]:
    """The delivery before, judged first: only what is taken of it counts."""
    named = periods_named(asked.supplier, asked.before)
    if len(named) > 1 or any(period > asked.period for period in named):
        raise PactFailure(
            "DESK-017",
            f"the files given with --before are of {', '.join(sorted(one.key for one in named))}",
            mend="give the files of one delivery, the last before this one.",
        )
    period = named.pop() if named else period_before(asked.period)
    matched = _matched(contracts, asked.supplier, period, asked.before, {})
    submission = _submission(contracts, matched, period, sequence=1)
    outcome = _judged(contracts, matched, submission, JudgingContext(), {})
    past = _past(outcome)
    if not outcome.verdict.state.in_force:
        words = "be held" if outcome.verdict.state is State.HELD else "be refused"
        return (
            JudgingContext(history=(past,)),
            {},
            f"The delivery of {period} would itself {words}, so nothing was compared with it.",
        )
    previous = PreviousSubmission(
        submission.submission_id,
        submission.submission_id,
        period.key,
        submission.manifest,
        {file.table: file.sha256 for file in submission.files},
        {table.table: table.rows_taken for table in outcome.verdict.tables},
    )
    accepted = {judged.table.contract.table: judged.accepted.reset_index(drop=True) for judged in outcome.judged}
    earlier = previous if period != asked.period else None
    return (
        JudgingContext(previous=previous, earlier=earlier, history=(past,)),
        accepted,
        f"Compared with the delivery of {period}.",
    )


def period_before(period: Period) -> Period:
    """The period of the same kind that ends the day before this one begins."""
    for kind in KINDS_OF_PERIOD:
        if period in periods_within(kind, period.first_day, period.last_day):
            start = date(period.first_day.year - 1, period.first_day.month, 1)
            return periods_within(kind, start, period.first_day - timedelta(days=1))[-1]
    raise ValueError(f"{period} is of no kind")


def _submission(contracts: Contracts, matched: _Matched, period: Period, *, sequence: int) -> Submission:
    manifest = tuple(SubmissionFile(one.table, one.sha256, one.path.name) for one in matched.files)
    return Submission(
        submission_id=f"{matched.supplier.key}-{matched.collection}-{period}-{sequence:02d}",
        supplier=matched.supplier.key,
        collection=matched.collection,
        period=period.key,
        sequence=sequence,
        received_at=now(),
        manifest=manifest_of(manifest),
        files=manifest,
        contract_version=contract_version(matched.collection, [one.table for one in matched.files], contracts),
    )


def _judged(
    contracts: Contracts,
    matched: _Matched,
    submission: Submission,
    against: JudgingContext,
    previous_tables: Mapping[str, pd.DataFrame],
) -> Outcome:
    paths = {one.sha256: one.path for one in matched.files}
    return judge_submission(
        contracts, matched.supplier, submission, lambda file: paths[file.sha256], against, previous_tables
    )


def _past(outcome: Outcome) -> PastVerdict:
    verdict, submission = outcome.verdict, outcome.submission
    findings: dict[str, int] = {}
    for finding in verdict.findings:
        findings[finding.rule] = findings.get(finding.rule, 0) + finding.rows
    return PastVerdict(
        submission.submission_id, submission.period, submission.sequence, verdict.state, submission.received_at,
        verdict.rows_read, verdict.rows_refused, verdict.rows_warned, findings,
    )  # fmt: skip


def content(checked: Checked, contact: str) -> Content:
    """What intake's feedback would say, in words for files that were not sent."""
    outcome = checked.outcome
    said = content_of(outcome, contact)
    return replace(
        said,
        state=f"Checked, not sent: would be {outcome.verdict.state.words}",
        sentence=" ".join(
            filter(
                None, ("Checked at your own desk; nothing was sent.", in_one_sentence(outcome), checked.before_sending)
            )
        ),
        received=f"not sent; checked on {said.received}",
        taken_heading="Would be taken",
    )


def in_one_sentence(outcome: Outcome) -> str:
    """The verdict."""
    verdict = outcome.verdict
    read, taken, refused = verdict.rows_read, verdict.rows_taken, verdict.rows_refused
    if verdict.state is State.TAKEN:
        warned = verdict.rows_warned
        also = f" {warned:,} of them would have a warning." if warned else ""
        return f"It would be taken: all {read:,} rows.{also}"
    if verdict.state is State.TAKEN_WITH_REFUSALS:
        return f"It would be taken, but not whole: {taken:,} of {read:,} rows, {refused:,} refused."
    if verdict.state is State.HELD:
        return f"It would be held: a person at the programme office would decide. {refused:,} of {read:,} rows would be refused."
    return "It would be refused: nothing of it would be taken."


def write_check(checked: Checked, folder: Path, contact: str) -> FeedbackPaths:
    """Write workbook and page into a folder, for you alone (mode 0600). Raises PactFailure FEEDBACK-001 or DESK-003."""
    submission, problem = checked.outcome.submission, ""
    name = f"{submission.supplier}-{submission.period}-feedback"
    paths = FeedbackPaths(folder / f"{name}.xlsx", folder / f"{name}.html")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = in_words(error)
    if problem:
        raise PactFailure(
            "DESK-003",
            f"the folder can't be made ({problem})",
            where=str(folder),
            mend="choose another place by --out.",
        )
    write_content(paths, checked.outcome, content(checked, contact))
    return paths
