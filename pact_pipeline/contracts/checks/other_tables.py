"""Rows of a table of the submission judged before: is the person there, and what does it say of the day?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pact_pipeline.contracts.checks.kinds import Person, RowOutcome, TableOutcome, When, holds, kind, table_kind
from pact_pipeline.contracts.checks.shared import (
    FAR_AHEAD,
    Places,
    as_key,
    day_number,
    from_table,
    later_by,
    places_there,
    recent,
    same_groups,
    settled,
    unless,
    within,
)
from pact_pipeline.contracts.context import Context, Mask, Rows


@kind(columns="columns", table="table", matching="plain", when="when")
def in_table(
    rows: Rows,
    context: Context,
    columns: Sequence[str],
    table: str,
    matching: Sequence[str] | None = None,
    when: When | None = None,
) -> Mask:
    """The row's reference is among the taken rows of another table of the submission (`matching`: its names there)."""
    there = context.table(table)
    names = list(matching or columns)
    if len(columns) == 1:
        places, words = rows.words(columns[0])
        known = set(there.words(names[0])[1])
        found = np.array([word in known for word in words] + [True], dtype=bool)[places]
    else:
        mine = pd.MultiIndex.from_frame(rows.frame[list(columns)])
        found = mine.isin(pd.MultiIndex.from_frame(there.frame[names])) | rows.frame[list(columns)].isna().any(axis=1)
    return unless(rows, when, np.asarray(found, dtype=bool))


@kind(column="date", by="person", table="table", other="other", where="where", when="when")
def not_before_in_table(
    rows: Rows,
    context: Context,
    column: str,
    table: str,
    other: str,
    by: Person = "child_ref",
    slack_days: int = 0,
    where: When | None = None,
    when: When | None = None,
    recent_days: int | None = None,
) -> RowOutcome:
    """The date is on or after the earliest `other` date of the same person in a table judged before.

    `where` narrows the rows of that table. A person without a row there passes. `recent_days` as in `at_most_days`.
    """
    days, bound = rows.dates(column), from_table(rows, context, by, table, other, where)
    known = ~np.isnat(days) & ~np.isnat(bound) & recent(rows, context, column, recent_days)
    looked = within(rows, when, known)
    return RowOutcome(~(looked & (later_by(days, slack_days) < bound)), looked)


@kind(column="date", by="person", table="table", start="other", end="other", when="when")
def within_a_spell(
    rows: Rows,
    context: Context,
    column: str,
    table: str,
    start: str,
    end: str,
    by: Person = "child_ref",
    slack_days: int = 0,
    when: When | None = None,
) -> RowOutcome:
    """The date lies in one of the person's spells in a table judged before, with `slack_days` after its end.

    It is enough to look at the last spell begun by then, as a person's spells don't overlap. A person without any
    passes.
    """
    judged, spell, ends, _ = spell_on(rows, context, column, table, start, end, by)
    days = day_number(rows.dates(column))
    passes = ~judged
    inside = spell >= 0
    passes[inside] = ~judged[inside] | (days[inside] <= ends[spell[inside]] + slack_days)
    return RowOutcome(unless(rows, when, passes), within(rows, when, judged))


def spell_on(
    rows: Rows, context: Context, column: str, table: str, start: str, end: str, by: Person
) -> tuple[Mask, Places, Places, Places]:
    """Which rows have a date and a person with spells in a table judged before; the number of the person's last spell
    begun by that date (-1 where none was); and the last and first days of all spells as numbers.
    """
    there, by = context.table(table), as_key(by)
    key = ("spells", table, start, end, by)
    if key not in context.memo:
        owners = there.words(by)[0]
        begun = np.flatnonzero((owners >= 0) & ~np.isnat(there.dates(start)))
        starts = owners[begun] * FAR_AHEAD + day_number(there.dates(start)[begun])
        begun = begun[np.argsort(starts, kind="stable")]
        ends = there.dates(end)[begun]
        context.memo[key] = (
            np.sort(starts),
            owners[begun],
            np.where(np.isnat(ends), FAR_AHEAD, day_number(ends)),
            day_number(there.dates(start)[begun]),
        )
    starts, owners, last_days, first_days = context.memo[key]
    mine = places_there(rows, there, by)
    judged = np.asarray((mine >= 0) & ~np.isnat(rows.dates(column)) & np.isin(mine, owners))
    days = day_number(rows.dates(column)[judged])
    spell = np.full(len(rows), -1, dtype=np.int64)
    found = np.searchsorted(starts, mine[judged] * FAR_AHEAD + days, side="right") - 1
    own = (found >= 0) & (owners[found] == mine[judged])
    spell[judged] = np.where(own, found, -1)
    return judged, spell, last_days, first_days


@kind(by="column", table="table", where="where", other_by="other", when="when", date="date")
def has_row_in_table(
    rows: Rows,
    context: Context,
    by: str,
    table: str,
    where: When,
    other_by: str | None = None,
    when: When | None = None,
    date: str | None = None,
    days: int = 0,
    known_only: bool = False,
) -> RowOutcome:
    """The row's person or household has a row in a table judged before for which `where` holds (by `other_by` there).

    With `date` only rows are looked at whose date is at least `days` before the end of the period: what should follow
    has had its time. With `known_only` the person must be in that table at all: being unknown is told elsewhere.
    """
    looked = rows.readable(by) & settled(rows, context, date, days)
    if known_only:
        looked &= _is_among(rows, by, _having(context, table, other_by or by, {}))
    looked = within(rows, when, looked)
    return RowOutcome(~looked | _is_among(rows, by, _having(context, table, other_by or by, where)), looked)


@kind(by="column", table="table", where="where", person="column", when="when")
def has_row_if_flagged(
    rows: Rows,
    context: Context,
    by: str,
    table: str,
    where: When,
    person: str,
    people: str,
    flagged: When,
    when: When | None = None,
) -> RowOutcome:
    """As `has_row_in_table`, asked only of rows whose `person` has a row in the table `people` for which `flagged` holds,
    and whose household is in `table` at all.
    """
    known = rows.readable(by) & _is_among(rows, by, _having(context, table, by, {}))
    looked = within(rows, when, known & _is_among(rows, person, _having(context, people, person, flagged)))
    return RowOutcome(~looked | _is_among(rows, by, _having(context, table, by, where)), looked)


@kind(column="date", by="person", table="table", other="other", where="where", when="when")
def not_after_in_table(
    rows: Rows,
    context: Context,
    column: str,
    table: str,
    other: str,
    by: Person = "child_ref",
    slack_days: int = 0,
    where: When | None = None,
    when: When | None = None,
) -> RowOutcome:
    """The date is on or before the earliest `other` date of the same person in a table judged before, or at most
    `slack_days` after it. `where` narrows the rows of that table. A person without a row there passes.
    """
    days, bound = rows.dates(column), from_table(rows, context, by, table, other, where)
    looked = within(rows, when, ~np.isnat(days) & ~np.isnat(bound))
    return RowOutcome(~(looked & (days > later_by(bound, slack_days))), looked)


@kind(columns="group", when="when")
def pair_in_tables(
    rows: Rows, context: Context, columns: Sequence[str], tables: Sequence[str], when: When | None = None
) -> Mask:
    """The columns together, child and household say, are in a row of one of the tables judged before."""
    found = rows.group(columns) < 0
    for name in tables:
        mine, theirs = same_groups(rows, context.table(name), columns)
        found |= (mine >= 0) & np.isin(mine, theirs)
    return unless(rows, when, np.asarray(found))


@table_kind(table="table", by="person", where="where", other="other", needs="when")
def people_have_rows(
    rows: Rows,
    context: Context,
    table: str,
    where: When,
    by: Person = "child_ref",
    needs: When | None = None,
    other: str | None = None,
    days: int = 0,
) -> TableOutcome:
    """Each person with a row in another table for which `where` holds has a row here for which `needs` holds.

    With `other` only rows there are looked at whose date is at least `days` before the end of the period.
    """
    there, by = context.table(table), as_key(by)
    places, names = there.words(by)
    asked = holds(there, where) & settled(there, context, other, days) & (places >= 0)
    people = {names[place] for place in np.unique(places[asked]).tolist()}
    own, own_names = rows.words(by)
    have = np.unique(own[holds(rows, needs) & (own >= 0)] if needs else own[own >= 0])
    missing = people - {own_names[place] for place in have.tolist()}
    gone = pd.DataFrame({by: pd.array(sorted(missing), dtype="str")}) if missing else None
    return TableOutcome(len(people), len(missing), passes=not missing, former_rows=gone)


def _having(context: Context, table: str, by: str, where: When) -> frozenset[str]:
    """The people of a table judged before with a row for which the condition holds."""
    key = ("having", table, by, repr(where))
    if key not in context.memo:
        there = context.table(table)
        places, names = there.words(by)
        having = np.unique(places[holds(there, where) & (places >= 0)])
        context.memo[key] = frozenset(names[place] for place in having.tolist())
    found: frozenset[str] = context.memo[key]
    return found


def _is_among(rows: Rows, by: str, people: frozenset[str]) -> Mask:
    places, names = rows.words(by)
    return np.array([name in people for name in names] + [False], dtype=bool)[places]
