"""What time it is, and what day: the one place that reads either. Nothing else calls `datetime.now` and the like.

Two clocks, and they are never mixed:

- the *machine's clock* (`now`) gives moments, in UTC: time limits, back-off, order within a run, names of builds, and when
  the ledger entered something;
- the *home's clock* (`home_clock`) gives days only, Scotland's. A real home's is the machine's. A made-up home (the demo's,
  the generator's) carries its own in `PACT_HOME/clock.json`, whose presence makes the home a made-up one.

Not here: when a file was received (`arrival.receipts`), and the day on which returns are due (`contracts.due`).
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pact_pipeline.disk import in_words, write_text_whole
from pact_pipeline.failures import PactFailure
from pact_pipeline.periods import Period, day_in_words, month
from pact_pipeline.settings import Settings

SCOTLAND = ZoneInfo("Europe/London")
NOTE = "clock.json"
# A made-up home of before it had a clock: the last month of its returns stands there.
FORMER_NOTE = "last_month"


def now() -> datetime:
    """This moment by the machine's clock, in UTC."""
    return datetime.now(UTC)


def in_scotland(moment: datetime) -> datetime:
    """The same moment as clocks in Scotland show it (GMT or BST). Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("say in which time zone: moments are aware")
    return moment.astimezone(SCOTLAND)


def moment_in_words(moment: datetime) -> str:
    """`5 March 2013, 14:05 GMT`: a moment as clocks in Scotland showed it, with GMT or BST."""
    local = in_scotland(moment)
    return f"{day_in_words(local.date())}, {local:%H:%M %Z}"


def scotlands_day(moment: datetime) -> date:
    """The day it is in Scotland at a moment, whatever the zone it is written in."""
    return in_scotland(moment).date()


def day_ends(day: date) -> datetime:
    """The moment in UTC at which a day of Scotland's is over: midnight, when the next one begins."""
    return datetime.combine(day + timedelta(days=1), time(), SCOTLAND).astimezone(UTC)


def at_hour(day: date, hour: int) -> datetime:
    """A moment in UTC: a full hour of a day in Scotland."""
    return datetime.combine(day, time(hour), SCOTLAND).astimezone(UTC)


@dataclass(frozen=True)
class HomeClock:
    """The day in a home, and whether it is made up."""

    day: date
    made_up: bool

    @property
    def note(self) -> str:
        """What every page of a made-up home says; '' in a real one."""
        if not self.made_up:
            return ""
        return f"Made-up clock: this home's day is {day_in_words(self.day)}; children and dates are invented."

    @property
    def last_month_over(self) -> Period:
        """The newest month that is over on the home's day."""
        before = self.day.replace(day=1) - timedelta(days=1)
        return month(before.year, before.month)


def home_clock(settings: Settings) -> HomeClock:
    """The clock of a home. Raises PactFailure CLOCK-003 where its note can't be read, CLOCK-004 where it can't be written.

    A home of before it had a clock is given one: the day on which its last month's returns were due.
    """
    note = settings.home / NOTE
    if not note.exists():
        former = settings.home / FORMER_NOTE
        if not former.exists():
            return HomeClock(scotlands_day(now()), made_up=False)
        _write(note, _day_of_former(settings, former))
        former.unlink(missing_ok=True)
    day = None
    try:
        day = date.fromisoformat(json.loads(note.read_text(encoding="utf-8"))["day"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # told below, without the library's own words
    if day is None:
        raise _unreadable(note)
    return HomeClock(day, made_up=True)


def make_up_clock(settings: Settings, day: date) -> HomeClock:
    """Make a home a made-up one, or move its clock on to `day`; a clock that is further on is left.

    Raises PactFailure CLOCK-001 where files of real suppliers came to the home: invented ones must not lie among them.
    """
    clock = home_clock(settings)
    if clock.made_up:
        return clock if clock.day >= day else _set(settings, day)
    if any(path.is_file() for folder in (settings.archive, settings.arrivals) for path in folder.rglob("*")):
        raise _is_real("files have come to it, and nothing made up may lie among them")
    return _set(settings, day)


def move_clock(settings: Settings, day: date) -> HomeClock:
    """Move a made-up home's clock on to `day`. Raises PactFailure CLOCK-001 in a real home, CLOCK-002 for a day gone by."""
    clock = home_clock(settings)
    if not clock.made_up:
        raise _is_real("its clock is the machine's")
    if day < clock.day:
        raise PactFailure(
            "CLOCK-002",
            f"the clock can't go back: this home's day is {clock.day}, and {day} is before it",
            mend="choose a later month, or start afresh in another PACT_HOME.",
        )
    return _set(settings, day)


def _set(settings: Settings, day: date) -> HomeClock:
    _write(settings.home / NOTE, day)
    return HomeClock(day, made_up=True)


def _write(note: Path, day: date) -> None:
    """Whole or not at all: a home whose clock is half-written would be neither real nor made up."""
    problem = ""
    try:
        write_text_whole(note, json.dumps({"day": day.isoformat()}) + "\n")
    except OSError as error:
        problem = in_words(error)
    if problem:
        raise PactFailure(
            "CLOCK-004",
            f"the made-up home's clock could not be written ({problem})",
            where=f"PACT_HOME/{NOTE}",
            mend="make room on the disk or mend the folder's permissions, and run again.",
        )


def _day_of_former(settings: Settings, former: Path) -> date:
    # Contracts know this module's days; only a home of before is told by them here.
    from pact_pipeline.contracts import load_contracts
    from pact_pipeline.contracts.due import returns_due

    last = None
    try:
        last = Period.parse(former.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        pass  # told below
    if last is None:
        raise _unreadable(former)
    return returns_due(last, load_contracts(settings.contracts))


def _unreadable(note: Path) -> PactFailure:
    return PactFailure(
        "CLOCK-003",
        "the made-up home's clock can't be read",
        where=f"PACT_HOME/{note.name}",
        mend=f'write {{"day": "2013-08-15"}} into PACT_HOME/{NOTE}, with the day that was shown last.',
    )


def _is_real(why: str) -> PactFailure:
    return PactFailure("CLOCK-001", f"this home is real: {why}", mend="choose another PACT_HOME for a made-up country.")
