"""What is remembered of suppliers' places between two looks: what was read there, and what was wrong.

Here: three tables and the two statements' worth of work on them, all set-based. None of it decides what is in force: with
the tables emptied, the next look reads every remote file again, tells every trouble again, and finds the same submissions.
Paths are plain text (`arrival.place.plain_text`); the tables are closed to analysts like the rest of the ledger.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, String, Table, Text, text
from sqlalchemy.engine import Engine

from pact_pipeline.ledger.guard import terse
from pact_pipeline.ledger.schema import metadata

_WHEN = DateTime(timezone=True)

place = Table(
    "place",
    metadata,
    Column("supplier", Text, primary_key=True),
    Column("url", Text, primary_key=True, comment="as in the supplier's file; holds no secret"),
    Column("first_listed_at", _WHEN, nullable=False),
    Column("last_listed_at", _WHEN, nullable=False),
    comment="Places that could be listed. One that could once and can't be found now has vanished.",
)
listing = Table(
    "listing",
    metadata,
    Column("supplier", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("stamp", Text, nullable=False, comment="time and version (etag) of the file as its place says them"),
    Column("sha256", String(64), nullable=False, comment="of the bytes that were read then"),
    Column("read_at", _WHEN, nullable=False),
    comment="Remote files that were read, so that an unchanged one isn't fetched every minute.",
)
trouble = Table(
    "trouble",
    metadata,
    Column("trouble_id", BigInteger, Identity(), primary_key=True),
    Column("supplier", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("path", Text, nullable=False, comment="the file; empty for the place as a whole"),
    Column("code", Text, nullable=False),
    Column("since", _WHEN, nullable=False),
    Column("last_seen", _WHEN, nullable=False),
    Column("ended_at", _WHEN, nullable=True),
    comment="What was wrong with a place or a file in it, from when to when.",
)
Index(
    "one_trouble_at_a_time",
    trouble.c.supplier,
    trouble.c.url,
    trouble.c.path,
    trouble.c.code,
    unique=True,
    postgresql_where=trouble.c.ended_at.is_(None),
)

SourceKey = tuple[str, str]
SourceErrorKey = tuple[str, str, str, str]
"""Supplier, URL, path and code."""


@dataclass(frozen=True)
class Note:
    """A remote file that was read at `read_at`, and had these bytes."""

    supplier: str
    url: str
    path: str
    bytes: int
    stamp: str
    sha256: str
    read_at: datetime


@dataclass(frozen=True)
class OpenError:
    """A trouble that has not ended. `last_seen`: when the place was last tried and had it."""

    since: datetime
    last_seen: datetime


@dataclass(frozen=True)
class Remembered:
    """What earlier looks left: notes by place and path, places ever listed, and troubles that stand."""

    notes: Mapping[SourceKey, Mapping[str, Note]]
    listed: Collection[SourceKey]
    standing: Mapping[SourceErrorKey, OpenError]


_KEEP_PLACES = text("""
INSERT INTO ledger.place (supplier, url, first_listed_at, last_listed_at)
SELECT supplier, url, :now, :now FROM unnest(CAST(:supplier AS text[]), CAST(:url AS text[])) AS new (supplier, url)
ON CONFLICT (supplier, url) DO UPDATE SET last_listed_at = excluded.last_listed_at
""")
_KEEP_NOTES = text("""
INSERT INTO ledger.listing (supplier, url, path, bytes, stamp, sha256, read_at)
SELECT supplier, url, path, bytes, stamp, sha256, read_at
FROM unnest(CAST(:supplier AS text[]), CAST(:url AS text[]), CAST(:path AS text[]), CAST(:bytes AS bigint[]),
            CAST(:stamp AS text[]), CAST(:sha256 AS text[]), CAST(:read_at AS timestamptz[]))
  AS new (supplier, url, path, bytes, stamp, sha256, read_at)
ON CONFLICT (supplier, url, path) DO UPDATE
SET bytes = excluded.bytes, stamp = excluded.stamp, sha256 = excluded.sha256, read_at = excluded.read_at
WHERE listing.read_at <= excluded.read_at
""")
_KEEP_TROUBLES = text("""
INSERT INTO ledger.trouble (supplier, url, path, code, since, last_seen)
SELECT supplier, url, path, code, :now, :now
FROM unnest(CAST(:supplier AS text[]), CAST(:url AS text[]), CAST(:path AS text[]), CAST(:code AS text[]))
  AS new (supplier, url, path, code)
ON CONFLICT (supplier, url, path, code) WHERE ended_at IS NULL DO UPDATE SET last_seen = excluded.last_seen
RETURNING supplier, url, path, code, since
""")
_END_TROUBLES = text("""
UPDATE ledger.trouble AS it SET ended_at = :now
FROM unnest(CAST(:supplier AS text[]), CAST(:url AS text[]), CAST(:path AS text[]), CAST(:code AS text[]))
  AS gone (supplier, url, path, code)
WHERE (it.supplier, it.url, it.path, it.code) = (gone.supplier, gone.url, gone.path, gone.code) AND ended_at IS NULL
RETURNING it.supplier, it.url, it.path, it.code, it.since
""")


class SourceMemory:
    """The memory of places in one warehouse."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @terse
    def remembered(self, remote: Collection[SourceKey]) -> Remembered:
        """What is known before a look; notes only of the `remote` places."""
        notes: dict[SourceKey, dict[str, Note]] = {}
        with self._engine.begin() as connection:
            listed = {
                (row.supplier, row.url) for row in connection.execute(text("SELECT supplier, url FROM ledger.place"))
            }
            standing = {
                (row.supplier, row.url, row.path, row.code): OpenError(row.since, row.last_seen)
                for row in connection.execute(
                    text(
                        "SELECT supplier, url, path, code, since, last_seen FROM ledger.trouble WHERE ended_at IS NULL"
                    )
                )
            }
            if remote:
                found = connection.execute(
                    text(
                        "SELECT supplier, url, path, bytes, stamp, sha256, read_at FROM ledger.listing WHERE (supplier, url)"
                        " IN (SELECT * FROM unnest(CAST(:supplier AS text[]), CAST(:url AS text[])))"
                    ),
                    {"supplier": [supplier for supplier, _ in remote], "url": [url for _, url in remote]},
                )
                for row in found:
                    notes.setdefault((row.supplier, row.url), {})[row.path] = Note(*row)
        return Remembered(notes, listed, standing)

    @terse
    def keep(
        self,
        now: datetime,
        listed: Sequence[SourceKey],
        notes: Sequence[Note],
        met: Sequence[SourceErrorKey],
        over: Sequence[SourceErrorKey],
    ) -> tuple[dict[SourceErrorKey, datetime], dict[SourceErrorKey, datetime]]:
        """Enter what a look found, in one transaction. Returns since when each trouble met stands, and each ended stood.

        A trouble that began in this look has `now`. Of two looks at once only one is told that a trouble ended.
        """
        with self._engine.begin() as connection:
            if listed:
                connection.execute(_KEEP_PLACES, {"now": now, **_columns(listed, ("supplier", "url"))})
            if notes:
                names = tuple(Note.__dataclass_fields__)
                connection.execute(_KEEP_NOTES, {name: [getattr(note, name) for note in notes] for name in names})
            key = ("supplier", "url", "path", "code")
            ended = connection.execute(_END_TROUBLES, {"now": now, **_columns(over, key)}).all() if over else []
            # Sorted, so that two looks at once take the rows in one order and don't wait for each other for ever.
            kept = connection.execute(_KEEP_TROUBLES, {"now": now, **_columns(sorted(met), key)}).all() if met else []
        return {tuple(row[:4]): row[4] for row in kept}, {tuple(row[:4]): row[4] for row in ended}


def _columns(keys: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: [key[number] for key in keys] for number, name in enumerate(names)}
