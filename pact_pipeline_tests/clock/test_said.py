"""Whoever looks at a made-up home is told that its clock is made up: on every page, in the terminal and in the UI."""

from datetime import UTC, date, datetime

import openpyxl
import pytest
from typer.testing import CliRunner

from pact_pipeline.arrivals_calendar.expected import arrivals_calendar
from pact_pipeline.arrivals_calendar.page import arrivals_page, reminder
from pact_pipeline.cli.main import app
from pact_pipeline.clock import NOTE, home_clock, make_up_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.definitions import build_definitions
from pact_pipeline.reports.partner import partner_report
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline_tests.arrivals_calendar.test_expected import NONE_FOUND, came
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children
from pact_pipeline_tests.reports.samples import inputs

SAID = "Made-up clock: this home's day is 15 August 2013; children and dates are invented."


@pytest.fixture
def made_up(settings: Settings) -> Settings:
    make_up_clock(settings, date(2013, 8, 15))
    assert home_clock(settings).note == SAID
    return settings


def test_reports_and_the_calendar_say_it() -> None:
    contracts = load_contracts(CHECKOUT / "data_contracts")
    suppliers = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts)
    day = date(2012, 12, 20)
    owed = arrivals_calendar({"GLG": suppliers["GLG"]}, contracts, came(), NONE_FOUND, None, today=day)
    page = SAID.replace("'", "&#39;")
    assert page in partner_report(inputs(clock_note=SAID))
    assert "Made-up clock" not in partner_report(inputs())
    assert page in arrivals_page(owed, day, datetime(2026, 1, 1, tzinfo=UTC), SAID)
    assert SAID in reminder(owed, day, SAID)
    assert "Made-up" not in reminder(owed, day)


def test_feedback_says_it_and_in_a_real_home_does_not(office: Office) -> None:
    office.write(six_children())
    said = home_clock(office.settings).note
    office.take_all()
    page = office.settings.feedback / "GLG" / "GLG-councils-2012-08-01.html"
    assert said.replace("'", "&#39;") in page.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(page.with_suffix(".xlsx"))
    assert said in [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    office.write(six_children(), period="2012-09", at="2012-10-10")
    (office.settings.home / NOTE).unlink()
    office.take_all()
    for page in (office.settings.feedback / "GLG").glob("*2012-09*.html"):
        assert "Made-up clock" not in page.read_text(encoding="utf-8")


def test_every_asset_in_the_ui_says_it(made_up: Settings) -> None:
    definitions = build_definitions(made_up)
    specs = list(definitions.resolve_all_asset_specs())
    assert len(specs) > 40
    assert {spec.metadata.get("clock") for spec in specs} == {SAID}
    assert "clock" in definitions.metadata


def test_the_terminal_says_it(made_up: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SAID in CliRunner().invoke(app, ["clock"]).output
