"""The rows with findings, whole, for the restricted workbook alone; never a column outside the contract, but for the
supplier's own echo column.

At most `MOST_ROWS` rows in all. Where there are more, every table gets its share, so that a table with one bad row is
never crowded out by one with ten thousand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pact_pipeline.intake.feedback.expected import Expected
from pact_pipeline.intake.feedback.text import counted
from pact_pipeline.intake.judging.judged_table import REFERENCES, Found, JudgedTable
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.judging.rules import MALFORMED, rule_words
from pact_pipeline.periods import Period

MOST_ROWS = 5_000
MOST_MISSING = 1_000
MOST_SIGNS = 300


@dataclass(frozen=True)
class WrongRow:
    """A row with all its findings. `cells`: the contract's columns as written; `wrong`: (place in cells, refuses?)."""

    line: int
    reference: str
    what: str
    mend: str
    refused: bool
    wrong_cells: str
    echo: str
    cells: tuple[str, ...]
    wrong: tuple[tuple[int, bool], ...]


@dataclass(frozen=True)
class WrongRows:
    """One table's rows with findings: the first `shown` of `total`. `headings` and `echo` are the supplier's own."""

    table: str
    title: str
    total: int
    shown: int
    reference: str
    echo: str
    headings: tuple[str, ...]
    rows: tuple[WrongRow, ...]


@dataclass(frozen=True)
class MissingRow:
    """A row of the delivery before that isn't in this one."""

    table: str
    code: str
    reference: str
    key: str
    what: str
    mend: str


def wrong_rows(outcome: Outcome, most: int = MOST_ROWS) -> list[WrongRows]:
    """The rows with findings of every table that has any, at most `most` in all."""
    tables = [judged for judged in outcome.judged if judged.rows_with_findings]
    rooms = shares([judged.rows_with_findings for judged in tables], most)
    period = Period.parse(outcome.submission.period)
    return [_of_table(judged, room, period) for judged, room in zip(tables, rooms, strict=True)]


def shares(counts: Sequence[int], most: int) -> list[int]:
    """How many of each are shown: all where they fit, else equal shares, what one doesn't need going to the others."""
    given = [0] * len(counts)
    left, waiting = most, sorted(range(len(counts)), key=lambda place: counts[place])
    for number, place in enumerate(waiting):
        given[place] = min(counts[place], left // (len(waiting) - number))
        left -= given[place]
    return given


def _of_table(judged: JudgedTable, most: int, period: Period) -> WrongRows:
    table = judged.table
    columns = [name for name in table.contract.column_names if name in table.text]
    reference = next((name for name in REFERENCES if name in table.text), "") or next(
        (name for name in table.contract.primary_key if name in table.text), ""
    )
    echo = table.echo
    rows = sorted([*_read_rows(judged, columns, reference, period, most), *_malformed(judged, len(columns), most)],
                  key=lambda row: row.line)[:most]  # fmt: skip
    return WrongRows(
        table=table.contract.table,
        title=table.contract.title,
        total=judged.rows_with_findings,
        shown=len(rows),
        reference=judged.heading(reference) if reference else "",
        echo="" if echo is None else table.echo_heading or "Your own column",
        headings=tuple(judged.heading(name) for name in columns),
        rows=tuple(rows),
    )


def _read_rows(
    judged: JudgedTable, columns: Sequence[str], reference: str, period: Period, most: int
) -> Iterator[WrongRow]:
    table = judged.table
    rows = np.flatnonzero(judged.refused | judged.warned)[:most]
    findings: list[list[Found]] = [[] for _ in rows]
    for found in judged.findings:
        for place in np.flatnonzero(np.isin(rows, found.positions, kind="table")).tolist():
            findings[place].append(found)
    cells = {name: [_cut(value) for value in table.text[name].take(rows).to_pylist()] for name in columns}
    echo = table.echo
    echoes = [""] * len(rows) if echo is None else [_cut(value) for value in echo.take(rows).to_pylist()]
    expected = Expected(judged, period)
    places = {name: place for place, name in enumerate(columns)}
    for place, (row, found_here) in enumerate(zip(rows.tolist(), findings, strict=True)):
        here = sorted(found_here, key=lambda found: found.words.severity == "warn")
        marks: dict[int, bool] = {}
        whats: list[str] = []
        for found in here:
            about = expected.columns(found, row)
            for name in about:
                if name in places:
                    marks[places[name]] = marks.get(places[name], False) or found.words.severity == "refuse"
            said = ", ".join(_said(judged.heading(n), cells[n][place] if n in cells else "") for n in about)
            whats.append(_reason(said, found.words.message, expected.words(found, row), found.words.code))
        yield WrongRow(
            line=int(table.source_row[row]),
            reference=cells[reference][place] if reference else "",
            what=_numbered(whats),
            mend=_numbered(dict.fromkeys(found.words.mend for found in here)),
            refused=bool(judged.refused[row]),
            wrong_cells=", ".join(judged.heading(columns[mark]) for mark in sorted(marks)),
            echo=echoes[place],
            cells=tuple(cells[name][place] for name in columns),
            wrong=tuple(sorted(marks.items())),
        )


def _malformed(judged: JudgedTable, width: int, most: int) -> Iterator[WrongRow]:
    """The rows whose cells could not be told apart: by line alone."""
    contract = judged.table.contract
    words = rule_words(contract)[contract.finding_code(MALFORMED)]
    for row in judged.table.malformed[:most]:
        what = _reason("", words.message, f"This row has {counted(row.cells, 'cell')}.", words.code)
        yield WrongRow(row.source_row, "", what, words.mend, True, "the whole row", "", ("",) * width, ())


def _said(heading: str, value: str) -> str:
    return f"{heading} “{value}”" if value else f"{heading} (empty)"


def _reason(said: str, message: str, expected: str, code: str) -> str:
    return " ".join(filter(None, (f"{said}:" if said else "", message, expected, f"[{code}]")))


def _numbered(texts: Sequence[str] | dict[str, None]) -> str:
    listed = list(texts)
    return listed[0] if len(listed) == 1 else "\n".join(f"{n}. {text}" for n, text in enumerate(listed, start=1))


def _cut(value: str | None) -> str:
    if value is None or len(value) <= MOST_SIGNS:
        return value or ""
    return f"{value[:MOST_SIGNS]}… (cut; {len(value):,} signs)"


# --- what is gone


def missing_rows(outcome: Outcome) -> list[MissingRow]:
    """The rows that rules miss from the delivery before, then those that are just gone; capped table by table."""
    return [row for judged in outcome.judged for row in _missing(outcome, judged)]


def _missing(outcome: Outcome, judged: JudgedTable) -> Iterator[MissingRow]:
    contract = judged.table.contract
    words, seen = rule_words(contract), set[str]()
    for finding in judged.table_findings:
        former = finding.former_rows
        if former is None:
            continue
        rule = words[finding.rule]
        reference = next((name for name in REFERENCES if name in former.columns), "")
        others = [name for name in former.columns if name != reference]
        for row in former.head(MOST_MISSING).to_dict("records"):
            named = _plain(row[reference]) if reference else ""
            seen.add(named)
            key = "; ".join(f"{judged.heading(name)} {_plain(row[name])}" for name in map(str, others))
            yield MissingRow(contract.table, rule.code, named, key, rule.message, rule.mend)
    change = outcome.changes.get(contract.table)
    if change is not None:
        for named in change.gone_references[:MOST_MISSING]:
            if named not in seen:
                what = "In your delivery before, not in this one."
                yield MissingRow(contract.table, "", named, "", what, "If it is still true, send it again.")


def _plain(value: Any) -> str:
    """A cell of the former rows as text: a date without its time, a missing one as nothing."""
    if pd.isna(value):
        return ""
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
