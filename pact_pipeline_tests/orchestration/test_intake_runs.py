"""A range of partitions is one run, told partition by partition; nothing of a cell reaches Dagster."""

import json
from collections import Counter
from pathlib import Path

import dagster as dg
from dagster._serdes import serialize_value

from pact_pipeline.orchestration.intake_assets import CHECKS
from pact_pipeline_tests.orchestration.conftest import (
    ACCEPTED,
    CANARY,
    COUNCILS,
    LANDED,
    REFUSED,
    WITH_REFUSALS,
    Returns,
    events,
    partitions,
)

NINE = sorted(f"{council}|2012-{month}-01" for council in COUNCILS for month in ("08", "09", "10"))


def test_nine_partitions_are_one_run(returns: Returns) -> None:
    assert returns.intake.success
    runs = returns.place.instance.get_runs(dg.RunsFilter(job_name="intake_councils"))
    assert returns.intake.run_id in {run.run_id for run in runs}
    assert partitions(returns.intake, LANDED) == NINE


def test_a_refused_return_lands_and_is_not_accepted(returns: Returns) -> None:
    assert partitions(returns.intake, ACCEPTED) == [key for key in NINE if key != REFUSED]
    assert returns.place.instance.get_materialized_partitions(ACCEPTED) == set(NINE) - {REFUSED}


def test_every_partition_has_a_verdict_of_every_check(returns: Returns) -> None:
    told = Counter((one.check_name, one.partition) for one in events(returns.intake, "ASSET_CHECK_EVALUATION", LANDED))
    assert told == Counter({(check, key): 1 for check in CHECKS for key in NINE})


def test_a_refused_return_is_an_error_and_refused_rows_are_a_warning(returns: Returns) -> None:
    failed = {
        (one.check_name, one.partition, one.severity.value)
        for one in events(returns.intake, "ASSET_CHECK_EVALUATION", LANDED)
        if not one.passed
    }
    assert failed == {*((check, REFUSED, "ERROR") for check in CHECKS), ("rows", WITH_REFUSALS, "WARN")}


def test_checks_are_stored_by_partition_and_speak_of_what_is_there_now(returns: Returns) -> None:
    infos = returns.place.instance.event_log_storage.get_asset_check_partition_info(
        [dg.AssetCheckKey(LANDED, name) for name in CHECKS]
    )
    assert Counter(info.check_key.name for info in infos) == dict.fromkeys(CHECKS, 9)
    assert {info.partition_key for info in infos} == set(NINE)
    assert all(info.is_current for info in infos)
    failed = {(i.check_key.name, i.partition_key) for i in infos if i.latest_execution_status.value == "FAILED"}
    assert failed == {*((check, REFUSED) for check in CHECKS), ("rows", WITH_REFUSALS)}


def test_a_partition_shows_the_ledgers_figures(returns: Returns) -> None:
    (landed,) = (
        one for one in events(returns.intake, "ASSET_MATERIALIZATION", LANDED) if one.partition == WITH_REFUSALS
    )
    figures = {name: value.value for name, value in landed.metadata.items()}
    assert figures["submission"] == "STG-councils-2012-09-01"
    assert figures["state"] == "taken_with_refusals"
    assert figures["rows_read"] == figures["rows_taken"] + figures["rows_refused"]
    assert figures["rows_refused"] >= 3
    assert "MI-003" in {record.data["rule"] for record in landed.metadata["findings"].records}


def test_a_refused_return_says_why(returns: Returns) -> None:
    (landed,) = (one for one in events(returns.intake, "ASSET_MATERIALIZATION", LANDED) if one.partition == REFUSED)
    assert landed.metadata["state"].value == "refused"
    assert "date_of_birth" in landed.metadata["reason"].value


def test_each_supplier_is_seen_as_delivered_once_a_run(returns: Returns) -> None:
    told = {
        one.asset_key.path[1]: one.metadata["newest_period"].value
        for one in events(returns.intake, "ASSET_MATERIALIZATION")
        if one.asset_key.path[0] == "delivery"
    }
    assert told == {"CLK": "2012-10", "MLN": "2012-09", "STG": "2012-10"}


def test_no_value_of_a_cell_reaches_dagster(returns: Returns) -> None:
    assert len(returns.child_refs) > 100
    logged = [
        serialize_value(entry)
        for run in returns.place.instance.get_runs()
        for entry in returns.place.instance.all_logs(run.run_id)
    ]
    assert len(logged) > 50
    words = set(json.dumps(logged).replace('\\"', '"').replace("|", '"').split('"'))
    assert CANARY not in json.dumps(logged)
    # A reference of a few digits can also be a process's number or a second.
    telling = {reference for reference in returns.child_refs if len(reference) > 5 or not reference.isdigit()}
    assert telling
    assert not words & telling
    kept = [path for path in (returns.place.settings.home / "dagster").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in kept)
    assert not [path.name for path in kept if CANARY.encode() in path.read_bytes()]


def test_the_other_schedules_land_and_are_accepted_in_their_own_partitions(returns: Returns) -> None:
    assert set(returns.others) == {"courts", "courts_yearly", "clas"}
    for name, result in returns.others.items():
        assert result.success
        landed = partitions(result, dg.AssetKey([name, "landed"]))
        assert landed
        assert set(landed) == set(partitions(result, dg.AssetKey([name, "accepted"])))


def test_the_restricted_feedback_is_linked_not_shown_and_the_page_beside_it(returns: Returns) -> None:
    (landed,) = (
        one for one in events(returns.intake, "ASSET_MATERIALIZATION", LANDED) if one.partition == WITH_REFUSALS
    )
    feedback = Path(landed.metadata["feedback"].value)
    assert feedback.is_relative_to(returns.place.settings.feedback)
    assert feedback.is_file()
    page = landed.metadata["feedback_page"].value
    assert page == feedback.with_suffix(".html").as_uri()
    assert CANARY not in feedback.with_suffix(".html").read_text("utf-8")
