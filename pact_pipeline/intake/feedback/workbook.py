"""The feedback workbook: how content and rows are laid out in sheets. What is said stands in `content` and `rows`.

Every cell is a string or a number, every string passes `neutral`, no cells are merged, and A1 of every sheet says what the
sheet is. What is wrong is told in words beside the colour.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO

import xlsxwriter

from pact_pipeline.intake.feedback.content import Content, RuleLine
from pact_pipeline.intake.feedback.rows import MissingRow, WrongRows
from pact_pipeline.intake.feedback.text import counted, neutral, sheet_name

OPTIONS = {
    "in_memory": True,  # no scratch file with children's rows in it outside the restricted folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_REFUSED, _WARNED, _HEAD, _QUIET, _INK = "#f8d0cc", "#fdebb8", "#e4ecf3", "#595f66", "#1c2126"
_TITLE = {"bold": True, "font_size": 14, "font_color": "#0b4a84"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": _TITLE,
    "section": {"bold": True, "font_size": 12, "font_color": "#0b4a84", "bottom": 2, "bottom_color": "#0b4a84"},
    "bold": {"bold": True, "valign": "top"},
    "head": {"bold": True, "bg_color": _HEAD, "bottom": 1, "text_wrap": True, "valign": "top"},
    "number_head": {"bold": True, "bg_color": _HEAD, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"},
    "text": {"valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "number": {"valign": "top", "num_format": "#,##0"},
    "line": {"valign": "top", "num_format": "0"},
    "share": {"valign": "top", "num_format": "0.0%"},
    "state": {"bold": True, "font_size": 12, "valign": "top"},
    "quiet": {"font_color": _QUIET, "valign": "top"},
    "quiet_wrap": {"font_color": _QUIET, "valign": "top", "text_wrap": True},
    "quiet_number": {"font_color": _QUIET, "valign": "top", "num_format": "#,##0"},
    "refused": {"bg_color": _REFUSED, "font_color": _INK, "bold": True, "border": 1, "valign": "top"},
    "warned": {"bg_color": _WARNED, "font_color": _INK, "italic": True, "border": 1, "valign": "top"},
}
MISSING = "Missing since last"


def write_workbook(out: BinaryIO, content: Content, tables: Sequence[WrongRows], missing: Sequence[MissingRow]) -> None:
    """Write the workbook into `out`, which is closed to others."""
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(
            {
                "title": neutral(f"Feedback on delivery {content.submission_id}"),
                "subject": neutral(f"{content.supplier}, {content.collection}, {content.period_in_words}"),
                "author": "PACT data team",
                "created": content.received_at,  # the same content gives the same file
                "keywords": "feedback, data quality, restricted",
                "comments": "Restricted: holds children's details as you sent them. Not to be passed on.",
            }
        )
        sheets = _Book(book)
        _summary(sheets, content)
        _by_rule(sheets, content)
        for table in tables:
            _rows(sheets, content, table)
        if missing:
            _missing(sheets, content, missing)


class _Sheet:
    """A worksheet being filled from the top. Text written here is neutral."""

    def __init__(self, sheet: Any, formats: dict[str, Any], name: str) -> None:
        self.sheet, self._formats, self.name, self.row = sheet, formats, name, 0

    def text(self, column: int, value: str, style: str = "text") -> None:
        if value:
            self.sheet.write_string(self.row, column, neutral(value), self._formats[style])
        else:
            self.sheet.write_blank(self.row, column, None, self._formats[style])

    def number(self, column: int, value: float, style: str = "number") -> None:
        self.sheet.write_number(self.row, column, value, self._formats[style])

    def cells(self, values: Sequence[str | float], style: str = "text", number: str = "number") -> None:
        """One row of text and numbers, and on to the next."""
        for column, value in enumerate(values):
            if isinstance(value, str):
                self.text(column, value, style)
            else:
                self.number(column, value, number)
        self.row += 1

    def line(self, value: str, style: str = "text") -> None:
        self.text(0, value, style)
        self.row += 1

    def section(self, title: str, width: int = 6) -> None:
        self.row += 1
        for column in range(width):
            self.text(column, title if column == 0 else "", "section")
        self.row += 1

    def head(self, headings: Sequence[str], numbers: range = range(0)) -> None:
        for column, heading in enumerate(headings):
            self.text(column, heading, "number_head" if column in numbers else "head")
        self.row += 1

    def widths(self, widths: Sequence[float]) -> None:
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)


class _Book:
    def __init__(self, book: Any) -> None:
        self.book, self._names = book, list[str]()
        self.formats = {name: book.add_format(style) for name, style in _FORMATS.items()}

    def sheet(self, words: str) -> _Sheet:
        name = sheet_name(words, self._names)
        self._names.append(name)
        made = self.book.add_worksheet(name)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.hide_gridlines(1)
        return _Sheet(made, self.formats, name)


# --- summary


def _summary(book: _Book, content: Content) -> None:
    to = book.sheet("Summary")
    to.widths((32, 62, 46, 12, 12, 12, 22))
    to.line(f"Summary: feedback on your delivery of {content.period_in_words} ({content.supplier})", "title")
    to.line(content.sentence, "state")
    if content.clock_note:
        to.line(content.clock_note, "state")
    if content.why:
        to.line(content.why, "text")
    _to_do(to, content)
    _counts(to, content)
    _since_last(to, content)
    _trend(book, to, content)
    _how_read(to, content)
    to.section("This delivery")
    for label, value in (
        ("Delivery", f"{content.submission_id} (number {content.sequence} of {content.period_in_words})"),
        ("Supplier and collection", f"{content.supplier}, {content.collection}"),
        ("Received", content.received),
        ("Questions", content.contact),
    ):
        to.cells((label, value))
    to.sheet.freeze_panes(1, 0)


def _to_do(to: _Sheet, content: Content) -> None:
    to.section("What to do now")
    if not content.to_do:
        to.line("Nothing. Thank you.")
        return
    to.head(("Where", "What is wrong", "How to mend it", "Rule"))
    for number, one in enumerate(content.to_do, start=1):
        to.cells((f"{number}. {one.lead}", one.text, one.mend, one.code), "wrap")
        if one.shows:
            to.cells(("Its name in your file:", one.shows), "wrap")
        for name, shows in one.readings:
            to.cells((f"Read as {name}, it shows:", shows), "wrap")
    if content.more_to_do:
        to.line(f"And {counted(content.more_to_do, 'more rule')} with findings: see the sheet 'By rule'.")


def _counts(to: _Sheet, content: Content) -> None:
    to.section("Rows", 7)
    to.head(("Table", "File", "", "Rows read", content.taken_heading, "Refused", "With a warning"), range(3, 7))
    for table in content.tables:
        file = f"{table.file_name} (from your delivery before)" if table.carried_over else table.file_name
        numbers = (table.rows_read, table.rows_taken, table.rows_refused, table.rows_warned)
        to.cells((table.table, file, table.title, *numbers), "wrap")


def _since_last(to: _Sheet, content: Content) -> None:
    to.section("What changed since your last delivery")
    if not content.changes and not content.compared_with:
        to.line("Nothing to compare with: no delivery of yours before this one was taken.")
        return
    if content.changes:
        previous = f" of {content.previous_period}" if content.previous_period else ""
        to.line(f"Rows of this delivery beside the delivery{previous} that was taken before it:")
        to.head(("Table", "In words", "", "New", "Gone", "Changed", "As before"), range(3, 7))
        for one in content.changes:
            words = "nothing changed" if not one.added + one.gone + one.changed else ""
            to.cells((one.table, words, "", one.added, one.gone, one.changed, one.same))
    if content.compared_with:
        to.line(f"Findings beside {content.compared_with}:")
        if not content.finding_changes:
            to.line("None then, none now.")
            return
        to.head(("Rule", "What it is about", "", "Rows then", "Rows now", "", "Since then"), range(3, 5))
        for change in content.finding_changes:
            to.cells((change.code, change.title, "", change.before, change.now, "", change.trend))


def _trend(book: _Book, to: _Sheet, content: Content) -> None:
    to.section("Your last deliveries, oldest first")
    to.head(("Period and delivery", "What became of it", "", "Rows read", "Refused", "Share refused"), range(3, 6))
    first = to.row
    for one in content.history:
        name = f"{one.period}, delivery {one.sequence}{' (this one)' if one.this else ''}"
        to.text(0, name)
        to.text(1, one.state)
        to.number(3, one.rows_read)
        to.number(4, one.rows_refused)
        to.number(5, one.share, "share")
        to.row += 1
    if len(content.history) < 2:
        return
    last = to.row - 1
    chart = book.book.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": "Share of rows refused",
            "categories": [to.name, first, 0, last, 0],
            "values": [to.name, first, 5, last, 5],
            "line": {"color": "#0b4a84", "width": 2.25},
            "marker": {"type": "circle", "size": 6, "fill": {"color": "#0b4a84"}, "border": {"color": "#0b4a84"}},
        }
    )
    chart.set_title({"name": "Share of rows refused", "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#d0d5da"}}})
    chart.set_x_axis({"num_font": {"rotation": -45}})
    chart.set_size({"width": 760, "height": 250})
    shares = ", ".join(f"{one.period} {one.share:.1%}" for one in content.history)
    to.row += 1
    to.sheet.insert_chart(
        to.row, 0, chart,
        {"description": f"Line chart of the share of rows refused, oldest first: {shares}. The table above has the same."},
    )  # fmt: skip
    to.row += 14


def _how_read(to: _Sheet, content: Content) -> None:
    to.section("How your files were read")
    if not content.notes:
        to.line("As agreed; nothing out of the ordinary.")
    for table, note in content.notes:
        to.cells((table, note), "wrap")


# --- by rule


def _by_rule(book: _Book, content: Content) -> None:
    to = book.sheet("By rule")
    found, passed, unseen = len(content.findings), len(content.passed), len(content.not_examined)
    to.line("By rule: every rule that looked at your delivery, those with findings first", "title")
    to.line(
        f"{counted(found, 'rule')} with findings; {passed:,} passed; {unseen:,} looked at no row, so nothing is known."
    )
    headings = ("Rule", "Table", "What became of it", "Rows found", "Rows examined", "About", "Your columns",
                "What a finding means", "How to mend it", "First lines", "Rests on")  # fmt: skip
    to.widths((10, 14, 22, 9, 10, 28, 26, 56, 46, 22, 34))
    to.row = 3
    to.head(headings, range(3, 5))
    for rule in content.rules:
        _rule(to, rule)
    to.sheet.freeze_panes(4, 1)
    if content.rules:
        to.sheet.autofilter(3, 0, to.row - 1, len(headings) - 1)


def _rule(to: _Sheet, rule: RuleLine) -> None:
    quiet = rule.outcome in ("passed", "not examined")
    text, wrap, number = ("quiet", "quiet_wrap", "quiet_number") if quiet else ("text", "wrap", "number")
    lines = ", ".join(map(str, rule.lines)) + (" …" if 0 < len(rule.lines) < rule.found else "")
    to.text(0, rule.code, text)
    to.text(1, rule.table, text)
    to.text(2, rule.in_words, wrap)
    to.number(3, rule.found, number)
    to.number(4, rule.examined, number)
    cells = (rule.title, rule.where, rule.message, "" if quiet else rule.mend, lines, rule.source)
    for column, value in enumerate(cells, start=5):
        to.text(column, value, wrap)
    to.row += 1


# --- rows


def _rows(book: _Book, content: Content, table: WrongRows) -> None:
    to = book.sheet(f"Rows of {table.table}")
    cap = "" if table.shown == table.total else f" The first {table.shown:,} of {table.total:,} rows with findings."
    to.line(f"{table.title}: the rows with findings, {content.period_in_words}", "title")
    to.line(f"{cap.strip() or _all_of(table.total)} Wrong cells are named in their own column and coloured:")
    to.text(0, "refused", "refused")
    to.text(1, "warning", "warned")
    to.row = 3
    lead = ["Line", table.reference or "Your reference", "Period", "What is wrong", "How to mend it", "Row",
            "Wrong cells", *([table.echo] if table.echo else [])]  # fmt: skip
    to.head((*lead, *table.headings))
    to.widths((9, 16, 10, 60, 40, 10, 22, *([20] if table.echo else []), *(_width(name) for name in table.headings)))
    for row in table.rows:
        to.number(0, row.line, "line")
        to.text(1, row.reference)
        to.text(2, content.period)
        to.text(3, row.what, "wrap")
        to.text(4, row.mend, "wrap")
        to.text(5, "refused" if row.refused else "warning")
        to.text(6, row.wrong_cells, "wrap")
        if table.echo:
            to.text(7, row.echo)
        marks = dict(row.wrong)
        for place, value in enumerate(row.cells):
            style = "text" if place not in marks else "refused" if marks[place] else "warned"
            to.text(len(lead) + place, value, style)
        to.row += 1
    to.sheet.freeze_panes(4, 2)
    to.sheet.autofilter(3, 0, max(to.row - 1, 4), len(lead) + len(table.headings) - 1)


def _all_of(total: int) -> str:
    return "The one row with findings." if total == 1 else f"All {total:,} rows with findings."


def _width(heading: str) -> float:
    return min(24, max(12, len(heading) + 3))


def _missing(book: _Book, content: Content, missing: Sequence[MissingRow]) -> None:
    to = book.sheet(MISSING)
    before = f" of {content.previous_period}" if content.previous_period else ""
    to.line(f"Missing since last: rows of your delivery{before} that are not in this one", "title")
    to.line("At most 1,000 for each table and rule. If they are still true, send them again.")
    to.row = 3
    to.head(("Table", "Your reference", "Period", "What is wrong", "How to mend it", "The rest of its key", "Rule"))
    to.widths((16, 18, 10, 60, 40, 44, 10))
    for row in missing:
        to.cells((row.table, row.reference, content.period, row.what, row.mend, row.key, row.code), "wrap")
    to.sheet.freeze_panes(4, 2)
    to.sheet.autofilter(3, 0, to.row - 1, 6)
