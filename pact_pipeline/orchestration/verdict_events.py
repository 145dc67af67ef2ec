"""The ledger's verdicts as Dagster's events: the ledger is the truth, Dagster its mirror.

What a run that broke off left untold, and what a person decided at the command line, the next run tells (`untold`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import dagster as dg

from pact_pipeline.disk import alone_in
from pact_pipeline.intake.feedback import feedback_paths
from pact_pipeline.ledger import Ledger, Submission, Verdict
from pact_pipeline.ledger.model import order_of
from pact_pipeline.orchestration.check_target import newest_materialization
from pact_pipeline.orchestration.collection_schedules import CollectionSchedule, schedule_of
from pact_pipeline.orchestration.metadata import check_results, verdict_metadata
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.periods import Period
from pact_pipeline.settings import restricted_folder

DATA_VERSION = "dagster/data_version"

Event = dg.AssetMaterialization | dg.AssetCheckEvaluation


def untold(
    instance: dg.DagsterInstance,
    schedule: CollectionSchedule,
    known: Iterable[Submission],
    verdicts: Mapping[str, Verdict],
    asked: Collection[str] = (),
) -> Iterator[tuple[Submission, Verdict]]:
    """Verdicts that the ledger has and Dagster has not, of a run that broke off or of a person at the command line; and
    the partitions `asked` for."""
    landed, accepted = shown_verdicts(instance, schedule.landed), shown_verdicts(instance, schedule.accepted)
    newest: dict[str, Submission] = {}
    in_force: dict[str, Submission] = {}
    for submission in known:  # a period's submissions come in their order
        if schedule_of(submission) == schedule.name and submission.submission_id in verdicts:
            newest[schedule.partition_of(submission)] = submission
            if verdicts[submission.submission_id].state.in_force:
                in_force[schedule.partition_of(submission)] = submission
    for partition, submission in newest.items():
        standing = in_force.get(partition)
        lacking = standing is not None and accepted.get(partition) != verdicts[standing.submission_id].lake_name
        if standing is not None and standing is not submission and lacking:
            yield standing, verdicts[standing.submission_id]
        if partition in asked or lacking or landed.get(partition) != verdicts[submission.submission_id].lake_name:
            yield submission, verdicts[submission.submission_id]


def shown_verdicts(
    instance: dg.DagsterInstance, asset: dg.AssetKey, partitions: Sequence[str] | None = None
) -> Mapping[str, str]:
    """The judging (its lake name) that each partition's newest materialisation tells of, by the one tag Dagster can
    query."""
    tags = instance.event_log_storage.get_latest_tags_by_partition(
        asset, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION], partitions
    )
    return {partition: found[DATA_VERSION] for partition, found in tags.items() if DATA_VERSION in found}


def newest_periods(ledger: Ledger) -> dict[str, Period]:
    """The newest period in force of each supplier."""
    in_force = ledger.in_force()
    newest: dict[str, Period] = {}
    for supplier, period in zip(in_force["supplier"], in_force["period"], strict=True):
        newest[supplier] = max(newest.get(supplier, Period.parse(period)), Period.parse(period))
    return newest


def newer_deliveries(instance: dg.DagsterInstance, newest: Mapping[str, Period]) -> Iterator[dg.AssetMaterialization]:
    """Freshness counts only a delivery that brings a newer period; a correction must not make a late supplier fresh."""
    keys = {supplier: dg.AssetKey(["delivery", supplier]) for supplier in newest}
    told: dict[dg.AssetKey, Period] = {}
    for record in instance.get_asset_records(list(keys.values())):
        last = record.asset_entry.last_materialization
        if last is not None and last.asset_materialization is not None:
            told[record.asset_entry.asset_key] = Period.parse(
                str(last.asset_materialization.metadata["newest_period"].value)
            )
    for supplier, period in newest.items():
        key = keys[supplier]
        if key not in told or told[key] < period:
            yield dg.AssetMaterialization(
                key, description=f"{period.key} is the newest period in force", metadata={"newest_period": period.key}
            )


def verdict_events(
    instance: dg.DagsterInstance, pact: Pact, schedule: CollectionSchedule, submission: Submission, verdict: Verdict
) -> Iterator[Event]:
    """One verdict: landed, its three checks, and accepted where it was taken; that is last, so it proves the rest.

    Of two runs of one partition the older submission is never told last: one tells at a time, and what is shown by then is
    asked first. What was in force before comes back only when a person's decision took the later one out of force.
    """
    partition = schedule.partition_of(submission)
    with alone_in(restricted_folder(pact.settings.dagster_home)):
        if _is_newer(_shown(instance, schedule.landed, partition), verdict.lake_name):
            yield from _landed(instance, pact, schedule, submission, verdict)
        if verdict.state.in_force:
            shown = _shown(instance, schedule.accepted, partition)
            if _is_newer(shown, verdict.lake_name) or not _in_force(pact.ledger, submission, shown):
                yield _accepted(schedule, submission, verdict)


def _is_newer(shown: str | None, lake_name: str) -> bool:
    return shown is None or order_of(shown) <= order_of(lake_name)


def _in_force(ledger: Ledger, submission: Submission, lake_name: str | None) -> bool:
    """Whether a judging of the submission's period is in force."""
    in_force = ledger.in_force()
    return bool(((in_force["supplier"] == submission.supplier) & (in_force["lake_name"] == lake_name)).any())


def _landed(
    instance: dg.DagsterInstance, pact: Pact, schedule: CollectionSchedule, submission: Submission, verdict: Verdict
) -> Iterator[Event]:
    partition = schedule.partition_of(submission)
    yield dg.AssetMaterialization(
        schedule.landed,
        partition=partition,
        description=f"{submission.submission_id}: {verdict.state.words}",
        metadata=verdict_metadata(submission, verdict, feedback_paths(pact.settings, submission, verdict.lake_name)),
        tags={DATA_VERSION: verdict.lake_name},
    )
    target = newest_materialization(instance, schedule.landed, partition)
    for name, passed, severity, figures in check_results(verdict):
        yield dg.AssetCheckEvaluation(
            asset_key=schedule.landed,
            check_name=name,
            passed=passed,
            partition=partition,
            metadata=figures,
            severity=severity,
            target_materialization_data=target,
        )


def _accepted(schedule: CollectionSchedule, submission: Submission, verdict: Verdict) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        schedule.accepted,
        partition=schedule.partition_of(submission),
        description=f"{submission.submission_id} is in force",
        metadata={
            "dagster/partition_row_count": dg.MetadataValue.int(verdict.rows_taken),
            "submission": submission.submission_id,
            "supersedes": submission.supersedes or "nothing: the first of its period",
        },
        tags={DATA_VERSION: verdict.lake_name},
    )


def _shown(instance: dg.DagsterInstance, asset: dg.AssetKey, partition: str) -> str | None:
    """The judging that a partition's newest materialisation tells of."""
    return shown_verdicts(instance, asset, [partition]).get(partition)
