"""A `Stream` into server-sent events, as graphql-sse's distinct connections mode has them.

`event: next` carries a GraphQL response and the id to come back with in `Last-Event-ID`. No
subscription of this schema is ever complete, so a stream just ends after a while, that none
outlives the token it was opened with by much: the client comes back and misses nothing.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread
from starlette.responses import StreamingResponse

from .engine.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .engine.errors import JsonObject
    from .engine.execute import Stream

EVENTS_TYPE: Final = "text/event-stream"
LOOK: Final = 0.25  # Seconds between two looks for events.
SIGN_OF_LIFE: Final = 15.0  # Seconds; proxies close connections that say nothing.
LIFETIME: Final = 300.0  # Seconds.


def accepts_events(accept: str | None) -> bool:
    return EVENTS_TYPE in (accept or "").lower()


def last_event_id(given: str | None) -> int | None:
    """Raises DomainError for what is not an id that a stream gave."""
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 18:  # noqa: PLR2004
        raise bad_request("`Last-Event-ID` is not an id of an event.")
    return int(given)


def event_stream(
    stream: Stream, threads: anyio.CapacityLimiter, lifetime: float = LIFETIME
) -> StreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    body = _events(stream, threads, lifetime)
    return StreamingResponse(body, media_type=EVENTS_TYPE, headers=headers)


async def _events(
    stream: Stream, threads: anyio.CapacityLimiter, lifetime: float
) -> AsyncGenerator[str]:
    ends, silent_until = time.monotonic() + lifetime, 0.0
    while (now := time.monotonic()) < ends:
        # Also at once, or a client cannot tell an open stream from a server that is slow.
        if now > silent_until:
            yield ":\n\n"
            silent_until = now + SIGN_OF_LIFE
        for event_id, body in await anyio.to_thread.run_sync(_look, stream, limiter=threads):
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            yield f"id: {event_id}\nevent: next\ndata: {text}\n\n"
        await anyio.sleep(LOOK)


def _look(stream: Stream) -> list[tuple[int, JsonObject]]:
    return list(stream.replies())
