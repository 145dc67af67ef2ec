"""The rule catalogue: every rule that intake can tell about, with its severity, its source and its own cases.

File rules come from `intake.file_rules`, rules that every table has from `intake.rules`, all others from the contracts.
Every rule has its code as its anchor (`rules.html#CH-010`), so that feedback can point to it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pact_pipeline.contracts.checks import KINDS
from pact_pipeline.contracts.model import (
    ALWAYS,
    MISSING,
    NOT_IN_CODES,
    OUT_OF_RANGE,
    REPEATED_KEY,
    WRONG_TYPE,
    Case,
    Contract,
    Contracts,
    Rule,
)
from pact_pipeline.desk.pages import render
from pact_pipeline.desk.words import COLLECTIONS, SEVERITIES, SUPPLIED, bounds_in_words, span_in_words
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.file_rules import FILE_RULES, FileRule
from pact_pipeline.intake.judging.rules import FIXED, MALFORMED, OUTDATED, TOTAL_ROW, RuleWords, rule_words

RULES_FILE = "rules.html"
_FOUND = {"hold": "Held", "refuse": "Refused", "warn": "Warning"}
# Where the name of a law ends and the place in it begins.
_PLACE_IN_LAW = re.compile(
    r",?\s+(?:reg|regs|regulation|regulations|s|ss|section|sections|para|paras|paragraph|paragraphs|art|article|rule"
    r"|sched|schedule|part|ch|chapter|table|annex|appendix|p|pp)\b\.?\s*[\dA-Z(].*$",
    re.IGNORECASE,
)
NO_SOURCE = "Promise of the table"
A_COUNCIL = "GLG"  # a column whose words hold it is about councils
WHOLE_ROW = ["the whole row"]
# Short names that sources use.
_LAWS = {
    "2007 Act": "Adoption and Children (Scotland) Act 2007",
    "1995 Act": "Children (Scotland) Act 1995",
    "2011 Act": "Children's Hearings (Scotland) Act 2011",
    "SSI 2009/210": "Looked After Children (Scotland) Regulations 2009 (SSI 2009/210)",
    "SSI 2009/154": "Adoption Agencies (Scotland) Regulations 2009 (SSI 2009/154)",
    "Plan": "The programme's plan",
}


@dataclass(frozen=True)
class Cell:
    """A cell of a case; `changed` where it differs from the example row."""

    text: str
    changed: bool


@dataclass(frozen=True)
class CaseRows:
    """One case: its number, whether the rule finds something, and the rows."""

    number: int
    verdict: str
    finds: bool
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Beside:
    """Rows the cases stand beside: another table of the submission, or the submission before."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RuleEntry:
    """A declared rule on the page."""

    rule: Rule
    columns: tuple[str, ...]
    cases: tuple[CaseRows, ...]
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class GeneralEntry:
    """A rule that every table has, as it stands for one table: `columns` it looks at, and a cell that it finds."""

    words: RuleWords
    columns: str
    example: str


@dataclass(frozen=True)
class TableEntry:
    contract: Contract
    declared: tuple[RuleEntry, ...]
    general: tuple[GeneralEntry, ...]


@dataclass(frozen=True)
class Listed:
    """A rule in an index."""

    code: str
    title: str


def rules_page(contracts: Contracts) -> str:
    """The page."""
    tables = catalogue(contracts)
    listed: dict[str, list[Listed]] = {severity: [] for severity in SEVERITIES}
    by_source: dict[str, list[Listed]] = {}
    file_rules = tuple(sorted(FILE_RULES.values(), key=lambda rule: rule.code))
    for severity, source, one in _all(file_rules, tables):
        listed[severity].append(one)
        by_source.setdefault(law_of(source), []).append(one)
    for table in tables:
        for general in table.general:
            listed[general.words.severity].append(Listed(general.words.code, general.words.title))
    collections: dict[str, list[TableEntry]] = {}
    for table in tables:
        collections.setdefault(COLLECTIONS.get(table.contract.collection, ""), []).append(table)
    return render(
        "rules.html.jinja",
        file_rules=file_rules,
        collections=collections,
        severities=SEVERITIES,
        by_severity=listed,
        by_source=dict(sorted(by_source.items(), key=lambda item: item[0].casefold())),
        declared=sum(len(table.declared) for table in tables),
        general=sum(len(table.general) for table in tables),
    )


def _all(file_rules: Sequence[FileRule], tables: Sequence[TableEntry]) -> list[tuple[str, str, Listed]]:
    """Severity, source and listing of every rule that has a source of its own."""
    ours = [
        ("refuse_file" if rule.severity == "refuse" else "hold", rule.source, Listed(rule.code, rule.title))
        for rule in file_rules
    ]
    declared = [entry.rule for table in tables for entry in table.declared]
    return [*ours, *((rule.severity, rule.source, Listed(rule.code, rule.title)) for rule in declared)]


def told_rule(contracts: Contracts, code: str) -> tuple[str, ...]:
    """One rule in a few lines. Raises PactFailure DESK-021 when there is no such rule."""
    wanted = code.strip().upper()
    if wanted in FILE_RULES:
        file_rule = FILE_RULES[wanted]
        what = SEVERITIES["refuse_file" if file_rule.severity == "refuse" else "hold"]
        return _lines(
            wanted, file_rule.title, "files as a whole", what, file_rule.message, file_rule.mend, file_rule.source
        )
    for contract in contracts.values():
        words = rule_words(contract).get(wanted)
        if words is not None:
            declared = next((rule for rule in contract.rules if rule.code == wanted), None)
            source, span = (declared.source, declared.span) if declared else ("", ALWAYS)
            table = ": ".join([contract.key, *([", ".join(words.columns)] if words.columns else [])])
            lines = _lines(wanted, words.title, table, SEVERITIES[words.severity], words.message, words.mend, source)
            return (*lines, f"In force: {span_in_words(span)}") if str(span) else lines
    raise PactFailure("DESK-021", f"there is no rule {wanted}", mend="`pact dictionary` writes a page of all of them.")


def told_kinds(contracts: Contracts) -> Iterator[str]:
    """Every kind of check by name: what it asks, its arguments, and the first rule that is of it, with rows that the rule finds."""
    examples: dict[str, Rule] = {}
    for contract in contracts.values():
        for rule in contract.rules:
            examples.setdefault(rule.check, rule)
    for name, kind in sorted(KINDS.items()):
        words = " ".join((kind.function.__doc__ or "").split())
        yield f"{name}{' (the table as a whole)' if kind.of_table else ''}: {words}"
        optional = [argument for argument in kind.operands if argument not in kind.required]
        needed = ", ".join(argument for argument in kind.operands if argument in kind.required) or "none"
        yield f"    arguments: {needed}{'; if wanted: ' + ', '.join(optional) if optional else ''}"
        if name in examples:
            rule = examples[name]
            yield f"    as in {rule.code}, {rule.title}: {{check: {name}{''.join(map(_argument, rule.arguments.items()))}}}"
            yield f"    which finds {' and '.join(_flow(row) if row else 'the example row' for row in rule.fails[0])}"
        yield ""


def _argument(argument: tuple[str, Any]) -> str:
    return f", {argument[0]}: {_flow(argument[1])}"


def _flow(value: Any) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "empty" if value is None else str(value)


def _lines(
    code: str, title: str, where: str, does: tuple[str, str], message: str, mend: str, source: str
) -> tuple[str, ...]:
    lines = [f"{code}  {title}  ({where})", message, f"To mend: {mend}", f"{does[0]}: {does[1]}"]
    return (*lines, f"Rests on: {source}") if source else tuple(lines)


def catalogue(contracts: Contracts) -> tuple[TableEntry, ...]:
    """Every table that is judged at intake, with its rules; what councils send first."""
    judged = [contract for contract in contracts.values() if contract.collection in SUPPLIED or contract.rules]
    order = [*SUPPLIED, *contracts.collections]
    return tuple(
        TableEntry(
            contract=contract,
            declared=tuple(_entry(rule, contract, contracts) for rule in contract.rules),
            general=tuple(_general(contract)),
        )
        for contract in sorted(judged, key=lambda one: order.index(one.collection))
    )


def law_of(source: str) -> str:
    """The law, regulation or plan a source is of, without the place in it and what it says there."""
    first = re.split(r"; |: |, ", source, maxsplit=1)[0]
    law = _PLACE_IN_LAW.sub("", f"{first} ").strip(" ,.") or NO_SOURCE
    return _LAWS.get(law, law)


def looks_back(rule: Rule) -> bool:
    """Whether the rule compares with the submission before."""
    return bool(rule.former) or bool({"former", "former_table"} & {*KINDS[rule.check].function.__code__.co_names})


def _entry(rule: Rule, contract: Contract, contracts: Contracts) -> RuleEntry:
    changed = {name for case in (*rule.fails, *rule.passes, rule.former) for row in case for name in row}
    shown = {*contract.primary_key, *rule.columns, *changed}
    columns = tuple(name for name in contract.column_names if name in shown)
    cases = [(True, case) for case in rule.fails] + [(False, case) for case in rule.passes]
    return RuleEntry(
        rule=rule,
        columns=columns,
        cases=tuple(
            CaseRows(number, _FOUND[rule.severity] if finds else "Passes", finds, _rows(contract, columns, case))
            for number, (finds, case) in enumerate(cases, start=1)
        ),
        beside=tuple(_beside(rule, contract, contracts, columns)),
    )


def _rows(contract: Contract, columns: Sequence[str], case: Case) -> tuple[tuple[Cell, ...], ...]:
    example = contract.example_row
    return tuple(
        tuple(
            Cell(shown(row.get(name, example.get(name))), name in row and row[name] != example.get(name))
            for name in columns
        )
        for row in case
    )


def _beside(rule: Rule, contract: Contract, contracts: Contracts, columns: Sequence[str]) -> list[Beside]:
    """The rows of other tables, and of the submission before, that the rule's cases are judged with."""
    beside = []
    for table in rule.looks_into:
        rows = rule.tables.get(table, contract.example_tables.get(table, ()))
        if rows:
            beside.append(_given(f"Beside rows of '{table}'", contracts[f"{contract.collection}.{table}"], rows))
    if rule.former:
        rows = tuple({name: row.get(name, contract.example_row.get(name)) for name in columns} for row in rule.former)
        beside.append(_given(f"After these rows in the delivery of {contract.example_former_period}", contract, rows))
    elif looks_back(rule):
        for table in (contract.table, *rule.looks_into):
            if table in contract.example_former:
                caption = f"After rows of '{table}' in the delivery of {contract.example_former_period}"
                other = contracts[f"{contract.collection}.{table}"]
                beside.append(_given(caption, other, contract.example_former[table]))
    return beside


def _given(caption: str, contract: Contract, rows: Sequence[Mapping[str, Any]]) -> Beside:
    columns = tuple(name for name in contract.column_names if any(name in row for row in rows))
    return Beside(caption, columns, tuple(tuple(shown(row.get(name)) for name in columns) for row in rows))


def shown(value: Any) -> str:
    """A cell's value as text; nothing for an empty one."""
    return "" if value is None else f"{value}"


def _general(contract: Contract) -> list[GeneralEntry]:
    """The rules every table has, for the columns that they can look at."""
    columns = contract.columns
    coded = [column.name for column in columns if column.codes]
    councils = [column.name for column in columns if A_COUNCIL in column.code_words]
    bounded = [column.name for column in columns if bounds_in_words(replace(column, shorthand=False))]
    numbers_and_dates = [column.name for column in columns if column.type in ("date", "integer", "number")]
    at: Mapping[str, tuple[list[str], str]] = {
        MISSING: ([column.name for column in columns if column.required], "(empty)"),
        WRONG_TYPE: (numbers_and_dates, "31/02/2013"),
        NOT_IN_CODES: (coded, "a word nobody agreed on"),
        REPEATED_KEY: (list(contract.primary_key), "two rows that are the same in these columns"),
        OUT_OF_RANGE: (bounded, "a number below the least, a text too long"),
        MALFORMED: (WHOLE_ROW, "a row of 15 cells under 14 headings"),
        TOTAL_ROW: (WHOLE_ROW, "a row that begins with 'Total'"),
        FIXED: (coded, "'Fem' where 'Female' was agreed"),
        OUTDATED: (councils, "a code of before the council's boundary changed"),
    }
    entries = []
    for code, words in rule_words(contract).items():
        number = code.rpartition("-")[2]
        if int(number) >= 10:
            continue
        names, example = at[number]
        if names:
            entries.append(GeneralEntry(words, ", ".join(names), example))
    return entries
