"""Sensors: what has changed, and which run is asked for because of it.

The ledger decides what is stale; sensors only save waiting. Each that asks for runs first marks those as failed whose process is
gone, and each says why it asks for nothing. While a run of the kind is under way, by whomever, half of what it sees is being
judged by that run.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import dagster as dg

from pact_pipeline.arrival import Discovery, discover, news
from pact_pipeline.clock import HomeClock, home_clock
from pact_pipeline.flows.build_fingerprint import current_fingerprint, differing, fingerprint_of, made_of
from pact_pipeline.flows.build_folder import what_is_served
from pact_pipeline.flows.reports import mark_older, owed
from pact_pipeline.ledger import Submission
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.build_assets import BUILT
from pact_pipeline.orchestration.calendar_asset import ARRIVALS_CALENDAR, SERVED
from pact_pipeline.orchestration.collection_schedules import COLLECTION_SCHEDULES, schedule_of
from pact_pipeline.orchestration.jobs import (
    ARRIVALS_CALENDAR_JOB,
    INTAKE_JOBS,
    NATIONAL_BUILD,
    PARTNER_REPORTS,
    intake_range,
    report_range,
)
from pact_pipeline.orchestration.metadata import unknown_names
from pact_pipeline.orchestration.report_assets import FIRST, PARTNER_REPORT
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.orchestration.runs import ask_for, end_lost_runs, under_way
from pact_pipeline.orchestration.verdict_events import untold
from pact_pipeline.periods import Period
from pact_pipeline.warehouse.sessions import end_outlasting

LOOK_EVERY, FOLLOW_EVERY, END_SESSIONS_EVERY = 10, 5, 60  # seconds
# Dagster cuts a sensor off after a minute; what is not fetched by then is fetched at the next look.
LOOK_SECONDS = 30
MOST_NAMED = 20


def build_sensors() -> list[dg.SensorDefinition]:
    @dg.sensor(
        name="arrivals",
        jobs=list(INTAKE_JOBS.values()),
        minimum_interval_seconds=LOOK_EVERY,
        description="Looks for new files at every supplier's place and asks for one run of each intake job that has"
        " some to judge, or some verdicts of the ledger (a person's, by command line) that aren't shown here yet.",
    )
    def arrivals(context: dg.SensorEvaluationContext, pact: Pact) -> Iterator[dg.RunRequest | dg.SkipReason]:
        _first(context, pact)
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger, look_seconds=LOOK_SECONDS)
        for line in news(found):
            context.log.warning(line)
        sorted_out = _sort_out(found.submissions, home_clock(pact.settings))
        for line in sorted_out.put_off:
            context.log.warning(line)
        behind = _not_shown(context.instance, pact)
        assets = {schedule.name: schedule.assets for schedule in COLLECTION_SCHEDULES}
        reasons: list[str] = []
        asked = False
        for name in sorted({*sorted_out.waiting, *behind}):
            ours, judged = sorted_out.waiting.get(name, []), behind.get(name, {})
            what = f"{len(ours)} submissions and {len(judged)} verdicts of {name}"
            if run := under_way(context.instance, f"intake_{name}", assets[name]):
                reasons.append(f"{what} wait for run {run}, which is under way")
                continue
            # Receipt numbers and judgings, not contents: the same bytes sent again after a correction must run again.
            # A run tells what is not shown yet of its whole schedule, whatever its range.
            work = sorted([*(one.submission_id for one in ours), *judged])
            may = ask_for(context.instance, f"intake_{name}", " ".join(work))
            if may.because:
                reasons.append(f"{what}: {may.because}")
                continue
            asked = True
            tags = {**intake_range(name, ours or judged.values()), **may.tags}
            yield dg.RunRequest(run_key=may.run_key, job_name=f"intake_{name}", tags=tags)
        if not asked:
            words = [f"{found.files_seen} files seen", *reasons, *sorted_out.put_off, *_rest(found)]
            yield dg.SkipReason("; ".join(words))

    @dg.sensor(
        name="core_follows_ledger",
        job=NATIONAL_BUILD,
        minimum_interval_seconds=FOLLOW_EVERY,
        description="Asks for a build when what is in force, or a definition, differs from what the build that is served was"
        " made from, and no run is changing either.",
    )
    def core_follows_ledger(context: dg.SensorEvaluationContext, pact: Pact) -> dg.RunRequest | dg.SkipReason:
        _first(context, pact)
        if pact.ledger.in_force().empty:
            return dg.SkipReason("nothing is in force yet")
        for job, assets in _changes_what_is_built():
            if run := under_way(context.instance, job, assets):
                return dg.SkipReason(f"run {run} of {job} is under way")
        parts = made_of(pact.contracts, pact.suppliers, pact.ledger)
        in_force = fingerprint_of(parts)
        served, build = what_is_served(pact.settings, pact.engine)
        if build is not None and build.fingerprint == in_force:
            return dg.SkipReason(f"build {served} is made from what is in force, and is served")
        if served is None:
            behind = "the warehouse serves no build yet"
        elif build is None:
            behind = f"the folder of build {served}, which the warehouse serves, is gone"
        else:
            others = ", ".join(differing(build.made_of, parts))
            behind = (
                f"build {served}, which the warehouse serves, is made from something else than a build now: {others}"
            )
        # Its folder lost again, the same build is other work.
        may = ask_for(
            context.instance, NATIONAL_BUILD.name, in_force if build or not served else f"{in_force} {served}"
        )
        return dg.SkipReason(f"{behind}: {may.because}") if may.because else dg.RunRequest(may.run_key, tags=may.tags)

    @dg.sensor(
        name="drafts_follow_build",
        jobs=[PARTNER_REPORTS, ARRIVALS_CALENDAR_JOB],
        minimum_interval_seconds=FOLLOW_EVERY,
        description="Asks for the drafts that another build than the one they are of is served for: those of months whose"
        " returns have changed, the council's own page first, then those of the newest month that is over; and for the"
        " calendar of arrivals.",
    )
    def drafts_follow_build(context: dg.SensorEvaluationContext, pact: Pact) -> Iterator[dg.RunRequest | dg.SkipReason]:
        _first(context, pact)
        served, build = what_is_served(pact.settings, pact.engine)
        if build is None:
            yield dg.SkipReason("there is no build that is served, or its folder is gone")
            return
        if build.fingerprint != current_fingerprint(pact.contracts, pact.suppliers, pact.ledger):
            yield dg.SkipReason(f"build {served} is behind what is in force: drafts follow the next one")
            return
        newest = home_clock(pact.settings).last_month_over.key
        todo = owed(pact.settings, build.build_id, newest)
        if todo:
            mark_older(pact.settings, build.build_id)
        wanted = [
            (
                PARTNER_REPORTS.name,
                f"{build.build_id} {one.month}",
                {**report_range(one.month), FIRST: " ".join(one.first)},
            )
            for one in todo
        ]
        if _calendar_is_of(context.instance) != served:
            wanted.append((ARRIVALS_CALENDAR_JOB.name, build.build_id, {}))
        reasons: list[str] = []
        asked = False
        for job, work, tags in wanted:
            if run := under_way(context.instance, job, [PARTNER_REPORT, ARRIVALS_CALENDAR]):
                reasons.append(f"{job}: run {run} is under way")
                continue
            may = ask_for(context.instance, job, work)
            if may.because:
                reasons.append(f"{job}: {may.because}")
                continue
            asked = True
            yield dg.RunRequest(run_key=may.run_key, job_name=job, tags={**tags, **may.tags})
        if not asked:
            yield dg.SkipReason("; ".join(reasons) or f"drafts and calendar follow build {served}")

    @dg.sensor(
        name="outlasting_sessions",
        minimum_interval_seconds=END_SESSIONS_EVERY,
        description="Ends sessions of analysts in the warehouse that outlast the limits: they keep former builds on the disk,"
        " and a change of the tables waits for them. Asks for no run.",
    )
    def outlasting_sessions(context: dg.SensorEvaluationContext, pact: Pact) -> dg.SkipReason:
        ended = end_outlasting(pact.engine)
        for line in ended:
            context.log.warning(line)
        return dg.SkipReason("; ".join(ended) or "no session of an analyst outlasts the limits")

    return [arrivals, core_follows_ledger, drafts_follow_build, outlasting_sessions]


def _calendar_is_of(instance: dg.DagsterInstance) -> str | None:
    """The build that was served when the calendar of arrivals was drawn up last."""
    event = instance.get_latest_materialization_event(ARRIVALS_CALENDAR)
    drawn = event.asset_materialization if event else None
    return str(drawn.metadata[SERVED].value) if drawn and SERVED in drawn.metadata else None


def _first(context: dg.SensorEvaluationContext, pact: Pact) -> None:
    """What every tick does before it looks: runs that are lost are ended, and periods that are over by now have partitions."""
    for line in end_lost_runs(context.instance, pact.settings):
        context.log.warning(line)
    parts.enter_periods(context.instance, pact.settings)


def _changes_what_is_built() -> Iterator[tuple[str, Collection[dg.AssetKey]]]:
    """Jobs and assets that change what is in force, or what is served."""
    yield NATIONAL_BUILD.name, BUILT
    for schedule in COLLECTION_SCHEDULES:
        yield f"intake_{schedule.name}", schedule.assets


@dataclass
class _Sorted:
    """Submissions by the schedule whose job judges them, and lines about those that no run can judge now."""

    waiting: dict[str, list[Submission]] = field(default_factory=dict)
    put_off: list[str] = field(default_factory=list)


def _sort_out(submissions: Iterable[Submission], home: HomeClock) -> _Sorted:
    found = _Sorted()
    not_over: list[str] = []
    too_old: list[str] = []
    jobless: list[str] = []
    for submission in submissions:
        schedule = next((one for one in COLLECTION_SCHEDULES if one.name == schedule_of(submission)), None)
        period = Period.parse(submission.period)
        if schedule is None:
            jobless.append(submission.submission_id)
        elif not parts.is_over(schedule.every, period, home):
            not_over.append(submission.submission_id)
        elif not parts.has_begun(schedule.every, period):
            too_old.append(submission.submission_id)
        else:
            found.waiting.setdefault(schedule.name, []).append(submission)
    for ids, words in (
        (not_over, "submissions of periods that are not over wait"),
        (too_old, "submissions are of periods before the first one that is kept"),
        (jobless, "submissions are of collections that no collection schedule covers"),
    ):
        if ids:
            found.put_off.append(f"{len(ids)} {words}: {', '.join(ids[:MOST_NAMED])}{' …' * (len(ids) > MOST_NAMED)}")
    return found


def _not_shown(instance: dg.DagsterInstance, pact: Pact) -> dict[str, dict[str, Submission]]:
    """By schedule the judgings (lake names) that the ledger has and Dagster doesn't show, each with its submission."""
    known, verdicts = pact.ledger.known(), pact.ledger.verdicts(bare=True)
    home = home_clock(pact.settings)
    behind: dict[str, dict[str, Submission]] = {}
    for schedule in COLLECTION_SCHEDULES:
        told = list(untold(instance, schedule, known, verdicts))
        shown = _sort_out((submission for submission, _ in told), home).waiting.get(schedule.name, [])
        if shown:
            behind[schedule.name] = {verdict.lake_name: one for one, verdict in told if one in shown}
    return behind


def _rest(found: Discovery) -> list[str]:
    """What else a look found that nobody is asked to judge."""
    words = []
    if not found.submissions:
        words.append(f"nothing new; {len(found.waiting)} deliveries incomplete")
    if found.files_to_come:
        words.append(f"{found.files_to_come} files come on later days of this home's made-up clock")
    if found.growing:
        words.append(f"{len(found.growing)} files are being written still")
    if found.unmatched:
        words.append(unknown_names(found))
    if found.unreachable:
        words.append(f"not reached: {', '.join(sorted({supplier for supplier, _, _ in found.unreachable}))}")
    return words
