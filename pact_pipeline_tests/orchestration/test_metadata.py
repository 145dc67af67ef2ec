"""The three checks on what landed: none passes on nothing, none while the submission is held or refused."""

from typing import Any

import pytest

from pact_pipeline.ledger import FindingCount, TableVerdict, Verdict
from pact_pipeline.orchestration.metadata import MOST_FINDINGS_SHOWN, check_results, finding_metadata
from pact_pipeline.submission_state import State

REFUSED_ROWS = FindingCount("children", "CH-003", "sex", "refuse", 2, 10)
HOLDS = FindingCount("children", "CH-020", "", "hold", 4, 9)
UNREADABLE = FindingCount("children", "FILE-001", "", "file", 0)


def verdict(state: State, *findings: FindingCount, read: int = 10, refused: int = 0) -> Verdict:
    tables = (TableVerdict("children", read, read - refused, refused, 0),) if read else ()
    return Verdict("MLN-councils-2012-08-01", state, tables, findings)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (verdict(State.TAKEN), {"file": True, "rows": True, "conservation": True}),
        (
            verdict(State.TAKEN_WITH_REFUSALS, REFUSED_ROWS, refused=2),
            {"file": True, "rows": "WARN", "conservation": True},
        ),
        (verdict(State.HELD, HOLDS), {"file": "ERROR", "rows": "ERROR", "conservation": "ERROR"}),
        (verdict(State.REFUSED, UNREADABLE, read=0), {"file": "ERROR", "rows": "ERROR", "conservation": "ERROR"}),
        (verdict(State.TAKEN, read=0), {"file": True, "rows": "WARN", "conservation": "WARN"}),
        # Accepted by a person: what held it stands there still.
        (verdict(State.TAKEN, HOLDS), {"file": "WARN", "rows": True, "conservation": True}),
    ],
    ids=["taken", "taken with refusals", "held", "unreadable", "taken without rows", "accepted"],
)
def test_each_check_passes_or_says_how_bad_it_is(told: Verdict, expected: dict[str, Any]) -> None:
    assert {name: passed or severity.value for name, passed, severity, _ in check_results(told)} == expected


def test_what_held_it_is_shown_with_the_rows_looked_at() -> None:
    figures = {name: shown for name, _, _, shown in check_results(verdict(State.HELD, HOLDS))}
    for name in ("file", "rows"):
        (record,) = figures[name]["findings"].records  # type: ignore[attr-defined]
        assert record.data == {
            "table": "children",
            "rule": "CH-020",
            "column": "",
            "severity": "hold",
            "rows": 4,
            "rows_examined": 9,
        }


def test_a_table_of_findings_that_is_cut_says_so() -> None:
    many = [FindingCount("children", f"CH-{number:03d}", "", "warn", number, 99) for number in range(31)]
    shown = finding_metadata(many)
    assert len(shown["findings"].records) == MOST_FINDINGS_SHOWN  # type: ignore[attr-defined]
    assert shown["findings_shown"].value == "the 25 with most rows, of 31; all stand in the feedback"
    assert set(finding_metadata(many[:25])) == {"findings"}
