"""In a made-up home periods appear while everything runs, when its clock is moved; in a real one by themselves."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pact_pipeline.clock import HomeClock, make_up_clock
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.partitions import enter_periods, is_over
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT, Settings

SAYS = """
import dagster as dg
from pact_pipeline.clock import move_clock
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.settings import Settings
from datetime import date

settings = Settings.from_environment()
with dg.DagsterInstance.ephemeral() as instance:
    for day in (date(2013, 8, 15), date(2013, 8, 31), date(2013, 9, 1), date(2013, 10, 15)):
        move_clock(settings, day)
        parts.enter_periods(instance, settings)
        with dg._core.definitions.partitions.context.partition_loading_context(dynamic_partitions_store=instance):
            months, quarters = parts.MONTHS.get_partition_keys(), parts.QUARTERS.get_partition_keys()
            print(day, months[0], months[-1], len(months), quarters[-1], len(parts.COUNCIL_MONTHS.get_partition_keys()))
"""


def test_months_and_quarters_appear_in_a_process_that_runs_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_up_clock(Settings(tmp_path, CHECKOUT / "data_contracts"), date(2013, 8, 15))
    monkeypatch.setenv("PACT_HOME", str(tmp_path))
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SAYS], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [
        "2013-08-15 2012-08-01 2013-07-01 12 2013-04-01 384",
        "2013-08-31 2012-08-01 2013-07-01 12 2013-04-01 384",
        "2013-09-01 2012-08-01 2013-08-01 13 2013-04-01 416",
        "2013-10-15 2012-08-01 2013-09-01 14 2013-07-01 448",
    ]


def test_nothing_is_entered_in_a_real_home(tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        enter_periods(instance, Settings(tmp_path, CHECKOUT / "data_contracts"))
        assert instance.get_dynamic_partitions("month") == []


@pytest.mark.parametrize(
    ("every", "period", "day", "over"),
    [
        ("month", "2013-08", date(2013, 8, 31), False),
        ("month", "2013-08", date(2013, 9, 1), True),
        ("quarter", "2013-Q3", date(2013, 9, 30), False),
        ("quarter", "2013-Q3", date(2013, 10, 1), True),
        # The published figures that are shipped to a made-up home are real, and of years that are over by now.
        ("clas_year", "CLAS2018", date(2013, 8, 15), True),
        ("financial_year", "FY2098-99", date(2013, 8, 15), False),
    ],
)
def test_a_period_is_over_on_the_day_after_it(every: str, period: str, day: date, over: bool) -> None:
    assert is_over(every, Period.parse(period), HomeClock(day, made_up=True)) is over


def test_a_real_homes_sets_end_with_the_last_period_that_is_over() -> None:
    assert not parts.MADE_UP
    assert isinstance(parts.MONTHS, dg.TimeWindowPartitionsDefinition)
    newest = Period.parse(parts.month_key(parts.MONTHS.get_partition_keys()[-1]))
    today = parts.scotlands_day(parts.now())
    assert newest.last_day < today
    assert (today - newest.last_day).days <= 31
