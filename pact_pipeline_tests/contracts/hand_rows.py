"""Rows written by hand for the tests of single kinds of check, and what a kind says of them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pact_pipeline.contracts.checks import KINDS, TableOutcome
from pact_pipeline.contracts.context import Context, Rows
from pact_pipeline.periods import Period

AUGUST = Period.parse("2012-08")


def rows(**columns: list[Any]) -> Rows:
    frame = pd.DataFrame(columns, dtype=object)
    for name in frame:
        if frame[name].map(lambda value: isinstance(value, date) or value is None).all():
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
        elif frame[name].map(lambda value: isinstance(value, int) or value is None).all():
            frame[name] = frame[name].astype("Int64")
        else:
            frame[name] = frame[name].astype("str")
    return Rows(frame)


def beside(former: Rows | None = None, former_period: str = "2012-07", **accepted: Rows) -> Context:
    """A context in August 2012 with other tables of the submission and the own table (`own`) of the one before."""
    before = {} if former is None else {"own": former.frame}
    tables = {name: there.frame for name, there in accepted.items()}
    return Context(AUGUST, "GLG", "GLG", tables, former=before, former_period=Period.parse(former_period))


def own(*key: str) -> SimpleNamespace:
    """What a kind needs to know of its contract."""
    return SimpleNamespace(table="own", primary_key=key)


def said(kind: str, rows: Rows, context: Context, /, **arguments: Any) -> tuple[list[bool], list[bool]]:
    """Which rows pass, and which the kind could look at."""
    passes, examined = KINDS[kind].of_rows(rows, context, **arguments)
    assert (passes | examined).all(), "what a kind finds it has looked at"
    return passes.tolist(), examined.tolist()


def told(kind: str, rows: Rows, context: Context, /, **arguments: Any) -> TableOutcome:
    return KINDS[kind].of_whole(rows, context, **arguments)
