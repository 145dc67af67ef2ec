"""A build on the disk: written under another name, whole or not at all, and proven when it is read.

`PACT_HOME/builds/<build_id>/` has core, measures and reference as Parquet, what was in force, what became of every submission
and why rows were refused, and the note `build.json`: what it was made from, and the hash of each of its files. While it is
made the folder is called `<build_id>.unfinished`, and whoever makes it holds a lock on a file in it; the note is its last
file, and its name comes after that. Not here: what is computed (`build`), and the warehouse's copy (`warehouse`).
"""

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Engine

from pact_pipeline.disk import UNFINISHED, alone_in, flush_folder, flush_tree, told_as_disk, write_text_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.flows.build_fingerprint import fingerprint_of
from pact_pipeline.lake.files import hash_of_file
from pact_pipeline.settings import Settings, restricted_folder
from pact_pipeline.warehouse.publish import current_build

NOTE, CORE_NOTE, LOCK = "build.json", "core.json", "building.lock"
IN_FORCE, SUBMISSIONS, REFUSALS = "in_force.parquet", "submissions.parquet", "refusals.parquet"
BUILDS_KEPT = 3
NAMED = 5
log = logging.getLogger(__name__)
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Build:
    """A computed build: its folder, what it was made from (the fingerprint of each part, see `build_fingerprint`), the rows of
    each table, the SHA-256 of each file by its path in the folder (none while it is being made), and what a made-up home said of
    its clock then."""

    build_id: str
    folder: Path
    made_of: dict[str, str]
    submissions: int
    made_at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    clock_note: str = ""

    @property
    def fingerprint(self) -> str:
        """One for all parts."""
        return fingerprint_of(self.made_of)


def begin(
    settings: Settings,
    engine: Engine,
    made_of: dict[str, str],
    submissions: int,
    made_at: datetime,
    clock_note: str = "",
) -> Build:
    """An empty folder for a build that is ours alone. What killed runs left half-done is removed first, and builds that are
    old."""
    with told_as_disk("beginning a build", settings.builds), alone_in(restricted_folder(settings.builds)):
        _clear_half_done(settings)
        _drop_old(settings, engine)
        # Two builds of one second and one state are two.
        build_id = f"{made_at:%Y%m%dT%H%M%S}-{fingerprint_of(made_of)[:8]}-{token_hex(3)}"
        folder = settings.builds / f"{build_id}{UNFINISHED}"
        folder.mkdir(mode=0o700)
        _hold(folder)
    return Build(build_id, folder, made_of, submissions, made_at, clock_note=clock_note)


def core_is_done(build: Build) -> Build:
    """Note that the core of a build is computed and what it is: its measures can follow, in this run or in another. Raises
    OSError."""
    flush_tree(build.folder)
    build = replace(build, files=_hashes(build.folder))
    write_text_whole(build.folder / CORE_NOTE, json.dumps(_said(build), indent=1))
    return build


def core_waiting(settings: Settings) -> Build:
    """The newest build whose core is computed and whose measures are not, now this process's alone. Raises PactFailure
    BUILD-003 where there is none."""
    with told_as_disk("looking for a build", settings.builds), alone_in(restricted_folder(settings.builds)):
        waiting = [
            build
            for folder in settings.builds.glob(f"*{UNFINISHED}")
            if (build := _read(folder, CORE_NOTE)) is not None and (folder in _held or _is_free(folder))
        ]
        if waiting:
            newest = max(waiting, key=_order)
            _hold(newest.folder)
            return newest
    raise PactFailure(
        "BUILD-003",
        "there is no core that waits for its measures",
        where=str(settings.builds),
        mend="materialise the core assets with them (job national_build), or run: pact build.",
    )


def finish(build: Build, rows: dict[str, int]) -> Build:
    """Give a build its note and its name: from now on it counts. Raises OSError; the build is not finished then."""
    folder = build.folder.with_name(build.build_id)
    (build.folder / CORE_NOTE).unlink(missing_ok=True)
    build = replace(build, rows={**build.rows, **rows}, files=_hashes(build.folder))
    flush_tree(build.folder)
    write_text_whole(build.folder / NOTE, json.dumps(_said(build), indent=1))
    with alone_in(folder.parent):
        (build.folder / LOCK).unlink()
        flush_folder(build.folder)
        build.folder.rename(folder)
        try:
            flush_folder(folder.parent)
        except OSError:
            folder.rename(build.folder)  # a name that isn't on the disk must not count
            raise
    _let_go(build.folder)
    return replace(build, folder=folder)


def give_up(build: Build) -> None:
    """Remove a build that could not be finished; what can't be removed now is half-done, and the next build clears it away."""
    with suppress(OSError), alone_in(build.folder.parent):
        shutil.rmtree(build.folder, ignore_errors=True)
    _let_go(build.folder)


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a build by its path in the folder."""
    return {
        path.relative_to(folder).as_posix(): hash_of_file(path).sha256 for path in sorted(folder.rglob("*.parquet"))
    }


@contextmanager
def whole_or_not_at_all(build: Build, doing: str) -> Iterator[None]:
    """Whatever fails in here leaves nothing of the build; an error of the disk is told as that."""
    try:
        with told_as_disk(doing, build.folder):
            yield
    except BaseException:
        give_up(build)
        raise


def newest_build(settings: Settings) -> Build:
    """The newest build that is whole. Raises PactFailure BUILD-001 where there is none."""
    builds = _all(settings)
    if not builds:
        raise PactFailure("BUILD-001", "there is no build yet", mend="materialise the core assets, or run: pact build.")
    return builds[-1]


def what_is_served(settings: Settings, engine: Engine) -> tuple[str | None, Build | None]:
    """The name of the build that the warehouse serves (None: none), and the build, where its folder has a note of it."""
    served = current_build(engine)
    return served, None if served is None else _read(settings.builds / served, NOTE)


def served_build(settings: Settings, engine: Engine) -> Build:
    """The build that the warehouse serves. Raises PactFailure REP-001 where none is, REP-003 where its folder is gone."""
    served, build = what_is_served(settings, engine)
    if served is None:
        raise PactFailure("REP-001", "no build has been published", mend="materialise warehouse/current_build first.")
    if build is None:
        raise PactFailure(
            "REP-003",
            f"build {served} is served, but its folder is gone or has no note that can be read",
            where=str(settings.builds / served),
            mend="run: pact build. Nothing is lost: a build is made from the lake.",
        )
    return build


def is_served(engine: Engine, build: Build) -> bool:
    """Whether the warehouse serves this build, and its folder is there."""
    return current_build(engine) == build.build_id and build.folder.is_dir()


def prove_build(build: Build) -> None:
    """Every file of a build is what was written. Raises PactFailure BUILD-002 otherwise, BUILD-004 where nobody noted what that
    is."""
    if not build.files:
        raise PactFailure(
            "BUILD-004",
            f"an earlier version of the pipeline made build {build.build_id}, which lacks what this one needs",
            where=str(build.folder),
            mend="run: pact build.",
        )
    with told_as_disk(f"reading build {build.build_id}", build.folder):
        broken = [
            name
            for name, sha256 in build.files.items()
            if not (build.folder / name).is_file() or hash_of_file(build.folder / name).sha256 != sha256
        ]
    if broken:
        raise PactFailure(
            "BUILD-002",
            f"{len(broken)} of {len(build.files)} files of build {build.build_id} are gone or not what was written there",
            where=", ".join(broken[:NAMED]),
            mend="run: pact build. Nothing is lost: a build is made from the lake.",
        )


def _all(settings: Settings) -> list[Build]:
    """Every build that is whole, the oldest first. One whose note can't be read is left out, and told."""
    folders = [path for path in settings.builds.glob("*") if path.is_dir() and not path.name.endswith(UNFINISHED)]
    builds = [build for folder in folders if (build := _read(folder, NOTE)) is not None]
    return sorted(builds, key=_order)


def _order(build: Build) -> tuple[datetime, str]:
    return build.made_at, build.build_id


def _read(folder: Path, note: str) -> Build | None:
    """A build's note; None, and told, where there is none, it can't be understood or it is another build's."""
    try:
        said = json.loads((folder / note).read_text(encoding="utf-8"))
        build = Build(
            str(said["build_id"]),
            folder,
            # A build of a former version told one fingerprint of all.
            {str(name): str(one) for name, one in said.get("made_of", {"all": said.get("fingerprint")}).items()},
            int(said["submissions"]),
            datetime.fromisoformat(said["made_at"]),
            {str(name): int(rows) for name, rows in said["rows"].items()},
            {str(name): str(sha256) for name, sha256 in said.get("files", {}).items()},
            str(said.get("clock", "")),
        )
        if build.made_at.tzinfo is None:
            raise ValueError("a moment without its zone has no place among others")
        if build.build_id == folder.name.removesuffix(UNFINISHED):
            return build
        what = "has another build's note"
    except FileNotFoundError:
        what = "has no note"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        what = "has a note that can't be understood"
    if note == NOTE and folder.is_dir():
        log.warning("The folder builds/%s %s: it is not counted as a build, and can be removed.", folder.name, what)
    return None


def _said(build: Build) -> dict[str, object]:
    return {
        "build_id": build.build_id,
        "made_of": build.made_of,
        "submissions": build.submissions,
        "made_at": build.made_at.isoformat(),
        "rows": build.rows,
        "files": build.files,
        "clock": build.clock_note,
    }


def _clear_half_done(settings: Settings) -> None:
    """Remove what killed runs left, and cores whose measures never came. A folder that a run is writing is held by it."""
    for folder in settings.builds.glob(f"*{UNFINISHED}"):
        if folder not in _held and _is_free(folder):
            shutil.rmtree(folder)


def _drop_old(settings: Settings, engine: Engine) -> None:
    """Keep the newest few builds beside the one that begins, and the one the warehouse serves however old it is: reports are
    written from it."""
    served = current_build(engine)
    for build in _all(settings)[: 1 - BUILDS_KEPT]:
        if build.build_id != served:
            # Its name goes first: half a build is never taken for one, and what a killed run leaves is cleared away.
            going = build.folder.with_name(f"{build.build_id}{UNFINISHED}")
            build.folder.rename(going)
            shutil.rmtree(going)


def _is_free(folder: Path) -> bool:
    """Whether nobody holds a folder; one without a lock was left before it had one, or when it was being removed."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _hold(folder: Path) -> None:
    """Hold the folder until it is finished or given up, or this process ends."""
    if folder not in _held:
        _held[folder] = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(_held[folder], fcntl.LOCK_EX | fcntl.LOCK_NB)


def _let_go(folder: Path) -> None:
    if (lock := _held.pop(folder, None)) is not None:
        os.close(lock)
