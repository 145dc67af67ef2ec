"""The pipeline under Dagster: a small country taken in once for the package, and a hand-written one for each test.

returns    three councils, three months, one refused return and one with refused rows, run on an instance on disk
built      the same, with a build published and October's reports written
office     two councils that send by the programme's template, an empty ledger and an instance in memory
"""

import os
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from benchmarks.kills import home_in
from pact_pipeline.arrival import discover
from pact_pipeline.clock import make_up_clock
from pact_pipeline.definitions import defs
from pact_pipeline.generator import generate
from pact_pipeline.home import make_home
from pact_pipeline.ledger import Ledger, Submission
from pact_pipeline.orchestration.collection_schedules import schedule_of
from pact_pipeline.orchestration.instance import open_instance
from pact_pipeline.orchestration.jobs import RANGE_END, RANGE_START, intake_range
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.orchestration.sensors import build_sensors
from pact_pipeline.reference import ship_published
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.warehouse.connect import destroy_embedded, engine_for
from pact_pipeline.warehouse.embedded import EmbeddedPostgres, closed_database
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.ledger.emptied import empty_ledger

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
COUNCILS = ("CLK", "MLN", "STG")
CANARY = "ZZCANARYZZ"
REFUSED, WITH_REFUSALS = "MLN|2012-10-01", "STG|2012-09-01"
LANDED, ACCEPTED = dg.AssetKey(["councils", "landed"]), dg.AssetKey(["councils", "accepted"])


@dataclass
class Place:
    """An installation and its Dagster instance."""

    settings: Settings
    engine: Engine
    instance: dg.DagsterInstance

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.engine)

    def run(self, job: str, first: str = "", last: str = "") -> dg.ExecuteInProcessResult:
        """One run of a job over a range of partitions, or over none. A failed run is returned, not raised."""
        tags = {RANGE_START: first, RANGE_END: last or first} if first else None
        return defs.resolve_job_def(job).execute_in_process(
            instance=self.instance, tags=tags, run_config=QUIET, raise_on_error=False
        )

    def run_asked(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        """The run that a sensor asked for."""
        return defs.resolve_job_def(str(request.job_name)).execute_in_process(
            instance=self.instance, tags=dict(request.tags), run_config=QUIET, raise_on_error=False
        )

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the resource `pact` reads when a run starts."""
        monkeypatch.setenv("PACT_HOME", str(self.settings.home))
        monkeypatch.setenv("PACT_CONTRACTS", str(self.settings.contracts))
        monkeypatch.setenv("PACT_WAREHOUSE_URL", str(self.settings.warehouse_url))
        monkeypatch.setenv("DAGSTER_HOME", str(self.settings.home / "dagster"))
        monkeypatch.delenv("PACT_PSEUDONYM_KEY_FILE", raising=False)


def events(result: dg.ExecuteInProcessResult, kind: str, asset: dg.AssetKey | None = None) -> list[Any]:
    """The events of a run of one kind: materialisations or check evaluations, of an asset or all."""
    found: list[Any] = []
    for event in result.all_events:
        if event.event_type_value == kind == "ASSET_MATERIALIZATION":
            materialization = event.step_materialization_data.materialization
            found += [materialization] if asset in (None, materialization.asset_key) else []
        elif event.event_type_value == kind == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            found += [evaluation] if asset in (None, evaluation.asset_key) else []
    return found


def partitions(result: dg.ExecuteInProcessResult, asset: dg.AssetKey) -> list[str]:
    """The partitions a run told of an asset, in order, repeated as often as they were told."""
    return sorted(str(one.partition) for one in events(result, "ASSET_MATERIALIZATION", asset))


def failure_message(result: dg.ExecuteInProcessResult) -> str:
    return " ".join(str(event.event_specific_data) for event in result.all_events if event.is_step_failure)


@dataclass
class Returns:
    place: Place
    intake: dg.ExecuteInProcessResult
    others: dict[str, dg.ExecuteInProcessResult]
    child_refs: set[str]


def _plant(arrivals: Path) -> None:
    """A canary in cells of one return, whose rows are refused, and in one whose file is refused for its headings."""
    milestones = arrivals / "STG" / "STG_milestones_2012-09.csv"
    lines = milestones.read_text(encoding="utf-8").splitlines()
    for number in (1, 2, 3):
        cells = lines[number].split(",")
        lines[number] = ",".join([cells[0], f"{CANARY}{number}", *cells[2:]])
    _rewrite(milestones, "\r\n".join(lines) + "\r\n")
    children = arrivals / "MLN" / "MLN_children_2012-10.csv"
    text = children.read_text(encoding="utf-8")
    headings, rest = text.split("\n", 1)
    _rewrite(children, headings.replace("date_of_birth", "birthday") + "\n" + rest.replace("female", CANARY, 3))


def _rewrite(path: Path, text: str) -> None:
    when = path.stat().st_mtime
    path.write_text(text, encoding="utf-8", newline="")
    os.utime(path, (when, when))


def _take_the_rest(place: Place) -> dict[str, dg.ExecuteInProcessResult]:
    """A run for each other schedule over all that arrived: courts' quarters, published counts, CLAS."""
    pact = Pact()
    waiting: dict[str, list[Submission]] = {}
    for submission in discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger).submissions:
        waiting.setdefault(schedule_of(submission), []).append(submission)
    results = {}
    for name, submissions in waiting.items():
        tags = intake_range(name, submissions)
        results[name] = place.run(f"intake_{name}", tags[RANGE_START], tags[RANGE_END])
    return results


@pytest.fixture(scope="package")
def returns(open_folder: Path, warehouse_server: EmbeddedPostgres) -> Iterator[Returns]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    keeper = engine_for(warehouse_server.url()).execution_options(isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        for statement in closed_database(name):
            connection.execute(sa.text(statement))
    url = warehouse_server.url(database=name)
    home = open_folder / "orchestration"
    settings = Settings(home, CHECKOUT / "data_contracts", url.render_as_string(hide_password=False))
    engine = engine_for(url)
    make_home(settings)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DAGSTER_HOME", str(home / "dagster"))
        make_up_clock(settings, date(2012, 11, 15))
        generate(settings.arrivals, settings.truth, councils=COUNCILS, last="2012-10", faults=False)
        _plant(settings.arrivals)
        place = Place(settings, engine, open_instance(settings))
        place.enter(monkeypatch)
        intake = place.run("intake_councils", "CLK|2012-08-01", "STG|2012-10-01")
        ship_published(settings.arrivals)
        others = _take_the_rest(place)
    written = settings.arrivals.glob("*/*children*.csv")
    child_refs = {line.split(",")[0] for path in written for line in path.read_text("utf-8").splitlines()[1:]}
    yield Returns(place, intake, others, child_refs)
    engine.dispose()
    with keeper.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    keeper.dispose()


@dataclass
class Built:
    place: Place
    build: dg.ExecuteInProcessResult
    reports: dg.ExecuteInProcessResult


@pytest.fixture(scope="package")
def built_once(returns: Returns) -> Built:
    with pytest.MonkeyPatch.context() as monkeypatch:
        returns.place.enter(monkeypatch)
        build = returns.place.run("national_build")
        reports = returns.place.run("partner_reports", "ABE|2012-10-01", "ZET|2012-10-01")
    return Built(returns.place, build, reports)


@pytest.fixture
def built(built_once: Built, monkeypatch: pytest.MonkeyPatch) -> Built:
    built_once.place.enter(monkeypatch)
    return built_once


@dataclass
class Office(Place):
    """Midlothian and Stirling, by hand: six children, no faults."""

    pact: Pact

    def send(
        self, council: str, period: str, *, version: str = "", without_rows: bool = False, initials: str = "AB"
    ) -> None:
        """Put a return down. A later one has a version and other initials of one child (of many it would be held); one
        without rows is refused."""
        tables = _iso(country.six_children())
        first, *others = tables["children"]
        tables["children"] = [] if without_rows else [{**first, "initials": initials}, *others]
        supplier = self.pact.suppliers[council]
        country.write(self.settings, supplier, self.pact.contracts, tables, period, version=version)


def _iso(tables: country.Tables) -> country.Tables:
    return {
        table: [
            {name: re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\2-\1", value) for name, value in row.items()} for row in rows
        ]
        for table, rows in tables.items()
    }


@pytest.fixture
def office(warehouse_settings: Settings, warehouse_engine: Engine) -> Iterator[Office]:
    Ledger(warehouse_engine).create()
    settings = replace(warehouse_settings)
    yield Office(settings, warehouse_engine, dg.DagsterInstance.ephemeral(), Pact())
    empty_ledger(warehouse_engine)


@pytest.fixture
def own_home(open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for a home of a test's own, with its server, which `PACT_HOME` names."""
    folder = open_folder / f"own-{tmp_path.name}"
    folder.mkdir(mode=0o711)
    settings = home_in(folder)
    monkeypatch.setenv("PACT_HOME", str(settings.home))
    monkeypatch.setenv("DAGSTER_HOME", str(settings.dagster_home))
    monkeypatch.setenv("PACT_CONTRACTS", str(settings.contracts))
    monkeypatch.delenv("PACT_WAREHOUSE_URL", raising=False)
    yield folder
    destroy_embedded(settings)


@pytest.fixture
def tick(office: Office) -> Callable[[str], list[Any]]:
    """One evaluation of a sensor: what it asks for, or why it doesn't."""
    sensors = {sensor.name: sensor for sensor in build_sensors()}

    def evaluate(name: str) -> list[Any]:
        with dg.build_sensor_context(instance=office.instance, resources={"pact": Pact()}) as context:
            outcome: Any = sensors[name](context)
            return [outcome] if isinstance(outcome, dg.RunRequest | dg.SkipReason) else list(outcome)

    return evaluate
