"""A run that is killed leaves no worker behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

from pact_pipeline.settings import CHECKOUT, Settings

WAITS = """
import time
from pact_pipeline.contracts import load_contracts
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.intake.runs import IntakeContext
from pact_pipeline.intake.runs.many import _pool
from pact_pipeline.settings import Settings

if __name__ == "__main__":
    settings = Settings.from_environment()
    contracts = load_contracts(settings.contracts)
    suppliers = dict(load_suppliers(settings.contracts / "suppliers", contracts))
    pool = _pool(IntakeContext.open(settings, contracts, suppliers), 2)
    for future in [pool.submit(time.sleep, 0.1) for _ in range(4)]:
        future.result()
    print(*pool._processes, flush=True)
    time.sleep(60)
"""


def test_workers_end_with_a_run_that_is_killed(warehouse_settings: Settings, tmp_path: Path) -> None:
    script = tmp_path / "waits.py"
    script.write_text(WAITS)
    environment = {**os.environ, "PACT_HOME": str(warehouse_settings.home), "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        workers = [int(number) for number in run.stdout.readline().split()]
        assert workers
        assert all(map(_lives, workers))
        run.kill()
    deadline = time.monotonic() + 5
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_lives, workers))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
