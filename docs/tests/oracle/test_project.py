"""A project of ariadne-codegen with our plugin and base clients, against the reference server.

The server runs published documents only, so whatever is answered was asked for by an id.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from oracle import project
from oracle.corpora import INTELGRAPH, Corpus

from intelgraph import (
    CallFinished,
    Event,
    OperationError,
    RetryPolicy,
    RetryScheduled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reference_server import ReferenceServer


NEWER = """  "Brings data from another system into the graph."
  CONNECTOR
"""


@pytest.fixture(scope="module")
def awaiting(printed: Path) -> Any:
    """The package with the awaiting client."""
    project.generate(printed, "awaiting_project", INTELGRAPH)
    return import_module("awaiting_project")


@pytest.fixture(scope="module")
def blocking(printed: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The package with the blocking client, of a schema that lacks a newer member of an enum."""
    folder = tmp_path_factory.mktemp("older")
    older = Corpus("older", folder / "schema.graphql", folder / "operations.graphql")
    sdl = "\n".join(p.read_text("utf-8") for p in sorted(INTELGRAPH.schema.iterdir()))
    documents = "\n".join(p.read_text("utf-8") for p in sorted(INTELGRAPH.documents.iterdir()))
    assert NEWER in sdl
    older.schema.write_text(sdl.replace(NEWER, ""), "utf-8")
    # Its blocking clients have no subscriptions.
    documents = re.sub(r"^subscription .*?^}$", "", documents, flags=re.MULTILINE | re.DOTALL)
    older.documents.write_text(documents, "utf-8")
    project.generate(printed, "blocking_project", older, is_async=False)
    return import_module("blocking_project")


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    """The bodies that were sent."""
    return []


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def client(
    blocking: Any, server: ReferenceServer, sent: list[dict[str, Any]], told: list[Event]
) -> Iterator[Any]:
    def keep(request: httpx.Request) -> None:
        sent.append(json.loads(request.content))

    with httpx.Client(event_hooks={"request": [keep]}) as connections:
        yield blocking.Client(
            server.url,
            http_client=connections,
            api_key=server.tokens["acme"],
            hooks=[told.append],
            retry_policy=RetryPolicy(base_delay=0.001),
        )
    httpx.delete(server.faults)


def fail_next(server: ReferenceServer, times: int) -> None:
    httpx.post(server.faults, json={"next": times, "status": 503}).raise_for_status()


def test_an_id_is_all_that_is_sent(client: Any, sent: list[dict[str, Any]]) -> None:
    tiles = client.trust_tiles().trust_tiles

    assert len(tiles) > 0
    assert [sorted(body) for body in sent] == [["documentId"]]


def test_text_that_nobody_has_published_is_refused(client: Any) -> None:
    with pytest.raises(OperationError) as caught:
        client.execute("query Mine { trustTiles { kind } }")

    assert caught.value.code == "PERSISTED_DOCUMENT_REQUIRED"


def test_a_query_is_tried_again_and_hooks_are_told(
    client: Any, server: ReferenceServer, told: list[Event]
) -> None:
    fail_next(server, 2)

    client.trust_tiles()

    assert [type(event) for event in told].count(RetryScheduled) == 2
    (finished,) = (event for event in told if isinstance(event, CallFinished))
    assert (finished.op_id, finished.retries, finished.error) == ("trustTiles:v1", 2, None)


def test_a_mutation_is_tried_again_if_the_schema_calls_it_idempotent_or_keyed(
    client: Any, blocking: Any, server: ReferenceServer
) -> None:
    (edge, *_) = client.list_plugins(first=20).plugins.edges
    usage = blocking.RecordUsageInput(
        id="one", pluginId=edge.node.id, quantity=1, usedAt="2026-04-14T00:00:00Z"
    )
    fail_next(server, 1)
    assert client.record_usage(usage).record_usage.quantity == 1

    fail_next(server, 1)
    with pytest.raises(OperationError, match="attempt 2 of 3"):
        client.create_checkout("none")


def test_an_enum_value_that_the_client_does_not_know_is_a_text(client: Any, blocking: Any) -> None:
    kinds = [edge.node.kind for edge in client.list_plugins(first=20).plugins.edges]

    assert "CONNECTOR" in kinds
    assert {type(kind) for kind in kinds} == {str, blocking.PluginKind}


def test_the_awaiting_client_does_all_of_it_too(awaiting: Any, server: ReferenceServer) -> None:
    told: list[Event] = []

    async def call() -> Any:
        key, policy = server.tokens["acme"], RetryPolicy(base_delay=0.001)
        client = awaiting.Client(server.url, api_key=key, retry_policy=policy, hooks=[told.append])
        async with client:
            fail_next(server, 1)
            return await client.get_entity(id="none")

    assert asyncio.run(call()).entity is None
    assert RetryScheduled in map(type, told)


CALM = {"API_P95": 120.0, "ERROR_RATE": 0.002}
BAD = {"API_P95": 2400.0, "ERROR_RATE": 0.35}


def test_the_awaiting_client_is_told_of_what_happens_over_http(
    awaiting: Any, server: ReferenceServer
) -> None:
    async def first_incident() -> Any:
        async with awaiting.Client(server.url, api_key=server.tokens["acme"]) as client:
            await client.set_anomaly_enrollment(True)
            at = dt.datetime(2026, 4, 14, 20, tzinfo=dt.UTC)
            for number in range(80):
                wobble = 1 + (number * 7 % 5 - 2) / 50
                at = await push(client, at, {kind: CALM[kind] * wobble for kind in CALM})
            told = asyncio.ensure_future(anext(client.incident_changed()))
            for _ in range(12):
                at = await push(client, at, BAD)
            return await asyncio.wait_for(told, 30)

    async def push(client: Any, at: dt.datetime, values: dict[str, float]) -> dt.datetime:
        for kind, value in values.items():
            measured = awaiting.PushMeasurementInput(kind=kind, value=value, measuredAt=at)
            await client.push_measurement(measured)
        return at + dt.timedelta(seconds=10)

    incident = asyncio.run(first_incident()).incident_changed

    assert incident.status is awaiting.IncidentStatus.OPEN
    assert len(incident.alerts) > 0
