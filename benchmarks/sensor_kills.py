"""Runs that the sensors ask for, killed at random instants: how many looks until all is quiet, and is it as undisturbed?

Run by hand: `python -m benchmarks.sensor_kills [--times 20] [--seed 1]`. In a home of its own a council corrects its newest return
again and again, between two contents. Each time the run that is under way at a random instant of the whole way (judging,
build, drafts, calendar) is killed with SIGKILL. Then at most four looks of all sensors later nothing is asked for any more, and
tables, files and drafts are those of an undisturbed way but for ids and times.
"""

import argparse
import os
import random
import re
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from benchmarks.bars import Bar
from benchmarks.kills import _FORK, MONTH, Place, home_in, prepared
from pact_pipeline.clock import now
from pact_pipeline.contracts import load_contracts
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.warehouse.connect import destroy_embedded

COUNCIL = "STG"
MOST_LOOKS = 4
RUN_KEY = "dagster/run_key"
OF_A_DELIVERY = re.compile(rf"{COUNCIL}-councils-{MONTH}-\d+")


@dataclass
class Way:
    """Looks of all sensors, and the runs they ask for, each in a child; `kill_after`: seconds of running until one is killed."""

    instance: dg.DagsterInstance
    settings: Settings
    kill_after: float | None = None
    ran: float = 0.0
    killed: bool = False
    asked: list[str] = field(default_factory=list)

    def look(self) -> bool:
        """One look of each sensor; whether any asked for a run."""
        from pact_pipeline.orchestration.resources import Pact
        from pact_pipeline.orchestration.sensors import build_sensors

        asked = False
        for sensor in build_sensors():
            with dg.build_sensor_context(instance=self.instance, resources={"pact": Pact()}) as context:
                outcome: Any = sensor(context)
                found = [outcome] if isinstance(outcome, dg.RunRequest | dg.SkipReason) else list(outcome)
            for request in found:
                if isinstance(request, dg.RunRequest):
                    asked = True
                    self._run(request)
        return asked

    def _run(self, request: dg.RunRequest) -> None:
        from pact_pipeline.definitions import defs
        from pact_pipeline.orchestration.here import QUIET

        job, key = request.job_name or "national_build", str(request.run_key)
        assert not self.instance.get_runs(dg.RunsFilter(tags={RUN_KEY: key})), f"{key} was asked for twice"
        self.asked.append(job)
        definition = defs.resolve_job_def(job)
        tags = {**request.tags, RUN_KEY: key}
        run = self.instance.create_run_for_job(job_def=definition, run_config=QUIET, tags=tags)
        child = _FORK.Process(target=_execute, args=(job, run.run_id, dict(os.environ)))
        began = time.monotonic()
        child.start()
        left = None if self.kill_after is None or self.killed else max(self.kill_after - self.ran, 0)
        child.join(left)
        if child.is_alive():
            child.kill()
            child.join()
            self.killed = True
            self._as_the_code_server(run.run_id)
        self.ran += time.monotonic() - began

    def _as_the_code_server(self, run_id: str) -> None:
        """A run that dies before it takes its lock is seen by the code server that launched it; here there is none."""
        run = self.instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished and not (self.settings.dagster_home / "alive" / run_id).exists():
            self.instance.report_run_failed(run)


def _execute(job: str, run_id: str, environment: dict[str, str]) -> None:
    # The server that forks keeps the environment it was started with, maybe another home's.
    os.environ.clear()
    os.environ.update(environment)
    from dagster._core.definitions.job_base import InMemoryJob
    from dagster._core.execution.api import execute_run

    from pact_pipeline.definitions import defs

    with dg.DagsterInstance.get() as instance:
        run = instance.get_run_by_id(run_id)
        assert run is not None
        execute_run(InMemoryJob(defs.resolve_job_def(job)), run, instance)


def until_quiet(way: Way) -> int:
    """Looks until nothing is asked for; the last, quiet one isn't counted."""
    looks = 0
    while way.look():
        looks += 1
        assert looks < 20, f"never quiet: {way.asked}"
    return looks


def correct(settings: Settings, number: int) -> None:
    """The council's newest return again, with or without the last row of its milestones."""
    contracts = load_contracts(settings.contracts)
    supplier = load_suppliers(settings.contracts / "suppliers", contracts)[COUNCIL]
    (delivery,) = supplier.delivery("councils")
    period = Period.parse(MONTH)
    layout = delivery.layout_for(period)
    long_ago = (now() - timedelta(minutes=5)).timestamp()
    for table in layout.tables:
        former = settings.home / delivery.url / layout.file_name(supplier, period, table)
        again = former.with_name(layout.file_name(supplier, period, table, version=f" v{number + 2}"))
        lines = former.read_bytes().splitlines(keepends=True)
        again.write_bytes(b"".join(lines[:-1] if table == "milestones" and number % 2 else lines))
        os.utime(again, (long_ago, long_ago))


def contents(place: Place) -> dict[str, str]:
    """Tables, files and drafts but for ids, times and how many deliveries there were."""
    return {
        name: OF_A_DELIVERY.sub("…", text)
        for name, text in place.contents().items()
        if not name.endswith(("submissions.parquet", "in_force.parquet", "refusals.parquet"))
        and "data_quality" not in name
    }


def survived(place: Place, times: int, seed: int) -> int:
    """How often of `times` all was quiet soon, and as undisturbed."""
    from pact_pipeline.orchestration.instance import open_instance

    dice = random.Random(seed)
    settings = place.settings
    wanted: list[dict[str, str]] = []
    seconds = 0.0
    good = killed = 0
    with open_instance(settings) as instance:
        until_quiet(Way(instance, settings))
        for number in range(2):
            correct(settings, number)
            undisturbed = Way(instance, settings)
            until_quiet(undisturbed)
            seconds = undisturbed.ran
            wanted.append(contents(place))
        for number in range(2, 2 + times):
            correct(settings, number)
            way = Way(instance, settings, kill_after=dice.uniform(0, seconds))
            looks = until_quiet(way)
            killed += way.killed
            found, left = contents(place), place.left_over()
            differs = sorted(
                name for name in {*wanted[number % 2], *found} if wanted[number % 2].get(name) != found.get(name)
            )
            fine = not differs and not left and looks <= MOST_LOOKS
            good += fine
            if not fine:
                print(f"     {number}: {looks} looks, asked {way.asked}, differs {differs[:5]}, left over {left[:5]}")
    print(f"     the whole way {seconds:.1f} s undisturbed, {killed} of {times} killed before the end")
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"     seed {chosen.seed}")
    folder = Path(tempfile.mkdtemp(prefix="pact-bench-"))
    folder.chmod(0o711)  # the server runs as another user and must reach its folder
    settings = home_in(folder)
    os.environ |= {
        "PACT_HOME": str(settings.home), "DAGSTER_HOME": str(settings.dagster_home),
        "PACT_CONTRACTS": str(CHECKOUT / "data_contracts"),
    }  # fmt: skip
    try:
        place = prepared(folder)
        good = survived(place, chosen.times, chosen.seed)
        print(Bar("kills-sensors-put-right", good, chosen.times, at_most=False))
    finally:
        destroy_embedded(settings)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
