from __future__ import annotations

import inspect
import pickle
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from intelgraph import (
    AsyncIntelGraph,
    ConfigurationError,
    Event,
    IntelGraph,
    Operation,
    RetryPolicy,
    TransportError,
)
from intelgraph.runtime import AsyncBaseClient, BaseClient
from intelgraph.testing import FakeTransport, failure, reply
from intelgraph.wire import apq, persisted, text

if TYPE_CHECKING:
    import respx

URL = "https://api.example/graphql"


def test_a_generated_operation_is_executed_for_its_data(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})])
    client = BaseClient(url=URL, transport=transport)

    assert client.execute(get_thing, {"id": "1"}) == {"thing": 1}
    assert transport.requests[0].json["variables"] == {"id": "1"}


async def test_a_generated_operation_is_awaited_for_its_data(get_thing: Operation[Any]) -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}})])
    client = AsyncBaseClient(url=URL, transport=transport)

    assert await client.execute(get_thing, {"id": "1"}) == {"thing": 1}
    assert transport.requests[0].json["variables"] == {"id": "1"}


async def test_text_is_executed_for_a_dict() -> None:
    transport = FakeTransport([reply({"data": {"thing": 1}}), reply({"data": {"thing": 2}})])

    first = BaseClient(url=URL, transport=transport).execute("{thing}")
    second = await AsyncBaseClient(url=URL, transport=transport).execute("{thing}", {"a": None})

    assert (first, second) == ({"thing": 1}, {"thing": 2})
    assert transport.requests[0].json == {"query": "{thing}"}
    assert transport.requests[1].json == {"query": "{thing}", "variables": {"a": None}}


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_retries_and_hooks_are_options(client: Any) -> None:
    told: list[Event] = []
    transport = FakeTransport([failure("connect"), reply({"data": {"trustTiles": []}})])
    policy = RetryPolicy(max_attempts=1, base_delay=0.0)

    made = client(
        api_key=None,
        transport=transport,
        max_retries=1,
        retry_policy=policy,
        hooks=[told.append],
    )
    tiles = made.trust_tiles()

    assert (tiles if isinstance(tiles, list) else await tiles) == []
    assert len(told) == 7


async def test_the_codes_that_the_schema_marks_are_retried() -> None:
    away = reply({"errors": [{"message": "", "extensions": {"code": "UNAVAILABLE"}}]})
    transport = FakeTransport([away, reply({"data": {"trustTiles": []}})])

    client = IntelGraph(api_key=None, transport=transport, retry_policy=RetryPolicy(base_delay=0.0))

    assert client.trust_tiles() == []


def test_only_the_key_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_API_KEY", "k")
    transport = FakeTransport([reply({"data": {"trustTiles": []}})])

    client = IntelGraph(transport=transport)

    assert client.trust_tiles() == []
    assert transport.requests[0].headers["authorization"] == "Bearer k"


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_a_missing_credential_fails_at_construction(client: Any) -> None:
    with pytest.raises(ConfigurationError, match="INTELGRAPH_API_KEY"):
        client(transport=FakeTransport())


async def test_none_for_a_key_calls_anonymously() -> None:
    transport = FakeTransport([reply({"data": {"trustTiles": []}})] * 2)

    IntelGraph(api_key=None, transport=transport).trust_tiles()
    await AsyncIntelGraph(api_key=None, transport=transport).trust_tiles()

    assert all("authorization" not in each.headers for each in transport.requests)


def test_a_callers_http_client_is_used_and_left_open(respx_mock: respx.MockRouter) -> None:
    respx_mock.post(URL).respond(json={"data": {"trustTiles": []}})
    http_client = httpx.Client()

    with IntelGraph(url=URL, api_key="k", http_client=http_client) as client:
        assert client.trust_tiles() == []

    assert not http_client.is_closed
    http_client.close()


async def test_a_client_closes_what_it_opened(respx_mock: respx.MockRouter) -> None:
    respx_mock.post(URL).respond(json={"data": {"trustTiles": []}})

    with IntelGraph(url=URL, api_key="k") as client:
        client.trust_tiles()
    async with AsyncIntelGraph(url=URL, api_key="k") as async_client:
        await async_client.trust_tiles()

    with pytest.raises(RuntimeError, match="closed"):
        client.trust_tiles()
    with pytest.raises(RuntimeError, match="closed"):
        await async_client.trust_tiles()


@pytest.mark.parametrize("client", [BaseClient, AsyncBaseClient])
def test_a_transport_and_an_http_client_exclude_each_other(client: Any) -> None:
    with pytest.raises(TypeError, match="not both"):
        client(url=URL, transport=FakeTransport(), http_client=object())


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_a_client_shows_its_address_and_hides_its_key(client: Any) -> None:
    made = client(url=f"{URL}?key=secret#secret", api_key="secret", transport=FakeTransport())
    copy = made.with_options(headers={"x-key": "secret"}, idempotency_key="secret")

    assert repr(made) == f"{client.__name__}(url='{URL}')"
    assert "secret" not in repr(vars(made)) + repr(vars(copy))


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_a_client_cannot_be_pickled(client: Any) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client(api_key="secret", transport=FakeTransport()))


@pytest.mark.parametrize(
    ("blocking", "awaiting"), [(IntelGraph, AsyncIntelGraph), (BaseClient, AsyncBaseClient)]
)
def test_both_clients_have_the_same_surface(blocking: type, awaiting: type) -> None:
    names = [name for name in dir(blocking) if not name.startswith("_")]
    assert names == [name for name in dir(awaiting) if not name.startswith("_")]

    for name in names:
        of_one = str(inspect.signature(getattr(blocking, name)))
        # What subscriptions and lists give is iterated in one and awaited in the other.
        of_other = str(inspect.signature(getattr(awaiting, name)))
        of_other = of_other.replace("Awaitable[T]", "T")
        assert of_one == re.sub(r"Async(Generator|Paginator)\b", r"\1", of_other), name


@pytest.mark.parametrize(
    "made_by",
    [IntelGraph, AsyncIntelGraph, BaseClient, AsyncBaseClient, RetryPolicy, persisted, apq, text],
    ids=lambda made_by: made_by.__name__,
)
def test_every_option_is_keyword_only(made_by: Any) -> None:
    parameters = list(inspect.signature(made_by).parameters.values())

    assert parameters
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters)


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
def test_every_variable_of_an_operation_is_keyword_only(client: type) -> None:
    generated = vars(client.__mro__[1])
    methods = [each for name, each in generated.items() if not name.startswith("_")]

    assert len(methods) > 40
    for method in [*methods, vars(client.__mro__[-2])["with_options"]]:
        _, *parameters = inspect.signature(method).parameters.values()
        kinds = {each.kind for each in parameters}
        assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, method.__name__


@pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
async def test_a_client_with_other_options_shares_its_connections(client: Any) -> None:
    transport = FakeTransport([reply({"data": {"trustTiles": []}}) for _ in range(2)])
    made = client(url=URL, api_key="k", timeout=20, headers={"x-a": "1"}, transport=transport)

    other = made.with_options(headers={"X-B": "2", "x-a": "3"}, timeout=5)
    for each in (other, made):
        told = each.trust_tiles()
        assert (await told if inspect.isawaitable(told) else told) == []

    first, second = transport.requests
    assert type(other) is client
    assert (first.timeout, first.headers["x-a"], first.headers["x-b"]) == (5, "3", "2")
    assert (second.timeout, second.headers["x-a"]) == (20, "1")
    assert first.headers["authorization"] == second.headers["authorization"]
    assert "x-b" not in second.headers


def test_a_client_with_other_options_retries_as_they_say() -> None:
    transport = FakeTransport([failure("connect") for _ in range(3)])
    policy = RetryPolicy(max_attempts=1, base_delay=0.0)
    client = IntelGraph(url=URL, api_key=None, retry_policy=policy, transport=transport)

    with pytest.raises(TransportError):
        client.with_options(max_retries=1).trust_tiles()
    assert len(transport.requests) == 2
    with pytest.raises(TransportError):
        client.trust_tiles()
    assert len(transport.requests) == 3


def test_closing_a_client_with_other_options_leaves_the_connections_open(
    respx_mock: respx.MockRouter,
) -> None:
    respx_mock.post(URL).respond(json={"data": {"trustTiles": []}})
    client = IntelGraph(url=URL, api_key=None)

    with client.with_options(timeout=None) as other:
        other.trust_tiles()

    assert client.trust_tiles() == []
    client.close()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"timeout": 0}, "timeout="),
        ({"max_retries": -1}, "max_retries="),
        ({"headers": {"a b": "c"}}, "headers="),
    ],
)
def test_other_options_that_cannot_work_are_told_at_once(
    options: dict[str, Any], problem: str
) -> None:
    client = IntelGraph(url=URL, api_key=None, transport=FakeTransport([]))

    with pytest.raises(ConfigurationError, match=problem):
        client.with_options(**options)
