"""The measures, declared once: table, chart, report, dictionary and comment are made from these (definitions#measures).

What belongs here: what a measure means and between which dates a time runs. How a curve is estimated stands in
`survival`, which rows go into it in `waits`.
"""

from dataclasses import dataclass

import pandas as pd

NATIONAL = "SCO"
HORIZON_MONTHS = (12, 24, 36)
STEP_HORIZON_MONTHS = (3, 6, 12, 24)

# The kinds of end of a time to permanence. Long-term care without an order stands by itself: added to `other` it would
# hide children who have a permanent family among those who left without one.
ENDS_OF_PERMANENCE = ("permanence_order", "adoption", "residence_or_kinship", "long_term_care", "home", "other")

# Bands of the SCRA study (plan paragraph 27), in months: from, up to and including.
SCRA_BANDS = ((0, 11), (12, 23), (24, 35), (36, 47), (48, None))


@dataclass(frozen=True)
class Measure:
    """One measure (definitions#measures). `unit` of its main figure; `better` is up, down or neither."""

    code: str
    title: str
    definition: str
    unit: str
    better: str
    population: str
    clock_start: str
    clock_stop: str
    competing_ends: str
    source: str


@dataclass(frozen=True)
class Interval:
    """A time between two dates of a journey.

    `only_with`: a date without which the child is not in it. `not_for`: plans for which the second step does not exist, by the
    plan of the step it starts with (`plan`: the first of these columns that tells), never by a later one.
    """

    series: str
    measure: str
    start: str
    stop: str
    only_with: str = ""
    plan: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()


MEASURES = (
    Measure(
        "AW",
        "Children awaiting permanence",
        "Children looked after on the last day of the month with a round of permanence work open and permanence not"
        " secured, by the stage they wait in: decision, match, placement, lodging of the application, court.",
        "children",
        "down",
        "Children looked after on the last day of the month, from the council's first accepted period",
        "the day the stage began (all awaiting: the day the round opened)",
        "the last day of the month",
        "",
        "plan paragraphs 23 and 24",
    ),
    Measure(
        "TP",
        "Time to permanence",
        "Share of children looked after away from home whose permanence was secured, by the kind of end, within 12, 24"
        " and 36 months of leaving home (Aalen-Johansen estimate; other ends compete).",
        "share of children",
        "up",
        "Children looked after away from home; those already away when the council joined enter late",
        "first day away from home in the spell",
        "first day permanence was secured",
        "home, other ends of the spell; for Scotland a transfer ends the following, not the time",
        "plan paragraphs 23 and 27",
    ),
    Measure(
        "TS",
        "Time in each step",
        "Time between two steps of the pathway: the day by which half had taken the next step, and the share within 3,"
        " 6, 12 and 24 months. A step taken before the one it follows counts as already done, beside the curve.",
        "days",
        "down",
        "Children who took the first step and whose plan has the second",
        "the first step",
        "the second step",
        "the end of the spell, permanence secured without the step",
        "plan paragraphs 23, 26 and 31",
    ),
    Measure(
        "CR",
        "Carer recruitment",
        "Time from a household's enquiry to its approval as carers; beside it the weeks and hours of assessments"
        " finished in the year.",
        "days",
        "down",
        "Carer households that enquired",
        "enquiry",
        "approval",
        "withdrawn, not approved or closed",
        "plan paragraphs 23, 29 and 30",
    ),
    Measure(
        "MA",
        "Matching",
        "Time from the decision for permanence to an approved match, and from the link of child and carers to the"
        " match's approval.",
        "days",
        "down",
        "Children approved for permanence; links made",
        "approval, or the link",
        "approval of the match",
        "the end of the spell, the link ended",
        "plan paragraphs 23 and 31",
    ),
    Measure(
        "CT",
        "Court applications",
        "Applications lodged, granted, refused, withdrawn, dismissed or dropped in the twelve months to the month's"
        " end, and pending on its last day, by order; Scotland as the courts tell, councils as their own records tell.",
        "applications",
        "neither",
        "Applications for permanence, adoption and residence orders",
        "lodged",
        "outcome",
        "",
        "plan paragraph 24",
    ),
)

# The steps timed. Start, stop, only_with and plan are columns of core.journey.
CHILD_STEPS = (
    Interval("away_to_recommended", "TS", "away_from_home_from", "recommended_on"),
    # For kinship the recommendation is enough (definitions#stages): no panel or decision is waited for.
    Interval(
        "recommended_to_panel", "TS", "recommended_on", "panel_on",
        plan=("recommended_plan",), not_for=("kinship",),
    ),
    Interval(
        "recommended_to_approved", "TS", "recommended_on", "approved_on",
        plan=("recommended_plan",), not_for=("kinship",),
    ),
    # Kin and long-term carers are match and placement in one: their 0 days would hide how long the others wait.
    Interval("matched_to_placed", "TS", "matched_on", "placed_on", only_with="linked_on"),
    # Long-term care needs no order.
    Interval(
        "placed_to_lodged", "TS", "placed_on", "lodged_on",
        plan=("approved_plan", "recommended_plan"), not_for=("long_term_care",),
    ),
    Interval("lodged_to_secured", "TS", "lodged_on", "secured_on"),
    # Kin and long-term carers are not matched: living with them is the match.
    Interval(
        "approved_to_matched", "MA", "approved_on", "matched_on",
        plan=("approved_plan",), not_for=("kinship", "long_term_care"),
    ),
)  # fmt: skip


def measure_frame() -> pd.DataFrame:
    """The declarations as the table `reference.measure` (one row a measure)."""
    return pd.DataFrame([vars(measure) for measure in MEASURES])
