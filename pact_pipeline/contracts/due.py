"""When a delivery is due, by the service level of its contracts."""

from collections.abc import Iterable
from datetime import date, timedelta

from pact_pipeline.contracts.model import Contract, Contracts
from pact_pipeline.periods import Period


def latest_due_day(contracts: Iterable[Contract]) -> int | None:
    """The days after a period's last day by which all of its tables are due; None if none of them has a due day."""
    return max((contract.due_day for contract in contracts if contract.due_day is not None), default=None)


def due_date(period: Period, contracts: Iterable[Contract]) -> date | None:
    """The last day for a delivery of these tables; None if none of them has a due day."""
    days = latest_due_day(contracts)
    return None if days is None else period.last_day + timedelta(days=days)


def returns_due_day(contracts: Contracts) -> int:
    """The days after a month's last day by which its returns are due: the latest of the monthly tables that are needed."""
    monthly = [contract for contract in contracts.values() if contract.every == "month" and contract.needed]
    return latest_due_day(monthly) or 0


def returns_due(period: Period, contracts: Contracts) -> date:
    """The day on which a month's returns are due."""
    return period.last_day + timedelta(days=returns_due_day(contracts))
