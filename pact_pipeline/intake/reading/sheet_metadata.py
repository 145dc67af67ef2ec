"""What a sheet's XML says beside its values: where the filled cells end, merged and hidden ones, errors, formulas.

One pass of Python's own XML parser over each sheet, before a library that trusts the file's coordinates sees it: a
single cell at the far corner of a sheet would make that allocate the whole of it. Nothing is expanded or fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.guards import LARGEST_SHEET

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
# The last row and column that a spreadsheet can have.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
# Hidden rows of a sheet are counted, errors placed one by one; more than these are not worth placing.
_MOST_PLACED = 200_000


@dataclass
class SheetMetadata:
    """Of one sheet, rows and columns counted from 0. `areas` are (first row, first column, last row, last column).

    `rows` and `columns`: one more than those of the last filled cell. `broken`: the XML is not well formed, or a cell says
    that it stands where no cell can.
    """

    name: str = ""
    rows: int = 0
    columns: int = 0
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    without_result: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    broken: bool = False

    def filled(self, row: int, column: int) -> None:
        """Take note of a filled cell."""
        if row >= self.rows:
            self.rows = row + 1
        if column >= self.columns:
            self.columns = column + 1

    @property
    def is_too_large(self) -> bool:
        """Whether the sheet, read as the rectangle around its filled cells, would take too much memory."""
        return self.rows * self.columns > LARGEST_SHEET or self.rows > LAST_ROW or self.columns > LAST_COLUMN


def refuse_large_sheet(metadata: SheetMetadata, where: str, shows: str = "") -> None:
    """Raises FileRefused FILE-013 for a sheet with cells far from its table. `shows`: its name."""
    if metadata.is_too_large:
        raise FileRefused(
            "FILE-013",
            f"the sheet's filled cells reach to line {metadata.rows:,}, column {column_letters(metadata.columns - 1)}: "
            f"{metadata.rows * metadata.columns:,} cells, of which at most {LARGEST_SHEET:,} are read",
            where=where,
            mend="delete what stands far below or beside the table (in Excel, Ctrl+End leads there), save and send it.",
            shows=shows,
        )


def column_letters(column: int) -> str:
    """How a spreadsheet calls a column counted from 0: A, Z, AA, XFD."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def root_of(part: bytes) -> str:
    """The name of an XML part's outermost element, without its prefix; empty where the part isn't XML."""
    found: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG001 -- the parser's signature
        found.append(name)
        parser.StartElementHandler = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(part[:65_536], False)
    except (expat.ExpatError, LookupError, ValueError):
        pass
    return _local(found[0]) if found else ""


def excel_metadata(part: bytes) -> SheetMetadata:
    """The marks of an XLSX worksheet."""
    scan = _ExcelScan()
    if not scan.run(part):
        scan.metadata.broken = True
    return scan.metadata


def ods_metadata(part: bytes) -> list[SheetMetadata]:
    """The marks of each table of an ODS file's content, in its order; none where it isn't well formed."""
    scan = _OdsScan()
    return scan.tables if scan.run(part) else []


class _Scan:
    """A pass over a part. `start` and `end` are the parser's handlers; `end` and `text` are set where they are needed."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def run(self, part: bytes) -> bool:
        """Run the handlers over a part; whether it is well formed."""
        self.parser.StartElementHandler = self.start
        try:
            self.parser.Parse(part, True)
        except (expat.ExpatError, LookupError, ValueError):
            return False
        finally:
            # The handlers hold the scan and the scan the parser.
            self.parser.StartElementHandler = self.parser.EndElementHandler = None
            self.parser.CharacterDataHandler = None
        return True

    def listen(self, on: bool) -> None:
        """Collect the text from here on, or no longer."""
        if on:
            self.text = []
        self.parser.CharacterDataHandler = self.text.append if on else None


class _ExcelScan(_Scan):
    """Handlers for a worksheet. Cells without a reference of their own follow the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.metadata = SheetMetadata()
        self.row = self.column = -1
        self.row_number = ""
        self.columns: dict[str, int] = {}
        self.kind = ""
        self.formula = self.waiting = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        # Called some million times for a large sheet: the commonest first, and the places of cells found without a pattern.
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self.column += 1
            else:
                letters = reference.rstrip("0123456789")
                number = reference[len(letters) :]
                self.column = self._column(letters)
                if number != self.row_number:
                    self._begin_row(number)
            self.kind = attributes.get("t", "")
            self.formula, self.waiting = False, True
            if self.kind == "e":
                self.parser.EndElementHandler = self.end
        elif name == "v" or name == "is":
            if self.waiting:
                self.waiting = False
                if self.row >= self.metadata.rows or self.column >= self.metadata.columns:
                    self.metadata.filled(self.row, self.column)
            if name == "v" and (self.kind == "e" or self.formula):
                self.listen(True)
        elif name == "f":
            self.formula = True
            self.text = []
            self.parser.EndElementHandler = self.end
        elif name == "row":
            self._begin_row(attributes.get("r", str(self.row + 2)))
            self.column = -1
            self.metadata.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (_number(attributes.get(key), 1, LAST_COLUMN) for key in ("min", "max"))
            self.metadata.hidden_columns.update(range(first - 1, last))

    def end(self, name: str) -> None:
        """The end of an element within a cell with an error or a formula."""
        name = name.rpartition(":")[2]
        if name == "v":
            self.listen(False)
        elif name == "c":
            shown = "".join(self.text).strip()
            if self.kind == "e":
                self.metadata.errors.append((self.row, self.column, shown[:10]))
                self.metadata.filled(self.row, self.column)
            elif not shown and self.kind not in ("str", "inlineStr"):
                # A text that a formula gives may be empty, and says so by its kind; no result at all says nothing.
                self.metadata.without_result.append((self.row, self.column))
                self.metadata.filled(self.row, self.column)
            self.text = []
            self.parser.EndElementHandler = None

    def _begin_row(self, number: str) -> None:
        self.row_number = number
        if number.isdigit() and len(number) < 8 and int(number):
            self.row = int(number) - 1
        else:
            self.metadata.broken = True

    def _column(self, letters: str) -> int:
        if letters not in self.columns:
            place = _placed(f"{letters}1")
            if place is None:
                self.metadata.broken = True
            self.columns[letters] = place[1] if place else 0
        return self.columns[letters]

    def _merged(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        begin, end = _placed(first), _placed(last or first)
        if begin and end and len(self.metadata.merged) < _MOST_PLACED:
            self.metadata.merged.append((*begin, *end))


class _OdsScan(_Scan):
    """Handlers for an ODS file's content. Repeated cells and rows are counted, not made."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[SheetMetadata] = []
        self.row = self.column = 0
        self.rows_repeated = self.columns_repeated = 1
        self.in_cell = False
        self.hidden = self.seen = False
        self.error = False
        self.column_cursor = 0
        self.depth = 0
        self.parser.EndElementHandler = self.end

    @property
    def metadata(self) -> SheetMetadata:
        return self.tables[-1]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes, covered=name.endswith("covered-table-cell"))
        elif name == "table:table-row" and self.tables:
            self.rows_repeated = _number(attributes.get("table:number-rows-repeated"), 1, 10**9)
            self.column = 0
            self.hidden = attributes.get("table:visibility") in ("collapse", "filter")
            self.seen = False
        elif name == "table:table-column" and self.tables:
            repeated = _number(attributes.get("table:number-columns-repeated"), 1, LAST_COLUMN)
            if attributes.get("table:visibility") in ("collapse", "filter"):
                self.metadata.hidden_columns.update(range(self.column_cursor, self.column_cursor + repeated))
            self.column_cursor += repeated
        elif name == "table:table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(SheetMetadata(name=attributes.get("table:name", "")))
                self.row = self.column_cursor = 0
        elif name == "text:p" and self.in_cell:
            self._filled()

    def end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self.error:
                self.listen(False)
                self._place_error("".join(self.text).strip()[:10])
            self.in_cell = self.error = False
            self.column += self.columns_repeated
        elif name == "table:table-row" and self.tables:
            if self.hidden and self.seen:
                self.metadata.hidden_rows += self.rows_repeated
            self.row += self.rows_repeated
        elif name == "table:table":
            self.depth -= 1

    def _cell(self, attributes: dict[str, str], covered: bool) -> None:
        if not self.tables:
            return
        self.columns_repeated = _number(attributes.get("table:number-columns-repeated"), 1, 10**9)
        self.in_cell = True
        if "office:value-type" in attributes:
            self._filled()
            if attributes.get("calcext:value-type") == "error":
                self.error = True
                self.listen(True)
        elif "table:formula" in attributes and not covered:
            self._filled()
            if self.columns_repeated == self.rows_repeated == 1 and len(self.metadata.without_result) < _MOST_PLACED:
                self.metadata.without_result.append((self.row, self.column))
        down = _number(attributes.get("table:number-rows-spanned"), 1, LAST_ROW)
        across = _number(attributes.get("table:number-columns-spanned"), 1, LAST_COLUMN)
        if (down > 1 or across > 1) and len(self.metadata.merged) < _MOST_PLACED:
            self.metadata.merged.append((self.row, self.column, self.row + down - 1, self.column + across - 1))

    def _filled(self) -> None:
        self.seen = True
        self.metadata.filled(self.row, self.column)
        self.metadata.filled(self.row + self.rows_repeated - 1, self.column + self.columns_repeated - 1)

    def _place_error(self, shown: str) -> None:
        if self.rows_repeated * self.columns_repeated + len(self.metadata.errors) < _MOST_PLACED:
            self.metadata.errors += [
                (self.row + down, self.column + across, shown)
                for down in range(self.rows_repeated)
                for across in range(self.columns_repeated)
            ]


def _placed(reference: str) -> tuple[int, int] | None:
    """`C5` as (4, 2); None for what is no cell's place."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _number(text: str | None, otherwise: int, most: int) -> int:
    """A count as an attribute tells it, `most` where it tells more than that or no number."""
    if text is None:
        return min(otherwise, most)
    return min(int(text), most) if text.isdigit() and len(text) < 12 else most


def _local(name: str) -> str:
    return name.rpartition(":")[2]
