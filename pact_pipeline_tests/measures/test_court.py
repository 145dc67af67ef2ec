"""CT of definitions#measures on hand-worked applications: twelve months to the month's end, two sources, pending on the day."""

from pact_pipeline_tests.measures.conftest import MeasuredCountry


def petition(
    country: MeasuredCountry, child: str, lodged: str, outcome: str = "", on: str = "", order: str = "PO"
) -> None:
    country.child(child, "2009-01-01")
    country.step(child, "petition_lodged", lodged, order)
    if outcome:
        country.step(child, "court_outcome", on, f"{order}_{outcome}")


def test_lodged_and_outcomes_are_those_of_the_twelve_months_to_the_month_s_end(country: MeasuredCountry) -> None:
    petition(country, "the year before", "2011-08-31", "granted", "2012-08-31")
    petition(country, "first day", "2011-09-01", "granted", "2012-09-01")
    petition(country, "last day", "2012-08-31", "refused", "2012-08-31")
    petition(country, "after", "2012-09-01")
    figures = country.measure()
    row = figures.court("PO", "2012-08-31", "GLG")
    assert (row["source"], row["months_observed"]) == ("council", 12)
    assert (row["lodged"], row["granted"], row["refused"]) == (2, 1, 1)
    assert row["pending"] == 1, "lodged by the day and decided after it"
    assert row["median_days"] == 183.0, "366 days and 0"


def test_a_year_to_the_end_of_february_begins_on_1_march(country: MeasuredCountry) -> None:
    country.submission("GLG", "2012-02")
    country.submission("GLG", "2013-02")
    for order, lodged in (
        ("PO", "2011-02-28"), ("POA", "2011-03-01"), ("ADOPTION", "2012-02-29"), ("RESIDENCE", "2012-03-01"),
    ):  # fmt: skip
        petition(country, order, lodged, order=order)
    figures = country.measure()

    def counted(month_end: str) -> list[int]:
        return [figures.court(o, month_end, "GLG")["lodged"] for o in ("PO", "POA", "ADOPTION", "RESIDENCE")]

    assert counted("2012-02-29") == [0, 1, 1, 0]
    assert counted("2013-02-28") == [0, 0, 0, 1]


def test_every_order_has_a_row_and_councils_always_tell_permanence_orders_apart(country: MeasuredCountry) -> None:
    petition(country, "a", "2012-08-01", order="RESIDENCE")
    rows = country.measure().all(
        "select application_type, lodged, pending from measures.court where area = 'GLG' and month_end = '2012-08-31'"
        " order by 1"
    )
    assert rows == [("ADOPTION", 0, 0), ("PO", 0, 0), ("POA", 0, 0), ("RESIDENCE", 1, 1)]


def test_each_outcome_has_its_count_and_ends_the_waiting(country: MeasuredCountry) -> None:
    outcomes = {"refused": 1, "withdrawn": 2, "dismissed": 3, "dropped": 4}
    for outcome, times in outcomes.items():
        for number in range(times):
            petition(country, f"{outcome} {number}", "2012-08-01", outcome, "2012-08-11")
    row = country.measure().court("PO", "2012-08-31", "GLG")
    counted = {name: row[name] for name in ("granted", *outcomes, "other", "pending")}
    assert counted == {"granted": 0, **outcomes, "other": 0, "pending": 0}
    assert row["median_days"] == 10.0


def test_scotland_is_told_by_the_courts_and_councils_by_themselves(country: MeasuredCountry) -> None:
    petition(country, "a", "2012-08-01")
    case = {"application_type": "PO_UNSPEC", "petitioning_council": "GLG"}
    country.court("case 1", "2012-Q3", lodged_on="2012-08-15", **case)
    country.court("case 2", "2012-Q3", lodged_on="2012-08-20", outcome="granted", outcome_on="2012-09-20", **case)
    figures = country.measure()
    scotland = figures.court("PO_UNSPEC", "2012-08-31", "SCO")
    assert (scotland["source"], scotland["lodged"], scotland["granted"], scotland["pending"]) == ("courts", 2, 0, 2)
    assert figures.court("PO", "2012-08-31", "SCO")["lodged"] == 0, "the council's petition is not added"
    assert figures.court("PO", "2012-08-31", "GLG")["lodged"] == 1
    assert figures.court("PO_UNSPEC", "2012-08-31", "GLG") == {}


def test_the_courts_figures_say_of_how_many_months_they_tell_and_count_nothing_before(country: MeasuredCountry) -> None:
    country.months("2012-08", "2012-12")
    country.child("a", "2012-01-01")
    case = {"application_type": "ADOPTION", "petitioner_kind": "step_parent"}
    country.court(
        "before the courts began", "2012-Q3", lodged_on="2012-06-30", outcome="granted", outcome_on="2012-07-01", **case
    )
    country.court("on their first day", "2012-Q3", lodged_on="2012-07-01", **case)
    country.court("later", "2012-Q4", lodged_on="2012-12-31", **case)
    figures = country.measure()
    august = figures.court("ADOPTION", "2012-08-31", "SCO")
    assert (august["months_observed"], august["lodged"], august["granted"], august["pending"]) == (2, 1, 1, 1)
    december = figures.court("ADOPTION", "2012-12-31", "SCO")
    assert (december["months_observed"], december["lodged"], december["pending"]) == (6, 2, 2)
    assert figures.court("ADOPTION", "2013-07-31", "SCO") == {}, "the courts have not told of it yet"


def test_the_newest_quarter_that_names_the_case_is_all_that_counts(country: MeasuredCountry) -> None:
    country.months("2012-08", "2012-12")
    country.child("a", "2012-01-01")
    case = {"application_type": "PO", "lodged_on": "2012-08-15"}
    country.court("case 1", "2012-Q3", **case)
    country.court("case 1", "2012-Q4", outcome="dropped", outcome_on="2012-11-01", **case)
    row = country.measure().court("PO", "2012-12-31", "SCO")
    assert (row["lodged"], row["dropped"], row["pending"]) == (1, 1, 0)
