"""Workbooks (XLSX and ODS): a sheet a table, a cell is what it shows. Formulas are never run.

The file's parts are read into memory under limits, looked through (`sheet_metadata.py`), and only those that hold tables are
handed on to the library that reads values: pictures, macros, connections and links to other files stay behind.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.ambiguity import Ambiguity
from pact_pipeline.intake.reading.extract import (
    TITLE_ROWS,
    Cells,
    Mask,
    Sheet,
    TopRow,
    number_of,
    plain,
    spoiled,
    without_blank_rows,
)
from pact_pipeline.intake.reading.guards import LARGEST_SHEET, Archive, refuse_document_type
from pact_pipeline.intake.reading.parts import (
    EPOCH_1900,
    excel_parts,
    is_needed,
    not_a_workbook,
    opened,
    quietly,
    refuse_other_kinds,
    sheet_parts,
    usual_name,
)
from pact_pipeline.intake.reading.sheet_metadata import (
    SheetMetadata,
    column_letters,
    ods_metadata,
    refuse_large_sheet,
)

# A spreadsheet keeps 15 digits of a number; of a longer reference the rest is gone.
EXACT = 1e15
# Days of a workbook's calendar that can be meant as dates: of the years 1927 to 2099. Smaller numbers may be years.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050
# Of all sheets together, where opening a workbook makes them all.
MOST_CELLS = 2 * LARGEST_SHEET
NO_RESULT = "(formula without a result)"


class Workbook:
    """A workbook, opened. Raises FileRefused FILE-006, FILE-013 or FILE-015 for one that is not read.

    `agreed`: the names of the layout's sheets, by which messages call them; of any other sheet they say the number.
    """

    def __init__(self, data: bytes, file_name: str, agreed: Collection[str] = ()) -> None:
        self.file_name = file_name
        self._agreed = {plain(name): name for name in agreed}
        refuse_other_kinds(data, file_name)
        archive = Archive(data, file_name, usual_name, "part {} of the workbook")
        parts = archive.read(is_needed)
        for name, part in parts.items():
            if name.endswith((".xml", ".rels")):
                refuse_document_type(part, f"{file_name}, {archive.called(name)}", name)
        self.is_ods = "content.xml" in parts
        self._marks, self._epoch = (self._ods_metadata(parts), EPOCH_1900) if self.is_ods else excel_parts(parts)
        safe = {
            name: part
            for name, part in parts.items()
            if not (name in self._marks and (self._marks[name].broken or self._marks[name].is_too_large))
        }
        self._book = opened(safe)
        if self._book is None:
            raise not_a_workbook(file_name)
        self._by_sheet = self._marks if self.is_ods else sheet_parts(parts, self._marks)
        shown = [(sheet.name, str(sheet.visible).endswith(".Visible")) for sheet in self._book.sheets_metadata]
        self._visible: Mapping[str, bool] = dict(shown)
        self._opened: dict[str, WorkbookSheet] = {}

    def sheet(self, name: str) -> Sheet | None:
        found, notes = self._named(name)
        if found is None:
            return None
        if found not in self._opened:
            metadata = self._by_sheet.get(found, SheetMetadata(name=found, broken=True))
            where = self._where(found, list(self._visible).index(found))
            refuse_large_sheet(metadata, where, found)
            self._opened[found] = WorkbookSheet(self._book, found, where, metadata, self._epoch, notes)
        return self._opened[found]

    @property
    def sheet_names(self) -> list[str]:
        """The sheets that are shown, in the workbook's order."""
        return [name for name, visible in self._visible.items() if visible]

    def missing(self, name: str) -> FileRefused:
        return FileRefused(
            "FILE-009",
            f"the workbook has no sheet '{name}'",
            where=self.file_name,
            mend="put the table on a sheet of that name and send the workbook again.",
        )

    def _where(self, sheet: str, place: int) -> str:
        """Where a sheet stands, by its agreed name, else by its number: a sheet's name can be a child's."""
        called = self._agreed.get(plain(sheet), f"{place + 1}")
        return f"{self.file_name}, sheet {called}"

    def _named(self, name: str) -> tuple[str | None, list[str]]:
        """The sheet that is meant by a name, and what there is to say about it and its copies."""
        alike = [sheet for sheet in self._visible if plain(sheet) == plain(name)]
        copies = [sheet for sheet in self._visible if re.fullmatch(rf"{re.escape(plain(name))} ?\(\d+\)", plain(sheet))]
        shown = [sheet for sheet in alike if self._visible[sheet]]
        if len(shown) > 1:
            raise FileRefused(
                "FILE-021",
                f"{len(shown)} sheets have the name '{name}', so nobody can tell which is meant",
                where=self.file_name,
                mend="leave one of them, delete or rename the others, and send the workbook again.",
            )
        # An old copy is hidden and its successor, made by copying it, bears a number.
        shown = shown or [sheet for sheet in copies if self._visible[sheet]]
        if len(shown) > 1 or (not shown and len(alike) > 1):
            raise FileRefused(
                "FILE-021",
                f"{len(shown) or len(alike)} sheets can be '{name}', so nobody can tell which is meant",
                where=self.file_name,
                mend="call the right one by that name, delete the others, and send the workbook again.",
            )
        if not (shown or alike):
            return None, []
        found = (shown or alike)[0]
        notes = [f"the sheet '{found}' is hidden; it was read"] if not self._visible[found] else []
        if found not in alike:
            notes.append(f"the sheet '{found}' was read as '{name}'")
        for other in (*alike, *copies):
            if other != found:
                state = "" if self._visible[other] else "hidden "
                notes.append(f"the {state}sheet '{other}' was not read")
        return found, notes

    def _ods_metadata(self, parts: Mapping[str, bytes]) -> dict[str, SheetMetadata]:
        """The marks of each table. All are made at once when opened, so their sizes are added up before."""
        tables = ods_metadata(parts["content.xml"])
        if not tables:
            raise not_a_workbook(self.file_name)
        for place, metadata in enumerate(tables):
            refuse_large_sheet(metadata, self._where(metadata.name, place), metadata.name)
        together = sum(metadata.rows * metadata.columns for metadata in tables)
        if together > MOST_CELLS:
            raise FileRefused(
                "FILE-013",
                f"the workbook's sheets have {together:,} cells together, of which at most {MOST_CELLS:,} are read",
                where=self.file_name,
                mend="send the tables asked for only, or each in a workbook of its own.",
            )
        return {metadata.name: metadata for metadata in tables}


@dataclass
class WorkbookSheet:
    """One sheet, its values read whole when first looked at. `where` is safe to show, `name` is not."""

    book: Any
    name: str
    where: str
    metadata: SheetMetadata
    epoch: np.datetime64
    notes: list[str] = field(default_factory=list)
    ambiguities: list[Ambiguity] = field(default_factory=list)

    @cached_property
    def rows(self) -> list[list[Any]]:
        found: list[list[Any]] | None = None
        if not self.metadata.broken:
            found = quietly(lambda: self.book.get_sheet_by_name(self.name).to_python(skip_empty_area=False))
        if found is None:
            raise FileRefused(
                "FILE-006",
                "a sheet can't be read",
                where=self.where,
                mend="open the workbook in Excel, save it as .xlsx and send it again.",
                shows=self.name,
            )
        if (self.metadata.rows > len(found)) and self.metadata.without_result:
            # Rows in which nothing but formulas without results stand: the values' reader doesn't see them.
            width = max([len(row) for row in found[:1]], default=0)
            found += [[""] * width for _ in range(self.metadata.rows - len(found))]
        return found

    def top_rows(self) -> Iterator[list[TopRow]]:
        yield [
            TopRow(number, tuple(shown(cell) for cell in row), "", number)
            for number, row in enumerate(self.rows[:TITLE_ROWS], start=1)
        ]

    def cells(self, header: TopRow, positions: Mapping[str, int]) -> Cells:
        body = self.rows[header.end :]
        at = {position: column for column, position in positions.items()}
        values = {column: [row[position] for row in body] for column, position in positions.items()}
        unreadable = {column: np.zeros(len(body), dtype=bool) for column in positions}
        self._mark_errors(header, at, values, unreadable)
        self._fill_merged(header, at, values, unreadable)
        text: dict[str, pa.Array] = {}
        native: dict[str, pa.Array] = {}
        serials: dict[str, pa.Array] = {}
        for column, held in values.items():
            text[column] = pa.array([value if type(value) is str else shown(value) for value in held], pa.string())
            kinds = set(map(type, held))
            if kinds & {date, datetime}:
                native[column] = pa.array([_day(value) for value in held], pa.date32())
            if kinds & {float, int}:
                numbers = np.array([value if type(value) in (float, int) else np.nan for value in held], dtype=float)
                unreadable[column] |= np.abs(np.nan_to_num(numbers, posinf=np.inf)) >= EXACT
                serials[column] = _serial_days(numbers, self.epoch)
        for column, mask in spoiled(text).items():
            unreadable[column] |= mask
        self._note(header, at, values, unreadable)
        numbers = np.arange(header.number + 1, header.number + 1 + len(body), dtype=np.int64)
        unreadable = {column: mask for column, mask in unreadable.items() if mask.any()}
        return without_blank_rows(Cells(text, native, numbers, (), 0, serials, unreadable))

    def _say(self, note: str) -> None:
        """Take a note, once, however often the cells are read."""
        if note not in self.notes:
            self.notes.append(note)

    def _mark_errors(
        self, header: TopRow, at: Mapping[int, str], values: Mapping[str, list[Any]], unreadable: Mapping[str, Mask]
    ) -> None:
        """Errors and formulas without a result, which the values' reader leaves blank."""
        places = [*self.metadata.errors, *((row, column, NO_RESULT) for row, column in self.metadata.without_result)]
        for row, position, words in places:
            if position in at and row - header.end >= 0 and row - header.end < len(values[at[position]]):
                values[at[position]][row - header.end] = words or "#ERROR"
                unreadable[at[position]][row - header.end] = True

    def _fill_merged(
        self, header: TopRow, at: Mapping[int, str], values: Mapping[str, list[Any]], unreadable: Mapping[str, Mask]
    ) -> None:
        """A merged cell stands for all rows that it spans. One that spans columns of ours says nothing about the others."""
        filled: dict[str, int] = {}
        for first_row, first_column, last_row, last_column in self.metadata.merged:
            start, stop = max(first_row - header.end, 0), last_row - header.end + 1
            if stop <= 0 or first_row < header.end:
                continue
            for position in range(first_column, min(last_column, first_column + len(self.rows[0])) + 1):
                if position not in at:
                    continue
                column = at[position]
                held = values[column]
                stop = min(stop, len(held))
                if start >= stop:
                    continue
                if position == first_column:
                    held[start:stop] = [held[start]] * (stop - start)
                    unreadable[column][start:stop] = unreadable[column][start]
                    filled[column] = filled.get(column, 0) + stop - start - 1
                else:
                    above = self.rows[first_row][first_column]
                    if above != "":
                        held[start:stop] = ["(merged with the cell beside it)"] * (stop - start)
                        unreadable[column][start:stop] = True
        for position, column in sorted(at.items()):
            if filled.get(column):
                self._say(
                    f"merged cells: {number_of(filled[column], 'cell')} of '{header.cells[position].strip()}' "
                    "filled with the value of the cell they are merged with"
                )

    def _note(
        self, header: TopRow, at: Mapping[int, str], values: Mapping[str, list[Any]], unreadable: Mapping[str, Mask]
    ) -> None:
        """What a person should know who sees the sheet as its program shows it."""
        if self.metadata.hidden_rows:
            self._say(f"{number_of(self.metadata.hidden_rows, 'hidden row')} of the sheet: read like the others")
        hidden = sorted(position for position in self.metadata.hidden_columns if position in at)
        if hidden:
            names = ", ".join(f"'{header.cells[position].strip()}'" for position in hidden)
            self._say(f"read though hidden: the {'column' if len(hidden) == 1 else 'columns'} {names}")
        for position, column in sorted(at.items()):
            heading = f"'{header.cells[position].strip()}' (column {column_letters(position)})"
            held = values[column]
            without = held.count(NO_RESULT)
            if without:
                self._say(
                    f"{number_of(without, 'cell')} of {heading} {'holds a formula' if without == 1 else 'hold formulas'} "
                    "without a result: open the workbook in Excel, save it and send it again"
                )
            lost = int(unreadable[column].sum()) - without
            if lost > 0:
                self._say(
                    f"{number_of(lost, 'cell')} of {heading} can't be read: an error, a number of more than 15 digits, or "
                    "merged with another column"
                )


def _serial_days(numbers: "np.ndarray[Any, np.dtype[np.float64]]", epoch: np.datetime64) -> pa.Array:
    """Numbers as days of the workbook's calendar, null where they can't be meant as such."""
    shift = int((epoch - EPOCH_1900).astype(int))
    whole = np.floor(np.nan_to_num(numbers, nan=0.0, posinf=0.0, neginf=0.0))
    likely = (whole + shift >= _FIRST_SERIAL) & (whole + shift <= _LAST_SERIAL) & (whole == np.nan_to_num(numbers))
    return pa.array(epoch + np.where(likely, whole, 0).astype(np.int64), pa.date32(), mask=~likely)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def shown(value: object) -> str:
    """A workbook's cell as text: a date as 2012-08-31, a whole number without a decimal point, yes or no as TRUE or FALSE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else repr(value)
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


__all__: Sequence[str] = ("Workbook", "WorkbookSheet", "shown")
