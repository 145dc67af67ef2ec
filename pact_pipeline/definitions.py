"""The Dagster code location. `dagster dev -w workspace.yaml` loads `defs` from here.

Contracts and suppliers are checked while loading, before any file: a broken one stops the code location with its file and
line. Tests call `build_definitions` with their own folders.
"""

import dagster as dg

from pact_pipeline.clock import home_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.orchestration import build_assets, jobs, report_assets, sensors
from pact_pipeline.orchestration.calendar_asset import calendar_asset
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES
from pact_pipeline.orchestration.deliveries import delivery_specs
from pact_pipeline.orchestration.intake_assets import intake_asset
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import load_suppliers


def build_definitions(settings: Settings | None = None) -> dg.Definitions:
    """All assets, checks, jobs, sensors and schedules. Raises ContractBroken for a contract or mapping that can't be used."""
    settings = settings or Settings.from_environment()
    contracts = load_contracts(settings.contracts)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    assets: list[dg.AssetsDefinition | dg.AssetSpec] = [
        *delivery_specs(suppliers, contracts),
        calendar_asset(),
        *(intake_asset(schedule, contracts) for schedule in COLLECTION_SCHEDULES),
        build_assets.core_asset(contracts),
        build_assets.measures_asset(contracts),
        build_assets.warehouse_asset(contracts),
        report_assets.report_asset(),
    ]
    note = home_clock(settings).note
    return dg.Definitions(
        assets=[*dg.map_asset_specs(lambda spec: _saying(note, spec), assets)] if note else assets,
        metadata={"clock": note} if note else {},
        asset_checks=[build_assets.core_is_current],
        jobs=[*jobs.INTAKE_JOBS.values(), jobs.ARRIVALS_CALENDAR_JOB, jobs.NATIONAL_BUILD, jobs.PARTNER_REPORTS],
        sensors=sensors.build_sensors(),
        schedules=jobs.build_schedules(contracts),
        resources={"pact": Pact()},
        executor=dg.in_process_executor,
    )


def _saying(note: str, spec: dg.AssetSpec) -> dg.AssetSpec:
    """On every asset, where it is seen first: nobody who looks at one may take a made-up home for a real one."""
    return spec.replace_attributes(description=f"{note}\n\n{spec.description}").merge_attributes(
        metadata={"clock": note}
    )


defs = build_definitions()
