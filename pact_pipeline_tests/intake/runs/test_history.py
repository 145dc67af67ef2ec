"""What a submission is compared with: the submission before, its rows from the lake, what changed, the last verdicts."""

import importlib
from collections.abc import Iterator

import pandas as pd
import pytest

from pact_pipeline.contracts.validate import frame_dtypes
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.runs import IntakeUnfinished
from pact_pipeline.intake.runs.history import SubmissionHistory
from pact_pipeline.intake.runs.previous_rows import load_previous
from pact_pipeline.ledger import Submission
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import Tables, six_children

take_module = importlib.import_module("pact_pipeline.intake.runs.one")
AUGUST, SEPTEMBER = "GLG-councils-2012-08-01", "GLG-councils-2012-09-01"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Outcome]]:
    """What feedback was written from, by submission."""
    seen: dict[str, Outcome] = {}
    real = take_module.write_feedback

    def write(settings: object, one: Outcome) -> object:
        seen[one.submission.submission_id] = one
        return real(settings, one)

    monkeypatch.setattr(take_module, "write_feedback", write)
    return seen


def month(number: int) -> Tables:
    """Six children; each month another one's initials change."""
    tables = six_children()
    tables["children"][number] = {**tables["children"][number], "initials": "ZZ"}
    return tables


def submission(office: Office, key: str) -> Submission:
    (found,) = office.ledger.load([key])
    return found


def test_the_months_of_one_run_are_each_compared_with_the_one_before(office: Office, told: dict[str, Outcome]) -> None:
    for number, period in enumerate(("2012-08", "2012-09", "2012-10")):
        office.write(month(number), period=period, at="2012-12-10")
    office.take_all()
    assert [one.previous_period for one in told.values()] == [None, "2012-08", "2012-09"]
    assert told[AUGUST].changes == {}
    change = told[SEPTEMBER].changes["children"]
    # August's ZZ child and September's both read otherwise in September.
    assert (change.added, change.gone, change.changed, change.same) == (0, 0, 2, 4)
    assert told[SEPTEMBER].changes["milestones"].same == 2
    history = told["GLG-councils-2012-10-01"].history
    assert [(past.period, past.state, past.rows_read) for past in history] == [
        ("2012-08", State.TAKEN, 15),
        ("2012-09", State.TAKEN, 15),
    ]


def test_rows_added_and_gone_are_counted_and_the_gone_ones_named_for_the_workbook(
    office: Office, told: dict[str, Outcome]
) -> None:
    office.write(six_children())
    changed = six_children()
    for table in ("children", "placements"):
        changed[table] = [row for row in changed[table] if row["child_ref"] != "C006"]
    changed["children"].append({**six_children()["children"][4], "child_ref": "C099"})
    office.write(changed, period="2012-09", at="2012-10-10")
    office.take_all()
    change = told[SEPTEMBER].changes["children"]
    assert (change.added, change.gone, change.changed, change.same) == (1, 1, 0, 5)
    assert change.gone_references == ("C006",)
    assert "C006" not in str(told[SEPTEMBER].verdict)


def test_the_rows_before_come_back_from_the_lake_as_they_were_judged(office: Office, told: dict[str, Outcome]) -> None:
    office.write(six_children())
    office.take_all()
    previous = SubmissionHistory(office.ledger, ["GLG"]).before(_next(office)).previous
    assert previous is not None
    assert previous.tables["children"] == 6
    rows = load_previous(office.settings, office.contracts.collection("councils"), previous)
    for judged in told[AUGUST].judged:
        contract = judged.table.contract
        assert {name: str(kind) for name, kind in rows[contract.table].dtypes.items()} == frame_dtypes(contract)
        pd.testing.assert_frame_equal(rows[contract.table], judged.accepted.reset_index(drop=True), check_dtype=False)


def _next(office: Office) -> Submission:
    office.write(month(1), period="2012-09", at="2012-10-10")
    (found,) = office.discover().submissions
    return found


def test_a_file_gone_from_the_lake_is_a_failure_and_no_verdict_is_given_without_it(office: Office) -> None:
    office.write(six_children())
    office.take_all()
    (office.settings.lake_restricted / "councils" / "children" / f"{AUGUST}.parquet").unlink()
    office.write(month(1), period="2012-09", at="2012-10-10")
    with pytest.raises(IntakeUnfinished) as caught:
        office.take_all()
    assert str(caught.value.failures[SEPTEMBER]) == (
        "LAKE-010: 1 file of the lake is gone or not what was written there: this is damage of ours. Where:"
        f" lake/restricted/councils/children/{AUGUST}.parquet. To mend: restore it from the backup; the suppliers need do"
        " nothing. Nothing was judged or built from it, and what is in force stays. All that is damaged is named by: pact lake"
        " prove"
    )
    assert len(office.ledger.received()) == 1


def test_a_correction_is_compared_with_what_it_corrects_and_a_late_month_with_the_month_before_it(
    office: Office,
) -> None:
    office.write(six_children())
    office.write(month(2), period="2012-10", at="2012-11-10")
    office.take_all()
    office.write(month(3), version=" v2", only=["children"], at="2012-12-01")
    office.write(month(1), period="2012-09", at="2012-12-01")
    office.discover()
    history = SubmissionHistory(office.ledger, ["GLG"])
    correction = history.before(submission(office, "GLG-councils-2012-08-02"))
    assert correction.previous is not None
    assert (correction.previous.submission_id, correction.earlier) == (AUGUST, None)
    late = history.before(submission(office, SEPTEMBER))
    assert late.previous is not None
    assert late.previous.submission_id == AUGUST
    again = history.before(submission(office, AUGUST))
    assert (again.judging, again.previous, again.history) == (2, None, ())


def test_another_runs_verdict_is_seen_before_the_next_is_judged(office: Office) -> None:
    office.write(six_children())
    office.write(month(1), period="2012-09", at="2012-10-10")
    first, second = office.discover().submissions
    history = SubmissionHistory(office.ledger, ["GLG"])
    take_module.take(office.intake_context(), office.ledger, first)
    assert history.before(second).previous is None
    history.refresh(second)
    previous = history.before(second).previous
    assert previous is not None
    assert previous.submission_id == AUGUST


def test_the_history_ends_with_the_last_twelve(office: Office) -> None:
    office.write(six_children())
    (first,) = office.discover().submissions
    history = SubmissionHistory(office.ledger, ["GLG"])
    verdict = take_module.take(office.intake_context(), office.ledger, first)
    for number in range(14):
        key = f"{2012 + (8 + number) // 13}-{(8 + number - 1) % 12 + 1:02d}"
        copy = Submission(f"GLG-councils-{key}-01", "GLG", "councils", key, 1, first.received_at, "", first.files, "")
        history.note(copy, verdict)
    late = Submission(
        "GLG-councils-2014-12-01", "GLG", "councils", "2014-12", 1, first.received_at, "", first.files, ""
    )
    history = history.before(late).history
    assert len(history) == 12
    assert [past.period for past in history] == sorted(past.period for past in history)


def test_the_very_rows_of_the_month_before_in_another_order_are_held(office: Office) -> None:
    office.write(six_children())
    office.write({table: rows[::-1] for table, rows in six_children().items()}, period="2012-09", at="2012-10-10")
    first, second = office.take_all()
    assert first.state is State.TAKEN
    assert (second.state, second.reason) == (
        State.HELD,
        (
            "FILE-011: the rows are the very rows of 2012-08 (GLG-councils-2012-08-01). If nothing happened since, tell us so "
            "and it is taken. Otherwise run the extract for this period."
        ),
    )


def test_a_correction_with_the_rows_it_corrects_is_no_repeat_of_a_month(office: Office) -> None:
    office.write(six_children())
    office.take_all()
    reversed_rows = {table: rows[::-1] for table, rows in six_children().items()}
    office.write(reversed_rows, version=" v2", at="2012-10-10")
    (second,) = office.take_all()
    assert second.state is State.TAKEN
