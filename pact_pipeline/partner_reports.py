"""The partner reports of a month: from the measures of the build the warehouse serves to one HTML page a council.

The pages of a month lie in one folder and are of one build: what is written is a set, under another name, and takes the place
of the former set when it is whole. So a council that is asked for by itself gets its page from the build of the others, or
all are written anew.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from pact_pipeline.builds import REFUSALS, Build, prove_build, served_build
from pact_pipeline.disk import UNFINISHED, alone_in, flush_folder, flush_tree, told_as_disk, write_text_whole
from pact_pipeline.lake.files import read_ours
from pact_pipeline.measures.declarations import NATIONAL
from pact_pipeline.periods import Period
from pact_pipeline.reference import councils
from pact_pipeline.reports.inputs import PartnerInputs
from pact_pipeline.reports.partner import partner_report
from pact_pipeline.settings import Settings

MEASURE_TABLES = ("awaiting", "awaiting_step", "estimate", "curve", "court", "data_quality")
TOP_REFUSALS = 5
NOTE = "pages.json"
FORMER = ".former"


@dataclass(frozen=True)
class Page:
    """One written report."""

    council: str
    path: Path
    build_id: str


def write_partner_reports(settings: Settings, engine: Engine, month: str, keys: list[str]) -> list[Page]:
    """Write `reports/<month>/<council>.html` for each council that has reported by then, of these or, where the folder's
    pages are of another build, of all; returns the pages written.

    Raises PactFailure REP-001 or REP-003 where there is no build to write from, BUILD-002 where it is damaged, DISK-001 where
    the disk refuses: the former pages stay, or the new ones where only clearing up failed.
    """
    build = served_build(settings, engine)
    prove_build(build)
    folder = settings.reports / month
    with told_as_disk("writing the partner reports", folder):
        settings.reports.mkdir(parents=True, exist_ok=True)
        with alone_in(settings.reports):
            _clear(settings.reports)
            whole = pages_build(folder) != build.build_id
            pages = list(_pages(build, month, list(councils()) if whole else keys))
            if whole:
                return _put_in_place(folder, build, pages)
            for page, text in pages:
                write_text_whole(folder / f"{page}.html", text)
            return [Page(page, folder / f"{page}.html", build.build_id) for page, _ in pages]


def pages_build(folder: Path) -> str | None:
    """The build that the pages of a folder are of; None where there are none, or nobody can tell."""
    try:
        said = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return str(said["build"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _pages(build: Build, month: str, keys: list[str]) -> Iterator[tuple[str, str]]:
    """Each council that told the month, with its page."""
    period = Period.parse(month)
    month_end = pd.Timestamp(period.last_day)
    frames = {name: _until(build.folder / "measures" / f"{name}.parquet", month_end) for name in MEASURE_TABLES}
    measure = read_ours(build.folder / "reference" / "measure.parquet")
    refusals = read_ours(build.folder / REFUSALS)
    refusals = refusals[(refusals["collection"] == "councils") & (refusals["period"] == month)]
    names = councils()
    told = set(frames["awaiting"].loc[frames["awaiting"]["month_end"] == month_end, "area"])
    for key in keys:
        if key not in told:
            continue
        inputs = PartnerInputs(
            council=key,
            council_name=names[key].name,
            month_end=period.last_day,
            build_id=build.build_id,
            as_at=build.made_at,
            **{
                name: frame[frame["area"].isin([key, NATIONAL])].reset_index(drop=True)
                for name, frame in frames.items()
            },
            top_refusals=refusals[refusals["supplier"] == key].head(TOP_REFUSALS).reset_index(drop=True),
            measure=measure,
            clock_note=build.clock_note,
        )
        yield key, partner_report(inputs)


def _put_in_place(folder: Path, build: Build, pages: list[tuple[str, str]]) -> list[Page]:
    """Write a set of pages beside the former one, and exchange them."""
    unfinished, former = (folder.with_name(f"{folder.name}{ending}") for ending in (UNFINISHED, FORMER))
    try:
        unfinished.mkdir()
        for page, text in pages:
            (unfinished / f"{page}.html").write_text(text, encoding="utf-8")
        (unfinished / NOTE).write_text(json.dumps({"build": build.build_id}), encoding="utf-8")
        flush_tree(unfinished)
        if folder.exists():
            folder.rename(former)
        unfinished.rename(folder)
        flush_folder(folder.parent)
    finally:
        _clear(folder.parent)
    return [Page(page, folder / f"{page}.html", build.build_id) for page, _ in pages]


def _clear(reports: Path) -> None:
    """What killed runs left, of any month: a former set goes back to its place where the new one had not got there."""
    for former in reports.glob(f"*{FORMER}"):
        folder = former.with_name(former.name.removesuffix(FORMER))
        if folder.exists():
            shutil.rmtree(former)
        else:
            former.rename(folder)
    for unfinished in reports.glob(f"*{UNFINISHED}"):
        shutil.rmtree(unfinished)
    for page in reports.glob(f"*/.*{UNFINISHED}"):
        page.unlink()


def _until(path: Path, month_end: pd.Timestamp) -> pd.DataFrame:
    frame = read_ours(path)
    frame["month_end"] = pd.to_datetime(frame["month_end"])
    until: pd.DataFrame = frame[frame["month_end"] <= month_end].reset_index(drop=True)
    return until
