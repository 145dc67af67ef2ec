"""What `pact check` prints: the verdict, the rows, what to do, and where the rest stands. No value of any cell."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.catalogue import looks_back
from pact_pipeline.desk.check import Checked, in_one_sentence
from pact_pipeline.intake.feedback import FeedbackPaths
from pact_pipeline.intake.feedback.content import Content
from pact_pipeline.intake.feedback.text import counted
from pact_pipeline.submission_state import State

MARKS = {State.TAKEN: "✓", State.TAKEN_WITH_REFUSALS: "!", State.HELD: "?", State.REFUSED: "✗"}
MOST_RULES = 12
MOST_LINES = 5


def print_summary(out: Console, contracts: Contracts, checked: Checked, content: Content, paths: FeedbackPaths) -> None:
    """Print it; `content` must be safe to show (`for_the_page`)."""
    outcome = checked.outcome
    submission = outcome.submission
    out.print()
    out.print(Text(f"{MARKS[outcome.verdict.state]} {in_one_sentence(outcome)}", style="bold"))
    out.print(Text(f"  {submission.supplier}, {submission.collection}, {submission.period}. Nothing was sent."))
    out.print()
    out.print(_tables(checked))
    by_name = [one for one in checked.files if one.by != "by its name"]
    for by in dict.fromkeys(one.by for one in by_name):
        names = sorted({f"{one.path.name} as {one.table}" for one in by_name if one.by == by})
        out.print(Text(f"Read {', '.join(names)}: {by}."))
    if content.why and outcome.verdict.state is State.HELD:
        out.print(Text(f"Why it would be held: {content.why}"))
    _to_do(out, content)
    if content.findings:
        out.print(_rules(content))
    for words in (*_without_rows(contracts, checked, content), checked.compared):
        if words:
            out.print(Text(words))
    out.print()
    out.print(Text(f"All findings, row by row: {paths.workbook} (holds your own data: keep it to yourselves)"))
    out.print(Text(f"The same without any value:  {paths.page}"))


def _table(headings: Sequence[tuple[str, bool]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="underline")
    for heading, number in headings:
        table.add_column(heading, justify="right" if number else "left", no_wrap=not heading.startswith("What"))
    return table


def _tables(checked: Checked) -> Table:
    shown = _table(
        [("Table", False), ("Rows", True), ("Taken", True), ("Refused", True), ("Warned", True), ("File", False)]
    )
    verdicts = {one.table: one for one in checked.outcome.verdict.tables}
    refused = {table: refusal.code for table, refusal in checked.outcome.refused}
    files = {one.table: one.path.name for one in checked.files}
    for table in dict.fromkeys([*files, *refused]):
        one = verdicts.get(table)
        numbers = (one.rows_read, one.rows_taken, one.rows_refused, one.rows_warned) if one else ()
        cells = [f"{number:,}" for number in numbers] or ["", "", "", ""]
        why = f"  {refused[table]}" if table in refused else ""
        shown.add_row(table, *cells, Text(f"{files.get(table, '(not given)')}{why}"))
    return shown


def _to_do(out: Console, content: Content) -> None:
    if content.to_do:
        out.print()
        out.print(Text("What to do:", style="bold"))
    for number, step in enumerate(content.to_do, start=1):
        out.print(Text(f"{number}. {step.lead}: {step.text} ({step.code})"))
        if step.mend:
            out.print(Text(f"   To mend: {step.mend}"))
        for name, _ in step.readings:
            out.print(Text(f"   Reading: {name}"))
    if content.to_do:
        out.print()


def _rules(content: Content) -> Table:
    shown = _table(
        [("Rule", False), ("", False), ("Rows", True), ("Table", False), ("What is found", False), ("Lines", False)]
    )
    for one in content.findings[:MOST_RULES]:
        lines = ", ".join(f"{line}" for line in one.lines[:MOST_LINES])
        more = " …" if one.found > MOST_LINES else ""
        where = f" ({one.where})" if one.where else ""
        shown.add_row(
            one.code, one.in_words, f"{one.found:,}", one.table, Text(f"{one.title}{where}"), f"{lines}{more}"
        )
    left = len(content.findings) - MOST_RULES
    if left > 0:
        shown.add_row("", "", "", "", f"and {counted(left, 'more rule')} with findings", "")
    return shown


def _without_rows(contracts: Contracts, checked: Checked, content: Content) -> list[str]:
    """How many rules had nothing to look at, and why some of them had not."""
    unseen = {one.code for one in content.not_examined}
    rules = {rule.code: rule for contract in contracts.collection(content.collection) for rule in contract.rules}
    back = [code for code in unseen if code in rules and looks_back(rules[code])]
    told = []
    if back and not checked.is_compared:
        words = f"{counted(len(back), 'rule')} on what changed since your delivery before had nothing to compare with"
        told.append(f"{words}." if checked.compared else f"{words}: give its files with --before.")
    others = len(unseen) - len(back) if told else len(unseen)
    if others:
        told.append(f"{counted(others, 'rule')} had no row to look at: that is not a pass.")
    return told
