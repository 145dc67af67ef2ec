"""Writing a supplier and its layout, only whole and loadable; or saying which layout there is already fits."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.marked_yaml import read_marked
from pact_pipeline.disk import write_text_whole
from pact_pipeline.failures import ContractBroken, PactFailure
from pact_pipeline.onboarding.observed import ObservedTable
from pact_pipeline.onboarding.resolve import Draft, Question, TableDraft
from pact_pipeline.suppliers import Layout, Supplier, load_suppliers
from pact_pipeline.suppliers.layout import plain_heading, plain_word
from pact_pipeline.suppliers.load_layout import layout_of


@dataclass(frozen=True)
class NewSupplier:
    """What is said of the supplier itself."""

    key: str
    name: str
    kind: str
    collection: str
    joined: str
    contact: str
    url: str


def known_layouts(folder: Path, collection: str, contracts: Contracts) -> list[Layout]:
    """Every layout of the folder that is for the collection's tables."""
    found: list[Layout] = []
    for path in sorted((folder / "layouts").glob("*.yaml")):
        document = read_marked(path, f"layouts/{path.name}")
        try:
            found.append(layout_of(document, path.stem, collection, contracts))
        except ContractBroken:
            # A layout of another collection has tables that this one doesn't know; its own supplier proves it.
            continue
    return found


def fitting_layout(
    draft: Draft, tables: Mapping[str, ObservedTable], layouts: Iterable[Layout]
) -> tuple[Layout, str] | None:
    """A layout there is that reads all the files as the draft does, and the override it needs (YAML, '' for none)."""
    for layout in layouts:
        if (
            layout.format == draft.format
            and set(draft.empty) <= {"", *layout.empty}
            and all(_fits(draft, table, tables[table], layout) for table in tables)
        ):
            return layout, _override(draft, layout)
    return None


def _fits(draft: Draft, table: str, one: ObservedTable, layout: Layout) -> bool:
    if table not in layout.tables:
        return False
    mapping, part = layout.tables[table], draft.tables[table]
    headings = {plain_heading(heading) for heading in one.headings}
    if set(mapping.columns) != set(part.columns) or part.zero_padded or part.constants:
        return False
    for column, heading in part.columns.items():
        if plain_heading(heading) not in {plain_heading(accepted) for accepted in mapping.accepted(column)}:
            return False
        if set(part.date_formats.get(column, draft.date_formats)) - set(layout.dates_of(mapping, column)) and (
            column in part.date_formats or _has_text_dates(draft)
        ):
            return False
    for column, words in part.codes.items():
        known = {plain_word(word): code for word, code in mapping.codes.get(column, {}).items()}
        if any(known.get(plain_word(word), word) != code for word, code in words.items()):
            return False
    return bool(headings) and not part.fixable and not part.ignored_words


def _has_text_dates(draft: Draft) -> bool:
    return draft.format == "csv" or draft.date_formats != ("%d/%m/%Y",)


def _override(draft: Draft, layout: Layout) -> str:
    parts = []
    if draft.file != layout.file:
        parts.append(f"file: {_quoted(draft.file)}")
    if draft.encoding != layout.encoding and draft.encoding != "utf-8":
        parts.append(f"encoding: {draft.encoding}")
    if draft.format == "csv" and draft.delimiter != layout.delimiter:
        parts.append(f"delimiter: {_quoted(draft.delimiter)}")
    names = [
        f"{table}: {{name: {_quoted(part.name)}}}"
        for table, part in draft.tables.items()
        if part.name.casefold() != layout.tables[table].name.casefold()
    ]
    if names:
        parts.append(f"tables: {{{', '.join(names)}}}")
    return f"{{{', '.join(parts)}}}" if parts else ""


def layout_yaml(name: str, draft: Draft, said: str) -> str:
    """The layout as a file for analysts to read; `said` is its first line."""
    lines = [f"# {said}", f"layout: {name}", f"format: {draft.format}"]
    if draft.format in ("csv", "zip"):
        lines += [f"encoding: {draft.encoding}", f"delimiter: {_quoted(draft.delimiter)}"]
    lines.append(f"date_formats: [{', '.join(map(_quoted, draft.date_formats))}]")
    lines += [f"empty: {_listed(draft.empty)}", f"file: {_quoted(draft.file)}"]
    if draft.members:
        lines.append(f"members: {_quoted(draft.members)}")
    lines.append("tables:")
    for part in draft.tables.values():
        lines += _table_lines(part)
    return "\n".join(lines) + "\n"


def _table_lines(part: TableDraft) -> list[str]:
    lines = [f"  {part.table}:", f"    name: {_quoted(part.name)}", "    columns:"]
    lines += [f"      {column}: {_quoted(heading)}" for column, heading in part.columns.items()]
    for key, words in (("codes", part.codes), ("fixable", part.fixable)):
        if words:
            lines.append(f"    {key}:")
            for column, codes in words.items():
                lines.append(f"      {column}:")
                lines += [f"        {_quoted(word)}: {_quoted(code)}" for word, code in codes.items()]
    if part.ignored_words:
        lines.append("    ignored_words:")
        lines += [f"      {column}: {_listed(words)}" for column, words in part.ignored_words.items()]
    for key, said in (("councils", part.councils), ("zero_padded", part.zero_padded)):
        if said:
            lines.append(f"    {key}:")
            lines += [f"      {column}: {value}" for column, value in said.items()]
    if part.date_formats:
        lines.append("    date_formats:")
        lines += [f"      {column}: {_listed(forms)}" for column, forms in part.date_formats.items()]
    if part.constants:
        lines.append("    constants:")
        lines += [f"      {column}: {_quoted(value)}" for column, value in part.constants.items()]
    if part.absent:
        lines.append(f"    absent: [{', '.join(part.absent)}]")
    if part.ignored:
        lines.append(f"    ignored: {_listed(part.ignored)}")
    return lines


def supplier_yaml(supplier: NewSupplier, layout: str, override: str = "") -> str:
    """The supplier's own file."""
    used = f"{{from: {supplier.joined}, layout: {layout}{f', override: {override}' if override else ''}}}"
    return "\n".join(
        [
            f"supplier: {supplier.key}",
            f"name: {_quoted(supplier.name)}",
            f"kind: {supplier.kind}",
            f"joined: {supplier.joined}",
            f"contact: {_quoted(supplier.contact)}",
            "deliveries:",
            f"  - collection: {supplier.collection}",
            f"    url: {_quoted(supplier.url)}",
            "    layouts:",
            f"      - {used}",
            "",
        ]
    )


def proven(folder: Path, files: Mapping[str, str], contracts: Contracts) -> Mapping[str, Supplier]:
    """The suppliers as they would be loaded with these files (relative name and text) added.

    Raises ContractBroken with file and line where they could not.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "suppliers"
        shutil.copytree(folder, copy)
        for name, text in files.items():
            (copy / name).parent.mkdir(exist_ok=True)
            (copy / name).write_text(text, encoding="utf-8")
        return load_suppliers(copy, contracts)


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Put the files in place, each at once and none over another, the layout before the supplier that names it."""
    written: list[Path] = []
    for name, text in sorted(files.items(), key=lambda item: "/" not in item[0]):
        target = folder / name
        if target.exists():
            raise PactFailure("SUP-009", "there is such a file already", where=name, mend="choose another name.")
        target.parent.mkdir(exist_ok=True)
        write_text_whole(target, text)
        written.append(target)
    return written


def answers_yaml(questions: Iterable[Question], answered: Mapping[str, str]) -> str:
    """The open questions as a file to fill in; what was answered stays in it."""
    lines = ["# Write the answer behind each key, between the quotation marks. What is left empty stays open."]
    for question in questions:
        lines += [f"# {question.text}", f'{_quoted(question.key)}: ""', ""]
    lines += [f"{_quoted(key)}: {_quoted(answer)}" for key, answer in answered.items()]
    return "\n".join(lines) + "\n"


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    """Text as YAML reads it back, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
