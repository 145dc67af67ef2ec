"""From a council's true children to the facts a case system would hold: steps, matches and spells as recorded.

Frames hold day numbers, a row a fact, over all time; `views` cuts them to what was known at a month's end. Placements
are in `living`, households in `households`. Nothing here knows of a council's spelling.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from pact_pipeline.generator.days import NEVER, Days, Words, between, chance, choose, day, later, lognormal, only
from pact_pipeline.generator.pathway import LONG_TERM, PO, RETURN_HOME, Round
from pact_pipeline.generator.population import Population

# An order counts as the reason for a spell's end from 30 days before to 90 days after it (definitions#days).
ORDER_AFTER_END = 90
REVIEWS_FROM = day("2011-08-01")
LAST_STEP = day("2014-07-31")


class AddStep(Protocol):
    """Note a step for every spell in which its day comes by `until` (default: the spell's end)."""

    def __call__(self, milestone: str, on: Days, outcome: Words | str = "", until: Days | None = None) -> None: ...


@dataclass
class Ends:
    """Until when the steps of one round happen, a row a spell: the spell's end, the round's failure, the earlier."""

    ended: Days
    failed: Days

    @property
    def cap(self) -> Days:
        return np.minimum(self.ended, self.failed)


def ends_of(population: Population, number: int) -> Ends:
    failed = population.rounds[number].failed
    ended = population.spells["ended"].to_numpy()
    return Ends(ended, np.where(failed > ended, NEVER, failed))


def steps(rng: np.random.Generator, population: Population) -> pd.DataFrame:
    """Every dated step [spell, milestone, on, outcome]; `round` is counted later, over a child's spells."""
    spells = population.spells
    n = len(spells)
    found: list[pd.DataFrame] = []

    def add(milestone: str, on: Days, outcome: Words | str = "", until: Days | None = None) -> None:
        happened = on <= (until if until is not None else spells["ended"].to_numpy())
        happened &= on <= LAST_STEP
        rows = np.flatnonzero(happened)
        words = np.full(n, outcome, dtype=object) if isinstance(outcome, str) else outcome
        found.append(pd.DataFrame({"spell": rows, "milestone": milestone, "on": on[rows], "outcome": words[rows]}))

    born, started = spells["born"].to_numpy(), spells["started"].to_numpy()
    planned = population.rounds[0].recommended < NEVER
    known = (started > day("2011-07-31")) | (planned & chance(rng, n, 0.2))
    add("referral", only(known, np.maximum(started - lognormal(rng, n, 75.0, 1.1), born - 120)))
    _reviews(rng, population, add)
    add("permanence_recommended", spells["home_recommended"].to_numpy(), RETURN_HOME)
    for number, one in enumerate(population.rounds):
        ends = ends_of(population, number)
        cap = ends.cap
        add("permanence_recommended", one.recommended, one.route, cap)
        add("panel", one.panel, one.panel_result, cap)
        add("panel", one.panel_again, "recommended", cap)
        add("adm_decision", one.decision, one.decision_result, cap)
        add("consent_certificate", one.certificate, until=cap)
        add("reporter_referral", one.reporter, until=cap)
        add("advice_hearing", one.advice, until=cap)
        order, adopting = one.order_of(adopting=False), one.order_of(adopting=True)
        for lodged, outcome_on, result, kind in (
            (one.petition, one.petition_outcome, one.petition_result, order),
            (one.repeated, one.repeated_outcome, np.full(n, "granted", dtype=object), order),
            (one.adoption_petition, one.adoption_outcome, one.adoption_result, adopting),
        ):
            add("petition_lodged", lodged, kind, cap)
            on, word = _court(rng, spells, lodged, outcome_on, result, kind, cap)
            add("court_outcome", on, (kind + "_" + word).astype(object), np.full(n, NEVER - 1))
        add("adm_decision", only(one.failure == "reversed", ends.failed), "reversed")
        add("plan_changed", only(one.failure == "plan_changed", ends.failed), one.next_route)
        add("plan_changed", only(one.failure == RETURN_HOME, ends.failed), RETURN_HOME)
        granted = only((one.route == PO) & (one.petition_result == "granted"), one.petition_outcome)
        add("order_ended", only(granted <= cap, one.order_ended), "PO")
    return pd.concat(found, ignore_index=True).sort_values(["spell", "on", "milestone"], ignore_index=True)


def _court(
    rng: np.random.Generator,
    spells: pd.DataFrame,
    lodged: Days,
    outcome_on: Days,
    result: Words,
    kind: Words,
    cap: Days,
) -> tuple[Days, Words]:
    """When and how an application ended: an application cut short by the round's or the spell's end is withdrawn."""
    n = len(spells)
    ended = spells["ended"].to_numpy()
    destination = spells["destination"].to_numpy()
    makes_end = ((kind == "ADOPTION") & (destination == "adoption")) | (
        (kind == "RESIDENCE") & np.isin(destination, ["kinship_care_order", "friends_or_relatives"])
    )
    after_end = (result == "granted") & makes_end & (cap == ended) & (outcome_on <= ended + ORDER_AFTER_END)
    kept = (outcome_on <= cap) | after_end
    dropped = later(np.minimum(cap, NEVER - 200), between(rng, n, 5, 60))
    on = np.where(kept, outcome_on, np.maximum(dropped, lodged))
    word = np.where(kept, result, np.where(chance(rng, n, 0.7), "withdrawn", "dropped")).astype(object)
    return only(lodged <= cap, on), word


def _reviews(rng: np.random.Generator, population: Population, add: AddStep) -> None:
    """Reviews of children away from home, from August 2011: within six weeks, three months on, then half-yearly."""
    spells = population.spells
    n = len(spells)
    away = spells["away"].to_numpy()
    stop = np.minimum(spells["ended"].to_numpy(), spells["home_again"].to_numpy())
    on = later(away, between(rng, n, 20, 45))
    for number in range(20):
        add("lac_review", only((on >= REVIEWS_FROM) & (away < NEVER), on), until=stop)
        on = later(on, between(rng, n, 70, 95) if number == 0 else between(rng, n, 150, 188))
    # Whoever went away longer ago than those reviews reach back is reviewed half-yearly as well.
    late = (away < REVIEWS_FROM - 2800) & (stop > REVIEWS_FROM)
    on = REVIEWS_FROM + between(rng, n, 0, 180)
    for _ in range(7):
        add("lac_review", only(late, on), until=stop)
        on = on + between(rng, n, 150, 188)


def matches(rng: np.random.Generator, population: Population) -> pd.DataFrame:
    """Every link of a child and a household.

    [spell, round, turn, linked, panel, decided, placed, ended, end_reason, adopting, route]; turn 0 fell through.
    """
    spells = population.spells
    n = len(spells)
    found: list[pd.DataFrame] = []
    for number, one in enumerate(population.rounds):
        ends = ends_of(population, number)
        cap = ends.cap
        breaks = np.where(ends.failed <= ends.ended, "plan_changed", "other")
        disrupted = one.first_end == "disrupted"
        panel = np.where(disrupted, later(one.first_linked, between(rng, n, 20, 40)), NEVER)
        panel = np.where(one.first_end == "not_approved", one.first_ended, panel)
        decided = only(disrupted, later(panel, between(rng, n, 2, 8)))
        early = cap < one.first_ended
        found.append(
            _match_rows(number, 0, one, cap, one.first_linked, panel, decided, one.first_placed,
                        np.minimum(one.first_ended, cap), np.where(early, breaks, one.first_end).astype(object))
        )  # fmt: skip
        adopted = only(one.adopted <= cap + ORDER_AFTER_END, one.adopted)
        stop = np.minimum(np.where(adopted < NEVER, adopted, NEVER), cap)
        reason = np.where((adopted < NEVER) & (adopted <= cap), "adopted", breaks)
        reason = np.where((spells["destination"] == "adoption") & (cap == ends.ended), "adopted", reason).astype(object)
        found.append(
            _match_rows(number, 1, one, cap, one.linked, one.match_panel, one.matched, one.placed, stop, reason)
        )
    return pd.concat(found, ignore_index=True).sort_values(["spell", "linked", "turn"], ignore_index=True)


def _match_rows(
    number: int, turn: int, one: Round, cap: Days, linked: Days, panel: Days, decided: Days, placed: Days, ended: Days,
    reason: Words,
) -> pd.DataFrame:  # fmt: skip
    rows = np.flatnonzero(linked < np.minimum(cap, LAST_STEP))
    frame = pd.DataFrame(
        {"spell": rows, "round": number, "turn": turn, "linked": linked[rows],
         "panel": only(panel < ended, panel)[rows],
         "decided": only(decided < ended, decided)[rows], "placed": only(placed < ended, placed)[rows],
         "ended": ended[rows], "end_reason": reason[rows], "route": one.route[rows]}
    )  # fmt: skip
    unapproved = (frame["end_reason"] == "not_approved").to_numpy()
    frame.loc[unapproved, "panel"] = np.minimum(panel[rows][unapproved], frame["ended"].to_numpy()[unapproved])
    frame["end_reason"] = np.where(frame["ended"] >= NEVER, "", frame["end_reason"])
    return frame


def recorded_spells(rng: np.random.Generator, population: Population) -> pd.DataFrame:
    """Spells as the case system holds them: one in sixty is cut in two, with a gap of 1 to 7 days between.

    [spell, from, to, destination, away]; `away` is the first day away from home within the record.
    """
    spells = population.spells
    n = len(spells)
    started, ended, away = (spells[name].to_numpy() for name in ("started", "ended", "away"))
    length = np.minimum(ended, LAST_STEP) - started
    cut = chance(rng, n, 1 / 60) & (length > 120)
    at = started + 30 + (rng.random(n) * np.maximum(length - 90, 1)).astype("int64")
    gap = between(rng, n, 1, 7)
    first = pd.DataFrame(
        {"spell": np.arange(n), "from": started, "to": np.where(cut, at, ended),
         "destination": np.where(cut, choose(rng, ("home_with_parents", "other", "not_known"),
                                             np.tile((0.5, 0.2, 0.3), (n, 1))), spells["destination"]),
         "away": only(~cut | (away < at), away)}
    )  # fmt: skip
    second = pd.DataFrame(
        {"spell": np.arange(n), "from": at + gap, "to": ended, "destination": spells["destination"],
         "away": np.where(away < NEVER, np.maximum(away, at + gap), NEVER)}
    )[cut]  # fmt: skip
    # Back with their parents before the cut: at home throughout the second record.
    back = spells["home_again"].to_numpy()[second["spell"]] <= second["from"].to_numpy()
    second.loc[back, "away"] = NEVER
    both: pd.DataFrame = pd.concat([first, second], ignore_index=True)
    return both.sort_values(["spell", "from"], ignore_index=True)


def settled_in(population: Population, number: int) -> Days:
    """The day a child's placement with kin or long-term carers becomes the permanent one in a round."""
    one = population.rounds[number]
    settled = one.settled
    if number == 0:
        return settled
    return np.where(one.route == LONG_TERM, settled, np.maximum(settled, population.rounds[number - 1].failed + 1))
