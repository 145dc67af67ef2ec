"""What to do now: what a data officer reads first, and for most returns all that matters."""

from collections.abc import Sequence

from pact_pipeline.failures import FileRefused
from pact_pipeline.intake.feedback.content import RuleLine, ToDo
from pact_pipeline.intake.feedback.text import counted, listed, without_places
from pact_pipeline.intake.judging.file_rules import FILE_RULES
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.reading.ambiguity import Ambiguity

MOST = 5
# A table that can't be judged because another one did not come or was refused: not a cause of its own.
NOT_JUDGED = "FILE-010"


def to_do(outcome: Outcome, rules: Sequence[RuleLine]) -> tuple[tuple[ToDo, ...], int]:
    """The things to do, most important first, and how many rules with findings are left to the sheet by rule.

    All that stops the delivery is listed, however much it is; rules fill up to five: those that hold, those that refuse
    the most rows, warnings.
    """
    steps = [_refusal(table, refusal) for table, refusal in outcome.refused if refusal.code != NOT_JUDGED]
    waiting = [table for table, refusal in outcome.refused if refusal.code == NOT_JUDGED]
    if waiting and steps:
        steps.append(
            ToDo(
                lead=listed(waiting),
                text="Not judged, because it needs a table that did not come or was refused."
                if len(waiting) == 1
                else "Not judged, because they need a table that did not come or was refused.",
                mend="See to what stands above first; nothing is known to be wrong here.",
                code=NOT_JUDGED,
            )
        )
    elif waiting:
        steps += [_refusal(table, refusal) for table, refusal in outcome.refused]
    steps += [_doubt(ambiguity) for ambiguity in outcome.ambiguities]
    steps += _holds(outcome)
    found = [rule for rule in rules if rule.outcome in ("hold", "refuse", "warn")]
    room = max(sum(rule.outcome == "hold" for rule in found), MOST - len(steps))
    return (*steps, *(_rule(rule) for rule in found[:room])), max(0, len(found) - room)


def _refusal(table: str, refusal: FileRefused) -> ToDo:
    title = FILE_RULES[refusal.code].title if refusal.code in FILE_RULES else "File refused"
    where = f" Where: {refusal.where}." if refusal.where else ""
    what = refusal.what if refusal.what.rstrip().endswith((".", "!", "?")) else f"{refusal.what}."
    return ToDo(
        lead=f"{table}: {_lower(title)}",
        text=without_places(_sentence(f"{what}{where}")),
        mend=without_places(_sentence(refusal.mend)),
        code=refusal.code,
        quotes=True,
        shows=refusal.shows,
    )


def _holds(outcome: Outcome) -> list[ToDo]:
    """What holds the whole delivery, beside doubts and rules: the verdict's reason has the numbers."""
    said = {refusal.code for _, refusal in outcome.refused} | {"FILE-014"}
    codes = {found.rule: found.table for found in outcome.verdict.findings if found.rule not in said}
    holds = [(FILE_RULES[code], table) for code, table in codes.items() if code in FILE_RULES]
    return [
        ToDo(f"{table}: {_lower(rule.title)}" if table else rule.title, rule.message, rule.mend, rule.code)
        for rule, table in holds
    ]


def _doubt(ambiguity: Ambiguity) -> ToDo:
    names = [reading.name for reading in ambiguity.readings]
    ended = ambiguity.what if ambiguity.what.rstrip().endswith((".", "!", "?")) else f"{ambiguity.what}."
    return ToDo(
        lead="Can be read in two ways" if len(names) == 2 else "Can be read in several ways",
        text=without_places(_sentence(f"{ended} Where: {ambiguity.where}.")),
        mend=f"Tell the programme office which is right: {' or '.join(names)}. Until then nothing is in force.",
        code="FILE-014",
        readings=tuple((reading.name, reading.shows) for reading in ambiguity.readings),
        quotes=True,
    )


_DONE = {"hold": "held for a person", "refuse": "refused", "warn": "with a warning"}


def _rule(rule: RuleLine) -> ToDo:
    where = f" ({rule.where})" if rule.where else ""
    lines = ""
    if rule.lines:
        one = "Line" if rule.found == 1 else "Lines"
        rest = rule.found - len(rule.lines)
        lines = f" {one} {', '.join(map(str, rule.lines))}{f' and {rest:,} more' if rest > 0 else ''}."
    done = f"{counted(rule.found, 'row')} {_DONE[rule.outcome]}"
    if rule.of_the_table:
        done = "the delivery is held" if rule.outcome == "hold" else "a warning on the whole table"
        lines = f" Found {rule.found:,} of {counted(rule.examined, 'row')} looked at."
    return ToDo(
        lead=f"{rule.table}: {done}",
        text=f"{rule.title}{where}: {rule.message}{lines}",
        mend=rule.mend,
        code=rule.code,
    )


def _sentence(text: str) -> str:
    clean = text.strip()
    return clean[:1].upper() + clean[1:]


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
