"""What can become of a submission, and how that is said; the one place where the states and their words stand."""

from enum import StrEnum


class State(StrEnum):
    """What became of a submission. Only the two taken states put its rows in force."""

    RECEIVED = "received"
    HELD = "held"
    REFUSED = "refused"
    TAKEN_WITH_REFUSALS = "taken_with_refusals"
    TAKEN = "taken"

    @property
    def in_force(self) -> bool:
        return self in TAKEN_STATES

    @property
    def words(self) -> str:
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """What it means to whoever reads of it for the first time."""
        return _WORDS[self][1]


TAKEN_STATES = (State.TAKEN, State.TAKEN_WITH_REFUSALS)
TAKEN_STATES_SQL = ", ".join(f"'{state}'" for state in TAKEN_STATES)
"""As the list of an SQL `in`."""
_WORDS = {
    State.RECEIVED: ("received, not judged yet", "received, not judged yet"),
    State.HELD: ("held", "held for a person's decision"),
    State.REFUSED: ("refused", "refused: the return before it stands"),
    State.TAKEN_WITH_REFUSALS: ("taken, some rows refused", "taken, some rows refused"),
    State.TAKEN: ("taken", "taken in full"),
}
