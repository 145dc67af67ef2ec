"""What assets reach for: the folders, the contracts, the suppliers and the ledger, made once a process."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import dagster as dg
from sqlalchemy import Engine

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.home import open_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.orchestration.runs import hold, let_go
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier, load_suppliers
from pact_pipeline.warehouse.connect import warehouse_engine


class Pact(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The installation that `PACT_HOME` and its companions name. Holds no secret: URLs are resolved when used."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        if context.run is not None:
            hold(self.settings, context.run.run_id)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        if "engine" in self.__dict__:  # a tick every few seconds must not leave its connections to chance
            self.engine.dispose()
        if context.run is not None:
            let_go(self.settings, context.run.run_id)

    @cached_property
    def settings(self) -> Settings:
        settings = Settings.from_environment()
        open_home(settings)
        return settings

    @cached_property
    def contracts(self) -> Contracts:
        return _definitions(self.settings.contracts)[0]

    @cached_property
    def suppliers(self) -> dict[str, Supplier]:
        return dict(_definitions(self.settings.contracts)[1])

    @cached_property
    def engine(self) -> Engine:
        return warehouse_engine(self.settings)

    @cached_property
    def ledger(self) -> Ledger:
        ledger = Ledger(self.engine)
        ledger.create()
        return ledger


_Definitions = tuple[Contracts, Mapping[str, Supplier]]
_known: dict[Path, tuple[object, _Definitions]] = {}


def _definitions(folder: Path) -> _Definitions:
    """Contracts and suppliers as they lie there now. A tick every few seconds must not load them anew each time."""
    files = [(path, path.stat()) for path in sorted(folder.rglob("*.yaml"))]
    state = [(path, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino) for path, found in files]
    if folder not in _known or _known[folder][0] != state:
        contracts = load_contracts(folder)
        _known[folder] = (state, (contracts, load_suppliers(folder / "suppliers", contracts)))
    return _known[folder][1]
