"""Carer households of one council: who comes forward, how far they get, and which children live with them.

Foster households are a standing pool, adopters and many kin are approved for a child; beside them stands a funnel of
enquiries that end early, are refused or are still under way. Calibrated on: enquiry to approval of foster carers 4-6
months, adopters about 64 hours over up to six months (plan 29-30); kin in about three months (assumed).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pact_pipeline.generator.days import NEVER, Days, Words, between, chance, choose, day, later, lognormal, only
from pact_pipeline.generator.pathway import PO
from pact_pipeline.generator.records import LAST_STEP

POOL_FROM = day("1998-01-01")
FUNNEL_FROM = day("2010-08-01")
STAGES = ("enquired", "informed", "applied", "assessed", "refused")
STAGE_SHARES = (0.36, 0.32, 0.14, 0.13, 0.05)
COLUMNS = (
    "source", "kind", "enquired", "informed", "applied", "assessed_from", "assessed_to", "hours", "panel", "decided",
    "decision", "places", "closed", "close_reason",
)  # fmt: skip


@dataclass
class Households:
    """`carers`: an approval process a row (household = row number); `placements`, `matches` with their household."""

    carers: pd.DataFrame
    placements: pd.DataFrame
    matches: pd.DataFrame


def households(
    rng: np.random.Generator, placements: pd.DataFrame, matches: pd.DataFrame, ended: Days, in_care: int
) -> Households:
    """Give every foster, kinship and adoptive stay and every match a household; `in_care` sizes pool and funnel."""
    placements, matches = placements.copy(), matches.copy()
    pool = _foster_pool(rng, max(6, round(in_care * 0.30)))
    placements["household"] = -1
    for word, source in (("foster_own", "own"), ("foster_purchased", "agency")):
        rows = np.flatnonzero(placements["placement_type"] == word)
        placements.loc[rows, "household"] = _someone(rng, pool, source, placements["from"].to_numpy()[rows])

    # Matches: half of the children with a permanence order stay with the foster carers they live with.
    matches["household"] = -1
    order = (matches["route"] == PO).to_numpy()
    living = _living_on(placements, matches, matches["linked"].to_numpy())
    own = order & (living >= 0) & chance(rng, len(matches), 0.5)
    others = order & ~own
    matches.loc[own, "household"] = living[own]
    matches.loc[others, "household"] = _someone(rng, pool, "own", matches["linked"].to_numpy()[others])
    adopting = np.flatnonzero(~order)
    adopters = _adopters(rng, matches.iloc[adopting])
    matches.loc[adopting, "household"] = len(pool) + np.arange(len(adopting))
    lived = np.flatnonzero(placements["match"] >= 0)
    placements.loc[lived, "household"] = matches["household"].to_numpy()[placements["match"].to_numpy()[lived]]

    kin = np.flatnonzero((placements["placement_type"] == "kinship") & ((placements["intended"] == "yes") | chance(
        rng, len(placements), 0.15)))  # fmt: skip
    # The same kin before and after the plan is made: one household a spell.
    families, which = np.unique(placements["spell"].to_numpy()[kin], return_inverse=True)
    began = np.full(len(families), NEVER)
    np.minimum.at(began, which, placements["from"].to_numpy()[kin])
    kinship = _kin(rng, began, ended[families])
    offset = len(pool) + len(adopters)
    placements.loc[kin, "household"] = offset + which
    carers = pd.concat([pool, adopters, kinship, _funnel(rng, in_care)], ignore_index=True)
    _close(rng, carers, placements, matches)
    _make_room(carers, placements)
    return Households(carers, placements, matches)


def _process(
    rng: np.random.Generator, decided: Days, days: Days, source: Words, kind: Words, hours: float
) -> pd.DataFrame:
    """Approved processes, told backward from the decision and the days since the enquiry."""
    n = len(decided)
    enquired = decided - days
    frame = pd.DataFrame({"source": source, "kind": kind, "enquired": enquired})
    frame["informed"] = enquired + np.minimum(between(rng, n, 1, 12), np.maximum(days // 8, 0))
    frame["applied"] = enquired + (days * (0.14 + 0.12 * rng.random(n))).astype("int64")
    frame["assessed_from"] = enquired + (days * (0.28 + 0.08 * rng.random(n))).astype("int64")
    frame["assessed_to"] = enquired + (days * (0.78 + 0.08 * rng.random(n))).astype("int64")
    frame["hours"] = np.round(rng.normal(hours, hours / 6, n), 1).clip(6, 140)
    frame["panel"] = np.maximum(frame["assessed_to"], decided - between(rng, n, 3, 14))
    frame["decided"] = decided
    frame["decision"] = "approved"
    frame["places"] = rng.choice([1, 2, 3], n, p=[0.5, 0.35, 0.15])
    frame["closed"], frame["close_reason"] = NEVER, ""
    return frame[list(COLUMNS)]


def _foster_pool(rng: np.random.Generator, size: int) -> pd.DataFrame:
    decided = np.sort(rng.integers(POOL_FROM, LAST_STEP, size))
    decided[: max(4, size // 8)] = day("1992-06-01") + np.arange(max(4, size // 8))
    source = choose(rng, ("own", "agency", "other_council"), np.tile((0.72, 0.23, 0.05), (size, 1)))
    source[:4] = ["own", "agency", "own", "agency"]
    kind = choose(rng, ("foster", "dual"), np.tile((0.95, 0.05), (size, 1)))
    return _process(rng, decided, lognormal(rng, size, 158.0, 0.25), source, kind, 58.0)


def _someone(rng: np.random.Generator, pool: pd.DataFrame, source: str, when: Days) -> Days:
    """A household of the source approved by each day, at random."""
    rows = np.flatnonzero(pool["source"] == source)
    approved = np.searchsorted(pool["decided"].to_numpy()[rows], when, side="right")
    picked: Days = rows[(rng.random(len(when)) * np.maximum(approved, 1)).astype("int64")]
    return picked


def _living_on(placements: pd.DataFrame, matches: pd.DataFrame, when: Days) -> Days:
    """The foster household a child of each match lives with on a day, or -1."""
    stays = placements.reset_index(drop=True)
    key = stays["spell"].to_numpy() * 200_000 + stays["from"].to_numpy()
    at = np.searchsorted(key, matches["spell"].to_numpy() * 200_000 + when, side="right") - 1
    found = stays.iloc[np.maximum(at, 0)]
    same = (found["spell"].to_numpy() == matches["spell"].to_numpy()) & (
        found["placement_type"] == "foster_own"
    ).to_numpy()
    return np.where(same & (at >= 0), found["household"].to_numpy(), -1)


def _adopters(rng: np.random.Generator, matches: pd.DataFrame) -> pd.DataFrame:
    n = len(matches)
    linked, decided_match = matches["linked"].to_numpy(), matches["decided"].to_numpy()
    approved = linked - lognormal(rng, n, 150.0, 0.8)
    # A family already known to the child is assessed for the child.
    known = chance(rng, n, 0.12) & (decided_match < NEVER)
    approved = np.where(known, np.maximum(linked - 20, decided_match - 5), approved)
    source = choose(rng, ("own", "other_council", "agency"), np.tile((0.62, 0.10, 0.28), (n, 1)))
    kind = choose(rng, ("adoption", "dual"), np.tile((0.88, 0.12), (n, 1)))
    # Whoever has the child before the match is approved has it concurrently, and is approved for both.
    placed = matches["placed"].to_numpy()
    kind = np.where((placed < decided_match) & (placed < NEVER), "dual", kind).astype(object)
    frame = _process(rng, approved, lognormal(rng, n, 235.0, 0.28), source, kind, 64.0)
    adopted = (matches["end_reason"] == "adopted").to_numpy() & chance(rng, n, 0.85)
    frame["closed"] = only(adopted, later(matches["ended"].to_numpy(), between(rng, n, 10, 220)))
    frame["close_reason"] = np.where(adopted, "other", "")
    return frame


def _kin(rng: np.random.Generator, began: Days, ended: Days) -> pd.DataFrame:
    n = len(began)
    decided = began + between(rng, n, 20, 150)
    frame = _process(
        rng, decided, lognormal(rng, n, 95.0, 0.3), _all(n, "own"), _all(n, "kinship"), 26.0
    )  # fmt: skip
    early = decided >= ended
    frame.loc[early, ["panel", "decided"]] = NEVER
    frame.loc[early, "decision"] = ""
    over = np.maximum(ended, frame["enquired"].to_numpy()) + between(rng, n, 0, 40)
    frame["closed"] = only(ended < NEVER, over)
    frame["close_reason"] = np.where(frame["closed"] < NEVER, np.where(early, "withdrew", "other"), "")
    return frame


def _funnel(rng: np.random.Generator, in_care: int) -> pd.DataFrame:
    """Enquiries that end without approval or are under way, and adopters who wait for a child."""
    n = int(rng.poisson(in_care * 0.16))
    kind = choose(rng, ("foster", "adoption", "dual"), np.tile((0.57, 0.38, 0.05), (n, 1)))
    enquired = rng.integers(FUNNEL_FROM, LAST_STEP, n)
    days = lognormal(rng, n, np.where(kind == "foster", 160.0, 235.0), 0.26)
    source = np.where(chance(rng, n, 0.75), "own", "agency").astype(object)
    frame = _process(rng, enquired + days, days, source, kind, 61.0)
    waits = chance(rng, n, 0.16)
    stage = choose(rng, STAGES, np.tile(STAGE_SHARES, (n, 1)))
    stop = np.select(
        [stage == "enquired", stage == "informed", stage == "applied", stage == "assessed"],
        [enquired + between(rng, n, 5, 40), frame["informed"] + between(rng, n, 10, 90),
         frame["applied"] + between(rng, n, 10, 60), frame["assessed_from"] + between(rng, n, 20, 120)],
        frame["decided"],
    ).astype("int64")  # fmt: skip
    stops = ~waits
    for column in ("informed", "applied", "assessed_from", "assessed_to", "panel", "decided"):
        frame[column] = np.where(stops & (frame[column] > stop), NEVER, frame[column])
    refused = stops & (stage == "refused")
    frame["decision"] = np.where(frame["decided"] >= NEVER, "", np.where(refused, "not_approved", frame["decision"]))
    frame["places"] = np.where(frame["decision"] == "approved", frame["places"], 0)
    frame["closed"] = only(stops, stop + np.where(refused, 0, between(rng, n, 0, 20)))
    frame["close_reason"] = np.where(~stops, "", np.where(refused, "not_approved", "withdrew"))
    return frame


def _close(rng: np.random.Generator, carers: pd.DataFrame, placements: pd.DataFrame, matches: pd.DataFrame) -> None:
    """Foster households stop one day, but never while a child lives there or is matched."""
    n = len(carers)
    last = np.zeros(n, dtype="int64")
    for frame, column in ((placements, "to"), (matches, "ended")):
        used = frame[frame["household"] >= 0]
        np.maximum.at(last, used["household"].to_numpy(), used[column].to_numpy())
    stops = (
        chance(rng, n, 0.4)
        & (carers["closed"] >= NEVER).to_numpy()
        & carers["kind"].isin(["foster", "dual"]).to_numpy()
    )
    when = carers["decided"].to_numpy() + lognormal(rng, n, 2300.0, 0.7)
    stops &= (when > last) & (carers["decision"] == "approved").to_numpy() & (when < NEVER)
    carers["closed"] = np.where(stops, when, carers["closed"])
    reason = choose(rng, ("deregistered", "withdrew", "moved"), np.tile((0.6, 0.25, 0.15), (n, 1)))
    carers["close_reason"] = np.where(stops, reason, carers["close_reason"])
    # A household that adopted a child is closed no earlier than its last child's stay.
    adopters = (carers["closed"] < NEVER) & (carers["closed"] < last) & (last < NEVER)
    carers["closed"] = np.where(adopters, last, carers["closed"])
    needed = ((carers["closed"] < last) & (last >= NEVER)).to_numpy()
    carers["closed"] = np.where(needed, NEVER, carers["closed"])
    carers["close_reason"] = np.where(needed, "", carers["close_reason"])


def _make_room(carers: pd.DataFrame, placements: pd.DataFrame) -> None:
    """A household is approved for at least as many children as ever live there at once."""
    lived = placements[placements["household"] >= 0]
    who = np.concatenate([lived["household"], lived["household"]])
    when = np.concatenate([lived["from"], lived["to"]])
    change = np.repeat([1, -1], len(lived))
    order = np.lexsort((change, when, who))
    at_once = np.cumsum(change[order])  # of one household all come and all go, so each begins at none
    most = np.zeros(len(carers), dtype="int64")
    np.maximum.at(most, who[order], at_once)
    carers["places"] = np.where(carers["places"] > 0, np.maximum(carers["places"], np.minimum(most, 20)), 0)


def _all(n: int, word: str) -> Words:
    return np.full(n, word, dtype=object)
