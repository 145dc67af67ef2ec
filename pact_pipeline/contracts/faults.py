"""All faults of contracts and mappings at once: one that is found doesn't hide the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from pact_pipeline.failures import ContractBroken, ContractsBroken


class Consequence(ContractBroken):
    """What can't be proven since something it needs has a fault of its own, which is told. Told itself only if nothing is."""


class Faults:
    """Gathers faults; what follows from one of them is left out."""

    def __init__(self) -> None:
        self._found: list[ContractBroken] = []

    @property
    def found(self) -> tuple[ContractBroken, ...]:
        """Each once, in the order they were found."""
        causes = [fault for fault in self._found if not isinstance(fault, Consequence)]
        return tuple({str(fault): fault for fault in causes or self._found}.values())

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What the block raises is gathered, and what comes after the block is looked at too."""
        try:
            yield
        except ContractBroken as broken:
            self._found.extend(broken.faults)

    def add(self, fault: ContractBroken) -> None:
        self._found.append(fault)

    def raise_found(self) -> None:
        """Raise the fault, or ContractsBroken for several; nothing if there is none."""
        if len(self.found) > 1:
            raise ContractsBroken(self.found)
        if self.found:
            raise self.found[0]
