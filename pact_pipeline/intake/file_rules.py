"""The rules about whole files: what each means in general. `FileRefused` tells the one case, by the same code.

A refused file leaves the former submission in force; a held one waits for a person's decision.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FileRule:
    """A rule about a file. `source`: where the rule comes from."""

    code: str
    severity: Literal["refuse", "hold"]
    title: str
    message: str
    mend: str
    source: str


_DECLARED = (
    FileRule(
        "FILE-001", "refuse", "Not readable as text",
        "The file can't be read as delimited text in the agreed encoding.",
        "Save it as CSV (UTF-8) from the system it comes from and send it again.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-002", "refuse", "Columns missing",
        "Agreed columns aren't there. The message names them, what is unknown, and what may be meant.",
        "Give the columns their agreed headings, or tell us the new ones.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-003", "refuse", "A heading twice",
        "Two columns have the same heading, so nobody can tell which is meant.",
        "Remove or rename one of them.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-004", "refuse", "No rows",
        "The file is empty or has headings only. An empty table never replaces a full one.",
        "Run the extract again and send the file with its rows.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-005", "refuse", "A table did not come",
        "A needed table was not there when the delivery closed.", "Send it; the rest needn't be sent again.",
        "Programme's intake rules",
    ),
    FileRule(
        "FILE-006", "refuse", "Not readable as a workbook",
        "The workbook can't be opened: it is protected, cut short, or another kind of file.",
        "Open it, save it as .xlsx without a password, and send it again.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-007", "refuse", "No layout for the table",
        "We don't know how this supplier writes this table in this period.", "Ask us to add the layout.",
        "Programme's intake rules",
    ),
    FileRule(
        "FILE-008", "refuse", "A quotation mark left open",
        "A quotation mark is opened and never closed, so the rows below can't be told apart.",
        "Close or remove it and send the file again.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-009", "refuse", "A sheet is missing",
        "The workbook has no sheet of the table's name.", "Put the table on a sheet of that name.",
        "Programme's intake rules",
    ),
    FileRule(
        "FILE-010", "refuse", "Not judged for want of another table",
        "The table looks into another one that did not come or was refused.", "See to that table first.",
        "Programme's intake rules",
    ),
    FileRule(
        "FILE-014", "hold", "Two readings",
        "The file can be read in two ways that differ, so a person decides. Both are shown.",
        "Tell us which is right, or send the file in the agreed form.", "Programme's intake rules",
    ),
)  # fmt: skip

FILE_RULES = {rule.code: rule for rule in _DECLARED}
