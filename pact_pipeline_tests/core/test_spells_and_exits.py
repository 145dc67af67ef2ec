"""Spells, their ends and what stands behind them (design 4 and 6), on hand-worked rows."""

import pytest

from pact_pipeline_tests.core.conftest import Country


@pytest.mark.parametrize(("back_on", "spells"), [("2012-03-08", 1), ("2012-03-09", 2)])
def test_gaps_of_up_to_seven_days_are_bridged(country: Country, back_on: str, spells: int) -> None:
    country.child("a", "2012-01-01", "2012-03-01")
    country.child("a", back_on)
    core = country.build()
    assert core.all("select count(*) from core.looked_after_spell") == [(spells,)]
    assert core.stage_on("a", "2012-03-05") == ("not_awaiting" if spells == 1 else None), (
        "in the stock in a bridged gap"
    )


@pytest.mark.parametrize(
    ("granted_on", "exit_kind", "exit_on"),
    [
        ("2012-04-01", "home", "2012-05-02"),
        ("2012-04-02", "adopted", "2012-04-02"),
        ("2012-07-31", "adopted", "2012-07-31"),
        ("2012-08-01", "home", "2012-05-02"),
    ],
)
def test_an_order_from_30_days_before_to_90_after_the_end_is_its_reason(
    country: Country, granted_on: str, exit_kind: str, exit_on: str
) -> None:
    country.child("a", "2011-01-01", "2012-05-02", destination="home_with_parents")
    country.step("a", "petition_lodged", "2012-01-01", "ADOPTION")
    country.step("a", "court_outcome", granted_on, "ADOPTION_granted")
    journey = country.build().journey("a")
    assert (journey["exit_kind"], journey["exit_on"]) == (exit_kind, exit_on)


@pytest.mark.parametrize(("plan", "secured_on"), [("adoption", "2012-05-10"), ("permanence_order", None)])
def test_only_the_route_s_last_order_secures_when_the_spell_has_ended(
    country: Country, plan: str, secured_on: str | None
) -> None:
    country.child("a", "2011-01-01", "2012-05-02", destination="adoption")
    country.step("a", "permanence_recommended", "2011-06-01", plan)
    country.step("a", "petition_lodged", "2012-01-01", "ADOPTION")
    country.step("a", "court_outcome", "2012-05-10", "ADOPTION_granted")
    journey = country.build().journey("a")
    assert journey["exit_kind"] == "adopted"
    assert journey["secured_on"] == secured_on


@pytest.mark.parametrize(
    ("destination", "kind"),
    [("adoption", "adopted"), ("kinship_care_order", "residence_or_kinship_order"), ("other_council", "transfer"),
     ("continuing_care", "aged_out"), ("died", "other")],
)  # fmt: skip
def test_without_an_order_the_destination_tells_how_the_spell_ended(
    country: Country, destination: str, kind: str
) -> None:
    country.child("a", "2011-01-01", "2012-05-02", destination=destination)
    assert country.build().journey("a")["exit_kind"] == kind


def test_the_newest_submission_that_names_the_child_is_all_that_counts(country: Country) -> None:
    country.add("children", period="2012-08", child_key="a", looked_after_from="2010-01-01", birth_month="2008-01-01")
    country.add("milestones", period="2012-08", child_key="a", milestone="panel", on_date="2012-01-01", round=1)
    country.child("a", "2011-01-01")
    core = country.build()
    assert core.journey("a")["started_on"] == "2011-01-01"
    assert core.all("select count(*) from core.milestone") == [(0,)], "never a union over months"


def test_a_child_not_named_any_more_keeps_its_last_rows(country: Country) -> None:
    country.add(
        "children", period="2012-08", child_key="a", looked_after_from="2010-01-01", looked_after_to="2011-09-01"
    )
    country.child("b", "2011-01-01")
    journey = country.build().journey("a")
    assert (journey["ended_on"], journey["carried_forward"]) == ("2011-09-01", False)


def test_a_child_whose_newer_row_was_refused_is_carried_forward_and_says_so(country: Country) -> None:
    country.add("children", period="2012-08", child_key="a", looked_after_from="2010-01-01")
    country.child("b", "2011-01-01")
    country.refuse_child("a", "2013-07")
    core = country.build()
    assert core.journey("a")["carried_forward"] is True
    assert core.journey("b")["carried_forward"] is False


def test_a_spell_begun_before_the_council_joined_is_left_truncated(country: Country) -> None:
    country.child("a", "2012-07-31")
    country.child("b", "2012-08-01")
    core = country.build()
    assert core.journey("a")["left_truncated"] is True
    assert core.journey("b")["left_truncated"] is False


def test_a_step_before_the_first_spell_belongs_to_it_and_one_after_to_the_latest(country: Country) -> None:
    country.child("a", "2011-01-01", "2011-06-01")
    country.child("a", "2012-01-01")
    country.step("a", "referral", "2010-12-01")
    country.step("a", "panel", "2011-08-01", "recommended")
    country.step("a", "permanence_recommended", "2012-02-01", "adoption")
    rows = country.build().all("select milestone, spell_no from core.milestone order by on_date")
    assert rows == [("referral", 1), ("panel", 1), ("permanence_recommended", 2)]


def test_a_repeated_row_is_kept_and_does_not_count(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "panel", "2011-08-01", "recommended", round=1)
    country.step("a", "panel", "2011-08-01", "recommended", round=2)
    rows = country.build().all("select round_reported, counts from core.milestone order by round_reported")
    assert rows == [(1, True), (2, False)]


def test_every_row_leads_back_to_a_submission_and_a_line(country: Country) -> None:
    country.child("a", "2011-01-01")
    country.step("a", "panel", "2011-08-01", "recommended")
    core = country.build()
    assert core.all("select submission_id, source_row from core.journey") == [("GLG-councils-2013-07-01", 2)]
    assert core.all("select submission_id, source_row from core.milestone") == [("GLG-councils-2013-07-01", 2)]
