"""`pact arrivals` and `pact calendar` in a made-up home: what they say of its clock, and what was known on a day."""

from collections.abc import Callable
from datetime import date

import pytest
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.clock import make_up_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

Pact = Callable[..., str]


@pytest.fixture
def office(warehouse_settings: Settings, ledger: Ledger) -> Office:
    """Glasgow by the checkout's contracts, on 15 October 2012; the commands find the same folders and warehouse."""
    contracts = load_contracts(warehouse_settings.contracts)
    make_up_clock(warehouse_settings, date(2012, 10, 15))
    council = country.council("GLG", country.plain_layout(contracts))
    return Office(warehouse_settings, contracts, ledger, {"GLG": council})


@pytest.fixture
def pact(office: Office, monkeypatch: pytest.MonkeyPatch) -> Pact:
    monkeypatch.setattr("pact_pipeline.suppliers.load_suppliers", lambda *_: office.suppliers)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_both_say_that_the_clock_is_made_up_and_what_lies_in_wait(office: Office, pact: Pact) -> None:
    office.write(six_children(), at="2012-09-10")
    office.write(six_children(), period="2012-10", at="2012-11-10")
    note = "Made-up clock: this home's day is 15 October 2012; children and dates are invented."
    told = pact("arrivals")
    assert note in told
    assert "6 files seen, 1 submissions wait to be judged" in told
    assert "6 files lie in wait" in told
    assert note in pact("calendar")


def test_the_calendar_of_a_day_shows_nothing_that_came_after_it(office: Office, pact: Pact) -> None:
    office.write(six_children(), at="2012-09-10")
    office.take_all()
    before = pact("calendar", "--day", "2012-09-09", "--all")
    assert "expected" in before
    assert "taken" not in before
    on_the_day = pact("calendar", "--day", "2012-09-10", "--all")
    assert "in time" in on_the_day
    assert "taken" in on_the_day
