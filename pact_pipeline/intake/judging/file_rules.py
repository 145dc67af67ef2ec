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
        "FILE-011", "hold", "The same as last time",
        "Every file of the delivery is, byte for byte, one that came for an earlier period, or holds the very same rows.",
        "If nothing happened since, tell us so and it is taken. Otherwise run the extract for this period.",
        "Programme's intake rules",
    ),
    FileRule(
        "FILE-012", "refuse", "Cut short",
        "The file ends in the middle of a row, so rows are missing below.",
        "Send it again; compare its size with the file that your system wrote.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-013", "refuse", "Too large to read",
        "The file, or what it unpacks to, is larger than is read, or a cell stands far away from its table.",
        "Send the period asked for only; delete what stands far below or beside the table.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-014", "hold", "Two readings",
        "The file can be read in two ways that differ, so a person decides. Both are shown.",
        "Tell us which is right, or send the file in the agreed form.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-015", "refuse", "An archive that is not looked into",
        "The archive has a password, links, names that lead out of it, another archive inside, or two members of one "
        "name; or a workbook's XML declares a document type.",
        "Make an ordinary ZIP file of the tables alone, or save the workbook again.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-016", "refuse", "A cell more in every row",
        "Every row has more cells than there are headings, and they are not empty.",
        "Give every column a heading, or put quotation marks around cells that hold the delimiter.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-017", "refuse", "Two headings of one column",
        "Two columns are there whose headings both stand for the same column, so nobody can tell which is meant.",
        "Keep one of the two.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-018", "refuse", "Two columns exchanged",
        "Two columns can't be read as what they should hold, and each could be read as the other.",
        "Put each heading over its own column.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-020", "refuse", "Not a text file",
        "The file holds bytes of zero, which no text has.",
        "Run the extract again and save it as CSV (UTF-8).", "Programme's intake rules",
    ),
    FileRule(
        "FILE-021", "refuse", "A sheet twice",
        "Two sheets can be the table, so nobody can tell which is meant.",
        "Leave one of them and delete or rename the others.", "Programme's intake rules",
    ),
    FileRule(
        "FILE-025", "hold", "Too many rows refused",
        "More of the table's rows would be refused than is taken without a person's decision.",
        "Mend the rows and send the file again, or tell us that the rest may be taken.", "Programme's intake rules",
    ),
)  # fmt: skip

FILE_RULES = {rule.code: rule for rule in _DECLARED}
