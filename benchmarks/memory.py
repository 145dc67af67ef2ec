"""How much memory intake takes for a file: a process of its own, its peak less what it holds before it reads.

Run with a file of N rows as `python -m benchmarks.memory N`, it prints the bytes of the file and the bytes it took.
"""

import gc
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import psutil

from benchmarks.bars import Bar
from benchmarks.intake import ROWS, extract, take_table
from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.intake.runs import IntakeContext
from pact_pipeline.ledger import Submission, SubmissionFile
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT, Settings

MOST_TIMES_THE_FILE = 10.0
# Memory a byte of a file three times as long, beside that of the shorter: the same, but for the allocator's steps.
MOST_GROWTH = 1.1
FILES = (ROWS, 2 * ROWS, 6 * ROWS)


def measure() -> list[Bar]:
    """Peak memory as times the file's size, and whether it grows faster than the file."""
    taken = {rows: _of_a_process(rows) for rows in FILES}
    for rows, (file, memory) in taken.items():
        print(f"     memory for {rows:,} rows {memory / 1e6:,.0f} MB, of a file of {file / 1e6:.1f} MB")
    times = [memory / file for file, memory in taken.values()]
    return [
        Bar("intake-memory-times-file", max(times), MOST_TIMES_THE_FILE),
        Bar("intake-memory-growth", times[-1] / times[-2], MOST_GROWTH),
    ]


def _of_a_process(rows: int) -> tuple[int, int]:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory", str(rows)], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    found: dict[str, int] = json.loads(ran.stdout.splitlines()[-1])
    return found["file"], found["taken"]


def take(rows: int) -> dict[str, int]:
    """Take one file in this process. A tiny one first, so that what is loaded once isn't counted."""
    contract = load_contracts(CHECKOUT / "data_contracts")["councils.children"]
    with tempfile.TemporaryDirectory(prefix="pact-bench-") as folder:
        settings = Settings(home=Path(folder) / "home", contracts=CHECKOUT / "data_contracts")
        IntakeContext.open(settings, Contracts(()), {})
        sample = extract(contract)
        warm, path = Path(folder) / "warm.csv", Path(folder) / "children.csv"
        sample.head(200).to_csv(warm, index=False, lineterminator="\r\n")
        many = pd.concat([sample] * -(-rows // ROWS), ignore_index=True).head(rows)
        many["child_ref"] = [f"C{number:07d}" for number in range(rows)]
        many.to_csv(path, index=False, lineterminator="\r\n")
        del sample, many
        submission = Submission(
            "GLG-councils-2012-08-01", "GLG", "councils", "2012-08", 1, datetime(2012, 9, 10, tzinfo=UTC), "0" * 64,
            (SubmissionFile("children", "0" * 64, path.name),), contract.version,
        )  # fmt: skip
        context = Context(period=Period.parse("2012-08"), supplier="GLG", council="GLG")
        take_table(contract, warm, settings, submission, context)
        gc.collect()
        return _peak_of(lambda: take_table(contract, path, settings, submission, context), path)


def _peak_of(work: Callable[[], object], path: Path) -> dict[str, int]:
    """The peak of a piece of work above what the process held before it."""
    before = psutil.Process().memory_info().rss
    peak_file = Path("/proc/self/clear_refs")
    if peak_file.exists():
        peak_file.write_text("5", encoding="ascii")  # the kernel starts counting the peak anew
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        peak = int(line.split()[1]) * 1024
    return {"file": path.stat().st_size, "taken": max(0, peak - before)}


if __name__ == "__main__":
    print(json.dumps(take(int(sys.argv[1]))))
