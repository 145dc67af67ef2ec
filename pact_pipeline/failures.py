"""The failures people see. Each says what, where, which rule and how to mend it, and never a value from a supplier's cell."""

from collections.abc import Sequence


class PactFailure(Exception):
    """A failure with a stable code. `where` names file, sheet, line or column; `mend` says what to do."""

    def __init__(self, code: str, what: str, *, where: str = "", mend: str = "") -> None:
        self.code, self.what, self.where, self.mend = code, what, where, mend
        parts = [f"{code}: {_sentence(what)}"]
        if where:
            parts.append(f"Where: {_sentence(where)}")
        if mend:
            parts.append(f"To mend: {mend}")  # it can end in a command to copy
        super().__init__(" ".join(parts))


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


class ContractBroken(PactFailure):
    """A contract or supplier mapping that can't be used. Raised when loaded, before any file is read."""

    @property
    def faults(self) -> "tuple[ContractBroken, ...]":
        """Each by itself, where it tells of several."""
        return (self,)


class ContractsBroken(ContractBroken):
    """Several faults, of which the message tells the first."""

    def __init__(self, faults: "Sequence[ContractBroken]") -> None:
        first, others = faults[0], len(faults) - 1
        told = f"{others} more {'is' if others == 1 else 'are'} listed by: pact check-contracts"
        super().__init__(
            first.code, first.what, where=first.where, mend=f"{first.mend}. And {told}" if first.mend else told
        )
        self._faults = tuple(faults)

    @property
    def faults(self) -> "tuple[ContractBroken, ...]":
        return self._faults


class FileRefused(PactFailure):
    """A file rule failed: the submission is refused, the former one stays in force.

    `shows` may quote the file (how a sheet or a member is called), so it stands in the restricted workbook only.
    `quotes` are the words of the file's own that `what` and `mend` quote (headings nobody agreed on): pages hide them.
    """

    def __init__(
        self, code: str, what: str, *, where: str = "", mend: str = "", shows: str = "", quotes: Sequence[str] = ()
    ) -> None:
        super().__init__(code, what, where=where, mend=mend)
        self.shows, self.quotes = shows, tuple(quotes)


class WarehouseUnavailable(PactFailure):
    """The warehouse can't be started, reached or written."""


class BuildRefused(PactFailure):
    """A build did not pass its expectations; the former build stays current."""
