"""Whether a database is this home's: it bears a home's id and where that lies, and is asked at every connection.

One database serves one home. Without this, a home whose note is lost or edited, or two homes with one URL, would write into
each other's ledger. Read and written with plain SQL over the driver's own connection: it runs before anything else does.
"""

import socket
from pathlib import Path
from typing import Any

from pact_pipeline.failures import PactFailure
from pact_pipeline.home.note import Home, Whereabouts, read_note

_THERE = "SELECT to_regclass('ledger.home') IS NOT NULL"
_KNOWN = "SELECT home_id, host, path, inode FROM ledger.home WHERE left_at IS NULL ORDER BY since"
_ENTER = "INSERT INTO ledger.home (home_id, host, path, inode, since) VALUES (%s, %s, %s, %s, now())"
_LEFT = "UPDATE ledger.home SET left_at = now() WHERE left_at IS NULL AND host = %s AND path = %s AND inode = %s"
_LEFT_ALL = "UPDATE ledger.home SET left_at = now() WHERE left_at IS NULL"
# Two first connections at once would both enter the home.
_ALONE = "LOCK TABLE ledger.home IN EXCLUSIVE MODE"


def prove_database(connection: Any, home: Home, folder: Path) -> None:
    """Compare what a database says of its home with the home that connects, and bring it up to a home that was moved, is a
    copy with this its own database, or was joined by a machine. Nothing is done in a database without a ledger.

    `connection`: a psycopg connection of the owner's, outside of a transaction. Raises PactFailure HOME-012 for another
    home's database.
    """
    with connection.cursor() as cursor:
        try:
            if not cursor.execute(_THERE).fetchone()[0]:
                return
            here = Whereabouts.of(folder)
            if _agrees(_known(cursor), home, here):
                return
            cursor.execute(_ALONE)
            known = _known(cursor)
            if not _agrees(known, home, here):
                _bring_up(cursor, known, home, here)
            connection.commit()
        finally:
            connection.rollback()


Known = list[tuple[str, Whereabouts]]


def _known(cursor: Any) -> Known:
    return [(row[0], Whereabouts(row[1], row[2], row[3])) for row in cursor.execute(_KNOWN).fetchall()]


def _agrees(known: Known, home: Home, here: Whereabouts) -> bool:
    return (home.home_id, here) in known


def _bring_up(cursor: Any, known: Known, home: Home, here: Whereabouts) -> None:
    ids = {home_id for home_id, _ in known}
    if ids & set(home.formerly):
        cursor.execute(_LEFT_ALL)  # the database of a copy, until now under the original's name
    elif ids - {home.home_id}:
        home_id, place = known[-1]
        raise PactFailure(
            "HOME-012",
            f"this database belongs to another home ({home_id}, at {place}); this one is {home.home_id}",
            where=here.path,
            mend="see that PACT_HOME and PACT_WAREHOUSE_URL belong together.",
        )
    original = next((place for _, place in known if place != here and _is_there(home, place, here)), None)
    if original is not None and not ids & set(home.formerly):
        raise PactFailure(
            "HOME-012",
            f"this database belongs to the home at {original}, which is there still; this folder is a copy of it",
            where=here.path,
            mend=f"use the original (PACT_HOME={original.path}).",
        )
    for _, place in known:
        if place not in home.at:
            cursor.execute(_LEFT, (place.host, place.path, place.inode))
    cursor.execute(_ENTER, (home.home_id, here.host, here.path, here.inode))


def _is_there(home: Home, place: Whereabouts, here: Whereabouts) -> bool:
    """Whether the home lies at another place of this machine too, other than by another path to the same folder."""
    if place.host != socket.gethostname() or place.path == here.path:
        return False
    try:
        found = read_note(Path(place.path))
        return found is not None and found.home_id == home.home_id and not Path(place.path).samefile(here.path)
    except (OSError, PactFailure):
        return True
