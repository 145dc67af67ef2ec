"""From a supplier's columns and words to the contract's, by the layout.

Columns are found by heading (`headings.py`), code words translated (`words.py`), dates read by the agreed forms.
Strictly: what can't be read is left empty and noted, so that its row is refused with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Column, Contract
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.mapping.dates import read_dates
from pact_pipeline.intake.mapping.headings import match_headings
from pact_pipeline.intake.mapping.likeness import exchanged
from pact_pipeline.intake.mapping.words import translated
from pact_pipeline.intake.reading import Cells, Malformed, Sheet
from pact_pipeline.intake.reading.ambiguity import Ambiguity
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Layout, TableMapping

Mask = npt.NDArray[np.bool_]

# The signs that stand for a count that is suppressed, not available or not applicable. None of them is a zero.
SHORTHAND = r"^(\[[a-z]{1,4}\]|\*|\.\.|:|-|c|x|z)$"
INTEGER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?$"
NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"
# What the last rows of a spreadsheet are called when they aren't anybody's.
TOTAL = r"(?i)^(grand[ _-]?|sub[ _-]?)?totals?\b"
# From here giving memory back is worth its time.
MANY_ROWS = 20_000
# What the supplier's own column is called among the cells read: no contract column is.
ECHO = "(echo)"
# A column of which so large a share can't be read may be another column.
HARDLY_ANY = 0.9


@dataclass(frozen=True)
class MappedTable:
    """A table in the contract's words. All parts have one element a row, in the file's order.

    `frame`: every contract column, typed (str, datetime64[us], Int64, Float64), empty where unreadable.
    `text`: the mapped columns as the supplier wrote them. `unreadable`: per column, the rows whose cell held something
    that is not of the column's type. `shorthand`: per column that allows it, the sign in place of a count. `fixed`: per
    column, the rows whose word was not the agreed one but could be read (a warning); `outdated`: those with a council
    code of another time. `echo`: the supplier's own column under `echo_heading`, for the feedback only. `ambiguities`: what a
    person must decide.
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
    fixed: Mapping[str, Mask] = field(default_factory=dict)
    outdated: Mapping[str, Mask] = field(default_factory=dict)
    lost: Mapping[str, Mask] = field(default_factory=dict)
    echo: pa.Array | None = None
    echo_heading: str = ""
    ambiguities: tuple[Ambiguity, ...] = ()

    @property
    def rows_read(self) -> int:
        return len(self.source_row) + len(self.malformed)


def map_table(
    sheet: Sheet,
    contract: Contract,
    mapping: TableMapping,
    layout: Layout,
    file_name: str,
    decided: Mapping[str, str] | None = None,
    period: Period | None = None,
) -> MappedTable:
    """Find the heading row, read the mapped columns and translate them.

    `decided` are the readings that a person chose (`Ambiguity`); `period` is the file's, needed where council codes are to
    be resolved. Raises FileRefused FILE-002, FILE-003, FILE-004 or FILE-017.
    """
    matched = match_headings(sheet, contract, mapping, layout, file_name)
    wanted = dict(matched.positions)
    if matched.echo is not None:
        wanted[ECHO] = matched.echo
    cells = sheet.cells(matched.row, wanted)
    echo = None
    if matched.echo is not None:
        cells, echo = _without_echo(cells)
    if len(cells.source_row) > MANY_ROWS:
        # What parsing took goes back to the system, so that the peaks of reading and judging don't add up.
        pa.default_memory_pool().release_unused()
    mapped = translate(
        cells, contract, mapping, layout, matched.headings, matched.notes, decided, period, echo, file_name
    )
    return replace(mapped, echo_heading=matched.echo_heading)


def _without_echo(cells: Cells) -> tuple[Cells, pa.Array]:
    """The cells without the supplier's own column. A row that has nothing but that is no row."""
    filled = np.zeros(len(cells.source_row), dtype=bool)
    for column, values in cells.text.items():
        if column != ECHO:
            filled |= np.asarray(pc.greater(pc.utf8_length(values), 0))
    keep = pa.array(filled)
    parts: dict[str, Any] = {
        part.name: {
            column: values.filter(keep) if isinstance(values, pa.Array) else values[filled]
            for column, values in getattr(cells, part.name).items()
            if column != ECHO
        }
        for part in fields(cells)
        if isinstance(getattr(cells, part.name), Mapping)
    }
    blank = cells.blank_rows + int((~filled).sum())
    return replace(cells, **parts, source_row=cells.source_row[filled], blank_rows=blank), cells.text[ECHO].filter(keep)


def translate(
    cells: Cells,
    contract: Contract,
    mapping: TableMapping,
    layout: Layout,
    headings: Mapping[str, str],
    notes: tuple[str, ...] = (),
    decided: Mapping[str, str] | None = None,
    period: Period | None = None,
    echo: pa.Array | None = None,
    file_name: str = "",
) -> MappedTable:
    """The contract's columns from the supplier's text. Raises FileRefused FILE-018 for two columns exchanged."""
    rows = len(cells.source_row)
    empty = pa.array(sorted({"", *layout.empty}))
    typed: dict[str, pa.Array] = {}
    unreadable: dict[str, Mask] = {}
    shorthand: dict[str, pa.Array] = {}
    fixed: dict[str, Mask] = {}
    outdated: dict[str, Mask] = {}
    lost: dict[str, Mask] = {}
    suspects: list[str] = []
    told = list(notes)
    ambiguities: list[Ambiguity] = []
    for column in contract.columns:
        if column.name not in cells.text:
            typed[column.name] = _constant(mapping.constants.get(column.name), column, rows)
            if column.shorthand:
                shorthand[column.name] = pa.nulls(rows, pa.string())
            continue
        text = cells.text[column.name]
        text = pc.if_else(pc.is_in(text, empty), None, text)
        heading = headings.get(column.name, column.name).strip()
        if column.codes:
            words = translated(text, column, mapping, heading, period)
            typed[column.name] = words.values
            told += words.notes
            if words.unknown and words.unknown >= HARDLY_ANY * (rows - text.null_count):
                suspects.append(column.name)
            if words.fixed is not None:
                fixed[column.name] = words.fixed
            if words.outdated is not None:
                outdated[column.name] = words.outdated
            continue
        if column.shorthand:
            signs = pc.match_substring_regex(text, SHORTHAND, ignore_case=True)
            shorthand[column.name] = pc.if_else(signs, text, None)
            text = pc.if_else(signs, None, text)
        if column.name in mapping.zero_padded:
            text, padded = _padded(text, mapping.zero_padded[column.name])
            if padded:
                told.append(f"'{heading}': leading zeros put back in {padded:,} {'row' if padded == 1 else 'rows'}")
        if column.type == "date":
            dates = read_dates(
                text,
                layout.dates_of(mapping, column.name),
                choice=f"dates:{contract.table}",
                where=f"{file_name}, column '{heading}'",
                heading=heading,
                decided=decided,
                native=cells.native_dates.get(column.name),
                serials=cells.serials.get(column.name),
            )
            values = dates.values
            told += dates.notes
            ambiguities += [dates.ambiguity] if dates.ambiguity else []
        else:
            values = _typed(text, column)
            if column.type == "string" and column.name in cells.unreadable:
                lost[column.name] = cells.unreadable[column.name] & np.asarray(text.is_valid())
        typed[column.name] = values
        if values.null_count > text.null_count:
            unreadable[column.name] = np.asarray(pc.and_(text.is_valid(), values.is_null()))
            if values.null_count - text.null_count >= HARDLY_ANY * (rows - text.null_count):
                suspects.append(column.name)
    if len(suspects) > 1 and (pair := exchanged(cells.text, suspects, contract, mapping, layout)):
        one, other = (headings.get(name, name).strip() for name in pair)
        raise FileRefused(
            "FILE-018",
            f"'{one}' and '{other}' look exchanged: hardly a cell of either can be read as what it should be, "
            "and each could be read as the other",
            where=file_name,
            mend="put each heading over its own column and send the file again. The former one stays in force.",
        )
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
        notes=tuple(told),
        fixed=fixed,
        outdated=outdated,
        lost=lost,
        echo=echo,
        ambiguities=tuple(ambiguities),
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


def _typed(text: pa.Array, column: Column) -> pa.Array:
    """Text as the column's type, null where it can't be read as one. Dates: `dates.read_dates`."""
    if column.type in ("integer", "number"):
        whole = column.type == "integer"
        fits = pc.and_(pc.match_substring_regex(text, INTEGER if whole else NUMBER), pc.less(pc.utf8_length(text), 16))
        plain = pc.replace_substring(pc.if_else(fits, text, None), ",", "")
        if whole:
            return pc.cast(pc.replace_substring_regex(plain, r"^\+|\.0+$", ""), pa.int64())
        return pc.cast(pc.replace_substring_regex(plain, r"^\+", ""), pa.float64())
    return text


def _constant(value: str | None, column: Column, rows: int) -> pa.Array:
    """A column the supplier doesn't write: empty, or one value in every row."""
    kind = _ARROW_TYPES[column.type]
    if value is None:
        return pa.nulls(rows, kind)
    return pa.repeat(pc.cast(pa.scalar(value), kind), rows)


def _padded(text: pa.Array, width: int) -> tuple[pa.Array, int]:
    """References of digits that are shorter than agreed with their leading zeros, and how many were so."""
    short = pc.fill_null(pc.match_substring_regex(text, f"^[0-9]{{1,{width - 1}}}$"), False)
    padded = int(pc.sum(short).as_py() or 0)
    return (pc.if_else(short, pc.utf8_lpad(text, width, "0"), text), padded) if padded else (text, 0)


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
