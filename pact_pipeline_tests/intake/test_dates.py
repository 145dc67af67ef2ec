"""Dates by the agreed form, strictly."""

from datetime import date

import pyarrow as pa
import pytest

from pact_pipeline.failures import ContractBroken
from pact_pipeline.intake.dates import parse_dates


def parsed(text: list[str | None], *formats: str) -> list[date | None]:
    dates: list[date | None] = parse_dates(pa.array(text, pa.string()), formats).to_pylist()
    return dates


def test_days_that_exist_are_read_and_days_that_do_not_are_not() -> None:
    text = ["29/02/2012", "29/02/2013", "31/02/2016", "31/04/2012", "00/01/2012", "01/13/2012", "31/12/1999"]
    expected = [date(2012, 2, 29), None, None, None, None, None, date(1999, 12, 31)]
    assert parsed(text, "%d/%m/%Y") == expected


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
