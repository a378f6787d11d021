"""Relay connections by keyset: arguments into a `Page`, rows into a `Connection`.

A cursor is base64url of a JSON list: the name of the list, then the key values of the
item. It is opaque to clients and means nothing in another list.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from intelgraph_server.database.keyset import Page

from .errors import bad_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from intelgraph_server.database.keyset import Keyset, KeyValue, Slice
    from intelgraph_server.database.rows import Rows

    from .context import Context

T = TypeVar("T")

LARGEST_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class ListKind(Generic[T]):
    """One sort of list: the name that its cursors carry, and what orders it.

    A cursor holds the attributes of the item that are called as the columns of the order.
    """

    name: str
    order: Keyset

    def page(self, first: int, after: str | None) -> Page:
        if not 1 <= first <= LARGEST_PAGE:
            raise bad_input(f"`first` must be from 1 to {LARGEST_PAGE}, not {first}.")
        return Page(first, None if after is None else self._key_of(after))

    def resolver(self, read: Callable[..., Slice[T]]) -> Callable[..., Connection[T]]:
        """The resolver of a tenant's list that has no arguments but its page's."""

        def resolve(
            _source: None, context: Context, first: int, after: str | None = None
        ) -> Connection[T]:
            return self.answer(context, first, after, read)

        return resolve

    def answer(
        self, context: Context, first: int, after: str | None, read: Callable[..., Slice[T]]
    ) -> Connection[T]:
        page = self.page(first, after)
        part = read(context.connection, context.tenant_id, page)
        context.loaders.expect(self.name, (getattr(item, "id", "") for item in part.items))
        return Connection(self, page, part)

    def cursor(self, item: T) -> str:
        key = (getattr(item, str(k.column.key)) for k in self.order.keys)
        values = [v.isoformat() if isinstance(v, datetime) else v for v in key]
        text = json.dumps([self.name, *values], ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _key_of(self, cursor: str) -> tuple[KeyValue, ...]:
        types: list[type] = [str, *(k.column.type.python_type for k in self.order.keys)]
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            values = zip(json.loads(urlsafe_b64decode(padded)), types, strict=True)
            name, *key = (_value(value, wanted) for value, wanted in values)
        except (ValueError, TypeError, OverflowError, RecursionError):
            name, key = None, []
        if name != self.name:
            raise bad_input("`after` is not a cursor that this list gave.")
        return tuple(key)


def listed(name: str, rows: Rows[T], **expected: str) -> Callable[..., Connection[T]]:
    """The resolver of all rows of a tenant, page by page.

    What the items' own fields will load is told by its kind and the attribute that names it.
    """
    kind: ListKind[T] = ListKind(name, rows.order)

    def resolve(
        _source: None, context: Context, first: int, after: str | None = None
    ) -> Connection[T]:
        found = kind.answer(context, first, after, rows.page)
        for loaded, attribute in expected.items():
            keys = (getattr(item, attribute) for item in found.items)
            context.loaders.expect(loaded, (key for key in keys if key is not None))
        return found

    return resolve


def listed_by_status(name: str, rows: Rows[T]) -> Callable[..., Connection[T]]:
    """The same, or only the rows that stand so."""
    kind: ListKind[T] = ListKind(name, rows.order)

    def resolve(
        _source: None,
        context: Context,
        first: int,
        after: str | None = None,
        status: str | None = None,
    ) -> Connection[T]:
        wanted: dict[str, Any] = {} if status is None else {"status": status}
        return kind.answer(context, first, after, partial(rows.page, **wanted))

    return resolve


def hanging(name: str, rows: Rows[T], column: str) -> Callable[[Any, Context], list[T]]:
    """The resolver of the rows that name an item of a list by its id, read for a page at once."""

    def resolve(item: Any, context: Context) -> list[T]:
        fetch = partial(rows.by, context.connection, context.tenant_id, column)
        return context.loaders.load(name, None, item.id, fetch)

    return resolve


def _value(value: Any, wanted: type) -> KeyValue:
    """What JSON has made of a key value, as the value again; raises for anything else."""
    if wanted is datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError(value)
        # To UTC here, where an instant at the edge of time is a bad cursor and not a failure.
        return instant.astimezone(UTC)
    kind: type = value.__class__
    if kind is not wanted or (kind is str and not is_storable(value)):
        raise TypeError(value)
    if kind is int and abs(value) >= 2**63:
        raise OverflowError(value)
    known: KeyValue = value
    return known


def is_storable(text: str) -> bool:
    """Whether both databases can hold the text: no U+0000, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


@dataclass(frozen=True, slots=True)
class Edge(Generic[T]):
    cursor: str
    node: T


class Connection(Generic[T]):
    """A page as GraphQL shows it, and where it stands; what nobody selects is not computed."""

    def __init__(self, kind: ListKind[T], page: Page, part: Slice[T]) -> None:
        self._kind = kind
        self._part = part
        self.items: Final = part.items[: page.first]

    @cached_property
    def edges(self) -> list[Edge[T]]:
        return [Edge(self._kind.cursor(item), item) for item in self.items]

    @cached_property
    def total_count(self) -> int:
        return self._part.count()

    @property
    def page_info(self) -> Connection[T]:
        return self

    @property
    def has_next_page(self) -> bool:
        return len(self._part.items) > len(self.items)

    @property
    def has_previous_page(self) -> bool:
        return self._part.has_previous()

    @property
    def start_cursor(self) -> str | None:
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        return self.edges[-1].cursor if self.edges else None
