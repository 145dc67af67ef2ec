"""`pact report`: the draft reports of a month, without Dagster."""

from typing import Annotated

import typer

from pact_pipeline.failures import PactFailure


def report(
    month: Annotated[str, typer.Option(help="As 2013-07. Default: the newest month that is over")] = "",
    council: Annotated[list[str] | None, typer.Option(help="Only these councils (keys); repeatable")] = None,
) -> None:
    """Write the draft reports of a month from the build that is served; they lie in PACT_HOME/reports/draft."""
    from pact_pipeline.cli.opened import at_home, contracts_and_ledger, month_of, out
    from pact_pipeline.clock import home_clock
    from pact_pipeline.flows.build_fingerprint import current_fingerprint
    from pact_pipeline.flows.reports import not_reported, write_drafts
    from pact_pipeline.reference import councils
    from pact_pipeline.suppliers import load_suppliers

    settings = at_home()
    contracts, ledger = contracts_and_ledger(settings)
    home = home_clock(settings)
    period = month_of(month) if month else home.last_month_over
    if period > home.last_month_over:
        raise PactFailure(
            "CLI-010",
            f"{period} is not over: the last month that is, is {home.last_month_over}",
            mend="choose that, or wait.",
        )
    keys = {key.casefold(): key for key in councils()}
    for wanted in council or ():
        if wanted.casefold() not in keys:
            raise PactFailure("CLI-005", f"there is no council {wanted}", mend=f"choose of {', '.join(keys.values())}.")
    chosen = [keys[wanted.casefold()] for wanted in council or keys]
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    in_force = current_fingerprint(contracts, suppliers, ledger)
    pages = list(write_drafts(settings, ledger.engine, in_force, period.key, chosen))
    if home.note:
        out.print(home.note, markup=False)
    out.print(
        f"{len(pages)} {'page' if len(pages) == 1 else 'pages'} of {period}: {settings.drafts / period.key}",
        markup=False,
    )
    if missing := not_reported(settings, ledger.engine, period.key):
        out.print(
            f"In none of the figures, as nothing of theirs is in force for {period}: {', '.join(missing)}", markup=False
        )
