"""Fetching from an S3-compatible store: a real one (moto) on loopback, and two that misbehave."""

import gc
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pact_pipeline.arrival import Discovery, odd_files
from pact_pipeline_tests.arrival.conftest import Move
from pact_pipeline_tests.arrival.servers import closed_port, s3_that_cuts, s3_that_says
from pact_pipeline_tests.intake.conftest import Office

CHILDREN = "GLG_children_201208.csv"
URL = "s3://returns/GLG"


def told(found: Discovery) -> list[str]:
    return [trouble.message(with_file=True) for trouble in found.source_errors]


@pytest.fixture
def endpoint(secrets: Callable[..., Path]) -> Callable[[str], Path]:
    """Writes Glasgow's secrets for another endpoint."""
    return lambda url: secrets(f"GLG: {{access_key: AK, secret_key: sentinel, endpoint_url: '{url}'}}\n")


def test_files_are_fetched_from_a_bucket_once(by_s3: Office, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.put_object(Key="GLG/2012/a folder/GLG_children_201209.csv", Body=b"in a folder")
    bucket.put_object(Key="OTHER/GLG_children_201210.csv", Body=b"not ours")
    found = by_s3.discover()
    assert [one.submission_id for one in found.registered] == ["GLG-councils-2012-08-01", "GLG-councils-2012-09-01"]
    assert (found.files_seen, found.source_errors) == (7, [])
    with monkeypatch.context() as patched:
        patched.setattr("pact_pipeline.arrival.s3._S3Source.read", lambda *_: pytest.fail("read again"))
        assert by_s3.discover().files_seen == 7
    bucket.put_object(Key=f"GLG/{CHILDREN}", Body=b"another")
    assert [one.submission_id for one in by_s3.discover().registered] == ["GLG-councils-2012-08-02"]


def test_more_keys_than_one_answer_holds_are_all_seen(by_s3: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "4")
    found = by_s3.discover()
    assert (found.files_seen, len(found.registered)) == (6, 1)


def test_keys_with_strange_paths_stay_in_the_archive(by_s3: Office, bucket: Any) -> None:
    odd = [
        "GLG/../../etc/GLG_children_201209.csv",
        "GLG/up\\..\\x.csv",
        "GLG/a\tb.csv",
        "GLG/" + "n" * 900,
        "GLG//x.csv",
    ]
    for key in odd:
        bucket.put_object(Key=key, Body=key.encode())
    found = by_s3.discover()
    archive = by_s3.settings.archive
    kept = [path for path in archive.rglob("*") if path.is_file()]
    assert all(len(path.name) == 64 and path.parent.name == path.name[:2] for path in kept)
    assert sorted(name for _, name in found.unmatched) == sorted(["up\\..\\x.csv", "a\tb.csv", "n" * 900, "x.csv"])
    lines = list(odd_files(found))
    assert all(line.isprintable() and len(line) < 250 for line in lines)
    assert "GLG: 'a\\tb.csv' has no name we know; see the supplier's layout" in lines


@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"])
def test_a_wrong_key_is_refused_once(
    by_s3: Office, endpoint: Callable[[str], Path], naps: list[float], code: str
) -> None:
    with s3_that_says(code) as url:
        endpoint(url)
        found = by_s3.discover()
    assert told(found) == [
        (
            f"ARRIVAL-016: the server doesn't accept our user or secret. Where: GLG, {URL}. To mend: put the right secret into"
            " the secrets file. Until that file changes it is tried once an hour, as more would lock the account;"
            " 'pact arrivals' tries at once."
        )
    ]
    assert (naps, "sentinel" in repr(found)) == ([], False)


def test_a_bucket_closed_to_us_is_told(by_s3: Office, endpoint: Callable[[str], Path], naps: list[float]) -> None:
    with s3_that_says("AccessDenied") as url:
        endpoint(url)
        assert told(by_s3.discover()) == [
            (
                f"ARRIVAL-019: we aren't allowed to look into the folder. Where: GLG, {URL}. To mend: ask whoever runs the"
                " server to let our user read it."
            )
        ]
    assert naps == []


def test_a_bucket_that_is_not_there_is_told(by_s3: Office, move: Move, naps: list[float]) -> None:
    move("GLG", "s3://no-such-bucket/GLG")
    assert told(by_s3.discover()) == [
        (
            "ARRIVAL-018: the folder isn't there. Where: GLG, s3://no-such-bucket/GLG. To mend: ask the supplier where the"
            " files are now, and write that into its URL."
        )
    ]
    assert naps == []


def test_an_empty_prefix_has_no_files(by_s3: Office, move: Move) -> None:
    move("GLG", "s3://returns/nothing-yet")
    found = by_s3.discover()
    assert (found.files_seen, found.source_errors) == (0, [])


def test_a_store_that_is_down_is_tried_three_times(
    by_s3: Office, endpoint: Callable[[str], Path], naps: list[float]
) -> None:
    endpoint(f"http://127.0.0.1:{closed_port()}")
    assert [one.code for one in by_s3.discover().source_errors] == ["ARRIVAL-011"]
    assert naps == [0.5, 2.0]


def test_a_body_cut_every_time_is_told_and_not_kept(
    by_s3: Office, endpoint: Callable[[str], Path], naps: list[float]
) -> None:
    with s3_that_cuts(CHILDREN, 200_000) as (url, asked):
        endpoint(url)
        found = by_s3.discover()
    assert told(found) == [
        (
            "ARRIVAL-023: the connection was lost in the middle of a file; nothing of it was kept. Where: GLG,"
            f" {URL}, 'returns/GLG/{CHILDREN}'. To mend: nothing, if it ends by itself: the file is read again at the next look."
        )
    ]
    assert (len(asked), naps) == (3, [0.5, 2.0])
    assert [path for path in by_s3.settings.archive.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "url", ["http://store.example", "ftp://store.example", "https://u:sentinel@store.example", "http://["]
)
def test_an_endpoint_that_is_not_safe_is_not_used(by_s3: Office, endpoint: Callable[[str], Path], url: str) -> None:
    endpoint(url)
    assert told(by_s3.discover()) == [
        (
            f"ARRIVAL-017: the endpoint_url isn't one that is safe to use. Where: GLG, {URL}. To mend: write https://…, without"
            " a password: over http anybody on the way reads the files."
        )
    ]


def test_keys_of_this_machine_are_never_used(
    by_s3: Office, secrets: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "other")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    secrets("FIF: {password: x}\n")
    assert [one.code for one in by_s3.discover().source_errors] == ["ARRIVAL-017"]


def test_no_connection_is_left_open(by_s3: Office, recwarn: pytest.WarningsRecorder) -> None:
    by_s3.discover()
    before = {one.name for one in threading.enumerate()}
    by_s3.discover()
    gc.collect()
    assert {one.name for one in threading.enumerate()} <= before | {"fsspecIO"}
    assert not [one for one in recwarn if "nclosed" in str(one.message)]
