"""The rows of one table as objects of a domain; every statement is bound to one tenant.

Of a table without tenants, such as the marketplace's plugins, every tenant has all rows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from sqlalchemy import and_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from .keyset import Key, Keyset
from .tables import TENANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Table

    from .keyset import Page, Slice

T = TypeVar("T")
NO_ORDER: Final = Keyset(())


def tenant_name(connection: Connection, tenant_id: str) -> str | None:
    """The tenant's name for people; None when it is not one of this server's."""
    query = select(TENANTS.c.name).where(TENANTS.c.id == tenant_id)
    return connection.execute(query).scalar_one_or_none()


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts the row unless one with its key, or a unique value of it, is there; whether it did.

    Where another transaction is just writing such a row, this waits for its end, so that what is
    read afterwards is there for both.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(dict(values)).on_conflict_do_nothing()
    # Not by the count of rows, which psycopg does not tell of an insert.
    return connection.execute(statement.returning(table.primary_key.columns[0])).first() is not None


def newest_first(*columns: Column[Any]) -> Keyset:
    return Keyset(tuple(Key(column, descending=True) for column in columns))


def in_order_of(*columns: ColumnElement[Any]) -> Keyset:
    return Keyset(tuple(map(Key, columns)))


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """A table of tenants' rows; `build` makes an object of the columns, and of the tenant if asked.

    The objects are dataclasses, and a field without a column is not stored.
    """

    table: Table
    build: Callable[..., T]
    order: Keyset = NO_ORDER

    def own(
        self, tenant_id: str, *where: ColumnElement[bool], **values: object
    ) -> ColumnElement[bool]:
        """The tenant's rows that meet every condition and have these values."""
        equal = (self.table.c[name] == value for name, value in values.items())
        of_tenant = (column == tenant_id for column in self.table.c if column.name == "tenant_id")
        return and_(true(), *of_tenant, *where, *equal)

    def one(
        self, connection: Connection, tenant_id: str, *, is_locked: bool = False, **key: object
    ) -> T | None:
        """Locked, nobody else changes the row or locks it until the transaction ends."""
        query = select(self.table).where(self.own(tenant_id, **key))
        # SQLite has one writer at a time, and no need of such a lock.
        query = query.with_for_update() if is_locked else query
        row = connection.execute(query).mappings().one_or_none()
        return None if row is None else self.read(row)

    def all(self, connection: Connection, tenant_id: str, *where: ColumnElement[bool]) -> list[T]:
        query = select(self.table).where(self.own(tenant_id, *where))
        rows = connection.execute(query.order_by(*self.order.order_by())).mappings()
        return [self.read(row) for row in rows]

    def page(
        self,
        connection: Connection,
        tenant_id: str,
        page: Page,
        *where: ColumnElement[bool],
        **values: object,
    ) -> Slice[T]:
        own = self.own(tenant_id, *where, **values)
        return self.order.read(connection, self.table, own, page, self.read)

    def by(
        self, connection: Connection, tenant_id: str, column: str, values: Iterable[str]
    ) -> dict[str, list[T]]:
        """The objects by a column's value; each value that is asked for has a list."""
        found: dict[str, list[T]] = {value: [] for value in values}
        for item in self.all(connection, tenant_id, self.table.c[column].in_(found)):
            found[getattr(item, column)].append(item)
        return found

    def add(self, connection: Connection, tenant_id: str, item: Any) -> T:
        """Writes the object unless its key is taken; gives what stands under the key."""
        values = self._values(tenant_id, item)
        insert_once(connection, self.table, values)
        query = select(self.table).where(self.own(tenant_id, **self._key(values)))
        return self.read(connection.execute(query).mappings().one())

    def put(self, connection: Connection, tenant_id: str, item: Any) -> None:
        """Writes the object in place of one with its key."""
        values = self._values(tenant_id, item)
        if not self.change(connection, tenant_id, values, **self._key(values)):
            insert_once(connection, self.table, values)

    def change(
        self,
        connection: Connection,
        tenant_id: str,
        changed: Mapping[str, Any],
        *where: ColumnElement[bool],
        **key: object,
    ) -> list[T]:
        """Changes the rows that meet every condition; gives them as they then stand."""
        statement = update(self.table).where(self.own(tenant_id, *where, **key))
        returning = statement.values(dict(changed)).returning(*self.table.c)
        return [self.read(row) for row in connection.execute(returning).mappings()]

    def read(self, row: RowMapping) -> T:
        hidden = () if _asks_for_the_tenant(self.build) else ("tenant_id",)
        return self.build(**{name: row[name] for name in row if name not in hidden})

    def _values(self, tenant_id: str, item: Any) -> dict[str, Any]:
        values = asdict(item) | {"tenant_id": tenant_id}
        return {name: v for name, v in values.items() if name in self.table.c}

    def _key(self, values: Mapping[str, Any]) -> dict[str, Any]:
        names = (column.name for column in self.table.primary_key)
        return {name: values[name] for name in names if name != "tenant_id"}


@cache
def _asks_for_the_tenant(build: Callable[..., object]) -> bool:
    return "tenant_id" in signature(build).parameters
