"""Where the server lives, and how things are done there as its user of the operating system.

Root must not write or run anything in a folder that belongs to another user: a link could lie there. So programs run,
and files are written, as that user. Not here: which programs and when (`embedded`).
"""

import logging
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pact_pipeline.failures import WarehouseUnavailable

SERVER_USER = "pact-warehouse"
"""The system user that root's server runs as."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServerLocation:
    """Where the server lives and whose it is. `account` is None when it runs as ourselves; `programs` are PostgreSQL's
    (see `binaries`), found when they are needed."""

    service: Path
    account: tuple[int, int] | None
    programs: Path | None = None

    @property
    def data(self) -> Path:
        return self.service / "data"

    @property
    def copied_programs(self) -> Path:
        """Where a copy of PostgreSQL's programs lies when they are needed: ours, so that the server can't change it."""
        return self.service.with_name(f"{self.service.name}-programs")

    @property
    def log(self) -> Path:
        return self.service / "server.log"

    @property
    def uid(self) -> int:
        return self.account[0] if self.account else os.geteuid()


def server_account(folder: Path, *, make: bool = True) -> tuple[int, int] | None:
    """The OS user and group the server of a warehouse's folder is to run as: None (ourselves) unless we are root.

    Root's server runs as a system user of its own, made when it is missing (not with `make` False: then as (-1, -1));
    in the folder of somebody else it runs as that user. Never as `nobody`, whom other programs run as too: they could
    edit the rules of who may log in. Raises WarehouseUnavailable WH-014 or WH-018 where there is no such user.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder.exists() else 0
    if owner:
        try:
            return owner, pwd.getpwuid(owner).pw_gid
        except KeyError:
            pass  # a home that came from another machine: its files are root's to give
    chosen = os.environ.get("PACT_WAREHOUSE_OS_USER")
    name = chosen or SERVER_USER
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        if chosen:
            raise WarehouseUnavailable(
                "WH-014",
                f"PACT_WAREHOUSE_OS_USER names '{name}', which is no user of this machine.",
                mend=f"run: {' '.join(_useradd(name))}",
            ) from None
        if not make:
            return -1, -1
        entry = _made_user(name)
    if entry.pw_uid == 0 or name == "nobody":
        raise WarehouseUnavailable(
            "WH-014",
            f"PostgreSQL can't run as '{name}': root it refuses, and as nobody other programs run too.",
            mend="leave PACT_WAREHOUSE_OS_USER out, or name a user that is only for this",
        )
    return entry.pw_uid, entry.pw_gid


def _useradd(name: str) -> list[str]:
    return ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]


def _made_user(name: str) -> pwd.struct_passwd:
    """A system user of our own. Two starts at once make one."""
    command = _useradd(name)
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is not None:
        subprocess.run([program, *command[1:]], capture_output=True, check=False)  # noqa: S603
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise WarehouseUnavailable(
            "WH-018",
            f"PostgreSQL does not run as root, and the system user '{name}' could not be made for it.",
            mend=f"run: {' '.join(command)} (or make a user and name it in PACT_WAREHOUSE_OS_USER)",
        ) from None
    log.warning("The system user %s was made: PostgreSQL runs as it, as it does not run as root.", name)
    return entry


def user_name(uid: int) -> str:
    if uid < 0:
        return f"{SERVER_USER} (made at the first start)"
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}, which has no name on this machine"


def _as(account: tuple[int, int] | None) -> dict[str, Any]:
    """How subprocess runs a program as `account`, with no group of ours left."""
    return {"user": account[0], "group": account[1], "extra_groups": []} if account else {}


def reaches(account: tuple[int, int], path: Path, test: str) -> bool:
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


def run(
    location: ServerLocation,
    program: str,
    arguments: Sequence[str],
    text: str | None = None,
    *,
    keeps: Sequence[int] = (),
) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs (or one named by its full path) as the server's user, without our environment.

    Output goes to files: a server started by the program would keep a pipe open for ever. It inherits the open files
    `keeps`, and so does a server that it starts.
    """
    command = [program if location.programs is None else str(location.programs / "bin" / program), *arguments]
    if program.startswith("/"):
        command[0] = program
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
                cwd=location.service,
                env=environment,
                umask=0o077,
                check=False,
                pass_fds=tuple(keeps),
                **_as(location.account),
            )
        except OSError as failure:
            raise WarehouseUnavailable(
                "WH-015", f"{Path(command[0]).name} can't be run: {failure.strerror}.", where=command[0]
            ) from None
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def write_as_server(location: ServerLocation, path: Path, text: str) -> None:
    """Write a file as the server's user: root must not write where that user could have laid a link."""
    if run(location, "/bin/sh", ["-c", 'cat > "$1"', "sh", str(path)], text=text).returncode:
        raise WarehouseUnavailable("WH-016", "A file of the warehouse can't be written.", where=str(path))


def make_private(folder: Path, account: tuple[int, int] | None, mode: int = 0o700) -> None:
    """Make `folder` for `account` (None: ourselves); refuse one that is there but somebody else's or more open."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        folder.chmod(mode)
        if account:
            os.chown(folder, *account)
    found = folder.lstat()
    owner = account[0] if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & ~mode:
        raise WarehouseUnavailable(
            "WH-017",
            "A folder that the warehouse needs is there already, and is not its own.",
            where=str(folder),
            mend="see whose it is and take it away",
        )


def hand_over(location: ServerLocation) -> None:
    """Give all that lies in the server's folder to its user: a copy made by root is root's, and one that came from another
    machine belongs to a number that means somebody else here. The server must not run. Only root can do this."""
    if location.account is None or not location.data.exists():
        return
    owner = location.data.lstat().st_uid
    if owner == location.account[0] and location.service.lstat().st_uid == owner:
        return
    os.chown(location.service, 0, 0)
    location.service.chmod(0o700)  # from here on nobody else can lay a link in it
    for folder, folders, files in os.walk(location.service):
        for name in folders + files:
            os.chown(Path(folder, name), *location.account, follow_symlinks=False)
    os.chown(location.service, *location.account)
    log.warning(
        "The warehouse's data belonged to %s; they belong to %s now.", user_name(owner), user_name(location.uid)
    )


def pid_file(location: ServerLocation) -> list[str]:
    """The lines of the server's pid file: pid, data folder, start, port, socket folder, address, memory, state."""
    try:
        lines = (location.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def command_line(pid: int) -> str:
    """How the process `pid` was started; empty if there is none."""
    asked = ["ps", "-ww", "-p", str(pid), "-o", "command="]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    except FileNotFoundError:  # no ps: a slim container, which has /proc
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""


def serves(pid: int, data: Path) -> bool:
    """Whether the process `pid` is a server on the data in this folder. The number in a pid file may be another process's
    by now, and in the pid file of a copied folder it is that of the original's server."""
    works_in = Path(f"/proc/{pid}/cwd")
    try:
        # A server works in its data folder, also after somebody moved that.
        return works_in.samefile(data) and "postgres" in command_line(pid)
    except OSError:
        return not Path("/proc/self").exists() and f" {data}" in f" {command_line(pid)} "
