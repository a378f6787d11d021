"""The id of a request: the client's own if it is a sane one, else one of ours."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from intelgraph_server.request_ids import RequestIds

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def say(http: Request) -> Response:
    http.scope["state"]["op_id"] = "getEntity:v1"
    return PlainTextResponse(http.scope["state"]["request_id"], 202)


async def ask(given: str | None, *, access_log: bool = False) -> httpx.Response:
    app = RequestIds(Starlette(routes=[Route("/said", say)]), access_log=access_log)
    headers = {} if given is None else {"X-Request-Id": given}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get("/said", headers=headers)


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

    (record,) = (r for r in caplog.records if r.name == "intelgraph_server.request_ids")
    assert vars(record) | {"requestId": "loud", "status": 202, "path": "/said"} == vars(record)
    assert vars(record)["opId"] == "getEntity:v1"
