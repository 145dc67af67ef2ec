"""A correction of one council comes while the UI runs with its sensors on: how long until figures and draft tell of it?

Measured from the look that found the files unchanged (the tick that asks for their judging) to the council's own draft of the
build that is served by then. And what a tick costs that finds nothing.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import dagster as dg

from benchmarks.bars import Bar
from pact_pipeline.arrival.receipts import add_receipts
from pact_pipeline.clock import at_hour, home_clock, now
from pact_pipeline.contracts import load_contracts
from pact_pipeline.reports.html import build_of_page
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.warehouse.connect import warehouse_engine
from pact_pipeline.warehouse.publish import current_build

COUNCIL = "STG"
MOST_SECONDS, MOST_CPU = 60.0, 0.3
LONGEST = 300.0
HOUR = 12


def measure(settings: Settings) -> list[Bar]:
    """On the home of a demo that has ended."""
    environment = {**os.environ, "PACT_HOME": str(settings.home), "DAGSTER_HOME": str(settings.dagster_home)}
    program = [sys.executable, "-W", "ignore", "-m"]
    with _ui([*program, "pact_pipeline.cli", "ui", "--port", "0"], environment):
        switch = [*program, "dagster", "sensor", "start", "--start-all", "-w", str(CHECKOUT / "workspace.yaml")]
        subprocess.run(switch, env=environment, check=True, capture_output=True)
        with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
            before = _asked(instance)
            time.sleep(15)  # the first ticks, which find nothing
            _send_corrected(settings)
            deadline = time.monotonic() + LONGEST
            while not (asked := _asked(instance) - before):
                assert time.monotonic() < deadline, "the correction was not found"
                time.sleep(0.5)
            served = _served(settings)
            while _draft_is_of(settings) == served or _draft_is_of(settings) != _served(settings):
                assert time.monotonic() < deadline, "the draft did not follow"
                time.sleep(0.2)
            took = time.time() - min(asked)
    cost = _cpu_of_a_tick(environment)
    print(
        f"     a correction of {COUNCIL}: {took:.1f} s from its look to its draft; a tick that finds nothing {cost:.2f} s of CPU"
    )
    return [Bar("late-return-seconds", took, MOST_SECONDS), Bar("idle-tick-cpu-seconds", cost, MOST_CPU)]


@contextmanager
def _ui(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as served:
        assert served.stdout is not None
        try:
            assert any("/enter/" in line for line in served.stdout), "the UI did not come up"
            yield
        finally:
            served.terminate()


def _send_corrected(settings: Settings) -> None:
    """The council's newest return again, without the last row of its milestones."""
    contracts = load_contracts(settings.contracts)
    supplier = load_suppliers(settings.contracts / "suppliers", contracts)[COUNCIL]
    (delivery,) = supplier.delivery("councils")
    home = home_clock(settings)
    period = home.last_month_over
    layout = delivery.layout_for(period)
    long_ago = (now() - timedelta(minutes=5)).timestamp()
    sent = {}
    for table in layout.tables:
        former = settings.home / delivery.url / layout.file_name(supplier, period, table)
        again = former.with_name(layout.file_name(supplier, period, table, version=" v2"))
        lines = former.read_bytes().splitlines(keepends=True)
        again.write_bytes(b"".join(lines[:-1] if table == "milestones" else lines))
        os.utime(again, (long_ago, long_ago))
        sent[again] = at_hour(home.day, HOUR)
    add_receipts(settings.arrivals, sent)


def _asked(instance: dg.DagsterInstance) -> set[float]:
    """When ticks of the sensor that looks for files asked for a run."""
    return {
        tick.timestamp
        for state in instance.all_instigator_state()
        if state.name == "arrivals"
        for tick in instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=100)
        if tick.run_keys
    }


def _served(settings: Settings) -> str | None:
    engine = warehouse_engine(settings)
    try:
        return current_build(engine)
    finally:
        engine.dispose()


def _draft_is_of(settings: Settings) -> str | None:
    page = settings.drafts / home_clock(settings).last_month_over.key / f"{COUNCIL}.html"
    return build_of_page(page.read_text(encoding="utf-8")[:1000])


_TICKS = """
import time
import dagster as dg
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.orchestration.sensors import build_sensors

pact, instance = Pact(), dg.DagsterInstance.get()
sensor = next(one for one in build_sensors() if one.name == "arrivals")
for _ in range(3):
    began = time.process_time()
    with dg.build_sensor_context(instance=instance, resources={"pact": pact}) as context:
        list(sensor(context))
    cost = time.process_time() - began
print(cost)
"""


def _cpu_of_a_tick(environment: dict[str, str]) -> float:
    """Seconds of CPU of the third tick in one process: those before open connections and read each file once."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _TICKS], env=environment, cwd=CHECKOUT, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return float(done.stdout)
