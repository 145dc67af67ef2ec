"""From files to submissions: which files were sent together, which carry over, and when a delivery is complete.

A submission is a manifest: which bytes stand for which table, for one supplier, collection and period. Several
versions of a file in one folder make several submissions in the order of their versions, so that the ledger has both
and the later supersedes. A table sent again alone makes a submission that carries the others over.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.due import due_date
from pact_pipeline.ledger import Submission, SubmissionFile, manifest_of
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Supplier

# Later than every look before it.
THIS_LOOK = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """A file found for a table of a period; the same bytes may have come before.

    `received_at`: when it was first seen. `modified_at`: what the file itself says, which the sender sets. `look`: when,
    by the machine's clock, the look was entered in which it was first seen, whatever a made-up home's clock says.
    """

    delivery: int
    table: str
    version: int
    received_at: datetime
    modified_at: datetime
    name: str
    sha256: str
    look: datetime = THIS_LOOK


@dataclass(frozen=True)
class Waiting:
    """A delivery that isn't complete and not yet due: what is missing, and when it closes without."""

    supplier: str
    collection: str
    period: str
    missing: tuple[str, ...]
    due: date | None


def submissions_of(
    supplier: Supplier,
    collection: str,
    period: Period,
    candidates: Sequence[Candidate],
    known: Sequence[Submission],
    contracts: Contracts,
    today: date,
) -> tuple[list[Submission], Waiting | None]:
    """The new submissions that these files make, in order, and what is still waited for.

    `known` are the ledger's submissions of the same supplier, collection and period, oldest first.
    """
    seen = {(file.table, file.sha256) for submission in known for file in submission.files}
    last = known[-1] if known else None
    in_hand = {file.table: file for file in last.files} if last else {}
    made: list[Submission] = []
    waiting: Waiting | None = None
    arrived: datetime | None = None
    sent_now: set[str] = set()
    in_order = batches(candidates)
    # Where what is in hand stands among the files: bytes seen before and sent again after it are a correction taken back.
    stands_at = {
        candidate.table: number
        for number, wave in enumerate(in_order)
        for candidate in wave
        if candidate.table in in_hand and in_hand[candidate.table].sha256 == candidate.sha256
    }
    for number, wave in enumerate(in_order):
        fresh = [
            candidate
            for candidate in wave
            if (candidate.table, candidate.sha256) not in seen
            or (number > stands_at.get(candidate.table, number) and in_hand[candidate.table].sha256 != candidate.sha256)
        ]
        if not fresh:
            continue
        for candidate in fresh:
            stands_at[candidate.table] = number
            in_hand[candidate.table] = SubmissionFile(candidate.table, candidate.sha256, candidate.name)
            seen.add((candidate.table, candidate.sha256))
            sent_now.add(candidate.table)
        newest = max(candidate.received_at for candidate in fresh)
        arrived = max(arrived, newest) if arrived else newest
        missing = missing_tables(supplier, collection, period, in_hand, contracts)
        due = due_date(period, [contracts[f"{collection}.{table}"] for table in (*in_hand, *missing)])
        if missing and last is None and (due is None or today <= due):
            waiting = Waiting(supplier.key, collection, period.key, missing, due)
            continue
        waiting = None
        files = tuple(
            SubmissionFile(file.table, file.sha256, file.file_name, carried_over=file.table not in sent_now)
            for file in in_hand.values()
        )
        manifest = manifest_of(files)
        if last is not None and manifest == last.manifest:
            continue
        sequence = last.sequence + 1 if last else 1
        last = Submission(
            submission_id=f"{supplier.key}-{collection}-{period.key}-{sequence:02d}",
            supplier=supplier.key,
            collection=collection,
            period=period.key,
            sequence=sequence,
            # A made-up home's receipts, or a store's clock, can put a correction before what it corrects; order must hold.
            received_at=max(arrived, last.received_at) if last else arrived,
            manifest=manifest,
            files=files,
            contract_version=contract_version(collection, [file.table for file in files], contracts),
            supersedes=last.submission_id if last else None,
        )
        made.append(last)
        arrived, sent_now = None, set()
    return made, waiting


def batches(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Files that were sent together: one file a table, the same delivery and version; in the order they count in.

    That order is by the version in the name, then by what we saw first. What a file says of its own age only parts those
    first seen in the same look and received at the same moment.
    """
    ordered = sorted(
        candidates,
        key=lambda one: (one.delivery, one.version, one.look, one.received_at, one.modified_at, one.name),
    )
    grouped: list[list[Candidate]] = []
    sent_together: dict[tuple[int, int], list[list[Candidate]]] = defaultdict(list)
    times_sent: dict[tuple[int, int, str], int] = defaultdict(int)
    for candidate in ordered:
        same = sent_together[candidate.delivery, candidate.version]
        # The second file of a table goes into the second wave, and so on.
        number = times_sent[candidate.delivery, candidate.version, candidate.table]
        times_sent[candidate.delivery, candidate.version, candidate.table] += 1
        if number == len(same):
            same.append([])
            grouped.append(same[-1])
        same[number].append(candidate)
    return grouped


def missing_tables(
    supplier: Supplier, collection: str, period: Period, present: Mapping[str, object], contracts: Contracts
) -> tuple[str, ...]:
    """The needed tables that a complete delivery would have, for every delivery of which a table is there."""
    missing: dict[str, None] = {}
    for delivery in supplier.serving(collection, period):
        tables = delivery.layout_for(period).tables
        if not any(table in present for table in tables):
            continue
        # A period kind is shared by the tables that come together: a court quarter never waits for the yearly counts.
        kinds = {contracts[f"{collection}.{table}"].every for table in tables if table in present}
        for table in tables:
            contract = contracts[f"{collection}.{table}"]
            if contract.needed and contract.every in kinds and table not in present:
                missing[table] = None
    return tuple(missing)


def contract_version(collection: str, tables: Sequence[str], contracts: Contracts) -> str:
    """`1.0.0` where all tables have one version, else `children 1.0.0, milestones 1.1.0`."""
    versions = {table: contracts[f"{collection}.{table}"].version for table in sorted(tables)}
    if len(set(versions.values())) == 1:
        return next(iter(versions.values()))
    return ", ".join(f"{table} {version}" for table, version in versions.items())
