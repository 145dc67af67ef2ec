"""From `data_contracts/suppliers/<KEY>.yaml` to a `Supplier`, checked against the contracts before any file is read."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pact_pipeline.contracts.dated import period_of
from pact_pipeline.contracts.faults import Consequence, Faults
from pact_pipeline.contracts.marked_yaml import Marked, merged, read_marked
from pact_pipeline.contracts.model import Contracts
from pact_pipeline.periods import Period
from pact_pipeline.suppliers.layout import Layout
from pact_pipeline.suppliers.load_layout import layout_of
from pact_pipeline.suppliers.model import SUPPLIER_KINDS, Delivery, Supplier
from pact_pipeline.suppliers.source_url import fault_of


def load_suppliers(folder: Path, contracts: Contracts) -> Mapping[str, Supplier]:
    """All suppliers of a folder (`data_contracts/suppliers`) by key, each mapping checked against the contracts.

    Raises ContractBroken, naming file and line, for a misspelt key, an unknown contract column, one that is needed and not
    mapped, and a code word that stands for a code the contract doesn't have; ContractsBroken for several faults.
    """
    faults = Faults()
    suppliers = read_suppliers(folder, contracts, faults)
    faults.raise_found()
    return suppliers


def read_suppliers(
    folder: Path, contracts: Contracts, faults: Faults, unsound: Collection[str] = ()
) -> Mapping[str, Supplier]:
    """The suppliers that are sound; what is wrong with the others, and with layouts, is gathered in `faults`. Of contracts that are
    `unsound` (`collection.table`) nothing is checked.
    """
    layouts = _Layouts(folder, contracts, faults, unsound)
    suppliers: dict[str, Supplier] = {}
    for path in sorted(folder.glob("*.yaml")):
        with faults.gathered():
            supplier = _supplier(read_marked(path, f"suppliers/{path.name}"), path.stem, layouts)
            suppliers[supplier.key] = supplier
    layouts.prove_unused()
    return suppliers


class _Layouts:
    """The layouts by name, each read once for a collection, and its faults told once however many suppliers use it."""

    def __init__(self, folder: Path, contracts: Contracts, faults: Faults, unsound: Collection[str]) -> None:
        self.contracts, self.faults, self.unsound = contracts, faults, unsound
        self.collections = list(dict.fromkeys([*contracts.collections, *(key.partition(".")[0] for key in unsound)]))
        self.documents: dict[str, Marked | None] = {}
        self._checked: dict[tuple[str, str], Layout | None] = {}
        for path in sorted(folder.glob("layouts/*.yaml")):
            self.documents[path.stem] = None
            with faults.gathered():
                self.documents[path.stem] = read_marked(path, f"layouts/{path.name}")

    def layout(self, name: Marked, collection: str, override: Marked | None) -> Layout:
        """Raises Consequence where the layout has faults that are told."""
        called = name.choice(self.documents)
        document = self.documents[called]
        layout = None
        if override is not None and document is not None:
            override.mapping()
            layout = layout_of(merged(document, override), called, collection, self.contracts, self.unsound)
        elif document is not None:
            layout = self._proven(called, document, collection)
        if layout is None:
            raise Consequence("CON-02", f"the layout '{called}' has faults", where=f"{name.file}, line {name.line}")
        return layout

    def _proven(self, called: str, document: Marked, collection: str) -> Layout | None:
        if (called, collection) not in self._checked:
            self._checked[called, collection] = None
            with self.faults.gathered():
                layout = layout_of(document, called, collection, self.contracts, self.unsound)
                self._checked[called, collection] = layout
        return self._checked[called, collection]

    def prove_unused(self) -> None:
        """A layout that no supplier uses yet is proven too, for the collection that has most of its tables."""
        used = {called for called, _ in self._checked}
        for called, document in self.documents.items():
            if called in used or document is None:
                continue
            with self.faults.gathered():
                tables = document.mapping().get("tables")
                there = [] if tables is None else list(tables.mapping())
                there_in = {one: sum(f"{one}.{table}" in self.contracts for table in there) for one in self.collections}
                if any(there_in.values()):
                    self._proven(called, document, max(there_in, key=lambda one: there_in[one]))


def _supplier(document: Marked, stem: str, layouts: _Layouts) -> Supplier:
    keys = ("supplier", "name", "kind", "joined", "contact", "deliveries")
    entry = document.mapping(keys, required=keys)
    faults, deliveries = Faults(), []
    if entry["supplier"].value != stem:
        faults.add(
            entry["supplier"].broken(
                "the supplier's key and the file's name differ", f"call the file as the key, or write '{stem}'"
            )
        )
    with faults.gathered():
        for item in entry["deliveries"].sequence():
            with faults.gathered():
                deliveries.append(_delivery(item, layouts))
        if not entry["deliveries"].sequence():
            raise entry["deliveries"].broken("a supplier needs at least one delivery")
    supplier = None
    with faults.gathered():
        supplier = Supplier(
            key=stem,
            name=entry["name"].words(),
            kind=entry["kind"].choice(SUPPLIER_KINDS),
            joined=period_of(entry["joined"]),
            contact=entry["contact"].words(),
            deliveries=tuple(deliveries),
        )
    faults.raise_found()
    assert supplier is not None, "no supplier without a fault that was told"
    return supplier


def _delivery(item: Marked, layouts: _Layouts) -> Delivery:
    keys = ("collection", "url", "layouts")
    entry = item.mapping(keys, required=keys)
    faults = Faults()
    url = ""
    with faults.gathered():
        url = entry["url"].words()
        if (fault := fault_of(url)) is not None:
            raise entry["url"].broken(*fault)
    collection = ""
    with faults.gathered():
        collection = entry["collection"].choice(layouts.collections)
    used: list[tuple[Period, Layout]] = []
    with faults.gathered():
        for listed in entry["layouts"].sequence() if collection else []:
            with faults.gathered():
                part = listed.mapping(("from", "layout", "override"), required=("from", "layout"))
                start = period_of(part["from"])
                if used and start <= used[-1][0]:
                    raise part["from"].broken("the layouts must stand in the order of time", "put the older one first")
                used.append((start, layouts.layout(part["layout"], collection, part.get("override"))))
        if not entry["layouts"].sequence():
            raise entry["layouts"].broken("a delivery needs at least one layout")
    faults.raise_found()
    return Delivery(collection=collection, url=url, layouts=tuple(used))
