"""The first rows of delimited text, in which the headings are looked for."""

import csv
import re
from collections.abc import Iterator

from pact_pipeline.intake.reading.extract import TITLE_ROWS, TopRow

DELIMITERS = (",", ";", "\t", "|", "^", "~")
DELIMITER_WORDS = {
    ",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes", "^": "carets", "~": "tildes",
}  # fmt: skip
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "stroke", "^": "caret", "~": "tilde"}
# The heading and the first rows lie within this many bytes; a longer cell among them is cut for this look only.
TOP_BYTES = 4_000_000

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
csv.field_size_limit(max(csv.field_size_limit(), TOP_BYTES))


def top_rows_of(body: bytes, delimiter: str) -> list[TopRow]:
    rows: list[TopRow] = []
    for cells, end in csv_rows(body, delimiter):
        rows.append(TopRow(len(rows) + 1, cells, delimiter, end))
        if len(rows) == TITLE_ROWS:
            break
    return rows


def csv_rows(body: bytes, delimiter: str, start: int = 0) -> Iterator[tuple[tuple[str, ...], int]]:
    """The first rows from a byte on, and where each ends; of the first megabytes only."""
    end = start

    def lines() -> Iterator[str]:
        nonlocal end
        for match in _LINE.finditer(body, start, min(len(body), start + TOP_BYTES)):
            if match.end() == match.start():
                return
            end = match.end()
            yield match[0].decode("utf-8", "replace")

    try:
        for cells in csv.reader(lines(), delimiter=delimiter):
            yield tuple(cells), end
    except csv.Error:
        return
