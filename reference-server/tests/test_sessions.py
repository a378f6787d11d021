from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from intelgraph_server.sessions import COOKIE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from intelgraph_server.testing import Demo

ASK = {"query": "{ trustTiles { kind } }"}


@pytest.fixture
async def browser(demo: Demo) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a session and no token, as a signed-in browser."""
    cookies = {COOKIE: demo.token("acme")}
    transport = httpx.ASGITransport(demo.asgi)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", cookies=cookies
    ) as browser:
        yield browser


def code(reply: httpx.Response) -> str | None:
    errors = reply.json().get("errors")
    return errors[0]["extensions"]["code"] if errors else None


async def test_the_cookie_speaks_for_its_token_where_a_page_of_ours_asks(
    browser: httpx.AsyncClient,
) -> None:
    headers = {"Origin": "http://test", "Sec-Fetch-Site": "same-origin"}

    reply = await browser.post("/graphql", json=ASK, headers=headers)

    assert (reply.status_code, code(reply)) == (200, None)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://test.evil.example"},
        {"Origin": "http://test:81"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://test", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
async def test_the_cookie_counts_for_nothing_where_another_page_asks(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    reply = await browser.post("/graphql", json=ASK, headers=headers)

    assert (reply.status_code, code(reply)) == (401, "UNAUTHENTICATED")


async def test_the_cookie_counts_for_nothing_in_a_request_by_get(
    browser: httpx.AsyncClient,
) -> None:
    reply = await browser.get("/graphql", params=ASK, headers={"Sec-Fetch-Site": "same-origin"})

    assert code(reply) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_a_body_that_a_form_of_any_page_could_send_is_not_read(
    browser: httpx.AsyncClient, content_type: str
) -> None:
    reply = await browser.post(
        "/graphql",
        content=b'{"query": "{ trustTiles { kind } }"}',
        headers={"Content-Type": content_type},
    )

    assert reply.status_code == 415


async def test_an_expired_cookie_is_nobodys_and_public_fields_still_answer(
    demo: Demo, browser: httpx.AsyncClient
) -> None:
    expired = demo.server.token("acme", lifetime=timedelta(seconds=-10))
    browser.cookies.set(COOKIE, expired)

    private = await browser.post("/graphql", json=ASK)
    public = await browser.post("/graphql", json={"query": "{ __typename }"})

    assert code(private) == "UNAUTHENTICATED"
    assert public.json() == {"data": {"__typename": "Query"}}


async def test_a_header_is_taken_rather_than_the_cookie(
    demo: Demo, browser: httpx.AsyncClient
) -> None:
    ungranted = {"Authorization": f"Bearer {demo.token('acme-ungranted')}"}

    reply = await browser.post("/graphql", json=ASK, headers=ungranted)
    broken = await browser.post("/graphql", json=ASK, headers={"Authorization": "Bearer x"})

    assert code(reply) == "FORBIDDEN"
    assert code(broken) == "UNAUTHENTICATED"
