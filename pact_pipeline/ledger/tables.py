"""The ledger's tables in PostgreSQL, with what must always hold declared where the database enforces it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pact_pipeline.ledger.model import State

SCHEMA = "ledger"
metadata = MetaData(schema=SCHEMA)

_STATES = ", ".join(f"'{state.value}'" for state in State)
_ACCOUNTED = "rows_read = rows_taken + rows_refused"
_SHA256 = String(64)


def _when(name: str, comment: str, *, nullable: bool = False) -> "Column[object]":
    return Column(name, DateTime(timezone=True), nullable=nullable, comment=comment)


arrival = Table(
    "arrival",
    metadata,
    # Not the hash alone: a table with a header and no rows has the same bytes from every council of one case system.
    Column("sha256", _SHA256, primary_key=True, comment="SHA-256 of the bytes; the file's name in the archive"),
    Column("supplier", Text, primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("file_name", Text, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    _when("modified_at", "when the file was last written where the supplier put it"),
    _when("arrived_at", "when we first saw these bytes under this name"),
    comment="Every file that ever arrived. Rows are never changed.",
)

submission = Table(
    "submission",
    metadata,
    Column("submission_id", Text, primary_key=True, comment="supplier-collection-period-sequence"),
    Column("supplier", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("period", Text, nullable=False, comment="2012-08, 2012-Q3, FY2011-12 or CLAS2012"),
    Column("sequence", Integer, nullable=False, comment="1 for the first delivery of the period, then 2, 3 ..."),
    _when("received_at", "when the newest file of the delivery was there. Never changes"),
    _when("registered_at", "when the ledger first knew of it. Never changes"),
    Column("manifest", _SHA256, nullable=False, comment="SHA-256 over table and bytes of each file. Never changes"),
    Column("contract_version", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=State.RECEIVED.value),
    Column("rows_read", BigInteger),
    Column("rows_taken", BigInteger),
    Column("rows_refused", BigInteger),
    Column("rows_warned", BigInteger),
    Column("supersedes", Text, ForeignKey(f"{SCHEMA}.submission.submission_id"), comment="the delivery before it"),
    _when("judged_at", "when the verdict was written", nullable=True),
    Column("reason", Text, nullable=False, server_default="", comment="why it was held or refused, in plain words"),
    UniqueConstraint("supplier", "collection", "period", "sequence"),
    CheckConstraint(f"state IN ({_STATES})", name="known_state"),
    CheckConstraint(_ACCOUNTED, name="every_row_accounted_for"),
    CheckConstraint(f"state = '{State.RECEIVED.value}' OR judged_at IS NOT NULL", name="a_verdict_has_a_time"),
    comment="One delivery of an extract for one supplier, collection and period.",
)
Index("submission_in_force", submission.c.supplier, submission.c.collection, submission.c.period, submission.c.sequence)

submission_table = Table(
    "submission_table",
    metadata,
    Column("submission_id", Text, ForeignKey(submission.c.submission_id), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("sha256", _SHA256, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("carried_over", Boolean, nullable=False, comment="taken from the delivery before, not sent again"),
    Column("rows_read", BigInteger),
    Column("rows_taken", BigInteger),
    Column("rows_refused", BigInteger),
    Column("rows_warned", BigInteger),
    CheckConstraint(_ACCOUNTED, name="every_row_accounted_for"),
    comment="Which file stands for which table of a submission, and what became of its rows.",
)

finding_count = Table(
    "finding_count",
    metadata,
    Column("submission_id", Text, ForeignKey(submission.c.submission_id), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("column_name", Text, primary_key=True),
    Column("severity", Text, nullable=False),
    Column("rows_found", BigInteger, nullable=False),
    CheckConstraint("severity IN ('file', 'refuse', 'warn')", name="known_severity"),
    comment="Rows found by each rule. Counts only, no value.",
)

# Re-parsing history once overwrote the date of submission in a like system; here the database refuses it.
FACTS_NEVER_CHANGE = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.facts_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'arrival' THEN
    RAISE EXCEPTION 'a row of ledger.arrival never changes';
  END IF;
  IF (OLD.submission_id, OLD.supplier, OLD.collection, OLD.period, OLD.sequence, OLD.received_at, OLD.registered_at,
      OLD.manifest) IS DISTINCT FROM
     (NEW.submission_id, NEW.supplier, NEW.collection, NEW.period, NEW.sequence, NEW.received_at, NEW.registered_at,
      NEW.manifest) THEN
    RAISE EXCEPTION 'what a submission is and when it came never changes';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER facts_never_change BEFORE UPDATE ON {SCHEMA}.submission
  FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.facts_never_change();
CREATE OR REPLACE TRIGGER facts_never_change BEFORE UPDATE ON {SCHEMA}.arrival
  FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.facts_never_change();
"""
