"""Ids of requests, and what becomes of an exchange whatever its endpoint does."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import insert, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from intelgraph_server.database.tables import REQUEST_MINUTES, TENANTS
from intelgraph_server.engine.errors import DomainError
from intelgraph_server.exchanges import Answers, Exchanges
from intelgraph_server.generated.error_codes import ErrorCode
from intelgraph_server.observe.metrics import Metrics
from intelgraph_server.observe.requests import Requests

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from intelgraph_server.database.engine import Database

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)


async def say(http: Request) -> Response:
    http.scope["state"]["op_id"] = "getEntity:v1"
    return PlainTextResponse(http.scope["state"]["request_id"], 202)


async def fail(http: Request) -> Response:
    http.scope["state"]["tenant_id"] = "acme"
    raise FAILURES[http.url.path]


FAILURES: dict[str, Exception] = {
    "/refused": DomainError(ErrorCode.FORBIDDEN, "Not yours."),
    "/away": ConnectionError("hunter2"),
    "/broken": RuntimeError("hunter2"),
    "/gone": ClientDisconnect(),
}


async def ask(
    given: str | None,
    path: str = "/said",
    *,
    access_log: bool = False,
    measured: Requests | None = None,
) -> httpx.Response:
    routes = [Route("/said", say), *(Route(path, fail) for path in FAILURES)]
    requests = measured or Requests(Metrics(None), lambda: NOW)
    app = Exchanges(
        Starlette(routes=routes, middleware=[Middleware(Answers)]), requests, access_log=access_log
    )
    headers = {} if given is None else {"X-Request-Id": given}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get(path, headers=headers)


async def test_a_sane_id_of_the_client_is_kept_and_told_again() -> None:
    reply = await ask("abc-1.2_3")

    assert reply.text == reply.headers["x-request-id"] == "abc-1.2_3"


@pytest.mark.parametrize("given", [None, "", "-x", "a b", "x" * 65, "<script>"])
async def test_without_a_sane_one_each_request_gets_an_id_of_its_own(given: str | None) -> None:
    first, second = await ask(given), await ask(given)

    assert first.headers["x-request-id"] == first.text != second.text
    assert len(first.text) == 32


async def test_an_exchange_is_logged_in_one_record_where_that_is_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    await ask("quiet")
    await ask("loud", access_log=True)

    (record,) = (r for r in caplog.records if r.name == "intelgraph_server.exchanges")
    assert vars(record) | {"requestId": "loud", "status": 202, "path": "/said"} == vars(record)
    assert vars(record)["opId"] == "getEntity:v1"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/refused", 403, "FORBIDDEN"), ("/away", 503, "UNAVAILABLE"), ("/broken", 500, "INTERNAL")],
)
async def test_whatever_an_endpoint_raises_becomes_a_reply_that_tells_nothing_of_the_inside(
    path: str, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await ask("mine", path)

    assert reply.status_code == status
    assert reply.headers["x-request-id"] == "mine"
    assert reply.json()["errors"][0]["extensions"] == {"code": code}
    assert "hunter2" not in reply.text
    logged = [vars(record)["requestId"] for record in caplog.records if record.exc_info]
    assert logged == ([] if path == "/refused" else ["mine"])


async def test_a_client_that_went_away_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    reply = await ask("mine", "/gone")

    assert reply.status_code == 499
    assert caplog.records == []


async def test_only_the_failures_of_the_server_count_against_it(database: Database) -> None:
    measured = Requests(Metrics(None), lambda: NOW)
    with database.writing() as connection:
        connection.execute(insert(TENANTS).values(id="acme", name="Acme"))

    for path in ("/refused", "/broken", "/gone"):
        await ask(None, path, measured=measured)
    measured.flush(database)

    with database.reading() as connection:
        row = connection.execute(select(REQUEST_MINUTES)).one()
    assert (row.requests, row.failures) == (3, 1)


async def test_what_is_raised_after_a_reply_began_is_not_answered_again() -> None:
    async def half(http: Request) -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"half"
            raise RuntimeError("cut")

        del http
        return StreamingResponse(chunks())

    app = Starlette(routes=[Route("/half", half)], middleware=[Middleware(Answers)])
    requests = Requests(Metrics(None), lambda: NOW)
    transport = httpx.ASGITransport(Exchanges(app, requests, access_log=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        with pytest.raises(RuntimeError, match="cut"):
            await http.get("/half")
