"""The bases of ariadne-codegen's clients, called as its generated methods call them."""

from __future__ import annotations

import hashlib
import pickle
from typing import Any

import pytest

from intelgraph import (
    CallFinished,
    ConfigurationError,
    Event,
    OperationError,
    RetryPolicy,
    RetryScheduled,
)
from intelgraph.contrib.ariadne import AriadneClient, AsyncAriadneClient
from intelgraph.testing import FakeTransport, events, failure, reply
from intelgraph.wire import apq

URL = "https://api.example/graphql"
QUERY = "query Tiles{tiles{kind}}"
ITS_ID = f"sha256:{hashlib.sha256(QUERY.encode()).hexdigest()}"
MUTATION = "mutation Flip($to:Boolean){flip(to:$to)}"
AWAY = reply(status=503, text="away", headers={"retry-after-ms": "1"})


class Client(AriadneClient):
    """A generated client, as far as the base goes."""

    _retryable_codes = frozenset({"BUSY"})


async def both(client: dict[str, Any], **call: Any) -> Any:
    """Runs a call on a blocking client and on an awaiting one, which must agree."""
    blocking = FakeTransport(client["script"])
    awaiting = FakeTransport(client["script"])
    first = AriadneClient(URL, transport=blocking)
    second = AsyncAriadneClient(URL, transport=awaiting)

    data = first.get_data(first.execute(**call))

    assert second.get_data(await second.execute(**call)) == data
    assert [each.json for each in awaiting.requests] == [each.json for each in blocking.requests]
    return data, blocking.requests


async def test_a_document_without_an_id_is_sent_as_it_is() -> None:
    script = [reply({"data": {"tiles": []}})]

    data, requests = await both({"script": script}, query=QUERY, operation_name="Tiles")

    assert data == {"tiles": []}
    assert [each.json for each in requests] == [{"query": QUERY}]


async def test_an_id_goes_first_and_the_whole_document_after_a_miss() -> None:
    miss = {"message": "unknown", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}
    script = [reply({"errors": [miss]}, status=400), reply({"data": {"tiles": []}})]

    _, requests = await both(
        {"script": script}, query=QUERY, op_id="tiles:v1", document_id=ITS_ID, variables={}
    )

    assert [each.json for each in requests] == [
        {"documentId": ITS_ID},
        {"documentId": ITS_ID, "query": QUERY},
    ]


async def test_a_query_is_tried_again_and_a_mutation_only_if_it_is_idempotent() -> None:
    script = [AWAY, reply({"data": {"flip": True}})]

    assert await both({"script": script}, query=QUERY)
    assert await both({"script": script}, query=MUTATION, is_idempotent=True)
    with pytest.raises(Exception, match="Flip"):
        await both({"script": script}, query=MUTATION)


def test_a_code_that_the_class_calls_retryable_is_tried_again() -> None:
    busy = reply({"errors": [{"message": "busy", "extensions": {"code": "BUSY"}}]})
    transport = FakeTransport([busy, reply({"data": {"tiles": []}})])
    client = Client(URL, transport=transport, retry_policy=RetryPolicy(base_delay=0.001))

    assert client.execute(QUERY) == {"tiles": []}
    assert len(transport.requests) == 2


def test_hooks_are_told_the_op_id() -> None:
    told: list[Event] = []
    transport = FakeTransport([AWAY, reply({"data": {"tiles": []}})])
    client = AriadneClient(URL, transport=transport, hooks=[told.append])

    client.execute(QUERY, op_id="tiles:v1", document_id=ITS_ID)

    assert {type(event) for event in told} >= {RetryScheduled, CallFinished}
    assert {(event.operation, event.op_id) for event in told} == {("Tiles", "tiles:v1")}


def test_errors_of_the_server_are_those_of_this_package() -> None:
    errors = [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]
    client = AriadneClient(URL, transport=FakeTransport([reply({"errors": errors})]))

    with pytest.raises(OperationError) as caught:
        client.execute(QUERY)

    assert caught.value.code == "FORBIDDEN"


def test_headers_and_a_key_go_with_each_request() -> None:
    transport = FakeTransport([reply({"data": {}})])
    client = AriadneClient(URL, {"X-Tenant": "acme"}, api_key="key", transport=transport)

    client.execute(QUERY)

    headers = transport.requests[0].headers
    assert (headers["x-tenant"], headers["authorization"]) == ("acme", "Bearer key")


async def test_a_subscription_is_events_and_comes_back_after_a_broken_line() -> None:
    first, second = {"data": {"ticks": 1}}, {"data": {"ticks": 2}}
    transport = FakeTransport(
        [events(first, is_complete=False), failure("connect"), events(second, first_id=2)]
    )
    client = AsyncAriadneClient(
        URL, transport=transport, retry_policy=RetryPolicy(base_delay=0.001)
    )

    ticks = [data["ticks"] async for data in client.execute_ws("subscription Ticks{ticks}")]

    assert ticks == [1, 2]


async def test_an_option_of_one_call_is_refused() -> None:
    client = AriadneClient(URL, transport=FakeTransport())
    awaiting = AsyncAriadneClient(URL, transport=FakeTransport())

    with pytest.raises(TypeError, match="timeout: a call takes no options"):
        client.execute(QUERY, timeout=1)
    with pytest.raises(TypeError, match="headers: a call takes no options"):
        await awaiting.execute(QUERY, headers={})
    with pytest.raises(TypeError, match="headers: a call takes no options"):
        await anext(awaiting.execute_ws(QUERY, headers={}))


@pytest.mark.parametrize("kind", [AriadneClient, AsyncAriadneClient])
def test_a_client_hides_its_credential_and_cannot_be_pickled(kind: type[AriadneClient]) -> None:
    client = kind(f"{URL}?key=secret", api_key="secret", transport=FakeTransport())

    assert repr(client) == f"{kind.__name__}(url='{URL}')"
    with pytest.raises(TypeError, match="holds a credential"):
        pickle.dumps(client)


@pytest.mark.parametrize("kind", [AriadneClient, AsyncAriadneClient])
def test_an_option_that_cannot_work_is_told(kind: type[AriadneClient]) -> None:
    with pytest.raises(ConfigurationError, match="timeout="):
        kind(URL, timeout=0)
    with pytest.raises(ConfigurationError, match="url="):
        kind("")
    with pytest.raises(TypeError, match="not both"):
        kind(URL, http_client=object(), transport=FakeTransport())  # type: ignore[arg-type]


async def test_both_close_what_they_opened() -> None:
    with AriadneClient(URL) as client:
        assert client is not None
    async with AsyncAriadneClient(URL) as awaiting:
        assert awaiting is not None


async def test_documents_can_be_named_otherwise() -> None:
    script = [reply({"data": {"tiles": []}})]
    blocking, awaiting = FakeTransport(script), FakeTransport(script)
    call = {"query": QUERY, "document_id": ITS_ID, "op_id": "tiles:v1"}

    AriadneClient(URL, transport=blocking, wire=apq(get=True)).execute(**call)
    await AsyncAriadneClient(URL, transport=awaiting, wire=apq(get=True)).execute(**call)

    (request,) = blocking.requests
    assert (request.method, request.body) == ("GET", b"")
    assert request.url.startswith(f"{URL}?extensions=%7B%22persistedQuery%22%3A")
    assert awaiting.requests == blocking.requests
