"""The hand-written country, taken in by the real pipeline on a real ledger."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from pact_pipeline.arrival import Discovery, discover
from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.intake.runs import IntakeContext, take_many
from pact_pipeline.ledger import Ledger, Verdict
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.suppliers import Supplier
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.ledger.emptied import empty_ledger


@pytest.fixture(scope="session")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> Contracts:
    """The councils' contracts alone."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(CHECKOUT / "data_contracts" / "councils", folder / "councils")
    shutil.copy(CHECKOUT / "data_contracts" / "code_lists.yaml", folder)
    return load_contracts(folder)


@pytest.fixture
def ledger(warehouse_engine: Engine) -> Iterator[Ledger]:
    """An empty ledger."""
    ledger = Ledger(warehouse_engine)
    ledger.create()
    yield ledger
    empty_ledger(warehouse_engine)


@dataclass
class Office:
    """The pipeline up to the ledger, for one or more suppliers."""

    settings: Settings
    contracts: Contracts
    ledger: Ledger
    suppliers: dict[str, Supplier]

    def intake_context(self) -> IntakeContext:
        return IntakeContext.open(self.settings, self.contracts, self.suppliers)

    def discover(self) -> Discovery:
        return discover(self.settings, self.contracts, self.suppliers, self.ledger)

    def take_all(self, workers: int = 1) -> list[Verdict]:
        """Find what is new and judge it."""
        return take_many(self.intake_context(), self.ledger, self.discover().submissions, workers=workers)

    def write(self, tables: country.Tables, supplier: str = "GLG", **options: object) -> None:
        country.write(self.settings, self.suppliers[supplier], self.contracts, tables, **options)  # type: ignore[arg-type]

    def put(self, name: str, data: bytes, supplier: str = "GLG", **options: str) -> None:
        country.put(self.settings, self.suppliers[supplier], name, data, **options)


@pytest.fixture
def office(settings: Settings, contracts: Contracts, ledger: Ledger) -> Office:
    """Two councils that send the plain layout."""
    layout = country.plain_layout(contracts)
    suppliers = {key: country.council(key, layout) for key in ("GLG", "FIF")}
    return Office(settings, contracts, ledger, suppliers)


@pytest.fixture
def make_office(settings: Settings, contracts: Contracts, ledger: Ledger) -> Callable[..., Office]:
    """One council with a layout of its own: `make_office(encoding="windows-1252")`."""

    def make(**layout: str) -> Office:
        supplier = country.council("GLG", country.plain_layout(contracts, **layout))
        return Office(settings, contracts, ledger, {"GLG": supplier})

    return make
