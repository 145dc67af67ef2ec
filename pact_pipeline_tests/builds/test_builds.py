"""A build is written whole or not at all, says what it is, and is proven when it is read."""

import errno
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pact_pipeline.builds import (
    CORE_NOTE,
    LOCK,
    NOTE,
    REFUSALS,
    SUBMISSIONS,
    begin,
    core_waiting,
    newest_build,
    newest_core,
    prove_build,
    served_build,
)
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import State
from pact_pipeline.national_build import compute_core, compute_measures, current_fingerprint, publish_build
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse.publish import current_build
from pact_pipeline_tests.builds.conftest import build, failing, leftovers, serve, spread
from pact_pipeline_tests.orchestration.conftest import Office


def test_a_build_has_a_note_with_the_hash_of_each_of_its_files(taken: Office) -> None:
    made = build(taken)
    assert newest_build(taken.settings) == made
    assert set(made.files) == {
        path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*.parquet")
    }  # and nothing else lies there
    assert {path.name for path in made.folder.iterdir() if path.is_file()} >= {NOTE, REFUSALS, SUBMISSIONS}
    assert not (made.folder / LOCK).exists()
    assert not (made.folder / CORE_NOTE).exists()
    assert made.fingerprint == current_fingerprint(taken.settings, taken.ledger)
    assert made.rows["journey"] == 12
    assert made.rows["awaiting"] > 0
    prove_build(made)


def test_a_core_without_measures_is_no_build_and_its_measures_finish_it(taken: Office) -> None:
    core = compute_core(taken.settings, taken.pact.contracts, taken.ledger)
    with pytest.raises(PactFailure, match="BUILD-001"):
        newest_build(taken.settings)
    waiting = newest_core(taken.settings)
    assert waiting is not None
    assert waiting.build_id == core.build_id
    finished = compute_measures(core_waiting(taken.settings))
    assert newest_build(taken.settings).build_id == finished.build_id == core.build_id
    with pytest.raises(PactFailure, match="BUILD-003: there is no core that waits for its measures"):
        core_waiting(taken.settings)


def test_two_builds_of_one_moment_are_two(taken: Office) -> None:
    first, second = build(taken), build(taken)
    assert first.build_id != second.build_id
    moment = first.made_at
    begun = [begin(taken.settings, taken.engine, first.fingerprint, 2, moment) for _ in range(2)]
    assert len({one.folder for one in begun}) == 2


def test_what_another_process_writes_is_not_cleared_away_and_what_it_left_is(taken: Office) -> None:
    begins = (
        "import sys; from datetime import UTC, datetime; from pact_pipeline.builds import begin\n"
        "from pact_pipeline.settings import Settings; from pact_pipeline.warehouse.connect import warehouse_engine\n"
        "settings = Settings.from_environment()\n"
        "print(begin(settings, warehouse_engine(settings), 'f' * 64, 0, datetime.now(UTC)).folder, flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", begins], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    ) as other:
        assert other.stdout is not None
        folder = Path(other.stdout.readline().strip())
        assert folder.is_dir()
        build(taken)
        assert folder.is_dir()
        other.kill()
    build(taken)
    assert not folder.exists()
    assert leftovers(taken.settings.builds) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=["full", "failing", "closed"])
def test_an_error_of_the_disk_leaves_nothing_of_a_build_and_the_next_one_is_whole(
    taken: Office, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    said = {
        errno.ENOSPC: "the disk is full",
        errno.EIO: "the disk failed, EIO",
        errno.EACCES: "a file or folder may not be read or written",
    }
    former = build(taken)
    with failing(monkeypatch, 0) as steps:
        build(taken)
    assert len(steps) > 40
    newest = newest_build(taken.settings)
    for at in spread(len(steps), 5):
        with failing(monkeypatch, at, number), pytest.raises(PactFailure) as told:
            build(taken)
        assert said[number] in str(told.value), steps[at - 1]
        assert "fault of the program" not in str(told.value)
        assert newest_build(taken.settings) == newest
        assert leftovers(taken.settings.builds) == []
    again = build(taken)
    assert {name: rows for name, rows in again.rows.items() if rows != former.rows[name]} == {}


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"build_id": "b"}', '{"build_id": "b", "rows": []}'], ids=lambda text: repr(text)
)
def test_a_build_with_a_broken_note_is_left_out_and_told(
    taken: Office, text: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    good, broken = build(taken), build(taken)
    if text is None:
        (broken.folder / NOTE).unlink()
    else:
        (broken.folder / NOTE).write_text(text)
    assert newest_build(taken.settings) == good
    assert f"The folder builds/{broken.build_id} has " in caplog.text
    build(taken)


def test_a_served_build_whose_folder_is_gone_is_told(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    with pytest.raises(PactFailure, match="REP-001"):
        served_build(taken.settings, taken.engine)
    made = serve(taken, monkeypatch)
    assert served_build(taken.settings, taken.engine) == made
    shutil.rmtree(made.folder)
    with pytest.raises(PactFailure, match=f"REP-003: build {made.build_id} is served, but its folder is gone"):
        served_build(taken.settings, taken.engine)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1 and no Parquet PAR1"], ids=["empty", "cut", "garbage"])
@pytest.mark.parametrize("file", ["core/journey.parquet", "measures/awaiting.parquet"])
def test_a_damaged_build_is_not_published_and_the_former_stays(
    taken: Office, monkeypatch: pytest.MonkeyPatch, file: str, data: bytes
) -> None:
    served, damaged = serve(taken, monkeypatch), build(taken)
    (damaged.folder / file).write_bytes(data)
    with pytest.raises(PactFailure) as told:
        publish_build(taken.pact.contracts, taken.engine, damaged)
    assert str(told.value) == (
        f"BUILD-002: 1 of {len(damaged.files)} files of build {damaged.build_id} are gone or not what was written there. Where:"
        f" {file}. To mend: run: pact build. Nothing is lost: a build is made from the lake."
    )
    assert current_build(taken.engine) == served.build_id


def test_a_build_of_an_earlier_version_is_told_to_be_made_anew(taken: Office) -> None:
    made = build(taken)
    note = json.loads((made.folder / NOTE).read_text())
    del note["files"]
    (made.folder / NOTE).write_text(json.dumps(note))
    with pytest.raises(PactFailure, match="BUILD-004"):
        prove_build(newest_build(taken.settings))


def test_what_comes_later_does_not_change_what_a_build_says(taken: Office) -> None:
    made = build(taken)
    before = [pd.read_parquet(made.folder / name) for name in (SUBMISSIONS, REFUSALS)]
    verdict = taken.ledger.verdicts()["MLN-councils-2012-08-01"]
    taken.ledger.record(replace(verdict, state=State.HELD, judging=2))
    after = [pd.read_parquet(made.folder / name) for name in (SUBMISSIONS, REFUSALS)]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))
    submissions = pq.read_table(build(taken).folder / SUBMISSIONS).to_pandas()
    assert submissions.set_index("submission_id")["state"]["MLN-councils-2012-08-01"] == "held"


def test_a_build_is_made_of_one_moment(taken: Office) -> None:
    verdict = taken.ledger.verdicts()["MLN-councils-2012-08-01"]
    with taken.ledger.at_one_moment() as known:
        fingerprint, in_force = known.fingerprint(), known.in_force()
        taken.ledger.record(replace(verdict, state=State.HELD, judging=2))
        assert known.fingerprint() == fingerprint
        assert known.in_force().equals(in_force)
        assert set(known.submissions()["state"]) == {"taken"}
    assert len(taken.ledger.in_force()) == len(in_force) - 1
