"""Judging a build in the warehouse, by Great Expectations on PostgreSQL, before it is shown.

It reads the slot where the build lies, never the views. A verdict says what was expected, whether it holds, and counts:
no value of a row. What is expected stands in `declarations`; what follows from a verdict, in `publish`.
"""

import logging
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import URL

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse.build_tables import slot_name
from pact_pipeline.warehouse.connect import engine_for
from pact_pipeline.warehouse.declarations import EXPECTATIONS, NEAR_FORMER, Expectation, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EXPECTATIONS", "Expectation", "ExpectationVerdict", "evaluate"]


@dataclass(frozen=True)
class ExpectationVerdict:
    """Whether one expectation holds. `observed` tells counts only; `examined` is how many rows its table has."""

    name: str
    passed: bool
    severity: Severity
    observed: str
    table: str
    sentence: str = ""
    examined: int = 0

    @property
    def refuses(self) -> bool:
        """Whether the build must not be shown."""
        return not self.passed and self.severity == "ERROR"


def evaluate(
    url: URL | str, build_id: str, expectations: Sequence[Expectation] = EXPECTATIONS
) -> list[ExpectationVerdict]:
    """The verdict on each of `expectations`, in their order, for a build that was loaded.

    An expectation that can't be judged (its table or a column is missing, the query fails) does not hold. Raises
    WarehouseUnavailable when the warehouse has no such build. The first call in a run imports Great Expectations
    (5 seconds).
    """
    place = sa.make_url(url)
    build = _find(place, build_id)
    verdicts: dict[str, ExpectationVerdict] = {}
    by_table: dict[str, list[tuple[Expectation, str, dict[str, Any]]]] = defaultdict(list)
    for expectation in expectations:
        asked = _asked(expectation, build)
        if isinstance(asked, ExpectationVerdict):
            verdicts[expectation.name] = asked
        else:
            by_table[expectation.table].append((expectation, *asked))
    if by_table:
        with _great_expectations(place) as context:
            for table, group in by_table.items():
                for verdict in _judge_table(context, slot_name(table, build.slot), group, build):
                    verdicts[verdict.name] = verdict
    return [verdicts[expectation.name] for expectation in expectations]


@dataclass(frozen=True)
class _Build:
    slot: int
    rows: dict[str, int]
    former_rows: dict[str, int]


def _find(url: URL, build_id: str) -> _Build:
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(
                sa.text(
                    "SELECT slot, row_counts FROM build.publication"
                    " WHERE build_id = :build AND slot IS NOT NULL AND state IN ('loaded', 'published')"
                ),
                {"build": build_id},
            ).first()
            former = connection.scalar(
                sa.text(
                    "SELECT row_counts FROM build.publication WHERE state = 'published' AND build_id <> :build"
                    " ORDER BY switched_in DESC LIMIT 1"
                ),
                {"build": build_id},
            )
    finally:
        engine.dispose()
    if found is None:
        raise WarehouseUnavailable(
            "WH-060", f"The warehouse does not hold build {build_id}.", mend="publish it; that judges it too"
        )
    return _Build(found.slot, found.row_counts, former or {})


def _asked(expectation: Expectation, build: _Build) -> ExpectationVerdict | tuple[str, dict[str, Any]]:
    """What Great Expectations is to be asked, or the verdict where there is nothing to ask."""
    needed = {expectation.table}
    arguments = dict(expectation.arguments)
    query = arguments.get("unexpected_rows_query")
    if query is not None:
        needed |= set(re.findall(r"\[(\w+\.\w+)\]", query))
        named = re.sub(r"\[(\w+\.\w+)\]", lambda found: f'build."{slot_name(found[1], build.slot)}"', query)
        # It prints a warning about a query that does not name its batch, and makes a subquery of that name.
        arguments["unexpected_rows_query"] = f"/* {{batch}} */ {named}"
    if absent := sorted(needed - build.rows.keys()):
        return _verdict(expectation, build, False, f"the build has no {' and no '.join(absent)}")
    if build.rows[expectation.table] == 0:
        return _verdict(expectation, build, expectation.may_be_empty, "no rows to examine")
    if expectation.kind == NEAR_FORMER:
        former = build.former_rows.get(expectation.table)
        if not former:
            return _verdict(expectation, build, True, "there is no former build to compare with")
        share = arguments["share"]
        limits = {"min_value": math.ceil(former * (1 - share)), "max_value": math.floor(former * (1 + share))}
        return "ExpectTableRowCountToBeBetween", limits
    return expectation.kind, arguments


def _verdict(expectation: Expectation, build: _Build, passed: bool, observed: str) -> ExpectationVerdict:
    return ExpectationVerdict(
        expectation.name,
        passed,
        expectation.severity,
        observed,
        expectation.table,
        expectation.sentence,
        build.rows.get(expectation.table, 0),
    )


@contextmanager
def _great_expectations(url: URL) -> "Iterator[_Context]":
    """Great Expectations with a connection to the warehouse: in memory, without progress bars, closed at the end.

    An open connection would hold the tables it read, and a refused build could not be dropped.
    """
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # it logs the exceptions of queries whole, and a database's may hold a value
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    # It wants a host in the URL; the one in the query (the socket's folder) wins over it.
    reachable = url if url.host else url.set(host="localhost")
    given = reachable.normalized_query.get("options", ())
    reachable = reachable.update_query_dict({"options": " ".join([*given, "-csearch_path=build"])})
    source = context.data_sources.add_postgres(
        "warehouse", connection_string=reachable.render_as_string(hide_password=False)
    )
    try:
        yield _Context(gx, context, source)
    finally:
        with suppress(Exception):
            source.get_execution_engine().close()
        with suppress(Exception):
            source.get_engine().dispose()
        logger.setLevel(level)


@dataclass(frozen=True)
class _Context:
    gx: Any
    context: Any
    source: Any


def _judge_table(
    context: _Context, partition: str, group: Iterable[tuple[Expectation, str, dict[str, Any]]], build: _Build
) -> "Iterator[ExpectationVerdict]":
    asset = context.source.add_table_asset(partition, table_name=partition)
    batch = asset.add_batch_definition_whole_table("all")
    declared = {expectation.name: expectation for expectation, _, _ in group}
    suite = context.gx.ExpectationSuite(
        name=partition,
        expectations=[
            getattr(context.gx.expectations, kind)(**arguments, meta={"name": expectation.name})
            for expectation, kind, arguments in group
        ],
    )
    validation = context.gx.ValidationDefinition(name=partition, data=batch, suite=context.context.suites.add(suite))
    outcome = context.context.validation_definitions.add(validation).run(
        result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
    )
    for result in outcome.results:
        expectation = declared.pop(result.expectation_config.meta["name"])
        if raised := _raised(result.exception_info):
            yield _verdict(expectation, build, False, f"could not be judged ({raised})")
        else:
            yield _verdict(expectation, build, bool(result.success), _observed(result.result, build, expectation))
    for expectation in declared.values():
        yield _verdict(expectation, build, False, "was not judged")


def _raised(info: Any) -> str:
    """The kind of exception an expectation raised, without its message; empty if it raised none."""
    if not isinstance(info, dict):
        return ""
    for one in (info, *(value for value in info.values() if isinstance(value, dict))):
        if one.get("raised_exception"):
            kind = re.match(r"\W*([A-Za-z_.]+)", str(one.get("exception_message") or ""))
            return kind[1].rsplit(".", 1)[-1] if kind and kind[1].endswith(("Error", "Exception")) else "an exception"
    return ""


def _observed(result: dict[str, Any], build: _Build, expectation: Expectation) -> str:
    """Counts only: of the rows that are not as expected, or of the table."""
    examined = build.rows[expectation.table]
    if expectation.kind == NEAR_FORMER:
        return f"{examined} rows, the former build {build.former_rows[expectation.table]}"
    unexpected = result.get("unexpected_count")
    if unexpected is None:
        unexpected = result.get("observed_value")
    found = unexpected if isinstance(unexpected, int) else "an unknown number of"
    return f"{found} found, {examined} rows examined"
