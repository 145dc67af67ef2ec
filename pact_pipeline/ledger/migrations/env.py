"""What alembic runs: the revisions, on the connection that `migrations.upgrade` was given, in its transaction."""

from alembic import context

from pact_pipeline.ledger.migrations import SCHEMA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    version_table_schema=SCHEMA,
    transactional_ddl=True,
)
context.run_migrations()
