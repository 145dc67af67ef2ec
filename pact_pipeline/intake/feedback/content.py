"""What is said to a supplier about a submission, as plain data: workbook and page only lay it out.

Nothing here holds a value of a supplier's cell, except the `shows` of a doubt's readings, what `quotes` its file (a heading
nobody asked for) and what a thing to do `shows`; `for_the_page` takes all of it away. The rows themselves stand in `rows`,
for the workbook alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pact_pipeline.intake.feedback.text import file_name, masked

RuleOutcome = Literal["hold", "refuse", "warn", "passed", "not examined"]
Trend = Literal["new", "fixed", "still there", "not looked at this time"]


@dataclass(frozen=True)
class ToDo:
    """One thing to do, most important first. `lead`: which table or file; `text`: what is wrong; `mend`: what to do.

    `readings`: name and what the file then shows, of something that can be read in two ways. `quotes`: the text may
    quote a heading of the file. `shows`: how the file calls the sheet or member it is about.
    """

    lead: str
    text: str
    mend: str
    code: str
    readings: tuple[tuple[str, str], ...] = ()
    quotes: bool = False
    shows: str = ""


@dataclass(frozen=True)
class TableCount:
    """One table's rows. `file_name` is the file it came in; `carried_over` from the delivery before, not sent now."""

    table: str
    title: str
    rows_read: int
    rows_taken: int
    rows_refused: int
    rows_warned: int
    file_name: str
    carried_over: bool


@dataclass(frozen=True)
class RuleLine:
    """One rule on one table: how many rows it looked at and found. `lines`: the first of them, as a spreadsheet counts.

    `where`: the columns under the supplier's own headings. `of_the_table`: found in the table as a whole, not in rows.
    """

    table: str
    code: str
    outcome: RuleOutcome
    where: str
    found: int
    examined: int
    title: str
    message: str
    mend: str
    source: str
    lines: tuple[int, ...] = ()
    of_the_table: bool = False

    @property
    def in_words(self) -> str:
        return OUTCOMES[self.outcome]


OUTCOMES: dict[str, str] = {
    "hold": "held for a person",
    "refuse": "row refused",
    "warn": "warning",
    "passed": "passed",
    "not examined": "not examined: no row to look at",
}


@dataclass(frozen=True)
class Changed:
    """Rows of a table since the delivery before, by the table's key."""

    table: str
    added: int
    gone: int
    changed: int
    same: int


@dataclass(frozen=True)
class FindingChange:
    """A rule's rows then and now. `before` or `now` is None where it wasn't looked at."""

    code: str
    title: str
    before: int
    now: int
    trend: Trend


@dataclass(frozen=True)
class Delivered:
    """A delivery of the past, or this one, in the trend."""

    period: str
    sequence: int
    state: str
    rows_read: int
    rows_refused: int
    rows_warned: int
    this: bool = False

    @property
    def share(self) -> float:
        """The share of rows refused, 0 to 1."""
        return self.rows_refused / self.rows_read if self.rows_read else 0.0


@dataclass(frozen=True)
class Content:
    """All of it, the important things first. `clock_note`: what a made-up home says of its clock, else empty."""

    submission_id: str
    supplier: str
    collection: str
    period: str
    period_in_words: str
    sequence: int
    received: str
    received_at: datetime
    state: str
    sentence: str
    why: str
    to_do: tuple[ToDo, ...]
    more_to_do: int
    tables: tuple[TableCount, ...]
    taken_heading: str
    notes: tuple[tuple[str, str], ...]
    rules: tuple[RuleLine, ...]
    previous_period: str
    changes: tuple[Changed, ...]
    compared_with: str
    finding_changes: tuple[FindingChange, ...]
    history: tuple[Delivered, ...]
    contact: str
    known: frozenset[str]
    foreign: frozenset[str]
    clock_note: str = ""

    @property
    def findings(self) -> tuple[RuleLine, ...]:
        """The rules that found something, those that hold or refuse first, then by how much."""
        return tuple(rule for rule in self.rules if rule.outcome in ("hold", "refuse", "warn"))

    @property
    def passed(self) -> tuple[RuleLine, ...]:
        return tuple(rule for rule in self.rules if rule.outcome == "passed")

    @property
    def not_examined(self) -> tuple[RuleLine, ...]:
        return tuple(rule for rule in self.rules if rule.outcome == "not examined")

    def for_the_page(self) -> "Content":
        """The same, safe to show to anybody who may open the page: nothing a file says beside what was agreed."""

        def shown(one: ToDo) -> ToDo:
            readings = tuple((name, "") for name, _ in one.readings)
            if not one.quotes:
                return replace(one, readings=readings, shows="")
            text, mend, lead = (masked(words, self.known, self.foreign) for words in (one.text, one.mend, one.lead))
            return replace(one, text=text, mend=mend, lead=lead, readings=readings, shows="")

        return replace(
            self,
            why=masked(self.why, self.known, self.foreign),
            to_do=tuple(map(shown, self.to_do)),
            notes=tuple((table, masked(note, self.known, self.foreign)) for table, note in self.notes),
            tables=tuple(replace(table, file_name=file_name(table.file_name)) for table in self.tables),
        )


def in_order(rules: Sequence[RuleLine]) -> tuple[RuleLine, ...]:
    """Findings first, what holds and refuses before what warns, then the most rows; then passed, then not examined."""
    places = list(OUTCOMES)
    return tuple(sorted(rules, key=lambda rule: (places.index(rule.outcome), -rule.found, rule.code, rule.where)))
