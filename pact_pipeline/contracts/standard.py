"""Whether contract files keep to the Open Data Contract Standard itself, by the JSON schema that its package ships.

`load.py` reads a part of the standard strictly and names the line; this proves that what it allows is standard, so
that other tools can read the files too. It takes some hundredths of a second a file, so the tests and `pact
check-contracts` run it.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator

from pact_pipeline.contracts.faults import Faults
from pact_pipeline.contracts.marked_yaml import Marked, read_marked
from pact_pipeline.failures import ContractBroken


def check_standard(paths: Iterable[Path], faults: Faults) -> None:
    """Check files against the standard; what departs from it is gathered, with file and line. A file that is no YAML is left to
    `load.py`."""
    for path in paths:
        with suppress(ContractBroken):
            document = read_marked(path)
            for error in _validator().iter_errors(document.plain()):
                faults.add(
                    _at(document, error.absolute_path).broken(
                        f"not allowed by ODCS: {error.message[:200]}",
                        "see bitol-io.github.io/open-data-contract-standard",
                    )
                )


@cache
def _validator() -> Draft201909Validator:
    schema: Any = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    return Draft201909Validator(schema)


def _at(document: Marked, path: Iterable[str | int]) -> Marked:
    """The value a JSON path leads to, or the last one on the way that is there."""
    place = document
    for step in path:
        if isinstance(place.value, dict) and step in place.value:
            place = place.value[str(step)]
        elif isinstance(place.value, list) and isinstance(step, int) and step < len(place.value):
            place = place.value[step]
    return place
