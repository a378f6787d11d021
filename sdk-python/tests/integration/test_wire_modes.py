"""Wire modes on real sockets: what is asked byte for byte, and a server that keeps hashes."""

from __future__ import annotations

import hashlib
import inspect
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from socket_server import http_reply, socket_server

from intelgraph import AsyncIntelGraph, IntelGraph, Operation
from intelgraph.wire import apq, persisted, text

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = http_reply(b'{"data":{"thing":1}}')
VALUE = "a b+c&d=é🦊\"'()*~!/?#%25"
CLIENTS = pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
DOCUMENT = "query GetThing($of:Text){thing(of:$of)}"
DIGEST = hashlib.sha256(DOCUMENT.encode()).hexdigest()
GET_THING: Operation[dict[str, Any]] = Operation(
    name="GetThing",
    kind="query",
    op_id="getThing:v1",
    document_id=f"sha256:{DIGEST}",
    document=DOCUMENT,
    retry_safe=True,
    data=dict[str, Any],
)


async def execute(client: Any, *variables: dict[str, object], **options: Any) -> list[Any]:
    """What calls of one client of either kind answer, which it is closed after."""
    made = client(api_key=None, **options)
    answers: list[Any] = []
    for each in variables:
        told = made.execute(GET_THING, each)
        answers.append(await told if inspect.isawaitable(told) else told)
    closed = made.close()
    if inspect.isawaitable(closed):
        await closed
    return answers


@CLIENTS
@pytest.mark.parametrize("is_own", [True, False], ids=["own connections", "given connections"])
async def test_a_url_arrives_byte_for_byte_and_without_a_body(client: Any, *, is_own: bool) -> None:
    kind = httpx.Client if client is IntelGraph else httpx.AsyncClient
    given = {} if is_own else {"http_client": kind()}
    encoded = quote(json.dumps({"of": VALUE}, ensure_ascii=False, separators=(",", ":")), "!'()*")

    with socket_server(GOOD) as server:
        wire = persisted(get=True)
        answers = await execute(client, {"of": VALUE}, url=server.url, wire=wire, **given)
    for http_client in given.values():
        if isinstance(http_client, httpx.AsyncClient):
            await http_client.aclose()
        else:
            http_client.close()

    head, _, body = server.requests[0].decode().partition("\r\n\r\n")
    line, *headers = head.split("\r\n")
    assert answers == [{"thing": 1}]
    assert line == f"GET /graphql?documentId=sha256%3A{DIGEST}&variables={encoded} HTTP/1.1"
    assert body == ""
    assert not any(header.lower().startswith("content-length") for header in headers)
    assert "content-type: application/json" in [header.lower() for header in headers]


class HashKeeper(BaseHTTPRequestHandler):
    """Answers as Apollo's servers do: by hashes that it was told the texts of."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.answer(asked.get("query"), json.loads(asked["extensions"]))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.answer(body.get("query"), body["extensions"])

    def answer(self, query: str | None, extensions: Any) -> None:
        digest = extensions["persistedQuery"]["sha256Hash"]
        texts: dict[str, str] = self.server.texts  # type: ignore[attr-defined]
        self.server.asked.append((self.command, query is not None))  # type: ignore[attr-defined]
        if query is not None and hashlib.sha256(query.encode()).hexdigest() == digest:
            texts[digest] = query
        content: dict[str, Any] = {"data": {"thing": 1}}
        if digest not in texts:
            content = {"errors": [{"message": "PersistedQueryNotFound"}]}
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def hash_keeper() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), HashKeeper) as server:
        server.texts, server.asked = {}, []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@CLIENTS
async def test_a_server_of_hashes_learns_a_text_once(client: Any, hash_keeper: Any) -> None:
    url = f"http://127.0.0.1:{hash_keeper.server_port}/graphql"

    answers = await execute(client, {"of": "a"}, {"of": "b"}, url=url, wire=apq(get=True))

    assert answers == [{"thing": 1}, {"thing": 1}]
    assert hash_keeper.asked == [("GET", False), ("POST", True), ("GET", False)]
    assert hash_keeper.texts == {DIGEST: DOCUMENT}


@CLIENTS
async def test_a_text_is_asked_for_by_get(client: Any) -> None:
    with socket_server(GOOD) as server:
        assert await execute(client, {}, url=server.url, wire=text(get=True)) == [{"thing": 1}]

    assert server.requests[0].startswith(b"GET /graphql?query=query%20GetThing(%24of%3AText)")
