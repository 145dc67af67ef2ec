"""What a supplier is told about a submission: a workbook with the rows (restricted), and a page without any.

Both are written for every submission, mode 0600, whole or not at all. What is said is made once, from `Outcome`, in `summary`
and `rows`; `workbook` and `page` only lay it out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xlsxwriter.exceptions import XlsxWriterException

from pact_pipeline.clock import home_clock
from pact_pipeline.disk import in_words, write_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.feedback.content import Content
from pact_pipeline.intake.feedback.page import page_of
from pact_pipeline.intake.feedback.rows import MOST_ROWS, missing_rows, wrong_rows
from pact_pipeline.intake.feedback.summary import content_of
from pact_pipeline.intake.feedback.text import masked, neutral
from pact_pipeline.intake.feedback.workbook import write_workbook
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.ledger import Submission
from pact_pipeline.settings import Settings, restricted_folder

__all__ = [
    "MOST_ROWS",
    "FeedbackPaths",
    "content_of",
    "feedback_paths",
    "masked",
    "neutral",
    "write_content",
    "write_feedback",
]


@dataclass(frozen=True)
class FeedbackPaths:
    """Where the two lie: `workbook` is for the supplier alone, `page` safe to show to whoever may open it."""

    workbook: Path
    page: Path


def feedback_paths(settings: Settings, submission: Submission, lake_name: str) -> FeedbackPaths:
    """Where the feedback on a judging lies, written or not. `lake_name`: that of the judging, from verdict or ledger; the
    newest one that the ledger has is the one that counts."""
    folder = settings.feedback / submission.supplier
    return FeedbackPaths(folder / f"{lake_name}.xlsx", folder / f"{lake_name}.html")


def write_feedback(settings: Settings, outcome: Outcome) -> FeedbackPaths:
    """Write workbook and page of a judging, beside those of earlier ones. Raises PactFailure FEEDBACK-001."""
    paths = feedback_paths(settings, outcome.submission, outcome.verdict.lake_name)
    restricted_folder(settings.feedback)
    restricted_folder(paths.page.parent)
    write_content(paths, outcome, content_of(outcome, settings.office_contact, home_clock(settings).note))
    return paths


def write_content(paths: FeedbackPaths, outcome: Outcome, content: Content) -> None:
    """Write both with these words; their folder is there already. Raises PactFailure FEEDBACK-001."""
    rows, missing = wrong_rows(outcome), missing_rows(outcome)
    page = page_of(content.for_the_page()).encode("utf-8", "replace")
    _write_whole(paths.workbook, lambda out: write_workbook(out, content, rows, missing))
    _write_whole(paths.page, lambda out: out.write(page))


def _write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    problem = ""
    try:
        write_whole(path, write, mode=0o600)
    except (OSError, XlsxWriterException) as error:
        problem = in_words(error)
    # Raised outside the handler: the library's own message may name a path or quote a cell.
    if problem:
        raise PactFailure(
            "FEEDBACK-001",
            f"the feedback could not be written ({problem})",
            where=path.name,
            mend="make room on the disk or mend the folder's permissions, and run again.",
        )
