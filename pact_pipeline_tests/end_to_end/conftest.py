"""Small countries taken the whole way by Dagster: one with clean extracts, one with faults and planted canaries."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from rich.console import Console
from sqlalchemy import Engine

from pact_pipeline.cli.demo import run_demo
from pact_pipeline.flows.build_folder import newest_build
from pact_pipeline.lake.pseudonyms import Pseudonyms
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import engine_for
from pact_pipeline.warehouse.embedded import EmbeddedPostgres

COUNCILS = ["MLN", "MRY", "STG"]


@dataclass(frozen=True)
class SmallCountry:
    """A country after `make demo`: its folders, its warehouse, and what was printed."""

    settings: Settings
    engine: Engine
    analyst: Engine
    printed: str

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.engine)

    def built(self, name: str) -> pd.DataFrame:
        """A table of the newest build, as `core.journey`."""
        schema, table = name.split(".")
        return pq.read_table(newest_build(self.settings).folder / schema / f"{table}.parquet").to_pandas()

    def truth(self, name: str) -> pd.DataFrame:
        """A table of the generator's truth, with the key the pipeline knows the child by."""
        frame = pq.read_table(self.settings.truth / f"{name}.parquet").to_pandas()
        if {"council", "child_ref"} <= set(frame.columns):
            pseudonyms = Pseudonyms.from_settings(self.settings)
            keys = pd.Series(index=frame.index, dtype=object)
            for council, rows in frame.groupby("council"):
                keys[rows.index] = list(pseudonyms.keys("child", str(council), rows["child_ref"]))
            frame["child_key"] = keys
        return frame


@pytest.fixture(scope="module")
def environment(
    warehouse_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[pytest.MonkeyPatch]:
    """A PACT_HOME and a database of the module's own, in the environment as a person would set them."""
    keeper = engine_for(warehouse_server.url()).execution_options(isolation_level="AUTOCOMMIT")
    name = f"country_{uuid.uuid4().hex[:10]}"
    with keeper.connect() as connection:
        connection.execute(sa.text(f"create database {name}"))
    home = tmp_path_factory.mktemp("country")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PACT_HOME", str(home))
        patch.delenv("PACT_PSEUDONYM_KEY_FILE", raising=False)
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        patch.setenv("PACT_WAREHOUSE_URL", warehouse_server.url(database=name).render_as_string(hide_password=False))
        analyst = warehouse_server.url("analyst", database=name)
        patch.setenv("PACT_WAREHOUSE_ANALYST_URL", analyst.render_as_string(hide_password=False))
        yield patch
    keeper.dispose()  # the database goes with the session's server


def take_the_whole_way(warehouse_server: EmbeddedPostgres, *, faults: bool, before: object = None) -> SmallCountry:
    settings = Settings.from_environment()
    words = io.StringIO()
    run_demo(settings, Console(file=words, width=150, no_color=True), councils=COUNCILS, faults=faults)
    owner = sa.make_url(str(settings.warehouse_url))
    analyst = warehouse_server.url("analyst", database=str(owner.database))
    return SmallCountry(settings, engine_for(owner), engine_for(analyst), words.getvalue())


def files_below(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())
