"""The ledger: what was submitted, what was decided, and what is in force at any moment.

Here: the words for a submission and its verdict, the tables that hold them (PostgreSQL schema `ledger`), and the
queries on them. Not here: finding files (`arrival`) and judging rows (`intake`). It is the truth of what is in force.
"""

from pact_pipeline.ledger.calendar import record_calendar
from pact_pipeline.ledger.claims import AtWork
from pact_pipeline.ledger.ledger import Ledger
from pact_pipeline.ledger.model import (
    Arrival,
    Crosswalk,
    Decision,
    FindingCount,
    FirstSeen,
    LakeFile,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
    lake_name,
    manifest_of,
)
from pact_pipeline.ledger.source_memory import SourceMemory

__all__ = [
    "Arrival",
    "AtWork",
    "Crosswalk",
    "Decision",
    "FindingCount",
    "FirstSeen",
    "LakeFile",
    "Ledger",
    "SourceMemory",
    "Submission",
    "SubmissionFile",
    "TableVerdict",
    "Verdict",
    "lake_name",
    "manifest_of",
    "record_calendar",
]
