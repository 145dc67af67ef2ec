"""The courts' quarterly extract: every application lodged or ended in a quarter, or pending at its end."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pact_pipeline.generator.days import NEVER, day_of
from pact_pipeline.generator.views import known
from pact_pipeline.periods import Period


def courts_quarters(months: Sequence[Period]) -> list[Period]:
    """The quarters that end within the months."""
    ends = [month.last_day for month in months if month.last_day.month % 3 == 0]
    return [Period.parse(f"{end.year}-Q{end.month // 3}") for end in ends]


def court_quarter(applications: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """`courts.applications` of a quarter: days as numbers, all else text.

    The case reference is court, year and number on the court's roll, so it is the same in every quarter.
    """
    first, last = day_of(quarter.first_day), day_of(quarter.last_day)
    frame = applications.sort_values(["court", "lodged", "born", "type", "initials"], ignore_index=True)
    year = (frame["lodged"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970).astype(str)
    roll = frame.groupby([frame["court"], year]).cumcount() + 1
    frame["case_ref"] = (
        (frame["court"].str[:3] + frame["court"].str[-2:]).str.upper() + "-B" + roll.astype(str) + "/" + year
    )
    seen = (frame["lodged"] <= last) & (frame["outcome_on"] >= first)
    frame = frame[seen]
    ended = (frame["outcome_on"] <= last).to_numpy()
    return pd.DataFrame(
        {
            "case_ref": frame["case_ref"].to_numpy(dtype=object),
            "court": frame["court"].to_numpy(dtype=object),
            "application_type": frame["type"].to_numpy(dtype=object),
            "petitioner_kind": frame["petitioner"].to_numpy(dtype=object),
            "petitioning_council": frame["council"].to_numpy(dtype=object),
            "child_date_of_birth": frame["born"].to_numpy(),
            "child_sex": frame["sex"].to_numpy(dtype=object),
            "child_initials": frame["initials"].to_numpy(dtype=object),
            "lodged_on": frame["lodged"].to_numpy(),
            "outcome": np.where(ended, frame["outcome"], ""),
            "outcome_on": np.where(ended, known(frame["outcome_on"], last), NEVER),
        }
    )
