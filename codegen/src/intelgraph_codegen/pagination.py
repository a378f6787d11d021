"""Finds the one Relay connection by which an operation can be read page after page.

A connection is known by what is selected of it and by the variable that takes its cursor,
never by the name of its type. Whatever would make a page ambiguous or a request unsafe rules
it out: a cursor that is used twice, a list or a condition on the way, a second connection.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from .ir import Access, Choice, ListOf, Model, Named, Pagination, Selected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .ir import Field, Fragment, InputField, Operation, Path, Shape, TypeRef

# A cursor is text; that of a custom scalar has a type of its own in each language.
_CURSORS = frozenset({"ID", "String"})
_FLAGS = frozenset({"Boolean"})

_Place: TypeAlias = "tuple[bool, Path]"
"""A shape: whether it is the operation's own, or else a fragment's, and its path."""


@dataclass(frozen=True, slots=True)
class _Direction:
    argument: str
    has_more: str
    cursor: str
    count: str | None
    """The argument without which a page begins at the start of the list, and not at its end."""


_FORWARD = _Direction("after", "hasNextPage", "endCursor", None)
_BACKWARD = _Direction("before", "hasPreviousPage", "startCursor", "last")


class Connections:
    """Looks through the operations of one program."""

    def __init__(self, fragments: Iterable[Fragment]) -> None:
        self._shapes = {
            (False, shape.path): shape for fragment in fragments for shape in fragment.shapes
        }
        self._uses: dict[_Place, Counter[str]] = {}

    def pagination(self, operation: Operation) -> Pagination | None:
        """How the operation can be paged; None where it cannot, or not in one way alone."""
        variables = [each.name for each in operation.variables if _may_be_cursor(each)]
        if operation.kind != "query" or not variables:
            return None
        own = {(True, shape.path): shape for shape in operation.shapes}
        search = _Search(operation.name, own, self._shapes, self._uses)
        found = [each for name in variables if (each := search.pagination(name))]
        if len({tuple(step.field.key for step in each.way) for each in found}) != 1:
            return None
        # Both ways of one connection may be open; forward is how lists are read.
        return min(found, key=lambda each: each.is_backward)


class _Search:
    """The search in one operation; what is found out about fragments is kept for all."""

    def __init__(
        self,
        operation: str,
        own: Mapping[_Place, Shape],
        fragments: Mapping[_Place, Shape],
        fragment_uses: dict[_Place, Counter[str]],
    ) -> None:
        self._operation = operation
        self._own = own
        self._fragments = fragments
        self._fragment_uses = fragment_uses
        self._own_uses: dict[_Place, Counter[str]] = {}

    def pagination(self, variable: str) -> Pagination | None:
        root = (True, (self._operation,))
        if self._uses(root)[variable] != 1:
            return None
        way = self._way(root, variable)
        if not way:
            return None
        place, connection = way[-1]
        for direction in (_FORWARD, _BACKWARD):
            if any(
                each.name == direction.argument and each.is_variable and variable in each.variables
                for each in connection.field.arguments
            ):
                return self._connection(variable, [step for _, step in way], place, direction)
        return None

    def _connection(
        self, variable: str, way: Sequence[Access], owner: _Place, direction: _Direction
    ) -> Pagination | None:
        field = way[-1].field
        if direction.count and all(each.name != direction.count for each in field.arguments):
            return None
        place = self._inside(owner, field)
        listed = place and self._list(place)
        bounds = place and self._bounds(place, direction)
        if not (listed and bounds):
            return None
        return Pagination(
            variable=variable,
            is_backward=direction is _BACKWARD,
            way=tuple(way),
            items=listed[0],
            node=listed[1],
            edge_cursor=listed[2],
            page_info=bounds[0],
            has_more=bounds[1],
            cursor=bounds[2],
        )

    def _list(self, place: _Place) -> tuple[Access, Access | None, Access | None] | None:
        """The list of a connection, and of its edges the node and the cursor."""
        listed = self._only(place, "nodes")
        if listed and isinstance(listed[1].type, ListOf):
            return _access(listed), None, None
        listed = self._only(place, "edges")
        edge = listed and self._inside(*listed)
        node = edge and self._only(edge, "node")
        if not (listed and edge and node and isinstance(listed[1].type, ListOf)):
            return None
        cursor = self._only(edge, "cursor")
        has_cursor = cursor is not None and _is_cursor(cursor[1].type)
        return _access(listed), _access(node), _access(cursor) if cursor and has_cursor else None

    def _bounds(self, place: _Place, direction: _Direction) -> tuple[Access, Access, Access] | None:
        """What a connection says of its page, and of that whether more follows, and where."""
        page_info = self._only(place, "pageInfo")
        inside = page_info and self._inside(*page_info)
        has_more = inside and self._only(inside, direction.has_more)
        cursor = inside and self._only(inside, direction.cursor)
        if not (page_info and has_more and cursor):
            return None
        if not (_is_named(has_more[1].type, _FLAGS) and _is_cursor(cursor[1].type)):
            return None
        return _access(page_info), _access(has_more), _access(cursor)

    def _way(self, place: _Place, variable: str) -> list[tuple[_Place, Access]]:
        """The fields down to the one that uses the variable; empty where one cannot be passed."""
        way: list[tuple[_Place, Access]] = []
        while True:
            found = self._step(place, variable)
            if found is None:
                return []
            owner, access = found
            inside = self._inside(owner, access.field)
            if access.field.is_optional or inside is None or self._is_ambiguous(owner):
                return []
            way.append(found)
            if any(variable in each.variables for each in access.field.arguments):
                return way
            place = inside

    def _step(self, place: _Place, variable: str) -> tuple[_Place, Access] | None:
        shape = self._shape(place)
        if isinstance(shape, Choice):
            for arm in shape.arms:
                inside = (place[0], arm.model)
                if self._uses(inside)[variable]:
                    found = self._step(inside, variable)
                    return found and (found[0], replace(found[1], arm=arm))
            return None
        for owner, field in self._members(place):
            if self._uses_of_field(owner, field)[variable]:
                return owner, Access(owner[1], field)
        return None

    def _uses(self, place: _Place) -> Counter[str]:
        """How often each variable is used in all the fields of a shape."""
        known = self._own_uses if place[0] else self._fragment_uses
        if place not in known:
            shape = self._shape(place)
            total: Counter[str] = Counter()
            if isinstance(shape, Choice):
                for path in (*(arm.model for arm in shape.arms), shape.other):
                    total += self._uses((place[0], path))
            else:
                for owner, field in self._members(place):
                    total += self._uses_of_field(owner, field)
            known[place] = total
        return known[place]

    def _uses_of_field(self, owner: _Place, field: Field) -> Counter[str]:
        total = Counter(name for each in field.arguments for name in each.variables)
        selected = _selected(field.type)
        return total + self._uses(_place(owner, selected)) if selected else total

    def _shape(self, place: _Place) -> Shape:
        return (self._own if place[0] else self._fragments)[place]

    def _members(self, place: _Place) -> Iterator[tuple[_Place, Field]]:
        """All fields of a model, its bases' too, each with the model that declares it."""
        seen: set[str] = set()
        pending = [place]
        while pending:
            current = pending.pop()
            shape = self._shape(current)
            if isinstance(shape, Model):
                for field in shape.fields:
                    if field.key not in seen:
                        seen.add(field.key)
                        yield current, field
                pending += [(False, (name,)) for name in reversed(shape.bases)]

    def _only(self, place: _Place, name: str) -> tuple[_Place, Field] | None:
        """The field of that name, if there is one alone and it is always there."""
        found = [each for each in self._members(place) if each[1].name == name]
        if len(found) != 1 or found[0][1].is_optional or self._is_ambiguous(found[0][0]):
            return None
        return found[0]

    def _inside(self, owner: _Place, field: Field) -> _Place | None:
        """The shape below a field, or below the items of its list where it is `edges`."""
        type_ = field.type
        if isinstance(type_, ListOf) and field.name == "edges":
            type_ = type_.item
        return _place(owner, type_.path) if isinstance(type_, Selected) else None

    def _is_ambiguous(self, place: _Place) -> bool:
        """Whether it is of a fragment that has the operation's name, and so the same paths."""
        return not place[0] and place[1][0] == self._operation


def _place(owner: _Place, path: Path) -> _Place:
    # A path of one name is always a fragment.
    return (owner[0] and len(path) > 1, path)


def _access(found: tuple[_Place, Field]) -> Access:
    return Access(found[0][1], found[1])


def _may_be_cursor(variable: InputField) -> bool:
    return variable.type.nullable and _is_cursor(variable.type)


def _is_cursor(type_: TypeRef) -> bool:
    return _is_named(type_, _CURSORS)


def _is_named(type_: TypeRef, names: frozenset[str]) -> bool:
    return isinstance(type_, Named) and type_.name in names


def _selected(type_: TypeRef) -> Path | None:
    while isinstance(type_, ListOf):
        type_ = type_.item
    return type_.path if isinstance(type_, Selected) else None
