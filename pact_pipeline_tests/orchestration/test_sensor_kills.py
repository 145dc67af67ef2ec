"""Runs that sensors ask for, killed at random instants: three. By hand, more: `python -m benchmarks.sensor_kills`."""

from pathlib import Path

import pytest

from benchmarks.kills import prepared
from benchmarks.sensor_kills import survived

TIMES = 3


@pytest.mark.long
def test_all_is_quiet_soon_after_a_kill_and_as_undisturbed(own_home: Path) -> None:
    assert survived(prepared(own_home), TIMES, seed=2013) == TIMES
