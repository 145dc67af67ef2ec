"""The ledger: facts that never change, what is in force at a moment, and every row accounted for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from pact_pipeline.failures import PactFailure, WarehouseUnavailable
from pact_pipeline.ledger import (
    Arrival,
    Crosswalk,
    Decision,
    FindingCount,
    LakeFile,
    Ledger,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
    lake_name,
    manifest_of,
)
from pact_pipeline.ledger.schema import NEVER_CHANGED
from pact_pipeline.submission_state import State
from pact_pipeline_tests.ledger.emptied import empty_ledger


@pytest.fixture
def ledger(warehouse_engine: Engine) -> Iterator[Ledger]:
    ledger = Ledger(warehouse_engine)
    ledger.create()
    yield ledger
    empty_ledger(warehouse_engine)


def on(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def submission(
    sequence: int = 1, received: str = "2012-09-10", period: str = "2012-08", supplier: str = "GLG"
) -> Submission:
    files = (SubmissionFile("children", f"{sequence}".rjust(64, "a"), f"children v{sequence}.csv"),)
    return Submission(
        submission_id=f"{supplier}-councils-{period}-{sequence:02d}",
        supplier=supplier,
        collection="councils",
        period=period,
        sequence=sequence,
        received_at=on(received),
        manifest=manifest_of(files),
        files=files,
        contract_version="1.0.0",
        supersedes=f"{supplier}-councils-{period}-{sequence - 1:02d}" if sequence > 1 else None,
    )


def verdict(of: Submission, state: State = State.TAKEN, taken: int = 10, refused: int = 0, judging: int = 1) -> Verdict:
    findings = (FindingCount("children", "CH-002", "date_of_birth", "refuse", refused),) if refused else ()
    table = TableVerdict("children", taken + refused, taken, refused, 0)
    return Verdict(of.submission_id, state, (table,), findings, judging=judging)


def decided(of: Submission, judging: int = 1, decision: Literal["accept", "refuse"] = "accept") -> Decision:
    return Decision(of.submission_id, judging, decision, "a.person", "the council confirmed it by telephone")


def test_a_registered_submission_waits_for_its_verdict(ledger: Ledger) -> None:
    first = submission()
    ledger.register(
        [Arrival("a" * 64, "GLG", "councils", "children.csv", 10, on("2012-09-10"), on("2012-09-09"))], [first]
    )
    assert ledger.received() == [first]
    ledger.record(verdict(first))
    assert ledger.received() == []
    assert ledger.in_force()["submission_id"].tolist() == [first.submission_id]


def test_a_correction_is_in_force_from_when_it_came_and_the_former_before(ledger: Ledger) -> None:
    first, second = submission(1, "2012-09-10"), submission(2, "2013-03-01")
    ledger.register([], [first, second])
    ledger.record(verdict(first))
    ledger.record(verdict(second))
    assert ledger.in_force()["submission_id"].tolist() == [second.submission_id]
    assert ledger.in_force(on("2013-02-28"))["submission_id"].tolist() == [first.submission_id]
    assert ledger.in_force(on("2012-09-09")).empty


@pytest.mark.parametrize("state", [State.REFUSED, State.HELD, State.RECEIVED])
def test_a_correction_that_is_not_taken_leaves_the_former_in_force(ledger: Ledger, state: State) -> None:
    first, second = submission(1), submission(2, "2012-10-01")
    ledger.register([], [first, second])
    ledger.record(verdict(first))
    if state is not State.RECEIVED:
        ledger.record(verdict(second, state))
    assert ledger.in_force()["submission_id"].tolist() == [first.submission_id]
    assert ledger.taken("councils")["submission_id"].tolist() == [first.submission_id]


def test_each_supplier_and_period_has_one_submission_in_force(ledger: Ledger) -> None:
    all_four = [submission(period=period, supplier=key) for key in ("FIF", "GLG") for period in ("2012-08", "2012-09")]
    ledger.register([], all_four)
    for one in all_four:
        ledger.record(verdict(one))
    assert len(ledger.in_force()) == 4
    assert ledger.tables_in_force()["rows_taken"].tolist() == [10, 10, 10, 10]


def test_superseded_submissions_are_kept_and_marked(ledger: Ledger) -> None:
    first, second = submission(1), submission(2, "2012-10-01")
    ledger.register([], [first, second])
    ledger.record(verdict(first))
    ledger.record(verdict(second, State.TAKEN_WITH_REFUSALS, 9, 1))
    taken = ledger.taken("councils")
    assert taken["in_force"].tolist() == [False, True]
    assert taken["supersedes"].fillna("").tolist() == ["", first.submission_id]


def test_the_fingerprint_changes_with_what_is_in_force_and_only_with_it(ledger: Ledger) -> None:
    first, second = submission(1), submission(2, "2012-10-01")
    empty = ledger.fingerprint()
    ledger.register([], [first, second])
    assert ledger.fingerprint() == empty
    ledger.record(verdict(first))
    with_first = ledger.fingerprint()
    ledger.record(verdict(second, State.HELD))
    assert ledger.fingerprint() == with_first != empty
    ledger.record(verdict(second, judging=2))
    assert ledger.fingerprint() != with_first
    assert ledger.fingerprint(on("2012-09-30")) == with_first
    ledger.record(verdict(first, judging=2))
    assert ledger.fingerprint(on("2012-09-30")) != with_first, "judged again, other files are in force"


def test_a_judging_is_entered_once_and_in_its_order(ledger: Ledger) -> None:
    first = submission()
    ledger.register([], [first])
    ledger.record(verdict(first, State.TAKEN_WITH_REFUSALS, 8, 2))
    for judging in (1, 3):
        with pytest.raises(PactFailure, match=f"LEDGER-005: judging {judging} of this submission can't be entered"):
            ledger.record(verdict(first, State.TAKEN, 10, 0, judging=judging))
    assert ledger.findings()["rows_found"].tolist() == [2]
    ledger.record(verdict(first, State.TAKEN, 10, 0, judging=2))
    assert ledger.findings().empty
    assert ledger.tables()["rows_refused"].tolist() == [0]
    history = ledger.judgings(first.submission_id)
    assert history["rows_refused"].tolist() == [2, 0]
    assert history["lake_name"].tolist() == [first.submission_id, f"{first.submission_id}~2"]
    assert history["judged_at"].is_monotonic_increasing


def test_rows_examined_and_rules_without_rows_stand_beside_the_counts(ledger: Ledger) -> None:
    first = submission()
    ledger.register([], [first])
    table = TableVerdict("children", 10, 9, 1, 0, rules_run=30, rules_without_rows=4)
    found = FindingCount("children", "CH-010", "sex", "refuse", 1, examined=7)
    ledger.record(Verdict(first.submission_id, State.TAKEN_WITH_REFUSALS, (table,), (found,)))
    assert ledger.findings()[["rows_found", "rows_examined"]].to_numpy().tolist() == [[1, 7]]
    assert ledger.tables()[["rules_run", "rules_without_rows"]].to_numpy().tolist() == [[30, 4]]
    assert ledger.verdicts()[first.submission_id].findings == (found,)


@pytest.mark.parametrize("table", NEVER_CHANGED)
def test_no_row_of_the_ledger_is_ever_changed_or_removed(ledger: Ledger, warehouse_engine: Engine, table: str) -> None:
    first = submission()
    ledger.register(
        [Arrival("a" * 64, "GLG", "councils", "children.csv", 10, on("2012-09-10"), on("2012-09-09"))], [first]
    )
    ledger.record(verdict(first, State.HELD, 9, 1))
    file = LakeFile("lake/open/councils/children/one.parquet", "b" * 64, 100)
    ledger.record(replace(verdict(first, State.TAKEN_WITH_REFUSALS, 9, 1, judging=2), files=(file,)), decided(first))
    ledger.record_replacement(file.path, "b" * 64, None, because="erasure", who="a.person")
    ledger.record_crosswalk(Crosswalk(1, "b" * 64, 6))
    columns = {"arrival": "bytes", "decision": "because", "replacement": "because", "crosswalk": "persons"}
    column = columns.get(table, "submission_id")
    for statement in (f"UPDATE ledger.{table} SET {column} = {column}", f"DELETE FROM ledger.{table}"):
        with (
            pytest.raises(DBAPIError, match=f"a row of ledger.{table} never changes"),
            warehouse_engine.begin() as connection,
        ):
            connection.execute(text(statement))


def test_an_arrival_is_entered_once(ledger: Ledger, warehouse_engine: Engine) -> None:
    arrival = Arrival("a" * 64, "GLG", "councils", "children.csv", 10, on("2012-09-10"), on("2012-09-09"))
    ledger.register([arrival], [])
    ledger.register([replace(arrival, received_at=on("2013-01-01"), modified_at=on("2013-01-01"))], [])
    seen = ledger.first_seen()
    assert list(seen) == [("GLG", "children.csv", "a" * 64)]
    assert seen["GLG", "children.csv", "a" * 64].received_at == on("2012-09-10"), "received once, and never again"


def test_rows_that_are_not_accounted_for_are_refused_here_and_by_the_database(
    ledger: Ledger, warehouse_engine: Engine
) -> None:
    with pytest.raises(ValueError, match="10 read, 7 \\+ 2 accounted"):
        TableVerdict("children", 10, 7, 2, 0)
    ledger.register([], [submission()])
    ledger.record(verdict(submission()))
    wrong = {
        "judging": "INSERT INTO ledger.judging (submission_id, judging, judged_at, state, rows_read, rows_taken,"
        " rows_refused, rows_warned, contract_version, fingerprint, lake_name)"
        " SELECT submission_id, 2, judged_at, state, 10, 7, 2, 0, '', '', 'other' FROM ledger.judging",
        "judging_table": "INSERT INTO ledger.judging_table SELECT submission_id, judging, 'carers', 10, 7, 2, 0, 0, 0"
        " FROM ledger.judging_table",
    }
    for statement in wrong.values():
        with pytest.raises(DBAPIError, match="every_row_accounted_for"), warehouse_engine.begin() as connection:
            connection.execute(text(statement))


def test_a_verdict_on_an_unknown_submission_is_a_failure(ledger: Ledger) -> None:
    with pytest.raises(PactFailure, match="LEDGER-002"):
        ledger.record(verdict(submission()))
    with pytest.raises(PactFailure, match="LEDGER-003"):
        ledger.load(["GLG-councils-2012-08-01"])


def test_the_same_delivery_is_never_registered_twice_and_the_message_has_no_value(ledger: Ledger) -> None:
    ledger.register([], [submission()])
    with pytest.raises(WarehouseUnavailable, match="LEDGER-001") as caught:
        ledger.register([], [submission()])
    assert "GLG" not in str(caught.value)
    assert caught.value.__context__ is None
    assert len(ledger.known()) == 1


def test_two_runs_can_create_the_ledger(ledger: Ledger) -> None:
    ledger.create()
    assert ledger.submissions().empty


def test_a_decision_is_entered_with_its_judging_and_only_once(ledger: Ledger) -> None:
    first = submission()
    ledger.register([], [first])
    ledger.record(verdict(first, State.HELD, 9, 1))
    ledger.record(verdict(first, State.TAKEN_WITH_REFUSALS, 9, 1, judging=2), decided(first))
    with pytest.raises(PactFailure) as caught:
        ledger.record(verdict(first, State.REFUSED, 0, 10, judging=3), decided(first, decision="refuse"))
    assert str(caught.value) == (
        "LEDGER-006: somebody else decided on this submission meanwhile, and that decision stands. Where:"
        " GLG-councils-2012-08-01. To mend: see it with: pact submission show GLG-councils-2012-08-01"
    )
    (decision,) = ledger.last_decisions().values()
    assert (decision.who, decision.decision, decision.judging) == ("a.person", "accept", 1)
    assert ledger.verdicts()[first.submission_id].decision_id == decision.decision_id


@pytest.mark.parametrize(("who", "because"), [("a.person", " "), (" ", "a reason")])
def test_a_decision_needs_a_person_and_a_reason(ledger: Ledger, who: str, because: str) -> None:
    first = submission()
    ledger.register([], [first])
    ledger.record(verdict(first, State.HELD))
    with pytest.raises(WarehouseUnavailable):
        ledger.record(verdict(first, judging=2), replace(decided(first), who=who, because=because))
    assert len(ledger.judgings(first.submission_id)) == 1


def test_in_force_at_any_time_as_known_at_any_time(ledger: Ledger) -> None:
    """What was in force at T, as we knew it at K: rebuilt after a correction, a re-judging and a decision."""
    first, second = submission(1, "2012-09-10"), submission(2, "2012-10-01")
    other = submission(1, "2012-09-12", supplier="FIF")
    ledger.register([], [first, second, other])
    known: list[datetime] = [datetime.now(UTC)]

    def enter(one: Verdict, decision: Decision | None = None) -> None:
        ledger.record(one, decision)
        known.append(datetime.now(UTC))

    enter(verdict(first, State.TAKEN_WITH_REFUSALS, 8, 2))
    enter(verdict(other, State.HELD, 9, 1))
    enter(verdict(second, State.REFUSED, 0, 10))
    enter(verdict(second, State.TAKEN, judging=2))  # the mapping was mended
    enter(verdict(other, State.TAKEN_WITH_REFUSALS, 9, 1, judging=2), decided(other))
    enter(verdict(first, State.TAKEN, judging=2))  # a false rule was mended
    a, b, o = first.submission_id, second.submission_id, other.submission_id
    all_came, first_came = on("2012-12-31"), on("2012-09-30")
    wanted = [
        (all_came, [[], [a], [a], [a], [b + "~2"], [o + "~2", b + "~2"], [o + "~2", b + "~2"]]),
        (first_came, [[], [a], [a], [a], [a], [o + "~2", a], [o + "~2", a + "~2"]]),
        (on("2012-09-01"), [[]] * 7),
    ]
    for at, in_force in wanted:
        for moment, names in zip(known, in_force, strict=True):
            assert ledger.in_force(at, moment)["lake_name"].tolist() == names
            assert ledger.tables_in_force(at, moment)["lake_name"].tolist() == names
    assert ledger.in_force()["lake_name"].tolist() == [o + "~2", b + "~2"]


def test_the_view_for_a_person_says_the_same(ledger: Ledger, warehouse_engine: Engine) -> None:
    first = submission()
    ledger.register([], [first])
    ledger.record(verdict(first, judging=1))
    with warehouse_engine.connect() as connection:
        seen = connection.execute(text("SELECT submission_id, lake_name FROM ledger.in_force")).all()
    assert [tuple(row) for row in seen] == [(first.submission_id, lake_name(first.submission_id, 1))]


def test_a_claim_keeps_others_out_until_it_is_released_or_its_holder_is_gone(ledger: Ledger) -> None:
    cleared: list[str] = []
    with ledger.at_work() as first:
        assert first.alone
        first.begin(lambda: cleared.append("first"))
        assert first.claim("GLG", "councils")
        with ledger.at_work() as second:
            assert not second.alone
            second.begin(lambda: cleared.append("second"))
            assert not second.claim("GLG", "councils")
            assert second.claim("FIF", "councils")
            first.release("GLG", "councils")
            assert second.claim("GLG", "councils")
        assert first.claim("GLG", "councils"), "let go before the one that held it went on"
    assert cleared == ["first"], "nothing is cleared away while another run is at work"
    with ledger.at_work() as third:
        assert third.alone
