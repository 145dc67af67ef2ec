"""What was expected where something is wrong, and by how much it differs: words for one finding on one row.

Agreed words are given as the supplier writes them, and the form of a date is the one in which the column's readable dates
are written, both learned from the very file.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts.model import NOT_IN_CODES, OUT_OF_RANGE, REPEATED_KEY, WRONG_TYPE, Column, Rule
from pact_pipeline.intake.feedback.text import listed
from pact_pipeline.intake.judging.judged_table import Found, JudgedTable
from pact_pipeline.intake.mapping.dates import DATE_FORMATS, MONTH_FIRST
from pact_pipeline.periods import Period

Places = npt.NDArray[np.int64]

_NONE: Places = np.empty(0, np.int64)
MOST_CODES = 20
MOST_LINES = 5
_A_DAY = date(2012, 8, 31)
_DATE_FORMS = (*DATE_FORMATS, *MONTH_FIRST, "%d%m%Y")


class Expected:
    """The words beside the message of a finding, for one judged table of one period."""

    def __init__(self, judged: JudgedTable, period: Period) -> None:
        self._judged, self._period = judged, period
        self._contract = judged.table.contract
        self._frame = judged.table.frame
        self._of_column: dict[tuple[str, str], str] = {}
        self._groups: dict[tuple[str, ...], dict[int, Places]] = {}
        self._numbered: dict[str, Places] = {}

    def words(self, found: Found, position: int) -> str:
        """What was expected, or what the row differs from; empty where the message says all there is to say."""
        code = found.words.code
        number = code.rpartition("-")[2]
        if number in (WRONG_TYPE, NOT_IN_CODES, OUT_OF_RANGE) and len(found.columns) == 1:
            return self._column_words(number, found.columns[0])
        if number == REPEATED_KEY:
            return self._others(position, self._contract.primary_key, "Same key on")
        rule = self._rules.get(code)
        if rule is None:
            return ""
        parts = [self._difference(rule, found.columns, position)]
        group = rule.arguments.get("group")
        if group and set(group) <= set(self._frame.columns):
            column = rule.arguments.get("column") if rule.check == "same_within" else None
            parts.append(self._others(position, tuple(group), "Compare with", column))
        return " ".join(filter(None, parts))

    def columns(self, found: Found, position: int) -> tuple[str, ...]:
        """The cells of the row to mark: of a rule about several dates, those that are too late."""
        rule = self._rules.get(found.words.code)
        if rule is not None and rule.check == "not_after_period_end":
            end = pd.Timestamp(self._period.last_day)
            late = tuple(name for name in found.columns if self._frame[name].iloc[position] > end)
            return late or found.columns
        return marked_columns(self._judged, found)

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        return {rule.code: rule for rule in self._contract.rules}

    # --- one column

    def _column_words(self, number: str, name: str) -> str:
        if (number, name) not in self._of_column:
            column = self._contract.column(name)
            make = {WRONG_TYPE: self._type_words, NOT_IN_CODES: self._code_words, OUT_OF_RANGE: _bounds}[number]
            self._of_column[number, name] = make(column)
        return self._of_column[number, name]

    def _type_words(self, column: Column) -> str:
        if column.type in ("date", "timestamp"):
            form = self._date_form(column.name)
            example = f" written like {_A_DAY.strftime(form)} (day 31, month 8, year 2012)" if form else ""
            return f"Expected: a day that exists{example}."
        if column.type == "integer":
            return "Expected: a whole number in digits."
        return "Expected: a number in digits." if column.type == "number" else ""

    def _date_form(self, name: str) -> str:
        """The form in which the column's readable dates are written, by the first two hundred of them."""
        text = self._judged.table.text.get(name)
        dates = self._frame[name]
        rows = np.flatnonzero(dates.notna().to_numpy())[:200]
        if text is None or not len(rows):
            return ""
        pairs = list(zip(_text(text, rows), dates.iloc[rows], strict=True))
        return next(
            (
                form
                for form in _DATE_FORMS
                if all(value.strip().casefold() == day.strftime(form).casefold() for value, day in pairs)
            ),
            "",
        )

    def _code_words(self, column: Column) -> str:
        theirs = self._their_words(column)
        shown = []
        for code in column.codes:
            word = theirs.get(code.code, code.code)
            meaning = "" if word.casefold().replace("_", " ") == code.meaning.casefold() else f" ({code.meaning})"
            shown.append(f"{word}{meaning}")
        return f"Expected one of: {listed(shown, MOST_CODES)}." if shown else ""

    def _their_words(self, column: Column) -> dict[str, str]:
        """The supplier's own word for each code that the file has."""
        text = self._judged.table.text.get(column.name)
        if text is None or not len(text):
            return {}
        encoded = pc.dictionary_encode(text)
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        places, first = np.unique(encoded.indices.to_numpy(zero_copy_only=False), return_index=True)
        codes, known = self._frame[column.name].iloc[first], set(column.code_words)
        words = encoded.dictionary.to_pylist()
        return {
            str(code): words[int(place)]
            for place, code in zip(places, codes, strict=True)
            if place == place and code in known and words[int(place)]  # a missing one is no number
        }

    # --- other rows

    def _others(self, position: int, group: tuple[str, ...], lead: str, column: str | None = None) -> str:
        """Which other lines have the same values in `group`; with `column`, those where it differs, and what they say."""
        alike = self._alike(group).get(position, _NONE)
        text = self._judged.table.text.get(column) if column else None
        if column and text is not None:
            values = self._values(column)
            alike = alike[values[alike] != values[position]]
        else:
            alike = alike[alike != position]
        if not len(alike):
            return ""
        shown = alike[:MOST_LINES]
        lines = self._judged.table.source_row[shown].tolist()
        if text is not None:
            said = listed([f"line {line} (“{value}”)" for line, value in zip(lines, _text(text, shown), strict=True)])
        else:
            said = ("line " if len(lines) == 1 else "lines ") + listed([str(line) for line in lines])
        rest = len(alike) - len(shown)
        return f"{lead} {said}{f' and {rest:,} more' if rest else ''}."

    def _values(self, column: str) -> Places:
        """A column's values by number: equal where the values are."""
        if column not in self._numbered:
            self._numbered[column] = pd.factorize(self._frame[column])[0]
        return self._numbered[column]

    def _alike(self, group: tuple[str, ...]) -> dict[int, Places]:
        """Position -> positions with the same values in `group`, for rows that aren't alone: rows of one group share one
        array, for a group can be the whole table."""
        if group not in self._groups:
            keys = list(group)
            places = np.flatnonzero(self._frame[keys].duplicated(keep=False) & self._frame[keys].notna().all(axis=1))
            numbers = self._frame[keys].iloc[places].groupby(keys, sort=False).ngroup().to_numpy()
            order = np.argsort(numbers, kind="stable")
            ends = np.flatnonzero(np.diff(numbers[order])) + 1
            found: dict[int, Places] = {}
            for members in np.split(places[order], ends):
                found.update(dict.fromkeys(members.tolist(), members))
            self._groups[group] = found
        return self._groups[group]

    # --- differences

    def _difference(self, rule: Rule, columns: tuple[str, ...], position: int) -> str:
        dates = [name for name in columns if self._contract.column(name).type == "date"]
        days: list[Any] = [self._frame[name].iloc[position] for name in dates]
        end = pd.Timestamp(self._period.last_day)
        if rule.check == "not_after_period_end":
            late = [(name, (day - end).days) for name, day in zip(dates, days, strict=True) if day > end]
            return " ".join(f"{self._judged.heading(name)} is {_days(late_by)} late." for name, late_by in late)
        if rule.check == "age_at_period_end" and dates:
            return f"Age then: {_age(days[0], end)}." if pd.notna(days[0]) else ""
        if len(dates) == 2 and len(columns) == 2 and all(pd.notna(day) for day in days):
            if rule.check.startswith("age"):
                return f"Age then: {_age(min(days), max(days))}."
            apart = (days[0] - days[1]).days
            first, second = (self._judged.heading(name) for name in dates)
            if not apart:
                return "They are the same day."
            return f"{first} is {_days(abs(apart))} {'after' if apart > 0 else 'before'} {second}."
        return ""


def marked_columns(judged: JudgedTable, found: Found) -> tuple[str, ...]:
    """The columns a finding is about: for a repeated key, the whole key."""
    contract = judged.table.contract
    return contract.primary_key if found.words.code == contract.finding_code(REPEATED_KEY) else found.columns


def _bounds(column: Column) -> str:
    parts: list[str] = []
    if column.minimum is not None and column.maximum is not None:
        parts.append(f"from {column.minimum:,.10g} to {column.maximum:,.10g}")
    elif column.minimum is not None:
        parts.append(f"{column.minimum:,.10g} or more")
    elif column.maximum is not None:
        parts.append(f"at most {column.maximum:,.10g}")
    if column.max_length is not None:
        parts.append(f"at most {column.max_length} signs")
    if column.pattern is not None and (digits := column.pattern.removeprefix(r"\d{").removesuffix("}")).isdigit():
        parts.append(f"{digits} digits")
    elif column.example is not None and not parts:
        parts.append(f"something like {column.example}")
    return f"Expected: {', '.join(parts)}." if parts else ""


def _text(text: Any, rows: Any) -> list[str]:
    return [value or "" for value in text.take(pa.array(rows, pa.int64())).to_pylist()]


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


def _age(born: pd.Timestamp, then: pd.Timestamp) -> int:
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))
