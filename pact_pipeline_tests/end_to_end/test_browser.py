"""What people see, in a real browser: the report pages and the Dagster UI of a small country. Needs Debian's chromium."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.end_to_end.conftest import SmallCountry, take_the_whole_way

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class Ui:
    """An open UI, and a browser in which somebody has come in."""

    address: str
    context: BrowserContext


pytestmark = [pytest.mark.long, pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")]


@pytest.fixture(scope="module")
def country(environment: pytest.MonkeyPatch, warehouse_server: EmbeddedPostgres) -> Iterator[SmallCountry]:
    made = take_the_whole_way(warehouse_server, faults=True)
    yield made
    made.engine.dispose()
    made.analyst.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages(country: SmallCountry) -> list[Path]:
    found = sorted((country.settings.drafts / "2013-07").glob("*.html"))
    assert found
    return found


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_report_has_no_accessibility_violation_and_needs_no_sideways_scrolling(
    pages: list[Path], browser: Browser, width: int
) -> None:
    for path in pages:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(path.as_uri())
        violations = Axe().run(page, options=WCAG).response["violations"]
        assert [(found["id"], found["nodes"][0]["html"][:120]) for found in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def test_a_report_asks_for_nothing_from_outside_and_has_no_script_error(pages: list[Path], browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(pages[0].as_uri())
    page.wait_for_timeout(300)
    assert asked == [pages[0].as_uri()]
    assert errors == []
    page.close()


@pytest.fixture(scope="module")
def dagster_ui(country: SmallCountry, browser: Browser) -> Iterator[Ui]:
    """`pact ui` on the instance the country was made with, in a browser that came in by the link it printed."""
    command = [sys.executable, "-m", "pact_pipeline.cli", "ui", "--port", "0"]
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as served:
        assert served.stdout is not None
        link = next(line.strip() for line in served.stdout if "/enter/" in line)
        address = link.partition("/enter/")[0]
        context = browser.new_context(viewport={"width": 1680, "height": 1050})
        page = context.new_page()
        page.goto(link)
        page.wait_for_url(f"{address}/overview/**", timeout=30_000)
        page.close()
        yield Ui(address, context)
        context.close()
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=15) == 0


def test_a_stranger_is_shown_how_to_come_in_and_nothing_else(dagster_ui: Ui, browser: Browser) -> None:
    page = browser.new_page()
    answer = page.goto(f"{dagster_ui.address}/runs")
    assert answer is not None
    assert answer.status == 401
    assert "pact ui link" in page.inner_text("body")
    page.close()


def test_another_page_cannot_command_the_ui(dagster_ui: Ui, tmp_path: Path) -> None:
    """A page that lies elsewhere, in the browser of somebody who came in."""
    asks = tmp_path / "evil.html"
    report = f"{dagster_ui.address}/report_asset_materialization/core/journey"
    asks.write_text(
        f"<script>fetch('{report}', {{method: 'POST', mode: 'no-cors', credentials: 'include'}}).finally(() => {{"
        "document.title = 'sent'}})</script>".replace("}})", "})")
    )
    page = dagster_ui.context.new_page()
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status))
    page.goto(asks.as_uri())
    page.wait_for_function("document.title == 'sent'")
    assert 403 in statuses
    assert 200 not in statuses[1:]
    page.close()


def test_the_ui_is_told_of_what_happens_by_websocket(dagster_ui: Ui) -> None:
    page = dagster_ui.context.new_page()
    frames: list[str] = []
    page.on("websocket", lambda opened: opened.on("framereceived", lambda frame: frames.append(str(frame))))
    page.goto(f"{dagster_ui.address}/runs")
    page.get_by_text("national_build").first.click()
    page.wait_for_timeout(3_000)
    assert any("connection_ack" in frame for frame in frames)
    page.close()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/overview/timeline", ["intake_councils", "national_build", "partner_reports"]),
        ("/runs", ["intake_councils", "national_build", "partner_reports", "Success"]),
        ("/assets/councils/landed?view=partitions", ["Materialized (36)", "MLN"]),
        ("/assets/councils/landed?view=checks", ["conservation", "file", "rows"]),
        ("/assets/warehouse/current_build?view=checks", ["journey_key_is_unique"]),
        ("/assets/measures/awaiting", ["median_days_waited", "data-engineering", "Row count"]),
    ],
)
def test_the_runs_partitions_and_checks_just_made_are_there_to_see(dagster_ui: Ui, path: str, words: list[str]) -> None:
    page = dagster_ui.context.new_page()
    page.goto(dagster_ui.address + path)
    for word in words:
        page.get_by_text(word, exact=False).first.wait_for(timeout=30_000)
    page.close()
