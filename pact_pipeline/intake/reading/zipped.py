"""A ZIP file of tables: each member is a text file of one table, or one member is a workbook of them all.

Members are found by plain name, in whatever folder of the archive they lie, and read into memory; nothing is ever
written to disk.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.reading.extract import Extract, Sheet, plain
from pact_pipeline.intake.reading.guards import Archive, nested
from pact_pipeline.intake.reading.text import TextFile
from pact_pipeline.intake.reading.workbook import Workbook
from pact_pipeline.suppliers import Layout

_WORKBOOKS = (".xlsx", ".xlsm", ".ods")


class ZippedTables:
    """An archive of tables. Raises FileRefused FILE-006, FILE-013 or FILE-015 for one that is not read."""

    def __init__(self, data: bytes, file_name: str, layout: Layout, decided: Mapping[str, str]) -> None:
        self.file_name, self.layout, self.decided = file_name, layout, decided
        self._archive = Archive(data, file_name, self._agreed)
        self._names = self._archive.names()
        for name in self._names:
            if nested(name):
                raise FileRefused(
                    "FILE-015",
                    "the archive holds another archive, which is not looked into",
                    where=f"{file_name}, {self._archive.called(name)}",
                    mend="put the tables themselves into one archive and send it again.",
                    shows=name,
                )
        self._book: Extract | None = None
        self._opened: dict[str, TextFile] = {}

    def sheet(self, name: str) -> Sheet | None:
        member = self._member(name)
        if member is None:
            return None
        where = f"{self.file_name}, {self._archive.called(member)}"
        if member.casefold().endswith(_WORKBOOKS):
            if self._book is None:
                self._book = Workbook(self._content(member), where, [one.name for one in self.layout.tables.values()])
            return self._book.sheet(name)
        if member not in self._opened:
            self._opened[member] = TextFile(self._content(member), where, self.layout, self.decided)
        return self._opened[member]

    def missing(self, name: str) -> FileRefused:
        if self._book is not None:
            return self._book.missing(name)
        return FileRefused(
            "FILE-009",
            f"the archive has no file '{self.layout.members.replace('{table}', name)}'",
            where=self.file_name,
            mend="put the table into the archive under that name and send the archive again.",
        )

    def _member(self, table: str) -> str | None:
        """The member of a table, by plain name. Raises FileRefused FILE-015 where two would do."""
        key = next((key for key, mapping in self.layout.tables.items() if plain(mapping.name) == plain(table)), None)
        if key is None:
            return None
        pattern = self.layout.member_regex(key)
        found = [name for name in self._names if pattern.fullmatch(PurePosixPath(name).name)]
        if len(found) > 1:
            raise FileRefused(
                "FILE-015",
                f"{len(found)} members can be the table '{table}': "
                + " and ".join(self._archive.numbered(name) for name in found),
                where=self.file_name,
                mend="leave one of them and send the archive again.",
                shows=", ".join(found),
            )
        return found[0] if found else None

    def _agreed(self, name: str) -> str:
        """A member's name without folders where the layout spells it; what it leaves open can be anybody's name."""
        if "{supplier}" in self.layout.members or "{name}" in self.layout.members:
            return ""
        own = PurePosixPath(name).name
        fits = any(self.layout.member_regex(table).fullmatch(own) for table in self.layout.tables)
        return own if fits else ""

    def _content(self, member: str) -> bytes:
        return self._archive.read(lambda name: name == member)[member]
