"""What Alembic runs: the migrations, on the connection that `migrate.py` hands over."""

from alembic import context

from intelgraph_server.database.columns import METADATA

# For the names of constraints; SQLite alters a table by writing it anew.
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
