"""How figures, months and codes are said in plain English.

Codes of kinds of end and series are spelt here for readers of a page, those of stages and steps in `pathway`; a code
not listed is shown with its underscores as spaces, so that a new series appears without a change here.
"""

from collections.abc import Mapping
from typing import Final

from pact_pipeline.release import Released
from pact_pipeline.reports.model import Unit

DAYS_A_MONTH: Final = 365.25 / 12

KINDS: Final[dict[str, str]] = {
    "permanence_order": "Permanence order",
    "permanence_order_with_authority_to_adopt": "Permanence order with authority to adopt",
    "adoption": "Adoption",
    "adopted": "Adoption",
    "residence_or_kinship_order": "Residence or kinship care order",
    "residence_or_kinship": "Residence or kinship care order",
    "kinship": "Residence or kinship care order",
    "long_term_care": "Long-term care secured",
    "home": "Returned home",
    "aged_out": "Came of age",
    "transfer": "Moved to another council's care",
    "other": "Another end",
    "all": "Any end",
}
APPLICATIONS: Final[dict[str, str]] = {
    "PO": "Permanence order",
    "POA": "Permanence order with authority to adopt",
    "PO_UNSPEC": "Permanence order, authority not stated",
    "ADOPTION": "Adoption",
    "RESIDENCE": "Residence order",
}
SERIES: Final[dict[str, str]] = {
    "recommended_to_secured": "Recommendation to permanence secured",
    "recommended_to_approved": "Recommendation to decision",
    "approved_to_matched": "Decision to match",
    "recommended_to_panel": "Recommendation to panel",
    "linked_to_match_approved": "Link with a household to the match's approval",
    "matched_to_placed": "Match to moving in",
    "placed_to_lodged": "Moving in to application lodged",
    "lodged_to_secured": "Application lodged to permanence secured",
    "away_to_recommended": "Leaving home to recommendation",
    "enquiry_to_approval": "Enquiry to approval",
    "assessment_weeks": "Assessment, first to last day",
    "assessment_hours": "Assessment, hours of work",
}


def code_in_words(code: str, labels: Mapping[str, str]) -> str:
    """The label of a code, or the code with spaces for underscores and a capital."""
    words = str(code).replace("_", " ")
    return labels.get(str(code), words[:1].upper() + words[1:])


def number_in_words(number: float, unit: Unit) -> str:
    """A number as text: thousands separated by commas, a share as a whole percentage, months with one decimal."""
    if unit is Unit.SHARE:
        return f"{100 * number:.0f}%"
    if unit is Unit.MONTHS:
        return f"{number:,.1f}"
    return f"{number:,.0f}"


def figure_in_words(figure: Released, unit: Unit) -> str:
    return figure.shorthand if figure.number is None else number_in_words(figure.number, unit)  # type: ignore[return-value]


def say(sentence: str, otherwise: str = "", /, **figures: tuple[Released, Unit]) -> str:
    """The sentence with its figures, if each of them may stand in a sentence; else `otherwise`, which has none."""
    if all(figure.sayable for figure, _ in figures.values()):
        return sentence.format(**{name: figure_in_words(figure, unit) for name, (figure, unit) in figures.items()})
    return otherwise
