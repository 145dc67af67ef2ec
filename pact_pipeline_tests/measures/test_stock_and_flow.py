"""AW, flow and DQ of definitions#measures on hand-worked rows. Each test is one sentence of the definition."""

import pandas as pd

from pact_pipeline_tests.measures.conftest import MeasuredCountry, told


def awaiting_match(country: MeasuredCountry, child: str, approved: str, council: str = "GLG") -> None:
    """A child whose round opened a month before the approval and who has no match."""
    opened = (pd.Timestamp(approved) - pd.DateOffset(months=1)).date().isoformat()
    country.add(
        "children", child_key=child, looked_after_from="2012-01-01", away_from_home_from="2012-01-01", council=council
    )
    for milestone, day in (("permanence_recommended", opened), ("adm_decision", approved)):
        country.add(
            "milestones",
            council=council,
            child_key=child,
            milestone=milestone,
            on_date=day,
            outcome="adoption",
            round=1,
        )


def test_the_stock_is_that_of_the_month_s_last_day(country: MeasuredCountry) -> None:
    awaiting_match(country, "approved on the last day", "2012-08-31")
    country.child("came on the last day", "2012-08-31")
    country.child("came the day after", "2012-09-01")
    figures = country.measure()
    assert figures.children("awaiting_match", "2012-08-31") == 1
    assert figures.children("not_awaiting", "2012-08-31") == 1
    assert figures.children("looked_after", "2012-08-31") == 2


def test_a_child_who_left_on_the_last_day_is_not_counted(country: MeasuredCountry) -> None:
    country.child("left on the day", "2012-01-01", "2012-08-31")
    country.child("left the day after", "2012-01-01", "2012-09-01")
    assert country.measure().children("looked_after", "2012-08-31") == 1


def test_a_child_in_a_gap_of_up_to_seven_days_is_counted(country: MeasuredCountry) -> None:
    country.child("back after seven days", "2012-01-01", "2012-08-28")
    country.child("back after seven days", "2012-09-04")
    country.child("back after eight days", "2012-01-01", "2012-08-28")
    country.child("back after eight days", "2012-09-05")
    assert country.measure().children("looked_after", "2012-08-31") == 1


def test_no_stock_is_given_before_a_council_s_first_period_or_after_its_newest(country: MeasuredCountry) -> None:
    country.child("a", "2012-01-01")
    awaiting_match(country, "b", "2012-06-01", council="FIF")
    country.submission("FIF", "2012-07")
    country.submission("FIF", "2013-08")
    figures = country.measure()
    rows = figures.all("select area, month_end from measures.awaiting where stage = 'looked_after' order by 1, 2")
    months = {area: [str(day) for a, day in rows if a == area] for area in ("GLG", "FIF")}
    assert months["GLG"] == ["2012-08-31", "2013-07-31"]
    assert months["FIF"] == ["2012-07-31", "2012-08-31", "2013-07-31", "2013-08-31"]


def test_scotland_is_the_sum_of_the_reporting_councils_and_says_how_many(country: MeasuredCountry) -> None:
    country.child("a", "2012-01-01")
    country.add("children", council="FIF", period="2012-08", child_key="b", looked_after_from="2012-01-01")
    country.add("children", council="ABE", period="2013-07", child_key="c", looked_after_from="2012-01-01")
    figures = country.measure()
    assert figures.awaiting("looked_after", "2012-08-31", "SCO") == (2, None, 2)
    assert figures.awaiting("looked_after", "2013-07-31", "SCO") == (2, None, 2), "ABE has joined, FIF tells no more"
    assert figures.awaiting("looked_after", "2013-07-31", "FIF") is None


def test_every_stage_has_a_row_with_0_where_nobody_is_in_it(country: MeasuredCountry) -> None:
    country.child("a", "2012-01-01")
    figures = country.measure()
    rows = figures.all(
        "select stage, children, median_days_waited from measures.awaiting where month_end = '2012-08-31' and area = 'GLG'"
        " order by 1"
    )
    assert rows == [
        ("all_awaiting", 0, None), ("awaiting_court", 0, None), ("awaiting_decision", 0, None),
        ("awaiting_lodging", 0, None), ("awaiting_match", 0, None), ("awaiting_placement", 0, None),
        ("looked_after", 1, None), ("not_awaiting", 1, 243.0), ("secured", 0, None),
    ]  # fmt: skip
    assert figures.all("select count(*) from measures.awaiting_step where area = 'GLG'") == [(2 * 12,)]


def test_days_waited_run_from_the_stage_and_for_all_awaiting_from_the_round(country: MeasuredCountry) -> None:
    awaiting_match(country, "a", "2012-08-21")  # 10 days in the stage, 41 in the round
    awaiting_match(country, "b", "2012-08-11")  # 20 and 51
    awaiting_match(country, "c", "2012-07-02")  # 60 and 90
    figures = country.measure()
    assert figures.awaiting("awaiting_match", "2012-08-31") == (3, 20.0, 1)
    assert figures.awaiting("all_awaiting", "2012-08-31") == (3, 51.0, 1)


def test_family_and_legal_step_stand_beside_the_stage_for_those_awaiting(country: MeasuredCountry) -> None:
    awaiting_match(country, "needs both", "2012-07-01")
    awaiting_match(country, "petition before the match", "2012-07-01")
    country.step("petition before the match", "petition_lodged", "2012-08-01", "ADOPTION")
    awaiting_match(country, "matched", "2012-07-01")
    country.match("matched", approved="2012-08-01", placed="2012-09-01")
    country.child("not awaiting", "2012-01-01")
    figures = country.measure()
    assert figures.steps("2012-08-31") == {
        ("needs_match", "needs_application"): 1,
        ("needs_match", "before_the_court"): 1,
        ("needs_placement", "needs_application"): 1,
    }
    assert figures.children("all_awaiting", "2012-08-31") == 3
    assert figures.steps("2013-07-31")["with_family", "needs_application"] == 1


def test_opening_and_started_less_ended_is_closing_and_closing_is_the_stock(country: MeasuredCountry) -> None:
    country.months("2012-08", "2012-10")
    country.child("there throughout", "2012-01-01")
    country.child("came", "2012-09-01")
    country.child("left on the last day", "2012-01-01", "2012-09-30")
    country.child("moved to another council", "2012-01-01", "2012-09-15", destination="other_council")
    country.child("came and left", "2012-09-10", "2012-09-20")
    country.child("left the month before", "2012-01-01", "2012-08-31")
    figures = country.measure()
    flow = (
        "select opening, started, ended, transferred_out, closing from measures.flow where month_end = ? and area = ?"
    )
    assert figures.all(flow, "2012-09-30", "GLG") == [(3, 2, 3, 1, 2)]
    assert figures.all(flow, "2012-09-30", "SCO") == [(3, 2, 3, 1, 2)]
    unbalanced = "select count(*) from measures.flow where opening + started - ended <> closing"
    assert figures.all(unbalanced) == [(0,)]
    differs = (
        "select count(*) from measures.flow f join measures.awaiting a on a.area = f.area and a.month_end = f.month_end"
        " and a.stage = 'looked_after' where a.children <> f.closing"
    )
    assert figures.all(differs) == [(0,)], "stock from the stages, closing from the events"
    assert figures.all("select count(*) from measures.flow where area = 'GLG'") == [(4,)]


def test_the_submission_in_force_tells_and_a_correction_does_not_make_the_council_late(
    country: MeasuredCountry,
) -> None:
    country.child("a", "2012-01-01")
    former = told(country.write_lake(), received_on=pd.Timestamp("2012-09-16"))
    newer = former[former["period"] == "2012-08"].assign(
        sequence=2, state="held", received_on=pd.Timestamp("2012-10-14"), rows_taken=8, rows_refused=2
    )
    figures = country.measure(pd.concat([former, newer], ignore_index=True))
    rows = figures.all(
        "select month_end, submission_state, days_late, submissions, rows_read, rows_taken, rows_refused"
        " from measures.data_quality order by 1"
    )
    assert [(str(day), *rest) for day, *rest in rows] == [
        ("2012-08-31", "taken", 1, 2, 10, 10, 0),
        ("2013-07-31", "taken", 0, 1, 10, 10, 0),
    ]


def test_a_return_is_late_by_the_days_after_the_due_day(country: MeasuredCountry) -> None:
    country.child("a", "2012-01-01")
    sent = told(country.write_lake(), received_on=pd.Timestamp("2012-09-20"))
    figures = country.measure(sent)
    assert figures.all("select days_late from measures.data_quality where month_end = '2012-08-31'") == [(5,)]


def test_children_carried_forward_are_counted_in_the_newest_month(country: MeasuredCountry) -> None:
    country.add("children", period="2012-08", child_key="a", looked_after_from="2010-01-01")
    country.child("b", "2011-01-01")
    country.refuse_child("a", "2013-07")
    figures = country.measure()
    rows = figures.all("select month_end, carried_forward_children from measures.data_quality order by 1")
    assert [(str(day), children) for day, children in rows] == [("2012-08-31", 0), ("2013-07-31", 1)]
