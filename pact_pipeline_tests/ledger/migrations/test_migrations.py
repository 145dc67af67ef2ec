"""A ledger that a former version made is brought up on first use, whole and without loss."""

import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from pact_pipeline.failures import PactFailure
from pact_pipeline.ledger import Ledger, migrations
from pact_pipeline.ledger.schema import NEVER_CHANGED, metadata
from pact_pipeline.warehouse.connect import engine_for, psql_command
from pact_pipeline.warehouse.embedded import EmbeddedPostgres, closed_database

FORMER = Path(__file__).parent / "ledger_0000.sql"
"""The ledger of two councils' year, as the version before migrations wrote it: 47 submissions, one of them held and decided
on, and what was wrong with suppliers' places."""
SINCE_THEN = ("lake_file", "replacement", "crosswalk")


@pytest.fixture
def empty(warehouse_server: EmbeddedPostgres) -> Iterator[Engine]:
    """A database with nothing in it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    keeper = engine_for(warehouse_server.url()).execution_options(isolation_level="AUTOCOMMIT")
    with keeper.connect() as connection:
        for statement in closed_database(name):
            connection.execute(text(statement))
    engine = engine_for(warehouse_server.url(database=name))
    yield engine
    engine.dispose()
    keeper.dispose()


@pytest.fixture
def former(empty: Engine) -> Engine:
    """A database with the former version's ledger."""
    command, environment = psql_command(empty.url)
    subprocess.run([*command, "-Xq", "-v", "ON_ERROR_STOP=1", "-f", str(FORMER)], env=environment, check=True)
    return empty


def everything(connection: Connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table and view of a ledger."""
    names = [*inspect(connection).get_table_names("ledger"), *inspect(connection).get_view_names("ledger")]
    found = {}
    for name in sorted(set(names) - {"schema_version"}):
        rows = connection.execute(text(f"SELECT row_to_json(one) FROM ledger.{name} one"))
        found[name] = sorted((dict(row[0]) for row in rows), key=str)
    in_force = "SELECT row_to_json(one) FROM ledger.in_force_at('2013-03-01', 'infinity') one"
    return found | {"in_force_at": sorted((dict(row[0]) for row in connection.execute(text(in_force))), key=str)}


def test_the_former_ledger_is_brought_up_without_loss(former: Engine) -> None:
    with former.connect() as connection:
        before = everything(connection)
    assert len(before["submission"]) == 47
    assert len(before["decision"]) == 1
    Ledger(former).create()
    with former.connect() as connection:
        after = everything(connection)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]] if rows else after[name]
        assert sorted(kept, key=str) == rows, name


def test_every_question_to_the_former_ledger_is_answered(former: Engine) -> None:
    Ledger(former).create()
    ledger = Ledger(former)
    assert len(ledger.submissions()) == 47
    assert len(ledger.in_force()) == len(ledger.that_count()) - 2  # one month was refused, one judged otherwise
    assert ledger.last_decisions()["STG-councils-2013-07-02"].decision == "refuse"
    assert len(ledger.verdicts()) == 47
    assert not ledger.tables_in_force().empty
    assert not ledger.findings().empty
    assert ledger.received() == []
    assert len(ledger.fingerprint()) == 64


def test_bringing_up_twice_and_two_at_once_does_no_harm(former: Engine) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: Ledger(former).create(), range(3)))
    with former.connect() as connection:
        once = everything(connection)
    Ledger(former).create()
    with former.connect() as connection:
        assert everything(connection) == once
        assert connection.scalar(text("SELECT version_num FROM ledger.schema_version")) == migrations.newest()


def test_a_revision_that_breaks_off_leaves_the_former_ledger(former: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    with former.connect() as connection:
        before = everything(connection)
    real, done = op.execute, []

    def breaks_off(statement: str) -> None:
        done.append(statement)
        if len(done) == 4:
            raise ConnectionError
        real(statement)

    monkeypatch.setattr(op, "execute", breaks_off)
    with pytest.raises(ConnectionError):
        Ledger(former).create()
    monkeypatch.undo()
    with former.connect() as connection:
        assert everything(connection) == before
        assert connection.scalar(text("SELECT to_regclass('ledger.schema_version') IS NULL"))
    Ledger(former).create()
    with former.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM ledger.schema_version")) == migrations.newest()


def test_a_ledger_that_a_newer_version_made_is_told_and_left_alone(empty: Engine) -> None:
    Ledger(empty).create()
    with empty.begin() as connection:
        connection.execute(text("UPDATE ledger.schema_version SET version_num = '9999'"))
    with pytest.raises(PactFailure) as refused:
        Ledger(empty).create()
    assert str(refused.value) == (
        "LEDGER-004: a newer version of the pipeline made this ledger (its revision is 9999). Where: schema ledger of the"
        " warehouse. To mend: install the version of the pipeline that made it, or a later one. Nothing was changed."
    )


def test_a_ledger_from_before_the_first_release_is_told_and_left_alone(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE SCHEMA ledger"))
        connection.execute(text("CREATE TABLE ledger.submission (submission_id text, state text)"))
    with pytest.raises(PactFailure, match="LEDGER-004: a version of the pipeline from before its first release"):
        Ledger(empty).create()
    with empty.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('ledger.judging')")).scalar() is None


@pytest.mark.parametrize("made", ["empty", "former"])
def test_the_revisions_lead_to_what_is_declared(made: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(made)
    Ledger(engine).create()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_schemas": True,
                "version_table": migrations.VERSION_TABLE,
                "version_table_schema": migrations.SCHEMA,
                "include_name": lambda name, kind, _: kind != "schema" or name == "ledger",
            },
        )
        assert compare_metadata(context, metadata) == []
        for table in metadata.sorted_tables:
            there = inspect(connection).get_check_constraints(table.name, "ledger")
            declared = {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
            assert {one["name"] for one in there} == declared, table.name


def test_the_chain_of_revisions_is_one() -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(migrations.FOLDER))
    revisions = [one.revision for one in script.walk_revisions()][::-1]
    assert revisions == [f"{number:04d}" for number in range(len(revisions))]
    assert script.get_current_head() == migrations.newest()


@pytest.mark.parametrize("table", [name for name in NEVER_CHANGED if name not in SINCE_THEN])
@pytest.mark.parametrize("statement", ["TRUNCATE ledger.{} CASCADE", "DELETE FROM ledger.{}"])
def test_no_fact_of_the_former_ledger_can_be_taken_out(former: Engine, table: str, statement: str) -> None:
    Ledger(former).create()
    with former.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM ledger.{table}")) > 0
        with pytest.raises(DBAPIError, match=r"a row of ledger\.\w+ never changes"):
            connection.execute(text(statement.format(table)))


def test_every_table_of_facts_refuses_change_and_emptying(empty: Engine) -> None:
    Ledger(empty).create()
    with empty.connect() as connection:
        found = connection.execute(
            text(
                "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
                " AND tgenabled = 'O' AND tgfoid = 'ledger.facts_never_change'::regproc"
            )
        )
        assert {tuple(row) for row in found} == {
            (f"ledger.{table}", name)
            for table in NEVER_CHANGED
            for name in ("facts_never_change", "facts_are_never_emptied")
        }
