"""Delimited text: one file is one table.

The heading is found with Python's csv reader in the first rows; the rows below are read by pyarrow, only the columns
asked for. A row with too few or too many cells is handed on as malformed. What would let rows vanish or shift unseen
(an open quotation mark, a file cut short, a cell more in every row) refuses the file.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.ambiguity import Ambiguity, Reading
from pact_pipeline.intake.reading.encodings import SPELLED, Decoded, cut_short, decode, line_of
from pact_pipeline.intake.reading.extract import (
    Cells,
    Malformed,
    Sheet,
    TopRow,
    number_of,
    spoiled,
    without_blank_rows,
)
from pact_pipeline.intake.reading.first_rows import (
    DELIMITER_NAMES,
    DELIMITER_WORDS,
    DELIMITERS,
    TOP_BYTES,
    csv_rows,
    top_rows_of,
)
from pact_pipeline.suppliers import Layout

# The rows below the heading by which its number of cells is compared with theirs.
_SAMPLE_ROWS = 20
# From this share of rows that fit, the cell they all have more is the file's way of writing, not each row's fault.
_FITTING = 0.9
# What a text file has instead of text.
_OTHER_FILES = (
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"\xd0\xcf\x11\xe0", "an old or protected workbook"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a packed file"),
)


@dataclass
class TextFile:
    """A delimited text file. Raises FileRefused FILE-006 when it is another kind of file."""

    data: bytes
    file_name: str
    layout: Layout
    decided: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ambiguities: list[Ambiguity] = field(default_factory=list)

    def __post_init__(self) -> None:
        for mark, kind in _OTHER_FILES:
            if self.data.startswith(mark):
                raise FileRefused(
                    "FILE-006",
                    f"the file is {kind} with a text file's name",
                    where=self.file_name,
                    mend="save it as CSV, or ask us to change the layout to a workbook.",
                )

    def sheet(self, name: str) -> Sheet | None:  # noqa: ARG002 -- one file is one table, whatever its name
        return self

    def missing(self, name: str) -> FileRefused:
        return FileRefused("FILE-009", f"the file is not the table '{name}'", where=self.file_name)

    @cached_property
    def decoded(self) -> Decoded:
        # Old systems end a file with the sign for its end.
        decoded = decode(self.data.rstrip(b"\x1a"), self.layout.encoding, self.file_name)
        if decoded.note and decoded.other is None:
            self.say(decoded.note)
        return decoded

    def top_rows(self) -> Iterator[list[TopRow]]:
        chosen = [delimiter for delimiter in DELIMITERS if self.decided.get("delimiter") == DELIMITER_NAMES[delimiter]]
        for delimiter in dict.fromkeys((self.layout.delimiter, *chosen, *DELIMITERS)):
            yield top_rows_of(self.decoded.body, delimiter)

    def cells(self, header: TopRow, positions: Mapping[str, int]) -> Cells:
        decoded = self.decoded
        self._weigh_delimiters(header, positions)
        cells = _Body(decoded.body, header, self.file_name, self.say).cells(positions)
        if decoded.other is not None:
            top = top_rows_of(decoded.other, header.delimiter)[header.number - 1]
            other = _Body(decoded.other, top, self.file_name, lambda _: None).cells(positions)
            cells = self._weigh_encodings(decoded, cells, other, header, positions)
        if b"+" in decoded.body or b"#" in decoded.body:
            cells = replace(cells, unreadable=spoiled(cells.text))
            for column, mask in cells.unreadable.items():
                self.say(
                    f"{number_of(int(mask.sum()), 'cell')} of '{header.cells[positions[column]].strip()}' can't be read: "
                    "an error, or a long number that a spreadsheet has cut"
                )
        return cells

    def say(self, note: str) -> None:
        """Take a note, once, however often the cells are read."""
        if note not in self.notes:
            self.notes.append(note)

    def _weigh_encodings(
        self, decoded: Decoded, first: Cells, other: Cells, header: TopRow, positions: Mapping[str, int]
    ) -> Cells:
        """The cells by the encoding that counts; a doubt where the two differ in a cell that we read."""
        names = (decoded.encoding, decoded.other_encoding)
        spelled = " or ".join(SPELLED.get(name, name) for name in names)
        found = next(
            (
                (column, int(np.flatnonzero(differ)[0]))
                for column, text in first.text.items()
                if (differ := np.asarray(pc.not_equal(text, other.text[column]))).any()
            ),
            None,
        )
        if found is None:
            self.say(
                decoded.note or f"read as {SPELLED.get(names[0], names[0])}; what we read of it is the same in either"
            )
            return first
        if (chosen := self.decided.get("encoding")) in names:
            self.say(f"read as {SPELLED.get(chosen or '', chosen)}, as a person decided")
            return first if chosen == names[0] else other
        column, row = found
        self.ambiguities.append(
            Ambiguity(
                choice="encoding",
                what=f"The file isn't written in {self.layout.encoding.upper()}, as agreed; it can be read as {spelled},"
                " and a cell differs."
                if decoded.note
                else f"The file can be read as {spelled}, and a cell differs.",
                where=f"{self.file_name}, line {first.source_row[row]}, "
                f"column '{header.cells[positions[column]].strip()}'",
                readings=(
                    Reading(names[0], _visible(first.text[column][row].as_py())),
                    Reading(names[1], _visible(other.text[column][row].as_py())),
                ),
            )
        )
        return first

    def _weigh_delimiters(self, header: TopRow, positions: Mapping[str, int]) -> None:
        """A doubt where not the agreed delimiter but two others find every heading."""
        if header.delimiter == self.layout.delimiter or self.decided.get("delimiter") == DELIMITER_NAMES.get(
            header.delimiter
        ):
            return
        wanted = {header.cells[position].strip().casefold() for position in positions.values()}
        found = [(header.delimiter, header)]
        for delimiter in DELIMITERS:
            if delimiter != header.delimiter:
                rows = [row for row in top_rows_of(self.decoded.body, delimiter) if wanted <= _headings(row)]
                found += [(delimiter, row) for row in rows[:1]]
        if len(found) > 1:
            words = " or ".join(_word(delimiter) for delimiter, _ in found)
            self.ambiguities.append(
                Ambiguity(
                    choice="delimiter",
                    what=f"The headings are found whether the columns are parted by {words}.",
                    where=f"{self.file_name}, lines {' and '.join(str(row.number) for _, row in found)}",
                    readings=tuple(
                        Reading(
                            DELIMITER_NAMES[delimiter], f"{number_of(len(row.cells), 'column')} on line {row.number}"
                        )
                        for delimiter, row in found
                    ),
                )
            )


@dataclass
class _Body:
    """The rows below a heading, in UTF-8."""

    body: bytes
    header: TopRow
    file_name: str
    say: Callable[[str], None]
    malformed: list[Malformed] = field(default_factory=list)

    @cached_property
    def rows(self) -> memoryview:
        return memoryview(self.body)[self.header.end :]

    def cells(self, positions: Mapping[str, int]) -> Cells:
        if not self.body[self.header.end : self.header.end + 1000].strip() and not bytes(self.rows).strip():
            return Cells({column: pa.array([], pa.string()) for column in positions}, {}, np.empty(0, np.int64), (), 0)
        names = [f"c{number}" for number in range(len(self.header.cells))]
        wanted = {column: names[position] for column, position in positions.items()}
        more = self._more_cells_a_row()
        table = None
        if more:
            wide = [*names, *(f"c{number}" for number in range(len(names), len(names) + more))][: len(names) + more]
            table = self._table(wide, [*wanted.values(), *wide[len(names) :]])
            stray = sum(1 for row in self.malformed if row.text.strip())
            if stray > (1 - _FITTING) * (table.num_rows + stray):
                table = None
        if table is None:
            more = 0
            table = self._table(names, list(wanted.values()))
        numbers = _row_numbers(self.header.number, table.num_rows, [row.source_row for row in self.malformed])
        if more > 0:
            self._refuse_filled_cells_beyond(table, names, numbers, more)
        self._refuse_cut_short(table.num_rows)
        self._refuse_open_quote(table.num_rows)
        # A blank line has no cells: a spreadsheet shows an empty row, and so do we.
        blank = sum(1 for row in self.malformed if not row.text.strip())
        return without_blank_rows(
            Cells(
                text={column: table.column(name).combine_chunks() for column, name in wanted.items()},
                native_dates={},
                source_row=numbers,
                malformed=tuple(row for row in self.malformed if row.text.strip()),
                blank_rows=blank,
            )
        )

    def _table(self, names: Sequence[str], include: Sequence[str]) -> pa.Table:
        self.malformed.clear()

        def note_malformed(row: Any) -> str:
            self.malformed.append(Malformed(self.header.number + row.number, row.actual_columns, row.text))
            return "skip"

        try:
            return arrow_csv.read_csv(
                pa.BufferReader(self.rows),
                # One block: a cell with line breaks can't fall on an edge, and row numbers are those of the file.
                read_options=arrow_csv.ReadOptions(
                    use_threads=False, column_names=list(names), block_size=len(self.rows) + 1
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.header.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=note_malformed,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types={name: pa.string() for name in include},
                    include_columns=list(include),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowException:
            pass
        raise FileRefused(
            "FILE-001",
            "the file can't be read as delimited text",
            where=self.file_name,
            mend="open it in a spreadsheet, see that all rows are there, and save it as CSV again.",
        )

    def _more_cells_a_row(self) -> int:
        """By how many cells the first rows all exceed (or, under blank last headings, fall short of) the heading."""
        lengths: set[int] = set()
        rows = 0
        for row in csv_rows(self.body, self.header.delimiter, self.header.end):
            if any(cell.strip() for cell in row[0]):
                lengths.add(len(row[0]))
                rows += 1
            if rows == _SAMPLE_ROWS or len(lengths) > 1:
                break
        if len(lengths) != 1:
            return 0
        more = lengths.pop() - len(self.header.cells)
        if more > 0:
            # One row alone with a cell more has a stray delimiter.
            return more if rows > 1 else 0
        return more if more and not any(cell.strip() for cell in self.header.cells[more:]) else 0

    def _refuse_filled_cells_beyond(
        self, table: pa.Table, names: Sequence[str], numbers: npt.NDArray[np.int64], more: int
    ) -> None:
        """The cells beyond the last heading must be empty: else nobody can tell which cell has no heading."""
        for name in table.column_names[-more:]:
            filled = np.asarray(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(table.column(name))), 0))
            if filled.any():
                raise FileRefused(
                    "FILE-016",
                    f"every row has {number_of(more, 'cell')} more than there are headings ({len(names):,}), and they "
                    "are not empty, so nobody can tell which cell belongs to which heading",
                    where=f"{self.file_name}, line {numbers[filled.argmax()]}",
                    mend="give every column a heading, or put quotation marks around cells that hold the delimiter, "
                    "and send the file again.",
                )
        self.say(f"every row has {number_of(more, 'empty cell')} more than there are headings; left out")

    def _refuse_cut_short(self, rows: int) -> None:
        """The last row lacks its line end and some of its cells, or ends within quotation marks."""
        if self.body.endswith((b"\n", b"\r")) or not self.header.end:
            return
        last = self.malformed[-1] if self.malformed else None
        is_last = last is not None and last.source_row == self.header.number + rows + len(self.malformed)
        few = last is not None and is_last and last.text.strip() and last.cells < len(self.header.cells)
        if few or self._ends_in_quotes():
            number = self.header.number + rows + len(self.malformed)
            raise cut_short(self.file_name, number)

    def _ends_in_quotes(self) -> bool:
        """Whether the last line, read alone, ends within quotation marks."""
        start = max(self.body.rfind(b"\n"), self.body.rfind(b"\r")) + 1
        line = self.body[start:]
        if b'"' not in line or len(line) > TOP_BYTES or self.body.count(b'"') % 2 == 0:
            return False
        try:
            list(csv.reader([line.decode("utf-8", "replace")], delimiter=self.header.delimiter, strict=True))
        except csv.Error as error:
            return "unexpected end of data" in str(error)
        return False

    def _refuse_open_quote(self, rows: int) -> None:
        """A quotation mark that swallows rows: the next one, lines below, closes it in the middle of a cell.

        Only where a cell spans lines can it have done so; there each mark must stand at a cell's edge.
        """
        line = 0
        for row in self.malformed:
            if row.text.count('"') % 2 and ("\n" in row.text.strip() or "\r" in row.text.strip()):
                line = row.source_row
                break
        if not line and b'"' in self.body and self._lines() > rows + len(self.malformed):
            line = self._stray_quote_line()
        if line:
            raise FileRefused(
                "FILE-008",
                "a quotation mark is opened and not closed, so the rows below it can't be told apart",
                where=f"{self.file_name}, line {line}",
                mend="close or remove the quotation mark and send the file again.",
            )

    def _lines(self) -> int:
        ends = line_of(self.body, len(self.body)) - line_of(self.body, self.header.end)
        return ends if self.body.endswith((b"\n", b"\r")) else ends + 1

    @property
    def _line_end(self) -> tuple[int, ...]:
        return (10,) if b"\n" in self.body else (13,)

    @staticmethod
    def _within(octets: npt.NDArray[np.uint8], *signs: int) -> npt.NDArray[np.int64]:
        """How many of these signs stand before each place, and at the end."""
        return np.concatenate([[0], np.cumsum(np.isin(octets, signs))])

    def _stray_quote_line(self) -> int:
        """The line of the first pair of marks that spans lines and doesn't stand at a cell's edges, or that holds as many
        delimiters as the rows it would have swallowed; 0 if none."""
        octets = np.frombuffer(self.rows, np.uint8)
        quote_marks = np.flatnonzero(octets == ord('"'))
        opening, closing = quote_marks[0::2], quote_marks[1::2]
        ends = np.concatenate([np.flatnonzero((octets == 10) | (octets == 13)), [len(octets)]])
        edges = np.isin(octets, [10, 13, 34, ord(self.header.delimiter)])
        edges = np.concatenate([[True], edges, [True]])  # shifted by one: the rows' start and end are edges
        stray_open, stray_close = ~edges[opening], ~edges[closing + 2]
        if len(opening) > len(closing):
            closing, stray_close = np.append(closing, len(octets)), np.append(stray_close, True)
        spans = ends[np.searchsorted(ends, opening)] < closing
        delimiters, breaks = self._within(octets, ord(self.header.delimiter)), self._within(octets, *self._line_end)
        # From one cell of a row to the same cell of a row k lines on there are k line ends and k rows of delimiters.
        between = np.array([count[closing] - count[opening] for count in (delimiters, breaks)])
        rows_held = (between[0] == between[1] * (len(self.header.cells) - 1)) & (between[0] > 0)
        bad = np.flatnonzero(spans & (stray_open | stray_close | rows_held))
        return line_of(self.body, self.header.end + int(opening[bad[0]])) if len(bad) else 0


def _row_numbers(header: int, rows: int, malformed: Sequence[int]) -> npt.NDArray[np.int64]:
    """The numbers of the rows that were read: all below the header but the malformed ones."""
    numbers = np.arange(header + 1, header + 1 + rows + len(malformed), dtype=np.int64)
    return np.setdiff1d(numbers, np.array(malformed, dtype=np.int64), assume_unique=True) if malformed else numbers


def _headings(row: TopRow) -> set[str]:
    return {cell.strip().casefold() for cell in row.cells}


def _word(delimiter: str) -> str:
    return DELIMITER_WORDS.get(delimiter, delimiter)


def _visible(text: str) -> str:
    """A cell with its control characters made visible."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
