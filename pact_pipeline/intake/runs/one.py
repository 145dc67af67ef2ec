"""The whole of intake for one submission. Many at once: `many.py`; again, or by a person's decision: `rejudge.py`.

`examine` judges a submission and writes lake and feedback; the ledger is told after it. A crash between the two leaves
the former state in force, and running again finishes the job: the files of a judging that was never entered are
replaced or removed, those of an entered one never.
"""

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from pact_pipeline.arrival.archive import proven_file
from pact_pipeline.contracts import Contracts
from pact_pipeline.disk import disk_behind
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.feedback import write_feedback
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.judging.submission import judge_submission
from pact_pipeline.intake.runs.history import SubmissionHistory
from pact_pipeline.intake.runs.previous_rows import load_previous
from pact_pipeline.intake.runs.write_lake import lake_tables, remove_others, write_lake
from pact_pipeline.lake.files import TableMaker
from pact_pipeline.lake.paths import prepare_lake
from pact_pipeline.lake.pseudonyms import Pseudonyms
from pact_pipeline.ledger import LakeFile, Ledger, Submission, Verdict
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier


@dataclass(frozen=True)
class IntakeContext:
    """What examining needs: where things lie, what is promised, who sends how, and the pseudonyms."""

    settings: Settings
    contracts: Contracts
    suppliers: Mapping[str, Supplier]
    pseudonyms: Pseudonyms

    @classmethod
    def open(cls, settings: Settings, contracts: Contracts, suppliers: Mapping[str, Supplier]) -> "IntakeContext":
        """Make the lake's folders and read the pseudonym key. Raises PactFailure KEY-… when the key isn't safe."""
        # Arrow's own allocator keeps nearly twice the memory of a table; the system's is as quick here.
        pa.set_memory_pool(pa.system_memory_pool())
        prepare_lake(settings)
        return cls(settings, contracts, suppliers, Pseudonyms.from_settings(settings))


def take(context: IntakeContext, ledger: Ledger, submission: Submission) -> Verdict:
    """Examine one submission and enter its verdict. Raises PactFailure when it could not be judged."""
    verdict = examine(context, submission, SubmissionHistory(ledger, [submission.supplier]).before(submission))
    ledger.record(verdict)
    return verdict


def examine(
    context: IntakeContext,
    submission: Submission,
    against: JudgingContext,
    prove: Callable[[Outcome], None] = lambda _: None,
) -> Verdict:
    """Judge one submission, and write lake and feedback. Judged again to the same end, nothing is written, and the
    verdict that stands is returned. `prove` sees what was found before anything is written, and may raise.

    Raises PactFailure only, with no value of the extract in it or behind it.
    """
    failure: PactFailure
    try:
        return _examine(context, submission, against, prove)
    except PactFailure as ours:
        failure = ours
    except Exception as error:
        failure = _unforeseen(error, submission)
    # Raised here, outside of the handler, and without its past: a library's exception quotes the offending cell.
    failure.__context__ = failure.__cause__ = None
    raise failure.with_traceback(None)


def _unforeseen(error: Exception, submission: Submission) -> PactFailure:
    # The files that came are read from the archive: the disk is ours.
    if failure := disk_behind(error, f"judging {submission.submission_id}", undone=True):
        return failure
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "pact_pipeline" in frame.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "unknown"
    return PactFailure(
        "INTAKE-001",
        f"the submission could not be examined ({type(error).__name__} at {place})",
        where=submission.submission_id,
        mend="this is a fault of the pipeline, not of the extract: report it with this line.",
    )


def _examine(
    context: IntakeContext, submission: Submission, against: JudgingContext, prove: Callable[[Outcome], None]
) -> Verdict:
    started = time.perf_counter()
    outcome = judge_from_archive(context, submission, against)
    prove(outcome)
    if against.last is not None and is_unchanged(outcome.verdict, against.last):
        return against.last
    files = _write(context, outcome)
    return replace(outcome.verdict, files=files, seconds=time.perf_counter() - started)


def judge_from_archive(context: IntakeContext, submission: Submission, against: JudgingContext) -> Outcome:
    """The pure judging, from the archive's bytes and against the rows of the submission before."""
    if submission.supplier not in context.suppliers:
        raise PactFailure(
            "INTAKE-009",
            f"there is no supplier {submission.supplier} any more, so nobody knows how it writes its files",
            where=submission.submission_id,
            mend=f"put back data_contracts/suppliers/{submission.supplier}.yaml.",
        )
    contracts = context.contracts.collection(submission.collection)
    previous_tables = load_previous(context.settings, contracts, against.previous)
    return judge_submission(
        context.contracts,
        context.suppliers[submission.supplier],
        submission,
        lambda file: proven_file(
            context.settings, file.sha256, f"{file.file_name} of {submission.submission_id}", against.removed
        ),
        against,
        previous_tables,
    )


def is_unchanged(verdict: Verdict, last: Verdict) -> bool:
    """Whether a judging says what the last one said, by the same contracts and mapping, beside the same submission."""
    return _what_it_says(verdict) == _what_it_says(last)


def _what_it_says(verdict: Verdict) -> tuple[object, ...]:
    """A verdict without its number, its time, the order of its counts, and what it wrote."""
    bare = replace(verdict, judging=1, seconds=0.0, tables=(), findings=(), files=())
    return (bare, frozenset(verdict.tables), frozenset(verdict.findings))


def _write(context: IntakeContext, outcome: Outcome) -> tuple[LakeFile, ...]:
    """Lake first, then feedback; the ledger follows in the caller. What was written to the lake."""
    submission, verdict = outcome.submission, outcome.verdict
    tables: dict[Path, TableMaker] = {}
    restricted: set[Path] = set()
    for judged in outcome.judged:
        made, closed = lake_tables(
            context.settings,
            submission,
            judged,
            context.pseudonyms,
            name=verdict.lake_name,
            taken=verdict.state.in_force,
        )
        tables.update(made)
        restricted |= closed
    files = write_lake(context.settings, tables, frozenset(restricted))
    remove_others(context.settings, context.contracts.collection(submission.collection), verdict.lake_name, tables)
    write_feedback(context.settings, outcome)
    return files
