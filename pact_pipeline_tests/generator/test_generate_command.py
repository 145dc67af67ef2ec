"""`pact generate`: written into the home it makes a made-up one; elsewhere it leaves the home alone."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pact_pipeline.arrival.receipts import NAME
from pact_pipeline.cli.main import app
from pact_pipeline.clock import home_clock
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings


def generate(month: str, *more: str) -> str:
    options = ["--first", month, "--last", month, "--council", "MLN", "--no-faults", *more]
    result = CliRunner().invoke(app, ["generate", *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_the_clock_stands_on_the_day_the_last_months_returns_are_due_and_a_later_month_moves_it_on(
    settings: Settings,
) -> None:
    told = generate("2012-09")
    assert home_clock(settings).day == date(2012, 10, 15)
    assert home_clock(settings).note in told
    generate("2012-08")
    assert home_clock(settings).day == date(2012, 10, 15), "never back"
    generate("2012-10")
    assert home_clock(settings).day == date(2012, 11, 15)
    assert (settings.arrivals / NAME).exists()
    assert len(list((settings.arrivals / "MLN").iterdir())) == 18


def test_written_elsewhere_the_home_stays_real(settings: Settings, tmp_path: Path) -> None:
    told = generate("2012-09", "--arrivals", str(tmp_path / "a"), "--truth", str(tmp_path / "t"))
    assert not home_clock(settings).made_up
    assert "Made-up clock" not in told
    assert (tmp_path / "a" / NAME).exists()


def test_a_real_home_to_which_files_came_is_not_written_into(settings: Settings) -> None:
    (settings.archive / "ab").mkdir(parents=True)
    (settings.archive / "ab" / "ab12").write_bytes(b"a council's file")
    with pytest.raises(PactFailure, match="CLOCK-001: this home is real"):
        generate("2012-09")
    assert not settings.arrivals.exists()
