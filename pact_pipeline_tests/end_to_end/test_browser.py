"""What people see, in a real browser: the report pages and the Dagster UI of a small country. Needs Debian's chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.end_to_end.conftest import SmallCountry, take_the_whole_way

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE, DESK = 390, 1280

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
def dagster_ui(country: SmallCountry) -> Iterator[str]:
    """`pact ui` on the instance the country was made with."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "pact_pipeline.cli", "ui", "--port", str(port)]
    served = subprocess.Popen(
        command, cwd=CHECKOUT, env=dict(os.environ), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/server_info")
        yield address
    finally:
        os.killpg(served.pid, signal.SIGINT)
        try:
            served.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(served.pid, signal.SIGKILL)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the Dagster UI did not come up")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/runs", ["intake_councils", "national_build", "partner_reports", "Success"]),
        ("/assets/councils/landed?view=partitions", ["Materialized (36)", "MLN"]),
        ("/assets/councils/landed?view=checks", ["conservation", "file", "rows"]),
        ("/assets/warehouse/current_build?view=checks", ["journey_key_is_unique"]),
        ("/assets/measures/awaiting", ["median_days_waited", "data-engineering", "Row count"]),
    ],
)
def test_the_runs_partitions_and_checks_just_made_are_there_to_see(
    dagster_ui: str, browser: Browser, path: str, words: list[str]
) -> None:
    page = browser.new_page(viewport={"width": 1680, "height": 1050})
    page.goto(dagster_ui + path)
    for word in words:
        page.get_by_text(word, exact=False).first.wait_for(timeout=30_000)
    page.close()
