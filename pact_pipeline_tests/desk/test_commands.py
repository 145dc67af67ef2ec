"""`pact template`, `pact dictionary` and `pact rule` as typed."""

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.failures import PactFailure
from pact_pipeline.settings import Settings

pytestmark = pytest.mark.usefixtures("loaded_once")


def test_a_template_is_written_where_it_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["template", "glg", "--period", "2013-06"])
    assert (done.exit_code, done.output.strip()) == (0, "GLG-2013-06-template.xlsx: 6 tables to fill in, councils")
    assert "CHILD" in openpyxl.load_workbook(tmp_path / "GLG-2013-06-template.xlsx").sheetnames
    CliRunner().invoke(app, ["template", "GLG", "--out", "x.xlsx"])
    assert (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["template", "XXX"], "CLI-005"),
        (["template", "GLG", "--period", "soon"], "CLI-002"),
        (["template", "GLG", "--period", "2001-01"], "DESK-001"),
        (["template", "scts"], "DESK-002"),
        (["template", "GLG", "--out", "nowhere/at/all.xlsx"], "DESK-003"),
        (["rule", "CH-999"], "DESK-021"),
    ],
)
def test_what_cannot_be_done_is_a_failure_of_ours(settings: Settings, arguments: list[str], code: str) -> None:
    failed = CliRunner().invoke(app, arguments).exception
    assert isinstance(failed, PactFailure)
    assert failed.code == code
    assert failed.__context__ is None


def test_dictionary_and_catalogue_are_written_together(settings: Settings, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["dictionary", "--out", str(tmp_path / "pages")])
    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["data-dictionary.html", "rules.html"]


def test_a_rule_is_told(settings: Settings) -> None:
    done = CliRunner().invoke(app, ["rule", "file-004"])
    assert done.output.startswith("FILE-004  No rows  (files as a whole)")
