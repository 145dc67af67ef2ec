"""TS, MA and CR of definitions#measures on hand-worked rows. Each test is one sentence of the definition."""

import pytest

from pact_pipeline_tests.measures.rows import Outcome, after, carers, journeys, matches

LAST = "2015-07-31"


def step(start: int | None, stop: int | None, **values: str) -> dict[str, str]:
    """A child recommended and approved on these days after the council joined."""
    dates = {"recommended_on": start, "approved_on": stop}
    return {name: after(day) for name, day in dates.items() if day is not None} | values


def test_a_stop_before_its_start_is_already_done_and_not_in_the_curve() -> None:
    told = Outcome(LAST, journey=journeys(step(50, 20), step(50, 150)))
    row = told.figure("recommended_to_approved", "median")
    assert (row["children"], row["already_done"], row["estimate"]) == (1, 1, 100)


def test_what_was_already_done_counts_only_for_starts_the_council_has_told_of() -> None:
    told = Outcome(LAST, journey=journeys(step(-1, -20), step(0, -20)))
    assert told.figure("recommended_to_approved", "median")["already_done"] == 1


def test_both_steps_on_one_day_are_0_days() -> None:
    told = Outcome(LAST, journey=journeys(step(50, 50), step(50, 60)))
    row = told.figure("recommended_to_approved", "median")
    assert (row["estimate"], row["children"], row["already_done"]) == (0, 2, 0)


def test_the_end_of_the_spell_and_permanence_without_the_step_compete() -> None:
    left = step(0, None, exit_on=after(30), exit_kind="home")
    secured = step(0, None, secured_on=after(40))
    told = Outcome(LAST, journey=journeys(left, secured, step(0, 60), step(0, 70)))
    assert told.share("recommended_to_approved", 3) == 0.5
    assert told.figure("recommended_to_approved", "median")["estimate"] == 70


def test_who_had_left_before_the_start_never_waited() -> None:
    told = Outcome(LAST, journey=journeys(step(50, None, exit_on=after(40), exit_kind="home")))
    row = told.figure("recommended_to_approved", "median")
    assert (row["children"], row["already_done"], row["status"]) == (0, 0, "nobody")


def test_a_blank_stop_is_a_child_still_waiting_not_one_left_out() -> None:
    told = Outcome(LAST, journey=journeys(step(0, 20), step(0, None), step(0, None)))
    row = told.figure("recommended_to_approved", "median")
    assert (row["children"], row["events"], row["status"]) == (3, 1, "not_reached")
    assert told.share("recommended_to_approved", 3) == 0.3333


def test_a_transfer_competes_for_the_council_and_ends_the_following_for_scotland() -> None:
    moved = step(0, None, exit_on=after(10), exit_kind="transfer")
    told = Outcome(LAST, journey=journeys(moved, step(0, 20)))
    assert told.share("recommended_to_approved", 3) == 0.5
    assert told.share("recommended_to_approved", 3, area="SCO") == 1.0


def test_a_step_after_the_month_s_end_is_not_known_yet() -> None:
    told = Outcome("2012-08-31", "2012-09-30", journey=journeys(step(0, 31)))
    assert told.figure("recommended_to_approved", "median", month="2012-08-31")["events"] == 0
    assert told.figure("recommended_to_approved", "median", month="2012-09-30")["events"] == 1


def test_kin_are_not_in_the_time_from_match_to_living_together() -> None:
    kin = {"matched_on": after(0), "placed_on": after(0)}
    linked = {"linked_on": after(0), "matched_on": after(10), "placed_on": after(40)}
    told = Outcome(LAST, journey=journeys(kin, linked))
    row = told.figure("matched_to_placed", "median")
    assert (row["children"], row["estimate"]) == (1, 30)


@pytest.mark.parametrize(("ended", "share"), [(None, 1.0), (59, 0.0), (60, 1.0)])
def test_matching_runs_from_the_link_to_the_match_s_approval(ended: int | None, share: float) -> None:
    link = {"linked_on": after(0), "approved_on": after(60), "ended_on": None if ended is None else after(ended)}
    assert Outcome(LAST, match=matches(link)).share("linked_to_match_approved", 3) == share


def test_a_council_without_matches_has_its_rows_and_nobody_in_them() -> None:
    assert Outcome(LAST).figure("linked_to_match_approved", "median")["status"] == "nobody"


def household(decided: int | None = None, decision: str | None = None, **values: object) -> dict[str, object]:
    decided_on = None if decided is None else after(decided)
    return {"enquiry_on": after(0), "decision_on": decided_on, "decision": decision, **values}


def test_recruitment_runs_from_enquiry_to_approval_and_refusal_and_withdrawal_compete() -> None:
    told = Outcome(
        LAST,
        carer=carers(
            household(80, "approved"), household(85, "approved", closed_on=after(300)), household(50, "not_approved"),
            household(closed_on=after(20)), household(60, "deferred"),
        ),
    )  # fmt: skip
    assert told.share("enquiry_to_approval", 3) == 0.4
    row = told.figure("enquiry_to_approval", "median")
    assert (row["children"], row["events"], row["status"]) == (5, 2, "not_reached"), "the deferred one still waits"


def test_recruitment_is_told_by_kind_of_approval_too() -> None:
    told = Outcome(LAST, carer=carers(household(80, "approved"), household(approval_kind="adoption")))
    assert told.share("enquiry_to_approval", 3, "foster") == 1.0
    assert told.share("enquiry_to_approval", 3, "adoption") == 0.0
    assert told.share("enquiry_to_approval", 3) == 0.5


def test_assessments_finished_in_the_year_in_weeks_and_hours() -> None:
    def assessed(finished: str, weeks: float, hours: float | None) -> dict[str, object]:
        return household(assessment_to=finished, assessment_weeks=weeks, assessment_hours=hours)

    told = Outcome(
        "2013-07-31",
        carer=carers(
            assessed("2012-07-31", 99, 99), assessed("2012-08-01", 10, 50), assessed("2013-07-31", 26, None),
            assessed("2013-08-01", 99, 99),
        ),
    )  # fmt: skip
    weeks = told.figure("assessment_weeks", "mean")
    assert (weeks["estimate"], weeks["children"]) == (18.0, 2)
    hours = told.figure("assessment_hours", "median")
    assert (hours["estimate"], hours["children"]) == (50.0, 1), "hours not recorded are not counted as none"


@pytest.mark.parametrize(
    ("series", "plan", "children"),
    [
        ("recommended_to_approved", {"recommended_plan": "adoption"}, 1),
        ("recommended_to_approved", {"recommended_plan": "kinship"}, 0),
        ("recommended_to_panel", {"recommended_plan": "kinship"}, 0),
        ("placed_to_lodged", {"approved_plan": "long_term_care"}, 0),
        ("placed_to_lodged", {"recommended_plan": "long_term_care", "approved_plan": "permanence_order"}, 1),
        ("approved_to_matched", {"approved_plan": "kinship"}, 0),
        ("approved_to_matched", {"approved_plan": "adoption"}, 1),
    ],
)
def test_a_child_is_not_timed_to_a_step_its_plan_does_not_have(
    series: str, plan: dict[str, str], children: int
) -> None:
    start = after(10)
    child = {
        "recommended_on": start,
        "approved_on": start,
        "placed_on": start,
        "exit_kind": "still_looked_after",
        **plan,
    }
    told = Outcome(LAST, journey=journeys(child))
    assert told.figure(series, "median")["children"] == children
