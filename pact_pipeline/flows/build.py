"""One build from beginning to end: what is in force → core → measures → warehouse. Used by Dagster, the command and tests.

What is computed and in which order. All that a report of the build says stands in the build, read from the ledger at one
moment: what comes later changes no page of it. Not here: how a build lies on the disk (`build_folder`).
"""

from collections.abc import Mapping
from datetime import date

import pandas as pd
from sqlalchemy import Engine

from pact_pipeline.clock import home_clock, now, scotlands_day
from pact_pipeline.contracts import Contracts
from pact_pipeline.contracts.due import due_date
from pact_pipeline.core.build import Sources, build_core
from pact_pipeline.disk import told_as_disk
from pact_pipeline.flows import build_folder, reports
from pact_pipeline.flows.build_fingerprint import made_of
from pact_pipeline.flows.build_folder import IN_FORCE, REFUSALS, SUBMISSIONS, Build
from pact_pipeline.intake.judging.rules import rule_words
from pact_pipeline.lake.files import read_ours
from pact_pipeline.lake.proof import prove_lake
from pact_pipeline.ledger import Ledger
from pact_pipeline.ledger.queries import LedgerQueries
from pact_pipeline.linkage import link_identities
from pact_pipeline.measures.build import build_measures
from pact_pipeline.periods import Period
from pact_pipeline.settings import Settings
from pact_pipeline.submission_state import TAKEN_STATES
from pact_pipeline.suppliers import Supplier
from pact_pipeline.warehouse import expectations
from pact_pipeline.warehouse.publish import Publication, publish


def compute(settings: Settings, contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: Ledger) -> Build:
    """A whole build of what is in force now. Raises what its two halves raise."""
    return compute_measures(compute_core(settings, contracts, suppliers, ledger))


def compute_core(settings: Settings, contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: Ledger) -> Build:
    """Compute the core tables from what is in force now, into the folder of a build that its measures will finish.

    Raises PactFailure LAKE-010 where the lake is damaged, CORE-001 where a definition can't run, DISK-001 where the disk
    refuses. Nothing is left of the build then.
    """
    with ledger.at_one_moment() as known:
        in_force, taken = known.in_force(), taken_of(known)
        parts = made_of(contracts, suppliers, known)
        quality = submission_quality(contracts, suppliers, known)
        refusals = refusal_reasons(contracts, known, quality)
    prove_lake(settings, ledger, {*in_force["lake_name"], *taken["lake_name"]})
    build = build_folder.begin(settings, ledger.engine, parts, len(in_force), now(), home_clock(settings).note)
    with build_folder.whole_or_not_at_all(build, "writing the core of a build"):
        link_identities(settings, ledger)
        build.rows.update(build_core(Sources(settings.lake_open, in_force, taken), contracts, build.folder))
        for name, frame in ((IN_FORCE, in_force), (SUBMISSIONS, quality), (REFUSALS, refusals)):
            frame.to_parquet(build.folder / name, index=False)
        return build_folder.core_is_done(build)


def compute_measures(build: Build) -> Build:
    """Compute the measures of a build whose core is done, and finish it. Raises PactFailure MEAS-001 where a definition can't
    run, DISK-001 where the disk refuses, BUILD-002 where the core is damaged; nothing is left of the build then."""
    with build_folder.whole_or_not_at_all(build, "writing the measures of a build"):
        build_folder.prove_build(build)
        in_force, submissions = (read_ours(build.folder / name) for name in (IN_FORCE, SUBMISSIONS))
        return build_folder.finish(build, build_measures(build.folder, in_force, submissions))


def taken_of(ledger: LedgerQueries) -> pd.DataFrame:
    """Every taken submission of the collections whose vintages are all kept."""
    return pd.concat([ledger.taken("courts"), ledger.taken("clas")], ignore_index=True)


def submission_quality(contracts: Contracts, suppliers: Mapping[str, Supplier], ledger: LedgerQueries) -> pd.DataFrame:
    """Every judged submission with its verdict, when it came, when it was due (from the contracts' service level), and the columns
    that the core reads and the supplier's layout of the period lacks (`table.column`, with commas; empty for none)."""
    found = ledger.submissions()
    found = found[found["state"] != "received"].reset_index(drop=True)
    tables = ledger.tables().groupby("submission_id")["table_name"].agg(frozenset)
    sent = zip(found["collection"], found["period"], found["submission_id"].map(tables), strict=True)
    due = [_due(contracts, collection, Period.parse(period), of) for collection, period, of in sent]
    received: list[date] = [scotlands_day(moment) for moment in found["received_at"]]
    senders = zip(found["supplier"], found["collection"], found["period"], strict=True)
    lacking = [_lacking(contracts, suppliers.get(sender), collection, period) for sender, collection, period in senders]
    return found.assign(
        received_on=pd.to_datetime(pd.Series(received)),
        due_on=pd.to_datetime(pd.Series(due)),
        columns_lacking=pd.Series(lacking, dtype="str"),
    )


def _lacking(contracts: Contracts, supplier: Supplier | None, collection: str, key: str) -> str:
    period = Period.parse(key)
    promised = contracts.in_period(period).collection(collection)
    layouts = [one.layout_for(period) for one in supplier.serving(collection, period)] if supplier else []
    return ", ".join(column for layout in layouts for column in layout.lacks_for_core(promised))


def _due(contracts: Contracts, collection: str, period: Period, tables: frozenset[str]) -> date:
    of_tables = [contracts[f"{collection}.{table}"] for table in tables if f"{collection}.{table}" in contracts]
    return due_date(period, of_tables) or period.last_day


def refusal_reasons(contracts: Contracts, ledger: LedgerQueries, judged: pd.DataFrame) -> pd.DataFrame:
    """Rows refused by rule, of the judged delivery of each supplier and period that counts (the one in force, else the newest,
    as in measures.data_quality): supplier, collection, period, submission_id, rule, message, rows; most rows first."""
    period = ["supplier", "collection", "period"]
    in_force = judged["state"].isin(TAKEN_STATES)
    ordered = judged.assign(in_force=in_force).sort_values(["in_force", "sequence"])
    newest = ordered.drop_duplicates(period, keep="last")[[*period, "submission_id"]]
    found = ledger.findings()
    found = found[found["severity"] == "refuse"].merge(newest, on="submission_id")
    rows = found.groupby([*period, "submission_id", "rule"])["rows_found"].sum().reset_index(name="rows")
    messages = {code: words.message for contract in contracts.values() for code, words in rule_words(contract).items()}
    rows["message"] = rows["rule"].map(messages).fillna(rows["rule"]).astype("str")
    return rows.sort_values([*period, "rows", "rule"], ascending=[True, True, True, False, True]).reset_index(drop=True)


def publish_build(settings: Settings, contracts: Contracts, engine: Engine, build: Build) -> Publication:
    """Load, judge, switch; drafts of other builds say from then on that they are older. Raises BuildRefused when an expectation
    of severity ERROR fails, PactFailure BUILD-002 when a file of the build is damaged, DISK-001 where the disk refuses; the
    former build stays."""
    build_folder.prove_build(build)

    def evaluate(build_id: str) -> list[expectations.ExpectationVerdict]:
        return expectations.evaluate(engine.url, build_id)

    served, former = build_folder.what_is_served(settings, engine)
    if served != build.build_id:
        # Before the switch: a run that is killed in between leaves work that is known, and does no harm.
        with told_as_disk("noting which drafts must follow", settings.drafts):
            reports.note_changes(settings, former, build)
    publication = publish(engine, contracts, build.folder, build.build_id, evaluate)
    with told_as_disk("marking drafts as older (the build is served all the same)", settings.drafts):
        reports.mark_older(settings, build.build_id)
    return publication
