"""Every vector of schema/conformance/client, through the blocking and the awaiting driver.

Time, randomness and sleep are the vector's: exactly as much as it lists may be used.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import intelgraph
from intelgraph import Operation
from intelgraph._call import call
from intelgraph._drive import drive, drive_async
from intelgraph._options import endpoint
from intelgraph.testing import FakeTransport, failure, reply

CONFORMANCE = Path(__file__).parents[3] / "schema" / "conformance"
FILES = sorted((CONFORMANCE / "client").glob("*.json"))
KNOWN_FAILING = dict(
    line.split("\t", 1)
    for line in (Path(__file__).parent / "known_failing.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)

ENDPOINT = endpoint(
    url="http://localhost:4000/graphql",
    api_key=None,
    headers=None,
    timeout=30.0,
    max_response_bytes=1 << 20,
)


def release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def vectors(member: str) -> list[Any]:
    found = []
    for path in FILES:
        for vector in json.loads(path.read_text("utf-8"))["vectors"]:
            since = release(vector.get("since", "1.0.0"))
            if member in vector and since <= release(intelgraph.__version__):
                reason = KNOWN_FAILING.get(vector["name"])
                marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
                found.append(pytest.param(vector, id=vector["name"], marks=marks))
    return found


def operation_of(vector: Any) -> Operation[Any]:
    made = vector["operation"]
    if isinstance(made, str):
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", made)
        found: Operation[Any] = getattr(intelgraph.generated.operations, words.upper())
        return found
    return Operation(
        name=made["name"],
        kind=made["kind"],
        op_id=made["opId"],
        document_id=made["documentId"],
        document=made["document"],
        retry_safe=made["retrySafe"],
        data=dict[str, Any],
    )


def transport_of(vector: Any) -> FakeTransport:
    return FakeTransport([outcome_of(exchange) for exchange in vector["exchanges"]])


def outcome_of(exchange: Any) -> Any:
    if "failure" in exchange:
        return failure(exchange["failure"])
    answer = exchange["reply"]
    headers = answer.get("headers")
    if "json" in answer:
        return reply(answer["json"], status=answer["status"], headers=headers)
    return reply(text=answer["text"], status=answer["status"], headers=headers)


def to_json(data: Any) -> Any:
    return data if isinstance(data, dict) else data.model_dump(mode="json", by_alias=True)


def facts_of(error: intelgraph.IntelGraphError) -> dict[str, Any]:
    path = getattr(error, "path", None)
    return {
        "class": type(error).__name__,
        "code": getattr(error, "code", None),
        "status": error.status,
        "path": None if path is None else list(path),
        "attempts": error.attempts,
        "requestId": error.request_id,
        "message": str(error),
    }


def check(vector: Any, transport: FakeTransport, seen: dict[str, Any]) -> None:
    expected = dict(vector["expect"])
    error = expected.pop("error", None)
    if error is not None:
        told = {name: seen["error"].get(name) for name in error if name != "languages"}
        assert told == {name: fact for name, fact in error.items() if name != "languages"}
    assert {name: seen.get(name) for name in expected} == expected
    assert ("error" in seen) == (error is not None)
    assert transport.outcomes_left == 0, "exchanges were left over"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_vector_file_has_the_shape_that_every_runner_reads(path: Path) -> None:
    schema = json.loads((CONFORMANCE / "vector.schema.json").read_text("utf-8"))
    content = json.loads(path.read_text("utf-8"))

    jsonschema.validate(content, schema)

    assert content["behaviour"] == path.stem


def test_every_known_failure_is_a_vector() -> None:
    names = {
        vector["name"]
        for path in FILES
        for vector in json.loads(path.read_text("utf-8"))["vectors"]
    }

    assert set(KNOWN_FAILING) <= names


@pytest.mark.parametrize("vector", vectors("exchanges"))
def test_a_blocking_call_does_what_the_vector_says(vector: Any) -> None:
    transport = transport_of(vector)
    seen: dict[str, Any] = {}
    running = call(operation_of(vector), vector.get("variables", {}), ENDPOINT)

    try:
        seen["data"] = to_json(drive(running, transport))
    except intelgraph.IntelGraphError as error:
        seen["error"] = facts_of(error)

    check(vector, transport, seen | {"requests": [each.json for each in transport.requests]})


@pytest.mark.parametrize("vector", vectors("exchanges"))
async def test_an_awaiting_call_does_what_the_vector_says(vector: Any) -> None:
    transport = transport_of(vector)
    seen: dict[str, Any] = {}
    running = call(operation_of(vector), vector.get("variables", {}), ENDPOINT)

    try:
        seen["data"] = to_json(await drive_async(running, transport))
    except intelgraph.IntelGraphError as error:
        seen["error"] = facts_of(error)

    check(vector, transport, seen | {"requests": [each.json for each in transport.requests]})
