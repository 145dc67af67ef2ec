"""`<collection>/landed` and `<collection>/accepted`: one multi-asset a collection and rhythm (design 10).

A partition has landed when a submission for it was read; it is accepted when its rows were taken, in whole or in part. A
refused or held submission lands and is not accepted, so what was in force before stays (quarantine). A run over a range
of partitions logs each partition by itself: a plain result would mark all of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import dagster as dg

from pact_pipeline.arrival import discover
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.intake import Desk, take_many
from pact_pipeline.intake.feedback import feedback_path
from pact_pipeline.ledger import Ledger, Submission, Verdict
from pact_pipeline.orchestration import partitions as parts
from pact_pipeline.orchestration.metadata import check_results, column_schema, verdict_metadata
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.periods import Period

CHECKS = {
    "file": "Could the files be read, with the columns, period and supplier they should have?",
    "rows": "Did every row keep the contract's rules? WARN: some were refused; ERROR: the submission is held or refused.",
    "conservation": "Rows read = rows taken + rows refused.",
}
OWNERS = ["team:data-engineering"]


@dataclass(frozen=True)
class Rhythm:
    """A collection as it is sent: how often, for which partitions, and which ledger key a partition means."""

    name: str
    collection: str
    every: str
    partitions: dg.PartitionsDefinition[str]
    supplier_and_period: Callable[[str], tuple[str, str]]
    partition_of: Callable[[Submission], str]
    description: str

    @property
    def landed(self) -> dg.AssetKey:
        return dg.AssetKey([self.name, "landed"])

    @property
    def accepted(self) -> dg.AssetKey:
        return dg.AssetKey([self.name, "accepted"])


def _council_month(key: str) -> tuple[str, str]:
    council, day = key.split("|")
    return council, parts.month_key(day)


RHYTHMS = (
    Rhythm(
        "councils", "councils", "month", parts.COUNCIL_MONTHS, _council_month,
        lambda s: parts.council_month_key(s.supplier, s.period),
        "Monthly returns of the 32 councils: children, milestones, placements, carers, matches, support plans.",
    ),
    Rhythm(
        "courts", "courts", "quarter", parts.QUARTERS, lambda day: ("scts", parts.quarter_key(day)),
        lambda s: parts.partition_day(s.period),
        "Quarterly applications and outcomes of the sheriff courts.",
    ),
    Rhythm(
        "courts_yearly", "courts", "financial_year", parts.COURT_YEARS, lambda day: ("scts", parts.court_year_key(day)),
        lambda s: parts.partition_day(s.period),
        "The courts' published counts, April to March.",
    ),
    Rhythm(
        "clas", "clas", "clas_year", parts.CLAS_YEARS, lambda day: ("clas", parts.clas_year_key(day)),
        lambda s: parts.partition_day(s.period),
        "The Scottish Government's yearly return and its published counts, August to July.",
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
                description=f"{rhythm.description} Read, mapped and judged; refused rows kept with their reasons.",
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
                description=f"{rhythm.description} The rows taken, in the open lake by submission; in force by the ledger.",
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
    def intake(context: dg.AssetExecutionContext, pact: Pact) -> Iterator[dg.Output[None]]:
        wanted = {rhythm.supplier_and_period(key): key for key in context.partition_keys}
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger)
        ours = [s for s in found.submissions if rhythm_of(s) == rhythm.name and (s.supplier, s.period) in wanted]
        context.log.info("%d submissions to judge for %d partitions", len(ours), len(wanted))
        for supplier, name in found.unmatched:
            context.log.warning("%s: the file %s has no name we know; see the supplier's layout", supplier, name)
        desk = Desk.open(pact.settings, pact.contracts, pact.suppliers)
        newest = newest_periods(pact.ledger)

        def log(submission: Submission, verdict: Verdict) -> None:
            _log_verdict(context, pact, rhythm, submission, verdict)

        for submission, verdict in _untold(context, pact.ledger, rhythm, wanted):
            log(submission, verdict)
        take_many(desk, pact.ledger, ours, on_verdict=log)
        _log_deliveries(context, newest, newest_periods(pact.ledger))
        yield from ()

    return intake


def _untold(
    context: dg.AssetExecutionContext, ledger: Ledger, rhythm: Rhythm, wanted: Mapping[tuple[str, str], str]
) -> Iterator[tuple[Submission, Verdict]]:
    """Verdicts that stand in the ledger and not in Dagster: of a run that broke off, or the one partition asked for again."""
    told = context.instance.get_materialized_partitions(rhythm.landed) if len(wanted) > 1 else set()
    newest: dict[tuple[str, str], Submission] = {}
    for submission in ledger.known():
        if rhythm_of(submission) == rhythm.name and (submission.supplier, submission.period) in wanted:
            newest[submission.supplier, submission.period] = submission
    verdicts = ledger.verdicts()
    for submission in newest.values():
        if submission.submission_id in verdicts and rhythm.partition_of(submission) not in told:
            yield submission, verdicts[submission.submission_id]


def newest_periods(ledger: Ledger) -> dict[str, Period]:
    """The newest period in force of each supplier."""
    in_force = ledger.in_force()
    newest: dict[str, Period] = {}
    for supplier, period in zip(in_force["supplier"], in_force["period"], strict=True):
        newest[supplier] = max(newest.get(supplier, Period.parse(period)), Period.parse(period))
    return newest


def _log_deliveries(context: dg.AssetExecutionContext, before: dict[str, Period], now: dict[str, Period]) -> None:
    """Freshness counts only a delivery that brings a newer period; a correction must not make a late supplier fresh."""
    for supplier, period in now.items():
        if supplier not in before or before[supplier] < period:
            context.log_event(dg.AssetMaterialization(["delivery", supplier], metadata={"newest_period": period.key}))


def _log_verdict(
    context: dg.AssetExecutionContext, pact: Pact, rhythm: Rhythm, submission: Submission, verdict: Verdict
) -> None:
    partition = rhythm.partition_of(submission)
    metadata = verdict_metadata(submission, verdict, feedback_path(pact.settings, submission))
    context.log_event(dg.AssetMaterialization(rhythm.landed, partition=partition, metadata=metadata))
    for name, passed, severity, figures in check_results(verdict):
        context.log_event(
            dg.AssetCheckEvaluation(
                asset_key=rhythm.landed,
                check_name=name,
                passed=passed,
                partition=partition,
                metadata=figures,
                severity=severity,
            )
        )
    if verdict.state.in_force:
        rows = {"dagster/partition_row_count": dg.MetadataValue.int(verdict.rows_taken)}
        context.log_event(
            dg.AssetMaterialization(
                rhythm.accepted,
                partition=partition,
                metadata={**rows, "submission": submission.submission_id},
                tags={"dagster/data_version": submission.manifest[:16]},
            )
        )


def _table_list(tables: list[Contract]) -> str:
    lines = [f"| `{table.table}` | {table.grain} | {len(table.columns)} | {len(table.rules)} |" for table in tables]
    return "\n".join(["| table | one row is | columns | rules |", "| --- | --- | --- | --- |", *lines])
