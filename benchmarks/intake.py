"""Intake of 100,000 rows beside bare `pandas.read_csv` and pandera on the same file, in the same run.

Bare: read the CSV, turn its date columns into dates, validate by the contract's pandera schema, lazily. Ours: read,
map, judge, make keys, write both lake trees; the feedback is timed beside. One row in a hundred is wrong."""

import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from pandera.errors import SchemaErrors

from benchmarks.bars import Bar
from pact_pipeline.contracts import Contract, Contracts, load_contracts
from pact_pipeline.contracts.context import Context, judging
from pact_pipeline.contracts.pandera_schema import pandera_schema
from pact_pipeline.intake.feedback import write_feedback
from pact_pipeline.intake.judging.judged_table import JudgedTable, judge_table
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.mapping.map import map_table
from pact_pipeline.intake.reading import open_extract
from pact_pipeline.intake.runs import IntakeContext
from pact_pipeline.intake.runs.write_lake import lake_tables, write_lake
from pact_pipeline.lake.pseudonyms import Pseudonyms
from pact_pipeline.ledger import Submission, SubmissionFile, TableVerdict, Verdict
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Layout, TableMapping

ROWS = 100_000
DATES = ("date_of_birth", "looked_after_from", "looked_after_to", "away_from_home_from")
FORM = "%d/%m/%Y"
TIMES = 3


def measure() -> list[Bar]:
    """The bars of intake. Prints each stage's time as it goes."""
    contract = load_contracts(CHECKOUT / "data_contracts")["councils.children"]
    folder = Path(tempfile.mkdtemp(prefix="pact-bench-"))
    try:
        path = folder / "children.csv"
        extract(contract).to_csv(path, index=False, lineterminator="\r\n")
        return _measure(contract, path, Settings(home=folder / "home", contracts=CHECKOUT / "data_contracts"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(contract: Contract, path: Path, settings: Settings) -> list[Bar]:
    IntakeContext.open(settings, Contracts(()), {})
    context = Context(period=Period.parse("2012-08"), supplier="GLG", council="GLG")
    submission = Submission(
        "GLG-councils-2012-08-01", "GLG", "councils", "2012-08", 1, datetime(2012, 9, 10, tzinfo=UTC), "0" * 64,
        (SubmissionFile("children", "0" * 64, path.name),), contract.version,
    )  # fmt: skip
    judged: list[JudgedTable] = []

    def ours() -> None:
        judged[:] = [take_table(contract, path, settings, submission, context)]

    # By turns, so that a busy moment of the machine falls on both.
    rounds = [(timed(lambda: bare(contract, path, context)), timed(ours)) for _ in range(TIMES)]
    bare_seconds, our_seconds = (min(times) for times in zip(*rounds, strict=True))
    one = judged[0]
    table = TableVerdict("children", one.rows_read, one.rows_taken, one.rows_refused, one.rows_warned)
    verdict = Verdict(submission.submission_id, State.TAKEN_WITH_REFUSALS, (table,), ())
    told = Outcome(submission, verdict, (one,), (), {})
    feedback_seconds = timed(lambda: write_feedback(settings, told))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"     rows {one.rows_read:,}, refused {one.rows_refused:,}, file {path.stat().st_size / 1e6:.1f} MB")
    print(
        f"     read_csv + pandera {bare_seconds:.2f} s, intake {our_seconds:.2f} s, feedback {feedback_seconds:.2f} s"
    )
    print(f"     intake {ROWS / our_seconds:,.0f} rows per second; peak memory of both {peak / 1e6:,.0f} MB")
    return [
        Bar("intake-times-bare-pandera", our_seconds / bare_seconds, 2.0),
        Bar("intake-rows-per-second", ROWS / our_seconds, 50_000, at_most=False),
    ]


def bare(contract: Contract, path: Path, context: Context) -> int:
    """What anybody would write first: read, convert, validate; gives the number of failure cases."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    for column in DATES:
        frame[column] = pd.to_datetime(frame[column], format=FORM, errors="coerce")
    with judging(frame, context):
        try:
            pandera_schema(contract).validate(frame, lazy=True)
        except SchemaErrors as errors:
            return len(errors.failure_cases)
    return 0


def take_table(
    contract: Contract, path: Path, settings: Settings, submission: Submission, context: Context
) -> JudgedTable:
    """One table through intake, to Parquet. Keys are made anew, as in a first run."""
    mapping = TableMapping(
        "children", "children", {name: name for name in contract.column_names}, {}, (), (), contract.every
    )
    layout = Layout("bench", "csv", "utf-8", ",", (FORM,), ("",), "{supplier}.csv", {"children": mapping})
    sheet = open_extract(path, path.name, layout).sheet("children")
    assert sheet is not None
    mapped = map_table(sheet, contract, mapping, layout, path.name)
    del sheet  # as intake does: the file's bytes aren't held while its rows are judged
    judged = judge_table(mapped, Context(context.period, context.supplier, context.council, {}, mapped.unreadable))
    tables, restricted = lake_tables(settings, submission, judged, Pseudonyms.from_settings(settings), taken=True)
    write_lake(settings, tables, restricted)
    return judged


def extract(contract: Contract) -> pd.DataFrame:
    """A children's table of 100,000 rows as a supplier writes it, one row in a hundred with a wrong cell."""
    rng = np.random.default_rng(20120801)
    born = np.datetime64("1996-01-01") + rng.integers(0, 5500, ROWS)
    start = np.maximum(born + 30, np.datetime64("2008-01-01") + rng.integers(0, 1600, ROWS))
    ended = rng.random(ROWS) < 0.4
    end = np.where(
        ended, np.minimum(start + rng.integers(30, 900, ROWS), np.datetime64("2012-08-20")), np.datetime64("NaT")
    )
    written = {
        "child_ref": [f"C{number:07d}" for number in range(ROWS)],
        "initials": [f"{a}{b}" for a, b in zip(*rng.choice(list("ABCDEFGHIJKLMNOPRST"), (2, ROWS)), strict=True)],
        "date_of_birth": _days(born),
        "looked_after_from": _days(start),
        "looked_after_to": _days(end),
        "away_from_home_from": _days(start),
        "destination": np.where(ended, "home_with_parents", ""),
    }
    for column in contract.columns:
        if column.codes and column.name not in written:
            written[column.name] = rng.choice(column.code_words, ROWS)
    frame = pd.DataFrame({name: written.get(name, "") for name in contract.column_names})
    wrong = rng.choice(ROWS, ROWS // 100, replace=False)
    frame.loc[wrong[: len(wrong) // 2], "looked_after_from"] = "31/02/2012"
    frame.loc[wrong[len(wrong) // 2 :], "sex"] = "girl"
    return frame


def _days(days: "np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]") -> "pd.Series[str]":
    written: pd.Series[str] = pd.Series(days).dt.strftime(FORM).fillna("")
    return written


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
