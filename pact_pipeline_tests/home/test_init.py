"""A home is made by `pact init`, `demo` or `generate` only; a mistyped PACT_HOME is told and not made."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pact_pipeline.cli.main import app
from pact_pipeline.failures import PactFailure
from pact_pipeline.home import make_home, open_home
from pact_pipeline.home.note import NOTE
from pact_pipeline.settings import Settings
from pact_pipeline_tests.home.conftest import settings_of

Command = Callable[..., str]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `pact` with a PACT_HOME; what it failed with, or '' and what it printed where it did not fail."""
    monkeypatch.delenv("PACT_WAREHOUSE_URL", raising=False)

    def run(home: str, *words: str) -> str:
        monkeypatch.setenv("PACT_HOME", home)
        done = CliRunner().invoke(app, list(words))
        if isinstance(done.exception, PactFailure):
            return str(done.exception)
        assert done.exception is None, done.exception
        return done.output

    return run


EVERY = [
    ("arrivals",),
    ("build",),
    ("calendar",),
    ("dictionary",),
    ("ui",),
    ("submission", "list"),
    ("warehouse", "start"),
    ("warehouse", "stop"),
    ("warehouse", "status"),
    ("warehouse", "url"),
    ("warehouse", "psql"),
    ("warehouse", "destroy", "--yes"),
]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_mistyped_home_is_told_and_not_made(command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    missing = tmp_path / "hmoe"
    told = command(str(missing), *words)
    assert told.startswith(f"HOME-002: there is no home here. Where: {missing}.")
    assert "pact init" in told
    assert not missing.exists()


@pytest.mark.parametrize("words", [*EVERY, ("init",), ("demo",), ("generate",), ("rule", "CH-010")], ids=" ".join)
def test_an_empty_home_is_told(command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert command(" ", *words).startswith("HOME-001: PACT_HOME is set and empty.")


@pytest.mark.parametrize("words", [("init",), ("demo",), ("generate",)], ids=" ".join)
def test_a_home_that_cannot_be_made_is_told(command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("a file")
    for impossible in (tmp_path / "file", tmp_path / "file" / "home"):
        assert command(str(impossible), *words).startswith("HOME-003: a home can't be made here")


def test_a_folder_with_other_things_in_it_is_not_made_a_home(command: Command, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_text("a picture")
    for words in (("init",), ("demo",), ("generate",)):
        assert command(str(tmp_path), *words).startswith("HOME-005: this folder is not a home, and it is not empty")
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_init_makes_a_home_once(command: Command, tmp_path: Path) -> None:
    first = command(str(tmp_path / "a" / "home"), "init")
    assert first == command(str(tmp_path / "a" / "home"), "init")
    assert json.loads((tmp_path / "a" / "home" / NOTE).read_text())["id"] in first


def test_two_that_make_one_home_at_once_make_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: make_home(settings_of(tmp_path / "one")), range(16)))
    assert set(made) == {open_home(settings_of(tmp_path / "one"))}
    assert {path.name for path in (tmp_path / "one").iterdir()} == {NOTE, ".lock"}


def test_keys_may_lie_in_a_folder_before_it_is_made_a_home(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    assert make_home(settings_of(tmp_path)) == open_home(settings_of(tmp_path))


def test_the_desk_needs_no_home(command: Command, tmp_path: Path) -> None:
    assert "CH-010" in command(str(tmp_path / "none"), "rule", "CH-010")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("words", [*EVERY, ("rule", "CH-010"), ("demo",), ("generate",)], ids=" ".join)
def test_every_command_is_refused_in_a_copy_that_would_use_the_originals_data(
    command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    original = settings_of(tmp_path / "original")
    home = make_home(original)
    (original.warehouse).mkdir()
    (original.warehouse / "passwords.json").write_text("{}")  # data were made, and do not lie in it
    (tmp_path / "copy").mkdir()
    for name in (NOTE, "warehouse/passwords.json"):
        (tmp_path / "copy" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "copy" / name).write_bytes((original.home / name).read_bytes())
    told = command(str(tmp_path / "copy"), *words)
    assert told.startswith(f"HOME-010: this folder is a copy of the home at {original.home}")
    assert open_home(original) == home


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"id": "a"}', '{"id": "a", "at": [{}], "formerly": [], "warehouse": ""}']
)
def test_a_note_that_is_damaged_is_told(command: Command, tmp_path: Path, text: str) -> None:
    (tmp_path / NOTE).write_text(text)
    assert command(str(tmp_path), "warehouse", "status").startswith("HOME-004: ")


# --- homes that an earlier version made, which had no note


def former_home(folder: Path, service: Path) -> Settings:
    (folder / "warehouse").mkdir(parents=True)
    (folder / "warehouse/passwords.json").write_text("{}")
    record = {"service": str(service), "programs": "", "uid": 65534, "gid": 65534, "notes": []}
    (folder / "warehouse/place.json").write_text(json.dumps(record))
    return settings_of(folder)


def test_a_home_of_an_earlier_version_gets_a_note(tmp_path: Path) -> None:
    settings = former_home(tmp_path / "one", tmp_path / "one/warehouse/server")
    (settings.warehouse / "server").mkdir()
    home = open_home(settings)
    assert open_home(settings) == home
    assert home.warehouse == "embedded"
    assert not (settings.warehouse / "place.json").exists()


def test_data_outside_of_a_home_of_an_earlier_version_are_found_by_its_id(tmp_path: Path) -> None:
    import hashlib

    digest = hashlib.sha256(os.fsencode(tmp_path / "one/warehouse")).hexdigest()[:16]
    settings = former_home(tmp_path / "one", Path(f"/var/lib/pact-warehouse-{digest}"))
    assert open_home(settings).home_id == digest


def test_a_copy_of_such_a_home_by_an_earlier_version_is_refused(tmp_path: Path) -> None:
    settings = former_home(tmp_path / "copy", Path("/var/lib/pact-warehouse-0123456789abcdef"))
    with pytest.raises(PactFailure, match=r"HOME-011: .* lie in /var/lib/pact-warehouse-0123456789abcdef"):
        open_home(settings)
