"""The 32 councils and the 49 sheriff courts of 2012: keys, names, codes by date, aliases.

A council is known by its three-letter register key. GSS codes changed with boundaries, so a code means a council only
on a date; names come in several spellings. Source: domain 3.1 and 3.2, where it is also said which days are assumed.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
SCOTLAND = "SCO"
SCOTLAND_CODE = "S92000003"


@dataclass(frozen=True)
class Council:
    """A council area: its key, name, GSS codes as (code, valid from, valid to) and other spellings of its name."""

    key: str
    name: str
    codes: tuple[tuple[str, date | None, date | None], ...]
    aliases: tuple[str, ...]

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
        )
        for key, name in zip(names["council"].tolist(), names["name"].tolist(), strict=True)
    }
    return dict(sorted(found.items()))


def key_of_council(word: str, day: date | None = None) -> str | None:
    """The key that a key, GSS code, name or alias stands for on `day` (any day if None); None if it stands for none.

    `SCO` for Scotland. A code that was not in force on the day stands for nothing.
    """
    wanted = word.strip().casefold()
    if wanted in {SCOTLAND.casefold(), SCOTLAND_CODE.casefold(), "scotland"}:
        return SCOTLAND
    for council in councils().values():
        if wanted in {
            council.key.casefold(),
            council.name.casefold(),
            *(alias.casefold() for alias in council.aliases),
        }:
            return council.key
        for code, start, end in council.codes:
            in_force = day is None or ((start is None or start <= day) and (end is None or day < end))
            if wanted == code.casefold() and in_force:
                return council.key
    return None


@cache
def sheriff_courts() -> pd.DataFrame:
    """The 49 courts of 2012 [court, name, sheriffdom, closed_on, moved_to, closing_certainty], dates as text."""
    return _read("sheriff_courts.csv")


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(HERE / name, dtype=str, keep_default_na=False)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
