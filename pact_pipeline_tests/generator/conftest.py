"""A small country, generated once: three councils (one sends workbooks), four months."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pact_pipeline.generator import Summary, generate

SMALL = ("CLK", "MLN", "STG")
MONTHS = {"first": "2012-08", "last": "2012-11"}


@dataclass(frozen=True)
class Country:
    arrivals: Path
    truth: Path
    summary: Summary


def small_country(folder: Path, *, faults: bool, councils: tuple[str, ...] = SMALL, seed: int = 1) -> Country:
    arrivals, truth = folder / "arrivals", folder / "truth"
    summary = generate(arrivals, truth, councils=councils, seed=seed, faults=faults, **MONTHS)
    return Country(arrivals, truth, summary)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return small_country(tmp_path_factory.mktemp("faulty"), faults=True)


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Country:
    return small_country(tmp_path_factory.mktemp("clean"), faults=False)
