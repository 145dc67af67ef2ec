"""What a file of the open lake holds: the contract's open columns, pseudonyms, and where each row came from."""

from collections.abc import Mapping

import pyarrow as pa

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.arrow_schema import arrow_schema
from pact_pipeline.lake.pseudonyms import Kind

# Which reference becomes which key; every contract that has the column gets the key.
KEYS: Mapping[str, tuple[Kind, str]] = {
    "child_ref": ("child", "child_key"),
    "carer_ref": ("carer", "carer_key"),
    "case_ref": ("case", "case_key"),
}
BIRTH_MONTHS: Mapping[str, str] = {"date_of_birth": "birth_month", "child_date_of_birth": "child_birth_month"}
PROVENANCE = (
    pa.field("supplier", pa.string()),
    pa.field("period", pa.string()),
    pa.field("submission_id", pa.string()),
    pa.field("source_row", pa.int64()),
    pa.field("record_key", pa.string()),
)
REFUSED_OPEN = pa.schema(
    [
        pa.field("submission_id", pa.string()),
        pa.field("source_row", pa.int64()),
        pa.field("rules", pa.list_(pa.string())),
        pa.field("child_key", pa.string()),
    ]
)


def open_schema(contract: Contract) -> pa.Schema:
    """The columns of a taken file: council (councils only), keys, birth month, open columns, where a row came from."""
    names = set(contract.column_names)
    fields = [pa.field("council", pa.string())] if contract.collection == "councils" else []
    fields += [pa.field(key, pa.string()) for reference, (_, key) in KEYS.items() if reference in names]
    fields += [pa.field(month, pa.date32()) for born, month in BIRTH_MONTHS.items() if born in names]
    return pa.schema([*fields, *arrow_schema(contract, "open"), *PROVENANCE])
