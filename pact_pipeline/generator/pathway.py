"""A child's true way through the permanence pathway: rounds of steps, each drawn from waits calibrated on published
ones (domain#routes-to-permanence).

One row is a child's spell away from home, one call a round. A round ends with an order, in long-term care, or by a
change: a reversal, a refusal, a return home or another plan, after which the next round begins. Nothing here knows of
months, councils' spellings or files. Medians are in days; sources: SCRA 2011 (decision to match within a year 50 %, two
years 17 %; most often 24-35 months in all), PACE aims, the plan's paragraphs 27-31. Where no source gives a wait (panel
to petition, petition to outcome) it is an assumption, set so that the courts' yearly volumes come out.
"""

from dataclasses import dataclass, fields

import numpy as np

from pact_pipeline.generator.days import NEVER, Days, Flags, Words, between, chance, choose, day, later, lognormal, only

PO, POA, ADOPTION, KINSHIP, LONG_TERM = (
    "permanence_order",
    "permanence_order_with_authority_to_adopt",
    "adoption",
    "kinship",
    "long_term_care",
)
RETURN_HOME = "return_home"
AWAY_PLANS = (PO, POA, ADOPTION, KINSHIP, LONG_TERM)
# The 2007 Act's orders exist from this day (domain#orders).
ACT_IN_FORCE = day("2009-09-28")

RECOMMENDED_AFTER = {PO: 430, POA: 250, ADOPTION: 240, KINSHIP: 300, LONG_TERM: 600}
RESULTS = ("granted", "refused", "withdrawn", "dismissed", "dropped")
RESULT_SHARES = {
    "PO": (0.90, 0.02, 0.05, 0.02, 0.01),
    "POA": (0.91, 0.03, 0.04, 0.01, 0.01),
    "ADOPTION": (0.96, 0.005, 0.025, 0.005, 0.005),
    "RESIDENCE": (0.82, 0.04, 0.08, 0.03, 0.03),
}


@dataclass
class Round:
    """One round for many children, a day (or NEVER) and a word a step. Frames of the same length."""

    route: Words
    recommended: Days
    panel: Days
    panel_result: Words
    panel_again: Days
    decision: Days
    decision_result: Words
    certificate: Days
    reporter: Days
    advice: Days
    first_linked: Days
    first_placed: Days
    first_ended: Days
    first_end: Words
    linked: Days
    match_panel: Days
    matched: Days
    placed: Days
    settled: Days  # kin and long-term carers: the placement becomes the permanent one
    petition: Days  # PO, POA or RESIDENCE
    petition_outcome: Days
    petition_result: Words
    repeated: Days  # a second petition after one that failed
    repeated_outcome: Days
    adoption_petition: Days
    adoption_outcome: Days
    adoption_result: Words
    failed: Days
    failure: Words
    next_route: Words
    order_ended: Days

    def __getitem__(self, rows: Flags | Days) -> "Round":
        return Round(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def order_of(self, adopting: bool) -> Words:
        """The order type of `petition`, or of `adoption_petition`."""
        if adopting:
            return np.full(len(self.route), "ADOPTION", dtype=object)
        return np.select([self.route == PO, self.route == KINSHIP], ["PO", "RESIDENCE"], default="POA").astype(object)

    @property
    def adopted(self) -> Days:
        return only(self.adoption_result == "granted", self.adoption_outcome)

    @property
    def resident(self) -> Days:
        """The day a residence order is granted, at the first petition or the second."""
        first = only((self.route == KINSHIP) & (self.petition_result == "granted"), self.petition_outcome)
        return np.minimum(first, only(self.route == KINSHIP, self.repeated_outcome))


def draw_round(rng: np.random.Generator, begin: Days, route: Words, first: bool, age_at_begin: Days) -> Round:
    """Draw one round from the day it can begin (accommodated, or the change that ended the round before)."""
    n = len(begin)
    is_po, is_poa, is_adoption = route == PO, route == POA, route == ADOPTION
    is_kin, is_long = route == KINSHIP, route == LONG_TERM
    median = np.select([route == plan for plan in AWAY_PLANS], [RECOMMENDED_AFTER[plan] for plan in AWAY_PLANS], 300.0)
    median = np.where(is_adoption | is_poa, np.where(age_at_begin < 30, 150.0, median), median)
    if not first:
        median = median * 0.3
    recommended = later(begin, lognormal(rng, n, median, 0.6))
    # A direct petition by carers or relatives: no recommendation, panel or decision before it.
    direct = is_adoption & chance(rng, n, 0.04)
    panelled = np.select([is_long, is_kin], [chance(rng, n, 0.6), chance(rng, n, 0.15)], True) & ~direct
    unrecorded = panelled & chance(rng, n, 0.05)
    panel = only(panelled, later(recommended, lognormal(rng, n, 95.0, 0.5)))
    panel_result = choose(rng, ("recommended", "deferred", "not_recommended"), np.tile((0.92, 0.05, 0.03), (n, 1)))
    panel_again = only(panelled & (panel_result == "deferred"), later(panel, between(rng, n, 28, 110)))
    last_panel = np.where(panel_again < NEVER, panel_again, panel)
    decided = panelled & np.where(is_kin, chance(rng, n, 0.8), True)
    decision = only(decided, later(last_panel, between(rng, n, 2, 16)))
    # Long-term care without a panel is agreed by the decision maker at the review.
    decision = np.where(is_long & ~panelled, later(recommended, between(rng, n, 7, 120)), decision)
    refused = (decision < NEVER) & ((panel_result == "not_recommended") | chance(rng, n, 0.015))
    decision_result = np.where(refused, "not_approved", route).astype(object)
    certificate = only(
        (is_poa | is_adoption) & chance(rng, n, 0.55) & ~direct, later(decision, between(rng, n, 18, 40))
    )
    reporter = only((is_po | is_poa | is_adoption) & chance(rng, n, 0.6), later(decision, between(rng, n, 5, 45)))
    advice = later(reporter, between(rng, n, 21, 75))

    # The match. Kin and long-term carers have none: the placement itself becomes the permanent one.
    matching = (is_po | is_poa | is_adoption) & ~refused & ~direct
    own_carer = is_po & chance(rng, n, 0.45)
    concurrent = (is_poa | is_adoption) & chance(rng, n, 0.04)
    wait = np.where(own_carer, lognormal(rng, n, 60.0, 0.5), lognormal(rng, n, 290.0, 0.95))
    falls_through = matching & ~own_carer & ~concurrent & chance(rng, n, 0.13)
    first_linked = only(falls_through, later(decision, wait))
    disrupts = falls_through & chance(rng, n, 0.45)
    first_placed = only(disrupts, later(first_linked, between(rng, n, 50, 120)))
    first_ended = np.where(
        disrupts, later(first_placed, lognormal(rng, n, 200.0, 0.7)), later(first_linked, between(rng, n, 30, 100))
    )
    first_ended = only(falls_through, first_ended)
    first_end = np.where(disrupts, "disrupted", np.where(chance(rng, n, 0.6), "not_approved", "carer_withdrew")).astype(
        object
    )
    linked = np.where(falls_through, later(first_ended, lognormal(rng, n, 110.0, 0.6)), later(decision, wait))
    linked = only(matching, np.where(concurrent, later(recommended, between(rng, n, -60, 30)), linked))
    match_panel = np.where(
        concurrent, later(decision, between(rng, n, 20, 90)), later(linked, lognormal(rng, n, 50.0, 0.35))
    )
    match_panel = only(matching, np.maximum(match_panel, linked))
    matched = later(match_panel, between(rng, n, 2, 14))
    placed = np.where(
        concurrent,
        later(linked, between(rng, n, 5, 25)),
        later(matched, np.where(own_carer, between(rng, n, 0, 3), lognormal(rng, n, 26.0, 0.5))),
    )
    placed = only(matching, placed)
    settled = np.where(
        is_kin,
        later(recommended, between(rng, n, -200, 90)),
        only(is_long & ~refused, later(decision, lognormal(rng, n, 110.0, 1.0))),
    )
    settled = only(is_kin | is_long, np.maximum(settled, begin + 1))

    # The court. A PO or POA is sought from the decision on, before the match or after it.
    asks_kin = is_kin & chance(rng, n, 0.82)
    first_order = np.where(is_po, "PO", np.where(is_kin, "RESIDENCE", "POA")).astype(object)
    petition = np.select(
        [is_po, is_poa, asks_kin],
        [
            later(decision, lognormal(rng, n, 190.0, 0.6)),
            later(decision, lognormal(rng, n, 150.0, 0.55)),
            later(recommended, lognormal(rng, n, 240.0, 0.7)),
        ],
        NEVER,
    )
    petition = np.where(
        (is_po | is_poa) & (petition < ACT_IN_FORCE), ACT_IN_FORCE + between(rng, n, 30, 1500), petition
    )
    petition = only(~refused, petition)
    petition_outcome = later(petition, np.where(is_kin, lognormal(rng, n, 110.0, 0.5), lognormal(rng, n, 185.0, 0.45)))
    petition_result = _results(rng, first_order)
    failed_petition = (petition < NEVER) & (petition_result != "granted")
    repeated = only(failed_petition & chance(rng, n, 0.6), later(petition_outcome, between(rng, n, 40, 200)))
    repeated_outcome = later(repeated, lognormal(rng, n, 150.0, 0.4))
    with_authority = np.where(
        is_poa, np.where(petition_result == "granted", petition_outcome, repeated_outcome), np.int64(0)
    )
    ready = np.maximum(with_authority, later(placed, np.full(n, 91)))
    adoption_petition = only(is_poa | is_adoption, later(ready, lognormal(rng, n, 75.0, 0.8)))
    adoption_petition = np.where(direct, later(begin, lognormal(rng, n, 500.0, 0.4)), adoption_petition)
    adoption_outcome = later(adoption_petition, lognormal(rng, n, np.where(is_poa, 85.0, 135.0), 0.45))
    adoption_result = _results(rng, np.full(n, "ADOPTION", dtype=object))

    # What breaks a round off.
    odds = np.tile((0.86, 0.035, 0.055, 0.05), (n, 1))
    odds[is_kin | is_long] = (0.93, 0.0, 0.04, 0.03)
    failure = choose(rng, ("", "reversed", "plan_changed", RETURN_HOME), odds)
    approved = np.where(decision < NEVER, decision, recommended)
    failed = np.where(failure == "", NEVER, later(approved, lognormal(rng, n, 230.0, 0.8)))
    failed = np.where((failure == "reversed") & (decision >= NEVER), NEVER, failed)
    failure = np.where(failed >= NEVER, "", failure).astype(object)
    failed, failure = np.where(refused, decision, failed), np.where(refused, "not_approved", failure).astype(object)
    failed, failure = np.where(direct, NEVER, failed), np.where(direct, "", failure).astype(object)
    next_route = choose(
        rng,
        AWAY_PLANS,
        np.where((age_at_begin < 6 * 365)[:, None], (0.24, 0.12, 0.2, 0.24, 0.2), (0.25, 0.02, 0.03, 0.15, 0.55)),
    )
    same = (failure == "plan_changed") & (next_route == route)
    next_route = np.where(same, np.where(route == LONG_TERM, PO, LONG_TERM), next_route).astype(object)
    granted = np.where(petition_result == "granted", petition_outcome, NEVER)
    order_ended = only(is_po & chance(rng, n, 0.03), later(granted, lognormal(rng, n, 400.0, 0.6)))

    # A recommendation that was never recorded: only where no later round shows one.
    recommended = only(~(unrecorded & (failure == "")) & ~direct, recommended)
    return Round(
        route=route, recommended=recommended, panel=panel, panel_result=panel_result, panel_again=panel_again,
        decision=decision, decision_result=decision_result, certificate=certificate, reporter=reporter, advice=advice,
        first_linked=first_linked, first_placed=first_placed, first_ended=first_ended, first_end=first_end,
        linked=linked, match_panel=match_panel, matched=matched, placed=placed, settled=settled, petition=petition,
        petition_outcome=petition_outcome, petition_result=petition_result, repeated=repeated,
        repeated_outcome=repeated_outcome, adoption_petition=adoption_petition, adoption_outcome=adoption_outcome,
        adoption_result=adoption_result, failed=failed, failure=failure, next_route=next_route,
        order_ended=order_ended,
    )  # fmt: skip


def _results(rng: np.random.Generator, order: Words) -> Words:
    names = list(RESULT_SHARES)
    which = np.select([order == name for name in names], np.arange(len(names)), 0)
    return choose(rng, RESULTS, np.array([RESULT_SHARES[name] for name in names])[which])
