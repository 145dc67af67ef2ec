"""`pact check-contracts`: whether contracts and mappings hold together."""

from typing import TYPE_CHECKING

import typer

from pact_pipeline.cli.opened import out
from pact_pipeline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pact_pipeline.contracts import Contracts
    from pact_pipeline.suppliers import Supplier


def check_contracts() -> None:
    """Prove every contract, rule, layout and supplier, and say what each layout lacks.

    All faults at once, each with file and line: contracts by themselves and by the Open Data Contract Standard, each rule on the
    rows that it says fail and pass it, layouts and suppliers against the contracts, and that every council is one of Scotland's.
    Ends with status 1 where there are any.
    """
    from pact_pipeline.contracts.cases import prove_cases
    from pact_pipeline.contracts.faults import Faults
    from pact_pipeline.contracts.load import contract_paths, read_contracts
    from pact_pipeline.contracts.standard import check_standard
    from pact_pipeline.failures import ContractBroken
    from pact_pipeline.reference import councils
    from pact_pipeline.suppliers.load import read_suppliers

    folder = Settings.from_environment().contracts
    faults = Faults()
    contracts = read_contracts(folder, faults)
    check_standard(contract_paths(folder).values(), faults)
    cases = prove_cases(contracts, faults)
    unsound = sorted(contract_paths(folder).keys() - contracts.keys())
    suppliers = read_suppliers(folder / "suppliers", contracts, faults, unsound)
    for supplier in suppliers.values():
        if supplier.kind == "council" and supplier.key not in councils():
            faults.add(
                ContractBroken(
                    "CON-08",
                    f"there is no council {supplier.key}, so its returns have no partition to be judged in",
                    where=f"suppliers/{supplier.key}.yaml",
                    mend=f"call it by the council's key, of {', '.join(councils())}",
                )
            )
    for fault in faults.found:
        out.print(f"\u2717 {fault}", markup=False)
    if unsound:
        out.print(f"Not looked at in the layouts until their contracts are mended: {', '.join(unsound)}", markup=False)
    _tell_lacking(contracts, suppliers)
    rules = sum(len(contract.rules) for contract in contracts.values())
    out.print(
        f"{len(contracts)} contracts with {rules} declared rules, proven on {cases} cases; {len(suppliers)} suppliers"
    )
    if faults.found:
        number = len(faults.found)
        out.print(f"{number} {'fault' if number == 1 else 'faults'} to mend")
        raise typer.Exit(1)


def _tell_lacking(contracts: "Contracts", suppliers: "Mapping[str, Supplier]") -> None:
    """What each layout in use lacks of the contracts' columns; those that the core reads are marked."""
    told: dict[tuple[str, str], list[str]] = {}
    for supplier in suppliers.values():
        for delivery in supplier.deliveries:
            for _, layout in delivery.layouts:
                needed = layout.lacks_for_core(contracts.collection(delivery.collection))
                columns = [
                    f"{table}.{column}" for table, mapping in layout.tables.items() for column in sorted(mapping.lacks)
                ]
                told[layout.name, delivery.collection] = [
                    f"{column} (the core reads it)" if column in needed else column for column in columns
                ]
    for (name, collection), columns in sorted(told.items()):
        if columns:
            out.print(f"{name} ({collection}) lacks {', '.join(columns)}", markup=False)
