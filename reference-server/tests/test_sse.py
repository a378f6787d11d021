"""Server-sent events as a client reads them off the wire."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

import anyio
import pytest

from intelgraph_server.engine.errors import DomainError
from intelgraph_server.sse import accepts_events, event_stream, last_event_id

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    import httpx

    from intelgraph_server.engine.execute import Stream
    from intelgraph_server.testing import Demo

QUERY = "subscription { incidentChanged { id } }"
CHUNKS = [
    ":\n\n",
    'id: 7\nevent: next\ndata: {"data":{"a":1}}\n\n',
    'id: 8\nevent: next\ndata: {"data":{"a":"é"}}\n\n',
    'id: 9\nevent: next\ndata: {"data":null}\n\n',
]


class ThreeEvents:
    """A stream that has two events at the first look, one at the second, and then none."""

    def __init__(self) -> None:
        self._looks = [[(7, {"data": {"a": 1}}), (8, {"data": {"a": "é"}})], [(9, {"data": None})]]

    def replies(self) -> Iterator[tuple[int, dict[str, Any]]]:
        yield from self._looks.pop(0) if self._looks else []


async def test_each_event_carries_its_id_and_one_response() -> None:
    stream = cast("Stream", ThreeEvents())

    response = event_stream(stream, anyio.CapacityLimiter(1))
    async with aclosing(cast("AsyncGenerator[str]", response.body_iterator)) as chunks:
        came = [await anext(chunks) for _ in CHUNKS]

    assert response.media_type == "text/event-stream"
    assert came == CHUNKS


async def test_a_stream_ends_after_its_lifetime() -> None:
    stream = cast("Stream", ThreeEvents())

    response = event_stream(stream, anyio.CapacityLimiter(1), lifetime=0.4)
    came = [str(chunk) async for chunk in response.body_iterator]

    # A busy machine may not come to all of them in that time.
    assert came == CHUNKS[: len(came)]


@pytest.mark.parametrize("given", ["", "-1", "1.5", "x", "٣", "9" * 19])
def test_what_is_no_id_of_an_event_is_refused(given: str) -> None:
    with pytest.raises(DomainError, match="not an id of an event"):
        last_event_id(given)


def test_an_id_is_read_and_none_is_none() -> None:
    assert last_event_id("42") == 42
    assert last_event_id(None) is None


def test_only_who_accepts_events_gets_them() -> None:
    assert accepts_events("text/event-stream")
    assert not accepts_events("application/json")
    assert not accepts_events(None)


@pytest.mark.parametrize(
    ("token", "query", "status"),
    [(None, QUERY, 401), ("acme-ungranted", QUERY, 403), ("acme", "{switches{name}}", 405)],
)
async def test_what_is_refused_before_the_first_event_is_an_ordinary_reply(
    demo: Demo, http: httpx.AsyncClient, token: str | None, query: str, status: int
) -> None:
    headers = {"Accept": "text/event-stream"}
    if token:
        headers["Authorization"] = f"Bearer {demo.token(token)}"

    reply = await http.post("/graphql", json={"query": query}, headers=headers)

    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("application/json")
    assert reply.json()["errors"]


@pytest.mark.parametrize(
    ("query", "status", "media_type"),
    [
        (QUERY, 403, "application/graphql-response+json"),
        ("{__typename}", 200, "application/graphql-response+json"),
        ("{nothing}", 400, "application/graphql-response+json"),
    ],
)
async def test_who_accepts_events_among_others_gets_them_for_subscriptions_alone(
    demo: Demo, http: httpx.AsyncClient, query: str, status: int, media_type: str
) -> None:
    headers = {
        # The first event of a subscription is not for this token, which only its stream knows.
        "Authorization": f"Bearer {demo.token('acme-ungranted')}",
        "Accept": "application/graphql-response+json, text/event-stream, multipart/mixed",
    }

    reply = await http.post("/graphql", json={"query": query}, headers=headers)

    assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (
        status,
        media_type,
    )
