"""The published figures the product needs, as read in their sources: council sizes, flows, placements, routes, courts.

Every table has the columns year, reference, area (a council's key, SCO or empty), measure, category, value, unit,
confidence, source, note; `sources()` gives title and address of each source. `confidence` is `read` or `derived` for
figures that may be reconciled against; anything else states its doubt.
"""

from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent / "published"
TABLES = tuple(sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "sources"))


@cache
def published_figures(table: str) -> pd.DataFrame:
    """One table of published figures, value as a number, all else text. Raises KeyError for a table there isn't."""
    if table not in TABLES:
        raise KeyError(f"no table of published figures is called '{table}': there are {', '.join(TABLES)}")
    frame = pd.read_csv(FOLDER / f"{table}.csv", dtype=str, keep_default_na=False)
    return frame.assign(value=pd.to_numeric(frame["value"], errors="coerce"))


def published_value(table: str, **where: str) -> float:
    """The one figure of a table whose columns have the given values. Raises LookupError unless there is exactly one."""
    frame = published_figures(table)
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    if len(frame) != 1:
        raise LookupError(f"{len(frame)} figures of '{table}' have {where}")
    return float(frame["value"].iloc[0])


@cache
def sources() -> pd.DataFrame:
    """Where the figures come from [source, title, address]."""
    return pd.read_csv(FOLDER / "sources.csv", dtype=str, keep_default_na=False)


def looked_after_by_council(year: int, category: str = "total") -> pd.Series:
    """Children looked after at 31 July of a year (2011-2020) by council key, without Scotland; `category` is total,
    residential or community. Source: Improvement Service LGBF, January 2022.
    """
    frame = published_figures("lac_by_council_setting_2011_2020")
    rows = frame[(frame["year"] == str(year)) & (frame["category"] == category) & (frame["area"] != "SCO")]
    if rows.empty:
        raise KeyError(f"no figures for {year}, {category}")
    return rows.set_index("area")["value"].astype("int64").sort_index()
