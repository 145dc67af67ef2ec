"""The repository holds code, contracts and published figures: no stray file, and nobody's rows, made up or not."""

import csv
import re
import subprocess
from pathlib import Path

import pytest

from pact_pipeline.contracts import load_contracts
from pact_pipeline.settings import CHECKOUT

TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "README.md", "benchmarks", "data_contracts", "docs",
    "pact_pipeline", "pact_pipeline_tests",
    "pyproject.toml", "requirements.lock", "requirements-dev.lock", "workspace.yaml",
}  # fmt: skip
"""All that lies at the top. A new name is added here with the change that brings it."""
MAY_HOLD_ROWS = (
    "pact_pipeline/reference/",  # published figures and codes, with their sources
    "pact_pipeline_tests/ledger/migrations/",  # a ledger of a made-up country: hashes and counts, no child
)
SOURCES = {".py", ".sql", ".yaml", ".css", ".jinja", ".toml", ".lock", ".md"}
FEWEST_HEADINGS, MOST_DATES = 3, 20
DATE = re.compile(rb"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4})(?!\d)")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.decode().split("\0") if name and (CHECKOUT / name).is_file()]


def headings() -> set[str]:
    """Every column of a table that suppliers send, and every heading of theirs for it."""
    from pact_pipeline.suppliers import load_suppliers

    contracts = load_contracts(CHECKOUT / "data_contracts")
    found = {name for contract in contracts.values() for name in contract.column_names}
    for supplier in load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts).values():
        for delivery in supplier.deliveries:
            for _, layout in delivery.layouts:
                for table in layout.tables.values():
                    found |= set(table.columns.values())
    return {name.casefold() for name in found}


def looks_like_rows(data: bytes, known: set[str]) -> str:
    """Why a file looks like somebody's rows; '' where it doesn't."""
    lines = [line for line in data.splitlines() if DATE.search(line)]
    if len(lines) >= MOST_DATES:
        return f"{len(lines)} lines with dates"
    first = data.partition(b"\n")[0].decode("utf-8-sig", errors="replace").strip()
    for delimiter in ",;\t|":
        cells = {cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])}
        if len(cells & known) >= FEWEST_HEADINGS:
            return "headings of a contract"
    return ""


def test_nothing_lies_at_the_top_that_is_not_on_the_list() -> None:
    assert {name.partition("/")[0] for name in tracked()} <= TOP


def test_no_tracked_file_holds_rows_of_a_supplier() -> None:
    known = headings()
    suspicious = {
        name: why
        for name in tracked()
        if not name.startswith(MAY_HOLD_ROWS)
        and Path(name).suffix not in SOURCES
        and (why := looks_like_rows((CHECKOUT / name).read_bytes(), known))
    }
    assert suspicious == {}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Swift No,SCN,Initials,Date of Birth\nK1,2,WH,08/02/1995\n", "headings of a contract"),
        (b"\xef\xbb\xbfchild_ref;initials;date_of_birth\n", "headings of a contract"),
        (b"K1,08/02/1995\n" * 20, "20 lines with dates"),
        (b"K1,1995-02-08\n" * 19, ""),
        (b"all:\n\tmake demo\n", ""),
    ],
)
def test_rows_are_known_by_headings_or_dates(data: bytes, why: str) -> None:
    assert looks_like_rows(data, headings()) == why
