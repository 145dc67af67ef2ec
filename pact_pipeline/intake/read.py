"""Reading an extract: from bytes to columns of text, with each row's number as a spreadsheet shows it.

Everything stays as the supplier wrote it; what it means is `map.py`'s to say. Only the columns asked for are read into
memory, so a column outside the contract (a name, a CHI number) goes nowhere. Not judged here, except what makes a file
unreadable: that refuses it, with a plain reason.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pact_pipeline.contracts.suppliers import Layout
from pact_pipeline.failures import FileRefused

# A heading is looked for in this many rows from the top: title rows stand above it in many exports.
TITLE_ROWS = 10
DELIMITERS = (",", ";", "\t", "|")

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class TopRow:
    """One of a table's first rows: its number, its cells as text, and by which delimiter it was read."""

    number: int
    cells: tuple[str, ...]
    delimiter: str
    end: int


@dataclass(frozen=True)
class Malformed:
    """A row whose number of cells differs from the heading's. `text` is for the restricted tree only."""

    source_row: int
    cells: int
    text: str


@dataclass(frozen=True)
class Cells:
    """The columns read: text as written without outer blanks (a workbook's date as 2012-08-31), and native dates.

    `source_row` is each row's number as a spreadsheet shows it; blank rows are in none of the arrays.
    """

    text: Mapping[str, pa.Array]
    native_dates: Mapping[str, pa.Array]
    source_row: npt.NDArray[np.int64]
    malformed: tuple[Malformed, ...]
    blank_rows: int


class Sheet(Protocol):
    """One table of an extract, opened. `notes` says what reading it decided (encoding, delimiter)."""

    notes: list[str]

    def top_rows(self) -> Iterator[list[TopRow]]:
        """The first rows, once for each way to read them, the layout's own way first."""
        ...

    def cells(self, header: TopRow, positions: Mapping[str, int]) -> Cells:
        """The columns at these positions of the rows below the header."""
        ...


class Extract(Protocol):
    """A file, opened once, with a sheet for each table it holds."""

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of a table, None where the file has none of that name."""
        ...


def open_extract(path: Path, file_name: str, layout: Layout) -> Extract:
    """Open a file by its layout's format. Raises FileRefused FILE-001 when it can't be read at all."""
    if layout.format == "xlsx":
        return Workbook(path, file_name)
    return TextFile(path.read_bytes(), file_name, layout)


# --- text


@dataclass
class TextFile:
    """A delimited text file: one table."""

    data: bytes
    file_name: str
    layout: Layout
    notes: list[str] = field(default_factory=list)
    _text: str | None = None

    def sheet(self, name: str) -> Sheet | None:  # noqa: ARG002 -- one file is one table, whatever its name
        return self

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = self._decoded()
        return self._text

    def top_rows(self) -> Iterator[list[TopRow]]:
        if self.data[:4] == b"PK\x03\x04":
            raise FileRefused(
                "FILE-006",
                "the file is a workbook or an archive with a text file's name",
                where=self.file_name,
                mend="save it as CSV, or ask us to change the layout to a workbook.",
            )
        for delimiter in dict.fromkeys((self.layout.delimiter, *DELIMITERS)):
            yield self._top(delimiter)

    def _top(self, delimiter: str) -> list[TopRow]:
        consumed = 0

        def lines() -> Iterator[str]:
            nonlocal consumed
            for match in _LINE.finditer(self.text):
                if match.end() == match.start():
                    return
                consumed = match.end()
                yield match[0]

        rows: list[TopRow] = []
        try:
            for cells in csv.reader(lines(), delimiter=delimiter):
                rows.append(TopRow(len(rows) + 1, tuple(cells), delimiter, consumed))
                if len(rows) == TITLE_ROWS:
                    break
        except csv.Error:
            return []
        return rows

    def cells(self, header: TopRow, positions: Mapping[str, int]) -> Cells:
        names = [f"c{number}" for number in range(len(header.cells))]
        body = self.text[header.end :].encode("utf-8")
        malformed: list[Malformed] = []

        def note_malformed(row: Any) -> str:
            malformed.append(Malformed(header.number + row.number, row.actual_columns, row.text))
            return "skip"

        wanted = {column: names[position] for column, position in positions.items()}
        if not body.strip():
            return Cells({column: pa.array([], pa.string()) for column in wanted}, {}, np.empty(0, np.int64), (), 0)
        problem = False
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(body),
                # One block: a cell with line breaks can't fall on an edge, and row numbers are those of the file.
                read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(body) + 1),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=header.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=note_malformed,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types={name: pa.string() for name in wanted.values()},
                    include_columns=list(wanted.values()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowException:
            problem = True
        if problem:
            raise FileRefused(
                "FILE-001",
                "the file can't be read as delimited text",
                where=self.file_name,
                mend="open it in a spreadsheet, see that all rows are there, and save it as CSV again.",
            )
        for row in malformed:
            if "\n" in row.text.strip() or "\r" in row.text.strip():
                raise FileRefused(
                    "FILE-008",
                    "a quotation mark is opened and not closed, so the rows below it can't be told apart",
                    where=f"{self.file_name}, line {row.source_row}",
                    mend="close or remove the quotation mark and send the file again.",
                )
        numbers = _row_numbers(header.number, table.num_rows, [row.source_row for row in malformed])
        text = {column: table.column(name).combine_chunks() for column, name in wanted.items()}
        # A blank line has no cells: a spreadsheet shows an empty row, and so do we.
        blank = [row for row in malformed if not row.text.strip()]
        return _without_blank_rows(text, {}, numbers, tuple(row for row in malformed if row.text.strip()), len(blank))

    def _decoded(self) -> str:
        for mark, encoding in _BOMS:
            if self.data.startswith(mark):
                if codecs.lookup(self.layout.encoding).name.replace("-sig", "") not in (encoding, encoding[:6]):
                    self.notes.append(f"read as {encoding.upper()}, as the file's first bytes say")
                return self._decode(self.data[len(mark) :], encoding)
        encoding = self.layout.encoding
        known = codecs.lookup(encoding).name
        if known in ("utf-8-sig", "utf-16"):
            encoding = "utf-8"
            if self.data:
                self.notes.append(
                    f"read as UTF-8: the file lacks the first bytes that mark it as {self.layout.encoding}"
                )
        elif known not in ("utf-8", "ascii") and not self.data.isascii():
            # Accented letters written as UTF-8 are never valid by chance, and as Windows-1252 they read as nonsense.
            try:
                text = self.data.decode("utf-8")
            except UnicodeDecodeError:
                return self._decode(self.data, encoding)
            self.notes.append(f"read as UTF-8: its accented letters are not written in {self.layout.encoding}")
            return text
        return self._decode(self.data, encoding)

    def _decode(self, data: bytes, encoding: str) -> str:
        line = 0
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
        raise FileRefused(
            "FILE-001",
            f"the file isn't written in {encoding.upper()}, as agreed",
            where=f"{self.file_name}, line {line}",
            mend="save it as 'CSV UTF-8' and send it again, or tell us the encoding your system writes "
            "(Windows-1252 is the usual other one).",
        )


def _row_numbers(header: int, rows: int, malformed: Sequence[int]) -> npt.NDArray[np.int64]:
    """The numbers of the rows that were read: all below the header but the malformed ones."""
    numbers = np.arange(header + 1, header + 1 + rows + len(malformed), dtype=np.int64)
    return np.setdiff1d(numbers, np.array(malformed, dtype=np.int64), assume_unique=True) if malformed else numbers


def _without_blank_rows(
    text: Mapping[str, pa.Array],
    native_dates: Mapping[str, pa.Array],
    numbers: npt.NDArray[np.int64],
    malformed: tuple[Malformed, ...],
    blank_before: int,
) -> Cells:
    """Leave out rows with nothing in any of our columns: they are not rows to a person, and are not counted."""
    text = {name: pc.utf8_trim_whitespace(column) for name, column in text.items()}
    filled = np.zeros(len(numbers), dtype=bool)
    for column in text.values():
        if filled.all():
            break
        filled |= np.asarray(pc.greater(pc.utf8_length(column), 0))
    if not filled.all():
        keep = pa.array(filled)
        text = {name: column.filter(keep) for name, column in text.items()}
        native_dates = {name: column.filter(keep) for name, column in native_dates.items()}
        blank_before += int((~filled).sum())
        numbers = numbers[filled]
    return Cells(text, native_dates, numbers, malformed, blank_before)


# --- workbooks


class Workbook:
    """An Excel workbook: a sheet a table. Formulas are never run; a cell is what it shows."""

    def __init__(self, path: Path, file_name: str) -> None:
        import python_calamine

        self.file_name = file_name
        problem = False
        try:
            self._book = python_calamine.CalamineWorkbook.from_path(path)
        except Exception:
            problem = True
        if problem:
            raise FileRefused(
                "FILE-006",
                "the file is not a workbook that can be read (is it protected by a password, or cut short?)",
                where=file_name,
                mend="open it in Excel, save it as .xlsx without a password, and send it again.",
            )
        self._names = {_plain(name): name for name in self._book.sheet_names}

    def sheet(self, name: str) -> Sheet | None:
        own = self._names.get(_plain(name))
        return None if own is None else WorkbookSheet(self._book, own, self.file_name)


@dataclass
class WorkbookSheet:
    """One sheet, read whole when first looked at."""

    book: Any
    name: str
    file_name: str
    notes: list[str] = field(default_factory=list)
    _rows: list[list[Any]] | None = None

    @property
    def rows(self) -> list[list[Any]]:
        if self._rows is None:
            problem = False
            try:
                self._rows = self.book.get_sheet_by_name(self.name).to_python(skip_empty_area=False)
            except Exception:
                problem = True
            if problem:
                raise FileRefused("FILE-006", "a sheet can't be read", where=f"{self.file_name}, sheet {self.name}")
        return self._rows or []

    def top_rows(self) -> Iterator[list[TopRow]]:
        yield [
            TopRow(number, tuple(_shown(cell) for cell in row), "", number)
            for number, row in enumerate(self.rows[:TITLE_ROWS], start=1)
        ]

    def cells(self, header: TopRow, positions: Mapping[str, int]) -> Cells:
        body = self.rows[header.end :]
        text: dict[str, pa.Array] = {}
        native: dict[str, pa.Array] = {}
        for column, position in positions.items():
            values = [row[position] for row in body]
            text[column] = pa.array([value if type(value) is str else _shown(value) for value in values], pa.string())
            if any(isinstance(value, date) for value in values):
                native[column] = pa.array([value if isinstance(value, date) else None for value in values], pa.date32())
        numbers = np.arange(header.number + 1, header.number + 1 + len(body), dtype=np.int64)
        return _without_blank_rows(text, native, numbers, (), 0)


def _shown(value: object) -> str:
    """A workbook's cell as text: a date as 2012-08-31, a whole number without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
