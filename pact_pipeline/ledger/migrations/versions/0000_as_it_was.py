"""The ledger as it stood when migrations began: arrivals, submissions, judgings, decisions, places, the calendar."""

from pathlib import Path

from alembic import op

revision, down_revision = "0000", None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
