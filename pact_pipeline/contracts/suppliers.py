"""Who sends what, and how each writes it: suppliers and the layouts of their case systems.

`data_contracts/suppliers/<KEY>.yaml` is a supplier, `data_contracts/suppliers/layouts/<name>.yaml` a layout that
several suppliers may share. Both are checked here against the contracts, before any file is read. Reading files by a
layout belongs to `intake`, finding them to `arrival`; the generator writes by the same layouts.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from pact_pipeline.contracts.marked_yaml import Marked, merged, nearest, read_marked
from pact_pipeline.contracts.model import Contract, Contracts, Every
from pact_pipeline.failures import ContractBroken
from pact_pipeline.periods import Period

SUPPLIER_KINDS = ("council", "courts", "clas", "health", "programme")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE_DIRECTIVES = frozenset("dmyYbBjHMSf-")
# A re-sent file keeps its name with one of these before the extension.
VERSION = r"(?P<version> ?[-_ ]?(?:v\d+|corrected|resend))?"
# A period spelled by each placeholder; quarter is 1 to 4, mon the first three letters of the month.
PLACEHOLDERS = {
    "yyyy": r"(?P<yyyy>\d{4})",
    "yy": r"(?P<yy>\d{2})",
    "mm": r"(?P<mm>\d{2})",
    "mon": r"(?P<mon>" + "|".join(MONTHS) + ")",
    "quarter": r"(?P<quarter>[1-4])",
    "period": r"(?P<period>\d{4}-\d{2}|\d{4}-Q[1-4]|FY\d{4}-\d{2}|CLAS\d{4})",
    "version?": VERSION,
}
NAME_PLACEHOLDERS = ("supplier", "name", "table")


@dataclass(frozen=True)
class TableMapping:
    """How a layout writes one table.

    `name` is the file's or sheet's name for it; `columns` gives for each contract column the heading the supplier
    writes; `codes` gives for each contract column with a code list the supplier's word and the contract's code (a
    word not listed is left as it is, and judged against the code list); `absent` are contract columns the supplier
    doesn't have; `ignored` are known headings outside the contract.
    """

    table: str
    name: str
    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    absent: tuple[str, ...]
    ignored: tuple[str, ...]
    every: Every

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """The supplier's heading and the contract column it stands for."""
        return {heading: column for column, heading in self.columns.items()}


@dataclass(frozen=True)
class Layout:
    """How a case system writes its extracts. For `xlsx`, one workbook holds a sheet for each table."""

    name: str
    format: Literal["csv", "xlsx"]
    encoding: str
    delimiter: str
    date_formats: tuple[str, ...]
    empty: tuple[str, ...]
    file: str
    tables: Mapping[str, TableMapping]

    def file_regex(self, supplier: "Supplier", table: str | None = None) -> "re.Pattern[str]":
        """The pattern of this table's file names (a workbook's, for xlsx), with groups yyyy, mm, quarter, period,
        version …

        Letter case doesn't matter. Raises KeyError for a table the layout doesn't have.
        """
        pattern = ""
        for literal, placeholder in _parts(self._with_version()):
            pattern += re.escape(literal)
            if placeholder in NAME_PLACEHOLDERS:
                pattern += re.escape(self._spelled(placeholder, supplier, table))
            elif placeholder:
                pattern += PLACEHOLDERS[placeholder]
        return re.compile(pattern, re.IGNORECASE)

    def file_name(self, supplier: "Supplier", period: Period, table: str | None = None, version: str = "") -> str:
        """The name of the file for a period; `version` is a suffix such as ' v2' for a file that is sent again."""
        last = period.last_day
        spelled = {
            "yyyy": f"{last.year}",
            "yy": f"{last.year % 100:02d}",
            "mm": f"{last.month:02d}",
            "mon": MONTHS[last.month - 1].capitalize(),
            "quarter": f"{(last.month - 1) // 3 + 1}",
            "period": period.key,
            "version?": version,
        }
        return "".join(
            literal
            + (
                self._spelled(placeholder, supplier, table)
                if placeholder in NAME_PLACEHOLDERS
                else spelled.get(placeholder, "")
            )
            for literal, placeholder in _parts(self._with_version())
        )

    def period_of(self, supplier: "Supplier", table: str, file_name: str) -> Period | None:
        """The period a file name spells, or None when it isn't a name of this layout's table (or no real period)."""
        match = self.file_regex(supplier, table).fullmatch(file_name)
        return _period(match.groupdict(), self.tables[table].every) if match else None

    def _spelled(self, placeholder: str, supplier: "Supplier", table: str | None) -> str:
        if placeholder == "table":
            if table is None:
                raise KeyError("this layout has a file for each table: say which table")
            return self.tables[table].name
        return supplier.key if placeholder == "supplier" else supplier.name

    def _with_version(self) -> str:
        if "{version?}" in self.file:
            return self.file
        stem, dot, extension = self.file.rpartition(".")
        return f"{stem}{{version?}}{dot}{extension}"


@dataclass(frozen=True)
class Delivery:
    """What a supplier sends of one collection, where it lies, and by which layout since when (oldest first)."""

    collection: str
    url: str
    layouts: tuple[tuple[Period, Layout], ...]

    def layout_for(self, period: Period) -> Layout:
        """The layout in use in a period: the newest that began by then. Raises KeyError before the first."""
        for start, layout in reversed(self.layouts):
            if start.first_day <= period.first_day:
                return layout
        raise KeyError(f"no layout for {period}: the first begins with {self.layouts[0][0]}")


@dataclass(frozen=True)
class Supplier:
    """An organisation that sends data. `joined` is the first period it sends for."""

    key: str
    name: str
    kind: str
    joined: Period
    contact: str
    deliveries: tuple[Delivery, ...]

    def delivery(self, collection: str) -> tuple[Delivery, ...]:
        """The deliveries of one collection (a collection may come in two parts, each with its own file names)."""
        return tuple(delivery for delivery in self.deliveries if delivery.collection == collection)


def load_suppliers(folder: Path, contracts: Contracts) -> Mapping[str, Supplier]:
    """All suppliers of a folder (`data_contracts/suppliers`) by key, each mapping checked against the contracts.

    Raises ContractBroken, naming file and line, for a misspelt key, an unknown or unmapped contract column, and a
    code word that stands for a code the contract doesn't have.
    """
    layouts = {path.stem: read_marked(path, f"layouts/{path.name}") for path in sorted(folder.glob("layouts/*.yaml"))}
    suppliers: dict[str, Supplier] = {}
    checked: dict[tuple[str, str], Layout] = {}
    for path in sorted(folder.glob("*.yaml")):
        supplier = _supplier(read_marked(path, f"suppliers/{path.name}"), path.stem, layouts, contracts, checked)
        suppliers[supplier.key] = supplier
    return suppliers


def _supplier(
    document: Marked,
    stem: str,
    layouts: Mapping[str, Marked],
    contracts: Contracts,
    checked: dict[tuple[str, str], Layout],
) -> Supplier:
    keys = ("supplier", "name", "kind", "joined", "contact", "deliveries")
    entry = document.mapping(keys, required=keys)
    if entry["supplier"].text() != stem:
        raise entry["supplier"].broken(
            "the supplier's key and the file's name differ", f"call the file as the key, or write '{stem}'"
        )
    deliveries = tuple(_delivery(item, layouts, contracts, checked) for item in entry["deliveries"].sequence())
    if not deliveries:
        raise entry["deliveries"].broken("a supplier needs at least one delivery")
    return Supplier(
        key=stem,
        name=entry["name"].words(),
        kind=entry["kind"].choice(SUPPLIER_KINDS),
        joined=_period_key(entry["joined"]),
        contact=entry["contact"].words(),
        deliveries=deliveries,
    )


def _delivery(
    item: Marked, layouts: Mapping[str, Marked], contracts: Contracts, checked: dict[tuple[str, str], Layout]
) -> Delivery:
    keys = ("collection", "url", "layouts")
    entry = item.mapping(keys, required=keys)
    collection = entry["collection"].choice(contracts.collections)
    used: list[tuple[Period, Layout]] = []
    for listed in entry["layouts"].sequence():
        part = listed.mapping(("from", "layout", "override"), required=("from", "layout"))
        start, name = _period_key(part["from"]), part["layout"].choice(layouts)
        if used and start <= used[-1][0]:
            raise part["from"].broken("the layouts must stand in the order of time", "put the older one first")
        if "override" in part:
            part["override"].mapping()
            layout = _layout(merged(layouts[name], part["override"]), name, collection, contracts)
        else:
            if (name, collection) not in checked:
                checked[name, collection] = _layout(layouts[name], name, collection, contracts)
            layout = checked[name, collection]
        used.append((start, layout))
    if not used:
        raise entry["layouts"].broken("a delivery needs at least one layout")
    return Delivery(collection=collection, url=entry["url"].words(), layouts=tuple(used))


def _layout(document: Marked, name: str, collection: str, contracts: Contracts) -> Layout:
    required = ("layout", "format", "date_formats", "file", "tables")
    entry = document.mapping((*required, "encoding", "delimiter", "empty"), required=required)
    if entry["layout"].text() != name:
        raise entry["layout"].broken("the layout's name and the file's name differ", f"write '{name}'")
    kind = cast(Literal["csv", "xlsx"], entry["format"].choice(("csv", "xlsx")))
    encoding = entry["encoding"].text() if "encoding" in entry else "utf-8"
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise entry["encoding"].broken(f"'{encoding}' is no encoding", "write utf-8, windows-1252, utf-16 …") from None
    tables = entry["tables"].mapping([contract.table for contract in contracts.collection(collection)])
    mappings = {table: _table(item, contracts[f"{collection}.{table}"]) for table, item in tables.items()}
    if not mappings:
        raise entry["tables"].broken("a layout needs at least one table")
    delimiter = entry["delimiter"].text() if "delimiter" in entry else ","
    if len(delimiter) != 1:
        raise entry["delimiter"].broken("the delimiter must be one character")
    formats = tuple(_date_format(item) for item in entry["date_formats"].sequence())
    layout = Layout(
        name=name,
        format=kind,
        encoding=encoding,
        delimiter=delimiter,
        date_formats=formats,
        empty=tuple(item.text() for item in entry["empty"].sequence()) if "empty" in entry else ("",),
        file=_file_pattern(entry["file"], kind, {mapping.every for mapping in mappings.values()}),
        tables=mappings,
    )
    names = [mapping.name.casefold() for mapping in mappings.values()]
    if len(set(names)) < len(names):
        raise entry["tables"].broken("two tables have the same name", "a file or sheet can stand for one table only")
    return layout


def _table(item: Marked, contract: Contract) -> TableMapping:
    entry = item.mapping(("name", "columns", "codes", "absent", "ignored"), required=("name", "columns"))
    columns: dict[str, str] = {}
    seen: dict[str, int] = {}
    for column, heading in entry["columns"].mapping().items():
        _known_column(heading, column, contract)
        columns[column] = heading.words()
        folded = columns[column].casefold()
        if folded in seen:
            raise heading.broken("two columns have the same heading", f"it stands on line {seen[folded]} already")
        seen[folded] = heading.line
    absent = entry["absent"].sequence() if "absent" in entry else []
    for marked in absent:
        name = marked.text()
        _known_column(marked, name, contract)
        if name in columns:
            raise marked.broken(f"'{name}' is mapped and absent at once", "take it out of one of the two")
        if contract.column(name).required:
            raise marked.broken(f"'{name}' can't be absent: {contract.key} needs it", "map it to a heading")
    missing = [name for name in contract.column_names if name not in columns and name not in {m.text() for m in absent}]
    if missing:
        raise entry["columns"].broken(
            f"columns of {contract.key} are not mapped: {', '.join(missing)}",
            "map each to a heading, or list it under absent",
        )
    return TableMapping(
        table=contract.table,
        name=entry["name"].words(),
        columns=columns,
        codes=_codes(entry["codes"], contract, columns) if "codes" in entry else {},
        absent=tuple(marked.text() for marked in absent),
        ignored=tuple(heading.words() for heading in entry["ignored"].sequence()) if "ignored" in entry else (),
        every=contract.every,
    )


def _codes(item: Marked, contract: Contract, columns: Mapping[str, str]) -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = {}
    for column, words in item.mapping().items():
        _known_column(words, column, contract)
        if column not in columns:
            raise words.broken(f"'{column}' has code words but no heading", "map it under columns")
        allowed = contract.column(column).code_words
        if not allowed:
            raise words.broken(f"'{column}' of {contract.key} has no code list", "take its code words out")
        codes[column] = {}
        for word, code in words.mapping().items():
            if code.text() not in allowed:
                raise code.broken(
                    f"'{code.text()}' isn't a code of {contract.key}.{column}",
                    nearest(code.text(), allowed),
                    code="CON-04",
                )
            codes[column][word] = code.text()
    return codes


def _known_column(marked: Marked, name: str, contract: Contract) -> None:
    if name not in contract.column_names:
        raise marked.broken(
            f"{contract.key} has no column '{name}'", nearest(name, contract.column_names), code="CON-04"
        )


def _date_format(item: Marked) -> str:
    """A date format such as %d/%m/%Y, or `serial` for a spreadsheet's day numbers."""
    text = item.words()
    directives = re.findall(r"%(.)", text)
    if text != "serial" and (not directives or not set(directives) <= DATE_DIRECTIVES):
        raise item.broken(
            "this is no date format", "write it as in %d/%m/%Y, or serial for a spreadsheet's day numbers"
        )
    return text


def _file_pattern(item: Marked, kind: str, every: set[Every]) -> str:
    text = item.words()
    found = {placeholder for _, placeholder in _parts(text)} - {""}
    allowed = [*PLACEHOLDERS, *NAME_PLACEHOLDERS]
    for placeholder in sorted(found):
        if placeholder not in allowed:
            raise item.broken(f"unknown placeholder '{{{placeholder}}}'", nearest(placeholder, allowed))
    if kind == "csv" and "table" not in found and len(every) and "." not in text:
        raise item.broken("the file's name has no extension", "end it in .csv")
    if kind == "xlsx" and "table" in found:
        raise item.broken("a workbook holds all tables, so its name can't hold {table}", "take {table} out")
    year = {"yyyy", "yy"} & found
    needed = {
        "month": year and {"mm", "mon"} & found,
        "quarter": year and {"quarter", "mm", "mon"} & found,
        "financial_year": year,
        "clas_year": year,
        "build": True,
    }
    for kind_of_period in sorted(every):
        if "period" not in found and not needed[kind_of_period]:
            raise item.broken(
                f"the file's name doesn't tell the {kind_of_period.replace('_', ' ')}",
                "add {period}, or {yyyy} and {mm}",
            )
    return text


def _parts(pattern: str) -> list[tuple[str, str]]:
    """`a_{b}.c` as literal text and the placeholder after it: [('a_', 'b'), ('.c', '')]."""
    pieces = re.split(r"\{([^{}]*)\}", pattern)
    return [(pieces[n], pieces[n + 1] if n + 1 < len(pieces) else "") for n in range(0, len(pieces), 2)]


def _period(groups: Mapping[str, str | None], every: Every) -> Period | None:
    """The period that the groups of a file name spell; a year is the one the period ends in. None if there is none
    such.
    """
    year = groups.get("yyyy") or (f"20{groups['yy']}" if groups.get("yy") else None)
    named = groups.get("mon")
    month = MONTHS.index(named.lower()) + 1 if named else int(groups.get("mm") or 0)
    quarter = groups.get("quarter") or (str((month - 1) // 3 + 1) if month else None)
    spelled = {
        "month": f"{year}-{month:02d}",
        "quarter": f"{year}-Q{quarter}",
        "financial_year": f"FY{int(year) - 1}-{int(year) % 100:02d}" if year else "",
        "clas_year": f"CLAS{year}",
    }
    try:
        return Period.parse((groups.get("period") or spelled.get(every, "")).upper())
    except ValueError:
        return None


def _period_key(item: Marked) -> Period:
    try:
        return Period.parse(str(item.value))
    except ValueError:
        raise item.broken("this is no period", "write 2012-08, 2012-Q3, FY2011-12 or CLAS2012") from None


__all__ = ["ContractBroken", "Delivery", "Layout", "Supplier", "TableMapping", "load_suppliers"]
