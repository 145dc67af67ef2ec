"""Analysts' sessions now, and the end of those that outlast the limits: a login can lift those for itself, but not this.

Whoever stays in a transaction keeps former builds on the disk, and a change of the tables waits for him. A session's statement
is never told: it may hold a child's reference.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from pact_pipeline.failures import WarehouseUnavailable
from pact_pipeline.warehouse.connect import reached
from pact_pipeline.warehouse.logins import (
    IDLE_IN_TRANSACTION_MINUTES,
    IDLE_MINUTES,
    IS_ANALYST,
    STATEMENT_MINUTES,
    TRANSACTION_MINUTES,
)

GRACE_MINUTES = 1
"""The server itself ends whoever has kept his limits, and tells him more kindly."""
LIMITS = {
    doing: timedelta(minutes=minutes + GRACE_MINUTES)
    for doing, minutes in {
        "runs a statement": STATEMENT_MINUTES,
        "waits in a transaction": IDLE_IN_TRANSACTION_MINUTES,
        "is in a transaction": TRANSACTION_MINUTES,
        "does nothing": IDLE_MINUTES,
    }.items()
}

_DOING = f"""
SELECT a.usename, a.pid, what.doing, what.since, clock_timestamp() - what.since AS lasts
FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid CROSS JOIN LATERAL (VALUES
    ('runs a statement', CASE WHEN state = 'active' THEN query_start END),
    ('waits in a transaction', CASE WHEN state LIKE 'idle in transaction%' THEN state_change END),
    ('is in a transaction', xact_start),
    ('does nothing', CASE WHEN state = 'idle' THEN state_change END)
  ) AS what (doing, since)
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.usename <> current_user
  AND what.since IS NOT NULL AND {IS_ANALYST}
ORDER BY a.usename, a.pid, what.since
"""  # noqa: S608
_MAY_END = sa.text("SELECT pg_has_role(current_user, 'pg_signal_backend', 'USAGE')")
_END = sa.text("SELECT pg_terminate_backend(:pid)")


@dataclass(frozen=True)
class Session:
    """What a session of an analyst does, and since when. One that is in a transaction is told twice."""

    login: str
    pid: int
    doing: str
    since: datetime
    lasts: timedelta

    def __str__(self) -> str:
        return f"session {self.pid} of {self.login} {self.doing} since {self.since:%Y-%m-%d %H:%M:%S} UTC"


def sessions(connection: Connection) -> list[Session]:
    """The sessions of all logins with the analysts' rights. Of a server whose owner may not see them, none."""
    return [Session(*row) for row in connection.execute(sa.text(_DOING))]


def end_outlasting(engine: Engine, limits: dict[str, timedelta] = LIMITS) -> list[str]:
    """End the sessions that outlast the limits; a line for each, also for one that could not be ended."""
    with reached(engine) as connection:
        beyond = {one.pid: one for one in sessions(connection) if one.lasts > limits[one.doing]}
        if not beyond:
            return []
        if not connection.scalar(_MAY_END):
            return [f"{one}, and could not be ended: {_LACKS}" for one in beyond.values()]
        for pid in beyond:
            connection.execute(_END, {"pid": pid})
        return [f"{one}, and was ended" for one in beyond.values()]


def end(engine: Engine, pid: int) -> str:
    """End one session of an analyst; a line that says so. Raises WarehouseUnavailable WH-055 where there is none, WH-056
    where the owner may not."""
    with reached(engine) as connection:
        found = next((one for one in sessions(connection) if one.pid == pid), None)
        if found is None:
            raise WarehouseUnavailable(
                "WH-055", f"There is no session {pid} of an analyst.", mend="see them: pact warehouse sessions"
            )
        if not connection.scalar(_MAY_END):
            raise WarehouseUnavailable("WH-056", f"Session {pid} could not be ended.", mend=_LACKS)
        connection.execute(_END, {"pid": pid})
        return f"{found}, and was ended"


_LACKS = "pact warehouse check says what the owner lacks"
