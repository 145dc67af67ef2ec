"""`delivery/<supplier>`: external assets that show how fresh each supplier's newest period is (architecture#orchestration)."""

from collections.abc import Mapping
from datetime import timedelta

import dagster as dg

from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.due import latest_due_day, returns_due_day
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.partitions import TIMEZONE
from pact_pipeline.suppliers import Supplier

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
    tables = {
        f"{delivery.collection}.{table}"
        for delivery in supplier.deliveries
        for _, layout in delivery.layouts
        for table in layout.tables
    }
    needed = [contracts[table] for table in tables if contracts[table].needed and contracts[table].due_day is not None]
    if not needed:
        return timedelta(days=NO_DUE_DAY)
    shortest = min(LONGEST_PERIOD[contract.every] for contract in needed)
    due_day = latest_due_day(contract for contract in needed if LONGEST_PERIOD[contract.every] == shortest)
    return timedelta(days=shortest + (due_day or 0) + GRACE_DAYS)


def _freshness(supplier: Supplier, contracts: Contracts) -> dg.FreshnessPolicy:
    if supplier.kind == "council":
        deadline = f"0 9 {returns_due_day(contracts) + 1} * *"  # the morning after the due day
        return dg.FreshnessPolicy.cron(deadline_cron=deadline, lower_bound_delta=timedelta(days=27), timezone=TIMEZONE)
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
