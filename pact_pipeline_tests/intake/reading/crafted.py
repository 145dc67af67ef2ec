"""Files made by hand, byte by byte where the libraries would not make them: workbooks, archives, bombs."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

import openpyxl

SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{after}</worksheet>'
)
# A table as ODS keeps it, by its rows.
ODS_TABLE = '<table:table table:name="{name}">{rows}</table:table>'
_ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def xlsx(change: Callable[[openpyxl.Workbook], None] | None = None, rows: list[list[object]] | None = None) -> bytes:
    """A workbook with one sheet `children`, three rows by default."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "children"
    for row in rows if rows is not None else THREE:
        sheet.append(row)
    if change:
        change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


THREE: list[list[object]] = [
    ["Ref", "Initials", "DOB", "Sex"],
    ["C1", "AB", "01/02/2010", "female"],
    ["C2", "CD", "15/02/2010", "male"],
    ["C3", "EF", "28/02/2010", "female"],
]


def ods(rows: str = "", before: str = "", tables: str = "") -> bytes:
    """An ODS file with one table `children` of these rows, or with these tables."""
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": _ODS_MANIFEST.encode(),
            "content.xml": _ODS_CONTENT.format(
                before=before, tables=tables or ODS_TABLE.format(name="children", rows=rows)
            ).encode(),
        }
    )


def ods_row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods_text(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_rows(*rows: tuple[str, ...]) -> str:
    return "".join(ods_row(*(ods_text(cell) for cell in row)) for row in rows)


def archive(members: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return data.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one of its members changed, or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = {member: packed.read(member) for member in packed.namelist()}
    return archive({**members, name: change(members.get(name, b""))})


def with_sheet(rows: str, after: str = "") -> bytes:
    """A workbook whose sheet's XML has these rows, cells with texts of their own."""
    return with_part(xlsx(), "xl/worksheets/sheet1.xml", lambda _: SHEET.format(rows=rows, after=after).encode())


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADING_ROW = f'<row r="1">{cell("A1", "Ref")}{cell("B1", "Initials")}{cell("C1", "DOB")}{cell("D1", "Sex")}</row>'


def lying_about_sizes(data: bytes, declared: int) -> bytes:
    """The archive, each member's unpacked size declared to be another."""
    patched = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = patched.find(mark)
        while at >= 0:
            struct.pack_into("<I", patched, at + offset, declared)
            at = patched.find(mark, at + 4)
    return bytes(patched)


def with_flag(data: bytes, flag: int) -> bytes:
    """The archive with a flag set on every member: 1 says that it is encrypted."""
    patched = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = patched.find(mark)
        while at >= 0:
            patched[at + offset] |= flag
            at = patched.find(mark, at + 4)
    return bytes(patched)
