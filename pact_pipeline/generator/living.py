"""Where children live: placements of one council, a row a stay in one place.

Stays come from what happened to the child: the beginning, leaving home, moves, the permanent family, a disruption,
going home. The permanent family is a stay of its own, also when the child stays with the same carers and only the plan
changes.
"""

import numpy as np
import pandas as pd

from pact_pipeline.generator.days import NEVER, Days, Words, chance, choose, later, lognormal, only
from pact_pipeline.generator.pathway import KINSHIP, LONG_TERM, PO
from pact_pipeline.generator.population import YEAR, Population
from pact_pipeline.generator.records import LAST_STEP, ends_of, settled_in

HOME = "home_with_parents"
KINDS_OF_CARE = {
    "foster": (("foster_own", "foster_purchased"), (0.73, 0.27)),
    "kinship": (("kinship",), (1.0,)),
    "residential": (
        ("local_authority_home", "voluntary_home", "residential_school", "secure", "other_residential"),
        (0.43, 0.13, 0.34, 0.05, 0.05),
    ),
    "other": (("other_community", "crisis_care"), (0.85, 0.15)),
}


def placements(rng: np.random.Generator, population: Population, matches: pd.DataFrame) -> pd.DataFrame:
    """[spell, from, to, placement_type, intended, match, stay]: `match` the row of `matches` lived with, or -1; `stay`
    links stays with the same carers that follow each other.
    """
    spells = population.spells
    n = len(spells)
    every = np.arange(n)
    started, away, ended, home_again = (spells[name].to_numpy() for name in ("started", "away", "ended", "home_again"))
    care = spells["care"].to_numpy()
    found: list[pd.DataFrame] = []

    def add(rows: Days, start: Days, kind: Words, intended: str, match: Days | int, order: int) -> None:
        frame = pd.DataFrame(
            {"spell": rows, "from": start, "placement_type": kind, "intended": intended, "match": match}
        )
        frame["order"] = order
        found.append(frame[(frame["from"] < ended[rows]) & (frame["from"] <= LAST_STEP)])

    home = np.full(n, HOME, dtype=object)
    usual = _kind(rng, care)
    add(every, only(away > started, started), home, "no", -1, 0)
    sudden = chance(rng, n, 0.12)
    first = np.where(sudden, _kind(rng, np.where(care == "foster", "residential", "foster").astype(object)), usual)
    add(every, away, first.astype(object), "no", -1, 1)
    add(every, only(sudden, later(away, lognormal(rng, n, 30.0, 0.8))), usual, "no", -1, 2)

    permanent = np.full(n, NEVER)
    for number, one in enumerate(population.rounds):
        ends = ends_of(population, number)
        settled = settled_in(population, number)
        settled = only((settled < ends.cap) & (settled >= away), settled)
        kin = one.route == KINSHIP
        add(every, only(kin, settled), np.full(n, "kinship", dtype=object), "yes", -1, 3)
        long_term = np.where(np.isin(usual, ["kinship", "other_community"]), "foster_own", usual)
        long_term = np.where(np.isin(usual, ["secure", "crisis_care"]), "local_authority_home", long_term).astype(
            object
        )
        add(every, only(one.route == LONG_TERM, settled), long_term, "yes", -1, 3)
        over = only((one.route == LONG_TERM) & chance(rng, n, 0.10), later(settled, lognormal(rng, n, 650.0, 0.7)))
        add(every, over, _kind(rng, care), "no", -1, 4)
        back = later(over, lognormal(rng, n, 200.0, 0.6))
        add(every, only(chance(rng, n, 0.6), back), long_term, "yes", -1, 5)
        add(every, only((settled < NEVER) & (ends.failed < NEVER), ends.failed), usual, "no", -1, 4)
        permanent = np.minimum(permanent, settled)
    lived = matches[matches["placed"] < NEVER]
    rows = lived["spell"].to_numpy()
    kind = np.where(lived["route"] == PO, "foster_own", "prospective_adopters").astype(object)
    add(rows, lived["placed"].to_numpy(), kind, "yes", lived.index.to_numpy(), 3)
    left = lived["end_reason"].isin(["disrupted", "plan_changed"]).to_numpy()
    add(rows, only(left, lived["ended"].to_numpy()), np.full(len(rows), "foster_own", dtype=object), "no", -1, 2)
    np.minimum.at(permanent, rows, lived["placed"].to_numpy())
    add(every, home_again, home, "no", -1, 6)

    # Moves before the permanent family: more in the first year, about a quarter a year after.
    until = np.minimum.reduce([permanent, home_again, ended, np.full(n, LAST_STEP)])
    span = np.where(away < until, until - away, 0)
    count = np.minimum(rng.poisson(np.where(span > 0, 0.10 + 0.17 * span / YEAR, 0.0)), 9)
    moving = np.repeat(every, count)
    when = away[moving] + 15 + (rng.random(len(moving)) ** 1.3 * np.maximum(span[moving] - 20, 1)).astype("int64")
    same = chance(rng, len(moving), 0.8)
    elsewhere = choose(rng, tuple(KINDS_OF_CARE), np.tile((0.5, 0.2, 0.25, 0.05), (len(moving), 1)))
    add(moving, only(when < until[moving], when), _kind(rng, np.where(same, care[moving], elsewhere)), "no", -1, 1)
    return _in_order(pd.concat(found, ignore_index=True), ended)


def _kind(rng: np.random.Generator, care: Words) -> Words:
    out = np.full(len(care), "", dtype=object)
    for word, (kinds, shares) in KINDS_OF_CARE.items():
        drawn = choose(rng, kinds, np.tile(shares, (len(care), 1)))
        out = np.where(care == word, drawn, out).astype(object)
    return out


def _in_order(stays: pd.DataFrame, ended: Days) -> pd.DataFrame:
    """One stay at a time: each ends when the next begins, the last with the spell; of two on one day the later rule."""
    stays = stays.sort_values(["spell", "from", "order"], kind="stable")
    stays = stays.drop_duplicates(["spell", "from"], keep="last", ignore_index=True)
    following = stays["spell"].shift(-1) == stays["spell"]
    until = np.where(following, stays["from"].shift(-1, fill_value=0), ended[stays["spell"].to_numpy()])
    return stays.assign(to=until.astype("int64")).drop(columns="order")
