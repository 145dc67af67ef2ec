"""Which periods and suppliers an asset is divided into, and which ledger period a partition key means.

All time partitions share one time zone, else Dagster can't map one onto another.
"""

from collections.abc import Iterable
from datetime import timedelta

import dagster as dg

from pact_pipeline.clock import home_clock
from pact_pipeline.periods import Period
from pact_pipeline.reference import councils
from pact_pipeline.settings import Settings

TIMEZONE = "Europe/London"
FIRST_MONTH = "2012-08-01"
DAY = "%Y-%m-%d"


def day_after(period: str) -> str:
    """The first day after a period."""
    return (Period.parse(period).last_day + timedelta(days=1)).isoformat()


COUNCILS = dg.StaticPartitionsDefinition(list(councils()))
_HOME = home_clock(Settings.from_environment())
LAST_MONTH = _HOME.last_month_over.key if _HOME.made_up else None
"""The last month there is in a made-up home, whose clock stands; else the UI would show years of missing partitions. A real
home's months end with the machine's clock, which Dagster asks itself."""
MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, end_date=day_after(LAST_MONTH) if LAST_MONTH else None, timezone=TIMEZONE
)
COUNCIL_MONTHS = dg.MultiPartitionsDefinition({"council": COUNCILS, "month": MONTHS})
QUARTERS = dg.TimeWindowPartitionsDefinition(
    start="2012-07-01",
    fmt=DAY,
    cron_schedule="0 0 1 1,4,7,10 *",
    timezone=TIMEZONE,
    end=day_after(LAST_MONTH) if LAST_MONTH else None,
)
FINANCIAL_YEARS = dg.TimeWindowPartitionsDefinition(
    start="2011-04-01", fmt=DAY, cron_schedule="0 0 1 4 *", timezone=TIMEZONE
)
CLAS_YEARS = dg.TimeWindowPartitionsDefinition(
    start="2010-08-01", fmt=DAY, cron_schedule="0 0 1 8 *", timezone=TIMEZONE
)


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
