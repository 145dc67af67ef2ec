"""One council's complete true records, and the applications of the whole country.

`council_truth` puts population, steps, placements, matches, households and support plans together under the council's
own references. Dates are day numbers; `views` cuts them to a month and turns them into contract columns.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pact_pipeline.generator.days import NEVER, Words, between, chance, day, later, lognormal, only
from pact_pipeline.generator.households import households
from pact_pipeline.generator.living import placements as draw_placements
from pact_pipeline.generator.population import Population, _take, draw_population
from pact_pipeline.generator.records import matches as draw_matches
from pact_pipeline.generator.records import recorded_spells, steps
from pact_pipeline.reference import looked_after_by_council
from pact_pipeline.reference.published import published_value

# Nobody who left care before this day is in any extract of the programme.
SEEN_SINCE = day("2011-07-31")
# Yearly starts a child in care, in the pool: 4,295 to 4,859 published starts at about 16,100 children in care.
STARTS_A_CHILD = 0.265
REFERENCE_STYLES = ("{:07d}", "P{:06d}", "{:d}", "C/{:05d}", "{:06d}", "LAC-{:05d}", "{:09d}", "K{:07d}")
LETTERS = np.array(list("ABCDEFGHIJKLMNOPRSTW"), dtype=object)


@dataclass
class CouncilTruth:
    """All that is true of one council's children and households, over all time.

    children: child (a row a child), child_ref, scn, initials, born, sex, ethnic_group, disabled. spells: child,
    started, ended, destination, away, home_again, kind, twin_tracked, concurrent, care. records: spells as recorded.
    steps, placements, matches, carers, support_plans as in the modules that draw them, with child or household numbers.
    """

    council: str
    children: pd.DataFrame
    spells: pd.DataFrame
    records: pd.DataFrame
    steps: pd.DataFrame
    placements: pd.DataFrame
    matches: pd.DataFrame
    carers: pd.DataFrame
    support_plans: pd.DataFrame


def council_sizes(council: str) -> dict[int, int]:
    """Published children looked after at 31 July 2011, 2012, 2013."""
    return {year: int(looked_after_by_council(year)[council]) for year in (2011, 2012, 2013)}


def council_truth(council: str, number: int, seed: int) -> CouncilTruth:
    """Draw a council. `number` is its place among the 32, so that it is the same child by child in any selection."""

    def stream(part: int) -> np.random.Generator:
        return np.random.default_rng([seed, number, part])

    sizes = council_sizes(council)
    population = _observe(draw_population(stream(1), sizes, STARTS_A_CHILD))
    spells = population.spells
    linked = draw_matches(stream(2), population)
    living = draw_placements(stream(3), population, linked)
    ended = spells["ended"].to_numpy()
    homes = households(stream(4), living, linked, ended, sizes[2012])
    happened = steps(stream(5), population)
    happened["child"] = spells["child"].to_numpy()[happened["spell"]]
    happened = happened.sort_values(["child", "milestone", "on"], kind="stable", ignore_index=True)
    # Two of one step on one day can't be told apart by anybody: the later one stands.
    happened = happened.drop_duplicates(["child", "milestone", "on"], keep="last", ignore_index=True)
    happened["round"] = happened.groupby(["child", "milestone"], sort=False).cumcount() + 1
    records = recorded_spells(stream(6), population)
    plans = _support_plans(stream(7), population, homes.matches, homes.placements)
    children = _children(stream(8), spells, number)
    carers = homes.carers
    style = REFERENCE_STYLES[(number + 3) % len(REFERENCE_STYLES)]
    serial = 1000 + np.cumsum(stream(9).integers(1, 8, len(carers)))
    carers["carer_ref"] = np.array([style.format(value + 500_000) for value in serial], dtype=object)
    for frame in (records, homes.placements, homes.matches, plans):
        frame["child"] = spells["child"].to_numpy()[frame["spell"]]
    return CouncilTruth(council, children, spells, records, happened, homes.placements, homes.matches, carers, plans)


def _observe(population: Population) -> Population:
    """Only children looked after since SEEN_SINCE, with all their spells; children numbered from 0."""
    spells = population.spells
    last = spells.groupby("child")["ended"].transform("max")
    chosen = _take(population, (last > SEEN_SINCE).to_numpy())
    chosen.spells["child"] = pd.factorize(chosen.spells["child"])[0]
    return chosen


def _children(rng: np.random.Generator, spells: pd.DataFrame, number: int) -> pd.DataFrame:
    first = spells.drop_duplicates("child").sort_values("child", ignore_index=True)
    n = len(first)
    style = REFERENCE_STYLES[number % len(REFERENCE_STYLES)]
    serial = 2000 + np.cumsum(rng.integers(1, 6, n))
    # A school gives the candidate number: centre, year, pupil.
    school = rng.integers(100, 9000, n)
    scn = np.array(
        [f"{a:04d}{b:05d}" for a, b in zip(school, rng.permutation(90_000)[:n] + 10_000, strict=True)], dtype=object
    )
    return pd.DataFrame(
        {
            "child": first["child"],
            "child_ref": np.array([style.format(value) for value in rng.permutation(serial)], dtype=object),
            "scn": np.where(chance(rng, n, 0.85), scn, ""),
            "initials": LETTERS[rng.integers(0, len(LETTERS), n)] + LETTERS[rng.integers(0, len(LETTERS), n)],
            "born": first["born"],
            "sex": first["sex"],
            "ethnic_group": first["ethnic_group"],
            "disabled": first["disabled"],
        }
    )


def _support_plans(
    rng: np.random.Generator, population: Population, matches: pd.DataFrame, placements: pd.DataFrame
) -> pd.DataFrame:
    """Adoption and kinship support plans [spell, household, agreed, starts, review, stopped]."""
    ended = population.spells["ended"].to_numpy()
    lived = matches[(matches["placed"] < NEVER) & (matches["household"] >= 0)]
    kin = placements[(placements["placement_type"] == "kinship") & (placements["intended"] == "yes")]
    frames = []
    for frame, start, share in ((lived, "placed", 0.78), (kin, "from", 0.45)):
        n = len(frame)
        agreed = later(frame[start].to_numpy(), lognormal(rng, n, 55.0, 0.8) - 15)
        agreed = only((agreed <= ended[frame["spell"].to_numpy()] + 60) & chance(rng, n, share), agreed)
        frames.append(
            pd.DataFrame(
                {
                    "spell": frame["spell"].to_numpy(),
                    "household": frame["household"].to_numpy(),
                    "agreed": agreed,
                    "starts": later(agreed, between(rng, n, 0, 21)),
                    "review": later(agreed, between(rng, n, 170, 370)),
                    "stopped": only(chance(rng, n, 0.25), later(agreed, between(rng, n, 400, 1100))),
                }
            )
        )
    plans = pd.concat(frames, ignore_index=True)
    plans = plans[(plans["agreed"] < NEVER) & (plans["household"] >= 0)]
    return plans.drop_duplicates(["spell", "household", "agreed"], ignore_index=True)


# The sheriff courts a council's petitions go to, most first. Working map, not verified (domain#sheriff-courts).
COURTS_OF: dict[str, tuple[str, ...]] = {
    "ABD": ("peterhead", "banff", "stonehaven", "aberdeen"),
    "ABE": ("aberdeen",),
    "AGB": ("dunoon", "oban", "campbeltown", "rothesay"),
    "ANS": ("forfar", "arbroath"),
    "CLK": ("alloa",),
    "DGY": ("dumfries", "stranraer", "kirkcudbright"),
    "DND": ("dundee",),
    "EAY": ("kilmarnock", "ayr"),
    "EDH": ("edinburgh",),
    "EDU": ("glasgow", "dumbarton"),
    "ELN": ("haddington",),
    "ELS": ("stornoway", "lochmaddy"),
    "ERW": ("paisley",),
    "FAL": ("falkirk",),
    "FIF": ("kirkcaldy", "dunfermline", "cupar"),
    "GLG": ("glasgow",),
    "HLD": ("inverness", "dingwall", "fort_william", "tain", "wick", "portree", "dornoch"),
    "IVC": ("greenock",),
    "MLN": ("edinburgh",),
    "MRY": ("elgin",),
    "NAY": ("kilmarnock",),
    "NLK": ("airdrie", "hamilton"),
    "ORK": ("kirkwall",),
    "PKN": ("perth",),
    "RFW": ("paisley",),
    "SCB": ("selkirk", "jedburgh", "duns", "peebles"),
    "SAY": ("ayr",),
    "SLK": ("hamilton", "lanark"),
    "STG": ("stirling",),
    "WDU": ("dumbarton",),
    "WLN": ("livingston",),
    "ZET": ("lerwick",),
}
# A year's applications for children who are not looked after, whole country: step-parents and relatives make up what
# the courts' 522 adoption and 1,160 residence applications have beyond those for looked-after children.
OTHER_ADOPTIONS, OTHER_RESIDENCE = 245, 925


def applications(rng: np.random.Generator, truth: CouncilTruth) -> pd.DataFrame:
    """Every application of a council's children, and of the area's other children.

    [court, type, petitioner, council, born, sex, initials, lodged, outcome, outcome_on, child (or -1)].
    """
    steps_, children = truth.steps, truth.children
    lodged = steps_[steps_["milestone"] == "petition_lodged"]
    ended = steps_[steps_["milestone"] == "court_outcome"].assign(
        order=lambda frame: frame["outcome"].str.rsplit("_", n=1).str[0],
        result=lambda frame: frame["outcome"].str.rsplit("_", n=1).str[1],
    )
    # Applications of one kind follow each other, so the nth lodged goes with the nth ended.
    lodged = lodged.sort_values(["child", "on"]).assign(order=lambda frame: frame["outcome"])
    lodged["turn"] = lodged.groupby(["child", "order"]).cumcount()
    ended = ended.sort_values(["child", "on"])
    ended["turn"] = ended.groupby(["child", "order"]).cumcount()
    pairs = lodged.merge(
        ended[["child", "order", "turn", "result", "on"]],
        on=["child", "order", "turn"],
        how="left",
        suffixes=("", "_end"),
    )
    n = len(pairs)
    who = children.set_index("child").loc[pairs["child"]]
    order = pairs["order"].to_numpy(dtype=object)
    unspecified = np.isin(order, ["PO", "POA"]) & chance(rng, n, 0.6)
    petitioner = np.select(
        [np.isin(order, ["PO", "POA"]), order == "ADOPTION"],
        [np.full(n, "council", dtype=object), np.where(chance(rng, n, 0.9), "prospective_adopters", "not_recorded")],
        np.where(chance(rng, n, 0.85), "relative", "not_recorded"),
    )
    inside = pd.DataFrame(
        {
            "type": np.where(unspecified, "PO_UNSPEC", order),
            "petitioner": petitioner,
            "council": np.where(np.isin(order, ["PO", "POA"]), truth.council, ""),
            "born": who["born"].to_numpy(), "sex": who["sex"].to_numpy(), "initials": who["initials"].to_numpy(),
            "lodged": pairs["on"].to_numpy(),
            "outcome": pairs["result"].fillna("").to_numpy(dtype=object),
            "outcome_on": pairs["on_end"].fillna(NEVER).astype("int64").to_numpy(),
            "child": pairs["child"].to_numpy(), "order": order,
        }
    )  # fmt: skip
    frame = pd.concat([inside, _outside(rng, truth.council)], ignore_index=True)
    courts = COURTS_OF[truth.council]
    weights = np.array([0.6**place for place in range(len(courts))])
    frame["court"] = np.array(courts, dtype=object)[rng.choice(len(courts), len(frame), p=weights / weights.sum())]
    return frame


def _outside(rng: np.random.Generator, council: str) -> pd.DataFrame:
    """Applications for children nobody looks after, in proportion to the council's size."""
    share = looked_after_by_council(2012)[council] / published_value(
        "lac_by_council_setting_2011_2020", area="SCO", year="2012", category="total"
    )
    frames = []
    for order, yearly, granted, median in (
        ("ADOPTION", OTHER_ADOPTIONS, 0.93, 110.0),
        ("RESIDENCE", OTHER_RESIDENCE, 0.57, 150.0),
    ):
        n = int(rng.poisson(yearly * 4 * share))
        adoption = order == "ADOPTION"
        who: Words = np.where(
            chance(rng, n, 0.75 if adoption else 0.0), "step_parent", np.where(chance(rng, n, 0.5), "relative", "other")
        )
        lodged = rng.integers(day("2010-08-01"), day("2014-07-31"), n)
        result = rng.choice(["granted", "dismissed", "withdrawn", "dropped", "refused", "other"], n,
                            p=[granted, *(np.array([0.25, 0.3, 0.25, 0.1, 0.1]) * (1 - granted))])  # fmt: skip
        frames.append(
            pd.DataFrame(
                {
                    "type": order,
                    "petitioner": np.where(chance(rng, n, 0.12), "not_recorded", who),
                    "council": "",
                    "born": lodged - rng.integers(200, 16 * 365, n),
                    "sex": np.where(chance(rng, n, 0.49), "female", "male"),
                    "initials": LETTERS[rng.integers(0, len(LETTERS), n)] + LETTERS[rng.integers(0, len(LETTERS), n)],
                    "lodged": lodged,
                    "outcome": result.astype(object),
                    "outcome_on": lodged + lognormal(rng, n, median, 0.6),
                    "child": -1,
                    "order": order,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
