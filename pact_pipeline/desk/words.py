"""Contracts in plain words: types, bounds, periods, severities, as template, dictionary and catalogue all say them."""

import re
from collections.abc import Mapping

from pact_pipeline.contracts.model import Column, Contract, Span
from pact_pipeline.periods import day_in_words

TYPES: Mapping[str, str] = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "date": "date",
    "boolean": "yes or no",
    "timestamp": "moment",
}
EVERY: Mapping[str, str] = {
    "month": "every month",
    "quarter": "every quarter",
    "financial_year": "every year, April to March",
    "clas_year": "every year, August to July",
    "build": "with every build",
}
# What a finding does, first in few words, then in full.
SEVERITIES: Mapping[str, tuple[str, str]] = {
    "refuse_file": ("Delivery refused", "Nothing of the delivery is taken; the one before stays in force."),
    "hold": (
        "Delivery held",
        "A person at the programme office decides; until then the delivery before stays in force.",
    ),
    "refuse": ("Row refused", "The row isn't taken; the others are."),
    "warn": ("Warning", "The row is taken, and you are told."),
}
COLLECTIONS: Mapping[str, str] = {
    "councils": "Councils: the monthly return",
    "courts": "Courts",
    "clas": "Children Looked After Statistics",
    "health": "Health",
    "programme": "The programme's own records",
    "core": "The core data set",
    "measures": "Measures",
    "reference": "Reference",
}
SUPPLIED = ("councils", "courts", "clas", "health", "programme")


def type_in_words(column: Column) -> str:
    """`date`, `whole number`, `one of 7 words` …"""
    return f"one of {len(column.codes)} words" if column.codes else TYPES[column.type]


def bounds_in_words(column: Column) -> str:
    """What a value must keep to beside its type: `0 to 1,000`; empty where there is nothing."""
    parts = []
    if column.minimum is not None and column.maximum is not None:
        parts.append(f"{column.minimum:,.10g} to {column.maximum:,.10g}")
    elif column.minimum is not None:
        parts.append(f"{column.minimum:,.10g} or more")
    elif column.maximum is not None:
        parts.append(f"at most {column.maximum:,.10g}")
    if column.pattern:
        parts.append(pattern_in_words(column.pattern))
    if column.max_length:
        parts.append(f"at most {column.max_length} characters")
    if column.shorthand:
        parts.append("or a sign such as [c] where the figure can't be given")
    return ", ".join(parts)


def span_in_words(span: Span) -> str:
    """`from 1 April 2013`, `until 31 March 2014`, both, or nothing where it has no ends."""
    since = f"from {day_in_words(span.since.first_day)}" if span.since else ""
    until = f"until {day_in_words(span.until.last_day)}" if span.until else ""
    return " ".join(filter(None, (since, until)))


def pattern_in_words(pattern: str) -> str:
    r"""`\d{9}` as `9 digits`, `FY\d{4}-\d{2}` as `written like FY0000-00, a digit for each 0`."""
    if alone := re.fullmatch(r"\\d\{(\d+)\}", pattern):
        return f"{alone[1]} digits"
    shown = re.sub(r"\\d(?:\{(\d+)\})?", lambda found: "0" * int(found[1] or 1), pattern)
    if re.search(r"[\\\[\](){}*+?|^$]", shown):
        return "of an agreed form: see the example"
    return f"written like {shown}, a digit for each 0"


def due_in_words(contract: Contract) -> str:
    """When the table is due."""
    if contract.due_day is None:
        return "no due day"
    return f"due {contract.due_day} days after the period's last day"
