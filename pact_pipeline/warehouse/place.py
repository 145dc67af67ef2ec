"""Where the server lives, and how things are done there as its user of the operating system.

Root must not write or run anything in a folder that belongs to another user: a link could lie there. So programs run,
and files are written, as that user. Not here: which programs and when (`embedded`).
"""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pact_pipeline.failures import WarehouseUnavailable


@dataclass(frozen=True)
class Place:
    """Where the server lives and whose it is. `account` is None when it runs as ourselves."""

    service: Path
    account: tuple[int, int] | None
    programs: Path
    notes: tuple[str, ...]

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


def unprivileged_account() -> tuple[int, int] | None:
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


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


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
    place: Place, program: str, arguments: Sequence[str], text: str | None = None
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


def write_as_server(place: Place, path: Path, text: str) -> None:
    """Write a file as the server's user: root must not write where that user could have laid a link."""
    if run(place, "/bin/sh", ["-c", 'cat > "$1"', "sh", str(path)], text=text).returncode:
        raise WarehouseUnavailable("WH-016", "A file of the warehouse can't be written.", where=str(path))


def write_closed(path: Path, text: str) -> None:
    """Write a file only we can read, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    part.replace(path)


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


def pid_file(place: Place) -> list[str]:
    """The lines of the server's pid file: pid, data folder, start, port, socket folder, address, memory, state."""
    try:
        lines = (place.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
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
