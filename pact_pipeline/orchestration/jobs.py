"""Jobs, sensors and schedules: what runs, when, and for which partitions.

The ledger decides what is stale; sensors only save waiting. A sensor that finds no work says so in its skip reason. It
asks for nothing while a run of the kind is under way (half of what it sees is being judged by that run), and what has
failed it asks for again on the next day.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta

import dagster as dg

from pact_pipeline.arrival import Discovery, discover, news
from pact_pipeline.builds import is_served, newest_build
from pact_pipeline.clock import now
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Submission
from pact_pipeline.national_build import current_fingerprint
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import WAREHOUSE
from pact_pipeline.orchestration.calendar_asset import ARRIVALS_CALENDAR
from pact_pipeline.orchestration.intake_assets import RHYTHMS, rhythm_of, untold
from pact_pipeline.orchestration.metadata import unknown_names
from pact_pipeline.orchestration.report_assets import PARTNER_REPORT
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.warehouse.publish import current_build

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
REPORT_DAY, REPORT_HOUR = 20, 6
CALENDAR_HOUR = 7
# Dagster cuts a sensor off after a minute; what is not fetched by then is fetched at the next look.
LOOK_SECONDS = 30
# A run that has not ended after this long was killed, and must not keep a sensor waiting for ever.
LONGEST_RUN = timedelta(hours=2)
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

INTAKE_JOBS = {
    rhythm.name: dg.define_asset_job(
        f"intake_{rhythm.name}",
        # Checks are told for what is judged. Planned for the whole range, they would hide the verdicts of the rest.
        selection=dg.AssetSelection.assets(rhythm.landed, rhythm.accepted).without_checks(),
        description=f"Judge what arrived. {rhythm.description}",
    )
    for rhythm in RHYTHMS
}
ARRIVALS_CALENDAR_JOB = dg.define_asset_job(
    "arrivals_calendar",
    selection=dg.AssetSelection.assets(ARRIVALS_CALENDAR),
    description="Draw up what each supplier owes and what became of it; write the page and the chasers.",
)
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


def has_partition(submission: Submission) -> bool:
    """Whether the submission's period has a partition: not before it is over, and not after the last month there is.
    False for a collection without an intake job."""
    rhythm = next((r for r in RHYTHMS if r.name == rhythm_of(submission)), None)
    return rhythm is not None and rhythm.partitions.has_partition_key(rhythm.partition_of(submission))


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


def under_way(instance: dg.DagsterInstance, job: str) -> bool:
    """Whether a run of this job is queued or running."""
    recently = now() - LONGEST_RUN
    return bool(instance.get_runs(dg.RunsFilter(job_name=job, statuses=UNDER_WAY, created_after=recently), limit=1))


def build_sensors() -> list[dg.SensorDefinition]:
    @dg.sensor(
        name="arrivals",
        jobs=list(INTAKE_JOBS.values()),
        minimum_interval_seconds=60,
        description="Looks for new files at every supplier's place and asks for one run of each intake job that has"
        " some to judge, or some verdicts of the ledger (a person's, by command line) that aren't shown here yet.",
    )
    def arrivals(context: dg.SensorEvaluationContext, pact: Pact) -> Iterator[dg.RunRequest | dg.SkipReason]:
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger, look_seconds=LOOK_SECONDS)
        for line in news(found):
            context.log.warning(line)
        waiting: dict[str, list[Submission]] = {}
        early: list[str] = []
        jobless: list[str] = []
        for submission in found.submissions:
            if has_partition(submission):
                waiting.setdefault(rhythm_of(submission), []).append(submission)
            elif rhythm_of(submission) in INTAKE_JOBS:
                early.append(submission.submission_id)
            else:
                jobless.append(submission.submission_id)
        if early:
            context.log.warning("%d submissions of periods that are not over wait: %s", len(early), ", ".join(early))
        if jobless:
            context.log.warning(
                "%d submissions are of collections that no rhythm of intake_assets covers: %s",
                len(jobless),
                ", ".join(jobless),
            )
        today = now().date()
        behind = _not_shown(context.instance, pact)
        free = {name for name in {*waiting, *behind} if not under_way(context.instance, f"intake_{name}")}
        if not free:
            yield dg.SkipReason(_nothing_to_do(found, waiting, behind, len(early), len(jobless)))
        for name in sorted(free):
            # Receipt numbers and judgings, not contents: the same bytes sent again after a correction must run again.
            # A run tells what is not shown yet of its whole rhythm, whatever its range.
            asks = [*(one.submission_id for one in waiting.get(name, ())), *behind.get(name, ())]
            key = hashlib.sha256(" ".join(sorted(asks)).encode()).hexdigest()[:16]
            covers = waiting.get(name) or behind[name].values()
            yield dg.RunRequest(
                run_key=f"{name}:{today}:{key}", job_name=f"intake_{name}", tags=intake_range(name, covers)
            )

    @dg.sensor(
        name="core_follows_ledger",
        job=NATIONAL_BUILD,
        minimum_interval_seconds=120,
        description="Asks for a build when what is in force differs from what the newest build was made from, and no"
        " run is changing either.",
    )
    def core_follows_ledger(context: dg.SensorEvaluationContext, pact: Pact) -> dg.RunRequest | dg.SkipReason:
        in_force = current_fingerprint(pact.settings, pact.ledger)
        if pact.ledger.in_force().empty:
            return dg.SkipReason("nothing is in force yet")
        for job in (NATIONAL_BUILD.name, *(job.name for job in INTAKE_JOBS.values())):
            if under_way(context.instance, job):
                return dg.SkipReason(f"a run of {job} is under way")
        today = now().date()
        try:
            newest = newest_build(pact.settings)
        except PactFailure:
            return dg.RunRequest(run_key=f"first:{today}:{in_force[:16]}")
        if newest.fingerprint != in_force:
            return dg.RunRequest(run_key=f"{newest.build_id}:{today}:{in_force[:16]}")
        served = current_build(pact.engine)
        if served is not None and not (pact.settings.builds / served).is_dir():
            return dg.RunRequest(run_key=f"gone:{served}:{today}:{in_force[:16]}")
        if not is_served(pact.engine, newest):
            return dg.SkipReason(
                f"build {newest.build_id} is made from what is in force, but the warehouse serves {served or 'none'}:"
                " see the checks of warehouse/current_build, then run national_build"
            )
        return dg.SkipReason(f"build {newest.build_id} is made from what is in force and is served")

    return [arrivals, core_follows_ledger]


def _not_shown(instance: dg.DagsterInstance, pact: Pact) -> dict[str, dict[str, Submission]]:
    """By rhythm the judgings (lake names) that the ledger has and Dagster doesn't show, each with its submission."""
    known, verdicts = pact.ledger.known(), pact.ledger.verdicts()
    behind: dict[str, dict[str, Submission]] = {}
    for rhythm in RHYTHMS:
        for submission, verdict in untold(instance, rhythm, known, verdicts):
            if has_partition(submission):
                behind.setdefault(rhythm.name, {})[verdict.lake_name] = submission
    return behind


def _nothing_to_do(
    found: Discovery,
    waiting: Mapping[str, Collection[Submission]],
    behind: Mapping[str, Collection[str]],
    early: int,
    jobless: int,
) -> str:
    words = [f"{found.files_seen} files seen"]
    words += [f"{len(ours)} submissions of {name} wait for the run under way" for name, ours in waiting.items()]
    words += [f"{len(ours)} verdicts of {name} are shown after the run under way" for name, ours in behind.items()]
    if not waiting:
        words.append(f"nothing new; {len(found.waiting)} deliveries incomplete")
    if early:
        words.append(f"{early} submissions are of periods that have no partition yet")
    if jobless:
        words.append(f"{jobless} submissions are of collections without an intake job")
    if found.files_to_come:
        words.append(f"{found.files_to_come} files come on later days of this home's made-up clock")
    if found.unmatched:
        words.append(unknown_names(found))
    if found.unreachable:
        words.append(f"not reached: {', '.join(sorted({supplier for supplier, _, _ in found.unreachable}))}")
    return "; ".join(words)


def build_schedules() -> list[dg.ScheduleDefinition]:
    @dg.schedule(
        name="monthly_partner_reports",
        job=PARTNER_REPORTS,
        cron_schedule=f"0 {REPORT_HOUR} {REPORT_DAY} * *",
        execution_timezone=parts.TIMEZONE,
        description=f"The reports of the month before, at {REPORT_HOUR} o'clock on the {REPORT_DAY}th: five days after"
        " the due day.",
    )
    def monthly_partner_reports(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        moment = context.scheduled_execution_time
        month = f"{moment.year - (moment.month == 1)}-{(moment.month - 2) % 12 + 1:02d}"
        if parts.LAST_MONTH and month > parts.LAST_MONTH:
            return dg.SkipReason(f"on this made-up home's clock the last month that is over is {parts.LAST_MONTH}")
        return dg.RunRequest(run_key=month, tags=report_range(month))

    daily_arrivals_calendar = dg.ScheduleDefinition(
        name="daily_arrivals_calendar",
        job=ARRIVALS_CALENDAR_JOB,
        cron_schedule=f"0 {CALENDAR_HOUR} * * *",
        execution_timezone=parts.TIMEZONE,
        description="Every morning: who owes what. Its check warns while something does.",
    )
    return [monthly_partner_reports, daily_arrivals_calendar]
