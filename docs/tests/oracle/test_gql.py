"""gql over our transports, against the reference server.

One server runs any document, the other published ones only, so that whatever that one answers
was asked for in the normal form.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from graphql import build_schema
from oracle.corpora import INTELGRAPH
from repository import ROOT

from intelgraph import CallFinished, Event, RetryPolicy, RetryScheduled
from intelgraph.contrib.gql import AsyncIntelGraphTransport, IntelGraphTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reference_server import ReferenceServer

gql: Any = import_module("gql")
dsl: Any = import_module("gql.dsl")
utilities: Any = import_module("gql.utilities")
QueryError: Any = import_module("gql.transport.exceptions").TransportQueryError

MANIFEST = ROOT / "schema" / "persisted_documents.json"
SHIPPED = "\n".join(p.read_text("utf-8") for p in sorted(INTELGRAPH.documents.iterdir()))
ALL = gql.gql(SHIPPED)


def shipped(name: str, **variables: object) -> Any:
    """One of the operations that our own clients ship, in the document of all of them."""
    return gql.GraphQLRequest(ALL, operation_name=name, variable_values=variables)


@pytest.fixture(scope="module")
def schema() -> Any:
    sdl = "\n".join(p.read_text("utf-8") for p in sorted(INTELGRAPH.schema.iterdir()))
    return build_schema(sdl)


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    """The bodies that were sent."""
    return []


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def transport(
    open_server: ReferenceServer, schema: Any, sent: list[dict[str, Any]], told: list[Event]
) -> Iterator[Callable[..., IntelGraphTransport]]:
    """Makes blocking transports."""

    def keep(request: httpx.Request) -> None:
        sent.append(json.loads(request.content))

    with httpx.Client(event_hooks={"request": [keep]}) as connections:

        def make(to: ReferenceServer = open_server, **options: Any) -> IntelGraphTransport:
            return IntelGraphTransport(
                to.url,
                http_client=connections,
                api_key=to.tokens["acme"],
                hooks=[told.append],
                retry_policy=RetryPolicy(base_delay=0.001),
                **{"schema": schema, **options},
            )

        yield make


def awaiting(server: ReferenceServer, **options: Any) -> AsyncIntelGraphTransport:
    return AsyncIntelGraphTransport(server.url, api_key=server.tokens["acme"], **options)


def fail_next(server: ReferenceServer, times: int) -> None:
    httpx.post(server.faults, json={"next": times, "status": 503}).raise_for_status()


def test_text_is_answered_as_by_the_transport_of_gql(
    transport: Callable[..., IntelGraphTransport], open_server: ReferenceServer
) -> None:
    theirs: Any = import_module("gql.transport.httpx").HTTPXTransport
    headers = {"authorization": f"Bearer {open_server.tokens['acme']}"}
    requests = [
        gql.gql("{ trustTiles { kind status } }"),
        gql.gql("query Lost { entity(id: 7) { id } }"),
        gql.gql("{ nothing }"),
        shipped("ListPlugins", first=2),
    ]

    def ends(over: Any) -> list[object]:
        with gql.Client(transport=over) as session:
            return [end_of(session, request) for request in requests]

    def end_of(session: Any, request: Any) -> object:
        try:
            return session.execute(request)
        except QueryError as error:
            # Places in the text are those of what was printed, which is not the same.
            errors = [{k: v for k, v in each.items() if k != "locations"} for each in error.errors]
            return errors, error.data

    assert ends(transport()) == ends(theirs(open_server.url, headers=headers))


def test_queries_of_the_dsl_are_asked_with_the_schema_that_the_server_tells(
    transport: Callable[..., IntelGraphTransport],
) -> None:
    with gql.Client(transport=transport(), fetch_schema_from_transport=True) as session:
        known = dsl.DSLSchema(session.client.schema)
        tiles = known.Query.trustTiles.select(known.TrustTile.kind)
        query = dsl.dsl_gql(
            Tiles=dsl.DSLQuery(tiles.alias("all"), known.Query.invoices.select(known.Invoice.id))
        )

        answer = session.execute(query)

    assert answer.keys() == {"all", "invoices"}
    assert len(answer["all"]) > 0


def test_every_shipped_operation_has_the_id_that_is_published_for_it(
    transport: Callable[..., IntelGraphTransport],
) -> None:
    operations = transport(persisted=True, manifest=MANIFEST)._operations
    newest = {
        entry["name"]: op_id
        for op_id, entry in json.loads(MANIFEST.read_text("utf-8"))["operations"].items()
    }

    found = {name: operations.of(ALL.document, name).op_id for name in newest}

    assert found == newest


def test_an_id_is_all_that_is_sent_and_telemetry_names_it(
    transport: Callable[..., IntelGraphTransport],
    server: ReferenceServer,
    sent: list[dict[str, Any]],
    told: list[Event],
) -> None:
    with gql.Client(transport=transport(server, persisted=True, manifest=MANIFEST)) as session:
        answer = session.execute(shipped("ListEntities", first=2))

    assert len(answer["entities"]["edges"]) == 2
    assert [sorted(body) for body in sent] == [["documentId", "variables"]]
    assert {event.op_id for event in told} == {"listEntities:v1"}


def test_a_query_of_the_dsl_that_is_published_is_known_by_its_id(
    transport: Callable[..., IntelGraphTransport], server: ReferenceServer, schema: Any
) -> None:
    known = dsl.DSLSchema(schema)
    tile = dsl.DSLFragment("TrustTile").on(known.TrustTile)
    tile.select(known.TrustTile.kind, known.TrustTile.status, known.TrustTile.updatedAt)
    query = dsl.DSLQuery(known.Query.trustTiles.select(tile))

    with gql.Client(transport=transport(server, persisted=True), schema=schema) as session:
        answer = session.execute(dsl.dsl_gql(tile, TrustTiles=query))

    assert len(answer["trustTiles"]) > 0


def test_text_that_nobody_has_published_is_refused(
    transport: Callable[..., IntelGraphTransport], server: ReferenceServer
) -> None:
    client = gql.Client(transport=transport(server, persisted=True))

    with pytest.raises(QueryError) as caught:
        client.execute(gql.gql("query Mine { trustTiles { kind } }"))

    assert caught.value.errors[0]["extensions"]["code"] == "PERSISTED_DOCUMENT_REQUIRED"


def test_an_open_server_learns_a_document_by_the_first_miss(
    transport: Callable[..., IntelGraphTransport], sent: list[dict[str, Any]]
) -> None:
    request = gql.gql("query New { trustTiles { status kind status } }")

    with gql.Client(transport=transport(persisted=True)) as session:
        assert session.execute(request) == session.execute(request)

    assert [sorted(body) for body in sent] == [
        ["documentId"],
        ["documentId", "query"],
        ["documentId"],
    ]


def test_a_query_is_tried_again_and_hooks_are_told(
    transport: Callable[..., IntelGraphTransport], open_server: ReferenceServer, told: list[Event]
) -> None:
    client = gql.Client(transport=transport())
    fail_next(open_server, 2)

    client.execute(shipped("TrustTiles"))

    assert [type(event) for event in told].count(RetryScheduled) == 2
    (finished,) = (event for event in told if isinstance(event, CallFinished))
    assert (finished.operation, finished.retries, finished.error) == ("TrustTiles", 2, None)


class Kind(Enum):
    """With values of the program's own, which gql knows by their names."""

    INGEST_LAG = 1
    API_P95 = 2
    ERROR_RATE = 3


class WireKind(Enum):
    """With values as they are sent."""

    API_P95 = "API_P95"


def test_variables_are_serialized_by_gql_and_idempotent_mutations_are_tried_again(
    transport: Callable[..., IntelGraphTransport], open_server: ReferenceServer, told: list[Event]
) -> None:
    # Its own, because gql changes it.
    own: Any = build_schema("\n".join(p.read_text("utf-8") for p in INTELGRAPH.schema.iterdir()))
    utilities.update_schema_enum(own, "SignalKind", Kind)
    own.type_map["DateTime"].serialize = lambda at: at.isoformat().replace("+00:00", "Z")
    at = dt.datetime(2026, 4, 14, tzinfo=dt.UTC)
    measured = {"kind": Kind.API_P95, "value": 120.5, "measuredAt": at}
    client = gql.Client(transport=transport(), schema=own, serialize_variables=True)
    fail_next(open_server, 1)

    answer = client.execute(shipped("PushMeasurement", input=measured))

    assert answer["pushMeasurement"]["kind"] == "API_P95"
    assert RetryScheduled in map(type, told)


def test_variables_that_gql_leaves_as_they_are_are_serialized_too(
    transport: Callable[..., IntelGraphTransport],
) -> None:
    at = dt.datetime(2026, 4, 14, 1, tzinfo=dt.UTC)
    measured = {"kind": WireKind.API_P95, "value": 120.5, "measuredAt": at}

    answer = gql.Client(transport=transport()).execute(shipped("PushMeasurement", input=measured))

    assert answer["pushMeasurement"]["kind"] == "API_P95"


def test_a_mutation_of_which_nothing_is_known_is_sent_once(
    transport: Callable[..., IntelGraphTransport],
    open_server: ReferenceServer,
    sent: list[dict[str, Any]],
) -> None:
    client = gql.Client(transport=transport(schema=None))
    fail_next(open_server, 1)

    with pytest.raises(QueryError):
        client.execute(shipped("CreateCheckout", pluginId="none"))

    assert len(sent) == 1


def test_a_mutation_that_the_schema_marks_as_keyed_is_sent_again(
    transport: Callable[..., IntelGraphTransport],
    open_server: ReferenceServer,
    sent: list[dict[str, Any]],
) -> None:
    client = gql.Client(transport=transport())
    fail_next(open_server, 1)

    with pytest.raises(QueryError):
        client.execute(shipped("CreateCheckout", pluginId="none"))

    assert len(sent) == 2


def test_what_failed_is_told_together_with_the_data_beside_it(
    transport: Callable[..., IntelGraphTransport],
) -> None:
    text = """
    query Part($id: ID!) {
      trustTiles { kind }
      entity(id: $id) { relations(first: 1000) { totalCount } }
    }
    """

    with gql.Client(transport=transport()) as session:
        (edge, *_) = session.execute(shipped("ListEntities", first=1))["entities"]["edges"]
        part = gql.GraphQLRequest(text, variable_values={"id": edge["node"]["id"]})
        with pytest.raises(QueryError) as caught:
            session.execute(part)

    assert caught.value.data["entity"] is None
    assert len(caught.value.data["trustTiles"]) > 0
    assert caught.value.errors[0]["path"][0] == "entity"


def test_awaiting_calls_run_together_in_one_session(open_server: ReferenceServer) -> None:
    async def call() -> Any:
        transport = awaiting(open_server, retry_policy=RetryPolicy(base_delay=0.001))
        async with gql.Client(transport=transport) as session:
            fail_next(open_server, 1)
            tiles = session.execute(shipped("TrustTiles"))
            batch = session.execute_batch([shipped("Switches"), shipped("Signals")])
            return await asyncio.gather(tiles, batch)

    tiles, (switches, signals) = asyncio.run(call())

    assert [*tiles, *switches, *signals] == ["trustTiles", "switches", "signals"]


CALM = {"API_P95": 120.0, "ERROR_RATE": 0.002}
BAD = {"API_P95": 2400.0, "ERROR_RATE": 0.35}


def test_a_subscription_is_told_of_what_happens_over_http(server: ReferenceServer) -> None:
    async def first_incident() -> Any:
        # The signals of the other tenant are those of another test.
        key = server.tokens["globex"]
        transport = AsyncIntelGraphTransport(server.url, api_key=key, persisted=True)
        async with gql.Client(transport=transport, execute_timeout=None) as session:
            await session.execute(shipped("SetAnomalyEnrollment", isEnrolled=True))
            at = dt.datetime(2026, 4, 14, 20, tzinfo=dt.UTC)
            for number in range(80):
                wobble = 1 + (number * 7 % 5 - 2) / 50
                at = await push(session, at, {kind: CALM[kind] * wobble for kind in CALM})
            incidents = session.subscribe(shipped("IncidentChanged"))
            told = asyncio.ensure_future(anext(incidents))
            for _ in range(12):
                at = await push(session, at, BAD)
            incident = await asyncio.wait_for(told, 30)
            await incidents.aclose()
            return incident

    async def push(session: Any, at: dt.datetime, values: dict[str, float]) -> dt.datetime:
        for kind, value in values.items():
            measured = {"kind": kind, "value": value, "measuredAt": at}
            await session.execute(shipped("PushMeasurement", input=measured))
        return at + dt.timedelta(seconds=10)

    incident = asyncio.run(first_incident())["incidentChanged"]

    assert incident["status"] == "OPEN"
    assert len(incident["alerts"]) > 0
