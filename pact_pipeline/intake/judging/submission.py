"""One submission read, mapped and judged: everything there is to say about it, in one object.

`judge_submission` writes nothing and needs no ledger, no lake and no key, so a council can run it at its own desk. Rows
are judged by the contracts (`judged_table.py`), the submission as a whole by `verdict.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from pact_pipeline.arrival.group import contract_version, missing_tables
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.validate import in_columns_of
from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.judging.changes import table_change
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.judging.fingerprint import judged_by
from pact_pipeline.intake.judging.judged_table import JudgedTable, judge_table
from pact_pipeline.intake.judging.outcome import Outcome, TableChange
from pact_pipeline.intake.judging.verdict import NOT_JUDGED, verdict_of
from pact_pipeline.intake.mapping.map import map_table
from pact_pipeline.intake.reading import Extract, open_extract
from pact_pipeline.intake.reading.ambiguity import Ambiguity
from pact_pipeline.ledger import Submission, SubmissionFile
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Layout, Supplier, TableMapping

# Fewer than this were there before: that they are gone now can be true.
FEWEST_TO_MISS = 5
CARRIED = "this file came with the earlier delivery of the period and is still wrong"

PathOf = Callable[[SubmissionFile], Path]


@dataclass
class Examined:
    """What the examining of one submission collects."""

    judged: list[JudgedTable] = field(default_factory=list)
    refused: list[tuple[str, FileRefused]] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ambiguities: list[tuple[str, Ambiguity]] = field(default_factory=list)
    changes: dict[str, TableChange] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)


def judge_submission(
    contracts: Contracts,
    supplier: Supplier,
    submission: Submission,
    path_of: PathOf,
    against: JudgingContext,
    previous_tables: Mapping[str, pd.DataFrame],
) -> Outcome:
    """Read, map and judge every table of a submission, and reach the verdict. Writes nothing.

    `previous_tables`: the taken rows of `against.previous`, by table. Raises PactFailure when no verdict can be reached
    (a rule that can't run); what is wrong with the files is told in the result.
    """
    period = Period.parse(submission.period)
    always, contracts = contracts, contracts.in_period(period)
    previous_tables = {
        table: in_columns_of(contracts[f"{submission.collection}.{table}"], rows)
        for table, rows in previous_tables.items()
    }
    examined = Examined()
    decided = dict(against.decision.readings) if against.decision else {}
    reader = _Reader(supplier, submission, always, path_of, decided)
    context = Context(
        period=period,
        supplier=supplier.key,
        council=supplier.key if supplier.kind == "council" else None,
        former=previous_tables,
        former_period=Period.parse(against.previous.period) if against.previous else None,
    )
    present = {file.table: file for file in submission.files}
    for contract in contracts.collection(submission.collection):
        file = present.get(contract.table)
        if file is None:
            continue
        try:
            judged = _judge_table(reader, contract, file, context, examined)
            if judged is None:
                continue
            _refuse_vanished(contracts, judged, against, submission, file)
        except FileRefused as refusal:
            examined.refused.append((contract.table, _carried(refusal) if file.carried_over else refusal))
            continue
        examined.judged.append(judged)
        if contract.table in previous_tables:
            change = table_change(judged, previous_tables[contract.table])
            if change is not None:
                examined.changes[contract.table] = change
        context = replace(context, accepted={**context.accepted, contract.table: judged.accepted}, unreadable={})
    for table in missing_tables(supplier, submission.collection, period, present, contracts):
        did_not_come = FileRefused(
            "FILE-005",
            f"the table '{table}' did not come",
            where=submission.submission_id,
            mend="send it; the rest needn't be sent again.",
        )
        examined.refused.append((table, did_not_come))
    verdict = verdict_of(
        submission,
        against,
        examined.judged,
        examined.refused,
        examined.ambiguities,
        examined.changes,
        contract_version=contract_version(submission.collection, sorted(present), contracts),
        fingerprint=judged_by(contracts, supplier, submission.collection, submission.period),
    )
    return Outcome(
        submission=submission,
        verdict=verdict,
        judged=tuple(examined.judged),
        refused=tuple(examined.refused),
        notes=examined.notes,
        ambiguities=tuple(ambiguity for _, ambiguity in examined.ambiguities),
        history=against.history,
        changes=examined.changes,
        previous_period=against.previous.period if against.previous else None,
        agreed=frozenset(examined.agreed),
    )


class _Reader:
    """Opens each file once, however many tables it has; one that can't be read is told once."""

    def __init__(
        self,
        supplier: Supplier,
        submission: Submission,
        contracts: Contracts,
        path_of: PathOf,
        decided: dict[str, str],
    ) -> None:
        self.supplier, self.submission, self.contracts = supplier, submission, contracts
        self.path_of, self.decided = path_of, decided
        self._opened: dict[str, Extract] = {}
        self._unreadable: set[str] = set()

    def open(self, file: SubmissionFile, layout: Layout) -> Extract:
        if file.sha256 in self._unreadable:
            raise FileRefused(NOT_JUDGED, "the table can't be judged: its file can't be read", where=file.file_name)
        if file.sha256 in self._opened:
            return self._opened[file.sha256]
        try:
            extract = open_extract(self.path_of(file), file.file_name, layout, self.decided)
        except FileRefused:
            self._unreadable.add(file.sha256)
            raise
        if layout.one_file:  # a file of one table isn't asked for again, and need not be held
            self._opened[file.sha256] = extract
        return extract


def _judge_table(
    reader: _Reader, contract: Contract, file: SubmissionFile, context: Context, examined: Examined
) -> JudgedTable | None:
    """One table, read, mapped and judged; None for an optional sheet that a workbook doesn't have."""
    layout = layout_of(reader.supplier, reader.submission, contract.table, file.file_name)
    mapping = layout.tables[contract.table].within(contract)
    examined.agreed.update(_headings(layout, contract.table))
    extract = reader.open(file, layout)
    sheet = extract.sheet(mapping.name)
    if sheet is None:
        if not contract.needed:
            return None
        raise extract.missing(mapping.name)
    mapped = map_table(sheet, contract, mapping, layout, file.file_name, reader.decided, context.period)
    examined.notes[contract.table] = (*sheet.notes, *mapped.notes)
    examined.ambiguities += [(contract.table, ambiguity) for ambiguity in (*sheet.ambiguities, *mapped.ambiguities)]
    not_compared, said = _not_compared(reader, contract, mapping, context, mapped.frame)
    examined.notes[contract.table] += said
    del extract, sheet  # the file's bytes, while its rows are judged
    for table in looks_into(contract):
        if table not in context.accepted:
            raise FileRefused(
                NOT_JUDGED,
                f"the table can't be judged without '{table}', which did not come or was refused",
                where=file.file_name,
                mend=f"see to '{table}' first.",
            )
    return judge_table(mapped, replace(context, unreadable=mapped.unreadable, not_compared=not_compared))


def _not_compared(
    reader: _Reader, contract: Contract, mapping: TableMapping, context: Context, frame: pd.DataFrame
) -> tuple[frozenset[str], tuple[str, ...]]:
    """The columns that can't be compared with the submission before, as the layout of then or of now has no such column,
    declared absent or not; and a note on each that holds something in one of the two."""
    former, before = context.former.get(contract.table), context.former_period
    was = None if before is None else _mapping_in(reader, before, contract.table)
    if former is None or before is None or was is None:
        return frozenset(), ()
    now_has, then_had = {*mapping.columns, *mapping.constants}, {*was.columns, *was.constants}
    notes = []
    for column in [name for name in contract.column_names if name not in now_has & then_had]:
        if column in then_had and (cells := int(former[column].notna().sum())):
            notes.append(
                f"'{was.columns.get(column, column)}' is no column of this layout: it isn't compared with your return of"
                f" {before}, which had {_cells(cells)} filled there"
            )
        elif column in now_has and (cells := int(frame[column].notna().sum())):
            notes.append(
                f"'{mapping.columns.get(column, column)}', with {_cells(cells)} filled, isn't compared with your return of"
                f" {before}, which had no such column"
            )
    return frozenset(contract.column_names) - (now_has & then_had), tuple(notes)


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number:,} cells"


def _mapping_in(reader: _Reader, period: Period, table: str) -> TableMapping | None:
    """How the supplier wrote a table in a period, as far as it was asked then."""
    collection = reader.submission.collection
    for delivery in reader.supplier.serving(collection, period):
        layout = delivery.layout_for(period)
        if table in layout.tables:
            return layout.tables[table].within(reader.contracts[f"{collection}.{table}"].in_period(period))
    return None


def looks_into(contract: Contract) -> tuple[str, ...]:
    """The other tables of the submission that the contract's rules look into."""
    tables: dict[str, None] = {}
    for rule in contract.rules:
        one, several = rule.arguments.get("table"), rule.arguments.get("tables", ())
        tables.update(dict.fromkeys([*([one] if one else ()), *several]))
    return tuple(tables)


def _headings(layout: Layout, table: str) -> Iterator[str]:
    mapping = layout.tables[table]
    yield from (layout.name, mapping.name, *mapping.columns)
    yield from mapping.headings
    yield from mapping.ignored


def layout_of(supplier: Supplier, submission: Submission, table: str, file_name: str) -> Layout:
    """The layout by which a file is read: of the delivery whose pattern its name fits, as in use in the period."""
    period = Period.parse(submission.period)
    fallback: Layout | None = None
    for delivery in supplier.serving(submission.collection, period):
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
    contracts: Contracts, judged: JudgedTable, against: JudgingContext, submission: Submission, file: SubmissionFile
) -> None:
    """An empty table replaces nothing: a header without rows is a failed export far more often than the truth.

    A small council can truly have no support plan, so a table may be empty where it was (nearly) so the last time,
    unless other tables hang on it or nothing else came.
    """
    contract = judged.table.contract
    previous = against.previous.tables.get(contract.table, 0) if against.previous else 0
    others_hang_on_it = any(
        rule.arguments.get("table") == contract.table and rule.severity == "refuse"
        for other in contracts.collection(contract.collection)
        for rule in other.rules
    )
    if judged.rows_read == 0 and (others_hang_on_it or previous >= FEWEST_TO_MISS or len(submission.files) == 1):
        before = f"; there were {previous:,} the last time" if previous else ""
        raise FileRefused(
            "FILE-004",
            f"the file has headings but no rows{before}",
            where=file.file_name,
            mend="run the extract again and send the file with its rows. The former one stays in force.",
        )


def _carried(refusal: FileRefused) -> FileRefused:
    """The same refusal, of a file that was not sent now: who corrects one table must learn that another is still wrong."""
    return FileRefused(
        refusal.code,
        f"{refusal.what} ({CARRIED})",
        where=refusal.where,
        mend=refusal.mend,
        shows=refusal.shows,
        quotes=refusal.quotes,
    )
