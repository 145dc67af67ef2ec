"""The truth folder: journeys, stages, stock, applications and faults as Parquet, for scoring the pipeline.

Nothing in the pipeline may read it. Children stand under the council's own reference, so the folder is as restricted as
the archive. Written: journeys (a row a true spell), stages (a row a stay in a stage), stock (council, month_end, stage,
children; `looked_after` is all), census (31 July: children by setting, sex, ethnic group), carers, matches and support
plans as known on the last day, applications (with the order really sought), faults (a row a fault), deliveries (a row a
delivery: the state its verdict should have, and what was planted that makes it so).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pact_pipeline.generator.country import CouncilTruth
from pact_pipeline.generator.days import NEVER, as_dates, day_of
from pact_pipeline.generator.faults import Fault, PlantedDelivery
from pact_pipeline.generator.truth import (
    Journey,
    Living,
    Match,
    Stay,
    TrueSpell,
    TrueStep,
    bridge,
    journey,
    spell_of,
    stays,
)
from pact_pipeline.periods import Period
from pact_pipeline.settings import restricted_folder

# Steps that say nothing of rounds, plans or orders.
WITHOUT_EFFECT = ("referral", "lac_review", "consent_certificate", "reporter_referral", "advice_hearing")
DATES = ("recommended", "panel", "approved", "linked", "matched", "placed", "lodged", "secured", "exit_on")
CENSUS_COLUMNS = ["council", "day", "figure", "children"]
# The settings of the published figures, by placement type.
SETTINGS = {
    "home_with_parents": "at_home",
    "kinship": "kinship",
    "foster_own": "foster_or_adopters",
    "foster_purchased": "foster_or_adopters",
    "prospective_adopters": "foster_or_adopters",
    "other_community": "other_community",
}


class TruthFiles:
    """Gathers the truth of each council and writes it at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self._deliveries: list[PlantedDelivery] = []
        self._journeys: list[pd.DataFrame] = []
        self._stages: list[pd.DataFrame] = []
        self._stock: list[pd.DataFrame] = []
        self._census: list[pd.DataFrame] = []
        self._facts: dict[str, list[pd.DataFrame]] = defaultdict(list)
        self._applications = pd.DataFrame()
        self._reference: dict[str, Any] = {}

    def add_council(self, council: CouncilTruth, periods: Sequence[Period]) -> None:
        """Work out journeys and stages as known at the last period's end, and the stock at each."""
        horizon = day_of(periods[-1].last_day)
        journeys, stages = council_journeys(council, horizon)
        self._journeys.append(journeys)
        self._stages.append(stages)
        self._stock.append(_stock(council.council, stages, periods))
        before = day_of(periods[0].first_day) - 1
        self._census += [
            _census(council, day_of(date(year, 7, 31)))
            for year in range(periods[0].first_day.year - 1, periods[-1].last_day.year + 1)
            if before <= day_of(date(year, 7, 31)) <= horizon
        ]
        for name, frame in _facts(council, horizon).items():
            self._facts[name].append(frame)
        self._reference[council.council] = council.children["child_ref"].to_numpy()

    def add_faults(self, made: Sequence[Fault], names: dict[str, str]) -> None:
        for fault in made:
            fault.file = names.get(fault.table, "")
            self.faults.append(fault)

    def add_delivery(self, planted: PlantedDelivery) -> None:
        self._deliveries.append(planted)

    def add_applications(self, applications: pd.DataFrame) -> None:
        self._applications = applications

    def write(self) -> None:
        """Write all tables; the folder is made, and closed to everybody else."""
        restricted_folder(self.folder)
        frame = self._applications
        inside = frame["child"].to_numpy() >= 0
        references = np.full(len(frame), "", dtype=object)
        for key, known in self._reference.items():
            here = inside & (frame["area"] == key).to_numpy()
            references[here] = known[frame["child"].to_numpy()[here]]
        tables = {
            "journeys": pd.concat(self._journeys, ignore_index=True),
            "stages": pd.concat(self._stages, ignore_index=True),
            "stock": pd.concat(self._stock, ignore_index=True),
            "census": pd.concat([*self._census, pd.DataFrame(columns=CENSUS_COLUMNS)], ignore_index=True),
            **{name: pd.concat(frames, ignore_index=True) for name, frames in self._facts.items()},
            "applications": pd.DataFrame(
                {
                    "area": frame["area"],
                    "child_ref": references,
                    "court": frame["court"],
                    "application_type": frame["type"],
                    "order": frame["order"],
                    "petitioner_kind": frame["petitioner"],
                    "lodged_on": as_dates(frame["lodged"].to_numpy()),
                    "outcome": frame["outcome"],
                    "outcome_on": as_dates(frame["outcome_on"].to_numpy()),
                }
            ),
            "faults": pd.DataFrame([asdict(fault) for fault in self.faults], columns=list(Fault.__dataclass_fields__)),
            "deliveries": pd.DataFrame(
                [asdict(one) for one in self._deliveries], columns=list(PlantedDelivery.__dataclass_fields__)
            ),
        }
        tables["faults"]["source_row"] = tables["faults"]["source_row"].astype("Int64")
        for name, table in tables.items():
            table.to_parquet(self.folder / f"{name}.parquet", index=False)


def council_journeys(council: CouncilTruth, horizon: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Journeys and stages of one council as known on the horizon: for scoring, one child at a time, in plain Python."""
    spells = _spells_by_child(council, horizon)
    steps = _steps_by_child(council.steps)
    matches = _matches_by_child(council.matches)
    homes = _homes_by_child(council.placements)
    references = council.children["child_ref"].to_numpy()
    born = council.children["born"].to_numpy()
    journey_rows: list[dict[str, Any]] = []
    stage_rows: list[tuple[Any, ...]] = []
    for child, lived in spells.items():
        own_steps: dict[int, list[TrueStep]] = defaultdict(list)
        for step in steps.get(child, ()):
            own_steps[spell_of(step.on, lived)].append(step)
        own_matches: dict[int, list[Match]] = defaultdict(list)
        for match in matches.get(child, ()):
            own_matches[spell_of(match.linked, lived)].append(match)
        for number, spell in enumerate(lived):
            living = homes.get(child, [])
            found = stays(spell, own_steps[number], own_matches[number], living, horizon)
            told = journey(spell, own_steps[number], own_matches[number], living, horizon, int(born[child]), found)
            reference = references[child]
            journey_rows.append(_journey_row(council, child, reference, number, spell, told, horizon))
            stage_rows += [_stage_row(council.council, reference, number, stay) for stay in found]
    journeys = pd.DataFrame(journey_rows)
    away = council.spells["away"].to_numpy()
    first_away = pd.Series(np.where(away <= horizon, away, NEVER)).groupby(
        [council.spells["child"], council.spells["started"]]
    ).min()  # fmt: skip
    journeys["away_from_home_from"] = first_away.reindex(
        pd.MultiIndex.from_frame(journeys[["child", "started_on"]]), fill_value=NEVER
    ).to_numpy()
    for column in (
        "born_on",
        "started_on",
        "ended_on",
        "away_from_home_from",
        *(f"{name}_on" for name in DATES[:-1]),
        "exit_on",
    ):
        journeys[column] = as_dates(journeys[column].fillna(NEVER).to_numpy(dtype="int64"))
    columns = [
        "council",
        "child_ref",
        "spell_no",
        "stage",
        "family_step",
        "legal_step",
        "route",
        "round_no",
        "entered_on",
        "left_on",
    ]
    stages = pd.DataFrame(stage_rows, columns=columns)
    for column in ("entered_on", "left_on"):
        stages[column] = as_dates(stages[column].fillna(NEVER).to_numpy(dtype="int64"))
    return journeys.drop(columns="child"), stages


def _journey_row(
    council: CouncilTruth, child: int, reference: str, number: int, spell: TrueSpell, told: Journey, horizon: int
) -> dict[str, Any]:
    ended = spell.ended if spell.ended is not None and spell.ended <= horizon else None
    return {
        "council": council.council,
        "child": child,
        "child_ref": reference,
        "spell_no": number + 1,
        "started_on": spell.started,
        "ended_on": ended,
        "destination": spell.destination if ended is not None else None,
        "born_on": int(council.children["born"].iloc[child]),
        "sex": council.children["sex"].iloc[child],
        "route": told.route,
        "recommended_plan": told.recommended_plan,
        "approved_plan": told.approved_plan,
        "route_history": "; ".join(f"{_iso(day)} {plan or 'none'}" for day, plan in told.route_history),
        **{f"{name}_on": getattr(told, name) for name in DATES[:-1]},
        "secured_kind": told.secured_kind,
        "exit_on": told.exit_on,
        "exit_kind": told.exit_kind,
        "rounds": told.rounds,
    }


def _stage_row(council: str, reference: str, number: int, stay: Stay) -> tuple[Any, ...]:
    return (
        council, reference, number + 1, stay.stage, stay.family_step, stay.legal_step, stay.route, stay.round_no,
        stay.entered, stay.left,
    )  # fmt: skip


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _day(value: int) -> int | None:
    return None if value >= NEVER else int(value)


def _spells_by_child(council: CouncilTruth, horizon: int) -> dict[int, list[TrueSpell]]:
    """Spells as known on the horizon: a record that begins after it does not bridge a gap yet."""
    records: dict[int, list[tuple[int, int | None, str]]] = defaultdict(list)
    for child, start, stop, destination in council.records[["child", "from", "to", "destination"]].itertuples(
        index=False
    ):
        if start <= horizon:
            records[child].append((int(start), _day(stop), destination))
    return {child: bridge(own) for child, own in records.items()}


def _steps_by_child(steps: pd.DataFrame) -> dict[int, list[TrueStep]]:
    found: dict[int, list[TrueStep]] = defaultdict(list)
    effective = steps[~steps["milestone"].isin(WITHOUT_EFFECT)]
    for child, on, milestone, outcome in effective[["child", "on", "milestone", "outcome"]].itertuples(index=False):
        found[child].append(TrueStep(int(on), milestone, outcome))
    return found


def _matches_by_child(matches: pd.DataFrame) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = defaultdict(list)
    for child, linked, decided, placed, ended in matches[["child", "linked", "decided", "placed", "ended"]].itertuples(
        index=False
    ):
        found[child].append(Match(int(linked), _day(decided), _day(placed), _day(ended)))
    return found


def _homes_by_child(placements: pd.DataFrame) -> dict[int, list[Living]]:
    found: dict[int, list[Living]] = defaultdict(list)
    meant = placements[placements["intended"] == "yes"]
    for child, since, until in meant[["child", "from", "to"]].itertuples(index=False):
        found[child].append(Living(int(since), _day(until)))
    return found


def _stock(council: str, stages: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """Children in each stage on each month's last day; a spell that ends on a day is not in the stock on it."""
    frames = []
    for period in periods:
        last = pd.Timestamp(period.last_day)
        there = stages[(stages["entered_on"] <= last) & ~(stages["left_on"] <= last)]
        counts = there["stage"].value_counts()
        counts["looked_after"] = len(there)
        frames.append(
            pd.DataFrame(
                {"council": council, "month_end": last, "stage": counts.index, "children": counts.to_numpy()}
            ).sort_values("stage", ignore_index=True)
        )
    return pd.concat(frames, ignore_index=True)


def _census(council: CouncilTruth, day: int) -> pd.DataFrame:
    """Children looked after on a day by setting, sex and ethnic group [council, day, figure, children]."""
    spells = council.spells
    there = spells[(spells["started"] <= day) & (spells["ended"] > day)]
    stays = council.placements
    stays = stays[(stays["from"] <= day) & (stays["to"] > day)]
    settings = stays["placement_type"].map(SETTINGS).fillna("residential").value_counts()
    sexes = there["sex"].value_counts().add_prefix("sex_")
    groups = there["ethnic_group"].value_counts().add_prefix("ethnic_")
    counts = pd.concat([settings, sexes, groups, pd.Series({"looked_after": len(there)})])
    days = as_dates(np.full(len(counts), day))
    return pd.DataFrame(
        {"council": council.council, "day": days, "figure": counts.index, "children": counts.to_numpy()}
    )


def _facts(council: CouncilTruth, horizon: int) -> dict[str, pd.DataFrame]:
    """Households, matches and support plans as known on the horizon, under the council's references."""

    def dates(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, pd.Series]:
        return {
            f"{column}_on": as_dates(np.where(frame[column] <= horizon, frame[column], NEVER)) for column in columns
        }

    references, households = council.children["child_ref"].to_numpy(), council.carers["carer_ref"].to_numpy()
    carers = council.carers[council.carers["enquired"] <= horizon]
    matches = council.matches[council.matches["linked"] <= horizon]
    plans = council.support_plans[council.support_plans["agreed"] <= horizon]
    return {
        "carers": pd.DataFrame(
            {
                "council": council.council,
                "carer_ref": carers["carer_ref"].to_numpy(),
                "carer_source": carers["source"].to_numpy(),
                "approval_kind": carers["kind"].to_numpy(),
                **dates(carers, ["enquired", "applied", "assessed_from", "assessed_to", "panel", "decided", "closed"]),
                "assessment_hours": np.where(carers["assessed_to"] <= horizon, carers["hours"], np.nan),
                "decision": np.where(carers["decided"] <= horizon, carers["decision"], ""),
            }
        ),
        "matches": pd.DataFrame(
            {
                "council": council.council,
                "child_ref": references[matches["child"]],
                "carer_ref": households[matches["household"]],
                **dates(matches, ["linked", "panel", "decided", "placed", "ended"]),
                "end_reason": np.where(matches["ended"] <= horizon, matches["end_reason"], ""),
            }
        ),
        "support_plans": pd.DataFrame(
            {
                "council": council.council,
                "child_ref": references[plans["child"]],
                "carer_ref": households[plans["household"]],
                **dates(plans, ["agreed", "stopped"]),
            }
        ),
    }
