"""The instance is made once, whoever comes first."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pact_pipeline.settings import CHECKOUT

OPENS = (
    "from pact_pipeline.orchestration.instance import open_instance\n"
    "from pact_pipeline.settings import Settings\n"
    "with open_instance(Settings.from_environment()) as instance:\n"
    "    print(instance.get_runs_count())"
)


@pytest.mark.parametrize("processes", [4])
def test_processes_that_open_a_new_instance_at_once_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setenv("PACT_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    opened = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", OPENS], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    assert [one.communicate()[0] for one in opened] == ["0\n"] * processes
    for store in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        with sqlite3.connect(tmp_path / "dagster" / store) as connection:
            assert connection.execute("select count(*) from alembic_version").fetchall() == [(1,)], store
    assert (tmp_path / "dagster").stat().st_mode & 0o777 == 0o700
