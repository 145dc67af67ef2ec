"""Damage of ours is found by its hash, told as ours, and nothing is judged or built from it (architecture#a-home)."""

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pact_pipeline.arrival.archive import archive_path
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.runs import IntakeUnfinished
from pact_pipeline.intake.runs.rejudge import judge_again
from pact_pipeline.lake import replacement
from pact_pipeline.lake.proof import damaged, prove_lake, record_found
from pact_pipeline.lake.replacement import finish_replacements, replace_file
from pact_pipeline.ledger import LakeFile
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

AUGUST = "GLG-councils-2012-08-01"


def taken(office: Office) -> Path:
    """August is in force, with a refused row; the open file of its children."""
    tables = six_children()
    tables["children"][5] = {**tables["children"][5], "sex": "?"}
    office.write(tables)
    office.take_all()
    return office.settings.lake_open / "councils/children" / f"{AUGUST}.parquet"


def other_sex(path: Path) -> None:
    table = pq.read_table(path)
    column = table.schema.get_field_index("sex")
    pq.write_table(table.set_column(column, "sex", pa.array(["male"] * table.num_rows)), path)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def refused_file(path: Path) -> Path:
    return path.parent.with_name("children__refused") / path.name


def pipe(path: Path) -> None:
    """Something that whoever opens it waits at for ever."""
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("which", "harm"),
    [
        (lambda path: path, other_sex),
        (lambda path: path, cut),
        (lambda path: path, lambda path: path.write_bytes(b"PAR1 nonsense")),
        (lambda path: path, Path.unlink),
        (lambda path: path, pipe),
        (refused_file, Path.unlink),
        (refused_file, cut),
    ],
    ids=["column rewritten", "cut", "no Parquet", "gone", "a pipe", "refused rows gone", "refused rows cut"],
)
def test_a_file_that_is_not_what_was_written_is_damage(
    office: Office, which: Callable[[Path], Path], harm: Callable[[Path], object]
) -> None:
    path = which(taken(office))
    assert prove_lake(office.settings, office.ledger, [AUGUST]) == 8
    before = pq.read_metadata(path).num_rows
    harm(path)
    assert not path.exists() or harm is not other_sex or pq.read_metadata(path).num_rows == before
    with pytest.raises(PactFailure) as told:
        prove_lake(office.settings, office.ledger, [AUGUST])
    assert str(told.value) == (
        "LAKE-010: 1 file of the lake is gone or not what was written there: this is damage of ours. Where:"
        f" {path.relative_to(office.settings.home)}. To mend: restore it from the backup; the suppliers need do nothing."
        " Nothing was judged or built from it, and what is in force stays. All that is damaged is named by: pact lake prove"
    )


def test_a_superseded_vintage_is_proven_too(office: Office) -> None:
    path = taken(office)
    office.write(six_children(), version=" v2", only=["children"], at="2012-09-20")
    office.take_all()
    cut(path)
    with pytest.raises(PactFailure, match=f"children/{AUGUST}"):
        prove_lake(office.settings, office.ledger, [AUGUST, "GLG-councils-2012-08-02"])


def test_damage_of_the_submission_before_gives_no_verdict_on_the_next(office: Office) -> None:
    other_sex(taken(office))
    office.write(six_children(), period="2012-09", at="2012-10-10")
    with pytest.raises(IntakeUnfinished, match="LAKE-010"):
        office.take_all()
    assert [one.submission_id for one in office.ledger.received()] == ["GLG-councils-2012-09-01"]
    assert office.ledger.in_force()["submission_id"].tolist() == [AUGUST]


# --- the archive


def archived(office: Office) -> Path:
    """The children's table of August as it lies in the archive."""
    (file,) = (one for one in office.ledger.known()[0].files if one.table == "children")
    return archive_path(office.settings, file.sha256)


@pytest.mark.parametrize(
    "harm", [cut, Path.unlink, lambda path: path.write_bytes(b"x"), pipe], ids=["cut", "gone", "other", "a pipe"]
)
def test_a_damaged_archive_is_never_told_as_the_suppliers_fault(office: Office, harm: Callable[[Path], object]) -> None:
    taken(office)
    path = archived(office)
    harm(path)
    with pytest.raises(IntakeUnfinished) as told:
        judge_again(office.intake_context(), office.ledger, [AUGUST], workers=1)
    failure = told.value.failures[AUGUST]
    what = "gone" if harm is Path.unlink else "not what came any more"
    assert str(failure) == (
        f"ARCHIVE-001: a file that came is {what} in the archive: this is damage of ours. Where:"
        f" {path.relative_to(office.settings.home)} (GLG_children_201208.csv of {AUGUST}). To mend: restore it from the backup"
        " and run again; the supplier need do nothing. No verdict was reached, and what is in force stays."
    )
    assert len(office.ledger.judgings(AUGUST)) == 1
    assert office.ledger.in_force()["submission_id"].tolist() == [AUGUST]


def test_an_archived_file_that_was_cut_is_written_anew_while_the_supplier_has_it(office: Office) -> None:
    taken(office)
    cut(archived(office))
    office.discover()
    judge_again(office.intake_context(), office.ledger, [AUGUST], workers=1)


def test_a_file_removed_from_the_archive_by_record_is_told_as_that(office: Office) -> None:
    taken(office)
    path = archived(office)
    number = replace_file(office.settings, office.ledger, path, None, because="erasure of K1", who="a.person")
    assert not path.exists()
    with pytest.raises(IntakeUnfinished) as told:
        judge_again(office.intake_context(), office.ledger, [AUGUST], workers=1)
    assert (
        f"ARCHIVE-002: the file was removed from the archive on purpose, so that it can't be judged again (record {number}"
        in (str(told.value.failures[AUGUST]))
    )


# --- replacing by record


def without_first_row(path: Path) -> pa.Table:
    table = pq.read_table(path)
    return table.filter(pc.not_equal(table["record_key"], table["record_key"][0]))


def test_a_file_replaced_by_record_is_what_the_record_says(office: Office) -> None:
    path = taken(office)
    before, mode = office.ledger.fingerprint(), path.stat().st_mode
    replace_file(office.settings, office.ledger, path, without_first_row(path), because="erasure", who="a.person")
    assert pq.read_metadata(path).num_rows == 4
    assert path.stat().st_mode == mode
    prove_lake(office.settings, office.ledger, [AUGUST])
    assert office.ledger.fingerprint() != before
    cut(path)
    with pytest.raises(PactFailure, match="LAKE-010"):
        prove_lake(office.settings, office.ledger, [AUGUST])


def test_a_file_removed_by_record_is_not_missed(office: Office) -> None:
    path = taken(office)
    replace_file(office.settings, office.ledger, path, None, because="erasure", who="a.person")
    assert not path.exists()
    prove_lake(office.settings, office.ledger, [AUGUST])
    office.write(six_children(), period="2012-09", at="2012-10-10")
    assert office.take_all()


def test_what_is_damaged_is_not_replaced(office: Office) -> None:
    path = taken(office)
    table = without_first_row(path)
    cut(path)
    for new in (table, None):
        with pytest.raises(PactFailure, match="LAKE-013"):
            replace_file(office.settings, office.ledger, path, new, because="erasure", who="a.person")
    path.unlink()
    with pytest.raises(PactFailure, match="LAKE-013"):
        replace_file(office.settings, office.ledger, path, table, because="erasure", who="a.person")


class Killed(BaseException):
    pass


@pytest.mark.parametrize("removes", [False, True])
@pytest.mark.parametrize("recorded", [False, True])
def test_a_replacement_that_broke_off_is_undone_or_finished(
    office: Office, monkeypatch: pytest.MonkeyPatch, removes: bool, recorded: bool
) -> None:
    path = taken(office)
    table = None if removes else without_first_row(path)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        if not recorded:
            dying.setattr(office.ledger, "record_replacement", killed)
        elif removes:
            dying.setattr(Path, "unlink", killed)
        else:
            dying.setattr(Path, "replace", killed)
        with pytest.raises(Killed):
            replace_file(office.settings, office.ledger, path, table, because="erasure", who="a.person")
    prove_lake(office.settings, office.ledger, [AUGUST])
    rows = pq.read_metadata(path).num_rows if path.exists() else 0
    assert rows == (5 if not recorded else 0 if removes else 4)
    assert not list(path.parent.glob(f".*{replacement.PENDING}"))
    finish_replacements(office.settings, office.ledger)


def test_a_full_disk_leaves_the_file_as_it_was(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = taken(office)
    table = without_first_row(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PactFailure, match="LAKE-014"):
        replace_file(office.settings, office.ledger, path, table, because="erasure", who="a.person")
    monkeypatch.undo()
    prove_lake(office.settings, office.ledger, [AUGUST])


# --- judgings from before hashes were kept


def forget_hashes(office: Office) -> None:
    """As a home has it that an earlier version made."""
    with office.ledger.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE ledger.lake_file DISABLE TRIGGER USER")
        connection.exec_driver_sql("DELETE FROM ledger.lake_file")
        connection.exec_driver_sql("ALTER TABLE ledger.lake_file ENABLE TRIGGER USER")


def how_recorded(office: Office) -> list[tuple[str, int]]:
    with office.ledger.engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT recorded, count(*) FROM ledger.lake_file GROUP BY 1")
        return [(row[0], row[1]) for row in found]


def test_files_of_before_hashes_were_kept_are_recorded_as_found(office: Office) -> None:
    taken(office)
    (written,) = how_recorded(office)
    forget_hashes(office)
    assert record_found(office.settings, office.ledger) == []
    assert how_recorded(office) == [("found", written[1])]
    assert record_found(office.settings, office.ledger) == []
    assert damaged(office.settings, office.ledger.lake_files()) == []


def test_such_files_with_other_rows_than_the_ledger_counted_are_damage(office: Office) -> None:
    path = taken(office)
    forget_hashes(office)
    pq.write_table(without_first_row(path), path)
    with pytest.raises(PactFailure, match="LAKE-010"):
        prove_lake(office.settings, office.ledger, [AUGUST])
    assert how_recorded(office) == []


def test_what_was_written_is_what_was_hashed(office: Office) -> None:
    taken(office)
    files = office.ledger.lake_files()
    assert len(files) == 16
    assert damaged(office.settings, files) == []
    assert LakeFile(files["path"][0], files["sha256"][0], 0).path.startswith("lake/open/councils/carers/")
