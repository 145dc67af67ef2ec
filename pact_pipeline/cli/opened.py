"""What most commands need: the terminal, the contracts, and the ledger of an installation."""

from typing import TYPE_CHECKING

from rich.console import Console

from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import Period
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


def month_of(text: str) -> Period:
    """The month that somebody wrote. Raises PactFailure CLI-009 for what is none."""
    month = None
    try:
        month = Period.parse(text)
    except ValueError:
        pass  # told below, in one way for every word that is no month
    if month is None or month.key != f"{month.last_day:%Y-%m}":
        raise PactFailure("CLI-009", f"'{text}' is no month", mend="write it as 2013-08.")
    return month


def contracts_and_ledger(settings: Settings) -> "tuple[Contracts, Ledger]":
    """The contracts and the ledger of an installation; the warehouse is started if need be."""
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.ledger import Ledger
    from pact_pipeline.warehouse.connect import warehouse_engine

    contracts, ledger = load_contracts(settings.contracts), Ledger(warehouse_engine(settings))
    ledger.create()
    return contracts, ledger
