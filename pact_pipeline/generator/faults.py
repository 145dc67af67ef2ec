"""Faults, as suppliers make them: put into the text of an extract before it is written, each one noted.

A fault note says where it stands (file, table, row as a spreadsheet shows it, heading) and what a good intake does
about it: the rule that refuses the row, or the effect on the file. Notes are for scoring; the pipeline never sees them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from pact_pipeline.contracts.model import Contracts
from pact_pipeline.generator.days import EPOCH
from pact_pipeline.generator.written import FIRST_DAY, WrittenTable, has_date_cells, spelled_days
from pact_pipeline.periods import Period
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Layout

HEADER_ROWS = 1
# Of a thousand rows about one is wrong; a return that has to be sent again has thirty times as many.
USUAL_RATE, BAD_RATE = 0.0012, 0.03
OTHER_FORMAT = "%d %B %Y"


@dataclass
class Fault:
    """A fault put into a file. `source_row` is None for a fault of the whole table; `cell` is what was written."""

    supplier: str
    collection: str
    period: str
    table: str
    source_row: int | None
    column: str
    kind: str
    expected: str
    cell: str = ""
    file: str = ""


@dataclass(frozen=True)
class PlantedDelivery:
    """What should become of one delivery: the state of its verdict, and what was planted that makes it so."""

    supplier: str
    collection: str
    period: str
    sequence: int
    arrives_on: date
    state: str
    because: str


@dataclass(frozen=True)
class RowFault:
    """A kind of fault in one cell of a table: the contract's column and the number of the rule that should find it."""

    kind: str
    column: str
    rule: str
    other: str = ""


ROW_FAULTS: Mapping[str, tuple[RowFault, ...]] = {
    "councils.children": (
        RowFault("impossible_date", "date_of_birth", "CH-002"),
        RowFault("impossible_date", "looked_after_from", "CH-002"),
        RowFault("wrong_date_format", "looked_after_from", "CH-002"),
        RowFault("unknown_code", "sex", "CH-003"),
        RowFault("unknown_code", "ethnic_group", "CH-003"),
        RowFault("missing_value", "date_of_birth", "CH-001"),
        RowFault("missing_value", "sex", "CH-001"),
        RowFault("end_before_start", "looked_after_to", "CH-011", "looked_after_from"),
        RowFault("date_after_period", "away_from_home_from", "CH-013"),
        RowFault("born_after_start", "date_of_birth", "CH-010", "looked_after_from"),
        RowFault("mistyped_birth_year", "date_of_birth", "CH-017", "date_of_birth"),
        RowFault("duplicate_key", "child_ref", "CH-004"),
    ),
    "councils.milestones": (
        RowFault("impossible_date", "on_date", "MI-002"),
        RowFault("wrong_date_format", "on_date", "MI-002"),
        RowFault("unknown_code", "milestone", "MI-003"),
        RowFault("missing_value", "on_date", "MI-001"),
        RowFault("text_in_number", "round", "MI-002"),
        RowFault("date_after_period", "on_date", "MI-011"),
        RowFault("orphan", "child_ref", "MI-010"),
        RowFault("duplicate_key", "child_ref", "MI-004"),
    ),
    "councils.placements": (
        RowFault("impossible_date", "from_date", "PL-002"),
        RowFault("wrong_date_format", "from_date", "PL-002"),
        RowFault("unknown_code", "placement_type", "PL-003"),
        RowFault("missing_value", "placement_type", "PL-001"),
        RowFault("end_before_start", "to_date", "PL-011", "from_date"),
        RowFault("orphan", "child_ref", "PL-010"),
        RowFault("duplicate_key", "child_ref", "PL-004"),
    ),
    "councils.carers": (
        RowFault("text_in_number", "assessment_hours", "CA-002"),
        RowFault("unknown_code", "approval_kind", "CA-003"),
        RowFault("missing_value", "enquiry_on", "CA-001"),
        RowFault("date_after_period", "enquiry_on", "CA-010"),
        RowFault("impossible_date", "enquiry_on", "CA-002"),
    ),
    "councils.matches": (
        RowFault("orphan", "child_ref", "MA-010"),
        RowFault("impossible_date", "linked_on", "MA-002"),
        RowFault("missing_value", "carer_ref", "MA-001"),
    ),
    "councils.support_plans": (
        RowFault("orphan", "child_ref", "SP-010"),
        RowFault("impossible_date", "agreed_on", "SP-002"),
    ),
    "courts.applications": (
        RowFault("impossible_date", "lodged_on", "AP-002"),
        RowFault("wrong_date_format", "lodged_on", "AP-002"),
        RowFault("unknown_code", "application_type", "AP-003"),
        RowFault("missing_value", "lodged_on", "AP-001"),
        RowFault("duplicate_key", "case_ref", "AP-004"),
    ),
    "clas.children": (
        RowFault("impossible_date", "date_of_birth", "LC-002"),
        RowFault("missing_value", "date_of_birth", "LC-001"),
        RowFault("duplicate_key", "child_ref", "LC-004"),
    ),
    "clas.placements": (
        RowFault("unknown_code", "placement_type", "LP-003"),
        RowFault("impossible_date", "placement_start", "LP-002"),
    ),
}
# What may befall a file, how often, and what should come of it.
FILE_FAULTS: Mapping[str, tuple[float, str]] = {
    "header_case": (0.13, "taken"),
    "columns_reordered": (0.12, "taken"),
    "stray_spaces": (0.12, "taken"),
    "blank_rows": (0.11, "taken; blank rows below the data are not rows"),
    "total_row": (0.10, "taken; the total row refused or skipped"),
    "extra_column": (0.09, "taken without the column, and told"),
    "identifying_column": (0.08, "taken without the column, and told"),
    "late_file": (0.07, "taken, late"),
    "column_renamed": (0.05, "submission refused; the former one stays in force"),
    "table_missing": (0.04, "submission waits for the table, or closes without it when due"),
    "empty_table": (0.04, "a header only: an empty table never replaces a full one"),
    "many_wrong_dates": (0.04, "submission held for a person"),
    "sent_again_corrected": (0.04, "the second submission supersedes the first"),
    "sent_again_same_bytes": (0.03, "one submission"),
}
SENT_AGAIN = frozenset({"sent_again_corrected", "sent_again_same_bytes"})
SHARE_OF_MONTHS = 0.22


def monthly_plan(rng: np.random.Generator, periods: Sequence[str]) -> dict[str, str]:
    """Which month's return of a council has which fault of the file; most have none."""
    kinds = list(FILE_FAULTS)
    weights = np.array([weight for weight, _ in FILE_FAULTS.values()])
    return {
        period: str(rng.choice(kinds, p=weights / weights.sum()))
        for period in periods
        if rng.random() < SHARE_OF_MONTHS
    }


# Fewer rows than this may truly be gone; an empty table in their place is taken.
FEWEST_TO_MISS = 5


def planted_state(made: Sequence[Fault], contracts: Contracts, emptied_rows: int) -> tuple[str, str]:
    """The state that these faults of one delivery should bring about, and why. `emptied_rows`: how many rows stood in the table
    that came empty."""
    kinds = {fault.kind for fault in made}
    if "column_renamed" in kinds:
        return "refused", "column_renamed"
    if "table_missing" in kinds:
        return "refused", "table_missing"
    if "empty_table" in kinds and emptied_rows >= FEWEST_TO_MISS:
        return "refused", "empty_table"
    if "many_wrong_dates" in kinds:
        return "held", "many_wrong_dates"
    severities = {rule.code: rule.severity for contract in contracts.values() for rule in contract.rules}
    refusing = sorted(
        {
            fault.kind
            for fault in made
            if fault.source_row is not None
            and (fault.kind == "total_row" or severities.get(fault.expected, "refuse") == "refuse")
        }
    )
    return (State.TAKEN_WITH_REFUSALS, ", ".join(refusing)) if refusing else (State.TAKEN, "no row is wrong")


@cache
def _days_by_text(date_format: str) -> dict[str, date]:
    words = spelled_days(date_format)[:-1]
    return {word: EPOCH + timedelta(FIRST_DAY + place) for place, word in enumerate(words)}


class Damage:
    """Puts faults into one delivery's tables and notes them in `made`."""

    def __init__(
        self,
        rng: np.random.Generator,
        supplier: str,
        collection: str,
        period: Period,
        layout: Layout,
        contracts: Contracts,
    ) -> None:
        self.rng, self.supplier, self.collection = rng, supplier, collection
        self.period, self.layout, self.contracts = period, layout, contracts
        self.made: list[Fault] = []

    def rows(self, sheets: Mapping[str, WrittenTable], rate: float = USUAL_RATE) -> None:
        """Put faults into single rows, no two into one row."""
        for table, sheet in sheets.items():
            possible = ROW_FAULTS.get(f"{self.collection}.{table}", ())
            hit = {fault.source_row for fault in self.made if fault.table == table}
            mapping = self.layout.tables[table]
            clean = len(sheet)
            for _ in range(int(self.rng.poisson(rate * clean)) if possible else 0):
                kind = possible[int(self.rng.integers(len(possible)))]
                row = int(self.rng.integers(clean))
                if kind.column not in mapping.columns or row + HEADER_ROWS + 1 in hit:
                    continue
                if kind.kind == "duplicate_key":
                    self._note(sheet, len(sheet), mapping.columns[kind.column], kind.kind, kind.rule)
                    for heading, words in sheet.cells.items():
                        sheet.cells[heading] = np.append(words, words[row])
                    hit.add(row + HEADER_ROWS + 1)
                    continue
                text = self._text(kind, sheet, row)
                if text is None:
                    continue
                heading = mapping.columns[kind.column]
                words = sheet.cells[heading].copy()
                words[row] = text
                sheet.cells[heading] = words
                hit.add(self._note(sheet, row, heading, kind.kind, kind.rule, text))

    def file(self, kind: str, sheets: dict[str, WrittenTable]) -> None:
        """Put one fault of the whole file into a delivery. Raises KeyError for a kind there isn't."""
        expected = FILE_FAULTS[kind][1]
        table = str(self.rng.choice(["children", "milestones", "placements", "carers"]))
        column = FILE_CHANGES[kind](self, sheets, table)
        if column is None:
            return
        at, _, heading = column.rpartition("|")
        self.made.append(
            Fault(self.supplier, self.collection, self.period.key, at or table, None, heading, kind, expected)
        )

    def _note(self, sheet: WrittenTable, row: int, heading: str, kind: str, rule: str, cell: str = "") -> int:
        source_row = row + HEADER_ROWS + 1
        self.made.append(
            Fault(self.supplier, self.collection, self.period.key, sheet.table, source_row, heading, kind, rule, cell)
        )
        return source_row

    def _text(self, fault: RowFault, sheet: WrittenTable, row: int) -> str | None:
        """What stands in the cell after the fault; None where this row can't have it."""
        date_format = self.layout.date_formats[0]
        mapping = self.layout.tables[sheet.table]
        now = str(sheet.cells[mapping.columns[fault.column]][row])
        days = _days_by_text(date_format)
        other = days.get(str(sheet.cells[mapping.columns[fault.other]][row])) if fault.other else None
        some = int(self.rng.integers(5, 60))
        match fault.kind:
            case "impossible_date":
                spelled = {"%d": "31", "%m": "02", "%b": "Feb", "%Y": "2011"}
                for directive, text in spelled.items():
                    date_format = date_format.replace(directive, text)
                return date_format
            case "wrong_date_format":
                # Among true dates of a workbook a spelled one is the only text: it can be read, so nothing is wrong with it.
                readable = has_date_cells(self.layout)
                return days[now].strftime(OTHER_FORMAT) if now in days and not readable else None
            case "unknown_code":
                return "ZZ9"
            case "missing_value":
                return self.layout.empty[-1] if self.layout.empty else ""
            case "text_in_number":
                return "about 3" if now not in self.layout.empty else None
            case "date_after_period":
                return (self.period.last_day + timedelta(days=30 + some)).strftime(date_format)
            case "end_before_start":
                return (other - timedelta(days=some)).strftime(date_format) if other and now in days else None
            case "born_after_start":
                return (other + timedelta(days=some)).strftime(date_format) if other else None
            case "mistyped_birth_year":
                # 2003 typed as 1903; 29 February has no place in 1900.
                return (
                    other.replace(year=other.year - 100, day=min(other.day, 28)).strftime(date_format)
                    if other
                    else None
                )
            case "orphan":
                return f"{now}9X"
        raise KeyError(fault.kind)


def _header_case(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    upper = damage.rng.random() < 0.5
    sheet = sheets[table]
    sheet.cells = {(name.upper() if upper else name.lower()): words for name, words in sheet.cells.items()}
    sheet.dates = frozenset(name.upper() if upper else name.lower() for name in sheet.dates)
    return ""


def _columns_reordered(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    names = list(sheets[table].cells)
    sheets[table].cells = {
        names[place]: sheets[table].cells[names[place]] for place in damage.rng.permutation(len(names))
    }
    return ""


def _stray_spaces(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    sheet = sheets[table]
    spaced = {}
    for name, words in sheet.cells.items():
        some = damage.rng.random(len(words)) < 0.02
        cells = words if name in sheet.dates else np.where(some & (words != ""), words + " ", words).astype(object)
        spaced[f" {name} "] = cells
    sheet.cells, sheet.dates = spaced, frozenset(f" {name} " for name in sheet.dates)
    return ""


def _blank_rows(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    sheets[table].below += [[""] * len(sheets[table].cells) for _ in range(int(damage.rng.integers(1, 30)))]
    return ""


def _total_row(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    sheet = sheets[table]
    sheet.below.append(["Total", str(len(sheet)), *[""] * (len(sheet.cells) - 2)])
    first = next(iter(sheet.cells))
    damage._note(sheet, len(sheet), first, "total_row", FILE_FAULTS["total_row"][1], "Total")
    return None


def _extra_column(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    words = np.array(["North team", "South team", "Family placement"], dtype=object)
    sheets[table].cells["Team"] = words[damage.rng.integers(0, 3, len(sheets[table]))]
    return "Team"


def _identifying_column(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    rows = len(sheets[table])
    if damage.rng.random() < 0.5:
        name, cells = "CHI Number", [f"{a:010d}" for a in damage.rng.integers(10**8, 3 * 10**9, rows)]
    else:
        words = damage.rng.integers(100, 999, rows)
        name, cells = "Full name", [f"Invented Person{a}" for a in words]
    sheets[table].cells[name] = np.array(cells, dtype=object)
    return name


def _column_renamed(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    contract = damage.contracts[f"councils.{table}"]
    mapping = damage.layout.tables[table]
    needed = [mapping.columns[column.name] for column in contract.columns if column.required]
    old = str(damage.rng.choice(needed))
    new = f"{old} (new)"
    sheet = sheets[table]
    sheet.cells = {(new if name == old else name): words for name, words in sheet.cells.items()}
    sheet.dates = frozenset(new if name == old else name for name in sheet.dates)
    return new


def _table_missing(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    del sheets[table]
    damage.made = [fault for fault in damage.made if fault.table != table]
    return ""


def _empty_table(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    del table
    chosen = "support_plans" if damage.rng.random() < 0.5 else "matches"
    sheets[chosen].cells = {name: words[:0] for name, words in sheets[chosen].cells.items()}
    damage.made = [fault for fault in damage.made if fault.table != chosen]
    return f"{chosen}|"


def _many_wrong_dates(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    del table
    sheet = sheets["milestones"]
    heading = damage.layout.tables["milestones"].columns["on_date"]
    days = _days_by_text(damage.layout.date_formats[0])
    words = sheet.cells[heading].copy()
    noted = {fault.source_row for fault in damage.made if fault.table == "milestones"}
    for row in np.flatnonzero(damage.rng.random(len(words)) < 0.45):
        if words[row] in days and int(row) + HEADER_ROWS + 1 not in noted:
            words[row] = days[words[row]].strftime(OTHER_FORMAT)
            damage._note(sheet, int(row), heading, "wrong_date_format", "MI-002", str(words[row]))
    sheet.cells[heading] = words
    return f"milestones|{heading}"


def _nothing(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    """Late or sent twice: the file itself is as always."""
    del damage, sheets, table
    return "children|"


def _bad(damage: Damage, sheets: dict[str, WrittenTable], table: str) -> str | None:
    del table
    damage.rows(sheets, BAD_RATE)
    return "children|"


FILE_CHANGES: Mapping[str, Callable[[Damage, dict[str, WrittenTable], str], str | None]] = {
    "header_case": _header_case,
    "columns_reordered": _columns_reordered,
    "stray_spaces": _stray_spaces,
    "blank_rows": _blank_rows,
    "total_row": _total_row,
    "extra_column": _extra_column,
    "identifying_column": _identifying_column,
    "late_file": _nothing,
    "column_renamed": _column_renamed,
    "table_missing": _table_missing,
    "empty_table": _empty_table,
    "many_wrong_dates": _many_wrong_dates,
    "sent_again_corrected": _bad,
    "sent_again_same_bytes": _nothing,
}
