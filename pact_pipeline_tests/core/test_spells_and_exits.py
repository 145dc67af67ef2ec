"""Spells, their ends and what stands behind them (definitions#days), on hand-worked rows."""

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


@pytest.mark.parametrize(
    ("order", "kind", "secured_on"),
    [
        ("ADOPTION", "adopted", "2012-05-10"),
        ("PO", "permanence_order", "2012-05-10"),
        ("POA", "permanence_order_with_authority_to_adopt", None),
    ],
)
def test_an_order_that_ends_the_spell_secures_permanence_save_an_authority_to_adopt_alone(
    country: Country, order: str, kind: str, secured_on: str | None
) -> None:
    country.child("a", "2011-01-01", "2012-05-02", destination="other")
    country.step("a", "petition_lodged", "2012-01-01", order)
    country.step("a", "court_outcome", "2012-05-10", f"{order}_granted")
    journey = country.build().journey("a")
    assert (journey["exit_kind"], journey["secured_on"]) == (kind, secured_on)


@pytest.mark.parametrize(
    ("destination", "kind", "secured_on"),
    [
        ("kinship_care_order", "residence_or_kinship_order", "2012-05-02"),
        ("friends_or_relatives", "with_relatives", None),
        ("home_with_parents", "home", None),
    ],
)
def test_a_destination_secures_only_where_it_names_an_order(
    country: Country, destination: str, kind: str, secured_on: str | None
) -> None:
    country.child("a", "2011-01-01", "2012-05-02", destination=destination)
    journey = country.build().journey("a")
    assert (journey["exit_kind"], journey["secured_on"]) == (kind, secured_on)


def test_a_child_one_of_whose_spells_was_refused_keeps_all_its_former_rows(country: Country) -> None:
    for start, end in (("2010-01-01", "2010-06-01"), ("2012-01-01", None)):
        country.add("children", period="2012-08", child_key="a", looked_after_from=start, looked_after_to=end)
    country.child("a", "2010-01-01", "2010-06-01")
    country.refuse_child("a", "2013-07")
    core = country.build()
    assert core.all("select count(*) from core.looked_after_spell where ended_on is null") == [(1,)]
    assert core.journey("a", 2)["carried_forward"] is True


def test_a_row_refused_as_a_repeat_costs_the_child_nothing(country: Country) -> None:
    country.add("children", period="2012-08", child_key="a", looked_after_from="2009-01-01")
    country.child("a", "2011-01-01")
    country.refuse_child("a", "2013-07", rules=["CH-004"])
    core = country.build()
    assert (core.journey("a")["started_on"], core.journey("a")["carried_forward"]) == ("2011-01-01", False)


def test_a_support_plan_belongs_to_the_latest_spell_begun_by_its_day(country: Country) -> None:
    country.child("a", "2010-01-01", "2010-06-01")
    country.child("a", "2011-01-01")
    country.add("support_plans", child_key="a", carer_key="c", agreed_on="2011-03-01")
    core = country.build()
    assert core.journey("a", 1)["support_plan_on"] is None
    assert core.journey("a", 2)["support_plan_on"] == "2011-03-01"


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
