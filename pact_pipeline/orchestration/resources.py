"""What assets reach for: the folders, the contracts, the suppliers and the ledger, made once a process."""

from functools import cached_property

import dagster as dg
from sqlalchemy import Engine

from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.contracts.suppliers import Supplier, load_suppliers
from pact_pipeline.home import open_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.orchestration.runs import hold, let_go
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import warehouse_engine


class Pact(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The installation that `PACT_HOME` and its companions name. Holds no secret: URLs are resolved when used."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        if context.run is not None:
            hold(self.settings, context.run.run_id)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        if context.run is not None:
            let_go(self.settings, context.run.run_id)

    @cached_property
    def settings(self) -> Settings:
        settings = Settings.from_environment()
        open_home(settings)
        return settings

    @cached_property
    def contracts(self) -> Contracts:
        return load_contracts(self.settings.contracts)

    @cached_property
    def suppliers(self) -> dict[str, Supplier]:
        return dict(load_suppliers(self.settings.contracts / "suppliers", self.contracts))

    @cached_property
    def engine(self) -> Engine:
        return warehouse_engine(self.settings)

    @cached_property
    def ledger(self) -> Ledger:
        ledger = Ledger(self.engine)
        ledger.create()
        return ledger
