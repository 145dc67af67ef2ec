"""A whole delivery through intake: what is taken, what is refused, and what stands in lake and ledger after it."""

import importlib
import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.runs import IntakeUnfinished, take_many
from pact_pipeline.lake import Pseudonyms
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import Tables, six_children

# The package's `take` is the function; its module is wanted here.
take_module = importlib.import_module("pact_pipeline.intake.runs.one")
submission_module = importlib.import_module("pact_pipeline.intake.judging.submission")
FIRST = "GLG-councils-2012-08-01"


def lake(office: Office, tree: str, table: str, submission: str = FIRST) -> Path:
    return office.settings.home / "lake" / tree / "councils" / table / f"{submission}.parquet"


def test_a_faultless_return_is_taken_whole(office: Office) -> None:
    office.write(six_children())
    (verdict,) = office.take_all()
    assert verdict.state is State.TAKEN
    assert (verdict.rows_read, verdict.rows_taken, verdict.rows_refused) == (15, 15, 0)
    assert {finding.severity for finding in verdict.findings} <= {"warn"}
    children = pq.read_table(lake(office, "open", "children")).to_pandas()
    assert list(children["source_row"]) == [2, 3, 4, 5, 6, 7]
    assert children["record_key"][0] == f"{FIRST}:children:2"


def test_the_open_tree_has_keys_and_a_birth_month_and_nothing_that_identifies(office: Office) -> None:
    office.write(six_children())
    office.take_all()
    children = pq.read_table(lake(office, "open", "children"))
    assert not {"child_ref", "scn", "initials", "date_of_birth"} & set(children.column_names)
    first = children.to_pylist()[0]
    assert first["child_key"] == Pseudonyms.from_settings(office.settings).key("child", "GLG", "C001")
    assert first["birth_month"].isoformat() == "2010-03-01"
    assert (first["council"], first["period"], first["submission_id"]) == ("GLG", "2012-08", FIRST)
    restricted = pq.read_table(lake(office, "restricted", "children")).to_pylist()[0]
    assert (restricted["child_ref"], restricted["date_of_birth"].isoformat()) == ("C001", "2010-03-02")
    assert restricted["record_key"] == first["record_key"]


def test_what_identifies_is_closed_to_everybody_else(office: Office) -> None:
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "sex": "?"}
    office.write(tables)
    office.take_all()
    home = office.settings.home
    for folder in ("archive", "lake/restricted", "lake/restricted/councils/children", "feedback", "feedback/GLG"):
        assert stat.S_IMODE((home / folder).stat().st_mode) == 0o700, folder
    for file in (lake(office, "restricted", "children"), home / "feedback" / "GLG" / f"{FIRST}.xlsx"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    for file in (home / "archive").rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) in (0o700, 0o600)


def test_a_row_is_refused_with_all_its_reasons_and_the_rest_is_taken(office: Office) -> None:
    tables = six_children()
    tables["children"][2] = {
        **tables["children"][2],
        "date_of_birth": "31/02/2010",
        "sex": "girl",
        "ethnic_group": "",
        "looked_after_to": "01/01/2012",
        "destination": "adoption",
    }
    office.write(tables)
    (verdict,) = office.take_all()
    assert verdict.state is State.TAKEN_WITH_REFUSALS
    refused = pq.read_table(lake(office, "open", "children__refused")).to_pylist()
    assert len(refused) == 1
    assert refused[0]["source_row"] == 4
    assert set(refused[0]["rules"]) >= {"CH-001", "CH-002", "CH-003", "CH-011"}
    assert refused[0]["child_key"] == Pseudonyms.from_settings(office.settings).key("child", "GLG", "C003")
    whole = pq.read_table(lake(office, "restricted", "children__refused")).to_pylist()[0]
    assert (whole["text_date_of_birth"], whole["text_sex"]) == ("31/02/2010", "girl")
    assert set(whole["columns"]) >= {"date_of_birth", "sex", "ethnic_group", "looked_after_to"}


def test_rows_read_are_rows_taken_and_refused_in_verdict_lake_and_ledger(office: Office) -> None:
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "sex": "?"}
    tables["placements"].append({"child_ref": "NOBODY", "placement_type": "foster_own", "from_date": "01/01/2012"})
    office.write(tables)
    (verdict,) = office.take_all()
    for table in verdict.tables:
        assert table.rows_read == table.rows_taken + table.rows_refused
        assert pq.read_metadata(lake(office, "open", table.table)).num_rows == table.rows_taken
        refused = lake(office, "open", f"{table.table}__refused")
        assert (pq.read_metadata(refused).num_rows if refused.exists() else 0) == table.rows_refused
    entered = office.ledger.tables().set_index("table_name")
    for table in verdict.tables:
        assert entered.loc[table.table, ["rows_read", "rows_taken", "rows_refused"]].tolist() == [
            table.rows_read,
            table.rows_taken,
            table.rows_refused,
        ]


def test_an_unreadable_cell_is_not_also_called_empty(office: Office) -> None:
    tables = six_children()
    tables["children"][0] = {**tables["children"][0], "date_of_birth": "31/02/2010"}
    office.write(tables)
    office.take_all()
    (refused,) = pq.read_table(lake(office, "open", "children__refused")).to_pylist()
    assert refused["rules"] == ["CH-002"]


def test_of_two_equal_rows_the_first_is_taken_and_of_two_that_differ_none(office: Office) -> None:
    tables = six_children()
    tables["children"].append(tables["children"][0])
    tables["children"].append({**tables["children"][1], "sex": "male"})
    office.write(tables)
    office.take_all()
    refused = pq.read_table(lake(office, "open", "children__refused")).to_pylist()
    # The two that differ also overlap (CH-016); the copy costs the first row nothing.
    assert [(row["source_row"], row["rules"]) for row in refused] == [
        (3, ["CH-004", "CH-016"]),
        (8, ["CH-004"]),
        (9, ["CH-004", "CH-016"]),
    ]
    counts = office.ledger.findings().set_index("rule")["rows_found"]
    assert counts["CH-004"] == 3


def test_too_many_refused_rows_hold_the_submission_and_nothing_is_taken(office: Office) -> None:
    tables = six_children()
    tables["children"] = [{**child, "sex": "?"} for child in tables["children"]]
    office.write(tables)
    (verdict,) = office.take_all()
    assert verdict.state is State.HELD
    assert "6 of 6 rows of 'children' would be refused (100%; at most 25% is taken" in verdict.reason
    assert not lake(office, "open", "children").exists()
    assert lake(office, "open", "children__refused").exists()
    assert office.ledger.in_force().empty


def test_an_empty_table_replaces_nothing(office: Office) -> None:
    office.write(six_children())
    office.write({**six_children(), "placements": []}, period="2012-09", at="2012-10-10")
    first, second = office.take_all()
    assert (first.state, second.state) == (State.TAKEN, State.REFUSED)
    assert "FILE-004: the file has headings but no rows; there were 6 the last time" in second.reason
    assert "GLG_placements_201209.csv" in second.reason
    assert not lake(office, "open", "children", "GLG-councils-2012-09-01").exists()


def test_a_table_that_had_no_rows_may_stay_without(office: Office) -> None:
    office.write(six_children())
    changed = six_children()
    changed["children"][0] = {**changed["children"][0], "initials": "CD"}
    office.write(changed, period="2012-09", at="2012-10-10")
    assert [verdict.state for verdict in office.take_all()] == [State.TAKEN, State.TAKEN]


def test_a_table_that_never_came_refuses_the_overdue_submission(office: Office) -> None:
    tables = six_children()
    del tables["carers"]
    office.write(tables)
    (verdict,) = office.take_all()
    assert verdict.state is State.REFUSED
    assert "FILE-005: the table 'carers' did not come" in verdict.reason


def test_running_again_finds_nothing_to_do(office: Office) -> None:
    office.write(six_children())
    assert len(office.take_all()) == 1
    before = lake(office, "open", "children").stat().st_mtime_ns
    assert office.take_all() == []
    assert lake(office, "open", "children").stat().st_mtime_ns == before


def test_a_crash_between_lake_and_ledger_is_finished_by_running_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(six_children())

    def killed(verdict: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(office.ledger, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            office.take_all()
    assert lake(office, "open", "children").exists()
    assert office.ledger.in_force().empty
    (verdict,) = office.take_all()
    assert verdict.state is State.TAKEN
    assert office.ledger.in_force()["submission_id"].tolist() == [FIRST]
    assert pq.read_metadata(lake(office, "open", "children")).num_rows == 6


def test_a_correction_supersedes_and_the_former_rows_stay_in_the_lake(office: Office) -> None:
    office.write(six_children())
    office.take_all()
    corrected = six_children()
    corrected["children"][0] = {**corrected["children"][0], "sex": "male"}
    office.write(corrected, version=" v2", only=["children"], at="2012-11-01")
    (verdict,) = office.take_all()
    assert verdict.submission_id == "GLG-councils-2012-08-02"
    assert verdict.rows_read == 15, "the other tables are carried over"
    assert office.ledger.in_force()["submission_id"].tolist() == ["GLG-councils-2012-08-02"]
    assert pq.read_table(lake(office, "open", "children")).to_pandas()["sex"][0] == "female"
    second = pq.read_table(lake(office, "open", "children", "GLG-councils-2012-08-02")).to_pandas()
    assert second["sex"][0] == "male"


def test_one_suppliers_fault_never_touches_anothers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.write(six_children(), "FIF")
    office.write(six_children(), "GLG")
    office.write(six_children(), "FIF", period="2012-09", at="2012-10-10")
    real = submission_module.map_table

    def broken_for_fife(
        sheet: object, contract: object, mapping: object, layout: object, name: str, *more: object
    ) -> object:
        if name.startswith("FIF"):
            raise KeyError("CANARY-CELL")
        return real(sheet, contract, mapping, layout, name, *more)

    monkeypatch.setattr(submission_module, "map_table", broken_for_fife)
    with pytest.raises(IntakeUnfinished, match="1 of 2 submissions could not be judged") as caught:
        office.take_all()
    assert list(caught.value.failures) == ["FIF-councils-2012-08-01"]
    assert "CANARY" not in str(caught.value)
    assert office.ledger.in_force()["supplier"].tolist() == ["GLG"]
    waiting = [submission.submission_id for submission in office.ledger.received()]
    assert waiting == ["FIF-councils-2012-08-01", "FIF-councils-2012-09-01"]


def test_a_rule_that_cannot_run_fails_the_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.write(six_children())

    def raises(*anything: object) -> None:
        raise ValueError("CANARY-CELL is not a number")

    monkeypatch.setattr("pact_pipeline.intake.judging.judged_table.validate_frame", raises)
    with pytest.raises(IntakeUnfinished) as caught:
        office.take_all()
    failure = caught.value.failures[FIRST]
    assert failure.code == "INTAKE-001"
    assert "ValueError at" in str(failure)
    assert "CANARY" not in str(caught.value)
    assert failure.__context__ is None
    assert failure.__cause__ is None
    assert len(office.ledger.received()) == 1


def test_no_library_exception_keeps_a_cell(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault anywhere below `take` comes out as ours, with nothing behind it."""
    office.write(six_children())
    (submission,) = office.discover().submissions

    def raises(*anything: object, **more: object) -> None:
        raise RuntimeError("CANARY-CELL")

    reading = [(submission_module, name) for name in ("open_extract", "map_table", "judge_table", "verdict_of")]
    keeping = [(take_module, name) for name in ("load_previous", "lake_tables", "write_lake", "write_feedback")]
    for module, place in (*reading, *keeping):
        with monkeypatch.context() as patched:
            patched.setattr(module, place, raises)
            with pytest.raises(PactFailure) as caught:
                take_module.take(office.intake_context(), office.ledger, submission)
        told = [str(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
        assert not any("CANARY" in one for one in told), place


def test_many_submissions_in_processes_give_the_verdicts_of_one_process(
    office: Office, make_tables: Callable[[int], Tables]
) -> None:
    for number, period in enumerate(("2012-08", "2012-09", "2012-10", "2012-11")):
        for supplier in ("GLG", "FIF"):
            office.write(make_tables(number), supplier, period=period, at="2012-12-10")
    submissions = office.discover().submissions
    told: list[str] = []
    verdicts = take_many(
        office.intake_context(),
        office.ledger,
        submissions,
        workers=2,
        on_verdict=lambda one, _: told.append(one.submission_id),
    )
    assert [verdict.submission_id for verdict in verdicts] == told
    assert sorted(told) == [submission.submission_id for submission in submissions]
    for supplier in ("GLG", "FIF"):
        own = [submission for submission in told if submission.startswith(supplier)]
        assert own == sorted(own), "the periods of a supplier in their order"
    assert office.ledger.tables_in_force()["rows_taken"].sum() == sum(verdict.rows_taken for verdict in verdicts)


@pytest.fixture
def make_tables() -> Callable[[int], Tables]:
    def make(number: int) -> Tables:
        tables = six_children()
        tables["children"][number] = {**tables["children"][number], "sex": "?"}
        return tables

    return make
