"""Intake: read, map, judge, keep, tell.

Here: from a registered submission to valid rows in the lake, refused rows beside them with every reason, and feedback.
Not here: finding files (`arrival`), what rules say (`contracts`), what is in force (`ledger`).
"""

from pact_pipeline.intake.many import IntakeUnfinished, take_many
from pact_pipeline.intake.take import Desk, examine, take

__all__ = ["Desk", "IntakeUnfinished", "examine", "take", "take_many"]
