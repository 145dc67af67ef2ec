"""Spec of publishing: the former build or the new one, never a mixture and never nothing (architecture#publishing-a-build)."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import psycopg
import pyarrow as pa
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from pact_pipeline.contracts import Column, Contracts
from pact_pipeline.failures import BuildRefused, PactFailure, WarehouseUnavailable
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.warehouse import build_tables, connect, load, publish
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline.warehouse.expectations import ExpectationVerdict
from pact_pipeline_tests.warehouse import small_builds
from pact_pipeline_tests.warehouse.small_builds import AWAITING, CONTRACTS, JOURNEY, build, content, write


@pytest.fixture
def empty(warehouse_engine: Engine) -> Engine:
    """The module's database with nothing published in it."""
    with warehouse_engine.begin() as connection:
        for schema in ("build", "core", "measures", "reference", "ledger"):
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    return warehouse_engine


def ask(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def shown(engine: Engine) -> list[tuple[object, ...]]:
    """Which build the rows that people see say they are of, in both tables, and how many there are."""
    return ask(
        engine,
        "select j.build_id, j.of, a.of, count(*) from core.journey j cross join measures.awaiting a group by 1, 2, 3",
    )


def verdicts(passed: bool, severity: str = "ERROR") -> Callable[[str], Sequence[ExpectationVerdict]]:
    return lambda _: [ExpectationVerdict("all_is_well", passed, severity, "3 found", "core.journey")]  # type: ignore[arg-type]


def test_a_build_is_loaded_and_shown(empty: Engine, tmp_path: Path) -> None:
    done = publish.publish(empty, CONTRACTS, build(tmp_path, "b1", rows=10), "b1", content)
    assert (done.switched, done.former, done.rows) == (True, None, {"core.journey": 10, "measures.awaiting": 3})
    assert shown(empty) == [("b1", "b1", "b1", 30)]
    assert publish.current_build(empty) == "b1"


def test_nothing_is_shown_before_the_first_publication(empty: Engine) -> None:
    assert publish.current_build(empty) is None


def test_publishing_the_current_build_again_does_nothing(empty: Engine, tmp_path: Path) -> None:
    first = publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", verdicts(True))
    again = publish.publish(empty, CONTRACTS, tmp_path / "b1", "b1", verdicts(False))
    assert (again.switched, again.rows["core.journey"]) == (False, 100)
    assert again.verdicts == first.verdicts
    assert len(again.verdicts) == 1


def test_a_former_build_can_be_shown_again(empty: Engine, tmp_path: Path) -> None:
    for name in ("b1", "b2"):
        publish.publish(empty, CONTRACTS, build(tmp_path, name), name, content)
    back = publish.publish(empty, CONTRACTS, tmp_path / "b1", "b1", content)
    assert (back.former, shown(empty)) == ("b2", [("b1", "b1", "b1", 300)])


def test_types_and_empty_cells_arrive_as_they_are(empty: Engine, tmp_path: Path) -> None:
    kinds = small_builds.contract(
        "core",
        "kinds",
        Column("text", "string", "Text"),
        Column("whole", "integer", "Whole number"),
        Column("real", "number", "Number"),
        Column("day", "date", "Day"),
        Column("moment", "timestamp", "Moment"),
        Column("yes", "boolean", "Yes or no"),
    )
    day, moment = pd.Timestamp("2012-08-31"), pd.Timestamp("2012-08-31 12:30:00.000001")
    frame = pd.DataFrame(
        {
            "text": ["née Ó", None],
            "whole": pd.array([2**40, None], "Int64"),
            "real": pd.array([0.1, None], "Float64"),
            "day": [day.date(), None],
            "moment": [moment, None],
            "yes": pd.array([True, None], "boolean"),
        }
    )
    publish.publish(empty, Contracts((kinds,)), write(tmp_path / "b1", "core.kinds", frame), "b1", content)
    assert ask(empty, "select text, whole, real, day, moment, yes from core.kinds order by text nulls last") == [
        ("née Ó", 2**40, 0.1, day.date(), moment.to_pydatetime(), True),
        (None,) * 6,
    ]


def test_schemas_tables_views_and_columns_carry_their_descriptions(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    undescribed = ask(
        empty,
        """select c.oid::regclass::text, a.attname from pg_class c
           join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
           where c.relnamespace::regnamespace::text in ('core', 'measures', 'reference') and c.relkind in ('r', 'v')
             and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)""",
    )
    assert undescribed == []
    assert ask(empty, "select obj_description('core.journey'::regclass), obj_description('core'::regnamespace)") == [
        ("The journey. A row. What the journey is for.", build_tables.SCHEMAS["core"])
    ]
    assert ask(empty, "select col_description('core.journey'::regclass, 3)") == [
        ("Sex, 100% as reported Codes: female = Female; male = Male",)
    ]
    assert ask(empty, "select obj_description('build.core__journey'::regclass)") != [(None,)]


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize("prepared", [False, True])
def test_readers_see_the_former_or_the_new_build_during_switches(
    empty: Engine, tmp_path: Path, level: str, prepared: bool
) -> None:
    names = [f"b{number}" for number in range(6)]
    for name in names:
        build(tmp_path, name, rows=50)
    publish.publish(empty, CONTRACTS, tmp_path / "b0", "b0", content)
    question = "select j.of, a.of, count(*) from core.journey j cross join measures.awaiting a group by 1, 2"
    stop, seen, wrong = threading.Event(), set[str](), list[object]()

    def read(statements: int) -> None:
        """Transactions of several statements, until told to stop."""
        with psycopg.connect(connect.libpq_uri(empty.url)) as connection:
            connection.isolation_level = psycopg.IsolationLevel[level.replace(" ", "_")]
            while not stop.is_set():
                builds = []
                for _ in range(statements):
                    rows = connection.execute(question, prepare=prepared).fetchall()
                    if len(rows) != 1 or rows[0][0] != rows[0][1] or rows[0][2] != 150:
                        wrong.append(rows)
                        return
                    builds.append(rows[0][0])
                connection.commit()
                seen.update(builds)
                if level == "REPEATABLE READ" and len(set(builds)) > 1:
                    wrong.append(builds)
                if builds != sorted(builds):
                    wrong.append(builds)

    readers = [threading.Thread(target=read, args=(statements,)) for statements in (1, 7, 40)]
    for reader in readers:
        reader.start()
    try:
        for name in names[1:]:
            publish.publish(empty, CONTRACTS, tmp_path / name, name, content)
            time.sleep(0.05)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert len(seen) > 2


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
def test_a_transaction_left_open_over_four_switches_never_reads_nothing(
    empty: Engine, tmp_path: Path, level: str
) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b0"), "b0", content)
    with psycopg.connect(connect.libpq_uri(empty.url)) as reader:
        reader.isolation_level = psycopg.IsolationLevel[level.replace(" ", "_")]
        # It has read one table only: the other one must be kept for it as well.
        question = "select of, count(*) from measures.awaiting group by 1"
        assert reader.execute(question, prepare=True).fetchall() == [("b0", 3)]
        postponed = []
        for name in ("b1", "b2", "b3", "b4"):
            done = publish.publish(empty, CONTRACTS, build(tmp_path, name), name, content)
            postponed += done.postponed
            expected = "b0" if level == "REPEATABLE READ" else name
            assert reader.execute(question, prepare=True).fetchall() == [(expected, 3)]
            journeys = reader.execute("select of, count(*) from core.journey group by 1").fetchall()
            assert journeys == [(expected, 100)]
    assert "b0" in postponed
    assert shown(empty) == [("b4", "b4", "b4", 300)]


def test_a_table_is_kept_for_a_reader_who_comes_to_it_late(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b0"), "b0", content)
    with psycopg.connect(connect.libpq_uri(empty.url)) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("select 1")  # a snapshot, and no lock on any table
        for name in ("b1", "b2", "b3", "b4"):
            publish.publish(empty, CONTRACTS, build(tmp_path, name), name, content)
        assert reader.execute("select of, count(*) from core.journey group by 1").fetchall() == [("b0", 100)]


def rows_lying(engine: Engine, table: str = "core__journey") -> dict[str, int]:
    return {
        str(name): int(str(n)) for name, n in ask(engine, f"select build_id, count(*) from build.{table} group by 1")
    }


def test_a_build_is_dropped_two_publications_later(empty: Engine, tmp_path: Path) -> None:
    dropped = [
        publish.publish(empty, CONTRACTS, build(tmp_path, name), name, content).dropped
        for name in ("b1", "b2", "b3", "b4")
    ]
    assert dropped == [(), (), ("b1",), ("b2",)]
    assert rows_lying(empty) == {"b3": 100, "b4": 100}


def test_a_reader_in_the_way_postpones_the_drop_and_no_longer(empty: Engine, tmp_path: Path) -> None:
    for name in ("b1", "b2"):
        publish.publish(empty, CONTRACTS, build(tmp_path, name), name, content)
    with psycopg.connect(connect.libpq_uri(empty.url)) as reader:
        reader.execute("select count(*) from core.journey")
        start = time.perf_counter()
        third = publish.publish(empty, CONTRACTS, build(tmp_path, "b3"), "b3", content)
        assert time.perf_counter() - start < 5
    assert (third.dropped, third.postponed) == ((), ("b1",))
    publish.publish(empty, CONTRACTS, build(tmp_path, "b4"), "b4", content)
    assert set(rows_lying(empty)) == {"b3", "b4"}


def test_a_broken_expectation_keeps_the_former_build(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    with pytest.raises(BuildRefused, match=r"all_is_well \(3 found\)") as refused:
        publish.publish(empty, CONTRACTS, build(tmp_path, "b2"), "b2", verdicts(False))
    assert [verdict.passed for verdict in refused.value.verdicts] == [False]  # type: ignore[attr-defined]
    assert shown(empty) == [("b1", "b1", "b1", 300)]
    assert rows_lying(empty) == {"b1": 100}
    assert publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content).switched


def test_a_warning_does_not_hold_a_build_back(empty: Engine, tmp_path: Path) -> None:
    done = publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", verdicts(False, "WARN"))
    assert (done.switched, [verdict.passed for verdict in done.verdicts]) == (True, [False])


def test_a_judge_who_fails_refuses_the_build_and_tells_no_value(empty: Engine, tmp_path: Path) -> None:
    def evaluate(_: str) -> Sequence[ExpectationVerdict]:
        raise ValueError("CANARY")

    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    with pytest.raises(BuildRefused, match=r"could not be judged \(ValueError\)") as refused:
        publish.publish(empty, CONTRACTS, build(tmp_path, "b2"), "b2", evaluate)
    assert "CANARY" not in str(refused.value)
    assert shown(empty) == [("b1", "b1", "b1", 300)]


def test_a_build_that_is_judged_is_seen_by_nobody(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    at_judgement = []

    def evaluate(_: str) -> Sequence[ExpectationVerdict]:
        at_judgement.append((shown(empty), rows_lying(empty)))
        return []

    publish.publish(empty, CONTRACTS, build(tmp_path, "b2"), "b2", evaluate)
    assert at_judgement == [([("b1", "b1", "b1", 300)], {"b1": 100, "b2": 100})]


@pytest.mark.parametrize("moment", ["judge", "load"])
def test_a_publication_that_dies_leaves_the_former_build_and_the_next_run_completes(
    empty: Engine, tmp_path: Path, moment: str
) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    build(tmp_path, "b2")
    die = (
        "import os, sys; from pathlib import Path; import sqlalchemy as sa\n"
        "from pact_pipeline.warehouse import load, publish; from pact_pipeline_tests.warehouse import small_builds\n"
        "if sys.argv[3] == 'load':\n"
        "    formed = load._Counted._formed\n"
        "    load._Counted._formed = lambda self, batch: formed(self, batch) if 'journey' in str(self.origin.path)"
        " else os._exit(9)\n"
        "publish.publish(sa.create_engine(sys.argv[1]), small_builds.CONTRACTS, Path(sys.argv[2]), 'b2',"
        " lambda build_id: os._exit(9))"
    )
    url = empty.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", die, url, str(tmp_path / "b2"), moment], cwd=CHECKOUT, check=False)
    assert died.returncode == 9
    assert shown(empty) == [("b1", "b1", "b1", 300)]
    assert rows_lying(empty) == ({"b1": 100, "b2": 100} if moment == "judge" else {"b1": 100})
    publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content)
    assert shown(empty) == [("b2", "b2", "b2", 300)]
    assert rows_lying(empty) == {"b1": 100, "b2": 100}


def test_two_publications_at_once_happen_one_after_the_other(empty: Engine, tmp_path: Path) -> None:
    inside, most = [], []

    def evaluate(build_id: str) -> Sequence[ExpectationVerdict]:
        inside.append(build_id)
        most.append(len(inside))
        time.sleep(0.3)
        inside.remove(build_id)
        return []

    failures: list[BaseException] = []

    def run(name: str) -> None:
        try:
            publish.publish(empty, CONTRACTS, build(tmp_path, name), name, evaluate)
        except BaseException as failure:
            failures.append(failure)

    runs = [threading.Thread(target=run, args=(name,)) for name in ("b1", "b2", "b3")]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert (failures, max(most), len(most)) == ([], 1, 3)
    assert len(shown(empty)) == 1


def test_a_contract_that_gains_a_column_changes_the_tables(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    wider = replace(
        JOURNEY, columns=(*JOURNEY.columns[:2], Column("route", "string", "The route"), *JOURNEY.columns[2:])
    )
    build(tmp_path, "b2")
    write(tmp_path / "b2", "core.journey", small_builds.journeys("b2").assign(route="kinship"))
    publish.publish(empty, Contracts((wider, AWAITING)), tmp_path / "b2", "b2", content)
    assert ask(empty, "select distinct build_id, route, sex from core.journey") == [("b2", "kinship", "female")]
    columns = "select attname from pg_attribute where attrelid = 'core.journey'::regclass order by attnum"
    names = [name for (name,) in ask(empty, columns)]
    assert names == ["build_id", "child_key", "sex", "route", "started_on", "of"]
    assert ask(empty, "select col_description('core.journey'::regclass, 4)") == [("The route",)]
    assert ask(empty, "select has_table_privilege('analyst', 'core.journey', 'select')") == [(True,)]


def test_a_column_that_changes_its_type_is_replaced(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    columns = tuple(
        replace(column, type="number") if column.name == "children" else column for column in AWAITING.columns
    )
    build(tmp_path, "b2")
    publish.publish(empty, Contracts((JOURNEY, replace(AWAITING, columns=columns))), tmp_path / "b2", "b2", content)
    assert ask(empty, "select distinct pg_typeof(children)::text from measures.awaiting") == [("double precision",)]
    assert shown(empty) == [("b2", "b2", "b2", 300)]


def test_a_contract_that_loses_a_column_or_goes_takes_it_from_the_views(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    narrower = replace(JOURNEY, columns=tuple(column for column in JOURNEY.columns if column.name != "sex"))
    build(tmp_path, "b2")
    write(tmp_path / "b2", "core.journey", small_builds.journeys("b2").drop(columns="sex"))
    publish.publish(empty, Contracts((narrower,)), tmp_path / "b2", "b2", content)
    assert ask(empty, "select to_regclass('measures.awaiting') is null") == [(True,)]
    with pytest.raises(sa.exc.ProgrammingError):
        ask(empty, "select sex from core.journey")


def test_a_changed_description_is_told(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    other = Contracts((replace(JOURNEY, description="Put better."), AWAITING))
    publish.publish(empty, other, build(tmp_path, "b2"), "b2", content)
    for name in ("core.journey", "build.core__journey"):
        assert "Put better." in str(ask(empty, f"select obj_description('{name}'::regclass)"))


def test_a_file_that_does_not_fit_its_contract_is_refused_by_column(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    frame = small_builds.journeys("b2", 3)
    wrong = {
        "Missing: sex. Unknown: gender": frame.rename(columns={"sex": "gender"}),
        "core.journey.child_key is required and empty in 1 rows": frame.assign(child_key=["a", None, "c"]),
        "core.journey.started_on can't be read as date": frame.assign(started_on=["CANARY", "CANARY", "CANARY"]),
    }
    for message, broken in wrong.items():
        build(tmp_path, "b2")
        write(tmp_path / "b2", "core.journey", broken)
        with pytest.raises(BuildRefused, match=message) as refused:
            publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content)
        assert "CANARY" not in str(refused.value)
    (tmp_path / "b2" / "core" / "journey.parquet").write_bytes(b"no Parquet")
    with pytest.raises(BuildRefused, match="can't be read as Parquet"):
        publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content)
    assert shown(empty) == [("b1", "b1", "b1", 300)]


def test_a_table_of_the_former_build_must_not_be_missing(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    folder = build(tmp_path, "b2")
    (folder / "measures" / "awaiting.parquet").unlink()
    with pytest.raises(BuildRefused, match=r"lacks tables that the current build has: measures\.awaiting"):
        publish.publish(empty, CONTRACTS, folder, "b2", content)
    assert shown(empty) == [("b1", "b1", "b1", 300)]


def test_a_table_that_was_never_built_is_named(empty: Engine, tmp_path: Path) -> None:
    folder = build(tmp_path, "b1")
    (folder / "measures" / "awaiting.parquet").unlink()
    assert publish.publish(empty, CONTRACTS, folder, "b1", content).absent == ("measures.awaiting",)


def test_a_build_without_tables_is_refused(empty: Engine, tmp_path: Path) -> None:
    with pytest.raises(BuildRefused, match="no table to publish"):
        publish.publish(empty, CONTRACTS, tmp_path, "b1", content)


def test_columns_that_identify_people_are_never_published(empty: Engine, tmp_path: Path) -> None:
    identifying = replace(
        JOURNEY, columns=(*JOURNEY.columns, Column("initials", "string", "Initials", identifying=True))
    )
    with pytest.raises(BuildRefused, match="identify people"):
        publish.publish(empty, Contracts((identifying,)), build(tmp_path, "b1"), "b1", content)


def test_a_reader_in_the_way_of_a_new_column_is_told_in_the_end(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    with empty.connect() as connection, psycopg.connect(connect.libpq_uri(empty.url)) as reader:
        reader.execute("select count(*) from core.journey")
        change = "ALTER TABLE build.core__journey ADD COLUMN more text"
        with pytest.raises(WarehouseUnavailable, match="WH-030"):
            build_tables.with_lock_retry(connection, lambda: connection.exec_driver_sql(change), seconds=0.5)


def test_a_server_that_is_gone_is_told_without_its_password(tmp_path: Path) -> None:
    engine = connect.engine_for(sa.make_url("postgresql+psycopg://me:geheim@/pact?host=/nonexistent"))
    with pytest.raises(WarehouseUnavailable, match="can't be reached") as failed:
        publish.publish(engine, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    assert "geheim" not in str(failed.value)


def test_the_analyst_reads_what_is_published_and_nothing_else(
    empty: Engine, tmp_path: Path, warehouse_server: EmbeddedPostgres
) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    with empty.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA ledger")
        connection.exec_driver_sql("CREATE TABLE ledger.submission (submission_id text)")
    url = warehouse_server.url("analyst", database=str(empty.url.database))
    with psycopg.connect(connect.libpq_uri(url), autocommit=True) as analyst:
        for allowed in ("core.journey", "measures.awaiting", "reference.current_build"):
            assert analyst.execute(f"select count(*) from {allowed}").fetchone() != (0,)  # type: ignore[arg-type]
        analyst.execute("set default_transaction_read_only = off")  # a precaution anybody can take off
        for refused in (
            "select * from ledger.submission",
            "select * from build.core__journey",
            "select * from build.core__journey__1",
            "select * from build.publication",
            "create table public.mine (x int)",
            "create table core.mine (x int)",
            "create temporary table mine (x int)",
            "create schema mine",
            "delete from core.journey",
            "update reference.current_build set build_id = 'mine'",
            "insert into measures.awaiting (children) values (1)",
            "truncate build.core__journey",
            "drop view core.journey",
            "create role mine",
            "set role pact_owner",
            "select pg_read_file('/etc/passwd')",
            "copy core.journey to program 'cat'",
            "select rolpassword from pg_authid",
        ):
            with pytest.raises(psycopg.Error) as failed:
                analyst.execute(refused)  # type: ignore[arg-type]
            assert failed.value.sqlstate == "42501", refused  # insufficient privilege
    for other in ("postgres",):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(connect.libpq_uri(warehouse_server.url("analyst", database=other)))


def test_a_database_error_tells_no_row(empty: Engine, tmp_path: Path) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)
    with empty.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE build.core__journey ADD CHECK (child_key <> 'CANARY')")
    build(tmp_path, "b2")
    write(tmp_path / "b2", "core.journey", small_builds.journeys("b2", 1).assign(child_key="CANARY"))
    with pytest.raises(WarehouseUnavailable, match=r"did not take the rows .*core\.journey") as failed:
        publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content)
    assert "CANARY" not in str(failed.value)
    assert failed.value.__suppress_context__
    assert shown(empty) == [("b1", "b1", "b1", 300)]


def test_a_build_larger_than_one_batch_arrives_whole(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "_BATCH", 7)
    done = publish.publish(empty, CONTRACTS, build(tmp_path, "b1", rows=100), "b1", content)
    assert done.rows["core.journey"] == 100
    assert ask(empty, "select count(distinct child_key) from core.journey") == [(100,)]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "DISK-001: the disk is full, while publishing core.journey"),
        (OSError(5, "Input/output error"), "DISK-001: the disk failed, EIO, while publishing core.journey"),
        (pa.ArrowInvalid("child-7 is no Parquet"), "DISK-002: a file of ours is damaged"),
    ],
    ids=["full", "failing", "malformed"],
)
def test_a_file_that_cannot_be_read_to_its_end_is_told_as_that_and_the_former_build_stays(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)

    def fails(*_: object, **__: object) -> object:
        raise error

    with monkeypatch.context() as failing:
        failing.setattr(load.pq.ParquetFile, "iter_batches", fails)
        with pytest.raises(PactFailure) as told:
            publish.publish(empty, CONTRACTS, build(tmp_path, "b2"), "b2", content)
    assert str(told.value).startswith(said)
    assert "child-7" not in str(told.value)
    assert shown(empty) == [("b1", "b1", "b1", 300)]
    publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content)
    assert shown(empty) == [("b2", "b2", "b2", 300)]


def test_a_full_disk_of_the_server_is_told_as_that_and_the_former_build_stays(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish.publish(empty, CONTRACTS, build(tmp_path, "b1"), "b1", content)

    def full(connection: sa.Connection, _: object) -> None:
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")

    with monkeypatch.context() as failing:
        failing.setattr(publish, "_analyse", full)
        with pytest.raises(WarehouseUnavailable, match=r"WH-041: .* \(the disk of its server is full\)"):
            publish.publish(empty, CONTRACTS, build(tmp_path, "b2"), "b2", content)
    assert shown(empty) == [("b1", "b1", "b1", 300)]
    publish.publish(empty, CONTRACTS, tmp_path / "b2", "b2", content)
    assert shown(empty) == [("b2", "b2", "b2", 300)]
