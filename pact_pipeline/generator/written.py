"""Writing a table the way its supplier writes: headings, code words, date format, encoding, CSV or workbook.

A `WrittenTable` holds the text of every cell under the supplier's headings, so that faults can be put into it before it is
written. The same layouts are read by `intake`; nothing here knows what the cells mean.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from pact_pipeline.contracts.model import Contract
from pact_pipeline.failures import PactFailure
from pact_pipeline.generator.days import EPOCH, NEVER, Words
from pact_pipeline.reference.councils import SCOTLAND, SCOTLAND_CODE, councils
from pact_pipeline.suppliers import CouncilColumn, Layout, TableMapping

# Layouts whose workbooks hold dates as text; in the others they are real date cells.
TEXT_WORKBOOKS = frozenset({"workbook_text"})
FIRST_MONTH = date(2012, 8, 1)
FIRST_DAY, LAST_DAY = -9_000, 20_000
# A workbook says when it was made; a fixed moment keeps the same seed the same bytes.
MADE = datetime(2012, 8, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass
class WrittenTable:
    """One table as the supplier sees it: a column of text a heading, and rows to write above or below it."""

    table: str
    name: str
    cells: dict[str, Words]
    dates: frozenset[str] = frozenset()
    below: list[list[str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.cells.values()))) if self.cells else 0


@cache
def spelled_days(date_format: str) -> Words:
    """The text of each day from FIRST_DAY to LAST_DAY in a date format, and '' at the end for NEVER."""
    days = [(EPOCH + timedelta(number)).strftime(date_format) for number in range(FIRST_DAY, LAST_DAY + 1)]
    return np.array([*days, ""], dtype=object)


def sheet(
    frame: pd.DataFrame, contract: Contract, mapping: TableMapping, layout: Layout, day: date | None = None
) -> WrittenTable:
    """Spell a table of contract columns (days as numbers) under the supplier's headings; `day` tells which council codes
    are in use. An optional column that is not in the frame is written empty.

    Raises PactFailure GEN-001 for one that every row needs.
    """
    cells: dict[str, Words] = {}
    dates = set()
    for column, heading in mapping.columns.items():
        if column not in frame:
            _prove_optional(contract, column)
            cells[heading] = np.full(len(frame), "", dtype=object)
            continue
        values = frame[column].to_numpy()
        if contract.column(column).type == "date":
            dates.add(heading)
            at = np.where(values >= NEVER, LAST_DAY + 1, values) - FIRST_DAY
            cells[heading] = spelled_days(layout.date_formats[0])[at]
        else:
            named = _council_words(mapping.councils[column], day) if column in mapping.councils else {}
            cells[heading] = _words(values, {**mapping.codes.get(column, {}), **named})
    empty = layout.empty[-1] if layout.empty else ""
    if empty:
        cells = {heading: np.where(words == "", empty, words).astype(object) for heading, words in cells.items()}
    for heading in mapping.ignored:
        cells[heading] = np.full(len(frame), "", dtype=object)
    return WrittenTable(contract.table, mapping.name, cells, frozenset(dates))


def _prove_optional(contract: Contract, column: str) -> None:
    if contract.column(column).required:
        raise PactFailure(
            "GEN-001",
            f"every row of {contract.key} needs '{column}', and made-up children don't have it",
            mend="give it to them in generator/views.py, or let the column be optional.",
        )


def _council_words(column: CouncilColumn, day: date | None) -> dict[str, str]:
    """The word of each council as the supplier usually writes it, and the council's key."""
    if column.written == "names":
        return {council.name: key for key, council in councils().items()}
    in_use = column.on or day or FIRST_MONTH
    return {SCOTLAND_CODE: SCOTLAND, **{council.code_on(in_use): key for key, council in councils().items()}}


def _words(values: "np.ndarray[Any, Any]", codes: Mapping[str, str]) -> Words:
    """Contract codes as the supplier's words: the first word listed for each code."""
    if not codes:
        return values.astype(object)
    word_of: dict[str, str] = {}
    for word, code in codes.items():
        word_of.setdefault(code, word)
    places, found = pd.factorize(values)
    words: Words = np.array([word_of.get(code, code) for code in found], dtype=object)[places]
    return words


def csv_bytes(table: WrittenTable, layout: Layout) -> bytes:
    """The bytes of a CSV file; lines end as Windows writes them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator="\r\n")
    writer.writerow(table.cells)
    if len(table):
        out.write("\r\n".join(map(layout.delimiter.join, zip(*table.cells.values(), strict=True))))
        out.write("\r\n")
    writer.writerows(table.below)
    return out.getvalue().encode(layout.encoding)


def has_date_cells(layout: Layout) -> bool:
    """Whether a layout's dates are cells of that kind, not text."""
    return layout.format == "xlsx" and layout.name not in TEXT_WORKBOOKS


def write_workbook(path: Path, tables: list[WrittenTable], layout: Layout) -> None:
    """One workbook, a sheet a table, headings in its first row."""
    as_dates = has_date_cells(layout)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": MADE})
    date_cell = book.add_format({"num_format": "dd/mm/yyyy"})
    for table in tables:
        page = book.add_worksheet(table.name)
        for column, heading in enumerate(table.cells):
            page.write_string(0, column, heading)
        columns = [
            _date_cells(words, layout.date_formats[0]) if as_dates and heading in table.dates else words
            for heading, words in table.cells.items()
        ]
        for row, cells in enumerate(zip(*columns, strict=True), start=1):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    if value:
                        page.write_string(row, column, value)
                else:
                    page.write_datetime(row, column, value, date_cell)
        for place, values in enumerate(table.below):
            for column, text in enumerate(values):
                if text:
                    page.write_string(len(table) + 1 + place, column, text)
    book.close()


def _date_cells(words: Words, date_format: str) -> list[str | datetime]:
    """Text that is a date in the format as a date, any other text as it stands."""
    return [_date_cell(word, date_format) for word in words]


@cache
def _date_cell(word: str, date_format: str) -> str | datetime:
    try:
        return datetime.strptime(word, date_format)  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return word
