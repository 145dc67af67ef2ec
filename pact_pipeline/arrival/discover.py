"""Looking at every delivery's place and entering what is new in the ledger.

Run again, it finds nothing new and returns what still has no verdict. One supplier's unreachable place never stops the
others; it is told in the result.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pact_pipeline.arrival.archive import hash_of, keep
from pact_pipeline.arrival.find import Listed, Meaning, NamePatterns, list_files, open_place
from pact_pipeline.arrival.group import Candidate, Waiting, submissions_of
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.suppliers import Supplier
from pact_pipeline.ledger import Arrival, Ledger, Submission
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings

SEARCHED_AT_ONCE = 8


@dataclass(frozen=True)
class Discovery:
    """What was found. `submissions` are all without a verdict; `registered` those of them that are new.

    `unmatched` and `growing` hold (supplier, file name); `unreachable` holds (supplier, url, kind of error).
    """

    submissions: list[Submission]
    registered: list[Submission]
    files_seen: int
    files_new: int
    waiting: list[Waiting]
    unmatched: list[tuple[str, str]]
    growing: list[tuple[str, str]]
    unreachable: list[tuple[str, str, str]]


class _Finds:
    """What the search of one run collects."""

    def __init__(self) -> None:
        self.candidates: dict[tuple[str, str, Period], list[Candidate]] = defaultdict(list)
        self.arrivals: list[Arrival] = []
        self.unmatched: list[tuple[str, str]] = []
        self.growing: list[tuple[str, str]] = []
        self.unreachable: list[tuple[str, str, str]] = []
        self.files_seen = 0

    def add(self, other: "_Finds") -> None:
        for key, candidates in other.candidates.items():
            self.candidates[key] += candidates
        self.arrivals += other.arrivals
        self.unmatched += other.unmatched
        self.growing += other.growing
        self.unreachable += other.unreachable
        self.files_seen += other.files_seen


def discover(
    settings: Settings,
    contracts: Contracts,
    suppliers: Mapping[str, Supplier],
    ledger: Ledger,
    *,
    today: date | None = None,
) -> Discovery:
    """Find, archive and register; see `Discovery`. `today` decides which incomplete deliveries are overdue.

    Raises PactFailure ARRIVAL-001 when the archive can't be written, LEDGER-001 when the ledger can't.
    """
    today = today or datetime.now(UTC).date()
    # Reading and flushing wait for disks and networks, so suppliers are searched side by side.
    with ThreadPoolExecutor(SEARCHED_AT_ONCE) as pool:
        searched = list(pool.map(lambda supplier: _search(settings, supplier), suppliers.values()))
    finds = _Finds()
    for one in searched:
        finds.add(one)
    with ledger.one_arrival_at_a_time():
        known: dict[tuple[str, str, str], list[Submission]] = defaultdict(list)
        for submission in ledger.known():
            known[submission.supplier, submission.collection, submission.period].append(submission)
        known_files = ledger.known_files()
        registered: list[Submission] = []
        waiting: list[Waiting] = []
        for (supplier_key, collection, period), candidates in sorted(
            finds.candidates.items(), key=lambda item: item[0]
        ):
            made, missing = submissions_of(
                suppliers[supplier_key],
                collection,
                period,
                candidates,
                known[supplier_key, collection, period.key],
                contracts,
                today,
            )
            registered += made
            waiting += [missing] if missing else []
        arrivals = [one for one in finds.arrivals if (one.supplier, one.file_name, one.sha256) not in known_files]
        ledger.register(arrivals, registered)
    return Discovery(
        submissions=ledger.received(),
        registered=registered,
        files_seen=finds.files_seen,
        files_new=len({(one.supplier, one.file_name, one.sha256) for one in arrivals}),
        waiting=waiting,
        unmatched=finds.unmatched,
        growing=finds.growing,
        unreachable=finds.unreachable,
    )


def _search(settings: Settings, supplier: Supplier) -> _Finds:
    """List each place of a supplier once, and keep every file whose name means something."""
    finds = _Finds()
    places: dict[str, list[int]] = defaultdict(list)
    for number, delivery in enumerate(supplier.deliveries):
        places[delivery.url].append(number)
    for url, numbers in places.items():
        patterns = NamePatterns(supplier, [(number, supplier.deliveries[number]) for number in numbers])
        try:
            filesystem, path = open_place(settings, url)
            files = list_files(filesystem, path)
            for file in files:
                meanings = patterns.meanings(file.name)
                finds.files_seen += 1
                if not meanings:
                    finds.unmatched.append((supplier.key, file.name))
                    continue
                try:
                    sha256, size = hash_of(filesystem, file.path)
                except OSError:
                    # One file that can't be read (a broken link, closed to us) must not hide the others.
                    finds.growing.append((supplier.key, file.name))
                    continue
                if size != file.bytes or not keep(settings, filesystem, file.path, sha256):
                    # Still being written: left until it is whole.
                    finds.growing.append((supplier.key, file.name))
                    continue
                _note(supplier, file, sha256, meanings, finds)
        except (OSError, ValueError, ImportError) as error:
            finds.unreachable.append((supplier.key, url, type(error).__name__))
    return finds


def _note(supplier: Supplier, file: Listed, sha256: str, meanings: list[Meaning], finds: _Finds) -> None:
    for meaning in meanings:
        collection = supplier.deliveries[meaning.delivery].collection
        finds.candidates[supplier.key, collection, meaning.period].append(
            Candidate(meaning.delivery, meaning.table, meaning.version, file.modified_at, file.name, sha256)
        )
    for collection in {supplier.deliveries[meaning.delivery].collection for meaning in meanings}:
        finds.arrivals.append(Arrival(sha256, supplier.key, collection, file.name, file.bytes, file.modified_at))


def odd_files(found: Discovery) -> Iterator[str]:
    """What lies at the suppliers' places and can't be judged yet, a line each: for the person who sits here, for no log."""
    for supplier, name in found.unmatched:
        yield f"{supplier}: {name!r} has no name we know; see the supplier's layout"
    for supplier, name in found.growing:
        yield f"{supplier}: {name!r} is unreadable or still being written"
    for supplier, url, kind in found.unreachable:
        yield f"{supplier}: {url} could not be reached ({kind})"
    for waiting in found.waiting:
        due = f"; closes after {waiting.due:%d %B %Y}" if waiting.due else ""
        yield f"{waiting.supplier}: {waiting.period} lacks {', '.join(waiting.missing)}{due}"
