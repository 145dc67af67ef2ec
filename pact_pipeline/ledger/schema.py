"""The ledger's tables in PostgreSQL, with what must always hold declared where the database enforces it.

What a submission is stands in `submission` and `submission_table` and never changes. What was made of it stands in
`judging` and its counts: a line for each time it was judged, added and never changed, so that every earlier state of the
ledger can be had again. The views `submission_state`, `in_force`, `finding` and the function `in_force_at`, which say what
follows from both, stand in `migrations`, where every change of what is declared here needs a revision.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from pact_pipeline.submission_state import State

SCHEMA = "ledger"
metadata = MetaData(schema=SCHEMA)

_STATES = ", ".join(f"'{state.value}'" for state in State if state is not State.RECEIVED)
_ACCOUNTED = "rows_read = rows_taken + rows_refused"
_SHA256 = String(64)


def _when(name: str, comment: str, *, nullable: bool = False) -> "Column[object]":
    return Column(name, DateTime(timezone=True), nullable=nullable, comment=comment)


def _rows(name: str) -> "Column[object]":
    return Column(name, BigInteger, nullable=False)


arrival = Table(
    "arrival",
    metadata,
    # Not the hash alone: a table with a header and no rows has the same bytes from every council of one case system.
    Column("sha256", _SHA256, primary_key=True, comment="SHA-256 of the bytes; the file's name in the archive"),
    Column("supplier", Text, primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("file_name", Text, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    _when(
        "received_at",
        "when we first saw these bytes under this name (a store: their upload; a made-up home: their receipt). Of files that"
        " came before there was this column: what the file itself says, as was counted then",
    ),
    _when("modified_at", "when the file itself says it was last written; the sender sets it"),
    _when("arrived_at", "when the ledger entered it, by the machine's clock"),
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
    _when("received_at", "when the newest file of the delivery was received: first seen by us, not sent"),
    _when("registered_at", "when the ledger first knew of it"),
    Column("manifest", _SHA256, nullable=False, comment="SHA-256 over table and bytes of each file"),
    Column("contract_version", Text, nullable=False, comment="in use when it was registered"),
    Column("supersedes", Text, ForeignKey(f"{SCHEMA}.submission.submission_id"), comment="the delivery before it"),
    UniqueConstraint("supplier", "collection", "period", "sequence"),
    comment="One delivery of an extract for one supplier, collection and period. Rows are never changed.",
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
    comment="Which file stands for which table of a submission. Rows are never changed.",
)

decision = Table(
    "decision",
    metadata,
    Column("decision_id", BigInteger, Identity(always=True), primary_key=True),
    Column("submission_id", Text, ForeignKey(submission.c.submission_id), nullable=False),
    Column("judging", Integer, nullable=False, comment="the judging that held it, on which was decided"),
    _when("decided_at", "when it was decided"),
    Column("who", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column(
        "readings", JSONB, nullable=False, comment="which reading was chosen where the file can be read in two ways"
    ),
    Column("covers", JSONB, nullable=False, comment="[table, rule] of what held it: what was decided on"),
    # Two people deciding at once: the first one's decision stands.
    UniqueConstraint("submission_id", "judging"),
    CheckConstraint("decision IN ('accept', 'refuse')", name="known_decision"),
    CheckConstraint("btrim(because) <> ''", name="with_a_reason"),
    CheckConstraint("btrim(who) <> ''", name="by_somebody"),
    comment="What a person decided on a held submission. Rows are never changed.",
)

judging = Table(
    "judging",
    metadata,
    Column("submission_id", Text, ForeignKey(submission.c.submission_id), primary_key=True),
    Column("judging", Integer, primary_key=True, comment="1 for the first time it was judged, then 2, 3 ..."),
    _when("judged_at", "when the verdict was written"),
    Column("state", Text, nullable=False),
    _rows("rows_read"),
    _rows("rows_taken"),
    _rows("rows_refused"),
    _rows("rows_warned"),
    Column("reason", Text, nullable=False, server_default="", comment="why it was held or refused, in plain words"),
    Column("contract_version", Text, nullable=False),
    Column("fingerprint", Text, nullable=False, comment="SHA-256 over the contracts and the mapping it was judged by"),
    Column("lake_name", Text, nullable=False, unique=True, comment="the name of its files in the lake"),
    Column("compared_with", Text, nullable=False, server_default="", comment="lake name of the submission before"),
    Column("decision_id", BigInteger, ForeignKey(decision.c.decision_id), comment="the decision it rests on"),
    CheckConstraint("judging >= 1", name="counted_from_one"),
    CheckConstraint(f"state IN ({_STATES})", name="known_state"),
    CheckConstraint(_ACCOUNTED, name="every_row_accounted_for"),
    comment="Every verdict ever reached on a submission; the newest stands. Rows are never changed.",
)


def _of_judging() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["submission_id", "judging"], [judging.c.submission_id, judging.c.judging])


judging_table = Table(
    "judging_table",
    metadata,
    Column("submission_id", Text, primary_key=True),
    Column("judging", Integer, primary_key=True),
    Column("table_name", Text, primary_key=True),
    _rows("rows_read"),
    _rows("rows_taken"),
    _rows("rows_refused"),
    _rows("rows_warned"),
    Column("rules_run", Integer, nullable=False, comment="rules that were run on the table"),
    Column("rules_without_rows", Integer, nullable=False, comment="those of them that had no row to look at"),
    CheckConstraint(_ACCOUNTED, name="every_row_accounted_for"),
    _of_judging(),
    comment="What became of each table's rows in a judging. Rows are never changed.",
)

finding_count = Table(
    "finding_count",
    metadata,
    Column("submission_id", Text, primary_key=True),
    Column("judging", Integer, primary_key=True),
    Column("table_name", Text, primary_key=True, comment="empty where the finding is about the whole submission"),
    Column("rule", Text, primary_key=True),
    Column("column_name", Text, primary_key=True),
    Column("severity", Text, nullable=False),
    _rows("rows_found"),
    Column("rows_examined", BigInteger, nullable=False, comment="rows that the rule could look at"),
    CheckConstraint("severity IN ('file', 'hold', 'refuse', 'warn')", name="known_severity"),
    _of_judging(),
    comment="Rows found by each rule in a judging. Counts only, no value.",
)

lake_file = Table(
    "lake_file",
    metadata,
    Column("submission_id", Text, primary_key=True),
    Column("judging", Integer, primary_key=True),
    Column(
        "path",
        Text,
        primary_key=True,
        comment="below PACT_HOME: lake/open/<collection>/<table>/<lake name>.parquet ...",
    ),
    Column("sha256", _SHA256, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column(
        "recorded",
        Text,
        nullable=False,
        comment="written: hashed while it was written. found: of a judging before hashes were kept, hashed as it lay there later",
    ),
    _when("recorded_at", "when the hash was entered"),
    CheckConstraint("recorded IN ('written', 'found')", name="recorded_how"),
    _of_judging(),
    comment="The files of the lake that a judging wrote. Each is proven by its hash when it is read. Rows are never changed.",
)
Index("lake_file_path", lake_file.c.path, unique=True)

replacement = Table(
    "replacement",
    metadata,
    Column("replacement_id", BigInteger, Identity(always=True), primary_key=True),
    Column("path", Text, nullable=False, comment="below PACT_HOME"),
    Column("old_sha256", _SHA256, nullable=False, comment="what lay there before"),
    Column("new_sha256", _SHA256, comment="what lies there now; empty where it was removed"),
    Column("because", Text, nullable=False),
    Column("who", Text, nullable=False),
    _when("replaced_at", "when it was entered"),
    CheckConstraint("btrim(because) <> ''", name="with_a_reason"),
    CheckConstraint("btrim(who) <> ''", name="by_somebody"),
    comment="Files of lake and archive that were replaced or removed on purpose. The newest line of a path holds. Rows are"
    " never changed.",
)
Index("replacement_path", replacement.c.path, replacement.c.replacement_id)

crosswalk = Table(
    "crosswalk",
    metadata,
    Column(
        "version",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="1 for the first that was written, then 2 ...",
    ),
    Column("sha256", _SHA256, nullable=False),
    Column("persons", BigInteger, nullable=False),
    _when("recorded_at", "when it was entered"),
    comment="Linkage's crosswalk, which is written anew when persons are new: the newest version holds. Rows are never changed.",
)

home = Table(
    "home",
    metadata,
    Column("entry", BigInteger, Identity(always=True), primary_key=True),
    Column("home_id", Text, nullable=False, comment="which home this database serves"),
    Column("host", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("inode", BigInteger, nullable=False),
    _when("since", "when the home was first met there"),
    _when("left_at", "when it was found to have gone, or to be a copy of it; empty while it lies there", nullable=True),
    comment="Whose database this is, and where that home lies: asked at every connection (see pact_pipeline/home).",
)

# A row of these never changes and never goes: the database refuses it. Re-parsing history once overwrote the date of
# submission in a like system.
NEVER_CHANGED = (
    "arrival", "submission", "submission_table", "decision", "judging", "judging_table", "finding_count", "lake_file",
    "replacement", "crosswalk",
)  # fmt: skip

IN_FORCE_COLUMNS = (
    "submission_id", "supplier", "collection", "period", "sequence", "received_at", "state", "manifest",
    "contract_version", "judging", "lake_name", "rows_read", "rows_taken", "rows_refused", "rows_warned",
)  # fmt: skip
