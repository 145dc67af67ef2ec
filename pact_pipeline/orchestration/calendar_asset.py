"""`arrivals/calendar`: what every supplier owes and what became of it, drawn up each day, with one check that tells.

A sensor that finds no work looks exactly like one with no work to do; this asset looks at what should have come.
"""

from collections import Counter

import dagster as dg

from pact_pipeline.arrival import discover, news
from pact_pipeline.arrivals_calendar.expected import Arrived, Expected
from pact_pipeline.arrivals_calendar.page import IN_WORDS
from pact_pipeline.clock import home_clock
from pact_pipeline.flows.calendar import write_calendar
from pact_pipeline.orchestration.intake_assets import OWNERS
from pact_pipeline.orchestration.resources import Pact
from pact_pipeline.warehouse.publish import current_build

ARRIVALS_CALENDAR = dg.AssetKey(["arrivals", "calendar"])
CHECK = "nothing_is_owed"
SERVED = "build_served"
MOST_SHOWN = 50


def calendar_asset() -> dg.AssetsDefinition:
    @dg.asset(
        key=ARRIVALS_CALENDAR,
        group_name="deliveries",
        kinds={"postgres", "html"},
        owners=OWNERS,
        description="What each supplier owes for each period that is over: expected, in time, late, unchanged, nothing came,"
        " incomplete, under an unknown name. A table (ledger.arrivals_calendar), a page, and a text for each supplier that"
        " owes something. Looks at every supplier's place; judges nothing.",
        check_specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=ARRIVALS_CALENDAR,
                description="Has every delivery that is due come and been taken? WARN: somebody must see to some.",
            )
        ],
    )
    def arrivals_calendar(context: dg.AssetExecutionContext, pact: Pact) -> dg.MaterializeResult:  # type: ignore[type-arg]
        found = discover(pact.settings, pact.contracts, pact.suppliers, pact.ledger, tells=False)
        for line in news(found):
            context.log.warning(line)
        written = write_calendar(pact.settings, pact.contracts, pact.suppliers, pact.ledger, found)
        owed = [one for one in written.calendar if one.needs_attention]
        for one in owed:
            context.log.warning("%s %s %s: %s", one.supplier, one.collection, one.period, IN_WORDS[one.arrived])
        counts = Counter(one.arrived for one in written.calendar)
        return dg.MaterializeResult(
            metadata={
                "drawn_up_for": written.today.isoformat(),
                **({"clock": note} if (note := home_clock(pact.settings).note) else {}),
                SERVED: current_build(pact.engine) or "none",
                "page": dg.MetadataValue.path(str(written.page)),
                "reminders": len(written.reminders),
                **{arrived.value: counts[arrived] for arrived in Arrived},
                "needs_attention": dg.MetadataValue.md(owed_table(owed)),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=CHECK,
                    passed=not owed,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"deliveries_examined": len(written.calendar), "need_attention": len(owed)},
                )
            ],
        )

    return arrivals_calendar


def owed_table(owed: list[Expected]) -> str:
    """The deliveries somebody must see to as a Markdown table, the latest first; says so when it is cut."""
    if not owed:
        return "Nothing: every delivery that is due has come and was taken."
    lines = ["| supplier | collection | period | due | what came | days late | verdict | note |", "|" + " --- |" * 8]
    for one in sorted(owed, key=lambda each: -each.days_late)[:MOST_SHOWN]:
        state = one.state.words if one.state else ""
        lines.append(
            f"| {one.supplier} | {one.collection} | {one.period} | {one.due} | {IN_WORDS[one.arrived]} | {one.days_late} |"
            f" {state} | {one.note} |"
        )
    if len(owed) > MOST_SHOWN:
        lines.append(f"\nThe first {MOST_SHOWN} of {len(owed)}.")
    return "\n".join(lines)
