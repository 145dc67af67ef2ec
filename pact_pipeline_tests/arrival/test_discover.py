"""Finding files: what is one submission, what makes a new one, what waits, and what is told."""

import hashlib
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import fsspec
import pytest
from sqlalchemy import text

from pact_pipeline.arrival import archive_path, discover
from pact_pipeline.arrival.find import version_number
from pact_pipeline.arrival.group import Candidate, batches
from pact_pipeline.arrival.source import Folder, Listed
from pact_pipeline.ledger import Submission
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

CHILDREN = "GLG_children_201208.csv"


def ids(submissions: list[Submission]) -> list[str]:
    return [submission.submission_id for submission in submissions]


def test_six_files_of_a_month_are_one_submission(office: Office) -> None:
    office.write(six_children())
    found = office.discover()
    assert ids(found.submissions) == ids(found.registered) == ["GLG-councils-2012-08-01"]
    (submission,) = found.submissions
    assert [file.table for file in submission.files] == sorted(six_children())
    assert submission.received_at == datetime(2012, 9, 10, tzinfo=UTC)
    assert (found.files_seen, found.files_new) == (6, 6)


def test_every_file_lies_in_the_archive_under_its_hash_for_its_owner_alone(office: Office) -> None:
    office.write(six_children())
    office.discover()
    data = (office.settings.arrivals / "GLG" / CHILDREN).read_bytes()
    kept = archive_path(office.settings, hashlib.sha256(data).hexdigest())
    assert kept.read_bytes() == data
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(office.settings.archive.stat().st_mode) == 0o700


def test_the_same_bytes_twice_are_one_submission(office: Office) -> None:
    office.write(six_children())
    office.discover()
    office.write(six_children(), version="_resend", at="2012-10-01")
    found = office.discover()
    assert found.registered == []
    assert len(office.ledger.known()) == 1


def test_the_same_bytes_under_a_new_name_in_the_first_search_are_one_submission_too(office: Office) -> None:
    office.write(six_children())
    office.write(six_children(), version="_resend", at="2012-10-01")
    assert ids(office.discover().submissions) == ["GLG-councils-2012-08-01"]


def test_a_corrected_file_makes_a_submission_that_carries_the_others_over(office: Office) -> None:
    office.write(six_children())
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "sex": "male"}
    office.write(tables, only=["children"], version=" v2", at="2012-11-01")
    first, second = office.discover().submissions
    assert (first.sequence, second.sequence, second.supersedes) == (1, 2, first.submission_id)
    assert [file.table for file in second.files if not file.carried_over] == ["children"]
    assert second.received_at == datetime(2012, 11, 1, tzinfo=UTC)
    assert {f.table: f.sha256 for f in first.files if f.table != "children"} == {
        f.table: f.sha256 for f in second.files if f.table != "children"
    }


def test_a_correction_under_the_same_name_and_an_older_time_is_not_skipped(office: Office) -> None:
    office.write(six_children(), at="2012-09-10")
    office.discover()
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "sex": "male"}
    office.write(tables, only=["children"], at="2012-09-01")
    (second,) = office.discover().registered
    assert second.sequence == 2
    assert second.received_at == datetime(2012, 9, 10, tzinfo=UTC), "never before what it corrects"


def test_running_again_returns_what_has_no_verdict_and_registers_nothing(office: Office) -> None:
    office.write(six_children())
    first = office.discover()
    second = office.discover()
    assert second.submissions == first.submissions
    assert (second.registered, second.files_new) == ([], 0)


def test_an_incomplete_delivery_waits_until_it_is_whole_or_due(office: Office) -> None:
    tables = six_children()
    carers = tables.pop("carers")
    office.write(tables)

    def on(day: date) -> list[Submission]:
        return discover(office.settings, office.contracts, office.suppliers, office.ledger, today=day).submissions

    assert on(date(2012, 9, 15)) == []
    (waiting,) = discover(
        office.settings, office.contracts, office.suppliers, office.ledger, today=date(2012, 9, 15)
    ).waiting
    assert (waiting.period, waiting.missing, waiting.due) == ("2012-08", ("carers",), date(2012, 9, 15))
    office.write({"carers": carers})
    assert ids(on(date(2012, 9, 15))) == ["GLG-councils-2012-08-01"]


def test_an_incomplete_delivery_closes_after_the_due_day(office: Office) -> None:
    tables = six_children()
    del tables["carers"]
    office.write(tables)
    found = discover(office.settings, office.contracts, office.suppliers, office.ledger, today=date(2012, 9, 16))
    assert ids(found.submissions) == ["GLG-councils-2012-08-01"]


def test_a_file_that_fits_no_pattern_is_told_and_left(office: Office) -> None:
    office.write(six_children())
    office.put("Glasgow kids august FINAL.csv", b"a,b\r\n")
    office.put("~$GLG_children_201208.xlsx", b"lock")
    office.put("GLG_children_201213.csv", b"no such month")
    found = office.discover()
    assert found.unmatched == [("GLG", "GLG_children_201213.csv"), ("GLG", "Glasgow kids august FINAL.csv")]
    assert (office.settings.arrivals / "GLG" / "Glasgow kids august FINAL.csv").exists()


def test_the_period_comes_from_the_file_and_never_from_the_clock(office: Office) -> None:
    office.write(six_children(), period="2012-09", at="2026-01-01")
    assert ids(office.discover().submissions) == ["GLG-councils-2012-09-01"]


def test_a_file_that_changes_while_it_is_read_is_left_until_it_is_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(six_children())
    real = Folder.read

    def grown(place: Folder, file: Listed) -> Iterator[bytes]:
        yield from real(place, replace(file, bytes=file.bytes + 10) if file.name == CHILDREN else file)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "read", grown)
        found = discover(office.settings, office.contracts, office.suppliers, office.ledger, today=date(2012, 9, 11))
    assert found.growing == [("GLG", CHILDREN)]
    assert found.submissions == []
    assert len(office.discover().submissions) == 1


def test_a_supplier_whose_place_cannot_be_listed_never_stops_the_others(office: Office) -> None:
    office.write(six_children(), "GLG")
    fife = office.suppliers["FIF"]
    office.suppliers["FIF"] = replace(
        fife, deliveries=(replace(fife.deliveries[0], url="no-such-protocol://somewhere/FIF"),)
    )
    found = office.discover()
    assert ids(found.submissions) == ["GLG-councils-2012-08-01"]
    assert found.unreachable == [
        ("FIF", "no-such-protocol://somewhere/FIF", "the URL is of no kind that we fetch from")
    ]


def test_any_place_that_fsspec_opens_is_searched(office: Office) -> None:
    office.write(six_children())
    source = office.settings.arrivals / "GLG"
    filesystem = fsspec.filesystem("memory")
    for file in source.iterdir():
        filesystem.pipe(f"/glg/{file.name}", file.read_bytes())
    shutil.rmtree(source)
    council = office.suppliers["GLG"]
    office.suppliers["GLG"] = replace(council, deliveries=(replace(council.deliveries[0], url="memory://glg"),))
    assert len(office.discover().submissions[0].files) == 6


def test_an_absent_folder_has_no_files(office: Office) -> None:
    found = office.discover()
    assert (found.files_seen, found.unreachable, found.source_errors) == (0, [], [])


def test_two_runs_at_once_give_one_delivery_one_number(office: Office) -> None:
    """The second run's search waits for the first one's registration, and then finds it known."""
    from concurrent.futures import ThreadPoolExecutor

    office.write(six_children())
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(office.discover) for _ in range(2)]
    assert sorted(len(one.result().registered) for one in both) == [0, 1]
    with office.ledger.engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger.submission")).scalar() == 1


def test_versions_are_read_from_the_names_suffix() -> None:
    suffixes = {None: 0, " v2": 2, "_v10": 10, "_corrected": 2, " resend": 2}
    assert {suffix: version_number({"version": suffix}) for suffix in suffixes} == suffixes


def test_files_of_one_version_go_together_and_two_of_one_table_do_not() -> None:
    def candidate(table: str, version: int, day: int, name: str = "") -> Candidate:
        seen = datetime(2012, 9, day, tzinfo=UTC)
        return Candidate(0, table, version, seen, seen, name, f"{table}{version}{day}")

    together = [candidate("children", 0, 1), candidate("carers", 0, 3)]
    corrected = candidate("children", 2, 2)
    third = candidate("children", 2, 5)
    assert batches([third, corrected, *together]) == [together, [corrected], [third]]


def test_a_correction_that_is_taken_back_is_a_new_submission_and_stays_the_last(office: Office) -> None:
    office.write(six_children())
    office.discover()
    first = (office.settings.arrivals / "GLG" / CHILDREN).read_bytes()
    office.put(CHILDREN.replace(".csv", " v2.csv"), first.replace(b"female", b"male", 1))
    assert ids(office.discover().registered) == ["GLG-councils-2012-08-02"]
    office.put(CHILDREN.replace(".csv", " v3.csv"), first)
    assert ids(office.discover().registered) == ["GLG-councils-2012-08-03"]
    assert office.discover().registered == [], "found again it is nothing new"


def test_a_broken_link_hides_no_other_file(office: Office) -> None:
    office.write(six_children())
    (office.settings.arrivals / "GLG" / CHILDREN.replace(".csv", " v2.csv")).symlink_to("/nowhere/at/all")
    found = office.discover()
    assert ids(found.submissions) == ["GLG-councils-2012-08-01"]
    assert found.unreachable == []
