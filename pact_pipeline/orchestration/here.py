"""Runs in this process, which stand in the UI's timeline like any other: the demo's."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from pact_pipeline.definitions import defs
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Submission
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES, schedule_of
from pact_pipeline.orchestration.instance import open_instance
from pact_pipeline.orchestration.jobs import PARTNER_REPORTS, intake_range, report_range
from pact_pipeline.orchestration.partitions import enter_periods
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.orchestration.ui.processes import LOCATION
from pact_pipeline.settings import Settings

REPOSITORY = "__repository__"  # what Dagster calls the one of a code location
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunsHere:
    """The jobs of a home, one after the other. `pact`: what its assets reach for."""

    def __init__(self, settings: Settings) -> None:
        self.pact = Pact()
        _ = self.pact.ledger  # starts the warehouse
        self._instance = open_instance(settings)
        enter_periods(self._instance, settings)

    def run(self, job: str, tags: Mapping[str, str] | None = None) -> None:
        """Run a job and wait for its end. Raises PactFailure DEMO-001 where it failed."""
        definition = defs.resolve_job_def(job)
        # Without an origin a run belongs to no code location, and the timeline leaves it out.
        origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(LOCATION), REPOSITORY), job)
        run = self._instance.create_run_for_job(
            job_def=definition, run_config=QUIET, tags=dict(tags or {}), remote_job_origin=origin
        )
        result = execute_run(InMemoryJob(definition), run, self._instance)
        if not result.success:
            raise PactFailure(
                "DEMO-001",
                f"the run of {job} failed: {_reason(result.all_events)}",
                mend="mend that and run again: what was done stays. The run is to be seen with 'make ui'.",
            )

    def run_reports(self, month: str) -> None:
        """Write the drafts of a month. Raises as `run`."""
        self.run(PARTNER_REPORTS.name, report_range(month))

    def intake_of(self, submissions: Iterable[Submission]) -> Iterator[tuple[str, list[Submission], Mapping[str, str]]]:
        """By the job that judges them (`intake_<name>`): submissions, and the tags of the run."""
        found = list(submissions)
        for schedule in COLLECTION_SCHEDULES:
            ours = [submission for submission in found if schedule_of(submission) == schedule.name]
            if ours:
                yield schedule.name, ours, intake_range(schedule.name, ours)


def _reason(events: Iterable[Any]) -> str:
    """The innermost failure a run tells: one of ours in its own words, any other by its kind alone."""
    for event in events:
        error = getattr(event.event_specific_data, "error", None)
        while error is not None and error.cause is not None:
            error = error.cause
        if error is not None:
            ours = error.message.partition("pact_pipeline.")[2].partition(": ")[2].strip()
            return ours or str(error.cls_name)
    return "no reason was told"
