"""`report/partner`: one page a council and month, from the build the warehouse serves."""

from collections.abc import Iterator

import dagster as dg

from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import WAREHOUSE
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.partner_reports import write_partner_reports

PARTNER_REPORT = dg.AssetKey(["report", "partner"])


def report_asset() -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="partner_report_pages",
        specs=[
            dg.AssetSpec(
                PARTNER_REPORT,
                deps=[WAREHOUSE],
                partitions_def=parts.COUNCIL_MONTHS,
                skippable=True,
                group_name="reports",
                kinds={"html", "altair"},
                owners=OWNERS,
                description="The monthly report to a council, one self-contained page: how many children wait, where,"
                " how long, and is it getting better. For partners: small numbers are protected before a page is made."
                " A council that has not reported the month gets none.",
            )
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
    )
    def partner_reports(context: dg.AssetExecutionContext, pact: Pact) -> Iterator[dg.AssetMaterialization]:
        wanted: dict[str, list[str]] = {}
        for key in context.partition_keys:
            council, day = key.split("|")
            wanted.setdefault(parts.month_key(day), []).append(council)
        for month, councils in wanted.items():
            for page in write_partner_reports(pact.settings, pact.engine, month, councils):
                yield dg.AssetMaterialization(
                    PARTNER_REPORT,
                    partition=parts.council_month_key(page.council, month),
                    metadata={
                        "page": dg.MetadataValue.path(str(page.path)),
                        "build": page.build_id,
                        "bytes": page.path.stat().st_size,
                    },
                )

    return partner_reports
