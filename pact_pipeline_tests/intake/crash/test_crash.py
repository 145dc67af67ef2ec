"""Killed with SIGKILL at any step, or out of disk: the former state stands or the new one, and a re-run completes it."""

from typing import Any

import pytest

from pact_pipeline.contracts import Contracts
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.intake.country import six_children
from pact_pipeline_tests.intake.crash.conftest import FIRST, Place

POINTS = 21
POINTS_AGAIN = 8


def send(
    place: Place, contracts: Contracts, rows_refused: int = 1, supplier: str = "GLG", period: str = "2012-08"
) -> None:
    """A month's return with some words that the mapping doesn't know, put where every run finds it."""
    tables = six_children()
    tables["children"][:rows_refused] = [{**row, "sex": "F"} for row in tables["children"][:rows_refused]]
    tables["children"][5] = {**tables["children"][5], "initials": f"A{'ABCDEFGHIJKL'[int(period[-2:]) - 1]}"}
    sender: Supplier = country.council(supplier, country.plain_layout(contracts))
    country.write(Settings(place.base, place.settings.contracts), sender, contracts, tables, period, at="2012-12-10")


def spread(steps: list[str], points: int) -> list[int]:
    """So many steps, counted from one, evenly; and every one that touches the ledger's verdict."""
    every = [round(1 + number * (len(steps) - 1) / (points - 1)) for number in range(points)]
    deciding = [
        number for number, name in enumerate(steps, 1) if name in ("before commit", "before record", "after record")
    ]
    return sorted({*every, *deciding[-3:]})


def kill_everywhere(place: Place, prepare: list[dict[str, Any]], action: dict[str, Any], points: int) -> int:
    """Run `action` undisturbed once, then killed at each of the steps and run again; gives the number of kills."""

    def prepared() -> None:
        place.anew()
        for request in prepare:
            (answer,) = place.run(request)
            assert not answer["failed"]

    prepared()
    before = place.contents()
    (clean,) = place.run(action)
    assert not clean["failed"], clean["failed"]
    place.prove_whole()
    wanted = place.contents()
    steps = clean["steps"]
    assert len(steps) > points
    kills = spread(steps, points)
    for number in kills:
        prepared()
        (killed,) = place.run({**action, "stop_at": number})
        where = f"killed {steps[number - 1]} (step {number} of {len(steps)})"
        assert killed["killed"], where
        place.prove_whole()
        after = place.contents()
        for frame in ("judgings", "decisions"):
            assert after[frame] in (before[frame], wanted[frame]), where
        again = place.run(action)[0]
        # A decision whose verdict stood before the kill can't be made a second time; everything else is done again.
        assert not again["failed"] or (
            after["decisions"] == wanted["decisions"] and "decided so already" in again["failed"]
        )
        assert place.contents() == wanted, where
        assert place.leftovers() == [], where
    return len(kills)


@pytest.fixture
def sent(place: Place, contracts: Contracts) -> None:
    for rows in place.base.glob("arrivals/*/*"):
        rows.unlink()
    send(place, contracts)


def test_killed_at_every_step_of_intake(place: Place, sent: None) -> None:
    assert kill_everywhere(place, [], {"action": "intake"}, POINTS) >= 20


@pytest.mark.long
def test_killed_while_judging_again(place: Place, sent: None) -> None:
    again = {"action": "again", "submission": FIRST, "mended": True}
    assert kill_everywhere(place, [{"action": "intake"}], again, POINTS_AGAIN) >= POINTS_AGAIN


@pytest.mark.long
def test_killed_while_judging_again_and_then_the_mapping_is_put_back(place: Place, sent: None) -> None:
    """What the killed judging wrote was never entered: feedback, lake and ledger are as if it had not begun."""
    again = {"action": "again", "submission": FIRST, "mended": True}
    place.anew()
    place.run({"action": "intake"})
    before = place.contents()
    (clean,) = place.run(again)
    entered = next(number for number, name in enumerate(clean["steps"], 1) if name == "after record")
    written = [number for number, name in enumerate(clean["steps"], 1) if name in ("after replace", "before record")]
    kills = [number for number in written if number < entered]
    assert len(kills) > 8
    for number in [*kills[::3], kills[-1]]:
        place.anew()
        place.run({"action": "intake"})
        (killed,) = place.run({**again, "stop_at": number})
        assert killed["killed"]
        (back,) = place.run({**again, "mended": False})
        assert not back["failed"]
        assert place.contents() == before, f"killed {clean['steps'][number - 1]} (step {number})"
        assert place.leftovers() == []


@pytest.mark.long
def test_killed_while_a_decision_is_entered(place: Place, contracts: Contracts, sent: None) -> None:
    send(place, contracts, rows_refused=5)
    accept = {"action": "accept", "submission": FIRST}
    assert kill_everywhere(place, [{"action": "intake"}], accept, POINTS_AGAIN) >= POINTS_AGAIN


@pytest.mark.long
def test_a_full_disk_at_any_write_is_told_leaves_nothing_half_and_a_rerun_completes(place: Place, sent: None) -> None:
    place.anew()
    (clean,) = place.run({"how": "full"})
    wanted = place.contents()
    writes = [number for number, name in enumerate(clean["steps"], 1) if name.startswith("before")]
    for number in writes[:: max(1, len(writes) // 12)]:
        place.anew()
        (full,) = place.run({"how": "full", "stop_at": number})
        where = f"{clean['steps'][number - 1]} (step {number})"
        assert full["failed"], where
        assert "the disk is full" in full["failed"], full["failed"]
        assert "INTAKE-001" not in full["failed"], where
        assert place.leftovers() == [], where
        place.prove_whole()
        assert place.ledger.in_force().empty, where
        (again,) = place.run({})
        assert not again["failed"]
        assert place.contents() == wanted, where


def test_two_runs_of_the_same_submissions_at_once_judge_each_once(
    place: Place, contracts: Contracts, sent: None
) -> None:
    both = {"suppliers": ["GLG", "FIF"]}
    for supplier in both["suppliers"]:
        for period in ("2012-08", "2012-09", "2012-10"):
            send(place, contracts, supplier=supplier, period=period)
    place.anew()
    place.run(both)
    wanted = place.contents()
    place.anew()
    answers = place.run(both, both)
    assert [answer["failed"] for answer in answers] == ["", ""]
    assert place.contents() == wanted
    assert place.leftovers() == []
    place.prove_whole()
    assert place.ledger.submissions()["judging"].tolist() == [1] * 6


def test_two_runs_of_different_suppliers_at_once_do_not_wait_for_each_other(
    place: Place, contracts: Contracts, sent: None
) -> None:
    for supplier in ("GLG", "FIF"):
        for period in ("2012-08", "2012-09"):
            send(place, contracts, supplier=supplier, period=period)
    place.anew()
    for supplier in ("GLG", "FIF"):
        place.run({"suppliers": [supplier]})
    wanted = place.contents()
    place.anew()
    answers = place.run({"suppliers": ["GLG"]}, {"suppliers": ["FIF"]})
    assert [(answer["failed"], answer["told"]) for answer in answers] == [("", []), ("", [])]
    assert place.contents() == wanted
    place.prove_whole()
