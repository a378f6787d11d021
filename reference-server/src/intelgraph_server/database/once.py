"""An insert that may be repeated: apart, because each database spells it in its own dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts the row unless one with its key, or a unique value of it, is there; whether it did.

    Where another transaction is just writing such a row, this waits for its
    end, so that what is read afterwards is there for both.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(dict(values)).on_conflict_do_nothing()
    # Not by the count of rows, which psycopg does not tell of an insert.
    return connection.execute(statement.returning(table.primary_key.columns[0])).first() is not None
