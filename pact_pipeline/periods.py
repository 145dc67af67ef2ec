"""Reporting periods: a month (`2012-08`), a quarter (`2012-Q3`), a courts' year (`FY2011-12`) and a CLAS year (`CLAS2012`).

A courts' year runs from April to March, a CLAS year from August to 31 July and is named by the year it ends in
(definitions#what-is-collected).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT_MONTH_NAMES = tuple(name[:3].lower() for name in MONTH_NAMES)
"""As files and cells spell them, in small letters. Not by the machine's locale, as the names above."""


@total_ordering
@dataclass(frozen=True)
class Period:
    """A time from `first_day` to `last_day`, both included, with the key by which ledger and files know it."""

    key: str
    first_day: date
    last_day: date

    def __lt__(self, other: "Period") -> bool:
        return (self.last_day, self.first_day) < (other.last_day, other.first_day)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def parse(cls, key: str) -> "Period":
        """The period a key names. Raises ValueError for a key that names none."""
        if (m := re.fullmatch(r"(\d{4})-(\d{2})", key)) and 1 <= int(m[2]) <= 12:
            return month(int(m[1]), int(m[2]))
        if m := re.fullmatch(r"(\d{4})-Q([1-4])", key):
            year, last_month = int(m[1]), 3 * int(m[2])
            return cls(key, date(year, last_month - 2, 1), _month_end(year, last_month))
        if m := re.fullmatch(r"FY(\d{4})-(\d{2})", key):
            year = int(m[1])
            if int(m[2]) == (year + 1) % 100:
                return cls(key, date(year, 4, 1), date(year + 1, 3, 31))
        if m := re.fullmatch(r"CLAS(\d{4})", key):
            year = int(m[1])
            return cls(key, date(year - 1, 8, 1), date(year, 7, 31))
        raise ValueError(f"'{key}' is not a period: write 2012-08, 2012-Q3, FY2011-12 or CLAS2012")


def month(year: int, number: int) -> Period:
    return Period(f"{year}-{number:02d}", date(year, number, 1), _month_end(year, number))


def months(first: Period, last: Period) -> list[Period]:
    """All months from `first` to `last`, both included."""
    start = first.first_day.year * 12 + first.first_day.month - 1
    stop = last.first_day.year * 12 + last.first_day.month - 1
    return [month(n // 12, n % 12 + 1) for n in range(start, stop + 1)]


def periods_within(every: str, first_day: date, last_day: date) -> list[Period]:
    """All periods of a kind (month, quarter, financial_year, clas_year) that begin and end within two days."""
    found = []
    for year in range(first_day.year - 1, last_day.year + 2):
        keys = {
            "month": [f"{year}-{number:02d}" for number in range(1, 13)],
            "quarter": [f"{year}-Q{number}" for number in range(1, 5)],
            "financial_year": [f"FY{year}-{(year + 1) % 100:02d}"],
            "clas_year": [f"CLAS{year}"],
        }[every]
        found += [Period.parse(key) for key in keys]
    return [period for period in found if first_day <= period.first_day and period.last_day <= last_day]


def _month_end(year: int, number: int) -> date:
    return date(year, number, calendar.monthrange(year, number)[1])


def day_in_words(day: date) -> str:
    """`5 March 2013`."""
    return f"{day.day} {month_in_words(day)}"


def month_in_words(day: date) -> str:
    """`March 2013`."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"
