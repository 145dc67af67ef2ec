"""`core/*`, `measures/*`, `warehouse/*`: the whole history at once, loaded beside the former one, then switched to."""

from collections.abc import Iterable, Iterator

import dagster as dg

from pact_pipeline.contracts import Contracts
from pact_pipeline.core.build import CORE_TABLES
from pact_pipeline.flows.build import compute_core, compute_measures, publish_build
from pact_pipeline.flows.build_fingerprint import differing, fingerprint_of, made_of
from pact_pipeline.flows.build_folder import core_waiting, newest_build, what_is_served
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.metadata import column_schema, waiting_chart
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.warehouse.expectations import EXPECTATIONS, ExpectationVerdict
from pact_pipeline.warehouse.publish import BuildFailsExpectations

WAREHOUSE = dg.AssetKey(["warehouse", "current_build"])
BUILT = frozenset({WAREHOUSE, *(dg.AssetKey(["core", table]) for table in CORE_TABLES)})
"""The assets of which a run by hand changes what is built or served: measures follow a core."""


def core_asset(contracts: Contracts) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="core_build",
        specs=[
            dg.AssetSpec(
                ["core", table],
                deps=[schedule.accepted for schedule in COLLECTION_SCHEDULES],
                group_name="core",
                kinds={"duckdb", "sql", "parquet"},
                owners=OWNERS,
                description=f"{contract.description} One row: {contract.grain[0].lower()}{contract.grain[1:]}.",
                metadata={"dagster/column_schema": column_schema([contract]), "dagster/table_name": f"core.{table}"},
            )
            for table, contract in ((name, contracts[f"core.{name}"]) for name in CORE_TABLES)
        ],
    )
    def core_build(context: dg.AssetExecutionContext, pact: Pact) -> Iterator[dg.MaterializeResult[None]]:
        build = compute_core(pact.settings, pact.contracts, pact.suppliers, pact.ledger)
        context.log.info("build %s from %d submissions in force", build.build_id, build.submissions)
        for table, rows in build.rows.items():
            yield dg.MaterializeResult(
                asset_key=["core", table],
                metadata={"dagster/row_count": rows, "build": build.build_id},
                data_version=dg.DataVersion(build.fingerprint[:16]),
            )

    return core_build


def measures_asset(contracts: Contracts) -> dg.AssetsDefinition:
    tables = [contract.table for contract in contracts.collection("measures")]

    @dg.multi_asset(
        name="measures_build",
        specs=[
            dg.AssetSpec(
                ["measures", table],
                deps=[["core", name] for name in CORE_TABLES],
                group_name="measures",
                kinds={"duckdb", "sql", "numpy"},
                owners=OWNERS,
                description=contracts[f"measures.{table}"].description,
                metadata={
                    "dagster/column_schema": column_schema([contracts[f"measures.{table}"]]),
                    "dagster/table_name": f"measures.{table}",
                },
            )
            for table in tables
        ],
    )
    def measures_build(pact: Pact) -> Iterator[dg.MaterializeResult[None]]:
        build = compute_measures(core_waiting(pact.settings))
        for table in tables:
            metadata: dict[str, dg.MetadataValue] = {
                "dagster/row_count": dg.MetadataValue.int(build.rows[table]),
                "build": dg.MetadataValue.text(build.build_id),
            }
            if table == "awaiting":
                metadata["chart"] = waiting_chart(build.folder)
            yield dg.MaterializeResult(asset_key=["measures", table], metadata=metadata)

    return measures_build


def warehouse_asset(contracts: Contracts) -> dg.AssetsDefinition:
    served = [*contracts.collection("core"), *contracts.collection("measures")]

    @dg.multi_asset(
        name="warehouse_publication",
        specs=[
            dg.AssetSpec(
                WAREHOUSE,
                deps=[[contract.collection, contract.table] for contract in served],
                group_name="warehouse",
                kinds={"postgres", "greatexpectations"},
                owners=OWNERS,
                description=(
                    "The build that analysts and reports read: core, measures and reference, loaded into PostgreSQL"
                    " beside the former build, judged by the checks below, then switched to in one statement. A build"
                    " that breaks a check of severity ERROR is refused: the run fails and the former build stays."
                ),
            )
        ],
        check_specs=[dg.AssetCheckSpec(e.name, asset=WAREHOUSE, description=e.sentence) for e in EXPECTATIONS],
        can_subset=False,
    )
    def warehouse_publication(pact: Pact) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        refusal: BuildFailsExpectations
        try:
            publication = publish_build(pact.settings, pact.contracts, pact.engine, newest_build(pact.settings))
        except BuildFailsExpectations as failure:
            refusal = failure
        else:
            yield dg.MaterializeResult(
                asset_key=WAREHOUSE,
                metadata={
                    "build": publication.build_id,
                    "former_build": publication.former or "none",
                    "dagster/row_count": sum(publication.rows.values()),
                    "tables": len(publication.rows),
                },
            )
            yield from _verdicts(publication.verdicts)
            return
        # The red checks first: they say why the run fails, and on how many rows.
        yield from _verdicts(refusal.verdicts)
        raise dg.Failure(str(refusal), allow_retries=False)

    return warehouse_publication


def _verdicts(verdicts: Iterable[ExpectationVerdict]) -> Iterator[dg.AssetCheckResult]:
    for verdict in verdicts:
        yield dg.AssetCheckResult(
            asset_key=WAREHOUSE,
            check_name=verdict.name,
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity(verdict.severity),
            metadata={"table": verdict.table, "observed": verdict.observed, "rows_examined": verdict.examined},
        )


@dg.asset_check(
    asset=WAREHOUSE,
    name="core_is_current",
    description="The build that the warehouse serves is made from exactly what the ledger has in force now, by the definitions of"
    " now, and its files lie where they were written. If not: run national_build.",
)
def core_is_current(pact: Pact) -> dg.AssetCheckResult:
    now = made_of(pact.contracts, pact.suppliers, pact.ledger)
    served, build = what_is_served(pact.settings, pact.engine)
    differs = differing(build.made_of, now) if build else []
    return dg.AssetCheckResult(
        passed=build is not None and not differs,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "build": served or "none",
            "built_from": build.fingerprint[:16] if build else ("its folder is gone" if served else "none"),
            "in_force": fingerprint_of(now)[:16],
            "differs": ", ".join(differs) or "nothing",
        },
    )
