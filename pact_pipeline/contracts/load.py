"""From an ODCS file to a `Contract`, strictly, before any supplier's file is read.

The files follow the Open Data Contract Standard 3.2: columns are `properties`, code lists `enum`, keys `primaryKey` and
`primaryKeyPosition`, rules `quality` entries of type custom and engine pact, the due day an `slaProperties` entry
`dueDay`, and what the standard has no word for stands in `customProperties`: prefix, every, holdShare, needed,
examplePeriod, exampleTables, exampleFormer; shorthand; mend, source, fails, passes. A column that identifies carries
`classification: restricted`; its `examples` hold its cell in the table's example row.

Only the keys named here may stand in a file, a part of what the standard allows; `standard.py` checks the standard
itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import cast

from pact_pipeline.contracts.checks import KINDS, Operand
from pact_pipeline.contracts.marked_yaml import Marked, nearest, read_marked
from pact_pipeline.contracts.model import (
    COLUMN_TYPES,
    EVERY,
    SEVERITIES,
    Case,
    Code,
    Column,
    ColumnType,
    Contract,
    Contracts,
    Every,
    Rule,
    Severity,
)
from pact_pipeline.failures import ContractBroken

ODCS_VERSION = "v3.2.0"
STATUSES = ("proposed", "draft", "active", "deprecated", "retired")
COLUMN_KEYS = (
    "name", "description", "logicalType", "logicalTypeOptions", "required", "primaryKey", "primaryKeyPosition",
    "classification", "enum", "examples", "customProperties", "authoritativeDefinitions",
)  # fmt: skip
RULE_KEYS = (
    "id",
    "name",
    "type",
    "engine",
    "severity",
    "dimension",
    "description",
    "implementation",
    "customProperties",
)
CONTRACT_PROPERTIES = ("prefix", "every", "holdShare", "needed", "examplePeriod", "exampleTables", "exampleFormer")
RULE_PROPERTIES = ("mend", "source", "columns", "fails", "passes")
DATE_ONLY, NUMBER_ONLY = ("date", "timestamp"), ("integer", "number")


def load_contracts(folder: Path) -> Contracts:
    """All contracts of `data_contracts`, in the order they are judged in: a table after those its rules look into.

    Raises ContractBroken naming file and line for anything misspelt, missing, unknown or contradictory, in any
    contract.
    """
    paths = sorted(path for path in folder.glob("*/*.odcs.yaml"))
    if not paths:
        raise ContractBroken("CON-01", "there are no contracts", where=str(folder.name), mend="set PACT_CONTRACTS")
    contracts = [load_contract(path) for path in paths]
    _rules_fit_tables({contract.key: contract for contract, _ in contracts}, contracts)
    _prefixes_differ(contracts)
    return Contracts(_in_order_of_judging([contract for contract, _ in contracts]))


@dataclass(frozen=True)
class Unproven:
    """What a contract says of other tables, which only the other contracts can prove: rule arguments and example rows."""

    arguments: tuple[Marked, ...]
    example_tables: tuple[Marked, ...]


def load_contract(path: Path) -> tuple[Contract, Unproven]:
    """One contract by itself, and what of it is still to be proven."""
    document = read_marked(path)
    required = (
        "apiVersion",
        "kind",
        "id",
        "name",
        "version",
        "status",
        "domain",
        "description",
        "schema",
        "customProperties",
    )
    root = document.mapping((*required, "slaProperties", "authoritativeDefinitions", "tags"), required)
    root["apiVersion"].choice((ODCS_VERSION,))
    root["kind"].choice(("DataContract",))
    root["status"].choice(STATUSES)
    purpose = root["description"].mapping(("purpose", "usage", "limitations"), ("purpose",))
    tables = root["schema"].sequence()
    if len(tables) != 1:
        raise root["schema"].broken("a contract file holds exactly one table", "give every table a file of its own")
    keys = ("name", "physicalType", "description", "dataGranularityDescription", "properties", "quality", "tags")
    table = tables[0].mapping(keys, ("name", "description", "dataGranularityDescription", "properties"))
    collection, name = path.parent.name, path.name.removesuffix(".odcs.yaml")
    _must_be(root["domain"], collection, "the folder")
    _must_be(table["name"], name, "the file")
    _must_be(root["id"], f"{collection}.{name}", "folder and file")
    custom = _custom(root["customProperties"], CONTRACT_PROPERTIES)
    columns = tuple(_column(item) for item in table["properties"].sequence())
    _columns_agree(table["properties"], columns)
    prefix = _need(root["customProperties"], custom, "prefix").text()
    marked_rules = table["quality"].sequence() if "quality" in table else []
    by_name = {column.name: column for column in columns}
    rules: dict[str, Rule] = {}
    arguments: dict[str, Marked] = {}
    for item in marked_rules:
        rule, implementation = _rule(item, prefix, by_name)
        if rule.code in rules:
            raise item.broken(f"the rule code {rule.code} is given twice", "number it on")
        rules[rule.code], arguments[rule.code] = rule, implementation
    hold_share = custom["holdShare"].number() if "holdShare" in custom else 1.0
    if not 0 < hold_share <= 1:
        raise custom["holdShare"].broken("holdShare is a share of the rows", "write a number above 0 and up to 1")
    contract = Contract(
        collection=collection,
        table=name,
        version=root["version"].text(),
        title=root["name"].words(),
        description=" ".join([table["description"].words(), purpose["purpose"].words()]),
        grain=table["dataGranularityDescription"].words(),
        columns=columns,
        rules=tuple(rules.values()),
        prefix=prefix,
        due_day=_due_day(root["slaProperties"]) if "slaProperties" in root else None,
        hold_share=hold_share,
        needed=custom["needed"].boolean() if "needed" in custom else False,
        every=cast(Every, _need(root["customProperties"], custom, "every").choice(EVERY)),
        path=path,
        example_period=custom["examplePeriod"].text() if "examplePeriod" in custom else "2012-08",
        example_tables=_example_tables(custom.get("exampleTables")),
        example_former=_example_tables(custom.get("exampleFormer")),
    )
    examples = tuple(custom[name] for name in ("exampleTables", "exampleFormer") if name in custom)
    return contract, Unproven(tuple(arguments.values()), examples)


def _example_tables(item: Marked | None) -> dict[str, Case]:
    tables = {} if item is None else item.mapping()
    return {table: tuple(row.plain() for row in rows.sequence()) for table, rows in tables.items()}


def _cases(item: Marked | None, columns: Mapping[str, Column]) -> tuple[Case, ...]:
    """The cases of a rule: a row by itself, or a list of rows; each names columns of the table only."""
    cases: list[Case] = []
    for marked in [] if item is None else item.sequence():
        rows = marked.sequence() if isinstance(marked.value, list) else [marked]
        for row in rows:
            for name, cell in row.mapping().items():
                _own_column(Marked(name, cell.file, cell.line), columns)
        cases.append(tuple(row.plain() for row in rows))
    return tuple(cases)


def _column(item: Marked) -> Column:
    entry = item.mapping(COLUMN_KEYS, ("name", "description", "logicalType"))
    kind = cast(ColumnType, entry["logicalType"].choice(COLUMN_TYPES))
    options = entry["logicalTypeOptions"].mapping(_options(kind)) if "logicalTypeOptions" in entry else {}
    custom = _custom(entry["customProperties"], ("shorthand",)) if "customProperties" in entry else {}
    position = None
    if "primaryKey" in entry and entry["primaryKey"].boolean():
        position = _need(item, entry, "primaryKeyPosition").integer()
    elif "primaryKeyPosition" in entry:
        raise entry["primaryKeyPosition"].broken("a key position without 'primaryKey: true'", "add it")
    if "classification" in entry:
        entry["classification"].choice(("restricted", "internal"))
    return Column(
        name=entry["name"].text(),
        type=kind,
        description=entry["description"].words(),
        required=entry["required"].boolean() if "required" in entry else False,
        identifying="classification" in entry and entry["classification"].value == "restricted",
        codes=_codes(entry["enum"]) if "enum" in entry else (),
        key_position=position,
        minimum=options["minimum"].number() if "minimum" in options else None,
        maximum=options["maximum"].number() if "maximum" in options else None,
        pattern=options["pattern"].text() if "pattern" in options else None,
        max_length=options["maxLength"].integer() if "maxLength" in options else None,
        shorthand=custom["shorthand"].boolean() if "shorthand" in custom else False,
        example=_example(entry["examples"]) if "examples" in entry else None,
    )


def _example(item: Marked) -> str | float:
    values = item.sequence()
    if len(values) != 1 or not isinstance(values[0].value, str | int | float):
        raise item.broken("one example is expected here", "write it as [2012-08-31]")
    return values[0].value


def _options(kind: str) -> tuple[str, ...]:
    if kind in NUMBER_ONLY:
        return ("minimum", "maximum")
    return ("pattern", "maxLength") if kind == "string" else ()


def _codes(item: Marked) -> tuple[Code, ...]:
    codes: dict[str, Code] = {}
    for marked in item.sequence():
        entry = marked.mapping(("value", "label", "description"), ("value", "label"))
        word = entry["value"].text()
        if word in codes:
            raise marked.broken(f"the code '{word}' is given twice", "take one out")
        codes[word] = Code(word, entry["label"].words())
    return tuple(codes.values())


def _columns_agree(item: Marked, columns: tuple[Column, ...]) -> None:
    names = [column.name for column in columns]
    for marked, name in zip(item.sequence(), names, strict=True):
        if names.count(name) > 1:
            raise marked.broken(f"the column '{name}' is given twice", "take one out")
    positions = sorted(column.key_position for column in columns if column.key_position is not None)
    if positions != list(range(1, len(positions) + 1)) or not positions:
        raise item.broken("the key positions must run 1, 2, 3 …", "number the columns of the primary key")


def _rule(item: Marked, prefix: str, columns: Mapping[str, Column]) -> tuple[Rule, Marked]:
    entry = item.mapping(RULE_KEYS, ("id", "name", "type", "engine", "severity", "description", "implementation"))
    entry["type"].choice(("custom",))
    entry["engine"].choice(("pact",))
    code = entry["id"].text()
    start, _, number = code.partition("-")
    if start != prefix or len(number) != 3 or not number.isdigit() or int(number) < 10:
        raise entry["id"].broken(f"a rule's code is {prefix}-010 or higher", "001 to 009 are made from the columns")
    implementation = entry["implementation"]
    arguments = dict(implementation.mapping(required=("check",)))
    check = KINDS[arguments.pop("check").choice(KINDS)]
    for name, value in arguments.items():
        if name not in check.operands:
            raise value.broken(
                f"the check '{check.name}' has no argument '{name}'", nearest(name, check.operands), "CON-03"
            )
    for name in sorted(check.required - arguments.keys()):
        raise implementation.broken(f"the check '{check.name}' needs the argument '{name}'", "add it")
    touched: list[str] = []
    for name, value in arguments.items():
        touched += _operand(value, check.operands[name], columns, arguments)
    custom = _custom(entry["customProperties"], RULE_PROPERTIES) if "customProperties" in entry else {}
    if "columns" in custom:
        touched = [_own_column(marked, columns).name for marked in custom["columns"].sequence()]
    return (
        Rule(
            code=code,
            severity=cast(Severity, entry["severity"].choice(SEVERITIES)),
            title=entry["name"].words(),
            message=entry["description"].words(),
            mend=_need(item, custom, "mend").words(),
            columns=tuple(dict.fromkeys(touched)),
            check=check.name,
            arguments={name: value.plain() for name, value in arguments.items()},
            source=custom["source"].words() if "source" in custom else "",
            fails=_cases(custom.get("fails"), columns),
            passes=_cases(custom.get("passes"), columns),
        ),
        implementation,
    )


def _operand(
    value: Marked, operand: Operand, columns: Mapping[str, Column], arguments: Mapping[str, Marked]
) -> list[str]:
    """The columns of the table itself that an argument names, each proven to be there and of the right type."""
    if operand in ("date", "number", "column"):
        column = _own_column(value, columns)
        wanted = {"date": DATE_ONLY, "number": NUMBER_ONLY}.get(operand)
        if wanted and column.type not in wanted:
            raise value.broken(f"'{column.name}' is a {column.type}, a {operand} is needed here")
        return [column.name]
    if operand in ("dates", "numbers"):
        one: Operand = "date" if operand == "dates" else "number"
        return [name for marked in value.sequence() for name in _operand(marked, one, columns, arguments)]
    if operand == "columns":
        return [_own_column(marked, columns).name for marked in value.sequence()]
    if operand == "when":
        return _condition(value, columns)
    if operand == "codes":
        _codes_of(value, _own_column(arguments["column"], columns))
    if operand == "uses":
        _uses(value, _own_column(arguments["column"], columns))
    if operand == "day":
        _day(value)
    if operand == "whole":
        value.integer()
    if operand == "amount":
        value.number()
    if operand == "other" and "table" not in arguments:
        return [_own_column(value, columns).name]
    return []


def _condition(value: Marked, columns: Mapping[str, Column]) -> list[str]:
    """The columns of a condition {column: [codes]}, {column: filled} or {column: empty}."""
    for name, wanted in value.mapping().items():
        column = columns.get(name) or _own_column(Marked(name, wanted.file, wanted.line), columns)
        if isinstance(wanted.value, str):
            wanted.choice(("filled", "empty"))
        else:
            _codes_of(wanted, column)
    return list(value.mapping())


def _codes_of(value: Marked, column: Column) -> None:
    for marked in value.sequence():
        if marked.text() not in column.code_words:
            raise marked.broken(
                f"'{marked.text()}' is no code of '{column.name}'", nearest(marked.text(), column.code_words)
            )


def _uses(value: Marked, column: Column) -> None:
    for code, span in value.mapping(column.code_words).items():
        for day in span.mapping(("from", "to")).values():
            _day(day)
        if not span.mapping():
            raise span.broken(f"'{code}' has neither a first nor a last day", "write from, to or both")


def _day(value: Marked) -> None:
    try:
        date.fromisoformat(value.text())
    except ValueError:
        raise value.broken("a day is expected here", "write it as 2009-09-28") from None


def _own_column(value: Marked, columns: Mapping[str, Column]) -> Column:
    if value.text() not in columns:
        raise value.broken(f"the table has no column '{value.text()}'", nearest(value.text(), columns), "CON-04")
    return columns[value.text()]


def _custom(item: Marked, allowed: Iterable[str]) -> dict[str, Marked]:
    """customProperties as {property: value}; a property nobody reads is an error."""
    found: dict[str, Marked] = {}
    for marked in item.sequence():
        entry = marked.mapping(("property", "value", "description"), ("property", "value"))
        name = entry["property"].choice(tuple(allowed))
        if name in found:
            raise marked.broken(f"the property '{name}' is given twice", "take one out")
        found[name] = entry["value"]
    return found


def _need(item: Marked, entry: Mapping[str, Marked], key: str) -> Marked:
    if key not in entry:
        raise item.broken(f"'{key}' is missing", "add it")
    return entry[key]


def _must_be(item: Marked, word: str, because: str) -> None:
    if item.text() != word:
        raise item.broken(f"this and the name of {because} differ", f"write '{word}'")


def _due_day(item: Marked) -> int | None:
    for marked in item.sequence():
        keys = ("property", "value", "unit", "description", "driver")
        entry = marked.mapping(keys, ("property", "value", "unit"))
        entry["property"].choice(("dueDay",))
        entry["unit"].choice(("d",))
        return entry["value"].integer()
    return None


def _rules_fit_tables(contracts: Mapping[str, Contract], loaded: Iterable[tuple[Contract, Unproven]]) -> None:
    """Prove what rules and examples say of other tables: the table is of the same collection and has the columns."""
    for contract, unproven in loaded:
        there = [other.table for other in contracts.values() if other.collection == contract.collection]
        for implementation in unproven.arguments:
            arguments = implementation.mapping()
            if "table" not in arguments:
                continue
            other = contracts[f"{contract.collection}.{arguments['table'].choice(there)}"]
            operands = KINDS[arguments["check"].text()].operands
            named = [value for name, value in arguments.items() if operands.get(name) == "other"]
            named += arguments["matching"].sequence() if "matching" in arguments else []
            columns = {column.name: column for column in other.columns}
            for value in named:
                _own_column(value, columns)
            if "where" in arguments:
                _condition(arguments["where"], columns)
        for tables in unproven.example_tables:
            for table, rows in tables.mapping(there).items():
                columns = {column.name: column for column in contracts[f"{contract.collection}.{table}"].columns}
                for row in rows.sequence():
                    row.mapping(columns)


def _prefixes_differ(loaded: Iterable[tuple[Contract, Unproven]]) -> None:
    seen: dict[str, str] = {}
    for contract, _ in loaded:
        if contract.prefix in seen:
            where = f"{contract.collection}/{contract.path.name}, {seen[contract.prefix]}"
            raise ContractBroken(
                "CON-02", f"the prefix {contract.prefix} is used twice", where=where, mend="choose another"
            )
        seen[contract.prefix] = f"{contract.collection}/{contract.path.name}"


def _in_order_of_judging(contracts: list[Contract]) -> tuple[Contract, ...]:
    """Collections by name; within one, a table after the tables its rules look into, else by name."""
    order: list[Contract] = []
    for collection in dict.fromkeys(contract.collection for contract in contracts):
        tables = {contract.table: contract for contract in contracts if contract.collection == collection}
        sorter = TopologicalSorter({name: sorted(_looked_into(contract)) for name, contract in tables.items()})
        try:
            sorter.prepare()
        except CycleError as error:
            circle = ", ".join(error.args[1])
            raise ContractBroken(
                "CON-02", f"tables look into each other in a circle: {circle}", where=collection
            ) from None
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            order += [tables[name] for name in ready]
            sorter.done(*ready)
    return tuple(order)


def _looked_into(contract: Contract) -> set[str]:
    return {rule.arguments["table"] for rule in contract.rules if "table" in rule.arguments} - {contract.table}
