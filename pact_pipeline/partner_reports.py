"""The partner reports of a month: from the measures of the build the warehouse serves to one HTML page a council."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from sqlalchemy import Engine

from pact_pipeline.clock import home_clock
from pact_pipeline.contracts import load_contracts
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.rules import rule_words
from pact_pipeline.ledger import Ledger
from pact_pipeline.measures.declarations import NATIONAL
from pact_pipeline.national_build import read_build
from pact_pipeline.periods import Period
from pact_pipeline.reference import councils
from pact_pipeline.reports.inputs import PartnerInputs
from pact_pipeline.reports.partner import partner_report
from pact_pipeline.settings import Settings
from pact_pipeline.warehouse.publish import current_build

MEASURE_TABLES = ("awaiting", "awaiting_step", "estimate", "curve", "court", "data_quality")
TOP_REFUSALS = 5


@dataclass(frozen=True)
class Page:
    """One written report."""

    council: str
    path: Path
    build_id: str


def write_partner_reports(settings: Settings, engine: Engine, month: str, keys: list[str]) -> Iterator[Page]:
    """Write `reports/<month>/<council>.html` for each council that has reported by then; yields each page."""
    served = current_build(engine)
    if served is None:
        raise PactFailure("REP-001", "no build has been published", mend="materialise warehouse/current_build first.")
    build = read_build(settings.builds / served)
    period = Period.parse(month)
    month_end = pd.Timestamp(period.last_day)
    frames = {name: _until(build.folder / "measures" / f"{name}.parquet", month_end) for name in MEASURE_TABLES}
    measure = pq.read_table(build.folder / "reference" / "measure.parquet").to_pandas()
    refusals = top_refusals(settings, engine, month)
    folder = settings.reports / month
    folder.mkdir(parents=True, exist_ok=True)
    names = councils()
    told = set(frames["awaiting"].loc[frames["awaiting"]["month_end"] == month_end, "area"])
    for key in keys:
        if key not in told:
            continue
        inputs = PartnerInputs(
            council=key,
            council_name=names[key].name,
            month_end=period.last_day,
            build_id=build.build_id,
            as_at=build.made_at,
            **{
                name: frame[frame["area"].isin([key, NATIONAL])].reset_index(drop=True)
                for name, frame in frames.items()
            },
            top_refusals=refusals[refusals["supplier"] == key].head(TOP_REFUSALS).reset_index(drop=True),
            measure=measure,
            clock_note=home_clock(settings).note,
        )
        path = folder / f"{key}.html"
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(partner_report(inputs), encoding="utf-8")
        unfinished.replace(path)
        yield Page(key, path, build.build_id)


def top_refusals(settings: Settings, engine: Engine, month: str) -> pd.DataFrame:
    """Rows refused by rule in the month's newest returns, most first: supplier, rule, message, rows."""
    ledger, contracts = Ledger(engine), load_contracts(settings.contracts)
    submissions = ledger.submissions()
    newest = submissions[(submissions["collection"] == "councils") & (submissions["period"] == month)]
    newest = newest.sort_values("sequence").drop_duplicates("supplier", keep="last")
    found = ledger.findings().merge(newest[["submission_id", "supplier"]], on="submission_id")
    found = found[found["severity"] == "refuse"]
    rows: pd.DataFrame = found.groupby(["supplier", "rule"])["rows_found"].sum().reset_index()
    messages = {code: words.message for contract in contracts.values() for code, words in rule_words(contract).items()}
    rows["message"] = rows["rule"].map(messages).fillna(rows["rule"])
    rows = rows.rename(columns={"rows_found": "rows"}).sort_values(["supplier", "rows"], ascending=[True, False])
    return rows.reset_index(drop=True)


def _until(path: Path, month_end: pd.Timestamp) -> pd.DataFrame:
    frame = pq.read_table(path).to_pandas()
    frame["month_end"] = pd.to_datetime(frame["month_end"])
    until: pd.DataFrame = frame[frame["month_end"] <= month_end].reset_index(drop=True)
    return until
