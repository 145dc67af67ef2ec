"""What suppliers owe, held against what came: four kinds of nothing, and late told apart from in time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from pact_pipeline.arrival import Discovery, Waiting
from pact_pipeline.arrivals_calendar.expected import Arrived, Expected, arrivals_calendar, as_frame, owed
from pact_pipeline.arrivals_calendar.page import arrivals_page, reminder
from pact_pipeline.contracts import Contracts, load_contracts
from pact_pipeline.periods import Period
from pact_pipeline.settings import CHECKOUT
from pact_pipeline.submission_state import State
from pact_pipeline.suppliers import Supplier, load_suppliers

TODAY = date(2012, 12, 20)
NONE_FOUND = pd.DataFrame({"submission_id": [], "rule": []})


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts(CHECKOUT / "data_contracts")


@pytest.fixture(scope="module")
def suppliers(contracts: Contracts) -> dict[str, Supplier]:
    return dict(load_suppliers(CHECKOUT / "data_contracts" / "suppliers", contracts))


def came(*rows: tuple[str, str, int, str, str]) -> pd.DataFrame:
    """(supplier, period, sequence, received on, state) as the ledger's frame."""
    return pd.DataFrame(
        [
            {
                "submission_id": f"{supplier}-councils-{period}-{sequence:02d}",
                "supplier": supplier,
                "collection": "councils",
                "period": period,
                "sequence": sequence,
                "received_at": datetime.fromisoformat(received).replace(tzinfo=UTC),
                "state": state,
            }
            for supplier, period, sequence, received, state in rows
        ],
        columns=["submission_id", "supplier", "collection", "period", "sequence", "received_at", "state"],
    )


def found(**seen: list[object]) -> Discovery:
    parts: dict[str, object] = {
        "submissions": [], "registered": [], "files_seen": 0, "files_new": 0, "waiting": [], "unmatched": [],
        "growing": [], "unreachable": [],
    }  # fmt: skip
    return Discovery(**{**parts, **seen})  # type: ignore[arg-type]


def calendar_of(
    suppliers: dict[str, Supplier],
    contracts: Contracts,
    submissions: pd.DataFrame,
    seen: Discovery | None = None,
    findings: pd.DataFrame = NONE_FOUND,
) -> dict[str, Expected]:
    """Glasgow's calendar by period."""
    only = {"GLG": suppliers["GLG"]}
    drawn = arrivals_calendar(only, contracts, submissions, findings, seen, today=TODAY)
    return {one.period.key: one for one in drawn}


def test_a_council_owes_every_month_that_is_over_since_it_joined(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    told = owed(suppliers["GLG"], contracts, TODAY)
    assert [(collection, period.key, due) for collection, period, due in told] == [
        ("councils", "2012-08", date(2012, 9, 15)),
        ("councils", "2012-09", date(2012, 10, 15)),
        ("councils", "2012-10", date(2012, 11, 15)),
        ("councils", "2012-11", date(2012, 12, 15)),
    ]


def test_courts_owe_quarters_and_clas_owes_years(suppliers: dict[str, Supplier], contracts: Contracts) -> None:
    assert [period.key for _, period, _ in owed(suppliers["scts"], contracts, date(2013, 7, 1))] == [
        "2012-Q3", "2012-Q4", "2013-Q1", "2013-Q2",
    ]  # fmt: skip
    assert owed(suppliers["clas"], contracts, date(2013, 7, 31))[-1] == (
        "clas",
        Period.parse("CLAS2013"),
        date(2013, 11, 30),
    )


def test_in_time_late_nothing_and_not_yet_due_are_four_things(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    drawn = calendar_of(
        suppliers,
        contracts,
        came(("GLG", "2012-08", 1, "2012-09-15T22:59", "taken"), ("GLG", "2012-09", 1, "2012-10-15T23:00", "taken")),
    )
    assert {key: (one.arrived, one.days_late) for key, one in drawn.items()} == {
        "2012-08": (Arrived.CAME, 0),
        "2012-09": (Arrived.CAME_LATE, 1),
        "2012-10": (Arrived.NOTHING_CAME, 35),
        "2012-11": (Arrived.NOTHING_CAME, 5),
    }
    early = arrivals_calendar({"GLG": suppliers["GLG"]}, contracts, came(), NONE_FOUND, None, today=date(2012, 9, 15))
    assert [(one.period.key, one.arrived) for one in early] == [("2012-08", Arrived.EXPECTED)]
    assert not early[0].needs_attention


def test_lateness_is_the_first_deliverys_and_the_verdict_the_newest_ones(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    drawn = calendar_of(
        suppliers,
        contracts,
        came(("GLG", "2012-08", 1, "2012-09-10", "refused"), ("GLG", "2012-08", 2, "2012-11-01", "taken")),
    )["2012-08"]
    assert (drawn.arrived, drawn.state, drawn.note) == (Arrived.CAME, State.TAKEN, "delivery 2")
    assert not drawn.needs_attention


def test_a_delivery_with_the_bytes_of_the_month_before_came_unchanged(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    same = pd.DataFrame({"submission_id": ["GLG-councils-2012-09-01"], "rule": ["FILE-011"]})
    held = calendar_of(suppliers, contracts, came(("GLG", "2012-09", 1, "2012-10-01", "held")), findings=same)
    assert held["2012-09"].arrived is Arrived.CAME_UNCHANGED
    decided = calendar_of(suppliers, contracts, came(("GLG", "2012-09", 1, "2012-10-01", "taken")), findings=same)
    assert decided["2012-09"].arrived is Arrived.CAME, "a person found it right"


def test_what_lies_at_the_place_tells_three_kinds_of_nothing_apart(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    incomplete = found(waiting=[Waiting("GLG", "councils", "2012-11", ("matches",), date(2012, 12, 15))])
    drawn = calendar_of(suppliers, contracts, came(), incomplete)
    assert (drawn["2012-11"].arrived, drawn["2012-11"].note) == (Arrived.INCOMPLETE, "lacks matches")
    away = found(unreachable=[("GLG", "sftp://glg/out", "it does not answer")])
    assert calendar_of(suppliers, contracts, came(), away)["2012-11"].arrived is Arrived.UNREACHABLE


def test_a_file_of_unknown_name_counts_for_the_newest_missing_period_alone(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    drawn = calendar_of(suppliers, contracts, came(), found(unmatched=[("GLG", "readme.txt")]))
    assert {key: one.arrived for key, one in drawn.items()} == {
        "2012-08": Arrived.NOTHING_CAME,
        "2012-09": Arrived.NOTHING_CAME,
        "2012-10": Arrived.NOTHING_CAME,
        "2012-11": Arrived.UNKNOWN_NAME,
    }
    assert drawn["2012-11"].note == "1 file with a name we don't know"


def test_before_the_due_day_nobody_is_chased_whatever_lies_there(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    odd = found(
        unmatched=[("GLG", "readme.txt")],
        waiting=[Waiting("GLG", "councils", "2012-08", ("matches",), date(2012, 9, 15))],
    )
    (one,) = arrivals_calendar({"GLG": suppliers["GLG"]}, contracts, came(), NONE_FOUND, odd, today=date(2012, 9, 15))
    assert (one.arrived, one.note, one.needs_attention) == (Arrived.EXPECTED, "lacks matches", False)


def test_the_table_has_a_row_for_each_delivery_owed(suppliers: dict[str, Supplier], contracts: Contracts) -> None:
    drawn = calendar_of(suppliers, contracts, came(("GLG", "2012-08", 1, "2012-09-10", "refused")))
    frame = as_frame(drawn.values())
    assert len(frame) == 4
    assert frame.iloc[0].to_dict() == {
        "supplier": "GLG", "collection": "councils", "period": "2012-08", "due": date(2012, 9, 15), "arrived": "came",
        "received_at": pd.Timestamp("2012-09-10", tz="UTC"), "days_late": 0, "submission_id": "GLG-councils-2012-08-01",
        "state": "refused", "note": "",
    }  # fmt: skip


def test_a_reminder_says_all_that_is_owed_and_how_to_test_it(
    suppliers: dict[str, Supplier], contracts: Contracts
) -> None:
    drawn = calendar_of(suppliers, contracts, came(("GLG", "2012-08", 1, "2012-09-10", "refused")))
    owes = [one for one in drawn.values() if one.needs_attention]
    assert reminder(owes, TODAY) == (
        "To: data.officer@glasgow-city.example\n"
        "Subject: Glasgow City: 4 deliveries for the permanence data set\n"
        "\n"
        "Dear colleague at Glasgow City,\n"
        "\n"
        "on 20 December 2012 this is what we still need from you:\n"
        "\n"
        "- councils, 2012-08 (due 15 September 2012): your delivery was refused. Your feedback workbook says why and how"
        " to mend it. Please send it again.\n"
        "- councils, 2012-09 (due 15 October 2012): nothing has come. It is 66 days late. Please send it, or tell us when"
        " you will.\n"
        "- councils, 2012-10 (due 15 November 2012): nothing has come. It is 35 days late. Please send it, or tell us when"
        " you will.\n"
        "- councils, 2012-11 (due 15 December 2012): nothing has come. It is 5 days late. Please send it, or tell us when"
        " you will.\n"
        "\n"
        "You can test a file before you send it: pact check FILE --supplier GLG --period 2012-08\n"
        "Until it comes, your former return stays in force and counts in the reports.\n"
        "\n"
        "The programme office\n"
    )


def test_the_page_shows_what_needs_attention_first_and_every_supplier(
    suppliers: dict[str, Supplier], contracts: Contracts, tmp_path: Path
) -> None:
    drawn = arrivals_calendar(
        suppliers, contracts, came(("GLG", "2012-08", 1, "2012-09-10", "taken")), NONE_FOUND, None, today=TODAY
    )
    page = arrivals_page(drawn, TODAY, datetime(2012, 12, 20, 7, tzinfo=UTC))
    assert page.index("What needs attention") < page.index("Councils&#39; monthly returns")
    assert all(
        supplier.name.replace("&", "&amp;") in page for supplier in suppliers.values() if supplier.kind == "council"
    )
    assert "Build" not in page
