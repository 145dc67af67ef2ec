"""An office with two councils' August in force, and disks that fail at a chosen step."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pact_pipeline.arrival import discover
from pact_pipeline.flows.build import compute, publish_build
from pact_pipeline.flows.build_folder import Build
from pact_pipeline.intake.runs import IntakeContext, take_many
from pact_pipeline.warehouse import expectations
from pact_pipeline_tests.orchestration.conftest import Office, office

__all__ = ["office"]
WRITES = ((pq, "write_table"), (pd.DataFrame, "to_parquet"), (os, "fsync"), (Path, "rename"), (Path, "replace"))


@pytest.fixture
def taken(office: Office) -> Office:
    for council in ("MLN", "STG"):
        office.send(council, "2012-08")
    take(office)
    return office


def take(office: Office) -> None:
    """What came, as intake takes it."""
    pact = office.pact
    intake_context = IntakeContext.open(pact.settings, pact.contracts, pact.suppliers)
    found = discover(pact.settings, pact.contracts, pact.suppliers, office.ledger)
    take_many(intake_context, office.ledger, found.submissions, workers=1)


def build(office: Office) -> Build:
    return compute(office.settings, office.pact.contracts, office.pact.suppliers, office.ledger)


def serve(office: Office, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A build that is served, without the seconds that Great Expectations takes."""
    monkeypatch.setattr(expectations, "evaluate", lambda *_: [])
    made = build(office)
    publish_build(office.settings, office.pact.contracts, office.engine, made)
    return made


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if "unfinished" in path.name)


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, at: int, number: int = errno.ENOSPC) -> Iterator[list[str]]:
    """Every write is counted; the one with that number fails as the disk would (0: none). Gives the writes by name."""
    seen: list[str] = []

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **named: object) -> object:
            seen.append(name)
            if len(seen) == at:
                raise OSError(number, os.strerror(number), "somewhere")
            return real(*arguments, **named)

        return called

    with monkeypatch.context() as patched:
        for owner, name in WRITES:
            patched.setattr(owner, name, counted(name, getattr(owner, name)))
        yield seen


def spread(count: int, points: int) -> list[int]:
    """So many of the numbers from 1 to `count`, the first and the last among them."""
    return sorted({round(1 + number * (count - 1) / (points - 1)) for number in range(points)})
