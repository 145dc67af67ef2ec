"""Runs in this process, which stand in the UI's timeline like any other: the demo's."""

from collections.abc import Mapping

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from pact_pipeline.orchestration.ui.processes import LOCATION

REPOSITORY = "__repository__"  # what Dagster calls the one of a code location
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_here(
    defs: dg.Definitions, instance: dg.DagsterInstance, job: str, tags: Mapping[str, str] | None = None
) -> dg.JobExecutionResult:
    """Run a job and wait for its end. A failed run is returned, not raised."""
    definition = defs.resolve_job_def(job)
    # Without an origin a run belongs to no code location, and the timeline leaves it out.
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(LOCATION), REPOSITORY), job)
    run = instance.create_run_for_job(
        job_def=definition, run_config=QUIET, tags=dict(tags or {}), remote_job_origin=origin
    )
    return execute_run(InMemoryJob(definition), run, instance)
