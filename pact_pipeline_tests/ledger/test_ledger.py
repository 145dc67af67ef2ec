"""The ledger: facts that never change, what is in force at a moment, and every row accounted for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from pact_pipeline.failures import PactFailure, WarehouseUnavailable
from pact_pipeline.ledger import (
    Arrival,
    FindingCount,
    Ledger,
    State,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
    manifest_of,
)


@pytest.fixture
def ledger(warehouse_engine: Engine) -> Iterator[Ledger]:
    ledger = Ledger(warehouse_engine)
    ledger.create()
    yield ledger
    with warehouse_engine.begin() as connection:
        connection.execute(
            text("TRUNCATE ledger.finding_count, ledger.submission_table, ledger.submission, ledger.arrival")
        )


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


def verdict(of: Submission, state: State = State.TAKEN, taken: int = 10, refused: int = 0) -> Verdict:
    findings = (FindingCount("children", "CH-002", "date_of_birth", "refuse", refused),) if refused else ()
    table = TableVerdict("children", taken + refused, taken, refused, 0)
    return Verdict(of.submission_id, state, (table,), findings)


def test_a_registered_submission_waits_for_its_verdict(ledger: Ledger) -> None:
    first = submission()
    ledger.register([Arrival("a" * 64, "GLG", "councils", "children.csv", 10, on("2012-09-10"))], [first])
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
    assert ledger.tables_taken("courts", "applications").empty


def test_the_fingerprint_changes_with_what_is_in_force_and_only_with_it(ledger: Ledger) -> None:
    first, second = submission(1), submission(2, "2012-10-01")
    empty = ledger.fingerprint()
    ledger.register([], [first, second])
    assert ledger.fingerprint() == empty
    ledger.record(verdict(first))
    with_first = ledger.fingerprint()
    ledger.record(verdict(first))
    ledger.record(verdict(second, State.HELD))
    assert ledger.fingerprint() == with_first != empty
    ledger.record(verdict(second))
    assert ledger.fingerprint() != with_first
    assert ledger.fingerprint(on("2012-09-30")) == with_first


def test_a_verdict_written_again_replaces_itself(ledger: Ledger) -> None:
    first = submission()
    ledger.register([], [first])
    ledger.record(verdict(first, State.TAKEN_WITH_REFUSALS, 8, 2))
    ledger.record(verdict(first, State.TAKEN_WITH_REFUSALS, 9, 1))
    assert ledger.findings()["rows_found"].tolist() == [1]
    ledger.record(verdict(first))
    assert ledger.findings().empty
    assert ledger.tables()["rows_refused"].tolist() == [0]


@pytest.mark.parametrize(
    "change",
    [
        "received_at = now()",
        "manifest = repeat('b', 64)",
        "period = '2012-09'",
        "sequence = 7",
        "registered_at = now()",
    ],
)
def test_what_a_submission_is_and_when_it_came_never_changes(
    ledger: Ledger, warehouse_engine: Engine, change: str
) -> None:
    ledger.register([], [submission()])
    with pytest.raises(DBAPIError, match="never changes"), warehouse_engine.begin() as connection:
        connection.execute(text(f"UPDATE ledger.submission SET {change}"))


def test_an_arrival_is_entered_once_and_never_changes(ledger: Ledger, warehouse_engine: Engine) -> None:
    arrival = Arrival("a" * 64, "GLG", "councils", "children.csv", 10, on("2012-09-10"))
    ledger.register([arrival], [])
    ledger.register([replace(arrival, modified_at=on("2013-01-01"))], [])
    assert ledger.known_files() == {("GLG", "children.csv", "a" * 64)}
    with pytest.raises(DBAPIError, match="never changes"), warehouse_engine.begin() as connection:
        connection.execute(text("UPDATE ledger.arrival SET bytes = 0"))


def test_rows_that_are_not_accounted_for_are_refused_here_and_by_the_database(
    ledger: Ledger, warehouse_engine: Engine
) -> None:
    with pytest.raises(ValueError, match="10 read, 7 \\+ 2 accounted"):
        TableVerdict("children", 10, 7, 2, 0)
    ledger.register([], [submission()])
    for table in ("submission", "submission_table"):
        with pytest.raises(DBAPIError, match="every_row_accounted_for"), warehouse_engine.begin() as connection:
            connection.execute(text(f"UPDATE ledger.{table} SET rows_read = 10, rows_taken = 7, rows_refused = 2"))


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
