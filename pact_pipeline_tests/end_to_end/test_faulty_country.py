"""The whole way on faulty extracts: every difference from the truth is a refused row, and no identifier leaves its place.

Into one extract canaries are planted: an extra column with names, one with a CHI number, a sentinel in a coded cell. After
everything has run, failures included, they and the children's references are searched for wherever they must not be.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from benchmarks.verdicts import compared
from pact_pipeline.clock import make_up_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.contracts.due import returns_due
from pact_pipeline.failures import BuildRefused
from pact_pipeline.flows.build_folder import newest_build
from pact_pipeline.generator import generate
from pact_pipeline.home import make_home
from pact_pipeline.lake.pseudonyms import Pseudonyms
from pact_pipeline.ledger import Ledger
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings
from pact_pipeline.suppliers import TableMapping, load_suppliers
from pact_pipeline.warehouse import expectations, publish
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.end_to_end.conftest import COUNCILS, SmallCountry, files_below, take_the_whole_way
from pact_pipeline_tests.end_to_end.test_clean_country import DATES, SPELL, stays

CANARY_NAME, CANARY_CHI, CANARY_CELL = "Zuleika Quaresmini", "0504104459", "CANARYCELL7731"
CANARY_COUNCIL, CANARY_PERIOD, NEWEST = "MLN", "2013-05", "2013-07"


@pytest.fixture(scope="module")
def country(environment: pytest.MonkeyPatch, warehouse_server: EmbeddedPostgres) -> Iterator[SmallCountry]:
    settings = Settings.from_environment()
    make_home(settings)
    make_up_clock(settings, returns_due(Period.parse(NEWEST), load_contracts(settings.contracts)))
    generate(settings.arrivals, settings.truth, councils=COUNCILS, faults=True, contracts_folder=settings.contracts)
    (settings.truth / "summary.json").write_text(json.dumps({}), encoding="utf-8")
    plant_canaries(settings)
    made = take_the_whole_way(warehouse_server, faults=True)
    break_a_build(made)
    yield made
    made.engine.dispose()
    made.analyst.dispose()


def plant_canaries(settings: Settings) -> None:
    """Names and a CHI number in one month, sentinels in cells of it and of the newest month's decisions and ends."""
    contracts = load_contracts(settings.contracts)
    supplier = load_suppliers(settings.contracts / "suppliers", contracts)[CANARY_COUNCIL]
    delivery = supplier.delivery("councils")[0]

    def change(period: Period, table: str, edit: Callable[[pd.DataFrame, TableMapping], None]) -> None:
        layout = delivery.layout_for(period)
        path = settings.home / delivery.url / layout.file_name(supplier, period, table)
        form = {"sep": layout.delimiter, "encoding": layout.encoding}
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, **form)
        edit(frame, layout.tables[table])
        came = path.stat().st_mtime
        frame.to_csv(path, index=False, **form)
        os.utime(path, (came, came))  # a file of this very moment counts as still being written

    def names(frame: pd.DataFrame, _: TableMapping) -> None:
        frame["Child name"], frame["CHI number"] = CANARY_NAME, CANARY_CHI

    def sentinels(frame: pd.DataFrame, mapping: TableMapping) -> None:
        frame.loc[[3, 4], mapping.columns["on_date"]] = CANARY_CELL
        frame.loc[5, mapping.columns["milestone"]] = CANARY_CELL

    def decisions(frame: pd.DataFrame, mapping: TableMapping) -> None:
        words = {code: word for word, code in mapping.codes.get("milestone", {}).items()}
        decision = words.get("adm_decision", "adm_decision")
        decided = frame.index[frame[mapping.columns["milestone"]] == decision][:12]
        assert len(decided) == 12
        frame.loc[decided, mapping.columns["on_date"]] = CANARY_CELL

    def ends(frame: pd.DataFrame, mapping: TableMapping) -> None:
        ended = frame.index[frame[mapping.columns["looked_after_to"]] != ""][:4]
        frame.loc[ended, mapping.columns["destination"]] = CANARY_CELL

    change(Period.parse(CANARY_PERIOD), "children", names)
    change(Period.parse(CANARY_PERIOD), "milestones", sentinels)
    change(Period.parse(NEWEST), "milestones", decisions)
    change(Period.parse(NEWEST), "children", ends)


def break_a_build(country: SmallCountry) -> None:
    """A build that can't be true, so that failing runs are searched too."""
    build = newest_build(country.settings)
    broken = country.settings.builds / f"{build.build_id}-broken"
    for file in build.folder.rglob("*.parquet"):
        target = broken / file.relative_to(build.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        table = pq.read_table(file)
        if file.stem == "awaiting":
            children = table.column("children").to_pylist()
            table = table.set_column(table.schema.get_field_index("children"), "children", [[-1, *children[1:]]])
        pq.write_table(table, target)
    with pytest.raises(BuildRefused):
        publish.publish(
            country.engine,
            load_contracts(country.settings.contracts),
            broken,
            broken.name,
            lambda name: expectations.evaluate(country.engine.url, name),
        )


def test_the_former_build_stays_when_one_is_refused(country: SmallCountry) -> None:
    assert publish.current_build(country.engine) == newest_build(country.settings).build_id
    with country.analyst.connect() as connection:
        assert connection.execute(sa.text("select min(children) from measures.awaiting")).scalar() == 0


def test_read_is_taken_and_refused_in_every_submission(country: SmallCountry) -> None:
    submissions = country.ledger.submissions()
    judged = submissions[submissions["rows_read"].notna()]
    assert (judged["rows_read"] == judged["rows_taken"] + judged["rows_refused"]).all()
    assert (judged["rows_refused"] > 0).any()


def refused_children(country: SmallCountry) -> set[tuple[str, str]]:
    """(submission, child_key) of every child that a refused row was about, by the raw reference where no key was made."""
    settings, found = country.settings, set()
    pseudonyms = Pseudonyms.from_settings(settings)
    for file in (settings.lake_restricted / "councils").glob("*__refused/*.parquet"):
        rows = pq.read_table(file).to_pandas()
        if "text_child_ref" in rows.columns:
            keys = pseudonyms.keys("child", file.stem.split("-")[0], rows["text_child_ref"].str.strip())
            found |= {(file.stem, key) for key in keys if isinstance(key, str)}
    return found


def test_every_difference_from_the_truth_is_explained_by_a_refused_row(country: SmallCountry) -> None:
    core, truth = country.built("core.journey"), country.truth("journeys")
    newest = country.ledger.in_force().query("collection == 'councils'").groupby("supplier")["period"].max()
    assert (newest == NEWEST).all(), "the truth is as at the newest month, so every council must have reached it"
    both = truth.merge(core, on=SPELL, how="outer", suffixes=("_true", ""), indicator=True)
    gone = (both["_merge"] == "left_only") & (both["ended_on_true"] <= pd.Timestamp("2011-09-01"))
    both = both[~gone]
    differs = both["_merge"] != "both"
    for column in DATES:
        true, found = pd.to_datetime(both[f"{column}_true"]), pd.to_datetime(both[column])
        differs |= ~((true == found) | (true.isna() & found.isna()))
    stages, true_stages = stays(country.built("core.stage_wait")), stays(country.truth("stages"))
    apart = true_stages.merge(stages, how="outer", indicator=True).query("_merge != 'both'")
    observed = set(map(tuple, both[["council", "child_key"]].to_numpy()))
    children = set(map(tuple, both.loc[differs, ["council", "child_key"]].to_numpy()))
    children |= set(map(tuple, apart[["council", "child_key"]].to_numpy())) & observed
    assert len(children) >= 4, "faults that change nothing prove nothing"
    # Explained: a row of the child was refused in the very submission the core knows it by, or in a newer one, or the core
    # knows nothing of the child because all its rows were refused.
    known_by = core.groupby("child_key")["submission_id"].max().to_dict()
    refused: dict[str, set[str]] = {}
    for submission, child in refused_children(country):
        refused.setdefault(child, set()).add(submission)
    unexplained = {
        child
        for _, child in children
        if not any(submission >= known_by.get(child, "") for submission in refused.get(child, set()))
    }
    assert unexplained == set()


def forbidden_values(country: SmallCountry) -> list[bytes]:
    """The canaries, and the references of children and carers that no number or date could be mistaken for."""
    references = set(country.truth("journeys")["child_ref"]) | set(country.truth("carers")["carer_ref"])
    telling = [ref for ref in references if len(ref) >= 6 and not ref.isdigit()]
    assert len(telling) > 50, "the search must have something to find"
    return [value.encode() for value in (CANARY_NAME, CANARY_CHI, CANARY_CELL, *sorted(telling)[::5])]


def hits(paths: Iterator[Path], values: list[bytes]) -> set[str]:
    """Which files hold any of the values; Parquet is searched as text, since it is compressed on the disk."""
    found = set()
    for path in paths:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content = pq.read_table(path).to_pandas().to_csv().encode()
        if any(value in content for value in values):
            found.add(path.name)
    return found


def test_no_identifier_and_no_cell_is_found_outside_the_restricted_places(
    country: SmallCountry, warehouse_server: EmbeddedPostgres
) -> None:
    settings, values = country.settings, forbidden_values(country)
    assert hits(files_below(settings.lake_restricted), values), "the search finds what is there"
    places = (settings.dagster_home, settings.lake_open, settings.builds, settings.reports)
    assert hits(files_below(*places), values) == set()
    assert hits(iter([warehouse_server.status().log]), values) == set()
    assert not any(value.decode() in country.printed for value in values)


def test_no_identifier_is_found_in_what_an_analyst_can_read(country: SmallCountry) -> None:
    values = forbidden_values(country)
    with country.analyst.connect() as connection:
        tables = connection.execute(sa.text(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema in ('core', 'measures', 'reference')"
        )).all()  # fmt: skip
        assert len(tables) > 15
        for schema, table in tables:
            text = "\n".join(
                str(row) for row in connection.execute(sa.text(f'select * from {schema}."{table}"'))
            ).encode()
            assert not any(value in text for value in values), f"{schema}.{table}"


def test_the_restricted_places_are_closed(country: SmallCountry) -> None:
    settings = country.settings
    made = (settings.arrivals, settings.archive, settings.feedback, settings.builds, settings.truth)
    for folder in (*made, settings.lake_open.parent, settings.lake_restricted, settings.key_file.parent):
        assert folder.stat().st_mode & 0o077 == 0, folder.name
    assert settings.key_file.stat().st_mode & 0o077 == 0
    workbooks = list(settings.feedback.rglob("*.xlsx"))
    assert workbooks
    assert all(book.stat().st_mode & 0o077 == 0 for book in workbooks)


def test_the_canary_s_names_were_not_taken_and_the_council_is_told(country: SmallCountry) -> None:
    submission = f"{CANARY_COUNCIL}-councils-{CANARY_PERIOD}-01"
    state = country.ledger.submissions().set_index("submission_id").loc[submission]
    assert state["state"] == "taken_with_refusals", "an extract with names is taken, without them"
    table = pq.read_table(country.settings.lake_restricted / "councils" / "children" / f"{submission}.parquet")
    assert "Child name" not in table.column_names


def test_the_verdicts_are_the_planted_ones_but_where_canaries_were_put(country: SmallCountry) -> None:
    planted, lines = compared(country.settings, Ledger(country.engine))
    assert planted > 30
    differ = {line.partition(" (")[0] for line in lines}
    assert differ <= {f"{CANARY_COUNCIL} councils {CANARY_PERIOD}", f"{CANARY_COUNCIL} councils {NEWEST}"}
