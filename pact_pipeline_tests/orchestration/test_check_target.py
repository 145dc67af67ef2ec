"""A Dagster that keeps a private class elsewhere costs a mark in the UI, never a run."""

import sys

import dagster as dg
import pytest

from pact_pipeline.orchestration.check_target import newest_materialization

KEY = dg.AssetKey(["councils", "landed"])
HOME = "dagster._core.definitions.asset_checks.asset_check_evaluation"


def test_the_target_is_the_newest_materialisation_of_the_partition() -> None:
    instance = dg.DagsterInstance.ephemeral()
    assert newest_materialization(instance, KEY, "a") is None
    for partition in ("a", "a", "b"):
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY, partition=partition))
    target = newest_materialization(instance, KEY, "a")
    newest = instance.fetch_materializations(dg.AssetRecordsFilter(KEY, asset_partitions=["a"]), limit=1).records[0]
    assert target is not None
    assert target.storage_id == newest.storage_id


def test_without_the_private_class_there_is_no_target_and_it_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, HOME, None)
    instance = dg.DagsterInstance.ephemeral()
    instance.report_runless_asset_event(dg.AssetMaterialization(KEY, partition="a"))
    assert newest_materialization(instance, KEY, "a") is None
    assert "older materialisation" in caplog.text
