"""Judging again what has a verdict: with mended contracts and mappings, or with a person's decision.

The archive has the bytes, so nothing must be sent again, and rows keep their line numbers. When a submission came never
changes; each judging is a line of its own in the ledger, and the newest stands.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.suppliers import Supplier
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.doubt import Doubt
from pact_pipeline.intake.fingerprint import judged_by
from pact_pipeline.intake.many import LOOK_AGAIN, Tell, claimed_elsewhere, clear_unfinished, log, take_many
from pact_pipeline.intake.standing import Standing, Standings
from pact_pipeline.intake.take import Desk, examine, judged_now
from pact_pipeline.ledger import Decision, Ledger, State, Submission, Verdict
from pact_pipeline.ledger.ledger import decided_meanwhile

# A person waits at the terminal.
PATIENCE = 60.0


@dataclass(frozen=True)
class Again:
    """A submission judged again: the verdict before and the one that stands now; the same where nothing changed."""

    submission: Submission
    before: Verdict
    after: Verdict

    @property
    def changed(self) -> bool:
        return self.before.judging != self.after.judging


def judge_again(
    desk: Desk, ledger: Ledger, submission_ids: Sequence[str], *, workers: int = 2, tell: Tell = log.info
) -> list[Again]:
    """Judge these once more with the present contracts and mappings. Where the verdict is the same and so is what it was
    judged by, no judging is entered.

    Raises PactFailure LEDGER-003 for an unknown submission, INTAKE-002 at the end if some could not be judged.
    """
    submissions = ledger.load(submission_ids)
    before = ledger.verdicts(sorted({one.supplier for one in submissions}))
    counted = {key: verdict.judging for key, verdict in before.items()}
    take_many(desk, ledger, submissions, workers=workers, judged_before=counted, tell=tell)
    after = ledger.verdicts(sorted({one.supplier for one in submissions}))
    return [
        Again(one, before[one.submission_id], after[one.submission_id])
        for one in submissions
        if one.submission_id in before
    ]


def stale(contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: Ledger) -> list[str]:
    """The submissions whose verdict was reached by contracts or a mapping that are not the present ones."""
    judged = ledger.submissions()
    judged = judged[judged["state"] != State.RECEIVED.value]
    now: dict[tuple[str, str, str], str] = {}
    found: list[str] = []
    for row in judged.itertuples(index=False):
        key = (str(row.supplier), str(row.collection), str(row.period))
        if key[0] in suppliers:
            if key not in now:
                now[key] = judged_by(contracts, suppliers[key[0]], key[1], key[2])
            if now[key] != row.fingerprint:
                found.append(str(row.submission_id))
    return found


def decide(
    desk: Desk,
    ledger: Ledger,
    submission_id: str,
    decision: Literal["accept", "refuse"],
    *,
    who: str,
    because: str,
    readings: Mapping[str, str] | None = None,
) -> Again:
    """Judge a held submission by a person's decision, and enter both. What held it then holds it no longer; what a file
    rule refuses stays refused, and so do refused rows.

    Raises PactFailure INTAKE-006 when it is not held, INTAKE-007 when a reading is still to be chosen or none of those
    there are, INTAKE-008 without a reason, LEDGER-006 when somebody decided meanwhile.
    """
    if not because.strip() or not who.strip():
        raise PactFailure(
            "INTAKE-008", "a decision needs a reason and a name", where=submission_id, mend='add --because "…".'
        )
    (submission,) = ledger.load([submission_id])
    with _claimed(desk, ledger, submission):
        standings = Standings(ledger, [submission.supplier])
        standing = standings.before(submission)
        last = standing.last
        if last is None or last.state is not State.HELD:
            raise _not_held(submission, last, standing)
        made = _decision(desk, submission, standing, decision, who.strip(), because.strip(), dict(readings or {}))
        verdict = examine(desk, submission, replace(standing, decision=made))
        ledger.record(verdict, made)
    return Again(submission, last, ledger.verdicts([submission.supplier])[submission_id])


def _decision(
    desk: Desk,
    submission: Submission,
    standing: Standing,
    decision: Literal["accept", "refuse"],
    who: str,
    because: str,
    readings: dict[str, str],
) -> Decision:
    """The decision, with what was chosen and decided before; proven to leave no doubt open."""
    assert standing.last is not None
    former = standing.decision
    chosen = {**(former.readings if former else {}), **readings}
    covers = frozenset((one.table, one.rule) for one in standing.last.findings if one.severity == "hold")
    made = Decision(
        submission.submission_id,
        standing.last.judging,
        decision,
        who,
        because,
        chosen,
        covers | (former.covers if former and former.decision == "accept" else frozenset()),
    )
    if readings:
        _prove_readings(judged_now(desk, submission, standing).doubts, readings, submission)
    if decision == "accept":
        left = judged_now(desk, submission, replace(standing, decision=made)).doubts
        if left:
            raise PactFailure(
                "INTAKE-007",
                "the file can be read in two ways, and the decision doesn't say which",
                where=submission.submission_id,
                mend=" ".join(map(str, left)),
            )
    return made


def _prove_readings(doubts: Sequence[Doubt], readings: Mapping[str, str], submission: Submission) -> None:
    there = {doubt.choice: [reading.name for reading in doubt.readings] for doubt in doubts}
    for choice, name in readings.items():
        if name not in there.get(choice, ()):
            choices = [f"--reading {doubt}={one}" for doubt, names in there.items() for one in names]
            raise PactFailure(
                "INTAKE-007",
                f"there is no reading {choice}={name} to choose",
                where=submission.submission_id,
                mend=f"choose of: {', '.join(choices)}." if choices else "leave --reading out: nothing is in doubt.",
            )


def _not_held(submission: Submission, last: Verdict | None, standing: Standing) -> PactFailure:
    if standing.decision is not None:
        return decided_meanwhile(submission.submission_id)
    state = last.state.value.replace("_", " ") if last else "received, and not judged yet"
    return PactFailure(
        "INTAKE-006",
        f"only a held submission can be decided; this one is {state}",
        where=submission.submission_id,
        mend="see what is held with: pact submission list --state held.",
    )


@contextmanager
def _claimed(desk: Desk, ledger: Ledger, submission: Submission) -> Iterator[None]:
    """Alone with the supplier's collection."""
    with ledger.at_work() as at_work:
        at_work.begin(lambda: clear_unfinished(desk.settings, desk.contracts))
        patience_ends = time.monotonic() + PATIENCE
        while not at_work.claim(submission.supplier, submission.collection):
            if time.monotonic() > patience_ends:
                raise claimed_elsewhere(submission)
            time.sleep(LOOK_AGAIN)
        yield
