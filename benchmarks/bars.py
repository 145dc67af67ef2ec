"""A bar: what was measured, its limit, and whether it holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One promise about speed or size, printed as `BAR <name> <figure> <limit> holds|falls short`."""

    name: str
    figure: float
    limit: float
    at_most: bool = True

    @property
    def holds(self) -> bool:
        return self.figure <= self.limit if self.at_most else self.figure >= self.limit

    def __str__(self) -> str:
        return f"BAR {self.name} {self.figure:.2f} {self.limit:.2f} {'holds' if self.holds else 'falls short'}"
