"""`make demo`: a year of returns through the whole pipeline, run by Dagster on an instance that stays.

What belongs here: the order of the runs, progress, and the closing words. Running it again does no harm: files that are
known are not judged again, and a build is made only when what is in force has changed.
"""

import json
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine

from pact_pipeline.arrival import discover, odd_files
from pact_pipeline.arrival.receipts import add_receipts, read_receipts
from pact_pipeline.clock import HomeClock, at_hour, home_clock, make_up_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.contracts.due import returns_due
from pact_pipeline.failures import PactFailure
from pact_pipeline.flows.build_fingerprint import current_fingerprint
from pact_pipeline.flows.build_folder import is_served, newest_build
from pact_pipeline.flows.reports import written_of
from pact_pipeline.generator import generate
from pact_pipeline.home import make_home
from pact_pipeline.ledger import Ledger
from pact_pipeline.pathway import AWAITING_STAGES
from pact_pipeline.periods import Period
from pact_pipeline.reference import ship_published
from pact_pipeline.settings import Settings, restricted_folder

if TYPE_CHECKING:
    from pact_pipeline.orchestration.here import RunsHere

FIRST, LAST = "2012-08", "2013-07"
TELL_EVERY = 10.0
TIMINGS = "demo_timings.json"
PUBLISHED_HOUR = 9


@dataclass
class Stages:
    """Seconds and the highest memory so far, stage by stage."""

    console: Console
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, words: str) -> Iterator[None]:
        self.console.print(f"[bold]{words}[/] …")
        start = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - start, 2)
        self.console.print(f"  done in {self.seconds[name]:.1f} s")


def run_demo(
    settings: Settings,
    console: Console,
    *,
    first: str = FIRST,
    last: str = LAST,
    councils: list[str] | None = None,
    faults: bool = True,
) -> None:
    """Generate, take, build, publish, report, and say what came out. `councils`: a smaller country (default all 32)."""
    stages = Stages(console)
    make_home(settings)
    home = make_up_clock(settings, returns_due(Period.parse(last), load_contracts(settings.contracts)))
    restricted_folder(settings.arrivals)
    generated = settings.truth / "summary.json"
    if not generated.exists():
        with stages.stage("generate", f"Writing the councils' returns of {first} to {last}, the courts' and CLAS"):
            summary = generate(
                settings.arrivals, settings.truth, first=first, last=last, councils=councils, faults=faults,
                contracts_folder=settings.contracts, progress=_teller(console),
            )  # fmt: skip
            generated.parent.mkdir(parents=True, exist_ok=True)
            counts = {"files": summary.files, "rows": summary.rows, "faults": dict(summary.faults)}
            generated.write_text(json.dumps(counts), encoding="utf-8")
    _ship_published(settings, home)
    with stages.stage("start", "Starting the warehouse and Dagster"):
        from pact_pipeline.orchestration.here import RunsHere  # seconds to import

        here = RunsHere(settings)
        ledger, engine = here.pact.ledger, here.pact.engine
    with stages.stage("arrive", "Looking for files"):
        found = discover(settings, here.pact.contracts, here.pact.suppliers, ledger)
        console.print(f"  {found.files_seen:,} files seen, {len(found.submissions):,} submissions to judge")
        for line in odd_files(found):
            console.print(f"  {line}", markup=False)
    for name, ours, tags in here.intake_of(found.submissions):
        with (
            stages.stage(f"intake {name}", f"Judging {len(ours)} submissions: {name}"),
            _progress(ledger, console, len(found.submissions)),
        ):
            here.run(f"intake_{name}", tags)
    if not _is_current(settings, here, last):
        with stages.stage("build", "Computing core and measures, judging and publishing the build"):
            here.run("national_build")
        with stages.stage("report", f"Writing the partner reports of {last}"):
            here.run_reports(last)
    with stages.stage("calendar", "Drawing up who owes what"):
        here.run("arrivals_calendar")
    tell_outcome(settings, engine, ledger, console, last)
    _note_timings(settings, stages)


def _ship_published(settings: Settings, home: HomeClock) -> None:
    """Put the published figures among the arrivals, with receipts: came on the day they were published, or on the home's day
    where that is later, as a made-up year can't wait for what was published years after it."""
    known = read_receipts(settings.arrivals)
    shipped = ship_published(settings.arrivals)
    fresh = {path: min(day, home.day) for path, day in shipped.items() if known.of(str(path)) is None}
    if fresh:
        add_receipts(settings.arrivals, {path: at_hour(day, PUBLISHED_HOUR) for path, day in fresh.items()})


def _is_current(settings: Settings, here: "RunsHere", month: str) -> bool:
    """Whether the warehouse shows a build of exactly what is in force, with its reports written."""
    try:
        newest = newest_build(settings)
    except PactFailure:
        return False
    now = current_fingerprint(here.pact.contracts, here.pact.suppliers, here.pact.ledger)
    current = newest.fingerprint == now and is_served(here.pact.engine, newest)
    return current and written_of(settings, month) == newest.build_id


def _teller(console: Console) -> Callable[[str, int, int], None]:
    last = [time.monotonic()]

    def tell(words: str, done: int, total: int) -> None:
        if time.monotonic() - last[0] >= TELL_EVERY:
            console.print(f"  {words}: {done:,} of {total:,}")
            last[0] = time.monotonic()

    return tell


@contextmanager
def _progress(ledger: Ledger, console: Console, total: int) -> Iterator[None]:
    """Says every few seconds how many submissions have a verdict, from the ledger itself."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(TELL_EVERY):
            left = len(ledger.received())
            console.print(f"  {total - left:,} of {total:,} judged")

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def tell_outcome(settings: Settings, engine: Engine, ledger: Ledger, console: Console, month: str) -> None:
    """What arrived, was taken, was refused and why; the headline figures beside the baseline; where everything is."""
    console.rule("What arrived")
    states = ledger.submissions().groupby(["collection", "state"])["submission_id"].count().unstack(fill_value=0)
    counts = [[str(name), *(f"{n:,}" for n in row)] for name, row in zip(states.index, states.to_numpy(), strict=True)]
    console.print(_table("submissions", ["collection", *map(str, states.columns)], counts))
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "select sum(rows_read), sum(rows_taken), sum(rows_refused), sum(rows_warned) from ledger.submission_state"
            )
        ).one()
        console.print(
            f"{rows[0]:,} rows read = {rows[1]:,} taken + {rows[2]:,} refused or held back ({rows[3]:,} taken with a warning)"
        )
        reasons = connection.execute(sa.text(
            "select f.table_name, f.rule, f.column_name, sum(f.rows_found) as n from ledger.finding f"
            " where f.severity in ('refuse', 'file') group by 1, 2, 3 order by n desc, 2 limit 8"
        )).all()  # fmt: skip
        console.print(_table("top reasons", ["rows", "rule", "table", "column"], [
            [f"{n:,}", rule, table, column] for table, rule, column, n in reasons
        ]))  # fmt: skip
        unusual = connection.execute(sa.text(
            "select submission_id, state, reason from ledger.submission_state where state in ('held', 'refused') order by 1"
        )).all()  # fmt: skip
        for submission_id, state, reason in unusual:
            console.print(f"  {state}: {submission_id}: {_first_sentence(reason)}", markup=False)
        console.rule("The core data set beside the baseline of the programme plan")
        console.print(_headlines(connection))
        for line in _not_among_them(connection, month):
            console.print(line, markup=False)
    pages = sorted((settings.drafts / month).glob("*.html"))
    console.rule("Where things are")
    console.print(home_clock(settings).note, markup=False)
    console.print(f"reports    {settings.drafts / month} ({len(pages)} pages, drafts)")
    console.print(f"arrivals   {settings.reports / 'arrivals' / 'index.html'} (who owes what, and texts to send)")
    console.print(f"feedback   {settings.feedback} (restricted: a workbook and a page a submission)")
    program = Path(sys.executable).parent / "pact"
    program = program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program
    console.print(f"warehouse  {program} warehouse psql      {program} warehouse url      (as an analyst)")
    console.print("next       [bold]make ui[/]                  the runs, partitions and checks just made")


def _headlines(connection: sa.Connection) -> Table:
    """Published baseline (2011-12) beside the newest figures of the warehouse."""
    published = {
        (series, period, measure, category): value
        for series, period, measure, category, value in connection.execute(sa.text(
            "select series, period, measure, category, value from core.published_count where area = 'SCO' and in_force"
        ))
    }  # fmt: skip
    newest = {
        stage: (children, days)
        for stage, children, days in connection.execute(sa.text(
            "select stage, children, median_days_waited from measures.awaiting where area = 'SCO'"
            " and month_end = (select max(month_end) from measures.awaiting)"
        ))
    }  # fmt: skip
    courts = {
        kind: (lodged, granted)
        for kind, lodged, granted in connection.execute(sa.text(
            "select application_type, lodged, granted from measures.court where area = 'SCO'"
            " and month_end = (select max(month_end) from measures.court where area = 'SCO')"
        ))
    }  # fmt: skip
    councils, looked_after_before = _baseline_of_the_same_councils(connection)
    lines: list[list[str]] = []

    def line(words: str, before: int | None, now: int, days: float | None = None) -> None:
        wait = "" if days is None else f"{days:,.0f}"
        lines.append([words, "[x]" if before is None else f"{before:,}", f"{now:,}", wait])

    line("looked after on 31 July (2012 / 2013)", looked_after_before, newest["looked_after"][0])
    line("awaiting permanence", None, *newest["all_awaiting"])
    for stage, words in AWAITING_STAGES.items():
        line(f"  for {words[0].lower()}{words[1:]}", None, *newest[stage])
    for words, category, kinds in (
        ("permanence orders", "PO_UNSPEC", ("PO", "POA", "PO_UNSPEC")),
        ("adoptions", "ADOPTION", ("ADOPTION",)),
        ("residence orders", "RESIDENCE", ("RESIDENCE",)),
    ):
        for n, measure in enumerate(("lodged", "granted")):
            number = sum(courts.get(kind, (0, 0))[n] for kind in kinds)
            before = published.get(("courts", "FY2011-12", measure, category))
            line(f"{words} {measure} in a year", before, number)
    title = f"{councils} councils' made-up children beside the same councils' real baseline; courts: Scotland ([x]: unknown)"
    return _table(title, ["figure", "2011-12", "2012-13", "half wait at least, days"], lines)


def _baseline_of_the_same_councils(connection: sa.Connection) -> tuple[int, int | None]:
    """How many councils the newest figures are of, and how many children those same councils looked after a year before; None
    where that is not known of one of them."""
    councils, known, children = connection.execute(sa.text(
        "select count(*), count(p.value), sum(p.value) from measures.awaiting a left join core.published_count p"
        " on p.area = a.area and p.series = 'clas' and p.period = 'CLAS2012' and p.measure = 'looked_after'"
        " and p.category = 'all' and p.in_force"
        " where a.area <> 'SCO' and a.stage = 'looked_after' and a.month_end = (select max(month_end) from measures.awaiting)"
    )).one()  # fmt: skip
    return councils, int(children) if known == councils else None


def _first_sentence(reason: str) -> str:
    """What is wrong, in one line; the rest stands in the feedback."""
    return reason.partition(". ")[0].rstrip(".")


def _not_among_them(connection: sa.Connection, month: str) -> Iterator[str]:
    """The councils whose month is not in the figures, and why: a number of councils that nobody can explain is a defect."""
    rows = connection.execute(sa.text(
        "select distinct on (c.name) c.name, coalesce(s.state, 'nothing has come yet') as state from reference.council c"
        " left join ledger.submission_state s on s.supplier = c.council and s.collection = 'councils' and s.period = :month"
        " where exists (select from ledger.submission o where o.supplier = c.council) and not exists"
        " (select from ledger.in_force f where f.supplier = c.council and f.collection = 'councils' and f.period = :month)"
        " order by c.name, s.sequence desc"
    ), {"month": month})  # fmt: skip
    told = [f"{name} ({state})" for name, state in rows]
    if told:
        yield f"Without a return for {month} in force, and so not among them: {', '.join(told)}"


def _table(title: str, headings: list[str], rows: list[list[str]]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _note_timings(settings: Settings, stages: Stages) -> None:
    """Seconds a stage and peak memory (MB; the largest process), for `make bench`."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    usage = (resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    note = {"seconds": stages.seconds, "peak_mb": [round(value) for value in usage]}
    (settings.home / TIMINGS).write_text(json.dumps(note), encoding="utf-8")
