"""The real contracts and suppliers, and a made-up country with the faults that suppliers' files have."""

from collections.abc import Mapping

import pytest

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.suppliers import Supplier, load_suppliers


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


@pytest.fixture(scope="session")
def suppliers(contracts: Contracts) -> Mapping[str, Supplier]:
    return load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts)


@pytest.fixture
def loaded_once(contracts: Contracts, suppliers: Mapping[str, Supplier], monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find contracts and suppliers loaded: loading them anew for each takes longer than what is tested."""
    monkeypatch.setattr("pact_pipeline.contracts.load_contracts", lambda _: contracts)
    monkeypatch.setattr("pact_pipeline.suppliers.load_suppliers", lambda *_: suppliers)
