"""Dates by a layout's formats, strictly: 31/02/2016 is no date, and neither is 1/2/12 where four digits are agreed.

A column that is written in another form throughout is read by it and told, if the form can't be mistaken; a column that
could be meant as month/day is a doubt, for a person to decide. Of the whole column at once. pyarrow's own strptime turns
31 February into 2 March, so the parts are taken by a pattern and put together here, where the length of each month is
known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.failures import ContractBroken
from pact_pipeline.intake.reading.ambiguity import Ambiguity, Reading
from pact_pipeline.periods import MONTH_NAMES, SHORT_MONTH_NAMES, day_in_words

_MONTH_NAMES = pa.array((*SHORT_MONTH_NAMES, *(name.lower() for name in MONTH_NAMES)))
_MONTH_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
# 12/03/0012 is no date to anybody. What is merely unlikely is for the contract's rules to find.
FIRST_YEAR, LAST_YEAR = 1800, 2200
# Day 1 of a spreadsheet is 1 January 1900, and it counts a 29 February 1900 that never was.
_SPREADSHEET_EPOCH = np.datetime64("1899-12-30", "D")
_FIRST_SERIAL, _LAST_SERIAL = 61, 73050

MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y")
DATE_FORMATS = (
    "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%y", "%d/%m/%y",
    "%Y%m%d", "%Y/%m/%d", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S",
)  # fmt: skip
"""The forms that suppliers write, the day before the month where either could be first: the commonest first."""
# Forms that can't be read in two ways, and how they are told.
UNMISTAKABLE = {
    "%Y-%m-%d": "year-month-day",
    "%Y%m%d": "eight digits, the year first",
    "%d-%B-%Y": "day-month-year, the month as a word",
    "%d %B %Y": "day month year, the month as a word",
    "%Y/%m/%d": "year/month/day",
}
# From this share of cells that another form reads where the agreed one reads none, the column is written in it. The
# others stay unreadable.
_OTHER_FORM = 0.9
# Where a few cells are mistyped: so large a share must be dates the other way round, and so few as agreed beside them.
_NEARLY_ALL, _FAR_FEWER = 0.95, 0.8
# A time beside the date. With a time zone the day itself would be a matter of opinion, so that isn't read.
_TIME = r"^(\S.*?)(T| +)\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?$"
_MIDNIGHT = r"(T| +)(0{1,2}:00(:00([.,]0+)?)?|12:00(:00)? ?[Aa][Mm])$"
_DAY_FIRST, _MONTH_FIRST = "day/month", "month/day"

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


@dataclass(frozen=True)
class DatesRead:
    """A column of dates (date32), null where it could not be read. `notes` say what was decided on the way."""

    values: pa.Array
    notes: tuple[str, ...] = ()
    ambiguity: Ambiguity | None = None


def read_dates(
    text: pa.Array,
    formats: tuple[str, ...],
    choice: str,
    where: str,
    heading: str,
    decided: Mapping[str, str] | None = None,
    native: pa.Array | None = None,
    serials: pa.Array | None = None,
) -> DatesRead:
    """Dates of a column, by the agreed formats and what its cells prove. Null text is an empty cell.

    `choice` names the doubt (`dates:children`, one for all dates of a table: who writes the month first in one column
    does so in all), `where` the file and column, safe to show. `native` are the dates that a workbook keeps as such,
    `serials` the numbers that would be days of its calendar.
    """
    held = text if native is None else pc.if_else(native.is_valid(), None, text)
    told: tuple[str, ...] = ()
    if chosen := (decided or {}).get(choice):
        told = (f"'{heading}': read as {chosen}, as a person decided",)
        formats = tuple(_as_chosen(agreed, chosen) for agreed in formats)
    values = parse_dates(held, formats)
    if values.null_count == held.null_count:
        return DatesRead(values if native is None else pc.coalesce(native, values), told)
    read = _beyond_the_formats(held, values, formats, choice, where, heading, decided or {}, serials)
    values = read.values if native is None else pc.coalesce(native, read.values)
    return DatesRead(values, (*told, *read.notes), read.ambiguity)


def _beyond_the_formats(
    text: pa.Array,
    values: pa.Array,
    formats: tuple[str, ...],
    choice: str,
    where: str,
    heading: str,
    decided: Mapping[str, str],
    serials: pa.Array | None,
) -> DatesRead:
    """What the agreed formats leave: times beside the date, days as numbers, another form throughout."""
    notes: list[str] = []
    left = _left(text, values)
    if serials is not None:
        days = pc.if_else(left, serials, None)
        if found := _count(days):
            notes.append(
                f"'{heading}': {_cells(found)} without a date's format read as days of the workbook's calendar"
            )
            values = pc.coalesce(values, days)
            left = _left(text, values)
    timed = pc.fill_null(pc.and_(left, pc.match_substring_regex(text, _TIME)), False)
    if pc.any(timed).as_py():
        without = pc.if_else(timed, pc.replace_substring_regex(text, _TIME, r"\1"), text)
        days = pc.if_else(timed, parse_dates(without, formats), None)
        if found := _count(days):
            late = _count(pc.if_else(pc.match_substring_regex(text, _MIDNIGHT), None, days))
            notes.append(
                f"'{heading}': {_cells(found)} with a time of day beside the date; the time was left out"
                + (f" ({_cells(late)} with another time than midnight)" if late else "")
            )
        values = pc.coalesce(values, days)
        text = without
        left = _left(text, values)
    filled = len(text) - text.null_count
    if not pc.any(left).as_py():
        return DatesRead(values, tuple(notes))
    for other, words in UNMISTAKABLE.items():
        if other in formats:
            continue
        days = parse_dates(text, (other,))
        found = _count(days)
        if found == filled or (not _count(values) and found >= _OTHER_FORM * filled):
            notes.append(f"'{heading}': {_cells(found)} read as {words}, not in the agreed form")
            return DatesRead(days, tuple(notes))
    return _month_first(text, values, formats, choice, where, decided, tuple(notes))


def _month_first(
    text: pa.Array,
    values: pa.Array,
    formats: tuple[str, ...],
    choice: str,
    where: str,
    decided: Mapping[str, str],
    notes: tuple[str, ...],
) -> DatesRead:
    """A doubt where day and month, taken the other way round, make a date of every cell, or of nearly every one and of
    far more than as agreed: a mistyped date must not hide that."""
    filled = len(text) - text.null_count
    known = _count(values)
    if decided.get(choice):
        return DatesRead(values, notes)
    for agreed in formats:
        other = _exchanged(agreed)
        if not other:
            continue
        days = parse_dates(text, (other,))
        found = _count(days)
        if found < filled and not (found >= _NEARLY_ALL * filled and known <= _FAR_FEWER * found):
            continue
        names = (_DAY_FIRST, _MONTH_FIRST) if agreed.startswith("%d") else (_MONTH_FIRST, _DAY_FIRST)
        example = int(np.flatnonzero(np.asarray(pc.and_(_left(text, values), days.is_valid())))[0])
        sample = text[example].as_py()
        ambiguity = Ambiguity(
            choice=choice,
            what=f"As {names[0]}, as agreed, {known:,} of {filled:,} dates can be read; as {names[1]} "
            f"{'all' if found == filled else f'{found:,}'} can.",
            where=where,
            readings=(
                Reading(names[0], f"{known:,} of {filled:,} dates; {sample} is none"),
                Reading(names[1], f"{found:,} of {filled:,} dates; {sample} is {day_in_words(days[example].as_py())}"),
            ),
        )
        return DatesRead(values, notes, ambiguity)
    return DatesRead(values, notes)


def _as_chosen(agreed: str, chosen: str) -> str:
    """The agreed format with day and month in the order a person chose."""
    first = _DAY_FIRST if agreed.startswith("%d") else _MONTH_FIRST
    return agreed if chosen == first else _exchanged(agreed) or agreed


def _exchanged(date_format: str) -> str:
    """The format with day and month in each other's place; empty where they can't be mistaken for one another."""
    if not re.match(r"^%[dm]\W%[dm]\W%[Yy]", date_format):
        return ""
    return date_format.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")


def _left(text: pa.Array, values: pa.Array) -> pa.Array:
    """The filled cells that are not read yet."""
    return pc.and_(text.is_valid(), values.is_null())


def _count(values: pa.Array) -> int:
    return int(len(values) - values.null_count)


def _cells(count: int) -> str:
    return f"{count:,} {'cell' if count == 1 else 'cells'}"


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
