"""Building, publishing and writing pages, killed at random instants: three of each. By hand, more: `python -m benchmarks.kills`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kills import PHASES, Place, prepared, survived
from pact_pipeline.warehouse.connect import destroy_embedded

TIMES = 3


@pytest.fixture(scope="module")
def place(open_folder: Path) -> Iterator[Place]:
    folder = open_folder / "killed"
    folder.mkdir(mode=0o711)
    made = prepared(folder)
    yield made
    destroy_embedded(made.settings)
    shutil.rmtree(folder)


@pytest.mark.long
@pytest.mark.parametrize("phase", PHASES)
def test_a_killed_run_is_put_right_by_the_next(place: Place, phase: str) -> None:
    assert survived(place, phase, TIMES, seed=2013) == TIMES
