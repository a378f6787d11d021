"""The answer to an introspection query into the type definitions that it tells of.

Types and directives are printed by name, their members as the server orders them. Nothing here
needs a GraphQL library, and nothing is taken for granted: whoever answers may be anybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .errors import CodegenError, Diagnostic
from .json_places import Keys, place_of_keys, read_json
from .sdl_text import description_lines, string_literal
from .untyped import items_of, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_STEP = "  "
_ROOTS = ("query", "mutation", "subscription")
_OWN_SCALARS: Final = frozenset({"Int", "Float", "String", "Boolean", "ID"})
_OWN_DIRECTIVES: Final = frozenset({"skip", "include", "deprecated", "specifiedBy", "oneOf"})
_NO_REASON = "No longer supported"
_KEYWORDS: Final = {
    "SCALAR": "scalar",
    "OBJECT": "type",
    "INTERFACE": "interface",
    "UNION": "union",
    "ENUM": "enum",
    "INPUT_OBJECT": "input",
}


def sdl_of_text(text: str, path: str) -> str:
    """The type definitions that a JSON file tells of; raises `CodegenError` for any other JSON."""
    try:
        return sdl_of_answer(read_json(text, path, "This answer to an introspection query"))
    except NotTold as error:
        place = place_of_keys(text, path, error.keys)
        raise CodegenError(
            [Diagnostic(error.message, place, code="invalid-introspection")]
        ) from None


def sdl_of_answer(answer: object) -> str:
    """The same of what a server answered; raises `NotTold`."""
    whole = table(answer)
    way: Keys = ()
    if whole is not None and "data" in whole:
        whole, way = table(whole["data"]), ("data",)
    if whole is None or "__schema" not in whole:
        raise NotTold("There is no `__schema` here, so this is no answer to introspection.", way)
    return _Printer().schema(_Part(whole["__schema"], (*way, "__schema")))


class NotTold(Exception):  # noqa: N818 - It is the answer that fails, not the program.
    """An answer that does not have the form that the specification gives it."""

    def __init__(self, message: str, keys: Keys) -> None:
        super().__init__(message)
        self.message = message
        self.keys = keys


@dataclass(frozen=True, slots=True)
class _Part:
    """A value of the answer with the way to it."""

    value: object
    way: Keys

    def get(self, key: str) -> _Part:
        found = table(self.value)
        if found is None:
            raise self.wrong("an object")
        return _Part(found.get(key), (*self.way, key))

    def items(self) -> Iterator[_Part]:
        """The items of a list; an absent one has none."""
        found = items_of(self.value)
        if found is None and self.value is not None:
            raise self.wrong("a list")
        for index, item in enumerate(found or ()):
            yield _Part(item, (*self.way, index))

    def named(self) -> list[_Part]:
        """The items of a list, by their names."""
        return sorted(self.items(), key=lambda item: item.get("name").name())

    def name(self) -> str:
        if isinstance(self.value, str) and _NAME.fullmatch(self.value):
            return self.value
        raise self.wrong("a GraphQL name")

    def text(self) -> str | None:
        if self.value is None or isinstance(self.value, str):
            return self.value
        raise self.wrong("a string")

    def flag(self) -> bool:
        if self.value is None or isinstance(self.value, bool):
            return bool(self.value)
        raise self.wrong("true or false")

    def wrong(self, wanted: str) -> NotTold:
        shown = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.way)
        return NotTold(f"`{shown.lstrip('.')}` must be {wanted}.", self.way)


class _Printer:
    def schema(self, schema: _Part) -> str:
        types = [
            part
            for part in schema.get("types").named()
            if (name := part.get("name").name()) not in _OWN_SCALARS and not name.startswith("__")
        ]
        if not types:
            raise schema.get("types").wrong("a list with the schema's types")
        directives = [
            part
            for part in schema.get("directives").named()
            if part.get("name").name() not in _OWN_DIRECTIVES
        ]
        names = {part.get("name").name() for part in types}
        blocks = [
            *self._roots(schema, names),
            *map(self._directive, directives),
            *map(self._type, types),
        ]
        return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)

    def _roots(self, schema: _Part, names: set[str]) -> Iterator[list[str]]:
        """The `schema` block, where it says more than the names of the types do."""
        roots = {
            kind: part.get("name").name()
            for kind in _ROOTS
            if (part := schema.get(f"{kind}Type")).value is not None
        }
        if "query" not in roots:
            raise schema.get("queryType").wrong("an object")
        usual = {kind: kind.capitalize() for kind in _ROOTS if kind.capitalize() in names}
        description = schema.get("description").text()
        if roots != usual or description:
            lines = [f"{_STEP}{kind}: {name}" for kind, name in roots.items()]
            yield [*description_lines(description, ""), "schema {", *lines, "}"]

    def _directive(self, part: _Part) -> list[str]:
        places = [place.name() for place in part.get("locations").items()]
        if not places:
            raise part.get("locations").wrong("a list with places")
        repeatable = " repeatable" if part.get("isRepeatable").flag() else ""
        head, *rest = self._with_arguments(f"directive @{part.get('name').name()}", part, "")
        lines = [head, *rest]
        lines[-1] += f"{repeatable} on {' | '.join(places)}"
        return [*self._described(part, ""), *lines]

    def _type(self, part: _Part) -> list[str]:
        kind = part.get("kind").value
        keyword = _KEYWORDS.get(kind) if isinstance(kind, str) else None
        if keyword is None:
            raise part.get("kind").wrong(f"one of {', '.join(_KEYWORDS)}")
        head = f"{keyword} {part.get('name').name()}"
        lines = [*self._described(part, "")]
        if kind == "SCALAR":
            url = part.get("specifiedByURL").text()
            return [*lines, f"{head} @specifiedBy(url: {string_literal(url)})" if url else head]
        if kind == "UNION":
            members = [item.get("name").name() for item in part.get("possibleTypes").items()]
            return [*lines, f"{head} = {' | '.join(members)}" if members else head]
        if part.get("isOneOf").flag():
            head += " @oneOf"
        interfaces = [item.get("name").name() for item in part.get("interfaces").items()]
        if interfaces:
            head += f" implements {' & '.join(interfaces)}"
        return [*lines, *self._body(head, part, kind)]

    def _body(self, head: str, part: _Part, kind: object) -> list[str]:
        members = {"ENUM": "enumValues", "INPUT_OBJECT": "inputFields"}.get(str(kind), "fields")
        inner: list[str] = []
        for item in part.get(members).items():
            inner += self._described(item, _STEP)
            name = f"{_STEP}{item.get('name').name()}"
            if kind == "ENUM":
                inner.append(name + self._deprecated(item))
            elif kind == "INPUT_OBJECT":
                inner.append(_STEP + self._input(item))
            else:
                lines = self._with_arguments(name, item, _STEP)
                lines[-1] += f": {self._reference(item.get('type'))}{self._deprecated(item)}"
                inner += lines
        return [f"{head} {{", *inner, "}"] if inner else [head]

    def _with_arguments(self, head: str, part: _Part, indent: str) -> list[str]:
        arguments = list(part.get("args").items())
        if not arguments:
            return [head]
        if not any(item.get("description").text() for item in arguments):
            return [f"{head}({', '.join(map(self._input, arguments))})"]
        inner: list[str] = []
        for item in arguments:
            inner += self._described(item, indent + _STEP)
            inner.append(f"{indent}{_STEP}{self._input(item)}")
        return [f"{head}(", *inner, f"{indent})"]

    def _input(self, part: _Part) -> str:
        default = part.get("defaultValue").text()
        return (
            f"{part.get('name').name()}: {self._reference(part.get('type'))}"
            f"{'' if default is None else f' = {default}'}{self._deprecated(part)}"
        )

    def _deprecated(self, part: _Part) -> str:
        if not part.get("isDeprecated").flag():
            return ""
        reason = part.get("deprecationReason").text()
        if reason is None or reason == _NO_REASON:
            return " @deprecated"
        return f" @deprecated(reason: {string_literal(reason)})"

    def _reference(self, part: _Part) -> str:
        kind = part.get("kind").value
        if kind == "NON_NULL":
            inner = part.get("ofType")
            if inner.get("kind").value == "NON_NULL":
                raise inner.wrong("a type that can be null")
            return f"{self._reference(inner)}!"
        if kind == "LIST":
            return f"[{self._reference(part.get('ofType'))}]"
        return part.get("name").name()

    def _described(self, part: _Part, indent: str) -> Iterable[str]:
        return description_lines(part.get("description").text(), indent)
