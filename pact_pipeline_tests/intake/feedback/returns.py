"""Hand-made returns, judged by the real rules and told to the real feedback; no files, no ledger.

`children` and `milestones` make tables as intake maps them, under a council's own headings; `told` puts them together.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.validate import frame_dtypes
from pact_pipeline.intake.judging.judged_table import JudgedTable, judge_table
from pact_pipeline.intake.judging.outcome import Outcome, PastVerdict
from pact_pipeline.intake.mapping.map import Malformed, MappedTable
from pact_pipeline.ledger import FindingCount, Submission, SubmissionFile, TableVerdict, Verdict
from pact_pipeline.periods import Period
from pact_pipeline.submission_state import State

PERIOD = "2012-08"
# The council's own headings; a column not here is headed by the contract's name.
HEADINGS = {"child_ref": "Swift No", "sex": "Gender", "date_of_birth": "DOB", "looked_after_from": "Episode start",
            "looked_after_to": "Episode end", "milestone": "Step", "on_date": "Date"}  # fmt: skip
GOOD_CHILD = {
    "sex": "female", "ethnic_group": "white", "disabled": "no",
    "looked_after_from": "10/01/2012", "away_from_home_from": "10/01/2012", "current_plan": "none",
    "twin_tracked": "no", "concurrent_placement": "no",
}  # fmt: skip
# A past like that of most councils: a bad beginning, then better.
PAST = (("2012-05", 340, 61), ("2012-06", 352, 30), ("2012-07", 349, 12))


def child(number: int, **changes: str) -> dict[str, str]:
    """A child without a fault and like no other: born on a day of 2005 to 2011 with initials of its own."""
    born = date(2005, 1, 2) + timedelta(days=number % 2500)
    own = {"date_of_birth": f"{born:%d/%m/%Y}", "initials": f"A{chr(65 + number // 2500)}"}
    return {"child_ref": f"C{number:04d}", **GOOD_CHILD, **own, **changes}


def milestone(number: int, **changes: str) -> dict[str, str]:
    good = {"milestone": "referral", "on_date": "15/01/2012", "outcome": "", "round": "1"}
    return {"child_ref": f"C{number:04d}", **good, **changes}


def mapped(
    contract: Contract,
    rows: Sequence[Mapping[str, str]],
    *,
    malformed: Sequence[tuple[int, int]] = (),
    headings: Mapping[str, str] | None = None,
    **parts: Any,
) -> MappedTable:
    """The rows as intake maps them: dates day first, words as the contract's. `malformed`: (line, cells)."""
    text = {
        name: pa.array([row.get(name, "") for row in rows], pa.string())
        for name in contract.column_names
        if any(name in row for row in rows)
    }
    lines = np.setdiff1d(np.arange(2, 2 + len(rows) + len(malformed)), [line for line, _ in malformed])
    columns: dict[str, pd.Series[Any]] = {}
    unreadable = {}
    for column in contract.columns:
        words = pd.Series(text[column.name].to_pylist() if column.name in text else [""] * len(rows), dtype="str")
        words = words.where(words != "")
        if column.type == "date":
            columns[column.name] = pd.to_datetime(words, format="%d/%m/%Y", errors="coerce")
        elif column.type in ("integer", "number"):
            columns[column.name] = pd.to_numeric(words, errors="coerce")
        else:
            columns[column.name] = words
        if (bad := (columns[column.name].isna() & words.notna()).to_numpy()).any():
            unreadable[column.name] = bad
    return MappedTable(
        contract=contract,
        frame=pd.DataFrame(columns).astype(frame_dtypes(contract)),
        text=text,
        source_row=lines.astype(np.int64),
        unreadable=unreadable,
        shorthand={},
        totals=np.zeros(len(rows), dtype=bool),
        malformed=tuple(Malformed(line, cells, "ZZCANARYZZ;too;many") for line, cells in malformed),
        headings={name: (headings or HEADINGS).get(name, name) for name in text},
        **parts,
    )


def judged(table: MappedTable, *before: JudgedTable, former: Mapping[str, pd.DataFrame] | None = None) -> JudgedTable:
    """Judged by the real rules, beside the tables of the delivery judged before it."""
    context = Context(
        period=Period.parse(PERIOD),
        supplier="GLG",
        council="GLG",
        accepted={one.table.contract.table: one.accepted for one in before},
        unreadable=table.unreadable,
        former=former or {},
        former_period=Period.parse("2012-07") if former else None,
    )
    return judge_table(table, context)


def children(contracts: Contracts, rows: Sequence[Mapping[str, str]], **options: Any) -> JudgedTable:
    return judged(mapped(contracts["councils.children"], rows, **options))


def history(*past: tuple[str, int, int], findings: Mapping[str, int] | None = None) -> tuple[PastVerdict, ...]:
    """Deliveries of the past as (period, rows read, rows refused); `findings` are those of the last."""
    return tuple(
        PastVerdict(
            f"GLG-councils-{period}-01", period, 1, State.TAKEN_WITH_REFUSALS if refused else State.TAKEN,
            datetime(2012, 9, 1, tzinfo=UTC), read, refused, 0,
            dict(findings or {}) if place == len(past) - 1 else {},
        )
        for place, (period, read, refused) in enumerate(past)
    )  # fmt: skip


def told(*tables: JudgedTable, state: State | None = None, reason: str = "", **parts: Any) -> Outcome:
    """All that is told of a delivery of these tables; `parts` as in `Outcome`."""
    names = [one.table.contract.table for one in tables] + [table for table, _ in parts.get("refused", ())]
    submission = Submission(
        f"GLG-councils-{PERIOD}-01", "GLG", "councils", PERIOD, 1, datetime(2012, 9, 10, 14, 5, tzinfo=UTC), "0" * 64,
        tuple(SubmissionFile(name, "0" * 64, f"GLG_{name}_201208.csv") for name in names), "1.0.0",
    )  # fmt: skip
    refused_whole = bool(parts.get("refused"))
    verdicts = tuple(
        TableVerdict(
            one.table.contract.table,
            one.rows_read,
            0 if refused_whole else one.rows_taken,
            one.rows_read if refused_whole else one.rows_refused,
            0 if refused_whole else one.rows_warned,
        )
        for one in tables
    )
    if state is None:
        state = State.REFUSED if refused_whole else State.TAKEN
        if state is State.TAKEN and any(one.rows_refused for one in verdicts):
            state = State.TAKEN_WITH_REFUSALS
    findings = tuple(
        FindingCount(one.table.contract.table, found.words.code, "", found.words.severity, found.count)
        for one in tables
        for found in one.findings
    )
    verdict = Verdict(submission.submission_id, state, verdicts, findings, reason)
    return Outcome(submission, verdict, tables, parts.pop("refused", ()), parts.pop("notes", {}), **parts)
