"""`pact check`: the same as intake says, offline, with an exit code, and never a traceback."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from pact_pipeline.arrival import discover
from pact_pipeline.cli.main import app
from pact_pipeline.contracts import Contracts
from pact_pipeline.desk.check import Asked, check, content, period_before
from pact_pipeline.generator import generate
from pact_pipeline.intake.runs import IntakeContext
from pact_pipeline.intake.runs.one import take
from pact_pipeline.ledger import Ledger, Submission, Verdict
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT, Settings
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Supplier

pytestmark = pytest.mark.usefixtures("loaded_once")
COUNCILS = ["MLN", "CLK"]


@pytest.fixture(scope="module")
def arrivals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two councils' returns of three months, with the generator's faults."""
    folder = tmp_path_factory.mktemp("country")
    generate(
        folder / "arrivals", folder / "truth", councils=COUNCILS, seed=3, faults=True, first="2012-08", last="2012-10"
    )
    return folder / "arrivals"


def month(arrivals: Path, key: str, period: str) -> list[Path]:
    """A council's first delivery for a month."""
    spelled = {"CLK": f"{ {'08': 'Aug', '09': 'Sep', '10': 'Oct'}[period[-2:]] } {period[:4]}"}.get(key, period)
    found = [path for path in sorted((arrivals / key).iterdir()) if path.stem.endswith(spelled)]
    assert found
    return found


@pytest.fixture
def ledger(warehouse_engine: Engine) -> Ledger:
    made = Ledger(warehouse_engine)
    made.create()
    return made


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def pact_here(*arguments: str, cwd: Path) -> Done:
    """The command as typed, within this process: starting Python takes longer than most of what is tested."""
    with pytest.MonkeyPatch.context() as environment:
        environment.chdir(cwd)
        environment.setenv("PACT_HOME", str(cwd / "no_home"))
        environment.setenv("PACT_WAREHOUSE_URL", "postgresql://nobody@/none?host=/nonexistent")
        done = CliRunner().invoke(app, list(arguments))
    return Done(done.exit_code, done.stdout, done.stderr)


def pact(*arguments: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command as typed, with a home and a warehouse that aren't there."""
    home = {"PACT_HOME": str(cwd / "no_home"), "PACT_WAREHOUSE_URL": "postgresql://nobody@/none?host=/nonexistent"}
    return subprocess.run(
        [sys.executable, "-m", "pact_pipeline.cli", *arguments],
        cwd=cwd,
        env={**os.environ, **home, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# --- it says the same


def said(verdict: Verdict) -> tuple[object, ...]:
    return (verdict.state, verdict.tables, frozenset(verdict.findings), verdict.reason)


def test_check_says_what_intake_says_of_faulty_deliveries(
    arrivals: Path,
    settings: Settings,
    contracts: Contracts,
    suppliers: Mapping[str, Supplier],
    ledger: Ledger,
) -> None:
    """Every submission of the made-up country, judged with the one before it: verdict, rows, counts by rule, reasons."""
    settings.home.joinpath("arrivals").symlink_to(arrivals)
    councils = {key: suppliers[key] for key in COUNCILS}
    desk = IntakeContext.open(settings, contracts, councils)
    submissions = discover(settings, contracts, councils, ledger).submissions
    taken: dict[str, Submission] = {}
    compared, states = 0, set()
    for submission in sorted(submissions, key=lambda one: (Period.parse(one.period), one.sequence)):
        verdict = take(desk, ledger, submission)
        before = taken.get(submission.supplier)
        asked = Asked(
            councils[submission.supplier],
            Period.parse(submission.period),
            paths(arrivals, submission),
            before=paths(arrivals, before) if before else (),
        )
        checked = check(contracts, asked)
        assert said(checked.outcome.verdict) == said(verdict) or (
            # A correction's own number stands in the ledger's words for it, and in nothing else.
            said(checked.outcome.verdict)[:3] == said(verdict)[:3] and submission.sequence > 1
        ), submission.submission_id
        assert [one.refusals() for one in checked.outcome.judged]
        compared += 1
        states.add(verdict.state)
        if verdict.state.in_force:
            taken[submission.supplier] = submission
    assert compared >= 6
    assert State.TAKEN_WITH_REFUSALS in states


def paths(arrivals: Path, submission: Submission) -> Sequence[Path]:
    return list(dict.fromkeys(arrivals / submission.supplier / file.file_name for file in submission.files))


def test_without_the_month_before_rules_on_changes_are_not_examined(
    arrivals: Path, contracts: Contracts, suppliers: Mapping[str, Supplier]
) -> None:
    asked = Asked(suppliers["CLK"], Period.parse("2012-10"), month(arrivals, "CLK", "2012-10"))
    unseen = {one.code for one in content(check(contracts, asked), "").not_examined}
    assert "CH-026" in unseen
    with_before = Asked(asked.supplier, asked.period, asked.files, before=month(arrivals, "CLK", "2012-09"))
    checked = check(contracts, with_before)
    assert checked.compared == "Compared with the delivery of 2012-09."
    assert "CH-026" not in {one.code for one in content(checked, "").not_examined}


def test_the_same_bytes_as_the_month_before_would_be_held(
    arrivals: Path, contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    old = month(arrivals, "CLK", "2012-09")
    new = tmp_path / "CLK permanence return Oct 2012.xlsx"
    new.write_bytes(old[0].read_bytes())
    told = check(contracts, Asked(suppliers["CLK"], Period.parse("2012-10"), [new], before=old)).outcome
    assert told.verdict.state is State.HELD
    assert "FILE-011" in {finding.rule for finding in told.verdict.findings}


def test_the_period_before() -> None:
    for key, before in (
        ("2013-01", "2012-12"),
        ("2012-Q1", "2011-Q4"),
        ("FY2012-13", "FY2011-12"),
        ("CLAS2012", "CLAS2011"),
    ):
        assert period_before(Period.parse(key)).key == before


# --- as a command


def test_a_good_return_ends_with_0_and_leaves_two_closed_files(arrivals: Path, tmp_path: Path) -> None:
    files = [str(path) for path in month(arrivals, "CLK", "2012-10")]
    before = str(month(arrivals, "CLK", "2012-09")[0])
    done = pact("check", *files, "--supplier", "clk", "--period", "2012-10", "--before", before, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ It would be taken: all " in done.stdout
    assert "CLK, councils, 2012-10. Nothing was sent." in done.stdout
    assert "Compared with the delivery of 2012-09." in done.stdout
    made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert made == {"CLK-2012-10-feedback.xlsx": 0o600, "CLK-2012-10-feedback.html": 0o600}
    summary = openpyxl.load_workbook(tmp_path / "CLK-2012-10-feedback.xlsx").worksheets[0]
    words = [str(cell) for row in summary.iter_rows(values_only=True) for cell in row if cell]
    assert any(word.startswith("Checked at your own desk; nothing was sent. It would be taken") for word in words)
    assert "nothing was sent" in (tmp_path / "CLK-2012-10-feedback.html").read_text("utf-8")


def test_refused_rows_end_with_1_and_no_value_is_printed(arrivals: Path, tmp_path: Path) -> None:
    children = next(path for path in month(arrivals, "MLN", "2012-08") if "children" in path.name)
    lines = children.read_text("utf-8").splitlines()
    head = lines[0].split(",")
    cells = lines[1].split(",")
    cells[head.index("date_of_birth")] = "31/02/2010"
    reference = cells[head.index("child_ref")]
    folder = tmp_path / "files"
    folder.mkdir()
    for path in month(arrivals, "MLN", "2012-08"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / children.name).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    files = [str(path) for path in folder.iterdir()]
    done = pact_here("check", *files, "--supplier", "MLN", "--period", "2012-08", "--out", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "! It would be taken, but not whole: " in done.stdout
    assert "CH-002" in done.stdout
    assert "give its files with --before." in done.stdout
    page = (tmp_path / "out" / "MLN-2012-08-feedback.html").read_text("utf-8")
    for secret in (reference, "31/02/2010"):
        assert secret not in done.stdout
        assert secret not in page


def test_a_missing_table_is_told_and_the_others_are_judged(arrivals: Path, tmp_path: Path) -> None:
    files = [str(path) for path in month(arrivals, "MLN", "2012-08") if "carers" not in path.name]
    done = pact_here("check", *files, "--supplier", "MLN", "--period", "2012-08", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert "✗ It would be refused: nothing of it would be taken." in done.stdout
    assert "1. carers: a table did not come: The table 'carers' did not come." in done.stdout
    assert "(not given)  FILE-005" in done.stdout
    assert "children " in done.stdout


def test_a_file_of_another_name_is_known_by_its_headings_or_by_being_told(
    arrivals: Path, contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    files = month(arrivals, "MLN", "2012-08")
    children = next(path for path in files if "children" in path.name)
    odd = tmp_path / "children final FINAL.csv"
    odd.write_bytes(children.read_bytes())
    rest = [path for path in files if path != children]
    asked = Asked(suppliers["MLN"], Period.parse("2012-08"), [odd, *rest])
    known = {one.table: one.by for one in check(contracts, asked).files}
    assert known["children"] == ("by its headings: its name isn't one we expect, such as MLN_children_2012-08.csv")
    assert known["carers"] == "by its name"
    named = Asked(suppliers["MLN"], Period.parse("2012-08"), rest, {"children": odd})
    assert {one.table: one.by for one in check(contracts, named).files}["children"] == "as you said"


def test_two_readings_are_shown_and_one_can_be_chosen(tmp_path: Path) -> None:
    done = pact_here(
        "check", "a.csv", "--supplier", "GLG", "--period", "2013-06", "--reading", "encoding", cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (4, "✗ DESK-019: --reading is written choice=name. Where: --reading.\n")


# --- whatever is given, one line


def test_wrong_use_is_told_in_one_line_and_ends_with_4(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "GLG_CHILD_201305.csv").write_text("Swift No\n1\n")
    (tmp_path / "folder").mkdir()
    openpyxl.Workbook().save(tmp_path / "GLG.xlsx")
    right = ["--supplier", "GLG", "--period", "2013-06"]
    cases: list[tuple[list[str], str]] = [
        (["nowhere.csv", *right], "✗ DESK-010: there is no such file. Where: nowhere.csv."),
        (["folder", *right], "✗ DESK-010: this is a folder, not a file. Where: folder."),
        (
            ["a.csv", "--supplier", "XXX", "--period", "2013-06"],
            "✗ CLI-005: there is no supplier XXX. To mend: choose of ABD,",
        ),
        (
            ["a.csv", "--supplier", "GLG", "--period", "June"],
            "✗ CLI-002: 'JUNE' is not a period: write 2012-08, 2012-Q3,",
        ),
        (["a.csv", "--supplier", "GLG", "--period", "2009-06"], "✗ DESK-014: GLG sends nothing for 2009-06"),
        (["a.csv", "--supplier", "GLG", "--period", "2013-Q2"], "✗ DESK-014: GLG sends nothing for 2013-Q2"),
        (["a.csv", *right], "✗ DESK-012: neither its name nor its headings tell which table this is. Where: a.csv."),
        (["GLG_CHILD_201305.csv", *right], "✗ DESK-011: the file's name says 2013-05, not 2013-06"),
        (["--table", "kids=a.csv", *right], "✗ DESK-013: GLG sends no table 'kids' for 2013-06"),
        (right, "✗ DESK-018: no file was given"),
        (
            ["GLG.xlsx", *right],
            "✗ DESK-012: this is a workbook or an archive, and GLG sends text files. Where: GLG.xlsx.",
        ),
    ]
    for arguments, line in cases:
        done = pact_here("check", *arguments, cwd=tmp_path)
        assert done.returncode == 4, arguments
        assert done.stdout == ""
        assert done.stderr.startswith(line), done.stderr
        assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "GLG_CHILD_201305.csv", "GLG.xlsx", "folder"}


def test_an_unknown_option_ends_with_4_too(tmp_path: Path) -> None:
    for arguments in (["--nonsense"], ["a.csv", "--supplier", "GLG"]):
        done = pact_here("check", *arguments, cwd=tmp_path)
        assert done.returncode == 4
        assert "Traceback" not in done.stderr


def garbage(tmp_path: Path) -> Iterator[Path]:
    """Files of the right name with the wrong things in them."""
    samples = {
        "empty": b"",
        "noise": bytes(range(256)) * 40,
        "nulls": b"\x00" * 4096,
        "half a workbook": b"PK\x03\x04" + b"\x00" * 100,
        "a picture": b"\x89PNG\r\n\x1a\n" + b"\x01" * 500,
        "one long line": b"x" * 200_000,
        "an open quotation mark": b'Swift No,SCN\n"C1,2\n' * 50,
    }
    for number, data in enumerate(samples.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "GLG_CHILD_201306.csv"
        path.write_bytes(data)
        yield path


def test_garbage_is_refused_as_intake_would_without_a_traceback(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    for path in garbage(tmp_path):
        told = check(contracts, Asked(suppliers["GLG"], Period.parse("2013-06"), [path])).outcome
        assert told.verdict.state is State.REFUSED
        assert "children" in {table for table, _ in told.refused}


def test_a_fault_of_ours_is_told_without_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("could not parse 'Jean Smith 01/01/2001'")

    monkeypatch.setattr("pact_pipeline.desk.check.check", fails)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("x")
    done = CliRunner().invoke(app, ["check", "a.csv", "--supplier", "GLG", "--period", "2013-06"])
    assert done.exit_code == 4
    assert "DESK-020: the files could not be checked (ValueError at " in done.stderr
    assert "Jean" not in done.output


def test_a_locked_workbook_is_refused_not_guessed(
    contracts: Contracts, suppliers: Mapping[str, Supplier], tmp_path: Path
) -> None:
    path = tmp_path / "CLK permanence return Jun 2013.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("EncryptedPackage", b"x" * 100)
    told = check(contracts, Asked(suppliers["CLK"], Period.parse("2013-06"), [path])).outcome
    assert "FILE-006" in {refusal.code for _, refusal in told.refused}


def test_an_output_folder_that_cannot_be_made_is_told_in_one_line(arrivals: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    files = [str(path) for path in month(arrivals, "CLK", "2012-10")]
    done = pact_here("check", *files, "--supplier", "CLK", "--period", "2012-10", "--out", "taken", cwd=tmp_path)
    assert done.returncode == 4
    assert done.stderr.startswith(
        "✗ DESK-003: the folder can't be made (something else lies in its place). Where: taken."
    )


def test_check_needs_neither_dagster_nor_duckdb_nor_great_expectations(tmp_path: Path) -> None:
    words = "import sys; import pact_pipeline.cli.desk, pact_pipeline.desk.check, pact_pipeline.desk.summary; "
    words += "names = 'dagster duckdb great_expectations altair pandera s3fs paramiko'.split(); "
    words += "print([name for name in names if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert done.stdout.strip() == "[]"
