"""What a layout says of words, dates, constants and councils is proven when it is loaded, with file and line."""

import re
from datetime import date
from pathlib import Path

import pytest

from pact_pipeline.failures import ContractBroken
from pact_pipeline.suppliers import CouncilColumn, Layout, load_suppliers
from pact_pipeline_tests.contracts.example_rows import contracts

SUPPLIER = """\
supplier: GLG
name: Glasgow City
kind: council
joined: 2012-08
contact: data.officer@glasgow.example
deliveries:
  - {collection: councils, url: arrivals/GLG, layouts: [{from: 2012-08, layout: swift}]}
"""
LAYOUT = """\
layout: swift
format: zip
date_formats: ["%d/%m/%Y"]
empty: ["", "NULL"]
file: "{supplier}_{yyyy}{mm}.zip"
members: "{table}.txt"
tables:
  placements:
    name: PLACEMENT
    columns:
      child_ref: [Swift No, Swift Number]
      carer_ref: Carer No
      from_date: From
      to_date: To
      placement_type: Type
    codes:
      placement_type: {HP: home_with_parents, FO: foster_own}
    fixable:
      placement_type: {Fostered: foster_own}
    ignored_words:
      placement_type: [Not entered]
    date_formats: {to_date: "%Y-%m-%d", from_date: ["%Y-%m-%d", "%d/%m/%Y"]}
    zero_padded: {child_ref: 7}
    constants: {intended_as_permanent: no}
    echo: Case worker
    ignored: [Team]
"""
COUNCILS = """\
layout: swift
format: csv
date_formats: ["%Y-%m-%d"]
file: "{period}.csv"
tables:
  annual_counts:
    name: counts
    columns:
      {year: Year, area: Area, measure: Measure, category: Category, count: Count, publication: Publication,
       published_on: Published, source_address: Source}
    councils: {area: {codes_on: 2022-01-31}}
"""


def loaded(tmp_path: Path, layout: str, supplier: str = SUPPLIER) -> Layout:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "GLG.yaml").write_text(supplier, encoding="utf-8")
    (tmp_path / "layouts" / "swift.yaml").write_text(layout, encoding="utf-8")
    return load_suppliers(tmp_path, contracts())["GLG"].deliveries[0].layouts[0][1]


def test_a_mapping_says_all_that_a_supplier_needs(tmp_path: Path) -> None:
    layout = loaded(tmp_path, LAYOUT)
    placements = layout.tables["placements"]
    assert (layout.format, layout.members, layout.one_file) == ("zip", "{table}.txt", True)
    assert layout.member_regex("placements").fullmatch("placement.TXT")
    assert placements.accepted("child_ref") == ("Swift No", "Swift Number")
    assert placements.headings["Swift Number"] == "child_ref"
    assert placements.fixable == {"placement_type": {"Fostered": "foster_own"}}
    assert placements.ignored_words == {"placement_type": ("Not entered",)}
    assert layout.dates_of(placements, "to_date") == ("%Y-%m-%d",)
    assert placements.zero_padded == {"child_ref": 7}
    assert placements.constants == {"intended_as_permanent": "no"}
    assert placements.echo == "Case worker"


COURTS_SUPPLIER = SUPPLIER.replace("councils", "clas").replace("from: 2012-08", "from: CLAS2012")


def test_a_column_of_councils_is_declared_as_such(tmp_path: Path) -> None:
    mapping = loaded(tmp_path, COUNCILS, COURTS_SUPPLIER).tables["annual_counts"]
    assert mapping.councils == {"area": CouncilColumn("codes", date(2022, 1, 31))}


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("{Fostered:", "{FO:", 20, "'FO' of 'placement_type' is fixable, but 'FO' is good"),
        (
            "{Fostered:",
            "{ fo :",
            20,
            "'fo' of 'placement_type' is fixable, but 'FO', whose letter case or spacing differs is good",
        ),
        ("[Not entered]", "[hp]", 22, "'hp' of 'placement_type' is ignored, but 'HP', whose letter case"),
        ("[Not entered]", "[fostered]", 22, "'fostered' of 'placement_type' is ignored, but 'Fostered', whose"),
        ("[Not entered]", "[kinship]", 22, "'kinship' is ignored, but it is a word of the contract's own"),
        ("[Not entered]", "['NULL']", 22, "'NULL' is ignored, but the layout reads it as an empty cell"),
        ("FO: foster_own", "hp: foster_own", 18, "'hp' and 'HP' of 'placement_type' differ in letter case or spacing"),
        ("{Fostered: foster_own", "{Fostered: foster", 20, "'foster' isn't a code of councils.placements"),
        ("Swift Number]", "carer  no]", 12, "two columns have the same heading"),
        ("[Swift No, Swift Number]", "[]", 11, "'child_ref' has no heading"),
        ("intended_as_permanent: no", "intended_as_permanent: maybe", 25, "'maybe' isn't a code of councils.placements"),
        ("intended_as_permanent: no", "carer_ref: K1", 25, "'carer_ref' is constant and has a heading at once"),
        (
            "constants: {intended_as_permanent: no}",
            "absent: []",
            10,
            "columns of councils.placements are not mapped: intended_as_permanent",
        ),
        ("echo: Case worker", "echo: swift_number", 26, "'swift_number' is the heading of 'child_ref' already"),
        ("echo: Case worker", "echo: team", 26, "'team' is echoed and ignored at once"),
        ("{child_ref: 7}", "{placement_type: 3}", 24, "'placement_type' is no reference: only those lose leading zeros"),
        ("{child_ref: 7}", "{child_ref: 1}", 24, "a reference has 2 to 20 characters"),
        ("{child_ref: 7}", "{intended_as_permanent: 7}", 24, "stands under zero_padded but has no heading"),
        ('{to_date: "%Y-%m-%d"', '{carer_ref: "%Y-%m-%d"', 23, "'carer_ref' is no date"),
        ('{to_date: "%Y-%m-%d"', "{to_date: []", 23, "a date format is expected here"),
        ("format: zip", "format: xlsx", 6, "only an archive has members"),
        ("members: \"{table}.txt\"", "members: \"{tabel}.txt\"", 6, "unknown placeholder '{tabel}'"),
        ("{supplier}_{yyyy}{mm}.zip", "{table}_{yyyy}{mm}.zip", 5, "an archive holds all tables"),
        ("{supplier}_{yyyy}{mm}.zip", "{supplier}_{yyyy}.zip", 5, "the file's name doesn't tell the month"),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    assert old in LAYOUT
    with pytest.raises(ContractBroken, match=re.escape(what)) as failure:
        loaded(tmp_path, LAYOUT.replace(old, new, 1))
    # A list that starts on its key's line is told by it; words inside by their own.
    assert failure.value.where in {f"layouts/swift.yaml, line {line}", f"layouts/swift.yaml, line {line - 1}"}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{area:", "{measure:", "'measure' doesn't hold councils"),
        ("{codes_on: 2022-01-31}", "{codes_on: 2022-13-31}", "this is no day"),
        ("{codes_on: 2022-01-31}", "code", "'code' isn't allowed here"),
    ],
)
def test_a_column_of_councils_is_proven(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in COUNCILS
    with pytest.raises(ContractBroken, match=re.escape(what)):
        loaded(tmp_path, COUNCILS.replace(old, new, 1), COURTS_SUPPLIER)


@pytest.mark.parametrize(
    ("column", "value", "good"),
    [
        ("round", "1", True),
        ("round", "0", False),
        ("round", "x", False),
        ("on_date", "2012-08-31", True),
        ("on_date", "31/08/2012", False),
        ("on_date", "2012-02-30", False),
        ("child_ref", "''", False),
    ],
)
def test_a_constant_is_of_its_columns_type(tmp_path: Path, column: str, value: str, good: bool) -> None:
    columns = {"child_ref": "Ref", "milestone": "Event", "on_date": "Day", "outcome": "Outcome", "round": "Round"}
    del columns[column]
    layout = (
        'layout: swift\nformat: csv\ndate_formats: ["%d/%m/%Y"]\nfile: "{period} {table}.csv"\ntables:\n'
        f"  milestones:\n    name: m\n    columns: {columns}\n    constants: {{{column}: {value}}}\n"
    )
    if good:
        assert loaded(tmp_path, layout).tables["milestones"].constants == {column: value}
        return
    with pytest.raises(ContractBroken, match=r"can't stand in councils\.milestones") as failure:
        loaded(tmp_path, layout)
    assert failure.value.where == "layouts/swift.yaml, line 9"
