"""Dagster mirrors the ledger: each verdict is told once, and what a broken run left untold is told by the next."""

from typing import Any

import dagster as dg
import pytest

from pact_pipeline.definitions import defs
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.runs import examine, many
from pact_pipeline.orchestration import intake_assets
from pact_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from pact_pipeline_tests.orchestration.conftest import (
    ACCEPTED,
    LANDED,
    QUIET,
    Office,
    events,
    failure_message,
    partitions,
)

MLN, STG = "MLN|2012-08-01", "STG|2012-08-01"


def deliveries(result: dg.ExecuteInProcessResult) -> list[tuple[str, str]]:
    told = events(result, "ASSET_MATERIALIZATION")
    return sorted(
        (one.asset_key.path[1], one.metadata["newest_period"].value)
        for one in told
        if one.asset_key.path[0] == "delivery"
    )


def break_off_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next verdict is in the ledger and never reaches Dagster."""
    tell = intake_assets.verdict_events

    def broken(*arguments: Any) -> Any:
        monkeypatch.setattr(intake_assets, "verdict_events", tell)
        raise RuntimeError("the machine went down")

    monkeypatch.setattr(intake_assets, "verdict_events", broken)


def test_nothing_new_tells_nothing(office: Office) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", MLN, STG)
    again = office.run("intake_councils", MLN, STG)
    assert again.success
    assert not events(again, "ASSET_MATERIALIZATION")
    assert not events(again, "ASSET_CHECK_EVALUATION")


def test_a_run_over_a_range_leaves_the_other_verdicts_standing(office: Office) -> None:
    office.send("MLN", "2012-08", without_rows=True)
    office.run("intake_councils", MLN)
    office.send("STG", "2012-08")
    assert partitions(office.run("intake_councils", MLN, STG), LANDED) == [STG]
    infos = office.instance.event_log_storage.get_asset_check_partition_info([dg.AssetCheckKey(LANDED, "file")])
    assert {info.partition_key: info.latest_execution_status.value for info in infos} == {
        MLN: "FAILED",
        STG: "SUCCEEDED",
    }


def test_one_partition_asked_for_again_is_told_again(office: Office) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", MLN)
    again = office.run("intake_councils", MLN)
    assert partitions(again, LANDED) == partitions(again, ACCEPTED) == [MLN]
    assert len(events(again, "ASSET_CHECK_EVALUATION")) == 3
    assert deliveries(again) == []


def test_what_a_broken_run_left_untold_the_next_one_tells(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.send("MLN", "2012-08")
    office.send("STG", "2012-08")
    break_off_once(monkeypatch)
    broken = office.run("intake_councils", MLN, STG)
    assert not broken.success
    assert not events(broken, "ASSET_MATERIALIZATION")
    assert office.ledger.verdicts()
    mended = office.run("intake_councils", MLN, STG)
    assert mended.success
    assert partitions(mended, LANDED) == partitions(mended, ACCEPTED) == [MLN, STG]
    assert len(events(mended, "ASSET_CHECK_EVALUATION")) == 6
    assert deliveries(mended) == [("MLN", "2012-08"), ("STG", "2012-08")]


def test_an_untold_correction_is_told_by_a_run_for_another_council(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", MLN)
    office.send("MLN", "2012-08", version=" v2", initials="CD")
    break_off_once(monkeypatch)
    assert not office.run("intake_councils", MLN).success
    office.send("STG", "2012-08")
    mended = office.run("intake_councils", STG)
    told = events(mended, "ASSET_MATERIALIZATION", ACCEPTED)
    assert {one.metadata["submission"].value for one in told} == {"MLN-councils-2012-08-02", "STG-councils-2012-08-01"}


def test_an_untold_return_stays_accepted_under_a_refused_correction(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send("MLN", "2012-08")
    break_off_once(monkeypatch)
    assert not office.run("intake_councils", MLN).success
    office.send("MLN", "2012-08", version=" v2", without_rows=True)
    break_off_once(monkeypatch)
    assert not office.run("intake_councils", MLN, STG).success
    mended = office.run("intake_councils", MLN, STG)
    landed = events(mended, "ASSET_MATERIALIZATION", LANDED)
    assert [one.metadata["state"].value for one in landed] == ["taken", "refused"]
    (accepted,) = events(mended, "ASSET_MATERIALIZATION", ACCEPTED)
    assert accepted.metadata["submission"].value == "MLN-councils-2012-08-01"


def test_a_refused_correction_leaves_the_former_return_in_force(office: Office) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", MLN)
    office.send("MLN", "2012-08", version=" v2", without_rows=True)
    corrected = office.run("intake_councils", MLN)
    assert corrected.success
    assert partitions(corrected, LANDED) == [MLN]
    assert partitions(corrected, ACCEPTED) == []
    assert list(office.ledger.in_force()["submission_id"]) == ["MLN-councils-2012-08-01"]


def test_only_a_newer_period_makes_a_supplier_fresh(office: Office) -> None:
    office.send("MLN", "2012-09")
    assert deliveries(office.run("intake_councils", "MLN|2012-09-01")) == [("MLN", "2012-09")]
    office.send("MLN", "2012-08")
    assert deliveries(office.run("intake_councils", MLN)) == []
    office.send("MLN", "2012-09", version=" v2", initials="CD")
    assert deliveries(office.run("intake_councils", "MLN|2012-09-01")) == []
    office.send("MLN", "2012-10", without_rows=True)
    assert deliveries(office.run("intake_councils", "MLN|2012-10-01")) == []
    office.send("MLN", "2012-10", version=" v2")
    assert deliveries(office.run("intake_councils", "MLN|2012-10-01")) == [("MLN", "2012-10")]


def test_a_supplier_that_cannot_be_judged_does_not_hide_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send("MLN", "2012-08")
    office.send("STG", "2012-08")

    def faulty(intake_context: Any, submission: Any, former: Any) -> Any:
        if submission.supplier == "MLN":
            raise PactFailure("INTAKE-001", "a fault of the pipeline")
        return examine(intake_context, submission, former)

    monkeypatch.setattr(many, "examine", faulty)
    result = office.run("intake_councils", MLN, STG)
    assert not result.success
    assert "MLN-councils-2012-08-01" in failure_message(result)
    assert partitions(result, LANDED) == [STG]
    assert deliveries(result) == [("STG", "2012-08")]


def test_partitions_picked_in_the_ui_are_told_again_with_their_checks(office: Office) -> None:
    office.send("MLN", "2012-08")
    office.send("STG", "2012-08")
    office.run("intake_councils", MLN, STG)
    # What the UI starts for a range of partitions: the assets' own job, with their checks planned.
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=office.instance,
        asset_selection=[LANDED, ACCEPTED],
        tags={RANGE_START: "MLN|2012-08-01", RANGE_END: "STG|2012-08-01"},
        run_config=QUIET,
    )
    assert partitions(result, LANDED) == partitions(result, ACCEPTED) == [MLN, STG]
    infos = office.instance.event_log_storage.get_asset_check_partition_info([dg.AssetCheckKey(LANDED, "rows")])
    told = {info.partition_key: info.latest_execution_status.value for info in infos}
    assert told[MLN] == told[STG] == "SUCCEEDED"
