"""Arrival is tested with the office of intake's tests: hand-written files on a real ledger."""

from pact_pipeline_tests.intake.conftest import contracts, ledger, make_office, office

__all__ = ["contracts", "ledger", "make_office", "office"]
