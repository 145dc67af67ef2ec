"""A runner for the module, and a place that can be set up anew in a moment."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from pact_pipeline.contracts import Contracts
from pact_pipeline.lake import Pseudonyms
from pact_pipeline.ledger import Ledger
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline_tests.ledger.emptied import empty_ledger

FIRST = "GLG-councils-2012-08-01"


@dataclass
class Place:
    """An installation, the process that runs intake in it, and what is compared of it."""

    process: "subprocess.Popen[str]"
    settings: Settings
    engine: Engine
    base: Path
    contracts_folder: Path

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.engine)

    def anew(self) -> None:
        """An empty ledger, no locks, and folders with nothing but what the suppliers sent and the key: so that each run takes
        the same steps."""
        shutil.rmtree(self.settings.home, ignore_errors=True)
        shutil.copytree(self.base, self.settings.home)
        empty_ledger(self.engine)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS locks CASCADE")

    def run(self, *requests: dict[str, Any]) -> list[dict[str, Any]]:
        """Runs at once, one a request; what each answered."""
        common = {
            "home": str(self.settings.home),
            "contracts": str(self.contracts_folder),
            "url": self.engine.url.render_as_string(hide_password=False),
            "action": "intake",
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([{**common, **request} for request in requests]) + "\n")
        self.process.stdin.flush()
        answers: list[dict[str, Any]] = json.loads(self.process.stdout.readline())
        for answer in answers:
            assert "UNFORESEEN" not in answer["failed"], answer["failed"]
        return answers

    def contents(self) -> dict[str, Any]:
        """Ledger, lake and feedback, without the times at which they were written."""
        ledger = self.ledger
        judgings = ledger.judgings(FIRST)
        frames = {
            "submissions": ledger.submissions().drop(columns=["registered_at", "judged_at", "decision_id"]),
            "tables": ledger.tables(),
            "findings": ledger.findings(),
            "lake files": ledger.lake_files(),
            "judgings": judgings.drop(columns=["judged_at", "decision_id"]),
            "decisions": ledger.decisions().drop(columns=["decided_at", "decision_id"]),
        }
        found: dict[str, Any] = {name: str(frame.to_dict("list")) for name, frame in frames.items()}
        found["by decision"] = judgings["decision_id"].notna().tolist()
        found["arrivals"] = sorted(ledger.first_seen())
        for folder in (self.settings.home / "lake", self.settings.archive):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.name.endswith(".unfinished"):
                    found[str(path.relative_to(self.settings.home))] = hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(self.settings.feedback.rglob("[!.]*")):
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    sheets = [name for name in book.namelist() if name.startswith("xl/")]
                    found[path.name] = {name: hashlib.sha256(book.read(name)).hexdigest() for name in sheets}
            elif path.is_file():
                found[path.name] = path.read_text(encoding="utf-8")
        return found

    def prove_whole(self) -> None:
        """What must hold at any instant: whatever has its name is whole, and what the ledger names is there."""
        for path in (self.settings.home / "lake").rglob("*.parquet"):
            pq.read_table(path)
        for path in self.settings.archive.rglob("*"):
            if path.is_file() and not path.name.endswith(".unfinished"):
                assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        for path in self.settings.feedback.rglob("*.xlsx"):
            with zipfile.ZipFile(path) as book:
                assert book.testzip() is None
        for path in self.settings.feedback.rglob("*.html"):
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        for submission in self.ledger.known():
            for file in submission.files:
                assert (self.settings.archive / file.sha256[:2] / file.sha256).is_file()
        for row in self.ledger.tables_in_force().to_dict("records"):
            for tree in (self.settings.lake_open, self.settings.lake_restricted):
                files = tree / row["collection"]
                name = f"{row['lake_name']}.parquet"
                assert pq.read_metadata(files / row["table_name"] / name).num_rows == row["rows_taken"]
                refused = files / f"{row['table_name']}__refused" / name
                assert (pq.read_metadata(refused).num_rows if refused.exists() else 0) == row["rows_refused"]

    def leftovers(self) -> list[Path]:
        """Unfinished files in lake and feedback. Those of the archive are cleared when they are an hour old."""
        folders = (self.settings.home / "lake", self.settings.feedback)
        return [path for folder in folders for path in folder.rglob("*.unfinished")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, warehouse_engine: Engine, contracts: Contracts) -> Iterator[Place]:
    ledger = Ledger(warehouse_engine)
    ledger.create()
    folder = tmp_path_factory.mktemp("crash")
    settings = Settings(folder / "home", CHECKOUT / "data_contracts")
    base = Settings(folder / "base", settings.contracts)
    (base.home).mkdir()
    Pseudonyms.from_settings(base)
    contracts_folder = next(iter(contracts.values())).path.parents[1]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pact_pipeline_tests.intake.crash.runner", str(contracts_folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield Place(process, settings, warehouse_engine, base.home, contracts_folder)
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=20)
