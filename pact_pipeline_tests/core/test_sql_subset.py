"""The SQL keeps to what DuckDB, PostgreSQL and Spark read alike; proven by parsing it, not by reading it."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pact_pipeline.core import build as core_build
from pact_pipeline.measures import build as measures_build

FILES = sorted([*core_build.SQL.rglob("*.sql"), *measures_build.SQL.rglob("*.sql")])
DIALECTS = ("duckdb", "postgres", "spark")


def faults(text: str) -> list[str]:
    """What in a statement the three engines would read differently."""
    tree = sqlglot.parse_one(text, dialect="postgres")
    # Where nothing is said, PostgreSQL puts nulls first in a descending order and Spark in an ascending one.
    found = [
        f"ORDER BY {ordered.this.sql()} does not say NULLS LAST"
        for dialect in ("postgres", "spark")
        for ordered in sqlglot.parse_one(text, dialect=dialect).find_all(exp.Ordered)
        if ordered.args.get("nulls_first") is not False and not _within_group(ordered)
    ]
    found += [
        f"{division.sql()} divides without a cast"
        for division in tree.find_all(exp.Div)
        if not all(isinstance(side, exp.Cast) for side in (division.left, division.right))
    ]
    found += ["QUALIFY is not known to PostgreSQL" for _ in tree.find_all(exp.Qualify)]
    return found


def _within_group(ordered: exp.Ordered) -> bool:
    """percentile_cont leaves nulls out by itself, and Spark allows no NULLS LAST there."""
    return ordered.find_ancestor(exp.WithinGroup) is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_keeps_to_the_common_subset(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_file_is_read_by_each_engine_s_grammar(path: Path, dialect: str) -> None:
    assert sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect=dialect) is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_begins_with_its_grain(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(f"-- {path.stem}")
    assert "one row is" in first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select a from t order by a", "NULLS LAST"),
        ("select row_number() over (order by a desc) from t", "NULLS LAST"),
        ("select 7 / 2", "divides"),
    ],
)
def test_the_check_can_fail(text: str, words: str) -> None:
    assert any(words in fault for fault in faults(text))
