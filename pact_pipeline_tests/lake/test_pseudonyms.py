"""Pseudonyms: the same reference has the same key, nobody has it without the key file, and the file is guarded."""

import hashlib
import hmac
import stat
from dataclasses import replace

import pandas as pd
import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.lake import Pseudonyms
from pact_pipeline.settings import Settings

SECRET = bytes(range(32))


def test_a_key_is_the_first_half_of_the_hmac_of_kind_supplier_and_reference() -> None:
    expected = hmac.new(SECRET, b"child|GLG|C001", hashlib.sha256).hexdigest()[:32]
    assert Pseudonyms(SECRET).key("child", "GLG", "C001") == expected


def test_keys_of_a_column_are_those_of_its_values_and_empty_stays_empty() -> None:
    pseudonyms = Pseudonyms(SECRET)
    references = pd.Series(["C001", None, "C002", "C001"], dtype="str", index=[5, 6, 7, 8])
    keys = pseudonyms.keys("child", "GLG", references)
    one, two = pseudonyms.key("child", "GLG", "C001"), pseudonyms.key("child", "GLG", "C002")
    assert keys.tolist()[:1] + keys.tolist()[2:] == [one, two, one]
    assert keys.isna().tolist() == [False, True, False, False]
    assert keys.index.tolist() == [5, 6, 7, 8]


def test_the_same_reference_of_two_councils_or_of_a_carer_has_another_key() -> None:
    pseudonyms = Pseudonyms(SECRET)
    keys = {
        pseudonyms.key("child", "GLG", "1"),
        pseudonyms.key("child", "FIF", "1"),
        pseudonyms.key("carer", "GLG", "1"),
    }
    assert len(keys) == 3


def test_a_clas_child_has_the_key_of_its_council() -> None:
    pseudonyms = Pseudonyms(SECRET)
    councils = pd.Series(["GLG", "FIF", "GLG"], dtype="str")
    references = pd.Series(["C001", "C001", None], dtype="str")
    keys = pseudonyms.keys_for_suppliers("child", councils, references)
    assert keys.tolist()[:2] == [pseudonyms.key("child", "GLG", "C001"), pseudonyms.key("child", "FIF", "C001")]
    assert keys.isna().tolist() == [False, False, True]


def test_an_absent_key_is_made_for_its_owner_alone_and_stays(settings: Settings) -> None:
    first = Pseudonyms.from_settings(settings)
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert Pseudonyms.from_settings(settings).key("child", "GLG", "1") == first.key("child", "GLG", "1")


def test_a_key_that_others_can_read_is_not_used(settings: Settings) -> None:
    Pseudonyms.from_settings(settings)
    settings.key_file.chmod(0o640)
    with pytest.raises(PactFailure, match=r"KEY-002: the pseudonym key can be read by others.*chmod 600"):
        Pseudonyms.from_settings(settings)


@pytest.mark.parametrize("folder", ["lake/open", "lake/restricted", "warehouse"])
def test_a_key_beside_what_it_protects_is_not_used(settings: Settings, folder: str) -> None:
    beside = replace(settings, pseudonym_key_file=settings.home / folder / "pseudonym.key")
    with pytest.raises(PactFailure, match="KEY-001"):
        Pseudonyms.from_settings(beside)
    assert not beside.key_file.exists()


def test_a_damaged_key_is_named_and_not_shown(settings: Settings) -> None:
    settings.key_file.parent.mkdir(parents=True)
    settings.key_file.write_text("not hexadecimal at all")
    settings.key_file.chmod(0o600)
    with pytest.raises(PactFailure, match="KEY-003") as caught:
        Pseudonyms.from_settings(settings)
    assert "hexadecimal at all" not in str(caught.value)


def test_a_lost_key_stops_everything_instead_of_giving_every_child_a_second_name(settings: Settings) -> None:
    Pseudonyms.from_settings(settings)
    settings.key_file.unlink()
    with pytest.raises(PactFailure, match="KEY-004"):
        Pseudonyms.from_settings(settings)
    assert not settings.key_file.exists()


def test_another_key_than_the_lake_s_is_refused(settings: Settings) -> None:
    Pseudonyms.from_settings(settings)
    settings.key_file.write_text("ab" * 32 + "\n", encoding="ascii")
    with pytest.raises(PactFailure, match="KEY-005"):
        Pseudonyms.from_settings(settings)
