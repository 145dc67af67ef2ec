"""`pact check-contracts`: whether contracts and mappings hold together."""

from pact_pipeline.cli.opened import out
from pact_pipeline.settings import Settings


def check_contracts() -> None:
    """Load every contract and supplier mapping and say what they hold; a broken one is named with file and line, and so is
    a contract that departs from the Open Data Contract Standard."""
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.contracts.standard import check_standard
    from pact_pipeline.suppliers import load_suppliers

    settings = Settings.from_environment()
    contracts = load_contracts(settings.contracts)
    check_standard(contract.path for contract in contracts.values())
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    rules = sum(len(contract.rules) for contract in contracts.values())
    out.print(f"{len(contracts)} contracts with {rules} declared rules; {len(suppliers)} suppliers")
