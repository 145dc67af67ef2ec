"""Each word is good, fixable, ignored or refused; constants, zeros and date forms are put right as the layout says."""

from datetime import date

import pandas as pd
import pytest

from pact_pipeline.intake.mapping.map import MappedTable
from pact_pipeline.suppliers import CouncilColumn
from pact_pipeline_tests.intake.mapping.paper import layout, mapped, with_changes, written
from pact_pipeline_tests.intake.mapping.test_headings import CHILD, CHILDREN, SWIFT


def children(by: object = SWIFT, **cells: str) -> MappedTable:
    """Two children, the second with other cells."""
    rows = [{**CHILD, "child_ref": "S1"}, {**CHILD, "child_ref": "S2", **cells}]
    return mapped(written(CHILDREN, *rows), by, "children")  # type: ignore[arg-type]


def test_a_good_word_is_its_code_and_leaves_no_trace() -> None:
    table = children(sex="M")
    assert table.frame["sex"].tolist() == ["female", "male"]
    assert (dict(table.fixed), dict(table.outdated), table.notes) == ({}, {}, ())


def test_a_fixable_word_is_taken_and_its_row_marked() -> None:
    by = with_changes(SWIFT, "children", fixable={"sex": {"Girl": "female", "Boy": "male"}})
    table = children(by, sex="Boy")
    assert table.frame["sex"].tolist() == ["female", "male"]
    assert table.fixed["sex"].tolist() == [False, True]
    assert table.notes == ("'Gender': 1 row with a word that is not the agreed one, but can be read",)


@pytest.mark.parametrize("word", ["m", "MALE", " Male", "male"])
def test_letter_case_and_spacing_make_a_word_fixable(word: str) -> None:
    table = children(sex=word)
    assert table.frame["sex"].tolist() == ["female", "male"]
    assert ("sex" in table.fixed) == (word != "male")


def test_an_ignored_word_is_an_empty_cell_and_is_told() -> None:
    by = with_changes(SWIFT, "children", ignored_words={"destination": ("Open case",)})
    table = children(by, destination="open  case")
    assert table.frame["destination"].isna().tolist() == [True, True]
    assert table.notes == ("'Destination on Leaving': 1 row with a word that is agreed to mean nothing, read as empty",)


def test_a_word_nobody_knows_stays_to_be_refused() -> None:
    table = children(sex="Fem.")
    assert table.frame["sex"].tolist() == ["female", "Fem."]
    assert (dict(table.fixed), table.notes) == ({}, ())


def test_a_word_of_the_layout_wins_over_the_same_word_of_the_contract() -> None:
    rows = [{"child_ref": "S1", "milestone": "PET", "on_date": "01/02/2012", "outcome": word} for word in ("PO", "po")]
    table = mapped(written(SWIFT.tables["milestones"], *rows), SWIFT, "milestones")
    assert table.frame["outcome"].tolist() == ["PO", "PO"]
    assert table.fixed["outcome"].tolist() == [False, True]


def test_a_constant_stands_in_every_row_typed() -> None:
    milestones = SWIFT.tables["milestones"]
    columns = {column: heading for column, heading in milestones.columns.items() if column not in ("round", "on_date")}
    by = with_changes(SWIFT, "milestones", columns=columns, constants={"round": "1", "on_date": "2012-08-31"})
    rows = [{"child_ref": "S1", "milestone": "REF"}, {"child_ref": "S2", "milestone": "REF"}]
    table = mapped(written(by.tables["milestones"], *rows), by, "milestones")
    assert table.frame["round"].tolist() == [1, 1]
    assert table.frame["on_date"].tolist() == [pd.Timestamp("2012-08-31")] * 2
    assert table.frame.dtypes.equals(
        mapped(written(milestones, *rows), SWIFT, "milestones").frame.dtypes  # as if it had been read
    )


def test_leading_zeros_are_put_back_where_the_layout_says_so() -> None:
    by = with_changes(SWIFT, "children", zero_padded={"child_ref": 6})
    rows = [{**CHILD, "child_ref": reference} for reference in ("1234", "001234", "S1", "1234567", "")]
    table = mapped(written(CHILDREN, *rows), by, "children")
    assert table.frame["child_ref"].tolist()[:4] == ["001234", "001234", "S1", "1234567"]
    assert table.text["child_ref"].to_pylist()[0] == "1234"
    assert table.notes == ("'Swift No': leading zeros put back in 1 row",)


def test_a_column_can_have_date_forms_of_its_own() -> None:
    by = with_changes(SWIFT, "children", date_formats={"date_of_birth": ("%Y%m%d",)})
    table = children(by, date_of_birth="20090203", looked_after_from="04/05/2011")
    assert table.frame["date_of_birth"].tolist()[1] == pd.Timestamp("2009-02-03")
    assert table.unreadable["date_of_birth"].tolist() == [True, False]
    assert table.frame["looked_after_from"].tolist()[1] == pd.Timestamp("2011-05-04")


def clas(word: str, period: str, **councils: CouncilColumn) -> MappedTable:
    by = layout("clas", "CLAS2012")
    if councils:
        by = with_changes(by, "children", councils=councils)
    rows = [{"council": word, "child_ref": "1", "sex": "Female"}, {"council": "Stirling", "child_ref": "2"}]
    return mapped(written(by.tables["children"], *rows), by, "children", "clas", period)


def test_a_council_code_in_use_in_the_period_is_the_council() -> None:
    for word, period in (("S12000015", "CLAS2012"), ("S12000047", "CLAS2020"), ("Western Isles", "CLAS2012")):
        table = clas(word, period)
        assert table.frame["council"].tolist() == ["ELS" if word == "Western Isles" else "FIF", "STG"]
        assert (dict(table.outdated), dict(table.fixed), table.notes) == ({}, {}, ())


def test_a_code_of_another_generation_is_marked_and_told_with_the_one_in_use() -> None:
    table = clas("S12000015", "CLAS2020")
    assert table.outdated["council"].tolist() == [True, False]
    assert table.notes == (
        (
            "'LOCAL_AUTHORITY': S12000015 is the code of Fife until 31 March 2018; in this period it is S12000047, "
            "so 1 row can't be told to a council"
        ),
    )
    assert clas("S12000047", "CLAS2012").notes == (
        (
            "'LOCAL_AUTHORITY': S12000047 is the code of Fife from 1 April 2018 on; in this period it is S12000015, "
            "so 1 row can't be told to a council"
        ),
    )


def test_in_the_year_of_the_change_the_old_and_the_new_code_count() -> None:
    assert clas("S12000015", "CLAS2018").frame["council"].tolist() == ["FIF", "STG"]
    assert clas("S12000047", "CLAS2018").frame["council"].tolist() == ["FIF", "STG"]


def test_a_supplier_that_writes_the_codes_of_one_day_in_every_period_is_read_by_that_day() -> None:
    newest = CouncilColumn(on=date(2022, 1, 31))
    assert clas("S12000047", "CLAS2012", council=newest).frame["council"].tolist() == ["FIF", "STG"]
    assert "council" in clas("S12000015", "CLAS2012", council=newest).outdated


def test_a_word_that_is_no_council_stays_to_be_refused() -> None:
    table = clas("Atlantis", "CLAS2012")
    assert table.frame["council"].tolist() == ["Atlantis", "STG"]
    assert dict(table.outdated) == {}


def test_council_codes_are_never_resolved_without_knowing_when() -> None:
    by = layout("clas", "CLAS2012")
    with pytest.raises(ValueError, match="the period must be known"):
        mapped(written(by.tables["children"], {"council": "S12000015"}), by, "children", "clas", None)
