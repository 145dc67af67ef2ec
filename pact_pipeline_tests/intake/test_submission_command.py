"""`pact submission`: what a data engineer types who has to say where a return is and why it was refused."""

import re
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.contracts import load_contracts
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

FIRST = "GLG-councils-2012-08-01"
Pact = Callable[..., str]


@pytest.fixture
def office(warehouse_settings: Settings, ledger: Ledger) -> Office:
    """Two councils by the checkout's contracts; the command finds the same folders and warehouse."""
    contracts = load_contracts(warehouse_settings.contracts)
    layout = country.plain_layout(contracts)
    return Office(warehouse_settings, contracts, ledger, {key: country.council(key, layout) for key in ("GLG", "FIF")})


@pytest.fixture
def pact(office: Office, monkeypatch: pytest.MonkeyPatch) -> Pact:
    """Run a command with the office's suppliers; what it printed."""
    monkeypatch.setattr("pact_pipeline.suppliers.load_suppliers", lambda *_: office.suppliers)
    assert load_suppliers is not None

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["submission", *arguments])
        if isinstance(result.exception, PactFailure):
            raise result.exception
        assert result.exit_code == 0, result.output
        return re.sub(r"[ ]{2,}", "  ", result.output)

    return run


def send(office: Office, unknown: int) -> None:
    tables = six_children()
    tables["children"][:unknown] = [{**row, "sex": "QQ"} for row in tables["children"][:unknown]]
    office.write(tables)
    office.take_all()


def test_list_and_show_say_where_a_return_is_and_why(office: Office, pact: Pact) -> None:
    send(office, 5)
    listed = pact("list", "--state", "held")
    assert FIRST in listed
    assert "1 submission" in listed
    assert "0 submissions" in pact("list", "--supplier", "FIF")
    for asked in (FIRST, "glg"):
        shown = pact("show", asked)
        assert f"{FIRST}: held" in shown
        assert "FILE-025: 5 of 6 rows of 'children' would be refused" in shown
        assert "in force for 2012-08: nothing" in shown
        assert "GLG_children_201208.csv" in shown
        assert re.search(r"CH-003 .*refuse .*children .*sex .*5 .*6", shown)
        assert f"{FIRST}.xlsx" in shown.replace("\n", "")
        assert "QQ" not in shown
        assert "C001" not in shown


def test_accept_needs_a_reason_and_shows_before_and_after(office: Office, pact: Pact) -> None:
    send(office, 5)
    with pytest.raises(PactFailure, match="INTAKE-008: a decision needs a reason and a name"):
        pact("accept", FIRST)
    with pytest.raises(PactFailure, match="CLI-008: --reading encoding chooses nothing"):
        pact("accept", FIRST, "--because", "x", "--reading", "encoding")
    told = pact("accept", FIRST, "--because", "known to us", "--who", "a.person")
    assert re.search(rf"{FIRST} .*held .*taken, some rows refused .*judging 2", told)
    shown = pact("show", FIRST)
    assert re.search(r"decision \d+ of .* by a.person: accept, because known to us", shown)


def test_judge_by_rule_and_stale_after_the_mapping_is_mended(office: Office, pact: Pact) -> None:
    from dataclasses import replace

    send(office, 1)
    assert "There is nothing to judge again." in pact("judge", "--rule", "CH-099")
    assert "as before" in pact("judge", "--rule", "ch-003")
    layout = country.plain_layout(office.contracts)
    children = replace(layout.tables["children"], codes={"sex": {"QQ": "female"}})
    office.suppliers["GLG"] = country.council("GLG", replace(layout, tables={**layout.tables, "children": children}))
    assert FIRST in pact("list", "--stale")
    assert re.search(rf"{FIRST} .*taken, some rows refused .*taken .*judging 2", pact("judge", "--all-refused"))
    assert "0 submissions" in pact("list", "--stale")


def test_nothing_chosen_and_nothing_known_are_told(pact: Pact) -> None:
    with pytest.raises(PactFailure, match="CLI-007: nothing was chosen"):
        pact("judge")
    with pytest.raises(PactFailure, match=r"LEDGER-003: the ledger knows no such submission\. Where: FIF"):
        pact("show", "FIF")
    with pytest.raises(PactFailure, match="CLI-006: there is no state lost"):
        pact("list", "--state", "lost")


def test_a_superseded_one_is_marked_and_accepting_it_says_that_it_is_not_in_force(office: Office, pact: Pact) -> None:
    send(office, 5)
    assert "superseded" not in pact("list", "--state", "held")
    office.write(six_children(), version=" v2", at="2012-10-01")
    office.take_all()
    assert "superseded" in pact("list", "--state", "held")
    told = pact("accept", FIRST, "--because", "known to us").replace("\n", " ")
    assert f"{FIRST} is not in force: GLG-councils-2012-08-02 is" in told
    assert "superseded" in pact("list", "--state", "taken_with_refusals")


def test_an_accepted_month_names_the_next_and_stale_goes_through_all_that_follow(office: Office, pact: Pact) -> None:
    send(office, 5)
    for period in ("2012-09", "2012-10"):
        changed = six_children()
        changed["children"][0] = {**changed["children"][0], "initials": "ZZ" if period == "2012-09" else "YY"}
        office.write(changed, period=period, at="2012-12-10")
    office.take_all()
    told = pact("accept", FIRST, "--because", "known to us").replace("\n", " ")
    assert "Compared with what stood before; judge again: GLG-councils-2012-09-01" in told
    assert "1 submission" in pact("list", "--stale")
    told = pact("judge", "--stale")
    assert "2012-09-01" in told
    assert "2012-10-01" in told, "October was compared with September, which was judged again"
    assert "judge again:" not in told
    assert "0 submissions" in pact("list", "--stale")


def test_what_is_in_force_is_judged_again_beside_a_newer_delivery_that_was_refused(office: Office, pact: Pact) -> None:
    send(office, 1)
    office.put("GLG_children_201208 v2.csv", b"other,headings\r\n1,2\r\n", at="2012-10-01")
    office.take_all()
    told = pact("judge", "--all-refused")
    assert "2012-08-01" in told
    assert "2012-08-02" in told


def test_show_names_the_feedback_of_the_newest_judging(office: Office, pact: Pact) -> None:
    send(office, 5)
    pact("refuse", FIRST, "--because", "the wrong export")
    shown = pact("show", FIRST).replace("\n", "")
    assert f"{FIRST}~2.html" in shown
    assert f"{FIRST}.html" not in shown
