"""A person's number is minted once: a crosswalk that is gone or changed is damage, and none takes its place unsaid."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pact_pipeline.failures import PactFailure
from pact_pipeline.linkage import link_identities
from pact_pipeline.linkage.identity import damaged_crosswalk
from pact_pipeline_tests.intake.conftest import Office, contracts, ledger, office
from pact_pipeline_tests.intake.country import six_children

__all__ = ["contracts", "ledger", "office"]


def crosswalk(office: Office) -> Path:
    (path,) = (office.settings.lake_restricted / "linkage").glob("crosswalk*.parquet")
    return path


def numbers(office: Office) -> dict[str, str]:
    table = pq.read_table(crosswalk(office)).to_pydict()
    return dict(zip(table["child_key"], table["person_id"], strict=True))


def taken(office: Office) -> Office:
    office.write(six_children())
    office.take_all()
    return office


def test_each_child_gets_one_number_and_keeps_it(office: Office) -> None:
    assert link_identities(taken(office).settings, office.ledger) == 6
    before = numbers(office)
    assert sorted(before.values()) == [f"P{number:08d}" for number in range(1, 7)]
    assert link_identities(office.settings, office.ledger) == 0
    tables = six_children()
    tables["children"].append({**tables["children"][0], "child_ref": "C099"})
    office.write({"children": tables["children"]}, only=["children"], version=" v2", at="2012-09-20")
    office.take_all()
    assert link_identities(office.settings, office.ledger) == 1
    after = numbers(office)
    assert {key: after[key] for key in before} == before
    assert set(after.values()) - set(before.values()) == {"P00000007"}
    assert crosswalk(office).name == "crosswalk-2.parquet"
    assert crosswalk(office).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(b"PAR1"),
        lambda path: pq.write_table(pq.read_table(path).slice(1), path),
    ],
    ids=["gone", "no Parquet", "a person less"],
)
def test_a_damaged_crosswalk_is_told_and_nobody_gets_another_number(
    office: Office, harm: Callable[[Path], object]
) -> None:
    link_identities(taken(office).settings, office.ledger)
    path = crosswalk(office)
    data = path.read_bytes()
    harm(path)
    with pytest.raises(PactFailure, match=r"LAKE-010: 1 file .* lake/restricted/linkage/crosswalk-1.parquet"):
        link_identities(office.settings, office.ledger)
    assert damaged_crosswalk(office.settings, office.ledger) == ["lake/restricted/linkage/crosswalk-1.parquet"]
    path.write_bytes(data)
    assert link_identities(office.settings, office.ledger) == 0
    assert damaged_crosswalk(office.settings, office.ledger) == []


def test_two_at_once_mint_each_number_once(office: Office) -> None:
    taken(office)
    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(lambda _: link_identities(office.settings, office.ledger), range(3))) == [0, 0, 6]
    assert len(set(numbers(office).values())) == 6


def test_a_crosswalk_of_before_it_had_versions_is_taken_over(office: Office) -> None:
    link_identities(taken(office).settings, office.ledger)
    before = numbers(office)
    folder = office.settings.lake_restricted / "linkage"
    crosswalk(office).rename(folder / "crosswalk.parquet")
    with office.ledger.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE ledger.crosswalk DISABLE TRIGGER USER")
        connection.exec_driver_sql("DELETE FROM ledger.crosswalk")
        connection.exec_driver_sql("ALTER TABLE ledger.crosswalk ENABLE TRIGGER USER")
    assert link_identities(office.settings, office.ledger) == 0
    assert numbers(office) == before
    assert crosswalk(office).name == "crosswalk-1.parquet"
    assert office.ledger.crosswalk() is not None


def test_a_version_written_and_not_recorded_does_not_hold_and_goes(office: Office) -> None:
    link_identities(taken(office).settings, office.ledger)
    before = numbers(office)
    killed = office.settings.lake_restricted / "linkage" / "crosswalk-2.parquet"
    pq.write_table(pa.table({"person_id": ["P99999999"]}), killed)
    assert link_identities(office.settings, office.ledger) == 0
    assert not killed.exists()
    assert numbers(office) == before
