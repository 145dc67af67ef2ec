"""Which rows go into a curve of time, from when to when, and by which kind of end: TP, TS, CR and MA of definitions#measures.

What belongs here: the clocks. How a curve is estimated stands in `survival`, which figures are read off it in
`estimates`, the words in `declarations`. Days are whole days since 1970.

Delayed entry: a child already on its way on the council's first observed day is at risk from that day on. What began
and ended before it is left out: of those children only the ones still there are known.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pact_pipeline.measures.declarations import CHILD_STEPS, ENDS_OF_PERMANENCE
from pact_pipeline.measures.survival import CumulativeIncidence, Days, cumulative_incidence

NEVER = 1_000_000

# How the kinds of end of core.journey (secured_kind, exit_kind) are grouped for time to permanence.
END_OF_KIND = {
    "permanence_order": "permanence_order",
    "adopted": "adoption",
    "residence_or_kinship_order": "residence_or_kinship",
    "long_term_care": "long_term_care",
    "home": "home",
}
DONE_OR_NOT = ("done", "ended_without")


@dataclass(frozen=True)
class Waits:
    """The rows of one series: each a wait from `start` to the end of kind `kind` on day `end` (NEVER: not ended).

    `kinds` names the kinds 1 … k; `watched_from` and `watched_to`: first and last day the row is told of.
    `already_done` rows had taken the step before the clock started; they are in no curve. A row that never starts has
    start NEVER: the rows stand where they stand in the frame they were made from, so that one grouping serves all
    series.
    """

    measure: str
    series: str
    kinds: tuple[str, ...]
    start: Days
    end: Days
    kind: Days
    watched_from: Days
    watched_to: Days
    already_done: NDArray[np.bool_]

    def rows(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Waits":
        return replace(
            self,
            start=self.start[chosen],
            end=self.end[chosen],
            kind=self.kind[chosen],
            watched_from=self.watched_from[chosen],
            watched_to=self.watched_to[chosen],
            already_done=self.already_done[chosen],
        )

    def incidence(self, cut: int) -> tuple[CumulativeIncidence, int]:
        """The curve as known on day `cut`, and how many who came to the start while watched had it already done."""
        begun = self.start <= np.minimum(cut, self.watched_to)
        in_curve = np.flatnonzero(begun & ~self.already_done)
        start, end = self.start[in_curve], self.end[in_curve]
        last_seen = np.minimum(cut, self.watched_to[in_curve])
        kind = np.where(end <= last_seen, self.kind[in_curve], 0)
        first = np.maximum(self.watched_from[in_curve] - start, 0)
        curve = cumulative_incidence(
            first, np.minimum(end, last_seen) - start, kind, tuple(range(1, len(self.kinds) + 1))
        )
        already_done = begun & self.already_done & (self.start >= self.watched_from)
        return curve, int(np.count_nonzero(already_done))


def days(column: "pd.Series[pd.Timestamp]") -> Days:
    """Dates as days since 1970, NEVER where there is none."""
    values = column.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(values), NEVER, values.astype(np.int64))


def time_to_permanence(journey: pd.DataFrame, *, national: bool) -> Waits:
    """Every spell away from home, from leaving home to the first of: permanence secured, the end of the spell.

    A child at home throughout never starts. `national`: see `_end_of_spell`.
    """
    secured = days(journey["secured_on"])
    left, watched_to = _end_of_spell(journey, national=national)
    first_secured = secured <= left
    name = np.where(first_secured, journey["secured_kind"].to_numpy(object), journey["exit_kind"].to_numpy(object))
    number = {kind: position for position, kind in enumerate(ENDS_OF_PERMANENCE, start=1)}
    of_name = {kind: number[group] for kind, group in END_OF_KIND.items()}
    kind = pd.Series(name).map(of_name).fillna(number["other"]).to_numpy(np.int64)
    return _waits(
        journey, "TP", "all_entrants", ENDS_OF_PERMANENCE, "away_from_home_from", secured, left, kind, watched_to
    )


def recommended_to_secured(journey: pd.DataFrame, *, national: bool) -> Waits:
    """From the recommendation to permanence secured by any route; the end of the spell without it competes."""
    left, watched_to = _end_of_spell(journey, national=national)
    return _done_or_not(
        journey, "TP", "recommended_to_secured", "recommended_on", days(journey["secured_on"]), left, watched_to
    )


def step_waits(journey: pd.DataFrame, index: int, *, national: bool) -> Waits:
    """One declared step of the pathway (declarations.CHILD_STEPS)."""
    step = CHILD_STEPS[index]
    competing, watched_to = _end_of_spell(journey, national=national)
    if step.stop != "secured_on":
        competing = np.minimum(competing, days(journey["secured_on"]))
    stop = days(journey[step.stop])
    waits = _done_or_not(journey, step.measure, step.series, step.start, stop, competing, watched_to)
    belongs = np.ones(len(journey), dtype=bool)
    if step.only_with:
        belongs &= journey[step.only_with].notna().to_numpy()
    if step.not_for:
        plan = journey[list(step.plan)].astype(object).bfill(axis="columns").iloc[:, 0]
        belongs &= ~plan.isin(step.not_for).to_numpy()
    return replace(waits, start=np.where(belongs, waits.start, NEVER))


def carer_waits(carer_approval: pd.DataFrame) -> Waits:
    """A household's enquiry to its approval; refusal, withdrawal and closing compete."""
    approved = days(carer_approval["approved_on"])
    refused = np.where(
        carer_approval["decision"].eq("not_approved").to_numpy(bool, na_value=False),
        days(carer_approval["decision_on"]),
        NEVER,
    )
    competing = np.minimum(days(carer_approval["closed_on"]), refused)
    watched_to = days(carer_approval["observed_to"])
    return _done_or_not(carer_approval, "CR", "enquiry_to_approval", "enquiry_on", approved, competing, watched_to)


def match_waits(match: pd.DataFrame) -> Waits:
    """The link of child and carers to the match's approval; a link that ends without it competes."""
    approved, ended, watched_to = days(match["approved_on"]), days(match["ended_on"]), days(match["observed_to"])
    return _done_or_not(match, "MA", "linked_to_match_approved", "linked_on", approved, ended, watched_to)


def _end_of_spell(journey: pd.DataFrame, *, national: bool) -> tuple[Days, Days]:
    """The day each spell ended and the last day it is followed to.

    For a council a transfer is one of the other ends; nationally the spell goes on elsewhere, so it ends nothing: the child
    is followed to the transfer (until spells are linked across councils).
    """
    left, watched_to = days(journey["exit_on"]), days(journey["observed_to"])
    if not national:
        return left, watched_to
    moved = journey["exit_kind"].eq("transfer").to_numpy(bool, na_value=False)
    return np.where(moved, NEVER, left), np.where(moved, np.minimum(left, watched_to), watched_to)


def _done_or_not(
    frame: pd.DataFrame, measure: str, series: str, start: str, stop: Days, competing: Days, watched_to: Days
) -> Waits:
    """From one date to another. A stop on the day of a competing end counts as the stop."""
    kind = np.where(stop <= competing, 1, 2)
    return _waits(frame, measure, series, DONE_OR_NOT, start, stop, competing, kind, watched_to)


def _waits(
    frame: pd.DataFrame,
    measure: str,
    series: str,
    kinds: tuple[str, ...],
    start: str,
    stop: Days,
    competing: Days,
    kind: Days,
    watched_to: Days,
) -> Waits:
    """A stop before the start is already done; where only the competing end came before the start, nobody ever waited."""
    begin = days(frame[start])
    already_done = (begin < NEVER) & (stop < begin)
    begin = np.where((competing < begin) & ~already_done, NEVER, begin)
    return Waits(
        measure, series, kinds, begin, np.minimum(stop, competing), kind, days(frame["observed_from"]), watched_to,
        already_done,
    )  # fmt: skip
