"""Whose database this is: the home it serves, and where that lies."""

from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE ledger.home (
            entry BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            home_id TEXT NOT NULL,
            host TEXT NOT NULL,
            path TEXT NOT NULL,
            inode BIGINT NOT NULL,
            since TIMESTAMPTZ NOT NULL,
            left_at TIMESTAMPTZ
        );
        COMMENT ON TABLE ledger.home IS
            'Whose database this is, and where that home lies: asked at every connection (see pact_pipeline/home).';
        COMMENT ON COLUMN ledger.home.home_id IS 'which home this database serves';
        COMMENT ON COLUMN ledger.home.since IS 'when the home was first met there';
        COMMENT ON COLUMN ledger.home.left_at IS
            'when it was found to have gone, or to be a copy of it; empty while it lies there';
    """)
