"""The UI's processes end with it, however it ends; a port that can't be had is told."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.home import make_home
from pact_pipeline.orchestration.ui import login_links
from pact_pipeline.orchestration.ui.processes import link, run_ui
from pact_pipeline.settings import ANALYST_URL, CHECKOUT, Settings
from pact_pipeline.warehouse import logins
from pact_pipeline.warehouse.connect import (
    destroy_embedded,
    embedded_server,
    warehouse_engine,
    warehouse_url,
)

ENTER = re.compile(r"^http://127\.0\.0\.1:(\d+)/enter/([\w-]{43})$", re.MULTILINE)
LONGEST_END = 15.0


@pytest.fixture
def settings(open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    home = open_folder / f"ui-{tmp_path.name}"
    monkeypatch.setenv("PACT_HOME", str(home))
    monkeypatch.setenv("DAGSTER_HOME", str(home / "dagster"))
    monkeypatch.delenv("PACT_WAREHOUSE_URL", raising=False)
    made = Settings(home, CHECKOUT / "data_contracts")
    make_home(made)
    yield made
    destroy_embedded(made)


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_there_is_none_is_told(settings: Settings, port: int) -> None:
    with pytest.raises(PactFailure, match=f"UI-001: port {port} of this machine can't be had"):
        run_ui(settings, port, print)


def test_a_port_that_another_has_is_told(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PactFailure, match=f"UI-001: port {port} .*Address already in use.* pact ui --port 3001"):
            run_ui(settings, port, print)


def test_no_link_is_made_where_no_ui_is_open(settings: Settings) -> None:
    with pytest.raises(PactFailure, match="UI-004: no UI of this home is open"):
        link(settings)


@dataclass
class Open:
    """A UI that is open, started by a process that lives as long as it is told to."""

    starter: subprocess.Popen[str]
    pid: int
    port: int
    printed: str

    def processes(self) -> list[int]:
        """Everything that the UI started, and itself: whatever has its mark in its environment."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if f"UI_UNDER_TEST={self.starter.pid}".encode() in environment and state != "Z":
                found.append(int(folder.name))
        return found


@pytest.fixture
def opened(settings: Settings) -> Iterator[Open]:
    # A shell between us and the UI, so that its parent can be killed alone.
    script = 'export UI_UNDER_TEST=$$; "$@" & echo "pid $!"; wait'
    command = ["bash", "-c", script, "ui", sys.executable, "-m", "pact_pipeline.cli", "ui", "--port", "0"]
    starter = subprocess.Popen(
        command, cwd=CHECKOUT, env=dict(os.environ), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert starter.stdout is not None
    printed = ""
    while not (entered := ENTER.search(printed)):
        line = starter.stdout.readline()
        assert line, printed
        printed += line
    pid = int(printed.partition("pid ")[2].split()[0])
    found = Open(starter, pid, int(entered[1]), printed)
    yield found
    for one in found.processes():
        os.kill(one, signal.SIGKILL)
    starter.kill()
    starter.wait()


@pytest.mark.long
@pytest.mark.parametrize("how", ["TERM", "INT", "HUP", "KILL", "parent"])
def test_nothing_outlives_the_ui(opened: Open, settings: Settings, how: str) -> None:
    server = embedded_server(settings)
    assert len(opened.processes()) >= 4
    if how == "parent":
        opened.starter.kill()
    else:
        os.kill(opened.pid, getattr(signal, f"SIG{how}"))
    deadline = time.monotonic() + LONGEST_END
    while opened.processes() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert opened.processes() == []
    with socket.socket() as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port.bind(("127.0.0.1", opened.port))
    if how != "KILL":
        assert not server.running(), "the UI started the warehouse, or nobody did"


@pytest.mark.long
def test_a_person_comes_in_by_his_database_login(
    opened: Open, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = warehouse_engine(settings)
    with engine.connect() as connection:
        password = logins.add(connection, "anna")
    engine.dispose()
    url = warehouse_url(settings).set(username="anna", password=password)
    monkeypatch.setenv(ANALYST_URL, url.render_as_string(hide_password=False))
    deadline = time.monotonic() + LONGEST_END
    while True:  # the UI opens the warehouse meanwhile
        try:
            token = login_links.mint(settings)
            break
        except PactFailure:
            assert time.monotonic() < deadline
            time.sleep(0.5)
    answers = [_get(opened.port, f"/enter/{token}") for _ in range(2)]
    assert "Welcome, anna (database login)." in answers[0]
    assert "This link was used" in answers[1]


def _get(port: int, path: str) -> str:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asked.request("GET", path)
    return asked.getresponse().read().decode()


@pytest.mark.long
def test_the_warehouse_stays_up_if_it_was_up(settings: Settings) -> None:
    server = embedded_server(settings)
    server.start()
    command = [sys.executable, "-m", "pact_pipeline.cli", "ui", "--port", "0"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        while not ENTER.search(served.stdout.readline()):
            pass
        served.send_signal(signal.SIGTERM)
        assert served.wait(LONGEST_END) == 0
    assert server.running()
