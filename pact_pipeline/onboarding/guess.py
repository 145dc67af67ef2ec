"""What a new supplier's tables, columns, words and dates may be, from what other suppliers write and what stands there.

A guess carries its reasons and whether it is sure. Sure is only what another supplier's layout says word by word and
the cells bear out, or what the cells alone leave no doubt about.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Column, Contract, Contracts
from pact_pipeline.intake.mapping.dates import DATE_FORMATS, MONTH_FIRST
from pact_pipeline.intake.mapping.likeness import (
    AGAINST,
    CLOSE,
    LIKELY,
    SAMPLE,
    WEIGHTS,
    Content,
    content_of,
    name_likeness,
    score,
    share_of_dates,
)
from pact_pipeline.intake.mapping.words import GOOD, reading_of
from pact_pipeline.onboarding.observed import ObservedTable, probing_layout
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import CouncilColumn, Layout, TableMapping
from pact_pipeline.suppliers.layout import plain_heading, plain_word

SURE, NAME_SURE, TABLE_SURE, TABLE_CLOSE = 0.9, 0.99, 0.6, 0.15
DATES_SURE = 0.9
FORMATS = (*DATE_FORMATS, *MONTH_FIRST, "serial")
LABEL_ALIKE = 0.8
NEEDED_FIRST = 0.05


@dataclass(frozen=True)
class ColumnGuess:
    """The heading that a contract column may have: its place (None for none), why, and others that may be it."""

    column: str
    place: int | None
    because: tuple[str, ...]
    sure: bool
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class WordGuess:
    """A word of a code column, how often it stands there, and the code it may stand for."""

    word: str
    count: int
    code: str | None
    sure: bool


class Knowledge:
    """What the contracts ask for and how the suppliers so far write it, for one collection."""

    def __init__(self, contracts: Contracts, collection: str, layouts: Sequence[Layout], period: Period) -> None:
        self.contracts = {contract.table: contract for contract in contracts.collection(collection)}
        self.layouts, self.period = tuple(layouts), period

    @cached_property
    def all_headings(self) -> frozenset[str]:
        """Every heading that a supplier uses or that a contract column is called, folded."""
        return frozenset(plain for table in self.contracts for plain in self.headings(table))

    def headings(self, table: str) -> dict[str, set[str]]:
        """For each known heading of a table, folded, the columns it may stand for."""
        known: dict[str, set[str]] = {plain_heading(name): {name} for name in self.contracts[table].column_names}
        for layout in self.layouts:
            if table in layout.tables:
                for heading, column in layout.tables[table].headings.items():
                    known.setdefault(plain_heading(heading), set()).add(column)
        return known

    def names(self, table: str) -> set[str]:
        return {table, *(layout.tables[table].name for layout in self.layouts if table in layout.tables)}

    def probe(self, table: str) -> TableMapping:
        """A mapping with every word that any supplier writes, to look at cells by."""
        contract = self.contracts[table]
        words: dict[str, dict[str, str]] = {}
        for layout in self.layouts:
            if table in layout.tables:
                for column, codes in layout.tables[table].codes.items():
                    words.setdefault(column, {}).update(codes)
        councils = {
            column.name: CouncilColumn(on=self.period.last_day) for column in contract.columns if holds_councils(column)
        }
        return TableMapping(table, table, {}, words, (), (), contract.every, councils=councils)


def holds_councils(column: Column) -> bool:
    return bool(column.codes) and all(len(word) == 3 and word.isupper() for word in column.code_words)


# --- tables


def guess_tables(observed: Sequence[ObservedTable], knowledge: Knowledge) -> list[tuple[str | None, bool, str]]:
    """For each table seen the contract's table it may be (None for none), whether that is sure, and why."""
    scores: dict[tuple[int, str], tuple[float, str]] = {}
    for number, one in enumerate(observed):
        for table in knowledge.contracts:
            known = knowledge.headings(table)
            columns = {name for heading in one.headings for name in known.get(plain_heading(heading), ())}
            share = len(columns) / len(knowledge.contracts[table].columns)
            named = max(name_likeness(_name_of(one), name) for name in knowledge.names(table))
            scores[number, table] = (
                share + 0.5 * named,
                f"{len(columns)} of {len(knowledge.contracts[table].columns)} columns have a known heading",
            )
    guesses: list[tuple[str | None, bool, str]] = [(None, False, "no known heading, no known name")] * len(observed)
    left = dict(scores)
    while left:
        (number, table), (best, why) = max(left.items(), key=lambda item: item[1][0])
        if best < LIKELY:
            break
        rivals = [points for (other, name), (points, _) in left.items() if other == number and name != table]
        sure = best >= TABLE_SURE and best - max(rivals, default=0.0) >= TABLE_CLOSE
        guesses[number] = (table, sure, why)
        left = {pair: scored for pair, scored in left.items() if pair[0] != number and pair[1] != table}
    return guesses


def _name_of(one: ObservedTable) -> str:
    """What a file or sheet is called, as far as it may tell the table."""
    return "".join(sign for sign in PurePath(one.name or one.path.name).stem if not sign.isdigit()).strip(" -_")


def guess_empty(observed: Sequence[ObservedTable], knowledge: Knowledge) -> tuple[str, ...]:
    """The words that stand for an empty cell in these files: those that other suppliers write so, and NULL."""
    known = {word for layout in knowledge.layouts for word in layout.empty} | {"NULL", "(null)", "#N/A"}
    words = pa.array(sorted(known - {""}))
    found = {
        word
        for one in observed
        for cells in one.cells
        for word in pc.unique(cells.filter(pc.is_in(cells, words))).to_pylist()
    }
    return tuple(sorted(found))


# --- columns


def guess_columns(one: ObservedTable, contract: Contract, knowledge: Knowledge) -> list[ColumnGuess]:
    """For each contract column the heading it may have; each heading is given once, the surest first."""
    probe, layout, known = knowledge.probe(contract.table), probing_layout(), knowledge.headings(contract.table)
    places = [place for place, heading in enumerate(one.headings) if heading]
    scores: dict[tuple[str, int], tuple[float, tuple[str, ...], bool]] = {}
    contents: dict[tuple[int, object], Content | None] = {}
    for column in contract.columns:
        called = {heading for heading, columns in known.items() if column.name in columns}
        for place in places:
            heading = plain_heading(one.headings[place])
            kind = (place, column.name if column.codes else (column.type, column.pattern, column.max_length))
            if kind not in contents:
                contents[kind] = content_of(one.cells[place][:SAMPLE], column, probe, layout)
            content = contents[kind]
            if content is not None and content.share < AGAINST:
                continue
            alike = 1.0 if heading in called else max(name_likeness(heading, name) for name in called)
            points, because = score(content, same_place=False, alike=alike)
            # Nothing is said of its place. What must be there is looked for first.
            points = points / (1 - WEIGHTS["place"]) if content is not None else points
            points += NEEDED_FIRST * column.required
            if heading in called:
                points, because = points + 1.0, ("a known heading", *because[:1])
            sure = alike >= NAME_SURE or (content is not None and not content.weak and points >= SURE)
            scores[column.name, place] = points, because, sure
    found: dict[str, ColumnGuess] = {}
    taken: set[int] = set()
    while left := {pair: told for pair, told in scores.items() if pair[0] not in found and pair[1] not in taken}:
        (name, place), (best, because, sure) = max(left.items(), key=lambda item: item[1][0])
        if best < LIKELY:
            break
        near = [at for (other, at), told in left.items() if other == name and at != place and told[0] > best - CLOSE]
        rivals = [
            other for (other, at), told in left.items() if at == place and other != name and told[0] > best - CLOSE
        ]
        found[name] = ColumnGuess(name, place, because, sure and not near and not rivals, tuple(near))
        taken.add(place)
    return [found.get(column.name, ColumnGuess(column.name, None, (), False)) for column in contract.columns]


# --- words


def guess_words(cells: pa.Array, column: Column, table: str, knowledge: Knowledge) -> list[WordGuess]:
    """Every word of a code column with the code it may stand for, the commonest first.

    The layout that knows the most of the words, if it knows any, lends its codes; the same letter may mean another
    thing elsewhere.
    """
    counts = Counter({one["values"]: one["counts"] for one in cells.value_counts().to_pylist() if one["values"]})
    lender = _lender(counts, column, table, knowledge)
    codes = dict(lender.codes.get(column.name, {})) if lender else {}
    folded = {plain_word(word): code for word, code in codes.items()}
    contract_words = {plain_word(word): word for word in column.code_words}
    labels = {plain_word(code.meaning): code.code for code in column.codes}
    councils = reading_of(column, knowledge.probe(table))
    guesses: list[WordGuess] = []
    for word, count in counts.most_common():
        plain = plain_word(word)
        if holds_councils(column) and councils.of(word)[0] == GOOD:
            guesses.append(WordGuess(word, count, councils.of(word)[1], sure=True))
        elif word in codes or plain in folded:
            guesses.append(WordGuess(word, count, codes.get(word) or folded[plain], sure=True))
        elif plain in contract_words or plain in labels:
            guesses.append(WordGuess(word, count, contract_words.get(plain) or labels[plain], sure=True))
        else:
            near = max(labels, key=lambda label: name_likeness(plain, label), default="")
            code = labels[near] if near and name_likeness(plain, near) >= LABEL_ALIKE else None
            guesses.append(WordGuess(word, count, code, sure=False))
    return guesses


def further_words(guesses: Sequence[WordGuess], column: Column, table: str, knowledge: Knowledge) -> dict[str, str]:
    """The words that did not occur in these files, of a layout that knows every word that did: it is the same system."""
    counts = Counter({guess.word: guess.count for guess in guesses})
    lender = _lender(counts, column, table, knowledge)
    codes = dict(lender.codes.get(column.name, {})) if lender else {}
    known, observed = {plain_word(word) for word in codes}, {plain_word(word) for word in counts}
    return {word: code for word, code in codes.items() if plain_word(word) not in observed} if observed <= known else {}


def _lender(counts: Counter[str], column: Column, table: str, knowledge: Knowledge) -> TableMapping | None:
    best: tuple[int, TableMapping] | None = None
    for layout in knowledge.layouts:
        if table in layout.tables:
            known = {plain_word(word) for word in layout.tables[table].codes.get(column.name, {})}
            rows = sum(count for word, count in counts.items() if plain_word(word) in known)
            if rows and (best is None or rows > best[0]):
                best = rows, layout.tables[table]
    return best[1] if best else None


# --- dates and zeros


def guess_dates(columns: Mapping[str, pa.Array]) -> tuple[tuple[str, ...], bool, dict[str, tuple[str, ...]]]:
    """The date formats of all columns of dates together, whether they are sure, and the columns that need their own.

    Day first and month first are told apart by the days after the 12th, in any of the columns.
    """
    filled = {name: _filled(cells) for name, cells in columns.items()}
    filled = {name: cells for name, cells in filled.items() if len(cells)}
    if not filled:
        return ("%d/%m/%Y",), True, {}
    everything = pa.concat_arrays([cells.cast(pa.string()) for cells in filled.values()])
    formats, share = _formats(everything)
    rival = formats[0].replace("%d", "%#").replace("%m", "%d").replace("%#", "%m")
    told = rival == formats[0] or "%b" in rival or "%B" in rival or rival.startswith("%Y")
    sure = share >= DATES_SURE and (
        told or share_of_dates(everything, (rival,)) < share_of_dates(everything, formats[:1])
    )
    own: dict[str, tuple[str, ...]] = {}
    for name, cells in filled.items():
        if share_of_dates(cells, formats) < DATES_SURE:
            other, better = _formats(cells)
            if better > share_of_dates(cells, formats):
                own[name] = other
    return formats, sure, own


def _formats(cells: pa.Array) -> tuple[tuple[str, ...], float]:
    """The fewest formats that read nearly all cells: the best one, and another where it is needed."""
    shares = {form: share_of_dates(cells, (form,)) for form in FORMATS}
    best = max(FORMATS, key=lambda form: shares[form])
    formats: tuple[str, ...] = (best,)
    share = shares[best]
    for form in FORMATS:
        if share >= DATES_SURE:
            break
        if form not in MONTH_FIRST and share_of_dates(cells, (*formats, form)) > share + 1 - DATES_SURE:
            formats = (*formats, form)
            share = share_of_dates(cells, formats)
    return formats, share


def guess_width(cells: pa.Array) -> int | None:
    """The width of references that may have lost their zeros: all digits, of several lengths, none with a zero first.

    None where nothing speaks for it.
    """
    filled = _filled(cells)
    if not len(filled) or not pc.all(pc.match_substring_regex(filled, "^[0-9]+$")).as_py():
        return None
    lengths = pc.utf8_length(filled)
    longest, shortest = int(pc.max(lengths).as_py()), int(pc.min(lengths).as_py())
    if longest == shortest or pc.any(pc.starts_with(filled, "0")).as_py():
        return None
    return longest


def _filled(cells: pa.Array) -> pa.Array:
    return cells.filter(pc.greater(pc.utf8_length(cells), 0)) if len(cells) else cells
