"""The feedback as a self-contained HTML page: counts, columns and lines, and no value of any row.

It has the look of the reports: one style sheet, with what a list of things to do needs beside it.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from pact_pipeline.intake.feedback.content import Content, Delivered
from pact_pipeline.intake.feedback.text import counted

SECTIONS = (
    ("became", "What became of it"),
    ("todo", "What to do now"),
    ("rows", "Rows"),
    ("rules", "What the rules found"),
    ("since", "What changed"),
    ("trend", "Your last deliveries"),
    ("read", "How your files were read"),
)
_WIDTH, _HEIGHT, _BASE = 640, 130, 160


@dataclass(frozen=True)
class Bar:
    """A bar of the trend, in the picture's units; `share` in words."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    share: str
    period: str
    number: str
    name: str
    this: bool


def page_of(content: Content) -> str:
    """The page of a content that was made safe by `for_the_page`. The same content gives the same text."""
    return _template().render(
        c=content,
        sections=SECTIONS,
        bars=_bars(content.history) if len(content.history) > 1 else (),
        more=counted(content.more_to_do, "more rule"),
        passed=counted(len(content.passed), "rule"),
        unseen=counted(len(content.not_examined), "rule"),
    )


@cache
def _template() -> Template:
    here = files("pact_pipeline.intake.feedback") / "templates"
    style = (files("pact_pipeline") / "reports" / "templates" / "report.css").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["style"] = Markup(style + (here / "feedback.css").read_text("utf-8"))  # noqa: S704 - our own
    return environment.from_string((here / "feedback.html.jinja").read_text("utf-8"))


def _bars(history: tuple[Delivered, ...]) -> tuple[Bar, ...]:
    most = max(one.share for one in history) or 1.0
    step = _WIDTH / len(history)
    wide = min(56.0, step * 0.6)
    bars = []
    for place, one in enumerate(history):
        middle, tall = round((place + 0.5) * step, 1), round(max(1.0, _HEIGHT * one.share / most), 1)
        number = f"no. {one.sequence}"
        bars.append(
            Bar(
                x=round(middle - wide / 2, 1),
                y=round(_BASE - tall, 1),
                width=round(wide, 1),
                height=tall,
                middle=middle,
                share=f"{one.share:.0%}",
                period=one.period.replace("CLAS", ""),
                number=number,
                name=f"{one.period} {number}",
                this=one.this,
            )
        )
    return tuple(bars)
