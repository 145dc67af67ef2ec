"""The ledger: what was submitted, what was decided, and what is in force at any moment.

Here: the words for a submission and its verdict, the tables that hold them (PostgreSQL schema `ledger`), and the
queries on them. Not here: finding files (`arrival`) and judging rows (`intake`). It is the truth of what is in force.
"""

from pact_pipeline.ledger.calendar import keep_calendar
from pact_pipeline.ledger.claims import AtWork
from pact_pipeline.ledger.ledger import Ledger
from pact_pipeline.ledger.model import (
    Arrival,
    Crosswalk,
    Decision,
    FindingCount,
    FirstSeen,
    LakeFile,
    State,
    Submission,
    SubmissionFile,
    TableVerdict,
    Verdict,
    lake_name,
    manifest_of,
)
from pact_pipeline.ledger.places import Places

__all__ = [
    "Arrival",
    "AtWork",
    "Crosswalk",
    "Decision",
    "FindingCount",
    "FirstSeen",
    "LakeFile",
    "Ledger",
    "Places",
    "State",
    "Submission",
    "SubmissionFile",
    "TableVerdict",
    "Verdict",
    "keep_calendar",
    "lake_name",
    "manifest_of",
]
