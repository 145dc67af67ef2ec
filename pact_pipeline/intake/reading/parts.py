"""Which parts of a workbook's file hold its tables, and what file is no workbook at all.

Only these parts are handed to the library that reads values.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from xml.parsers import expat

import numpy as np

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.sheet_metadata import SheetMetadata, excel_metadata, root_of

# The day before the first of a workbook's calendar; Excel's older one for the Macintosh begins later.
EPOCH_1900, EPOCH_1904 = np.datetime64("1899-12-30", "D"), np.datetime64("1904-01-01", "D")

_Given = TypeVar("_Given")
# What programs call the parts; another name is somebody's own words.
_USUAL = re.compile(
    r"\[Content_Types\]\.xml|mimetype|META-INF/manifest\.xml|content\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels"
    r"|xl/(workbook|sharedStrings|styles|metadata)\.xml|xl/worksheets/sheet\d{1,4}\.xml"
)


def excel_parts(parts: Mapping[str, bytes]) -> tuple[dict[str, SheetMetadata], np.datetime64]:
    """The marks of every worksheet by its part's name, and the first day of the workbook's calendar."""
    metadata = {
        name: excel_metadata(part)
        for name, part in parts.items()
        if name.endswith(".xml") and root_of(part) == "worksheet"
    }
    book = next((part for name, part in parts.items() if name.endswith(".xml") and root_of(part) == "workbook"), b"")
    of_1904 = any(
        element == "workbookPr" and attributes.get("date1904") in ("1", "true", "on")
        for element, attributes in _elements(book)
    )
    return metadata, EPOCH_1904 if of_1904 else EPOCH_1900


def sheet_parts(parts: Mapping[str, bytes], metadata: Mapping[str, SheetMetadata]) -> dict[str, SheetMetadata]:
    """The marks of each sheet by its name, as the workbook's relations tell."""
    path = next((name for name, part in parts.items() if name.endswith(".xml") and root_of(part) == "workbook"), "")
    folder, _, file = path.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{file}.rels".lstrip("/"), b"")
    targets = {
        attributes.get("Id"): attributes.get("Target", "")
        for element, attributes in _elements(relations)
        if element == "Relationship"
    }
    found: dict[str, SheetMetadata] = {}
    for element, attributes in _elements(parts.get(path, b"")):
        if element == "sheet":
            target = targets.get(next((value for key, value in attributes.items() if key.endswith(":id")), ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            if part in metadata:
                found[attributes.get("name", "")] = metadata[part]
    return found


def _elements(part: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, without prefixes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError):
        pass
    return found


def is_needed(name: str) -> bool:
    """The parts in which values stand."""
    if name in ("[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "content.xml", "_rels/.rels"):
        return True
    folder, _, file = name.rpartition("/")
    if not name.endswith((".xml", ".rels")) or not folder.startswith("xl"):
        return False
    if folder in ("xl/worksheets/_rels", "xl/externalLinks", "xl/drawings", "xl/charts", "xl/media", "xl/theme"):
        return False
    return not file.startswith(("calcChain", "connections", "comments", "pivot", "queryTable"))


def usual_name(name: str) -> str:
    """A part's name where it is the usual one, which says nothing of anybody; else nothing."""
    return name if _USUAL.fullmatch(name) else ""


def opened(parts: Mapping[str, bytes]) -> Any | None:
    """The library's workbook over these parts alone; None where it can't make sense of them."""
    import python_calamine

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return quietly(lambda: python_calamine.CalamineWorkbook.from_filelike(packed))


def quietly(read: Callable[[], _Given]) -> _Given | None:
    """What the library gives, None where it fails: its messages and its panics (no Exception) may quote cells."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        return None


def refuse_other_kinds(data: bytes, file_name: str) -> None:
    """Raises FileRefused FILE-006 for an empty file, a protected or an old workbook and a page in a workbook's clothes."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise FileRefused(
            "FILE-006",
            "the workbook is protected by a password" if locked else "the workbook is of Excel's old kind (.xls)",
            where=file_name,
            mend=f"open it in Excel, save it as .xlsx{' without a password' if locked else ''}, and send it again.",
        )
    if data[:512].lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table")):
        raise FileRefused(
            "FILE-006",
            "the file is a web page with a workbook's name",
            where=file_name,
            mend="open it in Excel, save it as .xlsx, and send it again.",
        )
    if not data.startswith(b"PK\x03\x04"):
        raise not_a_workbook(file_name)


def not_a_workbook(file_name: str) -> FileRefused:
    return FileRefused(
        "FILE-006",
        "the file is not a workbook that can be read (is it protected by a password, or cut short?)",
        where=file_name,
        mend="open it in Excel, save it as .xlsx without a password, and send it again.",
    )
