"""What a build is made of: every definition and fact that can change a figure, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pact_pipeline import fingerprints
from pact_pipeline.contracts import Contract, Contracts
from pact_pipeline.flows import build_fingerprint
from pact_pipeline.flows.build_fingerprint import LAYOUTS, differing, made_of, tokens
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.suppliers import Supplier, load_suppliers
from pact_pipeline_tests.contracts.example_rows import contracts
from pact_pipeline_tests.suppliers.test_check_contracts import NoLedger

SHIPPED = contracts()
SUPPLIERS = dict(load_suppliers(CHECKOUT / "data_contracts" / "suppliers", SHIPPED))


def differs(changed: Contracts = SHIPPED, suppliers: dict[str, Supplier] = SUPPLIERS) -> list[str]:
    """The parts that differ from a build by what is shipped."""
    return differing(made_of(SHIPPED, SUPPLIERS, NoLedger()), made_of(changed, suppliers, NoLedger()))


def with_contract(key: str, change: Callable[[Contract], Contract]) -> Contracts:
    return Contracts(tuple(change(one) if one.key == key else one for one in SHIPPED.values()))


def with_column(key: str, name: str, **values: object) -> Contracts:
    def change(contract: Contract) -> Contract:
        columns = tuple(replace(one, **values) if one.name == name else one for one in contract.columns)  # type: ignore[arg-type]
        return replace(contract, columns=columns)

    return with_contract(key, change)


def test_a_column_that_the_core_reads_counts_by_what_it_is_not_by_what_is_said_of_it() -> None:
    children = "councils.children"
    assert differs(with_column(children, "looked_after_to", type="string")) == [f"contract {children}"]
    assert differs(with_column(children, "looked_after_to", description="another", example="2012-01-01")) == []
    assert differs(with_column("councils.placements", "placement_type", shorthand=True)) == [], (
        "the core doesn't read it"
    )


def test_rules_words_versions_and_contacts_do_not_count() -> None:
    def reworded(contract: Contract) -> Contract:
        return replace(contract, title="Another", version="9.9.9", rules=contract.rules[1:], example_period="2014-01")

    assert differs(with_contract("councils.children", reworded)) == []
    moved = {**SUPPLIERS, "GLG": replace(SUPPLIERS["GLG"], contact="another", name="Another")}
    assert differs(suppliers=moved) == []


def test_when_a_table_is_due_counts_as_days_late_rest_on_it() -> None:
    later = with_contract("councils.carers", lambda contract: replace(contract, due_day=20))
    assert differs(later) == ["contract councils.carers"]


def test_what_a_layout_lacks_of_the_core_counts_and_of_the_rest_does_not() -> None:
    def lacking(**columns: tuple[str, ...]) -> dict[str, Supplier]:
        glasgow = SUPPLIERS["GLG"]
        (delivery,) = glasgow.deliveries
        ((start, layout),) = delivery.layouts
        tables = {**layout.tables, "children": replace(layout.tables["children"], **columns)}  # type: ignore[arg-type]
        return {
            **SUPPLIERS,
            "GLG": replace(
                glasgow, deliveries=(replace(delivery, layouts=((start, replace(layout, tables=tables)),)),)
            ),
        }

    assert differs(suppliers=lacking(unmapped=("scn",))) == []
    assert differs(suppliers=lacking(unmapped=("destination",))) == [LAYOUTS]


def test_a_statement_counts_without_its_comments() -> None:
    plain = "select 'a -- b' as \"c /* d */\", 1 from t where x <> 2"
    explained = "-- says why\n" + plain.replace(", 1", ", /* a one */\n    1") + "\n-- the end"
    assert tokens(explained) == tokens(plain)
    assert tokens(plain.replace("<>", "<=")) != tokens(plain)
    assert tokens(plain.replace("a -- b", "a -- c")) != tokens(plain)


def test_a_module_counts_without_comments_and_docstrings(tmp_path: Path) -> None:
    def code(text: str) -> str:
        path = tmp_path / "module.py"
        path.write_text(text, encoding="utf-8")
        fingerprints.python.cache_clear()
        return fingerprints.python(path)

    plain = code("def one(x):\n    return x + 1\n")
    assert code('"""Words."""\n# why\ndef one(x):\n    """More words."""\n    return (x + 1)  # so\n') == plain
    assert code("def one(x):\n    return x + 2\n") != plain
    assert code("def one(x):\n    return '# ' + x\n") != code("def one(x):\n    return '' + x\n")


@pytest.mark.parametrize("name", ["core/sql/journey.sql", "measures/estimates.py", "pathway.py", "lake/pseudonyms.py"])
def test_each_definition_is_a_part(name: str) -> None:
    assert name in made_of(SHIPPED, SUPPLIERS, NoLedger())
    assert (build_fingerprint.PACKAGE / name).is_file()
