"""`delivery/<supplier>`: external assets that show how fresh each supplier's newest period is (design 10)."""

from collections.abc import Mapping
from datetime import timedelta

import dagster as dg

from pact_pipeline.contracts import Contracts
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.partitions import TIMEZONE
from pact_pipeline.suppliers import Supplier

# A council's return is due on the 15th of the month after.
COUNCIL_DEADLINE = dg.FreshnessPolicy.cron(
    deadline_cron="0 9 16 * *", lower_bound_delta=timedelta(days=27), timezone=TIMEZONE
)
LONGEST_PERIOD = {"month": 31, "quarter": 92, "financial_year": 366, "clas_year": 366}
# Beyond the due day: a weekend and the run that takes the delivery in.
GRACE_DAYS = 4
# For a supplier that owes nothing by a day: thirteen months without news.
NO_DUE_DAY = 396
KINDS = {"csv": "csv", "xlsx": "excel", "ods": "ods", "zip": "zip"}


def longest_silence(supplier: Supplier, contracts: Contracts) -> timedelta:
    """How long a supplier that is never late can be without a newer period: one sent at once, the next on its due day.

    Of what it sends the most frequent kind of period counts, by the latest due day of that kind's needed tables.
    """
    days: dict[int, int] = {}
    for delivery in supplier.deliveries:
        for table in dict.fromkeys(table for _, layout in delivery.layouts for table in layout.tables):
            contract = contracts[f"{delivery.collection}.{table}"]
            if contract.due_day is not None and contract.needed:
                length = LONGEST_PERIOD[contract.every]
                days[length] = max(days.get(length, 0), contract.due_day)
    if not days:
        return timedelta(days=NO_DUE_DAY)
    return timedelta(days=min(days) + days[min(days)] + GRACE_DAYS)


def _freshness(supplier: Supplier, contracts: Contracts) -> dg.FreshnessPolicy:
    if supplier.kind == "council":
        return COUNCIL_DEADLINE
    return dg.FreshnessPolicy.time_window(fail_window=longest_silence(supplier, contracts))


def delivery_specs(suppliers: Mapping[str, Supplier], contracts: Contracts) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            ["delivery", supplier.key],
            group_name="deliveries",
            kinds={KINDS[layout.format] for delivery in supplier.deliveries for _, layout in delivery.layouts},
            owners=OWNERS,
            description=f"What {supplier.name} sends, for its freshness only: it is fresh when a newer period came in"
            " force before the deadline. Corrections of earlier periods don't count.",
            metadata={
                "contact": supplier.contact,
                "place": ", ".join(dict.fromkeys(delivery.url for delivery in supplier.deliveries)),
            },
            freshness_policy=_freshness(supplier, contracts),
        )
        for supplier in suppliers.values()
        if supplier.deliveries
    ]
