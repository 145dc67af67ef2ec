"""What the names of files mean: which table and period each stands for, by the layouts' patterns.

A name that fits none is reported, since a supplier who renames a file otherwise stops without a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Delivery, Layout, Supplier


@dataclass(frozen=True)
class Meaning:
    """What a file name says: which table, which period, and how many times sent (0 first, 2 for v2 or corrected)."""

    delivery: int
    table: str
    period: Period
    version: int


class NamePatterns:
    """The file-name patterns of a supplier's deliveries at one URL, compiled once."""

    def __init__(self, supplier: Supplier, deliveries: Iterable[tuple[int, Delivery]]) -> None:
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
            period = layout.period_spelled(table, match)
            if period is None or not delivery.serves(period):
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
