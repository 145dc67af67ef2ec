"""Days as whole numbers: how the generator keeps dates while it simulates, and the chance clocks that draw them.

Day 0 is 1 January 1970. `NEVER` stands for what does not happen; it is later than every real day, so that "happened by
D" is one comparison. Frames that leave the generator hold real dates.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

NEVER = 99_999
EPOCH = date(1970, 1, 1)


def day(iso: str) -> int:
    """The day number of an ISO date."""
    return (date.fromisoformat(iso) - EPOCH).days


def day_of(value: date) -> int:
    return (value - EPOCH).days


def as_dates(days: Days) -> pd.Series:
    """Day numbers as a datetime64 column, NEVER as missing."""
    values = np.asarray(days, dtype="int64").astype("datetime64[D]").astype("datetime64[us]")
    values[np.asarray(days) >= NEVER] = np.datetime64("NaT")
    return pd.Series(values)


def lognormal(rng: np.random.Generator, size: int, median: float | npt.NDArray[Any], spread: float) -> Days:
    """Whole days with a given median; `spread` is the standard deviation of the logarithm."""
    drawn: Days = np.maximum(1, np.rint(median * np.exp(rng.normal(0.0, spread, size)))).astype("int64")
    return drawn


def between(rng: np.random.Generator, size: int, low: int, high: int) -> Days:
    """Whole days from low to high, both included, all alike."""
    return rng.integers(low, high + 1, size)


def later(start: Days, wait: Days) -> Days:
    """The day after a wait; NEVER if the start never comes."""
    return np.where(start >= NEVER, NEVER, np.minimum(start + wait, NEVER))


def only(condition: Flags, days: Days) -> Days:
    """The day where the condition holds, NEVER elsewhere."""
    return np.where(condition, days, NEVER)


def chance(rng: np.random.Generator, size: int, share: float | npt.NDArray[Any]) -> Flags:
    drawn: Flags = rng.random(size) < share
    return drawn


def choose(rng: np.random.Generator, words: Sequence[str], shares: npt.NDArray[Any]) -> Words:
    """One word a row; `shares` has a row a draw and a column a word, each row adding to about 1."""
    edges = np.cumsum(shares, axis=1)
    edges /= edges[:, -1:]
    picked = (rng.random((len(shares), 1)) > edges).sum(axis=1)
    chosen: Words = np.asarray(words, dtype=object)[np.minimum(picked, len(words) - 1)]
    return chosen
