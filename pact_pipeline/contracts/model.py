"""What a contract says, as plain frozen objects.

A `Contract` is the promise for one table of one collection: its columns, codes, keys, row rules and service level. It
is made by `load.py` from an ODCS file and read by everything that needs a column list: pandera schema, lake schema,
warehouse table, supplier mappings, dictionary. No reading of files and no judging of rows belongs here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from pact_pipeline.periods import Period

ColumnType = Literal["string", "integer", "number", "date", "boolean", "timestamp"]
Severity = Literal["hold", "refuse", "warn"]
Every = Literal["month", "quarter", "financial_year", "clas_year", "build"]

COLUMN_TYPES: tuple[str, ...] = get_args(ColumnType)
SEVERITIES: tuple[str, ...] = get_args(Severity)
EVERY: tuple[str, ...] = get_args(Every)

# The findings that every table can have, made from its columns. Declared rules are numbered from 010 up.
MISSING, WRONG_TYPE, NOT_IN_CODES, REPEATED_KEY, OUT_OF_RANGE = "001", "002", "003", "004", "005"


# Rows as they differ from the contract's example row, each by column.
Case = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Span:
    """The periods that a column, code or rule is in force in: from the period `since` to the period `until`, both counted;
    None has no end. A longer period counts when all its days do.
    """

    since: Period | None = None
    until: Period | None = None

    def covers(self, period: Period) -> bool:
        return (self.since is None or self.since.first_day <= period.first_day) and (
            self.until is None or period.last_day <= self.until.last_day
        )

    def lies_within(self, other: "Span") -> bool:
        """Whether the other one is in force in every period that this one is."""
        begins = other.since is None or (self.since is not None and other.since.first_day <= self.since.first_day)
        ends = other.until is None or (self.until is not None and self.until.last_day <= other.until.last_day)
        return begins and ends

    def __str__(self) -> str:
        """`since 2013-04`, `until 2014-03`, both or nothing."""
        since, until = (f"{word} {one}" if one else "" for word, one in (("since", self.since), ("until", self.until)))
        return " ".join(filter(None, (since, until)))


ALWAYS = Span()
WITHOUT_END = Period.parse("9999-12")
"""A month that only what has no end is in force in: what is promised from now on."""


@dataclass(frozen=True)
class Code:
    """One word of a code list and what it means to the people who use it."""

    code: str
    meaning: str
    span: Span = ALWAYS


@dataclass(frozen=True)
class Column:
    """One column of a table. `identifying` columns go to the restricted lake tree only
    (definitions#columns-that-identify).

    `shorthand` marks counts that may hold a sign such as [c] or [x] in place of a number: the lake keeps the sign
    beside the count, in `<name>_shorthand`, and the count is empty. `example` is the column's cell in the table's
    example row. A layout maps a column that is `needed_by_core` or says that the supplier has none.
    """

    name: str
    type: ColumnType
    description: str
    required: bool = False
    identifying: bool = False
    codes: tuple[Code, ...] = ()
    key_position: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    max_length: int | None = None
    shorthand: bool = False
    example: str | float | None = None
    needed_by_core: bool = False
    span: Span = ALWAYS

    @cached_property
    def code_words(self) -> tuple[str, ...]:
        return tuple(code.code for code in self.codes)


@dataclass(frozen=True, eq=False)
class Rule:
    """A row rule or warning that a contract declares.

    `check` names a kind of `checks` and `arguments` what it is given; `columns` are the cells to mark for the
    supplier. `message` is a sentence for a council's data officer and `mend` says what to do about it. `hold` holds the
    submission for a person, `refuse` refuses the row, `warn` takes it and tells. `source` is the law, regulation or
    promise that the rule rests on. `fails` and `passes` are its own cases: each a list of rows, given as what differs
    from the contract's example row. A rule about what changed gives in `former` the rows of its table in the submission
    before, in the same way; without it they are those of the contract's `example_former`. `tables` are the rows of
    other tables of the submission that its cases stand beside, in place of those of the contract's `example_tables`.
    """

    code: str
    severity: Severity
    title: str
    message: str
    mend: str
    columns: tuple[str, ...]
    check: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    fails: tuple[Case, ...] = ()
    passes: tuple[Case, ...] = ()
    former: Case = ()
    tables: Mapping[str, Case] = field(default_factory=dict)
    span: Span = ALWAYS

    @cached_property
    def looks_into(self) -> tuple[str, ...]:
        """The other tables of the submission that must be judged before the rule can be run."""
        named = [self.arguments.get("table"), self.arguments.get("people"), *self.arguments.get("tables", ())]
        return tuple(dict.fromkeys(table for table in named if table))


@dataclass(frozen=True, eq=False)
class Contract:
    """The promise for one table. Two contracts are the same only if they are the same object, so they can key a cache.

    `due_day` is in days after the period's last day; a submission with a larger share of refused rows than
    `hold_share` is held for a person; a submission closes when every `needed` table of its collection and period kind
    (`every`) is there. The rules' cases are of the period `example_period`, beside the rows of `example_tables` (the
    other tables of the submission) and after those of `example_former` (the submission before, of
    `example_former_period`).
    """

    collection: str
    table: str
    version: str
    title: str
    description: str
    grain: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    prefix: str
    due_day: int | None
    hold_share: float
    needed: bool
    every: Every
    path: Path
    example_period: str = "2012-08"
    example_tables: Mapping[str, Case] = field(default_factory=dict)
    example_former: Mapping[str, Case] = field(default_factory=dict)
    example_former_period: str = "2012-07"

    @property
    def key(self) -> str:
        """`councils.milestones`: how ledger, lake and messages name the table."""
        return f"{self.collection}.{self.table}"

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """The key columns in the order of their key position."""
        keyed = [column for column in self.columns if column.key_position is not None]
        return tuple(column.name for column in sorted(keyed, key=lambda column: column.key_position or 0))

    @cached_property
    def example_row(self) -> Mapping[str, Any]:
        """A row without any finding, by column; columns that are empty in it are left out."""
        return {column.name: column.example for column in self.columns if column.example is not None}

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def open_columns(self) -> tuple[Column, ...]:
        """What may lie in the open lake tree."""
        return tuple(column for column in self.columns if not column.identifying)

    @cached_property
    def identifying_columns(self) -> tuple[Column, ...]:
        """What may lie in the restricted lake tree only."""
        return tuple(column for column in self.columns if column.identifying)

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError if the contract has none."""
        return self._by_name[name]

    def in_period(self, period: Period) -> "Contract":
        """The contract as it stands in a period: with the columns, codes and rules in force then. The same object for
        periods that have the same ones.
        """
        return _in_period(self, period) if self._is_dated else self

    def period_of_cases(self, rule: Rule) -> Period:
        """The period that a rule's cases are judged in: the contract's example period, or the first or last in which the rule
        is in force.
        """
        example, span = Period.parse(self.example_period), rule.span
        return example if span.covers(example) else _nearest(example, span)

    def finding_code(self, number: str) -> str:
        """The code of a finding every table can have: `finding_code(MISSING)` is `MI-001` for the milestones."""
        return f"{self.prefix}-{number}"

    @cached_property
    def _is_dated(self) -> bool:
        spans = [code.span for column in self.columns for code in column.codes]
        spans += [column.span for column in self.columns] + [rule.span for rule in self.rules]
        return any(span != ALWAYS for span in spans)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


def _nearest(example: Period, span: Span) -> Period:
    if span.since is not None and span.since.first_day > example.first_day:
        return span.since
    assert span.until is not None, "a period that isn't covered lies before since or after until"
    return span.until


@cache
def _in_period(contract: Contract, period: Period) -> Contract:
    def there(column: Column) -> Column:
        codes = tuple(code for code in column.codes if code.span.covers(period))
        return column if len(codes) == len(column.codes) else replace(column, codes=codes)

    columns = tuple(there(column) for column in contract.columns if column.span.covers(period))
    return _with_only(contract, columns, tuple(rule for rule in contract.rules if rule.span.covers(period)))


@cache
def _with_only(contract: Contract, columns: tuple[Column, ...], rules: tuple[Rule, ...]) -> Contract:
    """The contract cut to these columns and rules; itself where nothing is left out."""
    if columns == contract.columns and rules == contract.rules:
        return contract
    return replace(contract, columns=columns, rules=rules)


class Contracts(Mapping[str, Contract]):
    """All contracts by key (`councils.milestones`), in the order they are judged in."""

    def __init__(self, contracts: tuple[Contract, ...]) -> None:
        self._by_key = {contract.key: contract for contract in contracts}

    def __getitem__(self, key: str) -> Contract:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def in_period(self, period: Period) -> "Contracts":
        """All contracts as they stand in a period; the same object where nothing differs."""
        now = {key: contract.in_period(period) for key, contract in self._by_key.items()}
        if all(now[key] is contract for key, contract in self._by_key.items()):
            return self
        return Contracts(tuple(now.values()))

    @cached_property
    def collections(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(contract.collection for contract in self._by_key.values()))

    def collection(self, name: str) -> tuple[Contract, ...]:
        """The tables of one collection in the order they are judged in; empty if there is no such collection."""
        return tuple(contract for contract in self._by_key.values() if contract.collection == name)
