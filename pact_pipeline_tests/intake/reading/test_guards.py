"""Files made to do harm: bombs, cells at the far corner of a sheet, entities. Each is refused, in little memory."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading import guards
from pact_pipeline_tests.intake.reading.conftest import HEADER, Read
from pact_pipeline_tests.intake.reading.crafted import (
    HEADING_ROW,
    ODS_TABLE,
    archive,
    cell,
    lying_about_sizes,
    ods,
    ods_row,
    ods_rows,
    ods_text,
    with_part,
    with_sheet,
    xlsx,
)

Refusal = Callable[..., str]
BOOK = {"format": "xlsx", "name": "GLG_201208.xlsx"}
SHEETS = {"format": "ods", "name": "GLG_201208.ods"}
ZIP = {"format": "zip", "name": "GLG_201208.zip", "members": "{table}.csv"}
HEADINGS = ("Ref", "Initials", "DOB", "Sex")
FAR = "To mend: delete what stands far below or beside the table (in Excel, Ctrl+End leads there), save and send it."
DOCTYPE = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
LARGEST = 100  # megabytes that reading any of these may take
PROGRAM = """
import json, sys
from pathlib import Path
from pact_pipeline.suppliers import Layout, TableMapping
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading import open_extract

children = TableMapping("children", "children", {}, {}, (), (), "month")

def memory(kind):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(kind))

for asked in sys.stdin:
    path, kind = json.loads(asked)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = memory("VmRSS")
    layout = Layout("t", kind, "utf-8", ",", (), ("",), "x", {"children": children}, "{table}.csv")
    try:
        sheet = open_extract(Path(path), "bomb." + kind, layout).sheet("children")
        said = f"read {[row.cells for row in next(sheet.top_rows())][:2]}"
    except FileRefused as refusal:
        said = str(refusal)
    print(json.dumps([said, memory("VmHWM") - before]), flush=True)
"""


class Reader:
    """A process of its own that reads files and tells what was said and the memory it took: a library may end it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, path: Path, kind: str) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([str(path), kind]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            self.end()
        assert answer, "the process ended"
        said, megabytes = json.loads(answer)
        assert megabytes < LARGEST, f"{megabytes} MB"
        return str(said)

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="module")
def in_a_process() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.end()


# --- cells far away


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (f'{HEADING_ROW}<row r="1048576">{cell("XFD1048576", "x")}</row>', "line 1,048,576, column XFD: 17,179,869,184"),
        (f'{HEADING_ROW}<row r="900000"><c r="P900000"><v>1</v></c></row>', "line 900,000, column P: 14,400,000"),
        # Without references of their own, or with those of rows alone.
        (f'{HEADING_ROW}<row r="1048576"><c r="XFC1048576"/><c><v>1</v></c></row>', "line 1,048,576, column XFD: "),
        ('<x:row xmlns:x="u" r="9999999"><x:c r="A9999999"><x:v>1</x:v></x:c></x:row>', "line 9,999,999, column A: "),
    ],
)  # fmt: skip
def test_a_cell_at_the_far_corner_of_a_sheet_is_refused_in_little_memory(
    tmp_path: Path, in_a_process: Reader, rows: str, place: str
) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(with_sheet(rows))
    said = in_a_process(path, "xlsx")
    assert said.startswith(f"FILE-013: the sheet's filled cells reach to {place}")
    assert said.endswith(f" cells, of which at most 10,000,000 are read. Where: bomb.xlsx, sheet children. {FAR}")


@pytest.mark.parametrize("reference", ["AAAAAAAA1", "A99999999999", "1A", "a"])
def test_a_cell_that_says_to_stand_where_none_can_is_refused(
    tmp_path: Path, in_a_process: Reader, reference: str
) -> None:
    path = tmp_path / "odd.xlsx"
    path.write_bytes(with_sheet(f'{HEADING_ROW}<row r="2">{cell(reference, "x")}</row>'))
    assert in_a_process(path, "xlsx") == (
        "FILE-006: a sheet can't be read. Where: bomb.xlsx, sheet children. To mend: open the workbook in Excel, save it as "
        ".xlsx and send it again."
    )


def test_a_far_cell_on_a_sheet_that_nobody_asks_for_is_never_made(tmp_path: Path, in_a_process: Reader) -> None:
    far = (
        '<worksheet xmlns="u"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    data = with_part(xlsx(lambda book: book.create_sheet("Notes")), "xl/worksheets/sheet2.xml", lambda _: far.encode())
    path = tmp_path / "notes.xlsx"
    path.write_bytes(data)
    assert in_a_process(path, "xlsx").startswith("read [('Ref', 'Initials', 'DOB', 'Sex')")


def test_blank_formatted_cells_far_away_are_no_matter(read: Read) -> None:
    told = read(with_sheet(f'{HEADING_ROW}<row r="2">{cell("A2", "C1")}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'), **BOOK)  # noqa: E501  # fmt: skip
    assert told.column("child_ref") == ["C1"]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (
            ods_rows(HEADINGS)
            + ods_row(ods_text("x", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048575"'),
            "line 1,048,576, column XFD: 17,179,869,184",
        ),
        (
            ods_row("<table:table-cell/>", attributes='table:number-rows-repeated="1048575"')
            + ods_row('<table:table-cell table:number-columns-repeated="16383"/>', ods_text("x")),
            "line 1,048,576, column XFD: 17,179,869,184",
        ),
        (
            ods_row(ods_text("x"), attributes='table:number-rows-repeated="99999999999999999999"'),
            "line 1,000,000,000, column A: ",
        ),
    ],
)  # fmt: skip
def test_repeated_cells_of_ods_are_counted_not_made(
    tmp_path: Path, in_a_process: Reader, rows: str, place: str
) -> None:
    path = tmp_path / "far.ods"
    path.write_bytes(ods(rows))
    said = in_a_process(path, "ods")
    assert said.startswith(f"FILE-013: the sheet's filled cells reach to {place}")
    assert said.endswith(f" cells, of which at most 10,000,000 are read. Where: bomb.ods, sheet children. {FAR}")


def test_the_blank_rows_with_which_ods_files_end_are_no_matter(read: Read) -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    told = read(
        ods(ods_rows(HEADINGS, ("C1", "AB", "01/02/2010", "male")) + ods_row(blank, attributes='table:number-rows-repeated="1048574"')),  # noqa: E501
        **SHEETS,
    )  # fmt: skip
    assert told.column("child_ref") == ["C1"]


def test_many_ods_tables_are_added_up(tmp_path: Path, in_a_process: Reader) -> None:
    rows = ods_row(
        ods_text("x", 'table:number-columns-repeated="90"'), attributes='table:number-rows-repeated="100000"'
    )
    path = tmp_path / "many.ods"
    path.write_bytes(ods(tables="".join(ODS_TABLE.format(name=f"t{number}", rows=rows) for number in range(3))))
    assert in_a_process(path, "ods") == (
        "FILE-013: the workbook's sheets have 27,000,000 cells together, of which at most 20,000,000 are read. Where: "
        "bomb.ods. To mend: send the tables asked for only, or each in a workbook of its own."
    )


# --- bombs


def test_a_part_that_unpacks_to_more_than_is_read_is_refused_before_it_is_unpacked(
    tmp_path: Path, in_a_process: Reader
) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(lying_about_sizes(archive({"xl/workbook.xml": "x", "xl/styles.xml": "x"}), 300_000_000))
    assert in_a_process(path, "xlsx") == (
        "FILE-013: the file unpacks to 600 MB; at most 512 MB are read. Where: bomb.xlsx. To mend: send the period asked for "
        "only, or split the file."
    )


def test_a_part_that_shrinks_as_no_table_does_is_refused(refusal: Refusal, tmp_path: Path) -> None:
    member = HEADER.encode() + b"\n" + b"," * 60_000_000
    assert refusal(archive({"children.csv": member}), **ZIP) == (
        "FILE-013: a part of the file unpacks to more than 200 times its size, which no table does. Where: GLG_201208.zip, "
        "children.csv. To mend: delete empty formatted rows and columns, save the file again and send it."
    )


def test_a_part_that_lies_about_its_size_is_read_to_that_size_only(tmp_path: Path, in_a_process: Reader) -> None:
    path = tmp_path / "liar.xlsx"
    sheet = b"<worksheet><sheetData/>" + b" " * 250_000_000 + b"</worksheet>"
    path.write_bytes(lying_about_sizes(with_part(xlsx(), "xl/worksheets/sheet1.xml", lambda _: sheet), 1000))
    said = in_a_process(path, "xlsx")
    assert said.startswith(
        "FILE-006: the file can't be unpacked: it is cut short, or changed on its way. Where: bomb.xlsx, "
    )


def test_a_directory_of_a_million_members_is_not_read(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "LARGEST_DIRECTORY", 100)
    assert refusal(archive({f"{number}.csv": "" for number in range(20)}), **ZIP).startswith(
        "FILE-015: the archive has more than 2,000 members. Where: GLG_201208.zip."
    )


# --- XML that swells or fetches


def entities(where: str) -> tuple[bytes, str]:
    """A workbook or ODS file with a document type before one of its parts."""
    if where == "content.xml":
        return ods(ods_rows(HEADINGS) + ods_row(ods_text("&c;")), before=DOCTYPE), "ods"
    body = (
        '<?xml version="1.0"?>' + DOCTYPE + '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>&c;</t></si></sst>"
    )
    encoding = "utf-16" if where.endswith("16") else "utf-8"
    return with_part(xlsx(), where.removesuffix("16"), lambda _: body.encode(encoding)), "xlsx"


@pytest.mark.parametrize(
    "where", ["content.xml", "xl/sharedStrings.xml", "xl/sharedStrings.xml16", "xl/worksheets/sheet1.xml", "xl/workbook.xml"]
)  # fmt: skip
def test_xml_with_a_document_type_is_refused_before_anything_is_expanded(
    tmp_path: Path, in_a_process: Reader, where: str
) -> None:
    data, kind = entities(where)
    path = tmp_path / "entities"
    path.write_bytes(data)
    assert in_a_process(path, kind) == (
        "FILE-015: the workbook's XML declares a document type, by which files can be made to swell or to fetch others. "
        f"Where: bomb.{kind}, {where.removesuffix('16')}. To mend: open it in Excel, save it as .xlsx again, and send that."
    )


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/"])
def test_an_external_entity_is_neither_fetched_nor_shown(refusal: Refusal, address: str) -> None:
    before = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{address}">]>'
    assert refusal(ods(ods_rows(HEADINGS) + ods_row(ods_text("&x;")), before=before), **SHEETS).startswith("FILE-015: ")


def test_an_entity_that_nobody_declared_makes_the_sheet_unreadable(refusal: Refusal) -> None:
    assert refusal(with_sheet(f'{HEADING_ROW}<row r="2">{cell("A2", "&x;")}</row>'), **BOOK) == (
        "FILE-006: a sheet can't be read. Where: GLG_201208.xlsx, sheet children. To mend: open the workbook in Excel, save "
        "it as .xlsx and send it again."
    )


def test_links_macros_connections_and_pictures_stay_behind(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    import python_calamine

    from pact_pipeline.intake.reading import workbook

    seen: list[str] = []
    opened = workbook.opened
    monkeypatch.setattr(workbook, "opened", lambda parts: (seen.extend(parts), opened(parts))[1])
    data = xlsx()
    for part in (
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/vbaProject.bin",
        "xl/media/image1.png",
    ):
        data = with_part(data, part, lambda _: b"<ddeLink/>")
    assert read(data, **BOOK).column("child_ref") == ["C1", "C2", "C3"]
    assert not [name for name in seen if "Link" in name or "connection" in name or name.endswith((".bin", ".png"))]
    assert python_calamine


# --- what is no workbook


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            (
                "FILE-006: the workbook is protected by a password. Where: GLG_201208.xlsx. To mend: open it in Excel, save it as "
                ".xlsx without a password, and send it again."
            ),
        ),
        (
            b"\xd0\xcf\x11\xe0 Workbook",
            (
                "FILE-006: the workbook is of Excel's old kind (.xls). Where: GLG_201208.xlsx. To mend: open it in Excel, save it "
                "as .xlsx, and send it again."
            ),
        ),
        (
            b"\r\n<HTML><table>",
            (
                "FILE-006: the file is a web page with a workbook's name. Where: GLG_201208.xlsx. To mend: open it in Excel, save "
                "it as .xlsx, and send it again."
            ),
        ),
        (
            archive({"readme.txt": "x"}),
            (
                "FILE-006: the file is not a workbook that can be read (is it protected by a password, or cut short?). Where: "
                "GLG_201208.xlsx. To mend: open it in Excel, save it as .xlsx without a password, and send it again."
            ),
        ),
        (
            xlsx()[:-30],
            (
                "FILE-006: the file can't be unpacked: it is cut short, or changed on its way. Where: GLG_201208.xlsx. To mend: "
                "make it again and send it; compare its size with what arrived."
            ),
        ),
    ],
)
def test_what_is_no_workbook_is_told_by_its_kind(refusal: Refusal, data: bytes, message: str) -> None:
    assert refusal(data, **BOOK) == message


# --- names of sheets and parts


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_sheets_name_that_is_not_agreed_is_kept_for_the_workbook(read: Read, kind: str) -> None:
    name = "children (0101011234)"
    if kind == "ods":
        far = ods_row(ods_text("x"), attributes='table:number-rows-repeated="99999999"')
        data = ods(tables="".join(ODS_TABLE.format(name=one, rows=far) for one in (name,)))
    else:
        data = with_sheet(f'{HEADING_ROW}<row r="900000"><c r="P900000"><v>1</v></c></row>')
        data = with_part(
            data, "xl/workbook.xml", lambda part: part.replace(b'name="children"', f'name="{name}"'.encode())
        )
    with pytest.raises(FileRefused) as caught:
        read(data, format=kind, name=f"GLG_201208.{kind}")
    assert f" are read. Where: GLG_201208.{kind}, sheet 1. {FAR}" in str(caught.value)
    assert "0101011234" not in str(caught.value)
    assert caught.value.shows == name


def test_a_part_of_a_workbook_with_an_unusual_name_is_called_by_its_number(read: Read) -> None:
    data = with_part(xlsx(), "xl/worksheets/Jane CANARYSMITH.xml", lambda _: b"<!DOCTYPE x><x/>")
    with pytest.raises(FileRefused) as caught:
        read(data, **BOOK)
    assert ". Where: GLG_201208.xlsx, part " in str(caught.value)
    assert " of the workbook. To mend" in str(caught.value)
    assert "CANARY" not in str(caught.value)
    assert caught.value.shows == "xl/worksheets/Jane CANARYSMITH.xml"
