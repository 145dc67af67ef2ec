"""`<collection>/landed` and `<collection>/accepted`: one multi-asset a collection and schedule (architecture#orchestration).

A partition has landed when a submission for it was read; it is accepted when its rows were taken, in whole or in part.
A refused or held submission lands and is not accepted, so what was in force before stays (quarantine). A run over a
range of partitions tells each partition by itself (a plain result would mark all of them) and as soon as it is judged.
"""

from collections.abc import Iterator
from itertools import chain

import dagster as dg

from pact_pipeline.arrival import discover, news
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.intake.runs import IntakeContext, IntakeUnfinished, take_as_reached
from pact_pipeline.orchestration.collection_schedules import CollectionSchedule, schedule_of
from pact_pipeline.orchestration.metadata import column_schema, unknown_names
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.orchestration.verdict_events import Event, newer_deliveries, newest_periods, untold, verdict_events

CHECKS = {
    "file": "Could the files be read, with the columns, period and supplier they should have, and is nothing held?",
    "rows": "Did every row keep the contract's rules? WARN: some are refused; ERROR: the whole is held or refused.",
    "conservation": "Rows read = rows taken + rows refused, of at least one row? ERROR too while held or refused.",
}
OWNERS = ["team:data-engineering"]


def intake_asset(schedule: CollectionSchedule, contracts: Contracts) -> dg.AssetsDefinition:
    tables = [contract for contract in contracts.collection(schedule.collection) if contract.every == schedule.every]
    kinds, group = {"pandas", "pandera", "parquet"}, "intake"

    @dg.multi_asset(
        name=f"{schedule.name}_intake",
        specs=[
            dg.AssetSpec(
                schedule.landed,
                partitions_def=schedule.partitions,
                skippable=True,
                group_name=group,
                kinds=kinds,
                owners=OWNERS,
                description=f"{schedule.description} As they came: read and mapped by the supplier's layout, judged"
                " by the contract. Refused rows are kept, restricted, with all their reasons, and told to the supplier in"
                " a feedback workbook. A partition shows its newest submission.",
                metadata={"tables": dg.MetadataValue.md(_table_list(tables))},
            ),
            dg.AssetSpec(
                schedule.accepted,
                deps=[schedule.landed],
                partitions_def=schedule.partitions,
                skippable=True,
                group_name=group,
                kinds=kinds,
                owners=OWNERS,
                description=f"{schedule.description} The rows taken: in the open lake, a Parquet file a table and"
                " submission, under pseudonyms; columns marked restricted lie apart. A held or refused submission leaves"
                " the one before in force.",
                metadata={"dagster/column_schema": column_schema(tables, with_table=True)},
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(name, asset=schedule.landed, description=text, partitions_def=schedule.partitions)
            for name, text in CHECKS.items()
        ],
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
    )
    def intake(context: dg.AssetExecutionContext, pact: Pact) -> Iterator[Event]:
        wanted = set(context.partition_keys)
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger)
        ours = [s for s in found.submissions if schedule_of(s) == schedule.name and schedule.partition_of(s) in wanted]
        context.log.info("%d submissions to judge for %d partitions", len(ours), len(wanted))
        if found.unmatched:
            context.log.warning(unknown_names(found))
        for line in news(found):
            context.log.warning(line)
        intake_context = IntakeContext.open(pact.settings, pact.contracts, pact.suppliers)
        # One partition, or partitions picked in the UI (which plans their checks too), are asked for by name.
        asked = set(wanted) if len(wanted) == 1 or context.selected_asset_check_keys else set()
        asked -= {schedule.partition_of(submission) for submission in ours}
        unfinished: IntakeUnfinished | None = None
        try:
            behind = untold(context.instance, schedule, pact.ledger.known(), pact.ledger.verdicts(), asked)
            for submission, verdict in chain(behind, take_as_reached(intake_context, pact.ledger, ours)):
                yield from verdict_events(context.instance, pact, schedule, submission, verdict)
        except IntakeUnfinished as failure:
            unfinished = failure  # one supplier's fault must not keep the others from being seen as delivered
        yield from newer_deliveries(context.instance, newest_periods(pact.ledger))
        if unfinished is not None:
            raise dg.Failure(str(unfinished), allow_retries=False)

    return intake


def _table_list(tables: list[Contract]) -> str:
    lines = [f"| `{table.table}` | {table.grain} | {len(table.columns)} | {len(table.rules)} |" for table in tables]
    return "\n".join(["| table | one row is | columns | rules |", "| --- | --- | --- | --- |", *lines])
