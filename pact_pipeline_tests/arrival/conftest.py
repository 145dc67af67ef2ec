"""Arrival is tested with the office of intake's tests: hand-written files on a real ledger, and real servers."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pact_pipeline.arrival import search
from pact_pipeline_tests.arrival.servers import PASSWORD, SftpServer
from pact_pipeline_tests.intake.conftest import Office, contracts, ledger, make_office, office
from pact_pipeline_tests.intake.country import six_children

__all__ = ["contracts", "ledger", "make_office", "office"]


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited before each further try; nobody waits in a test."""
    taken: list[float] = []
    monkeypatch.setattr(search, "sleep", taken.append)
    return taken


@pytest.fixture(scope="module")
def sftp_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    with SftpServer(tmp_path_factory.mktemp("sftp")).running() as server:
        yield server


@pytest.fixture
def sftp(sftp_running: SftpServer) -> SftpServer:
    """An SFTP server with the empty folder /out and no faults."""
    sftp_running.reset()
    shutil.rmtree(sftp_running.root / "out", ignore_errors=True)
    (sftp_running.root / "out").mkdir()
    return sftp_running


Move = Callable[[str, str], None]


@pytest.fixture
def move(office: Office) -> Move:
    """`move("GLG", url)`: the council's files are fetched from there."""

    def moved(key: str, url: str) -> None:
        council = office.suppliers[key]
        office.suppliers[key] = replace(council, deliveries=(replace(council.deliveries[0], url=url),))

    return moved


@pytest.fixture
def secrets(office: Office) -> Callable[[str], Path]:
    """Writes the secrets file."""

    def write(text: str, mode: int = 0o600) -> Path:
        path = office.settings.secrets_file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    return write


@pytest.fixture
def by_sftp(office: Office, sftp: SftpServer, move: Move, secrets: Callable[[str], Path], naps: list[float]) -> Office:
    """The office with Glasgow's six files on the SFTP server, whose key it knows, and with the password."""
    secrets(f"GLG: {{password: '{PASSWORD}'}}\n")
    office.settings.known_hosts.write_text(sftp.known_hosts_line())
    office.write(six_children())
    for file in (office.settings.arrivals / "GLG").iterdir():
        shutil.move(file, sftp.root / "out" / file.name)
    move("GLG", sftp.url)
    return office


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str) -> Iterator[object]:
    """An empty bucket called returns."""
    store = boto3.resource(
        "s3", endpoint_url=s3_endpoint, aws_access_key_id="a", aws_secret_access_key="b", region_name="eu-west-2"
    )
    made = store.create_bucket(Bucket="returns", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    yield made
    made.objects.all().delete()
    made.delete()


@pytest.fixture
def by_s3(
    office: Office, bucket: object, s3_endpoint: str, move: Move, secrets: Callable[[str], Path], naps: list[float]
) -> Office:
    """The office with Glasgow's six files in the bucket below GLG/."""
    secrets(f"GLG: {{access_key: AK, secret_key: 'sentinel s3 secret', endpoint_url: '{s3_endpoint}'}}\n")
    office.write(six_children())
    for file in (office.settings.arrivals / "GLG").iterdir():
        bucket.put_object(Key=f"GLG/{file.name}", Body=file.read_bytes())  # type: ignore[attr-defined]
        file.unlink()
    move("GLG", "s3://returns/GLG")
    return office
