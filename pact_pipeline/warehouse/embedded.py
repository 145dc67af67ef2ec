"""The embedded PostgreSQL: one server a home, made, started and stopped by us (architecture#the-warehouse).

Closed from the first moment: it listens on a Unix socket only, in a folder of mode 0700; every role logs in by
scram-sha-256 with a password of its own; the passwords lie in a file of mode 0600; the server's log holds no statement
and no value. PostgreSQL refuses to run as root, so root starts it as a system user of its own (`server_location.server_account`).
No folder that was there before changes its mode or owner: where that user can't reach the home or the programs, the
data lie in a folder outside that bears the home's id, and `status()` says so. Nothing here remembers an absolute path:
where the data lie is looked up each time, so that a home can be moved, and its copy is a server of its own.

Not here: engines and roles' rights (`connect`, `publish`), PostgreSQL's programs (`binaries`), whose home it is (`home`).
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import secrets
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from pact_pipeline.disk import disk_failure, flush_folder, flush_tree, write_text_whole
from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.settings import closed_to_others
from pact_pipeline.warehouse import binaries, logins, safeguards
from pact_pipeline.warehouse.safeguards import NOTIFY_PAGES, RESERVED_CONNECTIONS
from pact_pipeline.warehouse.server_location import (
    ServerLocation,
    hand_over,
    make_private,
    pid_file,
    reaches,
    run,
    server_account,
    serves,
    user_name,
    write_as_server,
)

log = logging.getLogger(__name__)

ADMIN = "pact_admin"
"""The server's superuser. Only this module uses it."""
LOGINS = {"owner": "pact_owner", "analyst": "pact_analyst"}
"""The roles of whoever runs the home, and the names he logs in by. Other people have logins of their own (`logins`)."""
DATABASE = "pact"

_SOCKET_FILE = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 103  # bytes: Linux allows 107, macOS 103
_SECURED = "pact-safeguards"  # in the data folder
_LOG_LIMIT = 10_000_000  # bytes: beyond it the log is put aside when the server starts
_PATIENCE = 60.0  # seconds to wait for another start or stop to end

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "reserved_connections": str(RESERVED_CONNECTIONS),
    "max_notify_queue_pages": str(NOTIFY_PAGES),
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
    programs: binaries.Programs
    """Those it runs with, or would be started with."""
    os_user: str
    pid: int | None
    notes: tuple[str, ...]
    """Where the server does not live where one would look for it, and why."""


class EmbeddedPostgres:
    """The server that belongs to `folder`. Safe for several processes: a file lock lets one of them start it.

    `home_id` names the folder outside, should the data have to lie there.
    """

    def __init__(self, folder: Path, home_id: str = "") -> None:
        self.folder, self.home_id = folder.resolve(), home_id

    def start(self) -> None:
        """Start the server, making it first if need be; return when it takes logins. Harmless when it runs.

        Raises WarehouseUnavailable when it can't be made, reached or started.
        """
        if self.running() and self._secured():
            return
        with self._alone():
            if not self.running():
                with self._alone_on_the_data() as held:
                    self._start(held)
            if not self._secured():
                self._secure()

    def _start(self, held: int) -> None:
        location = self._resolve_location()
        if not location.data.exists():
            self._initialise(location)
        socket_folder = self._make_socket_folder(location)
        crashed = self._clear_crash(location, socket_folder)
        if location.log.exists() and location.log.stat().st_size > _LOG_LIMIT:
            location.log.replace(location.log.with_suffix(".log.1"))
        settings = {**SERVER_SETTINGS, "unix_socket_directories": str(socket_folder)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        arguments = ["start", "-D", str(location.data), "-l", str(location.log), "-w", "-s", "-t", "60", "-o", options]
        for _ in range(20 if crashed else 1):
            if run(location, "pg_ctl", arguments, keeps=[held]).returncode == 0:
                break
            time.sleep(0.25)  # children of the server that crashed may still be ending
        if not self.running():
            raise WarehouseUnavailable(
                "WH-002",
                "The embedded PostgreSQL did not start.",
                where=str(location.log),
                mend="read the last lines of that log, or set PACT_WAREHOUSE_URL to another server",
            )

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, what was committed stays. Harmless when it is stopped.

        Only a server on these very data is stopped: the pid file of a copied home names the original's.
        """
        if not self.folder.exists():
            return
        with self._alone():
            self._stop()
            if self._find_location() is not None:
                with self._alone_on_the_data():
                    pass  # nobody else's runs either: a container that shares the folder sees no process of another

    def _stop(self) -> None:
        location = self._find_location()
        if location is None:
            return
        deadline = time.monotonic() + _PATIENCE
        asked = False
        while (lines := pid_file(location)) and serves(int(lines[0]), location.data):
            if not asked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(lines[0]), signal.SIGINT)  # PostgreSQL's word for a fast shutdown
                asked = True
            if time.monotonic() > deadline:
                raise WarehouseUnavailable(
                    "WH-003", "The embedded PostgreSQL did not stop.", where=str(location.log), mend="try again"
                )
            time.sleep(0.02)

    def destroy(self) -> list[Path]:
        """Stop the server and remove it with all its data, wherever they lie; what was removed. Nothing of another home's:
        a folder outside is found by this home's id alone."""
        if not self.folder.exists():
            return []
        with self._alone():
            location = self._find_location()
            lies = [self.folder]
            if location is not None:
                self._stop()
                with self._alone_on_the_data():
                    pass  # as in `stop`
                lies = [self._socket_folder(location), location.copied_programs, location.service, self.folder]
            gone = [path for path in lies if path.exists()]
            for path in gone:
                shutil.rmtree(path)
        return gone

    def running(self) -> bool:
        """Whether the server takes connections."""
        location = self._find_location()
        if location is None:
            return False
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
            try:
                probe.connect(str(self._socket_folder(location) / _SOCKET_FILE))
            except OSError:
                return False
        # The socket opens before recovery ends; the last line of the pid file tells when logins are taken.
        lines = pid_file(location)
        return len(lines) > 7 and lines[7].strip() == "ready"

    def made(self) -> bool:
        """Whether there are data, here or outside."""
        location = self._find_location()
        return location is not None and location.data.exists()

    def status(self) -> ServerStatus:
        """Where the server lives, whether it runs, and by which programs. Starts and changes nothing."""
        location = self._find_location() or self._choose(make=False)
        running = self.running()
        lines = pid_file(location) if running else []
        programs = binaries.running(int(lines[0])) if lines else None
        programs = programs or self._programs(location, copies=False)
        return ServerStatus(
            running=running,
            initialised=location.data.exists(),
            folder=self.folder,
            service_folder=location.service,
            socket_folder=self._socket_folder(location),
            log=location.log,
            programs=programs,
            os_user=user_name(location.uid),
            pid=int(lines[0]) if lines else None,
            notes=self._notes(location, programs),
        )

    def url(self, role: str = "owner", database: str = DATABASE) -> URL:
        """Where and how to log in as `role` (owner or analyst), with its password. The server need not run."""
        if role not in LOGINS:
            raise WarehouseUnavailable("WH-004", f"There is no role '{role}'.", mend="use owner or analyst")
        location = self._find_location()
        if location is None:
            raise WarehouseUnavailable("WH-005", "There is no embedded warehouse yet.", mend="pact warehouse start")
        return URL.create(
            "postgresql+psycopg",
            username=LOGINS[role],
            password=self._passwords()[role],
            database=database,
            # Whoever answers must prove that he knows the password, and is never told it.
            query={"host": str(self._socket_folder(location)), "require_auth": "scram-sha-256"},
        )

    # --- where it lives

    def _find_location(self, *, make: bool = False) -> ServerLocation | None:
        """Where the server lives, or None before it was made: in our folder, or outside in one that bears the home's id.
        `make`: also the system user that it runs as, where there is none."""
        if not self.folder.exists():
            return None
        if os.geteuid() not in (0, self.folder.stat().st_uid):
            raise WarehouseUnavailable(
                "WH-006", "This warehouse belongs to another user.", where=str(self.folder), mend="run as its owner"
            )
        inside = self.folder / "server"
        found = self._outside() or (inside if inside.exists() else None)
        return ServerLocation(found, server_account(self.folder, make=make)) if found else None

    def _outside(self) -> Path | None:
        """The folder outside root's home that bears its id, if there is one: a folder that somebody else made isn't."""
        if not self.home_id or os.geteuid() != 0:
            return None
        owners = {0, (server_account(self.folder, make=False) or (0, 0))[0]}
        for parent in _parents_outside():
            folder = parent / self._name_outside()
            try:
                found = folder.lstat()
            except OSError:
                continue
            if stat.S_ISDIR(found.st_mode) and found.st_uid in owners and not stat.S_IMODE(found.st_mode) & 0o077:
                return folder
        return None

    def _name_outside(self) -> str:
        return f"pact-warehouse-{self.home_id}"

    def _choose(self, *, make: bool = True) -> ServerLocation:
        """Where a server not made yet is to live: in our folder if its OS user can reach that, else outside."""
        account = server_account(self.folder, make=make)
        nearest = next(folder for folder in (self.folder, *self.folder.parents) if folder.exists())
        if account is None or account[0] < 0 or reaches(account, nearest, "-d"):
            return ServerLocation(self.folder / "server", account)
        return ServerLocation(self._choose_outside(account), account)

    def _choose_outside(self, account: tuple[int, int]) -> Path:
        """A folder outside that `account` reaches, and that bears the home's id."""
        if not self.home_id:
            raise WarehouseUnavailable(
                "WH-019",
                f"{user_name(account[0])} can't reach this folder, and nobody said which home it belongs to.",
                where=str(self.folder),
                mend="make a home (pact init), or open the folders above it to that user (mode 0711 is enough)",
            )
        # What belongs to a home under the temporary folder stays there; the rest goes where a restart of the machine keeps it.
        parents = _parents_outside()
        temporary = parents[-1]
        if self.folder.is_relative_to(temporary):
            parents = [temporary]
        for parent in parents:
            if os.access(parent, os.W_OK) and reaches(account, parent, "-d"):
                return parent / self._name_outside()
        raise WarehouseUnavailable(
            "WH-007",
            "There is no folder that the server's user can reach.",
            where=str(self.folder),
            mend="put PACT_HOME where that user can reach it, set PACT_WAREHOUSE_OS_USER, or set PACT_WAREHOUSE_URL",
        )

    def _bring_outside(self, location: ServerLocation, account: tuple[int, int]) -> ServerLocation:
        """Bring data out of a home that was moved to where the server's user can't follow. What has its name outside is whole;
        from then on it is what is used."""
        outside = self._choose_outside(account)
        shutil.rmtree(location.service / "run", ignore_errors=True)
        try:
            location.service.rename(outside)
        except OSError:  # another file system
            part = outside.with_name(f"{outside.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            with closed_to_others():
                shutil.copytree(location.service, part, symlinks=True)
            flush_tree(part)
            part.rename(outside)
            flush_folder(outside.parent)
            shutil.rmtree(location.service)
        log.warning("The server's user can't reach the home where it lies now: its data were brought to %s.", outside)
        return replace(location, service=outside)

    def _notes(self, location: ServerLocation, programs: binaries.Programs) -> tuple[str, ...]:
        """Where something does not lie where one would look for it, and why."""
        notes = []
        user = user_name(location.uid)
        if not location.service.is_relative_to(self.folder):
            notes.append(f"{user} can't reach {self.folder}, so the data lie in {location.service}.")
        if programs.folder.is_relative_to(location.copied_programs):
            notes.append(f"{user} can't reach PostgreSQL's programs, so a copy lies in {location.copied_programs}.")
        return tuple(notes)

    def _resolve_location(self) -> ServerLocation:
        """The server's place with its programs, made where it is missing, and given to its user."""
        location = self._find_location(make=True) or self._choose()
        inside = self.folder / "server"
        if location.account and location.service == inside and not reaches(location.account, self.folder, "-d"):
            location = self._bring_outside(location, location.account)
        elif location.service != inside and inside.exists():
            log.warning(
                "Data lie in %s too, and are not used: those in %s are. Take them away.", inside, location.service
            )
        if not location.service.exists():
            make_private(location.service, location.account)
        hand_over(location)
        make_private(location.service, location.account)
        if location.account and not reaches(location.account, location.service, "-d"):
            raise WarehouseUnavailable(
                "WH-008",
                f"The server's user {user_name(location.uid)} can't reach the data any more.",
                where=str(location.service),
                mend="open the folders above it again for that user (mode 0711 is enough)",
            )
        return replace(location, programs=self._programs(location, copies=True).folder)

    def _programs(self, location: ServerLocation, *, copies: bool) -> binaries.Programs:
        """The programs for these data; with `copies` brought to where the server's user reaches them."""
        made_by = location.data / "PG_VERSION"
        programs = binaries.newest(int(made_by.read_text(encoding="ascii")) if made_by.exists() else None)
        account = location.account
        if account is None or account[0] < 0 or reaches(account, programs.folder / "bin" / "postgres", "-x"):
            return programs
        if not copies:
            copy = binaries.copied(location.copied_programs, programs)
            return copy if copy.folder.exists() else programs
        make_private(location.copied_programs, None, 0o755)
        return binaries.copy_to(location.copied_programs, programs)

    def _socket_folder(self, location: ServerLocation) -> Path:
        """The folder of the socket: beside the data, or a short one, as a socket's path may have some 100 bytes."""
        beside = location.service / "run"
        if len(os.fsencode(beside / _SOCKET_FILE)) <= _SOCKET_PATH_LIMIT:
            return beside
        digest = hashlib.sha256(os.fsencode(location.service)).hexdigest()[:16]
        return Path("/tmp").resolve() / f"pact-socket-{digest}"  # noqa: S108 (made 0700 and its owner checked)

    def _make_socket_folder(self, location: ServerLocation) -> Path:
        folder = self._socket_folder(location)
        if folder.is_relative_to(location.service):  # the server's own folder, where root must make and give nothing
            run(location, "/bin/mkdir", ["-p", "-m", "700", str(folder)])
        make_private(folder, location.account)
        return folder

    # --- making it

    def _initialise(self, location: ServerLocation) -> None:
        """Make the data folder with roles and database: under another name, then renamed, so it is whole or absent."""
        passwords = self._make_passwords()
        part, password_file = location.service / "data.part", location.service / "password.part"
        run(location, "/bin/rm", ["-rf", str(part)])
        try:
            write_as_server(location, password_file, passwords["admin"])
            arguments = [f"--pgdata={part}", f"--username={ADMIN}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
            arguments += [
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ]
            made = run(location, "initdb", [*arguments, "--locale=C"])
        finally:
            run(location, "/bin/rm", ["-f", str(password_file)])
        if made.returncode == 0:
            write_as_server(location, part / "pg_hba.conf", _LOGIN_RULES)
            statements = (
                f"CREATE ROLE {LOGINS['owner']} LOGIN CREATEDB CREATEROLE PASSWORD '{passwords['owner']}'",
                f"CREATE ROLE {logins.READERS} NOLOGIN",
                *closed_database(DATABASE),
            )
            # In single-user mode nothing listens yet, and a statement ends with its line.
            single = ["--single", "-D", str(part), "-c", "log_min_messages=log", "postgres"]
            made = run(location, "postgres", single, text="\n".join(statements) + "\n")
            if made.returncode == 0 and "ERROR" not in made.stderr:
                run(location, "/bin/mv", [str(part), str(location.data)])
                return
        raise WarehouseUnavailable(
            "WH-009",
            "The embedded PostgreSQL could not be made.",
            where=str(location.service),
            mend="see that the disk has room and that the folder can be written, then start again",
        )

    def _clear_crash(self, location: ServerLocation, socket_folder: Path) -> bool:
        """Clear up after a server that crashed; tell whether one did. A server that is just stopping is waited for.

        PostgreSQL starts over a dead server's pid file, but not if that number is a process again, nor if the dead one
        was never collected by its parent (a container without init). So the file gets the number of a process that has
        just ended. It is not deleted: by its other lines PostgreSQL sees whether the old server's children still write.
        """
        deadline = time.monotonic() + _PATIENCE
        while lines := pid_file(location):
            if not serves(int(lines[0]), location.data):
                with subprocess.Popen(["/bin/sh", "-c", ":"]) as ended:
                    pass
                write_as_server(location, location.data / "postmaster.pid", "\n".join([str(ended.pid), *lines[1:], ""]))
                run(location, "/bin/rm", ["-f", f"{socket_folder / _SOCKET_FILE}.lock"])
                return True
            if time.monotonic() > deadline:
                raise WarehouseUnavailable(
                    "WH-011",
                    "A PostgreSQL on these data runs but takes no connection.",
                    where=str(location.log),
                    mend=f"wait, or end process {lines[0].strip()}",
                )
            time.sleep(0.05)
        return False

    def _secured(self) -> bool:
        """Whether the data were brought to this version's safeguards: noted in their folder, so that it goes with them."""
        location = self._find_location()
        try:
            return (
                location is not None and (location.data / _SECURED).read_text(encoding="ascii") == safeguards.version()
            )
        except OSError:
            return False

    def _secure(self) -> None:
        """Bring the running server to the safeguards of this version, also data that an earlier one made."""
        location = self._find_location()
        assert location is not None, "it runs"
        owner, admin = self.url(), self.url().set(username=ADMIN, password=self._passwords()["admin"])
        try:
            with _connected(admin) as connection:
                safeguards.secure(connection, LOGINS["owner"])
            with _connected(owner) as connection:
                self.provide_analyst(connection)
        except DBAPIError as failure:
            raise WarehouseUnavailable(
                "WH-029",
                f"The embedded PostgreSQL could not be secured ({type(failure.orig).__name__}).",
                where=str(location.log),
                mend="see that the disk has room, then start it again: pact warehouse start",
            ) from None
        write_as_server(location, location.data / _SECURED, safeguards.version())

    def provide_analyst(self, connection: Connection) -> None:
        """See that the analyst's login is there and takes the password that is kept here, whoever changed it meanwhile.
        `connection`: the owner's."""
        logins.provide(connection, LOGINS["analyst"], self._passwords()["analyst"])

    # --- passwords and lock

    def _make_passwords(self) -> dict[str, str]:
        path = self.folder / "passwords.json"
        if not path.exists():
            write_text_whole(path, json.dumps({name: secrets.token_hex(24) for name in ("admin", *LOGINS)}), mode=0o600)
        return self._passwords()

    def _passwords(self) -> dict[str, str]:
        path = self.folder / "passwords.json"
        known: object = None
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            pass  # told below, without what stands there
        if not isinstance(known, dict) or not {"admin", *LOGINS} <= set(known):
            raise WarehouseUnavailable(
                "WH-012",
                "The warehouse's passwords can't be read.",
                where=str(path),
                mend="run as the user who made the warehouse; put the file back from a copy if it is lost or damaged",
            )
        return {str(name): str(password) for name, password in known.items()}

    @contextlib.contextmanager
    def _alone_on_the_data(self) -> Iterator[int]:
        """Hold the lock that a running server holds too, by inheriting the open file that is given here.

        A pid file says nothing to another container or machine that shares the folder; a lock on a file does.
        """
        held = self._open_ours("held")
        try:
            if not _locked(held, self._end_what_was_moved):
                host = os.pread(held, 200, 0).decode(errors="replace").strip() or "another machine"
                raise WarehouseUnavailable(
                    "WH-024",
                    f"A PostgreSQL on these data runs already and can't be reached from here: started on {host}.",
                    where=str(self.folder),
                    mend="stop it there (pact warehouse stop), or wait until it has ended",
                )
            os.ftruncate(held, 0)
            os.pwrite(held, socket.gethostname().encode(), 0)
            yield held
        finally:
            os.close(held)

    def _end_what_was_moved(self) -> None:
        """End a server on these data whose socket is not where we look for it: the home was moved while it ran."""
        location = self._find_location()
        lines = pid_file(location) if location else []
        if location and lines and serves(int(lines[0]), location.data) and not self.running():
            opened = lines[4].strip() if len(lines) > 4 else ""
            if opened != str(self._socket_folder(location)):
                self._stop()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock that lets one process at a time make, start or stop the server."""
        try:
            self.folder.mkdir()
            self.folder.chmod(0o711)  # the server's user passes through to its own folder and sees nothing else
        except FileExistsError:
            pass
        except OSError as problem:
            raise WarehouseUnavailable(
                "WH-023",
                f"The warehouse's folder can't be made ({problem.strerror}).",
                where=str(self.folder),
                mend="see that PACT_HOME names a home that can be written to",
            ) from None
        lock = self._open_ours("lock")
        try:
            if not _locked(lock):
                raise WarehouseUnavailable(
                    "WH-013", "Another start or stop does not end.", where=str(self.folder), mend="try again"
                )
            yield
        finally:
            os.close(lock)

    def _open_ours(self, name: str) -> int:
        """Open a file of ours to lock it; a link that somebody laid in its place is not followed."""
        try:
            return os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except PermissionError:
            raise WarehouseUnavailable(
                "WH-006", "This warehouse belongs to another user.", where=str(self.folder), mend="run as its owner"
            ) from None
        except OSError as error:
            raise disk_failure(error, "opening the warehouse", self.folder / name) from None


@contextlib.contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        yield connection


def _locked(file: int, meanwhile: Callable[[], None] = lambda: None) -> bool:
    """Wait for the lock of an open file, doing `meanwhile` between tries; False if whoever holds it keeps it too long."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            meanwhile()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)


def _parents_outside() -> list[Path]:
    """Where a folder outside of a home can lie; the temporary folder last, whatever TMPDIR says today."""
    return [Path("/var/lib"), Path("/var/tmp"), Path("/tmp").resolve()]  # noqa: S108 (made 0700, its owner asked)


def closed_database(name: str) -> tuple[str, ...]:
    """The statements that make a database of the owner's, which only the owner and analysts may enter."""
    return (
        f"CREATE DATABASE {name} OWNER {LOGINS['owner']} TEMPLATE template0",
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {logins.READERS}",
    )
