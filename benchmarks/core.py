"""The core build beside DuckDB's bare scan-and-write of the same files, in one run on one machine."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.bars import Bar
from pact_pipeline.contracts import load_contracts
from pact_pipeline.core.build import LAKE_TABLES, Sources, build_core
from pact_pipeline.flows.build import taken_of
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import warehouse_engine

TIMES = 3
LIMIT = 4.0


def measure(settings: Settings) -> list[Bar]:
    """Build the core of an installation that has data, and scan and write its lake files as they are."""
    contracts, ledger = load_contracts(settings.contracts), Ledger(warehouse_engine(settings))
    sources = Sources(settings.lake_open, ledger.in_force(), taken_of(ledger))
    folder = Path(tempfile.mkdtemp(prefix="pact-bench-core-"))
    rows: dict[str, int] = {}

    def ours() -> None:
        rows.update(build_core(sources, contracts, folder / "ours"))

    def bare() -> None:
        with duckdb.connect() as db:
            for name, key, _ in LAKE_TABLES:
                contract = contracts[key]
                files = sorted((settings.lake_open / contract.collection / contract.table).glob("*.parquet"))
                if files:
                    target = folder / f"{name}.parquet"
                    db.read_parquet([str(file) for file in files], union_by_name=True).write_parquet(str(target))

    try:
        times = [(_timed(bare), _timed(ours)) for _ in range(TIMES)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bare_seconds, our_seconds = (min(column) for column in zip(*times, strict=True))
    print(
        f"     scan and write {bare_seconds:.2f} s, core build {our_seconds:.2f} s, {sum(rows.values()):,} rows in core"
    )
    return [Bar("core-build-times-bare-scan", our_seconds / bare_seconds, LIMIT)]


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
