"""Dates by a layout's formats, strictly: 31/02/2016 is no date, and neither is 1/2/12 where four digits are agreed.

Of the whole column at once. pyarrow's own strptime turns 31 February into 2 March, so the parts are taken by a pattern
and put together here, where the length of each month is known.
"""

import re
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.failures import ContractBroken

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_NAMES = pa.array((*MONTHS, *LONG_MONTHS))
_MONTH_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
# 12/03/0012 is no date to anybody. What is merely unlikely is for the contract's rules to find.
FIRST_YEAR, LAST_YEAR = 1800, 2200
# Day 1 of a spreadsheet is 1 January 1900, and it counts a 29 February 1900 that never was.
_SPREADSHEET_EPOCH = np.datetime64("1899-12-30", "D")
_FIRST_SERIAL, _LAST_SERIAL = 61, 73050

_DIRECTIVES = {
    "d": r"(?P<day>\d{2})",
    "m": r"(?P<month>\d{2})",
    "-d": r"(?P<day>\d{1,2})",
    "-m": r"(?P<month>\d{1,2})",
    "Y": r"(?P<year>\d{4})",
    "y": r"(?P<short>\d{2})",
    "b": r"(?P<name>[A-Za-z]{3})",
    "B": r"(?P<name>[A-Za-z]{3,9})",
    "H": r"\d{1,2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "f": r"\d{1,6}",
}


@lru_cache(maxsize=256)
def date_pattern(date_format: str) -> str:
    """The regular expression of a format. Day and month may lack their leading zero where a sign parts them."""
    pattern = ""
    pieces = re.split(r"%(-?[A-Za-z])", date_format)
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            pattern += re.escape(piece)
            continue
        directive = f"-{piece}" if piece in ("d", "m") and _is_parted(pieces, place) else piece
        if directive not in _DIRECTIVES:
            raise ContractBroken("CON-06", f"a date format has %{piece}, which tells no day", where=date_format)
        pattern += _DIRECTIVES[directive]
    return f"^{pattern}$"


def _is_parted(pieces: list[str], place: int) -> bool:
    """Whether something other than a digit stands on both sides of the part: %Y%m%d needs its zeros."""
    before = place == 1 or pieces[place - 1] != ""
    after = place + 2 >= len(pieces) or pieces[place + 1] != ""
    return before and after


def parse_dates(text: pa.Array, formats: tuple[str, ...]) -> pa.Array:
    """Dates (date32) of texts; null where none of the formats fits or there is no such day. Null text stays null."""
    parsed = pa.nulls(len(text), pa.date32())
    for date_format in formats:
        if parsed.null_count == text.null_count:
            break
        found = _serial(text) if date_format == "serial" else _parse(text, date_format)
        parsed = found if parsed.null_count == len(parsed) else pc.coalesce(parsed, found)
    return parsed


def _parse(text: pa.Array, date_format: str) -> pa.Array:
    pattern = date_pattern(date_format)
    parts = pc.extract_regex(text, pattern)
    names = {field.name for field in parts.type}

    def number(name: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
        part = pc.struct_field(parts, name)
        return np.asarray(pc.fill_null(pc.cast(part, pa.int64()), 0))

    if "year" in names:
        years = number("year")
    else:
        short = number("short")
        years = np.where(short < 69, 2000 + short, 1900 + short)
    days = number("day")
    if "name" in names:
        lowered = pc.utf8_lower(pc.struct_field(parts, "name"))
        months = np.asarray(pc.fill_null(pc.index_in(lowered, _MONTH_NAMES), -1)).astype(np.int64) % 12 + 1
        unknown = np.asarray(pc.fill_null(pc.is_in(lowered, _MONTH_NAMES), False))
        months = np.where(unknown, months, 0)
    else:
        months = number("month")
    real = np.asarray(parts.is_valid()) & (months >= 1) & (months <= 12) & (days >= 1)
    real &= (years >= FIRST_YEAR) & (years <= LAST_YEAR)
    safe_months = np.where(real, months, 1)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    real &= days <= _MONTH_LENGTHS[safe_months] + (leap & (safe_months == 2))
    since_1970 = (np.where(real, years, 1970) - 1970) * 12 + safe_months - 1
    dates = since_1970.astype("datetime64[M]").astype("datetime64[D]") + np.where(real, days, 1) - 1
    return pa.array(dates, pa.date32(), mask=~real)


def _serial(text: pa.Array) -> pa.Array:
    """A spreadsheet's day numbers; from March 1900, since earlier ones count a day that never was."""
    whole = pc.if_else(pc.match_substring_regex(text, r"^\d{1,5}$"), text, None)
    numbers = np.asarray(pc.fill_null(pc.cast(whole, pa.int64()), 0))
    real = (numbers >= _FIRST_SERIAL) & (numbers <= _LAST_SERIAL)
    return pa.array(_SPREADSHEET_EPOCH + np.where(real, numbers, 0), pa.date32(), mask=~real)
