"""Dates by the agreed form, strictly."""

from datetime import date

import pyarrow as pa
import pytest

from pact_pipeline.failures import ContractBroken
from pact_pipeline.intake.mapping.dates import DatesRead, parse_dates, read_dates


def parsed(text: list[str | None], *formats: str) -> list[date | None]:
    dates: list[date | None] = parse_dates(pa.array(text, pa.string()), formats).to_pylist()
    return dates


def test_days_that_exist_are_read_and_days_that_do_not_are_not() -> None:
    text = ["29/02/2012", "29/02/2013", "31/02/2016", "31/04/2012", "00/01/2012", "01/13/2012", "31/12/1999"]
    expected = [date(2012, 2, 29), None, None, None, None, None, date(1999, 12, 31)]
    assert parsed(text, "%d/%m/%Y") == expected


def test_every_fourth_hundredth_year_alone_is_a_leap_year() -> None:
    text = ["29/02/1900", "28/02/1900", "29/02/2000", "01/03/2000", "29/02/2004"]
    assert parsed(text, "%d/%m/%Y") == [None, date(1900, 2, 28), date(2000, 2, 29), date(2000, 3, 1), date(2004, 2, 29)]


@pytest.mark.parametrize(
    ("short", "year"),
    [("00", 2000), ("12", 2012), ("30", 2030), ("31", 2031), ("68", 2068), ("69", 1969), ("99", 1999)],
)
def test_two_digits_are_a_year_of_the_hundred_that_begins_with_1969(short: str, year: int) -> None:
    """As POSIX has it."""
    assert parsed([f"01.02.{short}"], "%d.%m.%y") == [date(year, 2, 1)]


def test_the_first_and_the_last_month_and_day_are_read() -> None:
    text = ["01/01/2012", "31/12/2012", "30/11/2012", "31/11/2012", "01/00/2012"]
    assert parsed(text, "%d/%m/%Y") == [date(2012, 1, 1), date(2012, 12, 31), date(2012, 11, 30), None, None]


def test_a_leading_zero_may_be_missing_between_signs_but_not_in_a_run_of_digits() -> None:
    assert parsed(["1/2/2012"], "%d/%m/%Y") == [date(2012, 2, 1)]
    assert parsed(["2012021", "20120201"], "%Y%m%d") == [None, date(2012, 2, 1)]


@pytest.mark.parametrize(
    "text", ["01/02/12", "01-02-2012", "2012-02-01", "01/02/2012 ", "01/02/2012x", "12/03/0012", ""]
)
def test_what_is_not_in_the_agreed_form_is_no_date(text: str) -> None:
    assert parsed([text], "%d/%m/%Y") == [None]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("01-Feb-2012", "%d-%b-%Y", date(2012, 2, 1)),
        ("01-SEP-2012", "%d-%b-%Y", date(2012, 9, 1)),
        ("01-Foo-2012", "%d-%b-%Y", None),
        ("1 December 2012", "%d %B %Y", date(2012, 12, 1)),
        ("01.02.12", "%d.%m.%y", date(2012, 2, 1)),
        ("01.02.71", "%d.%m.%y", date(1971, 2, 1)),
        ("2012-02-01 00:00:00", "%Y-%m-%d %H:%M:%S", date(2012, 2, 1)),
        ("41122", "serial", date(2012, 8, 1)),
        ("7", "serial", None),
    ],
)
def test_forms_that_councils_write(text: str, form: str, expected: date | None) -> None:
    assert parsed([text], form) == [expected]


def test_the_first_form_that_fits_counts_and_empty_stays_empty() -> None:
    assert parsed(["01/02/2012", "2012-02-01", None], "%d/%m/%Y", "%Y-%m-%d") == [date(2012, 2, 1)] * 2 + [None]


def test_a_form_that_tells_no_day_is_a_broken_layout() -> None:
    with pytest.raises(ContractBroken):
        parsed(["032"], "%j")


# --- a column in another form than agreed


def column(*cells: str | None, agreed: tuple[str, ...] = ("%d/%m/%Y",), **options: object) -> DatesRead:
    text = pa.array(cells, pa.string())
    where = "children.csv, column 'DOB'"
    return read_dates(text, agreed, "dates:children", where, "DOB", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("2010-02-01", "2010-02-15", None), "year-month-day"),
        (("20100201", "20100215", None), "eight digits, the year first"),
        (("01-Feb-2010", "15-FEB-2010", None), "day-month-year, the month as a word"),
        (("1 Feb 2010", "15 February 2010", None), "day month year, the month as a word"),
        (("2010/02/01", "2010/02/15", None), "year/month/day"),
    ],
)
def test_a_column_throughout_in_another_form_that_cannot_be_mistaken_is_read_and_told(
    cells: tuple[str | None, ...], words: str
) -> None:
    read = column(*cells)
    assert read.values.to_pylist() == [date(2010, 2, 1), date(2010, 2, 15), None]
    assert (read.notes, read.ambiguity) == ((f"'DOB': 2 cells read as {words}, not in the agreed form",), None)


def test_a_few_bad_cells_of_such_a_column_stay_unreadable() -> None:
    read = column(*["2010-02-01"] * 19, "2010-02-31")
    assert read.values.null_count == 1
    assert read.notes == ("'DOB': 19 cells read as year-month-day, not in the agreed form",)


def test_a_column_of_two_forms_is_read_by_the_agreed_one_alone() -> None:
    mixed = column(*["2010-02-01"] * 19, "15/02/2010")
    assert (mixed.values.null_count, mixed.notes) == (19, ())
    read = column("01/02/2010", "2010-02-15")
    assert (read.values.to_pylist(), read.notes, read.ambiguity) == ([date(2010, 2, 1), None], (), None)


@pytest.mark.parametrize(
    ("time", "note"),
    [
        (" 00:00:00", "'DOB': 1 cell with a time of day beside the date; the time was left out"),
        (" 12:00:00 AM", "'DOB': 1 cell with a time of day beside the date; the time was left out"),
        (
            " 13:45",
            "'DOB': 1 cell with a time of day beside the date; the time was left out (1 cell with another time than midnight)",
        ),
    ],
)
def test_a_time_beside_the_date_is_left_out_and_told(time: str, note: str) -> None:
    read = column("01/02/2010", f"15/02/2010{time}")
    assert (read.values.to_pylist(), read.notes) == ([date(2010, 2, 1), date(2010, 2, 15)], (note,))


def test_a_timestamp_throughout_is_read_as_its_day() -> None:
    read = column("2010-02-01T00:00:00", "2010-02-15T00:00:00.000")
    assert read.values.to_pylist() == [date(2010, 2, 1), date(2010, 2, 15)]


@pytest.mark.parametrize(
    "cell", ["2010-02-01T23:00:00Z", "2010-02-01T00:00:00+01:00", "zz/05/2020", "01/02/10", "05/2010"]
)
def test_a_time_zone_a_part_of_a_date_and_two_digits_of_a_year_are_no_date(cell: str) -> None:
    read = column(cell, "01/02/2010")
    assert (read.values.to_pylist(), read.notes, read.ambiguity) == ([None, date(2010, 2, 1)], (), None)


def test_a_column_that_month_first_reads_whole_and_day_first_does_not_is_a_doubt() -> None:
    read = column("05/06/2010", "06/25/2010", "01/02/2010", None)
    assert read.values.to_pylist() == [date(2010, 6, 5), None, date(2010, 2, 1), None]
    assert str(read.ambiguity) == (
        "As day/month, as agreed, 2 of 3 dates can be read; as month/day all can. Where: children.csv, column 'DOB'. To "
        "decide: --reading dates:children=day/month or --reading dates:children=month/day"
    )
    assert read.ambiguity is not None
    assert [(one.name, one.shows) for one in read.ambiguity.readings] == [
        ("day/month", "2 of 3 dates; 06/25/2010 is none"),
        ("month/day", "3 of 3 dates; 06/25/2010 is 25 June 2010"),
    ]


def test_a_mistyped_date_does_not_hide_that_the_month_stands_first() -> None:
    cells = [f"{month:02d}/{day:02d}/2010" for month in range(1, 13) for day in (3, 14, 25)]
    ambiguity = column(*cells, "31/02/2012").ambiguity
    assert ambiguity is not None
    assert ambiguity.what == "As day/month, as agreed, 12 of 37 dates can be read; as month/day 36 can."


def test_a_mistyped_date_among_dates_as_agreed_is_no_doubt() -> None:
    cells = [f"{day:02d}/{month:02d}/2010" for month in range(1, 13) for day in (3, 14, 25)]
    assert column(*cells, "02/31/2012").ambiguity is None


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [("day/month", [date(2010, 6, 5), None]), ("month/day", [date(2010, 5, 6), date(2010, 6, 25)])],
)
def test_the_order_that_a_person_chose_is_used_and_told(chosen: str, expected: list[date | None]) -> None:
    read = column("05/06/2010", "06/25/2010", decided={"dates:children": chosen})
    assert (read.values.to_pylist(), read.ambiguity) == (expected, None)
    assert read.notes == (f"'DOB': read as {chosen}, as a person decided",)


def test_a_day_that_does_not_exist_in_either_order_is_no_doubt() -> None:
    read = column("05/06/2010", "06/25/2010", "31/02/2010")
    assert (read.values.null_count, read.ambiguity) == (2, None)


def test_dates_that_both_orders_read_are_read_as_agreed() -> None:
    assert column("05/06/2010").values.to_pylist() == [date(2010, 6, 5)]


def test_a_workbooks_own_dates_and_days_stand_beside_text() -> None:
    none = pa.nulls(1, pa.date32()).to_pylist()
    native = pa.array([date(2010, 2, 1), *none, *none], pa.date32())
    serials = pa.array([*none, *none, date(2010, 2, 28)], pa.date32())
    read = column("2010-02-01", "15/02/2010", "40237", native=native, serials=serials)
    assert read.values.to_pylist() == [date(2010, 2, 1), date(2010, 2, 15), date(2010, 2, 28)]
    assert read.notes == ("'DOB': 1 cell without a date's format read as days of the workbook's calendar",)
