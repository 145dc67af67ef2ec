"""The code location: what it holds, that it loads without a warning of ours, and that it says why when it doesn't."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pact_pipeline.clock import make_up_clock
from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.core.build import CORE_TABLES
from pact_pipeline.definitions import build_definitions, defs
from pact_pipeline.failures import ContractBroken
from pact_pipeline.ledger import Submission
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import WAREHOUSE
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES, schedule_of
from pact_pipeline.orchestration.deliveries import longest_silence
from pact_pipeline.orchestration.intake_assets import CHECKS
from pact_pipeline.reference import councils
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import load_suppliers

SPECS = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
GROUPS = {"deliveries", "intake", "core", "measures", "warehouse", "reports"}
COUNCIL_MONTHLY = ("councils/landed", "councils/accepted", "report/partner")


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


def broken_contracts(folder: Path) -> Path:
    """A copy in which one key of the milestones' contract is misspelt."""
    copy = folder / "data_contracts"
    shutil.copytree(CHECKOUT / "data_contracts", copy)
    milestones = copy / "councils" / "milestones.odcs.yaml"
    milestones.write_text(milestones.read_text("utf-8").replace("\nschema:", "\nshcema:", 1), encoding="utf-8")
    return copy


def test_definitions_are_loadable() -> None:
    dg.Definitions.validate_loadable(defs)


@pytest.mark.parametrize("key", sorted(SPECS))
def test_every_asset_has_group_owner_kind_and_description(key: str) -> None:
    spec = SPECS[key]
    assert spec.group_name in GROUPS
    assert spec.owners
    assert 1 <= len(spec.kinds) <= 3
    assert spec.description is not None
    assert len(spec.description) > 40
    assert spec.description.endswith(".")
    assert "  " not in spec.description


def test_the_assets_are_those_of_the_design(contracts: Contracts) -> None:
    suppliers = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts)
    expected = {f"delivery/{key}" for key, supplier in suppliers.items() if supplier.deliveries}
    expected |= {f"{schedule.name}/{end}" for schedule in COLLECTION_SCHEDULES for end in ("landed", "accepted")}
    expected |= {f"core/{table}" for table in CORE_TABLES}
    expected |= {f"measures/{contract.table}" for contract in contracts.collection("measures")}
    expected |= {"arrivals/calendar", "warehouse/current_build", "report/partner"}
    assert set(SPECS) == expected
    assert set(councils()) <= {key.removeprefix("delivery/") for key in expected}


def test_partitions_are_council_months_quarters_and_years() -> None:
    for key in COUNCIL_MONTHLY:
        assert SPECS[key].partitions_def == parts.COUNCIL_MONTHS
    others = {
        "courts": parts.QUARTERS,
        "courts_yearly": parts.FINANCIAL_YEARS,
        "clas": parts.CLAS_YEARS,
        "health": parts.FINANCIAL_YEARS,
        "programme": parts.MONTHS,
    }
    for name, definition in others.items():
        assert SPECS[f"{name}/landed"].partitions_def == SPECS[f"{name}/accepted"].partitions_def == definition
    partitioned = {*COUNCIL_MONTHLY, *(f"{name}/{end}" for name in others for end in ("landed", "accepted"))}
    assert {key for key, spec in SPECS.items() if spec.partitions_def is not None} == partitioned


def test_a_partition_and_a_ledger_period_mean_the_same() -> None:
    examples = {
        "councils": ("GLG|2012-08-01", ("GLG", "2012-08")),
        "courts": ("2012-07-01", ("scts", "2012-Q3")),
        "courts_yearly": ("2011-04-01", ("scts", "FY2011-12")),
        "clas": ("2011-08-01", ("clas", "CLAS2012")),
        "health": ("2012-04-01", ("NHS", "FY2012-13")),
        "programme": ("2012-08-01", ("office", "2012-08")),
    }
    for schedule in COLLECTION_SCHEDULES:
        key, meaning = examples[schedule.name]
        assert schedule.partitions.has_partition_key(key)
        supplier, period = meaning
        sent = Submission("1", supplier, schedule.collection, period, 1, datetime(2013, 8, 1, tzinfo=UTC), "", (), "")
        assert schedule_of(sent) == schedule.name
        assert schedule.partition_of(sent) == key


def test_all_time_partitions_share_a_time_zone() -> None:
    times = (parts.MONTHS, parts.QUARTERS, parts.FINANCIAL_YEARS, parts.CLAS_YEARS)
    assert {definition.timezone for definition in times} == {parts.TIMEZONE}


def test_a_range_covers_councils_and_months_as_a_rectangle() -> None:
    first, last = parts.covering_range(parts.COUNCIL_MONTHS, ["STG|2012-08-01", "CLK|2012-10-01", "MLN|2012-09-01"])
    assert (first, last) == ("CLK|2012-08-01", "STG|2012-10-01")
    # Dagster goes by the order in which the councils are listed, `covering_range` by their keys.
    assert list(councils()) == sorted(councils())


def test_every_landed_asset_has_its_three_checks_and_the_warehouse_its_expectations() -> None:
    keys = defs.resolve_asset_graph().asset_check_keys
    for schedule in COLLECTION_SCHEDULES:
        assert {key.name for key in keys if key.asset_key == schedule.landed} == set(CHECKS)
    assert len({key.name for key in keys if key.asset_key == WAREHOUSE}) >= 8


def test_intake_jobs_plan_no_checks_for_partitions_they_do_not_judge() -> None:
    for schedule in COLLECTION_SCHEDULES:
        assert not defs.resolve_job_def(f"intake_{schedule.name}").asset_layer.asset_graph.asset_check_keys


def test_a_broken_contract_names_its_file_and_line(tmp_path: Path) -> None:
    settings = Settings(tmp_path, broken_contracts(tmp_path))
    with pytest.raises(ContractBroken, match=r"milestones\.odcs\.yaml.*\d"):
        build_definitions(settings)


def test_the_command_line_validates_the_location_and_refuses_a_broken_contract(tmp_path: Path) -> None:
    """One after the other takes ten seconds, so both run at once."""
    dagster = Path(sys.executable).with_name("dagster")
    command = [str(dagster), "definitions", "validate", "-w", str(CHECKOUT / "workspace.yaml")]
    environment = {**os.environ, "PYTHONWARNINGS": "default", "PACT_HOME": str(tmp_path), "DAGSTER_HOME": ""}
    given = {
        "good": {**environment, "PACT_CONTRACTS": str(CHECKOUT / "data_contracts")},
        "broken": {**environment, "PACT_CONTRACTS": str(broken_contracts(tmp_path))},
    }
    running = {
        name: subprocess.Popen(
            command, cwd=tmp_path, env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for name, variables in given.items()
    }
    told = {name: process.communicate(timeout=120)[0] for name, process in running.items()}
    assert running["good"].returncode == 0, told["good"]
    assert "Validation successful" in told["good"]
    ours = [line for line in told["good"].splitlines() if "pact_pipeline" in line and "Warning" in line]
    assert ours == []
    assert not [kind for kind in ("PreviewWarning", "BetaWarning", "DeprecationWarning: `dg") if kind in told["good"]]
    assert running["broken"].returncode != 0
    assert "ContractBroken" in told["broken"]
    assert "milestones.odcs.yaml" in told["broken"]


def test_a_supplier_is_late_after_its_own_period_and_due_day(contracts: Contracts) -> None:
    suppliers = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts)
    # The courts owe quarters (92 days) within 30 days, the Scottish Government years within 122; four days' grace.
    assert longest_silence(suppliers["scts"], contracts) == timedelta(days=126)
    assert longest_silence(suppliers["clas"], contracts) == timedelta(days=492)
    assert SPECS["delivery/scts"].freshness_policy == dg.FreshnessPolicy.time_window(fail_window=timedelta(days=126))


def test_every_asset_of_a_made_up_home_says_that_its_clock_is_made_up(settings: Settings) -> None:
    real = build_definitions(settings)
    assert all("clock" not in spec.metadata for spec in real.resolve_all_asset_specs())
    note = make_up_clock(settings, date(2013, 8, 15)).note
    made_up = build_definitions(settings)
    assert {spec.metadata["clock"] for spec in made_up.resolve_all_asset_specs()} == {note}
    assert made_up.metadata["clock"].value == note
