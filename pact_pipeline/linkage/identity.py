"""The identity pass: each (council, child_key) is one person; a person_id is minted once and kept (architecture#a-home)."""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline.clock import now
from pact_pipeline.lake.files import hash_of_file, write_all
from pact_pipeline.lake.paths import below_home
from pact_pipeline.lake.proof import damage
from pact_pipeline.ledger import Crosswalk, Ledger
from pact_pipeline.settings import Settings, restricted_folder

RULE = "L-01 same reference within the council"


def link_identities(settings: Settings, ledger: Ledger) -> int:
    """Bring the crosswalk up to date with the children in force; returns how many persons are new.

    The crosswalk has one row a child key: person_id, council, child_key, linked_by, superseded_by, minted_at. It lies in
    `lake/restricted/linkage/crosswalk-<version>.parquet`; the ledger says which version holds and what it is. Raises
    PactFailure LAKE-010 where that is gone or not what was written: a person who lost a number must not get another.
    """
    restricted_folder(settings.lake_restricted / "linkage")
    with ledger.one_linking_at_a_time():
        held = ledger.crosswalk()
        known = _known(settings, held)
        in_force = ledger.in_force()
        names = in_force.loc[in_force["collection"] == "councils", "lake_name"]
        seen = _children(settings.lake_open / "councils" / "children", names)
        fresh = seen if known is None else seen[~seen["child_key"].isin(set(known["child_key"].to_pylist()))]
        if fresh.empty and (held is not None or known is None):
            _clear_former(settings, held)
            return 0
        version = held.version + 1 if held else 1
        minted = _mint(fresh, 1 + (known.num_rows if known is not None else 0))
        table = minted if known is None else pa.concat_tables([known, minted])
        path = _path(settings, version)
        written = write_all({path: table}, restricted=frozenset({path}))[path]
        held = Crosswalk(version, written.sha256, table.num_rows)
        ledger.record_crosswalk(held)
        _clear_former(settings, held)
    return len(fresh)


def damaged_crosswalk(settings: Settings, ledger: Ledger) -> list[str]:
    """The path of the crosswalk below PACT_HOME where it is gone or not what was written."""
    held = ledger.crosswalk()
    if held is None:
        return []
    path = _path(settings, held.version)
    try:
        whole = hash_of_file(path).sha256 == held.sha256
    except OSError:
        whole = False
    return [] if whole else [below_home(settings, path)]


def _path(settings: Settings, version: int) -> Path:
    """Where a version lies; 0 is the one of before there were versions."""
    return settings.lake_restricted / "linkage" / (f"crosswalk-{version}.parquet" if version else "crosswalk.parquet")


def _clear_former(settings: Settings, held: Crosswalk | None) -> None:
    """Remove every version but the one that holds: a killed run's too."""
    if held is not None:
        for path in (settings.lake_restricted / "linkage").glob("crosswalk*.parquet"):
            if path != _path(settings, held.version):
                path.unlink()


def _known(settings: Settings, held: Crosswalk | None) -> pa.Table | None:
    """The crosswalk that holds; None where nobody was linked yet."""
    path = _path(settings, held.version if held else 0)
    try:
        if held is not None and hash_of_file(path).sha256 != held.sha256:
            raise damage([below_home(settings, path)])
        return pq.read_table(path)
    except FileNotFoundError:
        if held is None:
            return None
    except (OSError, pa.ArrowInvalid):
        pass  # told below
    raise damage([below_home(settings, path)])


def _mint(fresh: pd.DataFrame, first: int) -> pa.Table:
    return pa.table(
        {
            "person_id": pa.array([f"P{number:08d}" for number in range(first, first + len(fresh))], pa.string()),
            "council": pa.array(fresh["council"], pa.string()),
            "child_key": pa.array(fresh["child_key"], pa.string()),
            "linked_by": pa.array([RULE] * len(fresh), pa.string()),
            "superseded_by": pa.nulls(len(fresh), pa.string()),
            "minted_at": pa.array([now()] * len(fresh), pa.timestamp("us", tz="UTC")),
        }
    )


def _children(folder: Path, lake_names: "pd.Series[str]") -> pd.DataFrame:
    files = [str(folder / f"{key}.parquet") for key in lake_names if (folder / f"{key}.parquet").is_file()]
    if not files:
        return pd.DataFrame({"council": [], "child_key": []})
    with duckdb.connect() as db:
        return db.execute(
            "select distinct council, child_key from read_parquet($files) order by council, child_key", {"files": files}
        ).df()
