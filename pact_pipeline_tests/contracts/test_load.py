"""Contracts are read strictly, and every table that is collected has one."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pact_pipeline import pathway
from pact_pipeline.cli.main import app
from pact_pipeline.contracts import load_contracts, standard
from pact_pipeline.contracts.code_lists import FILE_NAME, load_code_lists
from pact_pipeline.contracts.faults import Faults
from pact_pipeline.contracts.load import load_contract
from pact_pipeline.contracts.marked_yaml import Marked, read_marked
from pact_pipeline.contracts.standard import check_standard
from pact_pipeline.failures import ContractBroken
from pact_pipeline_tests.contracts.example_rows import CHECKOUT, contracts, supplied

DATA_CONTRACTS = CHECKOUT / "data_contracts"

# definitions#what-is-collected, and which of its columns identify.
COLLECTED = {
    "councils.children": {"child_ref", "scn", "initials", "date_of_birth"},
    "councils.milestones": {"child_ref"},
    "councils.placements": {"child_ref", "carer_ref"},
    "councils.carers": {"carer_ref"},
    "councils.matches": {"child_ref", "carer_ref"},
    "councils.support_plans": {"child_ref", "carer_ref"},
    "courts.applications": {"case_ref", "child_date_of_birth", "child_initials"},
    "courts.annual_counts": set(),
    "clas.children": {"child_ref", "scn", "date_of_birth"},
    "clas.episodes": {"child_ref"},
    "clas.placements": {"child_ref"},
    "clas.legal_reasons": {"child_ref"},
    "clas.annual_counts": set(),
    "health.child_reviews": set(),
    "programme.partners": set(),
    "programme.aims": set(),
    "programme.work_packages": set(),
    "programme.improvement_cycles": set(),
    "programme.risks_and_issues": set(),
}


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[str], Path]:
    """One contract copied to a folder of its own, to be broken there."""

    def made(key: str) -> Path:
        collection, table = key.split(".")
        path = tmp_path / collection / f"{table}.odcs.yaml"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(DATA_CONTRACTS / collection / path.name, path)
        shutil.copy(DATA_CONTRACTS / FILE_NAME, tmp_path / FILE_NAME)
        return path

    return made


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old` by `new`; the line it stands on."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def keys_of(marked: Marked, above: str = "") -> Iterator[tuple[str, str, int]]:
    """Every key of a YAML file: the keys above it, itself, and its line."""
    if isinstance(marked.value, dict):
        # The properties of a rule or column differ by their name.
        name = marked.value.get("property") or marked.value.get("check")
        above = f"{above} {name.value}" if name is not None else above
        for key, item in marked.value.items():
            yield above, key, item.line
            yield from keys_of(item, f"{above} {key}")
    if isinstance(marked.value, list):
        for item in marked.value:
            yield from keys_of(item, above)


def test_every_table_of_the_design_has_a_contract() -> None:
    assert {contract.key for contract in supplied()} == set(COLLECTED)


@pytest.mark.parametrize("key", COLLECTED)
def test_identifying_columns_are_those_the_design_marks(key: str) -> None:
    assert {column.name for column in contracts()[key].identifying_columns} == COLLECTED[key]


def test_every_supplied_table_tells_its_due_day_and_when_it_is_held() -> None:
    assert all(contract.due_day and 0 < contract.hold_share < 1 for contract in supplied())
    due = {contract.collection: contract.due_day for contract in supplied() if contract.needed}
    assert due == {"councils": 15, "courts": 30, "clas": 122, "programme": 5}


def test_every_council_table_has_at_least_five_rules() -> None:
    assert all(len(contract.rules) >= 5 for contract in contracts().collection("councils"))


def test_messages_are_sentences_for_a_person() -> None:
    for contract in supplied():
        for rule in contract.rules:
            assert rule.message.endswith("."), rule.code
            assert rule.mend.endswith("."), rule.code
            assert not rule.title.endswith("."), rule.code
            assert rule.columns, rule.code


def test_no_contract_has_a_name_address_or_chi_number_of_a_person() -> None:
    forbidden = re.compile(r"(^|_)(forename|surname|name|address|postcode|chi|nhs)($|_)")
    found = [(c.key, n) for c in contracts().values() for n in c.column_names if forbidden.search(n)]
    allowed = {"name", "source_address"}  # a partner organisation's name, a publication's address
    assert not [item for item in found if item[1] not in allowed], found


def test_a_table_is_judged_after_the_tables_its_rules_look_into() -> None:
    for contract in contracts().values():
        order = [other.table for other in contracts().collection(contract.collection)]
        for rule in contract.rules:
            if "table" in rule.arguments:
                assert order.index(rule.arguments["table"]) < order.index(contract.table), rule.code


def test_the_same_code_means_the_same_in_every_table_of_a_column_name() -> None:
    meanings: dict[tuple[str, str], str] = {}
    for contract in supplied():
        for column in contract.columns:
            if column.name in ("placement_type", "destination", "sex", "ethnic_group", "council", "application_type"):
                for code in column.codes:
                    known = meanings.setdefault((column.name, code.code), code.meaning)
                    assert known == code.meaning, (contract.key, code)


def test_the_courts_and_councils_of_2012_are_all_there() -> None:
    assert len(contracts()["courts.applications"].column("court").codes) == 49
    assert len(contracts()["clas.children"].column("council").codes) == 32


def test_all_contracts_keep_to_the_open_data_contract_standard() -> None:
    faults = Faults()
    check_standard((contract.path for contract in contracts().values()), faults)
    assert faults.found == ()


def test_a_file_that_departs_from_the_standard_is_told_with_its_line(copy: Callable[[str], Path]) -> None:
    path = copy("councils.carers")
    line = change(path, "dimension" if "dimension" in path.read_text() else "severity: refuse", "severity: 3")
    faults = Faults()
    check_standard([path], faults)
    assert f"carers.odcs.yaml, line {line}" in str(faults.found[0])


@pytest.mark.parametrize("key", ["councils.support_plans", "clas.legal_reasons"])
def test_a_misspelt_key_breaks_the_contract_wherever_it_stands(copy: Callable[[str], Path], key: str) -> None:
    path = copy(key)
    lists = load_code_lists(DATA_CONTRACTS)

    def load_with_the_others(path: Path) -> None:
        """What a contract says of other tables is only proven beside them."""
        load_contract(path, lists)
        for contract in contracts().collection(key.split(".")[0]):
            if contract.key != key:
                copy(contract.key)
        load_contracts(path.parents[1])

    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    tried = 0
    places = {(above, word): line for above, word, line in keys_of(read_marked(path))}
    for (_, word), line in places.items():
        broken = [*lines]
        broken[line - 1] = re.sub(rf"\b{word}:", f"{word}z:", broken[line - 1], count=1)
        assert broken != lines, (word, line)
        path.write_text("\n".join(broken), encoding="utf-8")
        with pytest.raises(ContractBroken) as failure:
            load_with_the_others(path)
        assert path.name in failure.value.where
        assert re.search(r"line \d+", failure.value.where), (word, line, str(failure.value))
        tried += 1
    assert tried > 70


def test_the_nearest_right_key_is_named_with_file_and_line(copy: Callable[[str], Path]) -> None:
    path = copy("councils.children")
    line = change(path, "logicalType: date", "logicaltype: date")
    with pytest.raises(ContractBroken) as failure:
        load_contract(path)
    assert failure.value.where == f"councils/children.odcs.yaml, line {line}"
    assert failure.value.what == "unknown key 'logicaltype'"
    assert failure.value.mend == "write 'logicalType'"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("logicalType: date", "logicalType: dat", "'dat' isn't allowed here"),
        ("severity: warn", "severity: warning", "'warning' isn't allowed here"),
        ("check: no_overlap", "check: no_overlaps", "'no_overlaps' isn't allowed here"),
        ("later: looked_after_from", "later: looked_after_form", "no column 'looked_after_form'"),
        ("later: looked_after_from", "later: child_ref", "'child_ref' is a string, a date is needed here"),
        ("later: looked_after_from", "latter: looked_after_from", "no argument 'latter'"),
        ("          later: looked_after_from\n", "", "needs the argument 'later'"),
        ("{destination: [adoption]}", "{destination: [adopted]}", "'adopted' is no code of 'destination'"),
        ("{looked_after_to: empty}", "{looked_after_to: vacant}", "'vacant' isn't allowed here"),
        ("maximum: 17", "maximum: seventeen", "a whole number is expected here"),
        ("id: CH-011", "id: CH-010", "CH-010 is given twice"),
        ("id: CH-011", "id: CH-001", "a rule's code is CH-010 or higher"),
        ("id: councils.children", "id: councils.child", "the name of folder and file differ"),
        ("primaryKeyPosition: 2", "primaryKeyPosition: 3", "key positions must run 1, 2, 3"),
        ("value: permanence_order, label", "value: adoption, label", "the code 'adoption' is given twice"),
        ("needed, value: true", "needed, value: yes", "true or false is expected here"),
        ("property: mend", "property: mends", "'mends' isn't allowed here"),
        ("required: true", "required: true\n        required: true", "the key 'required' is given twice"),
        ("holdShare, value: 0.25", "holdShare, value: 25", "holdShare is a share of the rows"),
        ("apiVersion: v3.2.0", "apiVersion: v2.2.0", "'v2.2.0' isn't allowed here"),
        ("status: active", "status: [active", "this isn't YAML"),
        ("property: source", "property: dimension", "'dimension' isn't allowed here"),
        (
            "property: fails\n            value: [{date_of_birth: 2011-05-11}]",
            "property: fails\n            value: []",
            "at least one case",
        ),
        ("severity: refuse", "severity: hold", "'hold' isn't allowed here"),
        ("severity: hold", "severity: refuse", "'refuse' isn't allowed here"),
        ("ignoring: [not_known]", "ignoring: [unknown]", "'unknown' is no code of 'sex'"),
        ("share: 0.1", "share: tenth", "a number is expected here"),
    ],
)
def test_a_broken_contract_says_what_and_where(copy: Callable[[str], Path], old: str, new: str, what: str) -> None:
    path = copy("councils.children")
    change(path, old, new)
    with pytest.raises(ContractBroken, match=re.escape(what)) as failure:
        load_contract(path)
    assert re.fullmatch(r"councils/children.odcs.yaml, line \d+", failure.value.where)


def test_a_rule_naming_a_table_of_another_collection_breaks(copy: Callable[[str], Path]) -> None:
    copy("councils.children")
    copy("councils.carers")
    path = copy("councils.support_plans")
    line = change(path, "table: carers", "table: carer")
    with pytest.raises(ContractBroken, match="'carer' isn't allowed here") as failure:
        load_contracts(path.parents[1])
    assert failure.value.where == f"councils/support_plans.odcs.yaml, line {line}"


def test_a_rule_naming_a_column_the_other_table_lacks_breaks(copy: Callable[[str], Path]) -> None:
    copy("councils.children")
    copy("councils.carers")
    path = copy("councils.support_plans")
    change(path, "other: date_of_birth", "other: birth_date")
    with pytest.raises(ContractBroken, match="no column 'birth_date'"):
        load_contracts(path.parents[1])


def test_example_rows_of_another_table_are_proven_beside_it(copy: Callable[[str], Path]) -> None:
    for table in ("children", "carers", "milestones"):
        copy(f"councils.{table}")
    path = copy("councils.matches")
    before = path.read_text(encoding="utf-8")
    start = before.index("property: tables")
    wrong = before[:start] + before[start:].replace("carers:", "carer:", 1)
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ContractBroken, match="unknown key 'carer'") as failure:
        load_contracts(path.parents[1])
    line = wrong[: wrong.index("carer:")].count("\n") + 1
    assert failure.value.where in (f"councils/matches.odcs.yaml, line {n}" for n in (line, line + 1))


def test_a_condition_on_another_table_is_proven_beside_it(copy: Callable[[str], Path]) -> None:
    for table in ("children", "carers"):
        copy(f"councils.{table}")
    path = copy("councils.placements")
    change(path, "where: {looked_after_to: empty}", "where: {looked_after_to: open}")
    with pytest.raises(ContractBroken, match="'open' isn't allowed here"):
        load_contracts(path.parents[1])


def test_a_prefix_used_twice_breaks(copy: Callable[[str], Path]) -> None:
    copy("courts.applications")
    path = copy("courts.annual_counts")
    path.write_text(path.read_text(encoding="utf-8").replace("AC-", "AP-").replace("value: AC}", "value: AP}"))
    with pytest.raises(ContractBroken, match="prefix AP is used twice"):
        load_contracts(path.parents[1])


def test_a_folder_without_contracts_breaks(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="there are no contracts"):
        load_contracts(tmp_path)


def test_yes_and_no_stay_words_and_a_code_with_a_leading_nought_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text("codes: {01: yes, 1: no, on: 2012-08}\nreal: true\n", encoding="utf-8")
    assert read_marked(path).plain() == {"codes": {"01": "yes", "1": "no", "on": "2012-08"}, "real": True}


def test_no_code_list_stands_twice_and_each_shared_one_is_used() -> None:
    referred = re.findall(
        r"property: codeList\n\s+value: (\w+)", "".join(map(Path.read_text, DATA_CONTRACTS.rglob("*.yaml")))
    )
    shared = load_code_lists(DATA_CONTRACTS)
    assert set(referred) == set(shared)
    assert all(referred.count(name) > 1 for name in shared)
    own = [
        (column.codes, f"{contract.key}.{column.name}")
        for contract in contracts().values()
        for column in contract.columns
        if column.codes
    ]
    places: dict[object, list[str]] = {}
    for codes, place in own:
        places.setdefault(codes, []).append(place)
    twice = [found for codes, found in places.items() if len(found) > 1 and codes not in shared.values()]
    assert [
        found for found in twice if not any(place.endswith((".route", ".area", ".council")) for place in found)
    ] == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("value: sex", "value: sexes", "there is no code list 'sexes'"),
        (
            "        customProperties:\n          - property: codeList\n            value: sex\n",
            "        enum: [{value: male, label: Male}]\n        customProperties: [{property: codeList, value: sex}]\n",
            "a code stands here and in the shared list too",
        ),
    ],
)
def test_a_wrong_reference_to_a_code_list_is_told(copy: Callable[[str], Path], old: str, new: str, what: str) -> None:
    path = copy("councils.children")
    change(path, old, new)
    with pytest.raises(ContractBroken) as failure:
        load_contract(path)
    assert failure.value.what == what
    assert failure.value.where.startswith("councils/children.odcs.yaml, line ")


def test_a_fault_in_the_shared_lists_is_told_with_its_line(copy: Callable[[str], Path]) -> None:
    path = copy("councils.children")
    lists = path.parents[1] / FILE_NAME
    line = change(lists, "  - {value: male, label: Male}", "  - {value: female, label: Male}")
    with pytest.raises(ContractBroken) as failure:
        load_contract(path)
    assert failure.value.where.endswith(f"{FILE_NAME}, line {line}")
    assert failure.value.what == "the code 'female' is given twice"


def test_the_pathways_codes_are_the_contracts() -> None:
    shared = load_code_lists(DATA_CONTRACTS)
    words = {name: {code.code for code in codes} for name, codes in shared.items()}
    assert words["stage"] == {*pathway.AWAITING_STAGES, *pathway.OTHER_STAGES}
    assert words["family_step"] == set(pathway.FAMILY_STEPS)
    assert words["legal_step"] == set(pathway.LEGAL_STEPS)
    assert words["plan"] == {route.plan for route in pathway.ROUTES}
    outcomes = {code.code for code in contracts()["core.court_application"].column("outcome").codes}
    assert outcomes == {*pathway.COURT_OUTCOMES, "pending"}


def test_check_contracts_asks_the_standard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr("pact_pipeline.contracts.cases.prove_cases", lambda *_: 0)
    monkeypatch.setattr(standard, "check_standard", lambda paths, _: seen.extend(path.name for path in paths))
    result = CliRunner().invoke(app, ["check-contracts"], catch_exceptions=False)
    assert "37 contracts with" in result.output
    assert len(seen) == 37


def test_contracts_without_their_code_lists_say_so(copy: Callable[[str], Path]) -> None:
    path = copy("councils.children")
    (path.parents[1] / FILE_NAME).unlink()
    with pytest.raises(ContractBroken, match="there is no code list 'sex'") as failure:
        load_contract(path)
    assert failure.value.faults[0].mend == f"put {FILE_NAME} beside the collections' folders"
