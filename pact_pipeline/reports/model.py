"""The blocks a report is made of: plain data that HTML, and later PDF and spreadsheets, are rendered from.

A figure in a block is a `Released`; a bare number is refused when the block is made. Prose comes from `words.say` or is
written out in the code without figures.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from pact_pipeline.release import Released

Svg = NewType("Svg", str)


class Unit(StrEnum):
    """How a number is written."""

    COUNT = "count"  # 1,234
    SHARE = "share"  # a fraction, written as a whole percentage
    MONTHS = "months"  # one decimal
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Words:
    """A cell that holds words, not a figure."""

    text: str


@dataclass(frozen=True)
class Interval:
    """A cell that holds a 95% interval."""

    lower: Released
    upper: Released


Cell = Released | Words | Interval


@dataclass(frozen=True)
class ReportColumn:
    """A column of a table. `group` is a heading over neighbouring columns of the same group."""

    title: str
    unit: Unit = Unit.COUNT
    group: str = ""


@dataclass(frozen=True)
class Row:
    header: str
    cells: tuple[Cell, ...]
    total: bool = False

    def __post_init__(self) -> None:
        if not all(isinstance(c, Released | Words | Interval) for c in self.cells):
            raise TypeError("a table cell must be a released figure or words")


@dataclass(frozen=True)
class Table:
    """`corner` heads the column of row headings."""

    caption: str
    corner: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[Row, ...]
    code: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"table '{self.caption}': a row has not one cell per column")


@dataclass(frozen=True)
class Figure:
    """A chart with its text alternative and the table of what it draws."""

    title: str
    description: str
    svg: Svg
    table: Table | None = None
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Paragraph:
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Points:
    """A short list; each point may open with a few words that stand out."""

    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeyFigure:
    label: str
    figure: Released
    unit: Unit
    note: str
    code: str


@dataclass(frozen=True)
class KeyFigures:
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Notice:
    """Something the reader must know before the figures."""

    title: str
    text: str


@dataclass(frozen=True)
class Definitions:
    """Terms with their meaning: (term, code, sentences)."""

    terms: tuple[tuple[str, str, tuple[str, ...]], ...]


NOTHING = Paragraph("No figures for this month yet.", quiet=True)

Block = Paragraph | Points | KeyFigures | Notice | Table | Figure | Definitions


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A page: title, what it is about, the marks every page carries, and its sections. `build_id` is empty for a page that
    isn't made of a build; `series` names the pages it is one of; `clock_note` is what a made-up home says of its clock."""

    title: str
    subtitle: str
    audience: str
    as_at: str
    build_id: str
    sections: tuple[Section, ...]
    marks: tuple[str, ...] = field(default=("Provisional",))
    series: str = "PACT: monthly report to partners"
    clock_note: str = ""
