"""From guesses to a mapping: what is sure is taken, the rest is asked, and what nobody answers stays open.

Answers come from a file, or from a person at the terminal (`ask`). Nothing that isn't sure is ever decided here.
Questions show headings and code words with how often they stand there; never a reference, initials or a day.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Contract
from pact_pipeline.failures import PactFailure
from pact_pipeline.onboarding.guess import (
    ColumnGuess,
    Knowledge,
    further_words,
    guess_columns,
    guess_dates,
    guess_empty,
    guess_tables,
    guess_width,
    guess_words,
    holds_councils,
)
from pact_pipeline.onboarding.observed import ObservedTable
from pact_pipeline.periods import SHORT_MONTH_NAMES
from pact_pipeline.suppliers.layout import plain_heading, plain_word

NONE, ABSENT, IGNORE, REFUSE, FIX, CONSTANT = "none", "absent", "ignore", "refuse", "fix:", "="
# A column with more different words is hardly one of codes; what looks like a reference or a day is never shown.
MOST_WORDS = 60
_PERSONAL = re.compile(r"\d{4}|\d+[/.-]\d+[/.-]\d+")


@dataclass(frozen=True)
class Question:
    """What isn't sure. `key` names it in an answers file; `proposal` is empty where there is none."""

    key: str
    text: str
    proposal: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


Ask = Callable[[Question], str]


@dataclass
class TableDraft:
    """A table's mapping as it grows: what `write.py` writes."""

    table: str
    name: str
    columns: dict[str, str] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    fixable: dict[str, dict[str, str]] = field(default_factory=dict)
    ignored_words: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    councils: dict[str, str] = field(default_factory=dict)
    date_formats: dict[str, tuple[str, ...]] = field(default_factory=dict)
    zero_padded: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """A layout as it grows."""

    format: str
    encoding: str
    delimiter: str
    file: str = ""
    members: str = ""
    date_formats: tuple[str, ...] = ("%d/%m/%Y",)
    empty: tuple[str, ...] = ("",)
    tables: dict[str, TableDraft] = field(default_factory=dict)


class Resolver:
    """Decides question after question; what is neither sure nor answered is kept in `open`."""

    def __init__(self, answers: Mapping[str, str], ask: Ask | None = None) -> None:
        self.answers, self.ask = answers, ask
        self.open: list[Question] = []
        self.asked: set[str] = set()

    def resolve(self, question: Question, *, sure: bool) -> str:
        """The answer; the proposal where it is open."""
        self.asked.add(question.key)
        answer = self.answers.get(question.key)
        if answer is None and sure:
            return question.proposal
        if answer is None and self.ask is not None:
            answer = self.ask(question)
        if answer is None or answer == "":
            self.open.append(question)
            return question.proposal
        if question.allowed and answer not in question.allowed and not answer.startswith((FIX, CONSTANT)):
            raise PactFailure(
                "SUP-002",
                f"the answer '{answer}' to '{question.key}' isn't one of {', '.join(question.allowed[:40])}",
                mend="see to the answer.",
            )
        return answer

    def unused(self) -> list[str]:
        """Answers to questions that were never put: misspelt, most likely."""
        return sorted(set(self.answers) - self.asked)


def resolve(
    observed: Sequence[ObservedTable], knowledge: Knowledge, resolver: Resolver, supplier: tuple[str, str]
) -> tuple[Draft, dict[str, ObservedTable]]:
    """The layout of the files, as far as it is settled, and the table each was seen as. `supplier`: key and name."""
    first = observed[0]
    if len({one.format for one in observed}) > 1:
        raise PactFailure("SUP-003", "the files are of different kinds", mend="give those of one delivery.")
    encodings = {one.encoding for one in observed} - {"utf-8"}
    draft = Draft(first.format, encodings.pop() if encodings else "utf-8", first.row.delimiter or ",")
    draft.empty = _empty(observed, knowledge, resolver)
    observed = [replace(one, cells=tuple(_emptied(cells, draft.empty) for cells in one.cells)) for one in observed]
    tables = _tables(observed, knowledge, resolver)
    if not tables:
        raise PactFailure("SUP-004", "no table could be told", mend="answer the questions about tables.")
    _names(draft, tables, knowledge, resolver, supplier)
    dates: dict[str, pa.Array] = {}
    for table, one in tables.items():
        contract = knowledge.contracts[table]
        part = draft.tables[table]
        guesses = guess_columns(one, contract, knowledge)
        places = _columns(part, guesses, one, contract, resolver)
        for column in contract.columns:
            place = places.get(column.name)
            if place is None:
                continue
            if column.codes:
                _words(part, one.cells[place], contract, column.name, knowledge, resolver)
            elif column.type == "date" and place not in one.native:
                dates[f"{table}.{column.name}"] = one.cells[place]
            elif column.name.endswith(("_ref", "scn")) and (width := guess_width(one.cells[place])):
                question = Question(
                    f"{table}.zeros.{column.name}",
                    f"'{part.columns[column.name]}' holds digits of several lengths up to {width}: do the shorter ones lack "
                    f"leading zeros? ({width}, or {NONE})",
                    NONE,
                )
                answer = resolver.resolve(question, sure=False)
                if answer.isdigit():
                    part.zero_padded[column.name] = int(answer)
    _dates(draft, dates, resolver)
    return draft, tables


def _empty(observed: Sequence[ObservedTable], knowledge: Knowledge, resolver: Resolver) -> tuple[str, ...]:
    """The words that are read as an empty cell, the empty text first."""
    found = guess_empty(observed, knowledge)
    question = Question("empty", "which words stand for an empty cell? (several with commas)", ", ".join(found))
    said = resolver.resolve(question, sure=True)
    return ("", *(word.strip() for word in said.split(",") if word.strip()))


def _emptied(cells: pa.Array, empty: tuple[str, ...]) -> pa.Array:
    return pc.if_else(pc.is_in(cells, pa.array(empty)), "", cells)


def _tables(observed: Sequence[ObservedTable], knowledge: Knowledge, resolver: Resolver) -> dict[str, ObservedTable]:
    tables: dict[str, ObservedTable] = {}
    for one, (guess, sure, why) in zip(observed, guess_tables(observed, knowledge), strict=True):
        question = Question(
            f"table.{one.name or one.path.name}",
            f"which table is {one.shown}? ({why})",
            guess or NONE,
            (*knowledge.contracts, NONE),
        )
        table = resolver.resolve(question, sure=sure)
        if table == NONE:
            continue
        if table in tables:
            raise PactFailure(
                "SUP-005", f"two of the files are '{table}'", where=f"{tables[table].shown} and {one.shown}",
                mend="give one delivery of one period.",
            )  # fmt: skip
        tables[table] = one
    return tables


# --- columns


def _columns(
    part: TableDraft, guesses: Sequence[ColumnGuess], one: ObservedTable, contract: Contract, resolver: Resolver
) -> dict[str, int]:
    """Settle each column; gives the place of each that has a heading."""
    by_heading = {plain_heading(heading): place for place, heading in enumerate(one.headings) if heading}
    places: dict[str, int] = {}
    for guess in guesses:
        column = contract.column(guess.column)
        proposal = one.headings[guess.place] if guess.place is not None else ("" if column.required else ABSENT)
        others = f"; or {', '.join(repr(one.headings[place]) for place in guess.others)}" if guess.others else ""
        why = f": {', '.join(guess.because)}" if guess.because else ""
        told = f"it may be '{proposal}'{why}{others}" if guess.place is not None else "no heading is like it"
        question = Question(
            f"{part.table}.column.{column.name}",
            f"which heading is '{column.name}' ({column.description.rstrip('.')})? {told} "
            f"(a heading, {'' if column.required else ABSENT + ', '}or {CONSTANT}value for all rows)",
            proposal,
        )
        # A column that nobody needs and nothing is like isn't worth a question.
        sure = guess.sure or (guess.place is None and not column.required)
        answer = resolver.resolve(question, sure=sure)
        if answer == ABSENT or (not answer and not column.required):
            part.absent.append(column.name)
        elif answer.startswith(CONSTANT):
            part.constants[column.name] = answer.removeprefix(CONSTANT).strip()
        elif answer:
            place = by_heading.get(plain_heading(answer))
            if place is None:
                raise PactFailure(
                    "SUP-006", f"there is no heading '{answer}'", where=one.shown, mend=f"see to '{question.key}'."
                )
            if place in places.values():
                raise PactFailure(
                    "SUP-007", f"'{answer}' is given to two columns", where=one.shown, mend=f"see to '{question.key}'."
                )
            places[column.name] = place
            part.columns[column.name] = one.headings[place]
            part.because[column.name] = ", ".join(guess.because) if place == guess.place else "said by a person"
    part.ignored = [heading for place, heading in enumerate(one.headings) if heading and place not in places.values()]
    return places


# --- words


def _words(
    part: TableDraft, cells: pa.Array, contract: Contract, name: str, knowledge: Knowledge, resolver: Resolver
) -> None:
    column = contract.column(name)
    guesses = guess_words(cells, column, part.table, knowledge)
    if holds_councils(column):
        codes = sum(guess.count for guess in guesses if re.fullmatch(r"S\d{8}", guess.word))
        part.councils[name] = "codes" if 2 * codes >= sum(guess.count for guess in guesses) else "names"
        guesses = [guess for guess in guesses if not guess.sure]
    if len(guesses) > MOST_WORDS:
        raise PactFailure(
            "SUP-008",
            f"'{part.columns[name]}' holds {len(guesses):,} different words: that is no column of codes",
            mend=f"answer '{part.table}.column.{name}' with another heading, or {ABSENT}.",
        )
    by_folded: dict[str, str] = {}
    for guess in guesses:
        part.counts.setdefault(name, {})[guess.word] = guess.count
        if plain_word(guess.word) in by_folded:
            continue
        by_folded[plain_word(guess.word)] = guess.word
        if not guess.sure and _PERSONAL.search(guess.word):
            continue
        proposal = guess.code or ""
        told = f"'{proposal}'?" if proposal else "no code is like it."
        question = Question(
            f"{part.table}.word.{name}.{guess.word}",
            f"what does '{guess.word}' ({_times(guess.count)} in '{part.columns[name]}') mean? {told} "
            f"(a code, {FIX}code to take it with a warning, {IGNORE} to read it as empty, {REFUSE})",
            proposal,
            (*column.code_words, IGNORE, REFUSE),
        )
        answer = resolver.resolve(question, sure=guess.sure)
        if answer == IGNORE:
            part.ignored_words.setdefault(name, []).append(guess.word)
        elif answer.startswith(FIX):
            part.fixable.setdefault(name, {})[guess.word] = answer.removeprefix(FIX).strip()
        elif answer and answer != REFUSE:
            part.codes.setdefault(name, {})[guess.word] = answer
    if further := further_words(guesses, column, part.table, knowledge):
        part.codes.setdefault(name, {}).update(further)


# --- dates


def _dates(draft: Draft, dates: Mapping[str, pa.Array], resolver: Resolver) -> None:
    formats, sure, own = guess_dates(dates)
    question = Question(
        "dates",
        f"how are days written? They can be read as {', '.join(formats)}, and not by these cells alone is it told "
        "whether the day or the month stands first (%d/%m/%Y …; several with commas)"
        if not sure
        else "how are days written?",
        ", ".join(formats),
    )
    draft.date_formats = _forms(resolver.resolve(question, sure=sure))
    for key, forms in own.items():
        table, _, column = key.partition(".")
        question = Question(
            f"{table}.dates.{column}",
            f"'{draft.tables[table].columns[column]}' is written in another form than the rest: {', '.join(forms)}?",
            ", ".join(forms),
        )
        draft.tables[table].date_formats[column] = _forms(resolver.resolve(question, sure=False))


def _forms(answer: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in answer.split(",") if form.strip())


# --- names


def _names(
    draft: Draft,
    tables: Mapping[str, ObservedTable],
    knowledge: Knowledge,
    resolver: Resolver,
    supplier: tuple[str, str],
) -> None:
    """How files are called, with the period, supplier and table as placeholders, and each table's own name."""
    if draft.format == "csv":
        patterns = {table: generalised(one.path.name, supplier) for table, one in tables.items()}
        pattern, names = common_pattern(patterns)
    else:
        pattern = generalised(next(iter(tables.values())).path.name, supplier)
        names = {table: one.name for table, one in tables.items()}
        if draft.format == "zip":
            members = {table: generalised(one.name, supplier) for table, one in tables.items()}
            draft.members, names = common_pattern(members)
    for table in tables:
        draft.tables[table] = TableDraft(table, names[table])
    told = "{yyyy}" in pattern or "{yy}" in pattern
    may_be = f" It may be '{pattern}'." if told else ""
    question = Question(
        "file",
        f"how are the files called? ({{supplier}}, {{name}}, {{table}}, {{yyyy}}, {{mm}}, {{mon}} …){may_be}",
        pattern if told else "",
    )
    # 1208 may be a year and a month, and may be anything; another supplier's word for it settles it.
    sure = "{yyyy}" in pattern or pattern in {layout.file for layout in knowledge.layouts}
    draft.file = resolver.resolve(question, sure=sure)


def generalised(file_name: str, supplier: tuple[str, str]) -> str:
    """A file's name with the period and the supplier as placeholders: `GLG_Children_201208.csv` as
    `{supplier}_Children_{yyyy}{mm}.csv`."""
    months = "|".join(SHORT_MONTH_NAMES)
    name = re.sub(r"(?<!\d)20\d\d([-_. ]?)(0[1-9]|1[0-2])(?!\d)", r"{yyyy}\1{mm}", file_name, count=1)
    if "{yyyy}" not in name:
        name = re.sub(r"(?<!\d)(0[1-9]|1[0-2])([-_. ]?)20\d\d(?!\d)", r"{mm}\2{yyyy}", name, count=1)
    if "{yyyy}" not in name:
        name = re.sub(rf"(?i)(?<![a-z])(?:{months})([-_. ]?)20\d\d(?!\d)", r"{mon}\1{yyyy}", name, count=1)
    if "{yyyy}" not in name:
        name = re.sub(r"(?<!\d)[12]\d([-_. ]?)(0[1-9]|1[0-2])(?!\d)", r"{yy}\1{mm}", name, count=1)
    for word, placeholder in zip(supplier, ("{supplier}", "{name}"), strict=True):
        name = re.sub(rf"(?i)(?<![a-z0-9{{]){re.escape(word)}(?![a-z0-9}}])", placeholder, name, count=1)
    return name


def common_pattern(names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The pattern that the names share, with {table} where they differ, and what stands there for each table."""
    if len(names) == 1:
        ((table, name),) = names.items()
        stem = PurePath(name).stem
        words = [word for word in re.split(r"[-_. ]+|\{[^}]*\}", stem) if word]
        near = next((word for word in words if plain_heading(word)[:4] == table[:4]), words[0] if words else stem)
        return name.replace(near, "{table}", 1), {table: near}
    split = {table: re.split(r"([-_. ])", name) for table, name in names.items()}
    pieces = list(split.values())
    shortest = min(map(len, pieces))
    start = next((at for at in range(shortest) if len({piece[at] for piece in pieces}) > 1), shortest)
    end = next((at for at in range(shortest - start) if len({piece[-1 - at] for piece in pieces}) > 1), 0)
    tail = pieces[0][len(pieces[0]) - end :]
    pattern = "".join([*pieces[0][:start], "{table}", *tail])
    return pattern, {table: "".join(piece[start : len(piece) - end]) for table, piece in split.items()}


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
