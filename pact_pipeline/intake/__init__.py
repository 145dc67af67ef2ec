"""Intake: read, map, judge, keep, tell.

Here: from a registered submission to valid rows in the lake, refused rows beside them with every reason, and feedback.
Not here: finding files (`arrival`), what rules say (`contracts`), what is in force (`ledger`).
"""

from pact_pipeline.intake.many import IntakeUnfinished, take_many
from pact_pipeline.intake.standing import Former, Standing
from pact_pipeline.intake.submission import judge_submission
from pact_pipeline.intake.take import Desk, examine, take
from pact_pipeline.intake.told import PastVerdict

__all__ = [
    "Desk",
    "Former",
    "IntakeUnfinished",
    "PastVerdict",
    "Standing",
    "examine",
    "judge_submission",
    "take",
    "take_many",
]
