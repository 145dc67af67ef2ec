"""The real published figures as extracts: in the form they were published, to arrive like any supplier's file.

`vintages.csv` says of each extract whose it is, where it arrives, its period, publication and date of publication.
Folders are named so that for one period the earlier publication stands first. Judging them belongs to `intake`.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pact_pipeline.clock import at_hour

FOLDER = Path(__file__).parent / "extracts"


@dataclass(frozen=True)
class Vintage:
    """One extract: its file, the folder it arrives in (below arrivals), and what was published when."""

    file: str
    folder: str
    supplier: str
    period: str
    publication: str
    published_on: str
    published_on_basis: str


def vintages() -> list[Vintage]:
    """All extracts, the earlier publication first."""
    frame = pd.read_csv(FOLDER / "vintages.csv", dtype=str, keep_default_na=False)
    found = [Vintage(**{str(key): str(value) for key, value in row.items()}) for row in frame.to_dict("records")]
    return sorted(found, key=lambda vintage: (vintage.published_on, vintage.period, vintage.file))


def ship_published(folder: Path) -> dict[Path, date]:
    """Copy the extracts below the folder for arrivals; files already there with the same bytes are left alone. Gives where
    each lies and the day it was published, the earlier publication first.

    Each is as old as its publication: a file written to just now would be taken for one still being written.
    """
    shipped: dict[Path, date] = {}
    for vintage in vintages():
        source, target = FOLDER / vintage.file, folder / vintage.folder / vintage.file
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)
            published = at_hour(date.fromisoformat(vintage.published_on), 9).timestamp()
            os.utime(target, (published, published))
        shipped[target] = date.fromisoformat(vintage.published_on)
    return shipped
