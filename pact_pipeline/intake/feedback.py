"""What a supplier is told about a submission: one workbook, restricted (0600), nothing when there is nothing to say.

The important things first: a summary, the counts by rule with how to mend them, then the rows with findings under the
supplier's own reference and headings, with the line as a spreadsheet shows it. Never a column outside the contract.
Text that a spreadsheet would run as a formula is written as text.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import xlsxwriter

from pact_pipeline.failures import FileRefused, PactFailure
from pact_pipeline.intake.judge import Judged
from pact_pipeline.ledger import State, Submission, Verdict
from pact_pipeline.settings import Settings, restricted_folder

MOST_ROWS = 5000
_TOLD_STATE = {
    State.TAKEN: "Taken: every row is in force.",
    State.TAKEN_WITH_REFUSALS: "Taken, but for the refused rows listed here.",
    State.HELD: "Held: a person at the programme office decides. Your former delivery stays in force until then.",
    State.REFUSED: "Refused: nothing was taken. Your former delivery stays in force.",
    State.RECEIVED: "Received.",
}
# What makes Excel, LibreOffice or a CSV opened in them run a cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def feedback_path(settings: Settings, submission: Submission) -> Path:
    return settings.feedback / submission.supplier / f"{submission.submission_id}.xlsx"


def write_feedback(
    settings: Settings,
    submission: Submission,
    verdict: Verdict,
    judged: Sequence[Judged],
    refused_files: Sequence[FileRefused],
    notes: Mapping[str, tuple[str, ...]],
) -> Path | None:
    """Write the workbook and return where, or None when all was taken without a finding or a note."""
    path = feedback_path(settings, submission)
    if not verdict.findings and not any(notes.values()) and verdict.state is State.TAKEN:
        path.unlink(missing_ok=True)
        return None
    restricted_folder(settings.feedback)
    restricted_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{token_hex(4)}.unfinished")
    problem = ""
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _write(temporary, submission, verdict, judged, refused_files, notes)
        temporary.replace(path)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        problem = type(error).__name__
    finally:
        temporary.unlink(missing_ok=True)
    if problem:
        raise PactFailure("FEEDBACK-001", f"the feedback could not be written ({problem})", where=path.name)
    return path


def _write(
    path: Path,
    submission: Submission,
    verdict: Verdict,
    judged: Sequence[Judged],
    refused_files: Sequence[FileRefused],
    notes: Mapping[str, tuple[str, ...]],
) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _summary(book, bold, submission, verdict, refused_files, notes)
        if any(one.findings for one in judged):
            _by_rule(book, bold, wrapped, judged)
            _rows(book, bold, judged)


def _summary(
    book: Any,
    bold: Any,
    submission: Submission,
    verdict: Verdict,
    refused_files: Sequence[FileRefused],
    notes: Mapping[str, tuple[str, ...]],
) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 5, 18)
    lines: list[tuple[object, ...]] = [
        ("Supplier", submission.supplier),
        ("Collection", submission.collection),
        ("Period", submission.period),
        ("Delivery", submission.sequence),
        ("Received", submission.received_at.strftime("%d %B %Y %H:%M %Z")),
        ("What became of it", _TOLD_STATE[verdict.state]),
    ]
    if verdict.reason:
        lines.append(("Why", verdict.reason))
    row = 0
    for label, *values in lines:
        sheet.write_string(row, 0, str(label), bold)
        sheet.write_string(row, 1, neutral(str(values[0])))
        row += 1
    for failure in refused_files:
        sheet.write_string(row, 0, failure.code, bold)
        sheet.write_string(row, 1, neutral(f"{failure.what} ({failure.where}) {failure.mend}"))
        row += 1
    row += 1
    for place, heading in enumerate(("Table", "Rows read", "Taken", "Refused", "With a warning", "File")):
        sheet.write_string(row, place, heading, bold)
    files = {file.table: file for file in submission.files}
    for table in verdict.tables:
        row += 1
        sheet.write_string(row, 0, table.table)
        for place, number in enumerate((table.rows_read, table.rows_taken, table.rows_refused, table.rows_warned), 1):
            sheet.write_number(row, place, number)
        sheet.write_string(row, 5, neutral(files[table.table].file_name))
    row += 2
    for name, told in notes.items():
        for note in told:
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, neutral(note))
            row += 1


def _by_rule(book: Any, bold: Any, wrapped: Any, judged: Sequence[Judged]) -> None:
    sheet = book.add_worksheet("By rule")
    widths = (14, 10, 24, 12, 10, 70, 60)
    for place, (heading, width) in enumerate(
        zip(("Table", "Rule", "Column", "", "Rows", "What is wrong", "How to mend it"), widths, strict=True)
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    ordered = [(one, finding) for one in judged for finding in one.findings]
    ordered.sort(key=lambda pair: (pair[1].words.severity, -pair[1].count))
    for row, (one, finding) in enumerate(ordered, start=1):
        words = finding.words
        sheet.write_string(row, 0, one.table.contract.table)
        sheet.write_string(row, 1, words.code)
        sheet.write_string(row, 2, neutral(", ".join(one.heading(column) for column in finding.columns)))
        sheet.write_string(row, 3, "row refused" if words.severity == "refuse" else "warning")
        sheet.write_number(row, 4, finding.count)
        sheet.write_string(row, 5, words.message, wrapped)
        sheet.write_string(row, 6, words.mend, wrapped)
    sheet.freeze_panes(1, 0)


def _rows(book: Any, bold: Any, judged: Sequence[Judged]) -> None:
    sheet = book.add_worksheet("Rows")
    headings = ("Table", "Line", "Your reference", "Column", "Value", "Rule", "", "What is wrong", "How to mend it")
    for place, (heading, width) in enumerate(zip(headings, (14, 8, 22, 24, 24, 10, 12, 70, 60), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    sheet.freeze_panes(1, 0)
    row = 0
    everything = sum(one.rows_with_findings for one in judged)
    left = MOST_ROWS
    for one in judged:
        for told in one.told_rows(left):
            row += 1
            sheet.write_string(row, 0, one.table.contract.table)
            sheet.write_number(row, 1, told.line)
            for place, value in enumerate(told.cells, start=2):
                sheet.write_string(row, place, neutral(value))
        left = max(0, left - one.rows_with_findings)
    if everything > MOST_ROWS:
        sheet.write_string(
            row + 1, 0, f"The first {MOST_ROWS:,} of {everything:,} rows with findings are listed.", bold
        )


def neutral(value: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what would start a formula; control characters removed."""
    clean = "".join(sign for sign in value if sign >= " " or sign in "\t\n\r")[:32_000]
    return f"'{clean}" if clean.startswith(_FORMULA_STARTS) else clean
