from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from intelgraph import (
    AsyncIntelGraph,
    ConfigurationError,
    Failure,
    IntelGraph,
    IntelGraphError,
    Reply,
    Request,
    RetryPolicy,
)
from intelgraph.testing import FakeTransport, reply

URL = "https://api.example/graphql"
NO_NUMBERS: tuple[Any, ...] = ("5", None, (1, 2), float("nan"))
TILES = reply({"data": {"trustTiles": []}})


def made(client: Any = IntelGraph, **options: Any) -> Any:
    return client(**{"url": URL, "api_key": None, "transport": FakeTransport([TILES])} | options)


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "api.example/graphql?secret"}, "url= is an absolute http or https URL"),
        ({"url": "ftp://secret.example"}, "url= is an absolute http or https URL"),
        ({"url": "https://"}, "url= is an absolute http or https URL"),
        ({"url": b"https://secret.example"}, "url= is an absolute http or https URL"),
        ({"url": httpx.URL("https://secret.example")}, "url= is an absolute http or https URL"),
        ({"url": "https://secret.example:port"}, "url= is not a URL"),
        ({"url": "https://[::1"}, "url= is not a URL"),
        ({"url": "https://ada:secret@api.example"}, "url= has no user or password in it"),
        ({"url": "https://secret .example"}, "url= has a space or a control character"),
        ({"url": "https://secret\n.example"}, "url= has a space or a control character"),
        ({"url": f"https://{'secret' * 11}.example"}, "url= has a host that no name server"),
        ({"url": "https://secret..example"}, "url= has a host that no name server"),
        ({"url": f"https://{'é' * 64}.example"}, "url= has a host that no name server"),
        ({"api_key": ""}, "api_key= is text of visible ASCII"),
        ({"api_key": "sec\nret"}, "api_key= is text of visible ASCII"),
        ({"api_key": "secre t"}, "api_key= is text of visible ASCII"),
        ({"api_key": "secrét"}, "api_key= is text of visible ASCII"),
        ({"api_key": b"secret"}, "api_key= is text of visible ASCII"),
        ({"headers": {"x y": "secret"}}, "look at 'x y' and its value"),
        ({"headers": {"x": "secret\r\ny: z"}}, "look at 'x' and its value"),
        ({"headers": {"x": " secret"}}, "look at 'x' and its value"),
        ({"headers": {"x": "secrét"}}, "look at 'x' and its value"),
        ({"headers": {"x": None}}, "look at 'x' and its value"),
        ({"headers": [("x", "secret")]}, "headers= is a mapping of names to values, not a list"),
        ({"headers": {"Content-Length": "5"}}, "headers= has 'Content-Length', which is for the"),
        ({"headers": {"transfer-encoding": "chunked"}}, "headers= has 'transfer-encoding'"),
        ({"max_response_bytes": 0}, "max_response_bytes= is at least 1, not 0"),
        ({"max_response_bytes": "secret"[:1]}, "max_response_bytes= is at least 1, not 's'"),
        ({"errors": "ignore"}, "errors= is 'raise' or 'partial', not 'ignore'"),
    ],
    ids=repr,
)
def test_an_option_that_cannot_work_is_refused_without_telling_secrets(
    client: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)) as caught:
        made(client, **options)

    assert "secr" not in str(caught.value)


@pytest.mark.parametrize("timeout", [0, -1, *[each for each in NO_NUMBERS if each is not None]])
def test_a_timeout_is_a_number_above_zero(timeout: Any) -> None:
    expected = re.escape(f"timeout= is a number of seconds above 0, not {timeout!r}.")

    with pytest.raises(ConfigurationError, match=expected):
        made(timeout=timeout)
    with pytest.raises(ConfigurationError, match=expected):
        made().with_options(timeout=timeout)


@pytest.mark.parametrize("retries", [-1, 1.5, float("inf"), *[n for n in NO_NUMBERS if n]])
def test_retries_are_counted_in_whole_numbers(retries: Any) -> None:
    expected = re.escape(f"max_retries= is a whole number from 0 on, not {retries!r}.")

    with pytest.raises(ConfigurationError, match=expected):
        made(max_retries=retries)
    with pytest.raises(ConfigurationError, match=expected):
        made().with_options(max_retries=retries)


@pytest.mark.parametrize("timeout", [float("inf"), 1e12, 10**400])
def test_a_timeout_that_no_clock_can_count_is_a_very_long_one(timeout: float) -> None:
    transport = FakeTransport([TILES])

    made(timeout=timeout, transport=transport).trust_tiles()

    # What has passed since the call began is no longer its own.
    assert transport.requests[0].timeout == pytest.approx(2_147_483.0)


def test_a_deadline_that_no_clock_can_count_is_a_very_long_one() -> None:
    transport = FakeTransport([TILES])
    policy = RetryPolicy(deadline=float("inf"))

    made(timeout=None, retry_policy=policy, transport=transport).trust_tiles()

    assert transport.requests[0].timeout == 2_147_483.0


def test_white_space_around_an_address_and_a_key_is_left_off() -> None:
    transport = FakeTransport([TILES])

    made(url=f" {URL}\n", api_key="key\n", transport=transport).trust_tiles()

    assert transport.requests[0].url == URL
    assert transport.requests[0].headers["authorization"] == "Bearer key"


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hooks": print}, "hooks= is a list of functions, not a builtin_function_or_method"),
        ({"hooks": None}, "hooks= is a list of functions, not a NoneType"),
        ({"hooks": [print, None]}, "hooks= is a list of functions, and has a NoneType in it"),
        ({"retry_policy": {}}, "retry_policy= is a RetryPolicy, not {}"),
        ({"retry_policy": RetryPolicy}, "retry_policy= is a RetryPolicy, not <class"),
        ({"wire": "apq"}, "wire= is made by a function of intelgraph.wire, not 'apq'"),
        ({"transport": 5}, "transport= is an object with a method `send"),
        ({"transport": FakeTransport}, "not the class FakeTransport"),
        ({"transport": None, "http_client": 5}, "http_client= is an httpx."),
    ],
    ids=repr,
)
def test_an_object_of_another_kind_is_a_type_error(
    client: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(message)) as caught:
        made(client, **options)

    assert not isinstance(caught.value, IntelGraphError)


class Blocking:
    """A transport of a user's own, for one of the two clients."""

    def send(self, request: Request) -> Reply | Failure:
        raise NotImplementedError(request)

    def close(self) -> None: ...


def test_an_awaiting_client_takes_no_transport_that_blocks() -> None:
    assert made(transport=Blocking())
    with pytest.raises(TypeError, match="a method `send_async`, not Blocking"):
        made(AsyncIntelGraph, transport=Blocking())
