"""Runs that sensors ask for, killed at random instants: three. By hand, more: `python -m benchmarks.sensor_kills`."""

from pathlib import Path

import pytest

from benchmarks.kills import home_in, prepared
from benchmarks.sensor_kills import survived
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse.connect import destroy_embedded

TIMES = 3


@pytest.mark.long
def test_all_is_quiet_soon_after_a_kill_and_as_undisturbed(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_folder / "sensors"
    folder.mkdir(mode=0o711)
    settings = home_in(folder)
    monkeypatch.setenv("PACT_HOME", str(settings.home))
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))
    monkeypatch.setenv("PACT_CONTRACTS", str(CHECKOUT / "data_contracts"))
    monkeypatch.delenv("PACT_WAREHOUSE_URL", raising=False)
    try:
        assert survived(prepared(folder), TIMES, seed=2013) == TIMES
    finally:
        destroy_embedded(settings)
