"""Both clients of a real schema, and one random call of each of its operations.

A call knows what must cross the wire and what a server answers; `graphql-core` executes the
document for it, so that neither comes from the code under test.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from answers import Answers
from graphql import GraphQLEnumType
from pydantic import BaseModel, TypeAdapter

from intelgraph._inputs import encode_variables
from intelgraph.testing import FakeTransport, events, reply
from intelgraph_codegen import python, typescript
from intelgraph_codegen.build import build, print_documents
from intelgraph_codegen.ir import InputObject, ListOf, Model, Named
from intelgraph_codegen.outputs import replace_file
from intelgraph_codegen.python.naming import CALL_OPTIONS, attribute_names, names_of
from intelgraph_codegen.typescript.naming import names_of as typescript_names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from intelgraph.testing import Outcome
    from intelgraph_codegen.ir import Enum, Operation, Shape, TypeRef
    from intelgraph_codegen.load import Loaded
    from intelgraph_codegen.targets import ScalarTarget

URL = "https://example.test/graphql"
MISS = {"errors": [{"message": "?", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}]}
# What a server may write, and how it is written again.
CANONICAL: Mapping[str, Mapping[object, str]] = {
    "Date": {"2026-02-28": "2026-02-28"},
    "DateTime": {
        "2026-04-15T12:00:00Z": "2026-04-15T12:00:00Z",
        "2026-04-15T14:00:00.500000+02:00": "2026-04-15T12:00:00.500Z",
        "1999-12-31T23:59:59.999-00:30": "2000-01-01T00:29:59.999Z",
    },
    "Decimal": {"129.90": "129.90", "-1.5e3": "-1500", "+0.000001": "0.000001"},
}
_REWRITTEN = {text: own for forms in CANONICAL.values() for text, own in forms.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one operation: what it is given, and the data of each answer it meets."""

    operation: Operation
    variables: dict[str, Any]
    answers: tuple[dict[str, Any], ...]

    @property
    def outcomes(self) -> list[Outcome]:
        """A server that does not know the id yet, then one that answers."""
        payloads = [{"data": data} for data in self.answers]
        is_stream = self.operation.kind == "subscription"
        return [reply(MISS), events(*payloads) if is_stream else reply(payloads[0])]

    @property
    def results(self) -> list[Any]:
        """What the method returns, or yields, as JSON."""
        root = self.operation.root
        return [canonical(data if root is None else data[root.key]) for data in self.answers]


class Corpus:
    """A real schema with its documents, and both clients of it in a folder."""

    def __init__(
        self, name: str, loaded: Loaded, scalars: Mapping[str, ScalarTarget], folder: Path
    ) -> None:
        self.name = name
        self.folder = folder
        self.program = build(loaded, print_documents(loaded))
        self.names = names_of(self.program)
        self._typescript_names = typescript_names_of(self.program)
        self._loaded = loaded
        self._scalars = scalars
        self._inputs = {each.name: each for each in self.program.inputs}
        packages = {
            f"{name}_python": python.emit(self.program, scalars),
            f"{name}_typescript": typescript.emit(self.program, scalars),
        }
        self.files = {
            f"{package}/{path}": text
            for package, files in packages.items()
            for path, text in files.items()
        }
        for path, text in self.files.items():
            replace_file(folder / path, text)
        self.calls = [*self._random_calls(loaded)]

    @property
    def package(self) -> Any:
        """The Python client."""
        return import_module(f"{self.name}_python")

    def arguments(self, call: Call) -> dict[str, Any]:
        """The variables of a call as the method of a Python client takes them."""
        variables = call.operation.variables
        given = [each.name for each in variables]
        names = attribute_names(given, reserved=CALL_OPTIONS, prefix="variable")
        return {
            name: self._given(each.type, call.variables[each.name])
            for name, each in zip(names, variables, strict=True)
            if each.name in call.variables
        }

    def descriptions(self) -> Iterator[tuple[str, str]]:
        """What the schema says of all that is used, by the file where it must stand."""
        types = self._loaded.schema.type_map
        for folder, each in self._definitions():
            for path in self._paths(folder, each.name):
                yield from ((path, text) for text in _texts_of_type(types[each.name]))
        for operation in self.program.operations:
            if operation.root is not None:
                root: Any = types[operation.shapes[-1].parent]
                text = operation.description or root.fields[operation.root.name].description
                for path in ("python/client.py", "python/async_client.py", "typescript/client.ts"):
                    yield f"{self.name}_{path}", text or ""
        documents = [("operations", each.name, each.shapes) for each in self.program.operations]
        documents += [("fragments", each.name, each.shapes) for each in self.program.fragments]
        for folder, name, shapes in documents:
            for path in self._paths(folder, name):
                yield from ((path, text) for text in _texts_of_shapes(types, shapes))

    def _given(self, type_: TypeRef, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(type_, ListOf):
            return [self._given(type_.item, item) for item in value]
        assert isinstance(type_, Named)
        if type_.name in self._inputs:
            return self._input(self._inputs[type_.name], value)
        if module := self.names.enums.get(type_.name):
            return getattr(self.package.enums, module.main)(value)
        target = self._scalars.get(type_.name)
        if target is None or target.python is None:
            return value
        place, _, name = target.python.rpartition(".")
        return TypeAdapter(getattr(import_module(place), name)).validate_json(json.dumps(value))

    def _input(self, each: InputObject, value: dict[str, Any]) -> Any:
        cls = getattr(self.package.inputs, self.names.inputs[each.name].main)
        attributes = dict(zip(cls._wire_names, cls.__slots__, strict=True))
        types = {field.name: field.type for field in each.fields}
        return cls(
            **{attributes[key]: self._given(types[key], item) for key, item in value.items()}
        )

    def _definitions(self) -> Iterator[tuple[str, Enum | InputObject]]:
        yield from (("enums", each) for each in self.program.enums)
        yield from (("inputs", each) for each in self.program.inputs)

    def _paths(self, folder: str, name: str) -> Iterator[str]:
        yield f"{self.name}_python/{getattr(self.names, folder)[name].path}"
        yield f"{self.name}_typescript/{getattr(self._typescript_names, folder)[name].path}"

    def _random_calls(self, loaded: Loaded) -> Any:
        leaves = {name: tuple(forms) for name, forms in CANONICAL.items() if name in self._scalars}
        answers = Answers(loaded.schema, seed=2, nulls=0.2, leaves=leaves)
        for operation in self.program.operations:
            variables = answers.variables(operation.document)
            count = 2 if operation.kind == "subscription" else 1
            data = (answers.answer(operation.document, variables) for _ in range(count))
            yield Call(operation, variables, tuple(data))


def call_blocking(corpus: Corpus, call: Call) -> list[Any]:
    """What the blocking client gives, once what it sent has been checked."""
    transport = FakeTransport(call.outcomes)
    client = corpus.package.Client(url=URL, transport=transport)
    method = getattr(client, corpus.names.methods[call.operation.name])
    result = method(**corpus.arguments(call))
    results = [*result] if call.operation.kind == "subscription" else [result]
    check_wire(call, transport)
    return results


async def call_awaiting(corpus: Corpus, call: Call) -> list[Any]:
    """The same of the awaiting client."""
    transport = FakeTransport(call.outcomes)
    client = corpus.package.AsyncClient(url=URL, transport=transport)
    result = getattr(client, corpus.names.methods[call.operation.name])(**corpus.arguments(call))
    is_stream = call.operation.kind == "subscription"
    results = [item async for item in result] if is_stream else [await result]
    check_wire(call, transport)
    return results


def check_wire(call: Call, transport: FakeTransport) -> None:
    """The first request has the id alone, the second the text that the id is the hash of."""
    asked, sent = (request.json for request in transport.requests)
    expected = {"documentId": call.operation.document_id}
    if call.variables:
        expected["variables"] = canonical(call.variables)
    text = sent.pop("query")
    assert asked == sent == expected
    assert f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" == call.operation.document_id
    assert not transport.outcomes_left


def plain(value: Any) -> Any:
    """A result as the JSON that it was read from."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return encode_variables({"value": value})["value"]


def _texts_of_type(type_: Any) -> Iterator[str]:
    yield type_.description or ""
    members = type_.values if isinstance(type_, GraphQLEnumType) else type_.fields
    for member in members.values():
        yield from (member.description or "", member.deprecation_reason or "")


def _texts_of_shapes(types: Mapping[str, Any], shapes: Sequence[Shape]) -> Iterator[str]:
    for shape in shapes:
        if isinstance(shape, Model):
            known = getattr(types[shape.parent], "fields", {})
            members = [known[field.name] for field in shape.fields if field.name in known]
            for member in members:
                yield from (member.description or "", member.deprecation_reason or "")


def canonical(value: Any) -> Any:
    """JSON with each mapped scalar as it is written again."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return _REWRITTEN.get(value, value) if isinstance(value, str) else value
