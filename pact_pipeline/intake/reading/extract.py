"""What reading hands on: a table's first rows, its columns of text, and what could not be read.

The words that every format shares. How a format is read stands in `text.py`, `workbook.py` and `zipped.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.ambiguity import Ambiguity

# A heading is looked for in this many rows from the top: title rows stand above it in many exports.
TITLE_ROWS = 10
# What a spreadsheet leaves of a formula that failed, and of a long number that was shown in short. The number behind
# 1.1E+08 is gone: as a reference it would be another child's.
SPOILED = r"^(#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|\d([.,]\d+)?E\+\d+)$"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TopRow:
    """One of a table's first rows: its number, its cells as text, by which delimiter, and where the next one begins."""

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
    """The columns read, one element a row: text as written without outer blanks (a workbook's date as 2012-08-31).

    `native_dates`: dates that the workbook keeps as dates. `serials`: numbers that would be days of its calendar, for
    columns of dates whose cells are not formatted as such. `unreadable`: cells whose content is lost (an error, a
    formula without its result, a number cut to 15 digits). `source_row`: each row's number as a spreadsheet shows it;
    blank rows are in none of the arrays.
    """

    text: Mapping[str, pa.Array]
    native_dates: Mapping[str, pa.Array]
    source_row: npt.NDArray[np.int64]
    malformed: tuple[Malformed, ...]
    blank_rows: int
    serials: Mapping[str, pa.Array] = field(default_factory=dict)
    unreadable: Mapping[str, Mask] = field(default_factory=dict)


class Sheet(Protocol):
    """One table of an extract, opened. `notes` says what reading decided, `ambiguities` what it could not decide."""

    notes: list[str]
    ambiguities: list[Ambiguity]

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

    def missing(self, name: str) -> FileRefused:
        """The refusal (FILE-009) of a file that has no sheet of that name, in the format's own words."""
        ...


def without_blank_rows(cells: Cells) -> Cells:
    """Leave out rows with nothing in any of our columns: they are not rows to a person, and are not counted."""
    text = {name: pc.utf8_trim_whitespace(column) for name, column in cells.text.items()}
    filled = np.zeros(len(cells.source_row), dtype=bool)
    for column in text.values():
        if filled.all():
            break
        filled |= np.asarray(pc.greater(pc.utf8_length(column), 0))
    if filled.all():
        return Cells(
            text,
            cells.native_dates,
            cells.source_row,
            cells.malformed,
            cells.blank_rows,
            cells.serials,
            cells.unreadable,
        )
    keep = pa.array(filled)
    return Cells(
        text={name: column.filter(keep) for name, column in text.items()},
        native_dates={name: column.filter(keep) for name, column in cells.native_dates.items()},
        source_row=cells.source_row[filled],
        malformed=cells.malformed,
        blank_rows=cells.blank_rows + int((~filled).sum()),
        serials={name: column.filter(keep) for name, column in cells.serials.items()},
        unreadable={name: mask[filled] for name, mask in cells.unreadable.items()},
    )


def spoiled(text: Mapping[str, pa.Array]) -> dict[str, Mask]:
    """Per column, the cells in which a spreadsheet has lost what they held; columns without any are left out."""
    masks = {name: np.asarray(pc.match_substring_regex(column, SPOILED)) for name, column in text.items()}
    return {name: mask for name, mask in masks.items() if mask.any()}


def plain(name: str) -> str:
    """How names of sheets and members are compared: letter case and spacing don't count."""
    return " ".join(name.replace("_", " ").split()).casefold()


def number_of(count: int, one: str, many: str = "") -> str:
    """`1 cell`, `1,200 cells`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
