"""The ledger's schema through time: alembic revisions, applied on first use by a newer version of the pipeline.

Every change of the ledger's tables, views or functions is a revision of its own: a file `versions/NNNN_words.py` with the next
number, `down_revision` the one before, and in `upgrade` the SQL that leads there, written out (what `ledger.schema` declares
goes on changing; a revision never does). The tests hold all revisions together against the declarations, and upgrade the
ledger of a former version. There is no way back: a ledger that was upgraded is read by this version and later ones.
"""

from pathlib import Path

from sqlalchemy import Connection, text

from pact_pipeline.failures import PactFailure

FOLDER = Path(__file__).parent
SCHEMA, VERSION_TABLE = "ledger", "schema_version"
AS_IT_WAS = "0000"
# What the schema's comment said before there were revisions.
_BEFORE_REVISIONS = "ledger of the pipeline, version 2"


def newest() -> str:
    """The newest revision this version of the pipeline knows."""
    return max(_known())


def is_newest(connection: Connection) -> bool:
    """Whether the ledger of a database is of this version of the pipeline already."""
    return _revision(connection) == newest()


def upgrade(connection: Connection) -> None:
    """Bring the ledger of a database to the newest revision, in the caller's transaction: whole or not at all.

    Nothing is done where it is there already. Raises PactFailure LEDGER-004 where a newer version of the pipeline made the
    ledger, or one older than can be brought up.
    """
    made, comment = connection.execute(
        text(
            "SELECT to_regclass('ledger.submission') IS NOT NULL,"
            " obj_description(to_regnamespace('ledger'), 'pg_namespace')"
        )
    ).one()
    at = _revision(connection)
    if at == newest():
        return
    if at is not None and at not in _known():
        raise _another_version(f"a newer version of the pipeline made this ledger (its revision is {at})")
    if at is None and made and comment != _BEFORE_REVISIONS:
        raise _another_version("a version of the pipeline from before its first release made this ledger")
    # Alembic takes a fifth of a second to import, and most commands find nothing to do.
    from alembic import command
    from alembic.config import Config

    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    if at is None and made:
        command.stamp(config, AS_IT_WAS)
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if connection.scalar(text(f"SELECT to_regclass('{SCHEMA}.{VERSION_TABLE}') IS NULL")):  # names are ours
        return None
    at: str | None = connection.scalar(text(f"SELECT version_num FROM {SCHEMA}.{VERSION_TABLE}"))  # noqa: S608
    return at


def _known() -> set[str]:
    return {path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def _another_version(what: str) -> PactFailure:
    return PactFailure(
        "LEDGER-004",
        what,
        where=f"schema {SCHEMA} of the warehouse",
        mend="install the version of the pipeline that made it, or a later one. Nothing was changed.",
    )
