"""The 32 councils and the 49 sheriff courts of 2012: keys, names, codes by date, aliases.

A council is known by its three-letter register key. GSS codes changed with boundaries, so a code means a council only
on a date; names come in several spellings. Source: domain#councils and domain#sheriff-courts, where it is also
said which days are assumed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from pact_pipeline.clock import now, scotlands_day
from pact_pipeline.periods import day_in_words

HERE = Path(__file__).parent
SCOTLAND = "SCO"
SCOTLAND_CODE = "S92000003"


@dataclass(frozen=True)
class Council:
    """A council area: its key, name, GSS codes as (code, valid from, valid to) and other spellings of its name.

    `assumed_starts` are the codes of which it is not known since when they were in use.
    """

    key: str
    name: str
    codes: tuple[tuple[str, date | None, date | None], ...]
    aliases: tuple[str, ...]
    assumed_starts: frozenset[str] = frozenset()

    def code_on(self, day: date) -> str:
        """The GSS code in force on a day. Raises KeyError if none is known for it."""
        for code, start, end in self.codes:
            if (start is None or start <= day) and (end is None or day < end):
                return code
        raise KeyError(f"no code of {self.key} is known for {day}")


@cache
def councils() -> dict[str, Council]:
    """All 32 councils by key, in the order of their keys."""
    names = _read("councils.csv")
    codes = _read("council_codes.csv")
    aliases = _read("council_aliases.csv")
    unknown_days = set(codes.loc[codes.certainty.str.contains("the day is not known"), "valid_to"])
    found = {
        key: Council(
            key=key,
            name=name,
            codes=tuple(
                (code, _day(start), _day(end))
                for code, start, end in codes.loc[
                    codes.council == key, ["gss_code", "valid_from", "valid_to"]
                ].itertuples(index=False)
            ),
            aliases=tuple(aliases.loc[aliases.council == key, "alias"]),
            assumed_starts=frozenset(
                codes.loc[(codes.council == key) & codes.valid_from.isin(unknown_days), "gss_code"]
            ),
        )
        for key, name in zip(names["council"].tolist(), names["name"].tolist(), strict=True)
    }
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class CodeOfAnotherTime:
    """A council's GSS code that was not in use in the days asked for, with the code that was."""

    code: str
    council: Council
    valid_from: date | None
    valid_to: date | None
    in_use: str

    def __str__(self) -> str:
        if self.valid_to is not None:
            when = f"until {day_in_words(self.valid_to - timedelta(days=1))}"
        else:
            when = f"from {day_in_words(self.valid_from)} on" if self.valid_from else "at another time"
        return f"{self.code} is the code of {self.council.name} {when}; in this period it is {self.in_use}"


class CouncilWords:
    """What keys, names, other names and GSS codes mean from `first` to `last`, both included.

    Where it is only assumed when a code began, it counts before that day too: no row is refused for an assumption. In a
    period in which a code changed, the old and the new one count.
    """

    def __init__(self, first: date, last: date) -> None:
        self._keys = {plain_name(word): SCOTLAND for word in (SCOTLAND, SCOTLAND_CODE, "Scotland")}
        self._others: dict[str, CodeOfAnotherTime] = {}
        for council in councils().values():
            for word in (council.key, council.name, *council.aliases):
                self._keys[plain_name(word)] = council.key
            for code, start, end in council.codes:
                begun = start is None or start <= last or code in council.assumed_starts
                if begun and (end is None or first < end):
                    self._keys[plain_name(code)] = council.key
                else:
                    told = CodeOfAnotherTime(code, council, start, end, council.code_on(last))
                    self._others[plain_name(code)] = told

    def of(self, word: str) -> str | CodeOfAnotherTime | None:
        """The council's key (`SCO` for Scotland); a code of another time as such; None for a word nobody knows."""
        plain = plain_name(word)
        return self._keys.get(plain) or self._others.get(plain)


@cache
def council_words(first: date, last: date) -> CouncilWords:
    """What council words mean in the days from `first` to `last`."""
    return CouncilWords(first, last)


def key_of_council(word: str, day: date | None = None) -> str | None:
    """The key that a key, GSS code, name or alias stands for on `day` (any day if None); None if it stands for none.

    `SCO` for Scotland. A code that was not in force on the day stands for nothing.
    """
    on = day or scotlands_day(now())
    found = council_words(on, on).of(word)
    if isinstance(found, CodeOfAnotherTime):
        return found.council.key if day is None else None
    return found


def plain_name(word: str) -> str:
    """How councils' names are compared: letter case, spacing, `&`, commas, a leading 'The' and a final 'Council' don't
    count."""
    plain = " ".join(word.replace("&", " and ").replace(",", " ").replace("\u2019", "'").split()).casefold()
    return plain.removeprefix("the ").removesuffix(" council")


@cache
def sheriff_courts() -> pd.DataFrame:
    """The 49 courts of 2012 [court, name, sheriffdom, closed_on, moved_to, closing_certainty], dates as text."""
    return _read("sheriff_courts.csv")


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(HERE / name, dtype=str, keep_default_na=False)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
