"""One place reads what time it is; a home's clock gives Scotland's days, and a made-up home carries its own."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from typer.testing import CliRunner

from pact_pipeline import clock
from pact_pipeline.cli.main import app
from pact_pipeline.clock import HomeClock, home_clock, make_up_clock, move_clock, scotlands_day
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.warehouse.connect import engine_for

FORBIDDEN = {
    "datetime": {"now", "utcnow", "today"}, "date": {"today"}, "time": {"time", "localtime", "gmtime", "strftime", "ctime"},
}  # fmt: skip


def reads_a_clock(source: str) -> list[int]:
    """The lines that ask the machine what time or day it is (durations, time.monotonic and perf_counter, don't)."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and node.attr in FORBIDDEN.get(node.value.id if isinstance(node.value, ast.Name) else node.value.attr, set())
    ]


def test_no_other_module_reads_the_clock() -> None:
    package = CHECKOUT / "pact_pipeline"
    found = {
        path.relative_to(package).as_posix(): lines
        for path in package.rglob("*.py")
        if (lines := reads_a_clock(path.read_text(encoding="utf-8")))
    }
    assert set(found) == {"clock.py"}
    assert len(found["clock.py"]) == 1


@pytest.mark.parametrize(
    "line", ["datetime.now(UTC)", "dt.datetime.now()", "date.today()", "time.time()", "datetime.datetime.utcnow()"]
)
def test_a_reading_of_the_clock_is_found(line: str) -> None:
    assert reads_a_clock(f"x = {line}") == [1]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2013-07-15T23:30:00+00:00", "2013-07-16"),  # half past midnight, British Summer Time
        ("2013-07-15T22:59:59+00:00", "2013-07-15"),
        ("2013-01-15T23:59:59+00:00", "2013-01-15"),
        ("2013-01-16T08:00:00+09:00", "2013-01-15"),
    ],
)
def test_a_moment_is_of_scotlands_day(moment: str, day: str) -> None:
    assert scotlands_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_the_day_does_not_depend_on_the_machines_zone(zone: str) -> None:
    asks = (
        "from datetime import datetime, UTC; from pact_pipeline import clock\n"
        "print(clock.scotlands_day(datetime(2013, 7, 15, 23, 30, tzinfo=UTC)), clock.day_ends(datetime(2013, 7, 15).date()),"
        " clock.now().utcoffset())"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "TZ": zone},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "2013-07-16 2013-07-15 23:00:00+00:00 0:00:00"


def test_a_moment_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="in which time zone"):
        scotlands_day(datetime(2013, 7, 15))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_sessions_of_the_database_are_in_utc_whatever_the_server_says(warehouse_engine: Engine, zone: str) -> None:
    url = warehouse_engine.url
    with warehouse_engine.begin() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {url.database} SET timezone = '{zone}'"))
    try:
        for given in (url, url.update_query_dict({"options": "-c statement_timeout=60000"})):
            engine = engine_for(given)
            with engine.connect() as connection:
                assert connection.scalar(sa.text("SHOW timezone")) == "UTC"
                if given is not url:
                    assert connection.scalar(sa.text("SHOW statement_timeout")) == "1min"
            engine.dispose()
    finally:
        with warehouse_engine.begin() as connection:
            connection.execute(sa.text(f"ALTER DATABASE {url.database} RESET timezone"))


# --- a home's clock


def test_a_real_homes_day_is_the_machines_in_scotland(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 7, 15, 23, 30, tzinfo=UTC))
    assert home_clock(settings) == HomeClock(date(2026, 7, 16), made_up=False)
    assert home_clock(settings).note == ""


def test_a_made_up_home_carries_its_own_day_and_says_so(settings: Settings) -> None:
    make_up_clock(settings, date(2013, 8, 15))
    found = home_clock(settings)
    assert found == HomeClock(date(2013, 8, 15), made_up=True)
    assert found.note == "Made-up clock: this home's day is 15 August 2013; children and dates are invented."
    assert found.last_month_over.key == "2013-07"
    assert HomeClock(date(2013, 8, 31), made_up=True).last_month_over.key == "2013-07"
    assert HomeClock(date(2013, 9, 1), made_up=True).last_month_over.key == "2013-08"
    assert make_up_clock(settings, date(2013, 1, 1)).day == date(2013, 8, 15), "it never goes back"


def test_a_home_to_which_real_files_came_is_not_made_a_made_up_one(settings: Settings) -> None:
    (settings.archive / "ab").mkdir(parents=True)
    (settings.archive / "ab" / "ab12").write_bytes(b"a council's file")
    with pytest.raises(PactFailure, match="CLOCK-001: this home is real: files have come to it"):
        make_up_clock(settings, date(2013, 8, 15))


def test_a_home_of_before_there_were_clocks_gets_one(settings: Settings) -> None:
    (settings.home / clock.FORMER_NOTE).write_text("2013-07", encoding="utf-8")
    assert home_clock(settings) == HomeClock(date(2013, 8, 15), made_up=True)
    assert not (settings.home / clock.FORMER_NOTE).exists()
    assert home_clock(settings).day == date(2013, 8, 15)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"day": "soon"}'])
def test_a_damaged_clock_is_told(settings: Settings, text: str) -> None:
    (settings.home / clock.NOTE).write_text(text, encoding="utf-8")
    with pytest.raises(PactFailure, match="CLOCK-003"):
        home_clock(settings)


# --- pact clock


@pytest.fixture
def pact(settings: Settings) -> Callable[..., str]:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words))
        if isinstance(done.exception, PactFailure):
            return str(done.exception)
        assert done.exception is None, done.exception
        return done.output

    return run


def test_the_clock_is_moved_to_the_day_on_which_a_months_returns_are_due(
    settings: Settings, pact: Callable[..., str]
) -> None:
    make_up_clock(settings, date(2013, 8, 15))
    assert "this home's day is 15 August 2013" in pact("clock")
    told = pact("clock", "--until", "2013-08")
    assert "The clock went from 2013-08-15 to 2013-09-15." in told
    assert json.loads((settings.home / clock.NOTE).read_text()) == {"day": "2013-09-15"}
    assert pact("clock", "--until", "2013-07") == (
        "CLOCK-002: the clock can't go back: this home's day is 2013-09-15, and 2013-08-15 is before it. To mend: choose a"
        " later month, or start afresh in another PACT_HOME."
    )
    for wrong in ("soon", "2013-13", "2013-Q3", "CLAS2013"):
        assert pact("clock", "--until", wrong) == f"CLI-009: '{wrong}' is no month. To mend: write it as 2013-08."


def test_a_real_homes_clock_is_not_moved(settings: Settings, pact: Callable[..., str]) -> None:
    assert pact("clock", "--until", "2013-08").startswith("CLOCK-001: this home is real: its clock is the machine's.")
    assert pact("clock").startswith("This home is real: its clock is the machine's. In Scotland it is ")
    assert not (settings.home / clock.NOTE).exists()


def test_generating_into_a_home_sets_its_clock_and_elsewhere_does_not(
    settings: Settings, pact: Callable[..., str], tmp_path: Path
) -> None:
    month = ("--first", "2012-09", "--last", "2012-09", "--council", "CLK")
    pact("generate", *month, "--arrivals", str(tmp_path / "a"), "--truth", str(tmp_path / "t"))
    assert not home_clock(settings).made_up
    assert "this home's day is 15 October 2012" in pact("generate", *month)
    assert home_clock(settings).day == date(2012, 10, 15)
    assert "this home's day is 15 October 2012" in pact(
        "generate", "--first", "2012-08", "--last", "2012-08", "--council", "CLK"
    )


def test_a_clock_that_cannot_be_written_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PactFailure, match="CLOCK-004"):
        make_up_clock(settings, date(2013, 8, 15))
    monkeypatch.undo()
    assert not home_clock(settings).made_up
    make_up_clock(settings, date(2013, 8, 15))
    with pytest.raises(PactFailure, match="CLOCK-002"):
        move_clock(settings, date(2013, 8, 15) - timedelta(days=1))
