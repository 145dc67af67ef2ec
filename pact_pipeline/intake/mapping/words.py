"""A supplier's words as the contract's codes: good, fixable, ignored, or none of them.

A word is looked for as it stands: among the layout's good words, its fixable and its ignored ones, then among the
contract's own codes. A word that fits one of these only without letter case and spacing is fixable too: it is taken,
and its row gets a warning. Any other word stays as it is, and its row is refused by the code list. In a column of
councils, keys, names and the codes in use resolve (`reference.councils`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pact_pipeline.contracts import Column
from pact_pipeline.periods import Period
from pact_pipeline.reference.councils import CodeOfAnotherTime, council_words
from pact_pipeline.suppliers import TableMapping
from pact_pipeline.suppliers.layout import plain_word

Mask = npt.NDArray[np.bool_]
GOOD, FIXABLE, IGNORED, OUTDATED, UNKNOWN = range(5)


@dataclass(frozen=True)
class Reading:
    """How the words of one column are read: by the exact word, else by the word without letter case and spacing."""

    exact: Mapping[str, tuple[int, str | None]]
    folded: Mapping[str, tuple[int, str | None]]
    council: Callable[[str], str | CodeOfAnotherTime | None] | None = None

    def of(self, word: str) -> tuple[int, str | None]:
        """What kind of word it is, and the code it stands for (None: read as empty)."""
        found = self.exact.get(word)
        if found is not None:
            return found
        if self.council is not None:
            resolved = self.council(word)
            if isinstance(resolved, CodeOfAnotherTime):
                return OUTDATED, word
            if resolved is not None:
                return GOOD, resolved
        return self.folded.get(plain_word(word), (UNKNOWN, word))

    def knows(self, word: str) -> bool:
        return self.of(word)[0] in (GOOD, FIXABLE, IGNORED)


def reading_of(column: Column, mapping: TableMapping | None, period: Period | None = None) -> Reading:
    """How a column's words are read. Raises ValueError for a column of councils without a period to resolve them in."""
    good = dict(mapping.codes.get(column.name, {})) if mapping else {}
    fixable = dict(mapping.fixable.get(column.name, {})) if mapping else {}
    ignored = mapping.ignored_words.get(column.name, ()) if mapping else ()
    own = dict(zip(column.code_words, column.code_words, strict=True))
    exact: dict[str, tuple[int, str | None]] = {word: (GOOD, code) for word, code in own.items()}
    exact |= dict.fromkeys(ignored, (IGNORED, None))
    exact |= {word: (FIXABLE, code) for word, code in fixable.items()}
    exact |= {word: (GOOD, code) for word, code in good.items()}
    folded: dict[str, tuple[int, str | None]] = {plain_word(word): (FIXABLE, code) for word, code in own.items()}
    folded |= {plain_word(word): (IGNORED, None) for word in ignored}
    folded |= {plain_word(word): (FIXABLE, code) for word, code in {**fixable, **good}.items()}
    return Reading(exact, folded, _council_reading(column, mapping, period))


def _council_reading(
    column: Column, mapping: TableMapping | None, period: Period | None
) -> Callable[[str], str | CodeOfAnotherTime | None] | None:
    councils = mapping.councils.get(column.name) if mapping else None
    if councils is None:
        return None
    days: tuple[date, date]
    if councils.on is not None:
        days = councils.on, councils.on
    elif period is not None:
        days = period.first_day, period.last_day
    else:
        raise ValueError(f"to tell what a council code of {column.name} means, the period must be known")
    return council_words(*days).of


@dataclass(frozen=True)
class Translated:
    """A column in the contract's codes. `fixed` and `outdated` mark the rows, None if there are none; `unknown` is the
    number of rows whose word nobody knows; `notes` are safe to show: they name council codes of the lists only.
    """

    values: pa.Array
    fixed: Mask | None = None
    outdated: Mask | None = None
    unknown: int = 0
    notes: tuple[str, ...] = field(default=())


def translated(
    text: pa.Array, column: Column, mapping: TableMapping, heading: str, period: Period | None = None
) -> Translated:
    """Supplier's words as the contract's codes; each different word is looked up once."""
    reading = reading_of(column, mapping, period)
    encoded = pc.dictionary_encode(text)
    words = encoded.dictionary.to_pylist()
    if all(reading.exact.get(word) == (GOOD, word) for word in words):
        return Translated(text)
    read = [reading.of(word) for word in words]
    values = pa.array([code for _, code in read], pa.string()).take(encoded.indices)
    kinds = np.array([*(kind for kind, _ in read), GOOD], dtype=np.int8)
    if not (kinds != GOOD).any():
        return Translated(values)
    # An empty cell has no word: it is looked up at the end.
    places = np.asarray(pc.fill_null(encoded.indices, len(words)))
    rows = kinds[places]
    counts = np.bincount(places, minlength=len(words) + 1)
    notes: list[str] = []
    if fixed := int((rows == FIXABLE).sum()):
        notes.append(f"'{heading}': {_rows(fixed)} with a word that is not the agreed one, but can be read")
    if ignored := int((rows == IGNORED).sum()):
        notes.append(f"'{heading}': {_rows(ignored)} with a word that is agreed to mean nothing, read as empty")
    notes += [
        f"'{heading}': {_told(reading, word)}, so {_rows(int(counts[at]))} can't be told to a council"
        for at, word in enumerate(words)
        if kinds[at] == OUTDATED
    ]
    return Translated(
        values, _marked(rows, FIXABLE), _marked(rows, OUTDATED), int((rows == UNKNOWN).sum()), tuple(notes)
    )


def _told(reading: Reading, word: str) -> str:
    resolved = reading.council(word) if reading.council else None
    assert isinstance(resolved, CodeOfAnotherTime)
    return str(resolved)


def _marked(rows: npt.NDArray[np.int8], kind: int) -> Mask | None:
    mask: Mask = rows == kind
    return mask if mask.any() else None


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
