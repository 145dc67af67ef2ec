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
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.judging.fingerprint import judged_by
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.runs.history import SubmissionHistory, place
from pact_pipeline.intake.runs.many import (
    LOOK_AGAIN,
    Tell,
    claimed_elsewhere,
    clear_up_after_killed_runs,
    log,
    take_many,
)
from pact_pipeline.intake.runs.one import IntakeContext, examine, judge_from_archive
from pact_pipeline.ledger import Decision, Ledger, Submission, Verdict
from pact_pipeline.ledger.ledger import decided_meanwhile
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Supplier

# A person waits at the terminal.
PATIENCE = 60.0


@dataclass(frozen=True)
class Again:
    """A submission judged again: the verdict before and the one that stands now; the same where nothing changed.

    `superseded_by`: the newer delivery of the period that is in force, so that being taken has no effect. `later`: the
    submissions that were compared with what stood before, and would be judged beside other rows now.
    """

    submission: Submission
    before: Verdict
    after: Verdict
    superseded_by: str = ""
    later: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before.judging != self.after.judging


def judge_again(
    context: IntakeContext, ledger: Ledger, submission_ids: Sequence[str], *, workers: int = 2, tell: Tell = log.info
) -> list[Again]:
    """Judge these once more with the present contracts and mappings. Where the verdict is the same and so is what it was
    judged by, no judging is entered.

    Raises PactFailure LEDGER-003 for an unknown submission, INTAKE-002 at the end if some could not be judged.
    """
    submissions = ledger.load(submission_ids)
    before = ledger.verdicts(sorted({one.supplier for one in submissions}))
    counted = {key: verdict.judging for key, verdict in before.items()}
    take_many(context, ledger, submissions, workers=workers, judged_before=counted, tell=tell)
    after = ledger.verdicts(sorted({one.supplier for one in submissions}))
    made = [
        Again(one, before[one.submission_id], after[one.submission_id])
        for one in submissions
        if one.submission_id in before
    ]
    return _with_consequences(ledger, made)


def _with_consequences(ledger: Ledger, made: list[Again]) -> list[Again]:
    """What follows for the period (a newer delivery is in force) and for later ones (compared with what stood before)."""
    in_force = {
        (row["supplier"], row["collection"], row["period"]): (int(row["sequence"]), str(row["submission_id"]))
        for row in ledger.in_force().to_dict("records")
    }
    counting = set(ledger.that_count()["submission_id"])
    history = SubmissionHistory(ledger, {one.submission.supplier for one in made if one.changed})
    otherwise = [one for one in history.compared_otherwise() if one.submission_id in counting]
    told: list[Again] = []
    for one in made:
        ours = one.submission
        sequence, newest = in_force.get((ours.supplier, ours.collection, ours.period), (0, ""))
        later = [
            other.submission_id
            for other in otherwise
            if (other.supplier, other.collection) == (ours.supplier, ours.collection) and place(other) > place(ours)
        ]
        told.append(
            replace(
                one,
                superseded_by=newest if one.after.state.in_force and sequence > ours.sequence else "",
                later=tuple(later) if one.changed else (),
            )
        )
    return told


def stale(contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: Ledger) -> list[str]:
    """The submissions that count (the newest of their period, or in force) and whose verdict was reached by contracts,
    kinds of check or a mapping that are not the present ones, or beside another submission before them."""
    judged = ledger.that_count()
    judged = judged[(judged["state"] != State.RECEIVED.value) & judged["supplier"].isin(list(suppliers))]
    history = SubmissionHistory(ledger, judged["supplier"])
    otherwise = {one.submission_id for one in history.compared_otherwise()}
    now: dict[tuple[str, str, str], str] = {}
    found: list[str] = []
    for row in judged.itertuples(index=False):
        key = (str(row.supplier), str(row.collection), str(row.period))
        if key not in now:
            now[key] = judged_by(contracts, suppliers[key[0]], key[1], key[2])
        if now[key] != row.fingerprint or row.submission_id in otherwise:
            found.append(str(row.submission_id))
    return found


def decide(
    context: IntakeContext,
    ledger: Ledger,
    submission_id: str,
    decision: Literal["accept", "refuse"],
    *,
    who: str,
    because: str,
    readings: Mapping[str, str] | None = None,
) -> Again:
    """Judge a held submission by a person's decision, and enter both. What held it then holds it no longer; what a file
    rule refuses stays refused, and so do refused rows. What a person decided can be decided otherwise: the newest stands.

    Raises PactFailure INTAKE-006 when it is neither held nor was decided otherwise, INTAKE-007 when a reading is still to
    be chosen or none of those there are, INTAKE-008 without a reason, LEDGER-006 when somebody decided meanwhile.
    """
    if not because.strip() or not who.strip():
        raise PactFailure(
            "INTAKE-008", "a decision needs a reason and a name", where=submission_id, mend='add --because "…".'
        )
    (submission,) = ledger.load([submission_id])
    seen = ledger.last_decisions().get(submission_id)
    with _claimed(context, ledger, submission):
        against = SubmissionHistory(ledger, [submission.supplier]).before(submission)
        if against.decision != seen:
            raise decided_meanwhile(submission_id)
        last = against.last
        if last is None or (last.state is not State.HELD and last.decision_id is None):
            raise _not_held(submission_id, last)
        made = _decision(last, against.decision, decision, who.strip(), because.strip(), readings or {})
        if last.state is not State.HELD and _says(made) == _says(against.decision):
            raise _decided_so(made)
        if readings:
            _prove_readings(context, submission, against, readings)

        def leaves_no_doubt(outcome: Outcome) -> None:
            if decision == "accept" and outcome.ambiguities:
                raise PactFailure(
                    "INTAKE-007",
                    "the file can be read in two ways, and the decision doesn't say which",
                    where=submission_id,
                    mend=" ".join(map(str, outcome.ambiguities)),
                )

        # Without `last`: a decision is entered with a judging of its own, even where it ends as before.
        verdict = examine(context, submission, replace(against, decision=made, last=None), leaves_no_doubt)
        ledger.record(verdict, made)
    again = Again(submission, last, ledger.verdicts([submission.supplier])[submission_id])
    return _with_consequences(ledger, [again])[0]


def _decision(
    last: Verdict,
    previous: Decision | None,
    decision: Literal["accept", "refuse"],
    who: str,
    because: str,
    readings: Mapping[str, str],
) -> Decision:
    """The decision on the last verdict, with what was chosen before and, where it was accepted, covered before."""
    covers = frozenset((one.table, one.rule) for one in last.findings if one.severity == "hold")
    return Decision(
        last.submission_id,
        last.judging,
        decision,
        who,
        because,
        {**(previous.readings if previous else {}), **readings},
        covers | (previous.covers if previous and previous.decision == "accept" else frozenset()),
    )


def _says(decision: Decision | None) -> tuple[str, Mapping[str, str]] | None:
    return (decision.decision, decision.readings) if decision else None


def _prove_readings(
    context: IntakeContext, submission: Submission, against: JudgingContext, readings: Mapping[str, str]
) -> None:
    """Each must be one of two readings in doubt, were nothing chosen for it before."""
    before = against.decision
    if before is not None:
        others = {choice: name for choice, name in before.readings.items() if choice not in readings}
        before = replace(before, readings=others)
    ambiguities = judge_from_archive(context, submission, replace(against, decision=before)).ambiguities
    there = {ambiguity.choice: [reading.name for reading in ambiguity.readings] for ambiguity in ambiguities}
    for choice, name in readings.items():
        if name not in there.get(choice, ()):
            choices = [f"--reading {ambiguity}={one}" for ambiguity, names in there.items() for one in names]
            raise PactFailure(
                "INTAKE-007",
                f"there is no reading {choice}={name} to choose",
                where=submission.submission_id,
                mend=f"choose of: {', '.join(choices)}." if choices else "leave --reading out: nothing is in doubt.",
            )


def _not_held(submission_id: str, last: Verdict | None) -> PactFailure:
    state = (last.state if last else State.RECEIVED).words
    return PactFailure(
        "INTAKE-006",
        f"only a held submission, or one that a person decided on, can be decided; this one is {state}",
        where=submission_id,
        mend="see what is held with: pact submission list --state held.",
    )


def _decided_so(made: Decision) -> PactFailure:
    return PactFailure(
        "INTAKE-006",
        f"a person decided so already: {made.decision}",
        where=made.submission_id,
        mend=f"see the decision with: pact submission show {made.submission_id}",
    )


@contextmanager
def _claimed(context: IntakeContext, ledger: Ledger, submission: Submission) -> Iterator[None]:
    """Alone with the supplier's collection."""
    with ledger.at_work() as at_work:
        at_work.begin(lambda: clear_up_after_killed_runs(context, ledger))
        patience_ends = time.monotonic() + PATIENCE
        while not at_work.claim(submission.supplier, submission.collection):
            if time.monotonic() > patience_ends:
                raise claimed_elsewhere(submission)
            time.sleep(LOOK_AGAIN)
        yield
