"""A run that was killed is tried again, one that failed by its own words isn't, and every tick says why."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import dagster as dg
import pytest

from pact_pipeline.arrival import discover
from pact_pipeline.clock import HomeClock, now
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Submission
from pact_pipeline.orchestration import runs
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES, CollectionSchedule
from pact_pipeline.orchestration.runs import BACK_OFF, LONGEST_START, end_lost_runs, hold, let_go
from pact_pipeline.orchestration.sensors import _sort_out
from pact_pipeline.orchestration.verdict_events import shown_verdicts, untold, verdict_events
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.submission_state import State
from pact_pipeline_tests.orchestration.conftest import Office

Tick = Callable[[str], list[Any]]
FAILED, STARTED = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.STARTED


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(runs, "now", lambda: moment)


def killed(office: Office, request: Any) -> dg.DagsterRun:
    """As if the run that was asked for had been started and its process killed, before it said anything."""
    run = dg.DagsterRun(job_name=request.job_name, status=STARTED, tags=request.tags)
    office.instance.add_run(run)
    hold(office.settings, run.run_id)
    let_go_of_the_lock_alone(office, run.run_id)
    return run


def let_go_of_the_lock_alone(office: Office, run_id: str) -> None:
    """As the system does when a process ends."""
    os.close(runs._held.pop(run_id))
    assert (office.settings.dagster_home / "alive" / run_id).exists()


def test_a_killed_run_is_marked_failed_by_the_next_tick_and_tried_again_at_once(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    (request,) = tick("arrivals")
    run = killed(office, request)
    (again,) = tick("arrivals")
    assert office.instance.get_run_by_id(run.run_id).status == FAILED  # type: ignore[union-attr]
    assert again.run_key != request.run_key
    assert again.tags == request.tags
    assert list((office.settings.dagster_home / "alive").iterdir()) == []


def test_a_run_whose_process_lives_is_left(office: Office) -> None:
    run = dg.DagsterRun(job_name="intake_councils", status=STARTED)
    office.instance.add_run(run)
    holds = (
        "import sys; from pact_pipeline.orchestration.runs import hold; from pact_pipeline.settings import Settings\n"
        f"hold(Settings.from_environment(), {run.run_id!r}); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert end_lost_runs(office.instance, office.settings) == []
        other.kill()
        other.wait()
        (told,) = end_lost_runs(office.instance, office.settings)
    assert told == f"run {run.run_id[:8]} of intake_councils was marked as failed: its process is gone"


def test_a_run_that_never_came_to_its_lock_is_given_up_after_a_while(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = dg.DagsterRun(job_name="national_build", status=dg.DagsterRunStatus.STARTING)
    office.instance.add_run(run)
    assert end_lost_runs(office.instance, office.settings) == []
    at(monkeypatch, now() + LONGEST_START + timedelta(seconds=1))
    assert len(end_lost_runs(office.instance, office.settings)) == 1


def test_a_run_of_a_process_that_lives_holds_its_lock_and_lets_go(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[str] = []
    real = runs.hold
    monkeypatch.setattr(
        "pact_pipeline.orchestration.resources.hold", lambda *words: (real(*words), held.append(words[1]))
    )
    office.send("MLN", "2012-08")
    result = office.run("intake_councils", "MLN|2012-08-01")
    assert held == [result.run_id]
    assert list((office.settings.dagster_home / "alive").iterdir()) == []


def test_what_is_killed_again_and_again_waits_longer_and_says_so(
    office: Office, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: dict[str, datetime] = {}
    real = runs._changed
    monkeypatch.setattr(runs, "_changed", lambda record: ends.get(record.dagster_run.run_id) or real(record))
    office.send("MLN", "2012-08")
    moment = now()
    keys: list[str] = []
    for tried, wait in enumerate((timedelta(), *BACK_OFF, BACK_OFF[-1])):
        if wait:
            at(monkeypatch, moment + wait - timedelta(seconds=1))
            (skipped,) = tick("arrivals")
            assert f"did not end the work ({tried} tried): tried again at " in skipped.skip_message
        moment += wait
        at(monkeypatch, moment)
        (request,) = tick("arrivals")
        keys.append(request.run_key)
        run = killed(office, request)
        assert len(end_lost_runs(office.instance, office.settings)) == 1
        ends[run.run_id] = moment
    assert len(set(keys)) == len(BACK_OFF) + 2


def fail(office: Office, request: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Run what was asked for, and let it fail so."""

    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr("pact_pipeline.orchestration.intake_assets.discover", fails)
        assert not office.run_asked(request).success


@pytest.mark.parametrize(
    "error", [PactFailure("LAKE-010", "damaged"), dg.Failure("refused", allow_retries=False), ValueError("a fault")]
)
def test_what_failed_by_its_own_words_is_asked_for_tomorrow_or_when_something_changes(
    office: Office, tick: Tick, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    office.send("MLN", "2012-08")
    (request,) = tick("arrivals")
    fail(office, request, monkeypatch, error)
    (skipped,) = tick("arrivals")
    assert "failed by its own words; asked for again tomorrow, or when something changes" in skipped.skip_message
    office.send("STG", "2012-08")
    assert isinstance(tick("arrivals")[0], dg.RunRequest)
    at(monkeypatch, now() + timedelta(days=1))
    assert isinstance(tick("arrivals")[0], dg.RunRequest)


@pytest.mark.parametrize(
    "error",
    [
        PactFailure("DISK-001", "the disk is full"),
        PactFailure("WH-052", "the warehouse did not take the rows"),
        KeyboardInterrupt(),
    ],
    ids=["disk", "warehouse", "ended with the UI"],
)
def test_what_failed_of_a_disk_or_was_interrupted_is_tried_again(
    office: Office, tick: Tick, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    office.send("MLN", "2012-08")
    (request,) = tick("arrivals")
    fail(office, request, monkeypatch, error)
    (again,) = tick("arrivals")
    assert again.run_key != request.run_key


def test_a_run_that_a_person_ended_is_not_started_again(office: Office, tick: Tick) -> None:
    office.send("MLN", "2012-08")
    (request,) = tick("arrivals")
    run = dg.DagsterRun(job_name=request.job_name, status=dg.DagsterRunStatus.CANCELED, tags=request.tags)
    office.instance.add_run(run)
    (skipped,) = tick("arrivals")
    assert "asked for again tomorrow" in skipped.skip_message


@pytest.mark.parametrize("sensor", ["arrivals", "core_follows_ledger"])
def test_a_run_started_by_hand_for_our_assets_counts_as_under_way(office: Office, tick: Tick, sensor: str) -> None:
    office.send("STG", "2012-08")
    office.run("intake_councils", "STG|2012-08-01")
    office.send("MLN", "2012-08")
    landed = next(schedule.landed for schedule in COLLECTION_SCHEDULES if schedule.name == "councils")
    run = dg.DagsterRun(job_name="__ASSET_JOB", status=STARTED, asset_selection={landed})
    office.instance.add_run(run)
    hold(office.settings, run.run_id)
    (skipped,) = tick(sensor)
    assert f"run {run.run_id[:8]}" in skipped.skip_message
    let_go(office.settings, run.run_id)


def test_a_return_older_than_the_first_period_isshown_verdicts(office: Office) -> None:
    office.send("MLN", "2012-08")
    found = discover(office.settings, office.pact.contracts, office.pact.suppliers, office.ledger)
    old = replace(found.submissions[0], submission_id="MLN-councils-2012-07-01", period="2012-07")
    told = _sort_out([old], HomeClock(date(2012, 9, 15), made_up=True))
    assert told.waiting == {}
    assert told.put_off == ["1 submissions are of periods before the first one that is kept: MLN-councils-2012-07-01"]


def test_of_two_runs_of_one_partition_the_older_submission_is_never_told_last(office: Office) -> None:
    schedule = next(one for one in COLLECTION_SCHEDULES if one.name == "councils")
    for version, initials in (("", "AB"), ("_v2", "CD")):
        office.send("MLN", "2012-08", version=version, initials=initials)
        office.run("intake_councils", "MLN|2012-08-01")
    first, second = office.ledger.known()
    verdicts = office.ledger.verdicts()

    def told(submission: Submission) -> list[str]:
        events = verdict_events(office.instance, office.pact, schedule, submission, verdicts[submission.submission_id])
        return [one.asset_key.path[-1] for one in events if isinstance(one, dg.AssetMaterialization)]

    assert told(first) == []
    assert told(second) == ["landed", "accepted"]


def test_what_was_in_force_before_is_told_again_when_a_person_refuses_the_later_one(office: Office) -> None:
    schedule = next(one for one in COLLECTION_SCHEDULES if one.name == "councils")
    for version, initials in (("", "AB"), ("_v2", "CD")):
        office.send("MLN", "2012-08", version=version, initials=initials)
        office.run("intake_councils", "MLN|2012-08-01")
    first, second = office.ledger.known()
    taken = office.ledger.verdicts()[second.submission_id]
    office.ledger.record(replace(taken, state=State.REFUSED, judging=2))
    office.run("intake_councils", "MLN|2012-08-01")
    assert untold_names(office, schedule) == []
    assert shown_verdicts(office.instance, schedule.accepted) == {"MLN|2012-08-01": first.submission_id}
    assert shown_verdicts(office.instance, schedule.landed) == {"MLN|2012-08-01": f"{second.submission_id}~2"}


def untold_names(office: Office, schedule: CollectionSchedule) -> list[str]:
    behind = untold(office.instance, schedule, office.ledger.known(), office.ledger.verdicts())
    return [submission.submission_id for submission, _ in behind]
