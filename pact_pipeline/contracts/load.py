"""From an ODCS file to a `Contract`, strictly, before any supplier's file is read.

The files follow the Open Data Contract Standard 3.2: columns are `properties`, code lists `enum`, keys `primaryKey` and
`primaryKeyPosition`, rules `quality` entries of type custom and engine pact, the due day an `slaProperties` entry
`dueDay`, and what the standard has no word for stands in `customProperties`. Of the contract: prefix, every, holdShare,
needed, examplePeriod, exampleTables, exampleFormer, exampleFormerPeriod; of a column: shorthand, codeList, neededByCore;
of a rule: mend, source, columns, fails, passes, former, tables; of columns, codes and rules: since, until (`dated.py`). A column
that identifies carries `classification: restricted`; its
`examples` hold its cell in the table's example row.

Only the keys named here may stand in a file, a part of what the standard allows; `standard.py` checks the standard
itself.
"""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import cast

from pact_pipeline.contracts.code_lists import CodeLists, codes_of_column, load_code_lists
from pact_pipeline.contracts.dated import DATES, period_of, span_of
from pact_pipeline.contracts.faults import Consequence, Faults
from pact_pipeline.contracts.load_rules import NUMBER_ONLY, Unproven, example_rows, load_rule, rules_fit_tables
from pact_pipeline.contracts.marked_yaml import Marked, custom_properties, needed, read_marked
from pact_pipeline.contracts.model import (
    ALWAYS,
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
COLUMN_PROPERTIES = ("shorthand", "codeList", "neededByCore", *DATES)
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
    contract; ContractsBroken for several faults.
    """
    faults = Faults()
    contracts = read_contracts(folder, faults)
    faults.raise_found()
    return contracts


def read_contracts(folder: Path, faults: Faults) -> Contracts:
    """The contracts that are sound; what is wrong with the others is gathered in `faults`."""
    paths = contract_paths(folder).values()
    if not paths:
        faults.add(
            ContractBroken("CON-01", "there are no contracts", where=str(folder.name), mend="set PACT_CONTRACTS")
        )
    lists: CodeLists | None = (
        None  # where they are broken, each contract says so in the same words, which are told once
    )
    with faults.gathered():
        lists = load_code_lists(folder)
    loaded: dict[Path, tuple[Contract, Unproven]] = {}
    for path in paths:
        with faults.gathered():
            loaded[path] = load_contract(path, lists)
    sound = {contract.key: contract for contract, _ in loaded.values()}
    for path, (contract, unproven) in list(loaded.items()):
        mine = Faults()
        rules_fit_tables(sound, contract, unproven, _tables_beside(path), mine)
        for fault in mine.found:
            faults.add(fault)
            # What is not proven for want of another table leaves the columns sound, by which layouts are proven.
            if not isinstance(fault, Consequence):
                loaded.pop(path, None)
    contracts = [contract for contract, _ in loaded.values()]
    with faults.gathered():
        _prefixes_differ(contracts)
    with faults.gathered():
        return Contracts(_in_order_of_judging(contracts))
    return Contracts(())


def contract_paths(folder: Path) -> dict[str, Path]:
    """The contract files by the keys that their names say (`councils.milestones`), sound or not."""
    paths = sorted(path for path in folder.glob("*/*.odcs.yaml"))
    return {f"{path.parent.name}.{path.name.removesuffix('.odcs.yaml')}": path for path in paths}


def _tables_beside(path: Path) -> list[str]:
    """The tables of the collection, sound or not."""
    return [other.name.removesuffix(".odcs.yaml") for other in sorted(path.parent.glob("*.odcs.yaml"))]


def load_contract(path: Path, lists: CodeLists | None = None) -> tuple[Contract, Unproven]:
    """One contract by itself, and what of it is still to be proven. Raises ContractBroken, ContractsBroken for several
    faults.
    """
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
    tables = root["schema"].sequence()
    if len(tables) != 1:
        raise root["schema"].broken("a contract file holds exactly one table", "give every table a file of its own")
    keys = ("name", "physicalType", "description", "dataGranularityDescription", "properties", "quality", "tags")
    table = tables[0].mapping(keys, ("name", "description", "dataGranularityDescription", "properties"))
    custom = custom_properties(root["customProperties"], CONTRACT_PROPERTIES)
    faults = Faults()
    collection, name = path.parent.name, path.name.removesuffix(".odcs.yaml")
    for proof in (
        lambda: root["apiVersion"].choice((ODCS_VERSION,)),
        lambda: root["kind"].choice(("DataContract",)),
        lambda: root["status"].choice(STATUSES),
        lambda: _must_be(root["domain"], collection, "the folder"),
        lambda: _must_be(table["name"], name, "the file"),
        lambda: _must_be(root["id"], f"{collection}.{name}", "folder and file"),
    ):
        with faults.gathered():
            proof()
    every: Every = "month"
    with faults.gathered():
        every = cast(Every, needed(root["customProperties"], custom, "every").choice(EVERY))
    columns = _columns(table["properties"], lists, dated=every != "build", faults=faults)
    rules, unproven = _rules(table, needed(root["customProperties"], custom, "prefix").text(), columns, faults)
    examples = tuple(custom[one] for one in ("exampleTables", "exampleFormer") if one in custom)
    contract = None
    with faults.gathered():
        hold_share = custom["holdShare"].number() if "holdShare" in custom else 1.0
        if not 0 < hold_share <= 1:
            raise custom["holdShare"].broken("holdShare is a share of the rows", "write a number above 0 and up to 1")
        purpose = root["description"].mapping(("purpose", "usage", "limitations"), ("purpose",))
        contract = Contract(
            collection=collection,
            table=name,
            version=root["version"].text(),
            title=root["name"].words(),
            description=" ".join([table["description"].words(), purpose["purpose"].words()]),
            grain=table["dataGranularityDescription"].words(),
            columns=tuple(column for column in columns.values() if column is not None),
            rules=rules,
            prefix=custom["prefix"].text(),
            due_day=_due_day(root["slaProperties"]) if "slaProperties" in root else None,
            hold_share=hold_share,
            needed=custom["needed"].boolean() if "needed" in custom else False,
            every=every,
            path=path,
            example_period=_example_period(custom, "examplePeriod", "2012-08"),
            example_tables=example_rows(custom.get("exampleTables")),
            example_former=example_rows(custom.get("exampleFormer")),
            example_former_period=_example_period(custom, "exampleFormerPeriod", "2012-07"),
        )
    faults.raise_found()
    assert contract is not None, "no contract without a fault that was told"
    return contract, Unproven(unproven.rules, (*examples, *unproven.examples))


def _example_period(custom: Mapping[str, Marked], name: str, otherwise: str) -> str:
    return period_of(custom[name]).key if name in custom else otherwise


def _columns(item: Marked, lists: CodeLists, *, dated: bool, faults: Faults) -> dict[str, Column | None]:
    """The columns by name, None for one with a fault. `dated`: whether the table is a supplier's, so that periods can differ."""
    columns: dict[str, Column | None] = {}
    for marked in item.sequence():
        column, name = None, _name_of(marked)
        with faults.gathered():
            column = _column(marked, lists)
            spans = [column.span, *(code.span for code in column.codes)]
            if not dated and any(span != ALWAYS for span in spans):
                raise marked.broken(
                    f"'{name}' is dated, but this table is made anew at every build", "take the date out"
                )
        if name in columns:
            faults.add(marked.broken(f"the column '{name}' is given twice", "take one out"))
        if name:
            columns[name] = column
    if all(columns.values()):
        positions = sorted(one.key_position for one in columns.values() if one and one.key_position is not None)
        if positions != list(range(1, len(positions) + 1)) or not positions:
            faults.add(item.broken("the key positions must run 1, 2, 3 …", "number the columns of the primary key"))
    return columns


def _name_of(item: Marked) -> str:
    """What a column is called, where that can be told."""
    name = item.value.get("name") if isinstance(item.value, dict) else None
    return name.value if name and isinstance(name.value, str) else ""


def _rules(
    table: Mapping[str, Marked], prefix: str, columns: Mapping[str, Column | None], faults: Faults
) -> tuple[tuple[Rule, ...], Unproven]:
    rules: dict[str, Rule] = {}
    unproven: list[Unproven] = []
    for item in table["quality"].sequence() if "quality" in table else []:
        with faults.gathered():
            rule, of_others = load_rule(item, prefix, columns)
            if rule.code in rules:
                raise item.broken(f"the rule code {rule.code} is given twice", "number it on")
            rules[rule.code] = rule
            unproven.append(of_others)
    return tuple(rules.values()), Unproven(
        tuple(one for each in unproven for one in each.rules), tuple(one for each in unproven for one in each.examples)
    )


def _column(item: Marked, lists: CodeLists) -> Column:
    entry = item.mapping(COLUMN_KEYS, ("name", "description", "logicalType"))
    kind = cast(ColumnType, entry["logicalType"].choice(COLUMN_TYPES))
    options = entry["logicalTypeOptions"].mapping(_options(kind)) if "logicalTypeOptions" in entry else {}
    custom = custom_properties(entry["customProperties"], COLUMN_PROPERTIES) if "customProperties" in entry else {}
    position, span = None, span_of(custom)
    if "primaryKey" in entry and entry["primaryKey"].boolean():
        position = needed(item, entry, "primaryKeyPosition").integer()
        if span != ALWAYS:
            raise entry["primaryKey"].broken("a column of the key can't be dated", "take since and until out")
    elif "primaryKeyPosition" in entry:
        raise entry["primaryKeyPosition"].broken("a key position without 'primaryKey: true'", "add it")
    if "classification" in entry:
        entry["classification"].choice(("restricted", "internal"))
    codes = codes_of_column(entry, custom.get("codeList"), lists)
    if codes and not any(code.span == ALWAYS for code in codes):
        raise item.broken("every code is dated, so there can be periods without any", "leave one of them undated")
    return Column(
        name=entry["name"].text(),
        type=kind,
        description=entry["description"].words(),
        required=entry["required"].boolean() if "required" in entry else False,
        identifying="classification" in entry and entry["classification"].value == "restricted",
        codes=codes,
        key_position=position,
        minimum=options["minimum"].number() if "minimum" in options else None,
        maximum=options["maximum"].number() if "maximum" in options else None,
        pattern=options["pattern"].text() if "pattern" in options else None,
        max_length=options["maxLength"].integer() if "maxLength" in options else None,
        shorthand=custom["shorthand"].boolean() if "shorthand" in custom else False,
        example=_example(entry["examples"]) if "examples" in entry else None,
        needed_by_core=custom["neededByCore"].boolean() if "neededByCore" in custom else False,
        span=span,
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


def _prefixes_differ(contracts: Iterable[Contract]) -> None:
    seen: dict[str, str] = {}
    for contract in contracts:
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
        sorter = TopologicalSorter(
            {name: sorted(_looked_into(contract) & tables.keys()) for name, contract in tables.items()}
        )
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
