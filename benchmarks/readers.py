"""Readers while builds are published: 3,000 questions and more over two tables: none may fail, find nothing or find a mixture.

The longest stall of a reader is told beside the longest of a bare `select 1` that is asked under the same load, by as many
sessions: what the machine itself keeps waiting is no fault of a publication.
"""

import threading
import time
from dataclasses import dataclass, field

import psycopg

from benchmarks.bars import Bar
from pact_pipeline.contracts import load_contracts
from pact_pipeline.flows.build_folder import newest_build
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import libpq_uri, warehouse_engine
from pact_pipeline.warehouse.publish import publish

QUESTIONS, PUBLICATIONS, READERS = 3_000, 6, 4
"""At least so many."""
ASKED = """
SELECT j.build_id, a.build_id, j.rows, a.rows
FROM (SELECT build_id, count(*) AS rows FROM core.journey GROUP BY 1) j
FULL JOIN (SELECT build_id, count(*) AS rows FROM measures.awaiting GROUP BY 1) a ON true
"""


@dataclass
class ObservedTable:
    """What readers saw."""

    asked: int = 0
    errors: int = 0
    mixtures: int = 0
    builds: set[str] = field(default_factory=set)
    longest: float = 0.0
    longest_bare: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def measure(settings: Settings) -> list[Bar]:
    """Publish the newest build of an installation again and again under other names while it is read."""
    contracts, engine, build = load_contracts(settings.contracts), warehouse_engine(settings), newest_build(settings)
    seen, over = ObservedTable(), threading.Event()
    uri = libpq_uri(engine.url)
    readers = [threading.Thread(target=_read, args=(uri, seen, over)) for _ in range(READERS)]
    readers += [threading.Thread(target=_ask_nothing, args=(uri, seen, over)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    published = 0
    while seen.asked < QUESTIONS or published < PUBLICATIONS:
        published += 1
        publish(engine, contracts, build.folder, f"reading-{published:03d}", lambda _: [])
    over.set()
    for reader in readers:
        reader.join()
    publish(engine, contracts, build.folder, build.build_id, lambda _: [])
    engine.dispose()
    print(
        f"     {seen.asked:,} questions by {READERS} readers during {published} publications, {len(seen.builds)} builds seen;"
        f" longest stall {seen.longest * 1000:.0f} ms, of a bare select 1 {seen.longest_bare * 1000:.0f} ms"
    )
    return [Bar("readers-errors", seen.errors, 0), Bar("readers-mixtures", seen.mixtures, 0)]


def _read(uri: str, seen: ObservedTable, over: threading.Event) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        while not over.is_set():
            began = time.perf_counter()
            try:
                rows = connection.execute(ASKED).fetchall()
            except psycopg.Error:
                rows = None
            took = time.perf_counter() - began
            with seen.lock:
                seen.asked += 1
                seen.longest = max(seen.longest, took)
                if rows is None:
                    seen.errors += 1
                elif len(rows) != 1 or rows[0][0] != rows[0][1] or not rows[0][2]:
                    seen.mixtures += 1
                else:
                    seen.builds.add(rows[0][0])


def _ask_nothing(uri: str, seen: ObservedTable, over: threading.Event) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        while not over.is_set():
            began = time.perf_counter()
            connection.execute("select 1").fetchall()
            with seen.lock:
                seen.longest_bare = max(seen.longest_bare, time.perf_counter() - began)
            time.sleep(0.005)
