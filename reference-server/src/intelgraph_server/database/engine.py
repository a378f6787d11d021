"""A database URL into a `Database`, which hands out transactions.

SQLite runs in WAL mode with foreign keys enforced; PostgreSQL through psycopg 3. A
reading transaction sees one state of the database however many statements it runs.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from intelgraph_server.settings import OperatorError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection, Engine

SQLITE_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class DatabaseError(OperatorError):
    """The database cannot be used at all: a bad URL, an unreachable server, a stale schema."""


class Database:
    """One database; at most `connections` transactions run at a time, the rest wait."""

    def __init__(self, url: str, *, connections: int = 8) -> None:
        parsed = parse_url(url)
        self.is_sqlite: Final = parsed.get_backend_name() == "sqlite"
        self.engine: Final = _create_engine(parsed, connections, is_sqlite=self.is_sqlite)
        self._reader = self._writer = self.engine
        if self.is_sqlite:
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        else:
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    def reading(self) -> AbstractContextManager[Connection]:
        """One consistent view of the rows, for as many statements as it takes."""
        return self._reader.begin()

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that is committed when the block ends and undone when it raises."""
        return self._writer.begin()

    def ping(self) -> None:
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseError(
            "the database URL is malformed; write sqlite:///file.db"
            " or postgresql://user@host/database"
        ) from None
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise DatabaseError(f"the database URL names {backend!r}; use sqlite or postgresql")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseError("the SQLite URL names no file; write sqlite:///file.db")
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def is_unavailable(error: Exception) -> bool:
    """Whether the database or the audit lake was away or busy, rather than asked wrongly."""
    if isinstance(error, PoolTimeoutError | ConnectionError):
        return True
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", None) in SQLITE_BUSY
    return isinstance(error, OperationalError)


def _create_engine(url: URL, connections: int, *, is_sqlite: bool) -> Engine:
    try:
        return create_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=10,
            # A connection that died in the pool is replaced rather than handed out.
            pool_pre_ping=not is_sqlite,
            connect_args={"check_same_thread": False} if is_sqlite else {},
        )
    except ModuleNotFoundError as error:
        raise DatabaseError(
            "PostgreSQL needs psycopg: pip install 'intelgraph-server[postgres]'"
        ) from error
    except NoSuchModuleError:
        raise DatabaseError(f"the database URL names an unknown driver: {url.drivername}") from None


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin by itself: it would do so before writes only, and two
    # reads of one request could then see two states.
    connection.isolation_level = None
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000"
    )


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
