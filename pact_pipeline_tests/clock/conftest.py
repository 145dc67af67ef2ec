"""Arrival's office: hand-written files on a real ledger, and real servers."""

from pact_pipeline_tests.arrival.conftest import (
    bucket,
    by_s3,
    by_sftp,
    contracts,
    ledger,
    move,
    naps,
    office,
    s3_endpoint,
    secrets,
    sftp,
    sftp_running,
)

__all__ = [
    "bucket",
    "by_s3",
    "by_sftp",
    "contracts",
    "ledger",
    "move",
    "naps",
    "office",
    "s3_endpoint",
    "secrets",
    "sftp",
    "sftp_running",
]
