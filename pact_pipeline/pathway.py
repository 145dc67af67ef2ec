"""The permanence pathway as declared facts: steps in their order, plans, orders, routes and stages (definitions#routes-and-orders).

What belongs here: the words of the pathway and which order a route leads to. The rules that use them are the SQL files
of `core`, which see these declarations as the tables `pathway.step`, `pathway.route_order` and so on. The contracts list the
same codes in `code_lists.yaml`; a test holds both together.
"""

from dataclasses import dataclass

import pandas as pd

BRIDGED_GAP_DAYS = 7
ORDER_ENDS_SPELL_DAYS_BEFORE = 30
ORDER_ENDS_SPELL_DAYS_AFTER = 90


@dataclass(frozen=True)
class PathwayStep:
    """A dated step. `rank` orders the steps of one day: the later one decides what is in force at the day's end."""

    milestone: str
    rank: int
    title: str


PATHWAY_STEPS = (
    PathwayStep("referral", 1, "First referral to social work or the Reporter; may be before birth"),
    PathwayStep("lac_review", 2, "Looked-after child review"),
    PathwayStep("permanence_recommended", 3, "A review recommends permanence"),
    PathwayStep("panel", 4, "Adoption or permanence panel"),
    PathwayStep("adm_decision", 5, "Decision of the agency decision maker"),
    PathwayStep("plan_changed", 6, "The plan is changed"),
    PathwayStep("consent_certificate", 7, "Parental consent certificate returned"),
    PathwayStep("reporter_referral", 8, "Referral to the Reporter for advice"),
    PathwayStep("advice_hearing", 9, "Children's hearing gives advice to the court"),
    PathwayStep("petition_lodged", 10, "Petition lodged at the sheriff court"),
    PathwayStep("court_outcome", 11, "Outcome of a petition"),
    PathwayStep("order_ended", 12, "An order ends"),
)


@dataclass(frozen=True)
class Route:
    """A plan away from home. `orders` in the order they are sought; the last one secures permanence."""

    plan: str
    title: str
    orders: tuple[str, ...]
    kind_of_end: str


ROUTES = (
    Route("permanence_order", "Permanence order", ("PO",), "permanence_order"),
    Route(
        "permanence_order_with_authority_to_adopt",
        "Permanence order with authority to adopt, then adoption",
        ("POA", "ADOPTION"),
        "adopted",
    ),
    Route(
        "adoption",
        "Adoption, by direct petition or after a permanence order with authority",
        ("POA", "ADOPTION"),
        "adopted",
    ),
    Route("kinship", "Kinship care with a residence order", ("RESIDENCE",), "residence_or_kinship_order"),
    Route("long_term_care", "Long-term care without an order", (), "long_term_care"),
)
RETURN_HOME = "return_home"

# The route a petition shows where no plan was recorded before it (a direct petition).
ROUTE_OF_PETITION = {
    "PO": "permanence_order",
    "POA": "permanence_order_with_authority_to_adopt",
    "ADOPTION": "adoption",
    "RESIDENCE": "kinship",
}

# A direct adoption petition needs no POA: on this route either application is "the next order".
EITHER_ORDER_NEXT = frozenset({"adoption"})

AWAITING_STAGES = {
    "awaiting_decision": "A decision",
    "awaiting_match": "A match with a family",
    "awaiting_placement": "Moving in with the matched family",
    "awaiting_lodging": "An application to be lodged",
    "awaiting_court": "The court's decision",
}
"""The stages of a child who awaits permanence, and what each waits for."""
OTHER_STAGES = ("not_awaiting", "secured")
FAMILY_STEPS = {
    "needs_match": "Needs a match",
    "needs_placement": "Matched, not yet moved in",
    "with_family": "With the family",
}
LEGAL_STEPS = {
    "needs_application": "Needs an application",
    "before_the_court": "Before the court",
    "order_in_force": "An order in force",
    "none_needed": "No order needed",
}
COURT_OUTCOMES = ("granted", "refused", "withdrawn", "dismissed", "dropped", "other")

# Why a spell ended, by the council's destination, where no order explains it. `friends_or_relatives` is a kind of its own: they
# care without an order, so it is no permanence that a court secured.
EXIT_OF_DESTINATION = {
    "adoption": "adopted",
    "home_with_parents": "home",
    "friends_or_relatives": "with_relatives",
    "kinship_care_order": "residence_or_kinship_order",
    "other_council": "transfer",
    "continuing_care": "aged_out",
    "supported_accommodation": "aged_out",
    "former_foster_carers": "aged_out",
    "died": "other",
    "other": "other",
    "not_known": "other",
}
# Ends that secure permanence: by an order other than a POA alone, or by a destination that names an order.
SECURING_ORDERS = frozenset({"ADOPTION", "RESIDENCE", "PO"})
SECURING_DESTINATIONS = frozenset({"adoption", "kinship_care_order"})

# The end that an order explains, and its strength where several do.
EXIT_OF_ORDER = {
    "ADOPTION": ("adopted", 1),
    "RESIDENCE": ("residence_or_kinship_order", 2),
    "POA": ("permanence_order_with_authority_to_adopt", 3),
    "PO": ("permanence_order", 4),
}


def pathway_tables() -> dict[str, pd.DataFrame]:
    """The declarations as small tables for the SQL: step, plan, route_order, petition_route, exit_of_destination, exit_of_order."""
    orders = [
        {
            "route": route.plan,
            "order_type": order,
            "position": position,
            "is_last": position == len(route.orders),
            "either_next": route.plan in EITHER_ORDER_NEXT,
        }
        for route in ROUTES
        for position, order in enumerate(route.orders, start=1)
    ]
    return {
        "step": pd.DataFrame([{"milestone": s.milestone, "step_rank": s.rank} for s in PATHWAY_STEPS]),
        "route": pd.DataFrame([{"route": r.plan, "kind_of_end": r.kind_of_end} for r in ROUTES]),
        "route_order": pd.DataFrame(orders),
        "petition_route": pd.DataFrame([{"order_type": k, "route": v} for k, v in ROUTE_OF_PETITION.items()]),
        "exit_of_destination": pd.DataFrame(
            [
                {"destination": k, "exit_kind": v, "secures": k in SECURING_DESTINATIONS}
                for k, v in EXIT_OF_DESTINATION.items()
            ]
        ),
        "exit_of_order": pd.DataFrame(
            [
                {"order_type": k, "exit_kind": v, "strength": n, "secures": k in SECURING_ORDERS}
                for k, (v, n) in EXIT_OF_ORDER.items()
            ]
        ),
    }
