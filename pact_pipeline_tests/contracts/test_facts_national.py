"""What is verified of Scottish law, statistics and the plan, and the rules by which national tables are held to it.

A fact that loses its rule fails here; so does a rule that rests on a limit that nobody has verified.
"""

from pathlib import Path
from shutil import copytree

import pytest

from pact_pipeline.contracts import Contracts, Rule, load_contracts
from pact_pipeline.contracts.context import Context
from pact_pipeline.contracts.row_checks import row_checks, table_checks
from pact_pipeline.intake.judging.judged_table import judge_table
from pact_pipeline.intake.mapping.map import map_table
from pact_pipeline.intake.reading import open_extract
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Layout, load_suppliers
from pact_pipeline_tests.contracts.example_rows import CHECKOUT, contracts, supplied

NATIONAL = ("courts", "clas", "health", "programme")
EXTRACTS = CHECKOUT / "pact_pipeline" / "reference" / "extracts"

# Each fact with the rules it would be lost without. 003 are the code lists, 004 the keys.
FACTS: dict[str, tuple[str, ...]] = {
    # Law of permanence and adoption
    "only a council can apply for a permanence order (2007 Act s.80)": ("AP-014",),
    "petitions to adopt are by the adopters, never by a council": ("AP-015",),
    "step-parents' adoptions are no matter of an agency": ("AP-025",),
    "the 2007 Act is in force from 28 September 2009": ("AP-013", "AC-015", "LA-017", "LR-014"),
    "a permanence order gives a right of residence until 16; later is contested": ("AP-019", "LR-017"),
    "a permanence order gives responsibilities until 18": ("AP-016", "LE-018"),
    "a compulsory supervision order ends at 18": ("LE-018", "LR-019"),
    "the 2011 Act's orders took over from the 1995 Act's in June 2013": ("LR-015",),
    "every child on a permanence order is looked after": ("LA-018",),
    "nobody is looked after without a legal basis (1995 Act s.17(6))": ("LR-022",),
    "courts know no kinship care order; what they make is a residence order": ("AP-003",),
    # Courts
    "there were 49 sheriff courts in 2012": ("AP-003", "AC-003", "AC-018"),
    "Arbroath, Cupar and Stonehaven closed in May 2014": ("AP-021", "AC-019"),
    "in 2011-12 the courts did not tell POs from POAs": ("AC-016", "AC-017"),
    "disposals are granted, dismissed, refused, dropped, withdrawn or other": ("AP-003", "AC-011", "AC-021"),
    "orders granted are among the disposals": ("AC-010",),
    "the figures of 2011-12 and 2014-15 for Scotland": ("AC-022", "AC-023"),
    "an application that has ended has an outcome and its day": ("AP-012",),
    "the courts' year runs from April to March": ("AC-005", "AC-014", "AC-020"),
    # Children looked after
    "by child since 2008-09": ("LC-021",),
    "the year runs from August to July": ("LC-010", "LE-010", "LP-010", "LR-010", "LE-013"),
    "every child looked after at any time in the year": ("LC-018", "LE-025"),
    "every episode that overlaps the year": ("LE-016", "LE-026"),
    "every placement during the whole of those episodes": ("LP-015", "LP-016", "LP-018", "LP-019"),
    "every legal reason of those episodes": ("LR-016", "LR-022", "LR-023"),
    "one row for each legal reason of a child": ("LR-004", "LR-021"),
    "end and destination go together": ("LE-014",),
    "pathway plan and co-ordinator are told at the end of an episode": ("LE-021", "LE-022"),
    "whether there is a current care plan is told": ("LE-023",),
    "care of not more than 24 hours is not counted": ("LE-019",),
    "the responsible council alone returns the child": ("LC-013",),
    "labels of places, destinations and legal bases": ("LP-003", "LE-003", "LR-003"),
    "POs and POAs are given apart by the Scottish Government": ("LR-020", "LA-016"),
    "271 children with a PO and 68 with a POA at 31 July 2011": ("LA-021",),
    "16,231 looked after in 2011, 16,248 in 2012, the peak": ("LA-013", "LA-021"),
    "settings and the 32 councils add up": ("LA-014", "LA-015"),
    "linking rests on date of birth, sex and council": ("LC-014", "LC-015"),
    "what was told of a past year does not change in the next": (
        "LC-014", "LC-015", "LC-016", "LC-017", "LE-027", "LE-028", "LE-029", "LP-020",
        "AP-026", "AP-027", "AP-028", "AP-029",
    ),
    "what was open is there again": ("LE-026", "LP-019", "LR-023", "AP-030"),
    "32 councils each make a return": ("LC-019",),
    # 27-30 month review
    "reviews are of eligible children, concerns of reviews": ("HR-010", "HR-011"),
    "reviews of children looked after are published for Scotland only": ("HR-014",),
    "secure attachment was not measured in June 2013": ("HR-012", "HR-016"),
    # Programme
    "outcomes 24 to 30 and 32 of appendix 1": ("AI-005", "AI-014", "AI-015", "WP-005", "WP-020"),
    "delivered by end March 2015": ("WP-015",),
    "delivered within the set budget": ("WP-016", "WP-021", "WP-022"),
    "three-month tranches, each ended by a study": ("IC-022",),
    "the team is in place since September 2012": ("PA-016",),
    "the register is updated every month": ("RI-017", "RI-018", "RI-022"),
    "risks and issues are mitigated": ("RI-013", "RI-020"),
    "an aim says what, how much and by when": ("AI-013", "AI-016", "AI-017", "AI-021", "AI-022", "AI-023"),
    "results are set against a prediction made before": ("IC-017", "IC-025"),
    "adopt, adapt or abandon": ("IC-003", "IC-016", "IC-019"),
    "ten kinds of activity (paragraph 33)": ("WP-003",),
    "phases of the work with a partner": ("PA-003", "PA-014"),
}  # fmt: skip

# Said by many and verified by nobody: none of these may stand in a rule.
UNVERIFIED_DAYS = ("2013-11-30", "2015-01-31", "2013-06-24", "2013-06-23", "2010-07-31")


def rules() -> dict[str, Rule]:
    national = [contract for contract in supplied() if contract.collection in NATIONAL]
    return {rule.code: rule for contract in national for rule in contract.rules}


def codes(read: Contracts) -> set[str]:
    """Every finding a national table can have, declared or made from its columns."""
    found = set()
    for contract in read.values():
        if contract.collection in NATIONAL:
            found |= {check.code for check in (*row_checks(contract), *table_checks(contract))}
    return found


@pytest.mark.parametrize("fact", FACTS)
def test_a_verified_fact_has_its_rules(fact: str) -> None:
    assert set(FACTS[fact]) <= codes(contracts())


def test_every_national_rule_says_what_it_rests_on() -> None:
    assert [code for code, rule in rules().items() if not rule.source] == []


def test_no_rule_rests_on_a_day_that_is_not_verified() -> None:
    unverified = [code for code, rule in rules().items() if any(day in str(rule.arguments) for day in UNVERIFIED_DAYS)]
    assert unverified == []


def test_no_rule_refuses_an_adoption_for_the_age() -> None:
    """The limits of age in adoption are not verified, so they may raise a doubt and no more."""
    refusing = [rule for rule in rules().values() if rule.check == "age_between" and rule.severity == "refuse"]
    assert refusing
    assert [rule.code for rule in refusing if "ADOPTION" in rule.arguments["when"]["application_type"]] == []


def test_the_code_lists_are_those_of_the_sources() -> None:
    table = contracts()["courts.applications"]
    assert len(table.column("court").codes) == 49
    assert {code.meaning.split("(")[1].rstrip(")") for code in table.column("court").codes} == {
        "Glasgow and Strathkelvin",
        "Grampian, Highland and Islands",
        "Lothian and Borders",
        "North Strathclyde",
        "South Strathclyde, Dumfries and Galloway",
        "Tayside, Central and Fife",
    }
    assert set(table.column("outcome").code_words) == {
        "granted", "dismissed", "refused", "dropped", "withdrawn", "other",
    }  # fmt: skip
    for contract in supplied():
        for column in contract.columns:
            if column.name == "council" and column.codes:
                assert len(set(column.code_words) - {"SCO"}) == 32, contract.key
    assert len(contracts()["programme.work_packages"].column("activity").codes) == 10
    assert set(contracts()["programme.improvement_cycles"].column("act").code_words) == {"adopt", "adapt", "abandon"}


def published() -> list[tuple[str, str, Path, Layout]]:
    """Every published extract with its collection, period and layout."""
    known = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts())
    layouts = [
        (supplier, delivery.collection, delivery.layouts[-1][1])
        for supplier in (known["clas"], known["scts"])
        for delivery in supplier.deliveries
        if "annual_counts" in delivery.layouts[-1][1].tables
    ]
    return [
        (collection, period, path, layout)
        for path in sorted(EXTRACTS.glob("*_[CF]*.csv"))
        for supplier, collection, layout in layouts
        for period in [path.stem.rsplit("_", 1)[-1]]
        if path.name == layout.file_name(supplier, Period.parse(period), "annual_counts")
    ]


def test_published_counts_are_taken_without_a_finding() -> None:
    """The real figures: ten years of children looked after by council and setting, and those of the courts."""
    rows = 0
    for collection, key, path, layout in published():
        contract = contracts()[f"{collection}.annual_counts"]
        sheet = open_extract(path, path.name, layout).sheet("annual_counts")
        assert sheet is not None
        period = Period.parse(key)
        table = map_table(sheet, contract, layout.tables["annual_counts"], layout, path.name, period=period)
        judged = judge_table(table, Context(period, collection, None, {}, table.unreadable))
        told = [(finding.words.code, finding.count) for finding in judged.findings]
        assert (path.name, told, judged.table_findings) == (path.name, [], ())
        rows += judged.rows_taken
    assert rows == 990 + 4 + 3 + 2 + 3


def test_a_fact_that_loses_its_rule_is_noticed(tmp_path: Path) -> None:
    copied = copytree(CHECKOUT / "data_contracts", tmp_path / "data_contracts")
    path = copied / "courts" / "applications.odcs.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("      - id: AP-014"), text.index("      - id: AP-015")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    left = codes(load_contracts(copied))
    lost = [fact for fact, needed in FACTS.items() if not set(needed) <= left]
    assert lost == ["only a council can apply for a permanence order (2007 Act s.80)"]
