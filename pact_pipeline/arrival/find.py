"""Finding a supplier's files: what lies at a delivery's URL, and which table and period each name stands for.

A URL is a local folder (relative ones below PACT_HOME) or anything fsspec opens. Names are matched by the layouts'
patterns; a name that fits none is reported, since a supplier who renames a file otherwise stops without a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import fsspec  # type: ignore[import-untyped]
from fsspec import AbstractFileSystem

from pact_pipeline.contracts.suppliers import Delivery, Layout, Supplier
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings

# What editors, Excel and transfer programs leave beside a file, or a file not yet whole.
_NOT_A_DELIVERY = re.compile(
    r"(\..*|~\$.*|.*\.(part|partial|filepart|tmp|crdownload|swp)|thumbs\.db|desktop\.ini)", re.I
)


@dataclass(frozen=True)
class Listed:
    """A file as its place lists it. `modified_at` is never in the future."""

    path: str
    name: str
    bytes: int
    modified_at: datetime


@dataclass(frozen=True)
class Meaning:
    """What a file name says: which table, which period, and how many times sent (0 first, 2 for v2 or corrected)."""

    delivery: int
    table: str
    period: Period
    version: int


def open_place(settings: Settings, url: str) -> tuple[AbstractFileSystem, str]:
    """The file system of a URL and the path in it."""
    if "://" not in url:
        return fsspec.filesystem("file"), str(settings.home / url)
    filesystem, path = fsspec.core.url_to_fs(url)
    return filesystem, str(path)


def list_files(filesystem: AbstractFileSystem, path: str) -> list[Listed]:
    """All files below a folder, sorted by path. An absent folder has none. Raises OSError where it can't be listed."""
    if not filesystem.exists(path):
        return []
    now = datetime.now(UTC)
    found = []
    for full, entry in sorted(filesystem.find(path, detail=True).items()):
        name = PurePosixPath(full).name
        if _NOT_A_DELIVERY.fullmatch(name):
            continue
        found.append(Listed(full, name, int(entry["size"]), min(_modified(entry, now), now)))
    return found


def _modified(entry: dict[str, object], now: datetime) -> datetime:
    """When a file was last written, from whatever a file system calls it; now, where it doesn't say."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "created"):
        when = entry.get(key)
        if isinstance(when, int | float):
            return datetime.fromtimestamp(when, UTC)
        if isinstance(when, datetime):
            return when if when.tzinfo else when.replace(tzinfo=UTC)
    return now


class NamePatterns:
    """The file-name patterns of a supplier's deliveries at one URL, compiled once."""

    def __init__(self, supplier: Supplier, deliveries: Iterable[tuple[int, Delivery]]) -> None:
        self._supplier = supplier
        self._patterns: list[tuple[int, Delivery, Layout, str, re.Pattern[str]]] = [
            (number, delivery, layout, table, layout.file_regex(supplier, table))
            for number, delivery in deliveries
            for _, layout in delivery.layouts
            for table in layout.tables
        ]

    def meanings(self, name: str) -> list[Meaning]:
        """What a name stands for: one meaning for a table's file, one a table for a workbook, none if it fits nothing.

        Where a name fits two layouts of a delivery, the layout in use in that period counts.
        """
        found: dict[tuple[int, str, Period], Meaning] = {}
        for number, delivery, layout, table, pattern in self._patterns:
            match = pattern.fullmatch(name)
            if match is None:
                continue
            period = layout.period_of(self._supplier, table, name)
            if period is None or delivery.layouts[0][0].first_day > period.first_day:
                continue
            if table not in delivery.layout_for(period).tables:
                continue
            found[number, table, period] = Meaning(number, table, period, version_number(match.groupdict()))
        return list(found.values())


def version_number(groups: dict[str, str | None]) -> int:
    """0 for a file's first name, the number for ` v2`, 2 for `_corrected` and `_resend`: they follow the first."""
    suffix = groups.get("version") or ""
    if not suffix:
        return 0
    number = re.search(r"\d+", suffix)
    return int(number[0]) if number else 2
