"""Making a home, and opening one: is this folder the home it says it is?

The note tells where the home lay. Lies it elsewhere now, then the folder was moved (nothing is there any more: it is taken
over), or copied (the original is there still). A copy with the database's files in it becomes a home of its own. One whose
data lie outside of it, or on a server, would read and write the original's: it is refused whatever one asks of it.
"""

import hashlib
import json
import logging
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pact_pipeline.disk import alone_in, told_as_disk
from pact_pipeline.failures import PactFailure
from pact_pipeline.home.note import NOTE, Home, Warehouse, Whereabouts, read_note, write_note
from pact_pipeline.settings import Settings

ID_BYTES = 8
# What may lie in a folder before it is made a home: what a person puts there beforehand.
_BEFOREHAND = frozenset({"keys", "arrivals", "truth", "dagster", "lost+found"})
# By these a home is known that was made before homes had a note.
_OF_A_HOME = ("warehouse/passwords.json", "lake/restricted", "last_month")
_FORMER_PLACE = "place.json"
log = logging.getLogger(__name__)


def make_home(settings: Settings) -> Home:
    """Make `settings.home` a home; harmless where it is one. Raises PactFailure HOME-003 where it can't be, HOME-005 where
    other things lie in that folder."""
    folder = settings.home
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in folder.iterdir()}
    except OSError as problem:
        raise PactFailure(
            "HOME-003",
            f"a home can't be made here ({problem.strerror})",
            where=str(folder),
            mend="set PACT_HOME to a folder that you may write to, or that you may make.",
        ) from None
    if NOTE in there or _is_former(folder):
        return open_home(settings)
    if any(name not in _BEFOREHAND and not name.startswith(".") for name in there):
        raise PactFailure(
            "HOME-005",
            "this folder is not a home, and it is not empty, so that none is made of it",
            where=str(folder),
            mend="set PACT_HOME to a new folder, or to an empty one.",
        )
    with _alone(folder):
        if (known := read_note(folder)) is not None:
            return known
        home = Home(secrets.token_hex(ID_BYTES), (Whereabouts.of(folder),))
        write_note(folder, home)
    return home


def open_if_there(settings: Settings) -> Home | None:
    """The home, if there is one: for commands that need none, and must refuse all the same in a copy that can't be used."""
    if read_note(settings.home) is None and not _is_former(settings.home):
        return None
    return open_home(settings)


def open_home(settings: Settings) -> Home:
    """The home at `settings.home`, which is taken over where it was moved, and made a home of its own where it is a copy.

    Raises PactFailure HOME-002 where there is none, HOME-010 for a copy that would use the original's data, HOME-011 for a
    home of an earlier version that can't be told from a copy, HOME-013 on a machine that was not joined.
    """
    folder = settings.home
    home = read_note(folder)
    if home is None and not _is_former(folder):
        raise PactFailure(
            "HOME-002",
            "there is no home here",
            where=str(folder),
            mend="set PACT_HOME to the folder where your home lies, or make one there: pact init.",
        )
    here = Whereabouts.of(folder)
    if home is not None and here in home.at:
        return home
    with _alone(folder):
        home = read_note(folder)  # another process may have been first
        if home is None:
            home = _former(folder, here)
        elif here not in home.at:
            home = _found_elsewhere(settings, home, here)
        write_note(folder, home)
        (folder / "warehouse" / _FORMER_PLACE).unlink(missing_ok=True)
    return home


def join_home(settings: Settings, *, only: bool = False) -> Home:
    """Register this machine as one where the home lies too, or (`only`) as the only one. For a person who knows that it is the
    same folder, or that the machine where it lay is gone. Raises PactFailure HOME-002 where there is no home, HOME-010 for a
    copy on this machine."""
    folder = settings.home
    home = read_note(folder)
    if home is None or _of_this_machine(home):
        home = open_home(settings)  # as any command finds it
    here = Whereabouts.of(folder)
    with _alone(folder):
        home = read_note(folder) or home
        home = replace(home, at=(here,) if only else tuple(dict.fromkeys((*home.at, here))))
        write_note(folder, home)
    return home


def set_warehouse(settings: Settings, home: Home, warehouse: Warehouse) -> Home:
    """Note which kind of warehouse the home has, and that its database bears the home's own id by now."""
    if (home.warehouse, home.formerly) == (warehouse, ()):
        return home
    with _alone(settings.home):
        home = replace(read_note(settings.home) or home, warehouse=warehouse, formerly=())
        write_note(settings.home, home)
    return home


def _of_this_machine(home: Home) -> list[Whereabouts]:
    return [one for one in home.at if one.host == socket.gethostname()]


def _found_elsewhere(settings: Settings, home: Home, here: Whereabouts) -> Home:
    """What a home is that does not lie where its note says."""
    ours = _of_this_machine(home)
    own_data = _has_own_data(settings, home)
    if not ours:
        # A volume can lie at another path in each container; its inode is the same.
        if own_data and not any(one.inode == here.inode for one in home.at):
            return _copied(home, home.at[-1], here)
        raise _another_machine(home, here)
    others = [one for one in ours if one.path != here.path and _lies_at(home, one)]
    if any(_same_folder(one.path, here.path) for one in others):
        return replace(home, at=(*home.at, here))  # one folder by two paths
    if not others:
        if ours[0].path == here.path:
            log.warning("This home was put back at %s: it is taken over there.", here.path)
        else:
            log.warning("This home lay at %s and was moved: it is taken over at %s.", ours[0].path, here.path)
        return replace(home, at=(*(one for one in home.at if one not in ours), here))
    if own_data:
        return _copied(home, others[0], here)
    raise PactFailure(
        "HOME-010",
        f"this folder is a copy of the home at {others[0]}, and its data lie outside of it: it would read and write the"
        " original's",
        where=here.path,
        mend=f"use the original (PACT_HOME={others[0].path}). A copy is a home of its own only with the data in it.",
    )


def _copied(home: Home, original: Whereabouts, here: Whereabouts) -> Home:
    log.warning(
        "This home is a copy of the one at %s: it is a home of its own now, with a server of its own, at %s.%s",
        original,
        here.path,
        ""
        if not (Path(here.path) / "warehouse/server/data/postmaster.pid").exists()
        else " It was copied while the original's server ran, so that it may be torn: copy it again with the server stopped"
        " (pact warehouse stop).",
    )
    return replace(home, home_id=secrets.token_hex(ID_BYTES), at=(here,), formerly=(*home.formerly, home.home_id))


def _another_machine(home: Home, here: Whereabouts) -> PactFailure:
    return PactFailure(
        "HOME-013",
        f"this home lies at {home.at[-1]}, and {here.host} was not joined to it",
        where=here.path,
        mend="if this is the same folder (a shared volume, a container started anew), or that machine is gone: pact init --join",
    )


def _has_own_data(settings: Settings, home: Home) -> bool:
    """Whether the database's files lie in the folder itself, or there is none yet: then a copy harms nobody."""
    if settings.warehouse_url is not None or home.warehouse == "url":
        return False
    return (settings.warehouse / "server").exists() or not (settings.warehouse / "passwords.json").exists()


def _lies_at(home: Home, place: Whereabouts) -> bool:
    """Whether the home with this id lies there still. What can't be looked into may be it."""
    try:
        found = json.loads((Path(place.path) / NOTE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return isinstance(found, dict) and found.get("id") == home.home_id


def _same_folder(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except OSError:  # one that we may not look into
        return False


def _is_former(folder: Path) -> bool:
    """Whether an earlier version made this home, which had no note."""
    return any((folder / name).exists() for name in _OF_A_HOME)


def _former(folder: Path, here: Whereabouts) -> Home:
    """A note for a home of an earlier version, which knew where its data lie by their path alone."""
    warehouse = folder / "warehouse"
    home_id = secrets.token_hex(ID_BYTES)
    try:
        service = Path(json.loads((warehouse / _FORMER_PLACE).read_text(encoding="utf-8"))["service"])
    except (OSError, ValueError, KeyError, TypeError):
        service = warehouse / "server"
    if not (warehouse / "server").exists() and service.name.startswith("pact-warehouse-"):
        # That version named the folder outside by a hash of the home's path: kept as the id, the folder is found by it.
        home_id = service.name.removeprefix("pact-warehouse-")
        if home_id != hashlib.sha256(os.fsencode(warehouse.resolve())).hexdigest()[:16]:
            raise PactFailure(
                "HOME-011",
                f"an earlier version made this home at another path, and whether it was moved or copied can't be told: its"
                f" data lie in {service}",
                where=here.path,
                mend="bring the home back to its former path and run any command there once; then it can be moved.",
            )
    log.warning("This home was made by an earlier version: it has the id %s now.", home_id)
    return Home(home_id, (here,), warehouse="embedded" if (warehouse / "passwords.json").exists() else "")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Held while the note is changed."""
    with told_as_disk("opening the home", folder), alone_in(folder):
        yield
