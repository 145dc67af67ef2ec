"""The receipts of a made-up home: when each file in its arrivals folder was first seen there.

A real home needs none: a file is received when we first see it. A made-up one is written in a minute and tells of years, so
the generator says in `arrivals/receipts.csv` (file, first_seen) when each file came. Here: writing it and reading it. Not
here: what a file without a line is received on (`search`), and whose clock it is (`clock`).
"""

import csv
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pact_pipeline.disk import in_words, write_text_whole
from pact_pipeline.failures import PactFailure

NAME = "receipts.csv"
COLUMNS = ("file", "first_seen")


@dataclass(frozen=True)
class Receipts:
    """When files below `folder` were first seen; `moments` by the path below it, as `GLG/GLG_children_201208.csv`."""

    folder: Path
    moments: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, path: str) -> datetime | None:
        """When the file at a path was first seen; None where there is no line for it."""
        return self.moments.get(_below(self.folder, path))

    def is_itself(self, path: str) -> bool:
        """Whether a path is that of the receipts' own file, which no supplier sent."""
        return _below(self.folder, path) == NAME


def read_receipts(arrivals: Path) -> Receipts:
    """The receipts of an arrivals folder, none where there is no file. Raises PactFailure ARRIVAL-030 for a broken one."""
    path = arrivals / NAME
    if not path.exists():
        return Receipts(arrivals)
    moments: dict[str, datetime] = {}
    problem = ""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.DictReader(file)
            if tuple(lines.fieldnames or ()) != COLUMNS:
                problem = "its headings aren't those it must have"
            for number, line in enumerate(lines, start=2):
                moment = _moment(line.get("first_seen"))
                if moment is None or not line["file"]:
                    problem = problem or f"line {number} has no file, or no moment with its time zone"
                    break
                moments[line["file"]] = moment
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = f"it can't be read: {in_words(error)}"
    if problem:
        raise PactFailure(
            "ARRIVAL-030",
            f"the file that says when each file of this made-up home came is broken: {problem}",
            where=f"arrivals/{NAME}",
            mend="write 'file,first_seen' and lines such as 'GLG/GLG_children_201208.csv,2012-09-10T09:00:00+01:00', or"
            " generate the country again.",
        )
    return Receipts(arrivals, moments)


def add_receipts(arrivals: Path, moments: Mapping[Path, datetime]) -> None:
    """Enter when files below the arrivals folder were first seen, beside what stands there; a file written anew is
    entered anew. Whole or not at all. Raises PactFailure ARRIVAL-030 for a broken file, ARRIVAL-031 for one that can't be
    written."""
    both = dict(read_receipts(arrivals).moments)
    both.update({_below(arrivals, str(path)): moment for path, moment in moments.items()})
    text, problem = io.StringIO(), ""
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((name, both[name].isoformat()) for name in sorted(both))
    try:
        arrivals.mkdir(parents=True, exist_ok=True)
        write_text_whole(arrivals / NAME, text.getvalue(), mode=0o600)
    except OSError as error:
        problem = in_words(error)
    if problem:
        raise PactFailure(
            "ARRIVAL-031",
            f"the receipts of the made-up home could not be written ({problem})",
            where=f"arrivals/{NAME}",
            mend="make room on the disk or mend the folder's permissions, and generate again.",
        )


def _below(folder: Path, path: str) -> str:
    """A path as it is named below the folder; the path itself where it lies elsewhere."""
    inside = f"{folder}{os.sep}"
    below = path.removeprefix(inside) if path.startswith(inside) else os.path.relpath(path, folder)
    return below.replace(os.sep, "/")


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
