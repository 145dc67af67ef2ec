"""From a layout's YAML to a `Layout`, checked against the contracts before any file is read.

Whatever is misspelt, unknown or contradictory is a ContractBroken that names file and line: a needed column neither mapped,
constant nor absent, one heading for two columns, a word that is good and fixable at once.
"""

import codecs
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Literal, TypeVar, cast

from pact_pipeline.contracts.faults import Faults
from pact_pipeline.contracts.marked_yaml import Marked, nearest
from pact_pipeline.contracts.model import ALWAYS, Column, Contract, Contracts, Every
from pact_pipeline.suppliers.layout import (
    FORMATS,
    NAME_PLACEHOLDERS,
    PLACEHOLDERS,
    CouncilColumn,
    Layout,
    TableMapping,
    parts,
    plain_heading,
    plain_word,
)

DATE_DIRECTIVES = frozenset("dmyYbBjHMSf-")
LAYOUT_KEYS = ("layout", "format", "date_formats", "file", "tables")
TABLE_KEYS = (
    "name", "columns", "codes", "fixable", "ignored_words", "councils", "date_formats", "zero_padded", "constants",
    "absent", "ignored", "echo",
)  # fmt: skip
WIDEST = 20
OWN_NAMES = "own"
T = TypeVar("T")


def layout_of(
    document: Marked, name: str, collection: str, contracts: Contracts, unsound: Collection[str] = ()
) -> Layout:
    """The layout a YAML document says, for one collection. Raises ContractBroken with file and line, ContractsBroken for
    several faults. Tables whose contracts are `unsound` (`collection.table`) are left out.
    """
    entry = document.mapping((*LAYOUT_KEYS, "encoding", "delimiter", "empty", "members"), required=LAYOUT_KEYS)
    faults = Faults()
    if entry["layout"].value != name:
        faults.add(entry["layout"].broken("the layout's name and the file's name differ", f"write '{name}'"))
    kind: Literal["csv", "xlsx", "ods", "zip"] = "csv"
    encoding, delimiter = "utf-8", ","
    empty: tuple[str, ...] = ("",)
    date_formats: tuple[str, ...] = ()
    with faults.gathered():
        kind = cast(Literal["csv", "xlsx", "ods", "zip"], entry["format"].choice(FORMATS))
    with faults.gathered():
        encoding = _encoding(entry["encoding"]) if "encoding" in entry else encoding
    with faults.gathered():
        delimiter = entry["delimiter"].text() if "delimiter" in entry else delimiter
        if len(delimiter) != 1:
            raise entry["delimiter"].broken("the delimiter must be one character")
    with faults.gathered():
        empty = tuple(item.text() for item in entry["empty"].sequence()) if "empty" in entry else empty
    with faults.gathered():
        date_formats = tuple(_date_format(item) for item in entry["date_formats"].sequence())
    mappings: dict[str, TableMapping] = {}
    known = [contract.table for contract in contracts.collection(collection)]
    waiting = [key.removeprefix(f"{collection}.") for key in unsound if key.startswith(f"{collection}.")]
    with faults.gathered():
        for table, item in entry["tables"].mapping([*known, *waiting]).items():
            if table not in waiting:
                with faults.gathered():
                    mappings[table] = _table(item, contracts[f"{collection}.{table}"], empty)
        if not entry["tables"].mapping():
            raise entry["tables"].broken("a layout needs at least one table")
        names = [mapping.name.casefold() for mapping in mappings.values()]
        if len(set(names)) < len(names):
            raise entry["tables"].broken(
                "two tables have the same name", "a file or sheet can stand for one table only"
            )
    file = members = ""
    with faults.gathered():
        file = _file_pattern(entry["file"], kind, {mapping.every for mapping in mappings.values()})
    with faults.gathered():
        members = _members(entry.get("members"), kind, len(mappings))
    faults.raise_found()
    return Layout(
        name=name,
        format=kind,
        encoding=encoding,
        delimiter=delimiter,
        date_formats=date_formats,
        empty=empty,
        file=file,
        tables=mappings,
        members=members,
    )


def _encoding(item: Marked) -> str:
    try:
        codecs.lookup(item.text())
    except LookupError:
        raise item.broken(f"'{item.text()}' is no encoding", "write utf-8, windows-1252, utf-16 …") from None
    return item.text()


# --- one table


def _table(item: Marked, contract: Contract, empty: Collection[str]) -> TableMapping:
    entry = item.mapping(TABLE_KEYS, required=("name", "columns"))
    faults = Faults()
    headings: dict[str, tuple[str, ...]] = {}
    with faults.gathered():
        headings = _headings(entry["columns"], contract, faults)
    columns = {column: accepted[0] for column, accepted in headings.items()}
    constants = _by_column(
        entry, "constants", contract, faults, lambda marked, column: _constant(marked, column, contract)
    )
    for column in constants:
        if column in columns:
            faults.add(
                entry["constants"]
                .mapping()[column]
                .broken(f"'{column}' is constant and has a heading at once", "take it out of one of the two")
            )
    absent: tuple[str, ...] = ()
    with faults.gathered():
        absent = _absent(entry.get("absent"), contract, columns, constants, faults)
    unmapped = _unmapped(entry["columns"], contract, {*columns, *constants, *absent}, faults)
    words = _Words(entry, contract, columns, frozenset(empty), faults)
    ignored: tuple[str, ...] = ()
    with faults.gathered():
        ignored = tuple(heading.words() for heading in entry["ignored"].sequence()) if "ignored" in entry else ()
    echo = None
    with faults.gathered():
        echo = _echo(entry, headings)
    name = ""
    with faults.gathered():
        name = entry["name"].words()
    mapping = TableMapping(
        table=contract.table,
        name=name,
        columns=columns,
        codes=words.codes,
        absent=absent,
        ignored=ignored,
        every=contract.every,
        unmapped=unmapped,
        aliases={column: accepted[1:] for column, accepted in headings.items() if accepted[1:]},
        fixable=words.fixable,
        ignored_words=words.ignored,
        date_formats=_by_column(entry, "date_formats", contract, faults, _dates, columns),
        constants=constants,
        echo=echo,
        zero_padded=_by_column(entry, "zero_padded", contract, faults, _width, columns),
        councils=_by_column(entry, "councils", contract, faults, _council_column, columns),
    )
    faults.raise_found()
    return mapping


def _unmapped(item: Marked, contract: Contract, told: Collection[str], faults: Faults) -> tuple[str, ...]:
    """The columns of which the layout says nothing: the supplier doesn't have them. What every row needs must be mapped, and what
    measures need must at least be said to be absent.
    """
    silent = [column for column in contract.columns if column.name not in told]
    must = [
        column.name for column in silent if (column.required or column.needed_by_core) and column.span.until is None
    ]
    if must:
        faults.add(
            item.broken(
                f"columns of {contract.key} are not mapped: {', '.join(must)}",
                "map each to a heading, give it a constant, or list it under absent",
            )
        )
    return tuple(column.name for column in silent if column.name not in must)


def _headings(item: Marked, contract: Contract, faults: Faults) -> dict[str, tuple[str, ...]]:
    """The headings accepted for each column, the preferred one first; none may stand for two columns. `own`: every column under
    its own name.
    """
    if isinstance(item.value, str):
        item.choice((OWN_NAMES,))
        return {column: (column,) for column in contract.column_names}
    headings: dict[str, tuple[str, ...]] = {}
    seen: dict[str, int] = {}
    for column, marked in item.mapping().items():
        with faults.gathered():
            known_column(marked, column, contract)
            listed = marked.sequence() if isinstance(marked.value, list) else [marked]
            if not listed:
                raise marked.broken(f"'{column}' has no heading", "write it, or list the column under absent")
            headings[column] = tuple(heading.words() for heading in listed)
            for heading in listed:
                plain = plain_heading(heading.words())
                if plain in seen:
                    raise heading.broken(
                        "two columns have the same heading", f"it stands on line {seen[plain]} already"
                    )
                seen[plain] = heading.line
    return headings


def _absent(
    item: Marked | None,
    contract: Contract,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    faults: Faults,
) -> tuple[str, ...]:
    names: list[str] = []
    for marked in [] if item is None else item.sequence():
        with faults.gathered():
            name = marked.text()
            known_column(marked, name, contract)
            names.append(name)
            if name in columns:
                raise marked.broken(f"'{name}' is mapped and absent at once", "take it out of one of the two")
            if name in constants:
                raise marked.broken(f"'{name}' is constant and absent at once", "take it out of one of the two")
            if contract.column(name).required and contract.column(name).span == ALWAYS:
                raise marked.broken(f"'{name}' can't be absent: {contract.key} needs it", "map it to a heading")
    return tuple(names)


def _echo(entry: Mapping[str, Marked], headings: Mapping[str, tuple[str, ...]]) -> str | None:
    if "echo" not in entry:
        return None
    echo = entry["echo"].words()
    mapped = {plain_heading(heading): column for column, accepted in headings.items() for heading in accepted}
    if column := mapped.get(plain_heading(echo)):
        raise entry["echo"].broken(
            f"'{echo}' is the heading of '{column}' already", "name a column of the supplier's own"
        )
    listed = entry["ignored"].sequence() if "ignored" in entry else []
    if plain_heading(echo) in {plain_heading(heading.words()) for heading in listed}:
        raise entry["echo"].broken(f"'{echo}' is echoed and ignored at once", "take it out of one of the two")
    return echo


def _by_column(
    entry: Mapping[str, Marked],
    key: str,
    contract: Contract,
    faults: Faults,
    read: Callable[[Marked, Column], T],
    columns: Mapping[str, str] | None = None,
) -> dict[str, T]:
    """A part of the table that says something of columns, each known (and mapped, where `columns` is given)."""
    said: dict[str, T] = {}
    with faults.gathered():
        for name, marked in (entry[key].mapping() if key in entry else {}).items():
            with faults.gathered():
                known_column(marked, name, contract)
                if columns is not None and name not in columns:
                    raise marked.broken(f"'{name}' stands under {key} but has no heading", "map it under columns")
                said[name] = read(marked, contract.column(name))
    return said


def _constant(item: Marked, column: Column, contract: Contract) -> str:
    """A value that all rows have, as the contract spells it: a code, a number, a day as 2012-08-31."""
    if item.value is None or isinstance(item.value, dict | list | bool):
        raise item.broken("one value is expected here", "a day is written as in 2012-08-31")
    text = str(item.value).strip()
    if column.codes:
        if text not in column.code_words:
            raise item.broken(
                f"'{text}' isn't a code of {contract.key}.{column.name}", nearest(text, column.code_words), "CON-04"
            )
    elif not text or not _is_of_type(text, column):
        raise item.broken(
            f"'{text}' can't stand in {contract.key}.{column.name}", f"write a {_TYPE_WORDS[column.type]}"
        )
    return text


_TYPE_WORDS = {
    "string": "text that the contract allows",
    "integer": "whole number that the contract allows",
    "number": "number that the contract allows",
    "date": "day, as in 2012-08-31",
    "boolean": "word",
    "timestamp": "moment",
}


def _is_of_type(text: str, column: Column) -> bool:
    if column.type == "date":
        try:
            return date.fromisoformat(text).isoformat() == text
        except ValueError:
            return False
    if column.type in ("integer", "number"):
        if not re.fullmatch(r"-?\d+" if column.type == "integer" else r"-?\d+(\.\d+)?", text):
            return False
        low, high = column.minimum, column.maximum
        return (low is None or float(text) >= low) and (high is None or float(text) <= high)
    fits = column.pattern is None or re.search(column.pattern, text) is not None
    return fits and (column.max_length is None or len(text) <= column.max_length)


def _dates(item: Marked, column: Column) -> tuple[str, ...]:
    if column.type != "date":
        raise item.broken(f"'{column.name}' is no date", "take its date formats out")
    formats = item.sequence() if isinstance(item.value, list) else [item]
    if not formats:
        raise item.broken("a date format is expected here", "write it as in [%d/%m/%Y]")
    return tuple(_date_format(marked) for marked in formats)


def _width(item: Marked, column: Column) -> int:
    if column.type != "string" or column.codes:
        raise item.broken(
            f"'{column.name}' is no reference: only those lose leading zeros", "take it out of zero_padded"
        )
    width = item.integer()
    if not 2 <= width <= min(WIDEST, column.max_length or WIDEST):
        raise item.broken(f"a reference has 2 to {min(WIDEST, column.max_length or WIDEST)} characters")
    return width


def _council_column(item: Marked, column: Column) -> CouncilColumn:
    """`codes` or `names` for those of the file's own period, `{codes_on: 2022-01-31}` for the codes of one day."""
    if not column.codes or not all(re.fullmatch("[A-Z]{3}", word) for word in column.code_words):
        raise item.broken(f"'{column.name}' doesn't hold councils", "take it out of councils")
    if isinstance(item.value, str):
        return CouncilColumn(cast(Literal["codes", "names"], item.choice(("codes", "names"))))
    day = item.mapping(("codes_on",), required=("codes_on",))["codes_on"]
    try:
        return CouncilColumn(on=date.fromisoformat(str(day.value)))
    except ValueError:
        raise day.broken("this is no day", "write it as in 2022-01-31") from None


# --- code words


class _Words:
    """The words of each column: good, fixable and ignored, no word in two of them."""

    def __init__(
        self,
        entry: Mapping[str, Marked],
        contract: Contract,
        columns: Mapping[str, str],
        empty: frozenset[str],
        faults: Faults,
    ) -> None:
        self._contract, self._columns, self._empty, self._faults = contract, columns, empty, faults
        # By column and folded word: where the word was seen first, spelled how, standing for what.
        self._observe: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.codes = self._translated(entry.get("codes"), "good")
        self.fixable = self._translated(entry.get("fixable"), "fixable")
        self.ignored: dict[str, tuple[str, ...]] = {}
        for column, words in self._columns_of(entry.get("ignored_words")):
            with faults.gathered():
                for marked in words.sequence():
                    with faults.gathered():
                        self._add(marked, column, marked.text(), "", "ignored")
                self.ignored[column] = tuple(marked.text() for marked in words.sequence())

    def _columns_of(self, item: Marked | None) -> list[tuple[str, Marked]]:
        found: list[tuple[str, Marked]] = []
        with self._faults.gathered():
            for column, words in ({} if item is None else item.mapping()).items():
                with self._faults.gathered():
                    known_column(words, column, self._contract)
                    if column not in self._columns:
                        raise words.broken(f"'{column}' has code words but no heading", "map it under columns")
                    if not self._contract.column(column).codes:
                        raise words.broken(
                            f"'{column}' of {self._contract.key} has no code list", "take its code words out"
                        )
                    found.append((column, words))
        return found

    def _translated(self, item: Marked | None, kind: str) -> dict[str, dict[str, str]]:
        translated: dict[str, dict[str, str]] = {}
        for column, words in self._columns_of(item):
            allowed = self._contract.column(column).code_words
            translated[column] = {}
            with self._faults.gathered():
                for word, code in words.mapping().items():
                    with self._faults.gathered():
                        if code.text() not in allowed:
                            raise code.broken(
                                f"'{code.text()}' isn't a code of {self._contract.key}.{column}",
                                nearest(code.text(), allowed),
                                code="CON-04",
                            )
                        self._add(code, column, word, code.text(), kind)
                        translated[column][word] = code.text()
        return translated

    def _add(self, marked: Marked, column: str, word: str, code: str, kind: str) -> None:
        folded = plain_word(word)
        if not folded:
            raise marked.broken("a word must not be empty: empty cells need no word", "take it out")
        if word in self._empty:
            raise marked.broken(f"'{word}' is {kind}, but the layout reads it as an empty cell", "take it out of empty")
        if (
            kind != "good"
            and word in self._contract.column(column).code_words
            and (column, folded) not in self._observe
        ):
            raise marked.broken(f"'{word}' is {kind}, but it is a word of the contract's own", "take it out")
        kind_before, word_before, code_before = self._observe.setdefault((column, folded), (kind, word, code))
        if kind_before != kind:
            alike = "" if word_before == word else ", whose letter case or spacing differs"
            raise marked.broken(
                f"'{word}' of '{column}' is {kind}, but '{word_before}'{alike or ''} is {kind_before}",
                "leave it in one of the two",
            )
        if code_before != code:
            raise marked.broken(
                f"'{word}' and '{word_before}' of '{column}' differ in letter case or spacing only, "
                "and stand for two codes",
                "give both the same code, or take one out",
            )


# --- parts of the layout


def known_column(marked: Marked, name: str, contract: Contract) -> None:
    """Raise ContractBroken for a column that the contract doesn't have."""
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
    found = _placeholders(item, text)
    if kind == "csv" and "table" not in found and len(every) and "." not in text:
        raise item.broken("the file's name has no extension", "end it in .csv")
    if kind != "csv" and "table" in found:
        what = "an archive" if kind == "zip" else "a workbook"
        raise item.broken(f"{what} holds all tables, so its name can't hold {{table}}", "take {table} out")
    year = {"yyyy", "yy"} & found
    needed: dict[str, Any] = {
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


def _members(item: Marked | None, kind: str, tables: int) -> str:
    """How the files in an archive are called; `{table}.csv` unless said."""
    if item is None:
        return "{table}.csv" if kind == "zip" else ""
    if kind != "zip":
        raise item.broken("only an archive has members", "take it out, or write 'format: zip'")
    text = item.words()
    found = _placeholders(item, text)
    if text.lower().endswith((".xlsx", ".ods")):
        if "table" in found:
            raise item.broken("a workbook holds all tables, so its name can't hold {table}", "take {table} out")
    elif "table" not in found and tables > 1:
        raise item.broken("the members' names don't tell the table", "write them as in {table}.csv")
    return text


def _placeholders(item: Marked, text: str) -> set[str]:
    found = {placeholder for _, placeholder in parts(text)} - {""}
    allowed = [*PLACEHOLDERS, *NAME_PLACEHOLDERS]
    for placeholder in sorted(found):
        if placeholder not in allowed:
            raise item.broken(f"unknown placeholder '{{{placeholder}}}'", nearest(placeholder, allowed))
    return found
