from __future__ import annotations

import inspect
from typing import Any

import pytest

from intelgraph import (
    AsyncIntelGraph,
    ConfigurationError,
    ErrorDetail,
    IntelGraph,
    OperationError,
    RawResponse,
    ResponseError,
    RetryPolicy,
)
from intelgraph.testing import FakeTransport, failure, reply

CLIENTS = pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
DENIED = {"message": "No.", "path": ["entities"], "extensions": {"code": "FORBIDDEN"}}
DONE = reply({"data": {"trustTiles": []}}, headers={"X-Request-Id": "r1"})
PARTIAL = reply({"data": {"trustTiles": []}, "errors": [DENIED]})


def made(client: Any, *outcomes: Any, **options: Any) -> Any:
    policy = RetryPolicy(base_delay=0.0)
    transport = FakeTransport(outcomes)
    return client(api_key=None, retry_policy=policy, transport=transport, **options)


async def raw_of(client: Any, ask: Any) -> RawResponse[Any]:
    response = client.with_raw_response(ask)
    raw: RawResponse[Any] = await response if inspect.isawaitable(response) else response
    return raw


@CLIENTS
async def test_a_raw_response_has_the_last_reply_and_the_value(client: Any) -> None:
    asked = made(client, failure("connect"), DONE)

    raw = await raw_of(asked, lambda c: c.trust_tiles())

    assert raw.parse() == []
    assert (raw.status, raw.request_id, raw.attempts) == (200, "r1", 2)
    assert raw.headers["content-type"] == "application/graphql-response+json"
    assert raw.body == DONE.body
    assert raw.elapsed > 0
    assert raw.errors == ()


@CLIENTS
async def test_a_call_that_fails_raises_as_ever(client: Any) -> None:
    with pytest.raises(OperationError):
        await raw_of(made(client, PARTIAL), lambda c: c.trust_tiles())


@CLIENTS
async def test_the_errors_beside_partial_data_are_read_from_the_raw_response(client: Any) -> None:
    asked = made(client, PARTIAL, errors="partial")

    raw = await raw_of(asked, lambda c: c.trust_tiles())

    assert raw.parse() == []
    assert raw.errors == (ErrorDetail("No.", "FORBIDDEN", ("entities",), {"code": "FORBIDDEN"}),)


@CLIENTS
async def test_of_several_calls_the_last_is_told(client: Any) -> None:
    first = reply({"data": {"trustTiles": []}}, status=201)

    def twice(c: Any) -> Any:
        if isinstance(c, IntelGraph):
            return [c.trust_tiles(), c.trust_tiles()]

        async def awaited() -> list[Any]:
            return [await c.trust_tiles(), await c.trust_tiles()]

        return awaited()

    raw = await raw_of(made(client, first, DONE), twice)

    assert (raw.status, raw.parse()) == (200, [[], []])


def test_a_page_can_be_asked_for_with_its_reply() -> None:
    page = {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}, "totalCount": 0}
    client = made(IntelGraph, reply({"data": {"entities": page}}, headers={"x-request-id": "p1"}))

    raw = client.with_raw_response(lambda c: list(c.iter_list_entities()))

    assert (raw.parse(), raw.request_id) == ([], "p1")


@CLIENTS
async def test_a_function_that_makes_no_call_is_a_type_error(client: Any) -> None:
    async def nothing() -> int:
        return 1

    asked = made(client)
    with pytest.raises(TypeError, match="this one made none"):
        await raw_of(asked, lambda c: 1 if isinstance(c, IntelGraph) else nothing())


@CLIENTS
async def test_the_client_itself_is_not_listened_to(client: Any) -> None:
    asked = made(client, DONE, DONE)

    await raw_of(asked, lambda c: c.trust_tiles())
    told = asked.trust_tiles()

    assert (await told if inspect.isawaitable(told) else told) == []
    assert asked._settings.observe is None


def test_a_raw_response_hides_what_it_holds() -> None:
    secret = reply({"data": {"trustTiles": []}}, headers={"set-cookie": "s3cret"})

    raw = made(IntelGraph, secret).with_raw_response(lambda c: c.trust_tiles())

    assert repr(raw).startswith("RawResponse(status=200, attempts=1, elapsed=")
    assert "s3cret" not in repr(raw)


@CLIENTS
async def test_the_policy_for_errors_is_an_option_of_a_copy(client: Any) -> None:
    strict = made(client, PARTIAL, PARTIAL)

    told = strict.with_options(errors="partial").trust_tiles()
    assert (await told if inspect.isawaitable(told) else told) == []

    lenient = strict.with_options(errors="partial")
    assert lenient.with_options(timeout=1)._settings.errors == "partial"
    assert lenient.with_options(errors="raise")._settings.errors == "raise"


@CLIENTS
def test_another_policy_is_refused(client: Any) -> None:
    with pytest.raises(ConfigurationError, match="errors= is 'raise' or 'partial', not 'ignore'"):
        made(client, errors="ignore")
    with pytest.raises(ConfigurationError, match="errors= is 'raise' or 'partial'"):
        made(client).with_options(errors="all")


@pytest.mark.parametrize(
    "answer",
    [
        {"data": None, "errors": [DENIED]},
        {"errors": [DENIED]},
        {"data": {"trustTiles": None}, "errors": [DENIED]},
    ],
    ids=["null", "absent", "of another type"],
)
def test_data_that_cannot_be_had_raises_whatever_the_policy(answer: Any) -> None:
    client = made(IntelGraph, reply(answer), errors="partial")

    with pytest.raises(OperationError) as caught:
        client.trust_tiles()

    assert caught.value.code == "FORBIDDEN"


def test_errors_that_are_none_of_graphql_are_no_part_of_an_answer() -> None:
    client = made(IntelGraph, reply({"data": {"trustTiles": []}, "errors": [5]}), errors="partial")

    with pytest.raises(ResponseError):
        client.trust_tiles()
