"""`report/partner`: one draft page a council and month, from the build the warehouse serves."""

from collections.abc import Iterator

import dagster as dg

from pact_pipeline.flows.build_fingerprint import current_fingerprint
from pact_pipeline.flows.reports import not_reported, write_drafts
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import WAREHOUSE
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.resources import Pact

PARTNER_REPORT = dg.AssetKey(["report", "partner"])
EVERY_COUNCIL = "every_council_has_reported"
FIRST = "pact/first"
"""The tag of a run that names the councils whose pages come first."""


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
                " A council that has not reported the month gets none. A draft: it follows the build that is served.",
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                EVERY_COUNCIL,
                asset=PARTNER_REPORT,
                description="Has every council reported the month that was written last? WARN: those named are in none of"
                " its figures.",
            )
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
    )
    def partner_reports(
        context: dg.AssetExecutionContext, pact: Pact
    ) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
        wanted: dict[str, list[str]] = {}
        for key in context.partition_keys:
            council, day = key.split("|")
            wanted.setdefault(parts.month_key(day), []).append(council)
        first = context.run.tags.get(FIRST, "").split()
        in_force = current_fingerprint(pact.contracts, pact.suppliers, pact.ledger)
        for month, councils in wanted.items():
            for page in write_drafts(pact.settings, pact.engine, in_force, month, councils, first=first):
                yield dg.AssetMaterialization(
                    PARTNER_REPORT,
                    partition=parts.council_month_key(page.council, month),
                    metadata={
                        "page": dg.MetadataValue.path(str(page.path)),
                        "build": page.build_id,
                        "bytes": page.path.stat().st_size,
                    },
                )
            missing = not_reported(pact.settings, pact.engine, month)
            yield dg.AssetCheckEvaluation(
                asset_key=PARTNER_REPORT,
                check_name=EVERY_COUNCIL,
                passed=not missing,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={
                    "month": month,
                    "councils_missing": len(missing),
                    "names": ", ".join(missing) or "none",
                },
            )

    return partner_reports
