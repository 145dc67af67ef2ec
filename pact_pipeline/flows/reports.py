"""Draft reports of a month, which follow what the warehouse serves: `PACT_HOME/reports/draft/<month>/<council>.html`.

A page names the build it is of. When another build is served, every page says that it is older until it is written anew, so
that pages of two builds never lie unmarked in one folder. What must follow is kept on the disk, so that a killed run's work
is known: `to_follow.json` (months whose returns have changed, noted before the warehouse switches), and in a month's folder
`written.json` (the build of which all its pages were written last). Not here: what stands on a page (`reports`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from pact_pipeline.disk import UNFINISHED, alone_in, told_as_disk, write_text_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.flows.build_folder import IN_FORCE, REFUSALS, Build, prove_build, served_build
from pact_pipeline.lake.files import read_ours
from pact_pipeline.measures.declarations import NATIONAL
from pact_pipeline.periods import Period
from pact_pipeline.reference import councils
from pact_pipeline.reports.html import AN_OLDER_PAGE, OLDER_GOES_HERE, build_of_page
from pact_pipeline.reports.inputs import PartnerInputs
from pact_pipeline.reports.partner import partner_report
from pact_pipeline.settings import Settings, restricted_folder

MEASURE_TABLES = ("awaiting", "awaiting_step", "estimate", "curve", "court", "data_quality")
TOP_REFUSALS = 5
TO_FOLLOW, WRITTEN = "to_follow.json", "written.json"


@dataclass(frozen=True)
class Page:
    """One written page."""

    council: str
    path: Path
    build_id: str


@dataclass(frozen=True)
class Owed:
    """A month whose drafts must be written anew, the pages of these councils first: their returns have changed."""

    month: str
    first: tuple[str, ...] = ()


def write_drafts(
    settings: Settings,
    engine: Engine,
    in_force: str,
    month: str,
    wanted: Iterable[str],
    *,
    first: Sequence[str] = (),
) -> Iterator[Page]:
    """Write the pages of a month for those councils of `wanted` that have told it, `first` before the others; each as it is
    done. `in_force` is the fingerprint of what is in force now.

    Raises PactFailure REP-001 or REP-003 where there is no build to write from, REP-004 where it is behind, BUILD-002 where it
    is damaged, DISK-001 where the disk refuses: each page is the whole of the new or of the former one.
    """
    build = served_build(settings, engine)
    if build.fingerprint != in_force:
        raise PactFailure(
            "REP-004",
            f"build {build.build_id}, which is served, is behind: what is in force has changed since",
            where=f"reports/draft/{month}",
            mend="run: pact build (the sensor core_follows_ledger does so by itself), then write the reports.",
        )
    prove_build(build)
    chosen = set(wanted)
    folder = settings.drafts / month
    with told_as_disk("writing the drafts", folder), alone_in(restricted_folder(settings.drafts)):
        folder.mkdir(exist_ok=True)
        for left in folder.glob(f".*{UNFINISHED}"):
            left.unlink()
        _mark_older(folder, build.build_id)
        pages = _Pages.of(build, month)
        for council in [*(key for key in first if key in pages.told), *(key for key in pages.told if key not in first)]:
            if council in chosen:
                path = folder / f"{council}.html"
                write_text_whole(path, pages.text(council))
                yield Page(council, path, build.build_id)
        for path in folder.glob("*.html"):
            if path.stem not in pages.told:
                path.unlink()
        if chosen >= pages.told.keys():
            write_text_whole(folder / WRITTEN, json.dumps({"build": build.build_id}))
            _has_followed(settings, month, build.build_id)


def note_changes(settings: Settings, former: Build | None, build: Build) -> None:
    """Note which months' returns a build has otherwise than the former one, before it is served; where the former one is gone,
    every month that has drafts. Raises OSError."""
    ours = _returns(build)
    drawn = {path.name for path in settings.drafts.glob("*") if path.is_dir()}
    changed = ours ^ _returns(former) if former else {one for one in ours if one[0] in drawn}
    if changed:
        with alone_in(restricted_folder(settings.drafts)):
            queue = _to_follow(settings)
            for month, council, _ in sorted(changed):
                known = queue.get(month, {"councils": []})
                queue[month] = {"build": build.build_id, "councils": sorted({*known["councils"], council})}
            write_text_whole(settings.drafts / TO_FOLLOW, json.dumps(queue, indent=1))


def mark_older(settings: Settings, served: str) -> None:
    """Let every page of another build than the one that is served say that it is older. Raises OSError."""
    if settings.drafts.exists():
        with alone_in(settings.drafts):
            for folder in settings.drafts.iterdir():
                if folder.is_dir():
                    _mark_older(folder, served)


def owed(settings: Settings, served: str, newest: str) -> list[Owed]:
    """The months whose drafts must follow the build that is served, those whose returns have changed first; then the newest
    month that is over, whose pages every build changes."""
    queue = {
        month: Owed(month, tuple(one["councils"]))
        for month, one in sorted(_to_follow(settings).items())
        if month <= newest
    }
    if written_of(settings, newest) != served:
        queue.setdefault(newest, Owed(newest))
    return list(queue.values())


def written_of(settings: Settings, month: str) -> str | None:
    """The build of which all pages of a month were written last; None where there is none, or nobody can tell."""
    try:
        said = json.loads((settings.drafts / month / WRITTEN).read_text(encoding="utf-8"))
        return str(said["build"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def not_reported(settings: Settings, engine: Engine, month: str) -> list[str]:
    """The councils, by name, whose month the build that is served knows nothing of."""
    told = _Pages.of(served_build(settings, engine), month).told
    return [council.name for key, council in councils().items() if key not in told]


@dataclass(frozen=True)
class _Pages:
    """What the pages of a month are made from. `told`: the councils that told the month, with their names."""

    build: Build
    period: Period
    frames: Mapping[str, pd.DataFrame]
    measure: pd.DataFrame
    refusals: pd.DataFrame
    told: Mapping[str, str]

    @classmethod
    def of(cls, build: Build, month: str) -> "_Pages":
        period = Period.parse(month)
        month_end = pd.Timestamp(period.last_day)
        frames = {name: _until(build.folder / "measures" / f"{name}.parquet", month_end) for name in MEASURE_TABLES}
        refusals = read_ours(build.folder / REFUSALS)
        refusals = refusals[(refusals["collection"] == "councils") & (refusals["period"] == month)]
        told = set(frames["awaiting"].loc[frames["awaiting"]["month_end"] == month_end, "area"])
        return cls(
            build, period, frames, read_ours(build.folder / "reference" / "measure.parquet"), refusals,
            {key: council.name for key, council in councils().items() if key in told},
        )  # fmt: skip

    def text(self, council: str) -> str:
        frames = {
            name: frame[frame["area"].isin([council, NATIONAL])].reset_index(drop=True)
            for name, frame in self.frames.items()
        }
        refusals = self.refusals[self.refusals["supplier"] == council].head(TOP_REFUSALS).reset_index(drop=True)
        return partner_report(
            PartnerInputs(
                council=council,
                council_name=self.told[council],
                month_end=self.period.last_day,
                build_id=self.build.build_id,
                as_at=self.build.made_at,
                **frames,
                top_refusals=refusals,
                measure=self.measure,
                clock_note=self.build.clock_note,
            )
        )


def _until(path: Path, month_end: pd.Timestamp) -> pd.DataFrame:
    frame = read_ours(path)
    frame["month_end"] = pd.to_datetime(frame["month_end"])
    until: pd.DataFrame = frame[frame["month_end"] <= month_end].reset_index(drop=True)
    return until


def _returns(build: Build) -> set[tuple[str, str, str]]:
    """Month, council and judging of every return that a build is made from."""
    in_force = read_ours(build.folder / IN_FORCE)
    ours = in_force[in_force["collection"] == "councils"]
    return set(zip(ours["period"], ours["supplier"], ours["lake_name"], strict=True))


def _mark_older(folder: Path, served: str) -> None:
    for path in folder.glob("*.html"):
        with path.open(encoding="utf-8") as page:
            beginning = page.read(1000)
        if build_of_page(beginning) != served:
            text = path.read_text(encoding="utf-8")
            if OLDER_GOES_HERE in text:
                write_text_whole(path, text.replace(OLDER_GOES_HERE, AN_OLDER_PAGE, 1))


def _to_follow(settings: Settings) -> dict[str, dict[str, Any]]:
    """The months to follow: the build that changed their returns, and whose. One that can't be understood is empty."""
    try:
        said = json.loads((settings.drafts / TO_FOLLOW).read_text(encoding="utf-8"))
        return {str(Period.parse(month)): {**one} for month, one in said.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _has_followed(settings: Settings, month: str, build_id: str) -> None:
    queue = _to_follow(settings)
    # One that a later build asked for meanwhile stays. Builds' names begin with their moment.
    if month in queue and str(queue[month]["build"]) <= build_id:
        del queue[month]
        write_text_whole(settings.drafts / TO_FOLLOW, json.dumps(queue, indent=1))
