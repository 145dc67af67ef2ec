"""Which of the files given is which table: by its name as the layout has it, else by its headings.

Looks at names and headings only; judging belongs to `check.py`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.template import name_of_sheet
from pact_pipeline.failures import FileRefused, PactFailure
from pact_pipeline.intake.reading import Sheet, open_extract
from pact_pipeline.periods import Period, periods_within
from pact_pipeline.suppliers import Delivery, Layout, Supplier, TableMapping
from pact_pipeline.suppliers.layout import plain_heading

# A file is a table's when it has at least so much of its headings, and more than of any other's.
LIKELY = 0.5


@dataclass(frozen=True)
class GivenFile:
    """A file that stands for a table. `by`: how that is known, in words for the person who gave it."""

    table: str
    path: Path
    sha256: str
    by: str


def match_files(
    contracts: Contracts, supplier: Supplier, period: Period, paths: Sequence[Path], named: Mapping[str, Path]
) -> tuple[str, tuple[GivenFile, ...]]:
    """The collection, and the file of each table. `named`: files whose table a person said.

    Raises PactFailure DESK-010 to DESK-015: nothing there, not readable, another period's, nobody's, or two of a kind.
    """
    deliveries = _deliveries(contracts, supplier, period)
    found: list[tuple[str, GivenFile]] = []
    for table, path in named.items():
        collection = next((one.collection for one in deliveries if table in one.layout_for(period).tables), None)
        if collection is None:
            tables = dict.fromkeys(name for one in deliveries for name in one.layout_for(period).tables)
            raise PactFailure(
                "DESK-013",
                f"{supplier.key} sends no table '{table}' for {period}",
                mend=f"write one of {', '.join(tables)}.",
            )
        found.append((collection, GivenFile(table, path, _sha256(path), "as you said")))
    for path in paths:
        sha256 = _sha256(path)
        matched = _by_name(supplier, period, deliveries, path) or _by_headings(supplier, period, deliveries, path)
        found += [(collection, GivenFile(table, path, sha256, by)) for collection, table, by in matched]
    collections = {collection for collection, _ in found}
    if len(collections) != 1:
        raise PactFailure("DESK-015", "these files aren't of one delivery", mend="check them one collection at a time.")
    _prove_one_each([one for _, one in found])
    return collections.pop(), tuple(one for _, one in found)


def as_workbook(
    contracts: Contracts, supplier: Supplier, period: Period, paths: Sequence[Path]
) -> tuple[Supplier, str] | None:
    """The supplier as if the tables of its text files came as the sheets of one workbook, and what to do before sending;
    None unless the one file given is such a workbook: `pact template`, filled in.
    """
    if len(paths) != 1 or not _is_packed(paths[0]) or _spelled(supplier.deliveries, supplier, paths[0].name):
        return None
    for delivery in _deliveries(contracts, supplier, period):
        layout = delivery.layout_for(period)
        sheets = replace(
            layout,
            format="xlsx",
            tables={table: replace(one, name=name_of_sheet(one.name)) for table, one in layout.tables.items()},
        )
        if layout.format == "csv" and any(score >= LIKELY for _, score in _scores(sheets, paths[0])):
            layouts = tuple((start, sheets if one is layout else one) for start, one in delivery.layouts)
            changed = replace(delivery, layouts=layouts)
            others = tuple(changed if one is delivery else one for one in supplier.deliveries)
            example = layout.file_name(supplier, period, next(iter(layout.tables)))
            return replace(supplier, deliveries=others), (
                f"before you send it, save each sheet as a text file of its own, such as {example}, or ask us to take the "
                "workbook itself"
            )
    return None


def periods_named(supplier: Supplier, paths: Sequence[Path]) -> set[Period]:
    """The periods that the files' names spell."""
    return {period for path in paths for period in _spelled(supplier.deliveries, supplier, path.name)}


def _deliveries(contracts: Contracts, supplier: Supplier, period: Period) -> tuple[Delivery, ...]:
    """The deliveries that hold tables of the period's kind, in use by then."""
    fitting = []
    for delivery in supplier.deliveries:
        if not delivery.serves(period):
            continue
        kinds = {contracts[f"{delivery.collection}.{table}"].every for table in delivery.layout_for(period).tables}
        if any(is_of_kind(period, kind) for kind in kinds):
            fitting.append(delivery)
    if not fitting:
        first = ", ".join(f"{one.collection} from {one.layouts[0][0]}" for one in supplier.deliveries)
        raise PactFailure("DESK-014", f"{supplier.key} sends nothing for {period}", mend=f"it sends {first}.")
    return tuple(fitting)


def is_of_kind(period: Period, every: str) -> bool:
    """Whether a period is a month, a quarter or a year as a contract's `every` says."""
    return every != "build" and period in periods_within(every, period.first_day, period.last_day)


def _sha256(path: Path) -> str:
    """Of the file's bytes. Raises PactFailure DESK-010 when it can't be read."""
    problem = ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        problem = "there is no such file"
    except IsADirectoryError:
        problem = "this is a folder, not a file"
    except PermissionError:
        problem = "you may not read this file"
    except (OSError, ValueError) as error:
        problem = f"the file can't be read ({type(error).__name__})"
    raise PactFailure("DESK-010", problem, where=str(path), mend="give the files themselves, one after the other.")


def _spelled(deliveries: Sequence[Delivery], supplier: Supplier, name: str) -> dict[Period, list[tuple[str, str]]]:
    """What a name says: for each period the collection and tables it stands for."""
    said: dict[Period, list[tuple[str, str]]] = {}
    for delivery in deliveries:
        for _, layout in delivery.layouts:
            for table in layout.tables:
                period = layout.period_of(supplier, table, name)
                if period is None or not delivery.serves(period):
                    continue
                one = (delivery.collection, table)
                if table in delivery.layout_for(period).tables and one not in said.setdefault(period, []):
                    said[period].append(one)
    return said


def _by_name(
    supplier: Supplier, period: Period, deliveries: Sequence[Delivery], path: Path
) -> list[tuple[str, str, str]]:
    said = _spelled(deliveries, supplier, path.name)
    if said and period not in said:
        others = ", ".join(sorted(one.key for one in said))
        raise PactFailure(
            "DESK-011",
            f"the file's name says {others}, not {period}",
            where=path.name,
            mend=f"give --period {others}, or the file of {period}.",
        )
    return [(collection, table, "by its name") for collection, table in said.get(period, [])]


def _by_headings(
    supplier: Supplier, period: Period, deliveries: Sequence[Delivery], path: Path
) -> list[tuple[str, str, str]]:
    """The table whose headings the file has most of; all tables of a layout that keeps them in one file."""
    scores: dict[tuple[str, str], float] = {}
    whole: dict[str, tuple[str, list[str]]] = {}
    for delivery in deliveries:
        layout = delivery.layout_for(period)
        for table, score in _scores(layout, path):
            scores[delivery.collection, table] = max(score, scores.get((delivery.collection, table), 0.0))
            if layout.format != "csv" and score >= LIKELY:
                whole[layout.name] = (delivery.collection, list(layout.tables))
    expected = deliveries[0].layout_for(period)
    example = expected.file_name(supplier, period, next(iter(expected.tables)) if "{table}" in expected.file else None)
    by = f"by its headings: its name isn't one we expect, such as {example}"
    if len(whole) == 1:
        collection, tables = next(iter(whole.values()))
        return [(collection, table, by) for table in tables]
    if expected.format == "csv" and _is_packed(path):
        raise PactFailure(
            "DESK-012",
            f"this is a workbook or an archive, and {supplier.key} sends text files",
            where=path.name,
            mend=f"save each sheet as a text file of its own, such as {example}.",
        )
    best = max(scores.values(), default=0.0)
    likely = [one for one, score in scores.items() if score == best]
    if best < LIKELY or len(likely) > 1:
        raise PactFailure(
            "DESK-012",
            "neither its name nor its headings tell which table this is",
            where=path.name,
            mend=f"name it as agreed, such as {example}, or say which table it is: --table children={path.name}",
        )
    return [(*likely[0], by)]


def _is_packed(path: Path) -> bool:
    """Whether it is a workbook or an archive; not, where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except (OSError, ValueError):
        return False


def _scores(layout: Layout, path: Path) -> Iterator[tuple[str, float]]:
    """How much of each table's headings stand in one of the file's top rows, 0 to 1."""
    try:
        extract = open_extract(path, path.name, layout)
        for table, mapping in layout.tables.items():
            sheet = extract.sheet(mapping.name)
            if sheet is not None:
                yield table, _score(sheet, mapping)
    except FileRefused:
        return  # what can't be opened as this layout isn't its


def _score(sheet: Sheet, mapping: TableMapping) -> float:
    wanted = {plain_heading(heading) for heading in mapping.columns.values()}
    rows = [{plain_heading(cell) for cell in row.cells} for attempt in sheet.top_rows() for row in attempt]
    found = max((len(wanted & row) for row in rows), default=0)
    return found / len(wanted)


def _prove_one_each(given: Sequence[GivenFile]) -> None:
    by_table: dict[str, GivenFile] = {}
    for one in given:
        if one.table in by_table:
            raise PactFailure(
                "DESK-016",
                f"two files stand for the table '{one.table}'",
                where=f"{by_table[one.table].path.name} and {one.path.name}",
                mend="give one of them.",
            )
        by_table[one.table] = one
