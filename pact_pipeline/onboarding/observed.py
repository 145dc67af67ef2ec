"""The first files of a supplier, opened without a layout: format, encoding, delimiter, heading row, cells.

All columns are looked at, since nobody knows yet which are asked for; they stay in memory and none of them is shown.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

import pyarrow as pa

from pact_pipeline.failures import FileRefused, PactFailure
from pact_pipeline.intake.mapping.dates import DATE_FORMATS, MONTH_FIRST
from pact_pipeline.intake.reading import Sheet, TopRow
from pact_pipeline.intake.reading.guards import Archive, refuse_too_large
from pact_pipeline.intake.reading.text import TextFile
from pact_pipeline.intake.reading.workbook import Workbook
from pact_pipeline.suppliers import Layout
from pact_pipeline.suppliers.layout import plain_heading

# So many rows tell what a column holds and which words stand in it.
MOST_ROWS = 20_000
ENCODINGS = ("utf-8", "windows-1252")
Format = Literal["csv", "xlsx", "ods", "zip"]
_ENDINGS: dict[str, Format] = {".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods", ".zip": "zip"}


@dataclass(frozen=True)
class ObservedTable:
    """One table as it lies in a file. `name` is the sheet's or the member's, empty for a text file of its own."""

    path: Path
    format: Format
    name: str
    encoding: str
    row: TopRow
    cells: tuple[pa.Array, ...] = field(repr=False)
    native: frozenset[int]
    rows: int

    @property
    def shown(self) -> str:
        return f"{self.path.name}, {self.name}" if self.name else self.path.name

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(cell.strip() for cell in self.row.cells)


def probing_layout(encoding: str = "utf-8", formats: tuple[str, ...] = (*DATE_FORMATS, *MONTH_FIRST)) -> Layout:
    """A layout that knows nothing, to open files by."""
    return Layout("new", "csv", encoding, ",", formats, ("",), "", {})


def look(path: Path, known: Collection[str]) -> list[ObservedTable]:
    """Every table of a file. `known` are headings that suppliers use, folded: they tell the heading row.

    Raises FileRefused for what can't be read, PactFailure SUP-001 for a path without a file.
    """
    if not path.is_file():
        raise PactFailure("SUP-001", "there is no such file", where=path.name, mend="see to the path.")
    refuse_too_large(path.stat().st_size, path.name)
    data = path.read_bytes()
    kind = _ENDINGS.get(path.suffix.lower(), "csv")
    found = [
        observed
        for name, sheet, encoding in _sheets(data, kind, path)
        if (observed := _observe(path, kind, name, sheet, encoding, known))
    ]
    if not found:
        raise FileRefused("FILE-004", "no table was found in the file", where=path.name)
    return found


def _sheets(data: bytes, kind: Format, path: Path) -> Iterator[tuple[str, Sheet, str]]:
    if kind == "csv":
        text = _text(data, path.name)
        yield "", text, _encoding(text)
        return
    if kind == "zip":
        archive = Archive(data, path.name)
        for name in archive.names():
            member = archive.read(lambda one, name=name: one == name)[name]  # type: ignore[misc]
            if PurePosixPath(name).suffix.lower() in _ENDINGS:
                book = Workbook(member, f"{path.name}, {name}")
                yield from ((own, sheet, "utf-8") for own in book.sheet_names if (sheet := book.sheet(own)))
            else:
                text = _text(member, f"{path.name}, {name}")
                yield PurePosixPath(name).name, text, _encoding(text)
        return
    book = Workbook(data, path.name)
    yield from ((own, sheet, "utf-8") for own in book.sheet_names if (sheet := book.sheet(own)))


def _text(data: bytes, shown: str) -> TextFile:
    """Text in the first encoding that fits: UTF-8 fits by chance never, Windows-1252 always."""
    for encoding in ENCODINGS:
        text = TextFile(data, shown, probing_layout(encoding))
        try:
            _ = text.decoded
        except FileRefused as refused:
            if encoding == ENCODINGS[-1] or refused.code != "FILE-001":
                raise
        else:
            return text
    raise AssertionError("one of the encodings was tried")


def _encoding(text: TextFile) -> str:
    found = text.decoded.encoding
    return "utf-16" if found.startswith("utf-16") else found


def _observe(
    path: Path, kind: Format, name: str, sheet: Sheet, encoding: str, known: Collection[str]
) -> ObservedTable | None:
    """The table of a sheet under its likeliest heading row; None for a sheet without one."""
    best: tuple[tuple[int, int], TopRow] | None = None
    for rows in sheet.top_rows():
        for row in rows:
            cells = [cell for cell in row.cells if cell.strip()]
            agreed = sum(plain_heading(cell) in known for cell in cells)
            # Without a known heading: the first row of many words and no digit.
            wordy = len(cells) if len(cells) > 1 and not any(sign.isdigit() for cell in cells for sign in cell) else 0
            if (agreed or wordy) and (best is None or (agreed, wordy) > best[0]):
                best = (agreed, wordy), row
    if best is None:
        return None
    row = best[1]
    places = {str(place): place for place, cell in enumerate(row.cells) if cell.strip()}
    read = sheet.cells(row, places)
    columns = tuple(
        read.text[str(place)][:MOST_ROWS] if str(place) in read.text else pa.array([], pa.string())
        for place in range(len(row.cells))
    )
    native = frozenset(int(place) for place, days in read.native_dates.items() if days.null_count < len(days))
    return ObservedTable(path, kind, name, encoding, row, columns, native, len(read.source_row))
