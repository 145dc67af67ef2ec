"""Judging a submission: pure, from bytes, contracts and what came before to an outcome. Nothing is written, no ledger asked."""
