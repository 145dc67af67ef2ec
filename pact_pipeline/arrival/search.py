"""Searching one supplier's places: what to read again, what to try again, and what a failure means for the rest.

Here: one look at one supplier, in its own thread, which touches no other supplier and no database. Not here: how a place
is listed and read (`source`), and what the finds amount to (`discover`).
"""

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Never

from pact_pipeline import clock
from pact_pipeline.arrival import source_errors
from pact_pipeline.arrival.archive import hash_of, is_kept, keep
from pact_pipeline.arrival.find import Meaning, NamePatterns
from pact_pipeline.arrival.group import Candidate
from pact_pipeline.arrival.open_source import open_source
from pact_pipeline.arrival.receipts import Receipts
from pact_pipeline.arrival.source import Listed, Source, UnreadableEntry, plain_text
from pact_pipeline.arrival.source_errors import SourceError, source_error_of
from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Arrival
from pact_pipeline.ledger.source_memory import Note, Remembered, SourceErrorKey, SourceKey
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import Supplier
from pact_pipeline.suppliers.source_url import fault_of, taken_apart

BACKOFF = (0.5, 2.0)
"""Seconds before the second and the third try."""
LOST_IN_A_ROW = 3
MANY, WRITTEN_AT_ONCE = 50, 16
# Identity is the content. A corrected file can come under the same name with the same size and an older time stamp
# (a restored copy, a clock that is wrong): the listing can't tell, and without this it would be skipped for ever.
READ_AGAIN_AFTER = timedelta(hours=20)
# A smaller file of this machine is hashed about as quickly as its note is kept; this process remembers it while it lives.
NOTED_FROM = 1 << 20
MOST_REMEMBERED = 200_000
LOGIN_AGAIN_AFTER = timedelta(hours=1)
# A made-up home's clock gives days only: what is found there without a receipt came at this hour of the day.
MADE_UP_HOUR = 12

_read_here: dict[tuple[str, int, str], tuple[str, datetime]] = {}
"""Hash and moment by path, bytes and stamp: this machine's stamp says when anything of a file was last changed, which nobody
can set back."""

Group = tuple[str, str, Period]
"""Supplier, collection and period: the files of one delivery."""


@dataclass(frozen=True)
class Look:
    """What one look at all suppliers shares. After `until` (time.monotonic) no more remote files are begun.

    `now` is by the machine's clock, `home` the home's; `receipts` are those of a made-up home.
    """

    settings: Settings
    remembered: Remembered
    now: datetime
    home: clock.HomeClock
    receipts: Receipts
    until: float | None = None
    insist: bool = False


@dataclass
class Finds:
    """What was found. `put_off`: deliveries of which a file is there and was not read yet for reasons of ours.
    `files_to_come`: in a made-up home, files that by their receipts come on a day its clock hasn't reached.

    `met` are the troubles; `unexamined` those that stand and were not looked after this time.
    """

    candidates: dict[Group, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    arrivals: list[Arrival] = field(default_factory=list)
    unmatched: list[tuple[str, str]] = field(default_factory=list)
    growing: list[tuple[str, str]] = field(default_factory=list)
    files_seen: int = 0
    put_off: set[Group] = field(default_factory=set)
    files_put_off: int = 0
    files_to_come: int = 0
    listed: list[SourceKey] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    met: dict[SourceErrorKey, SourceError] = field(default_factory=dict)
    unexamined: set[SourceErrorKey] = field(default_factory=set)

    def add(self, other: "Finds") -> None:
        for key, candidates in other.candidates.items():
            self.candidates[key] += candidates
        self.files_seen += other.files_seen
        self.files_put_off += other.files_put_off
        self.files_to_come += other.files_to_come
        for name in ("arrivals", "unmatched", "growing", "listed", "notes"):
            getattr(self, name).extend(getattr(other, name))
        for name in ("put_off", "met", "unexamined"):
            getattr(self, name).update(getattr(other, name))


def search(look: Look, supplier: Supplier) -> Finds:
    """List each place of a supplier once, and keep every file whose name means something.

    Raises PactFailure ARRIVAL-001 where the archive can't be written; whatever is wrong with a place is in the finds.
    """
    finds = Finds()
    sources: dict[str, list[int]] = defaultdict(list)
    for number, delivery in enumerate(supplier.deliveries):
        sources[delivery.url].append(number)
    for url, numbers in sources.items():
        patterns = NamePatterns(supplier, [(number, supplier.deliveries[number]) for number in numbers])
        with suppress(_SourceGone):
            _PlaceSearch(look, supplier, url, patterns, finds).run()
    return finds


def is_remote(url: str) -> bool:
    return fault_of(url) is None and taken_apart(url).remote


class _SourceGone(Exception):
    """The place can't be used any further in this look; why is noted."""


class _PlaceSearch:
    def __init__(self, look: Look, supplier: Supplier, url: str, patterns: NamePatterns, finds: Finds) -> None:
        self._look, self._supplier, self._url, self._patterns, self._finds = look, supplier, url, patterns, finds
        self._key = (supplier.key, url)
        self._standing = [key for key in look.remembered.standing if key[:2] == self._key]
        self._notes: Mapping[str, Note] = look.remembered.notes.get(self._key, {})
        self._remote = is_remote(url)
        self._source: Source | None = None
        self._lost_in_a_row = 0
        self._tells_upload = False

    def run(self) -> None:
        """Raises _PlaceGone where the place as a whole has a trouble."""
        if self._must_rest():
            self._finds.unexamined.update(self._standing)
            return
        try:
            contents = self._list()
            if contents is None:
                return
            files, unreadable = contents
            self._finds.listed.append(self._key)
            for one in unreadable:
                self._tell_unreadable(one)
            self._take(self._that_came(files))
        finally:
            self._close()

    def _must_rest(self) -> bool:
        """Whether our login was refused a short time ago and nothing was mended: trying every minute locks accounts."""
        since = self._look.remembered.standing.get((*self._key, "", source_errors.LOGIN_REFUSED.code))
        if since is None or self._look.insist or self._look.now - since.last_seen > LOGIN_AGAIN_AFTER:
            return False
        try:
            changed = self._look.settings.secrets_file.stat().st_mtime
        except OSError:
            return True
        return datetime.fromtimestamp(changed, UTC) <= since.last_seen

    def _list(self) -> tuple[list[Listed], list[UnreadableEntry]] | None:
        """What lies there; None for a folder that never was. Raises _PlaceGone."""
        # What was so at the last look already isn't worth waiting for again: this look is a try by itself.
        tries = 1 if any(not path for _, _, path, _ in self._standing) else 1 + len(BACKOFF)
        met: SourceError | None = None
        for number in range(tries):
            try:
                source = self._opened()
                self._tells_upload = source.tells_upload
                return source.contents()
            except Exception as error:  # noqa: BLE001, RUF100 - four libraries' errors, none of which may reach the others
                met = source_error_of(error)
            self._close()
            if not met.kind.can_retry:
                break
            if number + 1 < tries:
                sleep(BACKOFF[number])
        assert met is not None, "tried at least once"
        never_there = met.kind is source_errors.FOLDER_GONE and self._key not in self._look.remembered.listed
        if not never_there or self._remote:
            self._give_up(met)
        # A council that has not joined yet has no folder.
        return None

    def _that_came(self, files: list[Listed]) -> list[Listed]:
        """The files without those of a made-up home that come later by their receipts, and without the receipts' own."""
        if not self._look.home.made_up:
            return files
        receipts, came = self._look.receipts, []
        for file in files:
            first_seen = receipts.of(file.path)
            if first_seen is not None and clock.scotlands_day(first_seen) > self._look.home.day:
                self._finds.files_to_come += 1
            elif not receipts.is_itself(file.path):
                came.append(file)
        return came

    def _received(self, file: Listed) -> datetime:
        """When a file that is new was received: now, as we see it; in a store, when it was put there.

        Its own time proves nothing: whoever sends it sets it. In a made-up home its receipt says, or the home's day.
        """
        look = self._look
        if look.home.made_up:
            return look.receipts.of(file.path) or clock.at_hour(look.home.day, MADE_UP_HOUR)
        return file.modified_at if self._tells_upload else look.now

    def _take(self, files: list[Listed]) -> None:
        """Everything whose name means something, into the archive. Raises _PlaceGone after what could be had."""
        meant: list[tuple[Listed, list[Meaning]]] = []
        for file in files:
            self._finds.files_seen += 1
            meanings = self._patterns.meanings(file.name)
            if meanings and not file.settled and self._known(file) is None:
                self._leave_growing(file, meanings)
            elif meanings:
                meant.append((file, meanings))
            else:
                self._finds.unmatched.append((self._supplier.key, file.name))
        if not self._remote and len(meant) > MANY:
            hashes = [self._known(file) for file, _ in meant]
            new = [at for at, sha256 in enumerate(hashes) if sha256 is None]
            # Each new file waits for the disk to have it; a disk takes many at once nearly as fast as one.
            if new:
                with ThreadPoolExecutor(WRITTEN_AT_ONCE) as pool:
                    fetched = pool.map(lambda at: self._fetch(meant[at][0]), new)
                    for at, sha256 in zip(new, fetched, strict=True):
                        hashes[at] = sha256
            for (file, meanings), sha256 in zip(meant, hashes, strict=True):
                if sha256 is not None:
                    self._note(file, sha256, meanings)
            return
        gone = False
        for file, meanings in meant:
            sha256 = self._known(file)
            if sha256 is None and not gone and not self._too_late():
                try:
                    sha256 = self._fetch(file)
                except _SourceGone:
                    gone = True
                    self._put_off(file, meanings)
                    continue
            elif sha256 is None:
                self._put_off(file, meanings)
            if sha256 is not None:
                self._note(file, sha256, meanings)
        if gone:
            raise _SourceGone

    def _known(self, file: Listed) -> str | None:
        """The hash of a file that was read a short time ago and looks the same."""
        note = self._notes.get(plain_text(file.path))
        if note is not None and (note.bytes, note.stamp) == (file.bytes, file.stamp):
            sha256, read_at = note.sha256, note.read_at
        else:
            sha256, read_at = _read_here.get(
                (file.path, file.bytes, file.stamp), ("", datetime.min.replace(tzinfo=UTC))
            )
        if not file.stamp or self._look.now - read_at > READ_AGAIN_AFTER:
            return None
        return sha256 if is_kept(self._look.settings, sha256, file.bytes) else None

    def _too_late(self) -> bool:
        return self._remote and self._look.until is not None and monotonic() > self._look.until

    def _fetch(self, file: Listed) -> str | None:
        """Into the archive; None, with a trouble noted, where that can't be. Raises _PlaceGone when the place can't be
        opened again, or loses one file after the other."""
        met: SourceError | None = None
        for number in range(1 + len(BACKOFF)):
            opened = False
            try:
                source = self._opened()
                opened = True
                sha256 = self._read(source, file)
            except SourceError as error:
                met = error
            except PactFailure:
                raise  # the archive's, not the place's
            except Exception as error:  # noqa: BLE001, RUF100 - as in `_list`
                met = source_error_of(error, of_file=opened)
            else:
                self._lost_in_a_row = 0
                if self._remote or file.bytes >= NOTED_FROM:
                    note = Note(*self._key, plain_text(file.path), file.bytes, file.stamp, sha256, self._look.now)
                    self._finds.notes.append(note)
                else:
                    if len(_read_here) >= MOST_REMEMBERED:
                        _read_here.clear()
                    _read_here[file.path, file.bytes, file.stamp] = (sha256, self._look.now)
                return sha256
            if not met.kind.can_retry:
                break
            self._close()
            if number < len(BACKOFF):
                sleep(BACKOFF[number])
        assert met is not None, "tried at least once"
        if not opened:
            self._give_up(met)
        if met.kind is source_errors.FILE_GROWING:
            self._finds.growing.append((self._supplier.key, file.name))
        self._meet(file.path, met)
        self._lost_in_a_row += met.kind is source_errors.FILE_LOST
        if self._lost_in_a_row == LOST_IN_A_ROW:
            self._give_up(SourceError(source_errors.LOST))
        return None

    def _read(self, source: Source, file: Listed) -> str:
        settings = self._look.settings
        if self._remote:
            return keep(settings, source.read(file))
        # Nearly always the bytes are there already, and reading them is much cheaper than writing them again.
        sha256 = hash_of(source.read(file))
        if not is_kept(settings, sha256, file.bytes) and keep(settings, source.read(file)) != sha256:
            raise SourceError(source_errors.FILE_GROWING)
        return sha256

    def _opened(self) -> Source:
        if self._source is None:
            self._source = open_source(self._look.settings, self._supplier.key, self._url)
        return self._source

    def _close(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            # A connection that is lost can't always be closed in good order.
            with suppress(Exception):
                source.close()

    def _give_up(self, error: SourceError) -> Never:
        self._meet("", error)
        # What was wrong with single files may be so still: nobody could look.
        self._finds.unexamined.update(key for key in self._standing if key[2])
        raise _SourceGone

    def _meet(self, path: str, error: SourceError) -> None:
        self._finds.met[*self._key, plain_text(path), error.code] = error

    def _tell_unreadable(self, one: UnreadableEntry) -> None:
        if one.name and not self._patterns.meanings(one.name):
            self._finds.files_seen += 1
            self._finds.unmatched.append((self._supplier.key, one.name))
        else:
            self._meet(one.path, SourceError(one.kind))

    def _leave_growing(self, file: Listed, meanings: list[Meaning]) -> None:
        """A file written to just now. Its delivery waits for it, as closing without would make two deliveries of one."""
        self._finds.growing.append((self._supplier.key, file.name))
        self._finds.put_off.update(self._group(meaning) for meaning in meanings)
        self._meet(file.path, SourceError(source_errors.FILE_GROWING))

    def _put_off(self, file: Listed, meanings: list[Meaning]) -> None:
        self._finds.files_put_off += 1
        self._finds.put_off.update(self._group(meaning) for meaning in meanings)
        path = plain_text(file.path)
        self._finds.unexamined.update(key for key in self._standing if key[2] == path)

    def _group(self, meaning: Meaning) -> Group:
        return self._supplier.key, self._supplier.deliveries[meaning.delivery].collection, meaning.period

    def _note(self, file: Listed, sha256: str, meanings: list[Meaning]) -> None:
        received = self._received(file)
        for meaning in meanings:
            self._finds.candidates[self._group(meaning)].append(
                Candidate(
                    meaning.delivery, meaning.table, meaning.version, received, file.modified_at, file.name, sha256
                )
            )
        for collection in sorted({self._supplier.deliveries[meaning.delivery].collection for meaning in meanings}):
            self._finds.arrivals.append(
                Arrival(sha256, self._supplier.key, collection, file.name, file.bytes, received, file.modified_at)
            )
