"""What the code cites stands in the repository, and the documents say what the code declares."""

import re
import tomllib
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pact_pipeline import pathway
from pact_pipeline.cli.main import app
from pact_pipeline.measures.declarations import MEASURES
from pact_pipeline.settings import CHECKOUT

DOCS = CHECKOUT / "docs"
CITED = re.compile(r"\b(architecture|definitions|domain|glossary)#([\w-]+)")
"""As the code writes it: `definitions#stages` is the heading "Stages" of docs/definitions.md."""
LINKED = re.compile(r"\]\(([\w./-]*)(?:#([\w-]+))?\)")
READ = [
    path
    for folder in ("pact_pipeline", "pact_pipeline_tests", "data_contracts", "benchmarks", "docs")
    for path in sorted((CHECKOUT / folder).rglob("*"))
    if path.suffix in (".py", ".sql", ".yaml", ".md", ".jinja")
] + sorted(CHECKOUT.glob("*.md"))


def anchors(path: Path) -> set[str]:
    """The headings of a page as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def section(page: str, heading: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]


def test_each_heading_that_is_cited_exists() -> None:
    cited = {(page, anchor) for path in READ for page, anchor in CITED.findall(path.read_text(encoding="utf-8"))}
    assert len(cited) > 20
    assert {(page, anchor) for page, anchor in cited if anchor not in anchors(DOCS / f"{page}.md")} == set()


def test_no_document_is_cited_that_is_not_here() -> None:
    elsewhere = re.compile(r"\b(?:design|domain|lessons|libraries|disclosure|style)(?:\.md)? [0-9]", re.I)
    assert [path.name for path in READ if elsewhere.search(path.read_text(encoding="utf-8"))] == []


def test_links_of_the_pages_lead_somewhere() -> None:
    broken = []
    for page in chain(DOCS.glob("*.md"), CHECKOUT.glob("*.md")):
        for target, anchor in LINKED.findall(page.read_text(encoding="utf-8")):
            there = page.parent / target if target else page
            if not there.exists() or (anchor and anchor not in anchors(there)):
                broken.append((page.name, target, anchor))
    assert broken == []


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Stages", {*pathway.AWAITING_STAGES, *pathway.OTHER_STAGES}),
        ("Routes and orders", {route.plan for route in pathway.ROUTES}),
        ("Measures", {measure.code for measure in MEASURES}),
    ],
)
def test_the_definitions_have_a_line_for_each_word_of_the_code(heading: str, words: set[str]) -> None:
    lines = re.findall(r"^\| `?(\w+)`? \|", section("definitions.md", heading), re.M)
    assert words <= set(lines)
    if heading != "Measures":
        assert set(lines) - {"stage"} == words


def test_both_steps_of_the_definitions_are_the_codes() -> None:
    named = set(re.findall(r"`(\w+)`", section("definitions.md", "Family and legal step")))
    assert named - {"family_step", "legal_step", "not_awaiting"} == {*pathway.FAMILY_STEPS, *pathway.LEGAL_STEPS}


def test_the_glossary_is_in_order() -> None:
    words = re.findall(r"^\*\*(.+?)\*\*", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert words == sorted(words, key=str.casefold)


def test_the_version_is_told_and_stands_in_the_changelog() -> None:
    stated = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version("pact-pipeline") == stated
    assert CliRunner().invoke(app, ["--version"]).output == f"pact {stated}\n"
    assert f"\n## {stated}" in (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
