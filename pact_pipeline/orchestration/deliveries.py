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
KINDS = {"csv": "csv", "xlsx": "excel", "ods": "ods", "zip": "zip"}


def delivery_specs(suppliers: Mapping[str, Supplier]) -> list[dg.AssetSpec]:
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
            freshness_policy=COUNCIL_DEADLINE if supplier.kind == "council" else YEARLY_DEADLINE,
        )
        for supplier in suppliers.values()
        if supplier.deliveries
    ]
