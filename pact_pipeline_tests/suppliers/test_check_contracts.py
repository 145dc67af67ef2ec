"""`pact check-contracts`: all faults at once, causes without what follows from them; and a column that one file adds."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pact_pipeline.cli.main import app
from pact_pipeline.contracts import load_contracts
from pact_pipeline.failures import ContractsBroken, PactFailure
from pact_pipeline.flows.build_fingerprint import differing, made_of
from pact_pipeline.generator import generate
from pact_pipeline.ledger.queries import LedgerQueries
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.suppliers import load_suppliers

QUALITY = "    quality:\n"
COLUMN = """\
      - name: lives_in
        description: The council area the child lives in.
        logicalType: string
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data contracts, which commands read."""
    copied = tmp_path / "data_contracts"
    shutil.copytree(CHECKOUT / "data_contracts", copied)
    monkeypatch.setenv("PACT_CONTRACTS", str(copied))
    return copied


@pytest.fixture
def without_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules' cases, which take three seconds, aren't judged."""
    monkeypatch.setattr("pact_pipeline.contracts.cases.prove_cases", lambda *_: 0)


def change(path: Path, *pieces: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pieces:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def add_column(folder: Path, extra: str = "") -> None:
    change(folder / "councils" / "children.odcs.yaml", (QUALITY, COLUMN + extra + QUALITY))


def checked() -> Result:
    return CliRunner().invoke(app, ["check-contracts"], catch_exceptions=False)


def faults(result: Result) -> list[str]:
    return [line.removeprefix("✗ ") for line in result.output.splitlines() if line.startswith("✗")]


def test_what_is_shipped_has_no_fault_and_what_layouts_lack_is_told() -> None:
    result = checked()
    assert (result.exit_code, faults(result)) == (0, [])
    assert "latin_tab (councils) lacks children.scn\n" in result.output


def test_every_fault_is_told_at_once(folder: Path) -> None:
    change(
        folder / "councils" / "children.odcs.yaml",
        ("value: 0.25", "value: 25"),
        ("severity: refuse", "severity: refused"),
        ("earlier: looked_after_from", "earlier: looked_after_form"),
    )
    change(folder / "councils" / "carers.odcs.yaml", ("logicalType: string", "logicalType: text"))
    change(
        folder / "councils" / "milestones.odcs.yaml",
        ("table: children", "table: childs"),
    )
    change(
        folder / "suppliers" / "layouts" / "swift_csv.yaml",
        ("format: csv", "format: cvs"),
        ('linked_on: "', 'linkd_on: "'),
        ('"F": "female"', '"F": "femal"'),
    )
    change(folder / "suppliers" / "GLG.yaml", ("kind: council", "kind: councils"))
    (folder / "suppliers" / "layouts" / "mosaic_tab.yaml").write_text("layout: [", encoding="utf-8")
    result = checked()
    told = faults(result)
    for what in (
        "holdShare is a share of the rows",
        "'refused' isn't allowed here",
        "the table has no column 'looked_after_form'",
        "councils/carers.odcs.yaml",
        "'childs' isn't allowed here",
        "'cvs' isn't allowed here",
        "councils.matches has no column 'linkd_on'",
        "columns of councils.matches are not mapped: linked_on",
        "'councils' isn't allowed here",
        "this isn't YAML",
    ):
        assert sum(what in line for line in told) >= 1, what
    assert result.exit_code == 1
    # The children's contract has faults: what the layout says of that table waits for it, and says so.
    assert not any("femal" in line for line in told)
    unsound = "councils.carers, councils.children, councils.milestones"
    assert f"Not looked at in the layouts until their contracts are mended: {unsound}" in result.output
    with pytest.raises(ContractsBroken, match=r"And \d more are listed by: pact check-contracts"):
        load_contracts(folder)


def test_what_follows_from_a_fault_is_not_told(folder: Path) -> None:
    path = folder / "councils" / "children.odcs.yaml"
    name = "      - name: looked_after_to\n"
    change(path, (name, name + "        colour: red\n"))
    result = checked()
    line = next(n for n, text in enumerate(path.read_text().splitlines(), start=1) if "colour: red" in text)
    # Eleven rules name the column, and the layouts and other tables look at the table.
    (ours,) = [one for one in faults(result) if "ODCS" not in one]
    assert ours.startswith(f"CON-03: unknown key 'colour'. Where: councils/children.odcs.yaml, line {line}.")
    (standard,) = [one for one in faults(result) if "ODCS" in one]
    assert f"line {line - 1}" in standard or f"line {line}" in standard


def test_broken_code_lists_are_told_once_and_not_by_each_column(folder: Path) -> None:
    change(folder / "code_lists.yaml", ("{value: ABE, label", "{value: ABE, lable"))
    told = faults(checked())
    assert all("code_lists.yaml" in line for line in told)
    assert len(told) == 1


def test_a_rule_is_proven_on_its_own_rows(folder: Path) -> None:
    path = folder / "councils" / "children.odcs.yaml"
    change(
        path,
        ("value: [{looked_after_to: 2012-02-01}, {destination: adoption}]", "value: [{}, {destination: adoption}]"),
        ("value: [{date_of_birth: 2011-05-10}]", "value: [{date_of_birth: 2011-05-11}]"),
        ("examples: [female]", "examples: [woman]"),
    )
    told = faults(checked())
    assert any("CH-012, fails, case 1" in line and "the rule finds nothing in these rows" in line for line in told)
    assert any("CH-010, passes, case 1" in line and "the rule finds these rows" in line for line in told)
    assert any("the example row" in line and "has findings itself: CH-003" in line for line in told)


@pytest.mark.usefixtures("without_cases")
def test_a_council_has_its_partition(folder: Path) -> None:
    (folder / "suppliers" / "ORK.yaml").rename(folder / "suppliers" / "ORX.yaml")
    change(folder / "suppliers" / "ORX.yaml", ("supplier: ORK", "supplier: ORX"))
    (told,) = faults(checked())
    assert told.startswith("CON-08: there is no council ORX, so its returns have no partition to be judged in.")


@pytest.mark.usefixtures("without_cases")
def test_a_layout_that_nobody_uses_is_proven_too(folder: Path) -> None:
    text = (folder / "suppliers" / "layouts" / "swift_csv.yaml").read_text(encoding="utf-8")
    text = text.replace("layout: swift_csv", "layout: unused").replace('linked_on: "', 'linkd_on: "')
    (folder / "suppliers" / "layouts" / "unused.yaml").write_text(text, encoding="utf-8")
    told = faults(checked())
    assert len(told) == 2
    assert all("layouts/unused.yaml" in line for line in told)


@pytest.mark.usefixtures("without_cases")
def test_one_file_adds_an_optional_column(folder: Path, tmp_path: Path) -> None:
    before = load_contracts(folder)
    add_column(folder)
    result = checked()
    assert (result.exit_code, faults(result)) == (0, [])
    assert "swift_csv (councils) lacks children.lives_in\n" in result.output
    contracts = load_contracts(folder)
    suppliers = load_suppliers(folder / "suppliers", contracts)
    made = generate(
        tmp_path / "arrivals", tmp_path / "truth", first="2012-08", last="2012-08", councils=("STG", "MLN"),
        faults=True, contracts_folder=folder,
    )  # fmt: skip
    assert made.files
    template = next(iter(suppliers["STG"].deliveries)).layouts[0][1]
    assert template.name == "template_csv", "the programme's template has every column"
    heading, *rows = (tmp_path / "arrivals" / "STG" / "STG_children_2012-08.csv").read_text().splitlines()
    assert "lives_in" in heading.split(",")
    assert rows
    # Nothing reads it: no build is behind for it.
    old = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", before)
    assert differing(made_of(before, old, NoLedger()), made_of(contracts, suppliers, NoLedger())) == []


@pytest.mark.usefixtures("without_cases")
def test_a_column_that_every_row_needs_must_be_mapped_and_made_up(folder: Path, tmp_path: Path) -> None:
    add_column(folder, "        required: true\n")
    told = faults(checked())
    layouts = {line.partition("layouts/")[2].partition(",")[0] for line in told if "layouts/" in line}
    assert len(layouts) == 9, "each layout of the councils but the template"
    assert all("not mapped: lives_in" in line for line in told if "layouts/" in line)
    for path in (folder / "suppliers").glob("*.yaml"):
        if path.stem != "STG":
            path.unlink()
    for path in (folder / "suppliers" / "layouts").glob("*.yaml"):
        if path.stem != "template_csv":
            path.unlink()
    with pytest.raises(PactFailure, match=r"GEN-001: every row of councils.children needs 'lives_in'"):
        generate(
            tmp_path / "arrivals", tmp_path / "truth", first="2012-08", last="2012-08", councils=("STG",),
            faults=False, contracts_folder=folder,
        )  # fmt: skip


@pytest.mark.usefixtures("without_cases")
def test_a_column_that_the_core_reads_is_mapped_or_said_to_be_absent(folder: Path) -> None:
    path = folder / "suppliers" / "layouts" / "swift_csv.yaml"
    change(path, ('      looked_after_to: "LAC End Date"\n', ""))
    (told,) = faults(checked())
    assert "columns of councils.children are not mapped: looked_after_to" in told
    change(path, ("    codes:\n      sex:", "    absent: [looked_after_to]\n    codes:\n      sex:"))
    result = checked()
    assert faults(result) == []
    assert "swift_csv (councils) lacks children.looked_after_to (the core reads it)" in result.output


class NoLedger(LedgerQueries):
    """A ledger in which nothing is in force."""

    def __init__(self) -> None:
        pass

    def fingerprint(self, at: object = None, known: object = None) -> str:
        return "nothing"
