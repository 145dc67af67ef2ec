"""The rules of an ODCS file: each argument, condition and case proven against the columns it names.

What a rule says of other tables (`Unproven`) can only be proven once all contracts of the collection are read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pact_pipeline.contracts.checks import KINDS, Operand
from pact_pipeline.contracts.dated import DATES, must_lie_within, span_of
from pact_pipeline.contracts.faults import Consequence, Faults
from pact_pipeline.contracts.marked_yaml import Marked, custom_properties, nearest, needed
from pact_pipeline.contracts.model import Case, Column, Contract, Rule, Severity

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
RULE_PROPERTIES = ("mend", "source", "columns", "fails", "passes", "former", "tables", *DATES)
# A rule on a table as a whole has no row to refuse; one on rows holds nothing, as a row is taken or not.
SEVERITIES_OF_ROWS, SEVERITIES_OF_TABLES = ("refuse", "warn"), ("hold", "warn")
DATE_ONLY, NUMBER_ONLY = ("date", "timestamp"), ("integer", "number")


OwnColumns = Mapping[str, Column | None]
"""The columns of the rule's own table by name; None for one that has a fault of its own."""


@dataclass(frozen=True)
class Unproven:
    """What a contract says of other tables, which only the other contracts can prove: rules (the arguments as they stand) and
    example rows."""

    rules: tuple[tuple[Rule, Marked], ...] = ()
    examples: tuple[Marked, ...] = ()


def load_rule(item: Marked, prefix: str, columns: OwnColumns) -> tuple[Rule, Unproven]:
    """One rule, its own table's columns proven."""
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
    custom = custom_properties(entry["customProperties"], RULE_PROPERTIES) if "customProperties" in entry else {}
    span = span_of(custom)
    for name in touched:
        must_lie_within(item, "rule", span, f"the column '{name}'", _own_column(item, columns, name).span)
    if "columns" in custom:
        touched = [_own_column(marked, columns).name for marked in custom["columns"].sequence()]
    rule = Rule(
        code=code,
        severity=cast(
            Severity, entry["severity"].choice(SEVERITIES_OF_TABLES if check.of_table else SEVERITIES_OF_ROWS)
        ),
        title=entry["name"].words(),
        message=entry["description"].words(),
        mend=needed(item, custom, "mend").words(),
        columns=tuple(dict.fromkeys(touched)) or _key(columns),
        check=check.name,
        arguments={name: value.plain() for name, value in arguments.items()},
        source=needed(item, custom, "source").words(),
        fails=_cases(needed(item, custom, "fails"), columns),
        passes=_cases(needed(item, custom, "passes"), columns),
        former=_rows(custom["former"], columns) if "former" in custom else (),
        tables=example_rows(custom.get("tables")),
        span=span,
    )
    return rule, Unproven(((rule, implementation),), (custom["tables"],) if "tables" in custom else ())


def _key(columns: OwnColumns) -> tuple[str, ...]:
    """What a rule marks that names no column: the key."""
    keyed = [column for column in columns.values() if column is not None and column.key_position is not None]
    return tuple(column.name for column in sorted(keyed, key=lambda column: column.key_position or 0))


def _operand(value: Marked, operand: Operand, columns: OwnColumns, arguments: Mapping[str, Marked]) -> list[str]:
    """The columns of the table itself that an argument names, each proven to be there and of the right type."""
    if operand == "person" and isinstance(value.value, list):
        operand = "group"
    if operand in ("date", "number", "column", "person"):
        column = _own_column(value, columns)
        wanted = {"date": DATE_ONLY, "number": NUMBER_ONLY}.get(operand)
        if wanted and column.type not in wanted:
            raise value.broken(f"'{column.name}' is a {column.type}, a {operand} is needed here")
        return [column.name]
    if operand in ("dates", "numbers"):
        one: Operand = "date" if operand == "dates" else "number"
        return [name for marked in value.sequence() for name in _operand(marked, one, columns, arguments)]
    if operand in ("columns", "group"):
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


def _condition(value: Marked, columns: OwnColumns) -> list[str]:
    """The columns of a condition {column: [codes]}, {column: filled} or {column: empty}."""
    for name, wanted in value.mapping().items():
        column = _own_column(wanted, columns, name)
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


def _own_column(value: Marked, columns: OwnColumns, name: str | None = None) -> Column:
    """The column that a value names, or `name`."""
    name = value.text() if name is None else name
    if name not in columns:
        raise value.broken(f"the table has no column '{name}'", nearest(name, columns), "CON-04")
    column = columns[name]
    if column is None:
        raise Consequence("CON-04", f"the column '{name}' has a fault", where=f"{value.file}, line {value.line}")
    return column


def _cases(item: Marked, columns: OwnColumns) -> tuple[Case, ...]:
    """The cases of a rule: a row by itself, or a list of rows; each names columns of the table only."""
    cases = item.sequence()
    if not cases:
        raise item.broken("a rule is shown on at least one case", "give rows that fail it and rows that pass it")
    return tuple(_rows(one, columns) if isinstance(one.value, list) else (_row(one, columns),) for one in cases)


def _rows(item: Marked, columns: OwnColumns) -> Case:
    return tuple(_row(one, columns) for one in item.sequence())


def _row(item: Marked, columns: OwnColumns) -> Mapping[str, Any]:
    for name, cell in item.mapping().items():
        _own_column(cell, columns, name)
    row: Mapping[str, Any] = item.plain()
    return row


def example_rows(item: Marked | None) -> dict[str, Case]:
    tables = {} if item is None else item.mapping()
    return {table: tuple(row.plain() for row in rows.sequence()) for table, rows in tables.items()}


def rules_fit_tables(
    contracts: Mapping[str, Contract],
    contract: Contract,
    unproven: Unproven,
    there: Collection[str],
    faults: Faults,
) -> None:
    """Prove what a contract's rules and examples say of other tables: the table is of the same collection, has the columns, and
    has them whenever the rule is in force. `contracts` are the sound ones, `there` the names of the collection's tables.
    """
    for rule, implementation in unproven.rules:
        with faults.gathered():
            _rule_fits(contracts, contract, rule, implementation, there)
    for tables in unproven.examples:
        with faults.gathered():
            for table, rows in tables.mapping(there).items():
                columns = _columns_there(contracts, contract, table, tables)
                for row in rows.sequence():
                    row.mapping(columns)


def _rule_fits(
    contracts: Mapping[str, Contract], contract: Contract, rule: Rule, implementation: Marked, there: Collection[str]
) -> None:
    arguments = implementation.mapping()
    operands = KINDS[rule.check].operands
    touched: list[Column] = []
    if "table" in arguments:
        columns = _columns_there(contracts, contract, arguments["table"].choice(there), arguments["table"])
        for name, value in arguments.items():
            if operands.get(name) == "other":
                touched.append(_own_column(value, columns))
            if operands.get(name) == "where":
                touched += [_own_column(value, columns, one) for one in _condition(value, columns)]
        for value in arguments["matching"].sequence() if "matching" in arguments else []:
            touched.append(_own_column(value, columns))
    if "people" in arguments:
        people = _columns_there(contracts, contract, arguments["people"].choice(there), arguments["people"])
        touched += [_own_column(arguments["flagged"], people, one) for one in _condition(arguments["flagged"], people)]
    for marked in arguments["tables"].sequence() if "tables" in arguments else []:
        marked.choice(there)
    for column in touched:
        must_lie_within(implementation, "rule", rule.span, f"the other table's column '{column.name}'", column.span)


def _columns_there(contracts: Mapping[str, Contract], contract: Contract, table: str, at: Marked) -> dict[str, Column]:
    other = contracts.get(f"{contract.collection}.{table}")
    if other is None:
        raise Consequence("CON-04", f"the table '{table}' has a fault", where=f"{at.file}, line {at.line}")
    return {column.name: column for column in other.columns}
