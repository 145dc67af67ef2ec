"""Code server, daemon and web server of the UI: started together, and none of them outlives it.

They end when a person says so (Ctrl-C), on SIGTERM and SIGHUP, and when whoever started the UI is gone, unless that was to be
expected (nohup). The warehouse stays up if it was up before.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pact_pipeline.disk import write_text_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.orchestration.instance import open_instance
from pact_pipeline.orchestration.ui.kept import end_group
from pact_pipeline.orchestration.ui.links import ENTER, mint
from pact_pipeline.settings import Settings, restricted_folder
from pact_pipeline.warehouse.connect import embedded_server

HOST = "127.0.0.1"
LOCATION, MODULE = "pact", "pact_pipeline.definitions"
LONGEST_START = 90.0
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_ui(settings: Settings, port: int, tell: Callable[[str], None]) -> None:
    """Run the UI on a port of this machine until it is ended. Raises PactFailure UI-001 where the port can't be had, UI-002
    where a process of it ends by itself."""
    listening = _bound(port)
    port = int(listening.getsockname()[1])
    with ExitStack() as stack, listening, _ended() as ended, _warehouse_as_it_was(settings), _folder() as folder:
        open_instance(settings).dispose()
        with _Processes(settings, folder) as processes:
            processes.start_code_server()
            processes.start(
                "daemon", "dagster._daemon", "run", "-w", str(processes.workspace), "--log-level", "warning"
            )
            web = ("pact_pipeline.orchestration.ui.web", str(listening.fileno()), str(port), str(processes.workspace))
            processes.start("web server", *web, sockets=(listening.fileno(),))
            note = _note(settings)
            write_text_whole(note, f"{port}\n", mode=0o600)
            stack.callback(note.unlink, missing_ok=True)
            tell("The Dagster UI, for you alone (the link holds for ten minutes and one use; another: pact ui link):")
            tell(link(settings))
            tell("Ctrl-C ends it.")
            while not ended.wait(0.5):
                if name := processes.gone():
                    raise PactFailure(
                        "UI-002",
                        f"the {name} of the UI ended by itself",
                        where=str(settings.dagster_home),
                        mend="see what it printed above, mend that and start again.",
                    )


def link(settings: Settings) -> str:
    """A link by which the person who runs this comes into the UI that is open. Raises PactFailure UI-004 where none is."""
    try:
        port = int(_note(settings).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        port = 0
    if not port:
        raise PactFailure("UI-004", "no UI of this home is open", mend="open it: pact ui.")
    return address(port, mint(settings))


def address(port: int, token: str) -> str:
    """What a person opens to come in."""
    return f"http://{HOST}:{port}{ENTER}{token}"


def _note(settings: Settings) -> Path:
    """Where the port of the UI that is open stands."""
    return restricted_folder(settings.dagster_home / "ui") / "port"


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    problem = ""
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        problem = getattr(error, "strerror", None) or "there is no such port"
        listening.close()
    if problem:
        raise PactFailure(
            "UI-001",
            f"port {port} of this machine can't be had ({problem})",
            mend="another UI may be open on it: end that, or choose another port: pact ui --port 3001.",
        )
    return listening


class _Processes:
    """The processes of a UI. Each leads a group of its own and ends when this process ends."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._socket = settings, folder / "code.sock"
        self.workspace = folder / "workspace.yaml"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._pipe, self._held = os.pipe()

    def __enter__(self) -> "_Processes":
        return self

    def __exit__(self, *_: object) -> None:
        threads = [threading.Thread(target=end_group, args=(one.pid,)) for one in self._running.values()]
        for thread in threads:
            thread.start()
        # Reaped while they end: a group with a dead leader that nobody asks about would count as there.
        for one in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                one.wait(15)
        for thread in threads:
            thread.join()
        os.close(self._held)
        os.close(self._pipe)

    def start(self, name: str, module: str, *arguments: str, sockets: tuple[int, ...] = ()) -> None:
        kept = [sys.executable, "-m", "pact_pipeline.orchestration.ui.kept", str(self._pipe), module, *arguments]
        environment = {**os.environ, "DAGSTER_HOME": str(self._settings.dagster_home), "PYTHONWARNINGS": "ignore"}
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own command
            kept, env=environment, pass_fds=(self._pipe, *sockets), start_new_session=True, stdin=subprocess.DEVNULL
        )

    def start_code_server(self) -> None:
        """Start the code server and wait until it answers."""
        from dagster._grpc.client import DagsterGrpcClient

        self.workspace.write_text(
            f"load_from:\n  - grpc_server: {{socket: {self._socket}, location_name: {LOCATION}}}\n", encoding="utf-8"
        )
        arguments = ("--socket", str(self._socket), "--location-name", LOCATION, "-m", MODULE, "--log-level", "warning")
        self.start("code server", "dagster", "code-server", "start", *arguments, "--inject-env-vars-from-instance")
        client = DagsterGrpcClient(socket=str(self._socket))
        deadline = time.monotonic() + LONGEST_START
        while True:
            try:
                client.ping("")
                return
            except Exception as error:
                if self.gone() or time.monotonic() > deadline:
                    raise PactFailure(
                        "UI-003",
                        f"the pipeline's code could not be loaded ({type(error).__name__})",
                        mend="run: pact check-contracts. It names a broken contract or mapping.",
                    ) from None
            time.sleep(0.2)

    def gone(self) -> str | None:
        """The name of a process that has ended."""
        return next((name for name, process in self._running.items() if process.poll() is not None), None)


@contextmanager
def _ended() -> Iterator[threading.Event]:
    """Set when a signal says so, or when whoever started us is gone."""
    ended = threading.Event()
    nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    former = {one: signal.signal(one, lambda *_: ended.set()) for one in ENDS if one != signal.SIGHUP or not nohup}
    parent = os.getppid()

    def watch() -> None:
        while not ended.wait(1):
            if os.getppid() != parent:
                ended.set()

    if not nohup and parent > 1:
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield ended
    finally:
        ended.set()
        for one, handler in former.items():
            signal.signal(one, handler)


@contextmanager
def _warehouse_as_it_was(settings: Settings) -> Iterator[None]:
    """The embedded warehouse stays up if it was up, and is stopped if the UI was the one to start it."""
    server = None if settings.warehouse_url else embedded_server(settings)
    was_up = server is None or server.running()
    try:
        yield
    finally:
        if server is not None and not was_up:
            server.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    """A closed folder for the code server's socket, whose path must be short."""
    folder = Path(tempfile.mkdtemp(prefix="pact-ui-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
