"""Links of people who have a database login of their own, and no account on the machine of the home.

After connecting as himself a person leaves the hash of a token in the warehouse, by a function that notes the login he came in
by; nobody else's can be written. It leaves one row a login, and one change a second, as nobody may fill the disk with them.
"""

import secrets

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pact_pipeline.failures import PactFailure
from pact_pipeline.orchestration.ui.links import HOLDS_SECONDS, TOKEN_BYTES, hash_of_token
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.connect import analyst_url, engine_for, reached
from pact_pipeline.warehouse.logins import READERS

_MADE = sa.text("SELECT to_regprocedure('ui.make_link(text)') IS NOT NULL")
_MAKING = (
    "CREATE SCHEMA IF NOT EXISTS ui",
    "COMMENT ON SCHEMA ui IS 'Links into the control room, for people who log in here: run pact ui link --login'",
    """CREATE TABLE IF NOT EXISTS ui.link (
        login name PRIMARY KEY,
        token_hash text NOT NULL,
        made_at timestamp with time zone NOT NULL
    )""",
    "COMMENT ON TABLE ui.link IS 'The newest link of each login that was not used yet, by the hash of its token.'",
    """CREATE OR REPLACE FUNCTION ui.make_link(token_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF token_hash IS NULL OR token_hash !~ '^[0-9a-f]{64}$' THEN
            RAISE EXCEPTION 'a link is left as the SHA-256 of its token, in 64 hexadecimal digits';
        END IF;
        IF EXISTS (SELECT FROM ui.link l
                   WHERE l.login = session_user AND l.made_at > clock_timestamp() - interval '1 second') THEN
            RAISE EXCEPTION 'one link a second';
        END IF;
        INSERT INTO ui.link AS l VALUES (session_user, token_hash, clock_timestamp())
        ON CONFLICT (login) DO UPDATE SET token_hash = EXCLUDED.token_hash, made_at = EXCLUDED.made_at;
    END $$""",
    "COMMENT ON FUNCTION ui.make_link(text) IS 'Leaves a link into the control room for whoever is logged in.'",
    "REVOKE ALL ON FUNCTION ui.make_link(text) FROM PUBLIC",
    f"GRANT USAGE ON SCHEMA ui TO {READERS}",
    f"GRANT EXECUTE ON FUNCTION ui.make_link(text) TO {READERS}",
)
# A row that its login holds locked is passed over: the control room waits for nobody.
_REDEEM = sa.text("""
    DELETE FROM ui.link WHERE login IN (SELECT login FROM ui.link WHERE token_hash = :hash FOR UPDATE SKIP LOCKED)
    RETURNING login, clock_timestamp() - made_at < make_interval(secs => :holds)
""")


def prepare(engine: Engine) -> None:
    """Make what links by login need, where it is missing. `engine`: the owner's."""
    with reached(engine) as connection, connection.begin():
        if not connection.scalar(_MADE):
            for statement in _MAKING:
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def mint(settings: Settings) -> str:
    """A token for the person whose login PACT_WAREHOUSE_ANALYST_URL holds. Raises WarehouseUnavailable WH-020, WH-021 or WH-046
    where he can't come in by it, PactFailure UI-005 where the warehouse takes no links."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    engine = engine_for(analyst_url(settings))
    state = None
    try:
        with reached(engine) as connection, connection.begin():
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
            connection.execute(sa.text("SELECT ui.make_link(:hash)"), {"hash": hash_of_token(token)})
        return token
    except DBAPIError as failure:
        state = getattr(failure.orig, "sqlstate", None)
    finally:
        engine.dispose()
    raise PactFailure(
        "UI-005",
        "the warehouse takes no link from this login"
        + (
            ": one was made a moment ago"
            if state == "P0001"
            else " (the UI was never opened, or the login is no analyst's)"
        ),
        mend="try again in a moment; else ask whoever opens the UI.",
    )


def redeem(engine: Engine, token: str) -> str | None:
    """Whose link it is, by database login; None where there is none, or it is too old. It is used up."""
    try:
        with engine.begin() as connection:
            found = connection.execute(_REDEEM, {"hash": hash_of_token(token), "holds": HOLDS_SECONDS}).first()
    except SQLAlchemyError:  # a warehouse that is stopped has no links
        return None
    return f"{found[0]} (database login)" if found and found[1] else None
