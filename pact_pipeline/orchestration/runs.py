"""Runs: which are under way, whose process is gone, and when work that failed is asked for again.

A run holds a lock on a file of its own while its process lives, whoever launched it and however. What is asked for carries
a tag with its work (submissions and judgings, or what a build is made from), so that a sensor finds the runs that were at it
before. A run that was killed is tried again, at once and then after longer and longer times. One that failed with words of
its own is not, until the work changes or the next day: unless the words say that a disk or the warehouse was the trouble.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from pact_pipeline.clock import in_scotland, now, scotlands_day
from pact_pipeline.settings import Settings, restricted_folder

WORK = "pact/work"
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
# From the launch to the lock a run loads the code; longer than this, and its process never got so far.
LONGEST_START = timedelta(minutes=3)
BACK_OFF = (timedelta(), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=1))
_ANY_ASSETS = "__ASSET_JOB"  # what Dagster calls the job of assets picked by hand
_PASSING = re.compile(r"\b(WH-\d+|LEDGER-001|LAKE-002|DISK-\d+|MEMORY-\d+|INTAKE-003)\b")
_INTERRUPTED = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")
_held: dict[str, int] = {}


def hold(settings: Settings, run_id: str) -> None:
    """Say that this process executes a run, until it lets go or ends."""
    if run_id not in _held:
        path = restricted_folder(_folder(settings)) / run_id
        _held[run_id] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(_held[run_id], fcntl.LOCK_EX)


def let_go(settings: Settings, run_id: str) -> None:
    if (lock := _held.pop(run_id, None)) is not None:
        (_folder(settings) / run_id).unlink(missing_ok=True)
        os.close(lock)


def end_lost_runs(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Mark runs as failed whose process is gone; a line about each."""
    told = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY)):
        run, status = record.dagster_run, record.dagster_run.status
        if status == dg.DagsterRunStatus.QUEUED:
            continue  # the daemon's
        lives = _lives(settings, run.run_id)
        # None: it never came to its lock, or has let it go and is about to say so.
        lost = lives is False or (lives is None and now() - _changed(record) > LONGEST_START)
        if lost:
            instance.report_run_failed(run, "The run's process is gone (killed, or ended with its machine or the UI).")
            (_folder(settings) / run.run_id).unlink(missing_ok=True)
            told.append(f"run {run.run_id[:8]} of {run.job_name} was marked as failed: its process is gone")
    return told


def under_way(instance: dg.DagsterInstance, job: str, assets: Iterable[dg.AssetKey]) -> str | None:
    """The number of a run of this job, or one started by hand for any of its assets, that is queued or running."""
    ours = set(assets)
    for run in instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)):
        if run.job_name == job or (run.job_name == _ANY_ASSETS and ours & set(run.asset_selection or ())):
            return run.run_id[:8]
    return None


@dataclass(frozen=True)
class Asked:
    """Work that may be asked for now (`run_key`, `tags`), or why it isn't (`because`)."""

    run_key: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    because: str = ""


def ask_for(instance: dg.DagsterInstance, job: str, work: str) -> Asked:
    """Whether to ask for a run of `job` for this work now. `work` names it whole: two works never share it."""
    name = hashlib.sha256(work.encode()).hexdigest()[:16]
    before = instance.get_run_records(dg.RunsFilter(job_name=job, tags={WORK: name}), limit=len(BACK_OFF) + 1)
    asked = Asked(f"{job}:{name}:{len(_all(instance, job, name)) if before else 0}", {WORK: name})
    if not before:
        return asked
    newest = before[0]
    ended = _changed(newest)
    told = _told_failure(instance, newest.dagster_run)
    number = newest.dagster_run.run_id[:8]
    if told is not None and not _PASSING.search(told):
        if scotlands_day(ended) == scotlands_day(now()):
            return Asked(
                because=f"run {number} failed by its own words; asked for again tomorrow, or when something changes"
            )
        return asked
    wait_until = ended + BACK_OFF[min(len(before), len(BACK_OFF)) - 1]
    if now() < wait_until:
        until = f"{in_scotland(wait_until):%H:%M:%S}"
        return Asked(because=f"run {number} did not end the work ({len(before)} tried): tried again at {until}")
    return asked


def _all(instance: dg.DagsterInstance, job: str, name: str) -> list[str]:
    return [run.run_id for run in instance.get_runs(dg.RunsFilter(job_name=job, tags={WORK: name}))]


def _told_failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """What a run said that it failed of; None where it succeeded, or was killed. A run that a person ended has said so."""
    if run.status == dg.DagsterRunStatus.CANCELED:
        return "ended by a person"
    for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
        error = getattr(entry.dagster_event.event_specific_data, "error", None) if entry.dagster_event else None
        words = []
        while error is not None:
            words.append(f"{error.cls_name}: {error.message}")
            error = error.cause
        if not any(kind in word for kind in _INTERRUPTED for word in words):
            return " ".join(words)
    return None


def _folder(settings: Settings) -> Path:
    return settings.dagster_home / "alive"


def _lives(settings: Settings, run_id: str) -> bool | None:
    """Whether a run's process holds its lock; None where there is no lock."""
    if run_id in _held:
        return True
    try:
        lock = os.open(_folder(settings) / run_id, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(lock)


def _changed(record: dg.RunRecord) -> datetime:
    """When a run's record last changed: its end, where it has ended."""
    moment = record.update_timestamp
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
