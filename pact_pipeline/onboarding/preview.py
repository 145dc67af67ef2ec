"""How the first files of a new supplier would be judged: nothing is written, no ledger is asked."""

from collections.abc import Mapping
from hashlib import sha256

from pact_pipeline.clock import now
from pact_pipeline.contracts import Contracts
from pact_pipeline.failures import PactFailure
from pact_pipeline.intake.judging.context import JudgingContext
from pact_pipeline.intake.judging.outcome import Outcome
from pact_pipeline.intake.judging.submission import judge_submission
from pact_pipeline.ledger import Submission, SubmissionFile
from pact_pipeline.ledger.model import manifest_of
from pact_pipeline.onboarding.observed import ObservedTable
from pact_pipeline.periods import Period
from pact_pipeline.suppliers import Supplier


def preview(contracts: Contracts, supplier: Supplier, collection: str, tables: Mapping[str, ObservedTable]) -> Outcome:
    """Judge the files as one submission of the period that their names tell (else of the supplier's first).

    Raises PactFailure only, with no value of the files in it or behind it.
    """
    failure: PactFailure
    try:
        return _judged(contracts, supplier, collection, tables)
    except PactFailure as ours:
        failure = ours
    except Exception as error:
        failure = PactFailure(
            "SUP-016",
            f"the files could not be judged ({type(error).__name__})",
            mend="this is a fault of the pipeline, not of the files: report it with this line.",
        )
    failure.__context__ = failure.__cause__ = None
    raise failure.with_traceback(None)


def _judged(contracts: Contracts, supplier: Supplier, collection: str, tables: Mapping[str, ObservedTable]) -> Outcome:
    files = tuple(
        SubmissionFile(table, sha256(one.path.read_bytes()).hexdigest(), one.path.name) for table, one in tables.items()
    )
    paths = {file.sha256: tables[file.table].path for file in files}
    period = _period(supplier, collection, tables)
    submission = Submission(
        submission_id=f"{supplier.key}-{period.key}-first",
        supplier=supplier.key,
        collection=collection,
        period=period.key,
        sequence=1,
        received_at=now(),
        manifest=manifest_of(files),
        files=files,
        contract_version="",
    )
    return judge_submission(contracts, supplier, submission, lambda file: paths[file.sha256], JudgingContext(), {})


def _period(supplier: Supplier, collection: str, tables: Mapping[str, ObservedTable]) -> Period:
    for delivery in supplier.delivery(collection):
        for _, layout in delivery.layouts:
            for table, one in tables.items():
                period = layout.period_of(supplier, table, one.path.name) if table in layout.tables else None
                if period is not None and period >= supplier.joined:
                    return period
    return supplier.joined
