"""A small table, read and mapped by the real functions: four columns of `children` by headings of a supplier's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pact_pipeline.contracts import Contracts
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.mapping.map import MappedTable, map_table
from pact_pipeline.intake.reading import Sheet, open_extract
from pact_pipeline.suppliers import Layout, TableMapping

HEADINGS = {"child_ref": "Ref", "initials": "Initials", "date_of_birth": "DOB", "sex": "Sex"}
HEADER = "Ref,Initials,DOB,Sex"
ROWS = ("C1,AB,01/02/2010,female", "C2,CD,15/02/2010,male", "C3,EF,28/02/2010,female")


def lines(*rows: str, end: str = "\r\n", header: str = HEADER) -> str:
    """A text file of a header and rows, each line ended."""
    return "".join(row + end for row in (header, *rows))


@dataclass
class Outcome:
    """What reading and mapping gave."""

    sheet: Sheet
    mapped: MappedTable

    def column(self, name: str) -> list[Any]:
        values: list[Any] = self.mapped.text[name].to_pylist()
        return values

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.sheet.notes, *self.mapped.notes)

    @property
    def lines(self) -> list[int]:
        return [int(number) for number in self.mapped.source_row]

    @property
    def dates(self) -> list[str]:
        born = self.mapped.frame["date_of_birth"]
        return ["" if missing else f"{day:%Y-%m-%d}" for day, missing in zip(born, born.isna(), strict=True)]


Read = Callable[..., Outcome]


@pytest.fixture
def read(tmp_path: Path, contracts: Contracts) -> Read:
    """`read(data, name=..., decided=..., table=..., encoding=...)`: the table of a file with these bytes."""

    def read_one(
        data: bytes | str,
        name: str = "children.csv",
        decided: Mapping[str, str] | None = None,
        sheet: str = "children",
        **layout: Any,
    ) -> Outcome:
        path = tmp_path / "arrived"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        contract = contracts["councils.children"]
        mapping = TableMapping("children", sheet, HEADINGS, {}, (), (), contract.every)
        agreed = {
            "name": "test",
            "format": "csv",
            "encoding": "utf-8",
            "delimiter": ",",
            "date_formats": ("%d/%m/%Y",),
            "empty": ("",),
            "file": "{supplier}_{period}.csv",
            "tables": {"children": mapping},
            **layout,
        }
        how = Layout(**agreed)
        extract = open_extract(path, name, how, decided or {})
        found = extract.sheet(sheet)
        if found is None:
            raise extract.missing(sheet)
        return Outcome(found, map_table(found, contract, mapping, how, name, decided or {}))

    return read_one


@pytest.fixture
def refusal(read: Read) -> Callable[..., str]:
    """The whole message with which a file is refused."""

    def refused(data: bytes | str, **options: Any) -> str:
        with pytest.raises(FileRefused) as caught:
            read(data, **options)
        assert caught.value.__context__ is None, "a library's exception quotes cells"
        return str(caught.value)

    return refused
