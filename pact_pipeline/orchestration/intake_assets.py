"""`<collection>/landed` and `<collection>/accepted`: one multi-asset a collection and rhythm (design 10).

A partition has landed when a submission for it was read; it is accepted when its rows were taken, in whole or in part.
A refused or held submission lands and is not accepted, so what was in force before stays (quarantine). A run over a
range of partitions tells each partition by itself (a plain result would mark all of them) and as soon as it is judged.
What a run that broke off left untold, the next one tells: the ledger is the truth, Dagster its mirror.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from queue import SimpleQueue

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)

from pact_pipeline.arrival import discover, news
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.disk import alone_in
from pact_pipeline.intake.feedback import feedback_paths
from pact_pipeline.intake.runs import Desk, IntakeUnfinished, take_many
from pact_pipeline.ledger import Ledger, Submission, Verdict
from pact_pipeline.ledger.model import order_of
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.metadata import check_results, column_schema, unknown_names, verdict_metadata
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.periods import Period
from pact_pipeline.settings import restricted_folder

CHECKS = {
    "file": "Could the files be read, with the columns, period and supplier they should have, and is nothing held?",
    "rows": "Did every row keep the contract's rules? WARN: some are refused; ERROR: the whole is held or refused.",
    "conservation": "Rows read = rows taken + rows refused, of at least one row? ERROR too while held or refused.",
}
OWNERS = ["team:data-engineering"]
DATA_VERSION = "dagster/data_version"

Told = dg.AssetMaterialization | dg.AssetCheckEvaluation
Reached = tuple[Submission, Verdict]


@dataclass(frozen=True)
class Rhythm:
    """A collection as it is sent: how often, and which partition a submission belongs to.

    Councils each have partitions of their own; every other rhythm has one supplier, so its partitions are periods.
    """

    name: str
    collection: str
    every: str
    partitions: dg.PartitionsDefinition[str]
    partition_of: Callable[[Submission], str]
    description: str

    @property
    def landed(self) -> dg.AssetKey:
        return dg.AssetKey([self.name, "landed"])

    @property
    def accepted(self) -> dg.AssetKey:
        return dg.AssetKey([self.name, "accepted"])

    @property
    def assets(self) -> frozenset[dg.AssetKey]:
        return frozenset({self.landed, self.accepted})


def _first_day(submission: Submission) -> str:
    return parts.partition_day(submission.period)


RHYTHMS = (
    Rhythm(
        "councils", "councils", "month", parts.COUNCIL_MONTHS,
        lambda s: parts.council_month_key(s.supplier, s.period),
        "Monthly returns of the 32 councils: children, milestones, placements, carers, matches, support plans.",
    ),
    Rhythm(
        "courts", "courts", "quarter", parts.QUARTERS, _first_day,
        "Quarterly applications and outcomes of the sheriff courts.",
    ),
    Rhythm(
        "courts_yearly", "courts", "financial_year", parts.FINANCIAL_YEARS, _first_day,
        "The courts' published counts, April to March.",
    ),
    Rhythm(
        "clas", "clas", "clas_year", parts.CLAS_YEARS, _first_day,
        "The Scottish Government's yearly return and its published counts, August to July.",
    ),
    Rhythm(
        "health", "health", "financial_year", parts.FINANCIAL_YEARS, _first_day,
        "The yearly figures of the 27 to 30 month reviews, April to March; optional.",
    ),
    Rhythm(
        "programme", "programme", "month", parts.MONTHS, _first_day,
        "The programme office's monthly tables: partners, aims, work packages, improvement cycles, risks and issues.",
    ),
)  # fmt: skip


def rhythm_of(submission: Submission) -> str:
    """Which rhythm a submission belongs to."""
    if submission.collection == "courts":
        return "courts_yearly" if submission.period.startswith("FY") else "courts"
    return submission.collection


def intake_asset(rhythm: Rhythm, contracts: Contracts) -> dg.AssetsDefinition:
    tables = [contract for contract in contracts.collection(rhythm.collection) if contract.every == rhythm.every]
    kinds, group = {"pandas", "pandera", "parquet"}, "intake"

    @dg.multi_asset(
        name=f"{rhythm.name}_intake",
        specs=[
            dg.AssetSpec(
                rhythm.landed,
                partitions_def=rhythm.partitions,
                skippable=True,
                group_name=group,
                kinds=kinds,
                owners=OWNERS,
                description=f"{rhythm.description} As they came: read and mapped by the supplier's layout, judged"
                " by the contract. Refused rows are kept, restricted, with all their reasons, and told to the supplier in"
                " a feedback workbook. A partition shows its newest submission.",
                metadata={"tables": dg.MetadataValue.md(_table_list(tables))},
            ),
            dg.AssetSpec(
                rhythm.accepted,
                deps=[rhythm.landed],
                partitions_def=rhythm.partitions,
                skippable=True,
                group_name=group,
                kinds=kinds,
                owners=OWNERS,
                description=f"{rhythm.description} The rows taken: in the open lake, a Parquet file a table and"
                " submission, under pseudonyms; columns marked restricted lie apart. A held or refused submission leaves"
                " the one before in force.",
                metadata={"dagster/column_schema": column_schema(tables, with_table=True)},
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(name, asset=rhythm.landed, description=text, partitions_def=rhythm.partitions)
            for name, text in CHECKS.items()
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
    )
    def intake(context: dg.AssetExecutionContext, pact: Pact) -> Iterator[Told]:
        wanted = set(context.partition_keys)
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger)
        ours = [s for s in found.submissions if rhythm_of(s) == rhythm.name and rhythm.partition_of(s) in wanted]
        context.log.info("%d submissions to judge for %d partitions", len(ours), len(wanted))
        if found.unmatched:
            context.log.warning(unknown_names(found))
        for line in news(found):
            context.log.warning(line)
        desk = Desk.open(pact.settings, pact.contracts, pact.suppliers)
        # One partition, or partitions picked in the UI (which plans their checks too), are asked for by name.
        asked = set(wanted) if len(wanted) == 1 or context.selected_asset_check_keys else set()
        asked -= {rhythm.partition_of(submission) for submission in ours}
        unfinished: IntakeUnfinished | None = None
        try:
            behind = untold(context.instance, rhythm, pact.ledger.known(), pact.ledger.verdicts(), asked)
            for submission, verdict in chain(behind, _as_reached(desk, pact.ledger, ours)):
                yield from _tell(context.instance, pact, rhythm, submission, verdict)
        except IntakeUnfinished as failure:
            unfinished = failure  # one supplier's fault must not keep the others from being seen as delivered
        yield from _newer_deliveries(context.instance, newest_periods(pact.ledger))
        if unfinished is not None:
            raise dg.Failure(str(unfinished), allow_retries=False)

    return intake


class _RunEnded(Exception):
    """Nobody listens to verdicts any more."""


def _as_reached(desk: Desk, ledger: Ledger, submissions: Sequence[Submission]) -> Iterator[Reached]:
    """Verdicts as they are reached: judging goes on while Dagster writes, and the UI shows how far it has come.

    Raises what `take_many` raises, after the last verdict. If the run is ended, judging ends with the next verdict.
    """
    reached: SimpleQueue[Reached | None] = SimpleQueue()
    ended = threading.Event()

    def pass_on(submission: Submission, verdict: Verdict) -> None:
        if ended.is_set():
            raise _RunEnded
        reached.put((submission, verdict))

    with ThreadPoolExecutor(1, "intake") as one_thread:
        judging = one_thread.submit(take_many, desk, ledger, submissions, on_verdict=pass_on)
        judging.add_done_callback(lambda _: reached.put(None))
        try:
            while (pair := reached.get()) is not None:
                yield pair
            judging.result()
        finally:
            ended.set()


def untold(
    instance: dg.DagsterInstance,
    rhythm: Rhythm,
    known: Iterable[Submission],
    verdicts: Mapping[str, Verdict],
    asked: Collection[str] = (),
) -> Iterator[Reached]:
    """Verdicts that the ledger has and Dagster has not, of a run that broke off or of a person at the command line; and
    the partitions `asked` for."""
    landed, accepted = _told(instance, rhythm.landed), _told(instance, rhythm.accepted)
    newest: dict[str, Submission] = {}
    in_force: dict[str, Submission] = {}
    for submission in known:  # a period's submissions come in their order
        if rhythm_of(submission) == rhythm.name and submission.submission_id in verdicts:
            newest[rhythm.partition_of(submission)] = submission
            if verdicts[submission.submission_id].state.in_force:
                in_force[rhythm.partition_of(submission)] = submission
    for partition, submission in newest.items():
        standing = in_force.get(partition)
        lacking = standing is not None and accepted.get(partition) != verdicts[standing.submission_id].lake_name
        if standing is not None and standing is not submission and lacking:
            yield standing, verdicts[standing.submission_id]
        if partition in asked or lacking or landed.get(partition) != verdicts[submission.submission_id].lake_name:
            yield submission, verdicts[submission.submission_id]


def _told(
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


def _newer_deliveries(instance: dg.DagsterInstance, newest: Mapping[str, Period]) -> Iterator[dg.AssetMaterialization]:
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


def _tell(
    instance: dg.DagsterInstance, pact: Pact, rhythm: Rhythm, submission: Submission, verdict: Verdict
) -> Iterator[Told]:
    """One verdict: landed, its three checks, and accepted where it was taken; that is last, so it proves the rest.

    Of two runs of one partition the older submission is never told last: one tells at a time, and what is shown by then is
    asked first. What was in force before comes back only when a person's decision took the later one out of force.
    """
    partition = rhythm.partition_of(submission)
    with alone_in(restricted_folder(pact.settings.dagster_home)):
        if _is_newer(_shown(instance, rhythm.landed, partition), verdict.lake_name):
            yield from _landed(instance, pact, rhythm, submission, verdict)
        if verdict.state.in_force:
            shown = _shown(instance, rhythm.accepted, partition)
            if _is_newer(shown, verdict.lake_name) or not _in_force(pact.ledger, submission, shown):
                yield _accepted(rhythm, submission, verdict)


def _is_newer(shown: str | None, lake_name: str) -> bool:
    return shown is None or order_of(shown) <= order_of(lake_name)


def _in_force(ledger: Ledger, submission: Submission, lake_name: str | None) -> bool:
    """Whether a judging of the submission's period is in force."""
    in_force = ledger.in_force()
    return bool(((in_force["supplier"] == submission.supplier) & (in_force["lake_name"] == lake_name)).any())


def _landed(
    instance: dg.DagsterInstance, pact: Pact, rhythm: Rhythm, submission: Submission, verdict: Verdict
) -> Iterator[Told]:
    partition = rhythm.partition_of(submission)
    yield dg.AssetMaterialization(
        rhythm.landed,
        partition=partition,
        description=f"{submission.submission_id}: {verdict.state.value.replace('_', ' ')}",
        metadata=verdict_metadata(submission, verdict, feedback_paths(pact.settings, submission, verdict.lake_name)),
        tags={DATA_VERSION: verdict.lake_name},
    )
    target = _newest_materialization(instance, rhythm.landed, partition)
    for name, passed, severity, figures in check_results(verdict):
        yield dg.AssetCheckEvaluation(
            asset_key=rhythm.landed,
            check_name=name,
            passed=passed,
            partition=partition,
            metadata=figures,
            severity=severity,
            target_materialization_data=target,
        )


def _accepted(rhythm: Rhythm, submission: Submission, verdict: Verdict) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        rhythm.accepted,
        partition=rhythm.partition_of(submission),
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
    return _told(instance, asset, [partition]).get(partition)


def _newest_materialization(
    instance: dg.DagsterInstance, asset: dg.AssetKey, partition: str
) -> AssetCheckEvaluationTargetMaterializationData | None:
    """What a check has looked at. Without it Dagster counts the check as one of an older materialisation."""
    filters = dg.AssetRecordsFilter(asset_key=asset, asset_partitions=[partition])
    records = instance.fetch_materializations(filters, limit=1).records
    if not records:
        return None
    return AssetCheckEvaluationTargetMaterializationData(
        storage_id=records[0].storage_id, run_id=records[0].run_id, timestamp=records[0].timestamp
    )


def _table_list(tables: list[Contract]) -> str:
    lines = [f"| `{table.table}` | {table.grain} | {len(table.columns)} | {len(table.rules)} |" for table in tables]
    return "\n".join(["| table | one row is | columns | rules |", "| --- | --- | --- | --- |", *lines])
