"""The whole way on clean extracts of three councils and twelve months, held against the generator's truth.

The truth's stages come from `generator/truth.py`, plain Python that shares no code with the SQL: a second method.
"""

import io
from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa
from rich.console import Console

from benchmarks.verdicts import compared
from pact_pipeline.cli.demo import run_demo
from pact_pipeline.contracts import load_contracts
from pact_pipeline.failures import PactFailure
from pact_pipeline.flows.build import compute_core
from pact_pipeline.ledger import Ledger
from pact_pipeline.measures.estimates import estimate_all
from pact_pipeline.suppliers import load_suppliers
from pact_pipeline.warehouse.embedded import EmbeddedPostgres
from pact_pipeline_tests.end_to_end.conftest import COUNCILS, SmallCountry, take_the_whole_way
from pact_pipeline_tests.measures.true_country import true_frames

SPELL = ["council", "child_key", "spell_no"]
DATES = [
    "started_on", "ended_on", "away_from_home_from", "recommended_on", "panel_on", "approved_on", "linked_on", "matched_on",
    "placed_on", "lodged_on", "secured_on", "exit_on",
]  # fmt: skip


@pytest.fixture(scope="module")
def country(environment: pytest.MonkeyPatch, warehouse_server: EmbeddedPostgres) -> Iterator[SmallCountry]:
    made = take_the_whole_way(warehouse_server, faults=False)
    yield made
    made.engine.dispose()
    made.analyst.dispose()


@pytest.fixture(scope="module")
def journeys(country: SmallCountry) -> pd.DataFrame:
    """Truth and core side by side for every spell of the observed population."""
    both = country.truth("journeys").merge(
        country.built("core.journey"), on=SPELL, how="outer", suffixes=("_true", ""), indicator=True
    )
    unseen = both["_merge"] == "left_only"
    assert (both.loc[unseen, "ended_on_true"] <= pd.Timestamp("2011-09-01")).all(), (
        "only children gone before any return"
    )
    assert not (both["_merge"] == "right_only").any()
    return both[both["_merge"] == "both"]


def test_every_row_of_a_clean_extract_is_taken(country: SmallCountry) -> None:
    submissions = country.ledger.submissions()
    assert set(submissions["state"]) == {"taken"}
    assert (submissions["rows_read"] == submissions["rows_taken"]).all()
    assert len(submissions[submissions["collection"] == "councils"]) == len(COUNCILS) * 12


@pytest.mark.parametrize("column", DATES)
def test_every_date_of_a_journey_is_the_true_one(journeys: pd.DataFrame, column: str) -> None:
    true, found = pd.to_datetime(journeys[f"{column}_true"]), pd.to_datetime(journeys[column])
    assert found.notna().any()
    assert ((true == found) | (true.isna() & found.isna())).all()


@pytest.mark.parametrize(
    "column", ["secured_kind", "exit_kind", "destination", "rounds", "recommended_plan", "approved_plan"]
)
def test_every_end_of_a_journey_is_the_true_one(journeys: pd.DataFrame, column: str) -> None:
    true, found = journeys[f"{column}_true"].fillna("none"), journeys[column].fillna("none")
    assert (true == found).all()


def test_every_stay_in_a_stage_is_the_true_one(country: SmallCountry) -> None:
    found, true = stays(country.built("core.stage_wait")), stays(country.truth("stages"))
    observed = found[SPELL].drop_duplicates()
    true = true.merge(observed, on=SPELL)
    differing = true.merge(found, how="outer", indicator=True).query("_merge != 'both'")
    assert len(found) > 1000
    assert differing.empty


def test_every_stock_is_the_true_one(country: SmallCountry) -> None:
    found = country.built("measures.awaiting").query("area != 'SCO' and stage != 'all_awaiting'")
    true = country.truth("stock").rename(columns={"council": "area", "children": "truth"})
    for frame in (found, true):
        frame["month_end"] = pd.to_datetime(frame["month_end"]).astype("datetime64[s]")
    both = found.merge(true, on=["area", "month_end", "stage"], how="left")
    assert len(both) == len(COUNCILS) * 12 * 8
    assert (both["children"] == both["truth"].fillna(0)).all()


def test_every_estimate_is_the_same_estimator_on_the_true_journeys(country: SmallCountry) -> None:
    true = true_frames(country.settings.truth, "2012-08", "2013-07")
    month_ends = sorted(pd.to_datetime(country.built("measures.estimate")["month_end"]).unique())
    expected, _ = estimate_all(true.journey, true.carer_approval, true.match, [pd.Timestamp(day) for day in month_ends])
    found = country.built("measures.estimate")
    key = ["month_end", "area", "measure", "series", "category", "statistic", "horizon_months"]
    for frame in (expected, found):
        frame["month_end"] = pd.to_datetime(frame["month_end"]).astype("datetime64[s]")
        frame["horizon_months"] = frame["horizon_months"].fillna(0).astype(int)
    both = found.merge(expected, on=key, how="outer", suffixes=("", "_true"), indicator=True)
    assert len(both) > 1000
    assert (both["_merge"] == "both").all()
    for column in ("estimate", "lower", "upper", "children", "events", "at_risk", "already_done"):
        pd.testing.assert_series_equal(
            both[column].astype("Float64"), both[f"{column}_true"].astype("Float64"), check_names=False
        )
    assert (both["status"] == both["status_true"]).all()


def test_stock_and_flow_balance_and_scotland_is_the_sum(country: SmallCountry) -> None:
    flow = country.built("measures.flow")
    assert (flow["opening"] + flow["started"] - flow["ended"] == flow["closing"]).all()
    stock = country.built("measures.awaiting").query("stage == 'looked_after'")
    closing = flow.merge(stock, on=["month_end", "area"])
    assert (closing["closing"] == closing["children"]).all()
    by_month = (
        stock.assign(national=stock["area"] == "SCO").groupby(["month_end", "national"])["children"].sum().unstack()
    )
    assert (by_month[True] == by_month[False]).all()


def test_the_real_published_figures_end_in_published_count(country: SmallCountry) -> None:
    with country.analyst.connect() as connection:
        figures = {
            (period, measure, category): value
            for period, measure, category, value in connection.execute(sa.text(
                "select period, measure, category, value from core.published_count where area = 'SCO' and in_force"
            ))
        }  # fmt: skip
    plan_paragraph_24 = {
        ("FY2011-12", "lodged", "PO_UNSPEC"): 292, ("FY2011-12", "granted", "PO_UNSPEC"): 206,
        ("FY2011-12", "lodged", "ADOPTION"): 522, ("FY2011-12", "granted", "ADOPTION"): 463,
        ("FY2011-12", "lodged", "RESIDENCE"): 1160, ("FY2011-12", "granted", "RESIDENCE"): 694,
    }  # fmt: skip
    table_8 = {("FY2014-15", "lodged", "ADOPTION"): 425, ("FY2014-15", "disposed", "ADOPTION"): 423,
               ("FY2014-15", "granted", "ADOPTION"): 414}  # fmt: skip
    plan_paragraph_25 = {("CLAS2011", "looked_after_with_order", "PO"): 271, ("CLAS2011", "looked_after_with_order", "POA"): 68,
                         ("CLAS2011", "ceased_with_order", "PO"): 31, ("CLAS2011", "ceased_with_order", "POA"): 38}  # fmt: skip
    for expected in (plan_paragraph_24, table_8, plan_paragraph_25):
        assert {key: figures.get(key) for key in expected} == expected


def test_a_count_the_source_does_not_give_is_empty_with_its_sign_never_nought(country: SmallCountry) -> None:
    counts = country.built("core.published_count")
    missing = counts[(counts["period"] == "FY2011-12") & (counts["measure"] == "withdrawn")]
    assert len(missing) == 3
    assert missing["value"].isna().all()
    assert set(missing["shorthand"]) == {"[x]"}


@pytest.mark.parametrize(("year", "first", "later"), [(2014, 15580, 15600), (2018, 14738, 14554), (2019, 14015, 14262)])
def test_where_vintages_differ_both_are_kept_and_the_later_is_in_force(
    country: SmallCountry, year: int, first: int, later: int
) -> None:
    counts = country.built("core.published_count")
    figure = counts[(counts["period"] == f"CLAS{year}") & (counts["area"] == "SCO") & (counts["category"] == "all")]
    figure = figure[figure["measure"] == "looked_after"].sort_values("vintage_no")
    assert list(figure["value"]) == [first, later]
    assert list(figure["in_force"]) == [False, True]


def test_the_councils_sum_to_the_scotland_row_in_every_year(country: SmallCountry) -> None:
    counts = country.built("core.published_count").query("series == 'clas' and measure == 'looked_after' and in_force")
    councils = counts[counts["area"] != "SCO"].groupby(["period", "category"])["value"].agg(["sum", "count"])
    scotland = counts[counts["area"] == "SCO"].set_index(["period", "category"])["value"]
    both = councils.join(scotland)
    assert len(both) == 30
    assert (both["count"] == 32).all()
    assert (both["sum"] == both["value"]).all()


def test_every_council_that_reported_has_its_page(country: SmallCountry) -> None:
    assert sorted(page.stem for page in (country.settings.drafts / "2013-07").glob("*.html")) == COUNCILS


def test_the_demo_says_what_came_out_and_what_to_do_next(country: SmallCountry) -> None:
    assert "Made-up clock: this home's day is 15 August 2013" in country.printed
    # 276, 219 and 251 children were looked after by these three on 31 July 2012; 292 permanence orders were lodged in Scotland.
    for words in ("rows read", "taken", "top reasons", "746", "292", "make ui", "pact warehouse psql"):
        assert words in country.printed


def test_a_second_run_does_no_harm_and_makes_no_new_build(country: SmallCountry) -> None:
    before = country.ledger.submissions()
    builds = sorted(path.name for path in country.settings.builds.iterdir())
    words = io.StringIO()
    run_demo(country.settings, Console(file=words, width=150), councils=COUNCILS, faults=False)
    assert country.ledger.submissions().equals(before)
    assert sorted(path.name for path in country.settings.builds.iterdir()) == builds
    assert "Judging" not in words.getvalue()


def test_a_file_gone_from_the_lake_stops_the_build_instead_of_thinning_it(country: SmallCountry) -> None:
    file = country.settings.lake_open / "councils" / "children" / "MLN-councils-2013-07-01.parquet"
    away = file.with_suffix(".away")
    contracts = load_contracts(country.settings.contracts)
    suppliers = load_suppliers(country.settings.contracts / "suppliers", contracts)
    file.rename(away)
    try:
        with pytest.raises(PactFailure, match="LAKE-010") as failure:
            compute_core(country.settings, contracts, suppliers, country.ledger)
    finally:
        away.rename(file)
    assert "MLN-councils-2013-07-01" in str(failure.value)


def stays(frame: pd.DataFrame) -> pd.DataFrame:
    """Stays in a form to compare: a route says nothing while nobody awaits, so such stays are joined."""
    frame = frame.sort_values([*SPELL, "entered_on"]).reset_index(drop=True)
    waiting = frame["stage"] != "not_awaiting"
    text = ["family_step", "legal_step", "route"]
    frame[text] = frame[text].where(waiting).fillna("-")
    frame["round_no"] = frame["round_no"].where(waiting).fillna(0).astype(int)
    same = [*SPELL, "stage", "round_no", *text]
    begins = (frame[same] != frame[same].shift()).any(axis=1)
    joined = frame.groupby(begins.cumsum()).agg(
        {**dict.fromkeys(same, "first"), "entered_on": "first", "left_on": lambda days: days.iloc[-1]}
    )
    for name in ("entered_on", "left_on"):
        joined[name] = pd.to_datetime(joined[name]).dt.strftime("%Y-%m-%d").fillna("-")
    return joined.reset_index(drop=True)


def test_every_planted_delivery_of_a_clean_country_was_taken_whole(country: SmallCountry) -> None:
    planted, lines = compared(country.settings, Ledger(country.engine))
    assert planted > 30
    assert lines == []
