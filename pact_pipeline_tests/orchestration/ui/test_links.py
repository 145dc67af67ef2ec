"""A link is its maker's own, for ten minutes and one use."""

import os
import pwd
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pact_pipeline.orchestration.ui.links import HOLDS_SECONDS, hash_of_token, links_folder, mint, redeem
from pact_pipeline.settings import CHECKOUT, Settings

ME = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    return Settings(tmp_path, CHECKOUT / "data_contracts")


def test_a_link_is_its_makers_and_holds_once(settings: Settings) -> None:
    token = mint(settings)
    folder = links_folder(settings)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == [hash_of_token(token)], "the token itself lies nowhere"
    assert redeem(folder, token) == ME
    assert redeem(folder, token) is None
    assert list(folder.iterdir()) == []


def test_of_two_that_open_one_link_at_once_one_comes_in(settings: Settings) -> None:
    token = mint(settings)
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda _: redeem(links_folder(settings), token), range(16)))
    assert came.count(ME) == 1
    assert came.count(None) == 15


def test_an_old_link_is_none(settings: Settings) -> None:
    token = mint(settings)
    path = links_folder(settings) / hash_of_token(token)
    long_ago = path.stat().st_mtime - HOLDS_SECONDS - 1
    os.utime(path, (long_ago, long_ago))
    assert redeem(links_folder(settings), token) is None
    assert not path.exists()


@pytest.mark.parametrize("token", ["", "guess", "../home.json", "a/b", "\x00"])
def test_a_guess_is_none(settings: Settings, token: str) -> None:
    mint(settings)
    assert redeem(links_folder(settings), token) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's file")
def test_a_link_is_whose_the_file_is(settings: Settings) -> None:
    token = mint(settings)
    os.chown(links_folder(settings) / hash_of_token(token), pwd.getpwnam("daemon").pw_uid, -1)
    assert redeem(links_folder(settings), token) == "daemon"
    token = mint(settings)
    os.chown(links_folder(settings) / hash_of_token(token), 54321, -1)
    assert redeem(links_folder(settings), token) == "uid 54321"
