"""Many submissions, their verdicts handed on as they are reached: judging goes on while somebody works with one."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from pact_pipeline.intake.runs.many import take_many
from pact_pipeline.intake.runs.one import IntakeContext
from pact_pipeline.ledger import Ledger, Submission, Verdict

Reached = tuple[Submission, Verdict]


class _RunEnded(Exception):
    """Nobody listens to verdicts any more."""


def take_as_reached(context: IntakeContext, ledger: Ledger, submissions: Sequence[Submission]) -> Iterator[Reached]:
    """Take all submissions; each with its verdict once the ledger knows it.

    Raises what `take_many` raises, after the last verdict. If the iterator is closed, judging ends with the next verdict.
    """
    reached: SimpleQueue[Reached | None] = SimpleQueue()
    ended = threading.Event()

    def pass_on(submission: Submission, verdict: Verdict) -> None:
        if ended.is_set():
            raise _RunEnded
        reached.put((submission, verdict))

    with ThreadPoolExecutor(1, "intake") as one_thread:
        judging = one_thread.submit(take_many, context, ledger, submissions, on_verdict=pass_on)
        judging.add_done_callback(lambda _: reached.put(None))
        try:
            while (pair := reached.get()) is not None:
                yield pair
            judging.result()
        finally:
            ended.set()
