"""Many submissions at once: examined in several processes, while this one alone writes the ledger.

In the order of periods within a supplier, and so that one supplier's fault never touches another's. Another run may be
at work: a supplier it judges for is left until it has done, and what it judged meanwhile is not judged twice.
"""

import logging
import multiprocessing
import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from pact_pipeline.arrival.archive import archive_path
from pact_pipeline.contracts import Contracts
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.runs.history import SubmissionHistory
from pact_pipeline.intake.runs.one import IntakeContext, examine
from pact_pipeline.lake.files import remove_named, remove_unfinished
from pact_pipeline.lake.proof import record_found
from pact_pipeline.lake.replacement import finish_replacements
from pact_pipeline.ledger import AtWork, Ledger, Submission, Verdict
from pact_pipeline.ledger.model import submission_of
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier

# Below this many submissions, starting processes costs more than it saves.
FEWEST_FOR_PROCESSES = 6
# Another run's claim is given up with its process, so waiting longer than this means that it hangs.
PATIENCE = 900.0
LOOK_AGAIN = 0.1

OnVerdict = Callable[[Submission, Verdict], None]
Tell = Callable[[str], None]
log = logging.getLogger(__name__)


class IntakeUnfinished(PactFailure):
    """Some submissions could not be examined; all others were. `verdicts` and `failures` say which."""

    def __init__(self, verdicts: list[Verdict], failures: Mapping[str, PactFailure]) -> None:
        self.verdicts, self.failures = verdicts, dict(failures)
        told = "; ".join(f"{submission}: {failure}" for submission, failure in list(self.failures.items())[:5])
        super().__init__(
            "INTAKE-002",
            f"{len(self.failures)} of {len(self.failures) + len(verdicts)} submissions could not be judged. {told}",
            mend="mend the cause and run again: they have no verdict and are taken up where they were left.",
        )


def take_many(
    context: IntakeContext,
    ledger: Ledger,
    submissions: Sequence[Submission],
    *,
    workers: int = 2,
    on_verdict: OnVerdict | None = None,
    judged_before: Mapping[str, int] | None = None,
    tell: Tell = log.info,
) -> list[Verdict]:
    """Take all submissions; verdicts in the order they were reached. `on_verdict` is told after the ledger knows.

    `judged_before`: how often each was judged when it was chosen (default: never); one that another run judged since is
    left to that verdict, and `tell` is told. Raises IntakeUnfinished at the end if some could not be judged; a
    supplier's later periods wait for its earlier ones, so they are left too.
    """
    with ledger.at_work() as at_work:
        at_work.begin(lambda: clear_up_after_killed_runs(context, ledger))
        run = _Run(context, ledger, at_work, SubmissionHistory(ledger, [one.supplier for one in submissions]), tell)
        run.on_verdict, run.judged_before = on_verdict, dict(judged_before or {})
        run.go_through(submissions, workers)
    if run.failures:
        raise IntakeUnfinished(run.verdicts, run.failures)
    return run.verdicts


def clear_up_after_killed_runs(context: IntakeContext, ledger: Ledger) -> None:
    """What is done first by a run that is alone: what killed runs left is cleared away or brought to its end, and files from
    before hashes were kept are recorded as they are found."""
    clear_unfinished(context.settings, context.contracts, ledger)
    finish_replacements(context.settings, ledger)
    record_found(context.settings, ledger)


def clear_unfinished(settings: Settings, contracts: Contracts, ledger: Ledger) -> int:
    """Remove from lake and feedback what killed runs left: unfinished files, and whole ones of a judging that was never
    entered; how many. Only when no run is at work.

    What other work writes below the lake (the crosswalk) is left alone, and so is what belongs to a submission that the
    ledger doesn't know; the archive clears its own.
    """
    names = ledger.lake_names()

    def never_entered(name: str) -> bool:
        submission_id = submission_of(name)
        return submission_id in names and name not in names[submission_id]

    folders = [
        tree / collection
        for tree in (settings.lake_open, settings.lake_restricted)
        for collection in contracts.collections
    ]
    unfinished = sum(remove_unfinished(folder) for folder in (*folders, settings.feedback))
    unknown = sum(remove_named(folder, {".parquet"}, never_entered) for folder in folders)
    return unfinished + unknown + remove_named(settings.feedback, {".xlsx", ".html"}, never_entered)


Result = Verdict | PactFailure
Queue = deque[Submission]


@dataclass
class _Run:
    """One run over many submissions: whose turn it is, what is being examined, and what came out."""

    context: IntakeContext
    ledger: Ledger
    at_work: AtWork
    history: SubmissionHistory
    tell: Tell
    on_verdict: OnVerdict | None = None
    judged_before: Mapping[str, int] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    failures: dict[str, PactFailure] = field(default_factory=dict)
    waited_for: set[str] = field(default_factory=set)

    def go_through(self, submissions: Sequence[Submission], workers: int) -> None:
        several = workers > 1 and len(submissions) >= FEWEST_FOR_PROCESSES
        waiting = deque(_queues(self.context, submissions))
        running: dict[Future[Result], tuple[Submission, Queue]] = {}
        # One more than there are workers, so that none waits while a verdict is written.
        most = workers + 1 if several else 1
        patience_ends = time.monotonic() + PATIENCE
        with _pool(self.context, workers) if several else nullcontext() as pool:
            while waiting or running:
                self._start(waiting, running, pool, most)
                if not running:
                    if waiting and time.monotonic() > patience_ends:
                        self._give_up(waiting)
                    time.sleep(LOOK_AGAIN if waiting else 0)
                    continue
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                patience_ends = time.monotonic() + PATIENCE
                for future in done:
                    submission, queue = running.pop(future)
                    if self._finish(submission, future.result()) and queue:
                        # The supplier just served goes on first: its key cache is warm and its weight is the largest.
                        waiting.appendleft(queue)

    def _start(
        self,
        waiting: deque[Queue],
        running: dict[Future[Result], tuple[Submission, Queue]],
        pool: ProcessPoolExecutor | None,
        most: int,
    ) -> None:
        """Begin with as many as may run at once. A supplier that another run judges for goes to the end of the line."""
        for _ in range(len(waiting)):
            if len(running) >= most:
                return
            queue = waiting.popleft()
            while queue and (whose := self._whose(queue[0])) == "judged":
                queue.popleft()
            if not queue:
                continue
            if whose == "another's":
                waiting.append(queue)
                continue
            submission = queue.popleft()
            future = _begin(pool, self.context, submission, self.history.before(submission))
            running[future] = (submission, queue)

    def _whose(self, submission: Submission) -> Literal["ours", "another's", "judged"]:
        """Claim a submission's supplier, unless another run has, or has judged the submission meanwhile."""
        if not self.at_work.claim(submission.supplier, submission.collection):
            if submission.supplier not in self.waited_for:
                self.waited_for.add(submission.supplier)
                self.tell(f"{submission.submission_id} waits: another run is judging for {submission.supplier}")
            return "another's"
        self.history.refresh(submission)
        if self.history.judged(submission) != self.judged_before.get(submission.submission_id, 0):
            self.at_work.release(submission.supplier, submission.collection)
            self.tell(f"{submission.submission_id} was judged by another run meanwhile; its verdict stands")
            return "judged"
        return "ours"

    def _finish(self, submission: Submission, result: Result) -> bool:
        """Enter a verdict. False where there is none: the supplier's later periods wait for it, the others don't."""
        try:
            if isinstance(result, PactFailure):
                self.failures[submission.submission_id] = result
                return False
            if result.judging == self.history.judged(submission):
                return True  # judged again to the same end
            self.ledger.record(result)
            self.history.note(submission, result)
        except PactFailure as failure:
            self.failures[submission.submission_id] = failure
            return False
        finally:
            self.at_work.release(submission.supplier, submission.collection)
        self.verdicts.append(result)
        if self.on_verdict is not None:
            self.on_verdict(submission, result)
        return True

    def _give_up(self, waiting: deque[Queue]) -> None:
        for queue in waiting:
            self.failures[queue[0].submission_id] = claimed_elsewhere(queue[0])
        waiting.clear()


def claimed_elsewhere(submission: Submission) -> PactFailure:
    return PactFailure(
        "INTAKE-005",
        f"another run has been judging for {submission.supplier} for a long time",
        where=submission.submission_id,
        mend="see whether that run hangs (its process holds a lock of the warehouse), end it and run again.",
    )


def _queues(context: IntakeContext, submissions: Sequence[Submission]) -> list[Queue]:
    """A queue a supplier, in the order of period and sequence; the heaviest supplier first, so that none ends alone."""
    queues: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        queues[submission.supplier].append(submission)
    weights: dict[str, int] = {}
    for supplier, queue in queues.items():
        queue.sort(key=lambda one: (Period.parse(one.period), one.collection, one.sequence))
        paths = {archive_path(context.settings, file.sha256) for one in queue for file in one.files}
        weights[supplier] = sum(path.stat().st_size for path in paths if path.exists())
    return [deque(queues[supplier]) for supplier in sorted(queues, key=lambda one: -weights[one])]


_context: IntakeContext | None = None


def _pool(context: IntakeContext, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_open_context,
        initargs=(context.settings, context.contracts, context.suppliers),
    )


def _open_context(settings: Settings, contracts: Contracts, suppliers: Mapping[str, Supplier]) -> None:
    """Runs once in each worker. One thread each: the processes share the cores already."""
    global _context
    _end_with_parent()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _context = IntakeContext.open(settings, contracts, suppliers)


def _end_with_parent() -> None:
    """A worker whose run was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="ends with its run").start()


def _examine_in_worker(submission: Submission, against: JudgingContext) -> Verdict | tuple[str, str, str, str]:
    """A failure comes back as its parts: an exception would be pickled with what it points to."""
    assert _context is not None
    try:
        return examine(_context, submission, against)
    except PactFailure as failure:
        return (failure.code, failure.what, failure.where, failure.mend)


def _begin(
    pool: ProcessPoolExecutor | None, context: IntakeContext, submission: Submission, against: JudgingContext
) -> Future[Result]:
    """Examine in a worker, or here and now where there is no pool."""
    reached: Future[Result] = Future()
    if pool is None:
        try:
            reached.set_result(examine(context, submission, against))
        except PactFailure as failure:
            reached.set_result(failure)
        return reached
    try:
        working = pool.submit(_examine_in_worker, submission, against)
    except BrokenProcessPool:
        reached.set_result(_worker_ended(submission))
        return reached

    def pass_on(done: Future[Verdict | tuple[str, str, str, str]]) -> None:
        try:
            result = done.result()
        except BrokenProcessPool:
            reached.set_result(_worker_ended(submission))
            return
        except Exception as error:
            reached.set_result(_not_passed_on(submission, type(error).__name__))
            return
        if isinstance(result, tuple):
            code, what, where, mend = result
            reached.set_result(PactFailure(code, what, where=where or submission.submission_id, mend=mend))
        else:
            reached.set_result(result)

    working.add_done_callback(pass_on)
    return reached


def _worker_ended(submission: Submission) -> PactFailure:
    return PactFailure(
        "INTAKE-003",
        "a worker ended without a word (killed, or out of memory)",
        where=submission.submission_id,
        mend="run again",
    )


def _not_passed_on(submission: Submission, kind: str) -> PactFailure:
    return PactFailure(
        "INTAKE-001",
        f"the submission could not be examined ({kind} between the processes)",
        where=submission.submission_id,
        mend="this is a fault of the pipeline, not of the extract: report it with this line.",
    )
