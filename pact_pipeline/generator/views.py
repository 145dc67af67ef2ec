"""What a supplier knows at the end of a period: the truth cut to a day, in contract columns.

Dates after the day are absent, what goes on has no end, children are those looked after in the twelve months to the
day. Columns of dates hold day numbers (NEVER for none), all others text ('' for none); `written` spells them.
"""

import numpy as np
import pandas as pd

from pact_pipeline.generator.country import CouncilTruth
from pact_pipeline.generator.days import NEVER, Days

PLAN_STEPS = ("permanence_recommended", "adm_decision", "plan_changed")
SCHOOL_AGE = 5 * 365 + 120


def known(days: pd.Series, last: int) -> Days:
    """The days that have come by `last`; NEVER for the rest."""
    values = days.to_numpy()
    return np.where(values <= last, values, NEVER)


def council_month(truth: CouncilTruth, last: int, a_year_before: int) -> dict[str, pd.DataFrame]:
    """The six tables of a council's monthly return, by table name."""
    records = truth.records
    begun = records["from"] <= last
    here = np.zeros(len(truth.children), dtype=bool)
    here[records.loc[begun & (records["to"] > a_year_before), "child"]] = True
    references = truth.children["child_ref"].to_numpy()
    carers = truth.carers["carer_ref"].to_numpy()

    def chosen(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        found: pd.DataFrame = frame[here[frame["child"].to_numpy()] & (frame[column].to_numpy() <= last)]
        return found

    steps = chosen(truth.steps, "on")
    stays = chosen(truth.placements, "from")
    links = chosen(truth.matches, "linked")
    plans = chosen(truth.support_plans, "agreed")
    household = stays["household"].to_numpy()
    return {
        "children": _children(truth, chosen(records, "from"), last),
        "milestones": pd.DataFrame(
            {
                "child_ref": references[steps["child"]],
                "milestone": steps["milestone"].to_numpy(),
                "on_date": steps["on"].to_numpy(),
                "outcome": steps["outcome"].to_numpy(),
                "round": steps["round"].to_numpy().astype(str).astype(object),
            }
        ),
        "placements": pd.DataFrame(
            {
                "child_ref": references[stays["child"]],
                "placement_type": stays["placement_type"].to_numpy(),
                "from_date": stays["from"].to_numpy(),
                "to_date": known(stays["to"], last),
                "carer_ref": np.where(household >= 0, carers[np.maximum(household, 0)], ""),
                "intended_as_permanent": stays["intended"].to_numpy(),
            }
        ),
        "carers": _carers(truth.carers, last, a_year_before),
        "matches": pd.DataFrame(
            {
                "child_ref": references[links["child"]],
                "carer_ref": carers[links["household"]],
                "linked_on": links["linked"].to_numpy(),
                "matching_panel_on": known(links["panel"], last),
                "decision_on": known(links["decided"], last),
                "placed_on": known(links["placed"], last),
                "ended_on": known(links["ended"], last),
                "end_reason": np.where(links["ended"] <= last, links["end_reason"], ""),
            }
        ),
        "support_plans": pd.DataFrame(
            {
                "child_ref": references[plans["child"]],
                "carer_ref": carers[plans["household"]],
                "agreed_on": plans["agreed"].to_numpy(),
                "starts_on": plans["starts"].to_numpy(),
                "review_due_on": plans["review"].to_numpy(),
                "ended_on": known(plans["stopped"], last),
            }
        ),
    }


def _children(truth: CouncilTruth, records: pd.DataFrame, last: int) -> pd.DataFrame:
    who = truth.children.iloc[records["child"].to_numpy()]
    spell = truth.spells.iloc[records["spell"].to_numpy()]
    ended = (records["to"] <= last).to_numpy()
    return pd.DataFrame(
        {
            "child_ref": who["child_ref"].to_numpy(),
            "scn": np.where(last - who["born"] >= SCHOOL_AGE, who["scn"], ""),
            "initials": who["initials"].to_numpy(),
            "date_of_birth": who["born"].to_numpy(),
            "sex": who["sex"].to_numpy(),
            "ethnic_group": who["ethnic_group"].to_numpy(),
            "disabled": who["disabled"].to_numpy(),
            "looked_after_from": records["from"].to_numpy(),
            "looked_after_to": known(records["to"], last),
            "destination": np.where(ended, records["destination"], ""),
            "away_from_home_from": known(records["away"], last),
            "current_plan": plans_on(truth.steps, len(truth.children), last)[records["child"].to_numpy()],
            "twin_tracked": spell["twin_tracked"].to_numpy(),
            # A concurrent placement needs a day away from home.
            "concurrent_placement": np.where(records["away"] <= last, spell["concurrent"], "no"),
        }
    )


def plans_on(steps: pd.DataFrame, children: int, last: int) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """The plan on each child's file on a day: the outcome of the latest of PLAN_STEPS, or none."""
    told = steps[steps["milestone"].isin(PLAN_STEPS) & (steps["on"] <= last)]
    rank = told["milestone"].map({name: place for place, name in enumerate(PLAN_STEPS)})
    told = told.assign(rank=rank).sort_values(["child", "on", "rank"]).drop_duplicates("child", keep="last")
    plans = np.full(children, "none", dtype=object)
    plans[told["child"]] = told["outcome"].replace({"reversed": "none", "not_approved": "none"})
    return plans


def _carers(carers: pd.DataFrame, last: int, a_year_before: int) -> pd.DataFrame:
    there = carers[(carers["enquired"] <= last) & (carers["closed"] > a_year_before)]
    decided = (there["decided"] <= last).to_numpy()
    closed = (there["closed"] <= last).to_numpy()
    approved = decided & (there["decision"] == "approved").to_numpy()
    assessed = (there["assessed_to"] <= last).to_numpy()
    return pd.DataFrame(
        {
            "carer_ref": there["carer_ref"].to_numpy(),
            "carer_source": there["source"].to_numpy(),
            "approval_kind": there["kind"].to_numpy(),
            "enquiry_on": there["enquired"].to_numpy(),
            "information_sent_on": known(there["informed"], last),
            "application_on": known(there["applied"], last),
            "assessment_from": known(there["assessed_from"], last),
            "assessment_to": known(there["assessed_to"], last),
            "assessment_hours": np.where(assessed, there["hours"].to_numpy().astype(str), ""),
            "panel_on": known(there["panel"], last),
            "decision_on": known(there["decided"], last),
            "decision": np.where(decided, there["decision"], ""),
            "places_approved": np.where(approved, there["places"].to_numpy().astype(str), ""),
            "closed_on": known(there["closed"], last),
            "close_reason": np.where(closed, there["close_reason"], ""),
        }
    )
