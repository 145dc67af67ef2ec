"""In which encoding a text file is written: the agreed one first, then what its bytes prove, never a guess.

Of the encodings that councils' systems write, UTF-8 and UTF-16 prove themselves: text in another one is not valid in
them. Windows-1252 and ISO-8859-15 read nearly any byte and differ in 40 of them. 32 are quotation marks, dashes and
letters in Windows-1252 and control characters, which no table holds, in ISO-8859-15: one of these proves the former.
Where none does and one of the other eight decides what a cell says, the choice is a person's (`Decoded.other`). No
further encoding is ever tried.
"""

import codecs
import re
from dataclasses import dataclass

import numpy as np

from pact_pipeline.failures import FileRefused

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SPELLED = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "windows-1252": "Windows-1252",
    "iso-8859-15": "ISO-8859-15",
    "iso-8859-1": "ISO-8859-1",
}
# Quotation marks, dashes and letters to Windows-1252; controls to ISO-8859-15 and ISO-8859-1.
_CONTROLS = re.compile(rb"[\x80-\x9f]")
# The other bytes that Windows-1252 and ISO-8859-15 read differently, such as the euro sign.
_DIFFERENT = re.compile(rb"[\xa4\xa6\xa8\xb4\xb8\xbc-\xbe]")
_LETTER_OF_UTF_8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}")
_SAMPLE = 1 << 16
# This share of a sample's every other byte is zero in UTF-16 of Latin letters; in other text next to none.
_WIDE = 0.5


@dataclass(frozen=True)
class Decoded:
    """A file's text as UTF-8, the encoding it was read in, and a note where that isn't the agreed one.

    `other`: the text in another plausible encoding, where the two differ somewhere in the file.
    """

    body: bytes
    encoding: str
    note: str = ""
    other: bytes | None = None
    other_encoding: str = ""


def decode(data: bytes, agreed: str, file_name: str) -> Decoded:
    """The text of a file. Raises FileRefused FILE-001 (not as agreed), FILE-012 (cut short), FILE-020 (not text)."""
    known = codecs.lookup(agreed).name
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _not_as_agreed(agreed, file_name, 1)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            as_agreed = known.replace("-sig", "") in (encoding, encoding[:6])
            note = "" if as_agreed else f"read as {SPELLED[encoding]}, as the file's first bytes say"
            body = data[len(mark) :]
            if encoding == "utf-8":
                return Decoded(_valid_utf_8(body, agreed, file_name), encoding, note)
            return Decoded(_from_wide(body, encoding, agreed, file_name), encoding, note)
    if (zero := data.find(b"\0")) >= 0:
        wide = _wide_encoding(data)
        if not wide:
            raise _not_text(file_name, line_of(data, zero))
        note = "" if known == wide else "read as UTF-16, though the file lacks the first bytes that mark it as such"
        return Decoded(_from_wide(data, wide, agreed, file_name), wide, note)
    if known in ("utf-8", "utf-8-sig", "ascii", "utf-16", "utf-16-le", "utf-16-be"):
        return _agreed_on_unicode(data, agreed, known, file_name)
    return _agreed_on_bytes(data, agreed, known, file_name)


def line_of(data: bytes, position: int) -> int:
    """The number of the line on which a byte stands, whatever the line ends."""
    before = data[:position]
    return before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n") + 1


def _agreed_on_unicode(data: bytes, agreed: str, known: str, file_name: str) -> Decoded:
    note = ""
    if data and known not in ("utf-8", "ascii"):
        note = f"read as UTF-8: the file lacks the first bytes that mark it as {agreed}"
    at = _first_fault(data)
    if at is None:
        return Decoded(data, "utf-8", note)
    # A file that is UTF-8 in other places is a damaged one; in a single-byte encoding its letters would be nonsense.
    if _LETTER_OF_UTF_8.search(data):
        _refuse_cut_letter(data, at, file_name)
        raise _not_as_agreed(agreed, file_name, line_of(data, at))
    windows, latin = _as_utf_8(data, "windows-1252"), _as_utf_8(data, "iso-8859-15")
    if windows is None or latin is None:
        raise _not_as_agreed(agreed, file_name, line_of(data, at))
    note = f"read as Windows-1252: it isn't written in {agreed.upper()}, as agreed"
    if _CONTROLS.search(data):
        return Decoded(windows, "windows-1252", f"{note} (as ISO-8859-15 it would hold control characters)")
    if _DIFFERENT.search(data):
        return Decoded(windows, "windows-1252", note, latin, "iso-8859-15")
    return Decoded(windows, "windows-1252", f"{note} (as ISO-8859-15 it reads the same)")


def _agreed_on_bytes(data: bytes, agreed: str, known: str, file_name: str) -> Decoded:
    if data.isascii():
        return Decoded(data, known)
    # Accented letters written as UTF-8 are never valid by chance, and in a single-byte encoding they read as nonsense.
    if _first_fault(data) is None:
        return Decoded(data, "utf-8", f"read as UTF-8: its accented letters are not written in {agreed}")
    text = _as_utf_8(data, known)
    if text is None:
        raise _not_as_agreed(agreed, file_name, _undecodable_line(data, known))
    if known.startswith("iso8859") and _CONTROLS.search(data):
        windows = _as_utf_8(data, "windows-1252")
        if windows is not None:
            note = f"read as Windows-1252: in {agreed.upper()}, as agreed, it would hold control characters"
            return Decoded(windows, "windows-1252", note)
    return Decoded(text, known)


def _first_fault(data: bytes) -> int | None:
    """Where the first byte stands that isn't UTF-8; None where all are."""
    if data.isascii():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _as_utf_8(data: bytes, encoding: str) -> bytes | None:
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError:
        return None


def _undecodable_line(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return line_of(data, error.start)
    return 1


def _valid_utf_8(data: bytes, agreed: str, file_name: str) -> bytes:
    at = _first_fault(data)
    if at is not None:
        _refuse_cut_letter(data, at, file_name)
        raise _not_as_agreed("UTF-8" if "utf" not in agreed.casefold() else agreed, file_name, line_of(data, at))
    if (zero := data.find(b"\0")) >= 0:
        raise _not_text(file_name, line_of(data, zero))
    return data


def _from_wide(data: bytes, encoding: str, agreed: str, file_name: str) -> bytes:
    if len(data) % 2:
        raise cut_short(file_name, _wide_lines(data[:-1], encoding))
    fault = 0
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        fault = _wide_lines(data[: error.start], encoding)
    if fault:
        raise _not_as_agreed("utf-16" if "utf-16" not in agreed.casefold() else agreed, file_name, fault)
    body = text.encode("utf-8")
    if (zero := body.find(b"\0")) >= 0:
        raise _not_text(file_name, line_of(body, zero))
    return body


def _wide_lines(data: bytes, encoding: str) -> int:
    body = data.decode(encoding, "replace").encode("utf-8")
    return line_of(body, len(body))


def _wide_encoding(data: bytes) -> str:
    """UTF-16 by its zero bytes, of which Latin letters have one each; empty where it isn't."""
    sample = np.frombuffer(data[: _SAMPLE & ~1 if len(data) > 1 else 0], np.uint8)
    first, second = sample[0::2] == 0, sample[1::2] == 0
    if not len(second):
        return ""
    if second.mean() > _WIDE and not first.any():
        return "utf-16-le"
    if first.mean() > _WIDE and not second.any():
        return "utf-16-be"
    return ""


def _refuse_cut_letter(data: bytes, at: int, file_name: str) -> None:
    """A file that ends within a letter of several bytes was cut there."""
    tail = data[at:]
    if 0 < len(tail) < 4 and tail[0] >= 0xC3 and all(0x80 <= byte < 0xC0 for byte in tail[1:]):
        raise cut_short(file_name, line_of(data, at))


def cut_short(file_name: str, line: int) -> FileRefused:
    """The refusal of a file that ends in the middle of a row."""
    return FileRefused(
        "FILE-012",
        "the file ends in the middle of a row: it was cut short on its way",
        where=f"{file_name}, line {line}",
        mend="send it again; compare its size with the file that your system wrote.",
    )


def _not_text(file_name: str, line: int) -> FileRefused:
    return FileRefused(
        "FILE-020",
        "the file holds bytes of zero, which no text has: it is damaged or not a text file",
        where=f"{file_name}, line {line}",
        mend="run the extract again, save it as 'CSV UTF-8' and send it.",
    )


def _not_as_agreed(agreed: str, file_name: str, line: int) -> FileRefused:
    return FileRefused(
        "FILE-001",
        f"the file isn't written in {agreed.upper()}, as agreed",
        where=f"{file_name}, line {line}",
        mend="save it as 'CSV UTF-8' and send it again, or tell us the encoding your system writes "
        "(Windows-1252 is the usual other one).",
    )
