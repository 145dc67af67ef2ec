"""Faults: every one that is listed stands in the file, at the row a spreadsheet shows; each kind does what it says."""

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pact_pipeline.contracts.load import load_contracts
from pact_pipeline.contracts.model import Contracts
from pact_pipeline.generator.country import CouncilTruth, council_truth
from pact_pipeline.generator.days import day
from pact_pipeline.generator.faults import FILE_FAULTS, ROW_FAULTS, Damage, monthly_plan
from pact_pipeline.generator.views import council_month
from pact_pipeline.generator.written import WrittenTable, csv_bytes, sheet
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.suppliers import Supplier, load_suppliers
from pact_pipeline_tests.generator.conftest import Country

AUGUST = Period.parse("2012-08")


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


@pytest.fixture(scope="module")
def suppliers(contracts: Contracts) -> dict[str, Supplier]:
    return dict(load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts))


@pytest.fixture(scope="module")
def midlothian() -> CouncilTruth:
    return council_truth("MLN", 18, 1)


@pytest.fixture
def sheets(midlothian: CouncilTruth, contracts: Contracts, suppliers: dict[str, Supplier]) -> dict[str, WrittenTable]:
    layout = suppliers["MLN"].deliveries[0].layout_for(AUGUST)
    tables = council_month(midlothian, day("2012-08-31"), day("2011-08-31"))
    return {
        name: sheet(frame, contracts[f"councils.{name}"], layout.tables[name], layout) for name, frame in tables.items()
    }


@pytest.fixture
def damage(contracts: Contracts, suppliers: dict[str, Supplier]) -> Damage:
    layout = suppliers["MLN"].deliveries[0].layout_for(AUGUST)
    return Damage(np.random.default_rng(3), "MLN", "councils", AUGUST, layout, contracts)


def rows_of(path: Path, encoding: str, delimiter: str, page: str) -> list[list[str]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True)[page]
        return [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


def _text(value: object) -> str:
    return "" if value is None else value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else str(value)


def test_every_fault_listed_stands_in_its_file_at_its_row(faulty: Country, suppliers: dict[str, Supplier]) -> None:
    listed = pd.read_parquet(faulty.truth / "faults.parquet").fillna({"source_row": 0})
    in_rows = listed[listed["source_row"] > 0]
    assert len(in_rows) > 20
    for fault in in_rows.itertuples():
        supplier = suppliers[fault.supplier]
        [delivery, *_] = supplier.delivery(fault.collection)
        layout = delivery.layout_for(Period.parse(fault.period))
        [path] = faulty.arrivals.rglob(fault.file)
        rows = rows_of(path, layout.encoding, layout.delimiter, layout.tables[fault.table].name)
        row = rows[int(fault.source_row) - 1]
        if fault.kind == "duplicate_key":
            assert rows.index(row) < int(fault.source_row) - 1
            continue
        heading = [name.strip().casefold() for name in rows[0]]
        assert row[heading.index(fault.column.strip().casefold())] == fault.cell


@pytest.mark.parametrize("kind", FILE_FAULTS)
def test_each_fault_of_a_file_can_be_made_and_is_noted(
    kind: str, damage: Damage, sheets: dict[str, WrittenTable]
) -> None:
    before = _shape(sheets)
    damage.file(kind, sheets)
    assert kind in {fault.kind for fault in damage.made}
    # These leave headings and number of rows as they are; a bad return may have repeated rows.
    same_shape = {"late_file", "sent_again_same_bytes", "many_wrong_dates"}
    if kind != "sent_again_corrected":
        assert (_shape(sheets) == before) == (kind in same_shape)


def _shape(sheets: dict[str, WrittenTable]) -> dict[str, tuple[list[str], int, int]]:
    return {name: (list(one.cells), len(one), len(one.below)) for name, one in sheets.items()}


def test_each_fault_of_a_row_can_be_made(damage: Damage, sheets: dict[str, WrittenTable]) -> None:
    damage.rows(sheets, rate=0.2)
    possible = {fault.kind for table in sheets for fault in ROW_FAULTS[f"councils.{table}"]}
    assert {fault.kind for fault in damage.made} == possible
    assert len(possible) + len(FILE_FAULTS) >= 12
    places = [(fault.table, fault.source_row) for fault in damage.made]
    assert len(places) == len(set(places))


def test_no_fault_names_a_rule_that_no_contract_has(contracts: Contracts) -> None:
    for key, faults in ROW_FAULTS.items():
        contract = contracts[key]
        generic = {contract.finding_code(f"{number:03d}") for number in range(1, 10)}
        assert {fault.rule for fault in faults} <= generic | {rule.code for rule in contract.rules}


def test_most_months_of_a_council_have_no_fault_of_the_file() -> None:
    periods = [f"2012-{month:02d}" for month in range(1, 13)]
    plans = [monthly_plan(np.random.default_rng([number]), periods) for number in range(100)]
    share = sum(map(len, plans)) / 1200
    assert 0.15 < share < 0.30
    assert {kind for plan in plans for kind in plan.values()} == set(FILE_FAULTS)


def test_a_header_in_another_case_keeps_the_rows(damage: Damage, sheets: dict[str, WrittenTable]) -> None:
    layout = damage.layout
    lines = {name: csv_bytes(one, layout).split(b"\r\n")[1:] for name, one in sheets.items()}
    damage.file("header_case", sheets)
    assert {name: csv_bytes(one, layout).split(b"\r\n")[1:] for name, one in sheets.items()} == lines


@pytest.mark.parametrize("key", ["ABE", "EAY", "NLK", "FIF", "ABD", "ANS", "GLG", "STG"])
def test_each_layout_writes_what_it_says(
    key: str, midlothian: CouncilTruth, contracts: Contracts, suppliers: dict[str, Supplier]
) -> None:
    layout = suppliers[key].deliveries[0].layout_for(AUGUST)
    tables = council_month(midlothian, day("2012-08-31"), day("2011-08-31"))
    frame, mapping = tables["children"], layout.tables["children"]
    written = csv_bytes(sheet(frame, contracts["councils.children"], mapping, layout), layout)
    rows = list(csv.reader(io.StringIO(written.decode(layout.encoding), newline=""), delimiter=layout.delimiter))
    assert len(rows) == len(frame) + 1
    assert set(rows[0]) == {*mapping.columns.values(), *mapping.ignored}
    words = pd.Series([row[rows[0].index(mapping.columns["sex"])] for row in rows[1:]])
    codes = mapping.codes.get("sex", {})
    assert words.map(lambda word: codes.get(word, word)).tolist() == frame["sex"].tolist()
    born = [row[rows[0].index(mapping.columns["date_of_birth"])] for row in rows[1:]]
    expected = pd.to_datetime(pd.Series(frame["date_of_birth"]), unit="D").dt.strftime(layout.date_formats[0])
    assert born == expected.tolist()


def test_ten_layouts_differ_and_only_small_councils_send_workbooks(suppliers: dict[str, Supplier]) -> None:
    councils = [one for one in suppliers.values() if one.kind == "council"]
    assert len(councils) == 32
    layouts = {layout.name: layout for one in councils for _, layout in one.deliveries[0].layouts}
    assert len(layouts) >= 8
    assert {layout.encoding for layout in layouts.values()} >= {"utf-8", "utf-8-sig", "windows-1252", "utf-16"}
    assert {layout.delimiter for layout in layouts.values()} >= {",", ";", "\t"}
    workbooks = [one.key for one in councils if one.deliveries[0].layouts[0][1].format == "xlsx"]
    assert len(workbooks) <= 8
    assert [one.key for one in councils if len(one.deliveries[0].layouts) > 1] == ["FAL"]
