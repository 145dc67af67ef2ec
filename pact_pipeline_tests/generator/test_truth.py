"""The plain model of definitions#stages on journeys worked out by hand. Day 0 is the first day away from home."""

import pytest

from pact_pipeline.generator.truth import Living, Match, Stay, TrueSpell, TrueStep, bridge, journey, spell_of, stays

POA_ROUTE = "permanence_order_with_authority_to_adopt"
FAR = 5000
BORN = -400


def told(found: list[Stay]) -> list[tuple[int, str]]:
    return [(stay.entered, stay.stage) for stay in found]


def stages(
    *steps: TrueStep, matches: tuple[Match, ...] = (), living: tuple[Living, ...] = (), ended: int | None = None
) -> list[Stay]:
    return stays(TrueSpell(0, ended), steps, matches, living, FAR)


def test_adoption_from_recommendation_to_order() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", "adoption"),
        TrueStep(150, "panel", "recommended"),
        TrueStep(160, "adm_decision", "adoption"),
        TrueStep(600, "petition_lodged", "ADOPTION"),
        TrueStep(700, "court_outcome", "ADOPTION_granted"),
        matches=(Match(300, 350, 370),),
        ended=710,
    )
    assert told(found) == [
        (0, "not_awaiting"),
        (100, "awaiting_decision"),
        (160, "awaiting_match"),
        (350, "awaiting_placement"),
        (370, "awaiting_lodging"),
        (600, "awaiting_court"),
        (700, "secured"),
    ]
    assert found[-1].left == 710
    assert found[0].family_step is None
    assert (found[2].family_step, found[2].legal_step) == ("needs_match", "needs_application")
    assert (found[5].family_step, found[5].legal_step) == ("with_family", "before_the_court")
    assert (found[6].legal_step, found[6].round_no) == ("order_in_force", 1)


def test_an_authority_to_adopt_without_a_family_waits_for_the_match() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", POA_ROUTE),
        TrueStep(160, "adm_decision", POA_ROUTE),
        TrueStep(200, "petition_lodged", "POA"),
        TrueStep(400, "court_outcome", "POA_granted"),
        TrueStep(900, "petition_lodged", "ADOPTION"),
        matches=(Match(500, 600, 620),),
    )
    assert [(stay.entered, stay.stage, stay.legal_step) for stay in found[2:]] == [
        (160, "awaiting_match", "needs_application"),
        (200, "awaiting_match", "before_the_court"),
        (400, "awaiting_match", "order_in_force"),
        (600, "awaiting_placement", "order_in_force"),
        (620, "awaiting_lodging", "order_in_force"),
        (900, "awaiting_court", "before_the_court"),
    ]


def test_a_direct_petition_opens_a_round_that_is_approved() -> None:
    found = stages(TrueStep(300, "petition_lodged", "ADOPTION"), TrueStep(400, "court_outcome", "ADOPTION_granted"))
    assert told(found) == [(0, "not_awaiting"), (300, "awaiting_match"), (400, "secured")]
    assert found[1].route == "adoption"


def test_a_concurrent_placement_counts_from_the_approval_of_the_match() -> None:
    found = stages(
        TrueStep(200, "permanence_recommended", "adoption"),
        TrueStep(260, "adm_decision", "adoption"),
        matches=(Match(20, 300, 30),),
    )
    assert told(found)[2:] == [(260, "awaiting_match"), (300, "awaiting_lodging")]
    assert journey(TrueSpell(0, None), [], [Match(20, 300, 30)], [], FAR, BORN).placed == 300


def test_a_reversal_closes_the_round_and_a_later_step_opens_the_next() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", "adoption"),
        TrueStep(160, "adm_decision", "adoption"),
        TrueStep(300, "adm_decision", "reversed"),
        TrueStep(400, "permanence_recommended", "kinship"),
        matches=(Match(200, 250, 260),),
    )
    assert told(found) == [
        (0, "not_awaiting"),
        (100, "awaiting_decision"),
        (160, "awaiting_match"),
        (250, "awaiting_placement"),
        (260, "awaiting_lodging"),
        (300, "not_awaiting"),
        (400, "awaiting_match"),  # kin: the recommendation is enough, living with them is the match
    ]
    assert found[-1].round_no == 2


def test_not_approved_closes_the_round() -> None:
    found = stages(TrueStep(100, "panel", "not_recommended"), TrueStep(110, "adm_decision", "not_approved"))
    assert told(found) == [(0, "not_awaiting"), (100, "awaiting_decision"), (110, "not_awaiting")]


def test_a_panel_on_a_plan_of_return_home_opens_no_round() -> None:
    found = stages(TrueStep(100, "permanence_recommended", "return_home"), TrueStep(150, "panel", "recommended"))
    assert [(stay.entered, stay.stage, stay.route) for stay in found] == [
        (0, "not_awaiting", None),
        (100, "not_awaiting", "return_home"),
    ]


def test_twin_tracking_ends_where_the_plan_is_return_home() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", POA_ROUTE),
        TrueStep(160, "adm_decision", POA_ROUTE),
        TrueStep(200, "plan_changed", "return_home"),
    )
    assert told(found)[-1] == (200, "not_awaiting")


def test_another_plan_away_keeps_round_and_approval() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", "adoption"),
        TrueStep(160, "adm_decision", "adoption"),
        TrueStep(200, "plan_changed", "permanence_order"),
    )
    assert [(stay.entered, stay.stage, stay.route, stay.round_no) for stay in found[2:]] == [
        (160, "awaiting_match", "adoption", 1),
        (200, "awaiting_match", "permanence_order", 1),
    ]


def test_a_permanence_order_that_ends_reopens_its_round_with_the_approval() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", "permanence_order"),
        TrueStep(160, "adm_decision", "permanence_order"),
        TrueStep(200, "petition_lodged", "PO"),
        TrueStep(400, "court_outcome", "PO_granted"),
        TrueStep(900, "order_ended", "PO"),
        matches=(Match(170, 180, 180),),
    )
    assert told(found)[-2:] == [(400, "secured"), (900, "awaiting_lodging")]
    assert found[-1].round_no == 1


def test_an_opener_while_secured_begins_a_round_that_needs_its_own_approval() -> None:
    found = stages(
        TrueStep(160, "adm_decision", "permanence_order"),
        TrueStep(200, "petition_lodged", "PO"),
        TrueStep(400, "court_outcome", "PO_granted"),
        TrueStep(600, "permanence_recommended", "adoption"),
        TrueStep(700, "adm_decision", "adoption"),
    )
    assert [(stay.entered, stay.stage, stay.round_no) for stay in found[-3:]] == [
        (400, "secured", 1),
        (600, "awaiting_decision", 2),
        (700, "awaiting_match", 2),
    ]


def test_long_term_care_is_secured_by_approval_and_home_and_lost_with_the_home() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", "long_term_care"),
        TrueStep(160, "adm_decision", "long_term_care"),
        living=(Living(300, 800), Living(900, None)),
    )
    assert told(found) == [
        (0, "not_awaiting"),
        (100, "awaiting_decision"),
        (160, "awaiting_match"),
        (300, "secured"),
        (800, "awaiting_match"),
        (900, "secured"),
    ]
    assert {stay.legal_step for stay in found[1:]} == {"none_needed"}


def test_kin_wait_for_the_court_when_the_child_lives_with_them() -> None:
    found = stages(
        TrueStep(100, "permanence_recommended", "kinship"),
        TrueStep(300, "petition_lodged", "RESIDENCE"),
        TrueStep(350, "court_outcome", "RESIDENCE_withdrawn"),
        living=(Living(50, None),),
    )
    assert told(found) == [
        (0, "not_awaiting"),
        (100, "awaiting_lodging"),
        (300, "awaiting_court"),
        (350, "awaiting_lodging"),
    ]


def test_kin_are_match_and_placement_from_the_first_day_with_them_in_a_round() -> None:
    steps = [TrueStep(100, "permanence_recommended", "kinship")]
    told = journey(TrueSpell(0, None), steps, [], [Living(50, None)], FAR, BORN)
    assert (told.matched, told.placed, told.linked) == (100, 100, None)
    later = journey(TrueSpell(0, None), steps, [Match(150, 200, 210)], [Living(300, None)], FAR, BORN)
    assert (later.matched, later.placed) == (200, 210), "whichever came first"


@pytest.mark.parametrize(("gap", "spells"), [(1, 1), (7, 1), (8, 2)])
def test_gaps_of_up_to_seven_days_are_bridged(gap: int, spells: int) -> None:
    assert len(bridge([(0, 100, "other"), (100 + gap, None, "")])) == spells


def test_a_step_between_spells_belongs_to_the_one_before_and_one_before_all_to_the_first() -> None:
    lived = [TrueSpell(100, 200), TrueSpell(300, None)]
    assert [spell_of(day, lived) for day in (50, 100, 250, 300, 900)] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("granted", "kind", "on"),
    [(469, "home", 500), (470, "adopted", 470), (500, "adopted", 500), (590, "adopted", 590), (591, "home", 500)],
)
def test_an_order_from_30_days_before_to_90_after_the_end_is_the_reason_for_it(
    granted: int, kind: str, on: int
) -> None:
    steps = [TrueStep(300, "petition_lodged", "ADOPTION"), TrueStep(granted, "court_outcome", "ADOPTION_granted")]
    found = journey(TrueSpell(0, 500, "home_with_parents"), steps, [], [], FAR, BORN)
    assert (found.exit_kind, found.exit_on) == (kind, on)


def test_leavers_under_sixteen_are_not_aged_out() -> None:
    spell = TrueSpell(0, 500, "supported_accommodation")
    assert journey(spell, [], [], [], FAR, -6000).exit_kind == "aged_out"
    assert journey(spell, [], [], [], FAR, -5000).exit_kind == "other"


def test_what_is_not_yet_known_does_not_count() -> None:
    found = stays(TrueSpell(0, 900), [TrueStep(100, "permanence_recommended", "adoption")], [], [], 99)
    assert found == [Stay("not_awaiting", None, None, None, 0, 0, None)]
