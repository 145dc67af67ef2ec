"""Parquet files of the lake: whole or not there, and closed where they must be."""

import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.lake import write_all
from pact_pipeline.lake.files import remove_unfinished
from pact_pipeline.lake.paths import LakeFiles, prepare_lake, restricted_subfolder
from pact_pipeline.settings import Settings

OLD, NEW = pa.table({"a": [1]}), pa.table({"a": [2]})


def test_a_restricted_file_is_its_owners_alone(tmp_path: Path) -> None:
    opened, closed = tmp_path / "open.parquet", tmp_path / "closed.parquet"
    write_all({opened: NEW, closed: NEW}, restricted=frozenset({closed}))
    assert stat.S_IMODE(closed.stat().st_mode) == 0o600
    assert pq.read_table(opened).equals(NEW)


def test_every_folder_of_the_restricted_tree_is_closed(settings: Settings) -> None:
    prepare_lake(settings)
    restricted_subfolder(settings, settings.lake_restricted / "councils" / "children")
    for folder in ("", "councils", "councils/children"):
        assert stat.S_IMODE((settings.lake_restricted / folder).stat().st_mode) == 0o700


def test_when_one_of_two_files_cannot_be_written_both_stay_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    write_all({first: OLD, second: OLD})
    write_table, written = pq.write_table, []

    def disk_full(table: pa.Table, *rest: object, **options: object) -> None:
        written.append(table)
        if len(written) == 2:
            raise OSError(28, "CANARY-CELL on a full disk")
        write_table(table, *rest, **options)

    monkeypatch.setattr(pq, "write_table", disk_full)
    with pytest.raises(PactFailure, match="LAKE-002") as caught:
        write_all({first: NEW, second: NEW})
    assert "CANARY" not in str(caught.value)
    assert caught.value.__context__ is None
    assert pq.read_table(first).equals(OLD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.parquet", "second.parquet"]


def test_what_a_killed_run_left_is_found_and_removed(tmp_path: Path) -> None:
    (tmp_path / "GLG.parquet.4711.unfinished").write_bytes(b"half")
    (tmp_path / "GLG.parquet").write_bytes(b"whole")
    assert remove_unfinished(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["GLG.parquet"]


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden"])
def test_a_name_that_leads_out_of_the_lake_is_refused(settings: Settings, name: str) -> None:
    with pytest.raises(PactFailure, match="LAKE-001"):
        LakeFiles.of(settings, "councils", "children", name)
