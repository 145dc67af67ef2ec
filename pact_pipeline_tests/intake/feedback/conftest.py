"""Feedback written for a hand-made return, opened again as a supplier would."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
import pytest

from pact_pipeline.intake.feedback import FeedbackPaths, write_feedback
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.settings import Settings


@dataclass
class Opened:
    """The two files of one feedback, as text and cells."""

    paths: FeedbackPaths

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(self.paths.workbook)
        self.page = self.paths.page.read_text("utf-8")

    def rows(self, sheet: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.book[sheet].iter_rows(values_only=True)]

    def table(self, sheet: str, first: str) -> list[dict[str, object]]:
        """The rows under the heading row whose first cell is `first`, by heading, up to the first blank row."""
        rows = self.rows(sheet)
        start = next(place for place, row in enumerate(rows) if row[0] == first)
        found = []
        for row in rows[start + 1 :]:
            if all(cell is None for cell in row):
                break
            found.append({str(name): cell for name, cell in zip(rows[start], row, strict=True) if name is not None})
        return found

    def after(self, section: str) -> list[tuple[object, ...]]:
        """The rows of the summary's section, without blank cells."""
        rows = [tuple(cell for cell in row if cell is not None) for row in self.rows("Summary")]
        start = next(place for place, row in enumerate(rows) if row[:1] == (section,))
        end = next((place for place, row in enumerate(rows) if place > start and not row), len(rows))
        return rows[start + 1 : end]

    def xml(self) -> dict[str, str]:
        with zipfile.ZipFile(self.paths.workbook) as parts:
            return {name: parts.read(name).decode("utf-8") for name in parts.namelist()}


@pytest.fixture
def tell(settings: Settings) -> Callable[[Outcome], Opened]:
    return lambda told: Opened(write_feedback(settings, told))
