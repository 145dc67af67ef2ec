"""All 32 councils' returns of one month through intake on two cores, with the month before as what they are compared with.

Timed from registered submissions to verdicts in the ledger: reading, judging, lake, feedback, ledger. The month before is
judged first, untimed. Finding the files is told beside.
"""

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.bars import Bar
from pact_pipeline.arrival import discover
from pact_pipeline.contracts import load_contracts
from pact_pipeline.generator import generate
from pact_pipeline.home import make_home
from pact_pipeline.intake.runs import IntakeContext, take_many
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.warehouse.connect import destroy_embedded, warehouse_engine

BEFORE, MONTH = "2012-08", "2012-09"
SECONDS = 30.0


def measure() -> list[Bar]:
    """The bar of a month's returns, in a folder and on a server of their own."""
    folder = Path(tempfile.mkdtemp(prefix="pact-bench-"))
    folder.chmod(0o711)  # the server runs as another user and must reach its folder
    settings = Settings(home=folder / "home", contracts=CHECKOUT / "data_contracts")
    make_home(settings)
    try:
        return _measure(settings)
    finally:
        destroy_embedded(settings)
        shutil.rmtree(folder, ignore_errors=True)


def _measure(settings: Settings) -> list[Bar]:
    generate(settings.arrivals, settings.truth, first=BEFORE, last=MONTH, contracts_folder=settings.contracts)
    contracts = load_contracts(settings.contracts)
    suppliers = dict(load_suppliers(settings.contracts / "suppliers", contracts))
    engine = warehouse_engine(settings)
    ledger = Ledger(engine)
    ledger.create()
    started = time.perf_counter()
    found = discover(settings, contracts, suppliers, ledger)
    finding = time.perf_counter() - started
    intake_context = IntakeContext.open(settings, contracts, suppliers)
    councils = [one for one in found.submissions if one.collection == "councils"]
    take_many(intake_context, ledger, [one for one in councils if one.period == BEFORE])
    month = [one for one in councils if one.period == MONTH]
    started = time.perf_counter()
    verdicts = take_many(intake_context, ledger, month)
    seconds = time.perf_counter() - started
    rows = sum(verdict.rows_read for verdict in verdicts)
    states: dict[str, int] = {}
    for verdict in verdicts:
        states[verdict.state.value] = states.get(verdict.state.value, 0) + 1
    engine.dispose()
    print(
        f"     {len(verdicts)} returns, {rows:,} rows in {seconds:.1f} s; finding {found.files_seen:,} files {finding:.1f} s"
    )
    print(f"     {', '.join(f'{number} {state}' for state, number in sorted(states.items()))}")
    return [Bar("returns-seconds", seconds, SECONDS)]


if __name__ == "__main__":
    for bar in measure():
        print(bar)
