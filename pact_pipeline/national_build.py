"""One build from beginning to end: what is in force → core → measures → warehouse. Used by Dagster, the command and tests.

A build lies in `PACT_HOME/builds/<build_id>/` with core, measures and reference as Parquet and `build.json`, which says what
it was made from. A folder without `build.json` is half-done and is not a build.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from sqlalchemy import Engine

from pact_pipeline.clock import now, scotlands_day
from pact_pipeline.contracts import Contracts
from pact_pipeline.core.build import Sources, build_core
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Ledger
from pact_pipeline.linkage import link_identities
from pact_pipeline.measures.build import build_measures
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings, restricted_folder
from pact_pipeline.warehouse import expectations
from pact_pipeline.warehouse.publish import Publication, current_build, publish

NOTE = "build.json"
IN_FORCE, SUBMISSIONS = "in_force.parquet", "submissions.parquet"
DEFINITIONS = Path(__file__).parent
BUILDS_KEPT = 3


@dataclass(frozen=True)
class Build:
    """A computed build: its folder, what it was made from (see `current_fingerprint`) and the rows of each core table."""

    build_id: str
    folder: Path
    fingerprint: str
    submissions: int
    made_at: datetime
    rows: dict[str, int] = field(default_factory=dict)


def compute_core(settings: Settings, contracts: Contracts, ledger: Ledger) -> Build:
    """Compute the core tables from what is in force now, into a new build folder."""
    fingerprint, in_force = current_fingerprint(settings, ledger), ledger.in_force()
    made_at = now()
    build_id = f"{made_at:%Y%m%dT%H%M%S}-{fingerprint[:8]}"
    folder = restricted_folder(settings.builds) / build_id
    prove_lake(settings, contracts, ledger)
    link_identities(settings, ledger)
    sources = Sources(settings.lake_open, in_force, taken_of(ledger))
    rows = build_core(sources, contracts, folder)
    in_force.to_parquet(folder / IN_FORCE, index=False)
    submission_quality(contracts, ledger).to_parquet(folder / SUBMISSIONS, index=False)
    build = Build(build_id, folder, fingerprint, len(in_force), made_at, rows)
    note = {
        "build_id": build_id,
        "fingerprint": fingerprint,
        "submissions": len(in_force),
        "made_at": made_at.isoformat(),
    }
    (folder / NOTE).write_text(json.dumps({**note, "rows": rows}, indent=1), encoding="utf-8")
    _drop_old(settings, current_build(ledger.engine))
    return build


def current_fingerprint(settings: Settings, ledger: Ledger) -> str:
    """SHA-256 of what a build made now would be made of: what is in force, and the definitions (SQL, code, contracts)."""
    digest = hashlib.sha256(ledger.fingerprint().encode())
    for path in sorted(
        [*DEFINITIONS.glob("core/**/*"), *DEFINITIONS.glob("measures/**/*"), *settings.contracts.rglob("*.yaml")]
    ):
        if path.suffix in (".sql", ".py", ".yaml"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def prove_lake(settings: Settings, contracts: Contracts, ledger: Ledger) -> None:
    """Every table in force lies in the lake with the rows the ledger counted. Raises PactFailure LAKE-010 otherwise."""
    broken: list[str] = []
    for row in ledger.tables_in_force().itertuples(index=False):
        if f"{row.collection}.{row.table_name}" not in contracts:
            continue
        file = settings.lake_open / str(row.collection) / str(row.table_name) / f"{row.lake_name}.parquet"
        rows = pq.ParquetFile(file).metadata.num_rows if file.is_file() else 0
        if rows != int(str(row.rows_taken)):
            broken.append(f"{row.collection}/{row.table_name}/{file.name}")
    if broken:
        raise PactFailure(
            "LAKE-010",
            f"{len(broken)} files that are in force are gone from the lake or have other rows than the ledger counted",
            where=", ".join(broken[:5]),
            mend="restore them from the backup; nothing was built and the former build stays.",
        )


def taken_of(ledger: Ledger) -> pd.DataFrame:
    """Every taken submission of the collections whose vintages are all kept."""
    return pd.concat([ledger.taken("courts"), ledger.taken("clas")], ignore_index=True)


def newest_build(settings: Settings) -> Build:
    """The newest finished build. Raises PactFailure where there is none."""
    notes = sorted(settings.builds.glob(f"*/{NOTE}"))
    if not notes:
        raise PactFailure(
            "BUILD-001", "there is no build yet", mend="materialise the core assets, or run 'pact build'."
        )
    return read_build(notes[-1].parent)


def read_build(folder: Path) -> Build:
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    made_at = datetime.fromisoformat(note["made_at"])
    return Build(note["build_id"], folder, note["fingerprint"], note["submissions"], made_at, note["rows"])


def compute_measures(build: Build) -> dict[str, int]:
    """Compute the measures of a build, from what was in force when its core was made; returns rows by table."""
    return build_measures(
        build.folder, pd.read_parquet(build.folder / IN_FORCE), pd.read_parquet(build.folder / SUBMISSIONS)
    )


def submission_quality(contracts: Contracts, ledger: Ledger) -> pd.DataFrame:
    """Every judged submission with its verdict, when it came and when it was due (from the contracts' service level)."""
    found = ledger.submissions()
    found = found[found["state"] != "received"].reset_index(drop=True)
    days: dict[str, int] = {}
    for contract in contracts.values():
        if contract.due_day is not None:
            days[contract.collection] = max(days.get(contract.collection, 0), contract.due_day)
    due = [
        Period.parse(period).last_day + timedelta(days=days.get(collection, 0))
        for collection, period in zip(found["collection"], found["period"], strict=True)
    ]
    received: list[date] = [scotlands_day(moment) for moment in found["received_at"]]
    return found.assign(received_on=pd.to_datetime(pd.Series(received)), due_on=pd.to_datetime(pd.Series(due)))


def publish_build(contracts: Contracts, engine: Engine, build: Build) -> Publication:
    """Load, judge, switch. Raises BuildRefused when an expectation of severity ERROR fails; the former build stays."""

    def judge(build_id: str) -> list[expectations.ExpectationVerdict]:
        return expectations.judge(engine.url, build_id)

    return publish(engine, contracts, build.folder, build.build_id, judge)


def _drop_old(settings: Settings, served: str | None) -> None:
    """Keep the newest few builds, and the one the warehouse serves however old it is: reports are written from it."""
    for note in sorted(settings.builds.glob(f"*/{NOTE}"))[:-BUILDS_KEPT]:
        if note.parent.name != served:
            shutil.rmtree(note.parent)
