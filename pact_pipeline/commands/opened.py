"""What most commands need: the terminal, the contracts, and the ledger of an installation."""

from typing import TYPE_CHECKING

from rich.console import Console

from pact_pipeline.settings import Settings

if TYPE_CHECKING:
    from pact_pipeline.contracts import Contracts
    from pact_pipeline.ledger import Ledger

WIDTH = 110  # tables stay on one line also where the output goes to a file
out = Console(highlight=False, soft_wrap=True, width=max(WIDTH, Console().width))


def at_home() -> Settings:
    """The settings of an installation whose home is there. Raises PactFailure HOME-… where it isn't."""
    from pact_pipeline.home import open_home

    settings = Settings.from_environment()
    open_home(settings)
    return settings


def contracts_and_ledger(settings: Settings) -> "tuple[Contracts, Ledger]":
    """The contracts and the ledger of an installation; the warehouse is started if need be."""
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.ledger import Ledger
    from pact_pipeline.warehouse.connect import warehouse_engine

    contracts, ledger = load_contracts(settings.contracts), Ledger(warehouse_engine(settings))
    ledger.create()
    return contracts, ledger
