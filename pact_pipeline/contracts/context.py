"""What a rule may look at beside the row: the period, the supplier, and the tables of the submission already judged.

`Rows` gives the columns of one frame as plain arrays, each made once however many rules ask for it: on the many small
tables of a monthly run the making costs more than the comparing. The rules themselves belong to `checks`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import Period

Mask = npt.NDArray[np.bool_]
Array = npt.NDArray[Any]


class Rows:
    """One table's rows as arrays: dates as datetime64[us] with NaT, numbers as float64 with NaN, words as whole
    numbers.
    """

    def __init__(self, frame: pd.DataFrame, unreadable: Mapping[str, Mask] | None = None) -> None:
        self.frame, self.unreadable = frame, unreadable or {}
        self._words: dict[str | tuple[str, ...], tuple[npt.NDArray[np.int64], list[Any]]] = {}
        self._arrays: dict[str, Array] = {}
        self._filled: dict[str, Mask] = {}
        self._groups: dict[tuple[str, ...], npt.NDArray[np.int64]] = {}
        self._dtypes = dict(zip(frame.columns, frame.dtypes, strict=True))
        # What checks have worked out of these rows, so that five rules look it up once.
        self.memo: dict[Any, Any] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def dates(self, column: str) -> Array:
        """The dates of a column, NaT where empty."""
        if column not in self._arrays:
            self._arrays[column] = self.frame[column].to_numpy(dtype="datetime64[us]")
        return self._arrays[column]

    def numbers(self, column: str) -> Array:
        """The numbers of a column as float64, NaN where empty."""
        if column not in self._arrays:
            self._arrays[column] = self.frame[column].to_numpy(dtype="float64", na_value=np.nan)
        return self._arrays[column]

    def words(self, column: str | tuple[str, ...]) -> tuple[npt.NDArray[np.int64], list[Any]]:
        """The words of a column, each as its place in the list of different words; -1 where empty. Of several columns
        their combinations as tuples, for children whose reference is their council's own.
        """
        if column not in self._words:
            if not isinstance(column, str):
                self._words[column] = self._combinations(column)
                return self._words[column]
            self._words[column] = self._words_of(column)
        return self._words[column]

    def _words_of(self, column: str) -> tuple[npt.NDArray[np.int64], list[Any]]:
        """Text by arrow and numbers by numpy: half the time of pandas, which tells on many small tables."""
        dtype = self._dtypes[column]
        if isinstance(dtype, pd.StringDtype) and dtype.storage == "pyarrow":
            text: Any = pa.array(self.frame[column].array)
            encoded = (text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text).dictionary_encode()
            places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
            return places, encoded.dictionary.to_pylist()
        if dtype.kind == "M":
            places, days = pd.factorize(self.dates(column).view(np.int64))
            empty = np.flatnonzero(days == np.iinfo(np.int64).min)
            if len(empty):
                places = np.where(places == empty[0], -1, places - (places > empty[0]))
            return places, np.delete(days, empty).tolist()
        places, words = pd.factorize(self.frame[column])
        return places, words.to_numpy().tolist() if hasattr(words, "to_numpy") else list(words)

    def _combinations(self, columns: tuple[str, ...]) -> tuple[npt.NDArray[np.int64], list[Any]]:
        group = self.group(columns)
        known = np.flatnonzero(group >= 0)
        _, first, place = np.unique(group[known], return_index=True, return_inverse=True)
        places = np.full(len(group), -1, dtype=np.int64)
        places[known] = place
        listed = [self.words(column) for column in columns]
        cells = [[words[place] for place in places_[known[first]].tolist()] for places_, words in listed]
        return places, list(zip(*cells, strict=True))

    def empty(self, column: str) -> Mask:
        """True where the column is empty. A cell that holds something unreadable isn't empty."""
        kind = self._dtypes[column].kind
        if kind == "M":
            empty = np.isnat(self.dates(column))
        elif kind in "iuf":
            empty = np.isnan(self.numbers(column))
        else:
            empty = self.words(column)[0] < 0
        return np.asarray(empty & ~self.unreadable[column] if column in self.unreadable else empty)

    def filled(self, column: str) -> Mask:
        """True where the column holds something, readable or not."""
        if column not in self._filled:
            self._filled[column] = ~self.empty(column)
        return self._filled[column]

    def readable(self, column: str) -> Mask:
        """True where the column holds something of its type."""
        filled = self.filled(column)
        return filled & ~self.unreadable[column] if column in self.unreadable else filled

    def is_one_of(self, column: str, codes: Any) -> Mask:
        """True where the column holds one of the codes; False where empty."""
        if not codes:
            return np.zeros(len(self), dtype=bool)
        key = ("one of", column, tuple(codes))
        if key not in self.memo:
            places, words = self.words(column)
            wanted = set(codes)
            self.memo[key] = np.array([word in wanted for word in words] + [False], dtype=bool)[places]
        hit: Mask = self.memo[key]
        return hit

    def group(self, columns: Sequence[str]) -> npt.NDArray[np.int64]:
        """A number for each different combination of the columns; -1 where one of them is empty."""
        if tuple(columns) not in self._groups:
            self._groups[tuple(columns)] = self._group(columns)
        return self._groups[tuple(columns)]

    def _group(self, columns: Sequence[str]) -> npt.NDArray[np.int64]:
        group = np.zeros(len(self), dtype=np.int64)
        known = np.ones(len(self), dtype=bool)
        for column in columns:
            places, words = self.words(column)
            known &= places >= 0
            group = group * (len(words) + 1) + places
            if len(words) > 1 and len(columns) > 2:  # keep the numbers small however many columns there are
                group = pd.factorize(group)[0]
        return np.where(known, group, -1)


@dataclass
class Context:
    """Where a table's rows stand: which submission, and what of it is already taken.

    `accepted` holds the taken rows of the tables judged before (by table name, typed frames, contract columns).
    `unreadable` holds for each column the rows (True) whose cell had something in it that isn't of the column's type;
    the typed frame is empty there. `former` holds the taken rows of the supplier's submission before (by table name,
    as in `accepted`), which was of `former_period`: the same period if this is a correction, else an earlier one.
    `not_compared` are the columns of the table that is judged which can't be compared with it, as the layout of one of the
    two has no such column.
    """

    period: Period
    supplier: str
    council: str | None = None
    accepted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    unreadable: Mapping[str, Mask] = field(default_factory=dict)
    former: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    former_period: Period | None = None
    not_compared: frozenset[str] = frozenset()
    _rows: dict[str, Rows] = field(default_factory=dict, repr=False)
    # What checks have worked out of the other tables, as `Rows.memo`.
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    def table(self, table: str) -> Rows:
        """The taken rows of a table judged before. Raises TableNotJudged when this submission has none."""
        if table not in self.accepted:
            raise TableNotJudged(table)
        return self._rows_of(table, self.accepted[table])

    def former_table(self, table: str) -> Rows | None:
        """The taken rows of a table in the submission before; None when there are none, or when that one was of a later
        period, which says nothing of what must be here.
        """
        if table not in self.former or self.former_period is None or self.period < self.former_period:
            return None
        return self._rows_of(f"former {table}", self.former[table])

    def _rows_of(self, name: str, frame: pd.DataFrame) -> Rows:
        rows = self._rows.get(name)
        if rows is None or rows.frame is not frame:
            rows = self._rows[name] = Rows(frame)
        return rows


class TableNotJudged(PactFailure):
    """A rule needs a table that this submission doesn't have (yet), so the rule can't be run."""

    def __init__(self, table: str) -> None:
        super().__init__("JDG-01", f"the table '{table}' of this submission has not been judged", mend="judge it first")
        self.table = table


@dataclass(frozen=True)
class CheckSubject:
    """What is being judged just now: the rows of one table, and the context they stand in."""

    rows: Rows
    context: Context


_current: ContextVar[CheckSubject | None] = ContextVar("pact_judged", default=None)


@contextmanager
def judging(frame: pd.DataFrame, context: Context) -> Iterator[CheckSubject]:
    """Within this block the checks of the pandera schemas made from contracts see this frame and context."""
    judged = CheckSubject(Rows(frame, context.unreadable), context)
    token = _current.set(judged)
    try:
        yield judged
    finally:
        _current.reset(token)


def current_subject() -> CheckSubject:
    """What the block of `judging` one is in judges. Raises PactFailure outside of one."""
    judged = _current.get()
    if judged is None:
        raise PactFailure(
            "JDG-02", "a contract's checks were run outside of judging()", mend="use judging(frame, context)"
        )
    return judged
