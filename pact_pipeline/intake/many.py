"""Many submissions at once: examined in several processes, while this one alone writes the ledger.

In the order of periods within a supplier, and so that one supplier's fault never touches another's.
"""

import multiprocessing
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pyarrow as pa

from pact_pipeline.arrival.archive import archive_path
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.suppliers import Supplier
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.take import Desk, examine
from pact_pipeline.ledger import Ledger, Submission, Verdict
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings

# Below this many submissions, starting processes costs more than it saves.
FEWEST_FOR_PROCESSES = 6


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


class FormerRows:
    """How many rows of each table a supplier's newest taken submission had, up to a period."""

    def __init__(self, ledger: Ledger) -> None:
        self._rows: dict[tuple[str, str, str], dict[Period, int]] = defaultdict(dict)
        records: list[dict[Any, Any]] = ledger.tables_in_force().to_dict("records")
        for row in records:
            rows = self._rows[row["supplier"], row["collection"], row["table_name"]]
            rows[Period.parse(row["period"])] = row["rows_taken"]

    def note(self, submission: Submission, verdict: Verdict) -> None:
        if verdict.state.in_force:
            for table in verdict.tables:
                rows = self._rows[submission.supplier, submission.collection, table.table]
                rows[Period.parse(submission.period)] = table.rows_taken

    def before(self, submission: Submission) -> dict[str, int]:
        period = Period.parse(submission.period)
        former: dict[str, int] = {}
        for file in submission.files:
            rows = self._rows[submission.supplier, submission.collection, file.table]
            if earlier := [one for one in rows if one <= period]:
                former[file.table] = rows[max(earlier)]
        return former


def take_many(
    desk: Desk,
    ledger: Ledger,
    submissions: Sequence[Submission],
    *,
    workers: int = 2,
    on_verdict: Callable[[Submission, Verdict], None] | None = None,
) -> list[Verdict]:
    """Take all submissions; verdicts in the order they were reached. `on_verdict` is told after the ledger knows.

    Raises IntakeUnfinished at the end if some could not be judged; a supplier's later periods wait for its earlier
    ones, so they are left too.
    """
    queues = _queues(desk, submissions)
    former = FormerRows(ledger)
    verdicts: list[Verdict] = []
    failures: dict[str, PactFailure] = {}

    def reached(submission: Submission, verdict: Verdict) -> None:
        ledger.record(verdict)
        former.note(submission, verdict)
        verdicts.append(verdict)
        if on_verdict is not None:
            on_verdict(submission, verdict)

    if workers <= 1 or len(submissions) < FEWEST_FOR_PROCESSES:
        for queue in queues:
            for submission in queue:
                try:
                    verdict = examine(desk, submission, former.before(submission))
                except PactFailure as failure:
                    failures[submission.submission_id] = failure
                    break
                reached(submission, verdict)
    else:
        _examine_in_processes(desk, queues, workers, former, reached, failures)
    if failures:
        raise IntakeUnfinished(verdicts, failures)
    return verdicts


def _queues(desk: Desk, submissions: Sequence[Submission]) -> list[deque[Submission]]:
    """A queue a supplier, in the order of period and sequence; the heaviest supplier first, so that none ends alone."""
    queues: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        queues[submission.supplier].append(submission)
    weights: dict[str, int] = {}
    for supplier, queue in queues.items():
        queue.sort(key=lambda one: (Period.parse(one.period), one.collection, one.sequence))
        paths = {archive_path(desk.settings, file.sha256) for one in queue for file in one.files}
        weights[supplier] = sum(path.stat().st_size for path in paths if path.exists())
    return [deque(queues[supplier]) for supplier in sorted(queues, key=lambda one: -weights[one])]


_desk: Desk | None = None


def _open_desk(settings: Settings, contracts: Contracts, suppliers: Mapping[str, Supplier]) -> None:
    """Runs once in each worker. One thread each: the processes share the cores already."""
    global _desk
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _desk = Desk.open(settings, contracts, suppliers)


def _examine_in_worker(submission: Submission, former_rows: Mapping[str, int]) -> Verdict | tuple[str, str, str, str]:
    """A failure comes back as its parts: an exception would be pickled with what it points to."""
    assert _desk is not None
    try:
        return examine(_desk, submission, former_rows)
    except PactFailure as failure:
        return (failure.code, failure.what, failure.where, failure.mend)


def _examine_in_processes(
    desk: Desk,
    queues: list[deque[Submission]],
    workers: int,
    former: FormerRows,
    reached: Callable[[Submission, Verdict], None],
    failures: dict[str, PactFailure],
) -> None:
    running: dict[Future[Verdict | tuple[str, str, str, str]], tuple[Submission, deque[Submission]]] = {}
    waiting = deque(queues)
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_open_desk,
        initargs=(desk.settings, desk.contracts, desk.suppliers),
    )

    def start(queue: deque[Submission]) -> None:
        submission = queue.popleft()
        running[pool.submit(_examine_in_worker, submission, former.before(submission))] = (submission, queue)

    with pool:
        while waiting or running:
            # One more than there are workers, so that none waits while a verdict is written.
            while waiting and len(running) <= workers:
                start(waiting.popleft())
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                submission, queue = running.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    result = ("INTAKE-003", "a worker ended without a word (killed, or out of memory)", "", "run again")
                if isinstance(result, tuple):
                    failures[submission.submission_id] = PactFailure(
                        result[0], result[1], where=result[2] or submission.submission_id, mend=result[3]
                    )
                    continue
                reached(submission, result)
                if queue:
                    # The supplier just served goes on first: its key cache is warm and its weight is the largest.
                    waiting.appendleft(queue)
