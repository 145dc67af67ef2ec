"""`pact template`, `pact dictionary`, `pact rule` and `pact check`: what a council has at its own desk."""

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from pact_pipeline.disk import disk_behind
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings

if TYPE_CHECKING:
    from pact_pipeline.contracts import Contracts
    from pact_pipeline.periods import Period
    from pact_pipeline.suppliers import Supplier

app = typer.Typer()
WRONG_USE, CANNOT_CHECK = 2, 4
HELP_OF_CHECK = """Say what we would say of your files, before you send them. Nothing is sent; no network, no database.

\b
Ends with   0  it would be taken, every row
            1  it would be taken, but rows would be refused
            2  it would be held for a person's decision
            3  it would be refused
            4  it could not be checked: wrong use, no such file …
"""


class _Check(TyperCommand):
    """Wrong use ends with 4 here: the 2 that it has everywhere else means 'held'."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().make_context(*arguments, **options)
        except Exception as error:
            if getattr(error, "exit_code", 0) == WRONG_USE:
                error.exit_code = CANNOT_CHECK  # type: ignore[attr-defined]
            raise


@app.command()
def template(
    supplier: Annotated[str, typer.Argument(help="The supplier's key, such as GLG")],
    period: Annotated[str, typer.Option(help="The period it is for, such as 2013-06; without it, for any")] = "",
    layout: Annotated[str, typer.Option(help="Which of its layouts, where it has several")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The workbook to write (default <supplier>-<period>-template.xlsx)")
    ] = None,
) -> None:
    """Write a blank workbook in the supplier's own headings and words, with lists, date checks, notes and examples."""
    from pact_pipeline.cli.opened import out as terminal
    from pact_pipeline.desk.template import template_of
    from pact_pipeline.desk.template_workbook import write_template

    settings = Settings.from_environment()
    contracts, found = _contracts_and_supplier(settings, supplier)
    made = template_of(found, contracts, _period(period) if period else None, layout or None)
    path = out or Path(f"{found.key}-{made.period or 'blank'}-template.xlsx")
    write_template(made, path, settings.office_contact)
    terminal.print(f"{path}: {len(made.tables)} tables to fill in, {made.collection}", markup=False)


@app.command()
def dictionary(
    out: Annotated[Path | None, typer.Option(help="The folder to write to (default PACT_HOME/dictionary)")] = None,
) -> None:
    """Write the data dictionary and the rule catalogue of all contracts, as two pages that point to each other."""
    from pact_pipeline.cli.opened import at_home
    from pact_pipeline.cli.opened import out as terminal
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.desk.catalogue import RULES_FILE, rules_page
    from pact_pipeline.desk.dictionary import DICTIONARY_FILE, dictionary_page
    from pact_pipeline.desk.pages import write_page

    settings = Settings.from_environment() if out else at_home()
    contracts = load_contracts(settings.contracts)
    folder = out or settings.home / "dictionary"
    for name, page in ((DICTIONARY_FILE, dictionary_page(contracts)), (RULES_FILE, rules_page(contracts))):
        terminal.print(f"{write_page(folder / name, page)}", markup=False)


@app.command()
def rule(
    code: Annotated[str, typer.Argument(help="The rule's code, such as CH-010 or FILE-002")] = "",
    kinds: Annotated[bool, typer.Option("--kinds", help="Every kind of check, with an example")] = False,
) -> None:
    """Say what one rule looks for, what it does and how to mend what it finds; or which kinds of check a rule can be of."""
    from pact_pipeline.cli.opened import out as terminal
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.desk.catalogue import told_kinds, told_rule

    if bool(code) == kinds:
        raise PactFailure("DESK-022", "say which rule, or --kinds", mend="run: pact rule CH-010, or: pact rule --kinds")
    contracts = load_contracts(Settings.from_environment().contracts)
    for line in told_kinds(contracts) if kinds else told_rule(contracts, code):
        terminal.print(line, markup=False)


@app.command(cls=_Check, help=HELP_OF_CHECK)
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="The files you mean to send")] = None,
    supplier: Annotated[str, typer.Option(help="Your key, such as GLG")] = ...,  # type: ignore[assignment]
    period: Annotated[str, typer.Option(help="The period they are for, such as 2013-06")] = ...,  # type: ignore[assignment]
    table: Annotated[
        list[str] | None, typer.Option(help="children=FILE, where neither name nor headings tell the table; repeatable")
    ] = None,
    before: Annotated[
        list[Path] | None, typer.Option(help="A file of your delivery before, to compare with; repeatable")
    ] = None,
    reading: Annotated[
        list[str] | None, typer.Option(help="choice=name: the reading you mean, of two shown; repeatable")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for the feedback workbook and page")] = Path(),
) -> None:
    from rich.console import Console

    from pact_pipeline.submission_state import State

    failure: PactFailure
    try:
        state = _checked(files or [], supplier, period, table or [], before or [], reading or [], out)
        ends = {State.TAKEN: 0, State.TAKEN_WITH_REFUSALS: 1, State.HELD: 2, State.REFUSED: 3}
        raise typer.Exit(ends[state])
    except PactFailure as ours:
        failure = ours
    except (typer.Exit, KeyboardInterrupt):
        raise
    except Exception as error:
        failure = _unforeseen(error)
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"✗ {failure}", markup=False)
    raise typer.Exit(CANNOT_CHECK)


def _checked(
    files: list[Path], supplier: str, period: str, table: list[str], before: list[Path], reading: list[str], out: Path
) -> Any:
    from pact_pipeline.cli.opened import out as terminal
    from pact_pipeline.desk.check import Asked, check, content, write_check
    from pact_pipeline.desk.summary import print_summary

    settings = Settings.from_environment()
    contracts, found = _contracts_and_supplier(settings, supplier)
    named = {name: Path(path) for name, path in _pairs(table, "--table", "children=FILE").items()}
    if not files and not named:
        raise PactFailure("DESK-018", "no file was given", mend="give the files you mean to send, one after the other.")
    readings = _pairs(reading, "--reading", "choice=name")
    checked = check(contracts, Asked(found, _period(period), files, named, before, readings))
    paths = write_check(checked, out, settings.office_contact)
    said = content(checked, settings.office_contact).for_the_page()
    print_summary(terminal, contracts, checked, said, paths)
    return checked.outcome.verdict.state


def _contracts_and_supplier(settings: Settings, key: str) -> "tuple[Contracts, Supplier]":
    """The contracts and one supplier, whatever the letter case of its key."""
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.suppliers import load_suppliers

    contracts = load_contracts(settings.contracts)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    for found in suppliers.values():
        if found.key.casefold() == key.casefold():
            return contracts, found
    raise PactFailure("CLI-005", f"there is no supplier {key}", mend=f"choose of {', '.join(suppliers)}.")


def _period(key: str) -> "Period":
    from pact_pipeline.periods import Period

    problem = ""
    try:
        return Period.parse(key.strip().upper())
    except ValueError as error:
        problem = str(error)
    raise PactFailure("CLI-002", problem)


def _pairs(given: list[str], option: str, example: str) -> dict[str, str]:
    """`a=b` given once or more, as {a: b}."""
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals and value):
            raise PactFailure("DESK-019", f"{option} is written {example}", where=option)
        pairs[name.strip()] = value.strip()
    return pairs


def _unforeseen(error: Exception) -> PactFailure:
    """A fault of ours, without its message: a library's quotes cells. One of the disk is told as that."""
    if failure := disk_behind(error, "checking the files"):
        return failure
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "pact_pipeline" in frame.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "unknown"
    return PactFailure(
        "DESK-020",
        f"the files could not be checked ({type(error).__name__} at {place})",
        mend="this is a fault of the pipeline, not of your files: report it with this line.",
    )
