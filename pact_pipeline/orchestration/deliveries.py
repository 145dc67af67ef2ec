"""`delivery/<supplier>`: external assets that show how fresh each supplier's newest period is (design 10)."""

from collections.abc import Mapping
from datetime import timedelta

import dagster as dg

from pact_pipeline.contracts.suppliers import Supplier
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.partitions import TIMEZONE

# A council's return is due on the 15th; a yearly supplier is late after thirteen months without news.
COUNCIL_DEADLINE = dg.FreshnessPolicy.cron(
    deadline_cron="0 9 16 * *", lower_bound_delta=timedelta(days=27), timezone=TIMEZONE
)
YEARLY_DEADLINE = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=396))


def delivery_specs(suppliers: Mapping[str, Supplier]) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            ["delivery", supplier.key],
            group_name="deliveries",
            kinds={"file"},
            owners=OWNERS,
            description=f"The newest period that {supplier.name} has delivered. Corrections of earlier periods don't count.",
            freshness_policy=COUNCIL_DEADLINE if supplier.kind == "council" else YEARLY_DEADLINE,
        )
        for supplier in suppliers.values()
        if supplier.deliveries
    ]
