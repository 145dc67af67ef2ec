"""Judging again, a person's decision, and what holds a submission: through intake and ledger, from the archive's bytes."""

import importlib
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from pact_pipeline import fingerprints
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.feedback import feedback_paths
from pact_pipeline.intake.judging import fingerprint
from pact_pipeline.intake.runs import IntakeUnfinished, take_many
from pact_pipeline.intake.runs import rejudge as again_module
from pact_pipeline.intake.runs.rejudge import decide, judge_again, stale
from pact_pipeline.ledger import Ledger, Verdict
from pact_pipeline.submission_state import State
from pact_pipeline_tests.intake import country
from pact_pipeline_tests.intake.conftest import Office
from pact_pipeline_tests.intake.country import six_children

FIRST = "GLG-councils-2012-08-01"
SEPTEMBER = "GLG-councils-2012-09-01"


def lake_file(office: Office, name: str, table: str = "children", tree: str = "open") -> bytes:
    return (office.settings.home / "lake" / tree / "councils" / table / f"{name}.parquet").read_bytes()


def mend_mapping(office: Office) -> None:
    """The supplier's word F is now known to mean female."""
    layout = country.plain_layout(office.contracts)
    children = replace(layout.tables["children"], codes={"sex": {"F": "female"}})
    office.suppliers["GLG"] = country.council("GLG", replace(layout, tables={**layout.tables, "children": children}))


def send_unknown_words(office: Office, rows: int, **options: str) -> Verdict:
    tables = six_children()
    tables["children"][:rows] = [{**row, "sex": "F"} for row in tables["children"][:rows]]
    office.write(tables, **options)
    (verdict,) = office.take_all()
    return verdict


def test_refused_rows_are_taken_when_the_mapping_is_mended_and_keep_their_line_numbers(office: Office) -> None:
    assert send_unknown_words(office, 1).state is State.TAKEN_WITH_REFUSALS
    received = office.ledger.submissions()["received_at"][0]
    before = lake_file(office, FIRST)
    fingerprint = office.ledger.fingerprint()
    mend_mapping(office)
    assert stale(office.contracts, office.suppliers, office.ledger) == [FIRST]
    (again,) = judge_again(office.intake_context(), office.ledger, [FIRST])
    # The child's placement and milestones were refused with it.
    assert (again.before.rows_refused, again.after.rows_refused, again.changed) == (4, 0, True)
    assert (again.after.state, again.after.judging) == (State.TAKEN, 2)
    assert stale(office.contracts, office.suppliers, office.ledger) == []
    assert lake_file(office, FIRST) == before, "no file of the lake is ever written anew"
    children = pq.read_table(office.settings.lake_open / "councils" / "children" / f"{FIRST}~2.parquet").to_pandas()
    assert children["source_row"].tolist() == [2, 3, 4, 5, 6, 7]
    assert children["record_key"][0] == f"{FIRST}:children:2"
    assert not (office.settings.lake_open / "councils" / "children__refused" / f"{FIRST}~2.parquet").exists()
    assert office.ledger.in_force()["lake_name"].tolist() == [f"{FIRST}~2"]
    assert office.ledger.submissions()["received_at"][0] == received
    assert office.ledger.fingerprint() != fingerprint
    assert office.ledger.judgings(FIRST)["rows_refused"].tolist() == [4, 0]


def test_judged_again_to_the_same_end_nothing_is_entered(office: Office) -> None:
    send_unknown_words(office, 1)
    before = lake_file(office, FIRST)
    (again,) = judge_again(office.intake_context(), office.ledger, [FIRST])
    assert not again.changed
    assert len(office.ledger.judgings(FIRST)) == 1
    assert sorted(path.name for path in (office.settings.lake_open / "councils" / "children").iterdir()) == [
        f"{FIRST}.parquet"
    ]
    assert lake_file(office, FIRST) == before


def test_the_same_end_by_another_mapping_is_entered_so_that_it_is_no_longer_stale(office: Office) -> None:
    office.write(six_children())
    office.take_all()
    mend_mapping(office)
    assert stale(office.contracts, office.suppliers, office.ledger) == [FIRST]
    (again,) = judge_again(office.intake_context(), office.ledger, [FIRST])
    assert (again.changed, again.after.rows_taken) == (True, again.before.rows_taken)
    assert stale(office.contracts, office.suppliers, office.ledger) == []


def test_only_a_known_submission_can_be_judged_again(office: Office) -> None:
    with pytest.raises(
        PactFailure, match=r"LEDGER-003: the ledger knows no such submission\. Where: GLG-councils-1999"
    ):
        judge_again(office.intake_context(), office.ledger, ["GLG-councils-1999-01-01"])


# --- what is held


@pytest.mark.parametrize(
    ("refused", "rows", "state"),
    [
        (5, 20, State.TAKEN_WITH_REFUSALS),  # a quarter, which is what may be refused
        (5, 19, State.HELD),
        (4, 6, State.TAKEN_WITH_REFUSALS),  # too few to hold a return for
        (5, 6, State.HELD),
    ],
)
def test_more_than_the_agreed_share_of_rows_refused_holds_a_submission(
    office: Office, refused: int, rows: int, state: State
) -> None:
    tables = six_children()
    (carer,) = tables["carers"]
    others = [{**carer, "carer_ref": f"K{number:02d}"} for number in range(2, rows + 1)]
    tables["carers"] = [carer, *({**one, "approval_kind": "?"} for one in others[:refused]), *others[refused:]]
    office.write(tables)
    (verdict,) = office.take_all()
    (carers,) = [table for table in verdict.tables if table.table == "carers"]
    assert (carers.rows_refused, carers.rows_read, verdict.state) == (refused, rows, state)


# --- a person decides


def test_an_accepted_submission_is_taken_without_its_refused_rows(office: Office) -> None:
    held = send_unknown_words(office, 5)
    assert (held.state, held.reason) == (
        State.HELD,
        (
            "FILE-025: 5 of 6 rows of 'children' would be refused (83%; at most 25% is taken without a person's decision)."
            " FILE-025: 5 of 6 rows of 'placements' would be refused (83%; at most 25% is taken without a person's"
            " decision)."
        ),
    )
    because = "the council can't say the sex of these children before October"
    again = decide(office.intake_context(), office.ledger, FIRST, "accept", who="a.person", because=because)
    assert (again.after.state, again.after.rows_refused) == (State.TAKEN_WITH_REFUSALS, held.rows_refused)
    assert office.ledger.in_force()["lake_name"].tolist() == [f"{FIRST}~2"]
    (decision,) = office.ledger.decisions().to_dict("records")
    assert (decision["who"], decision["because"], decision["judging"]) == ("a.person", because, 1)
    assert decision["covers"] == [["children", "FILE-025"], ["placements", "FILE-025"]]
    assert office.ledger.judgings(FIRST)["state"].tolist() == ["held", "taken_with_refusals"]
    still_told = office.ledger.findings().query("rule == 'FILE-025'")[["rows_found", "rows_examined"]]
    assert still_told.to_numpy().tolist() == [[5, 6], [5, 6]]


def test_a_decision_stands_when_it_is_judged_again_and_covers_nothing_else(office: Office) -> None:
    august = six_children()
    august["children"][5] = {**august["children"][5], "initials": "ZZ"}
    office.write(august)
    office.take_all()
    send_unknown_words(office, 5, period="2012-09", at="2012-10-10")
    decide(office.intake_context(), office.ledger, SEPTEMBER, "accept", who="a.person", because="known")
    (same,) = judge_again(office.intake_context(), office.ledger, [SEPTEMBER])
    assert not same.changed
    mend_mapping(office)
    (mended,) = judge_again(office.intake_context(), office.ledger, [SEPTEMBER])
    assert (mended.after.state, mended.after.rows_refused) == (State.TAKEN, 0)
    # Were the bytes those of August, that would be another question than the one decided.
    standing_decision = office.ledger.last_decisions()[SEPTEMBER]
    assert standing_decision.covers >= {("children", "FILE-025"), ("placements", "FILE-025")}
    assert ("", "FILE-011") not in standing_decision.covers


def test_a_refused_one_says_whose_decision_it_was(office: Office) -> None:
    send_unknown_words(office, 5)
    again = decide(office.intake_context(), office.ledger, FIRST, "refuse", who="a.person", because="the wrong export")
    assert (again.after.state, again.after.rows_taken) == (State.REFUSED, 0)
    assert again.after.reason == "Refused by a person's decision: the wrong export"
    assert office.ledger.in_force().empty
    (once_more,) = judge_again(office.intake_context(), office.ledger, [FIRST])
    assert not once_more.changed


def test_only_what_is_held_can_be_decided_and_only_with_a_reason(office: Office) -> None:
    send_unknown_words(office, 1)
    with pytest.raises(PactFailure) as caught:
        decide(office.intake_context(), office.ledger, FIRST, "accept", who="a.person", because="why not")
    assert str(caught.value) == (
        "INTAKE-006: only a held submission, or one that a person decided on, can be decided; this one is taken,"
        " some rows refused. Where: GLG-councils-2012-08-01. To mend: see what is held with: pact submission list --state held."
    )
    with pytest.raises(PactFailure) as caught:
        decide(office.intake_context(), office.ledger, FIRST, "accept", who="a.person", because="  ")
    assert str(caught.value) == (
        'INTAKE-008: a decision needs a reason and a name. Where: GLG-councils-2012-08-01. To mend: add --because "…".'
    )


def test_of_two_people_deciding_at_once_one_wins_and_the_other_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_unknown_words(office, 5)
    told: list[str] = []
    both_looked = threading.Barrier(2)
    claimed = again_module._claimed

    def wait_and_claim(*arguments: object) -> object:
        both_looked.wait(timeout=10)
        return claimed(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(again_module, "_claimed", wait_and_claim)

    def person(name: str) -> None:
        try:
            decide(
                office.intake_context(),
                office.ledger,
                FIRST,
                "accept" if name == "a" else "refuse",
                who=name,
                because=name,
            )
        except PactFailure as failure:
            told.append(failure.code)

    threads = [threading.Thread(target=person, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["LEDGER-006"]
    assert len(office.ledger.decisions()) == 1
    assert len(office.ledger.judgings(FIRST)) == 2


def send_in_doubt(office: Office) -> Verdict:
    """A reference with a byte that is one letter in Windows-1252 and another in ISO-8859-15; UTF-8 was agreed."""
    office.write(six_children())
    for table in ("children", "placements"):
        path = office.settings.arrivals / "GLG" / f"GLG_{table}_201208.csv"
        office.put(path.name, path.read_bytes().replace(b"C006", b"C\xbc06"))
    (verdict,) = office.take_all()
    return verdict


def test_a_doubt_holds_and_must_be_decided_with_a_reading(office: Office) -> None:
    held = send_in_doubt(office)
    assert held.state is State.HELD
    assert "FILE-014" in held.reason
    assert "--reading encoding=windows-1252 or --reading encoding=iso-8859-15" in held.reason
    with pytest.raises(PactFailure, match="INTAKE-007: the file can be read in two ways, and the decision doesn't say"):
        decide(office.intake_context(), office.ledger, FIRST, "accept", who="a.person", because="fine")
    with pytest.raises(PactFailure) as caught:
        decide(
            office.intake_context(),
            office.ledger,
            FIRST,
            "accept",
            who="a",
            because="b",
            readings={"encoding": "utf-7"},
        )
    assert str(caught.value) == (
        "INTAKE-007: there is no reading encoding=utf-7 to choose. Where: GLG-councils-2012-08-01. To mend: choose of:"
        " --reading encoding=windows-1252, --reading encoding=iso-8859-15."
    )
    assert office.ledger.decisions().empty
    again = decide(
        office.intake_context(),
        office.ledger,
        FIRST,
        "accept",
        who="a",
        because="b",
        readings={"encoding": "iso-8859-15"},
    )
    assert again.after.state is State.TAKEN, again.after.reason
    restricted = office.settings.lake_restricted / "councils" / "children" / f"{FIRST}~2.parquet"
    assert pq.read_table(restricted)["child_ref"].to_pylist()[-1] == "CŒ06"
    (once_more,) = judge_again(office.intake_context(), office.ledger, [FIRST])
    assert not once_more.changed, "the reading chosen stays chosen"


# --- what holds a whole submission


def test_the_bytes_of_an_earlier_month_are_held_and_can_be_accepted(office: Office) -> None:
    office.write(six_children())
    office.write(six_children(), period="2012-09", at="2012-10-10")
    office.write({**six_children(), "matches": []}, period="2012-10", at="2012-11-10")
    first, second, third = office.take_all()
    assert (first.state, second.state, third.state) == (State.TAKEN, State.HELD, State.HELD)
    assert second.reason == (
        "FILE-011: the files are byte for byte those of 2012-08 (GLG-councils-2012-08-01). If nothing happened since,"
        " tell us so and it is taken. Otherwise run the extract for this period."
    )
    again = decide(
        office.intake_context(), office.ledger, SEPTEMBER, "accept", who="a.person", because="no event, by telephone"
    )
    assert again.after.state is State.TAKEN


def test_a_correction_of_the_same_month_is_not_compared_with_itself(office: Office) -> None:
    office.write(six_children())
    office.take_all()
    changed = six_children()
    changed["children"][0] = {**changed["children"][0], "initials": "CD"}
    office.write(changed, version=" v2", only=["children"], at="2012-10-01")
    (verdict,) = office.take_all()
    assert verdict.state is State.TAKEN


def test_a_refused_file_carried_into_a_correction_says_that_it_came_before(office: Office) -> None:
    office.write(six_children())
    office.put("GLG_placements_201208.csv", b"other,headings\r\n1,2\r\n")
    (first,) = office.take_all()
    assert first.state is State.REFUSED
    office.write(six_children(), version=" v2", only=["milestones"], at="2012-10-01")
    changed = six_children()
    changed["milestones"] = changed["milestones"][:1]
    office.write(changed, version=" v3", only=["milestones"], at="2012-10-02")
    for verdict in office.take_all():
        assert verdict.state is State.REFUSED
        assert "this file came with the earlier delivery of the period and is still wrong" in verdict.reason
        assert "GLG_placements_201208.csv" in verdict.reason


def test_an_unreadable_workbook_is_told_once_and_not_once_a_sheet(make_office: object) -> None:
    office = make_office(file="{supplier}_{yyyy}{mm}.xlsx")  # type: ignore[operator]
    office.put("GLG_201208.xlsx", b"PK\x03\x04 cut short")
    (verdict,) = office.take_all()
    assert verdict.state is State.REFUSED
    assert verdict.reason.count("FILE-006") == 1
    assert verdict.reason.endswith(
        "Not judged for that reason: 'children', 'milestones', 'placements', 'matches', 'support_plans'."
    )


def test_holds_are_told_beside_a_refusal_so_that_all_can_be_mended_at_once(office: Office) -> None:
    tables = six_children()
    tables["children"][:5] = [{**row, "sex": "F"} for row in tables["children"][:5]]
    office.write(tables)
    office.put("GLG_carers_201208.csv", b"other,headings\r\n1,2\r\n")
    (verdict,) = office.take_all()
    assert verdict.state is State.REFUSED
    assert "FILE-002" in verdict.reason
    assert "It would also be held: FILE-025: 5 of 6 rows of 'children' would be refused" in verdict.reason


def test_a_hold_of_the_table_as_a_whole_holds_and_says_what_it_looked_at(office: Office) -> None:
    """40 % fewer children than the month before (CH-…): held, with the rows looked at."""
    office.write(many_children(40))
    office.write(many_children(10), period="2012-09", at="2012-10-10")
    first, second = office.take_all()
    assert first.state is State.TAKEN, first.reason
    assert second.state is State.HELD
    holds = [finding for finding in second.findings if finding.severity == "hold" and finding.table == "children"]
    assert holds
    assert all(finding.examined == 40 and finding.rule in second.reason for finding in holds), holds
    again = decide(
        office.intake_context(), office.ledger, SEPTEMBER, "accept", who="a.person", because="a school closed"
    )
    assert again.after.state in (State.TAKEN, State.TAKEN_WITH_REFUSALS)


def many_children(number: int) -> country.Tables:
    tables = six_children()
    child = tables["children"][0]
    tables["children"] = [{**child, "child_ref": f"C{one:03d}"} for one in range(1, number + 1)]
    placement = tables["placements"][0]
    tables["placements"] = [{**placement, "child_ref": f"C{one:03d}"} for one in range(1, number + 1)]
    return tables


def test_every_judging_has_feedback_of_its_own(office: Office) -> None:
    send_unknown_words(office, 5)
    (submission,) = office.ledger.load([FIRST])
    again = decide(office.intake_context(), office.ledger, FIRST, "refuse", who="a.person", because="the wrong export")
    paths = [feedback_paths(office.settings, submission, one.lake_name) for one in (again.before, again.after)]
    assert [path.page.name for path in paths] == [f"{FIRST}.html", f"{FIRST}~2.html"]
    held, refused = (openpyxl.load_workbook(path.workbook) for path in paths)
    texts = [
        " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        for book in (held, refused)
    ]
    assert "the wrong export" not in texts[0]
    assert "the wrong export" in texts[1]


# --- what is left behind, taken back, or overtaken


def everything(office: Office) -> dict[str, bytes]:
    folders = (office.settings.home / "lake", office.settings.feedback)
    return {str(path): path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_judging_that_is_never_entered_leaves_nothing_once_the_next_run_begins(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_unknown_words(office, 1)
    before, agreed = everything(office), dict(office.suppliers)
    mend_mapping(office)
    with monkeypatch.context() as down:
        down.setattr(Ledger, "record", no_warehouse)
        with pytest.raises(IntakeUnfinished):
            judge_again(office.intake_context(), office.ledger, [FIRST])
    left = everything(office).keys() - before.keys()
    assert any("restricted" in path for path in left)
    assert {path: everything(office)[path] for path in before} == before, "the former feedback stands meanwhile"
    stranger = office.settings.feedback / "GLG" / "GLG-councils-1999-01-01~2.html"
    stranger.write_text("of another ledger")
    office.suppliers = agreed
    (again,) = judge_again(office.intake_context(), office.ledger, [FIRST])
    assert not again.changed
    assert everything(office) == {**before, str(stranger): b"of another ledger"}


def no_warehouse(*_: object, **__: object) -> None:
    raise PactFailure("LEDGER-001", "the warehouse doesn't answer")


def test_a_verdict_that_cannot_be_entered_does_not_end_the_run_for_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for supplier in ("FIF", "GLG"):
        office.write(six_children(), supplier)
    record = Ledger.record

    def of_one(ledger: Ledger, verdict: Verdict) -> None:
        if verdict.submission_id.startswith("GLG"):
            raise PactFailure("LEDGER-005", "judged by another run meanwhile")
        record(ledger, verdict)

    for order in (1, -1):
        ours = office.discover().submissions[::order]
        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "record", of_one)
            with pytest.raises(IntakeUnfinished) as caught:
                take_many(office.intake_context(), office.ledger, ours, workers=1)
        assert list(caught.value.failures) == [FIRST]
    assert office.ledger.in_force()["supplier"].tolist() == ["FIF"]


def test_a_refusal_by_mistake_is_taken_back(office: Office) -> None:
    send_unknown_words(office, 5)
    intake_context, ledger = office.intake_context(), office.ledger
    decide(intake_context, ledger, FIRST, "refuse", who="a", because="mistake")
    with pytest.raises(PactFailure) as caught:
        decide(intake_context, ledger, FIRST, "refuse", who="b", because="indeed")
    assert str(caught.value) == (
        "INTAKE-006: a person decided so already: refuse. Where: GLG-councils-2012-08-01. To mend: see the decision with:"
        " pact submission show GLG-councils-2012-08-01"
    )
    back = decide(intake_context, ledger, FIRST, "accept", who="b", because="it was right")
    assert (back.before.state, back.after.state) == (State.REFUSED, State.TAKEN_WITH_REFUSALS)
    assert ledger.decisions()["decision"].tolist() == ["refuse", "accept"]
    again = decide(intake_context, ledger, FIRST, "refuse", who="a", because="no")
    assert (again.after.state, again.after.judging) == (State.REFUSED, 4)
    assert ledger.in_force().empty


def test_a_wrong_reading_is_replaced_by_the_other(office: Office) -> None:
    send_in_doubt(office)
    intake_context, ledger = office.intake_context(), office.ledger
    for name, read in (("windows-1252", "C¼06"), ("iso-8859-15", "CŒ06")):
        again = decide(intake_context, ledger, FIRST, "accept", who="a", because="b", readings={"encoding": name})
        restricted = office.settings.lake_restricted / "councils" / "children" / f"{again.after.lake_name}.parquet"
        assert pq.read_table(restricted)["child_ref"].to_pylist()[-1] == read
    with pytest.raises(PactFailure, match="INTAKE-007: there is no reading encoding=utf-7 to choose"):
        decide(intake_context, ledger, FIRST, "accept", who="a", because="b", readings={"encoding": "utf-7"})


def test_a_decision_judges_the_file_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    send_unknown_words(office, 5)
    judged: list[str] = []
    take = importlib.import_module("pact_pipeline.intake.runs.one")
    real = take.judge_submission

    def counted(*arguments: object) -> object:
        judged.append("judged")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(take, "judge_submission", counted)
    decide(office.intake_context(), office.ledger, FIRST, "accept", who="a", because="b")
    assert judged == ["judged"]


def test_accepting_what_is_superseded_says_that_it_is_not_in_force(office: Office) -> None:
    send_unknown_words(office, 5)
    office.write(six_children(), version=" v2", at="2012-10-01")
    office.take_all()
    again = decide(office.intake_context(), office.ledger, FIRST, "accept", who="a", because="b")
    assert (again.after.state.in_force, again.superseded_by) == (True, "GLG-councils-2012-08-02")
    assert office.ledger.in_force()["submission_id"].tolist() == ["GLG-councils-2012-08-02"]


def test_an_accepted_month_makes_the_next_one_stale_and_names_it(office: Office) -> None:
    send_unknown_words(office, 5)
    office.write(six_children(), period="2012-09", at="2012-10-10")
    office.write({**six_children(), "matches": []}, supplier="FIF")
    office.take_all()
    assert stale(office.contracts, office.suppliers, office.ledger) == []
    again = decide(office.intake_context(), office.ledger, FIRST, "accept", who="a", because="b")
    assert again.later == (SEPTEMBER,)
    assert stale(office.contracts, office.suppliers, office.ledger) == [SEPTEMBER]
    (september,) = judge_again(office.intake_context(), office.ledger, [SEPTEMBER])
    assert (september.after.compared_with, september.later) == (f"{FIRST}~2", ())
    assert stale(office.contracts, office.suppliers, office.ledger) == []


def test_what_is_in_force_is_stale_beside_a_newer_delivery_that_was_refused(office: Office) -> None:
    send_unknown_words(office, 1)
    office.put("GLG_children_201208 v2.csv", b"other,headings\r\n1,2\r\n", at="2012-10-01")
    (second,) = office.take_all()
    assert second.state is State.REFUSED
    mend_mapping(office)
    both = [FIRST, "GLG-councils-2012-08-02"]
    assert stale(office.contracts, office.suppliers, office.ledger) == both
    assert office.ledger.that_count()["submission_id"].tolist() == both
    office.write(six_children(), version=" v3", at="2012-10-02")
    office.take_all()
    assert office.ledger.that_count()["submission_id"].tolist() == ["GLG-councils-2012-08-03"]
    assert stale(office.contracts, office.suppliers, office.ledger) == []


def test_another_code_of_a_kind_of_check_makes_stale(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office.write(six_children())
    office.take_all()
    shutil.copytree(fingerprint.CONTRACTS, tmp_path / "contracts")
    monkeypatch.setattr(fingerprint, "CONTRACTS", tmp_path / "contracts")
    changed = tmp_path / "contracts" / "checks" / "dates.py"
    text = changed.read_text()

    def now(code: str) -> list[str]:
        changed.write_text(code)
        fingerprints.python.cache_clear()
        fingerprint._code.cache_clear()
        return stale(office.contracts, office.suppliers, office.ledger)

    assert now(text) == []
    in_other_words = "# a comment\n" + text.replace('"""', '"""Other words. ', 1)
    assert now(in_other_words) == [], "words decide nothing"
    assert now(text.replace("<", "<=", 1)) == [FIRST]
