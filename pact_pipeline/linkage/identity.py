"""The identity pass: each (council, child_key) is one person; a person_id is minted once and kept (design 5a)."""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pact_pipeline.clock import now
from pact_pipeline.lake.files import write_parquet
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings, restricted_folder

RULE = "L-01 same reference within the council"


def link_identities(settings: Settings, ledger: Ledger) -> int:
    """Bring the crosswalk up to date with the children in force; returns how many persons are new.

    The crosswalk has one row a child key: person_id, council, child_key, linked_by, superseded_by, minted_at.
    """
    path = restricted_folder(settings.lake_restricted / "linkage") / "crosswalk.parquet"
    known = pq.read_table(path) if path.is_file() else None
    in_force = ledger.in_force()
    names = in_force.loc[in_force["collection"] == "councils", "lake_name"]
    seen = _children(settings.lake_open / "councils" / "children", names)
    if known is not None:
        fresh = seen[~seen["child_key"].isin(set(known["child_key"].to_pylist()))]
    else:
        fresh = seen
    if fresh.empty:
        return 0
    first = 1 + (known.num_rows if known is not None else 0)
    minted = pa.table(
        {
            "person_id": [f"P{number:08d}" for number in range(first, first + len(fresh))],
            "council": pa.array(fresh["council"], pa.string()),
            "child_key": pa.array(fresh["child_key"], pa.string()),
            "linked_by": pa.array([RULE] * len(fresh), pa.string()),
            "superseded_by": pa.nulls(len(fresh), pa.string()),
            "minted_at": pa.array([now()] * len(fresh), pa.timestamp("us", tz="UTC")),
        }
    )
    write_parquet(minted if known is None else pa.concat_tables([known, minted]), path, mode=0o600)
    return len(fresh)


def _children(folder: Path, lake_names: "pd.Series[str]") -> pd.DataFrame:
    files = [str(folder / f"{key}.parquet") for key in lake_names if (folder / f"{key}.parquet").is_file()]
    if not files:
        return pd.DataFrame({"council": [], "child_key": []})
    with duckdb.connect() as db:
        return db.execute(
            "select distinct council, child_key from read_parquet($files) order by council, child_key", {"files": files}
        ).df()
