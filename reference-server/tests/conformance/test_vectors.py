"""Holds the server to its vectors, as `intelgraph-server conformance` holds any other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from intelgraph_server.conformance import Answer, Deployment, differences, vectors
from intelgraph_server.database.migrate import create_tables
from intelgraph_server.testing import Demo, demo_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from intelgraph_server.conformance import Difference, Vector
    from intelgraph_server.settings import Settings

CONFORMANCE = Path(__file__).parents[3] / "schema" / "conformance"
FILES = sorted((CONFORMANCE / "server").glob("*.json"))
VECTORS = [pytest.param(vector, id=f"{room}: {vector['name']}") for room, vector in vectors()]
TOKENS = ("acme", "acme-ungranted", "acme-machine", "globex", "initech")


@pytest.fixture(scope="session")
def changing_url(kept_database: Callable[..., str], filled_url: str) -> str:
    """A database that vectors with keys may change: each has keys of its own."""
    return kept_database(filled_url)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_vector_file_has_the_format(path: Path) -> None:
    schema = json.loads((CONFORMANCE / "vector.schema.json").read_text("utf-8"))
    content = json.loads(path.read_text("utf-8"))

    Draft202012Validator(schema).validate(content)

    assert content["behaviour"] == path.stem
    names = [vector["name"] for vector in content["vectors"]]
    assert len(names) == len(set(names))


def test_the_vectors_are_those_of_the_repository() -> None:
    files = [json.loads(path.read_text("utf-8")) for path in FILES]
    expected = [(file["behaviour"], vector) for file in files for vector in file["vectors"]]

    assert list(vectors()) == expected


@pytest.mark.parametrize("vector", VECTORS)
async def test_vector(vector: Vector, settings: Settings, changing_url: str) -> None:
    documents = vector.get("documents", "open")
    settings = replace(settings, documents=documents)
    if vector["request"].get("headers", {}).get("idempotency-key"):
        settings = replace(settings, database_url=changing_url)

    with demo_server(settings) as demo:
        found = await differences_of(demo, vector, documents=documents, is_seeded=True)

    assert found == []


async def test_a_vector_that_is_not_about_the_data_holds_without_any(
    settings: Settings, tmp_path: Path
) -> None:
    empty = replace(settings, database_url=f"sqlite:///{tmp_path}/empty.db")
    failed: dict[str, list[str]] = {}
    with demo_server(empty) as demo:
        create_tables(demo.server.database)
        for _, vector in vectors():
            if not vector.get("seeded") and vector.get("documents", "open") == "open":
                found = await differences_of(demo, vector)
                failed |= {vector["name"]: list(map(str, found))} if found else {}

    assert failed == {}


async def differences_of(
    demo: Demo, vector: Vector, *, documents: str = "open", is_seeded: bool = False
) -> list[Difference]:
    tokens = {name: demo.token(name) for name in TOKENS}
    deployment = Deployment(tokens, documents, is_seeded=is_seeded)
    assert deployment.hindrance(vector) is None
    transport = httpx.ASGITransport(demo.asgi)
    answers: list[Answer] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for method, query, headers, body in deployment.asked(vector):
            reply = await http.request(method, f"/graphql?{query}", headers=headers, content=body)
            answers.append(Answer(reply.status_code, reply.headers, reply.content))
    return differences(vector, *answers)


ANSWER = Answer(
    200, {"content-type": "application/json", "x-request-id": "r1"}, b'{"data":{"a":1}}'
)
EXPECT: dict[str, Any] = {"status": 200, "mediaType": "application/json", "data": {"a": 1}}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (ANSWER, []),
        (ANSWER._replace(status=201), ["status: expected 200, came 201"]),
        (
            ANSWER._replace(body=b"<p>"),
            ['data: expected {"a": 1}, came null'],
        ),
        (
            ANSWER._replace(headers={"content-type": "text/html; charset=utf-8"}),
            [
                'mediaType: expected "application/json", came "text/html"',
                'headers: expected {"x-request-id": "…"}, came {"x-request-id": null}',
            ],
        ),
        (
            ANSWER._replace(body=b'{"data": {"a": 1, "b": 2}}'),
            ['data: expected {"a": 1}, came {"a": 1, "b": 2}'],
        ),
    ],
)
def test_whatever_is_not_as_the_vector_says_is_told(answer: Answer, told: list[str]) -> None:
    assert list(map(str, differences({"expect": EXPECT}, answer))) == told


def test_an_answer_that_should_be_the_one_before_is_compared_with_it() -> None:
    again = {"expect": {"repeats": True}}

    assert differences(again, ANSWER, ANSWER) == []
    assert differences(again, ANSWER, ANSWER._replace(body=b"{}")) == [("repeats", True, False)]
    assert differences(again, ANSWER) == [("repeats", True, False)]


@pytest.mark.parametrize(
    "body", [b"[]", b"7", b'{"errors": [7]}', b'{"errors": {}}', b'{"errors": [{"extensions": 7}]}']
)
def test_whatever_a_server_says_is_compared(body: bytes) -> None:
    found = differences({"expect": {"code": "A"}}, ANSWER._replace(body=body))

    assert found == [("code", "A", None)]


@pytest.mark.parametrize(
    ("vector", "why"),
    [
        ({"token": None}, None),
        ({"token": "acme"}, None),
        ({"token": "not.a.token"}, None),
        ({"token": "globex"}, "needs the token globex"),
        ({"before": [{"token": "globex"}], "token": "acme"}, "needs the token globex"),
        ({"documents": "allow-list"}, "needs a server in the mode allow-list"),
        ({"seeded": True}, "needs the demonstration data"),
    ],
)
def test_a_vector_that_says_nothing_about_a_deployment_is_known(vector: Any, why: object) -> None:
    assert Deployment({"acme": "t"}).hindrance(vector) == why
