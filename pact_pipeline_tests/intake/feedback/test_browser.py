"""The page in a real browser: no accessibility violation, no sideways scrolling, nothing asked for from outside."""

import shutil
from collections.abc import Callable

import pytest

from pact_pipeline.contracts import Contracts
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.judging.outcome import Outcome, TableChange
from pact_pipeline_tests.intake.feedback.conftest import Opened
from pact_pipeline_tests.intake.feedback.returns import PAST, child, children, history, told

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

pytestmark = [pytest.mark.long, pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")]


def test_the_page_meets_wcag_on_a_phone_and_at_a_desk(tell: Callable[[Outcome], Opened], contracts: Contracts) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    bad = children(
        contracts, [child(1, sex="girl"), child(2, date_of_birth="31/02/2016"), child(3)], malformed=[(4, 9)]
    )
    opened = tell(
        told(
            bad,
            refused=(("milestones", FileRefused("FILE-004", "the file is empty", where="m.csv")),),
            history=history(*PAST, findings={"CH-003": 2}),
            changes={"children": TableChange(1, 2, 3, 4)},
            notes={"children": ("the columns are parted by semicolons",)},
        )
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width in (390, 1280):
            page = browser.new_page(viewport={"width": width, "height": 900})
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(opened.paths.page.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            violations = Axe().run(page, options=WCAG).response["violations"]
            assert [(found["id"], found["nodes"][0]["html"][:120]) for found in violations] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert asked == [opened.paths.page.as_uri()]
            page.close()
        browser.close()
