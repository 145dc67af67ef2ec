"""Drafts follow the build that is served, say when they are older, and stay whole whatever happens while they are written."""

import errno
import json
from dataclasses import replace

import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.flows.build_fingerprint import current_fingerprint
from pact_pipeline.flows.reports import Owed, mark_older, not_reported, owed, write_drafts, written_of
from pact_pipeline.reports.html import AN_OLDER_PAGE, build_of_page
from pact_pipeline.submission_state import State
from pact_pipeline.warehouse.publish import current_build
from pact_pipeline_tests.flows.builds.conftest import failing, serve, spread, take, taken
from pact_pipeline_tests.orchestration.conftest import Office, office

__all__ = ["office", "taken"]
MONTH, LATER = "2012-08", "2012-09"
BOTH = ("MLN", "STG")


def contents(office: Office, month: str = MONTH) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((office.settings.drafts / month).glob("*.html"))}


def write(office: Office, *councils: str, month: str = MONTH, first: tuple[str, ...] = ()) -> list[str]:
    in_force = current_fingerprint(office.pact.contracts, office.pact.suppliers, office.ledger)
    pages = write_drafts(office.settings, office.engine, in_force, month, councils, first=first)
    return [page.council for page in pages]


def corrected(office: Office, council: str = "MLN", period: str = MONTH, initials: str = "CD") -> None:
    office.send(council, period, version="_v2", initials=initials)
    take(office)


def is_older(page: str) -> bool:
    return AN_OLDER_PAGE in page


def owed_months(office: Office, newest: str = MONTH) -> list[Owed]:
    return owed(office.settings, str(current_build(office.engine)), newest)


def test_pages_name_their_build_and_lie_closed(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = serve(taken, monkeypatch)
    assert write(taken, *BOTH) == ["MLN", "STG"]
    pages = contents(taken)
    assert list(pages) == ["MLN", "STG"]
    assert {build_of_page(page[:1000]) for page in pages.values()} == {made.build_id}
    assert not any(map(is_older, pages.values()))
    assert written_of(taken.settings, MONTH) == made.build_id
    assert taken.settings.drafts.stat().st_mode & 0o777 == 0o700


def test_pages_of_another_build_than_the_served_one_say_that_they_are_older(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serve(taken, monkeypatch)
    write(taken, *BOTH)
    corrected(taken)
    second = serve(taken, monkeypatch)
    assert all(is_older(page) and first.build_id in page for page in contents(taken).values())
    assert write(taken, "STG") == ["STG"]
    pages = contents(taken)
    assert (is_older(pages["MLN"]), is_older(pages["STG"])) == (True, False)
    assert second.build_id in pages["STG"]
    assert write(taken, *BOTH) == ["MLN", "STG"]
    assert not any(map(is_older, contents(taken).values()))


def test_the_council_whose_return_has_changed_comes_first(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(taken, monkeypatch)
    write(taken, *BOTH)
    assert owed_months(taken) == []
    corrected(taken, "STG")
    serve(taken, monkeypatch)
    assert owed_months(taken) == [Owed(MONTH, ("STG",))]
    assert write(taken, *BOTH, first=("STG",)) == ["STG", "MLN"]
    assert owed_months(taken) == []


def test_a_late_return_is_followed_in_its_month_and_in_the_newest(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for council in BOTH:
        taken.send(council, LATER)
    take(taken)
    serve(taken, monkeypatch)
    assert owed_months(taken, LATER) == [Owed(LATER)], "the first build: no draft follows one that there never was"
    write(taken, *BOTH, month=LATER)
    corrected(taken)
    serve(taken, monkeypatch)
    assert owed_months(taken, LATER) == [Owed(MONTH, ("MLN",)), Owed(LATER)]
    write(taken, *BOTH, month=MONTH)
    assert owed_months(taken, LATER) == [Owed(LATER)]
    write(taken, *BOTH, month=LATER)
    assert owed_months(taken, LATER) == []


def test_what_a_second_build_changes_before_drafts_have_followed_the_first_is_not_lost(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(taken, monkeypatch)
    write(taken, *BOTH)
    corrected(taken, "MLN")
    serve(taken, monkeypatch)
    corrected(taken, "STG")
    serve(taken, monkeypatch)
    assert owed_months(taken) == [Owed(MONTH, ("MLN", "STG"))]


def test_a_build_that_changes_a_month_while_drafts_of_it_are_written_is_followed(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(taken, monkeypatch)
    corrected(taken)
    serve(taken, monkeypatch)
    in_force = current_fingerprint(taken.pact.contracts, taken.pact.suppliers, taken.ledger)
    pages = write_drafts(taken.settings, taken.engine, in_force, MONTH, BOTH)
    queue = taken.settings.drafts / "to_follow.json"
    next(pages)
    queue.write_text(json.dumps({MONTH: {"build": "99991231T000000-later", "councils": ["STG"]}}))
    assert len(list(pages)) == 1
    assert owed_months(taken) == [Owed(MONTH, ("STG",))]


def test_where_the_former_builds_folder_is_gone_every_month_with_drafts_follows(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    made = serve(taken, monkeypatch)
    write(taken, *BOTH)
    shutil.rmtree(made.folder)
    corrected(taken)
    serve(taken, monkeypatch)
    assert owed_months(taken) == [Owed(MONTH, BOTH)]


def test_nothing_is_written_from_a_build_that_is_behind(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = serve(taken, monkeypatch)
    write(taken, *BOTH)
    before = contents(taken)
    corrected(taken)
    with pytest.raises(PactFailure, match=f"REP-004: build {made.build_id}, which is served, is behind"):
        write(taken, *BOTH)
    assert contents(taken) == before


def test_who_has_not_reported_is_named(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(taken, monkeypatch)
    missing = not_reported(taken.settings, taken.engine, MONTH)
    assert len(missing) == 30
    assert {"Midlothian", "Stirling"}.isdisjoint(missing)
    assert "Glasgow City" in missing


def test_a_page_of_a_council_that_has_no_report_any_more_is_gone(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(taken, monkeypatch)
    write(taken, *BOTH)
    verdict = taken.ledger.verdicts()["MLN-councils-2012-08-01"]
    taken.ledger.record(replace(verdict, state=State.HELD, judging=2))
    serve(taken, monkeypatch)
    assert write(taken, *BOTH) == ["STG"]
    assert list(contents(taken)) == ["STG"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_an_error_of_the_disk_leaves_each_page_whole_and_what_is_owed_known(
    taken: Office, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    serve(taken, monkeypatch)
    write(taken, *BOTH)
    corrected(taken)
    second = serve(taken, monkeypatch)
    with failing(monkeypatch, 0) as steps:
        write(taken, *BOTH)
    (taken.settings.drafts / "to_follow.json").write_text(
        json.dumps({MONTH: {"build": second.build_id, "councils": ["MLN"]}})
    )
    for at in spread(len(steps), 5):
        with failing(monkeypatch, at, number), pytest.raises(PactFailure, match="DISK-001: the disk"):
            write(taken, *BOTH)
        assert all(page.rstrip().endswith("</html>") for page in contents(taken).values())
        assert [path.name for path in taken.settings.drafts.rglob("*.unfinished")] == []
    assert owed_months(taken) == [Owed(MONTH, ("MLN",))]
    write(taken, *BOTH)
    assert owed_months(taken) == []


def test_a_damaged_build_makes_no_page(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = serve(taken, monkeypatch)
    write(taken, *BOTH)
    before = contents(taken)
    (made.folder / "measures/awaiting.parquet").write_bytes(b"PAR1")
    with pytest.raises(PactFailure, match=r"BUILD-002: .* Where: measures/awaiting.parquet"):
        write(taken, *BOTH)
    assert contents(taken) == before
    assert current_build(taken.engine) == made.build_id


@pytest.mark.parametrize("text", ["", "{", "[]", '{"soon": {}}', '{"2012-08": 1}'])
def test_a_list_of_what_must_follow_that_is_damaged_is_begun_anew(
    taken: Office, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    serve(taken, monkeypatch)
    write(taken, *BOTH)
    (taken.settings.drafts / "to_follow.json").write_text(text)
    assert owed_months(taken) == []
    corrected(taken)
    serve(taken, monkeypatch)
    assert owed_months(taken) == [Owed(MONTH, ("MLN",))]


def test_marking_twice_changes_nothing(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(taken, monkeypatch)
    write(taken, *BOTH)
    mark_older(taken.settings, "another")
    before = contents(taken)
    mark_older(taken.settings, "another")
    assert contents(taken) == before
    assert all(page.count(AN_OLDER_PAGE) == 1 for page in before.values())
