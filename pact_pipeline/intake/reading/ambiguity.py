"""Two plausible readings of a file that differ: never guessed, but shown to a person who decides."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One way to read it: its name, as a person chooses it, and what the file then shows. `shows` may quote cells, so it
    stands in the restricted workbook only."""

    name: str
    shows: str


@dataclass(frozen=True)
class Ambiguity:
    """What can be read in two ways. `choice` names the question (`encoding`, `dates:children`); `what` and
    `where` are safe to show anywhere."""

    choice: str
    what: str
    where: str
    readings: tuple[Reading, ...]

    def __str__(self) -> str:
        names = " or ".join(f"--reading {self.choice}={reading.name}" for reading in self.readings)
        return f"{self.what} Where: {self.where}. To decide: {names}"
