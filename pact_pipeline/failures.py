"""The failures people see. Each says what, where, which rule and how to mend it, and never a value from a supplier's cell."""


class PactFailure(Exception):
    """A failure with a stable code. `where` names file, sheet, line or column; `mend` says what to do."""

    def __init__(self, code: str, what: str, *, where: str = "", mend: str = "") -> None:
        self.code, self.what, self.where, self.mend = code, what, where, mend
        parts = [f"{code}: {what}"]
        if where:
            parts.append(f"Where: {where}.")
        if mend:
            parts.append(f"To mend: {mend}")
        super().__init__(" ".join(parts))


class ContractBroken(PactFailure):
    """A contract or supplier mapping that can't be used. Raised when loaded, before any file is read."""


class FileRefused(PactFailure):
    """A file rule failed: the submission is refused, the former one stays in force."""


class WarehouseUnavailable(PactFailure):
    """The warehouse can't be started, reached or written."""


class BuildRefused(PactFailure):
    """A build did not pass its expectations; the former build stays current."""
