"""Who sends what, by which layout since when: read from `data_contracts/suppliers/`, checked against the contracts.

A supplier (`model`) has deliveries, each at a URL (`source_url`) and by a layout (`layout`), which several may share. Both are
checked when they are loaded (`load`, `load_layout`), before any file is read. Reading files by a layout belongs to `intake`,
finding them to `arrival`; the generator writes by the same layouts.
"""

from pact_pipeline.suppliers.layout import CouncilColumn, Layout, TableMapping
from pact_pipeline.suppliers.load import load_suppliers
from pact_pipeline.suppliers.model import Delivery, Supplier

__all__ = ["CouncilColumn", "Delivery", "Layout", "Supplier", "TableMapping", "load_suppliers"]
