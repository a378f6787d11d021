"""Answers that fit the schema, made up from a seed, for the tests of code that uses a client.

    fixtures.answer(GET_ENTITY, {"entity": {"name": "Ada"}}, seed=1)      # a GetEntityData
    reply(fixtures.response(GET_ENTITY, seed=1))                        # for a FakeTransport

Each value depends on the seed and on its own place alone, so that what a test says itself
changes nothing else. `Fixtures(SHAPES)` makes those of another generated client; both languages
make the same JSON of the same seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeVar, cast

from intelgraph.generated.shapes import SHAPES

if TYPE_CHECKING:
    from intelgraph._operation import Operation

__all__ = ["Fixtures", "MakeScalar", "fixtures"]

D = TypeVar("D")
MakeScalar: TypeAlias = Callable[[int], object]
"""Makes the JSON of a custom scalar out of a number below 2 to the power of 32."""

_ABSENT: Final = object()
_FIRST_INSTANT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_YEAR: Final = 365 * 24 * 60 * 60
_MOST_ITEMS: Final = 3


class Fixtures:
    """Makes the answers of one generated client's operations.

    `shapes` is the text in the client's module `shapes`; `scalars` makes those of its custom
    scalars that have a form of their own.
    """

    def __init__(self, shapes: str, *, scalars: Mapping[str, MakeScalar] | None = None) -> None:
        self._shapes = _Shapes(shapes)
        self._scalars = dict(scalars or {})

    def answer(
        self,
        operation: Operation[D],
        overrides: Mapping[str, object] | None = None,
        *,
        seed: int = 0,
    ) -> D:
        """The typed data of an answer; what the test says itself has the names of the wire."""
        made = self._made(operation.name, overrides or {}, seed)
        decode = cast("Any", operation.data).model_validate_json
        answer: D = decode(json.dumps(made), by_name=False)
        return answer

    def response(
        self,
        operation: Operation[Any],
        overrides: Mapping[str, object] | None = None,
        *,
        seed: int = 0,
    ) -> dict[str, Any]:
        """The JSON of an answer, or of one event of a subscription."""
        return {"data": self._made(operation.name, overrides or {}, seed)}

    def _made(self, name: str, overrides: Mapping[str, object], seed: int) -> dict[str, Any]:
        if name not in self._shapes.models:
            raise ValueError(
                f"{name} is no operation of these shapes; give Fixtures those of its own client"
            )
        maker = _Maker(self._shapes, self._scalars, seed)
        return maker.of_shape(name, (name,), overrides)


class _Model(NamedTuple):
    typename: str
    bases: list[str]
    fields: dict[str, str]


class _Shapes:
    """The text as tables; `codegen/src/intelgraph_codegen/shape_table.py` says what it means."""

    def __init__(self, text: str) -> None:
        self.enums: dict[str, list[str]] = {}
        self.choices: dict[str, dict[str, str]] = {}
        self.models: dict[str, _Model] = {}
        for line in text.splitlines():
            name, _, told = line.partition(" = ")
            typename, opening, members = told.removesuffix(" }").partition(" { ")
            if opening:
                words = members.split()
                starts = [n for n, word in enumerate(words) if word.endswith(":")]
                bases = [word for word in words[: starts[0] if starts else None] if word]
                fields = {words[n][:-1]: words[n + 1] for n in starts}
                self.models[name] = _Model(typename, bases, fields)
            elif name.startswith("enum "):
                self.enums[name.removeprefix("enum ")] = told.split(" | ")
            elif told:
                arms = (arm.partition(": ") for arm in told.split(" | "))
                self.choices[name] = {type_: shape for type_, _, shape in arms}

    def fields(self, name: str) -> dict[str, str]:
        model = self.models[name]
        inherited = [self.fields(base) for base in model.bases]
        return {key: type_ for each in (*inherited, model.fields) for key, type_ in each.items()}


_Path: TypeAlias = tuple[str | int, ...]


class _Maker:
    def __init__(self, shapes: _Shapes, scalars: Mapping[str, MakeScalar], seed: int) -> None:
        self._shapes = shapes
        self._scalars = scalars
        self._seed = seed

    def of_shape(self, name: str, path: _Path, given: object) -> dict[str, Any]:
        own = _object(given, path)
        choice = self._shapes.choices.get(name)
        if choice is None:
            return self._of_model(name, self._shapes.models[name].typename, path, own)
        listed = [type_ for type_ in choice if type_ != "*"]
        typename = own.get("__typename", _ABSENT)
        if not isinstance(typename, str):
            typename = listed[self._number(path, "type") % len(listed)] if listed else "Other"
        return self._of_model(choice.get(typename, choice["*"]), typename, path, own)

    def _of_model(
        self, name: str, typename: str, path: _Path, own: Mapping[str, object]
    ) -> dict[str, Any]:
        fields = self._shapes.fields(name)
        for key in own:
            if key not in fields and key != "__typename":
                raise ValueError(f"{_shown(path)} has no {key}{_meant(key, fields)}")
        return {
            key: own.get(key, typename)
            if type_ == "__typename"
            else self._of_type(type_, (*path, key), own.get(key, _ABSENT))
            for key, type_ in fields.items()
        }

    def _of_type(self, type_: str, path: _Path, given: object) -> Any:
        if not type_.endswith("!"):
            if given is None:
                return None
            if type_ != "=false" and given is _ABSENT and self._number(path, "null") % 4 == 0:
                return None
        elif given is None:
            raise ValueError(f"{_shown(path)} cannot be null: its type is {type_}")
        named = type_.removesuffix("!")
        if named.startswith("["):
            return self._of_list(named[1:-1], path, given)
        if "." in named:
            return self.of_shape(named, path, {} if given is _ABSENT else given)
        return self._of_leaf(named, path) if given is _ABSENT else given

    def _of_list(self, item: str, path: _Path, given: object) -> list[Any]:
        if given is _ABSENT:
            items: Sequence[object] = [_ABSENT] * (1 + self._number(path, "length") % _MOST_ITEMS)
        elif isinstance(given, Sequence) and not isinstance(given, str):
            items = cast("Sequence[object]", given)
        else:
            raise ValueError(f"{_shown(path)} is a list")
        return [self._of_type(item, (*path, index), each) for index, each in enumerate(items)]

    def _of_leaf(self, type_: str, path: _Path) -> object:
        number = self._number(path, "value")
        if type_ == "=false":
            return False
        if type_ in self._shapes.enums:
            values = self._shapes.enums[type_]
            return values[number % len(values)]
        make = self._scalars.get(type_) or _WELL_KNOWN.get(type_.lower())
        if make is not None:
            return make(number)
        # Custom scalars that nobody has told of are texts, as most of them are.
        name = next(part for part in reversed(path) if isinstance(part, str))
        return f"{name}_{number:08x}" if type_ == "ID" else f"{name} {number % 1000}"

    def _number(self, path: _Path, what: str) -> int:
        """From 0 to below 2 to the power of 32: the place's hash, FNV-1a and mixed."""
        place = ".".join(map(str, path))
        mixed = 0x811C9DC5
        for byte in f"{self._seed}:{what}:{place}".encode():
            mixed = (mixed ^ byte) * 0x01000193 & 0xFFFFFFFF
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            mixed = (mixed ^ mixed >> shift) * factor & 0xFFFFFFFF
        return mixed ^ mixed >> 16


def _object(given: object, path: _Path) -> Mapping[str, object]:
    if isinstance(given, Mapping):
        return given  # pyright: ignore[reportUnknownVariableType] - its keys are looked at above.
    raise ValueError(f"{_shown(path)} is an object")


def _shown(path: _Path) -> str:
    return ".".join(map(str, path))


def _meant(key: str, fields: dict[str, str]) -> str:
    folded = {name.replace("_", "").lower(): name for name in reversed(fields)}
    meant = folded.get(key.replace("_", "").lower())
    return f"; did you mean {meant}?" if meant else f"; it has {', '.join(fields)}"


def _instant(number: int) -> str:
    return f"{_FIRST_INSTANT + timedelta(seconds=number % _YEAR):%Y-%m-%dT%H:%M:%SZ}"


_WELL_KNOWN: Final[dict[str, MakeScalar]] = {
    "int": lambda number: number % 1000,
    "float": lambda number: number % 1000 + 0.5,
    "boolean": lambda number: number % 2 == 1,
    "bigint": str,
    "date": lambda number: _instant(number)[:10],
    "datetime": _instant,
    "decimal": lambda number: f"{number % 1000}.{number % 90 + 10}",
    "time": lambda number: _instant(number)[11:],
    "timestamp": _instant,
    "timestamptz": _instant,
    "uri": lambda number: f"https://example.com/{number % 1000}",
    "url": lambda number: f"https://example.com/{number % 1000}",
    "uuid": lambda number: f"{number:08x}-0000-4000-8000-{number:012x}",
}

fixtures = Fixtures(SHAPES)
"""Those of this package's own client."""
