"""Brings a database up to date with the tables by Alembic's migrations.

Alembic is imported only when a migration runs: it costs a third of a start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

from . import billing_tables, tables
from .columns import METADATA
from .engine import DatabaseError
from .tables import VIEWS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from .engine import Database

# A table is known once its module is imported.
KNOWN: Final = (tables, billing_tables)
# The newest revision under migrations/versions; a test holds the two together.
HEAD: Final = "0003"


def tables_of(*names: str) -> list[Table]:
    return [METADATA.tables[name] for name in names]


def migrate(database: Database) -> None:
    """Runs what is missing, in one transaction; nothing when the database is up to date."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "intelgraph_server:database/migrations")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def create_tables(database: Database) -> None:
    """The tables at once and without a history, for a database that will not outlive the run."""
    with database.writing() as connection:
        METADATA.create_all(connection)
        VIEWS.create_all(connection)


def make_ready(database: Database) -> None:
    """Migrates an empty database; refuses one that another version has left behind."""
    with database.reading() as connection:
        revision = current_revision(connection)
        is_empty = not inspect(connection).get_table_names()
    if is_empty:
        migrate(database)
    elif revision != HEAD:
        raise DatabaseError(
            f"the database is at revision {revision or 'none'}, this server needs {HEAD};"
            " run `intelgraph-server migrate`"
        )


def current_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
