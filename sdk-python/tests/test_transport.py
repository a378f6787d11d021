from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from intelgraph import Failure, Reply, Request
from intelgraph._transport import AsyncHttpxTransport, HttpxTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    import respx

    Send = Callable[[Request], Awaitable[Reply | Failure]]

URL = "https://api.example/graphql"


def request(**changes: Any) -> Request:
    fields: dict[str, Any] = {
        "method": "POST",
        "url": URL,
        "headers": {"authorization": "Bearer k", "content-type": "application/json"},
        "body": b'{"documentId":"sha256:abc"}',
        "timeout": 30.0,
        "max_response_bytes": 1000,
    }
    return Request(**(fields | changes))


class Streaming(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that says whether it was closed, and breaks off when told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.was_closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"x" * 600
        if self.error is not None:
            raise self.error
        yield b"x" * 600
        raise AssertionError("read on past the limit")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk

    def close(self) -> None:
        self.was_closed = True

    async def aclose(self) -> None:
        self.was_closed = True


@pytest.fixture(params=["blocking", "awaiting"])
async def send(request: pytest.FixtureRequest) -> AsyncIterator[Send]:
    """Either transport with a client of its own, sending by one and the same call."""
    if request.param == "blocking":
        blocking = HttpxTransport()

        async def send(request: Request) -> Reply | Failure:
            return blocking.send(request)

        yield send
        blocking.close()
    else:
        awaiting = AsyncHttpxTransport()
        yield awaiting.send_async
        await awaiting.close_async()


async def test_a_request_is_sent_as_it_is(send: Send, respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post(URL).respond(201, content=b"{}", headers={"X-Request-Id": "r1"})

    answer = await send(request())

    sent = route.calls.last.request
    assert sent.content == b'{"documentId":"sha256:abc"}'
    assert sent.headers["authorization"] == "Bearer k"
    assert "gzip" in sent.headers["accept-encoding"]
    assert isinstance(answer, Reply)
    assert (answer.status, answer.body) == (201, b"{}")
    assert answer.headers.get("x-request-id") == "r1"


async def test_a_header_goes_with_a_byte_for_each_character(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(URL).respond(200)

    await send(request(headers={"last-event-id": "\xc3\xa9", "x": "1"}))

    sent = dict(route.calls.last.request.headers.raw)
    assert sent[b"last-event-id"] == "é".encode()
    assert sent[b"x"] == b"1"


async def test_the_connection_has_less_time_than_the_reply(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    route = respx_mock.post(URL).respond(200)

    for timeout in (30.0, 2.0, None):
        await send(request(timeout=timeout))

    timeouts = [each.request.extensions["timeout"] for each in route.calls]
    assert [each["connect"] for each in timeouts] == [5.0, 2.0, 5.0]
    assert [each["read"] for each in timeouts] == [30.0, 2.0, None]


@pytest.mark.parametrize("is_callers", [True, False])
async def test_a_stream_may_be_silent_for_a_minute_once_its_head_has_come(
    respx_mock: respx.MockRouter, *, is_callers: bool
) -> None:
    before: list[float] = []

    def answer(sent: httpx.Request) -> httpx.Response:
        before.append(sent.extensions["timeout"]["read"])
        return httpx.Response(200, headers={"content-type": "text/event-stream"})

    route = respx_mock.post(URL).mock(side_effect=answer)
    with httpx.Client() as client:
        blocking = HttpxTransport(client if is_callers else None)
        assert not isinstance(blocking.open(request(timeout=2.0)), Reply | Failure)
        blocking.close()
    async with httpx.AsyncClient() as async_client:
        awaiting = AsyncHttpxTransport(async_client if is_callers else None)
        assert not isinstance(await awaiting.open_async(request(timeout=2.0)), Reply | Failure)
        await awaiting.close_async()

    timeouts = [each.request.extensions["timeout"] for each in route.calls]
    assert before == [2.0, 2.0]
    assert timeouts == [{"connect": 2.0, "read": 60.0, "write": 2.0, "pool": 2.0}] * 2


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("refused"), "connect"),
        (httpx.ConnectTimeout("slow"), "connect"),
        (httpx.PoolTimeout("busy"), "connect"),
        (httpx.ProxyError("refused"), "connect"),
        (httpx.UnsupportedProtocol("x"), "connect"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.WriteTimeout("slow"), "timeout"),
        (httpx.ReadError("reset"), "read"),
        (httpx.WriteError("reset"), "read"),
        (httpx.RemoteProtocolError("closed"), "read"),
        (httpx.LocalProtocolError("odd"), "read"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_an_exception_of_httpx_becomes_a_failure(
    error: httpx.RequestError, kind: str, send: Send, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).mock(side_effect=error)

    answer = await send(request())

    assert isinstance(answer, Failure)
    assert (answer.kind, answer.cause) == (kind, error)


async def test_what_httpx_raised_keeps_no_secrets_of_its_request(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    respx_mock.get(URL).mock(side_effect=httpx.ReadError("reset"))

    answer = await send(request(method="GET", url=f"{URL}?variables=secret", body=b""))

    assert isinstance(answer, Failure)
    assert isinstance(answer.cause, httpx.ReadError)
    kept = answer.cause.request
    assert (kept.method, str(kept.url)) == ("GET", URL)
    assert "authorization" not in kept.headers


async def test_an_exception_that_is_not_about_the_network_passes_through(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).mock(side_effect=ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await send(request())


async def test_a_refused_connection_has_sent_nothing(send: Send) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    answer = await send(request(url=f"http://127.0.0.1:{port}/graphql"))

    assert isinstance(answer, Failure)
    assert answer.kind == "connect"


async def test_a_redirect_is_not_followed(send: Send, respx_mock: respx.MockRouter) -> None:
    respx_mock.post(URL).respond(307, headers={"location": "https://elsewhere.example/"})

    answer = await send(request())

    assert isinstance(answer, Reply)
    assert answer.status == 307


async def test_a_body_of_exactly_the_limit_is_read(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).respond(200, content=b"x" * 1000)

    answer = await send(request())

    assert isinstance(answer, Reply)
    assert (len(answer.body), answer.problem) == (1000, None)


async def test_a_body_over_the_limit_is_not_kept(send: Send, respx_mock: respx.MockRouter) -> None:
    respx_mock.post(URL).respond(200, content=b"x" * 1001)

    answer = await send(request())

    assert isinstance(answer, Reply)
    assert (answer.body, answer.problem) == (b"", "the body is larger than 1000 bytes")


async def test_a_body_that_is_not_encoded_as_it_says_is_a_problem(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    plain = httpx.Response(502, stream=Streaming(), headers={"content-encoding": "gzip"})
    respx_mock.post(URL).mock(return_value=plain)

    answer = await send(request())

    assert isinstance(answer, Reply)
    assert (answer.status, answer.body) == (502, b"")
    assert answer.problem == "the body does not fit its content-encoding"


async def test_a_body_that_comes_too_slowly_is_a_timeout(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    respx_mock.post(URL).respond(200, content=b"{}")

    assert await send(request(timeout=1e-9)) == Failure("timeout")


async def test_reading_ends_where_the_limit_is_passed(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    body = Streaming()
    respx_mock.post(URL).mock(return_value=httpx.Response(200, stream=body))

    answer = await send(request())

    assert isinstance(answer, Reply)
    assert answer.problem is not None
    assert body.was_closed


async def test_a_connection_that_breaks_in_the_body_is_a_failure(
    send: Send, respx_mock: respx.MockRouter
) -> None:
    body = Streaming(httpx.ReadError("reset"))
    respx_mock.post(URL).mock(return_value=httpx.Response(200, stream=body))

    answer = await send(request())

    assert isinstance(answer, Failure)
    assert answer.kind == "read"
    assert body.was_closed


def test_a_callers_client_keeps_its_settings_and_stays_open(
    respx_mock: respx.MockRouter,
) -> None:
    route = respx_mock.post(URL).respond(200)

    with httpx.Client(headers={"x-team": "red"}) as client:
        transport = HttpxTransport(client)
        transport.send(request())
        transport.close()
        assert not client.is_closed

    sent = route.calls.last.request.headers
    assert (sent["x-team"], sent["authorization"]) == ("red", "Bearer k")


async def test_a_callers_async_client_keeps_its_settings_and_stays_open(
    respx_mock: respx.MockRouter,
) -> None:
    route = respx_mock.post(URL).respond(200)

    async with httpx.AsyncClient(headers={"x-team": "red"}) as client:
        transport = AsyncHttpxTransport(client)
        await transport.send_async(request())
        await transport.close_async()
        assert not client.is_closed

    sent = route.calls.last.request.headers
    assert (sent["x-team"], sent["authorization"]) == ("red", "Bearer k")


async def test_the_client_of_the_other_kind_is_refused() -> None:
    async with httpx.AsyncClient() as awaiting:
        with pytest.raises(TypeError, match=r"is an httpx\.Client, not a AsyncClient"):
            HttpxTransport(awaiting)  # type: ignore[arg-type]
    with (
        httpx.Client() as blocking,
        pytest.raises(TypeError, match=r"is an httpx\.AsyncClient, not a Client"),
    ):
        AsyncHttpxTransport(blocking)  # type: ignore[arg-type]
