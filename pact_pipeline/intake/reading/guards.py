"""What keeps a hostile or broken file from harming the machine: limits on size, and archives that are only looked into.

An archive is never unpacked to disk. Its members are read into memory, those asked for alone, after their declared
sizes have been added up; Python's reader stops at the declared size and compares the checksum, so that a member can't
turn out larger than it says. XML with a document type (the only place where entities can be declared) is refused
before any parser sees it.
"""

import io
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from pact_pipeline.failures import FileRefused

MEGABYTE = 1_000_000
# A month's return of the largest council is a few megabytes; history of all years some hundred. Reading takes several
# times the file in memory, and a column of text may hold no more than 2 GB.
LARGEST_FILE = 512 * MEGABYTE
LARGEST_UNPACKED = 512 * MEGABYTE
# Tables shrink to a tenth or a twentieth when packed; blank formatted cells to a hundredth. A bomb shrinks to a
# thousandth. Small members may shrink as they like.
LARGEST_RATIO, RATIO_FROM = 200, 50 * MEGABYTE
MOST_MEMBERS = 2_000
LARGEST_DIRECTORY = 1 * MEGABYTE
# Cells between the first and the last filled one of a sheet, empty ones included: they take memory too.
LARGEST_SHEET = 10_000_000

_NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
_JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_PIECE = 1 << 20


def refuse_too_large(size: int, file_name: str) -> None:
    """Raises FileRefused FILE-013 for a file of more bytes than are read."""
    if size > LARGEST_FILE:
        raise FileRefused(
            "FILE-013",
            f"the file has {size / MEGABYTE:,.0f} MB; at most {LARGEST_FILE / MEGABYTE:,.0f} MB are read",
            where=file_name,
            mend="send the period asked for only, without documents or pictures, or ask us how to send so much.",
        )


def refuse_document_type(part: bytes, where: str, shows: str = "") -> None:
    """Raises FileRefused FILE-015 for XML that declares a document type, in UTF-8 or UTF-16."""
    if b"<!DOCTYPE" in part or any("<!DOCTYPE".encode(encoding) in part for encoding in ("utf-16-le", "utf-16-be")):
        raise FileRefused(
            "FILE-015",
            "the workbook's XML declares a document type, by which files can be made to swell or to fetch others",
            where=where,
            mend="open it in Excel, save it as .xlsx again, and send that.",
            shows=shows,
        )


class Archive:
    """A ZIP file held in memory, its directory checked. Members are read one by one, under limits.

    A member's name is in the sender's own words and can be a child's: messages say what is `agreed` of it, and where that
    is nothing its number (`numbered`); the name itself is for the restricted workbook.
    """

    def __init__(
        self,
        data: bytes,
        file_name: str,
        agreed: Callable[[str], str] = lambda _: "",
        numbered: str = "member {} of the archive",
    ) -> None:
        """Raises FileRefused FILE-006 for what is no ZIP, FILE-013 and FILE-015 for what is not safe to read."""
        self.file_name, self._agreed, self._words = file_name, agreed, numbered
        self._left = LARGEST_UNPACKED
        end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
        if end >= 0 and int.from_bytes(data[end + 12 : end + 16], "little") > LARGEST_DIRECTORY:
            raise self._too_many()
        opened = _opened(data)
        if opened is None:
            raise self._cut(file_name)
        self._zip = opened
        self._members = self._zip.infolist()
        if len(self._members) > MOST_MEMBERS:
            raise self._too_many()
        self._refuse_unsafe()

    def names(self) -> list[str]:
        """The members' names, without folders and what operating systems add."""
        return [member.filename for member in self._members if not member.is_dir() and not _is_junk(member.filename)]

    def called(self, name: str) -> str:
        """What a message calls a member: what is agreed of its name, else its number."""
        return self._agreed(name) or self.numbered(name)

    def numbered(self, name: str) -> str:
        """A member by its place among all that the archive lists."""
        place = next(place for place, member in enumerate(self._members, start=1) if member.filename == name)
        return self._words.format(place)

    def read(self, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
        """The content of the members whose name is wanted. Raises FileRefused FILE-013 when it is too much."""
        members = [member for member in self._members if not member.is_dir() and wanted(member.filename)]
        declared = sum(member.file_size for member in members)
        if declared > self._left:
            raise FileRefused(
                "FILE-013",
                f"the file unpacks to {declared / MEGABYTE:,.0f} MB; at most {LARGEST_UNPACKED / MEGABYTE:,.0f} MB "
                "are read",
                where=self.file_name,
                mend="send the period asked for only, or split the file.",
            )
        for member in members:
            if member.file_size > max(RATIO_FROM, LARGEST_RATIO * member.compress_size):
                raise FileRefused(
                    "FILE-013",
                    f"a part of the file unpacks to more than {LARGEST_RATIO} times its size, which no table does",
                    where=f"{self.file_name}, {self.called(member.filename)}",
                    mend="delete empty formatted rows and columns, save the file again and send it.",
                    shows=member.filename,
                )
        self._left -= declared
        return {member.filename: self._content(member) for member in members}

    def _content(self, member: zipfile.ZipInfo) -> bytes:
        content = _read(self._zip, member)
        if content is None:
            raise self._cut(f"{self.file_name}, {self.called(member.filename)}", member.filename)
        return content

    def _refuse_unsafe(self) -> None:
        seen: set[str] = set()
        for member in self._members:
            name = member.filename
            if fault := _fault(member):
                raise self._refusal(*fault, name)
            if name.casefold() in seen and not _is_junk(name):
                raise self._refusal(
                    "two members have the same name, so nobody can tell which is meant", "leave one of them out", name
                )
            seen.add(name.casefold())

    def _refusal(self, what: str, mend: str, name: str) -> FileRefused:
        return FileRefused(
            "FILE-015",
            what,
            where=f"{self.file_name}, {self.called(name)}",
            mend=f"{mend} and send the file again.",
            shows=name,
        )

    def _too_many(self) -> FileRefused:
        return FileRefused(
            "FILE-015",
            f"the archive has more than {MOST_MEMBERS:,} members",
            where=self.file_name,
            mend="send the tables asked for only.",
        )

    def _cut(self, where: str, shows: str = "") -> FileRefused:
        return FileRefused(
            "FILE-006",
            "the file can't be unpacked: it is cut short, or changed on its way",
            where=where,
            mend="make it again and send it; compare its size with what arrived.",
            shows=shows,
        )


def _opened(data: bytes) -> zipfile.ZipFile | None:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception:
        return None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    """A member's content, None where it isn't what the directory says."""
    pieces: list[bytes] = []
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                pieces.append(piece)
    except Exception:
        return None
    return b"".join(pieces)


def nested(name: str) -> bool:
    """Whether a member is itself an archive, by its name."""
    return name.casefold().endswith(_NESTED)


def _fault(member: zipfile.ZipInfo) -> tuple[str, str] | None:
    """What makes a member unsafe to read, and how to mend it; None for a good one."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if member.flag_bits & 0x1:
        return "the archive is protected by a password", "make it without one"
    if path.is_absolute() or ".." in path.parts or ":" in member.filename:
        return "a member's name leads out of the archive", "make the archive from the tables' own folder"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a member is a link to another file", "put the file itself into the archive"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "a member is packed by a method that we don't read", "make an ordinary ZIP file"
    return None


def _is_junk(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(_JUNK[0]) or PurePosixPath(folded).name in _JUNK
