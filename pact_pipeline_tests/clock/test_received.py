"""Received is when we first saw a file, not what the file says of itself; days are Scotland's."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pact_pipeline import clock
from pact_pipeline.arrival import odd_files
from pact_pipeline.arrival.receipts import NAME, add_receipts, read_receipts
from pact_pipeline.arrivals_calendar.expected import Arrived, arrivals_calendar, known_on
from pact_pipeline.clock import at_hour, home_clock, make_up_clock
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.runs.rejudge import decide
from pact_pipeline.ledger import Submission
from pact_pipeline_tests.arrival.servers import SftpServer
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import HOME_DAY, put, six_children

AUGUST = "GLG-councils-2012-08-01"
DUE = date(2012, 9, 15)


def real(office: Office) -> Office:
    """The same office in a real home: no clock of its own, no receipts."""
    (office.settings.home / clock.NOTE).unlink()
    (office.settings.arrivals / NAME).unlink()
    return office


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> datetime:
    """The machine's clock stands there."""
    when = datetime.fromisoformat(moment)
    monkeypatch.setattr(clock, "now", lambda: when.astimezone(UTC))
    return when


def registered(office: Office) -> Submission:
    (found,) = office.discover().registered
    return found


def august(office: Office, day: date) -> tuple[Arrived, int, str]:
    """What the calendar of a day says of Glasgow's August: what came, days late, and the verdict."""
    known = known_on(office.ledger, office.contracts, home_clock(office.settings), day)
    drawn = arrivals_calendar({"GLG": office.suppliers["GLG"]}, office.contracts, *known, None, today=day)
    one = next(each for each in drawn if each.period.key == "2012-08")
    return one.arrived, one.days_late, one.state.value if one.state else ""


# --- a real home


def test_an_old_file_seen_first_today_came_today(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.write(six_children(), at="2012-09-10")
    real(office)
    seen = at(monkeypatch, "2012-11-20T10:00:00+00:00")
    assert registered(office).received_at == seen
    assert august(office, date(2012, 11, 20)) == (Arrived.CAME_LATE, 66, "received")


def test_a_file_on_an_sftp_server_came_when_we_saw_it_whatever_time_it_keeps(
    by_sftp: Office, sftp: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (sftp.root / "out").iterdir():
        os.utime(path, (40_000_000, 40_000_000))
    real(by_sftp)
    seen = at(monkeypatch, "2012-09-16T09:00:00+01:00")
    found = registered(by_sftp)
    assert found.received_at == seen
    assert august(by_sftp, date(2012, 9, 20))[:2] == (Arrived.CAME_LATE, 1)
    claims = by_sftp.ledger.receipts(found.submission_id)
    assert {one.year for one in claims["modified_at"]} == {1971}
    assert set(claims["received_at"]) == {seen.astimezone(UTC)}


def test_what_was_seen_once_keeps_its_moment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.write(six_children())
    real(office)
    first = at(monkeypatch, "2012-09-10T10:00:00+00:00")
    registered(office)
    at(monkeypatch, "2012-12-01T10:00:00+00:00")
    for path in (office.settings.arrivals / "GLG").iterdir():
        os.utime(path)  # touched, copied anew, put back from a backup
    assert office.discover().registered == []
    corrected = office.settings.arrivals / "GLG" / "GLG_carers_201208 v2.csv"
    corrected.write_bytes(b"carer_ref\r\nK01\r\n")
    os.utime(corrected, (1_400_000_000, 1_400_000_000))
    second = registered(office)
    assert second.received_at == datetime(2012, 12, 1, 10, tzinfo=UTC)
    assert set(office.ledger.receipts(AUGUST)["received_at"]) == {first}


def test_a_file_in_a_store_came_when_it_was_put_there(by_s3: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    uploaded = datetime.now(UTC)
    real(by_s3)
    at(monkeypatch, (uploaded + timedelta(days=3)).isoformat())
    assert abs(registered(by_s3).received_at - uploaded) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moment", "late"),
    [("2012-09-15T23:30:00+00:00", 1), ("2012-09-15T22:59:00+00:00", 0), ("2012-09-16T08:30:00+09:00", 1)],
    ids=["half past midnight in Scotland", "the last minute", "the same from Tokyo"],
)
def test_late_is_by_scotlands_days(office: Office, monkeypatch: pytest.MonkeyPatch, moment: str, late: int) -> None:
    office.write(six_children())
    real(office)
    at(monkeypatch, moment)
    registered(office)
    assert august(office, date(2012, 9, 30))[1] == late


def test_the_calendar_of_a_day_knows_only_what_was_known_then(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = six_children()
    office.write({**tables, "children": [{**row, "sex": "?"} for row in tables["children"]]})
    real(office)
    at(monkeypatch, "2012-09-10T10:00:00+00:00")
    office.discover()
    at(monkeypatch, "2012-09-12T10:00:00+00:00")
    (verdict,) = office.take_all()
    assert verdict.state.value == "held"
    at(monkeypatch, "2012-09-14T10:00:00+00:00")
    decide(office.intake_context(), office.ledger, AUGUST, "refuse", who="a.person", because="every child has no sex")
    for day, said in (
        (9, (Arrived.EXPECTED, 0, "")),
        (10, "received"),
        (11, "received"),
        (12, "held"),
        (14, "refused"),
    ):
        told = august(office, date(2012, 9, day))
        assert told == said if isinstance(said, tuple) else told == (Arrived.CAME, 0, said)


# --- a made-up home


def test_a_made_up_homes_files_came_when_their_receipts_say(office: Office) -> None:
    office.write(six_children(), at="2012-09-17")
    assert registered(office).received_at == datetime(2012, 9, 17, tzinfo=UTC)
    assert august(office, date(2012, 9, 20))[:2] == (Arrived.CAME_LATE, 2)


def test_a_made_up_homes_file_without_a_receipt_came_on_the_day_it_was_found(office: Office) -> None:
    office.write(six_children())
    (office.settings.arrivals / NAME).unlink()
    assert registered(office).received_at == at_hour(HOME_DAY, 12)


def test_what_comes_later_by_its_receipt_waits_for_the_clock(office: Office) -> None:
    make_up_clock(office.settings, DUE)
    office.write(six_children(), at="2012-09-10")
    office.write(six_children(), period="2012-09", at="2012-10-09")
    found = office.discover()
    assert ([one.period for one in found.registered], found.files_to_come) == (["2012-08"], 6)
    assert "6 files lie in wait: they come on later days of this home's made-up clock" in list(odd_files(found))
    clock.move_clock(office.settings, date(2012, 10, 15))
    found = office.discover()
    assert ([one.period for one in found.registered], found.files_to_come) == (["2012-09"], 0)


def test_the_receipts_are_no_suppliers_file(office: Office) -> None:
    office.write(six_children())
    found = office.discover()
    assert (found.unmatched, found.files_seen) == ([], 6)


def test_a_correction_found_together_with_what_it_corrects_counts_after_it(office: Office) -> None:
    put(office.settings, office.suppliers["GLG"], "GLG_carers_201208.csv", b"carer_ref\r\nK01\r\n", at="2012-09-20")
    office.write(six_children(), at="2012-09-10", version=" v2")
    tables = six_children()
    office.write({name: rows for name, rows in tables.items() if name != "carers"}, at="2012-09-10")
    first, second = office.discover().registered
    assert (first.sequence, second.sequence) == (1, 2)
    assert second.received_at >= first.received_at
    assert [file.table for file in second.files if not file.carried_over] == ["carers"]


@pytest.mark.parametrize(
    "text", ["nonsense\n", "file,first_seen\nGLG/x.csv,soon\n", "file,first_seen\nGLG/x.csv,2012-09-10\n"]
)
def test_broken_receipts_are_told(office: Office, text: str) -> None:
    office.write(six_children())
    (office.settings.arrivals / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(PactFailure, match="ARRIVAL-030"):
        office.discover()


def test_receipts_of_later_months_stand_beside_the_earlier(tmp_path: Path) -> None:
    one, two = datetime(2012, 9, 10, tzinfo=UTC), datetime(2012, 10, 10, tzinfo=UTC)
    add_receipts(tmp_path, {tmp_path / "GLG/a.csv": one})
    add_receipts(tmp_path, {tmp_path / "GLG/b.csv": two})
    assert dict(read_receipts(tmp_path).moments) == {"GLG/a.csv": one, "GLG/b.csv": two}


# --- what is no file


@pytest.mark.parametrize("kind", ["fifo", "socket", "device"])
def test_what_is_no_file_is_told_and_never_opened(office: Office, kind: str) -> None:
    office.write(six_children())
    path = office.settings.arrivals / "GLG" / "GLG_children_201209.csv"
    closing: Callable[[], object] = lambda: None  # noqa: E731
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        bound = socket.socket(socket.AF_UNIX)
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may have some 100 bytes
        try:
            bound.bind(path.name)
        finally:
            os.chdir(here)
        closing = bound.close
    else:
        try:
            os.mknod(path, 0o600 | 0o020000, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root makes devices")
    found = office.discover()
    closing()
    assert [one.submission_id for one in found.registered] == [AUGUST]
    (trouble,) = found.source_errors
    assert trouble.message(with_file=True) == (
        "ARRIVAL-028: a pipe, socket or device stands where a file should be, and isn't opened. Where: GLG, arrivals/GLG,"
        f" '{path}'. To mend: ask the supplier to put a file there."
    )
