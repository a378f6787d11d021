from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from intelgraph_server.app import create_server
from intelgraph_server.auth import Tokens
from intelgraph_server.engine.execute import Engine
from intelgraph_server.engine.persisted import PersistedDocuments, document_id_of
from intelgraph_server.exchanges import Answers, Exchanges
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.http import RESPONSE_TYPE, GraphQLEndpoint, HttpError, negotiate
from intelgraph_server.logs import JsonLines
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.testing import Demo, demo_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from intelgraph_server.settings import Settings

QUERY = {"query": "{__typename}"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("application/*", "application/json"),
        (f"{RESPONSE_TYPE}, application/json;q=0.9", RESPONSE_TYPE),
        (f"application/json;q=0.9, {RESPONSE_TYPE}", RESPONSE_TYPE),
        (f"{RESPONSE_TYPE}; charset=utf-8", RESPONSE_TYPE),
        (f"{RESPONSE_TYPE.upper()}", RESPONSE_TYPE),
        (f"{RESPONSE_TYPE};q=0.1, */*;q=0.2", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
    ],
)
def test_the_answer_is_in_the_media_type_that_is_preferred(accept: str, chosen: str) -> None:
    assert negotiate(accept) == chosen


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/json;q=x"])
def test_who_accepts_nothing_of_ours_is_refused(accept: str) -> None:
    with pytest.raises(HttpError) as caught:
        negotiate(accept)

    assert (caught.value.status, caught.value.code) == (406, ErrorCode.UNSUPPORTED_REQUEST)


@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/nowhere", "/_faults"])
async def test_every_reply_has_a_request_id(path: str, http: httpx.AsyncClient) -> None:
    one, other = [(await http.get(path)).headers["x-request-id"] for _ in range(2)]

    assert one != other
    assert len(one) == 32


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", "<script>", "-a", 'a"b', "é"])
async def test_a_request_id_that_could_spoil_a_log_is_replaced(
    given: str, http: httpx.AsyncClient
) -> None:
    headers = {b"X-Request-Id": given.encode("latin-1")}

    reply = await http.post("/graphql", json=QUERY, headers=headers)

    assert len(reply.headers["x-request-id"]) == 32


async def test_a_path_that_is_not_there_says_where_graphql_is(http: httpx.AsyncClient) -> None:
    reply = await http.get("/graphiql")

    assert reply.status_code == 404
    assert reply.json() == {
        "errors": [
            {
                "message": "There is nothing at /graphiql; GraphQL is at /graphql.",
                "extensions": {"code": "UNSUPPORTED_REQUEST"},
            }
        ]
    }


async def test_health_is_the_database_answering(http: httpx.AsyncClient) -> None:
    reply = await http.get("/healthz")

    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


@pytest.fixture
async def lost(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A server whose database is away."""
    away = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    with demo_server(away) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            http.headers["Authorization"] = f"Bearer {demo.token('acme')}"
            yield http


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_database_that_is_away_is_503_and_says_when_to_come_back(
    lost: httpx.AsyncClient, accept: str
) -> None:
    query = {"query": "{trustTiles{kind}}"}

    replies = [
        await lost.get("/healthz"),
        await lost.post("/graphql", json=query, headers={"Accept": accept}),
    ]

    for reply in replies:
        assert reply.status_code == 503
        assert reply.headers["retry-after"] == "1"
        assert reply.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


async def test_half_of_a_surrogate_pair_is_refused_and_the_refusal_can_be_sent(
    http: httpx.AsyncClient, demo: Demo
) -> None:
    http.headers["Authorization"] = f"Bearer {demo.token('acme')}"
    content = '{"query":"query($id:ID!,$n:Int){entity(id:$id){relations(first:$n){totalCount}}}",'

    replies = [
        await http.post("/graphql", content=content + variables, headers=JSON)
        for variables in ('"variables":{"id":"\\ud800"}}', '"variables":{"id":"a","n":"\\ud800"}}')
    ]

    codes = [reply.json()["errors"][0]["extensions"]["code"] for reply in replies]
    assert set(codes) <= {"BAD_USER_INPUT", "INVALID_DOCUMENT"}


async def test_a_document_that_was_sent_with_its_id_is_known_afterwards(
    http: httpx.AsyncClient,
) -> None:
    text = "query Mine{__typename}"
    alone = {"documentId": document_id_of(text)}

    replies = [
        (await http.post("/graphql", json=body)).json()
        for body in (alone, alone | {"query": text}, alone)
    ]

    assert replies[0]["errors"][0]["extensions"] == {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}
    assert replies[1:] == [{"data": {"__typename": "Query"}}] * 2


async def test_an_exchange_is_logged_with_its_operation(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "intelgraph_server")

    with demo_server(replace(settings, access_log=True)) as demo:
        transport = httpx.ASGITransport(demo.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            await http.post("/graphql", json=QUERY, headers={"X-Request-Id": "mine"})

    line = json.loads(JsonLines().format(caplog.records[-1]))
    assert line["message"] == "request"
    assert (line["requestId"], line["status"], line["path"]) == ("mine", 200, "/graphql")
    assert (line["method"], line["opId"]) == ("POST", None)
    assert line["durationMs"] >= 0


def test_a_log_line_shows_only_the_fields_it_knows() -> None:
    record = logging.LogRecord("a", logging.INFO, "f", 1, "request", (), None)
    record.authorization = "Bearer secret"

    assert "secret" not in JsonLines().format(record)


async def test_a_failure_before_the_engine_says_nothing_and_is_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError("hunter2")

    server = create_server(settings)
    limiter = anyio.CapacityLimiter(1)
    tokens = Tokens(settings.signing_key, broken_clock)
    engine = Engine(
        server.schema,
        PersistedDocuments({}, allow_list=False),
        server.database,
        clock=lambda: DEFAULT_CLOCK,
        services=server.services,
    )
    endpoint = GraphQLEndpoint(engine, tokens, limiter)
    routes = [Route("/graphql", endpoint.respond, methods=["POST"])]
    app = Starlette(routes=routes, middleware=[Middleware(Answers)])
    transport = httpx.ASGITransport(Exchanges(app, server.services.requests, access_log=False))
    headers = {"Authorization": f"Bearer {server.token('acme')}"}

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        reply = await http.post("/graphql", json=QUERY, headers=headers)
    server.database.close()

    assert reply.status_code == 500
    assert reply.json()["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "hunter2" not in reply.text
    failed = [record for record in caplog.records if record.exc_info]
    assert [getattr(record, "requestId", None) for record in failed] == [
        reply.headers["x-request-id"]
    ]
