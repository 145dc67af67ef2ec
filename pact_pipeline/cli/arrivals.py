"""`pact arrivals`: what lies at the suppliers' places."""

from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out


def arrivals() -> None:
    """Look at every supplier's place: how much is new, and which files can't be judged (unknown name, incomplete …)."""
    from pact_pipeline.arrival import discover, odd_files
    from pact_pipeline.clock import home_clock
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    found = discover(settings, contracts, suppliers, ledger, insist=True, tells=False)
    if note := home_clock(settings).note:
        out.print(note, markup=False)
    out.print(f"{found.files_seen:,} files seen, {len(found.submissions):,} submissions wait to be judged")
    for line in odd_files(found):
        out.print(line, markup=False)
