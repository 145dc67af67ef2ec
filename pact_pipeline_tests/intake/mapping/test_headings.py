"""A column is found by any heading agreed for it; one that isn't refuses the file with what it may be, and why."""

import pytest

from pact_pipeline.failures import FileRefused
from pact_pipeline_tests.intake.mapping.paper import layout, mapped, suppliers, with_changes, written

CHILD = {
    "initials": "AB", "date_of_birth": "01/02/2009", "sex": "F", "ethnic_group": "W", "disabled": "N",
    "looked_after_from": "03/04/2011", "away_from_home_from": "03/04/2011", "current_plan": "NON", "twin_tracked": "N",
    "concurrent_placement": "N",
}  # fmt: skip
SWIFT = layout("GLG")
CHILDREN = SWIFT.tables["children"]
STANDS = "Nothing of this delivery was taken; the former one stays in force."


def children(**renamed: str) -> list[list[str]]:
    """Twenty children as Glasgow sends them, some columns under other headings."""
    rows = written(CHILDREN, *({**CHILD, "child_ref": f"S{number:04d}"} for number in range(20)))
    for column, heading in renamed.items():
        rows[0][rows[0].index(CHILDREN.columns[column])] = heading
    return rows


def refusal(rows: list[list[str]], by: object = SWIFT) -> str:
    with pytest.raises(FileRefused) as refused:
        mapped(rows, by, "children")  # type: ignore[arg-type]
    assert refused.value.__context__ is None
    return str(refused.value)


def test_a_renamed_column_is_told_with_the_likely_one_why_and_the_alias_to_add() -> None:
    assert refusal(children(looked_after_from="Episode start")) == (
        "FILE-002: a column is missing: 'LAC Start Date'. Unknown: 'Episode start'. "
        "'Episode start' looks like 'looked_after_from' (expected as 'LAC Start Date'): 100 % dates, same place. "
        "Where: sent.csv, line 1. "
        "To mend: give the columns their agreed headings, or tell us that the new ones are right (then our layout "
        '\'swift_csv\' gets, under children, looked_after_from: ["LAC Start Date", "Episode start"]). ' + STANDS
    )


def test_several_renamed_columns_are_told_apart_by_what_stands_in_them() -> None:
    told = refusal(children(date_of_birth="Born", sex="M/F", looked_after_from="From"))
    assert "'Born' looks like 'date_of_birth' (expected as 'Date of Birth'): 100 % dates, same place." in told
    assert "'M/F' looks like 'sex' (expected as 'Gender'): 100 % known words, same place." in told
    assert "'From' looks like 'looked_after_from' (expected as 'LAC Start Date'): 100 % dates, same place." in told
    assert 'sex: ["Gender", "M/F"]; looked_after_from: ["LAC Start Date", "From"])' in told


def test_a_column_that_went_to_another_place_under_another_name_is_known_by_its_name() -> None:
    rows = [[*row[:7], *row[8:], row[7]] for row in children(looked_after_from="LAC Startdate")]
    assert (
        "'LAC Startdate' looks like 'looked_after_from' (expected as 'LAC Start Date'): 100 % dates, a like name."
        in (refusal(rows))
    )


def test_two_candidates_that_are_as_likely_are_both_named_and_no_alias_is_given() -> None:
    rows = [[*row[:7], row[7], row[7], *row[8:]] for row in children(looked_after_from="Start")]
    rows[0][8] = "Starts"
    told = refusal(rows)
    assert "'looked_after_from' (expected as 'LAC Start Date') may be 'Start' or 'Starts': we can't tell which." in told
    assert "gets, under" not in told


def test_cells_of_another_kind_speak_against_a_column_of_a_like_name() -> None:
    rows = children(looked_after_from="LAC Start Dates")
    for row in rows[1:]:
        row[7] = "North team"
    told = refusal(rows)
    assert "Nothing there looks like 'looked_after_from' (expected as 'LAC Start Date')." in told
    assert "North team" not in told


def test_a_column_left_out_is_told_plainly() -> None:
    at = list(CHILDREN.columns).index("disabled")
    assert refusal([[*row[:at], *row[at + 1 :]] for row in children()]) == (
        "FILE-002: a column is missing: 'Disability'. Where: sent.csv, line 1. "
        "To mend: give the columns their agreed headings, or tell us the new ones. " + STANDS
    )


def test_a_file_without_headings_shows_nothing_of_its_first_row() -> None:
    told = refusal(children()[1:])
    assert "Unknown" not in told
    assert "S0000" not in told
    assert "line" not in told
    assert told.startswith("FILE-002: 14 columns are missing: 'Swift No', 'SCN', ")


def test_a_word_that_happens_to_be_a_heading_does_not_make_a_row_of_data_a_heading_row() -> None:
    by = next(
        one
        for supplier in suppliers().values()
        for delivery in supplier.deliveries
        for _, one in delivery.layouts
        if one.name == "carefirst_csv"
    )
    assert by.tables["carers"].columns["carer_source"] == "Agency"
    row = {"carer_ref": "K1234", "carer_source": "Agency", "approval_kind": "Foster", "enquiry_on": "01-Feb-2010"}
    with pytest.raises(FileRefused) as refused:
        mapped(written(by.tables["carers"], row, row)[1:], by, "carers")
    assert "K1234" not in str(refused.value)
    assert "2010" not in str(refused.value)


def test_a_second_heading_agreed_for_a_column_is_taken_and_noted() -> None:
    by = with_changes(SWIFT, "children", aliases={"child_ref": ("Swift Number",)})
    table = mapped(children(child_ref=" swift_NUMBER "), by, "children")
    assert table.frame["child_ref"].tolist()[:2] == ["S0000", "S0001"]
    assert table.notes == ("'swift_NUMBER' is read for 'Swift No'",)
    assert mapped(children(), by, "children").notes == ()


def test_two_headings_of_one_column_refuse_the_file() -> None:
    by = with_changes(SWIFT, "children", aliases={"child_ref": ("Swift Number",)})
    rows = [[*row, "x"] for row in children()]
    rows[0][-1] = "Swift Number"
    assert refusal(rows, by) == (
        "FILE-017: two headings of one column are there: 'Swift No' and 'Swift Number' both stand for 'child_ref', "
        "so we can't tell which is meant. Where: sent.csv, line 1. "
        "To mend: keep one of the two columns and send the file again."
    )


def test_a_heading_that_stands_twice_refuses_the_file() -> None:
    rows = [[*row, "x"] for row in children()]
    rows[0][-1] = "swift no"
    assert refusal(rows) == (
        "FILE-003: a heading stands twice: 'Swift No', so we can't tell which column is meant. "
        "Where: sent.csv, line 1. To mend: remove or rename one of the two columns and send the file again."
    )


def test_two_columns_whose_headings_were_exchanged_refuse_the_file() -> None:
    rows = children()
    born, sex = (rows[0].index(CHILDREN.columns[name]) for name in ("date_of_birth", "sex"))
    rows[0][born], rows[0][sex] = rows[0][sex], rows[0][born]
    assert refusal(rows) == (
        "FILE-018: 'Date of Birth' and 'Gender' look exchanged: hardly a cell of either can be read as what it should "
        "be, and each could be read as the other. Where: sent.csv. To mend: put each heading over its own column and "
        "send the file again. The former one stays in force."
    )


def test_a_heading_in_a_message_is_one_short_line() -> None:
    told = refusal(children(looked_after_from='LAC "Start"\n' + "Date " * 100))
    assert "\n" not in told
    assert "LAC 'Start' Date" in told
    assert len(told) < 1200


def test_a_column_of_the_suppliers_own_is_carried_along_and_is_no_contract_column() -> None:
    by = with_changes(SWIFT, "children", echo="Case Worker", ignored=())
    rows = [[*row, "worker one"] for row in children()]
    rows[0][-1] = " case worker"
    rows.append(["", *[""] * (len(rows[0]) - 2), "worker two"])
    table = mapped(rows, by, "children")
    assert table.echo is not None
    assert table.echo.to_pylist() == ["worker one"] * 20
    assert table.echo_heading == "case worker", "as the file spells it"
    assert len(table.frame) == table.rows_read == 20
    assert "worker one" not in table.frame.to_csv()
    assert list(table.frame) == list(table.contract.column_names)
    assert set(table.text) <= set(table.contract.column_names)
    assert mapped(children(), by, "children").notes == (
        "your own column 'Case Worker' isn't there, so it isn't carried back",
    )
