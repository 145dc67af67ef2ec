"""When a delivery is due, by the service level of its contracts."""

from collections.abc import Sequence
from datetime import date, timedelta

from pact_pipeline.contracts.model import Contract, Contracts
from pact_pipeline.periods import Period


def due_date(period: Period, contracts: Sequence[Contract]) -> date | None:
    """The last day for a delivery: the latest due day of its tables; None if none has one."""
    days = [contract.due_day for contract in contracts if contract.due_day is not None]
    return period.last_day + timedelta(days=max(days)) if days else None


def returns_due(period: Period, contracts: Contracts) -> date:
    """The day on which a month's returns are due: the latest due day of the monthly tables that are needed."""
    monthly = [contract for contract in contracts.values() if contract.every == "month" and contract.needed]
    return due_date(period, monthly) or period.last_day
