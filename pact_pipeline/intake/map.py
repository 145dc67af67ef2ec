"""From a supplier's columns and words to the contract's, by the layout.

Columns are found by heading, whatever their order, letter case or spacing; never by position. A mapped column that
isn't there refuses the file and names what is missing, what is unknown and what looks like it. Code words and dates
are translated strictly: what can't be read is left empty and noted, so that its row is refused with a reason.
"""

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Column, Contract
from pact_pipeline.contracts.suppliers import Layout, TableMapping
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.dates import parse_dates
from pact_pipeline.intake.read import Cells, Malformed, Sheet, TopRow

Mask = npt.NDArray[np.bool_]

# The signs that stand for a count that is suppressed, not available or not applicable. None of them is a zero.
SHORTHAND = r"^(\[[a-z]{1,4}\]|\*|\.\.|:|-|c|x|z)$"
INTEGER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?$"
NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"
# What the last rows of a spreadsheet are called when they aren't anybody's.
TOTAL = r"(?i)^(grand[ _-]?|sub[ _-]?)?totals?\b"

# From here two headings are alike enough to be told together.
LIKELY = 0.5


@dataclass(frozen=True)
class MappedTable:
    """A table in the contract's words. All parts have one element a row, in the file's order.

    `frame`: every contract column, typed (str, datetime64[us], Int64, Float64), empty where unreadable.
    `text`: the mapped columns as the supplier wrote them. `unreadable`: per column, the rows whose cell held something
    that is not of the column's type. `shorthand`: per column that allows it, the sign in place of a count.
    """

    contract: Contract
    frame: pd.DataFrame
    text: Mapping[str, pa.Array]
    source_row: npt.NDArray[np.int64]
    unreadable: Mapping[str, Mask]
    shorthand: Mapping[str, pa.Array]
    totals: Mask
    malformed: tuple[Malformed, ...]
    headings: Mapping[str, str]
    notes: tuple[str, ...] = field(default=())

    @property
    def rows_read(self) -> int:
        return len(self.source_row) + len(self.malformed)


def map_table(sheet: Sheet, contract: Contract, mapping: TableMapping, layout: Layout, file_name: str) -> MappedTable:
    """Find the heading row, read the mapped columns and translate them. Raises FileRefused FILE-002 or FILE-003."""
    header, positions, notes = match_headings(sheet, mapping, file_name)
    cells = sheet.cells(header, positions)
    return translate(cells, contract, mapping, layout, {c: header.cells[p] for c, p in positions.items()}, notes)


def match_headings(
    sheet: Sheet, mapping: TableMapping, file_name: str
) -> tuple[TopRow, dict[str, int], tuple[str, ...]]:
    """The heading row and where each contract column stands in it, with notes on columns that are not ours."""
    wanted = {_plain(heading): column for column, heading in mapping.columns.items()}
    best: TopRow | None = None
    best_found = -1
    notes: list[str] = []
    for attempt, rows in enumerate(sheet.top_rows()):
        for row in rows:
            found = len(wanted.keys() & {_plain(cell) for cell in row.cells})
            if found > best_found:
                best, best_found = row, found
                if attempt and found == len(wanted):
                    notes.append(f"the columns are parted by {_SPELLED.get(row.delimiter, row.delimiter)}")
            if best_found == len(wanted):
                break
        if best_found == len(wanted):
            break
    if best is None or not any(cell.strip() for cell in best.cells):
        raise FileRefused(
            "FILE-004",
            "the file is empty",
            where=file_name,
            mend="run the extract again and send the file with its rows. The former one stays in force.",
        )
    present = [_plain(cell) for cell in best.cells]
    _refuse_missing(best, present, wanted, mapping, file_name)
    _refuse_twice(best, present, wanted, file_name)
    if best.number > 1:
        notes.append(f"the headings stand on line {best.number}")
    known = {_plain(heading) for heading in mapping.ignored}
    unknown = [cell.strip() for cell, plain in zip(best.cells, present, strict=True) if plain and plain not in wanted]
    if strangers := [heading for heading in unknown if _plain(heading) not in known]:
        notes.append(f"not asked for, so not read: {_listed(strangers)}")
    return best, {wanted[plain]: place for place, plain in enumerate(present) if plain in wanted}, tuple(notes)


_SPELLED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def _refuse_missing(
    row: TopRow, present: Sequence[str], wanted: Mapping[str, str], mapping: TableMapping, file_name: str
) -> None:
    missing = [mapping.columns[column] for plain, column in wanted.items() if plain not in present]
    if not missing:
        return
    known = {*wanted, *(_plain(heading) for heading in mapping.ignored)}
    unknown = [cell.strip() for cell, plain in zip(row.cells, present, strict=True) if plain and plain not in known]
    likely = [f"'{heading}' may now be '{near}'" for heading in missing if (near := _nearest(heading, unknown))]
    # Headings are shown only where nothing of a person can stand in them: in a row that is a heading row.
    is_heading = len(missing) < len(wanted)
    what = f"{'a column is' if len(missing) == 1 else f'{len(missing)} columns are'} missing: {_listed(missing)}."
    if is_heading and unknown:
        what += f" Unknown: {_listed(unknown)}."
    if is_heading and likely:
        what += f" {'; '.join(likely)}."
    raise FileRefused(
        "FILE-002",
        what,
        where=f"{file_name}, line {row.number}" if is_heading else file_name,
        mend="give the columns their agreed headings, or tell us the new ones. "
        "Nothing of this delivery was taken; the former one stays in force.",
    )


def _refuse_twice(row: TopRow, present: Sequence[str], wanted: Mapping[str, str], file_name: str) -> None:
    twice = [plain for plain, times in Counter(present).items() if times > 1 and plain in wanted]
    if twice:
        spelled = [row.cells[present.index(plain)].strip() for plain in twice]
        raise FileRefused(
            "FILE-003",
            f"a heading stands twice: {_listed(spelled)}, so we can't tell which column is meant",
            where=f"{file_name}, line {row.number}",
            mend="remove or rename one of the two columns and send the file again.",
        )


def translate(
    cells: Cells,
    contract: Contract,
    mapping: TableMapping,
    layout: Layout,
    headings: Mapping[str, str],
    notes: tuple[str, ...] = (),
) -> MappedTable:
    """The contract's columns from the supplier's text."""
    rows = len(cells.source_row)
    empty = pa.array(sorted({"", *layout.empty}))
    typed: dict[str, pa.Array] = {}
    unreadable: dict[str, Mask] = {}
    shorthand: dict[str, pa.Array] = {}
    for column in contract.columns:
        if column.name not in cells.text:
            typed[column.name] = pa.nulls(rows, _ARROW_TYPES[column.type])
            if column.shorthand:
                shorthand[column.name] = pa.nulls(rows, pa.string())
            continue
        text = cells.text[column.name]
        text = pc.if_else(pc.is_in(text, empty), None, text)
        if column.codes:
            typed[column.name] = _translated(text, mapping.codes.get(column.name, {}))
            continue
        if column.shorthand:
            signs = pc.match_substring_regex(text, SHORTHAND, ignore_case=True)
            shorthand[column.name] = pc.if_else(signs, text, None)
            text = pc.if_else(signs, None, text)
        values = _typed(text, cells.native_dates.get(column.name), column, layout)
        typed[column.name] = values
        if values.null_count > text.null_count:
            unreadable[column.name] = np.asarray(pc.and_(text.is_valid(), values.is_null()))
    return MappedTable(
        contract=contract,
        frame=_frame(typed),
        text=cells.text,
        source_row=cells.source_row,
        unreadable=unreadable,
        shorthand=shorthand,
        totals=_totals(cells, contract, headings),
        malformed=cells.malformed,
        headings=headings,
        notes=notes,
    )


_ARROW_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.string(),
    "timestamp": pa.string(),
}
_PANDAS_TYPES = {pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype()}


def _typed(text: pa.Array, native: pa.Array | None, column: Column, layout: Layout) -> pa.Array:
    """Text as the column's type, null where it can't be read as one."""
    if column.type == "date":
        if native is None:
            return parse_dates(text, layout.date_formats)
        return pc.coalesce(native, parse_dates(pc.if_else(native.is_valid(), None, text), layout.date_formats))
    if column.type in ("integer", "number"):
        whole = column.type == "integer"
        fits = pc.and_(pc.match_substring_regex(text, INTEGER if whole else NUMBER), pc.less(pc.utf8_length(text), 16))
        plain = pc.replace_substring(pc.if_else(fits, text, None), ",", "")
        if whole:
            return pc.cast(pc.replace_substring_regex(plain, r"^\+|\.0+$", ""), pa.int64())
        return pc.cast(pc.replace_substring_regex(plain, r"^\+", ""), pa.float64())
    return text


def _translated(text: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Supplier's words as the contract's codes; a word that isn't listed stays, to be judged against the code list."""
    if not words:
        return text
    encoded = pc.dictionary_encode(text)
    codes = [words.get(word, word) for word in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(encoded.indices)


def _totals(cells: Cells, contract: Contract, headings: Mapping[str, str]) -> Mask:
    """Rows that add the others up: the first column, or the first of the key, says 'total'."""
    totals = np.zeros(len(cells.source_row), dtype=bool)
    first = next(iter(headings), None)
    for column in dict.fromkeys(name for name in (first, *contract.primary_key[:1]) if name in cells.text):
        if not contract.column(str(column)).codes:
            totals |= np.asarray(pc.match_substring_regex(cells.text[str(column)], TOTAL))
    return totals


def _frame(typed: Mapping[str, pa.Array]) -> pd.DataFrame:
    """A pandas frame with the types the contracts' checks expect."""
    arrays = [pc.cast(array, pa.timestamp("us")) if array.type == pa.date32() else array for array in typed.values()]
    table = pa.Table.from_arrays(arrays, names=list(typed))
    frame: pd.DataFrame = table.to_pandas(types_mapper=_PANDAS_TYPES.get)
    return frame


def _nearest(heading: str, unknown: Sequence[str]) -> str:
    """The unknown heading most like this one, in any order of its words; empty where none is like it."""

    def likeness(other: str) -> float:
        ours, theirs = _plain(heading), _plain(other)
        in_order = difflib.SequenceMatcher(None, ours, theirs).ratio()
        sorted_words = difflib.SequenceMatcher(None, sorted(ours.split()), sorted(theirs.split())).ratio()
        return max(in_order, sorted_words)

    near = max(unknown, key=likeness, default="")
    return near if near and likeness(near) >= LIKELY else ""


def _listed(headings: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(f"'{heading}'" for heading in headings[:most])
    return shown if len(headings) <= most else f"{shown} and {len(headings) - most} more"


def _plain(heading: str) -> str:
    """How headings are compared: letter case, spacing and a stray byte-order mark don't count."""
    return " ".join(heading.replace("\ufeff", "").replace("_", " ").split()).casefold()
