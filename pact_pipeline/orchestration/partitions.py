"""Which periods and suppliers an asset is divided into, and which ledger period a partition key means.

Every set ends with the last period that is over. In a real home Dagster's own clock sees to that. In a made-up home, whose
clock stands until somebody moves it, months and quarters are entered in the instance (`enter_periods`), so that they appear
while everything runs; its years go by the machine's clock all the same, as the published figures that are shipped to it are
real. All time partitions share one time zone, else Dagster can't map one onto another.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import dagster as dg

from pact_pipeline.clock import HomeClock, home_clock, now, scotlands_day
from pact_pipeline.periods import Period, periods_within
from pact_pipeline.reference import councils
from pact_pipeline.settings import Settings

TIMEZONE = "Europe/London"
DAY = "%Y-%m-%d"
FIRST_DAYS = {
    "month": date(2012, 8, 1),
    "quarter": date(2012, 7, 1),
    "financial_year": date(2011, 4, 1),
    "clas_year": date(2010, 8, 1),
}
"""The first day of the first period of each kind that anybody sends."""
CRON = {"month": "0 0 1 * *", "quarter": "0 0 1 1,4,7,10 *", "financial_year": "0 0 1 4 *", "clas_year": "0 0 1 8 *"}
MADE_UP = home_clock(Settings.from_environment()).made_up
BY_THE_HOMES_CLOCK = ("month", "quarter")


def _periods(every: str) -> dg.PartitionsDefinition[str]:
    if MADE_UP and every in BY_THE_HOMES_CLOCK:
        return dg.DynamicPartitionsDefinition(name=every)
    start = FIRST_DAYS[every].isoformat()
    return dg.TimeWindowPartitionsDefinition(start=start, fmt=DAY, cron_schedule=CRON[every], timezone=TIMEZONE)


COUNCILS = dg.StaticPartitionsDefinition(list(councils()))
MONTHS, QUARTERS, FINANCIAL_YEARS, CLAS_YEARS = map(_periods, FIRST_DAYS)
COUNCIL_MONTHS = dg.MultiPartitionsDefinition({"council": COUNCILS, "month": MONTHS})


def enter_periods(instance: dg.DagsterInstance, settings: Settings) -> None:
    """Enter in the instance every month and quarter that is over on a made-up home's clock; in a real home there is nothing to
    do."""
    home = home_clock(settings)
    if home.made_up:
        for every in BY_THE_HOMES_CLOCK:
            over = periods_within(every, FIRST_DAYS[every], home.day - timedelta(days=1))
            days = sorted(period.first_day.isoformat() for period in over)
            known = set(instance.get_dynamic_partitions(every))
            if new := [day for day in days if day not in known]:
                instance.add_dynamic_partitions(every, new)


def is_over(every: str, period: Period, home: HomeClock) -> bool:
    """Whether a period of this kind is over, by the clock that its partitions go by."""
    return period.last_day < (home.day if every in BY_THE_HOMES_CLOCK else scotlands_day(now()))


def has_begun(every: str, period: Period) -> bool:
    """Whether a period is not older than the first one there is a partition for."""
    return period.first_day >= FIRST_DAYS[every]


def month_key(day: str) -> str:
    """`2012-08-01` -> `2012-08`"""
    return day[:7]


def partition_day(period: str) -> str:
    """The partition key of a period: its first day."""
    return Period.parse(period).first_day.isoformat()


def council_month_key(council: str, period: str) -> str:
    """The key of a council's month, as Dagster writes it: dimensions in the order of their names."""
    return f"{council}|{partition_day(period)}"


def covering_range(definition: dg.PartitionsDefinition[str], keys: Iterable[str]) -> tuple[str, str]:
    """First and last key of the smallest range that holds all keys (for councils and months: a rectangle)."""
    wanted = list(keys)
    if isinstance(definition, dg.MultiPartitionsDefinition):
        pairs = [key.split("|") for key in wanted]
        names = [pair[0] for pair in pairs]
        days = [pair[1] for pair in pairs]
        return f"{min(names)}|{min(days)}", f"{max(names)}|{max(days)}"
    return min(wanted), max(wanted)
