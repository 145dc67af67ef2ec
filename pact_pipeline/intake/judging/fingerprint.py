"""A fingerprint of what a submission is judged by: another one means that judging again can end otherwise.

What counts: of the contracts the columns that the supplier's layouts map, the codes and rules in force in the period, and the
shares; of the layouts how those columns are found and read; the code that reads, maps and judges. What doesn't: words (messages,
descriptions, cases, examples), where a file lies, a column that the supplier doesn't have, and what is in force in other
periods.
"""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pact_pipeline import fingerprints, periods
from pact_pipeline.contracts import Contract, Contracts, validate
from pact_pipeline.periods import Period
from pact_pipeline.reference.councils import HERE as COUNCIL_LISTS
from pact_pipeline.suppliers import Supplier
from pact_pipeline.suppliers import layout as layout_module

CONTRACTS, INTAKE = Path(validate.__file__).parent, Path(__file__).parents[1]
_WORDS = frozenset(
    {
        "path", "title", "description", "grain", "message", "mend", "source", "meaning", "fails", "passes", "example",
        "example_period", "example_tables", "example_former", "example_former_period", "former", "version",
        "due_day", "needed_by_core", "span", "absent", "unmapped", "ignored", "echo",
    }
)  # fmt: skip


def judged_by(contracts: Contracts, supplier: Supplier, collection: str, period: str) -> str:
    """SHA-256 over what the supplier's submission of a collection is judged by in a period."""
    month = Period.parse(period)
    promised = contracts.in_period(month).collection(collection)
    layouts = [delivery.layout_for(month).within(promised) for delivery in supplier.serving(collection, month)]
    has = {table: {*one.columns, *one.constants} for layout in layouts for table, one in layout.tables.items()}
    parts = [_of_contract(contract, frozenset(has.get(contract.table, ()))) for contract in promised]
    parts += [_code(), supplier.key, supplier.kind, *(fingerprints.facts(layout, _WORDS) for layout in layouts)]
    return fingerprints.digest(parts)


@lru_cache(maxsize=1024)
def _of_contract(contract: Contract, has: frozenset[str]) -> str:
    """The promise, of which the supplier has these columns. Those that it lacks are empty in every row whatever they promise,
    and a rule that looks at them says so itself.
    """
    columns = tuple(column for column in contract.columns if column.name in has)
    rules = tuple(replace(rule, tables={}) for rule in contract.rules)  # the rows beside its cases
    return fingerprints.facts(replace(contract, columns=columns, rules=rules), _WORDS)


@lru_cache(maxsize=1)
def _code() -> str:
    """What reads, maps and judges, and the lists by which words are told to councils."""
    code = fingerprints.modules(
        *(CONTRACTS / name for name in ("checks", "context.py", "row_checks.py", "validate.py")),
        *(INTAKE / name for name in ("reading", "mapping", "judging")),
        Path(layout_module.__file__),
        Path(periods.__file__),
        COUNCIL_LISTS / "councils.py",
    )
    lists = sorted(COUNCIL_LISTS.glob("council*.csv"))
    return fingerprints.digest(
        [*(fingerprints.python(one) for one in code), *(one.read_text(encoding="utf-8") for one in lists)]
    )
