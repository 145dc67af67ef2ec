"""The lake's schema and the warehouse's table say what the contract says, and nothing of their own."""

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import BigInteger, Column, MetaData, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from pact_pipeline.contracts import Contract
from pact_pipeline.contracts.arrow_schema import arrow_schema
from pact_pipeline.contracts.pandera_schema import pandera_schema
from pact_pipeline.contracts.row_checks import row_checks, table_checks
from pact_pipeline.contracts.sql_tables import warehouse_table
from pact_pipeline.contracts.validate import validate_frame
from pact_pipeline.failures import PactFailure
from pact_pipeline_tests.contracts.example_rows import context, contracts, from_example_row, supplied

TABLES = pytest.mark.parametrize("contract", supplied(), ids=lambda contract: contract.key)


@TABLES
def test_the_two_lake_trees_share_no_column_and_leave_none_out(contract: Contract) -> None:
    opened, restricted = arrow_schema(contract, "open"), arrow_schema(contract, "restricted")
    assert not set(opened.names) & set(restricted.names)
    own = [name for name in [*opened.names, *restricted.names] if not name.endswith("_shorthand")]
    assert sorted(own) == sorted(contract.column_names)


def test_a_date_of_birth_is_in_the_restricted_tree_only() -> None:
    contract = contracts()["councils.children"]
    assert "date_of_birth" not in arrow_schema(contract, "open").names
    assert arrow_schema(contract, "restricted").field("date_of_birth").type == pa.date32()


def test_a_count_with_shorthand_has_a_companion_for_the_sign() -> None:
    schema = arrow_schema(contracts()["clas.annual_counts"])
    assert schema.field("count").type == pa.int64()
    assert schema.field("count_shorthand").type == pa.string()


@TABLES
def test_a_typed_frame_goes_into_its_lake_schema(contract: Contract) -> None:
    frame = from_example_row(contract, [{}])
    own = [field for tree in ("open", "restricted") for field in arrow_schema(contract, tree)]
    schema = pa.schema([field for field in own if field.name in frame.columns])
    table = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    assert table.num_rows == 1


@TABLES
def test_the_warehouse_table_carries_the_contracts_words(contract: Contract) -> None:
    table = warehouse_table(contract, MetaData(), "core")
    assert contract.title in str(table.comment)
    assert set(table.columns.keys()) == {column.name for column in contract.open_columns}
    for column in contract.open_columns:
        assert str(table.columns[column.name].comment).startswith(column.description)
    assert "CREATE TABLE core." in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_the_build_leads_the_key_of_a_warehouse_table() -> None:
    build = Column("build_id", Text, primary_key=True, comment="The build.")
    table = warehouse_table(contracts()["courts.annual_counts"], MetaData(), "build", build)
    assert [column.name for column in table.primary_key] == [
        "build_id",
        "year",
        "area",
        "application_type",
        "publication",
    ]
    assert isinstance(table.columns["lodged"].type, BigInteger)


def test_a_comment_gives_the_code_list() -> None:
    table = warehouse_table(contracts()["courts.applications"], MetaData(), "core")
    assert "POA = Permanence order with authority to adopt" in str(table.columns["application_type"].comment)


@TABLES
def test_every_check_of_the_pandera_schema_carries_the_code_of_its_finding(contract: Contract) -> None:
    schema = pandera_schema(contract)
    assert list(schema.columns) == list(contract.column_names)
    codes = [check.name for column in schema.columns.values() for check in column.checks]
    assert sorted(codes) == sorted(row_check.code for row_check in row_checks(contract))
    of_table = {table_check.code for table_check in table_checks(contract)}
    assert {rule.code for rule in contract.rules} - of_table <= set(codes), "rules on the table are no checks of rows"
    assert not of_table & set(codes)
    assert pandera_schema(contract) is schema, "made once and kept"


def test_a_frame_of_other_columns_or_types_is_a_fault_of_the_caller() -> None:
    contract = contracts()["councils.placements"]
    frame = from_example_row(contract, [{}])
    with pytest.raises(PactFailure, match="hasn't exactly the columns"):
        validate_frame(contract, frame.drop(columns="to_date"), context(contract))
    text: pd.DataFrame = frame.astype({"to_date": "str"})
    with pytest.raises(PactFailure, match=r"'to_date' of councils.placements is str, datetime64\[us\] is needed"):
        validate_frame(contract, text, context(contract))
