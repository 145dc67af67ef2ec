"""What a rule is called, how severe it is and what it tells: declared rules from the contract, the rest from here.

Findings every table can have are numbered 001 to 009 after the contract's prefix (`MI-003`); the contract's own rules
from 010. File rules (`FILE-002`) refuse the submission and carry their words with them.
"""

from dataclasses import dataclass
from functools import lru_cache

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.model import MISSING, NOT_IN_CODES, OUT_OF_RANGE, REPEATED_KEY, WRONG_TYPE, Severity

MALFORMED, TOTAL_ROW, FIXED, OUTDATED = "006", "007", "008", "009"

_GENERIC = {
    MISSING: ("Empty", "The cell is empty and must be filled.", "Fill it in."),
    WRONG_TYPE: (
        "Not a date or number",
        "The cell can't be read as what the column holds: a day that exists, in the agreed form, or a number.",
        "Write the date in the agreed form, or the number in digits alone.",
    ),
    NOT_IN_CODES: (
        "Unknown word",
        "The word is none of those agreed for this column.",
        "Use one of the agreed words, or tell us what this one means.",
    ),
    REPEATED_KEY: (
        "The same row twice",
        "Another row has the same key.",
        "Keep one of the rows. Where they are the same, the first was taken; where they differ, none was.",
    ),
    OUT_OF_RANGE: (
        "Out of range",
        "The value is too small, too large, too long, or not of the agreed form.",
        "Check it against your system.",
    ),
    MALFORMED: (
        "Too many or too few cells",
        "The row has more or fewer cells than there are headings, so we can't tell which cell is which.",
        "Look for a stray comma, or a line break inside a cell, and put quotation marks around that cell.",
    ),
    TOTAL_ROW: ("A total, not a row", "The row adds up others.", "Leave totals out of the extract."),
    FIXED: (
        "A word of your own",
        "The word is none of those agreed, but it is known what you mean by it, and it was taken as that.",
        "Use the agreed word, so that nobody has to guess.",
    ),
    OUTDATED: (
        "A council code of another time",
        "The code is a council's, but it was not in use in this period: codes change when boundaries do.",
        "Write the code in use in the period, or the council's name, or tell us of which day your codes are.",
    ),
}
_WARNINGS = frozenset({FIXED})


@dataclass(frozen=True)
class RuleWords:
    """How a finding is told to a supplier. `columns` are the cells to mark."""

    code: str
    severity: Severity
    title: str
    message: str
    mend: str
    columns: tuple[str, ...]


@lru_cache(maxsize=64)
def rule_words(contract: Contract) -> dict[str, RuleWords]:
    """Every row rule of a contract by its code."""
    words = {
        contract.finding_code(number): RuleWords(
            contract.finding_code(number), "warn" if number in _WARNINGS else "refuse", *told, columns=()
        )
        for number, told in _GENERIC.items()
    }
    for rule in contract.rules:
        words[rule.code] = RuleWords(rule.code, rule.severity, rule.title, rule.message, rule.mend, rule.columns)
    return words
