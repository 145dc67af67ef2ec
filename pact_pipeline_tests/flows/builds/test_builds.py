"""A build is written whole or not at all, says what it is, and is proven when it is read."""

import errno
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pact_pipeline.arrival import discover
from pact_pipeline.contracts import load_contracts
from pact_pipeline.engines.duckdb_engine import spilling_into
from pact_pipeline.failures import PactFailure
from pact_pipeline.flows.build import (
    compute_core,
    compute_measures,
    publish_build,
    submission_quality,
)
from pact_pipeline.flows.build_fingerprint import current_fingerprint
from pact_pipeline.flows.build_folder import (
    CORE_NOTE,
    LOCK,
    NOTE,
    REFUSALS,
    SUBMISSIONS,
    begin,
    core_waiting,
    newest_build,
    prove_build,
    served_build,
    what_is_served,
)
from pact_pipeline.ledger import FindingCount
from pact_pipeline.ledger.queries import LedgerQueries
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.warehouse.publish import current_build
from pact_pipeline_tests.flows.builds.conftest import build, failing, leftovers, serve, spread
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
    assert made.fingerprint == current_fingerprint(taken.pact.contracts, taken.pact.suppliers, taken.ledger)
    assert made.rows["journey"] == 12
    assert made.rows["awaiting"] > 0
    prove_build(made)


def test_a_core_without_measures_is_no_build_and_its_measures_finish_it(taken: Office) -> None:
    core = compute_core(taken.settings, taken.pact.contracts, taken.pact.suppliers, taken.ledger)
    with pytest.raises(PactFailure, match="BUILD-001"):
        newest_build(taken.settings)
    finished = compute_measures(core_waiting(taken.settings))
    assert newest_build(taken.settings).build_id == finished.build_id == core.build_id
    with pytest.raises(PactFailure, match="BUILD-003: there is no core that waits for its measures"):
        core_waiting(taken.settings)


def test_two_builds_of_one_moment_are_two(taken: Office) -> None:
    first, second = build(taken), build(taken)
    assert first.build_id != second.build_id
    moment = first.made_at
    begun = [begin(taken.settings, taken.engine, first.made_of, 2, moment) for _ in range(2)]
    assert len({one.folder for one in begun}) == 2


def test_what_another_process_writes_is_not_cleared_away_and_what_it_left_is(taken: Office) -> None:
    begins = (
        "import sys; from datetime import UTC, datetime; from pact_pipeline.flows.build_folder import begin\n"
        "from pact_pipeline.settings import Settings; from pact_pipeline.warehouse.connect import warehouse_engine\n"
        "settings = Settings.from_environment()\n"
        "print(begin(settings, warehouse_engine(settings), {'all': 'f' * 64}, 0, datetime.now(UTC)).folder, flush=True)\n"
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


NOTE_OF = {
    "build_id": "b", "fingerprint": "f", "submissions": 1, "made_at": "2013-08-15T10:00:00+00:00", "rows": {}, "files": {},
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"build_id": "b"}',
        '{"build_id": "b", "rows": []}',
        json.dumps({**NOTE_OF, "made_at": "2013-08-15T10:00:00"}),
        json.dumps({**NOTE_OF, "submissions": float("inf")}),
        json.dumps(NOTE_OF),
    ],
    ids=["none", "empty", "cut", "a list", "one fact", "no rows", "no zone", "infinite", "another build's"],
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


def test_a_copied_folder_is_no_build(taken: Office) -> None:
    made = build(taken)
    shutil.copytree(made.folder, made.folder.with_name(f"{made.build_id}-copy"))
    assert newest_build(taken.settings) == made


def test_measures_are_not_computed_from_a_damaged_core_and_the_next_build_is_whole(taken: Office) -> None:
    core = compute_core(taken.settings, taken.pact.contracts, taken.pact.suppliers, taken.ledger)
    (core.folder / "core/journey.parquet").write_bytes(b"PAR1")
    with pytest.raises(PactFailure, match=r"BUILD-002: 1 of .* Where: core/journey.parquet"):
        compute_measures(core_waiting(taken.settings))
    assert not core.folder.exists()
    made = build(taken)
    assert newest_build(taken.settings) == made


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            duckdb.IOException("Could not write file: No space left on device"),
            "DISK-001: the disk is full, while writing",
        ),
        (duckdb.IOException("Could not read from file"), "DISK-001: the disk failed, EIO, while writing"),
        (duckdb.OutOfMemoryException("Out of Memory Error: a cell"), "MEMORY-001: memory is not enough for a build"),
    ],
    ids=["full", "failing", "memory"],
)
@pytest.mark.parametrize("half", ["core", "measures"])
def test_what_duckdb_meets_on_the_disk_is_no_definitions_fault(
    taken: Office, monkeypatch: pytest.MonkeyPatch, half: str, error: Exception, told: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(f"pact_pipeline.{half}.build.write_table", fails)
    with pytest.raises(PactFailure, match=told) as failed:
        build(taken)
    assert "cell" not in str(failed.value)
    assert leftovers(taken.settings.builds) == []


def test_what_has_no_room_in_memory_lies_in_the_builds_folder_meanwhile(tmp_path: Path) -> None:
    with spilling_into(tmp_path) as db:
        db.execute("set memory_limit = '40MB'; set threads = 1; set preserve_insertion_order = false")
        db.execute("create table t as select range as a, hash(range) as b from range(4_000_000)")
        assert any((tmp_path / "spilled").iterdir())
    assert list(tmp_path.iterdir()) == []


def test_a_served_build_whose_folder_is_gone_is_told(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PactFailure, match="REP-001"):
        served_build(taken.settings, taken.engine)
    made = serve(taken, monkeypatch)
    assert served_build(taken.settings, taken.engine) == made
    assert what_is_served(taken.settings, taken.engine) == (made.build_id, made)
    shutil.rmtree(made.folder)
    assert what_is_served(taken.settings, taken.engine) == (made.build_id, None)
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
        publish_build(taken.settings, taken.pact.contracts, taken.engine, damaged)
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


def test_reasons_are_of_the_judged_delivery_that_data_quality_tells_of(taken: Office) -> None:
    """A delivery that came and isn't judged yet has no reasons, and takes none away from the one before."""
    pact = taken.pact
    first = taken.ledger.verdicts()["MLN-councils-2012-08-01"]
    found = FindingCount("children", "CH-010", "sex", "refuse", 3, examined=12)
    taken.ledger.record(replace(first, state=State.REFUSED, findings=(found,), judging=2))
    taken.send("MLN", "2012-08", version="_v2", initials="CD")
    waiting = discover(pact.settings, pact.contracts, pact.suppliers, taken.ledger)
    assert [one.submission_id for one in waiting.submissions] == ["MLN-councils-2012-08-02"]
    reasons = pq.read_table(build(taken).folder / REFUSALS).to_pandas()
    assert reasons[["submission_id", "rule", "rows"]].to_numpy().tolist() == [["MLN-councils-2012-08-01", "CH-010", 3]]


def test_a_delivery_is_due_by_its_own_tables_not_by_its_collections() -> None:
    """The CLAS return is due 122 days after the year; its published counts, in the same collection, 365."""

    class Kept:
        def submissions(self) -> pd.DataFrame:
            sent = [
                ("a", "GLG", "councils", "2012-08"),
                ("b", "clas", "clas", "CLAS2012"),
                ("c", "clas", "clas", "CLAS2012"),
            ]
            frame = pd.DataFrame(sent, columns=["submission_id", "supplier", "collection", "period"])
            return frame.assign(state="taken", received_at=datetime(2013, 1, 2, tzinfo=UTC))

        def tables(self) -> pd.DataFrame:
            tables = [
                ("a", "children"),
                ("a", "milestones"),
                ("b", "children"),
                ("b", "episodes"),
                ("c", "annual_counts"),
            ]
            return pd.DataFrame(tables, columns=["submission_id", "table_name"])

    contracts = load_contracts(CHECKOUT / "data_contracts")
    suppliers = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts)
    glasgow = suppliers["GLG"]
    (delivery,) = glasgow.deliveries
    ((start, layout),) = delivery.layouts
    children = layout.tables["children"]
    lacking = replace(children, absent=("scn", "destination"), unmapped=("twin_tracked",))
    without = replace(layout, tables={**layout.tables, "children": lacking})
    suppliers = {**suppliers, "GLG": replace(glasgow, deliveries=(replace(delivery, layouts=((start, without),)),))}
    quality = submission_quality(contracts, suppliers, cast("LedgerQueries", Kept()))
    assert quality["columns_lacking"].tolist() == ["children.destination, children.twin_tracked", "", ""]
    assert [str(day.date()) for day in quality["due_on"]] == ["2012-09-15", "2012-11-30", "2013-07-31"]
