"""From what was found in its tables to the verdict on a submission: refused, held, taken.

A file rule refuses the whole submission; a hold leaves it to a person; refused rows alone leave the rest in force. What
holds it is told even where it is refused, so that everything can be mended at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.judging.file_rules import FILE_RULES
from pact_pipeline.intake.judging.judged_table import JudgedTable
from pact_pipeline.intake.judging.outcome import TableChange
from pact_pipeline.intake.judging.rules import rule_words
from pact_pipeline.intake.reading.ambiguity import Ambiguity
from pact_pipeline.ledger import FindingCount, Submission, TableVerdict, Verdict
from pact_pipeline.submission_state import State

# The file rule for a table that can't be judged because another one did not come or was refused.
NOT_JUDGED = "FILE-010"
SAME_BYTES, TWO_READINGS, TOO_MANY_REFUSED = "FILE-011", "FILE-014", "FILE-025"
# One bad row of three is no reason to hold a small council's month.
FEWEST_REFUSED_TO_HOLD = 5


@dataclass(frozen=True)
class Hold:
    """One reason to leave the submission to a person: as it is counted, and as it is told."""

    count: FindingCount
    reason: str


def verdict_of(
    submission: Submission,
    against: JudgingContext,
    judged: Sequence[JudgedTable],
    refused: Sequence[tuple[str, FileRefused]],
    ambiguities: Sequence[tuple[str, Ambiguity]],
    changes: Mapping[str, TableChange],
    *,
    contract_version: str,
    fingerprint: str,
) -> Verdict:
    """The verdict, with the counts that lead to it. A decision covers only what held the submission when it was made."""
    decision = against.decision
    holds = _holds(submission, against, judged, ambiguities, changes)
    covered = decision.covers if decision is not None and decision.decision == "accept" else frozenset()
    undecided = [
        hold for hold in holds if hold.count.rule == TWO_READINGS or (hold.count.table, hold.count.rule) not in covered
    ]
    if refused:
        also = [f"It would also be held: {' '.join(hold.reason for hold in undecided)}"] if undecided else []
        state, reason = State.REFUSED, " ".join([_causes(refused), *also])
    elif decision is not None and decision.decision == "refuse":
        state, reason = State.REFUSED, f"Refused by a person's decision: {decision.because}"
    elif undecided:
        state, reason = State.HELD, " ".join(hold.reason for hold in undecided)
    elif any(one.rows_refused for one in judged):
        state, reason = State.TAKEN_WITH_REFUSALS, ""
    else:
        state, reason = State.TAKEN, ""
    findings = [FindingCount(table, refusal.code, "", "file", 0) for table, refusal in refused]
    findings += [hold.count for hold in holds]
    for one in judged:
        findings += _finding_counts(one)
    return Verdict(
        submission.submission_id,
        state,
        tuple(_table_verdict(one, state) for one in judged),
        tuple(_merged(findings)),
        reason,
        judging=against.judging,
        contract_version=contract_version,
        fingerprint=fingerprint,
        compared_with=against.previous.lake_name if against.previous else "",
        decision_id=decision.decision_id if decision else None,
    )


def _table_verdict(judged: JudgedTable, state: State) -> TableVerdict:
    """Of a refused submission no row is taken. Of a held one the rows are counted as they would be."""
    read = judged.rows_read
    refused = read if state is State.REFUSED else judged.rows_refused
    return TableVerdict(
        judged.table.contract.table,
        read,
        read - refused,
        refused,
        0 if state is State.REFUSED else judged.rows_warned,
        rules_run=len(judged.runs),
        rules_without_rows=sum(run.examined == 0 for run in judged.runs),
    )


def _holds(
    submission: Submission,
    against: JudgingContext,
    judged: Sequence[JudgedTable],
    ambiguities: Sequence[tuple[str, Ambiguity]],
    changes: Mapping[str, TableChange],
) -> list[Hold]:
    holds: list[Hold] = []
    same = _same_bytes(submission, against, judged) or _same_rows(submission, against, judged, changes)
    if same is not None:
        holds.append(same)
    for table, doubt in ambiguities:
        holds.append(Hold(FindingCount(table, TWO_READINGS, doubt.choice, "hold", 0), f"{TWO_READINGS}: {doubt}"))
    for one in judged:
        holds += _holds_of(one)
    return holds


def _holds_of(judged: JudgedTable) -> list[Hold]:
    contract, read, refused = judged.table.contract, judged.rows_read, judged.rows_refused
    words, holds = rule_words(contract), []
    share = refused / read if read else 0.0
    if share > contract.hold_share and refused >= FEWEST_REFUSED_TO_HOLD:
        reason = (
            f"{TOO_MANY_REFUSED}: {refused:,} of {read:,} rows of '{contract.table}' would be refused"
            f" ({share:.0%}; at most {contract.hold_share:.0%} is taken without a person's decision)."
        )
        holds.append(Hold(FindingCount(contract.table, TOO_MANY_REFUSED, "", "hold", refused, read), reason))
    on_rows = [(one.words.code, one.words.severity, one.count, one.examined) for one in judged.findings]
    on_table = [(one.rule, one.severity, one.found, one.examined) for one in judged.table_findings]
    for code, severity, found, examined in (*on_rows, *on_table):
        if severity == "hold":
            column = words[code].columns[0] if words[code].columns else ""
            reason = f"{code}: {words[code].message} In '{contract.table}', {found:,} of {examined:,} rows looked at."
            holds.append(Hold(FindingCount(contract.table, code, column, "hold", found, examined), reason))
    return holds


def _same_bytes(submission: Submission, against: JudgingContext, judged: Sequence[JudgedTable]) -> Hold | None:
    """Whether the needed tables that have rows are, byte for byte, those of an earlier period."""
    if against.earlier is None:
        return None
    ours = {file.table: file.sha256 for file in submission.files}
    telling = {
        one.table.contract.table: ours[one.table.contract.table]
        for one in judged
        if one.table.contract.needed and one.rows_read
    }
    if not telling or any(against.earlier.files.get(table) != sha256 for table, sha256 in telling.items()):
        return None
    rule = FILE_RULES[SAME_BYTES]
    reason = (
        f"{SAME_BYTES}: the files are byte for byte those of {against.earlier.period}"
        f" ({against.earlier.submission_id}). {rule.mend}"
    )
    return Hold(FindingCount("", SAME_BYTES, "", "hold", 0, sum(one.rows_read for one in judged)), reason)


def _same_rows(
    submission: Submission,
    against: JudgingContext,
    judged: Sequence[JudgedTable],
    changes: Mapping[str, TableChange],
) -> Hold | None:
    """Whether the rows are those of an earlier period, in whatever order: a workbook saved again has other bytes."""
    previous = against.previous
    if previous is None or previous.period == submission.period or len(changes) < len(judged):
        return None
    if any(one.added or one.gone or one.changed for one in changes.values()):
        return None
    if any(one.accepted[name].notna().any() for one in judged for name in one.not_compared):
        return None  # an extract that has a new column was run anew
    rows = sum(one.same for one in changes.values())
    if not rows:
        return None
    reason = (
        f"{SAME_BYTES}: the rows are the very rows of {previous.period} ({previous.submission_id})."
        f" {FILE_RULES[SAME_BYTES].mend}"
    )
    return Hold(FindingCount("", SAME_BYTES, "", "hold", rows, sum(one.rows_read for one in judged)), reason)


def _causes(refused: Sequence[tuple[str, FileRefused]]) -> str:
    """What was wrong, causes in full; tables that could not be judged for want of another are only named."""
    causes = [str(refusal) for _, refusal in refused if refusal.code != NOT_JUDGED]
    waiting = [f"'{table}'" for table, refusal in refused if refusal.code == NOT_JUDGED]
    reason = [f"Not judged for that reason: {', '.join(waiting)}."] if waiting else []
    return " ".join([*causes, *reason])


def _finding_counts(judged: JudgedTable) -> list[FindingCount]:
    """Rows found by rule and column; what holds is counted with the holds."""
    table = judged.table.contract.table
    words = rule_words(judged.table.contract)
    counts = [
        FindingCount(
            table,
            found.words.code,
            found.columns[0] if found.columns else "",
            found.words.severity,
            found.count,
            found.examined,
        )
        for found in judged.findings
        if found.words.severity != "hold"
    ]
    for one in judged.table_findings:
        if one.severity != "hold":
            columns = words[one.rule].columns
            counts.append(
                FindingCount(table, one.rule, columns[0] if columns else "", one.severity, one.found, one.examined)
            )
    return counts


def _merged(findings: Sequence[FindingCount]) -> list[FindingCount]:
    """One count for each table, rule and column, as the ledger keeps them."""
    counts: dict[tuple[str, str, str], FindingCount] = {}
    for one in findings:
        key = (one.table, one.rule, one.column)
        before = counts.get(key)
        rows, examined = (before.rows, before.examined) if before else (0, 0)
        counts[key] = FindingCount(*key, one.severity, one.rows + rows, max(one.examined, examined))
    return list(counts.values())
