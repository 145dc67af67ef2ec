"""The same figures by a second method: Aalen-Johansen with delayed entry in plain loops, one child and one day at a time.

The figures of a whole country against the generator's truth are compared in the end-to-end tests, with `true_frames`.
"""

import random
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pact_pipeline.generator import generate
from pact_pipeline.measures.estimates import estimate_all, horizon_day
from pact_pipeline_tests.measures.rows import Outcome, after, carers, journeys, matches
from pact_pipeline_tests.measures.true_country import true_frames

MONTHS = ("2012-08-31", "2013-01-31", "2014-02-28", "2015-07-31")
KIND = {
    "adopted": "adoption", "home": "home", "other": "other", "aged_out": "other", "transfer": "other",
    "permanence_order": "permanence_order", "long_term_care": "long_term_care",
}  # fmt: skip
Row = dict[str, Any]


@dataclass
class Child:
    """A wait in days since the council joined: [start, end], the kind of end, and the last day it is followed to."""

    start: int
    end: int | None
    kind: str
    followed_to: int


def incidence(children: list[Child], kind: str, day: int, cut: int) -> tuple[Fraction, int, int]:
    """The share who left by `kind` up to the clock's `day`, how many ends of it, and how many children were ever watched."""
    waiting, share, ends = Fraction(1), Fraction(0), 0
    for t in range(day + 1):
        at_risk = left = left_so = 0
        for child in children:
            today, last = child.start + t, min(cut, child.followed_to)
            gone = child.end is not None and child.end < today
            if today >= 0 and today <= last and not gone:  # the council joined on day 0
                at_risk += 1
                left += child.end == today
                left_so += child.end == today and child.kind == kind
        if at_risk:
            share += waiting * Fraction(left_so, at_risk)
            waiting *= 1 - Fraction(left, at_risk)
            ends += left_so
    watched = sum(
        child.start <= min(cut, child.followed_to) and max(child.start, 0) <= min(cut, child.followed_to)
        and (child.end is None or child.end >= 0)
        for child in children
    )  # fmt: skip
    return share, ends, watched


def some_journeys(seed: int, number: int = 50) -> list[Row]:
    rng = random.Random(seed)
    rows = []
    for _ in range(number):
        start = rng.randint(-500, 700)
        row: Row = {
            "start": start,
            "exit": None,
            "secured": None,
            "exit_kind": "still_looked_after",
            "secured_kind": None,
        }
        if rng.random() < 0.75:
            row["exit"] = start + rng.choice([0, rng.randint(0, 60), rng.randint(0, 900)])
            row["exit_kind"] = rng.choice(["home", "home", "adopted", "aged_out", "transfer"])
        if rng.random() < 0.3:
            row["secured"] = start + rng.randint(0, 600)
            row["secured_kind"] = rng.choice(["permanence_order", "long_term_care"])
            if row["exit"] is not None and row["exit"] < row["secured"]:
                row["exit"], row["exit_kind"] = row["secured"], row["secured_kind"]
        rows.append(row)
    return rows


def as_children(rows: list[Row], *, national: bool, newest: int) -> list[Child]:
    children = []
    for row in rows:
        secured, left = row["secured"], row["exit"]
        followed_to = newest
        if national and row["exit_kind"] == "transfer":
            left, followed_to = None, row["exit"]
        if secured is not None and (left is None or secured <= left):
            children.append(Child(row["start"], secured, KIND[row["secured_kind"]], followed_to))
        else:
            children.append(Child(row["start"], left, KIND.get(row["exit_kind"], ""), followed_to))
    return children


@pytest.mark.parametrize("seed", [1, 2])
def test_time_to_permanence_of_fifty_random_journeys(seed: int) -> None:
    rows = some_journeys(seed)
    joined, newest = pd.Timestamp("2012-08-01"), (pd.Timestamp("2015-07-31") - pd.Timestamp("2012-08-01")).days
    told = Outcome(
        *MONTHS,
        journey=journeys(
            *(
                {
                    "away_from_home_from": after(row["start"]),
                    "exit_on": None if row["exit"] is None else after(row["exit"]),
                    "secured_on": None if row["secured"] is None else after(row["secured"]),
                    "exit_kind": row["exit_kind"], "secured_kind": row["secured_kind"],
                }
                for row in rows
            )
        ),
    )  # fmt: skip
    compared = 0
    for area, month in (("GLG", MONTHS[1]), ("GLG", MONTHS[3]), ("SCO", MONTHS[2]), ("SCO", MONTHS[3])):
        children = as_children(rows, national=area == "SCO", newest=newest)
        for months, kind in ((12, "home"), (24, "permanence_order"), (24, "other"), (36, "long_term_care")):
            figure = told.figure("all_entrants", months, kind, area=area, month=month)
            cut = (pd.Timestamp(month) - joined).days
            share, ends, watched = incidence(children, kind, horizon_day(months), cut)
            assert (figure["events"], figure["children"]) == (ends, watched)
            if figure["status"] == "estimated":
                assert figure["estimate"] == pytest.approx(float(share), abs=1e-12)
                compared += 1
    assert compared >= 8, "a comparison of nothing proves nothing"


def test_a_step_of_fifty_random_children() -> None:
    rng = random.Random(3)
    rows, children = [], []
    for _ in range(50):
        start, stop, left = rng.randint(-300, 600), rng.randint(-50, 400), rng.randint(-50, 500)
        stop, left = start + stop, start + left
        rows.append(
            {"recommended_on": after(start), "approved_on": after(stop), "exit_on": after(left), "exit_kind": "home"}
        )
        if stop >= start and left >= start:
            children.append(Child(start, min(stop, left), "done" if stop <= left else "left", 2000))
    told = Outcome("2013-06-30", journey=journeys(*rows))
    for months in (3, 6, 12):
        figure = told.figure("recommended_to_approved", months)
        share, ends, watched = incidence(children, "done", horizon_day(months), 333)
        assert (figure["events"], figure["children"]) == (ends, watched)
        assert figure["status"] != "estimated" or figure["estimate"] == pytest.approx(float(share), abs=1e-12)


def test_no_row_is_lost_and_none_comes_twice() -> None:
    told = Outcome(*MONTHS, journey=journeys({"away_from_home_from": after(0)}), carer=carers({"enquiry_on": after(0)}))
    keys = ["month_end", "area", "measure", "series", "category", "statistic", "horizon_months"]
    assert not told.estimates.duplicated(keys).any()
    counts = told.estimates.groupby(["month_end", "area"]).size()
    assert len(counts) == 8
    assert counts.between(counts.max() - 3 * 5, counts.max()).all(), "an entry cohort not followed is one row, not six"


def test_without_a_row_there_is_no_figure() -> None:
    estimates, curves = estimate_all(journeys(), carers(), matches(), [pd.Timestamp("2012-08-31")])
    assert len(estimates) == len(curves) == 0


def test_the_true_frames_are_those_of_the_children_a_return_could_name(tmp_path: Path) -> None:
    generate(tmp_path / "arrivals", tmp_path / "truth", first="2012-08", last="2012-09", councils=["CLK"], faults=False)
    true = true_frames(tmp_path / "truth", "2012-08", "2012-09")
    last_seen = true.journey.groupby("child_ref")["ended_on"].agg(lambda days: days.max(skipna=False))
    assert (last_seen.isna() | (last_seen > pd.Timestamp("2011-08-31"))).all()
    assert not true.journey.duplicated(["child_ref", "spell_no"]).any()
    assert set(true.match["child_ref"]) <= set(true.journey["child_ref"])
    estimates, _ = estimate_all(true.journey, true.carer_approval, true.match, [pd.Timestamp("2012-09-30")])
    journey = true.journey
    waiting = journey["away_from_home_from"].notna() & journey["ended_on"].isna() & journey["secured_on"].isna()
    followed = estimates.loc[estimates["series"].eq("all_entrants") & estimates["area"].eq("CLK"), "children"].max()
    assert 0 < waiting.sum() <= followed <= len(journey)
