"""Collections as they are sent: how often, and which partition a submission belongs to (architecture#orchestration)."""

from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg

from pact_pipeline.ledger import Submission
from pact_pipeline.orchestration import partitions as parts


@dataclass(frozen=True)
class CollectionSchedule:
    """A collection as it is sent: how often, and which partition a submission belongs to.

    Councils each have partitions of their own; every other schedule has one supplier, so its partitions are periods.
    """

    name: str
    collection: str
    every: str
    partitions: dg.PartitionsDefinition[str]
    partition_of: Callable[[Submission], str]
    description: str

    @property
    def landed(self) -> dg.AssetKey:
        return dg.AssetKey([self.name, "landed"])

    @property
    def accepted(self) -> dg.AssetKey:
        return dg.AssetKey([self.name, "accepted"])

    @property
    def assets(self) -> frozenset[dg.AssetKey]:
        return frozenset({self.landed, self.accepted})


def _first_day(submission: Submission) -> str:
    return parts.partition_day(submission.period)


COLLECTION_SCHEDULES = (
    CollectionSchedule(
        "councils", "councils", "month", parts.COUNCIL_MONTHS,
        lambda s: parts.council_month_key(s.supplier, s.period),
        "Monthly returns of the 32 councils: children, milestones, placements, carers, matches, support plans.",
    ),
    CollectionSchedule(
        "courts", "courts", "quarter", parts.QUARTERS, _first_day,
        "Quarterly applications and outcomes of the sheriff courts.",
    ),
    CollectionSchedule(
        "courts_yearly", "courts", "financial_year", parts.FINANCIAL_YEARS, _first_day,
        "The courts' published counts, April to March.",
    ),
    CollectionSchedule(
        "clas", "clas", "clas_year", parts.CLAS_YEARS, _first_day,
        "The Scottish Government's yearly return and its published counts, August to July.",
    ),
    CollectionSchedule(
        "health", "health", "financial_year", parts.FINANCIAL_YEARS, _first_day,
        "The yearly figures of the 27 to 30 month reviews, April to March; optional.",
    ),
    CollectionSchedule(
        "programme", "programme", "month", parts.MONTHS, _first_day,
        "The programme office's monthly tables: partners, aims, work packages, improvement cycles, risks and issues.",
    ),
)  # fmt: skip


def schedule_of(submission: Submission) -> str:
    """Which schedule a submission belongs to."""
    if submission.collection == "courts":
        return "courts_yearly" if submission.period.startswith("FY") else "courts"
    return submission.collection
