"""Runs of intake: one submission, many, one again. Here alone archive and lake are read and written, and the ledger told."""

from pact_pipeline.intake.runs.as_reached import take_as_reached
from pact_pipeline.intake.runs.many import IntakeUnfinished, take_many
from pact_pipeline.intake.runs.one import IntakeContext, examine, take

__all__ = ["IntakeContext", "IntakeUnfinished", "examine", "take", "take_as_reached", "take_many"]
