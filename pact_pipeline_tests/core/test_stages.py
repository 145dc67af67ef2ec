"""The stages of definitions#stages on hand-worked journeys. Each test is one sentence of the definition."""

import pytest

from pact_pipeline_tests.core.conftest import Country

HOME, DECISION, MATCH, PLACEMENT = "not_awaiting", "awaiting_decision", "awaiting_match", "awaiting_placement"
LODGING, COURT, SECURED = "awaiting_lodging", "awaiting_court", "secured"


def adoption_to_the_match(country: Country, child: str = "a") -> None:
    country.child(child, "2011-01-01")
    country.step(child, "permanence_recommended", "2011-06-01", "adoption")
    country.step(child, "panel", "2011-07-01", "recommended")
    country.step(child, "adm_decision", "2011-07-10", "adoption")
    country.match(child, approved="2011-10-10", placed="2011-12-01", linked="2011-09-01")


def test_a_child_goes_through_every_stage_of_adoption_by_direct_petition(country: Country) -> None:
    adoption_to_the_match(country)
    country.step("a", "petition_lodged", "2012-09-01", "ADOPTION")
    assert country.build().stages("a") == [
        (HOME, "2011-01-01"), (DECISION, "2011-06-01"), (MATCH, "2011-07-10"), (PLACEMENT, "2011-10-10"),
        (LODGING, "2011-12-01"), (COURT, "2012-09-01"),
    ]  # fmt: skip


def test_a_step_counts_on_its_day_and_not_the_day_before(country: Country) -> None:
    adoption_to_the_match(country)
    core = country.build()
    assert core.stage_on("a", "2011-07-09") == DECISION
    assert core.stage_on("a", "2011-07-10") == MATCH


def test_a_spell_that_ends_on_a_day_is_not_in_the_stock_on_that_day(country: Country) -> None:
    country.child("a", "2011-01-01", "2012-01-31")
    core = country.build()
    assert core.stage_on("a", "2012-01-30") == HOME
    assert core.stage_on("a", "2012-01-31") is None


@pytest.mark.parametrize(
    ("plan", "order"), [("permanence_order", "PO"), ("adoption", "ADOPTION"), ("kinship", "RESIDENCE")]
)
def test_the_last_order_of_the_route_secures(country: Country, plan: str, order: str) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "permanence_recommended", "2011-06-01", plan)
    country.step("a", "petition_lodged", "2012-01-01", order)
    country.step("a", "court_outcome", "2012-06-01", f"{order}_granted")
    core = country.build()
    assert core.stage_on("a", "2012-06-01") == SECURED
    assert core.journey("a")["secured_on"] == "2012-06-01"


def test_a_permanence_order_with_authority_does_not_secure_the_route_to_adoption(country: Country) -> None:
    adoption_to_the_match(country)
    country.step("a", "plan_changed", "2011-07-11", "permanence_order_with_authority_to_adopt")
    country.step("a", "petition_lodged", "2012-01-01", "POA")
    country.step("a", "court_outcome", "2012-06-01", "POA_granted")
    core = country.build()
    assert core.stage_on("a", "2012-05-31") == COURT
    assert core.stage_on("a", "2012-06-01") == LODGING
    assert core.on("a", "2012-06-01", "legal_step") == "order_in_force"


def test_a_petition_before_the_match_is_seen_beside_the_stage(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "permanence_recommended", "2011-06-01", "permanence_order")
    country.step("a", "petition_lodged", "2011-09-01", "PO")
    core = country.build()
    assert core.stage_on("a", "2011-09-01") == MATCH, "a petition lodged in the round is an approval"
    assert core.on("a", "2011-09-01", "family_step") == "needs_match"
    assert core.on("a", "2011-09-01", "legal_step") == "before_the_court"


def test_an_order_with_authority_without_a_family_is_seen_beside_the_stage(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "permanence_recommended", "2011-06-01", "permanence_order_with_authority_to_adopt")
    country.step("a", "petition_lodged", "2011-09-01", "POA")
    country.step("a", "court_outcome", "2012-01-01", "POA_granted")
    core = country.build()
    assert core.stage_on("a", "2012-01-01") == MATCH
    assert core.on("a", "2012-01-01", "family_step") == "needs_match"
    assert core.on("a", "2012-01-01", "legal_step") == "order_in_force"


def test_a_concurrent_placement_counts_as_placed_from_the_match_s_approval(country: Country) -> None:
    country.child("a", "2011-01-01", concurrent_placement="yes")
    country.step("a", "permanence_recommended", "2011-06-01", "adoption")
    country.step("a", "adm_decision", "2011-07-10", "adoption")
    country.match("a", linked="2011-02-01", placed="2011-02-01", approved="2011-10-10")
    core = country.build()
    assert core.stage_on("a", "2011-10-09") == MATCH
    assert core.stage_on("a", "2011-10-10") == LODGING
    assert core.journey("a")["placed_on"] == "2011-10-10"


def test_a_direct_petition_without_any_recorded_plan_opens_a_round_on_the_route_it_shows(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.match("a", approved="2011-03-01", placed="2011-03-01")
    country.step("a", "petition_lodged", "2012-01-01", "ADOPTION")
    core = country.build()
    assert core.stage_on("a", "2011-12-31") == HOME
    assert core.stage_on("a", "2012-01-01") == COURT
    assert core.on("a", "2012-01-01", "route") == "adoption"


def test_twin_tracking_alone_opens_no_round(country: Country) -> None:
    country.child("a", "2011-01-01", twin_tracked="yes", current_plan="adoption")
    assert country.build().stages("a") == [(HOME, "2011-01-01")]


@pytest.mark.parametrize("outcome", ["reversed", "not_approved", "return_home"])
def test_a_reversal_a_refusal_or_a_plan_to_return_home_closes_the_round(country: Country, outcome: str) -> None:
    adoption_to_the_match(country)
    country.step("a", "adm_decision", "2012-05-01", outcome, round=2)
    assert country.build().stage_on("a", "2012-05-01") == HOME


def test_a_later_recommendation_opens_a_new_round_that_needs_its_own_approval(country: Country) -> None:
    adoption_to_the_match(country)
    country.step("a", "adm_decision", "2012-05-01", "reversed", round=2)
    country.step("a", "permanence_recommended", "2012-09-01", "permanence_order", round=2)
    core = country.build()
    assert core.stage_on("a", "2012-09-01") == DECISION
    assert core.on("a", "2012-09-01", "round_no") == 2
    assert core.on("a", "2011-08-01", "round_no") == 1


def test_a_recommendation_to_return_home_opens_no_round(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "permanence_recommended", "2011-06-01", "return_home")
    country.step("a", "panel", "2011-07-01", "recommended")
    assert country.build().stages("a") == [(HOME, "2011-01-01")]


def test_for_kinship_the_recommendation_is_enough_and_living_there_is_match_and_placement(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.placement("a", "2011-02-01")
    country.step("a", "permanence_recommended", "2011-06-01", "kinship")
    core = country.build()
    assert core.stage_on("a", "2011-06-01") == LODGING
    assert core.journey("a")["matched_on"] == "2011-06-01"


def test_long_term_care_is_secured_when_approved_and_in_the_placement_intended_as_permanent(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "permanence_recommended", "2011-06-01", "long_term_care")
    country.step("a", "adm_decision", "2011-07-01", "long_term_care")
    country.placement("a", "2011-09-01", kind="foster_own")
    core = country.build()
    assert core.stages("a") == [
        (HOME, "2011-01-01"),
        (DECISION, "2011-06-01"),
        (MATCH, "2011-07-01"),
        (SECURED, "2011-09-01"),
    ]
    assert core.on("a", "2011-09-01", "legal_step") == "none_needed"


def test_an_ended_placement_reopens_the_round_with_its_approval(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "adm_decision", "2011-07-01", "long_term_care")
    country.placement("a", "2011-09-01", "2012-03-01", kind="foster_own")
    core = country.build()
    assert core.stage_on("a", "2012-02-29") == SECURED
    assert core.stage_on("a", "2012-03-01") == MATCH
    assert core.on("a", "2012-03-01", "round_no") == 1
    assert core.journey("a")["secured_on"] == "2011-09-01", "time to permanence counts the first securing"


def test_an_ended_order_reopens_the_round_and_a_step_while_secured_opens_a_new_one(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "permanence_recommended", "2011-02-01", "permanence_order")
    country.step("a", "petition_lodged", "2011-03-01", "PO")
    country.step("a", "court_outcome", "2011-06-01", "PO_granted")
    country.step("a", "order_ended", "2012-01-01", "PO")
    country.child("b", "2011-01-01")
    country.step("b", "permanence_recommended", "2011-02-01", "permanence_order")
    country.step("b", "petition_lodged", "2011-03-01", "PO")
    country.step("b", "court_outcome", "2011-06-01", "PO_granted")
    country.step("b", "permanence_recommended", "2012-01-01", "adoption", round=2)
    core = country.build()
    assert (core.stage_on("a", "2012-01-01"), core.on("a", "2012-01-01", "round_no")) == (MATCH, 1)
    assert (core.stage_on("b", "2012-01-01"), core.on("b", "2012-01-01", "round_no")) == (DECISION, 2)


def test_a_refused_application_is_no_longer_pending(country: Country) -> None:
    adoption_to_the_match(country)
    country.step("a", "petition_lodged", "2012-01-01", "ADOPTION")
    country.step("a", "court_outcome", "2012-04-01", "ADOPTION_refused")
    core = country.build()
    assert core.stage_on("a", "2012-03-31") == COURT
    assert core.stage_on("a", "2012-04-01") == LODGING


def test_an_ended_match_sends_the_child_back_to_wait_for_one(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "adm_decision", "2011-07-10", "adoption")
    country.match("a", approved="2011-10-10", placed="2011-12-01", ended="2012-02-01")
    core = country.build()
    assert core.stage_on("a", "2012-01-31") == LODGING
    assert core.stage_on("a", "2012-02-01") == MATCH


def test_the_route_in_force_is_the_latest_plan_never_the_current_plan_column(country: Country) -> None:
    country.child("a", "2011-01-01", current_plan="kinship")
    country.step("a", "permanence_recommended", "2011-06-01", "adoption")
    country.step("a", "plan_changed", "2011-09-01", "permanence_order")
    core = country.build()
    assert core.on("a", "2011-08-31", "route") == "adoption"
    assert core.on("a", "2011-09-01", "route") == "permanence_order"


def test_steps_of_one_day_count_in_the_pathway_s_order(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "adm_decision", "2011-06-01", "not_approved")
    country.step("a", "panel", "2011-06-01", "recommended")
    country.step("a", "permanence_recommended", "2011-06-01", "adoption")
    assert country.build().stage_on("a", "2011-06-01") == HOME, "the refusal comes last that day"


def test_the_plans_a_journey_began_with_stand_beside_its_dates(country: Country) -> None:
    adoption_to_the_match(country)
    country.step("a", "permanence_recommended", "2012-01-01", "kinship", round=2)
    country.step("a", "adm_decision", "2012-02-01", "permanence_order", round=2)
    journey = country.build().journey("a")
    assert (journey["recommended_plan"], journey["approved_plan"]) == ("adoption", "adoption")
