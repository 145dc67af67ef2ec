"""The type of a figure that may be shown: a number, or the shorthand that stands in its place.

A renderer takes `Released` and nothing else, so an unprotected frame can't be rendered by mistake: a bare number in a
table or a chart is a TypeError. Only `pact_pipeline.release.disclosure` makes one.
"""

from typing import Final

CONFIDENTIAL: Final = "[c]"
NOT_AVAILABLE: Final = "[x]"
NOT_APPLICABLE: Final = "[z]"

# The standard letters of official statistics (domain#tables-and-shorthand), in plain words for the foot of a page.
SHORTHAND: Final[dict[str, str]] = {
    CONFIDENTIAL: "Not shown, to protect the children and carers it counts: a number from 1 to 4, a figure that rests "
    "on fewer than ten, or another number from which one of those could be worked out.",
    NOT_AVAILABLE: "Not available: nothing was sent from which it could be made.",
    NOT_APPLICABLE: "Not applicable.",
}

SEAL: Final = object()


class Released:
    """One figure cleared for an audience.

    `number` is the figure or None; `shorthand` the words in its place or None (exactly one of them is there).
    `sayable` is True if it rests on enough children for a mark in a chart or for a sentence of its own.
    """

    __slots__ = ("number", "sayable", "shorthand")

    number: float | None
    shorthand: str | None
    sayable: bool

    def __init__(self, number: float | None, shorthand: str | None, sayable: bool, *, seal: object) -> None:
        if seal is not SEAL:
            raise TypeError("a released figure is made by pact_pipeline.release.disclosure alone")
        if (number is None) == (shorthand is None):
            raise ValueError("a released figure is a number or a shorthand, not both and not neither")
        self.number, self.shorthand, self.sayable = number, shorthand, sayable and number is not None

    @property
    def hidden(self) -> bool:
        return self.shorthand == CONFIDENTIAL

    def __repr__(self) -> str:
        return f"Released({self.number if self.shorthand is None else self.shorthand})"
