"""A change under a key happens once on the real server, however often it is sent."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from reference_server import ReferenceServer, running

from intelgraph import (
    AsyncIntelGraph,
    AttemptStarted,
    Event,
    IntelGraph,
    OperationError,
    RetryPolicy,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = pytest.mark.parametrize("client", [IntelGraph, AsyncIntelGraph])
PLUGIN = "plg_ship_tracker"
QUICK = RetryPolicy(base_delay=0.01)
PATIENCE = 60.0  # Seconds; the machine may be busy.


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    with running() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_faults_left(server: ReferenceServer) -> Iterator[None]:
    yield
    httpx.delete(server.faults, timeout=PATIENCE).raise_for_status()


async def told(answer: Any) -> Any:
    return await answer if inspect.isawaitable(answer) else answer


def lose_the_next_reply(server: ReferenceServer, times: int = 1) -> None:
    fault = {"next": times, "dropReply": True}
    httpx.post(server.faults, json=fault, timeout=PATIENCE).raise_for_status()


def made(client: Any, server: ReferenceServer, **options: Any) -> Any:
    return client(url=server.url, api_key=server.tokens["acme"], retry_policy=QUICK, **options)


async def orders(client: Any) -> int:
    page = await told(client.list_orders(first=100))
    return len(page.edges)


@CLIENTS
async def test_a_keyed_mutation_whose_reply_is_lost_happens_once(
    client: Any, server: ReferenceServer
) -> None:
    events: list[Event] = []
    asked = made(client, server, hooks=[events.append])
    before = await orders(asked)
    events.clear()

    lose_the_next_reply(server)
    page = await told(asked.create_checkout(plugin_id=PLUGIN))

    attempts = [event.attempt for event in events if isinstance(event, AttemptStarted)]
    assert attempts == [1, 2]
    assert page.startswith("http")
    assert await orders(asked) == before + 1
    await told(asked.close())


@CLIENTS
async def test_a_key_of_ones_own_names_the_change_over_several_calls(
    client: Any, server: ReferenceServer
) -> None:
    asked = made(client, server)
    keyed = asked.with_options(idempotency_key=f"order-{client.__name__}")
    before = await orders(asked)

    lose_the_next_reply(server, times=3)
    with pytest.raises(TransportError):
        await told(keyed.create_checkout(plugin_id=PLUGIN))
    page = await told(keyed.create_checkout(plugin_id=PLUGIN))

    assert page == await told(keyed.create_checkout(plugin_id=PLUGIN))
    assert await orders(asked) == before + 1
    with pytest.raises(OperationError) as caught:
        await told(keyed.create_checkout(plugin_id="plg_other"))
    assert caught.value.code == "IDEMPOTENCY_KEY_REUSED"
    await told(asked.close())
