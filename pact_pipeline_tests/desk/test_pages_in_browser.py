"""Dictionary and catalogue in a real browser. Needs Debian's chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.catalogue import RULES_FILE, rules_page
from pact_pipeline.desk.dictionary import DICTIONARY_FILE, dictionary_page
from pact_pipeline.desk.pages import write_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PHONE, DESK = 390, 1280

pytestmark = [pytest.mark.long, pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield opened
        opened.close()


def written(contracts: Contracts, folder: Path) -> dict[str, Path]:
    made = {DICTIONARY_FILE: dictionary_page(contracts), RULES_FILE: rules_page(contracts)}
    return {name: write_page(folder / name, page) for name, page in made.items()}


@pytest.fixture(scope="module")
def pages(contracts: Contracts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(contracts, tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def short_pages(contracts: Contracts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same pages of two collections: every kind of block is on them, and axe reads them in seconds."""
    some = Contracts(tuple(one for one in contracts.values() if one.collection in ("courts", "health")))
    return written(some, tmp_path_factory.mktemp("short"))


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", [DICTIONARY_FILE, RULES_FILE])
def test_a_page_has_no_accessibility_violation_and_needs_no_sideways_scrolling(
    pages: dict[str, Path], short_pages: dict[str, Path], browser: Browser, name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(short_pages[name].as_uri())
    violations = Axe().run(page, options=WCAG).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:120]) for found in violations] == []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [pages[name].as_uri()]
    page.close()


def test_a_link_to_a_rule_shows_that_rule(pages: dict[str, Path], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto(f"{pages[RULES_FILE].as_uri()}#CH-010")
    top = page.locator("[id='CH-010']").bounding_box()
    assert top is not None
    assert 0 <= top["y"] < 450
    page.close()
