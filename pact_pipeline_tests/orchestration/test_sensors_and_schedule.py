"""Sensors ask for one run of what is new and say why they don't; the schedule asks for the reports of the month before."""

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import psycopg
import pytest

from pact_pipeline.flows.build_fingerprint import made_of
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration import sensors
from pact_pipeline.orchestration.jobs import RANGE_END, RANGE_START, build_schedules
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.reference import councils
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.submission_state import State
from pact_pipeline.warehouse import sessions
from pact_pipeline.warehouse.connect import libpq_uri
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.orchestration.conftest import Office, partitions

Tick = Callable[[str], list[Any]]


def started(office: Office, job: str) -> None:
    run = dg.DagsterRun(job_name=job, run_id="3f6d3c36-9f2c-4b5e-8d0e-000000000001", status=dg.DagsterRunStatus.STARTED)
    office.instance.add_run(run)


def ranges(request: Any) -> tuple[str, str]:
    return request.tags[RANGE_START], request.tags[RANGE_END]


def ended(office: Office, request: Any, status: dg.DagsterRunStatus = dg.DagsterRunStatus.SUCCESS) -> dg.DagsterRun:
    """As if a run that was asked for had ended so."""
    job = request.job_name or "national_build"
    run = dg.DagsterRun(job_name=job, run_id=str(uuid.uuid4()), status=status, tags=request.tags)
    office.instance.add_run(run)
    return run


def note_build(office: Office, build_id: str) -> None:
    """As if a build had been made from what is in force now."""
    folder = office.settings.builds / build_id
    folder.mkdir(parents=True)
    note = {
        "build_id": build_id,
        "made_of": made_of(office.pact.contracts, office.pact.suppliers, office.ledger),
        "submissions": 1,
        "made_at": datetime(2012, 9, 16, tzinfo=UTC).isoformat(),
        "rows": {},
    }
    (folder / "build.json").write_text(json.dumps(note), encoding="utf-8")


def serve(monkeypatch: pytest.MonkeyPatch, build_id: str) -> None:
    """As if the warehouse served it."""
    monkeypatch.setattr("pact_pipeline.flows.build_folder.current_build", lambda _: build_id)


def test_new_files_are_one_run_over_their_range(office: Office, tick: Tick) -> None:
    for council, period in (("STG", "2012-08"), ("MLN", "2012-10"), ("STG", "2012-09")):
        office.send(council, period)
    (request,) = tick("arrivals")
    assert request.job_name == "intake_councils"
    assert ranges(request) == ("MLN|2012-08-01", "STG|2012-10-01")


def test_the_requested_run_judges_what_was_found(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    office.send("STG", "2012-09")
    (request,) = tick("arrivals")
    assert office.run(request.job_name, request.tags[RANGE_START], request.tags[RANGE_END]).success
    assert len(office.ledger.in_force()) == 2
    (skipped,) = tick("arrivals")
    assert isinstance(skipped, dg.SkipReason)
    assert "nothing new" in str(skipped.skip_message)


def test_no_file_at_all_is_a_reason_to_skip(office: Office, tick: Tick) -> None:
    (skipped,) = tick("arrivals")
    assert skipped.skip_message.startswith("0 files seen")


def test_a_file_whose_name_means_nothing_is_told(office: Office, tick: Tick) -> None:
    country.put(office.settings, office.pact.suppliers["MLN"], "Return for August FINAL.csv", b"x")
    (skipped,) = tick("arrivals")
    assert "1 files with no name we know: MLN (1)" in skipped.skip_message
    assert "FINAL" not in skipped.skip_message, "a file's name may hold somebody's"


def test_a_return_for_a_month_that_is_not_over_waits(office: Office, tick: Tick) -> None:
    office.send("MLN", "2099-01")
    (skipped,) = tick("arrivals")
    assert "1 submissions of periods that are not over wait: MLN-councils-2099-01-01" in skipped.skip_message
    office.send("STG", "2012-08")
    (request,) = tick("arrivals")
    assert ranges(request) == ("STG|2012-08-01", "STG|2012-08-01")


def test_arrivals_wait_for_the_run_under_way(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    started(office, "intake_councils")
    (skipped,) = tick("arrivals")
    assert "1 submissions and 0 verdicts of councils wait for run 3f6d3c36, which is under way" in skipped.skip_message


def test_another_job_under_way_does_not_hold_up_arrivals(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    started(office, "intake_courts")
    (request,) = tick("arrivals")
    assert request.job_name == "intake_councils"


def test_the_same_files_ask_under_the_same_key_and_a_correction_under_another(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    keys = [tick("arrivals")[0].run_key for _ in range(2)]
    office.run("intake_councils", "MLN|2012-08-01")
    office.send("MLN", "2012-08", version=" v2", initials="CD")
    keys.append(tick("arrivals")[0].run_key)
    assert keys[0] == keys[1] != keys[2]


def test_a_verdict_reached_at_the_command_line_is_asked_for_once(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    office.send("STG", "2012-08")
    office.run("intake_councils", "MLN|2012-08-01", "STG|2012-08-01")
    assert isinstance(tick("arrivals")[0], dg.SkipReason)
    taken = office.ledger.verdicts()["STG-councils-2012-08-01"]
    office.ledger.record(replace(taken, state=State.REFUSED, judging=2, reason="Refused by a person's decision."))
    (request,), (again,) = tick("arrivals"), tick("arrivals")
    assert request.job_name == "intake_councils"
    assert ranges(request) == ("STG|2012-08-01", "STG|2012-08-01")
    assert request.run_key == again.run_key
    assert office.run(request.job_name, request.tags[RANGE_START], request.tags[RANGE_END]).success
    assert isinstance(tick("arrivals")[0], dg.SkipReason)
    office.ledger.record(replace(taken, judging=3))
    (next_one,) = tick("arrivals")
    assert next_one.run_key != request.run_key


def test_a_verdict_is_asked_for_though_a_submission_that_can_not_be_judged_was_asked_for_today(
    office: Office, tick: Tick
) -> None:
    office.send("STG", "2012-08")
    office.run("intake_councils", "STG|2012-08-01")
    office.send("MLN", "2012-08")
    (request,) = tick("arrivals")
    taken = office.ledger.verdicts()["STG-councils-2012-08-01"]
    office.ledger.record(replace(taken, state=State.HELD, judging=2))
    (again,) = tick("arrivals")
    assert again.run_key != request.run_key


def test_a_verdict_not_shown_yet_waits_for_the_run_under_way(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", "MLN|2012-08-01")
    taken = office.ledger.verdicts()["MLN-councils-2012-08-01"]
    office.ledger.record(replace(taken, state=State.HELD, judging=2))
    started(office, "intake_councils")
    (skipped,) = tick("arrivals")
    assert "0 submissions and 1 verdicts of councils wait for run 3f6d3c36, which is under way" in skipped.skip_message


HEALTH_LAYOUT = """
layout: reviews_csv
format: csv
encoding: utf-8
delimiter: ","
date_formats: ["%Y-%m-%d"]
empty: [""]
file: "reviews_{period}.csv"
tables:
  child_reviews:
    name: "child_reviews"
    columns: {year: year, council: council, looked_after: looked_after, eligible: eligible, reviewed: reviewed,
      concern_any: concern_any}
    absent: [attachment_secure]
"""
HEALTH_SUPPLIER = """
supplier: reviews
name: Health reviews
kind: health
joined: FY2011-12
contact: reviews@health.example
deliveries:
  - collection: health
    url: arrivals/reviews
    layouts: [{from: FY2011-12, layout: reviews_csv}]
"""


def test_a_health_supplier_has_its_own_job_and_stops_nobody(
    office: Office, tick: Tick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "contracts"
    shutil.copytree(CHECKOUT / "data_contracts", folder)
    (folder / "suppliers" / "layouts" / "reviews_csv.yaml").write_text(HEALTH_LAYOUT, "utf-8")
    (folder / "suppliers" / "reviews.yaml").write_text(HEALTH_SUPPLIER, "utf-8")
    monkeypatch.setenv("PACT_CONTRACTS", str(folder))
    rows = "year,council,looked_after,eligible,reviewed,concern_any\nFY2012-13,GLG,all,100,90,20\n"
    country.put(office.settings, Pact().suppliers["reviews"], "reviews_FY2012-13.csv", rows.encode(), at="2013-06-10")
    office.send("MLN", "2012-08")
    requests = tick("arrivals")
    assert [one.job_name for one in requests] == ["intake_councils", "intake_health"]
    assert ranges(requests[1]) == ("2012-04-01", "2012-04-01")
    result = office.run("intake_health", "2012-04-01")
    assert result.success
    assert partitions(result, dg.AssetKey(["health", "landed"])) == ["2012-04-01"]
    assert [one.submission_id for one in office.ledger.received()] == ["MLN-councils-2012-08-01"]


def test_a_collection_without_a_schedule_stops_nobody(
    office: Office, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send("MLN", "2012-08")
    monkeypatch.setattr(
        sensors, "COLLECTION_SCHEDULES", [one for one in sensors.COLLECTION_SCHEDULES if one.name != "councils"]
    )
    (skipped,) = tick("arrivals")
    assert "1 submissions are of collections that no collection schedule covers" in skipped.skip_message


def test_core_waits_until_something_is_in_force(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08", without_rows=True)
    office.run("intake_councils", "MLN|2012-08-01")
    (skipped,) = tick("core_follows_ledger")
    assert skipped.skip_message == "nothing is in force yet"


def test_core_follows_the_ledger_there_and_back(office: Office, tick: Tick, monkeypatch: pytest.MonkeyPatch) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", "MLN|2012-08-01")
    office.send("STG", "2012-08")
    office.run("intake_councils", "STG|2012-08-01")
    keys = [tick("core_follows_ledger")[0].run_key]
    note_build(office, "20120916T000000-aaaaaaaa")
    assert isinstance(tick("core_follows_ledger")[0], dg.RunRequest), "made, and not served"
    serve(monkeypatch, "20120916T000000-aaaaaaaa")
    assert isinstance(tick("core_follows_ledger")[0], dg.SkipReason)
    whole = office.ledger.verdicts()["MLN-councils-2012-08-01"]
    for number, state in enumerate((State.HELD, State.TAKEN, State.HELD)):
        office.ledger.record(replace(whole, state=state, judging=number + 2))
        (request,) = tick("core_follows_ledger")
        keys.append(request.run_key)
        ended(office, request)
        note_build(office, f"20120917T00000{number}-aaaaaaaa")
        serve(monkeypatch, f"20120917T00000{number}-aaaaaaaa")
        assert isinstance(tick("core_follows_ledger")[0], dg.SkipReason)
    assert len(set(keys)) == 4


def test_a_served_build_whose_folder_is_gone_is_made_anew(
    office: Office, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", "MLN|2012-08-01")
    note_build(office, "20120916T000000-aaaaaaaa")
    serve(monkeypatch, "20120916T000000-aaaaaaaa")
    assert isinstance(tick("core_follows_ledger")[0], dg.SkipReason)
    shutil.rmtree(office.settings.builds / "20120916T000000-aaaaaaaa")
    assert isinstance(tick("core_follows_ledger")[0], dg.RunRequest)


@pytest.mark.parametrize("job", ["national_build", "intake_councils", "intake_clas"])
def test_core_waits_for_runs_that_change_what_it_is_made_from(office: Office, tick: Tick, job: str) -> None:
    office.send("MLN", "2012-08")
    office.run("intake_councils", "MLN|2012-08-01")
    started(office, job)
    (skipped,) = tick("core_follows_ledger")
    assert skipped.skip_message == f"run 3f6d3c36 of {job} is under way"


def test_the_reports_of_december_are_due_on_20_january(office: Office) -> None:
    schedule, calendar = build_schedules(office.pact.contracts)
    assert (calendar.name, calendar.cron_schedule) == ("daily_arrivals_calendar", "0 7 * * *")
    assert schedule.cron_schedule == "0 6 20 * *"
    assert schedule.execution_timezone == parts.TIMEZONE
    said = "`monthly_partner_reports` (the 20th, five days after councils' due day)"
    assert said in (CHECKOUT / "README.md").read_text(encoding="utf-8")
    for (year, month), due in {(2013, 1): "2012-12", (2013, 2): "2013-01", (2013, 12): "2013-11"}.items():
        moment = datetime(year, month, 20, 6, tzinfo=ZoneInfo(parts.TIMEZONE))
        with dg.build_schedule_context(
            instance=office.instance, scheduled_execution_time=moment, resources={"pact": Pact()}
        ) as context:
            request = schedule(context)
        assert isinstance(request, dg.RunRequest)
        assert request.run_key == due
        covered = parts.COUNCIL_MONTHS.get_partition_keys_in_range(
            dg.PartitionKeyRange(request.tags[RANGE_START], request.tags[RANGE_END])
        )
        assert sorted(covered) == [f"{council}|{due}-01" for council in sorted(councils())]


def test_sessions_that_outlast_the_limits_are_ended_by_a_sensor(
    office: Office, tick: Tick, warehouse_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = warehouse_server.url("analyst", database=str(office.engine.url.database))
    with psycopg.connect(libpq_uri(url), autocommit=True) as analyst:
        analyst.execute("select 1")
        (skipped,) = tick("outlasting_sessions")
        assert skipped.skip_message == "no session of an analyst outlasts the limits"
        at_once = dict.fromkeys(sessions.LIMITS, timedelta(0))
        monkeypatch.setattr(sensors, "end_outlasting", lambda engine: sessions.end_outlasting(engine, at_once))
        (skipped,) = tick("outlasting_sessions")
        assert "of pact_analyst does nothing since" in skipped.skip_message
        assert skipped.skip_message.endswith("and was ended")
        with pytest.raises(psycopg.OperationalError):
            analyst.execute("select 1")
