"""Building, publishing and writing pages, killed at random instants: what is left, and whether running again puts it right.

Run by hand: `python -m benchmarks.kills [--times 20] [--seed 1]`. In a home of its own with two councils' quarter, each of the
three is run in a child that is killed with SIGKILL somewhere within the time it takes, and then run again. After that tables,
files and pages are those of an undisturbed run but for ids and times, and nothing half-done lies about. The server is not
killed: its own tests do that.
"""

import argparse
import multiprocessing
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from benchmarks.bars import Bar
from pact_pipeline.arrival import discover
from pact_pipeline.clock import make_up_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.flows.build import compute, publish_build
from pact_pipeline.flows.build_fingerprint import current_fingerprint
from pact_pipeline.flows.build_folder import BUILDS_KEPT, newest_build
from pact_pipeline.flows.reports import write_drafts
from pact_pipeline.generator import generate
from pact_pipeline.home import make_home
from pact_pipeline.intake.runs import IntakeContext, take_many
from pact_pipeline.ledger import Ledger
from pact_pipeline.reference import councils
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.warehouse.connect import destroy_embedded, warehouse_engine

COUNCILS, FIRST, MONTH = ["CLK", "STG"], "2012-08", "2012-10"
HOME_DAY = date(2012, 11, 15)
PHASES = ("build", "publish", "report")
# What differs between two runs: the build's id, the moment it was made.
_IDS_AND_TIMES = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}-[0-9a-f]{6}|\d{1,2} \w+ \d{4}, \d{2}:\d{2}( \w+)?")
_FORK = multiprocessing.get_context("forkserver")


@dataclass
class Place:
    """A home with two councils' quarter in force."""

    settings: Settings

    def run(self, phase: str) -> float:
        """A phase in a child, undisturbed; the seconds from when it began. Raises RuntimeError where it failed."""
        child, told = self._start(phase)
        began = time.monotonic()
        words = told.recv()
        child.join()
        if words != "done":
            raise RuntimeError(f"{phase} failed: {words}")
        return time.monotonic() - began

    def kill(self, phase: str, after: float) -> bool:
        """A phase in a child that is killed so many seconds after it began; whether it was still at it."""
        child, told = self._start(phase)
        finished = told.poll(after)
        child.kill()
        child.join()
        return not finished

    def _start(self, phase: str) -> tuple[Any, Connection]:
        ours, theirs = _FORK.Pipe()
        child = _FORK.Process(target=_in_child, args=(phase, self.settings, theirs))
        child.start()
        assert ours.recv() == "begun"
        return child, ours

    def prepare(self, phase: str) -> None:
        """What a phase needs to have something to do: a new build to publish."""
        if phase == "publish":
            self.run("build")

    def contents(self) -> dict[str, str]:
        """Tables of the warehouse, files of the newest build and pages, but for ids and times."""
        found: dict[str, str] = {}
        engine = warehouse_engine(self.settings)
        with engine.connect() as connection:
            views = connection.execute(
                sa.text(
                    "SELECT schemaname || '.' || viewname FROM pg_views WHERE schemaname IN ('core', 'measures', 'reference')"
                )
            ).scalars()
            for view in sorted(views):
                rows = pd.read_sql(sa.text(f"SELECT * FROM {view}"), connection).drop(
                    columns="build_id", errors="ignore"
                )
                found[view] = _in_order(rows)
        engine.dispose()
        folder = newest_build(self.settings).folder
        for path in sorted(folder.rglob("*.parquet")):
            found[str(path.relative_to(folder))] = _in_order(pd.read_parquet(path))
        for page in sorted((self.settings.drafts / MONTH).glob("*.html")):
            found[page.name] = _IDS_AND_TIMES.sub("…", page.read_text(encoding="utf-8"))
        return found

    def left_over(self) -> list[str]:
        """What a run that ended well leaves nowhere."""
        files = [
            str(path.relative_to(self.settings.home))
            for folder in (self.settings.builds, self.settings.reports, self.settings.home / "lake")
            for path in folder.rglob("*")
            if "unfinished" in path.name or path.name.endswith(("building.lock", ".part"))
        ]
        if (
            builds := sum(path.is_dir() for path in self.settings.builds.iterdir())
        ) > BUILDS_KEPT + 1:  # the served one may be older
            files.append(f"{builds} builds")
        engine = warehouse_engine(self.settings)
        with engine.connect() as connection:
            half = connection.execute(
                sa.text(
                    "SELECT count(*) FROM build.publication WHERE state IN ('loading', 'loaded') AND slot IS NOT NULL"
                )
            ).scalar_one()
        engine.dispose()
        return [*files, *([f"{half} publications half-done"] if half else [])]


def _in_order(frame: pd.DataFrame) -> str:
    """A table's rows as text, whatever their order."""
    return "\n".join(sorted(frame.to_csv(index=False).splitlines()))


def _in_child(phase: str, settings: Settings, told: Connection) -> None:
    contracts = load_contracts(settings.contracts)
    engine = warehouse_engine(settings)
    ledger = Ledger(engine)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    in_force = current_fingerprint(contracts, suppliers, ledger)
    work: dict[str, Callable[[], object]] = {
        "build": lambda: compute(settings, contracts, suppliers, ledger),
        "publish": lambda: publish_build(settings, contracts, engine, newest_build(settings)),
        "report": lambda: list(write_drafts(settings, engine, in_force, MONTH, councils())),
    }
    told.send("begun")
    try:
        work[phase]()
        told.send("done")
    except Exception as error:
        told.send(f"{type(error).__name__}: {error}")


def home_in(folder: Path) -> Settings:
    return Settings(home=folder / "home", contracts=CHECKOUT / "data_contracts")


def prepared(folder: Path) -> Place:
    """A home in `folder` with a build that is served and its pages."""
    settings = home_in(folder)
    make_home(settings)
    make_up_clock(settings, HOME_DAY)
    generate(settings.arrivals, settings.truth, first=FIRST, last=MONTH, councils=COUNCILS)
    contracts = load_contracts(settings.contracts)
    suppliers = dict(load_suppliers(settings.contracts / "suppliers", contracts))
    engine = warehouse_engine(settings)
    ledger = Ledger(engine)
    ledger.create()
    found = discover(settings, contracts, suppliers, ledger)
    take_many(IntakeContext.open(settings, contracts, suppliers), ledger, found.submissions, workers=1)
    engine.dispose()
    place = Place(settings)
    for phase in PHASES:
        place.run(phase)
    return place


def survived(place: Place, phase: str, times: int, seed: int) -> int:
    """Kill a phase so often at random instants, each time run it again, and compare; how often nothing was amiss."""
    dice = random.Random(f"{phase} {seed}")
    place.prepare(phase)
    seconds = place.run(phase)
    wanted = place.contents()
    good = killed = 0
    for _ in range(times):
        place.prepare(phase)
        killed += place.kill(phase, dice.uniform(0, seconds))
        place.run(phase)
        now, left = place.contents(), place.left_over()
        differs = sorted({name for name in {*wanted, *now} if wanted.get(name) != now.get(name)})
        good += not differs and not left
        if differs or left:
            print(f"     {phase}: differs {differs[:5]}, left over {left[:5]}")
    print(f"     {phase}: {seconds:.2f} s undisturbed, {killed} of {times} killed before the end")
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"     seed {chosen.seed}")
    folder = Path(tempfile.mkdtemp(prefix="pact-bench-"))
    folder.chmod(0o711)  # the server runs as another user and must reach its folder
    _FORK.set_forkserver_preload(["benchmarks.kills", "great_expectations", "pact_pipeline.warehouse.expectations"])
    try:
        place = prepared(folder)
        for phase in PHASES:
            good = survived(place, phase, chosen.times, chosen.seed)
            print(Bar(f"kills-{phase}-put-right", good, chosen.times, at_most=False))
    finally:
        destroy_embedded(home_in(folder))
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
