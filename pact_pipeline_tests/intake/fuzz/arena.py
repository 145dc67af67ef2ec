"""Where fuzzed files meet intake: the real reading, mapping and judging, and an independent reader to hold it against.

What must hold whatever the bytes: no exception and no hang; rows read = rows taken + rows refused; every taken row is a
row that a plain reader finds on that line, cell for cell; a taken date is the day its text spells; and a file that the
plain reader can't read by the agreed layout is refused or held, or the feedback says how it was read instead.
"""

import csv
import io
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import FrameType

import numpy as np

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.judging.judged_table import JudgedTable
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.judging.submission import judge_submission
from pact_pipeline.ledger import Submission, SubmissionFile
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Layout
from pact_pipeline_tests.intake import country

LONGEST_SECONDS = 10
TABLE = "children"


@cache
def contracts() -> Contracts:
    """The children's table alone: a fifth of the time, so five times as many files."""
    everything = load_contracts(CHECKOUT / "data_contracts")
    return Contracts((everything[f"councils.{TABLE}"],))


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Ends a hang with an AssertionError."""

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def judged(files: Mapping[str, bytes], layout: Layout) -> Outcome:
    """What intake tells about these files: a table's bytes each; a workbook's once, under every table."""
    supplier = country.council("GLG", layout)
    with tempfile.TemporaryDirectory() as folder:
        paths: dict[str, Path] = {}
        for number, data in enumerate(dict.fromkeys(files.values())):
            path = Path(folder) / str(number)
            path.write_bytes(data)
            paths |= {table: path for table, bytes_of in files.items() if bytes_of == data}
        submission = Submission(
            "GLG-councils-2012-08-01", "GLG", "councils", "2012-08", 1, datetime(2012, 9, 10, tzinfo=UTC), "0" * 64,
            tuple(
                SubmissionFile(table, paths[table].name * 64, layout.file_name(supplier, country.JOINED, table))
                for table in files
            ),
            "1.0.0",
        )  # fmt: skip
        with no_longer_than(LONGEST_SECONDS):
            return judge_submission(
                contracts(), supplier, submission, lambda file: paths[file.table], JudgingContext(), {}
            )


@dataclass(frozen=True)
class Plain:
    """A file as a plain reader finds it: by line as a spreadsheet numbers them, the cells by plain heading."""

    rows: Mapping[int, Mapping[str, str]]


def read_plainly(data: bytes, layout: Layout, headings: Sequence[str]) -> Plain | None:
    """The rows of a CSV file by Python's own reader and the agreed layout; None where it can't be read by that."""
    try:
        text = data.decode(layout.encoding)
    except UnicodeError:
        return None
    text = text.removeprefix("\ufeff")
    rows: dict[int, dict[str, str]] = {}
    names: list[str] | None = None
    wanted = {_plain(heading) for heading in headings}
    csv.field_size_limit(1 << 30)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter), start=1):
            if names is None:
                found = [_plain(cell) for cell in cells]
                names = found if wanted <= set(found) else None
            elif len(cells) == len(names):
                rows[number] = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    except csv.Error:
        return None
    return Plain(rows) if names else None


def _plain(heading: str) -> str:
    return " ".join(heading.replace("\ufeff", "").replace("_", " ").split()).casefold()


def must_hold(told: Outcome, data: bytes, layout: Layout, table: str = TABLE) -> None:
    """Raise AssertionError where intake's word and the plain reader's differ."""
    verdict = told.verdict
    # Where the feedback says that a file was read in another encoding, it must be so in that one.
    notes = " ".join(told.notes.get(table, ()))
    said = next((name for name in ("UTF-8", "Windows-1252", "ISO-8859-15") if f"read as {name}" in notes), "")
    headings = list(layout.tables[table].columns.values())
    plain = read_plainly(data, replace(layout, encoding=said) if said else layout, headings)
    for one in verdict.tables:
        assert one.rows_read == one.rows_taken + one.rows_refused
    if verdict.state in (State.REFUSED, State.HELD):
        assert verdict.reason, "refused or held without a word"
        assert not any(one.rows_taken for one in verdict.tables) or verdict.state is State.HELD
        return
    judged_table = next((one for one in told.judged if one.table.contract.table == table), None)
    assert judged_table is not None, "taken without having been judged"
    assert judged_table.rows_read > 0, "an empty table was taken"
    if plain is None:
        assert told.notes.get(table), "read in another way than agreed, and not a word about it"
        return
    _rows_are_the_files(judged_table, plain, bool(told.notes.get(table)))
    _dates_are_the_days_they_spell(judged_table, layout, bool(told.notes.get(table)))


def _rows_are_the_files(judged_table: JudgedTable, plain: Plain, noted: bool) -> None:
    mapped = judged_table.table
    taken = np.flatnonzero(~judged_table.refused)
    lines = mapped.source_row[taken].tolist()
    if noted and not set(lines) <= set(plain.rows):
        return  # read by another delimiter or line end than agreed, and said so
    for column, heading in mapped.headings.items():
        ours = mapped.text[column].take(taken).to_pylist()
        name = _plain(heading)
        for line, cell in zip(lines, ours, strict=True):
            assert line in plain.rows, f"line {line} was taken, and is no row of the file"
            assert cell == plain.rows[line][name], f"line {line}, {column}: taken otherwise than written"
    written = {line for line, cells in plain.rows.items() if any(cells.values())}
    assert len(written) <= judged_table.rows_read, "rows are lost"


def _dates_are_the_days_they_spell(judged_table: JudgedTable, layout: Layout, noted: bool) -> None:
    mapped = judged_table.table
    taken = np.flatnonzero(~judged_table.refused)
    for column in mapped.contract.columns:
        if column.type != "date" or column.name not in mapped.text:
            continue
        days = mapped.frame[column.name].to_numpy(dtype="datetime64[D]")[taken]
        for day, text in zip(days, mapped.text[column.name].take(taken).to_pylist(), strict=True):
            if np.isnat(day):
                assert text in ("", *layout.empty), "a date was emptied and its row taken"
            elif not noted:
                assert day == np.datetime64(datetime.strptime(text, layout.date_formats[0]).date())  # noqa: DTZ007
