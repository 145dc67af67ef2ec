"""A report as one self-contained, accessible HTML file: a template, a style sheet inside it, no script and no address.

What the template relies on: one h1, a heading per section, tables with caption and scopes, pictures with role, title
and description. Everything but charts, which come from `charts` alone, is escaped.
"""

import re
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from pact_pipeline.reports.model import (
    Cell,
    Definitions,
    Figure,
    Interval,
    KeyFigures,
    Notice,
    Paragraph,
    Points,
    Report,
    ReportColumn,
    Svg,
    Table,
    Words,
)
from pact_pipeline.reports.words import figure_in_words

KINDS: dict[type, str] = {
    Paragraph: "paragraph",
    Points: "points",
    KeyFigures: "key_figures",
    Notice: "notice",
    Table: "table",
    Figure: "figure",
    Definitions: "definitions",
}


OLDER_GOES_HERE = "<!-- older -->"
AN_OLDER_PAGE = (
    '<p class="older" role="note">This page is of an older build than the one that is served now: figures may have changed'
    " since. It says so until it is written anew.</p>"
)
"""What takes that place in a page when another build is served than the one it is of."""


def build_of_page(beginning: str) -> str | None:
    """The build that a page is of, from its first thousand characters; None where it names none."""
    found = re.search(r'<meta name="build" content="([^"]*)">', beginning)
    return found[1] if found else None


def html_page(report: Report) -> str:
    """The page. The same report gives the same text."""
    return _template().render(report=report)


@cache
def _template() -> Template:
    folder = files("pact_pipeline.reports") / "templates"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["older_goes_here"] = Markup(OLDER_GOES_HERE)  # noqa: S704 - our own words
    environment.globals["style"] = Markup((folder / "report.css").read_text("utf-8"))  # noqa: S704 - our own file
    environment.filters |= {
        "kind": lambda block: KINDS[type(block)],
        "cell": cell_in_words,
        "figure": figure_in_words,
        "groups": column_groups,
        "picture": _picture,
        "numeric": lambda cell: not isinstance(cell, Words),
        "quiet": lambda cell: getattr(getattr(cell, "lower", cell), "shorthand", None) is not None,
    }
    return environment.from_string((folder / "report.html.jinja").read_text("utf-8"))


def cell_in_words(cell: Cell, column: ReportColumn) -> str:
    """A cell's text; an interval whose two ends say the same is said once."""
    if isinstance(cell, Words):
        return cell.text
    if isinstance(cell, Interval):
        lower, upper = figure_in_words(cell.lower, column.unit), figure_in_words(cell.upper, column.unit)
        return lower if lower == upper else f"{lower} to {upper}"
    return figure_in_words(cell, column.unit)


def column_groups(columns: tuple[ReportColumn, ...]) -> list[tuple[str, int]]:
    """Headings over neighbouring columns, with how many each spans; empty if no column has one."""
    if not any(c.group for c in columns):
        return []
    return [(name, len(list(group))) for name, group in groupby(columns, key=lambda c: c.group)]


def _picture(svg: Svg) -> Any:
    return Markup(svg)  # noqa: S704 - drawn by `charts`, which escapes title and description
