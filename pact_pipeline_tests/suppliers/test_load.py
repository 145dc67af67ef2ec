"""Suppliers and layouts are checked against the contracts, and file names are made and read by one pattern."""

import re
from pathlib import Path

import pytest

from pact_pipeline.failures import ContractBroken
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Supplier, load_suppliers
from pact_pipeline_tests.contracts.example_rows import CHECKOUT, contracts

SUPPLIER = """\
supplier: GLG
name: Glasgow City
kind: council
joined: 2012-08
contact: data.officer@glasgow.example
deliveries:
  - collection: councils
    url: arrivals/GLG
    layouts:
      - {from: 2012-08, layout: swift}
      - from: 2013-02
        layout: swift
        override: {encoding: utf-16, tables: {support_plans: {columns: {agreed_on: AGREED}}}}
"""
LAYOUT = """\
layout: swift
format: csv
encoding: windows-1252
delimiter: ";"
date_formats: ["%d/%m/%Y"]
empty: ["", "NULL"]
file: "{supplier}_{table}_{yyyy}{mm}.csv"
tables:
  support_plans:
    name: SUPPORT
    columns: {child_ref: Swift No, carer_ref: Carer No, agreed_on: Agreed, starts_on: Starts}
    absent: [review_due_on, ended_on]
    ignored: [Case worker]
  placements:
    name: PLACEMENT
    columns:
      child_ref: Swift No
      carer_ref: Carer No
      from_date: From
      to_date: To
      placement_type: Type
      intended_as_permanent: Permanent
    codes:
      intended_as_permanent: {Y: yes, N: no}
      placement_type: {01: home_with_parents, 02: kinship}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "GLG.yaml").write_text(SUPPLIER, encoding="utf-8")
    (tmp_path / "layouts" / "swift.yaml").write_text(LAYOUT, encoding="utf-8")
    return tmp_path


def glasgow(folder: Path) -> Supplier:
    return load_suppliers(folder, contracts())["GLG"]


def test_a_layout_is_read_with_headings_codes_and_what_is_absent(folder: Path) -> None:
    layout = glasgow(folder).deliveries[0].layout_for(Period.parse("2012-12"))
    placements = layout.tables["placements"]
    assert (layout.encoding, layout.delimiter, layout.empty) == ("windows-1252", ";", ("", "NULL"))
    assert placements.headings["Swift No"] == "child_ref"
    assert placements.codes["intended_as_permanent"] == {"Y": "yes", "N": "no"}
    assert placements.codes["placement_type"] == {"01": "home_with_parents", "02": "kinship"}
    assert layout.tables["support_plans"].absent == ("review_due_on", "ended_on")
    assert placements.every == "month"


def test_a_layout_may_change_in_a_period_and_be_overridden_in_part(folder: Path) -> None:
    delivery = glasgow(folder).deliveries[0]
    before, after = delivery.layout_for(Period.parse("2013-01")), delivery.layout_for(Period.parse("2013-02"))
    assert (before.encoding, after.encoding) == ("windows-1252", "utf-16")
    assert before.tables["support_plans"].columns["agreed_on"] == "Agreed"
    assert after.tables["support_plans"].columns["agreed_on"] == "AGREED"
    assert after.tables["support_plans"].columns["child_ref"] == "Swift No"


def test_there_is_no_layout_before_the_first(folder: Path) -> None:
    with pytest.raises(KeyError, match="the first begins with 2012-08"):
        glasgow(folder).deliveries[0].layout_for(Period.parse("2012-07"))


@pytest.mark.parametrize("version", ["", " v2", "_v10", "-corrected", " - resend", "_CORRECTED"])
def test_a_file_name_made_is_a_file_name_read(folder: Path, version: str) -> None:
    supplier = glasgow(folder)
    layout = supplier.deliveries[0].layouts[0][1]
    name = layout.file_name(supplier, Period.parse("2012-09"), "placements", version)
    assert name == f"GLG_PLACEMENT_201209{version}.csv"
    if version != " - resend":
        assert layout.period_of(supplier, "placements", name) == Period.parse("2012-09")
        assert layout.period_of(supplier, "placements", name.lower()) == Period.parse("2012-09")


@pytest.mark.parametrize(
    "name", ["GLG_PLACEMENT_201213.csv", "FIF_PLACEMENT_201209.csv", "GLG_SUPPORT_201209.csv", "x.csv"]
)
def test_another_name_is_not_taken_for_the_tables_file(folder: Path, name: str) -> None:
    supplier = glasgow(folder)
    assert supplier.deliveries[0].layouts[0][1].period_of(supplier, "placements", name) is None


@pytest.mark.parametrize(
    ("pattern", "period", "name"),
    [
        ("Return {mon} {yyyy} {table}.csv", "2012-08", "Return Aug 2012 PLACEMENT.csv"),
        ("{name} {table} {period}.csv", "2012-08", "Glasgow City PLACEMENT 2012-08.csv"),
        ("{table}_{yy}{mm}{version?}_final.csv", "2013-01", "PLACEMENT_1301_final.csv"),
    ],
)
def test_file_names_may_be_spelled_in_many_ways(folder: Path, pattern: str, period: str, name: str) -> None:
    path = folder / "layouts" / "swift.yaml"
    path.write_text(LAYOUT.replace("{supplier}_{table}_{yyyy}{mm}.csv", pattern), encoding="utf-8")
    supplier = glasgow(folder)
    layout = supplier.deliveries[0].layouts[0][1]
    assert layout.file_name(supplier, Period.parse(period), "placements") == name
    assert layout.period_of(supplier, "placements", name) == Period.parse(period)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("delimiter:", "delimeter:", "unknown key 'delimeter'"),
        ("absent: [review_due_on, ended_on]", "absents: [review_due_on, ended_on]", "unknown key 'absents'"),
        ("  placements:", "  placement:", "unknown key 'placement'"),
        ("starts_on: Starts", "start_on: Starts", "councils.support_plans has no column 'start_on'"),
        (", starts_on: Starts", "", "columns of councils.support_plans are not mapped: starts_on"),
        (
            "[review_due_on, ended_on]",
            "[review_due_on, ended_on, agreed_on]",
            "'agreed_on' is mapped and absent at once",
        ),
        ("kinship}", "kinsip}", "'kinsip' isn't a code of councils.placements.placement_type"),
        ("Y: yes", "Y: true", "a text is expected here"),
        ("placement_type: {01", "to_date: {01", "'to_date' of councils.placements has no code list"),
        ("carer_ref: Carer No, agreed", "carer_ref: Swift No, agreed", "two columns have the same heading"),
        ("encoding: windows-1252", "encoding: windows-1251x", "'windows-1251x' is no encoding"),
        ("{yyyy}{mm}", "{yyyy}", "the file's name doesn't tell the month"),
        ("{yyyy}{mm}", "{yyyy}{month}", "unknown placeholder '{month}'"),
        ("%d/%m/%Y", "dd/mm/yyyy", "this is no date format"),
        ("name: PLACEMENT", "name: SUPPORT", "two tables have the same name"),
    ],
)
def test_a_broken_layout_says_what_and_where(folder: Path, old: str, new: str, what: str) -> None:
    path = folder / "layouts" / "swift.yaml"
    assert old in LAYOUT
    path.write_text(LAYOUT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContractBroken, match=re.escape(what)) as failure:
        load_suppliers(folder, contracts())
    assert re.fullmatch(r"layouts/swift.yaml, line \d+", failure.value.where)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("contact:", "contacts:", "unknown key 'contacts'"),
        ("layout: swift}", "layout: swivt}", "'swivt' isn't allowed here"),
        ("collection: councils", "collection: council", "'council' isn't allowed here"),
        ("joined: 2012-08", "joined: 2012-13", "this is no period"),
        ("from: 2013-02", "from: 2012-02", "the layouts must stand in the order of time"),
        ("override: {encoding", "override: {encodin", "unknown key 'encodin'"),
        ("url: arrivals/GLG", "url: sftp://a:b@host/out", "the URL holds a password"),
        ("supplier: GLG", "supplier: FIF", "the supplier's key and the file's name differ"),
    ],
)
def test_a_broken_supplier_says_what_and_where(folder: Path, old: str, new: str, what: str) -> None:
    assert old in SUPPLIER
    (folder / "GLG.yaml").write_text(SUPPLIER.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContractBroken, match=re.escape(what)) as failure:
        load_suppliers(folder, contracts())
    assert re.fullmatch(r"suppliers/GLG.yaml, line \d+", failure.value.where)


def test_a_required_column_cannot_be_absent(folder: Path) -> None:
    text = LAYOUT.replace("agreed_on: Agreed, ", "").replace(
        "[review_due_on, ended_on]", "[review_due_on, ended_on, agreed_on]"
    )
    (folder / "layouts" / "swift.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractBroken, match="'agreed_on' can't be absent"):
        load_suppliers(folder, contracts())


def test_the_suppliers_of_the_repository_fit_the_contracts() -> None:
    suppliers = load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts())
    councils = [supplier for supplier in suppliers.values() if supplier.kind == "council"]
    assert len(councils) == 32
