"""From an ODCS file to a `Contract`, strictly, before any supplier's file is read.

The files follow the Open Data Contract Standard 3.2: columns are `properties`, code lists `enum`, keys `primaryKey` and
`primaryKeyPosition`, rules `quality` entries of type custom and engine pact, the due day an `slaProperties` entry
`dueDay`, and what the standard has no word for stands in `customProperties`. Of the contract: prefix, every, holdShare,
needed, examplePeriod, exampleTables, exampleFormer, exampleFormerPeriod; of a column: shorthand, codeList; of a rule: mend,
source, columns, fails, passes, former, tables. A column that identifies carries `classification: restricted`; its
`examples` hold its cell in the table's example row.

Only the keys named here may stand in a file, a part of what the standard allows; `standard.py` checks the standard
itself.
"""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import cast

from pact_pipeline.contracts.code_lists import CodeLists, codes_of_column, load_code_lists
from pact_pipeline.contracts.load_rules import (
    NUMBER_ONLY,
    Unproven,
    custom_properties,
    example_rows,
    load_rule,
    needed,
    rules_fit_tables,
)
from pact_pipeline.contracts.marked_yaml import Marked, read_marked
from pact_pipeline.contracts.model import (
    COLUMN_TYPES,
    EVERY,
    Column,
    ColumnType,
    Contract,
    Contracts,
    Every,
    Rule,
)
from pact_pipeline.failures import ContractBroken

ODCS_VERSION = "v3.2.0"
STATUSES = ("proposed", "draft", "active", "deprecated", "retired")
COLUMN_KEYS = (
    "name", "description", "logicalType", "logicalTypeOptions", "required", "primaryKey", "primaryKeyPosition",
    "classification", "enum", "examples", "customProperties", "authoritativeDefinitions",
)  # fmt: skip
CONTRACT_PROPERTIES = (
    "prefix",
    "every",
    "holdShare",
    "needed",
    "examplePeriod",
    "exampleTables",
    "exampleFormer",
    "exampleFormerPeriod",
)


def load_contracts(folder: Path) -> Contracts:
    """All contracts of `data_contracts`, in the order they are judged in: a table after those its rules look into.

    Raises ContractBroken naming file and line for anything misspelt, missing, unknown or contradictory, in any
    contract.
    """
    paths = sorted(path for path in folder.glob("*/*.odcs.yaml"))
    if not paths:
        raise ContractBroken("CON-01", "there are no contracts", where=str(folder.name), mend="set PACT_CONTRACTS")
    lists = load_code_lists(folder)
    contracts = [load_contract(path, lists) for path in paths]
    rules_fit_tables({contract.key: contract for contract, _ in contracts}, contracts)
    _prefixes_differ(contracts)
    return Contracts(_in_order_of_judging([contract for contract, _ in contracts]))


def load_contract(path: Path, lists: CodeLists | None = None) -> tuple[Contract, Unproven]:
    """One contract by itself, and what of it is still to be proven."""
    lists = load_code_lists(path.parents[1]) if lists is None else lists
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
    custom = custom_properties(root["customProperties"], CONTRACT_PROPERTIES)
    columns = tuple(_column(item, lists) for item in table["properties"].sequence())
    _columns_agree(table["properties"], columns)
    prefix = needed(root["customProperties"], custom, "prefix").text()
    marked_rules = table["quality"].sequence() if "quality" in table else []
    by_name = {column.name: column for column in columns}
    rules: dict[str, Rule] = {}
    unproven = [Unproven((), tuple(custom[name] for name in ("exampleTables", "exampleFormer") if name in custom))]
    for item in marked_rules:
        rule, of_others = load_rule(item, prefix, by_name)
        if rule.code in rules:
            raise item.broken(f"the rule code {rule.code} is given twice", "number it on")
        rules[rule.code] = rule
        unproven.append(of_others)
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
        every=cast(Every, needed(root["customProperties"], custom, "every").choice(EVERY)),
        path=path,
        example_period=custom["examplePeriod"].text() if "examplePeriod" in custom else "2012-08",
        example_tables=example_rows(custom.get("exampleTables")),
        example_former=example_rows(custom.get("exampleFormer")),
        example_former_period=custom["exampleFormerPeriod"].text() if "exampleFormerPeriod" in custom else "2012-07",
    )
    return contract, Unproven(
        tuple(marked for one in unproven for marked in one.arguments),
        tuple(marked for one in unproven for marked in one.examples),
    )


def _column(item: Marked, lists: CodeLists) -> Column:
    entry = item.mapping(COLUMN_KEYS, ("name", "description", "logicalType"))
    kind = cast(ColumnType, entry["logicalType"].choice(COLUMN_TYPES))
    options = entry["logicalTypeOptions"].mapping(_options(kind)) if "logicalTypeOptions" in entry else {}
    custom = (
        custom_properties(entry["customProperties"], ("shorthand", "codeList")) if "customProperties" in entry else {}
    )
    position = None
    if "primaryKey" in entry and entry["primaryKey"].boolean():
        position = needed(item, entry, "primaryKeyPosition").integer()
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
        codes=codes_of_column(entry, custom.get("codeList"), lists),
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


def _columns_agree(item: Marked, columns: tuple[Column, ...]) -> None:
    names = [column.name for column in columns]
    for marked, name in zip(item.sequence(), names, strict=True):
        if names.count(name) > 1:
            raise marked.broken(f"the column '{name}' is given twice", "take one out")
    positions = sorted(column.key_position for column in columns if column.key_position is not None)
    if positions != list(range(1, len(positions) + 1)) or not positions:
        raise item.broken("the key positions must run 1, 2, 3 …", "number the columns of the primary key")


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
    return {table for rule in contract.rules for table in rule.looks_into} - {contract.table}
