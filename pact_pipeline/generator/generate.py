"""`generate`: write a synthetic country's extracts as its suppliers would send them, and the truth beside them.

The same seed gives the same bytes. A council is the same child by child whichever others are generated with it. Files
go to the folders the suppliers' deliveries name; `receipts.csv` beside them says when each was first seen, and a file's own
time claims the same. The truth folder is for scoring only: the pipeline never reads it.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import numpy as np
import pandas as pd

from pact_pipeline.arrival.receipts import add_receipts
from pact_pipeline.clock import at_hour
from pact_pipeline.contracts.load import load_contracts
from pact_pipeline.contracts.model import Contracts
from pact_pipeline.generator import faults as fault_making
from pact_pipeline.generator.clas import clas_council, clas_years
from pact_pipeline.generator.country import CouncilTruth, applications, council_truth
from pact_pipeline.generator.courts import court_quarter, courts_quarters
from pact_pipeline.generator.days import day_of
from pact_pipeline.generator.truth_files import TruthFiles
from pact_pipeline.generator.views import council_month
from pact_pipeline.generator.written import WrittenTable, csv_bytes, sheet, write_workbook
from pact_pipeline.periods import Period, months
from pact_pipeline.reference import councils as all_councils
from pact_pipeline.settings import CHECKOUT, closed_to_others
from pact_pipeline.suppliers import Delivery, Layout, Supplier, load_suppliers

DEFAULT_SEED = 20120801
# Return within a fortnight of the month's end; a late one comes weeks after the due day.
USUAL_DELAY, LATE_DELAY = 9, 41
ARRIVES_AT = 9  # o'clock
MAKING = ".generating-"
Progress = Callable[[str, int, int], None]


@dataclass
class Summary:
    """What was generated: files and rows written, and how many faults of each kind were put in."""

    files: int = 0
    rows: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    councils: tuple[str, ...] = ()
    first: str = ""
    last: str = ""


@dataclass
class _Writing:
    """Where files are written first, and what has been written so far; `receipts` by the path below that."""

    arrivals: Path
    contracts: Contracts
    seed: int
    summary: Summary
    truth: TruthFiles
    receipts: dict[Path, datetime] = field(default_factory=dict)

    def folder(self, delivery: Delivery) -> Path:
        below = Path(delivery.url)
        below = below.relative_to("arrivals") if below.parts[:1] == ("arrivals",) else below
        path = self.arrivals / below
        path.mkdir(parents=True, exist_ok=True)
        return path

    def csv(self, path: Path, content: bytes, arrived: date, rows: int) -> None:
        path.write_bytes(content)
        self.arrived(path, arrived, rows)

    def arrived(self, path: Path, on: date, rows: int) -> None:
        moment = at_hour(on, ARRIVES_AT)
        self.receipts[path.relative_to(self.arrivals)] = moment
        os.utime(path, (moment.timestamp(), moment.timestamp()))
        self.summary.files += 1
        self.summary.rows += rows


@closed_to_others()
def generate(
    arrivals: Path,
    truth: Path,
    *,
    first: str = "2012-08",
    last: str = "2013-07",
    councils: Sequence[str] | None = None,
    seed: int = DEFAULT_SEED,
    faults: bool = True,
    contracts_folder: Path | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Generate the extracts of the months `first` to `last` for `councils` (three-letter keys, default all 32).

    Written are the councils' months, every court quarter and CLAS year that ends within the months, when each file came
    (`arrivals/receipts.csv`, beside the lines of months generated before), and in `truth`, in place of what stood there, the
    true journeys, stages, stock and faults as Parquet; all closed to other users. `faults=False` gives clean extracts.
    `progress` is called with what is done, how many steps are done and how many there are. Raises KeyError for an unknown
    council and ValueError for months that end before they begin or reach beyond July 2014.
    """
    periods = months(Period.parse(first), Period.parse(last))
    if not periods or periods[-1].last_day > date(2014, 7, 31):
        raise ValueError("choose months from first to last, up to 2014-07")
    folder = contracts_folder or CHECKOUT / "data_contracts"
    contracts = load_contracts(folder)
    suppliers = load_suppliers(folder / "suppliers", contracts)
    everyone = list(all_councils())
    chosen = [key for key in everyone if councils is None or key in councils]
    if councils is not None and set(councils) - set(everyone):
        raise KeyError(f"not a council's key: {', '.join(sorted(set(councils) - set(everyone)))}")
    summary = Summary(councils=tuple(chosen), first=first, last=last)
    for left in arrivals.glob(f"{MAKING}*"):
        shutil.rmtree(left)
    making = arrivals / f"{MAKING}{token_hex(4)}"
    writing = _Writing(making, contracts, seed, summary, TruthFiles(truth))
    quarters, years = courts_quarters(periods), clas_years(periods)
    court_rows: list[pd.DataFrame] = []
    clas_rows: dict[str, dict[str, list[pd.DataFrame]]] = {year.key: {} for year in years}
    for done, key in enumerate(chosen):
        number = everyone.index(key)
        council = council_truth(key, number, seed)
        _write_council(writing, suppliers[key], council, periods, number, faults)
        court_rows.append(applications(np.random.default_rng([seed, number, 20]), council).assign(area=key))
        for year in years:
            for table, frame in clas_council([seed, number, 30], council, year).items():
                clas_rows[year.key].setdefault(table, []).append(frame)
        writing.truth.add_council(council, periods)
        if progress:
            progress(key, done + 1, len(chosen) + 1)
    for quarter in quarters:
        frame = court_quarter(pd.concat(court_rows, ignore_index=True), quarter)
        _write_tables(writing, suppliers["scts"], "courts", {"applications": frame}, quarter, faults)
    for year in years:
        tables = {table: pd.concat(frames, ignore_index=True) for table, frames in clas_rows[year.key].items()}
        _write_tables(writing, suppliers["clas"], "clas", tables, year, faults)
    _put_down(writing, arrivals)
    writing.truth.add_applications(pd.concat(court_rows, ignore_index=True))
    writing.truth.write()
    summary.faults = Counter(fault.kind for fault in writing.truth.faults)
    if progress:
        progress("courts, CLAS and truth", len(chosen) + 1, len(chosen) + 1)
    return summary


def _put_down(writing: _Writing, arrivals: Path) -> None:
    """Give the files their places. The receipts first: a file that is found before its line is received on the wrong day."""
    add_receipts(arrivals, {arrivals / path: moment for path, moment in writing.receipts.items()})
    for path in writing.receipts:
        (arrivals / path).parent.mkdir(parents=True, exist_ok=True)
        (writing.arrivals / path).replace(arrivals / path)
    shutil.rmtree(writing.arrivals)


def _write_council(
    writing: _Writing, supplier: Supplier, council: CouncilTruth, periods: Sequence[Period], number: int, faults: bool
) -> None:
    delivery = supplier.delivery("councils")[0]
    plan = fault_making.monthly_plan(np.random.default_rng([writing.seed, number, 98]), [p.key for p in periods])
    for period in periods:
        promised = writing.contracts.in_period(period)
        layout = delivery.layout_for(period).within(promised.collection("councils"))
        last = day_of(period.last_day)
        tables = council_month(council, last, day_of(a_year_before(period.last_day)))
        sheets = {
            table: sheet(frame, promised[f"councils.{table}"], layout.tables[table], layout)
            for table, frame in tables.items()
        }
        arrived = period.last_day + timedelta(days=USUAL_DELAY + number % 5)
        if not faults:
            _write_sheets(writing, supplier, delivery, layout, period, sheets, arrived)
            writing.truth.add_delivery(_planted(supplier, "councils", period, 1, arrived, [], writing.contracts))
            continue
        rng = np.random.default_rng([writing.seed, number, 99, period.last_day.year, period.last_day.month])
        damage = fault_making.Damage(rng, supplier.key, "councils", period, layout, promised)
        clean = {name: WrittenTable(one.table, one.name, dict(one.cells), one.dates) for name, one in sheets.items()}
        damage.rows(sheets)
        kind = plan.get(period.key)
        if kind:
            damage.file(kind, sheets)
        if kind == "late_file":
            arrived = period.last_day + timedelta(days=LATE_DELAY)
        names = _write_sheets(writing, supplier, delivery, layout, period, sheets, arrived)
        emptied = next((len(clean[fault.table]) for fault in damage.made if fault.kind == "empty_table"), 0)
        planted = _planted(supplier, "councils", period, 1, arrived, damage.made, writing.contracts, emptied)
        writing.truth.add_delivery(planted)
        if kind in fault_making.SENT_AGAIN:
            version = " v2" if kind == "sent_again_corrected" else "_resend"
            again = clean if kind == "sent_again_corrected" else sheets
            later = arrived + timedelta(days=12)
            _write_sheets(writing, supplier, delivery, layout, period, again, later, version)
            if kind == "sent_again_corrected":  # the same bytes again are no second submission
                writing.truth.add_delivery(_planted(supplier, "councils", period, 2, later, [], writing.contracts))
        writing.truth.add_faults(damage.made, names)


def _write_tables(
    writing: _Writing,
    supplier: Supplier,
    collection: str,
    tables: dict[str, pd.DataFrame],
    period: Period,
    faults: bool,
) -> None:
    """Courts and CLAS: the delivery whose layout has these tables."""
    delivery = next(one for one in supplier.delivery(collection) if set(tables) <= set(one.layout_for(period).tables))
    promised = writing.contracts.in_period(period)
    layout = delivery.layout_for(period).within(promised.collection(collection))
    sheets = {
        table: sheet(frame, promised[f"{collection}.{table}"], layout.tables[table], layout, period.last_day)
        for table, frame in tables.items()
    }
    arrived = period.last_day + timedelta(days=40 if collection == "courts" else 110)
    damage = None
    if faults:
        rng = np.random.default_rng([writing.seed, 97, day_of(period.last_day)])
        damage = fault_making.Damage(rng, supplier.key, collection, period, layout, promised)
        damage.rows(sheets)
    names = _write_sheets(writing, supplier, delivery, layout, period, sheets, arrived)
    made = damage.made if damage else []
    writing.truth.add_faults(made, names)
    writing.truth.add_delivery(_planted(supplier, collection, period, 1, arrived, made, writing.contracts))


def _planted(
    supplier: Supplier, collection: str, period: Period, sequence: int, arrives_on: date,
    made: Sequence[fault_making.Fault], contracts: Contracts, emptied_rows: int = 0,
) -> fault_making.PlantedDelivery:  # fmt: skip
    state, because = fault_making.planted_state(made, contracts, emptied_rows)
    return fault_making.PlantedDelivery(supplier.key, collection, period.key, sequence, arrives_on, state, because)


def _write_sheets(
    writing: _Writing, supplier: Supplier, delivery: Delivery, layout: Layout, period: Period, sheets: dict[str, WrittenTable],
    arrived: date, version: str = "",
) -> dict[str, str]:  # fmt: skip
    """Write one delivery's files; gives the file's name for each table."""
    folder = writing.folder(delivery)
    names: dict[str, str] = {}
    if layout.format == "xlsx":
        path = folder / layout.file_name(supplier, period, version=version)
        write_workbook(path, list(sheets.values()), layout)
        writing.arrived(path, arrived, sum(map(len, sheets.values())))
        return dict.fromkeys(sheets, path.name)
    for table, one in sheets.items():
        path = folder / layout.file_name(supplier, period, table, version=version)
        writing.csv(path, csv_bytes(one, layout), arrived, len(one))
        names[table] = path.name
    return names


def a_year_before(last: date) -> date:
    """The last day of the same month a year before."""
    return last.replace(year=last.year - 1, day=28) if (last.month, last.day) == (2, 29) else _month_end_before(last)


def _month_end_before(last: date) -> date:
    following = last + timedelta(days=1)
    return following.replace(year=following.year - 1) - timedelta(days=1)
