"""Delimited text: delimiters, quotation marks, line ends, and what would let rows vanish or shift unseen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pact_pipeline.intake.reading import guards
from pact_pipeline_tests.intake.reading.conftest import HEADER, ROWS, Read, lines

Refusal = Callable[..., str]
CUT = (
    "FILE-012: the file ends in the middle of a row: it was cut short on its way. Where: children.csv, line {line}. "
    "To mend: send it again; compare its size with the file that your system wrote."
)
OPEN = (
    "FILE-008: a quotation mark is opened and not closed, so the rows below it can't be told apart. Where: children.csv, "
    "line {line}. To mend: close or remove the quotation mark and send the file again."
)


@pytest.mark.parametrize(
    ("delimiter", "word"),
    [(";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes"), ("^", "carets"), ("~", "tildes")],
)
def test_another_delimiter_is_found_by_the_headings_and_told(read: Read, delimiter: str, word: str) -> None:
    told = read(lines(*ROWS).replace(",", delimiter))
    assert (told.column("child_ref"), told.notes) == (["C1", "C2", "C3"], (f"the columns are parted by {word}",))
    assert read(lines(*ROWS).replace(",", delimiter), delimiter=delimiter).notes == ()


def test_excels_own_line_about_the_delimiter_is_a_title_row(read: Read) -> None:
    told = read("sep=;\r\n" + lines(*ROWS).replace(",", ";"))
    assert (told.lines, told.column("sex")) == ([3, 4, 5], ["female", "male", "female"])
    assert told.notes == ("the columns are parted by semicolons", "the headings stand on line 2")


def test_headings_found_by_two_delimiters_are_a_doubt_until_a_person_decides(read: Read) -> None:
    data = HEADER.replace(",", ";") + "\r\n" + lines(*ROWS).replace(",", "|")
    (ambiguity,) = read(data).sheet.ambiguities
    assert str(ambiguity) == (
        "The headings are found whether the columns are parted by semicolons or upright strokes. Where: children.csv, "
        "lines 1 and 2. To decide: --reading delimiter=semicolon or --reading delimiter=stroke"
    )
    assert [one.shows for one in ambiguity.readings] == ["4 columns on line 1", "4 columns on line 2"]
    told = read(data, decided={"delimiter": "stroke"})
    assert (told.sheet.ambiguities, told.column("child_ref")) == ([], ["C1", "C2", "C3"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read_with_the_lines_as_a_spreadsheet_numbers_them(read: Read, end: str) -> None:
    told = read(lines(ROWS[0], "", *ROWS[1:], end=end))
    assert (told.lines, told.column("child_ref"), told.notes) == ([2, 4, 5], ["C1", "C2", "C3"], ())


def test_line_ends_may_be_mixed_and_the_last_may_be_missing(read: Read) -> None:
    told = read(f"{HEADER}\r\n{ROWS[0]}\n{ROWS[1]}\r{ROWS[2]}")
    assert (told.lines, told.column("sex")) == ([2, 3, 4], ["female", "male", "female"])


def test_quotation_marks_hold_delimiters_line_breaks_and_doubled_marks(read: Read) -> None:
    told = read(lines('"C1","A,B",01/02/2010,female', 'C2,"say ""x""",15/02/2010,male', 'C3,"A\r\nB",28/02/2010,male'))
    assert told.column("initials") == ["A,B", 'say "x"', "A\r\nB"]
    assert told.lines == [2, 3, 4]


def test_a_sign_for_the_end_of_the_file_is_no_row(read: Read) -> None:
    assert read(lines(*ROWS) + "\x1a").column("child_ref") == ["C1", "C2", "C3"]


def test_rows_with_a_cell_too_many_or_few_are_set_aside(read: Read) -> None:
    told = read(lines(ROWS[0], ROWS[1] + ",x", "C3,AB"))
    assert [(row.source_row, row.cells) for row in told.mapped.malformed] == [(3, 5), (4, 2)]
    assert (told.mapped.rows_read, told.lines) == (3, [2])


def test_a_row_set_aside_may_hold_a_line_break_in_quotation_marks(read: Read) -> None:
    told = read(lines(ROWS[0], 'C2,"A\r\nB",15/02/2010,male,x', ROWS[2]))
    assert [row.source_row for row in told.mapped.malformed] == [3]
    assert told.lines == [2, 4]


# --- what would let rows vanish or shift


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (lines('C1,"AB,01/02/2010,female', *ROWS), 2),
        # The mark closes at the next one of its column, so that the row has as many cells as it should.
        (lines(ROWS[0], 'C1,"AB,01/02/2010,female', *ROWS, 'C9,"XY",01/02/2010,female'), 3),
        # The mark closes at the next one, in the first cell of a row below: no row has a cell too many.
        (lines('C1,AB,01/02/2010,"female', *ROWS, '"C9",AB,01/02/2010,female'), 2),
        (lines(ROWS[0], 'C1,AB,01/02/2010,"female', ROWS[1], 'C9,"AB",01/02/2010,female'), 3),
    ],
)
def test_a_quotation_mark_left_open_refuses_the_file_with_its_line(refusal: Refusal, text: str, line: int) -> None:
    assert refusal(text) == OPEN.format(line=line)


def test_two_marks_at_cells_edges_that_swallow_whole_rows_refuse_the_file(refusal: Refusal) -> None:
    fields = [row.split(",") for row in (*ROWS, *ROWS)]
    fields[1][1] = '"' + fields[1][1]
    fields[3][1] += '"'  # from a cell of the third line to the same cell two lines on: a legal cell, two rows gone
    assert refusal(lines(*map(",".join, fields))) == OPEN.format(line=3)


def test_a_note_over_lines_with_commas_in_it_is_a_cell(read: Read) -> None:
    assert read(lines(ROWS[0].replace("female", '"a, b\nand c"'), *ROWS[1:])).lines == [2, 3, 4]


def test_a_literal_quotation_mark_within_a_cell_is_text(read: Read) -> None:
    assert read(lines('C1,5" AB,01/02/2010,female', *ROWS)).column("initials") == ['5" AB', "AB", "CD", "EF"]


@pytest.mark.parametrize("tail", ["C4,AB", "C4,AB,01/02/2010", 'C4,AB,01/02/2010,"fem', 'C4,"A'])
def test_a_file_that_ends_within_a_row_refuses_with_the_line(refusal: Refusal, tail: str) -> None:
    assert refusal(lines(*ROWS) + tail) == CUT.format(line=5)


def test_a_short_last_row_that_is_ended_is_a_row_with_too_few_cells(read: Read) -> None:
    assert [row.source_row for row in read(lines(*ROWS, "C4,AB")).mapped.malformed] == [5]


def test_a_delimiter_at_the_end_of_every_row_is_told_once(read: Read) -> None:
    told = read(lines(*(row + "," for row in ROWS)))
    assert (told.column("sex"), told.mapped.malformed) == (["female", "male", "female"], ())
    assert told.notes == ("every row has 1 empty cell more than there are headings; left out",)


def test_delimiters_at_the_end_of_the_heading_alone_are_no_matter(read: Read) -> None:
    told = read(lines(*ROWS, header=HEADER + ",,"))
    assert (told.column("sex"), told.mapped.malformed, told.notes) == (["female", "male", "female"], (), ())


def test_a_filled_cell_more_in_every_row_refuses_the_file(refusal: Refusal) -> None:
    assert refusal(lines(ROWS[0] + ",", ROWS[1] + ",x", ROWS[2] + ",")) == (
        "FILE-016: every row has 1 cell more than there are headings (4), and they are not empty, so nobody can tell which "
        "cell belongs to which heading. Where: children.csv, line 3. To mend: give every column a heading, or put quotation "
        "marks around cells that hold the delimiter, and send the file again."
    )


def test_cells_that_a_spreadsheet_has_spoiled_are_not_taken(read: Read) -> None:
    told = read(lines("1.1E+08,AB,01/02/2010,female", "C2,#N/A,01/02/2010,male", "C3,C#,01/02/2010,female"))
    assert {column: mask.tolist() for column, mask in told.mapped.lost.items()} == {
        "child_ref": [True, False, False],
        "initials": [False, True, False],
    }
    assert told.notes == (
        "1 cell of 'Ref' can't be read: an error, or a long number that a spreadsheet has cut",
        "1 cell of 'Initials' can't be read: an error, or a long number that a spreadsheet has cut",
    )


# --- other kinds of files


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04", "a workbook or an archive"),
        (b"\xd0\xcf\x11\xe0", "an old or protected workbook"),
        (b"%PDF-1.4", "a PDF document"),
        (b"\x1f\x8b\x08", "a packed file"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(refusal: Refusal, start: bytes, kind: str) -> None:
    assert refusal(start + b" and so on") == (
        f"FILE-006: the file is {kind} with a text file's name. Where: children.csv. To mend: save it as CSV, or ask us to "
        "change the layout to a workbook."
    )


# --- sizes


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_bytes(_: Path) -> bytes:
        raise AssertionError("read")

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    monkeypatch.setattr(guards, "LARGEST_FILE", 40)
    assert refusal(lines(*ROWS) * 100_000).startswith(
        "FILE-013: the file has 10 MB; at most 0 MB are read. Where: children.csv. To mend: send the period asked for only, "
        "without documents or pictures, or ask us how to send so much."
    )


def test_one_cell_of_twenty_megabytes_is_a_cell(read: Read) -> None:
    told = read(lines(ROWS[0], f"C2,{'x' * 20_000_000},15/02/2010,male", ROWS[2]))
    assert (len(told.column("initials")[1]), told.lines) == (20_000_000, [2, 3, 4])


@pytest.mark.long
def test_one_cell_of_a_hundred_megabytes_is_a_cell(read: Read) -> None:
    told = read(lines(f"C2,{'x' * 100_000_000},15/02/2010,male", *ROWS))
    assert (len(told.column("initials")[0]), told.lines) == (100_000_000, [2, 3, 4, 5])


def test_twenty_thousand_columns_are_read_for_the_four_that_are_asked_for(read: Read) -> None:
    more = ",".join(f"column {number}" for number in range(20_000))
    told = read(lines(*(row + "," * 20_000 for row in ROWS), header=f"{HEADER},{more}"))
    assert told.column("sex") == ["female", "male", "female"]


def test_reading_takes_less_than_ten_times_the_file(tmp_path: Path) -> None:
    """In a process of its own, so that the peak is this file's."""
    import subprocess
    import sys

    path = tmp_path / "big.csv"
    row = "C{0:07d},AB,01/02/2010,female," + ",".join("some words" for _ in range(9)) + "\r\n"
    header = HEADER + "," + ",".join(f"n{number}" for number in range(9)) + "\r\n"
    path.write_text(header + "".join(row.format(number) for number in range(100_000)))
    program = f"""
from pathlib import Path
from pact_pipeline.suppliers import Layout
from pact_pipeline.intake.reading import open_extract
layout = Layout("t", "csv", "utf-8", ",", (), ("",), "x", {{}})
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
before = peak()
sheet = open_extract(Path({str(path)!r}), "big.csv", layout).sheet("children")
header = next(sheet.top_rows())[0]
cells = sheet.cells(header, {{str(place): place for place in range(13)}})
assert len(cells.source_row) == 100_000
print(peak() - before)
"""
    peak = int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout)
    assert peak < 10 * path.stat().st_size, f"{peak / path.stat().st_size:.1f} times"
