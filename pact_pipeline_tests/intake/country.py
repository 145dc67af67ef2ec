"""A country small enough to check by eye: two councils, three months, a handful of children, written by hand.

`write` puts a council's six tables for a month into its arrivals folder in the programme's own template layout
(headings are the contract's names), so that a test changes only what it is about. The home is a made-up one, whose receipts
say when each file came.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from pact_pipeline.arrival.receipts import add_receipts
from pact_pipeline.clock import home_clock, make_up_clock
from pact_pipeline.contracts import Contracts
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Delivery, Layout, Supplier, TableMapping

Row = Mapping[str, str]
Tables = dict[str, list[Row]]

JOINED = Period.parse("2012-08")
# Long after all that is written here came.
HOME_DAY = date(2026, 1, 1)


def plain_layout(contracts: Contracts, *, encoding: str = "utf-8", delimiter: str = ",", file: str = "") -> Layout:
    """CSV whose headings and words are the contract's own; dates day first."""
    tables = {
        contract.table: TableMapping(
            table=contract.table,
            name=contract.table,
            columns={name: name for name in contract.column_names},
            codes={},
            absent=(),
            ignored=("case_worker",),
            every=contract.every,
        )
        for contract in contracts.collection("councils")
    }
    return Layout(
        name="plain",
        format="xlsx" if file.endswith("xlsx") else "csv",
        encoding=encoding,
        delimiter=delimiter,
        date_formats=("%d/%m/%Y",),
        empty=("",),
        file=file or "{supplier}_{table}_{yyyy}{mm}.csv",
        tables=tables,
    )


def council(key: str, layout: Layout) -> Supplier:
    delivery = Delivery("councils", f"arrivals/{key}", ((JOINED, layout),))
    return Supplier(key, f"Council {key}", "council", JOINED, "data@example", (delivery,))


def six_children() -> Tables:
    """A month's return without a fault: six children, one of them on the way to adoption."""
    children = [
        {
            "child_ref": f"C{number:03d}",
            "initials": "AB",
            "date_of_birth": f"{number + 1:02d}/03/2010",
            "sex": "female",
            "ethnic_group": "white",
            "disabled": "no",
            "looked_after_from": f"{number + 10:02d}/01/2012",
            "away_from_home_from": f"{number + 10:02d}/01/2012",
            "current_plan": "none",
            "twin_tracked": "no",
            "concurrent_placement": "no",
        }
        for number in range(1, 7)
    ]
    return {
        "children": children,
        "milestones": [
            {"child_ref": "C001", "milestone": "referral", "on_date": "05/01/2012", "outcome": "", "round": "1"},
            {
                "child_ref": "C001",
                "milestone": "permanence_recommended",
                "on_date": "20/06/2012",
                "outcome": "adoption",
                "round": "1",
            },
        ],
        "placements": [
            {
                "child_ref": child["child_ref"],
                "placement_type": "foster_own",
                "from_date": child["looked_after_from"],
                "carer_ref": "K01",
                "intended_as_permanent": "no",
            }
            for child in children
        ],
        "carers": [
            {"carer_ref": "K01", "carer_source": "own", "approval_kind": "foster", "enquiry_on": "01/02/2010"},
        ],
        "matches": [],
        "support_plans": [],
    }


def write(
    settings: Settings,
    supplier: Supplier,
    contracts: Contracts,
    tables: Tables,
    period: str = "2012-08",
    *,
    version: str = "",
    only: Sequence[str] = (),
    at: str = "2012-09-10",
) -> list[Path]:
    """Write the tables (or `only` some) by the supplier's layout, with the day they came."""
    delivery = supplier.deliveries[0]
    layout = delivery.layout_for(Period.parse(period))
    written = []
    for table, rows in tables.items():
        if only and table not in only:
            continue
        columns = list(contracts[f"councils.{table}"].in_period(Period.parse(period)).column_names)
        lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
        text = "".join(layout.delimiter.join(line) + "\r\n" for line in lines)
        name = layout.file_name(supplier, Period.parse(period), table, version)
        written.append(put(settings, supplier, name, text.encode(layout.encoding), at=at))
    return written


def put(settings: Settings, supplier: Supplier, name: str, data: bytes, *, at: str = "2012-09-10") -> Path:
    if not home_clock(settings).made_up:
        make_up_clock(settings, HOME_DAY)
    path = settings.home / supplier.deliveries[0].url / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    when = datetime.fromisoformat(at).replace(tzinfo=UTC)
    os.utime(path, (when.timestamp(), when.timestamp()))
    add_receipts(settings.arrivals, {path: when})
    return path
