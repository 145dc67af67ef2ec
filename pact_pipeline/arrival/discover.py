"""Looking at every delivery's place and entering what is new in the ledger.

Run again, it finds nothing new and returns what still has no verdict. One supplier's trouble never touches the others; it
is told in the result, once when it begins and once when it ends.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pact_pipeline import clock
from pact_pipeline.arrival.archive import clear_abandoned
from pact_pipeline.arrival.group import Candidate, Waiting, submissions_of
from pact_pipeline.arrival.receipts import Receipts, read_receipts
from pact_pipeline.arrival.search import Finds, Look, is_remote, search
from pact_pipeline.arrival.source_errors import KINDS, OTHER, OpenSourceError, shown
from pact_pipeline.clock import moment_in_words
from pact_pipeline.contracts import Contracts
from pact_pipeline.ledger import FirstSeen, Ledger, Submission
from pact_pipeline.ledger.source_memory import SourceErrorKey, SourceMemory
from pact_pipeline.periods import day_in_words
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier

SEARCHED_AT_ONCE = 4
REMOTE_AT_ONCE = 40
NAMED = 50
"""How many of a supplier's files with names we don't know are named."""


@dataclass(frozen=True)
class Discovery:
    """What was found. `submissions` are all without a verdict; `registered` those of them that are new.

    `unmatched` and `growing` hold (supplier, file name); `unreachable` holds (supplier, url, what is wrong) of places.
    `source_errors` are all that stand, of places and single files, each new or told before; `ended` those over since the look
    before. `files_put_off`: remote files that the next look reads. `files_to_come`: in a made-up home, files that come on a
    day its clock hasn't reached.
    """

    submissions: list[Submission]
    registered: list[Submission]
    files_seen: int
    files_new: int
    waiting: list[Waiting]
    unmatched: list[tuple[str, str]]
    growing: list[tuple[str, str]]
    unreachable: list[tuple[str, str, str]]
    source_errors: list[OpenSourceError] = field(default_factory=list)
    ended: list[OpenSourceError] = field(default_factory=list)
    files_put_off: int = 0
    files_to_come: int = 0


def discover(
    settings: Settings,
    contracts: Contracts,
    suppliers: Mapping[str, Supplier],
    ledger: Ledger,
    *,
    today: date | None = None,
    look_seconds: float | None = None,
    insist: bool = False,
    tells: bool = True,
) -> Discovery:
    """Find, archive and register; see `Discovery`. `today`, the home's day if None, decides which incomplete deliveries are
    overdue.

    After `look_seconds` no more remote files are begun: the next look goes on (a sensor is cut off after a minute).
    `insist`: also try a login that was refused a short time ago, as a person asks who may have mended it.
    `tells`: whether what began and ended counts as told by this look. Not for a person who looks between two looks of the
    pipeline's: its log would never have it.
    Raises PactFailure ARRIVAL-001 when the archive can't be written, LEDGER-001 when the ledger can't.
    """
    home = clock.home_clock(settings)
    receipts = read_receipts(settings.arrivals) if home.made_up else Receipts(settings.arrivals)
    sources = SourceMemory(ledger.engine)
    urls = {(one.key, delivery.url) for one in suppliers.values() for delivery in one.deliveries}
    remote = sorted(key for key in urls if is_remote(key[1]))
    clear_abandoned(settings)
    until = None if look_seconds is None else time.monotonic() + look_seconds
    look = Look(settings, sources.remembered(sorted(urls)), clock.now(), home, receipts, until, insist)
    # Reading and flushing wait for disks and networks, so suppliers are searched side by side; those with a server of
    # their own each in a thread, so that no dead server makes another supplier wait.
    with ThreadPoolExecutor(SEARCHED_AT_ONCE + min(len(remote), REMOTE_AT_ONCE)) as pool:
        searched = list(pool.map(lambda supplier: search(look, supplier), suppliers.values()))
    finds = Finds()
    for one in searched:
        finds.add(one)
    with ledger.one_arrival_at_a_time():
        registered, waiting, files_new = _register(finds, contracts, suppliers, ledger, today or home.day)
    source_errors, ended = _told(sources, look, finds, set(suppliers), tells=tells)
    return Discovery(
        submissions=ledger.received(),
        registered=registered,
        files_seen=finds.files_seen,
        files_new=files_new,
        waiting=waiting,
        unmatched=finds.unmatched,
        growing=finds.growing,
        unreachable=[(one.supplier, one.url, one.what) for one in source_errors if not one.path],
        source_errors=source_errors,
        ended=ended,
        files_put_off=finds.files_put_off,
        files_to_come=finds.files_to_come,
    )


def _register(
    finds: Finds, contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: Ledger, today: date
) -> tuple[list[Submission], list[Waiting], int]:
    """Enter new files and submissions; what is new, what is waited for, and how many files are new."""
    known: dict[tuple[str, str, str], list[Submission]] = defaultdict(list)
    for submission in ledger.known():
        known[submission.supplier, submission.collection, submission.period].append(submission)
    seen = ledger.first_seen()
    registered: list[Submission] = []
    waiting: list[Waiting] = []
    for (supplier_key, collection, period), candidates in sorted(finds.candidates.items(), key=lambda item: item[0]):
        if (supplier_key, collection, period) in finds.put_off:
            # The rest of it is there and only not read yet: closing without it would make two deliveries of one.
            continue
        made, missing = submissions_of(
            suppliers[supplier_key],
            collection,
            period,
            [_as_first_seen(supplier_key, one, seen) for one in candidates],
            known[supplier_key, collection, period.key],
            contracts,
            today,
        )
        registered += made
        waiting += [missing] if missing else []
    arrivals = [one for one in finds.arrivals if (one.supplier, one.file_name, one.sha256) not in seen]
    ledger.register(arrivals, registered)
    return registered, waiting, len({(one.supplier, one.file_name, one.sha256) for one in arrivals})


def _as_first_seen(supplier: str, candidate: Candidate, seen: Mapping[tuple[str, str, str], FirstSeen]) -> Candidate:
    """A file with the moments of the first time it was seen: what is found again was not received again."""
    first = seen.get((supplier, candidate.name, candidate.sha256))
    return candidate if first is None else replace(candidate, received_at=first.received_at, look=first.arrived_at)


def _told(
    sources: SourceMemory, look: Look, finds: Finds, searched: set[str], *, tells: bool
) -> tuple[list[OpenSourceError], list[OpenSourceError]]:
    """Enter the look in the memory of places; all troubles that stand, and those that ended with this look.

    If it doesn't tell, nothing begins or ends in that memory: the next look that does finds it new once more.
    """
    standing = look.remembered.standing
    over = [key for key in standing if key[0] in searched and key not in finds.met and key not in finds.unexamined]
    if tells:
        since, ended = sources.keep(look.now, finds.listed, finds.notes, list(finds.met), sorted(over))
    else:
        since, _ = sources.keep(look.now, finds.listed, finds.notes, [key for key in finds.met if key in standing], [])
        since = dict.fromkeys(finds.met, look.now) | since
        ended = {key: standing[key].since for key in over}
    since |= {key: standing[key].since for key in finds.unexamined}

    def error(key: SourceErrorKey, began: datetime) -> OpenSourceError:
        supplier, url, path, code = key
        kind, met = KINDS.get(code, OTHER), finds.met.get(key)
        state = "ended" if key in ended else "new" if began == look.now else "standing"
        what, mend = (met.what, met.mend) if met else (kind.what, kind.mend)
        return OpenSourceError(supplier, url, path, kind, what, mend, began, state)  # type: ignore[arg-type]

    return [error(*one) for one in sorted(since.items())], [error(*one) for one in sorted(ended.items())]


def odd_files(found: Discovery) -> Iterator[str]:
    """What lies at the suppliers' places and can't be judged yet, a line each: for the person who sits here, for no log."""
    for supplier, (names, more) in _first(found.unmatched).items():
        for name in names:
            yield f"{supplier}: {shown(name)} has no name we know; see the supplier's layout"
        if more:
            yield f"{supplier}: and {more:,} more files have no name we know (the first {NAMED} are named)"
    for error in found.source_errors:
        since = f" It is so since {moment_in_words(error.since)}." if error.state == "standing" else ""
        yield f"{error.message(with_file=True)}{since}"
    for error in found.ended:
        yield f"over: {_ended(error)}"
    for waiting in found.waiting:
        due = f"; closes after {day_in_words(waiting.due)}" if waiting.due else ""
        yield f"{waiting.supplier}: {waiting.period} lacks {', '.join(waiting.missing)}{due}"
    if found.files_put_off:
        yield f"{found.files_put_off:,} files were not fetched yet; the next look goes on"
    if found.files_to_come:
        yield f"{found.files_to_come:,} files lie in wait: they come on later days of this home's made-up clock"


def news(found: Discovery) -> Iterator[str]:
    """Troubles that began or ended with this look, for a log that is kept: no file is named, as a person's name may stand
    in its name."""
    files: Counter[str] = Counter()
    for error in found.source_errors:
        if error.state != "new":
            continue
        if error.path:
            files[error.message(with_file=False)] += 1
        else:
            yield error.message(with_file=False)
    for line, number in files.items():
        yield line if number == 1 else f"{number:,} files: {line}"
    yield from (f"over: {line}" for line in dict.fromkeys(_ended(error) for error in found.ended))


def _ended(error: OpenSourceError) -> str:
    return f"{error.code}: {error.what}. Where: {error.supplier}, {error.url}. It was so since {moment_in_words(error.since)}."


def _first(names: list[tuple[str, str]]) -> dict[str, tuple[list[str], int]]:
    """By supplier the first names, and how many more there are."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for supplier, name in names:
        grouped[supplier].append(name)
    return {supplier: (all_of[:NAMED], max(0, len(all_of) - NAMED)) for supplier, all_of in grouped.items()}
