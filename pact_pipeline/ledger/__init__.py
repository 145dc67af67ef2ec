"""The ledger: what was submitted, what was decided, and what is in force at any moment.

Here: the words for a submission and its verdict, the tables that hold them (PostgreSQL schema `ledger`), and the
queries on them. Not here: finding files (`arrival`) and judging rows (`intake`). It is the truth of what is in force.
"""

from pact_pipeline.ledger.ledger import Ledger
from pact_pipeline.ledger.model import (
    Arrival,
    FindingCount,
    State,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
    manifest_of,
)

__all__ = [
    "Arrival",
    "FindingCount",
    "Ledger",
    "State",
    "Submission",
    "SubmissionFile",
    "TableVerdict",
    "Verdict",
    "manifest_of",
]
