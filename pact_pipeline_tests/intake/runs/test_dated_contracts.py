"""Contracts that change in time: a code, a rule and a column, each from April 2013 on, and what came before judged by its own."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.contracts.cases import prove_cases
from pact_pipeline.contracts.faults import Faults
from pact_pipeline.engines.duckdb_engine import attach
from pact_pipeline.failures import ContractBroken
from pact_pipeline.intake.runs.history import SubmissionHistory
from pact_pipeline.intake.runs.one import judge_from_archive
from pact_pipeline.intake.runs.rejudge import judge_again, stale
from pact_pipeline.lake.schema import open_schema
from pact_pipeline.ledger import Verdict
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

MARCH, APRIL, MAY = "GLG-councils-2013-03-01", "GLG-councils-2013-04-01", "GLG-councils-2013-05-01"
LAST_CODE = "          - {value: none, label: No plan for permanence yet}\n"
CODE = (
    LAST_CODE
    + """\
          - value: parallel
            label: Return home and permanence planned side by side
            customProperties: [{property: since, value: 2013-04}]
"""
)
LAST_COLUMN = "    quality:\n"
COLUMN = (
    """\
      - name: lives_in
        description: The council area the child lives in.
        logicalType: string
        enum: [{value: here, label: In the council's own area}, {value: elsewhere, label: Elsewhere}]
        customProperties: [{property: since, value: 2013-04}]
"""
    + LAST_COLUMN
)
RULE = (
    LAST_COLUMN
    + """\
      - id: CH-091
        name: Disability not known
        type: custom
        engine: pact
        severity: refuse
        description: The return doesn't say whether the child has a disability.
        implementation: {check: codes_when, column: disabled, when: {sex: filled}, allowed: ["yes", "no"]}
        customProperties:
          - {property: since, value: 2013-04}
          - {property: mend, value: Ask the social worker.}
          - {property: source, value: A made-up change of the return}
          - {property: fails, value: [{disabled: not_known}]}
          - {property: passes, value: [{disabled: "no"}]}
"""
)
CHECK = 'check: codes_when, column: disabled, when: {sex: filled}, allowed: ["yes", "no"]'
Change = Callable[..., Contracts]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """The councils' contracts with pieces of the children's file replaced, each of which stands there once."""
    folder = tmp_path / "changed"
    shutil.copytree(CHECKOUT / "data_contracts" / "councils", folder / "councils")
    shutil.copy(CHECKOUT / "data_contracts" / "code_lists.yaml", folder)
    path = folder / "councils" / "children.odcs.yaml"

    def change(*pieces: tuple[str, str]) -> Contracts:
        text = path.read_text(encoding="utf-8")
        for old, new in pieces:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return load_contracts(folder)

    return change


def by(office: Office, contracts: Contracts) -> Office:
    """The same office after a change of the contracts, whose layouts map all of their columns."""
    layout = country.plain_layout(contracts)
    suppliers = {key: country.council(key, layout) for key in office.suppliers}
    return replace(office, contracts=contracts, suppliers=suppliers)


def send(office: Office, period: str, **cells: str) -> None:
    """A month's return; `cells` differ in the first child's row."""
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], **cells}
    office.write(tables, period=period, at="2013-06-10")


def judged(office: Office) -> dict[str, Verdict]:
    return {verdict.submission_id: verdict for verdict in office.take_all()}


def found(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings if finding.table == "children"}


def test_a_code_is_known_from_its_month_on(office: Office, changed: Change) -> None:
    office = by(office, changed((LAST_CODE, CODE)))
    for period in ("2013-03", "2013-04"):
        send(office, period, current_plan="parallel")
    verdicts = judged(office)
    assert "CH-003" in found(verdicts[MARCH])
    assert verdicts[MARCH].rows_refused > 0
    assert verdicts[APRIL].rows_refused == 0


def test_a_rule_is_asked_from_its_month_on(office: Office, changed: Change) -> None:
    office = by(office, changed((LAST_COLUMN, RULE)))
    for period in ("2013-03", "2013-04"):
        send(office, period, disabled="not_known")
    verdicts = judged(office)
    assert (found(verdicts[MARCH]), verdicts[MARCH].rows_refused) == (set(), 0)
    assert "CH-091" in found(verdicts[APRIL])


def test_a_column_is_asked_for_from_its_month_on(office: Office, changed: Change) -> None:
    office = by(office, changed((LAST_COLUMN, COLUMN)))
    send(office, "2013-03")
    send(office, "2013-04", lives_in="here")
    send(office, "2013-05", lives_in="nowhere")
    verdicts = judged(office)
    assert [verdicts[one].rows_refused for one in (MARCH, APRIL)] == [0, 0]
    assert "CH-003" in found(verdicts[MAY]), "the new column has its codes"
    contract = office.contracts["councils.children"]
    with duckdb.connect() as db:
        db.execute("create schema lake")
        names = [MARCH, APRIL]
        attach(db, "lake.children", office.settings.lake_open / "councils" / "children", names, open_schema(contract))
        told = db.execute("select period, lives_in, count(*) from lake.children group by all order by all").fetchall()
    assert told == [("2013-03", None, 6), ("2013-04", "here", 1), ("2013-04", None, 5)]


def test_a_file_without_the_column_is_refused_from_its_month_on(office: Office, changed: Change) -> None:
    with_column = changed((LAST_COLUMN, COLUMN))
    for period in ("2013-03", "2013-04"):
        send(office, period)  # by the old contract
    verdicts = judged(by(office, with_column))
    assert verdicts[MARCH].state is State.TAKEN
    assert verdicts[APRIL].state is State.REFUSED
    assert "a column is missing: 'lives_in'" in verdicts[APRIL].reason


def test_the_column_of_before_its_month_is_not_read_and_not_compared(office: Office, changed: Change) -> None:
    contracts = changed((LAST_COLUMN, COLUMN))
    everything = by(office, replace_spans(contracts))
    for period, initials in (("2013-03", "AB"), ("2013-04", "XY"), ("2013-05", "XY")):
        send(everything, period, lives_in="here", initials=initials)
    office = by(office, contracts)
    verdicts = judged(office)
    assert [verdicts[one].state for one in (MARCH, APRIL, MAY)] == [State.TAKEN, State.TAKEN, State.HELD]
    march = pd.read_parquet(office.settings.lake_open / "councils" / "children" / f"{MARCH}.parquet")
    assert "lives_in" not in march
    (submission,) = office.ledger.load([APRIL])
    against = SubmissionHistory(office.ledger, ["GLG"]).before(submission)
    outcome = judge_from_archive(office.intake_context(), submission, against)
    assert (outcome.changes["children"].same, outcome.changes["children"].changed) == (5, 1)
    assert any("'lives_in', with 1 cell filled, isn't compared" in note for note in outcome.notes["children"])
    assert "FILE-011" in verdicts[MAY].reason, "from April to May it is compared, and nothing changed"


def replace_spans(contracts: Contracts) -> Contracts:
    """The same with nothing dated."""
    undated = [
        replace(contract, columns=tuple(replace(column, span=type(column.span)()) for column in contract.columns))
        for contract in contracts.values()
    ]
    return Contracts(tuple(undated))


def test_a_rule_and_a_column_end_with_their_last_month(office: Office, changed: Change) -> None:
    until = ("property: since, value: 2013-04", "property: until, value: 2013-03")
    contracts = changed((LAST_COLUMN, RULE.replace(*until)))
    office = by(office, contracts)
    for period in ("2013-03", "2013-04"):
        send(office, period, disabled="not_known")
    verdicts = judged(office)
    assert "CH-091" in found(verdicts[MARCH])
    assert found(verdicts[APRIL]) == set()


def test_only_the_months_of_the_change_are_stale_and_judged_anew(office: Office, changed: Change) -> None:
    for period in ("2013-03", "2013-04"):
        send(office, period, disabled="not_known")
    judged(office)
    assert stale(office.contracts, office.suppliers, office.ledger) == []
    office = by(office, changed((LAST_COLUMN, RULE), (LAST_CODE, CODE)))
    assert stale(office.contracts, office.suppliers, office.ledger) == [APRIL]
    (again,) = judge_again(office.intake_context(), office.ledger, [APRIL])
    assert again.after.rows_refused > again.before.rows_refused == 0
    assert stale(office.contracts, office.suppliers, office.ledger) == []


def test_what_decides_nothing_makes_nothing_stale(office: Office, changed: Change) -> None:
    send(office, "2013-03")
    judged(office)
    layouts = office.suppliers
    reworded = changed(
        ("        examples: [female]\n", "        examples: [male]\n"),
        ('version: "1.0.0"', 'version: "1.1.0"'),
        ("name: Children looked after", "name: Looked-after children"),
        ("    value: 15\n", "    value: 16\n"),
        (LAST_COLUMN, COLUMN.replace("customProperties: [{property: since, value: 2013-04}]\n", "\n")),
    )
    # The new column is one that the layouts don't have.
    assert stale(reworded, layouts, office.ledger) == []
    assert stale(reworded, by(office, reworded).suppliers, office.ledger) == [MARCH], "the layout now reads it"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("value: 2013-04}]", "value: April}]", "this is no period"),
        ("value: 2013-04}]", "value: 2013-04}, {property: until, value: 2013-03}]", "until 2013-03 is before since 2013-04"),
        (CHECK, "check: required_when, column: lives_in, when: {sex: filled}",
         "the column 'lives_in' is in force since 2013-04 only, the rule always"),
        (CHECK, "check: required_when, column: sex, when: {lives_in: filled}",
         "the column 'lives_in' is in force since 2013-04 only, the rule always"),
    ],
)  # fmt: skip
def test_dates_that_contradict_each_other_are_told(changed: Change, old: str, new: str, what: str) -> None:
    rule = RULE.replace("          - {property: since, value: 2013-04}\n", "").replace(
        "disabled: not_known", "sex: male"
    )
    both = COLUMN.removesuffix(LAST_COLUMN) + rule.replace(old, new)
    with pytest.raises(ContractBroken, match=what):
        changed((LAST_COLUMN, both if old in rule else both.replace(old, new)))


def test_a_key_and_a_table_of_ours_cannot_be_dated(changed: Change) -> None:
    dated = "        classification: restricted\n        examples: [C1]\n"
    with pytest.raises(ContractBroken, match="a column of the key can't be dated"):
        changed((dated, dated + "        customProperties: [{property: since, value: 2013-04}]\n"))


def test_a_rules_cases_are_judged_in_a_period_in_which_it_is_in_force(changed: Change) -> None:
    faults = Faults()
    contracts = changed((LAST_COLUMN, RULE))
    prove_cases(contracts, faults)
    assert faults.found == ()
    rule = contracts["councils.children"].rules[0]
    assert (rule.code, contracts["councils.children"].period_of_cases(rule).key) == ("CH-091", "2013-04")


def test_the_contract_of_a_period_is_one_object_and_itself_where_nothing_is_dated(changed: Change) -> None:
    contracts = changed((LAST_COLUMN, RULE))
    children, carers = contracts["councils.children"], contracts["councils.carers"]
    march, april = Period.parse("2013-03"), Period.parse("2013-04")
    assert carers.in_period(march) is carers
    assert children.in_period(april) is children
    assert children.in_period(march) is children.in_period(Period.parse("2012-08")) is not children
    assert children.in_period(march).in_period(march) is children.in_period(march)
