"""A national build: core, measures and warehouse in one run, judged; and the reports made from what is served."""

from dataclasses import replace

import dagster as dg
import pytest
from sqlalchemy import Engine, text

from pact_pipeline.core.build import CORE_TABLES
from pact_pipeline.flows.build_folder import newest_build
from pact_pipeline.orchestration.build_assets import WAREHOUSE, core_is_current
from pact_pipeline.orchestration.report_assets import PARTNER_REPORT
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.submission_state import State
from pact_pipeline.warehouse import expectations
from pact_pipeline.warehouse.expectations import EXPECTATIONS, ExpectationVerdict
from pact_pipeline.warehouse.publish import current_build
from pact_pipeline_tests.orchestration.conftest import (
    CANARY,
    Built,
    Office,
    events,
    failure_message,
    partitions,
)

BROKEN = "councils_add_up_to_scotland"


@pytest.fixture
def one_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """All expectations hold but one, on three rows."""

    def evaluate(_url: object, _build_id: str) -> list[ExpectationVerdict]:
        return [
            ExpectationVerdict(
                e.name, e.name != BROKEN, e.severity, "3 found, 40 rows examined", e.table, e.sentence, 40
            )
            for e in EXPECTATIONS
        ]

    monkeypatch.setattr(expectations, "evaluate", evaluate)


def test_a_build_materialises_core_measures_and_warehouse(built: Built) -> None:
    assert built.build.success
    told = {one.asset_key for one in events(built.build, "ASSET_MATERIALIZATION")}
    assert {dg.AssetKey(["core", table]) for table in CORE_TABLES} <= told
    assert {key.path[0] for key in told} == {"core", "measures", "warehouse"}
    assert current_build(built.place.engine) == newest_build(built.place.settings).build_id


def test_every_table_tells_its_rows_and_its_build(built: Built) -> None:
    build_id = newest_build(built.place.settings).build_id
    for one in events(built.build, "ASSET_MATERIALIZATION"):
        assert one.metadata["build"].value == build_id
        assert one.metadata["dagster/row_count"].value >= 0


def test_the_chart_of_those_waiting_is_small(built: Built) -> None:
    (awaiting,) = events(built.build, "ASSET_MATERIALIZATION", dg.AssetKey(["measures", "awaiting"]))
    chart = awaiting.metadata["chart"].value
    assert chart.startswith("![children awaiting permanence, Scotland](data:image/svg+xml;base64,")
    assert len(chart) < 30_000


def test_every_expectation_is_a_check_with_its_own_verdict(built: Built) -> None:
    told = events(built.build, "ASSET_CHECK_EVALUATION", WAREHOUSE)
    *expectations, current = told
    assert [one.check_name for one in expectations] == [e.name for e in EXPECTATIONS]
    assert not [one.check_name for one in told if not one.passed and one.severity is dg.AssetCheckSeverity.ERROR]
    assert all(set(one.metadata) == {"table", "observed", "rows_examined"} for one in expectations)
    assert (current.check_name, current.passed) == ("core_is_current", True)


def _forget_second_judgings(engine: Engine) -> None:
    """As if they had never been entered, for the tests that follow: the ledger itself lets no row go."""
    with engine.begin() as connection:
        for table in ("finding_count", "judging_table", "judging"):
            connection.execute(text(f"ALTER TABLE ledger.{table} DISABLE TRIGGER facts_never_change"))
            connection.execute(text(f"DELETE FROM ledger.{table} WHERE judging > 1"))
            connection.execute(text(f"ALTER TABLE ledger.{table} ENABLE TRIGGER facts_never_change"))


def test_core_is_no_longer_current_when_the_ledger_changes(built: Built) -> None:
    whole = built.place.ledger.verdicts()["CLK-councils-2012-08-01"]
    built.place.ledger.record(replace(whole, state=State.HELD, judging=2))
    late = core_is_current(pact=Pact())
    _forget_second_judgings(built.place.engine)
    assert isinstance(late, dg.AssetCheckResult)
    assert not late.passed
    assert late.metadata["built_from"] != late.metadata["in_force"]
    restored = core_is_current(pact=Pact())
    assert isinstance(restored, dg.AssetCheckResult)
    assert restored.passed


def test_core_is_not_current_before_the_first_build(office: Office) -> None:
    verdict = core_is_current(pact=Pact())
    assert isinstance(verdict, dg.AssetCheckResult)
    assert not verdict.passed
    assert verdict.metadata["build"] == dg.TextMetadataValue("none")


def test_councils_that_reported_have_a_page_and_the_others_none(built: Built) -> None:
    assert built.reports.success
    pages = sorted(path.name for path in (built.place.settings.drafts / "2012-10").glob("*.html"))
    told = partitions(built.reports, PARTNER_REPORT)
    assert told == [f"{page.removesuffix('.html')}|2012-10-01" for page in pages]
    assert {"CLK.html", "STG.html"} <= set(pages) <= {"CLK.html", "MLN.html", "STG.html"}
    assert built.place.instance.get_materialized_partitions(PARTNER_REPORT) == set(told)


def test_pages_hold_no_refused_cell(built: Built) -> None:
    pages = list((built.place.settings.drafts / "2012-10").glob("*.html"))
    assert not [page.name for page in pages if CANARY in page.read_text("utf-8")]


def test_reports_before_the_first_build_say_what_to_do(office: Office) -> None:
    result = office.run("partner_reports", "MLN|2012-08-01")
    assert not result.success
    assert "REP-001" in failure_message(result)


def test_a_broken_expectation_is_seen_as_a_check_and_keeps_the_former_build(built: Built, one_broken: None) -> None:
    served = current_build(built.place.engine)
    refused = built.place.run("national_build")
    assert not refused.success
    assert f"{BROKEN} (3 found, 40 rows examined)" in failure_message(refused)
    told = events(refused, "ASSET_CHECK_EVALUATION", WAREHOUSE)
    assert [one.check_name for one in told if not one.passed] == [BROKEN]
    assert len(told) == len(EXPECTATIONS)
    assert events(refused, "ASSET_MATERIALIZATION", WAREHOUSE) == []
    assert newest_build(built.place.settings).build_id != served
    assert current_build(built.place.engine) == served
    again = built.place.run("partner_reports", "CLK|2012-10-01")
    (page,) = events(again, "ASSET_MATERIALIZATION", PARTNER_REPORT)
    assert page.metadata["build"].value == served
