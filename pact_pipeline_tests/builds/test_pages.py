"""The pages of a month are of one build, and stay whole whatever happens while they are written."""

import errno
import json
from dataclasses import replace

import pytest

from pact_pipeline import partner_reports
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import State
from pact_pipeline.partner_reports import pages_build, write_partner_reports
from pact_pipeline.warehouse.publish import current_build
from pact_pipeline_tests.builds.conftest import failing, leftovers, serve, spread, take
from pact_pipeline_tests.orchestration.conftest import Office

MONTH = "2012-08"


def contents(office: Office) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((office.settings.reports / MONTH).iterdir())}


def write(office: Office, *councils: str) -> list[str]:
    return [page.council for page in write_partner_reports(office.settings, office.engine, MONTH, list(councils))]


def test_pages_say_and_the_folder_knows_of_which_build_they_are(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = serve(taken, monkeypatch)
    assert write(taken, "MLN", "STG") == ["MLN", "STG"]
    found = contents(taken)
    assert set(found) == {"MLN.html", "STG.html", "pages.json"}
    assert json.loads(found["pages.json"]) == {"build": made.build_id}
    assert all(made.build_id in page for name, page in found.items())


def test_a_council_asked_for_alone_gets_its_page_without_mixing_builds(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serve(taken, monkeypatch)
    write(taken, "MLN", "STG")
    assert write(taken, "STG") == ["STG"]
    assert pages_build(taken.settings.reports / MONTH) == first.build_id
    taken.send("MLN", "2012-08", version="_v2", initials="CD")
    take(taken)
    second = serve(taken, monkeypatch)
    assert write(taken, "STG") == ["MLN", "STG"]
    assert all(second.build_id in page and first.build_id not in page for page in contents(taken).values())


def test_a_page_does_not_change_with_what_comes_after_its_build(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(taken, monkeypatch)
    write(taken, "MLN", "STG")
    before = contents(taken)
    verdict = taken.ledger.verdicts()["MLN-councils-2012-08-01"]
    taken.ledger.record(replace(verdict, state=State.HELD, judging=2))
    write(taken, "MLN", "STG")
    assert contents(taken) == before


def test_a_page_of_a_council_that_has_no_report_any_more_is_gone(
    taken: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(taken, monkeypatch)
    write(taken, "MLN", "STG")
    verdict = taken.ledger.verdicts()["MLN-councils-2012-08-01"]
    taken.ledger.record(replace(verdict, state=State.HELD, judging=2))
    serve(taken, monkeypatch)
    assert write(taken, "MLN", "STG") == ["STG"]
    assert set(contents(taken)) == {"STG.html", "pages.json"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=["full", "failing"])
def test_an_error_of_the_disk_leaves_the_former_pages(
    taken: Office, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    serve(taken, monkeypatch)
    write(taken, "MLN", "STG")
    before = contents(taken)
    taken.send("MLN", "2012-08", version="_v2", initials="CD")
    take(taken)
    second = serve(taken, monkeypatch)
    pages = [("MLN", "<html>"), ("STG", "<html>")]
    with monkeypatch.context() as quick:
        quick.setattr(partner_reports, "_pages", lambda *_: iter(pages))
        with failing(monkeypatch, 0) as steps:
            partner_reports._put_in_place(taken.settings.reports / "2000-01", second, pages)
        for at in spread(len(steps), 5)[:-1]:
            with failing(monkeypatch, at, number), pytest.raises(PactFailure, match="DISK-001: the disk"):
                write(taken, "MLN")
            assert contents(taken) == before
            assert leftovers(taken.settings.reports) == []
    write(taken, "MLN", "STG")
    assert pages_build(taken.settings.reports / MONTH) == second.build_id


def test_what_a_killed_run_left_is_put_right_by_the_next(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(taken, monkeypatch)
    write(taken, "MLN", "STG")
    folder = taken.settings.reports / MONTH
    before = contents(taken)
    # Killed between the two names: the former set is put aside, the new one not there yet.
    folder.rename(folder.with_name(f"{MONTH}.former"))
    folder.with_name(f"{MONTH}.unfinished").mkdir()
    # And what was left while another month's were written.
    for left in ("2012-07.unfinished", "2012-06.former"):
        folder.with_name(left).mkdir()
    assert write(taken, "STG") == ["STG"]
    assert contents(taken) == before
    assert leftovers(taken.settings.reports) == []
    assert {path.name for path in taken.settings.reports.iterdir() if path.is_dir()} == {MONTH, "2012-06"}


def test_a_damaged_build_makes_no_page(taken: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = serve(taken, monkeypatch)
    write(taken, "MLN", "STG")
    before = contents(taken)
    (made.folder / "measures/awaiting.parquet").write_bytes(b"PAR1")
    with pytest.raises(PactFailure, match=r"BUILD-002: .* Where: measures/awaiting.parquet"):
        write(taken, "MLN", "STG")
    assert contents(taken) == before
    assert current_build(taken.engine) == made.build_id
