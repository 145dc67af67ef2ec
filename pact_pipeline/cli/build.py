"""`pact build`: a build without Dagster."""

from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out


def build() -> None:
    """Compute core and measures from what is in force, let them be judged and switch the warehouse to them."""
    from pact_pipeline.clock import home_clock
    from pact_pipeline.flows.build import compute, publish_build
    from pact_pipeline.flows.reports import owed
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    made = compute(settings, contracts, load_suppliers(settings.contracts / "suppliers", contracts), ledger)
    published = publish_build(settings, contracts, ledger.engine, made)
    out.print(f"build {made.build_id}: {sum(published.rows.values()):,} rows served")
    behind = owed(settings, made.build_id, home_clock(settings).last_month_over.key)
    if behind:
        months = ", ".join(one.month for one in behind)
        out.print(
            f"The drafts of {months} are older, or not there yet. Write them: pact report --month {behind[-1].month}"
        )
