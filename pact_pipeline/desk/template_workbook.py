"""The blank workbook as a file: what to fill on sheets of the supplier's own names, all help on sheets beside them.

A sheet to be filled holds its headings and nothing else, so that what comes back can be read as it is: the worked
example and the explanations stand on sheets that no layout names. Every mark of a required column is told by more than
colour.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pact_pipeline.contracts.due import latest_due_day
from pact_pipeline.desk.template import Template, TemplateColumn, TemplateTable, spreadsheet_form
from pact_pipeline.desk.words import EVERY
from pact_pipeline.disk import in_words
from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import day_in_words

# As many rows have drop-downs and checks of what is typed.
ROWS = 2000
# Excel's own bounds for an input message.
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
LONGEST_NOTE = 1000
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16 (Unicode)", "windows-1252": "Windows-1252"}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def write_template(template: Template, path: Path, contact: str) -> None:
    """Write the workbook. `contact`: how to reach the programme office. Raises PactFailure DESK-003 when the place can't
    be written."""
    problem = ""
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            _Writer(book, template, contact).write()
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        problem = in_words(error)
    if problem:
        raise PactFailure(
            "DESK-003",
            f"the workbook can't be written ({problem})",
            where=str(path),
            mend="choose another place by --out.",
        )


class _Writer:
    def __init__(self, book: Any, template: Template, contact: str) -> None:
        self.book, self.template, self.contact = book, template, contact
        add = book.add_format
        top = {"valign": "top", "text_wrap": True}
        self.title = add({"bold": True, "font_size": 16})
        self.bold = add({"bold": True, **top})
        self.plain = add(top)
        self.part = add({"bold": True, "font_size": 13, "bottom": 2})
        self.head = add({"bold": True, "bottom": 2, **top})
        self.needed = add(
            {
                "bold": True,
                "underline": 1,
                "bottom": 5,
                "bg_color": "#DCE6F1",
                "locked": True,
                **top,
                "valign": "vcenter",
            }
        )
        self.optional = add({"bold": True, "italic": True, "bottom": 1, **top, "valign": "vcenter"})
        self.text = add({"num_format": "@"})
        self.whole = add({"num_format": "0"})
        self.general = add({})
        self._dates: dict[str, Any] = {}
        taken = {table.name.casefold() for table in template.tables}
        self.names = {name: _free(name, taken) for name in ("Read me", "Columns", "Examples", "Lists")}
        self.ranges: dict[tuple[str, str], str] = {}

    def write(self) -> None:
        first = self.book.add_worksheet(self.names["Read me"])
        sheets = [self.book.add_worksheet(table.name) for table in self.template.tables]
        columns = self.book.add_worksheet(self.names["Columns"])
        examples = self.book.add_worksheet(self.names["Examples"])
        if any(column.words for table in self.template.tables for column in table.columns):
            self._lists(self.book.add_worksheet(self.names["Lists"]))
        self._read_me(first)
        for sheet, table in zip(sheets, self.template.tables, strict=True):
            self._to_fill(sheet, table)
        self._columns(columns)
        self._examples(examples)
        first.activate()
        title = f"{self.template.supplier.name}: return to fill in"
        self.book.set_properties({"title": title, "subject": "PACT permanence return", "company": "", "author": "PACT"})

    # --- what to fill

    def _to_fill(self, sheet: Any, table: TemplateTable) -> None:
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 34)
        for place, column in enumerate(table.columns):
            width = max(12, min(30, len(column.heading) + 3))
            sheet.set_column(place, place, width, self._cells(column))
            sheet.write_string(0, place, column.heading, self.needed if column.column.required else self.optional)
            sheet.write_comment(0, place, self._note(column), {"x_scale": 2.4, "y_scale": 2.2, "author": "PACT"})
            sheet.data_validation(1, place, ROWS, place, self._validation(table, column))
        if table.echo:
            place = len(table.columns)
            sheet.set_column(place, place, max(14, len(table.echo) + 3), self.text)
            sheet.write_string(0, place, table.echo, self.optional)
            note = "A column of your own. We don't judge it; it comes back to you in the feedback."
            sheet.write_comment(0, place, note, {"author": "PACT"})
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def _cells(self, column: TemplateColumn) -> Any:
        """The format of a column's cells. Words and references are text: a number would lose its leading zeros."""
        kind = column.column.type
        if kind == "date" and not column.words:
            return self._date_format(column.date_form)
        if kind == "integer" and not column.words and not column.column.shorthand:
            return self.whole
        return self.text if column.words or kind == "string" else self.general

    def _date_format(self, form: str) -> Any:
        if form not in self._dates:
            self._dates[form] = self.book.add_format({"num_format": spreadsheet_form(form), "align": "left"})
        return self._dates[form]

    def _note(self, column: TemplateColumn) -> str:
        lines = [f"{column.needed}. {column.column.description}", "", column.how]
        if column.example_shown:
            lines.append(f"Example: {column.example_shown}")
        if column.rules:
            lines += ["", "We look for:", *(f"{rule.code} {rule.title}" for rule in column.rules)]
        note = "\n".join(lines)
        return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 2]} …"

    def _validation(self, table: TemplateTable, column: TemplateColumn) -> dict[str, Any]:
        kind = column.column
        told = {
            "input_title": column.heading[:LONGEST_TITLE],
            "input_message": _short(f"{column.needed}. {column.how} {kind.description}"),
            "error_title": "This can't be right",
            "error_message": _short(column.how),
            "ignore_blank": True,
        }
        if column.words:
            return {"validate": "list", "source": f"={self.ranges[table.contract.table, kind.name]}", **told}
        if kind.type == "date":
            first, last = column.days
            return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, **told}
        if kind.type in ("integer", "number") and not kind.shorthand:
            limits: Mapping[str, Any] = {
                "minimum": -1e9 if kind.minimum is None else kind.minimum,
                "maximum": 1e9 if kind.maximum is None else kind.maximum,
            }
            if kind.type == "integer":
                limits = {name: int(limit) for name, limit in limits.items()}
            return {"validate": kind.type.replace("number", "decimal"), "criteria": "between", **limits, **told}
        if kind.max_length:
            return {"validate": "length", "criteria": "<=", "value": kind.max_length, **told}
        return {"validate": "any", **told}

    # --- the help beside it

    def _lists(self, sheet: Any) -> None:
        """Two columns a list: the words, named for the drop-downs, and what each means."""
        place = 0
        for table in self.template.tables:
            for column in table.columns:
                if not column.words:
                    continue
                sheet.write_string(0, place, f"{table.name}: {column.heading}", self.head)
                sheet.write_string(0, place + 1, "What it means", self.head)
                sheet.set_column(place, place, 24, self.text)
                sheet.set_column(place + 1, place + 1, 46)
                for row, (word, meaning) in enumerate(column.words, start=1):
                    sheet.write_string(row, place, word, self.text)
                    sheet.write_string(row, place + 1, meaning, self.plain)
                name = f"words_{table.contract.table}_{column.column.name}"
                letter = xlsxwriter.utility.xl_col_to_name(place)
                last = len(column.words) + 1
                self.book.define_name(name, f"='{self.names['Lists']}'!${letter}$2:${letter}${last}")
                self.ranges[table.contract.table, column.column.name] = name
                place += 2
        sheet.freeze_panes(1, 0)

    def _read_me(self, sheet: Any) -> None:
        template = self.template
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 46)
        sheet.set_column(2, 2, 54)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, f"Return to fill in: {template.supplier.name} ({template.supplier.key})", self.title)
        every = EVERY[template.tables[0].contract.every]
        period = f"any period: it is sent {every}"
        if asked := template.period:
            period = f"{asked} ({day_in_words(asked.first_day)} to {day_in_words(asked.last_day)})"
        day = latest_due_day(table.contract for table in template.tables)
        due = (
            day_in_words(template.due)
            if template.due
            else f"{day} days after the period ends"
            if day
            else "no fixed day"
        )
        facts = [
            ("For", period),
            ("Due", due),
            ("Made for", template.supplier.contact),
            ("Who to ask", f"The PACT programme office: {self.contact}"),
        ]
        row = 2
        for label, words in facts:
            row = self._pair(sheet, row, label, words)
        row = self._heading(sheet, row + 1, "How to fill it in")
        for number, step in enumerate(self._steps(), start=1):
            row = self._pair(sheet, row, f"Step {number}", step)
        row = self._heading(sheet, row + 1, "What each sheet is")
        for place, heading in enumerate(("Sheet", "What stands on it", "Save it as")):
            sheet.write_string(row, place, heading, self.head)
        for table in template.tables:
            row += 1
            needed = "Needed every time." if table.contract.needed else "Sent when there is something to send."
            what = f"{table.contract.title}. {table.contract.grain}. {needed}"
            sheet.set_row(row, 15 * (1 + max(len(what) // 44, len(table.file_name) // 50)))
            sheet.write_string(row, 0, table.name, self.bold)
            sheet.write_string(row, 1, what, self.plain)
            sheet.write_string(row, 2, table.file_name or "(this workbook)", self.plain)
        helps = {
            "Columns": "Every column: what it holds and how to write it. For reading only.",
            "Examples": "One made-up row of every table, to look at. Leave it where it is: we don't read it.",
            "Lists": "The words of the drop-downs and what they mean. For reading only.",
        }
        for name, what in helps.items():
            if name != "Lists" or self.ranges:
                row += 1
                sheet.set_row(row, 15 * (1 + len(what) // 44))
                sheet.write_string(row, 0, self.names[name], self.bold)
                sheet.write_string(row, 1, what, self.plain)
                sheet.write_string(row, 2, "(not read)", self.plain)

    def _steps(self) -> list[str]:
        layout = self.template.layout
        steps = [
            (
                "Put your rows straight under the headings, one to a line, with no title, total or empty lines. "
                "Don't rename or remove a heading."
            ),
            "Underlined headings with a thick line below must be filled in every row. Headings in italics may be empty.",
            "Click on a cell to see what belongs there; point at a heading for more. Some cells offer a list to choose from.",
            (
                "To paste from another program choose Paste special, Values: else the lists and checks of the cells are "
                f"lost. They stand on the first {ROWS:,} rows; more rows are read just the same."
            ),
        ]
        if self.template.tables[0].file_name:
            spelled = ENCODINGS.get(layout.encoding.lower(), layout.encoding)
            kind = (
                "Save as type: 'CSV UTF-8 (Comma delimited)'"
                if (layout.delimiter, spelled) == (",", "UTF-8")
                else f"Save it as text, its columns parted by {DELIMITERS.get(layout.delimiter, layout.delimiter)}, in {spelled}"
            )
            steps.append(
                "Each sheet is sent as a file of its own, under the name given below. "
                f"{kind}. If that is hard to do, ask us to take the workbook itself."
            )
        else:
            steps.append(f"Save it as {self.template.workbook_name} and send it as it is, with all its sheets.")
        which = " (of this workbook as it is, or of the text files)" if layout.format == "csv" else ""
        steps.append(
            f"To see what we shall say before you send it{which}: pact check FILE --supplier "
            f"{self.template.supplier.key} --period {self.template.period or 'PERIOD'}"
        )
        return steps

    def _pair(self, sheet: Any, row: int, label: str, words: str) -> int:
        sheet.write_string(row, 0, label, self.bold)
        sheet.merge_range(row, 1, row, 2, words, self.plain)
        sheet.set_row(row, 15 * (1 + len(words) // 100))
        return row + 1

    def _heading(self, sheet: Any, row: int, words: str) -> int:
        for place in range(3):
            sheet.write_string(row, place, words if place == 0 else "", self.part)
        return row + 1

    def _columns(self, sheet: Any) -> None:
        headings = (
            ("Sheet", 16),
            ("Heading", 26),
            ("", 16),
            ("What it holds", 60),
            ("How to write it", 46),
            ("Example", 18),
        )
        for place, (heading, width) in enumerate(headings):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading or "Filled?", self.head)
        row = 0
        for table in self.template.tables:
            for column in table.columns:
                row += 1
                what = column.column.description
                cells = (table.name, column.heading, column.needed, what, column.how, column.example_shown)
                sheet.set_row(row, 15 * (1 + max(len(what) // 58, len(column.how) // 44)))
                for place, cell in enumerate(cells):
                    sheet.write_string(row, place, cell, self.bold if place == 1 else self.plain)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def _examples(self, sheet: Any) -> None:
        sheet.write_string(0, 0, "Examples to look at: made up, not read by us, not part of your return", self.title)
        row, widths = 2, dict[int, int]()
        for table in self.template.tables:
            sheet.write_string(
                row, 0, f"{table.name}: {table.contract.grain[0].lower()}{table.contract.grain[1:]}", self.part
            )
            sheet.write_string(row + 1, 0, "", self.bold)
            sheet.write_string(row + 2, 0, "Example", self.bold)
            for place, column in enumerate(table.columns, start=1):
                widths[place] = max(widths.get(place, 12), min(26, len(column.heading) + 2))
                sheet.write_string(
                    row + 1, place, column.heading, self.needed if column.column.required else self.optional
                )
                self._example(sheet, row + 2, place, column)
            row += 4
        sheet.set_column(0, 0, 12)
        for place, width in widths.items():
            sheet.set_column(place, place, width)

    def _example(self, sheet: Any, row: int, place: int, column: TemplateColumn) -> None:
        value = column.example
        if isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- a day
            sheet.write_datetime(row, place, moment, self._date_format(column.date_form))
        elif isinstance(value, str):
            sheet.write_string(row, place, value, self.text)
        elif value is not None:
            sheet.write_number(row, place, value)


def _short(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 2]} …"


def _free(name: str, taken: set[str]) -> str:
    """The name of a sheet of ours, changed if the supplier has one of that name."""
    return name if name.casefold() not in taken else f"{name} (PACT)"
