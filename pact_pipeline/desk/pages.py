"""Desk pages as self-contained, accessible HTML: the reports' style sheet with a few rules more, no script, no address."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pact_pipeline.desk.words import span_in_words
from pact_pipeline.disk import in_words
from pact_pipeline.failures import PactFailure

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """The page of a template; the same values give the same text. Everything in `values` is escaped."""
    return _environment().get_template(template).render(**values)


def write_page(path: Path, page: str) -> Path:
    """Write a page of contract words, readable by all. Raises PactFailure DESK-003 when the place can't be written."""
    problem = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        problem = in_words(error)
    if problem:
        raise PactFailure(
            "DESK-003", f"the page can't be written ({problem})", where=str(path), mend="choose another place by --out."
        )
    return path


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    reports = files("pact_pipeline") / "reports" / "templates" / "report.css"  # without importing the charts
    style = reports.read_text("utf-8") + (TEMPLATES / "desk.css").read_text("utf-8")
    environment.globals["style"] = Markup(style)  # noqa: S704 - our own files
    environment.filters |= {
        "breakable": lambda word: Markup("_<wbr>").join(word.split("_")),
        "span": span_in_words,
        "rules": lambda number: f"{number:,} rule{'' if number == 1 else 's'}",
    }
    return environment
