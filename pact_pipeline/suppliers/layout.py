"""How a case system writes its extracts: file names, headings, code words, date forms.

A `Layout` is made by `load_layout.py` from `data_contracts/suppliers/layouts/<name>.yaml` and may be shared by several
suppliers.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, Protocol

from pact_pipeline.contracts.model import Contract, Every
from pact_pipeline.periods import SHORT_MONTH_NAMES, Period

FORMATS = ("csv", "xlsx", "ods", "zip")
# A re-sent file keeps its name with one of these before the extension.
VERSION = r"(?P<version> ?[-_ ]? ?(?:v\d+|corrected|resend)| ?\(\d{1,3}\))?"
# A period spelled by each placeholder; quarter is 1 to 4, mon the first three letters of the month.
PLACEHOLDERS = {
    "yyyy": r"(?P<yyyy>\d{4})",
    "yy": r"(?P<yy>\d{2})",
    "mm": r"(?P<mm>\d{2})",
    "mon": r"(?P<mon>" + "|".join(SHORT_MONTH_NAMES) + ")",
    "quarter": r"(?P<quarter>[1-4])",
    "period": r"(?P<period>\d{4}-\d{2}|\d{4}-Q[1-4]|FY\d{4}-\d{2}|CLAS\d{4})",
    "version?": VERSION,
}
NAME_PLACEHOLDERS = ("supplier", "name", "table")


def plain_heading(heading: str) -> str:
    """How headings are compared: letter case, spacing, underscores and a stray byte-order mark don't count."""
    return " ".join(heading.replace("\ufeff", "").replace("_", " ").split()).casefold()


def plain_word(word: str) -> str:
    """How code words are compared when they don't agree letter by letter: letter case and spacing don't count."""
    return " ".join(word.split()).casefold()


class Sender(Protocol):
    """Whose files are named: a `Supplier`."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class CouncilColumn:
    """A column whose words are councils: keys, names, other names or GSS codes, whichever the supplier writes.

    `written` is how it usually writes them. A code counts only if it was in use in the period of the file, or on the
    day `on` where the supplier writes the codes of one day in every period.
    """

    written: Literal["codes", "names"] = "codes"
    on: date | None = None


@dataclass(frozen=True)
class TableMapping:
    """How a layout writes one table.

    `name` is the file's or sheet's name for it; `columns` gives for each contract column the heading the supplier
    writes, `aliases` further headings that are accepted in its place. A column's words are good (`codes`: the
    supplier's word and the contract's code), fixable (`fixable`: taken, with a warning on the row) or ignored
    (`ignored_words`: read as empty, and told); a word in none of them is left as it is, and judged against the code
    list. `councils` are the columns whose words are councils.

    `absent` are contract columns the supplier says it doesn't have, `unmapped` those that nobody said anything of; both are
    empty in every row. `constants` are those it never writes because all its rows
    have the same value; `ignored` are known headings outside the contract; `echo` is a heading of the supplier's own
    that is carried back in the feedback and goes nowhere else. `date_formats` holds for a column in place of the
    layout's; `zero_padded` is the width of references that lose their leading zeros in spreadsheets.
    """

    table: str
    name: str
    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    absent: tuple[str, ...]
    ignored: tuple[str, ...]
    every: Every
    unmapped: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fixable: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    echo: str | None = None
    zero_padded: Mapping[str, int] = field(default_factory=dict)
    councils: Mapping[str, CouncilColumn] = field(default_factory=dict)

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Every heading that is accepted and the contract column it stands for, the preferred ones first."""
        preferred = {heading: column for column, heading in self.columns.items()}
        others = {heading: column for column, headings in self.aliases.items() for heading in headings}
        return {**preferred, **others}

    @property
    def lacks(self) -> frozenset[str]:
        """The contract columns of which the supplier tells nothing."""
        return frozenset({*self.absent, *self.unmapped})

    def within(self, contract: Contract) -> "TableMapping":
        """The mapping of the columns that the contract has: in an earlier period those in force then. A file's other columns are
        then ones that nobody asked for.
        """
        names = frozenset(contract.column_names)
        if names >= self.columns.keys() and names >= self.constants.keys() and names >= self.lacks:
            return self
        parts: dict[str, Any] = {
            part: {name: one for name, one in getattr(self, part).items() if name in names} for part in BY_COLUMN
        }
        absent = tuple(name for name in self.absent if name in names)
        unmapped = tuple(name for name in self.unmapped if name in names)
        return replace(self, absent=absent, unmapped=unmapped, **parts)

    def accepted(self, column: str) -> tuple[str, ...]:
        """The headings accepted for a column, in the order of preference; empty if it has none."""
        return (self.columns[column], *self.aliases.get(column, ())) if column in self.columns else ()


BY_COLUMN = (
    "columns", "codes", "aliases", "fixable", "ignored_words", "date_formats", "constants", "zero_padded", "councils",
)  # fmt: skip
"""The parts of a mapping that say something of each of its columns."""


@dataclass(frozen=True)
class Layout:
    """How a case system writes its extracts. For `xlsx`, `ods` and `zip`, one file holds all tables.

    `members` is how the files inside a `zip` are called: delimited text for each table (`{table}.csv`) or one workbook.
    """

    name: str
    format: Literal["csv", "xlsx", "ods", "zip"]
    encoding: str
    delimiter: str
    date_formats: tuple[str, ...]
    empty: tuple[str, ...]
    file: str
    tables: Mapping[str, TableMapping]
    members: str = ""

    @property
    def one_file(self) -> bool:
        """Whether one file stands for all tables."""
        return self.format != "csv"

    def within(self, contracts: Iterable[Contract]) -> "Layout":
        """The layout of the columns that these contracts of its collection have; see `TableMapping.within`."""
        by_table = {contract.table: contract for contract in contracts}
        return replace(self, tables={table: one.within(by_table[table]) for table, one in self.tables.items()})

    def lacks_for_core(self, contracts: Iterable[Contract]) -> tuple[str, ...]:
        """`table.column` of each column that measures need and the supplier doesn't have, of the tables of these contracts."""
        return tuple(
            f"{contract.table}.{column.name}"
            for contract in contracts
            if contract.table in self.tables
            for column in contract.columns
            if column.needed_by_core and column.name in self.tables[contract.table].lacks
        )

    def dates_of(self, mapping: TableMapping, column: str) -> tuple[str, ...]:
        """The date formats of a column, the commonest first."""
        return mapping.date_formats.get(column, self.date_formats)

    def file_regex(self, supplier: Sender, table: str | None = None) -> "re.Pattern[str]":
        """The pattern of this table's file names (of the one file's, where it holds all tables), with groups yyyy, mm,
        quarter, period, version …

        Letter case doesn't matter. Raises KeyError for a table the layout doesn't have.
        """
        pattern = ""
        for literal, placeholder in parts(self._with_version()):
            pattern += re.escape(literal)
            if placeholder in NAME_PLACEHOLDERS:
                pattern += re.escape(self._spelled(placeholder, supplier, table))
            elif placeholder:
                pattern += PLACEHOLDERS[placeholder]
        return re.compile(unicodedata.normalize("NFC", pattern), re.IGNORECASE)

    def member_regex(self, table: str) -> "re.Pattern[str]":
        """The pattern of the names, without folders, that a table's file has inside a zip. Letter case doesn't matter."""
        pattern = ""
        for literal, placeholder in parts(self.members):
            pattern += re.escape(literal)
            if placeholder == "table":
                pattern += re.escape(self.tables[table].name)
            elif placeholder in NAME_PLACEHOLDERS:
                pattern += ".+"
            elif placeholder:
                pattern += PLACEHOLDERS[placeholder]
        return re.compile(unicodedata.normalize("NFC", pattern), re.IGNORECASE)

    def file_name(self, supplier: Sender, period: Period, table: str | None = None, version: str = "") -> str:
        """The name of the file for a period; `version` is a suffix such as ' v2' for a file that is sent again."""
        last = period.last_day
        spelled = {
            "yyyy": f"{last.year}",
            "yy": f"{last.year % 100:02d}",
            "mm": f"{last.month:02d}",
            "mon": SHORT_MONTH_NAMES[last.month - 1].capitalize(),
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
            for literal, placeholder in parts(self._with_version())
        )

    def period_of(self, supplier: Sender, table: str, file_name: str) -> Period | None:
        """The period a file name spells, or None when it isn't a name of this layout's table (or no real period)."""
        match = self.file_regex(supplier, table).fullmatch(file_name)
        return self.period_spelled(table, match) if match else None

    def period_spelled(self, table: str, match: "re.Match[str]") -> Period | None:
        """The period that a name of this table's file spells; None for one that is no real period."""
        return _period(match.groupdict(), self.tables[table].every)

    def _spelled(self, placeholder: str, supplier: Sender, table: str | None) -> str:
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


def parts(pattern: str) -> list[tuple[str, str]]:
    """`a_{b}.c` as literal text and the placeholder after it: [('a_', 'b'), ('.c', '')]."""
    pieces = re.split(r"\{([^{}]*)\}", pattern)
    return [(pieces[n], pieces[n + 1] if n + 1 < len(pieces) else "") for n in range(0, len(pieces), 2)]


def _period(groups: Mapping[str, str | None], every: Every) -> Period | None:
    """The period that the groups of a file name spell; a year is the one the period ends in. None if there is none
    such.
    """
    year = groups.get("yyyy") or (f"20{groups['yy']}" if groups.get("yy") else None)
    named = groups.get("mon")
    month = SHORT_MONTH_NAMES.index(named.lower()) + 1 if named else int(groups.get("mm") or 0)
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
