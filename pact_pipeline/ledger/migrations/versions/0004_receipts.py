"""When a file was received is when we first saw it, no more what the file itself says."""

from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE ledger.arrival ADD COLUMN received_at TIMESTAMPTZ;
        -- Not by UPDATE, which the guard on facts refuses: a column's type may be set with what it is made from.
        ALTER TABLE ledger.arrival ALTER COLUMN received_at TYPE TIMESTAMPTZ USING modified_at;
        ALTER TABLE ledger.arrival ALTER COLUMN received_at SET NOT NULL;
        COMMENT ON COLUMN ledger.arrival.received_at IS
            'when we first saw these bytes under this name (a store: their upload; a made-up home: their receipt). Of files'
            ' that came before there was this column: what the file itself says, as was counted then';
        COMMENT ON COLUMN ledger.arrival.modified_at IS
            'when the file itself says it was last written; the sender sets it';
        COMMENT ON COLUMN ledger.arrival.arrived_at IS 'when the ledger entered it, by the machine''s clock';
        COMMENT ON COLUMN ledger.submission.received_at IS
            'when the newest file of the delivery was received: first seen by us, not sent';
    """)
