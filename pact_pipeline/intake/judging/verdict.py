"""From what was found in its tables to the verdict on a submission: refused, held, taken.

A file rule refuses the whole submission; a hold leaves it to a person; refused rows alone leave the rest in force. What
holds it is told even where it is refused, so that everything can be mended at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.judging.context import Standing
from pact_pipeline.intake.judging.file_rules import FILE_RULES
from pact_pipeline.intake.judging.judged_table import Judged
from pact_pipeline.intake.judging.outcome import TableChange
from pact_pipeline.intake.judging.rules import rule_words
from pact_pipeline.intake.reading.ambiguity import Doubt
from pact_pipeline.ledger import FindingCount, State, Submission, TableVerdict, Verdict

# The file rule for a table that can't be judged because another one did not come or was refused.
NOT_JUDGED = "FILE-010"
SAME_BYTES, TWO_READINGS, TOO_MANY_REFUSED = "FILE-011", "FILE-014", "FILE-025"
# One bad row of three is no reason to hold a small council's month.
FEWEST_REFUSED_TO_HOLD = 5


@dataclass(frozen=True)
class Hold:
    """One reason to leave the submission to a person: as it is counted, and as it is told."""

    count: FindingCount
    told: str


def verdict_of(
    submission: Submission,
    standing: Standing,
    judged: Sequence[Judged],
    refused: Sequence[tuple[str, FileRefused]],
    doubts: Sequence[tuple[str, Doubt]],
    changes: Mapping[str, TableChange],
    *,
    contract_version: str,
    fingerprint: str,
) -> Verdict:
    """The verdict, with the counts that lead to it. A decision covers only what held the submission when it was made."""
    decision = standing.decision
    holds = _holds(submission, standing, judged, doubts, changes)
    covered = decision.covers if decision is not None and decision.decision == "accept" else frozenset()
    undecided = [
        hold for hold in holds if hold.count.rule == TWO_READINGS or (hold.count.table, hold.count.rule) not in covered
    ]
    if refused:
        also = [f"It would also be held: {' '.join(hold.told for hold in undecided)}"] if undecided else []
        state, reason = State.REFUSED, " ".join([_causes(refused), *also])
    elif decision is not None and decision.decision == "refuse":
        state, reason = State.REFUSED, f"Refused by a person's decision: {decision.because}"
    elif undecided:
        state, reason = State.HELD, " ".join(hold.told for hold in undecided)
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
        judging=standing.judging,
        contract_version=contract_version,
        fingerprint=fingerprint,
        compared_with=standing.former.lake_name if standing.former else "",
        decision_id=decision.decision_id if decision else None,
    )


def _table_verdict(judged: Judged, state: State) -> TableVerdict:
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
    standing: Standing,
    judged: Sequence[Judged],
    doubts: Sequence[tuple[str, Doubt]],
    changes: Mapping[str, TableChange],
) -> list[Hold]:
    holds: list[Hold] = []
    same = _same_bytes(submission, standing, judged) or _same_rows(submission, standing, judged, changes)
    if same is not None:
        holds.append(same)
    for table, doubt in doubts:
        holds.append(Hold(FindingCount(table, TWO_READINGS, doubt.choice, "hold", 0), f"{TWO_READINGS}: {doubt}"))
    for one in judged:
        holds += _holds_of(one)
    return holds


def _holds_of(judged: Judged) -> list[Hold]:
    contract, read, refused = judged.table.contract, judged.rows_read, judged.rows_refused
    words, holds = rule_words(contract), []
    share = refused / read if read else 0.0
    if share > contract.hold_share and refused >= FEWEST_REFUSED_TO_HOLD:
        told = (
            f"{TOO_MANY_REFUSED}: {refused:,} of {read:,} rows of '{contract.table}' would be refused"
            f" ({share:.0%}; at most {contract.hold_share:.0%} is taken without a person's decision)."
        )
        holds.append(Hold(FindingCount(contract.table, TOO_MANY_REFUSED, "", "hold", refused, read), told))
    on_rows = [(one.words.code, one.words.severity, one.count, one.examined) for one in judged.findings]
    on_table = [(one.rule, one.severity, one.found, one.examined) for one in judged.table_findings]
    for code, severity, found, examined in (*on_rows, *on_table):
        if severity == "hold":
            column = words[code].columns[0] if words[code].columns else ""
            told = f"{code}: {words[code].message} In '{contract.table}', {found:,} of {examined:,} rows looked at."
            holds.append(Hold(FindingCount(contract.table, code, column, "hold", found, examined), told))
    return holds


def _same_bytes(submission: Submission, standing: Standing, judged: Sequence[Judged]) -> Hold | None:
    """Whether the needed tables that have rows are, byte for byte, those of an earlier period."""
    if standing.earlier is None:
        return None
    ours = {file.table: file.sha256 for file in submission.files}
    telling = {
        one.table.contract.table: ours[one.table.contract.table]
        for one in judged
        if one.table.contract.needed and one.rows_read
    }
    if not telling or any(standing.earlier.files.get(table) != sha256 for table, sha256 in telling.items()):
        return None
    rule = FILE_RULES[SAME_BYTES]
    told = (
        f"{SAME_BYTES}: the files are byte for byte those of {standing.earlier.period}"
        f" ({standing.earlier.submission_id}). {rule.mend}"
    )
    return Hold(FindingCount("", SAME_BYTES, "", "hold", 0, sum(one.rows_read for one in judged)), told)


def _same_rows(
    submission: Submission, standing: Standing, judged: Sequence[Judged], changes: Mapping[str, TableChange]
) -> Hold | None:
    """Whether the rows are those of an earlier period, in whatever order: a workbook saved again has other bytes."""
    former = standing.former
    if former is None or former.period == submission.period or len(changes) < len(judged):
        return None
    if any(one.added or one.gone or one.changed for one in changes.values()):
        return None
    rows = sum(one.same for one in changes.values())
    if not rows:
        return None
    told = (
        f"{SAME_BYTES}: the rows are the very rows of {former.period} ({former.submission_id})."
        f" {FILE_RULES[SAME_BYTES].mend}"
    )
    return Hold(FindingCount("", SAME_BYTES, "", "hold", rows, sum(one.rows_read for one in judged)), told)


def _causes(refused: Sequence[tuple[str, FileRefused]]) -> str:
    """What was wrong, causes in full; tables that could not be judged for want of another are only named."""
    causes = [str(refusal) for _, refusal in refused if refusal.code != NOT_JUDGED]
    waiting = [f"'{table}'" for table, refusal in refused if refusal.code == NOT_JUDGED]
    told = [f"Not judged for that reason: {', '.join(waiting)}."] if waiting else []
    return " ".join([*causes, *told])


def _finding_counts(judged: Judged) -> list[FindingCount]:
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
