"""What was written to the lake, file by file, by its SHA-256; which files were replaced or removed by record since; and the
versions of linkage's crosswalk."""

from alembic import op

revision, down_revision = "0003", "0002"
FACTS = ("lake_file", "replacement", "crosswalk")


def upgrade() -> None:
    op.execute("""
        CREATE TABLE ledger.lake_file (
            submission_id TEXT NOT NULL,
            judging INTEGER NOT NULL,
            path TEXT NOT NULL,
            sha256 VARCHAR(64) NOT NULL,
            bytes BIGINT NOT NULL,
            recorded TEXT NOT NULL,
            recorded_at TIMESTAMPTZ NOT NULL,
            PRIMARY KEY (submission_id, judging, path),
            FOREIGN KEY (submission_id, judging) REFERENCES ledger.judging (submission_id, judging),
            CONSTRAINT recorded_how CHECK (recorded IN ('written', 'found'))
        );
        CREATE UNIQUE INDEX lake_file_path ON ledger.lake_file (path);
        COMMENT ON TABLE ledger.lake_file IS
            'The files of the lake that a judging wrote. Each is proven by its hash when it is read. Rows are never changed.';
        COMMENT ON COLUMN ledger.lake_file.path IS 'below PACT_HOME: lake/open/<collection>/<table>/<lake name>.parquet ...';
        COMMENT ON COLUMN ledger.lake_file.recorded IS
            'written: hashed while it was written. found: of a judging before hashes were kept, hashed as it lay there later';
        COMMENT ON COLUMN ledger.lake_file.recorded_at IS 'when the hash was entered';
    """)
    op.execute("""
        CREATE TABLE ledger.replacement (
            replacement_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            path TEXT NOT NULL,
            old_sha256 VARCHAR(64) NOT NULL,
            new_sha256 VARCHAR(64),
            because TEXT NOT NULL,
            who TEXT NOT NULL,
            replaced_at TIMESTAMPTZ NOT NULL,
            CONSTRAINT with_a_reason CHECK (btrim(because) <> ''),
            CONSTRAINT by_somebody CHECK (btrim(who) <> '')
        );
        CREATE INDEX replacement_path ON ledger.replacement (path, replacement_id);
        COMMENT ON TABLE ledger.replacement IS
            'Files of lake and archive that were replaced or removed on purpose. The newest line of a path holds. Rows are'
            ' never changed.';
        COMMENT ON COLUMN ledger.replacement.path IS 'below PACT_HOME';
        COMMENT ON COLUMN ledger.replacement.old_sha256 IS 'what lay there before';
        COMMENT ON COLUMN ledger.replacement.new_sha256 IS 'what lies there now; empty where it was removed';
        COMMENT ON COLUMN ledger.replacement.replaced_at IS 'when it was entered';
    """)
    op.execute("""
        CREATE TABLE ledger.crosswalk (
            version BIGINT PRIMARY KEY,
            sha256 VARCHAR(64) NOT NULL,
            persons BIGINT NOT NULL,
            recorded_at TIMESTAMPTZ NOT NULL
        );
        COMMENT ON TABLE ledger.crosswalk IS
            'Linkage''s crosswalk, which is written anew when persons are new: the newest version holds. Rows are never changed.';
        COMMENT ON COLUMN ledger.crosswalk.version IS '1 for the first that was written, then 2 ...';
        COMMENT ON COLUMN ledger.crosswalk.recorded_at IS 'when it was entered';
    """)
    for table in FACTS:
        for when, each, name in (
            ("UPDATE OR DELETE", "ROW", "facts_never_change"),
            ("TRUNCATE", "STATEMENT", "facts_are_never_emptied"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON ledger.{table}"
                f" FOR EACH {each} EXECUTE FUNCTION ledger.facts_never_change()"
            )
