"""Jobs and schedules: what a run does, for which partitions, and what runs on a day of the month. Not here: `sensors`."""

from collections.abc import Iterable

import dagster as dg

from pact_pipeline.clock import home_clock
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.due import returns_due_day
from pact_pipeline.ledger import Submission
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import WAREHOUSE
from pact_pipeline.orchestration.calendar_asset import ARRIVALS_CALENDAR
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES
from pact_pipeline.orchestration.report_assets import PARTNER_REPORT
from pact_pipeline.orchestration.resources import Pact

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
REPORT_DAYS_AFTER_DUE, REPORT_HOUR = 5, 6
CALENDAR_HOUR = 7

INTAKE_JOBS = {
    schedule.name: dg.define_asset_job(
        f"intake_{schedule.name}",
        # Checks are told for what is judged. Planned for the whole range, they would hide the verdicts of the rest.
        selection=dg.AssetSelection.assets(schedule.landed, schedule.accepted).without_checks(),
        description=f"Judge what arrived. {schedule.description}",
    )
    for schedule in COLLECTION_SCHEDULES
}
ARRIVALS_CALENDAR_JOB = dg.define_asset_job(
    "arrivals_calendar",
    selection=dg.AssetSelection.assets(ARRIVALS_CALENDAR),
    description="Draw up what each supplier owes and what became of it; write the page and the reminders.",
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


def intake_range(schedule_name: str, submissions: Iterable[Submission]) -> dict[str, str]:
    """The tags of one run that covers all these submissions."""
    schedule = next(r for r in COLLECTION_SCHEDULES if r.name == schedule_name)
    first, last = parts.covering_range(schedule.partitions, [schedule.partition_of(s) for s in submissions])
    return {RANGE_START: first, RANGE_END: last}


def report_range(month: str) -> dict[str, str]:
    """The tags of one run for all councils' reports of a month (`2013-07`)."""
    councils = parts.COUNCILS.get_partition_keys()
    return {
        RANGE_START: parts.council_month_key(min(councils), month),
        RANGE_END: parts.council_month_key(max(councils), month),
    }


def build_schedules(contracts: Contracts) -> list[dg.ScheduleDefinition]:
    report_day = returns_due_day(contracts) + REPORT_DAYS_AFTER_DUE

    @dg.schedule(
        name="monthly_partner_reports",
        job=PARTNER_REPORTS,
        cron_schedule=f"0 {REPORT_HOUR} {report_day} * *",
        execution_timezone=parts.TIMEZONE,
        description=f"The reports of the month before, at {REPORT_HOUR} o'clock on the {report_day}th:"
        f" {REPORT_DAYS_AFTER_DUE} days after the returns' due day.",
    )
    def monthly_partner_reports(context: dg.ScheduleEvaluationContext, pact: Pact) -> dg.RunRequest | dg.SkipReason:
        moment = context.scheduled_execution_time
        month = f"{moment.year - (moment.month == 1)}-{(moment.month - 2) % 12 + 1:02d}"
        home = home_clock(pact.settings)
        if month > home.last_month_over.key:
            return dg.SkipReason(f"by this home's clock the last month that is over is {home.last_month_over}")
        if home.made_up:
            parts.enter_periods(context.instance, pact.settings)
        return dg.RunRequest(run_key=month, tags=report_range(month))

    daily_arrivals_calendar = dg.ScheduleDefinition(
        name="daily_arrivals_calendar",
        job=ARRIVALS_CALENDAR_JOB,
        cron_schedule=f"0 {CALENDAR_HOUR} * * *",
        execution_timezone=parts.TIMEZONE,
        description="Every morning: who owes what. Its check warns while something does.",
    )
    return [monthly_partner_reports, daily_arrivals_calendar]
