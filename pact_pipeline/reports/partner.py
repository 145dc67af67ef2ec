"""The partner's monthly report: one council, one month, for the audience *partners* (architecture#reports).

Plain words first: what changed, what waits, what to look at. All figures pass `release`; nothing of the inputs reaches
the page any other way.
"""

from typing import Any, Final

from pact_pipeline.clock import moment_in_words
from pact_pipeline.periods import day_in_words, month_in_words
from pact_pipeline.release import PARTNERS, SHORTHAND
from pact_pipeline.reports import court, durations, permanence, quality, waiting
from pact_pipeline.reports.html import html_page
from pact_pipeline.reports.inputs import SCOTLAND, PartnerInputs, records
from pact_pipeline.reports.model import (
    Block,
    Definitions,
    KeyFigure,
    KeyFigures,
    Notice,
    Paragraph,
    Points,
    Report,
    Section,
    Unit,
)
from pact_pipeline.reports.waiting import ALL, Waiting

PROVISIONAL: Final = (
    "These figures are provisional. Late and corrected returns change them; the next month's report is made anew from "
    "all that has come in by then."
)
FEW: Final = (
    "Most of the numbers below are small. A number from one to four is not shown, because somebody who knows the "
    "council might recognise a child in it, and neither is a number from which such a one could be worked out. Each "
    "is marked [c]. The figures for Scotland show what to compare with; the council has its own numbers in its own "
    "system."
)


def partner_report(inputs: PartnerInputs) -> str:
    """The report of one council and month as one self-contained HTML file.

    Raises PactFailure: RP-001 for a frame that lacks a column, RL-… for figures that contradict each other or can't be
    released safely.
    """
    return html_page(partner_model(inputs))


def partner_model(inputs: PartnerInputs) -> Report:
    """The report as blocks, with every figure released."""
    here = waiting.released_waiting(inputs, inputs.council)
    scotland = waiting.released_waiting(inputs, SCOTLAND)
    return Report(
        title=f"Children awaiting permanence: {inputs.council_name}",
        subtitle=month_in_words(inputs.month_end),
        audience=f"PACT {PARTNERS.audience}",
        as_at=moment_in_words(inputs.as_at),
        build_id=inputs.build_id,
        clock_note=inputs.clock_note,
        sections=(
            _brief(inputs, here, scotland),
            waiting.stages_section(inputs, here, scotland),
            waiting.months_section(inputs, here, scotland),
            permanence.permanence_section(inputs),
            durations.steps_section(inputs),
            durations.carers_section(inputs),
            court.court_section(inputs),
            quality.quality_section(inputs),
            _shorthand(),
            _definitions(inputs),
        ),
    )


def _brief(inputs: PartnerInputs, here: Waiting, scotland: Waiting) -> Section:
    blocks: list[Block] = []
    empty = all(figure.shorthand == "[x]" for figure in here.children.values())
    if empty:
        blocks.append(
            Notice(
                "No figures for this council yet",
                "No return of this council has been taken that covers this month. The figures for Scotland are given "
                "without it.",
            )
        )
    elif here.few_shown:
        blocks.append(Notice("Why many numbers are not shown", FEW))
    look = " ".join(filter(None, [waiting.what_to_look_at(here, scotland), quality.what_the_data_need(inputs)]))
    points = (
        ("What changed", waiting.what_changed(here)),
        ("What waits", waiting.what_waits(here)),
        ("What to look at", look),
    )
    if not empty:
        blocks.append(Points(points))
    blocks.append(
        KeyFigures(
            (
                KeyFigure("Looked after", here.children["looked_after"], Unit.COUNT, "children", "AW"),
                KeyFigure("Awaiting permanence", here.children[ALL], Unit.COUNT, "children", "AW"),
                KeyFigure("Half have waited longer than", here.months_waited[ALL], Unit.MONTHS, "months so far", "AW"),
                KeyFigure("Secured, still looked after", here.children["secured"], Unit.COUNT, "children", "AW"),
            )
        )
    )
    blocks.append(Paragraph(PROVISIONAL, quiet=True))
    return Section("brief", f"In brief, {day_in_words(inputs.month_end)}", tuple(blocks))


def _shorthand() -> Section:
    terms = tuple((mark, "", (meaning,)) for mark, meaning in SHORTHAND.items())
    words = (
        (
            durations.NOT_REACHED,
            "",
            ("So many still wait that the point at which half have got there can't be given yet.",),
        ),
        (durations.TOO_SOON, "", ("No year of children has been followed for so long yet.",)),
    )
    return Section("shorthand", "Shorthand used on this page", (Definitions(terms + words),))


def _definitions(inputs: PartnerInputs) -> Section:
    terms = tuple(
        (str(r["title"]), str(r["code"]), tuple(s for s in (_text(r, "definition"), *_labelled(r)) if s))
        for r in records(inputs.measure)
    )
    return Section("definitions", "What the measures mean", (Definitions(terms),))


def _labelled(record: dict[str, Any]) -> list[str]:
    labels = {
        "population": "Counted",
        "clock_start": "Clock starts",
        "clock_stop": "Clock stops",
        "competing_ends": "Other ends",
        "unit": "Unit",
        "better": "Better",
        "source": "Source",
    }
    return [f"{label}: {text}." for key, label in labels.items() if (text := _text(record, key).rstrip("."))]


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return "" if value is None or value != value else str(value).replace("_", " ").strip()
