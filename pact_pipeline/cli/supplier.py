"""`pact supplier`: who sends what and how it is read; taking on a new one."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pact_pipeline.failures import ContractBroken, PactFailure
from pact_pipeline.settings import Settings

if TYPE_CHECKING:
    from pact_pipeline.contracts import Contracts
    from pact_pipeline.intake.judging.outcome import Outcome
    from pact_pipeline.onboarding.resolve import Draft, Question
    from pact_pipeline.suppliers import Supplier, TableMapping

app = typer.Typer(no_args_is_help=True, help="The suppliers: who sends what, how it is read, and taking on a new one.")
COLLECTIONS = {
    "council": "councils",
    "courts": "courts",
    "clas": "clas",
    "health": "health",
    "programme": "programme",
}
STILL_OPEN = 3


@app.command(name="list")
def list_suppliers() -> None:
    """Every supplier: key, name, kind, layout in use, format and place; one line for each delivery."""
    from rich.table import Table

    from pact_pipeline.cli.opened import out
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.suppliers import load_suppliers

    settings = Settings.from_environment()
    suppliers = load_suppliers(settings.contracts / "suppliers", load_contracts(settings.contracts))
    table = Table("key", "name", "kind", "since", "layout", "format", "place", box=None)
    for supplier in suppliers.values():
        for delivery in supplier.deliveries:
            since, layout = delivery.layouts[-1]
            table.add_row(
                supplier.key, supplier.name, supplier.kind, since.key, layout.name, layout.format, delivery.url
            )
    out.print(table)


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="The supplier's key")],
    period: Annotated[str, typer.Option(help="As in use in this period (default: the newest)")] = "",
    only: Annotated[str, typer.Option("--table", help="Only this table")] = "",
) -> None:
    """The mapping of a supplier, for review: contract column, its headings, and what becomes of each word."""
    from rich.markup import escape
    from rich.table import Table

    from pact_pipeline.cli.opened import out
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.periods import Period
    from pact_pipeline.suppliers import load_suppliers

    settings = Settings.from_environment()
    contracts = load_contracts(settings.contracts)
    suppliers = load_suppliers(settings.contracts / "suppliers", contracts)
    if key not in suppliers:
        raise PactFailure("SUP-010", f"there is no supplier {key}", mend=f"choose of {', '.join(suppliers)}.")
    supplier = suppliers[key]
    out.print(f"{supplier.key}: {supplier.name}, {supplier.kind}, since {supplier.joined}", markup=False)
    for delivery in supplier.deliveries:
        try:
            layout = delivery.layout_for(Period.parse(period)) if period else delivery.layouts[-1][1]
        except (KeyError, ValueError):
            continue
        out.print(
            f"\n{delivery.collection} from {delivery.url}: {layout.file} ({layout.format}, {layout.encoding}, "
            f"days as {', '.join(layout.date_formats)}), layout {layout.name}",
            markup=False,
        )
        for mapping in layout.tables.values():
            if only and mapping.table != only:
                continue
            table = Table("column", "headings", "words", box=None, title=f"{mapping.table} ('{mapping.name}')")
            for column in contracts[f"{delivery.collection}.{mapping.table}"].column_names:
                table.add_row(column, *map(escape, _review(mapping, column)))
            if mapping.echo:
                table.add_row("(carried back)", mapping.echo, "")
            out.print(table)


def _review(mapping: "TableMapping", column: str) -> tuple[str, str]:
    """A column's headings and words, as an analyst reviews them."""
    headings = " or ".join(mapping.accepted(column))
    if column in mapping.constants:
        headings = f"(always {mapping.constants[column]})"
    elif column in mapping.absent:
        headings = "(absent)"
    elif not headings:
        headings = "(not mapped, so absent)"
    words = [f"{word} = {code}" for word, code in mapping.codes.get(column, {}).items()]
    words += [f"{word} ~ {code} (with a warning)" for word, code in mapping.fixable.get(column, {}).items()]
    words += [f"{word} = empty" for word in mapping.ignored_words.get(column, ())]
    if column in mapping.councils:
        one = mapping.councils[column]
        words.append(f"councils by key, name and code ({f'codes of {one.on}' if one.on else 'codes in use'})")
    if column in mapping.date_formats:
        words.append(f"days as {', '.join(mapping.date_formats[column])}")
    if column in mapping.zero_padded:
        words.append(f"zeros put back to {mapping.zero_padded[column]} digits")
    return headings, "; ".join(words)


@app.command()
def add(
    key: Annotated[str, typer.Argument(help="The new supplier's key, for a council its three letters")],
    files: Annotated[list[Path], typer.Argument(help="Its first files: one delivery of one period")],
    name: Annotated[str, typer.Option(help="The supplier's name")],
    joined: Annotated[str, typer.Option(help="The first period it sends for, as 2014-04")],
    url: Annotated[str, typer.Option(help="Where its files arrive, as arrivals/XXX or sftp://…")],
    kind: Annotated[str, typer.Option(help="council, courts, clas, health or programme")] = "council",
    contact: Annotated[str, typer.Option(help="Whom to write to about its files")] = "not known yet",
    layout: Annotated[str, typer.Option(help="What to call its layout (default: <key>_<format>)")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take what is sure, list what is open")] = False,
    answers: Annotated[Path | None, typer.Option(help="A file with the answers to what is open")] = None,
    template: Annotated[
        Path | None, typer.Option(help="Where to write what is open, to be answered (default: <KEY>.answers.yaml)")
    ] = None,
) -> None:
    """Take on a supplier by its first files: tell tables, columns, words and days, and write its mapping.

    Ends with status 3, and writes nothing but the open questions, where something is neither sure nor answered.
    """
    from pact_pipeline.cli.opened import out
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.onboarding.guess import Knowledge
    from pact_pipeline.onboarding.observed import look
    from pact_pipeline.onboarding.preview import preview
    from pact_pipeline.onboarding.resolve import Resolver, resolve
    from pact_pipeline.onboarding.write import (
        NewSupplier,
        answers_yaml,
        fitting_layout,
        known_layouts,
        layout_yaml,
        supplier_yaml,
        write_files,
    )
    from pact_pipeline.periods import Period
    from pact_pipeline.suppliers import load_suppliers

    settings = Settings.from_environment()
    contracts = load_contracts(settings.contracts)
    folder = settings.contracts / "suppliers"
    if kind not in COLLECTIONS:
        raise PactFailure("SUP-011", f"there is no kind '{kind}'", mend=f"choose of {', '.join(COLLECTIONS)}.")
    try:
        first = Period.parse(joined)
    except ValueError as error:
        raise PactFailure("SUP-012", str(error)) from None
    for word, called in ((key, "key"), *([(layout, "layout's name")] if layout else [])):
        # Both become names of files.
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{1,30}", word):
            raise PactFailure(
                "SUP-017",
                f"{word!r} can't be a {called}",
                mend="write letters and digits only; a council's key is three letters.",
            )
    if key in load_suppliers(folder, contracts):
        raise PactFailure("SUP-013", f"there is a supplier {key} already", mend="edit its file, or choose another key.")
    new = NewSupplier(key, name, kind, COLLECTIONS[kind], first.key, contact, url)
    layouts = known_layouts(folder, new.collection, contracts)
    knowledge = Knowledge(contracts, new.collection, layouts, first)
    seen = [one for path in files for one in look(path, knowledge.all_headings)]
    for one in seen:
        how = one.format if one.format in ("xlsx", "ods") else f"{one.format}, {one.encoding}"
        out.print(f"{one.shown}: {how}, headings on line {one.row.number}, {one.rows:,} rows", markup=False)
    given = _answers(answers) if answers else {}
    resolver = Resolver(given, ask=None if yes or not sys.stdin.isatty() else _prompt)
    draft, tables = resolve(seen, knowledge, resolver, (key, name))
    _show(draft)
    if unused := resolver.unused():
        raise PactFailure(
            "SUP-014", f"answers to no question: {', '.join(unused[:8])}", mend="see to the spelling of their keys."
        )
    if resolver.open:
        target = template or Path(f"{key}.answers.yaml")
        target.write_text(answers_yaml(resolver.open, given), encoding="utf-8")
        count = len(resolver.open)
        out.print(f"\n{'1 question is' if count == 1 else f'{count} questions are'} open:")
        for question in resolver.open:
            out.print(f"  {question}", markup=False)
        out.print(f"Answer them in {target}, and run this again with --answers {target}.", markup=False)
        raise typer.Exit(STILL_OPEN)
    fitting = None if layout else fitting_layout(draft, tables, layouts)
    if fitting is not None:
        used, override = fitting
        out.print(
            f"\nThe layout '{used.name}' reads these files{' with ' + override if override else ''}.", markup=False
        )
        texts = {f"{key}.yaml": supplier_yaml(new, used.name, override)}
    else:
        called = layout or f"{key.lower()}_{draft.format}"
        said = f"{name}, taken on by its first files."
        texts = {
            f"layouts/{called}.yaml": layout_yaml(called, draft, said),
            f"{key}.yaml": supplier_yaml(new, called),
        }
    supplier = _loaded(folder, texts, contracts, key)
    for path in write_files(folder, texts):
        out.print(f"written: {path}", markup=False)
    missing = [table for table in knowledge.contracts if table not in tables]
    _show_judged(preview(contracts, supplier, new.collection, tables), missing)


def _loaded(folder: Path, texts: Mapping[str, str], contracts: "Contracts", key: str) -> "Supplier":
    """The new supplier as it would be loaded. Raises PactFailure SUP-015 where the mapping isn't whole."""
    from pact_pipeline.onboarding.write import proven

    try:
        return proven(folder, texts, contracts)[key]
    except ContractBroken as failure:
        broken = failure
    raise PactFailure("SUP-015", f"the mapping isn't whole: {broken.what}", where=broken.where, mend=broken.mend)


def _answers(path: Path) -> Mapping[str, str]:
    from pact_pipeline.contracts.marked_yaml import read_marked

    given = read_marked(path, path.name).mapping()
    return {question: str(answer.value) for question, answer in given.items() if answer.value not in (None, "")}


def _prompt(question: "Question") -> str:
    text = f"{question.text}"
    answer: str = typer.prompt(text, default=question.proposal or None, show_default=bool(question.proposal))
    return answer.strip()


def _show(draft: "Draft") -> None:
    """What was settled, with the reasons."""
    from rich.markup import escape
    from rich.table import Table

    from pact_pipeline.cli.opened import out

    out.print(f"\nfiles: {draft.file or '?'}; days as {', '.join(draft.date_formats)}", markup=False)
    for part in draft.tables.values():
        table = Table("column", "heading", "why", "words", box=None, title=f"{part.table} ('{part.name}')")
        for column, heading in part.columns.items():
            counts = part.counts.get(column, {})
            words = [f"{word} ({counts.get(word, 0):,}) = {code}" for word, code in part.codes.get(column, {}).items()]
            words += [f"{word} ~ {code}" for word, code in part.fixable.get(column, {}).items()]
            words += [f"{word} = empty" for word in part.ignored_words.get(column, ())]
            table.add_row(column, escape(heading), part.because.get(column, ""), escape("; ".join(words)))
        for column, value in part.constants.items():
            table.add_row(column, f"(always {value})", "", "")
        for column in part.absent:
            table.add_row(column, "(absent)", "", "")
        out.print(table)
        if part.ignored:
            out.print(f"not asked for, so never read: {', '.join(part.ignored)}", markup=False)


def _show_judged(outcome: "Outcome", missing: list[str]) -> None:
    """How the first files would be judged, by table and rule; tables that are not among them are not held against
    them."""
    from collections import Counter

    from pact_pipeline.cli.opened import out

    if missing:
        out.print(f"not among these files: {', '.join(missing)}", markup=False)
    out.print(f"\nJudged as {outcome.submission.period}:")
    for table, refusal in outcome.refused:
        if table not in missing:
            out.print(f"  {table}: the file would be refused. {refusal}", markup=False)
    for judged in outcome.judged:
        out.print(
            f"  {judged.table.contract.table}: {judged.rows_read:,} rows read, {judged.rows_taken:,} taken, "
            f"{judged.rows_refused:,} refused"
        )
        rules = Counter[tuple[str, str, str, str]]()
        for found in judged.findings:
            column = judged.heading(found.columns[0]) if found.columns else ""
            rules[found.words.code, column, found.words.severity, found.words.title] += found.count
        for (code, column, severity, title), rows in rules.most_common():
            what = "refused" if severity == "refuse" else severity
            out.print(f"    {code} {column}: {rows:,} {'row' if rows == 1 else 'rows'} ({what}): {title}", markup=False)
    for ambiguity in outcome.ambiguities:
        out.print(f"  {ambiguity}", markup=False)
