"""From `Outcome` to `Content`: what became of the delivery, what to do, what every rule found, and how it was before."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from pact_pipeline.clock import moment_in_words
from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.checks import KINDS
from pact_pipeline.intake.feedback.content import (
    Changed,
    Content,
    Delivered,
    FindingChange,
    RuleLine,
    RuleOutcome,
    TableCount,
    Trend,
    in_order,
)
from pact_pipeline.intake.feedback.expected import marked_columns
from pact_pipeline.intake.feedback.text import counted, listed, without_places
from pact_pipeline.intake.feedback.to_do import to_do
from pact_pipeline.intake.judging.judged_table import Found, JudgedTable
from pact_pipeline.intake.judging.outcome import Outcome, PastVerdict
from pact_pipeline.intake.judging.rules import RuleWords, rule_words
from pact_pipeline.ledger import Submission, Verdict
from pact_pipeline.periods import MONTH_NAMES, Period, month_in_words
from pact_pipeline.submission_state import State

DELIVERIES_SHOWN = 12
LINES_SHOWN = 10
COLUMNS_SHOWN = 8
LONGEST_HEADING = 60
# A quotation, not an apostrophe: opened after no letter, with apostrophes inside only between letters.
_LONG_QUOTE = re.compile(
    rf"""(?<![^\W_])(['`"])((?:[^'`"]|(?<=\w)['`](?=\w)){{{LONGEST_HEADING}}})(?:[^'`"]|(?<=\w)['`](?=\w))+\1"""
)


def content_of(outcome: Outcome, contact: str, clock_note: str = "") -> Content:
    """Everything that is said, from the verdict and what led to it. `contact`: how to reach the programme office;
    `clock_note`: what a made-up home says of its clock."""
    submission, verdict = outcome.submission, outcome.verdict
    rules = in_order([line for judged in outcome.judged for line in rule_lines(judged)])
    compared = _compared_with(outcome)
    steps, more = to_do(outcome, rules)
    return Content(
        submission_id=submission.submission_id,
        supplier=submission.supplier,
        collection=submission.collection,
        period=submission.period,
        period_in_words=period_in_words(submission.period),
        sequence=submission.sequence,
        received=moment_in_words(submission.received_at),
        received_at=submission.received_at.astimezone(UTC).replace(tzinfo=None),
        state=verdict.state.words.capitalize(),
        sentence=_sentence(verdict),
        # What is wrong with refused files is said by what is to do; a person's refusal has its reason here alone.
        why=without_places(verdict.reason) if verdict.state is not State.REFUSED or not outcome.refused else "",
        to_do=steps,
        more_to_do=more,
        tables=tuple(_tables(outcome)),
        taken_heading="Would be taken" if verdict.state is State.HELD else "Taken",
        notes=tuple((table, _noted(note)) for table, notes in outcome.notes.items() for note in notes),
        rules=rules,
        previous_period=period_in_words(outcome.previous_period) if outcome.previous_period else "",
        changes=tuple(
            Changed(table, change.added, change.gone, change.changed, change.same)
            for table, change in outcome.changes.items()
        ),
        compared_with=f"delivery {compared.sequence} of {period_in_words(compared.period)}" if compared else "",
        finding_changes=tuple(_finding_changes(outcome, rules, compared)) if compared else (),
        history=_history(outcome),
        contact=contact,
        known=_known(outcome),
        foreign=frozenset(word for _, refusal in outcome.refused for word in refusal.quotes),
        clock_note=clock_note,
    )


def _sentence(verdict: Verdict) -> str:
    rows = counted(verdict.rows_read, "row")
    if verdict.state is State.TAKEN:
        warned = f" {counted(verdict.rows_warned, 'row has', 'rows have')} a warning." if verdict.rows_warned else ""
        return f"Taken: {rows}, all of them in force.{warned}"
    if verdict.state is State.TAKEN_WITH_REFUSALS:
        refused = counted(verdict.rows_refused, "row was", "rows were")
        return f"Taken, but not whole: {verdict.rows_taken:,} of {rows} are in force; {refused} refused."
    if verdict.state is State.HELD:
        return (
            "Held: nothing of it is in force yet. A person at the programme office decides. Until then, what you sent "
            "before stays in force."
        )
    if verdict.state is State.REFUSED:
        return "Refused: nothing of it was taken. What you sent before stays in force."
    return "Received: not judged yet."


def period_in_words(key: str) -> str:
    """`2012-08` as `August 2012`, any longer period as its first and last month."""
    period = Period.parse(key)
    first, last = period.first_day, period.last_day
    if (first.year, first.month) == (last.year, last.month):
        return month_in_words(first)
    begins = MONTH_NAMES[first.month - 1] if first.year == last.year else month_in_words(first)
    return f"{begins} to {month_in_words(last)}"


def _tables(outcome: Outcome) -> Iterator[TableCount]:
    titles = {judged.table.contract.table: judged.table.contract.title for judged in outcome.judged}
    counts = {table.table: table for table in outcome.verdict.tables}
    for file in outcome.submission.files:
        count = counts.get(file.table)
        numbers = (count.rows_read, count.rows_taken, count.rows_refused, count.rows_warned) if count else (0, 0, 0, 0)
        title = titles.get(file.table, file.table.replace("_", " ").capitalize())
        yield TableCount(file.table, title, *numbers, file.file_name, file.carried_over)


def _noted(note: str) -> str:
    """A note without paths, its quotations cut: what somebody typed into a heading can be long."""
    return _LONG_QUOTE.sub(r"\1\2…\1", without_places(note))


# --- rules


def rule_lines(judged: JudgedTable) -> Iterator[RuleLine]:
    """Every rule of one table: what it found, and where nothing, whether it looked at any row at all."""
    contract = judged.table.contract
    words, sources = rule_words(contract), {rule.code: rule.source for rule in contract.rules}
    runs = judged.runs
    shown: set[str] = set()
    alike: dict[tuple[str, tuple[str, ...]], list[Found]] = defaultdict(list)
    for found in judged.findings:
        alike[found.words.code, marked_columns(judged, found)].append(found)
    for (code, about), several in alike.items():
        shown.add(code)
        rows, lines = sum(found.count for found in several), _lines(judged, several)
        looked_at = max(rows, *(found.examined for found in several))
        rule = several[0].words
        yield _line(judged, rule, rule.severity, about, rows, looked_at, sources, lines=lines)
    for one in judged.table_findings:
        rule = words[one.rule]
        shown.add(rule.code)
        yield _line(judged, rule, one.severity, rule.columns, one.found, one.examined, sources, of_the_table=True)
    # A rule on the whole table may find a few rows and pass; one on rows whose finds another rule has told has not.
    of_table = {rule.code for rule in contract.rules if KINDS[rule.check].of_table}
    quiet: dict[tuple[str, int], list[str]] = defaultdict(list)
    for run in runs:
        if (not run.found and (run.code not in shown or len(run.columns) == 1)) or (run.code in of_table - shown):
            quiet[run.code, run.examined] += [name for name in run.columns if name not in quiet[run.code, run.examined]]
    for (code, rows), columns in quiet.items():
        outcome: RuleOutcome = "passed" if rows else "not examined"
        yield _line(judged, words[code], outcome, columns, 0, rows, sources)


def _line(
    judged: JudgedTable,
    words: RuleWords,
    outcome: RuleOutcome,
    columns: Iterable[str],
    found: int,
    examined: int,
    sources: dict[str, str],
    *,
    lines: tuple[int, ...] = (),
    of_the_table: bool = False,
) -> RuleLine:
    contract: Contract = judged.table.contract
    return RuleLine(
        table=contract.table,
        code=words.code,
        outcome=outcome,
        where=listed([judged.heading(column) for column in columns], COLUMNS_SHOWN),
        found=found,
        examined=examined,
        title=words.title,
        message=words.message,
        mend=words.mend,
        source=sources.get(words.code) or f"Data contract {contract.key}",
        lines=lines,
        of_the_table=of_the_table,
    )


def _lines(judged: JudgedTable, several: Sequence[Found]) -> tuple[int, ...]:
    """The first lines found, of all that one rule found on the same columns."""
    table = judged.table
    lines = {line for found in several for line in table.source_row[found.positions[:LINES_SHOWN]].tolist()}
    if not lines:
        lines = {row.source_row for row in table.malformed[: min(LINES_SHOWN, several[0].count)]}
    return tuple(sorted(lines)[:LINES_SHOWN])


# --- before and now


def _compared_with(outcome: Outcome) -> PastVerdict | None:
    """The newest delivery before this one whose rows were judged."""
    return next((past for past in reversed(outcome.history) if past.rows_read), None)


def _finding_changes(
    outcome: Outcome, rules: tuple[RuleLine, ...], past: PastVerdict | None
) -> Iterator[FindingChange]:
    assert past is not None
    now: Counter[str] = Counter()
    examined: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for line in rules:
        now[line.code] += line.found
        examined[line.code] += line.examined
        titles.setdefault(line.code, line.title)
    prefixes = {judged.table.contract.prefix for judged in outcome.judged if judged.rows_read and not judged.runs}
    before = {code: rows for code, rows in past.findings.items() if rows and not code.startswith("FILE-")}
    found = {code for code, rows in now.items() if rows}
    trends: list[FindingChange] = []
    for code in sorted({*before, *found}):
        trend: Trend = "still there"
        if code not in before:
            trend = "new"
        elif code not in found:
            looked = examined[code] > 0 or code.partition("-")[0] in prefixes
            trend = "fixed" if looked else "not looked at this time"
        trends.append(FindingChange(code, titles.get(code, ""), before.get(code, 0), now[code], trend))
    order = ("new", "still there", "fixed", "not looked at this time")
    yield from sorted(trends, key=lambda one: (order.index(one.trend), -one.now, one.code))


def _history(outcome: Outcome) -> tuple[Delivered, ...]:
    this, verdict = outcome.submission, outcome.verdict
    past = [
        Delivered(
            one.period, one.sequence, one.state.words.capitalize(), one.rows_read, one.rows_refused, one.rows_warned
        )
        for one in outcome.history
    ][-(DELIVERIES_SHOWN - 1) :]
    return (*past, _delivered(this, verdict))


def _delivered(this: Submission, verdict: Verdict) -> Delivered:
    rows = (verdict.rows_read, verdict.rows_refused, verdict.rows_warned)
    return Delivered(this.period, this.sequence, verdict.state.words.capitalize(), *rows, this=True)


def _known(outcome: Outcome) -> frozenset[str]:
    """What may be quoted on the page: tables, agreed headings, the contract's columns and codes."""
    words: set[str] = (
        {"CSV UTF-8"}
        | set(outcome.agreed)
        | {file.table for file in outcome.submission.files}
        | {t for t, _ in outcome.refused}
    )
    for judged in outcome.judged:
        contract = judged.table.contract
        words |= {contract.table, *contract.column_names, *(rule.code for rule in contract.rules)}
        words |= {judged.heading(column) for column in judged.table.headings}
        words |= {code for column in contract.columns for code in column.code_words}
    return frozenset(words)
