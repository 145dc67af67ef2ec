"""The children of one council: who begins to be looked after, when, on what way, and when and how it ends.

A pool of spells larger than the council is drawn from constant chances over 1995 to 2014, then thinned so that the
children looked after at 31 July 2011, 2012 and 2013 are as many as published (domain#the-clas-return; LGBF January 2022). The
thinning chooses at random among children alike in those three days, so lengths of stay are kept. One row is a true
spell; the record's gaps, months and files come later.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pact_pipeline.generator.days import NEVER, Days, Flags, Words, between, chance, choose, day, later, lognormal, only
from pact_pipeline.generator.pathway import ADOPTION, KINSHIP, LONG_TERM, PO, POA, RETURN_HOME, Round, draw_round

POOL_FROM, POOL_TO = day("1995-08-01"), day("2014-07-31")
CENSUS = {year: day(f"{year}-07-31") for year in (2011, 2012, 2013)}
ROUNDS = 4
YEAR = 365.25

# Who begins: of those under six 26 % begin at home (481 of 1,836, 2012-13); about 40 % are under six, a few hundred a
# year newborn (Permanently Progressing). The shares of older children are assumptions that give the stock by setting.
ENTRY_AGES = ((0.065, 0, 6), (0.095, 7, 364), (0.26, 365, 6 * 365), (0.29, 6 * 365 + 1, 12 * 365), (0.29, 4381, 5750))
BEGIN_AT_HOME = (0.08, 0.18, 0.32, 0.54, 0.52)
TYPES = ("home", PO, POA, ADOPTION, KINSHIP, LONG_TERM, "drift")
# By age when first away from home: under 1, 1-5, 6-11, 12 and over. Targets: of 1,355 under six, four years on, 31 %
# home, 16 % adopted, 6 % moving towards it, 11 % with family for good, 2 % on orders, 32 % still away.
TYPE_SHARES = np.array(
    [
        (0.27, 0.035, 0.085, 0.26, 0.14, 0.05, 0.16),
        (0.33, 0.07, 0.035, 0.095, 0.14, 0.09, 0.24),
        (0.34, 0.055, 0.004, 0.016, 0.095, 0.145, 0.345),
        (0.34, 0.01, 0.00, 0.00, 0.045, 0.13, 0.475),
    ]
)
ETHNIC = ("white", "mixed", "asian", "african", "caribbean_or_black", "other", "not_known")
ETHNIC_SHARES = (0.915, 0.012, 0.010, 0.006, 0.0015, 0.0025, 0.053)


@dataclass
class Population:
    """The spells of a council, a row each, and their rounds (row i of each round belongs to row i of the spells).

    spells: child, born, sex, ethnic_group, disabled, started, away, home_again (back with parents, still looked
    after), ended, destination, kind (one of TYPES or at_home), twin_tracked, concurrent, care (kind of care away).
    """

    spells: pd.DataFrame
    rounds: list[Round]


def draw_population(rng: np.random.Generator, sizes: dict[int, int], yearly_share: float) -> Population:
    """The children of a council of the given sizes by census year; `yearly_share` is yearly starts a child in care."""
    base = max(sizes.values())
    surplus = 1.5 + 60.0 / base
    count = int(rng.poisson(base * surplus * yearly_share * (POOL_TO - POOL_FROM) / YEAR))
    population = _pool(rng, count)
    kept = _thinned(rng, population.spells, sizes)
    return _take(population, kept)


def _take(population: Population, rows: Flags | Days) -> Population:
    spells = population.spells[rows] if rows.dtype == bool else population.spells.iloc[rows]
    return Population(spells.reset_index(drop=True), [one[rows] for one in population.rounds])


def _pool(rng: np.random.Generator, count: int) -> Population:
    started = np.sort(rng.integers(POOL_FROM, POOL_TO + 1, count))
    ages = np.array([share for share, _, _ in ENTRY_AGES])
    band = rng.choice(len(ages), count, p=ages / ages.sum())
    low = np.array([low for _, low, _ in ENTRY_AGES])[band]
    high = np.array([high for _, _, high in ENTRY_AGES])[band]
    born = started - rng.integers(low, high + 1)
    at_home = chance(rng, count, np.array(BEGIN_AT_HOME)[band])
    moves = at_home & chance(rng, count, 0.24)
    away = np.where(at_home, only(moves, later(started, lognormal(rng, count, 280.0, 0.8))), started)
    again = _returns(rng, count, started, born, away)
    spells = pd.DataFrame(
        {
            "child": np.arange(count),
            "born": born,
            "sex": np.where(chance(rng, count, 0.4645), "female", "male"),
            "ethnic_group": choose(rng, ETHNIC, np.tile(ETHNIC_SHARES, (count, 1))),
            "disabled": choose(rng, ("yes", "no", "not_known"), np.tile((0.12, 0.76, 0.12), (count, 1))),
            "started": started,
            "away": away,
        }
    )
    first = _lived(rng, spells)
    returning = np.flatnonzero(
        again & np.isin(first.spells["destination"], ["home_with_parents", "friends_or_relatives"])
    )
    second = spells.iloc[returning].copy()
    # Shorter gaps are one spell (definitions#days): `records.recorded_spells` makes those.
    wait = np.maximum(lognormal(rng, len(returning), 200.0, 1.2), 8)
    second["started"] = first.spells["ended"].to_numpy()[returning] + wait
    # Some come back within days: of these the record must keep two spells, or bridge them (definitions#days: 7 days).
    quick = chance(rng, len(returning), 0.06)
    second["started"] = np.where(
        quick, first.spells["ended"].to_numpy()[returning] + between(rng, len(returning), 8, 20), second["started"]
    )
    begins_home = chance(rng, len(returning), 0.35)
    second["away"] = np.where(begins_home, NEVER, second["started"])
    young = ((second["started"] - second["born"]) < 15.7 * YEAR) & (second["started"] < POOL_TO)
    later_spells = _lived(rng, second[young].reset_index(drop=True))
    return Population(
        pd.concat([first.spells, later_spells.spells], ignore_index=True),
        [_joined(a, b) for a, b in zip(first.rounds, later_spells.rounds, strict=True)],
    )


def _returns(rng: np.random.Generator, count: int, started: Days, born: Days, away: Days) -> Flags:
    """Who comes back after going home: about one in seven."""
    return chance(rng, count, 0.15) & (started - born < 15 * YEAR) & (away < NEVER)


def _joined(a: Round, b: Round) -> Round:
    return Round(**{name: np.concatenate([getattr(a, name), getattr(b, name)]) for name in vars(a)})


def _lived(rng: np.random.Generator, spells: pd.DataFrame) -> Population:
    """Draw for each spell its kind, its rounds, and how it ends."""
    n = len(spells)
    born, started, away = (spells[name].to_numpy() for name in ("born", "started", "away"))
    age = np.where(away < NEVER, away, started) - born
    band = np.digitize(age, [365, 6 * 365, 12 * 365])
    kind = choose(rng, TYPES, TYPE_SHARES[band])
    # Before the 2007 Act long-stay children had no such order to go to; a few are taken there since.
    early = (kind == PO) & (away < day("2008-01-01")) & ~chance(rng, n, 0.30)
    kind = np.where(early, LONG_TERM, kind)
    old_law = (kind == POA) & (away < day("2008-09-01"))
    kind = np.where(old_law, ADOPTION, kind)
    # Plans with kin were seldom put before a review in earlier years.
    unplanned = (kind == KINSHIP) & (away < day("2007-01-01")) & chance(rng, n, 0.6)
    kind = np.where(unplanned, "drift", kind)
    kind = np.where(away >= NEVER, "at_home", kind).astype(object)
    pathway = np.isin(kind, [PO, POA, ADOPTION, KINSHIP, LONG_TERM])

    leaves = np.full(n, NEVER)  # the end, by what comes first
    destination = np.full(n, "", dtype=object)
    home_again = np.full(n, NEVER)

    def ends(when: Days, where: str | Words) -> None:
        nonlocal leaves, destination
        sooner = when < leaves
        destination = np.where(sooner, where, destination).astype(object)
        leaves = np.where(sooner, when, leaves)

    of_age = np.maximum(
        born + (16 * YEAR + between(rng, n, 0, 700)).astype("int64"), started + between(rng, n, 20, 300)
    )
    onward = choose(
        rng,
        (
            "home_with_parents",
            "supported_accommodation",
            "continuing_care",
            "former_foster_carers",
            "other",
            "not_known",
        ),
        np.tile((0.22, 0.33, 0.06, 0.14, 0.19, 0.06), (n, 1)),
    )
    ends(of_age, onward)
    ends(only(kind == "at_home", later(started, lognormal(rng, n, 950.0, 0.68))), "home_with_parents")

    # Home: on average nine months away (domain#routes-to-permanence); two in five stay looked after with their parents for a while.
    is_home = kind == "home"
    back = only(is_home, later(away, lognormal(rng, n, 150.0, 1.05)))
    with_kin = is_home & chance(rng, n, 0.05)
    trial = is_home & ~with_kin & chance(rng, n, 0.42)
    home_again = only(trial, back)
    ends(
        np.where(trial, later(back, lognormal(rng, n, 380.0, 0.6)), back),
        np.where(with_kin, "friends_or_relatives", "home_with_parents").astype(object),
    )
    drift_home = lognormal(rng, n, 1750.0, 0.85)
    ends(
        only(kind == "drift", later(away, drift_home)),
        choose(
            rng,
            ("home_with_parents", "friends_or_relatives", "other", "not_known"),
            np.tile((0.7, 0.17, 0.09, 0.04), (n, 1)),
        ),
    )
    slow_home = np.select([kind == KINSHIP, kind == LONG_TERM, pathway], [4200.0, 9000.0, 14000.0], 0)
    ends(
        only(pathway, later(away, np.maximum(60, rng.exponential(1.0, n) * slow_home).astype("int64"))),
        np.where(kind == KINSHIP, "friends_or_relatives", "home_with_parents").astype(object),
    )
    ends(later(started, (rng.exponential(450 * YEAR, n)).astype("int64") + 15), "other_council")
    ends(later(started, (rng.exponential(1400 * YEAR, n)).astype("int64") + 5), "died")

    rounds: list[Round] = []
    route = np.where(pathway, kind, KINSHIP).astype(object)
    begin = only(pathway, away)
    for number in range(ROUNDS):
        one = draw_round(rng, begin, route, number == 0, age)
        secured = np.minimum(
            only((one.route == PO) & (one.petition_result == "granted"), one.petition_outcome), one.adopted
        )
        secured = np.minimum(
            np.minimum(secured, one.resident), only((one.route == LONG_TERM) & chance(rng, n, 0.6), one.settled)
        )
        one.failed = np.where((one.failed >= secured) | (begin >= NEVER), NEVER, one.failed)
        one.failure = np.where(one.failed >= NEVER, "", one.failure).astype(object)
        lost = number == ROUNDS - 1
        adopted = only(one.adopted < one.failed, one.adopted)
        ends(later(adopted, _lag(rng, n, adopted)), "adoption")
        resident = only(one.resident < one.failed, one.resident)
        ends(
            later(resident, _lag(rng, n, resident)),
            np.where(chance(rng, n, 0.75), "kinship_care_order", "friends_or_relatives").astype(object),
        )
        goes_home = only(one.failure == RETURN_HOME, later(one.failed, between(rng, n, 5, 150)))
        stays = chance(rng, n, 0.5)
        home_again = np.where((goes_home < NEVER) & stays, np.minimum(home_again, goes_home), home_again)
        ends(np.where(stays, later(goes_home, lognormal(rng, n, 250.0, 0.6)), goes_home), "home_with_parents")
        rounds.append(one)
        goes_on = (one.failed < NEVER) & (one.failure != RETURN_HOME)
        begin = only(goes_on & ~np.bool_(lost), one.failed)
        route = np.where(goes_on, one.next_route, route).astype(object)

    leaves = np.maximum(leaves, started + 1)
    home_again = only(home_again < leaves, home_again)
    still = np.where(away < leaves, away, NEVER)
    base = np.where(
        kind == KINSHIP,
        "kinship",
        np.where(
            age < 12 * 365,
            choose(rng, ("foster", "kinship", "residential", "other"), np.tile((0.31, 0.59, 0.08, 0.02), (n, 1))),
            choose(rng, ("foster", "kinship", "residential", "other"), np.tile((0.25, 0.23, 0.49, 0.03), (n, 1))),
        ),
    )
    base = np.where(np.isin(kind, [PO, POA, ADOPTION]), "foster", base)
    out = spells.assign(
        away=still,
        home_again=home_again,
        ended=leaves,
        destination=destination,
        kind=kind,
        care=base,
        twin_tracked=np.where((kind == "home") & chance(rng, n, 0.2) | pathway & chance(rng, n, 0.12), "yes", "no"),
        concurrent=np.where(
            np.isin(kind, [POA, ADOPTION]) & (rounds[0].linked < rounds[0].decision) & (rounds[0].linked < NEVER),
            "yes", "no"),
        home_recommended=only(is_home & chance(rng, n, 0.45), later(away, lognormal(rng, n, 120.0, 0.5))),
    )  # fmt: skip
    return Population(out, rounds)


def _lag(rng: np.random.Generator, n: int, granted: Days) -> Days:
    """Days from the order to the spell's end: mostly none, sometimes a few weeks, sometimes the spell ended before."""
    lag = np.select(
        [chance(rng, n, 0.70), chance(rng, n, 0.65)], [np.zeros(n, dtype="int64"), between(rng, n, 1, 27)],
        -between(rng, n, 1, 80),
    )  # fmt: skip
    return np.where(granted >= NEVER, 0, lag)


def _thinned(rng: np.random.Generator, spells: pd.DataFrame, sizes: dict[int, int]) -> Flags:
    """Which spells of the pool make the council its published sizes at the three censuses."""
    started, ended = spells["started"].to_numpy(), spells["ended"].to_numpy()
    there = {year: (started <= when) & (ended > when) for year, when in CENSUS.items()}
    share = min(1.0, sizes[2012] / max(1, int(there[2012].sum())))
    kept = _some(rng, there[2012], sizes[2012])
    for year in (2011, 2013):
        kept |= _some(rng, there[year] & ~there[2012], sizes[year] - int((kept & there[year]).sum()))
    elsewhere = ~(there[2011] | there[2012] | there[2013])
    return kept | (elsewhere & chance(rng, len(spells), share))


def _some(rng: np.random.Generator, candidates: Flags, wanted: int) -> Flags:
    rows = np.flatnonzero(candidates)
    chosen = rng.choice(rows, min(max(wanted, 0), len(rows)), replace=False)
    flags: Flags = np.zeros(len(candidates), dtype=bool)
    flags[chosen] = True
    return flags
