"""A new council is taken on by its first files: what is sure is taken, the rest is asked, nothing is guessed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

from pact_pipeline.cli.supplier import app
from pact_pipeline.failures import PactFailure
from pact_pipeline.onboarding.guess import Knowledge, WordGuess, further_words, guess_width, guess_words
from pact_pipeline.onboarding.observed import look
from pact_pipeline.onboarding.resolve import Question, Resolver, common_pattern, generalised, resolve
from pact_pipeline.onboarding.write import known_layouts
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline_tests.contracts.example_rows import CHECKOUT, contracts
from pact_pipeline_tests.intake.mapping.paper import written as written_rows
from pact_pipeline_tests.intake.mapping.test_headings import CHILD

Sheet = tuple[list[str], list[list[str]]]
NUMBER = 30
# References that must never be shown, whatever happens.
REFERENCES = [f"RX-{number:05d}" for number in range(NUMBER)]


def _day(number: int, year: int) -> str:
    return f"{number % 28 + 1:02d}.{number % 12 + 1:02d}.{year}"


def tables() -> dict[str, Sheet]:
    """A case system nobody has met: its own headings, words and days."""
    kids = [
        [
            REFERENCES[n], "QZ", _day(n, 2009), "Girl" if n % 3 else "Boy", "White" if n % 4 else "Mixed", "No",
            _day(n, 2013), "", "", _day(n, 2013), "None", "No", "No", "Team North",
        ]
        for n in range(NUMBER)
    ]  # fmt: skip
    headings = [
        "Person Ref", "Child Initials", "Birth Date", "Boy or Girl", "Ethnic Background", "Disabled?",
        "Became Looked After", "Ceased", "Destination", "Away From Home Since", "Current Plan", "Twin Tracked",
        "Concurrent Placement", "Area Team",
    ]  # fmt: skip
    steps = [[REFERENCES[n], "Referral" if n % 2 else "LAC review", _day(n, 2013), "", "1"] for n in range(NUMBER)]
    homes = [
        [REFERENCES[n], "Foster carers provided by LA", _day(n, 2013), "", f"HH-{n:04d}", "No"] for n in range(NUMBER)
    ]
    return {
        "Children": (headings, kids),
        "Milestones": (["Person Ref", "Milestone", "Date of Milestone", "Outcome", "Round"], steps),
        "Placements": (["Person Ref", "Placement type", "Started", "Ended", "Carer Ref", "Meant as permanent"], homes),
        "Carers": (
            ["Carer Ref", "Carer Source", "Approval kind", "Enquiry on", "Information sent on", "Application on",
             "Assessment from", "Assessment to", "Assessment hours", "Panel on", "Decision on", "Decision",
             "Places approved", "Closed on", "Close reason"],
            [[f"HH-{n:04d}", "Agency", "Foster", _day(n, 2011), *[""] * 11] for n in range(NUMBER)],
        ),
    }  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with contracts of its own, and a folder for the new council's files."""
    shutil.copytree(CHECKOUT / "data_contracts" / "councils", tmp_path / "contracts" / "councils")
    shutil.copy(CHECKOUT / "data_contracts" / "code_lists.yaml", tmp_path / "contracts")
    there, here = CHECKOUT / "data_contracts" / "suppliers", tmp_path / "contracts" / "suppliers"
    (here / "layouts").mkdir(parents=True)
    shutil.copyfile(there / "GLG.yaml", here / "GLG.yaml")
    for layout in ("swift_csv", "carefirst_csv", "template_csv", "workbook_text"):
        shutil.copyfile(there / "layouts" / f"{layout}.yaml", here / "layouts" / f"{layout}.yaml")
    monkeypatch.setenv("PACT_CONTRACTS", str(tmp_path / "contracts"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, said: dict[str, Sheet]) -> list[str]:
    paths = []
    for name, (headings, rows) in said.items():
        path = folder / f"NEW {name} Apr 2014.csv"
        path.write_bytes("\r\n".join(";".join(row) for row in [headings, *rows]).encode("windows-1252"))
        paths.append(str(path))
    return paths


ADD = ["--name", "Newshire", "--kind", "council", "--joined", "2014-04", "--url", "arrivals/NEW"]


def add(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["add", "NEW", *arguments, *ADD, "--yes"])


def answered(office: Path, choose: Callable[[str], str]) -> Path:
    """Fill in the template: `choose` gives the answer to a question's key."""
    path = office / "NEW.answers.yaml"
    text = re.sub(r'^"(.*)": ""$', lambda match: f'"{match[1]}": "{choose(match[1])}"', path.read_text(), flags=re.M)
    path.write_text(text)
    return path


ANSWERS = {
    "children.word.sex.Girl": "female",
    "children.word.sex.Boy": "fix:male",
    "children.column.child_ref": "Person Ref",
    "children.column.looked_after_from": "Became Looked After",
    "children.column.away_from_home_from": "Away From Home Since",
    "children.column.date_of_birth": "Birth Date",
    "milestones.column.child_ref": "Person Ref",
    "milestones.column.on_date": "Date of Milestone",
    "placements.column.child_ref": "Person Ref",
    "placements.column.from_date": "Started",
    "placements.column.to_date": "Ended",
    "children.column.initials": "Child Initials",
    "children.column.sex": "Boy or Girl",
    "placements.column.intended_as_permanent": "Meant as permanent",
    "children.column.looked_after_to": "Ceased",
    "children.column.destination": "Destination",
}


def choose(key: str) -> str:
    if key not in ANSWERS:
        pytest.fail(f"asked for {key}")
    return ANSWERS[key]


def test_what_is_not_sure_stays_open_is_listed_and_nothing_is_written(office: Path) -> None:
    before = sorted((office / "contracts").rglob("*"))
    result = add(*written(office, tables()))
    assert result.exit_code == 3, result.output
    assert "questions are open:" in result.output
    assert "children.column.child_ref: which heading is 'child_ref'" in result.output
    assert (office / "NEW.answers.yaml").exists()
    assert sorted((office / "contracts").rglob("*")) == before


def test_no_reference_initials_or_day_is_shown(office: Path) -> None:
    said = tables()
    # A reference and a day that slipped into a column of code words are no code words.
    said["Children"][1][0][4], said["Children"][1][1][4] = REFERENCES[0], "01.02.2009"
    shown = add(*written(office, said)).output + (office / "NEW.answers.yaml").read_text()
    assert not any(reference in shown for reference in REFERENCES)
    for cell in ("QZ", "HH-0", ".2009", ".2013", "Team North"):
        assert cell not in shown, cell


def test_with_the_answers_the_council_is_taken_on_and_its_files_are_judged(office: Path) -> None:
    files = written(office, tables())
    result = add(*files)
    for _ in range(3):  # the answer about a column can bring up questions about its words
        if result.exit_code == 3:
            result = add(*files, "--answers", str(answered(office, choose)))
    assert result.exit_code == 0, result.output
    suppliers = load_suppliers(office / "contracts" / "suppliers", contracts())
    layout = suppliers["NEW"].deliveries[0].layouts[0][1]
    children = layout.tables["children"]
    assert (layout.name, layout.delimiter, layout.date_formats) == ("new_csv", ";", ("%d.%m.%Y",))
    assert layout.file == "{supplier} {table} {mon} {yyyy}.csv"
    assert children.columns["child_ref"] == "Person Ref"
    assert children.codes["sex"] == {"Girl": "female"}
    assert children.fixable["sex"] == {"Boy": "male"}
    assert children.absent == ("scn",)
    assert children.ignored == ("Area Team",)
    assert layout.tables["placements"].codes["placement_type"]["Foster carers provided by LA"] == "foster_own"
    assert "Judged as 2014-04:\n" in result.output
    assert "children: 30 rows read, 30 taken, 0 refused" in result.output
    assert "CH-008 Boy or Girl: 10 rows (warn): A word of your own" in result.output


def test_files_that_a_layout_reads_already_need_no_new_one(office: Path) -> None:
    swift = load_suppliers(office / "contracts" / "suppliers", contracts())["GLG"].deliveries[0].layouts[0][1]
    rows = {
        "children": {**CHILD, "initials": "QZ"},
        "milestones": {"milestone": "REF", "on_date": "01/02/2014", "round": "1"},
        "placements": {"placement_type": "FO", "from_date": "03/04/2011", "intended_as_permanent": "N"},
        "carers": {"carer_ref": "HH1", "carer_source": "A", "approval_kind": "F", "enquiry_on": "21/02/2010"},
    }
    paths = []
    for table, row in rows.items():
        path = office / f"NEW {table} 2014-04.csv"
        lines = written_rows(swift.tables[table], *({**row, "child_ref": reference} for reference in REFERENCES))
        path.write_text("\r\n".join(",".join(line) for line in lines))
        paths.append(str(path))
    result = add(*paths)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (office / "contracts" / "suppliers" / "layouts").iterdir()) == [
        "carefirst_csv.yaml", "swift_csv.yaml", "template_csv.yaml", "workbook_text.yaml",
    ]  # fmt: skip
    assert (
        "The layout 'swift_csv' reads these files with {file: \"{supplier} {table} {yyyy}-{mm}.csv\", "
        'tables: {children: {name: "children"}, milestones: {name: "milestones"}, placements: {name: "placements"}, '
        'carers: {name: "carers"}}}.'
    ) in result.output
    delivery = load_suppliers(office / "contracts" / "suppliers", contracts())["NEW"].deliveries[0]
    assert delivery.layouts[0][1].tables["children"].columns == swift.tables["children"].columns


def test_a_workbook_is_taken_on_too(office: Path) -> None:
    path = office / "Newshire return 2014-04.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, (headings, rows) in tables().items():
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, "Returned by Newshire")
        for at, row in enumerate([headings, *rows], start=2):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell)
    book.close()
    result = add(str(path))
    assert "Newshire return 2014-04.xlsx, Children: xlsx, headings on line 3, 30 rows" in result.output
    assert "files: {name} return {yyyy}-{mm}.xlsx; days as %d.%m.%Y" in result.output


def test_days_that_may_be_months_are_asked(office: Path) -> None:
    said = tables()
    for _, rows in said.values():
        for row in rows:
            row[:] = [re.sub(r"^\d\d\.\d\d\.(\d{4})$", r"05/06/\1", cell) for cell in row]
    result = add(*written(office, said))
    assert "dates: how are days written? They can be read as %d/%m/%Y, and not by these cells alone" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.csv"], "SUP-001: there is no such file. Where: nothing.csv. To mend: see to the path."),
        (["--kind", "school"], "SUP-011: there is no kind 'school'"),
        (["--joined", "2014-13"], "SUP-012: '2014-13' is not a period"),
    ],
)
def test_a_wrong_call_is_told_plainly(office: Path, arguments: list[str], said: str) -> None:
    files = [] if arguments[0].endswith("csv") else written(office, tables())
    result = CliRunner().invoke(app, ["add", "NEW", *files, *ADD, *arguments, "--yes"])
    assert isinstance(result.exception, PactFailure)
    assert str(result.exception).startswith(said)


def test_a_misspelt_answer_is_told(office: Path) -> None:
    files = written(office, tables())
    (office / "a.yaml").write_text('"children.colum.sex": "Boy or Girl"\n')
    result = add(*files, "--answers", "a.yaml")
    assert str(result.exception) == (
        "SUP-014: answers to no question: children.colum.sex. To mend: see to the spelling of their keys."
    )
    (office / "a.yaml").write_text('"children.word.sex.Girl": "femal"\n"children.column.sex": "Boy or Girl"\n')
    result = add(*files, "--answers", "a.yaml")
    assert str(result.exception).startswith(
        "SUP-002: the answer 'femal' to 'children.word.sex.Girl' isn't one of female"
    )


def test_a_supplier_is_never_written_over(office: Path) -> None:
    result = CliRunner().invoke(app, ["add", "GLG", *written(office, tables()), *ADD, "--yes"])
    assert str(result.exception) == (
        "SUP-013: there is a supplier GLG already. To mend: edit its file, or choose another key."
    )


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("GLG_CHILD_201208.csv", "{supplier}_CHILD_{yyyy}{mm}.csv"),
        ("Children GLG Aug 2012.csv", "Children {supplier} {mon} {yyyy}.csv"),
        ("Glasgow City return 2012-08.xlsx", "{name} return {yyyy}-{mm}.xlsx"),
        ("08-2012 children.txt", "{mm}-{yyyy} children.txt"),
        ("children.csv", "children.csv"),
    ],
)
def test_a_file_name_tells_its_pattern(name: str, pattern: str) -> None:
    assert generalised(name, ("GLG", "Glasgow City")) == pattern


def test_where_names_differ_stands_the_table() -> None:
    names = {"children": "{supplier}_Looked After_{yyyy}.csv", "carers": "{supplier}_Carer List_{yyyy}.csv"}
    assert common_pattern(names) == (
        "{supplier}_{table}_{yyyy}.csv",
        {"children": "Looked After", "carers": "Carer List"},
    )


def test_list_and_show_are_for_review(office: Path) -> None:
    listed = CliRunner().invoke(app, ["list"]).output
    assert re.search(r"GLG +Glasgow City +council +2012-08 +swift_csv +csv +arrivals/GLG", listed)
    shown = CliRunner().invoke(app, ["show", "GLG", "--table", "children"]).output
    assert re.search(r"looked_after_from +LAC Start Date", shown)
    assert "F = female; M = male; U = not_known" in shown
    assert "milestones (" not in shown


def test_at_the_terminal_each_question_is_put_once_with_its_proposal(office: Path) -> None:
    put: list[str] = []

    def ask(question: Question) -> str:
        put.append(question.key)
        return choose(question.key)

    known = known_layouts(office / "contracts" / "suppliers", "councils", contracts())
    knowledge = Knowledge(contracts(), "councils", known, Period.parse("2014-04"))
    observed = [one for path in written(office, tables()) for one in look(Path(path), knowledge.all_headings)]
    resolver = Resolver({"children.word.ethnic_group.White": "white"}, ask)
    draft, _ = resolve(observed, knowledge, resolver, ("NEW", "Newshire"))
    assert resolver.open == []
    assert len(put) == len(set(put))
    assert "children.word.ethnic_group.White" not in put
    assert draft.tables["children"].fixable == {"sex": {"Boy": "male"}}


def test_words_that_the_same_system_has_elsewhere_are_taken_over(office: Path) -> None:
    known = load_suppliers(office / "contracts" / "suppliers", contracts())["GLG"].deliveries[0].layouts[0][1]
    knowledge = Knowledge(contracts(), "councils", [known], Period.parse("2014-04"))
    column = contracts()["councils.children"].column("sex")
    guesses = guess_words(pa.array(["F", "F", "M", ""]), column, "children", knowledge)
    assert guesses == [WordGuess("F", 2, "female", sure=True), WordGuess("M", 1, "male", sure=True)]
    assert further_words(guesses, column, "children", knowledge) == {"U": "not_known"}
    guesses = guess_words(pa.array(["F", "Boy"]), column, "children", knowledge)
    assert guesses[1] == WordGuess("Boy", 1, None, sure=False)
    assert further_words(guesses, column, "children", knowledge) == {}


def test_leading_zeros_are_a_question_only_where_something_speaks_for_it() -> None:
    assert guess_width(pa.array(["1234", "12345", ""])) == 5
    for values in (["1234", "1235"], ["01234", "123"], ["A123", "12"], [""]):
        assert guess_width(pa.array(values)) is None


@pytest.mark.parametrize("key", ["../../evil", "A B", "", "1GL"])
def test_a_key_that_could_be_no_file_name_is_refused_in_one_line(tmp_path: Path, key: str) -> None:
    sent = tmp_path / "x.csv"
    sent.write_text("a,b\n1,2\n", encoding="utf-8")
    options = ["--name", "X", "--joined", "2014-04", "--url", "arrivals/X", "--yes"]
    result = CliRunner().invoke(app, ["add", key, str(sent), *options])
    assert isinstance(result.exception, PactFailure)
    assert str(result.exception) == (
        f"SUP-017: {key!r} can't be a key. To mend: write letters and digits only; a council's key is three letters."
    )
