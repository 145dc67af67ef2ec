"""A ZIP file of tables: members by plain name, nothing unpacked to disk, what is unsafe refused in plain words."""

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pact_pipeline.failures import FileRefused
from pact_pipeline_tests.intake.reading.conftest import ROWS, Read, lines
from pact_pipeline_tests.intake.reading.crafted import archive, with_flag, xlsx

Refusal = Callable[..., str]
ZIP = {"format": "zip", "name": "GLG_201208.zip", "members": "{table}.csv"}
TABLE = lines(*ROWS)


@pytest.mark.parametrize("member", ["children.csv", "CHILDREN.CSV", "return/August 2012/Children.csv"])
def test_a_member_is_found_by_its_plain_name_in_any_folder(read: Read, member: str) -> None:
    told = read(archive({"return/": "", member: TABLE, "carers.csv": "x"}), **ZIP)
    assert (told.column("child_ref"), told.notes) == (["C1", "C2", "C3"], ())


def test_members_are_read_by_the_layouts_encoding_and_named_in_refusals(read: Read, refusal: Refusal) -> None:
    assert read(archive({"children.csv": TABLE.replace(",", ";").encode("utf-16")}), **ZIP).notes == (
        "read as UTF-16, as the file's first bytes say",
        "the columns are parted by semicolons",
    )
    assert refusal(archive({"in/children.csv": TABLE + "C4,A"}), **ZIP).startswith(
        "FILE-012: the file ends in the middle of a row: it was cut short on its way. Where: GLG_201208.zip, "
        "children.csv, line 5."
    )


def test_what_operating_systems_add_is_ignored(read: Read) -> None:
    junk = {"__MACOSX/._children.csv": "x", "__MACOSX/children.csv": "x", ".DS_Store": "x", "Thumbs.db": "x"}
    assert read(archive({**junk, "children.csv": TABLE}), **ZIP).column("child_ref") == ["C1", "C2", "C3"]


def test_one_member_may_be_a_workbook_of_all_tables(read: Read, refusal: Refusal) -> None:
    how = {**ZIP, "members": "return_{yyyy}{mm}.xlsx"}
    assert read(archive({"a/return_201208.xlsx": xlsx()}), **how).column("child_ref") == ["C1", "C2", "C3"]
    assert refusal(archive({"return_201208.xlsx": b"PK"}), **how).startswith(
        "FILE-006: the file is not a workbook that can be read (is it protected by a password, or cut short?). Where: "
        "GLG_201208.zip, return_201208.xlsx."
    )


def test_a_missing_member_is_named(refusal: Refusal) -> None:
    assert refusal(archive({"carers.csv": "x"}), **ZIP) == (
        "FILE-009: the archive has no file 'children.csv'. Where: GLG_201208.zip. To mend: put the table into the archive "
        "under that name and send the archive again."
    )


def link() -> bytes:
    member = zipfile.ZipInfo("children.csv")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr(member, "/etc/passwd")
    return data.getvalue()


def twice() -> bytes:
    data = archive({"children.csv": TABLE, "Children.csv": TABLE})
    return data.replace(b"Children.csv", b"children.csv")


@pytest.mark.parametrize(
    ("data", "what", "where", "mend"),
    [
        (
            with_flag(archive({"children.csv": TABLE}), 1),
            "the archive is protected by a password",
            ", children.csv",
            "make it without one and send the file again.",
        ),
        (
            archive({"../../children.csv": TABLE}),
            "a member's name leads out of the archive",
            ", children.csv",
            "make the archive from the tables' own folder and send the file again.",
        ),
        (
            archive({"/etc/children.csv": TABLE}),
            "a member's name leads out of the archive",
            ", children.csv",
            "make the archive from the tables' own folder and send the file again.",
        ),
        (
            archive({"C:\\children.csv": TABLE}),
            "a member's name leads out of the archive",
            ", member 1 of the archive",
            "make the archive from the tables' own folder and send the file again.",
        ),
        (
            link(),
            "a member is a link to another file",
            ", children.csv",
            "put the file itself into the archive and send the file again.",
        ),
        (
            twice(),
            "two members have the same name, so nobody can tell which is meant",
            ", children.csv",
            "leave one of them out and send the file again.",
        ),
        (
            archive({"children.csv": TABLE}, packing=zipfile.ZIP_LZMA),
            "a member is packed by a method that we don't read",
            ", children.csv",
            "make an ordinary ZIP file and send the file again.",
        ),
        (
            archive({"inner.zip": archive({"children.csv": TABLE})}),
            "the archive holds another archive, which is not looked into",
            ", member 1 of the archive",
            "put the tables themselves into one archive and send it again.",
        ),
        (
            archive({"a/children.csv": TABLE, "b/Children.csv": TABLE}),
            "2 members can be the table 'children': member 1 of the archive and member 2 of the archive",
            "",
            "leave one of them and send the archive again.",
        ),
        (
            archive({f"{number}.csv": "" for number in range(2_001)}),
            "the archive has more than 2,000 members",
            "",
            "send the tables asked for only.",
        ),
    ],
)
def test_an_archive_that_is_not_safe_to_read_is_refused_in_plain_words(
    refusal: Refusal, data: bytes, what: str, where: str, mend: str
) -> None:
    assert refusal(data, **ZIP) == f"FILE-015: {what}. Where: GLG_201208.zip{where}. To mend: {mend}"


@pytest.mark.parametrize("cut", [10, 60, -10])
def test_an_archive_cut_short_is_told(refusal: Refusal, cut: int) -> None:
    assert refusal(archive({"children.csv": TABLE})[:cut], **ZIP) == (
        "FILE-006: the file can't be unpacked: it is cut short, or changed on its way. Where: GLG_201208.zip. To mend: make "
        "it again and send it; compare its size with what arrived."
    )


def test_a_member_changed_on_its_way_is_told(refusal: Refusal) -> None:
    data = bytearray(archive({"children.csv": TABLE}, packing=zipfile.ZIP_STORED))
    data[60] ^= 0xFF
    assert refusal(bytes(data), **ZIP).startswith(
        "FILE-006: the file can't be unpacked: it is cut short, or changed on its way. Where: GLG_201208.zip, children.csv."
    )


JANE = "Jane CANARYSMITH 0101011234"


@pytest.mark.parametrize(
    ("data", "members", "said"),
    [
        (
            archive({"children.csv": TABLE, f"{JANE} chronology.zip": archive({"a.csv": "x"})}),
            "{table}.csv",
            (
                "FILE-015: the archive holds another archive, which is not looked into. Where: GLG_201208.zip, member 2 of the "
                "archive. To mend: put the tables themselves into one archive and send it again."
            ),
        ),
        (
            archive({f"{JANE}/../x.csv": "x"}),
            "{table}.csv",
            (
                "FILE-015: a member's name leads out of the archive. Where: GLG_201208.zip, member 1 of the archive. To mend: "
                "make the archive from the tables' own folder and send the file again."
            ),
        ),
        (
            archive({f"{JANE}/children.csv": TABLE, "b/children.csv": TABLE}),
            "{table}.csv",
            (
                "FILE-015: 2 members can be the table 'children': member 1 of the archive and member 2 of the archive. Where: "
                "GLG_201208.zip. To mend: leave one of them and send the archive again."
            ),
        ),
        # What the layout leaves open in a member's name can be anybody's name.
        (
            with_flag(archive({f"{JANE} children.csv": TABLE}), 1),
            "{name} {table}.csv",
            (
                "FILE-015: the archive is protected by a password. Where: GLG_201208.zip, member 1 of the archive. To mend: make "
                "it without one and send the file again."
            ),
        ),
    ],
)
def test_a_members_name_that_is_not_agreed_is_kept_for_the_workbook(
    read: Read, data: bytes, members: str, said: str
) -> None:
    with pytest.raises(FileRefused) as caught:
        read(data, **{**ZIP, "members": members})
    assert str(caught.value) == said
    assert JANE in caught.value.shows


def test_a_folder_of_an_archive_is_not_named(refusal: Refusal) -> None:
    assert refusal(archive({f"{JANE}/children.csv": TABLE + "C4,A"}), **ZIP).startswith(
        "FILE-012: the file ends in the middle of a row: it was cut short on its way. Where: GLG_201208.zip, children.csv, "
        "line 5."
    )


def test_nothing_is_ever_written_to_disk(read: Read, tmp_path: Path) -> None:
    read(archive({"children.csv": TABLE}), **ZIP)
    assert [path.name for path in tmp_path.rglob("*")] == ["arrived"]
