"""Whether an outline is a valid schema beyond doubt.

Every rule of the specification on type definitions has its place here, but none its words: where
anything is wrong, or only unusual, the definitions are read again in full, and what is found then
is told. So a rule may doubt a valid schema, at the price of time, but never trust one that is not.
The few parts that hold literals and directives are left over (see `excerpt`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .outline import named
from .sdl_wording import deprecated_alone, repeated_field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .errors import Diagnostic, Place
    from .outline import Member, Outline, Part

_BUILT_IN = ("Int", "Float", "String", "Boolean", "ID")
_OUTPUT = frozenset({"scalar", "type", "interface", "union", "enum"})
_INPUT = frozenset({"scalar", "enum", "input"})
_NO_VALUES = frozenset({"true", "false", "null"})
_OPERATIONS = ("query", "mutation", "subscription")


class Types:
    """The types of an outline, each with what its definition and its extensions say."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.parts: dict[str, list[Part]] = {}
        for part in outline.parts:
            self.parts.setdefault(part.name, []).append(part)
        self.kinds: dict[str, str] = dict.fromkeys(_BUILT_IN, "scalar")
        self.kinds |= {part.name: part.kind for part in outline.parts if not part.is_extension}
        self.names = {
            name: tuple(item for part in parts for item in part.names)
            for name, parts in self.parts.items()
        }
        """The interfaces of each object and interface, and the members of each union."""
        self.implementers: dict[str, list[str]] = {}
        for name, interfaces in self.names.items():
            for interface in interfaces:
                self.implementers.setdefault(interface, []).append(name)
        self.members = {name: _first_of_each(parts) for name, parts in self.parts.items()}

    @property
    def roots(self) -> Mapping[str, str]:
        """The type that each kind of operation starts at."""
        if self.outline.roots:
            return dict(self.outline.roots)
        own = ((operation, operation.title()) for operation in _OPERATIONS)
        return {operation: name for operation, name in own if name in self.kinds}

    def of_kind(self, *kinds: str) -> Iterator[str]:
        """The names of the types that the schema itself defines, of some kinds."""
        return (name for name in self.parts if self.kinds[name] in kinds)

    def inputs(self) -> Iterator[Member]:
        """All arguments and all fields of inputs."""
        for name in self.of_kind("type", "interface"):
            for field in self.members[name].values():
                yield from field.arguments
        for name in self.of_kind("input"):
            yield from self.members[name].values()
        for directive in self.outline.directives:
            yield from directive.arguments


def is_sound(types: Types, *, lenient: bool) -> bool:
    """Whether nothing at all is wrong, as far as it can be told without reading literals.

    With `lenient` a field may be defined again, which `repeated_fields` warns of.
    """
    return all(rule(types) for rule in _RULES) and (lenient or not any(_repetitions(types)))


def repeated_fields(types: Types) -> Iterator[Diagnostic]:
    """Warns of each field that its type has already; the first of them counts."""
    for name, again in _repetitions(types):
        kept = {item.name: (part, item) for part, item in reversed(_written(types, name))}
        for part, item in again:
            first = _place(*kept[item.name])
            yield repeated_field(f"{name}.{item.name}", _place(part, item), first)


def deprecations(types: Types) -> Iterator[Diagnostic]:
    """Warns of each deprecated field whose interface does not say so."""
    for name in types.of_kind("type", "interface"):
        own = {item.name: (part, item) for part, item in reversed(_written(types, name))}
        for interface in types.names[name]:
            for field in types.members[interface].values():
                part, item = own[field.name]
                if item.is_deprecated and not field.is_deprecated:
                    of_interface = f"{interface}.{field.name}"
                    yield deprecated_alone(f"{name}.{field.name}", of_interface, _place(part, item))


def _repetitions(types: Types) -> Iterator[tuple[str, list[tuple[Part, Member]]]]:
    for name in types.of_kind("type", "interface", "input"):
        if sum(len(part.members) for part in types.parts[name]) == len(types.members[name]):
            continue
        kept = types.members[name]
        yield (
            name,
            [(part, item) for part, item in _written(types, name) if kept[item.name] is not item],
        )


def _written(types: Types, name: str) -> list[tuple[Part, Member]]:
    return [(part, item) for part in types.parts[name] for item in part.members]


def _place(part: Part, item: Member) -> Place:
    return part.text.place(item.at, item.at + len(item.name))


def _first_of_each(parts: Iterable[Part]) -> dict[str, Member]:
    first: dict[str, Member] = {}
    for part in parts:
        for item in part.members:
            first.setdefault(item.name, item)
    return first


def _definitions_are_unique(types: Types) -> bool:
    for parts in types.parts.values():
        definitions = [part for part in parts if not part.is_extension]
        is_alike = {part.kind for part in parts} == {parts[0].kind}
        if len(definitions) != 1 or not is_alike:
            return False
        # A directive may be repeated between a type and its extension.
        if len(parts) > 1 and sum(bool(part.directives) for part in parts) > 1:
            return False
    names = [directive.name for directive in types.outline.directives]
    return len(names) == len(set(names)) and not types.parts.keys() & set(_BUILT_IN)


def _names_are_free(types: Types) -> bool:
    members = [item for part in types.outline.parts for item in part.members]
    members += types.outline.directives
    members += [argument for item in members for argument in item.arguments]
    names = {*types.parts, *(item.name for item in members)}
    return not any(name.startswith("__") for name in names)


def _members_are_unique(types: Types) -> bool:
    for name in types.of_kind("enum"):
        if sum(len(part.members) for part in types.parts[name]) != len(types.members[name]):
            return False
    groups = [item.arguments for fields in types.members.values() for item in fields.values()]
    groups += [item.arguments for item in types.outline.directives]
    return all(len({item.name for item in group}) == len(group) for group in groups if group)


def _nothing_is_empty(types: Types) -> bool:
    for name in types.parts:
        kind = types.kinds[name]
        if kind == "union":
            if not types.names[name]:
                return False
        elif (kind == "scalar") == bool(types.members[name]):
            return False
    return True


def _types_are_in_place(types: Types) -> bool:
    of_fields = map(types.members.__getitem__, types.of_kind("type", "interface"))
    outputs = {item.type for fields in of_fields for item in fields.values()}
    inputs = {item.type for item in types.inputs()}
    return _are_all(types, outputs, _OUTPUT) and _are_all(types, inputs, _INPUT)


def _values_are_values(types: Types) -> bool:
    return not any(types.members[name].keys() & _NO_VALUES for name in types.of_kind("enum"))


def _roots_are_objects(types: Types) -> bool:
    roots = types.roots
    written = [operation for operation, _ in types.outline.roots]
    return (
        "query" in roots
        and len(written) == len(set(written))
        and len(set(roots.values())) == len(roots)
        and all(types.kinds.get(name) == "type" for name in roots.values())
    )


def _unions_are_of_objects(types: Types) -> bool:
    for name in types.of_kind("union"):
        members = types.names[name]
        if len(members) != len(set(members)):
            return False
        if any(types.kinds.get(member) != "type" for member in members):
            return False
    return all(
        types.kinds[name] in ("type", "interface", "union")
        for name in types.names
        if types.names[name]
    )


def _interfaces_are_implemented(types: Types) -> bool:
    for name in types.of_kind("type", "interface"):
        interfaces = types.names[name]
        if len(interfaces) != len(set(interfaces)) or name in interfaces:
            return False
        for interface in interfaces:
            if types.kinds.get(interface) != "interface":
                return False
            if not set(types.names[interface]) <= set(interfaces):
                return False
            if not _implements(types, types.members[name], types.members[interface]):
                return False
    return True


def _implements(
    types: Types, own: Mapping[str, Member], of_interface: Mapping[str, Member]
) -> bool:
    for name, wanted in of_interface.items():
        given = own.get(name)
        if given is None or not _is_sub_type(types, given.type, wanted.type):
            return False
        if given.arguments != wanted.arguments and not _accepts(given.arguments, wanted.arguments):
            return False
    return True


def _accepts(own: Iterable[Member], of_interface: Iterable[Member]) -> bool:
    given = {item.name: item for item in own}
    wanted = {item.name: item.type for item in of_interface}
    if any(name not in given or given[name].type != type_ for name, type_ in wanted.items()):
        return False
    return not any(item.is_required for name, item in given.items() if name not in wanted)


def _is_sub_type(types: Types, own: str, of: str) -> bool:
    if own == of:
        return True
    if of.endswith("!"):
        return own.endswith("!") and _is_sub_type(types, own[:-1], of[:-1])
    if own.endswith("!"):
        return _is_sub_type(types, own[:-1], of)
    if own.startswith("["):
        return of.startswith("[") and _is_sub_type(types, own[1:-1], of[1:-1])
    if types.kinds.get(of) == "interface":
        return of in types.names.get(own, ())
    return types.kinds.get(of) == "union" and own in types.names[of]


def _required_stays(types: Types) -> bool:
    return not any(item.is_required and item.is_deprecated for item in types.inputs())


def _inputs_end(types: Types) -> bool:
    needed: dict[str, set[str]] = {}
    for name in types.of_kind("input"):
        fields = types.members[name].values()
        # A default that is an object may contain itself.
        if any(item.default and "{" in item.default for item in fields):
            return False
        inner = {item.type[:-1] for item in fields if item.type.endswith("!")}
        needed[name] = {item for item in inner if types.kinds.get(item) == "input"}
    return _is_finite(needed)


def _is_finite(needed: dict[str, set[str]]) -> bool:
    pending = {name: set(inner) for name, inner in needed.items()}
    while pending:
        ended = {name for name, inner in pending.items() if not inner}
        if not ended:
            return False
        pending = {name: inner - ended for name, inner in pending.items() if name not in ended}
    return True


def _one_ofs_choose(types: Types) -> bool:
    for name in types.of_kind("input"):
        if not any(_ONE_OF.search(part.directives) for part in types.parts[name]):
            continue
        fields = types.members[name].values()
        if any(item.type.endswith("!") or item.default for item in fields):
            return False
        if all(types.kinds.get(item.type) == "input" for item in fields):
            return False
    return True


_ONE_OF = re.compile(r"@oneOf\b")

_RULES: tuple[Callable[[Types], bool], ...] = (
    _definitions_are_unique,
    _names_are_free,
    _members_are_unique,
    _nothing_is_empty,
    _types_are_in_place,
    _values_are_values,
    _roots_are_objects,
    _unions_are_of_objects,
    _interfaces_are_implemented,
    _required_stays,
    _inputs_end,
    _one_ofs_choose,
)


def _are_all(types: Types, written: Iterable[str], kinds: frozenset[str]) -> bool:
    return all(types.kinds.get(named(type_)) in kinds for type_ in written)
