"""The Dagster instance of a home: made once, whoever comes first."""

import os
import shutil
from pathlib import Path

import dagster as dg

from pact_pipeline.disk import alone_in
from pact_pipeline.settings import Settings, restricted_folder

TEMPLATE = Path(__file__).parent / "dagster.yaml"


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance at DAGSTER_HOME with our settings, Dagster's telemetry off.

    Its storage is made by one process at a time: two that open a new one at once would each migrate it.
    """
    home = restricted_folder(settings.dagster_home)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    with alone_in(home):
        if not (home / "dagster.yaml").exists():
            shutil.copyfile(TEMPLATE, home / "dagster.yaml")
        instance = dg.DagsterInstance.get()
        # Each store is made when it is first asked.
        instance.get_runs_count()
        instance.event_log_storage.get_maximum_record_id()
        instance.all_instigator_state()
    return instance
