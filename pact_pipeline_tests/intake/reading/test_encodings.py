"""Encodings: the agreed one first, then what the bytes prove; where that isn't enough, a person decides."""

import codecs
from collections.abc import Callable

import pytest

from pact_pipeline_tests.intake.reading.conftest import ROWS, Read, lines

Refusal = Callable[..., str]
ACCENTED = lines("C1,É,01/02/2010,female", "C2,Ö,15/02/2010,male")
# A pound sign is the same in both single-byte encodings; a euro sign and a quotation mark are not.
AS_AGREED = (
    "To mend: save it as 'CSV UTF-8' and send it again, or tell us the encoding your system writes (Windows-1252 is "
    "the usual other one)."
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-15"])
def test_each_encoding_is_read_as_agreed_without_a_word(read: Read, encoding: str) -> None:
    told = read(ACCENTED.encode(encoding), encoding=encoding)
    assert (told.column("initials"), told.notes, told.sheet.ambiguities) == (["É", "Ö"], (), [])


@pytest.mark.parametrize(
    ("data", "agreed", "note"),
    [
        (codecs.BOM_UTF8 + ACCENTED.encode(), "windows-1252", "read as UTF-8, as the file's first bytes say"),
        (ACCENTED.encode("utf-16"), "utf-8", "read as UTF-16, as the file's first bytes say"),
        (codecs.BOM_UTF16_BE + ACCENTED.encode("utf-16-be"), "utf-8", "read as UTF-16, as the file's first bytes say"),
        (ACCENTED.encode("utf-16-le"), "utf-16", "read as UTF-16, though the file lacks the first bytes that mark it as such"),
        (ACCENTED.encode("utf-16-be"), "utf-8", "read as UTF-16, though the file lacks the first bytes that mark it as such"),
        (ACCENTED.encode(), "utf-16", "read as UTF-8: the file lacks the first bytes that mark it as utf-16"),
        (ACCENTED.encode(), "iso-8859-15", "read as UTF-8: its accented letters are not written in iso-8859-15"),
        (
            ACCENTED.encode("windows-1252"),
            "utf-8",
            "read as Windows-1252: it isn't written in UTF-8, as agreed (as ISO-8859-15 it reads the same)",
        ),
    ],
)  # fmt: skip
def test_another_encoding_that_the_bytes_prove_is_read_and_told(
    read: Read, data: bytes, agreed: str, note: str
) -> None:
    told = read(data, encoding=agreed)
    assert (told.column("initials"), told.notes, told.sheet.ambiguities) == (["É", "Ö"], (note,), [])


def test_two_readings_that_differ_in_a_cell_are_both_shown_and_neither_is_chosen(read: Read) -> None:
    told = read(lines("C1,AB,01/02/2010,female", "C2,€1,15/02/2010,male").encode("iso-8859-15"))
    (ambiguity,) = told.sheet.ambiguities
    assert str(ambiguity) == (
        "The file isn't written in UTF-8, as agreed; it can be read as Windows-1252 or ISO-8859-15, and a cell differs. "
        "Where: children.csv, line 3, column 'Initials'. To decide: --reading encoding=windows-1252 or "
        "--reading encoding=iso-8859-15"
    )
    assert [(one.name, one.shows) for one in ambiguity.readings] == [("windows-1252", "¤1"), ("iso-8859-15", "€1")]


@pytest.mark.parametrize(("chosen", "cell"), [("windows-1252", "¤1"), ("iso-8859-15", "€1")])
def test_the_reading_that_a_person_chose_is_used_and_told(read: Read, chosen: str, cell: str) -> None:
    data = lines("C2,€1,15/02/2010,male").encode("iso-8859-15")
    told = read(data, decided={"encoding": chosen})
    assert (told.column("initials"), told.sheet.ambiguities) == ([cell], [])
    spelled = {"windows-1252": "Windows-1252", "iso-8859-15": "ISO-8859-15"}[chosen]
    assert told.notes == (f"read as {spelled}, as a person decided",)


@pytest.mark.parametrize(
    ("agreed", "note"),
    [
        (
            "utf-8",
            "read as Windows-1252: it isn't written in UTF-8, as agreed (as ISO-8859-15 it would hold control characters)",
        ),
        ("iso-8859-15", "read as Windows-1252: in ISO-8859-15, as agreed, it would hold control characters"),
        ("iso-8859-1", "read as Windows-1252: in ISO-8859-1, as agreed, it would hold control characters"),
    ],
)
def test_quotation_marks_of_windows_prove_windows_1252(read: Read, agreed: str, note: str) -> None:
    """The bytes 80 to 9F are controls elsewhere. With them in the file, a byte A4 is no euro sign of ISO-8859-15."""
    told = read(lines("C1,“A”,01/02/2010,female", "C2,¤1,15/02/2010,male").encode("windows-1252"), encoding=agreed)
    assert (told.column("initials"), told.notes, told.sheet.ambiguities) == (["“A”", "¤1"], (note,), [])


@pytest.mark.parametrize("byte", [0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE])
def test_every_letter_that_the_two_read_differently_is_a_doubt(read: Read, byte: int) -> None:
    told = read(lines("C1,@,01/02/2010,female").encode().replace(b"@", bytes([byte])))
    assert [one.choice for one in told.sheet.ambiguities] == ["encoding"]


def test_a_difference_in_a_column_that_is_not_read_is_no_doubt(read: Read) -> None:
    data = lines("C1,AB,01/02/2010,female,€5", header="Ref,Initials,DOB,Sex,Notes").encode("iso-8859-15")
    told = read(data)
    assert told.sheet.ambiguities == []
    assert told.notes == (
        "read as Windows-1252: it isn't written in UTF-8, as agreed",
        "not asked for, so not read: 'Notes'",
    )


@pytest.mark.parametrize("data", ["Σ".encode("iso-8859-7"), "שלום".encode("iso-8859-8"), "日本".encode("shift-jis")])
def test_no_further_encoding_is_ever_tried(read: Read, data: bytes) -> None:
    told = read(lines("C1,@,01/02/2010,female").encode().replace(b"@", data), encoding="windows-1252")
    assert not any(
        letter >= "\u0370" for letter in told.column("initials")[0] if letter.isalpha() and letter > "\u02ff"
    )


def test_utf_8_that_is_damaged_in_one_place_is_refused_with_its_line(refusal: Refusal) -> None:
    data = ACCENTED.encode() + b"C3,\xe9,01/02/2010,female\r\n"
    message = f"FILE-001: the file isn't written in UTF-8, as agreed. Where: children.csv, line 4. {AS_AGREED}"
    assert refusal(data) == message
    assert refusal(codecs.BOM_UTF8 + data) == message


def test_a_byte_that_windows_1252_lacks_refuses_the_file_with_its_line(refusal: Refusal) -> None:
    data = lines("C1,\x81,01/02/2010,female").encode("latin-1")
    assert refusal(data, encoding="windows-1252") == (
        f"FILE-001: the file isn't written in WINDOWS-1252, as agreed. Where: children.csv, line 2. {AS_AGREED}"
    )


@pytest.mark.parametrize("mark", [codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_utf_32_is_refused(refusal: Refusal, mark: bytes) -> None:
    assert refusal(mark + b"R\0\0\0").startswith("FILE-001: the file isn't written in UTF-8, as agreed")


def test_a_lone_surrogate_refuses_the_file(refusal: Refusal) -> None:
    data = ACCENTED.encode("utf-16") + "C3,".encode("utf-16-le") + b"\x00\xd8" + ",x\r\n".encode("utf-16-le")
    assert refusal(data, encoding="utf-16") == (
        f"FILE-001: the file isn't written in UTF-16, as agreed. Where: children.csv, line 4. {AS_AGREED}"
    )
    assert refusal(lines(*ROWS).encode() + b"\xed\xa0\x80,\xc3\x89\r\n").startswith("FILE-001")


@pytest.mark.parametrize("wide", [False, True])
def test_bytes_of_zero_refuse_the_file_with_their_line(refusal: Refusal, wide: bool) -> None:
    text = lines("C1,A\0B,01/02/2010,female", *ROWS)
    assert refusal(text.encode("utf-16" if wide else "utf-8"), encoding="utf-16" if wide else "utf-8") == (
        "FILE-020: the file holds bytes of zero, which no text has: it is damaged or not a text file. Where: children.csv, "
        "line 2. To mend: run the extract again, save it as 'CSV UTF-8' and send it."
    )


@pytest.mark.parametrize(
    "data",
    [ACCENTED.encode("utf-16")[:-1], lines(*ROWS).encode() + "C4,É".encode()[:-1]],
)
def test_a_file_cut_within_a_letter_is_cut_short(refusal: Refusal, data: bytes) -> None:
    assert refusal(data, encoding="utf-16" if data[0] == 0xFF else "utf-8").startswith(
        "FILE-012: the file ends in the middle of a row: it was cut short on its way. Where: children.csv, line "
    )
