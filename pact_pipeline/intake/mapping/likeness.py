"""Which unknown column may be the one that is missing, and why: by its name, its place and what stands in its cells.

Only shares and headings leave this module, never a cell. It runs when a file is refused already, and when a new
supplier is taken on (`onboarding`); its answer is a proposal for a person, nothing is mapped by it.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Column, Contract
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.mapping.dates import DATE_FORMATS, parse_dates
from pact_pipeline.intake.mapping.words import reading_of
from pact_pipeline.intake.reading import Sheet, TopRow
from pact_pipeline.suppliers import Layout, TableMapping
from pact_pipeline.suppliers.layout import plain_heading

# So many rows tell what a column holds.
SAMPLE = 2_000
# From here a column is named as the likely one, and only if no other comes within CLOSE of it.
LIKELY, CLOSE = 0.5, 0.08
# Fewer filled cells tell nothing; a smaller share of fitting cells speaks against the column.
FEWEST, AGAINST = 3, 0.3
NAME_ALIKE = 0.6
# So large a share of the cells of two columns fits the other one: they are exchanged.
EXCHANGED = 0.9
MOST_EXCHANGED = 2
WEIGHTS = {"content": 0.45, "place": 0.2, "name": 0.35}


@dataclass(frozen=True)
class Likely:
    """A missing column and the unknown headings that may be it: none, one (and why), or several that are as likely."""

    column: str
    headings: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """How well cells fit a column: the share of the filled ones (0 to 1), and how to say it. `weak` if nearly any text
    would fit."""

    share: float
    words: str
    weak: bool = False


def likely_columns(
    sheet: Sheet,
    row: TopRow,
    positions: Mapping[str, int],
    unknown: Mapping[int, str],
    contract: Contract,
    mapping: TableMapping,
    layout: Layout,
) -> list[Likely]:
    """For each missing column the unknown one it may be; every unknown column is given away once, the surest first."""
    missing = [column for column in mapping.columns if column not in positions]
    samples = _samples(sheet, row, unknown)
    right = _right_places(positions, sorted(unknown), tuple(mapping.columns))
    scores: dict[tuple[str, int], tuple[float, tuple[str, ...]]] = {}
    for name in missing:
        for place, heading in unknown.items():
            content = (
                None if place not in samples else content_of(samples[place], contract.column(name), mapping, layout)
            )
            alike = max(name_likeness(heading, known) for known in (*mapping.accepted(name), name))
            scores[name, place] = score(content, place in right[name], alike)
    found: dict[str, Likely] = {}
    taken: set[int] = set()
    while left := {pair: scored for pair, scored in scores.items() if pair[0] not in found and pair[1] not in taken}:
        (name, place), (best, because) = max(left.items(), key=lambda item: item[1][0])
        if best < LIKELY:
            break
        near = [other for (one, other), (points, _) in left.items() if one == name and points > best - CLOSE]
        if len(near) > 1:
            found[name] = Likely(name, tuple(unknown[other] for other in sorted(near)), ())
            continue
        found[name] = Likely(name, (unknown[place],), because)
        taken.add(place)
    return [found.get(name, Likely(name, (), ())) for name in missing]


def score(content: Content | None, same_place: bool, alike: float) -> tuple[float, tuple[str, ...]]:
    """How likely a column is meant (0 to 1) and the reasons; 0 where its cells speak against it."""
    because: list[str] = []
    points = WEIGHTS["name"] * alike + WEIGHTS["place"] * same_place
    if content is None:
        # Empty cells tell nothing: the name and the place decide.
        points /= WEIGHTS["name"] + WEIGHTS["place"]
    else:
        if content.share < AGAINST:
            return 0.0, ()
        points += WEIGHTS["content"] * content.share * (0.5 if content.weak else 1.0)
        because.append(content.words)
    if same_place:
        because.append("same place")
    if alike >= NAME_ALIKE:
        because.append("a like name")
    return points, tuple(because)


def content_of(cells: pa.Array, column: Column, mapping: TableMapping | None, layout: Layout | None) -> Content | None:
    """How well the filled cells fit the column; None if too few are filled to tell."""
    empty = pa.array(sorted({"", *(layout.empty if layout else ())}))
    filled = cells.filter(pc.invert(pc.is_in(cells, empty))) if len(cells) else cells
    if len(filled) < FEWEST:
        return None
    if column.codes:
        reading = reading_of(column, mapping)
        counted = filled.value_counts().to_pylist()
        fits = sum(one["counts"] for one in counted if reading.knows(one["values"]))
        return _content(fits, len(filled), "known words")
    if column.type == "date":
        forms = (layout.dates_of(mapping, column.name) if mapping else layout.date_formats) if layout else ()
        agreed = share_of_dates(filled, tuple(forms))
        other = share_of_dates(filled, DATE_FORMATS) if agreed < 1 else agreed
        if other > agreed + AGAINST:
            return Content(other, f"{_percent(other)} dates, in another form")
        return Content(agreed, f"{_percent(agreed)} dates")
    if column.type in ("integer", "number"):
        fits = _count(
            pc.match_substring_regex(filled, r"^[+-]?\d[\d,]*(\.\d+)?$" if column.type == "number" else r"^\d{1,6}$")
        )
        return _content(fits, len(filled), "numbers")
    return _text_content(filled, column)


def _text_content(filled: pa.Array, column: Column) -> Content:
    if share_of_dates(filled, DATE_FORMATS) > 1 - AGAINST:
        return Content(0.0, "dates")
    if column.pattern:
        return _content(_count(pc.match_substring_regex(filled, column.pattern)), len(filled), "of the agreed form")
    longest = column.max_length or 200
    fits = _count(pc.less_equal(pc.utf8_length(filled), longest))
    distinct = len(filled.unique()) / len(filled)
    words = f"{_percent(distinct)} different values"
    return Content(fits / len(filled), words, weak=True)


def share_of_dates(filled: pa.Array, forms: tuple[str, ...]) -> float:
    """The share of the cells that are days in one of the forms."""
    if not pc.any(pc.match_substring_regex(filled, "[0-9]")).as_py():
        return 0.0
    days = parse_dates(filled, forms)
    return (len(filled) - days.null_count) / len(filled) if len(filled) else 0.0


def name_likeness(one: str, other: str) -> float:
    """How alike two headings are, 0 to 1, in any order of their words."""
    ours, theirs = plain_heading(one), plain_heading(other)
    in_order = difflib.SequenceMatcher(None, ours, theirs).ratio()
    by_word = difflib.SequenceMatcher(None, sorted(ours.split()), sorted(theirs.split())).ratio()
    return max(in_order, by_word)


def _right_places(positions: Mapping[str, int], unknown: Sequence[int], order: Sequence[str]) -> dict[str, set[int]]:
    """The places where the layout has each missing column: between its known neighbours.

    Where as many columns are unknown there as are missing, it is the one at the same turn.
    """
    gaps: dict[tuple[int, int], list[str]] = {}
    for at, name in enumerate(order):
        if name not in positions:
            before = next((positions[one] for one in reversed(order[:at]) if one in positions), -1)
            after = next((positions[one] for one in order[at + 1 :] if one in positions), 10**9)
            gaps.setdefault((before, after), []).append(name)
    places: dict[str, set[int]] = {}
    for (before, after), names in gaps.items():
        inside = sorted(place for place in unknown if before < place < after)
        for turn, name in enumerate(names):
            places[name] = {inside[turn]} if len(inside) == len(names) else set(inside)
    return places


def exchanged(
    text: Mapping[str, pa.Array],
    suspects: Sequence[str],
    contract: Contract,
    mapping: TableMapping,
    layout: Layout,
) -> tuple[str, str] | None:
    """Two columns, hardly a cell of which can be read as what it should be, that could be read as each other.

    Never two of one type (dates of two digits' years "fit" any other date), nor one pair of many: then the cells of a
    row stand beside their columns, or the system writes otherwise.
    """
    if len(suspects) > MOST_EXCHANGED:
        return None
    for turn, one in enumerate(suspects):
        for other in suspects[turn + 1 :]:
            if contract.column(one).type == contract.column(other).type == "date":
                continue
            as_other = content_of(text[one][:SAMPLE], contract.column(other), mapping, layout)
            as_one = content_of(text[other][:SAMPLE], contract.column(one), mapping, layout)
            if as_other and as_one and min(as_other.share, as_one.share) >= EXCHANGED:
                return one, other
    return None


def _samples(sheet: Sheet, row: TopRow, unknown: Mapping[int, str]) -> dict[int, pa.Array]:
    """The first cells of each unknown column; nothing if the rows can't be read."""
    try:
        cells = sheet.cells(row, {str(place): place for place in unknown})
    except FileRefused:
        return {}
    return {place: cells.text[str(place)][:SAMPLE] for place in unknown}


def _content(fits: int, filled: int, words: str) -> Content:
    return Content(fits / filled, f"{_percent(fits / filled)} {words}")


def _count(mask: pa.Array) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _percent(share: float) -> str:
    # 99.9 % is not all.
    return f"{int(share * 100)} %"
