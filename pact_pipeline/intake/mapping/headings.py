"""Which column of a sheet is which column of the contract: by heading, never by position.

Headings are compared without letter case and spacing. A needed column that isn't there refuses the file and names what
is missing, what is unknown, and which unknown column it may be and why (`likeness.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pact_pipeline.contracts import Contract
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.mapping.likeness import Likely, likely_columns
from pact_pipeline.intake.reading import DELIMITER_WORDS, Sheet, TopRow
from pact_pipeline.suppliers import Layout, TableMapping
from pact_pipeline.suppliers.layout import plain_heading

LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Matched:
    """The heading row, the place of each mapped column in it, and the place of the supplier's own echo column."""

    row: TopRow
    positions: Mapping[str, int]
    echo: int | None
    notes: tuple[str, ...]

    @property
    def headings(self) -> dict[str, str]:
        """The heading of each column as this file spells it."""
        return {column: self.row.cells[place] for column, place in self.positions.items()}

    @property
    def echo_heading(self) -> str:
        """The heading of the supplier's own column as this file spells it, empty where there is none."""
        return "" if self.echo is None else self.row.cells[self.echo].strip()


def match_headings(sheet: Sheet, contract: Contract, mapping: TableMapping, layout: Layout, file_name: str) -> Matched:
    """Find the heading row. Raises FileRefused FILE-002, FILE-003, FILE-004 or FILE-017."""
    wanted = {plain_heading(heading): column for heading, column in mapping.headings.items()}
    best, notes = _heading_row(sheet, wanted, len(mapping.columns))
    if best is None or not any(cell.strip() for cell in best.cells):
        raise FileRefused(
            "FILE-004",
            "the file is empty",
            where=file_name,
            mend="run the extract again and send the file with its rows. The former one stays in force.",
        )
    present = [plain_heading(cell) for cell in best.cells]
    positions = {wanted[plain]: place for place, plain in enumerate(present) if plain in wanted}
    known = {plain_heading(heading) for heading in (*mapping.ignored, *((mapping.echo,) if mapping.echo else ()))}
    unknown = {
        place: cell.strip()
        for place, (cell, plain) in enumerate(zip(best.cells, present, strict=True))
        if plain and plain not in wanted and plain not in known
    }
    if len(positions) < len(mapping.columns):
        _refuse_missing(sheet, best, positions, unknown, contract, mapping, layout, file_name)
    _refuse_twice(best, present, wanted, file_name)
    if best.number > 1:
        notes.append(f"the headings stand on line {best.number}")
    for column, place in positions.items():
        if present[place] != plain_heading(mapping.columns[column]):
            notes.append(f"{_quoted(best.cells[place])} is read for '{mapping.columns[column]}'")
    if unknown:
        notes.append(f"not asked for, so not read: {listed(list(unknown.values()))}")
    echo = (
        present.index(plain_heading(mapping.echo)) if mapping.echo and plain_heading(mapping.echo) in present else None
    )
    if mapping.echo and echo is None:
        notes.append(f"your own column '{mapping.echo}' isn't there, so it isn't carried back")
    return Matched(best, positions, echo, tuple(notes))


def _heading_row(sheet: Sheet, wanted: Mapping[str, str], columns: int) -> tuple[TopRow | None, list[str]]:
    """The first row with the most of the columns, in the first way to read the file that shows them all."""
    best: TopRow | None = None
    best_found = -1
    for attempt, rows in enumerate(sheet.top_rows()):
        for row in rows:
            found = len({wanted[plain] for cell in row.cells if (plain := plain_heading(cell)) in wanted})
            if found > best_found:
                best, best_found = row, found
            if best_found == columns:
                parted = f"the columns are parted by {DELIMITER_WORDS.get(row.delimiter, row.delimiter)}"
                return best, [parted] if attempt else []
    return best, []


def _refuse_twice(row: TopRow, present: Sequence[str], wanted: Mapping[str, str], file_name: str) -> None:
    """Refuse two columns of one heading, and two accepted headings of one column: which is meant is a guess."""
    places: dict[str, list[int]] = {}
    for place, plain in enumerate(present):
        if plain in wanted:
            places.setdefault(wanted[plain], []).append(place)
    twice = {column: stand for column, stand in places.items() if len(stand) > 1}
    if not twice:
        return
    same = [stand for stand in twice.values() if len({present[place] for place in stand}) == 1]
    where = f"{file_name}, line {row.number}"
    if same:
        raise FileRefused(
            "FILE-003",
            f"a heading stands twice: {listed([row.cells[stand[0]] for stand in same])}, "
            "so we can't tell which column is meant",
            where=where,
            mend="remove or rename one of the two columns and send the file again.",
        )
    told = "; ".join(
        f"{' and '.join(_quoted(row.cells[place]) for place in stand)} both stand for '{column}'"
        for column, stand in twice.items()
    )
    raise FileRefused(
        "FILE-017",
        f"two headings of one column are there: {told}, so we can't tell which is meant",
        where=where,
        mend="keep one of the two columns and send the file again.",
    )


def _refuse_missing(
    sheet: Sheet,
    row: TopRow,
    positions: Mapping[str, int],
    unknown: Mapping[int, str],
    contract: Contract,
    mapping: TableMapping,
    layout: Layout,
    file_name: str,
) -> None:
    missing = [column for column in mapping.columns if column not in positions]
    named = listed([mapping.columns[column] for column in missing])
    what = f"{'a column is' if len(missing) == 1 else f'{len(missing)} columns are'} missing: {named}."
    mend = "give the columns their agreed headings, or tell us the new ones."
    shown = surely_headings(len(positions), len(mapping.columns), list(unknown.values()))
    if shown and unknown:
        what += f" Unknown: {listed(list(unknown.values()))}."
        likely = likely_columns(sheet, row, positions, unknown, contract, mapping, layout)
        told = [_told(one, mapping) for one in likely]
        what += "".join(f" {sentence}." for sentence in told)
        aliases = [alias(one.column, mapping, one.headings[0]) for one in likely if len(one.headings) == 1]
        if aliases:
            mend = (
                f"give the columns their agreed headings, or tell us that the new ones are right "
                f"(then our layout '{layout.name}' gets, under {contract.table}, {'; '.join(aliases)})."
            )
    raise FileRefused(
        "FILE-002",
        what,
        where=f"{file_name}, line {row.number}" if shown else file_name,
        mend=f"{mend} Nothing of this delivery was taken; the former one stays in force.",
        quotes=list(unknown.values()) if shown else (),
    )


def surely_headings(found: int, wanted: int, unknown: Sequence[str]) -> bool:
    """Whether a row may be shown: nothing of a person stands in a heading row, but a file without one has data there.

    One known heading can be chance (the word of a code is the heading of a column); so it takes half of the columns, or
    two and no digit in what is unknown.
    """
    return 2 * found >= wanted or (found >= 2 and not any(letter.isdigit() for cell in unknown for letter in cell))


def alias(column: str, mapping: TableMapping, heading: str) -> str:
    """The line for the layout file that accepts a further heading for a column."""
    accepted = ", ".join(f'"{_clean(one)}"' for one in (*mapping.accepted(column), heading))
    return f"{column}: [{accepted}]"


def _told(likely: Likely, mapping: TableMapping) -> str:
    expected = f"(expected as '{mapping.columns[likely.column]}')"
    if not likely.headings:
        return f"Nothing there looks like '{likely.column}' {expected}"
    if len(likely.headings) > 1:
        candidates = " or ".join(_quoted(heading) for heading in likely.headings)
        return f"'{likely.column}' {expected} may be {candidates}: we can't tell which"
    because = f": {', '.join(likely.because)}" if likely.because else ""
    return f"{_quoted(likely.headings[0])} looks like '{likely.column}' {expected}{because}"


def listed(headings: Sequence[str], most: int = 12) -> str:
    """Headings as a sentence shows them, the first `most`."""
    shown = ", ".join(_quoted(heading) for heading in headings[:most])
    return shown if len(headings) <= most else f"{shown} and {len(headings) - most} more"


def _quoted(heading: str) -> str:
    return f"'{_clean(heading)}'"


def _clean(heading: str) -> str:
    """A heading for a message: one line, no quotation marks, not endless."""
    text = " ".join(heading.replace("\ufeff", "").replace('"', "'").split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
