"""The child-level CLAS return: every child looked after in a year (August to July), with all episodes, placements and
legal reasons that overlap it (domain#the-clas-return). Drawn from the same truth as the councils' months.

The number codes in the source-code columns are this project's own: the real ones are not published (domain#codes-of-our-own).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pact_pipeline.generator.country import CouncilTruth
from pact_pipeline.generator.days import NEVER, Words, between, chance, choose, day, day_of, later
from pact_pipeline.generator.views import SCHOOL_AGE, known
from pact_pipeline.periods import Period, month

# The 2011 Act's orders took the place of the 1995 Act's on this day (domain#codes-of-our-own).
HEARINGS_ACT = day("2013-06-24")
SOURCE_CODES: dict[str, tuple[str, ...]] = {
    "sex": ("male", "female", "not_known"),
    "ethnic_group": ("white", "mixed", "asian", "african", "caribbean_or_black", "other", "not_known"),
    "disabled": ("yes", "no", "not_known"),
    "destination": (
        "home_with_parents", "friends_or_relatives", "kinship_care_order", "adoption", "former_foster_carers",
        "continuing_care", "supported_accommodation", "other_council", "died", "other", "not_known",
    ),
    "placement_type": (
        "home_with_parents", "kinship", "foster_own", "foster_purchased", "prospective_adopters", "other_community",
        "local_authority_home", "voluntary_home", "residential_school", "secure", "crisis_care", "other_residential",
    ),
    "legal_reason": ("S25", "SR_HOME", "SR_AWAY", "CSO_HOME", "CSO_AWAY", "ICSO", "CPO", "WARRANT", "PO", "POA"),
}  # fmt: skip


def clas_years(months: Sequence[Period]) -> list[Period]:
    """The CLAS years a generation writes: those whose last day is in the months or the day before the first."""
    first, last = months[0], months[-1]
    start = first.first_day.year - (1 if first.first_day.month < 8 else 0)
    found = [Period.parse(f"CLAS{year}") for year in range(start, last.last_day.year + 1)]
    before = month(first.first_day.year - (first.first_day.month == 1), (first.first_day.month - 2) % 12 + 1).last_day
    return [year for year in found if before <= year.last_day <= last.last_day]


def clas_council(seed: Sequence[int], truth: CouncilTruth, year: Period) -> dict[str, pd.DataFrame]:
    """The four blocks for one council and year; days as numbers, all else text."""
    rng = np.random.default_rng([*seed, 1, year.last_day.year])
    legal = np.random.default_rng([*seed, 2])  # the same in every year
    first, last = day_of(year.first_day), day_of(year.last_day)
    spells = truth.records
    episodes = spells[(spells["from"] <= last) & (spells["to"] >= first)]
    here = np.zeros(len(truth.children), dtype=bool)
    here[episodes["child"]] = True
    stays = truth.placements
    stays = stays[here[stays["child"]] & (stays["from"] <= last)]
    # All placements of the episodes that overlap the year, not of earlier ones.
    stays = stays[np.isin(stays["spell"], episodes["spell"])]
    reasons = _legal_reasons(legal, truth)
    reasons = reasons[
        np.isin(reasons["spell"], episodes["spell"]) & (reasons["from"] <= last) & (reasons["to"] >= first)
    ]
    who = truth.children[here]
    n = len(episodes)

    def head(children: pd.Series) -> dict[str, object]:
        return {
            "collection_year": np.full(len(children), year.key, dtype=object),
            "council": np.full(len(children), truth.council, dtype=object),
            "child_ref": truth.children["child_ref"].to_numpy()[children],
        }

    ended = (episodes["to"] <= last).to_numpy()
    destination = np.where(ended, episodes["destination"], "").astype(object)
    sixteen = ended & (episodes["to"] - truth.children["born"].to_numpy()[episodes["child"]] > 16 * 365).to_numpy()
    return {
        "children": pd.DataFrame(
            {
                **head(who["child"]),
                "scn": np.where(last - who["born"] >= SCHOOL_AGE, who["scn"], ""),
                "date_of_birth": who["born"].to_numpy(),
                **_coded("sex", who["sex"].to_numpy(dtype=object)),
                **_coded("ethnic_group", who["ethnic_group"].to_numpy(dtype=object)),
                **_coded("disabled", who["disabled"].to_numpy(dtype=object)),
            }
        ),
        "episodes": pd.DataFrame(
            {
                **head(episodes["child"]),
                "episode_start": episodes["from"].to_numpy(),
                "episode_end": known(episodes["to"], last),
                **_coded("destination", destination),
                "care_plan": choose(rng, ("yes", "no", "not_known"), np.tile((0.93, 0.05, 0.02), (n, 1))),
                "pathway_plan": np.where(sixteen, np.where(chance(rng, n, 0.6), "yes", "no"), ""),
                "pathway_coordinator": np.where(sixteen, np.where(chance(rng, n, 0.55), "yes", "no"), ""),
            }
        ),
        "placements": pd.DataFrame(
            {
                **head(stays["child"]),
                **_coded("placement_type", stays["placement_type"].to_numpy(dtype=object)),
                "placement_start": stays["from"].to_numpy(),
                "placement_end": known(stays["to"], last),
            }
        ),
        "legal_reasons": pd.DataFrame(
            {
                **head(reasons["child"]),
                **_coded("legal_reason", reasons["reason"].to_numpy(dtype=object)),
                "reason_start": reasons["from"].to_numpy(),
                "reason_end": known(reasons["to"], last),
            }
        ),
    }


def _coded(column: str, words: Words) -> dict[str, Words]:
    numbers = {word: str(place) for place, word in enumerate(SOURCE_CODES[column], start=1)}
    places, found = pd.factorize(words)
    return {
        column: words,
        f"{column}_source_code": np.array([numbers.get(word, "") for word in found], dtype=object)[places],
    }


def _legal_reasons(rng: np.random.Generator, truth: CouncilTruth) -> pd.DataFrame:
    """One row a legal reason of a spell [spell, child, reason, from, to]; the same for a child in every year."""
    spells = truth.spells
    n = len(spells)
    started, away, ended, back = (spells[name].to_numpy() for name in ("started", "away", "ended", "home_again"))
    found: list[pd.DataFrame] = []

    def add(rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]", reason: str, start: object, order: int) -> None:
        at = np.flatnonzero(rows)
        begins = np.asarray(start)[at]
        found.append(pd.DataFrame({"spell": at, "reason": reason, "from": begins, "order": order}))

    every = np.ones(n, dtype=bool)
    add(away > started, "SR_HOME", started, 0)
    protected = (away == started) & chance(rng, n, 0.14)
    voluntary = (away == started) & ~protected & chance(rng, n, 0.55)
    add(protected, "CPO", started, 0)
    add((away == started) & ~protected & ~voluntary, "SR_AWAY", started, 0)
    add(voluntary, "S25", started, 0)
    warrant = later(away, between(rng, n, 8, 20))
    add(protected & (warrant < ended), "WARRANT", warrant, 1)
    compelled = later(away, between(rng, n, 30, 160))
    add(((protected | (voluntary & chance(rng, n, 0.4))) & (compelled < ended)), "SR_AWAY", compelled, 1)
    add((away > started) & (away < NEVER), "SR_AWAY", away, 1)
    add(every & (back < NEVER), "SR_HOME", back, 3)
    for order in ("PO", "POA"):
        granted = truth.steps[truth.steps["outcome"] == f"{order}_granted"]
        found.append(pd.DataFrame({"spell": granted["spell"], "reason": order, "from": granted["on"] + 0, "order": 2}))
    reasons = pd.concat(found, ignore_index=True)
    reasons = reasons[reasons["from"] < ended[reasons["spell"]]]
    reasons = reasons.sort_values(["spell", "from", "order"]).drop_duplicates(["spell", "from"], keep="last")
    # The child's PO outlasts a move home; supervision does not come back over it.
    following = (reasons["spell"].shift(-1) == reasons["spell"]).to_numpy()
    until = np.where(following, reasons["from"].shift(-1, fill_value=0), ended[reasons["spell"]])
    reasons = reasons.assign(to=until.astype("int64"), child=spells["child"].to_numpy()[reasons["spell"]])
    return _after_the_act(reasons)


def _after_the_act(reasons: pd.DataFrame) -> pd.DataFrame:
    """Supervision requirements become compulsory supervision orders on the day the 2011 Act comes into force."""
    renamed = {"SR_HOME": "CSO_HOME", "SR_AWAY": "CSO_AWAY", "WARRANT": "ICSO"}
    old = reasons["reason"].isin(list(renamed))
    over = old & (reasons["to"] > HEARINGS_ACT)
    new = reasons[over].assign(reason=lambda frame: frame["reason"].map(renamed))
    new["from"] = np.maximum(new["from"], HEARINGS_ACT)
    kept = reasons[~(old & (reasons["from"] >= HEARINGS_ACT))].copy()
    kept["to"] = np.where(kept["reason"].isin(list(renamed)) & (kept["to"] > HEARINGS_ACT), HEARINGS_ACT, kept["to"])
    return pd.concat([kept, new], ignore_index=True).sort_values(["spell", "from"], ignore_index=True)
