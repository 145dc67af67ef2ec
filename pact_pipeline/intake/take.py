"""The whole of intake for one submission. Many at once: `many.py`.

`examine` reads, maps, judges and writes lake and feedback; `take` enters the verdict in the ledger after it. A crash
between the two leaves the former state in force, and running again finishes the job.
"""

import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from pact_pipeline.arrival.archive import archive_path
from pact_pipeline.arrival.group import missing_tables
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.suppliers import Layout, Supplier
from pact_pipeline.failures import FileRefused, PactFailure
from pact_pipeline.intake.feedback import write_feedback
from pact_pipeline.intake.judge import Judged, judge
from pact_pipeline.intake.keep import lake_tables, remove_stale_refusals, write_lake
from pact_pipeline.intake.map import map_table
from pact_pipeline.intake.read import Extract, open_extract
from pact_pipeline.lake.paths import prepare_lake
from pact_pipeline.lake.pseudonyms import Pseudonyms
from pact_pipeline.ledger import FindingCount, Ledger, State, Submission, SubmissionFile, TableVerdict, Verdict
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings

# The file rule for a table that can't be judged because another one did not come or was refused.
NOT_JUDGED = "FILE-010"
# One bad row of three is no reason to hold a small council's month.
FEWEST_REFUSED_TO_HOLD = 5
# Fewer than this were there before: that they are gone now can be true.
FEWEST_TO_MISS = 5


@dataclass(frozen=True)
class Desk:
    """What examining needs: where things lie, what is promised, who sends how, and the pseudonyms."""

    settings: Settings
    contracts: Contracts
    suppliers: Mapping[str, Supplier]
    pseudonyms: Pseudonyms

    @classmethod
    def open(cls, settings: Settings, contracts: Contracts, suppliers: Mapping[str, Supplier]) -> "Desk":
        """Make the lake's folders and read the pseudonym key. Raises PactFailure KEY-… when the key isn't safe."""
        prepare_lake(settings)
        return cls(settings, contracts, suppliers, Pseudonyms.from_settings(settings))


def take(desk: Desk, ledger: Ledger, submission: Submission, former_rows: Mapping[str, int] | None = None) -> Verdict:
    """Examine one submission and enter its verdict. Raises PactFailure when it could not be judged."""
    verdict = examine(desk, submission, former_rows or {})
    ledger.record(verdict)
    return verdict


def examine(desk: Desk, submission: Submission, former_rows: Mapping[str, int]) -> Verdict:
    """Read, map, judge, write lake and feedback. `former_rows`: rows taken of each table the last time.

    Raises PactFailure only, with no value of the extract in it or behind it.
    """
    failure: PactFailure
    try:
        return _examine(desk, submission, former_rows)
    except PactFailure as ours:
        failure = ours
    except Exception as error:
        failure = _unforeseen(error, submission)
    # Raised here, outside of the handler, and without its past: a library's exception quotes the offending cell.
    failure.__context__ = failure.__cause__ = None
    raise failure.with_traceback(None)


def _unforeseen(error: Exception, submission: Submission) -> PactFailure:
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "pact_pipeline" in frame.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "unknown"
    return PactFailure(
        "INTAKE-001",
        f"the submission could not be examined ({type(error).__name__} at {place})",
        where=submission.submission_id,
        mend="this is a fault of the pipeline, not of the extract: report it with this line.",
    )


@dataclass
class _Examined:
    """What the examining of one submission collects."""

    judged: list[Judged] = field(default_factory=list)
    refused: list[tuple[str, FileRefused]] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _examine(desk: Desk, submission: Submission, former_rows: Mapping[str, int]) -> Verdict:
    started = time.perf_counter()
    supplier, period = desk.suppliers[submission.supplier], Period.parse(submission.period)
    files = {file.table: file for file in submission.files}
    examined = _Examined()
    opened: dict[str, Extract] = {}
    context = Context(
        period=period, supplier=supplier.key, council=supplier.key if supplier.kind == "council" else None
    )
    for contract in desk.contracts.collection(submission.collection):
        if contract.table not in files:
            continue
        try:
            judged = _examine_table(desk, submission, contract, files[contract.table], opened, context, examined)
            if judged is None:
                continue
            _refuse_vanished(desk.contracts, judged, former_rows, submission, files[contract.table])
        except FileRefused as refusal:
            examined.refused.append((contract.table, refusal))
            continue
        examined.judged.append(judged)
        context = replace(context, accepted={**context.accepted, contract.table: judged.accepted}, unreadable={})
    for table in missing_tables(supplier, submission.collection, period, files, desk.contracts):
        did_not_come = FileRefused(
            "FILE-005",
            f"the table '{table}' did not come",
            where=submission.submission_id,
            mend="send it; the rest needn't be sent again.",
        )
        examined.refused.append((table, did_not_come))
    verdict = _verdict(submission, examined)
    _write(desk, submission, verdict, examined)
    return replace(verdict, seconds=time.perf_counter() - started)


def _examine_table(
    desk: Desk,
    submission: Submission,
    contract: Contract,
    file: SubmissionFile,
    opened: dict[str, Extract],
    context: Context,
    examined: _Examined,
) -> Judged | None:
    """One table, read, mapped and judged; None for an optional sheet that a workbook doesn't have."""
    supplier = desk.suppliers[submission.supplier]
    layout = layout_of(supplier, submission, contract.table, file.file_name)
    if file.sha256 not in opened:
        opened[file.sha256] = open_extract(archive_path(desk.settings, file.sha256), file.file_name, layout)
    mapping = layout.tables[contract.table]
    sheet = opened[file.sha256].sheet(mapping.name)
    if sheet is None:
        if not contract.needed:
            return None
        raise FileRefused(
            "FILE-009",
            f"the workbook has no sheet '{mapping.name}'",
            where=file.file_name,
            mend="put the table on a sheet of that name and send the workbook again.",
        )
    mapped = map_table(sheet, contract, mapping, layout, file.file_name)
    examined.notes[contract.table] = (*sheet.notes, *mapped.notes)
    for rule in contract.rules:
        table = rule.arguments.get("table")
        if table and table not in context.accepted:
            raise FileRefused(
                NOT_JUDGED,
                f"the table can't be judged without '{table}', which did not come or was refused",
                where=file.file_name,
                mend=f"see to '{table}' first.",
            )
    return judge(mapped, replace(context, unreadable=mapped.unreadable))


def layout_of(supplier: Supplier, submission: Submission, table: str, file_name: str) -> Layout:
    """The layout by which a file is read: of the delivery whose pattern its name fits, as in use in the period."""
    period = Period.parse(submission.period)
    fallback: Layout | None = None
    for delivery in supplier.delivery(submission.collection):
        if delivery.layouts[0][0].first_day > period.first_day:
            continue
        layout = delivery.layout_for(period)
        if table not in layout.tables:
            continue
        for _, one in delivery.layouts:
            if table in one.tables and one.file_regex(supplier, table).fullmatch(file_name):
                return layout
        fallback = fallback or layout
    if fallback is None:
        raise FileRefused(
            "FILE-007",
            f"no layout of {supplier.key} has the table '{table}' in {period}",
            where=file_name,
            mend="add the layout to the supplier's file.",
        )
    return fallback


def _refuse_vanished(
    contracts: Contracts, judged: Judged, former_rows: Mapping[str, int], submission: Submission, file: SubmissionFile
) -> None:
    """An empty table replaces nothing: a header without rows is a failed export far more often than the truth.

    A small council can truly have no support plan, so a table may be empty where it was (nearly) so the last time,
    unless other tables hang on it or nothing else came.
    """
    contract = judged.table.contract
    former = former_rows.get(contract.table, 0)
    looked_into = any(
        rule.arguments.get("table") == contract.table
        for other in contracts.collection(contract.collection)
        for rule in other.rules
    )
    if judged.rows_read == 0 and (looked_into or former >= FEWEST_TO_MISS or len(submission.files) == 1):
        before = f"; there were {former:,} the last time" if former else ""
        raise FileRefused(
            "FILE-004",
            f"the file has headings but no rows{before}",
            where=file.file_name,
            mend="run the extract again and send the file with its rows. The former one stays in force.",
        )


def _verdict(submission: Submission, examined: _Examined) -> Verdict:
    findings: list[FindingCount] = [
        FindingCount(table, refusal.code, "", "file", 0) for table, refusal in examined.refused
    ]
    tables: list[TableVerdict] = []
    held: list[str] = []
    for judged in examined.judged:
        contract = judged.table.contract
        findings += _finding_counts(judged)
        refused = judged.rows_read if examined.refused else judged.rows_refused
        tables.append(
            TableVerdict(
                contract.table,
                judged.rows_read,
                judged.rows_read - refused,
                refused,
                0 if examined.refused else judged.rows_warned,
            )
        )
        share = judged.rows_refused / judged.rows_read if judged.rows_read else 0.0
        if share > contract.hold_share and judged.rows_refused >= FEWEST_REFUSED_TO_HOLD:
            held.append(
                f"{judged.rows_refused:,} of {judged.rows_read:,} rows of '{contract.table}' would be refused"
                f" ({share:.0%}; at most {contract.hold_share:.0%} is taken without a person's decision)"
            )
    if examined.refused:
        state, reason = State.REFUSED, _reason(examined.refused)
    elif held:
        state, reason = State.HELD, "; ".join(held) + "."
    elif any(table.rows_refused for table in tables):
        state, reason = State.TAKEN_WITH_REFUSALS, ""
    else:
        state, reason = State.TAKEN, ""
    return Verdict(submission.submission_id, state, tuple(tables), tuple(findings), reason)


def _reason(refused: Sequence[tuple[str, FileRefused]]) -> str:
    """What was wrong, causes in full; tables that could not be judged for want of another are only named."""
    causes = [str(refusal) for _, refusal in refused if refusal.code != NOT_JUDGED]
    waiting = [f"'{table}'" for table, refusal in refused if refusal.code == NOT_JUDGED]
    told = [f"Not judged for that reason: {', '.join(waiting)}."] if waiting else []
    return " ".join([*causes, *told])


def _finding_counts(judged: Judged) -> list[FindingCount]:
    counts: dict[tuple[str, str], FindingCount] = {}
    for found in judged.findings:
        column = found.columns[0] if found.columns else ""
        words = found.words
        rows = found.count + (counts[words.code, column].rows if (words.code, column) in counts else 0)
        counts[words.code, column] = FindingCount(judged.table.contract.table, words.code, column, words.severity, rows)
    return list(counts.values())


def _write(desk: Desk, submission: Submission, verdict: Verdict, examined: _Examined) -> None:
    """Lake first, then feedback; the ledger follows in the caller."""
    tables: dict[Path, pa.Table] = {}
    restricted: set[Path] = set()
    for judged in examined.judged:
        made, closed = lake_tables(desk.settings, submission, judged, desk.pseudonyms, taken=verdict.state.in_force)
        tables.update(made)
        restricted |= closed
    write_lake(desk.settings, tables, frozenset(restricted))
    for judged in examined.judged:
        # Judged again by a mended contract, a submission can have fewer refused rows than its files still say.
        remove_stale_refusals(desk.settings, submission, judged.table.contract, tables)
    refusals = [refusal for _, refusal in examined.refused]
    write_feedback(desk.settings, submission, verdict, examined.judged, refusals, examined.notes)
