"""The ledger refuses TRUNCATE too, which row triggers do not see; the schema's comment says what it is."""

from alembic import op

revision, down_revision = "0001", "0000"
FACTS = ("arrival", "submission", "submission_table", "decision", "judging", "judging_table", "finding_count")


def upgrade() -> None:
    op.execute(
        "COMMENT ON SCHEMA ledger IS 'What was submitted, what was decided, and what is in force at any moment.'"
    )
    for table in FACTS:
        op.execute(
            f"CREATE TRIGGER facts_are_never_emptied BEFORE TRUNCATE ON ledger.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger.facts_never_change()"
        )
