"""Spec of what is expected of a build: a coherent one passes everything, and every expectation can fail."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.contracts.arrow_schema import arrow_schema
from pact_pipeline.failures import BuildRefused, WarehouseUnavailable
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse import expectations, publish
from pact_pipeline.warehouse.declarations import EXPECTATIONS
from pact_pipeline.warehouse.expectations import ExpectationVerdict, evaluate

Rows = list[dict[str, Any]]
Build = dict[str, Rows]

JULY = date(2013, 7, 31)
STAGES = ("not_awaiting", "secured", "awaiting_decision", "awaiting_match", "awaiting_placement", "awaiting_court")
COUNCILS = [f"C{number:02d}" for number in range(32)]


def coherent() -> Build:
    """Two children in two councils: one waits for a match, one went home in June."""
    first = {"council": "C00", "child_key": "a", "spell_no": 1, "started_on": date(2012, 8, 1)}
    second = {
        "council": "C01",
        "child_key": "b",
        "spell_no": 1,
        "started_on": date(2012, 9, 1),
        "ended_on": date(2013, 6, 1),
    }
    steps = {"family_step": "needs_match", "legal_step": "needs_application"}
    waits = [
        {**_key(first), "stage": "not_awaiting", "entered_on": date(2012, 8, 1), "left_on": date(2013, 1, 5)},
        {**_key(first), "stage": "awaiting_match", "entered_on": date(2013, 1, 5), "left_on": None, **steps},
        {**_key(second), "stage": "not_awaiting", "entered_on": date(2012, 9, 1), "left_on": date(2013, 6, 1)},
    ]
    waiting = [
        {"month_end": JULY, "area": area, "stage": stage, "children": int(area != "C01" and stage in counted)}
        for counted in [("awaiting_match", "all_awaiting", "looked_after")]
        for area in ("C00", "C01", "SCO")
        for stage in (*STAGES, "awaiting_lodging", "all_awaiting", "looked_after")
    ]
    flow = {"month_end": JULY, "started": 0, "ended": 0, "transferred_out": 0}
    statistic = {"month_end": JULY, "area": "SCO", "measure": "TP", "series": "entrants", "category": "adopted"}
    published = {
        "series": "clas",
        "period": "CLAS2012",
        "measure": "looked_after",
        "category": "all",
        "publication": "p",
    }
    return {
        "core.looked_after_spell": [first, second],
        "core.journey": [first, second],
        "core.stage_wait": waits,
        "core.court_application": [
            {"source": "courts", "application_key": "1", "lodged_on": date(2013, 1, 1), "outcome": "pending"},
            {
                "source": "courts",
                "application_key": "2",
                "lodged_on": date(2013, 1, 1),
                "outcome": "granted",
                "outcome_on": date(2013, 5, 1),
            },
        ],
        "core.published_count": [
            *({**published, "area": area, "value": 10} for area in COUNCILS),
            {**published, "area": "SCO", "value": 320},
            {**published, "period": "CLAS2011", "area": "SCO", "value": 7},  # no councils given: nothing to add up
        ],
        "measures.awaiting": waiting,
        "measures.awaiting_step": [
            {"month_end": JULY, "area": area, "children": int(area != "C01"), **steps} for area in ("C00", "C01", "SCO")
        ],
        "measures.flow": [
            {**flow, "area": "C00", "opening": 1, "closing": 1},
            {**flow, "area": "C01", "opening": 0, "closing": 0},
            {**flow, "area": "SCO", "opening": 1, "closing": 1},
        ],
        "measures.estimate": [
            {**statistic, "statistic": "cumulative_incidence", "estimate": 0.4, "lower": 0.3, "upper": 0.5},
            {**statistic, "statistic": "median", "estimate": 400.0},
        ],
        "measures.curve": [{**statistic, "days": 0, "estimate": 0.0}, {**statistic, "days": 9, "estimate": 1.0}],
        "measures.data_quality": [
            {"month_end": JULY, "area": "C00", "rows_read": 9, "rows_taken": 7, "rows_refused": 2},
            {"month_end": JULY, "area": "C01"},  # nothing came
        ],
        "reference.council": [{"council": area, "name": area} for area in COUNCILS],
        "reference.measure": [{"code": "TP", "title": "Time to permanence"}],
    }


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("council", "child_key", "spell_no")}


Break = Callable[[Build], object]
BREAKS: dict[str, Break] = {
    "journey_key_is_unique": lambda b: b["core.journey"].append(b["core.journey"][0]),
    "journey_has_its_spell": lambda b: b["core.looked_after_spell"].pop(),
    "journey_does_not_end_before_it_starts": lambda b: b["core.journey"][1].update(ended_on=date(2012, 8, 31)),
    "wait_lasts_at_least_a_day": lambda b: b["core.stage_wait"][2].update(left_on=date(2012, 9, 1)),
    "stages_and_steps_are_known": lambda b: b["core.stage_wait"][1].update(legal_step="resting"),
    "wait_has_its_journey": lambda b: b["core.journey"].pop(),
    "child_is_in_one_stage_a_day": lambda b: b["core.stage_wait"][0].update(left_on=date(2013, 1, 6)),
    "awaiting_is_counted": lambda b: b["measures.awaiting"][0].update(children=None),
    "awaiting_is_not_negative": lambda b: b["measures.awaiting"][0].update(children=-1),
    "awaiting_counts_the_stays": lambda b: b["core.stage_wait"][1].update(left_on=JULY),
    "awaiting_stages_add_up": lambda b: b["measures.awaiting"][7].update(children=2),
    "councils_add_up_to_scotland": lambda b: b["measures.awaiting"][-1].update(children=2),
    "steps_add_up_to_awaiting": lambda b: b["measures.awaiting_step"][0].update(children=2),
    "stock_and_flow_balance": lambda b: b["measures.flow"][0].update(started=1),
    "area_is_a_council_or_scotland": lambda b: b["reference.council"].pop(0),
    "estimate_is_a_share": lambda b: b["measures.estimate"][0].update(estimate=1.2, upper=1.3),
    "estimate_has_its_measure": lambda b: b["measures.estimate"][1].update(measure="XX"),
    "curve_is_a_share": lambda b: b["measures.curve"][1].update(estimate=1.01),
    "application_outcome_is_known_and_dated": lambda b: b["core.court_application"][1].update(outcome_on=None),
    "application_is_decided_after_it_is_lodged": lambda b: b["core.court_application"][1].update(
        outcome_on=date(2012, 12, 31)
    ),
    "rows_read_are_taken_or_refused": lambda b: b["measures.data_quality"][0].update(rows_taken=8),
    "published_councils_add_up_to_scotland": lambda b: b["core.published_count"][3].update(value=11),
    "journeys_are_near_the_former_build": lambda b: b["core.journey"].append({**b["core.journey"][0], "spell_no": 2}),
    "waits_are_near_the_former_build": lambda b: b["core.stage_wait"].append(
        {**b["core.stage_wait"][2], "stage": "secured", "entered_on": date(2013, 6, 1), "left_on": date(2013, 7, 1)}
    ),
}


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    """The project's own contracts of the tables above."""
    loaded = load_contracts(CHECKOUT / "data_contracts")
    return Contracts(tuple(loaded[key] for key in coherent()))


def written(folder: Path, contracts: Contracts, rows: Build) -> Path:
    for key, table in rows.items():
        contract = contracts[key]
        (folder / contract.collection).mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_pylist(table, schema=arrow_schema(contract)),
            folder / contract.collection / f"{contract.table}.parquet",
        )
    return folder


@pytest.fixture(scope="module")
def former(warehouse_engine: Engine, contracts: Contracts, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A warehouse in which the coherent build is published."""
    folder = written(tmp_path_factory.mktemp("former"), contracts, coherent())
    publish.publish(warehouse_engine, contracts, folder, "former", lambda _: [])
    return warehouse_engine


def judged(
    engine: Engine, contracts: Contracts, folder: Path, rows: Build, *names: str
) -> dict[str, ExpectationVerdict]:
    """The verdicts on a build (of the expectations named, or all), which is then refused: the coherent one stays."""
    wanted = [expectation for expectation in EXPECTATIONS if not names or expectation.name in names]
    found: list[ExpectationVerdict] = []

    def refuse(build_id: str) -> list[ExpectationVerdict]:
        found.extend(evaluate(engine.url, build_id, wanted))
        return [ExpectationVerdict("only_looked_at", False, "ERROR", "", "core.journey")]

    with pytest.raises(BuildRefused, match="only_looked_at"):
        publish.publish(engine, contracts, written(folder, contracts, rows), "new", refuse)
    return {verdict.name: verdict for verdict in found}


def test_a_coherent_build_holds_every_expectation(former: Engine, contracts: Contracts, tmp_path: Path) -> None:
    verdicts = judged(former, contracts, tmp_path, coherent())
    assert list(verdicts) == [expectation.name for expectation in EXPECTATIONS]
    assert [verdict for verdict in verdicts.values() if not verdict.passed] == []
    assert verdicts["journey_key_is_unique"].observed == "0 found, 2 rows examined"
    assert verdicts["journeys_are_near_the_former_build"].observed == "2 rows, the former build 2"


def test_every_expectation_has_a_way_to_break_it() -> None:
    assert list(BREAKS) == [expectation.name for expectation in EXPECTATIONS]


@pytest.mark.parametrize("name", BREAKS)
def test_every_expectation_can_fail(former: Engine, contracts: Contracts, tmp_path: Path, name: str) -> None:
    rows = coherent()
    BREAKS[name](rows)
    verdict = judged(former, contracts, tmp_path, rows, name)[name]
    assert not verdict.passed
    assert "could not" not in verdict.observed


def test_a_broken_expectation_keeps_the_former_build(former: Engine, contracts: Contracts, tmp_path: Path) -> None:
    rows = coherent()
    rows["measures.awaiting"][-1].update(children=2)
    with pytest.raises(BuildRefused, match=r"councils_add_up_to_scotland \(1 found, 27 rows examined\)"):
        publish.publish(
            former, contracts, written(tmp_path, contracts, rows), "new", lambda build: evaluate(former.url, build)
        )
    assert publish.current_build(former) == "former"


def test_an_expectation_on_a_missing_table_or_column_fails(former: Engine) -> None:
    declared = EXPECTATIONS[0]
    cases = {
        "the build has no core.nothing": replace(declared, name="no table", table="core.nothing"),
        "could not be judged": replace(declared, name="no column", arguments={"column_list": ["council", "nothing"]}),
    }
    verdicts = evaluate(former.url, "former", list(cases.values()))
    for verdict, observed in zip(verdicts, cases, strict=True):
        assert not verdict.passed
        assert verdict.observed.startswith(observed)


def test_an_expectation_over_no_rows_fails_unless_the_table_may_be_empty(
    former: Engine, contracts: Contracts, tmp_path: Path
) -> None:
    rows = coherent()
    rows["measures.flow"].clear()
    rows["core.court_application"].clear()
    verdicts = judged(former, contracts, tmp_path, rows)
    assert (verdicts["stock_and_flow_balance"].passed, verdicts["stock_and_flow_balance"].examined) == (False, 0)
    assert verdicts["application_outcome_is_known_and_dated"].passed
    assert verdicts["application_outcome_is_known_and_dated"].observed == "no rows to examine"


def test_a_build_that_is_not_there_is_told(former: Engine) -> None:
    with pytest.raises(WarehouseUnavailable, match="WH-060"):
        evaluate(former.url, "nowhere")


def test_judging_prints_nothing_and_needs_no_network(
    former: Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("looked for a network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(evaluate(former.url, "former")) == len(EXPECTATIONS)
    assert capfd.readouterr() == ("", "")


def test_verdicts_hold_no_value_of_a_row(former: Engine, contracts: Contracts, tmp_path: Path) -> None:
    rows = coherent()
    rows["core.journey"][0].update(child_key="CANARY")
    rows["core.stage_wait"][1].update(stage="CANARY")
    assert "CANARY" not in repr(judged(former, contracts, tmp_path, rows))


def test_great_expectations_is_not_imported_with_the_module() -> None:
    assert "great_expectations" not in vars(expectations)
