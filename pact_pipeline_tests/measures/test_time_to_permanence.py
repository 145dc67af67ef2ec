"""TP of definitions#measures on hand-worked journeys. Each test is one sentence of the definition."""

import pytest

from pact_pipeline_tests.measures.rows import JOINED, Outcome, after, journeys

LAST = "2015-07-31"
PO, ADOPTED = "permanence_order", "adopted"


def away(end: int | None = None, kind: str = "home", start: str = JOINED, **values: str) -> dict[str, str]:
    """A child away from home from `start`, whose spell ended so many days later."""
    ended = {} if end is None else {"exit_on": after(end, start), "exit_kind": kind}
    return {"away_from_home_from": start, "exit_kind": "still_looked_after", **ended, **values}


# domain#ten-children-worked-by-hand, in weeks; the censored have moved to another council, which nationally ends nothing
TEN = journeys(
    away(20 * 7), away(30 * 7), away(40 * 7, "transfer"), away(52 * 7, PO), away(60 * 7), away(78 * 7, PO),
    away(80 * 7, "transfer"), away(104 * 7, ADOPTED), away(110 * 7, "transfer"), away(130 * 7, PO),
)  # fmt: skip


HOME_ORDER_ADOPTION_OTHER = ("home", "permanence_order", "adoption", "other")


@pytest.mark.parametrize(
    ("months", "shares"),
    [
        (12, [0.2, 0.1143, 0.0, 0.0]),
        (24, [0.3143, 0.2286, 0.1524, 0.0]),
        (36, [0.3143, 0.5333, 0.1524, 0.0]),
    ],
)
def test_cumulative_incidence_of_ten_children_by_hand(months: int, shares: list[float]) -> None:
    told = Outcome(LAST, journey=TEN)
    assert [told.share("all_entrants", months, kind, area="SCO") for kind in HOME_ORDER_ADOPTION_OTHER] == shares


@pytest.mark.parametrize(
    ("months", "month", "shares"),
    [(12, "2014-07-31", [0.2, 0.1143, 0.0, 0.0]), (24, "2015-07-31", [0.3143, 0.2286, 0.1524, 0.0])],
)
def test_the_same_children_as_an_entry_cohort(months: int, month: str, shares: list[float]) -> None:
    told = Outcome(month, journey=TEN)
    assert [told.share("entry_cohort", months, kind, area="SCO") for kind in HOME_ORDER_ADOPTION_OTHER] == shares


def test_a_transfer_is_another_end_for_the_council_and_the_end_of_following_for_scotland() -> None:
    told = Outcome(LAST, journey=journeys(away(100, "transfer"), away(200, ADOPTED)))
    assert told.share("all_entrants", 12, "other") == 0.5
    assert told.share("all_entrants", 12, "adoption") == 0.5
    assert told.share("all_entrants", 12, "other", area="SCO") == 0.0
    assert told.share("all_entrants", 12, "adoption", area="SCO") == 1.0


def test_the_clock_starts_on_leaving_home_and_children_at_home_throughout_are_not_in_it() -> None:
    at_home = {"exit_on": after(50), "exit_kind": "home"}
    told = Outcome(LAST, journey=journeys(at_home, away(365), away(366)))
    home = told.figure("all_entrants", 12, "home")
    assert (home["children"], home["events"], home["estimate"]) == (2, 1, 0.5)


def test_permanence_secured_before_the_spell_s_end_is_the_end_that_counts() -> None:
    secured = away(800, "home", secured_on=after(300), secured_kind="long_term_care")
    told = Outcome(LAST, journey=journeys(secured))
    assert told.share("all_entrants", 12, "long_term_care") == 1.0
    assert told.share("all_entrants", 36, "home") == 0.0


def test_time_runs_to_the_grant_after_the_spell_s_end() -> None:
    granted = away(380, ADOPTED, secured_on=after(380), secured_kind=ADOPTED, ended_on=after(340))
    told = Outcome(LAST, journey=journeys(granted))
    assert told.share("all_entrants", 12, "adoption") == 0.0
    assert told.share("all_entrants", 24, "adoption") == 1.0


def test_an_authority_to_adopt_alone_secures_nothing_and_is_another_end() -> None:
    told = Outcome(LAST, journey=journeys(away(100, "permanence_order_with_authority_to_adopt")))
    assert told.share("all_entrants", 12, "permanence_order") == 0.0
    assert told.share("all_entrants", 12, "other") == 1.0


@pytest.mark.parametrize(
    ("start", "end", "children", "events"),
    [
        ("2012-07-02", "2012-07-31", 1, 0),  # left before the council's first day: not seen
        ("2012-07-02", "2012-08-01", 2, 1),  # an end on the first day counts
        ("2012-07-31", "2012-07-31", 1, 0),  # came and left the day before
        ("2012-07-31", "2012-08-01", 2, 1),
        ("2012-08-01", "2012-08-01", 2, 1),  # on the first day itself: 0 days
    ],
)
def test_children_already_away_enter_late_on_the_council_s_first_day(
    start: str, end: str, children: int, events: int
) -> None:
    child = {"away_from_home_from": start, "exit_on": end, "exit_kind": "home"}
    told = Outcome(LAST, journey=journeys(child, away()))
    home = told.figure("all_entrants", 12, "home")
    assert (home["children"], home["events"]) == (children, events)


def test_who_enters_late_is_not_at_risk_before() -> None:
    """Six from the first day, one leaves on day 100; six more watched from day 200, one leaves on day 300."""
    early = [away(100), *[away()] * 5]
    late = [away(300, start=after(-200)), *[away(start=after(-200))] * 5]
    told = Outcome(LAST, journey=journeys(*early, *late))
    assert told.share("all_entrants", 12, "home") == round(1 / 6 + (5 / 6) * (1 / 11), 4)


def test_a_curve_that_rests_on_a_few_watched_from_early_on_is_unreliable() -> None:
    """One child seen from day 0 goes home on day 10; twenty enter on day 200, and would never move the curve again."""
    told = Outcome(LAST, journey=journeys(away(10), *[away(start=after(-200))] * 20))
    row = told.figure("all_entrants", 12, "home")
    assert (row["status"], row["estimate"], row["children"], row["events"]) == ("unreliable", None, 21, 1)
    assert told.curves["days"].max() < 10, "the curve is drawn as far as it holds"


def test_a_small_council_followed_from_the_start_is_not_unreliable() -> None:
    told = Outcome(LAST, journey=journeys(away(10), away(20), away()))
    assert told.figure("all_entrants", 24, "home")["status"] == "estimated"


def test_a_horizon_nobody_has_been_followed_to_says_so() -> None:
    told = Outcome("2013-07-30", journey=journeys(away(100), away()))
    assert told.figure("all_entrants", 12, "home")["status"] == "not_followed_long_enough"
    told = Outcome("2013-08-01", journey=journeys(away(100), away()))
    assert told.share("all_entrants", 12, "home") == 0.5


def test_the_entry_cohort_is_the_latest_year_of_which_each_was_followed_so_long_from_its_first_day() -> None:
    first_year = [away(100), away(start="2013-07-31")]
    told = Outcome("2013-07-31", "2014-06-30", "2014-07-31", journey=journeys(*first_year, away(start="2013-08-01")))
    for month in ("2013-07-31", "2014-06-30"):  # in June the cohort would begin before the council joined
        row = told.figure("entry_cohort", 12, month=month)
        assert (row["status"], row["children"]) == ("not_followed_long_enough", 0)
    row = told.figure("entry_cohort", 12, "home", month="2014-07-31")
    assert (row["status"], row["children"], row["events"], row["estimate"]) == ("estimated", 2, 1, 0.5)


def test_scotland_s_entry_cohort_is_of_the_councils_followed_from_its_first_day() -> None:
    joined_late = {"council": "FIF", "observed_from": "2013-06-01"}
    told = Outcome("2014-07-31", journey=journeys(away(100), away(), away(start="2013-06-15") | joined_late))
    assert told.figure("entry_cohort", 12, "home", area="SCO")["children"] == 2
    assert told.figure("entry_cohort", 12, area="FIF")["status"] == "not_followed_long_enough"


def test_a_council_s_figures_begin_with_its_first_month_and_end_with_its_newest() -> None:
    told = Outcome("2012-07-31", "2012-08-31", "2015-07-31", "2015-08-31", journey=TEN)
    months = told.estimates.loc[told.estimates["area"] == "GLG", "month_end"].dt.date.astype(str).unique()
    assert list(months) == ["2012-08-31", "2015-07-31"]


def test_recommended_to_secured_has_a_median_or_says_not_reached() -> None:
    rows = [
        away(recommended_on=after(0), secured_on=after(day), secured_kind=PO, exit_on=after(900), exit_kind=PO)
        for day in (100, 200, 300)
    ]
    waiting = away(recommended_on=after(0))
    left = away(50, recommended_on=after(0))
    told = Outcome(LAST, journey=journeys(*rows, left, waiting))
    row = told.figure("recommended_to_secured", "median")
    assert (row["estimate"], row["status"]) == (300, "estimated")
    assert (row["children"], row["events"]) == (5, 3)
    told = Outcome(LAST, journey=journeys(*rows[:2], left, waiting, waiting))
    row = told.figure("recommended_to_secured", "median")
    assert (row["estimate"], row["status"], row["events"]) == (None, "not_reached", 2)


def test_children_secured_in_the_year_by_what_it_had_taken() -> None:
    secured = [
        {"away_from_home_from": start, "secured_on": on, "secured_kind": PO, "exit_kind": "still_looked_after"}
        for start, on in (
            ("2012-05-01", "2012-08-09"),  # 100 days, 3 months
            ("2011-08-09", "2012-08-08"),  # 365 days: a few hours short of 12 months
            ("2010-08-09", "2012-08-10"),  # 732 days, 24 months
            ("2007-08-09", "2012-08-09"),  # 1,827 days, 60 months
        )
    ]
    told = Outcome("2012-08-31", journey=journeys(*secured))
    mean, median = (told.figure("secured_in_year", name) for name in ("mean", "median"))
    assert (mean["estimate"], median["estimate"], mean["children"]) == (756.0, 548.5, 4)
    bands = ("0-11 months", "12-23 months", "24-35 months", "36-47 months", "48 months or more")
    shares = [told.figure("secured_in_year", "share_in_band", band)["estimate"] for band in bands]
    assert shares == [0.5, 0.0, 0.25, 0.0, 0.25]


@pytest.mark.parametrize(
    ("month", "on", "counted"),
    [
        ("2012-08-31", "2011-08-31", 0), ("2012-08-31", "2011-09-01", 1), ("2012-08-31", "2012-08-31", 1),
        ("2012-08-31", "2012-09-01", 0), ("2013-02-28", "2012-02-29", 0), ("2013-02-28", "2012-03-01", 1),
    ],
)  # fmt: skip
def test_the_year_is_the_twelve_calendar_months_to_the_month_s_end(month: str, on: str, counted: int) -> None:
    child = {
        "away_from_home_from": "2010-01-01",
        "secured_on": on,
        "secured_kind": PO,
        "exit_kind": "still_looked_after",
    }
    told = Outcome(month, journey=journeys(child))
    assert told.figure("secured_in_year", "mean")["children"] == counted


def test_permanence_secured_before_leaving_home_is_no_time_away() -> None:
    row = away(exit_on=after(20), exit_kind="home", secured_on=after(-10), secured_kind=PO)
    left_before = away() | {"exit_on": after(-5), "exit_kind": "home"}
    told = Outcome("2012-08-31", journey=journeys(row, left_before))
    assert told.figure("all_entrants", 12, "home")["children"] == 0
    assert told.figure("secured_in_year", "mean")["children"] == 0
