"""The calendar of arrivals: what each supplier owes for each period, and what became of it.

A sensor that finds no work looks exactly like one with no work to do. So what is expected is worked out from suppliers
and contracts, without looking at what came, and then held against the ledger. Nothing came, came late, came but
unchanged and came under a name we don't know are four different things.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import pandas as pd

from pact_pipeline.arrival.discover import Discovery
from pact_pipeline.clock import HomeClock, day_ends, scotlands_day
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.contracts.due import due_date
from pact_pipeline.ledger import Ledger
from pact_pipeline.periods import Period, periods_within
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Supplier

# The file rule for a delivery whose bytes are those of the period before.
UNCHANGED_RULE = "FILE-011"


class Arrived(StrEnum):
    """What became of an expected delivery."""

    EXPECTED = "expected"
    CAME = "came"
    CAME_LATE = "came_late"
    CAME_UNCHANGED = "came_unchanged"
    NOTHING_CAME = "nothing_came"
    INCOMPLETE = "incomplete"
    UNKNOWN_NAME = "came_under_unknown_name"
    UNREACHABLE = "place_unreachable"

    @property
    def needs_chasing(self) -> bool:
        """Whether the supplier must do something before the period can be counted."""
        return self in (Arrived.NOTHING_CAME, Arrived.INCOMPLETE, Arrived.UNKNOWN_NAME, Arrived.CAME_UNCHANGED)


@dataclass(frozen=True)
class Expected:
    """One delivery that a supplier owes. `days_late`: from the due day to the first delivery, or to `today` where none
    came; 0 when in time. `state` and `submission_id` are of the newest delivery; None and '' where none came."""

    supplier: str
    name: str
    contact: str
    collection: str
    period: Period
    due: date
    arrived: Arrived
    received_at: datetime | None = None
    days_late: int = 0
    submission_id: str = ""
    state: State | None = None
    note: str = ""

    @property
    def needs_attention(self) -> bool:
        return self.arrived.needs_chasing or self.arrived is Arrived.UNREACHABLE or self.state in _NOT_TAKEN


_NOT_TAKEN = (State.HELD, State.REFUSED)


def arrivals_calendar(
    suppliers: Mapping[str, Supplier],
    contracts: Contracts,
    submissions: pd.DataFrame,
    findings: pd.DataFrame,
    found: Discovery | None,
    *,
    today: date,
) -> list[Expected]:
    """Every delivery owed up to `today`, in the order of supplier, collection and period.

    `submissions` and `findings` are the ledger's frames of those names, as known on the day (`known_on`). `found` is the
    last look at the suppliers' places: it tells incomplete deliveries, unknown names and places that can't be reached
    apart from nothing at all. Without it all three read `nothing_came`. A file of unknown name is counted for the newest
    period that is missing: an old readme must not hide that nothing came for a year.
    """
    came = _deliveries(submissions)
    unchanged = set(findings.loc[findings["rule"] == UNCHANGED_RULE, "submission_id"])
    waiting = {(one.supplier, one.collection, one.period): one for one in found.waiting} if found else {}
    strange = _count(supplier for supplier, *_ in found.unmatched) if found else {}
    unreachable = {supplier for supplier, *_ in found.unreachable} if found else set()
    calendar: list[Expected] = []
    for supplier in suppliers.values():
        owes = owed(supplier, contracts, today)
        missing = [period for collection, period, _ in owes if (supplier.key, collection, period.key) not in came]
        newest = max(missing, default=None)
        for collection, period, due in owes:
            deliveries = came.get((supplier.key, collection, period.key))
            if deliveries is not None:
                calendar.append(_that_came(supplier, collection, period, due, deliveries, unchanged))
                continue
            lacks = waiting.get((supplier.key, collection, period.key))
            calendar.append(
                _that_did_not(
                    supplier,
                    collection,
                    period,
                    due,
                    today,
                    lacks.missing if lacks else (),
                    strange.get(supplier.key, 0) if period == newest else 0,
                    supplier.key in unreachable,
                )
            )
    return calendar


def owed(supplier: Supplier, contracts: Contracts, today: date) -> list[tuple[str, Period, date]]:
    """What a supplier owes: (collection, period, due day) for every period that is over by `today`.

    A period is owed where one of its needed tables has a due day; from the first period of the delivery's layouts, and
    not before the supplier joined.
    """
    kinds: dict[tuple[str, str], tuple[date, list[Contract]]] = {}
    for delivery in supplier.deliveries:
        begins = max(delivery.layouts[0][0].first_day, supplier.joined.first_day)
        for table in {table for _, layout in delivery.layouts for table in layout.tables}:
            contract = contracts[f"{delivery.collection}.{table}"]
            if not contract.needed or contract.due_day is None:
                continue
            key = (delivery.collection, contract.every)
            since, tables = kinds.get(key, (begins, []))
            kinds[key] = (min(since, begins), [*tables, contract])
    return sorted(
        (collection, period, due)
        for (collection, every), (begins, tables) in kinds.items()
        for period in periods_within(every, begins, today)
        if (due := due_date(period, tables)) is not None
    )


def _deliveries(submissions: pd.DataFrame) -> dict[tuple[str, str, str], pd.DataFrame]:
    grouped = submissions.sort_values("sequence").groupby(["supplier", "collection", "period"], sort=False)
    return {(str(a), str(b), str(c)): rows for (a, b, c), rows in grouped}


def _that_came(
    supplier: Supplier, collection: str, period: Period, due: date, deliveries: pd.DataFrame, unchanged: set[str]
) -> Expected:
    first, newest = deliveries.iloc[0], deliveries.iloc[-1]
    late = max(0, (scotlands_day(first["received_at"]) - due).days)
    arrived = Arrived.CAME_LATE if late else Arrived.CAME
    if newest["submission_id"] in unchanged and State(newest["state"]) is State.HELD:
        arrived = Arrived.CAME_UNCHANGED
    return Expected(
        supplier.key, supplier.name, supplier.contact, collection, period, due, arrived,
        received_at=first["received_at"], days_late=late, submission_id=newest["submission_id"], state=State(newest["state"]),
        note=f"delivery {newest['sequence']}" if len(deliveries) > 1 else "",
    )  # fmt: skip


def _that_did_not(
    supplier: Supplier,
    collection: str,
    period: Period,
    due: date,
    today: date,
    missing: tuple[str, ...],
    strange: int,
    unreachable: bool,
) -> Expected:
    late = max(0, (today - due).days)
    arrived, note = Arrived.NOTHING_CAME, ""
    if missing:
        arrived, note = Arrived.INCOMPLETE, f"lacks {', '.join(missing)}"
    elif unreachable:
        arrived, note = Arrived.UNREACHABLE, "we can't reach the place where this supplier puts its files"
    elif strange:
        arrived, note = (
            Arrived.UNKNOWN_NAME,
            f"{strange} {'file' if strange == 1 else 'files'} with a name we don't know",
        )
    if not late and arrived is not Arrived.UNREACHABLE:
        arrived = Arrived.EXPECTED  # whatever lies there, there is time yet
    return Expected(
        supplier.key, supplier.name, supplier.contact, collection, period, due, arrived, days_late=late, note=note
    )  # fmt: skip


def _count(suppliers: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for supplier in suppliers:
        counts[supplier] += 1
    return counts


def known_on(ledger: Ledger, contracts: Contracts, home: HomeClock, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger's submissions that have a table which is owed, and the findings, as known at the end of a day in Scotland.

    A published count alone isn't the return that is owed for its period.

    In a real home that is what had been received, entered and judged by then. A made-up home's verdicts are all of the
    machine's today, whatever day its clock says: there, what was received by the day counts with the verdict it has.
    """
    end = day_ends(day)
    submissions, findings = ledger.as_known(end, None if home.made_up else end)
    tables = ledger.tables().merge(submissions[["submission_id", "collection"]], on="submission_id")
    keys = tables["collection"] + "." + tables["table_name"]
    owed_tables = {key for key, contract in contracts.items() if contract.needed}
    return submissions[submissions["submission_id"].isin(tables.loc[keys.isin(owed_tables), "submission_id"])], findings


def as_frame(calendar: Iterable[Expected]) -> pd.DataFrame:
    """The calendar as a table: supplier, collection, period, due, arrived, received_at, days_late, submission_id, state,
    note."""
    rows = [
        {
            "supplier": one.supplier,
            "collection": one.collection,
            "period": one.period.key,
            "due": one.due,
            "arrived": one.arrived.value,
            "received_at": one.received_at,
            "days_late": one.days_late,
            "submission_id": one.submission_id or None,
            "state": one.state.value if one.state else None,
            "note": one.note,
        }
        for one in calendar
    ]
    columns = (
        "supplier", "collection", "period", "due", "arrived", "received_at", "days_late", "submission_id", "state", "note",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))
