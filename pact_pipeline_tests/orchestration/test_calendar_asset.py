"""The calendar under Dagster: a table, a page, texts, and a check that warns while somebody owes something."""

from datetime import date

import dagster as dg
import pytest
import sqlalchemy as sa

from pact_pipeline.clock import NOTE, make_up_clock
from pact_pipeline.orchestration.calendar_asset import ARRIVALS_CALENDAR, owed_table
from pact_pipeline_tests.orchestration.conftest import Office, events


@pytest.fixture
def until_september(office: Office) -> Office:
    """The day after September's returns were due."""
    make_up_clock(office.settings, date(2012, 10, 16))
    return office


def test_who_owes_nothing_is_told_apart_from_who_does(until_september: Office) -> None:
    office = until_september
    office.send("MLN", "2012-08")
    office.run("intake_councils", "MLN|2012-08-01")
    result = office.run("arrivals_calendar")
    assert result.success
    (made,) = events(result, "ASSET_MATERIALIZATION", ARRIVALS_CALENDAR)
    assert made.metadata["drawn_up_for"].value == "2012-10-16"
    (check,) = events(result, "ASSET_CHECK_EVALUATION", ARRIVALS_CALENDAR)
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    with office.engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "select supplier, period, arrived, state from ledger.arrivals_calendar where supplier = 'MLN' order by 2"
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        ("MLN", "2012-08", "came", "taken"),
        ("MLN", "2012-09", "nothing_came", None),
    ]
    folder = office.settings.reports / "arrivals"
    assert "nothing came" in (folder / "index.html").read_text(encoding="utf-8")
    assert "councils, 2012-09 (due 15 October 2012): nothing has come. It is 1 day late" in (
        folder / "reminder_MLN.txt"
    ).read_text(encoding="utf-8")


def test_a_reminder_changes_with_what_is_owed_and_goes_when_nothing_is(until_september: Office) -> None:
    office = until_september
    office.send("MLN", "2012-08")
    office.run("arrivals_calendar")
    path = office.settings.reports / "arrivals" / "reminder_MLN.txt"
    of_an_earlier_version = path.with_name("chaser_MLN.txt")
    of_an_earlier_version.write_text("owed", encoding="utf-8")
    assert "nothing has come" in path.read_text(encoding="utf-8")
    office.send("MLN", "2012-09")  # the very files of August
    office.run("intake_councils", "MLN|2012-08-01", "MLN|2012-09-01")
    office.run("arrivals_calendar")
    assert "what came holds what the period before held, and nothing else" in path.read_text(encoding="utf-8")
    # As it was the day after August's returns were due: nothing is known yet of September.
    (office.settings.home / NOTE).write_text('{"day": "2012-09-16"}', encoding="utf-8")
    office.run("arrivals_calendar")
    assert not path.exists()
    assert not of_an_earlier_version.exists()


def test_nothing_owed_says_so() -> None:
    assert owed_table([]) == "Nothing: every delivery that is due has come and was taken."
