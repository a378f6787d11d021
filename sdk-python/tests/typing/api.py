"""Never run, only type-checked: the types that users of the package rely on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from email.message import Message  # noqa: TC003 - checked only, like all of this.
from typing import Any, TextIO, assert_type

import httpx
from pydantic import BaseModel
from tenacity import (
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_fixed,
    wait_random,
)
from typing_extensions import TypedDict

from intelgraph import (
    UNSET,
    AsyncIntelGraph,
    AsyncPaginator,
    CallFinished,
    Event,
    IntelGraph,
    IntelGraphError,
    Operation,
    OperationError,
    Paginator,
    RawResponse,
    RetryPolicy,
    RetryScheduled,
    Unset,
)
from intelgraph.generated.enums import IndicatorKind
from intelgraph.generated.fragments import EntityCard, Invoice, TrustTile
from intelgraph.generated.inputs import EntityFilter
from intelgraph.generated.operations import ListEntitiesEntities
from intelgraph.telemetry.json_lines import JsonLines
from intelgraph.testing import FakeTransport, failure, reply
from intelgraph.webhooks import unwrap
from intelgraph.wire import Wire, apq, persisted, text


def blocking(client: IntelGraph, operation: Operation[EntityCard]) -> None:
    assert_type(client.trust_tiles(), list[TrustTile])
    assert_type(client.invoices(), list[Invoice])
    assert_type(client.invoices()[0].amount.value, Decimal)
    assert_type(client.invoices()[0].created_at, dt.datetime)
    assert_type(client.execute("{ thing }"), dict[str, Any])
    assert_type(client.execute(operation, {"id": "1"}), EntityCard)
    client.list_entities(first=2, after=None, filter=EntityFilter(name_contains="a"))
    client.list_entities(first=UNSET, filter=UNSET)
    entities = client.iter_list_entities(first=2, after=None, limit=5)
    assert_type(entities, Paginator[ListEntitiesEntities, EntityCard])
    assert_type(next(entities), EntityCard)
    assert_type([page.total_count for page in entities.pages()], list[int])
    client.iter_list_entities(after=entities.cursor)


class PlainModel(BaseModel):
    name: str


class Row(TypedDict):
    name: str


@dataclass
class Record:
    name: str


def ad_hoc(client: IntelGraph, operation: Operation[EntityCard]) -> None:
    assert_type(client.execute("{ thing }", data=PlainModel), PlainModel)
    assert_type(client.execute("{ thing }", {"id": "1"}, data=EntityCard), EntityCard)
    assert_type(client.execute("{ thing }", None, data=Row), Row)
    assert_type(client.execute("{ thing }", data=Record), Record)
    assert_type(client.execute("{ thing }", data=dict[str, list[Row]]), dict[str, list[Row]])
    raw = client.with_raw_response(lambda c: c.execute("{ thing }", data=Row))
    assert_type(raw.parse(), Row)
    client.execute(operation, data=PlainModel)  # type: ignore[call-overload]
    client.execute("{ thing }", {}, PlainModel)  # type: ignore[call-overload]
    client.execute("{ thing }", data=PlainModel(name="a"))  # type: ignore[call-overload]


async def awaited_ad_hoc(client: AsyncIntelGraph, operation: Operation[EntityCard]) -> None:
    assert_type(await client.execute("{ thing }", data=PlainModel), PlainModel)
    assert_type(await client.execute("{ thing }", data=Row), Row)
    assert_type(await client.execute("{ thing }", data=Record), Record)
    raw = await client.with_raw_response(lambda c: c.execute("{ thing }", data=Row))
    assert_type(raw.parse(), Row)
    await client.execute(operation, data=PlainModel)  # type: ignore[call-overload]


async def awaiting(client: AsyncIntelGraph, operation: Operation[EntityCard]) -> None:
    assert_type(await client.trust_tiles(), list[TrustTile])
    assert_type(await client.execute("{ thing }"), dict[str, Any])
    assert_type(await client.execute(operation), EntityCard)
    entities = client.iter_list_entities(limit=5)
    assert_type(entities, AsyncPaginator[ListEntitiesEntities, EntityCard])
    assert_type([entity async for entity in entities], list[EntityCard])
    assert_type([page.total_count async for page in entities.pages()], list[int])


def raw(client: IntelGraph, operation: Operation[EntityCard]) -> None:
    response = client.with_raw_response(lambda c: c.trust_tiles())
    assert_type(response, RawResponse[list[TrustTile]])
    assert_type(response.parse(), list[TrustTile])
    assert_type(response.request_id, str | None)
    assert_type(response.body, bytes)
    assert_type(client.with_raw_response(lambda c: c.execute(operation)).parse(), EntityCard)
    client.with_raw_response(lambda c: c.trust_tilez())  # type: ignore[attr-defined]
    client.with_raw_response(client.trust_tiles())  # type: ignore[arg-type]


async def awaited_raw(client: AsyncIntelGraph, operation: Operation[EntityCard]) -> None:
    response = await client.with_raw_response(lambda c: c.trust_tiles())
    assert_type(response, RawResponse[list[TrustTile]])
    assert_type(response.parse(), list[TrustTile])
    one = await client.with_raw_response(lambda c: c.execute(operation))
    assert_type(one.parse(), EntityCard)
    await client.with_raw_response(lambda _: 1)  # type: ignore[arg-type,return-value]


def narrowing(client: IntelGraph) -> str | None:
    entity = client.get_entity(id="1")
    if entity is None:
        return None
    if entity.typename == "Indicator":
        assert_type(entity.name, str)
    kind: IndicatorKind | str = IndicatorKind.DOMAIN
    return f"{entity.name} {kind}"


def options() -> None:
    IntelGraph()
    IntelGraph(api_key=None, url="https://api.example/graphql", headers={"x": "y"}, timeout=None)
    IntelGraph(api_key=UNSET, http_client=httpx.Client(), max_response_bytes=1)
    AsyncIntelGraph(api_key="k", http_client=httpx.AsyncClient())
    assert_type(apq(get=True, max_url_length=1000), Wire)
    IntelGraph(wire=persisted(get=True), errors="partial")
    AsyncIntelGraph(wire=text(), errors="raise").with_options(errors="partial")
    copy = IntelGraph().with_options(timeout=None, idempotency_key="k", max_retries=0)
    assert_type(copy, IntelGraph)
    with IntelGraph(transport=FakeTransport([reply({}), failure("read")])) as client:
        assert_type(client, IntelGraph)


def told(event: Event) -> None:
    if isinstance(event, CallFinished):
        assert_type(event.status, int | None)
        assert_type(event.error, BaseException | None)
    elif isinstance(event, RetryScheduled):
        assert_type(event.delay, float)


def retries_and_hooks(stream: TextIO) -> None:
    policy = RetryPolicy(
        max_attempts=5,
        deadline=None,
        stop=stop_after_attempt(2) | stop_after_delay(5),
        wait=wait_fixed(1) + wait_random(0, 2),
        retry=retry_if_exception_type(IntelGraphError),
    )
    IntelGraph(retry_policy=policy, hooks=[told, JsonLines(stream), lambda _event: None])
    AsyncIntelGraph(max_retries=0, hooks=(told,))


def errors(error: OperationError, unset: Unset) -> None:
    assert_type(error.code, str | None)
    assert_type(error.path, tuple[str | int, ...] | None)
    assert_type(error.data, dict[str, Any] | None)
    assert_type(unset is UNSET, bool)


def webhooks(request: Message) -> None:
    event = unwrap(b"", request, secret=["whsec_", "whsec_"], tolerance=60)
    unwrap("", {"webhook-id": "a"}, secret="whsec_", now=lambda: 0)
    assert_type(event.type, str)
    assert_type(event.timestamp, dt.datetime)
    event.type = "a.b"  # type: ignore[misc]
    unwrap({}, request)  # type: ignore[arg-type]
    unwrap(b"", request, "whsec_")  # type: ignore[call-arg]


def mistakes(client: IntelGraph) -> None:
    client.get_entity()  # type: ignore[call-arg]
    client.get_entity(id=1)  # type: ignore[arg-type]
    client.list_entities(count=2)  # type: ignore[call-arg]
    EntityFilter(name_contain="a")  # type: ignore[call-arg]
    IntelGraph("https://api.example")  # type: ignore[call-arg]
    IntelGraph(http_client=httpx.AsyncClient())  # type: ignore[arg-type]
    IntelGraph(errors="ignore")  # type: ignore[arg-type]
    IntelGraph(wire="apq")  # type: ignore[arg-type]
    IntelGraph(hooks=[len])  # type: ignore[list-item]
    RetryPolicy(3)  # type: ignore[call-arg]
    RetryPolicy(wait="long")  # type: ignore[arg-type]
    client.trust_tiles()[0].kind = "x"  # type: ignore[misc]
