"""What a blank workbook for a supplier holds: its own sheets, headings, words and date form, from contract and layout.

Writing the workbook belongs to `template_workbook.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pact_pipeline.contracts.due import due_date
from pact_pipeline.contracts.model import WITHOUT_END, Column, Contract, Contracts, Rule
from pact_pipeline.desk.words import TYPES, bounds_in_words
from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import Period, day_in_words, periods_within
from pact_pipeline.suppliers import Layout, Supplier, TableMapping

# No date of a child or carer is before this; rules that name a day of their own win.
EARLIEST_DAY = date(1930, 1, 1)
LATEST_DAY = date(2099, 12, 31)
# A spreadsheet's sheet name.
LONGEST_SHEET_NAME = 31
SPREADSHEET_DATES = {"d": "dd", "m": "mm", "Y": "yyyy", "y": "yy", "b": "mmm", "B": "mmmm", "-d": "d", "-m": "m"}


@dataclass(frozen=True)
class TemplateColumn:
    """A column to be filled. `words`: the supplier's words with their meanings; `days`: the first and last day a date
    can have; `date_form`: as in %d/%m/%Y; `example`: in the supplier's words, None for an empty cell."""

    heading: str
    column: Column
    words: tuple[tuple[str, str], ...]
    days: tuple[date, date]
    date_form: str
    example: str | float | date | None
    rules: tuple[Rule, ...]

    @property
    def how(self) -> str:
        """How to write it, in a sentence or two."""
        if self.words:
            return "Choose one of the words in the list."
        if self.column.type == "date":
            first, last = self.days
            until = f" to {day_in_words(last)}" if last < LATEST_DAY else " on"
            return f"A date, written like {self.date_shown(date(2013, 6, 30))}; from {day_in_words(first)}{until}."
        bounds = bounds_in_words(self.column)
        return f"{TYPES[self.column.type].capitalize()}{f': {bounds}' if bounds else ''}."

    @property
    def needed(self) -> str:
        return "Must be filled" if self.column.required else "May be empty"

    @property
    def example_shown(self) -> str:
        if self.example is None:
            return ""
        return self.date_shown(self.example) if isinstance(self.example, date) else f"{self.example}"

    def date_shown(self, day: date) -> str:
        plain = self.date_form.replace("%-d", str(day.day)).replace("%-m", str(day.month))
        return day.strftime(plain)


@dataclass(frozen=True)
class TemplateTable:
    """A sheet to be filled; `file_name` is what it is saved as where each table is a file of its own, else empty.
    `echo` is the heading of a column of the supplier's own."""

    contract: Contract
    name: str
    file_name: str
    columns: tuple[TemplateColumn, ...]
    echo: str = ""


@dataclass(frozen=True)
class Template:
    """A workbook to be filled by one supplier, for one period or (None) for any."""

    supplier: Supplier
    collection: str
    layout: Layout
    period: Period | None
    due: date | None
    workbook_name: str
    tables: tuple[TemplateTable, ...]


def template_of(
    supplier: Supplier, contracts: Contracts, period: Period | None = None, layout_name: str | None = None
) -> Template:
    """The blank workbook of a supplier.

    Raises PactFailure DESK-001 when there is no layout for the period, and DESK-002 when several fit and none is named.
    """
    collection, layout = _layout(supplier, contracts, period, layout_name)
    contracts = contracts.in_period(period or WITHOUT_END)
    layout = layout.within(contracts.collection(collection))
    own = [contracts[f"{collection}.{table}"] for table in layout.tables]
    tables = tuple(_table(contract, layout.tables[contract.table], layout, supplier, period) for contract in own)
    return Template(
        supplier=supplier,
        collection=collection,
        layout=layout,
        period=period,
        due=due_date(period, own) if period else None,
        workbook_name=_spelled(layout, supplier, period, None)
        if _one_workbook(layout)
        else f"{supplier.key} {collection} {period.key if period else 'blank'}.xlsx",
        tables=tables,
    )


def _one_workbook(layout: Layout) -> bool:
    return layout.format in ("xlsx", "ods")


def _layout(
    supplier: Supplier, contracts: Contracts, period: Period | None, layout_name: str | None
) -> tuple[str, Layout]:
    """Collection and layout: of the period's kind, in use in the period, of the name if one was given."""
    fitting: dict[str, tuple[str, Layout]] = {}
    for delivery in supplier.deliveries:
        if period is None:
            layout = delivery.layouts[-1][1]
        elif delivery.serves(period):
            layout = delivery.layout_for(period)
        else:
            continue
        kinds = {contracts[f"{delivery.collection}.{table}"].every for table in layout.tables}
        if period is None or any(
            kind != "build" and period in periods_within(kind, period.first_day, period.last_day) for kind in kinds
        ):
            fitting.setdefault(layout.name, (delivery.collection, layout))
    if layout_name is not None:
        fitting = {name: found for name, found in fitting.items() if name == layout_name}
    if not fitting:
        asked = f" called '{layout_name}'" if layout_name else ""
        raise PactFailure(
            "DESK-001",
            f"{supplier.key} has no layout{asked}{f' for {period}' if period else ''}",
            mend=f"it sends {_sends(supplier)}.",
        )
    if len(fitting) > 1:
        raise PactFailure(
            "DESK-002", f"{supplier.key} sends in several ways", mend=f"add --layout with one of {', '.join(fitting)}."
        )
    return next(iter(fitting.values()))


def _sends(supplier: Supplier) -> str:
    """`councils from 2012-08 (swift_csv)`, for each delivery."""
    return "; ".join(
        f"{delivery.collection} from {start} ({layout.name})"
        for delivery in supplier.deliveries
        for start, layout in delivery.layouts[:1]
    )


def _table(
    contract: Contract, mapping: TableMapping, layout: Layout, supplier: Supplier, period: Period | None
) -> TemplateTable:
    columns = tuple(
        TemplateColumn(
            heading=heading,
            column=contract.column(name),
            words=_words(contract.column(name), mapping.codes.get(name, {})),
            days=_days(contract, name, period),
            date_form=_date_form(mapping, layout, name),
            example=_example(contract.column(name), mapping.codes.get(name, {})),
            rules=tuple(rule for rule in contract.rules if name in rule.columns),
        )
        for name, heading in mapping.columns.items()
    )
    file_name = "" if _one_workbook(layout) else _spelled(layout, supplier, period, contract.table)
    return TemplateTable(
        contract, name_of_sheet(mapping.name), file_name, columns, getattr(mapping, "echo", None) or ""
    )


def _words(column: Column, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The supplier's words with what they mean; a code for which there is none stands for itself."""
    if not column.codes:
        return ()
    meanings = {code.code: code.meaning for code in column.codes}
    there = set(words.values())
    own = [(word, meanings[code]) for word, code in words.items()]
    return (*own, *((code, meaning) for code, meaning in meanings.items() if code not in there and code not in words))


def _example(column: Column, words: Mapping[str, str]) -> str | float | date | None:
    """The example row's cell in the supplier's words."""
    value: Any = column.example
    if value is None:
        return None
    if column.type == "date":
        return date.fromisoformat(str(value))
    if column.type in ("integer", "number"):
        return value if isinstance(value, int | float) else float(value)
    return next((word for word, code in words.items() if code == str(value)), str(value))


def _date_form(mapping: TableMapping, layout: Layout, name: str) -> str:
    """The first form that a spreadsheet can show; serial day numbers need none."""
    own: Mapping[str, tuple[str, ...]] = getattr(mapping, "date_formats", {})
    forms = [form for form in (*own.get(name, ()), *layout.date_formats) if spreadsheet_form(form)]
    return forms[0] if forms else "%Y-%m-%d"


def spreadsheet_form(form: str) -> str:
    r"""`%d/%m/%Y` as a spreadsheet's number format, `dd\/mm\/yyyy`; empty where there is none."""
    if form == "serial":
        return ""
    shown, place = "", 0
    while place < len(form):
        if form[place] == "%":
            width = 2 if form[place + 1 : place + 2] == "-" else 1
            directive = form[place + 1 : place + 1 + width]
            if directive not in SPREADSHEET_DATES:
                return ""
            shown += SPREADSHEET_DATES[directive]
            place += 1 + width
        else:
            shown += f"\\{form[place]}"
            place += 1
    return shown


def _days(contract: Contract, name: str, period: Period | None) -> tuple[date, date]:
    """The first and last day that rules without a condition leave to a date."""
    first, last = EARLIEST_DAY, LATEST_DAY
    for rule in contract.rules:
        if rule.severity != "refuse":
            continue
        given = rule.arguments
        if rule.check == "not_before_day" and given.get("column") == name and not given.get("when"):
            first = max(first, date.fromisoformat(str(given["day"])))
        if rule.check == "not_after_day" and given.get("column") == name and not given.get("when"):
            last = min(last, date.fromisoformat(str(given["day"])))
        if rule.check == "not_after_period_end" and name in given.get("columns", ()) and period:
            last = min(last, period.last_day)
    return first, last


def _spelled(layout: Layout, supplier: Supplier, period: Period | None, table: str | None) -> str:
    """The file's name, with YYYY and MM to be filled in where no period is given."""
    if period is not None:
        return layout.file_name(supplier, period, table)
    name = layout.file
    known = {"supplier": supplier.key, "name": supplier.name, "version?": ""}
    if table:
        known["table"] = layout.tables[table].name
    for placeholder, text in known.items():
        name = name.replace(f"{{{placeholder}}}", text)
    shown = {"yyyy": "YYYY", "yy": "YY", "mm": "MM", "mon": "Mon", "quarter": "Q", "period": "PERIOD"}
    for placeholder, text in shown.items():
        name = name.replace(f"{{{placeholder}}}", text)
    return name


def name_of_sheet(name: str) -> str:
    """The name without what no sheet's name can hold."""
    clean = "".join("-" if sign in "[]:*?/\\" else sign for sign in name).strip("' ")
    return clean[:LONGEST_SHEET_NAME] or "Table"
