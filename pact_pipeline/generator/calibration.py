"""What was generated beside what was published, figure by figure, with the source.

Only figures the generator is meant to meet; where the year published is another than the year generated, the figure's
name says so. Read from the truth folder, so it needs a generation of all 32 councils up to July 2013.
"""

from pathlib import Path

import pandas as pd

from pact_pipeline.reference.published import looked_after_by_council, published_figures, published_value

COLUMNS = ["figure", "published", "generated", "source"]
YEAR = ("2012-07-31", "2013-07-31")
COURT_YEAR = ("2012-03-31", "2013-03-31")


def calibration(truth: Path) -> pd.DataFrame:
    """The calibration table [figure, published, generated, source] of a truth folder."""
    tables = {
        name: pd.read_parquet(truth / f"{name}.parquet") for name in ("journeys", "census", "applications", "carers")
    }
    journeys = tables["journeys"]
    rows = [
        *_stock(tables["census"]),
        *_flows(journeys),
        *_courts(tables["applications"], journeys),
        *_times(journeys, tables["carers"]),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


Row = tuple[str, float, float, str]


def _stock(census: pd.DataFrame) -> list[Row]:
    rows: list[Row] = []
    for year in (2012, 2013):
        there = census[(census["day"] == f"{year}-07-31") & (census["figure"] == "looked_after")]
        by_council = there.set_index("council")["children"].sort_index()
        published = looked_after_by_council(year)
        rows.append(
            (f"looked after at 31 July {year}", float(published.sum()), float(by_council.sum()), "LGBF January 2022")
        )
        gap = (by_council.reindex(published.index, fill_value=0) - published).abs().max()
        rows.append((f"largest gap of a council, 31 July {year}", 0.0, float(gap), "LGBF January 2022"))
    at = census[census["day"] == "2012-07-31"].groupby("figure")["children"].sum()
    total = float(at["looked_after"])
    placement = "lac_placement_national"
    rows += [
        ("at home, 31 July 2012, %", 32.0, _percent(at["at_home"], total), "gov.scot trend page, March 2017"),
        (
            "with kin, 31 July 2012",
            published_value(placement, year="2012", category="kinship (friends/relatives)"),
            float(at["kinship"]),
            "CSWS 2011-12",
        ),
        (
            "with foster carers or adopters, 31 July 2012",
            published_value(placement, year="2012", category="foster carers or prospective adopters"),
            float(at["foster_or_adopters"]),
            "CSWS 2011-12",
        ),
        (
            "residential, 31 July 2012",
            float(looked_after_by_council(2012, "residential").sum()),
            float(at["residential"]),
            "LGBF January 2022",
        ),
        (
            "boys, 31 July 2012, %",
            _characteristic("Males"),
            _percent(at["sex_male"], total),
            "Equality Evidence Finder",
        ),
        (
            "white, 31 July 2012, %",
            _characteristic("White"),
            _percent(at["ethnic_white"], total),
            "Equality Evidence Finder",
        ),
    ]
    return rows


def _characteristic(category: str) -> float:
    frame = published_figures("lac_characteristics_national")
    found = frame[(frame["year"] == "2012") & (frame["category"] == category)]
    return float(found["value"].iloc[0])


def _percent(part: float, whole: float) -> float:
    return round(100.0 * float(part) / whole, 1)


def _within(days: pd.Series, year: tuple[str, str]) -> pd.Series:
    return (days > year[0]) & (days <= year[1])


def _flows(journeys: pd.DataFrame) -> list[Row]:
    national = "lac_national_series"
    began = journeys[_within(journeys["started_on"], YEAR)]
    ended = journeys[_within(journeys["ended_on"], YEAR)]
    age = (began["started_on"] - began["born_on"]).dt.days
    young = began[age < 6 * 365.25]
    away = young["away_from_home_from"] == young["started_on"]
    legal = "permanence_legal_status_national"
    under_six = "children aged five and under starting to be looked after"
    return [
        (
            "starts in 2012-13 (published: 2013-14)",
            published_value(national, year="2013-14", measure="children starting to be looked after"),
            float(len(began)),
            "Equality data grid",
        ),
        (
            "ceasings in 2012-13 (published: 2009-10)",
            published_value(national, year="2009-10", measure="children ceasing to be looked after"),
            float(len(ended)),
            "Publication notice 2009-10",
        ),
        (
            "starts under six, 2012-13",
            published_value(legal, measure=under_six, category="all"),
            float(len(young)),
            "Permanently Progressing",
        ),
        (
            "starts under six away from home, 2012-13",
            published_value(legal, measure=under_six, category="away from home"),
            float(away.sum()),
            "Permanently Progressing",
        ),
        (
            "adopted from care in 2012-13 (published: 2012)",
            published_value("adoptions_national", year="2012", measure="children adopted from care (looked after)"),
            float((ended["exit_kind"] == "adopted").sum()),
            "SG release 17 Feb 2014",
        ),
    ]


def _courts(applications: pd.DataFrame, journeys: pd.DataFrame) -> list[Row]:
    rows: list[Row] = []
    groups = {
        "Permanence Orders and POA (not distinguished)": ("PO", "POA"),
        "Adoption": ("ADOPTION",),
        "Residence Orders": ("RESIDENCE",),
    }
    source = "courts, plan paragraph 24"
    for category, orders in groups.items():
        mine = applications[applications["order"].isin(orders)]
        lodged = _within(mine["lodged_on"], COURT_YEAR).sum()
        granted = (_within(mine["outcome_on"], COURT_YEAR) & (mine["outcome"] == "granted")).sum()
        table = "court_applications_and_orders"
        short = category.split(" (")[0]
        rows += [
            (
                f"{short}: lodged 2012-13 (published: 2011-12)",
                published_value(table, year="2011-12", category=category, measure="applications lodged"),
                float(lodged),
                source,
            ),
            (
                f"{short}: granted 2012-13 (published: 2011-12)",
                published_value(table, year="2011-12", category=category, measure="orders granted"),
                float(granted),
                source,
            ),
        ]
    legal, measure = "permanence_legal_status_national", "looked after children by legal reason"
    for order, category in (("PO", "Permanence Order (PO)"), ("POA", "Permanence Order with authority to adopt (POA)")):
        published = published_value(legal, year="2011", measure=measure, category=category)
        for year in (2011, 2012, 2013):
            held = _holding(applications, journeys, order, pd.Timestamp(year, 7, 31))
            rows.append(
                (
                    f"looked after with {order}, 31 July {year} (published: 2011)",
                    published,
                    float(held),
                    "plan paragraph 25",
                )
            )
    return rows


def _holding(applications: pd.DataFrame, journeys: pd.DataFrame, order: str, day: pd.Timestamp) -> int:
    """Children looked after on a day to whom an order had been granted in the spell."""
    granted = applications[
        (applications["order"] == order) & (applications["outcome"] == "granted") & (applications["outcome_on"] <= day)
    ]
    there = journeys[(journeys["started_on"] <= day) & ~(journeys["ended_on"] <= day)]
    held = there.merge(granted, left_on=["council", "child_ref"], right_on=["area", "child_ref"])
    return int(held.loc[held["outcome_on"] >= held["started_on"], ["council", "child_ref"]].drop_duplicates().shape[0])


def _times(journeys: pd.DataFrame, carers: pd.DataFrame) -> list[Row]:
    table, measure = "permanence_timescales", "permanence decision to match with permanent carers"
    # Kin and long-term carers are not matched, and a concurrent match comes before the decision: neither waited for one.
    waited = journeys["matched_on"] >= journeys["approved_on"]
    matched = journeys[waited & ~journeys["approved_plan"].isin(["kinship", "long_term_care"])]
    days = (matched["matched_on"] - matched["approved_on"]).dt.days
    ordered = journeys[journeys["secured_kind"].isin(["adopted", "permanence_order", "residence_or_kinship_order"])]
    ordered = ordered[_within(ordered["secured_on"], YEAR)]
    months = (ordered["secured_on"] - ordered["away_from_home_from"]).dt.days / 30.44
    bands = (months // 12 * 12).clip(upper=48).astype(int).value_counts()
    orders_source = "SCRA 2011, plan paragraph 27"
    foster = carers[(carers["approval_kind"] == "foster") & (carers["decision"] == "approved")]
    recruited = (foster["decided_on"] - foster["enquired_on"]).dt.days.median() / 30.44
    return [
        (
            "decision to match under a year, %",
            published_value(table, measure=measure, category="less than 1 year"),
            _percent((days < 365).sum(), len(days)),
            "SCRA 2011, plan paragraph 31",
        ),
        (
            "decision to match two years or more, %",
            published_value(table, measure=measure, category="2 years"),
            _percent((days >= 730).sum(), len(days)),
            "SCRA 2011, plan paragraph 31",
        ),
        ("secured in 24-35 months, % of orders in the year", 29.0, _percent(bands[24], len(months)), orders_source),
        ("most often in 24-35 months (1 = yes)", 1.0, float(bands.idxmax() == 24), orders_source),
        (
            "foster carers: enquiry to approval, median months (published: 4-6)",
            5.0,
            round(float(recruited), 1),
            "plan paragraph 29",
        ),
    ]
