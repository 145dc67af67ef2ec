"""Jobs, sensors and schedules: what runs, when, and for which partitions.

The ledger decides what is stale; sensors only save waiting. A sensor that finds no work says so in its skip reason.
"""

import hashlib
from collections.abc import Iterable, Iterator

import dagster as dg

from pact_pipeline.arrival import discover
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Submission
from pact_pipeline.national_build import newest_build
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import WAREHOUSE
from pact_pipeline.orchestration.intake_assets import RHYTHMS, rhythm_of
from pact_pipeline.orchestration.report_assets import PARTNER_REPORT
from pact_pipeline.orchestration.resources import Pact

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
REPORT_DAY, REPORT_HOUR = 20, 6

INTAKE_JOBS = {
    rhythm.name: dg.define_asset_job(
        f"intake_{rhythm.name}",
        selection=dg.AssetSelection.assets(rhythm.landed, rhythm.accepted),
        description=f"Judge what arrived. {rhythm.description}",
    )
    for rhythm in RHYTHMS
}
NATIONAL_BUILD = dg.define_asset_job(
    "national_build",
    selection=dg.AssetSelection.groups("core", "measures") | dg.AssetSelection.assets(WAREHOUSE),
    description="Compute core and measures from what is in force, let them be judged, switch the warehouse to them.",
)
PARTNER_REPORTS = dg.define_asset_job(
    "partner_reports",
    selection=dg.AssetSelection.assets(PARTNER_REPORT),
    description="Write the partner reports of a month from the build the warehouse serves.",
)


def intake_range(rhythm_name: str, submissions: Iterable[Submission]) -> dict[str, str]:
    """The tags of one run that covers all these submissions."""
    rhythm = next(r for r in RHYTHMS if r.name == rhythm_name)
    first, last = parts.covering_range(rhythm.partitions, [rhythm.partition_of(s) for s in submissions])
    return {RANGE_START: first, RANGE_END: last}


def report_range(month: str) -> dict[str, str]:
    """The tags of one run for all councils' reports of a month (`2013-07`)."""
    councils = parts.COUNCILS.get_partition_keys()
    return {
        RANGE_START: parts.council_month_key(min(councils), month),
        RANGE_END: parts.council_month_key(max(councils), month),
    }


def build_sensors() -> list[dg.SensorDefinition]:
    @dg.sensor(
        name="arrivals",
        jobs=list(INTAKE_JOBS.values()),
        minimum_interval_seconds=60,
        description="Looks for new files at every supplier's place and asks for one run a rhythm that judges them.",
    )
    def arrivals(context: dg.SensorEvaluationContext, pact: Pact) -> Iterator[dg.RunRequest | dg.SkipReason]:
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger)
        for supplier, url, kind in found.unreachable:
            context.log.warning("%s: %s could not be reached (%s)", supplier, url, kind)
        waiting: dict[str, list[Submission]] = {}
        for submission in found.submissions:
            waiting.setdefault(rhythm_of(submission), []).append(submission)
        if not waiting:
            yield dg.SkipReason(
                f"{found.files_seen} files seen, nothing new; {len(found.waiting)} deliveries incomplete"
            )
        for name, submissions in waiting.items():
            # receipt numbers, not contents: the same bytes sent again after a correction must run again
            key = hashlib.sha256(" ".join(sorted(s.submission_id for s in submissions)).encode()).hexdigest()[:16]
            yield dg.RunRequest(
                run_key=f"{name}:{key}", job_name=f"intake_{name}", tags=intake_range(name, submissions)
            )

    @dg.sensor(
        name="core_follows_ledger",
        job=NATIONAL_BUILD,
        minimum_interval_seconds=120,
        description="Asks for a build whenever what is in force differs from what the newest build was made from.",
    )
    def core_follows_ledger(pact: Pact) -> dg.RunRequest | dg.SkipReason:
        in_force = pact.ledger.fingerprint()
        if pact.ledger.in_force().empty:
            return dg.SkipReason("nothing is in force yet")
        try:
            newest = newest_build(pact.settings)
        except PactFailure:
            return dg.RunRequest(run_key=f"first:{in_force[:16]}")
        if newest.fingerprint == in_force:
            return dg.SkipReason(f"build {newest.build_id} is made from what is in force")
        return dg.RunRequest(run_key=f"{newest.build_id}:{in_force[:16]}")

    return [arrivals, core_follows_ledger]


def build_schedules() -> list[dg.ScheduleDefinition]:
    @dg.schedule(
        name="monthly_partner_reports",
        job=PARTNER_REPORTS,
        cron_schedule=f"0 {REPORT_HOUR} {REPORT_DAY} * *",
        execution_timezone=parts.TIMEZONE,
        description=f"The reports of the month before, at {REPORT_HOUR} o'clock on the {REPORT_DAY}th: five days after the due day.",
    )
    def monthly_partner_reports(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        moment = context.scheduled_execution_time
        month = f"{moment.year - (moment.month == 1)}-{(moment.month - 2) % 12 + 1:02d}"
        return dg.RunRequest(run_key=month, tags=report_range(month))

    return [monthly_partner_reports]
