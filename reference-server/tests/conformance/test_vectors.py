from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from intelgraph_server.testing import Demo, demo_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intelgraph_server.settings import Settings

CONFORMANCE = Path(__file__).parents[3] / "schema" / "conformance"
FILES = sorted((CONFORMANCE / "server").glob("*.json"))


def vectors() -> Iterator[object]:
    for path in FILES:
        for vector in json.loads(path.read_text("utf-8"))["vectors"]:
            yield pytest.param(vector, id=f"{path.stem}: {vector['name']}")


@pytest.fixture(scope="session")
def changing_url(new_database: Callable[..., str], filled_url: str) -> str:
    """A database that vectors with keys may change: each has keys of its own."""
    return new_database(filled_url)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_vector_file_has_the_format(path: Path) -> None:
    schema = json.loads((CONFORMANCE / "vector.schema.json").read_text("utf-8"))
    content = json.loads(path.read_text("utf-8"))

    Draft202012Validator(schema).validate(content)

    assert content["behaviour"] == path.stem
    names = [vector["name"] for vector in content["vectors"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("vector", list(vectors()))
async def test_vector(vector: dict[str, Any], settings: Settings, changing_url: str) -> None:
    settings = replace(settings, documents=vector.get("documents", "open"))
    if vector["request"].get("headers", {}).get("idempotency-key"):
        settings = replace(settings, database_url=changing_url)
    last = None

    with demo_server(settings) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            for earlier in vector.get("before", ()):
                last = await http.send(request(http, demo, {"token": vector["token"]} | earlier))
            reply = await http.send(request(http, demo, vector))

    check(vector["expect"], reply, last)


def request(http: httpx.AsyncClient, demo: Demo, vector: dict[str, Any]) -> httpx.Request:
    asked = vector["request"]
    headers = {"content-type": "application/json"} if asked["method"] != "GET" else {}
    headers |= asked.get("headers", {})
    name = vector.get("token")
    if name is not None:
        headers["authorization"] = f"Bearer {name if '.' in name else demo.token(name)}"
    return http.build_request(
        asked["method"],
        "/graphql",
        params=asked.get("query"),
        headers=headers,
        content=content(asked),
    )


def content(asked: dict[str, Any]) -> bytes | None:
    if "json" in asked:
        return json.dumps(asked["json"]).encode()
    if "text" in asked:
        return str(asked["text"]).encode()
    if "bytes" in asked:
        return b64decode(asked["bytes"])
    if "repeat" in asked:
        return str(asked["repeat"]["text"]).encode() * int(asked["repeat"]["times"])
    return None


def check(expect: dict[str, Any], reply: httpx.Response, last: httpx.Response | None) -> None:
    body = reply.json()
    error = (body.get("errors") or [{}])[0]
    seen = {
        "status": reply.status_code,
        "mediaType": reply.headers["content-type"].partition(";")[0],
        "headers": {name: reply.headers.get(name) for name in expect.get("headers", {})},
        "repeats": last is not None and reply.content == last.content,
        "json": body,
        "code": error.get("extensions", {}).get("code"),
        "message": error.get("message"),
        "data": body.get("data"),
    }
    assert {name: seen[name] for name in expect} == expect
    assert reply.headers["x-request-id"]
