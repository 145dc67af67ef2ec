"""Reading an extract: from bytes to columns of text, with each row's number as a spreadsheet shows it.

Everything stays as the supplier wrote it; what it means is `map.py`'s to say. Only the columns asked for are read into
memory, so a column outside the contract (a name, a CHI number) goes nowhere. Not judged here, except what makes a file
unreadable: that refuses it, with a plain reason. Where two readings are plausible and differ, neither is chosen: the
sheet carries a doubt, and a person decides.
"""

from collections.abc import Mapping
from pathlib import Path

from pact_pipeline.intake.reading.extract import TITLE_ROWS, Cells, Extract, Malformed, Sheet, TopRow
from pact_pipeline.intake.reading.first_rows import DELIMITER_WORDS
from pact_pipeline.intake.reading.guards import refuse_too_large
from pact_pipeline.intake.reading.text import TextFile
from pact_pipeline.intake.reading.workbook import Workbook
from pact_pipeline.intake.reading.zipped import ZippedTables
from pact_pipeline.suppliers import Layout


def open_extract(path: Path, file_name: str, layout: Layout, decided: Mapping[str, str] | None = None) -> Extract:
    """Open a file by its layout's format. `decided`: the reading that a person chose, by a doubt's `choice`.

    Raises FileRefused: FILE-006 for another kind of file than agreed, FILE-013 for one too large to read, FILE-015 for
    an archive that is not safe to read.
    """
    refuse_too_large(path.stat().st_size, file_name)
    data = path.read_bytes()
    if layout.format in ("xlsx", "ods"):
        return Workbook(data, file_name, [mapping.name for mapping in layout.tables.values()])
    if layout.format == "zip":
        return ZippedTables(data, file_name, layout, decided or {})
    return TextFile(data, file_name, layout, decided or {})


__all__ = ["DELIMITER_WORDS", "TITLE_ROWS", "Cells", "Extract", "Malformed", "Sheet", "TopRow", "open_extract"]
