"""From `data_contracts/suppliers/<KEY>.yaml` to a `Supplier`, checked against the contracts before any file is read."""

from collections.abc import Mapping
from pathlib import Path

from pact_pipeline.contracts.marked_yaml import Marked, merged, read_marked
from pact_pipeline.contracts.model import Contracts
from pact_pipeline.periods import Period
from pact_pipeline.suppliers.layout import Layout
from pact_pipeline.suppliers.load_layout import layout_of
from pact_pipeline.suppliers.model import SUPPLIER_KINDS, Delivery, Supplier
from pact_pipeline.suppliers.source_url import fault_of


def load_suppliers(folder: Path, contracts: Contracts) -> Mapping[str, Supplier]:
    """All suppliers of a folder (`data_contracts/suppliers`) by key, each mapping checked against the contracts.

    Raises ContractBroken, naming file and line, for a misspelt key, an unknown or unmapped contract column, and a
    code word that stands for a code the contract doesn't have.
    """
    layouts = {path.stem: read_marked(path, f"layouts/{path.name}") for path in sorted(folder.glob("layouts/*.yaml"))}
    suppliers: dict[str, Supplier] = {}
    checked: dict[tuple[str, str], Layout] = {}
    for path in sorted(folder.glob("*.yaml")):
        supplier = _supplier(read_marked(path, f"suppliers/{path.name}"), path.stem, layouts, contracts, checked)
        suppliers[supplier.key] = supplier
    return suppliers


def _supplier(
    document: Marked,
    stem: str,
    layouts: Mapping[str, Marked],
    contracts: Contracts,
    checked: dict[tuple[str, str], Layout],
) -> Supplier:
    keys = ("supplier", "name", "kind", "joined", "contact", "deliveries")
    entry = document.mapping(keys, required=keys)
    if entry["supplier"].text() != stem:
        raise entry["supplier"].broken(
            "the supplier's key and the file's name differ", f"call the file as the key, or write '{stem}'"
        )
    deliveries = tuple(_delivery(item, layouts, contracts, checked) for item in entry["deliveries"].sequence())
    if not deliveries:
        raise entry["deliveries"].broken("a supplier needs at least one delivery")
    return Supplier(
        key=stem,
        name=entry["name"].words(),
        kind=entry["kind"].choice(SUPPLIER_KINDS),
        joined=_period_key(entry["joined"]),
        contact=entry["contact"].words(),
        deliveries=deliveries,
    )


def _delivery(
    item: Marked, layouts: Mapping[str, Marked], contracts: Contracts, checked: dict[tuple[str, str], Layout]
) -> Delivery:
    keys = ("collection", "url", "layouts")
    entry = item.mapping(keys, required=keys)
    collection = entry["collection"].choice(contracts.collections)
    used: list[tuple[Period, Layout]] = []
    for listed in entry["layouts"].sequence():
        part = listed.mapping(("from", "layout", "override"), required=("from", "layout"))
        start, name = _period_key(part["from"]), part["layout"].choice(layouts)
        if used and start <= used[-1][0]:
            raise part["from"].broken("the layouts must stand in the order of time", "put the older one first")
        if "override" in part:
            part["override"].mapping()
            layout = layout_of(merged(layouts[name], part["override"]), name, collection, contracts)
        else:
            if (name, collection) not in checked:
                checked[name, collection] = layout_of(layouts[name], name, collection, contracts)
            layout = checked[name, collection]
        used.append((start, layout))
    if not used:
        raise entry["layouts"].broken("a delivery needs at least one layout")
    url = entry["url"].words()
    if (fault := fault_of(url)) is not None:
        raise entry["url"].broken(*fault)
    return Delivery(collection=collection, url=url, layouts=tuple(used))


def _period_key(item: Marked) -> Period:
    try:
        return Period.parse(str(item.value))
    except ValueError:
        raise item.broken("this is no period", "write 2012-08, 2012-Q3, FY2011-12 or CLAS2012") from None
