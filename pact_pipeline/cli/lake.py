"""`pact lake`: whether lake and archive hold what was written to them."""

import typer

from pact_pipeline.failures import PactFailure

app = typer.Typer(no_args_is_help=True, help="The lake and the archive: whether they hold what was written to them.")


@app.callback()
def lake() -> None:
    """The lake and the archive: whether they hold what was written to them."""


@app.command()
def prove() -> None:
    """Read every file of lake and archive, and name those that are gone or changed. Ends with 1 where there are some."""
    from pact_pipeline.arrival.archive import damaged_files
    from pact_pipeline.cli.opened import at_home, contracts_and_ledger, out
    from pact_pipeline.lake.proof import damaged, record_found
    from pact_pipeline.lake.replacement import finish_replacements
    from pact_pipeline.linkage.identity import damaged_crosswalk

    settings = at_home()
    _, ledger = contracts_and_ledger(settings)
    finish_replacements(settings, ledger)
    broken = [path for _, path in record_found(settings, ledger)]
    files = ledger.lake_files()
    broken += damaged(settings, files)
    kept = {sha256 for _, _, sha256 in ledger.first_seen()}
    broken += damaged_crosswalk(settings, ledger)
    broken += damaged_files(settings, kept, ledger.removed())
    out.print(f"{len(files):,} files of the lake and {len(kept):,} of the archive read; {len(broken):,} damaged")
    for path in broken:
        out.print(f"damaged: {path}", markup=False)
    if broken:
        raise PactFailure(
            "LAKE-010",
            "files of lake or archive are gone or not what was written there: this is damage of ours",
            mend="restore those named above from the backup; the suppliers need do nothing.",
        )
