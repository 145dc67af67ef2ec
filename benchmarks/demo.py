"""The whole demo in an empty folder: seconds and memory, and each stage's share.

Memory is that of the whole tree of processes (the command, its workers, the embedded server), sampled ten times a second as
the sum of what each process has to itself (USS), so that shared pages are not counted twice.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from benchmarks.bars import Bar
from pact_pipeline.cli.demo import TIMINGS

SECONDS, MEGABYTES = 240.0, 2048.0
SAMPLED_EVERY = 0.1


def measure(home: Path) -> list[Bar]:
    """Run `pact demo` in `home`, which must not be there yet (left with its server running), and print each stage's share."""
    environment = {**os.environ, "PACT_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    program = [sys.executable, "-m", "pact_pipeline.cli", "demo"]
    told = home.with_name("demo.log")
    with told.open("w", encoding="utf-8") as log:
        running = subprocess.Popen(program, env=environment, stdout=log, stderr=subprocess.STDOUT)
        peak = _watch(running, home)
    if running.returncode != 0:
        raise SystemExit(f"the demo failed; see {told}")
    seconds: dict[str, float] = json.loads((home / TIMINGS).read_text(encoding="utf-8"))["seconds"]
    whole = sum(seconds.values())
    for stage, taken in seconds.items():
        print(f"     {stage:22} {taken:6.1f} s  {taken / whole:4.0%}")
    print(f"     {'the whole demo':22} {whole:6.1f} s, peak {peak:,.0f} MB in all processes")
    for name in ("archive", "lake", "builds", "warehouse", "dagster", "reports", "feedback"):
        print(f"     {name:22} {_size(home / name) / 1e6:6.0f} MB on disk")
    return [Bar("demo-seconds", whole, SECONDS), Bar("demo-peak-memory-mb", peak, MEGABYTES)]


def _watch(running: "subprocess.Popen[bytes]", home: Path) -> float:
    """Wait for the end; the highest memory seen, in MB."""
    peak, over = [0.0], threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLED_EVERY):
            used = 0
            for process in _tree(running.pid, home):
                with contextlib.suppress(psutil.Error):
                    used += process.memory_full_info().uss
            peak[0] = max(peak[0], used / 1e6)

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    running.wait()
    over.set()
    watcher.join()
    return peak[0]


def _tree(pid: int, home: Path) -> list[psutil.Process]:
    """The command and its children, and the embedded server, which leaves the tree when it starts."""
    found: list[psutil.Process] = []
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        found += [parent, *parent.children(recursive=True)]
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and str(home) in " ".join(process.info["cmdline"] or ()):
            with contextlib.suppress(psutil.Error):
                found += [process, *process.children(recursive=True)]
    return list({process.pid: process for process in found}.values())


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
