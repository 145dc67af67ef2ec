"""A supplier and what it sends, as plain frozen objects."""

from dataclasses import dataclass

from pact_pipeline.periods import Period
from pact_pipeline.suppliers.layout import Layout

SUPPLIER_KINDS = ("council", "courts", "clas", "health", "programme")


@dataclass(frozen=True)
class Delivery:
    """What a supplier sends of one collection, where it lies, and by which layout since when (oldest first)."""

    collection: str
    url: str
    layouts: tuple[tuple[Period, Layout], ...]

    def serves(self, period: Period) -> bool:
        """Whether it has a layout in the period: it began by then."""
        return self.layouts[0][0].first_day <= period.first_day

    def layout_for(self, period: Period) -> Layout:
        """The layout in use in a period: the newest that began by then. Raises KeyError before the first."""
        for start, layout in reversed(self.layouts):
            if start.first_day <= period.first_day:
                return layout
        raise KeyError(f"no layout for {period}: the first begins with {self.layouts[0][0]}")


@dataclass(frozen=True)
class Supplier:
    """An organisation that sends data. `joined` is the first period it sends for."""

    key: str
    name: str
    kind: str
    joined: Period
    contact: str
    deliveries: tuple[Delivery, ...]

    def serving(self, collection: str, period: Period) -> tuple[Delivery, ...]:
        """The deliveries of a collection that have a layout in the period."""
        return tuple(one for one in self.delivery(collection) if one.serves(period))

    def delivery(self, collection: str) -> tuple[Delivery, ...]:
        """The deliveries of one collection (a collection may come in two parts, each with its own file names)."""
        return tuple(delivery for delivery in self.deliveries if delivery.collection == collection)
