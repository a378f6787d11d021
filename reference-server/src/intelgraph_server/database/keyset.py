"""Pages by key instead of by offset: a part of a list, read behind given key values.

`Keyset.after` writes `(a, b) > (x, y)` as nested comparisons, because the columns of one list
may be ordered in different directions, and row values cannot say that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, RowMapping, Table

T = TypeVar("T")
KeyValue: TypeAlias = datetime | str | float | int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for; `after` holds the key values to continue behind."""

    first: int
    after: tuple[KeyValue, ...] | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """What is read for a page: at most `first + 1` items, and two questions to ask later."""

    items: Sequence[T]
    count: Callable[[], int]
    has_previous: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Key:
    """One column of the order."""

    column: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Keyset:
    """The columns that order a list; together they are unique."""

    keys: tuple[Key, ...]

    def order_by(self) -> tuple[ColumnElement[Any], ...]:
        return tuple(k.column.desc() if k.descending else k.column.asc() for k in self.keys)

    def after(self, values: Sequence[object]) -> ColumnElement[bool]:
        """The rows that stand behind the row with these key values."""
        condition: ColumnElement[bool] = false()
        for key, value in reversed(tuple(zip(self.keys, values, strict=True))):
            beyond = key.column < value if key.descending else key.column > value
            condition = or_(beyond, and_(key.column == value, condition))
        return condition

    def up_to(self, values: Sequence[object]) -> ColumnElement[bool]:
        """The rows up to and including the row with these key values."""
        return not_(self.after(values))

    def read(
        self,
        connection: Connection,
        table: Table,
        where: ColumnElement[bool],
        page: Page,
        build: Callable[[RowMapping], T],
    ) -> Slice[T]:
        """The page's rows of `table`, built; the count and what precedes only when asked."""
        query = select(table).order_by(*self.order_by()).limit(page.first + 1)
        count = select(func.count()).select_from(table).where(where)
        behind = true() if page.after is None else self.after(page.after)
        has_previous = select(exists(select(table).where(where, not_(behind))))
        return Slice(
            [build(row) for row in connection.execute(query.where(where, behind)).mappings()],
            lambda: connection.execute(count).scalar_one(),
            lambda: connection.execute(has_previous).scalar_one(),
        )
