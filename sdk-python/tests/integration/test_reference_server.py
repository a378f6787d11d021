"""Both clients against the real server, started as a process of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import queue
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from decimal import Decimal
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from intelgraph import (
    AsyncIntelGraph,
    AttemptStarted,
    CallFinished,
    ConnectError,
    Event,
    IntelGraph,
    Operation,
    OperationError,
    ResponseError,
    RetryPolicy,
    RetryScheduled,
    TimeoutError,  # noqa: A004 - ours.
    TransportError,
    WebhookSignatureError,
)
from intelgraph.generated.enums import EntityKind, ResidencyStatus
from intelgraph.generated.inputs import (
    EntityFilter,
    RecordDatasetInput,
    RecordExportInput,
    ScheduleResidencyReportsInput,
)
from intelgraph.telemetry.batched import Batched
from intelgraph.webhooks import unwrap
from intelgraph.wire import persisted, text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    Connect = Callable[..., "Either"]

COMMAND = [sys.executable, "-m", "intelgraph_server", "serve", "--port", "0", "--ephemeral"]
COMMAND += ["--seed", "1", "--clock", "2026-04-15T00:00:00Z", "--faults"]
PATIENCE = 60.0  # Seconds; the machine may be busy.


@dataclass(frozen=True)
class Server:
    """Where the server answers, and who may ask."""

    url: str
    tokens: dict[str, str]
    faults: str

    def inject(self, **fault: Any) -> None:
        httpx.post(self.faults, json=fault, timeout=PATIENCE).raise_for_status()


@pytest.fixture(scope="session")
def running_server() -> Iterator[Server]:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the server ended with {process.wait()} before it was ready"
        ready = json.loads(line)
        yield Server(ready["url"], ready["tokens"], ready["faults"])
        process.terminate()


@pytest.fixture
def server(running_server: Server) -> Iterator[Server]:
    yield running_server
    httpx.delete(running_server.faults, timeout=PATIENCE).raise_for_status()


class Either:
    """A client whose methods are awaited, whether it blocks or not."""

    def __init__(self, client: IntelGraph | AsyncIntelGraph) -> None:
        self.client = client

    async def ask(self, method: str, *arguments: Any, **variables: Any) -> Any:
        answer = getattr(self.client, method)(*arguments, **variables)
        return answer if isinstance(self.client, IntelGraph) else await answer

    async def read(self, paginator: Any) -> AsyncIterator[Any]:
        if isinstance(self.client, IntelGraph):
            for item in paginator:
                yield item
        else:
            async for item in paginator:
                yield item

    def items(self, method: str, **variables: Any) -> AsyncIterator[Any]:
        return self.read(getattr(self.client, method)(**variables))


@pytest.fixture(params=[IntelGraph, AsyncIntelGraph], ids=["blocking", "awaiting"])
async def connect(request: pytest.FixtureRequest, server: Server) -> AsyncIterator[Connect]:
    """Make clients, as a tenant of the seed or with options of one's own."""
    made: list[Either] = []

    def connect(tenant: str = "acme", **options: Any) -> Either:
        settings = {"url": server.url, "api_key": server.tokens.get(tenant)} | options
        made.append(Either(request.param(**settings)))
        return made[-1]

    yield connect
    for each in made:
        await each.ask("close")


async def test_trust_tiles_are_read(connect: Connect) -> None:
    tiles = await connect().ask("trust_tiles")

    assert tiles
    assert all(tile.updated_at.tzinfo is not None for tile in tiles)


async def test_invoices_have_exact_amounts(connect: Connect) -> None:
    invoices = await connect().ask("invoices")

    assert invoices
    for invoice in invoices:
        assert isinstance(invoice.amount.value, Decimal)
        assert isinstance(invoice.created_at, dt.datetime)


async def test_entities_are_filtered_by_an_input(connect: Connect) -> None:
    people = EntityFilter(kinds=[EntityKind.PERSON])

    page = await connect().ask("list_entities", first=2, filter=people)

    assert page.total_count > 0
    assert {edge.node.typename for edge in page.edges} == {"Person"}


async def test_a_page_continues_behind_its_cursor(connect: Connect) -> None:
    client = connect()

    first = await client.ask("list_entities", first=1)
    second = await client.ask("list_entities", first=1, after=first.page_info.end_cursor)

    assert first.page_info.has_next_page
    assert first.edges[0].node.id != second.edges[0].node.id


@pytest.mark.parametrize("method", ["list_invoices", "list_entities"])
async def test_all_pages_of_a_list_hold_it_once_in_its_order(method: str, connect: Connect) -> None:
    calls: list[Event] = []
    client = connect(hooks=[calls.append])
    whole = await client.ask(method, first=100)
    calls.clear()

    came = [item async for item in client.items(f"iter_{method}", first=2)]

    assert came == [edge.node for edge in whole.edges]
    assert len(came) == whole.total_count > 2
    finished = [each for each in calls if isinstance(each, CallFinished)]
    assert len(finished) == math.ceil(len(came) / 2)


async def test_a_list_is_resumed_where_a_limit_ended_it(connect: Connect) -> None:
    client = connect()
    first = client.client.iter_list_entities(first=2, limit=4)

    came = [item.id async for item in client.read(first)]
    rest = [item.id async for item in client.items("iter_list_entities", after=first.cursor)]

    whole = await client.ask("list_entities", first=100)
    assert first.has_more
    assert [*came, *rest] == [edge.node.id for edge in whole.edges]


@pytest.mark.parametrize("kind", list(EntityKind))
async def test_an_entity_of_each_kind_is_read_by_its_id(kind: EntityKind, connect: Connect) -> None:
    client = connect()
    page = await client.ask("list_entities", first=1, filter=EntityFilter(kinds=[kind]))

    entity = await client.ask("get_entity", id=page.edges[0].node.id)

    assert entity.typename.upper() == kind
    assert entity.name == page.edges[0].node.name


async def test_what_belongs_to_another_tenant_is_not_there(connect: Connect) -> None:
    page = await connect("acme").ask("list_entities", first=1)

    assert await connect("globex").ask("get_entity", id=page.edges[0].node.id) is None


async def test_an_unknown_entity_is_none(connect: Connect) -> None:
    assert await connect().ask("get_entity", id="no-such-entity") is None


@pytest.mark.parametrize("api_key", [None, "not.a.token"])
async def test_a_caller_without_a_valid_token_is_told_so(
    api_key: str | None, connect: Connect
) -> None:
    with pytest.raises(OperationError) as caught:
        await connect(api_key=api_key).ask("trust_tiles")

    assert caught.value.code == "UNAUTHENTICATED"
    assert caught.value.request_id is not None
    assert "not.a.token" not in str(caught.value)


async def test_a_tenant_without_any_rows_sees_none(connect: Connect) -> None:
    assert await connect("initech").ask("invoices") == []


async def test_a_document_that_the_server_does_not_know_is_sent_in_full(
    connect: Connect,
) -> None:
    text = "query TilesOfATest{trustTiles{kind}}"
    operation = Operation(
        name="TilesOfATest",
        kind="query",
        op_id="tilesOfATest:v1",
        document_id=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        document=text,
        retry_safe=True,
        data=dict[str, Any],
    )

    answer = await connect().ask("execute", operation)

    assert answer["trustTiles"]


@pytest.mark.parametrize("mode", [persisted, text])
async def test_a_query_is_asked_by_get(mode: Any, connect: Connect) -> None:
    told: list[Event] = []
    people = EntityFilter(kinds=[EntityKind.PERSON])

    by_get = connect(wire=mode(get=True), hooks=[told.append])
    page = await by_get.ask("list_entities", first=2, filter=people)

    started = [each.method for each in told if isinstance(each, AttemptStarted)]
    assert started == ["GET"]
    assert page == await connect().ask("list_entities", first=2, filter=people)


async def test_text_is_executed(connect: Connect) -> None:
    text = "query($id: ID!) { entity(id: $id) { name } }"

    assert await connect().ask("execute", text, {"id": "x"}) == {"entity": None}


async def test_text_that_the_schema_does_not_allow_is_an_operation_error(
    connect: Connect,
) -> None:
    with pytest.raises(OperationError, match="INVALID_DOCUMENT"):
        await connect().ask("execute", "{ noSuchField }")


async def test_a_dropped_connection_is_a_transport_error(connect: Connect, server: Server) -> None:
    client = connect(max_retries=0)
    server.inject(next=1, drop=True)

    with pytest.raises(TransportError) as caught:
        await client.ask("trust_tiles")

    assert type(caught.value) is TransportError


async def test_a_late_reply_is_a_timeout(connect: Connect, server: Server) -> None:
    client = connect(timeout=0.2, max_retries=0)
    server.inject(next=1, delayMs=1000)

    with pytest.raises(TimeoutError):
        await client.ask("trust_tiles")


async def test_an_unavailable_server_is_an_error_with_its_status(
    connect: Connect, server: Server
) -> None:
    server.inject(next=1, status=503)

    with pytest.raises((ResponseError, OperationError)) as caught:
        await connect(max_retries=0).ask("trust_tiles")

    assert caught.value.status == 503


async def test_nobody_listening_is_a_connect_error(connect: Connect) -> None:
    client = connect(url="http://127.0.0.1:9/graphql", max_retries=0)

    with pytest.raises(ConnectError, match=r"could not connect to 127\.0\.0\.1:9"):
        await client.ask("trust_tiles")


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"drop": True}], ids=repr)
async def test_a_fault_that_passes_is_retried(
    fault: dict[str, Any], connect: Connect, server: Server
) -> None:
    told: list[Event] = []
    policy = RetryPolicy(base_delay=0.01, throttled_delay=0.01)
    client = connect(retry_policy=policy, hooks=[told.append])
    server.inject(next=2, **fault)

    tiles = await client.ask("trust_tiles")

    finished = told[-1]
    assert tiles
    assert isinstance(finished, CallFinished)
    assert (finished.status, finished.retries, finished.error) == (200, 2, None)


async def test_a_server_that_says_when_is_asked_again_not_before(
    connect: Connect, server: Server
) -> None:
    told: list[Event] = []
    client = connect(hooks=[told.append])
    server.inject(next=1, status=503, retryAfter=1)

    await client.ask("trust_tiles")

    assert [each.delay for each in told if isinstance(each, RetryScheduled)] == [1.0]


async def test_a_late_reply_is_retried(connect: Connect, server: Server) -> None:
    # A busy machine may be too late again.
    policy = RetryPolicy(max_attempts=40, base_delay=0.01, deadline=None)
    client = connect(timeout=0.5, retry_policy=policy)
    server.inject(next=1, delayMs=1000)

    assert await client.ask("trust_tiles")


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": True}], ids=repr)
async def test_a_mutation_that_is_safe_to_repeat_is_retried(
    fault: dict[str, Any], connect: Connect, server: Server
) -> None:
    told: list[Event] = []
    client = connect(retry_policy=RetryPolicy(base_delay=0.01), hooks=[told.append])
    server.inject(next=2, **fault)

    dataset = await client.ask(
        "record_dataset", input=RecordDatasetInput(id="dat_retried", region="eu-west-3")
    )

    finished = told[-1]
    assert (dataset.id, dataset.jurisdiction) == ("dat_retried", "EU")
    assert isinstance(finished, CallFinished)
    assert (finished.status, finished.retries, finished.error) == (200, 2, None)


async def test_what_is_recorded_twice_is_there_once(connect: Connect) -> None:
    client = connect("globex")
    left = dt.datetime(2026, 4, 14, tzinfo=dt.UTC)
    export = RecordExportInput(id="exp_twice", dataset_id="dat_ledger", exported_at=left)

    first = await client.ask("record_export", input=export)
    again = await client.ask("record_export", input=export)
    page = await client.ask("residency_audit", status=ResidencyStatus.UNKNOWN)

    assert first == again
    assert [edge.node.export_id for edge in page.edges] == ["exp_twice"]


async def test_an_id_that_is_taken_is_an_operation_error(connect: Connect) -> None:
    taken = RecordDatasetInput(id="dat_archive", region="us")

    with pytest.raises(OperationError, match="already recorded") as caught:
        await connect().ask("record_dataset", input=taken)

    assert caught.value.code == "BAD_USER_INPUT"
    assert caught.value.attempts == 1


Received = queue.Queue[tuple[Message, bytes]]


@pytest.fixture
def receiver() -> Iterator[tuple[str, Received]]:
    """A server that takes every webhook, and what it took."""
    received = Received()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.put((self.headers, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/", received
        http.shutdown()
        thread.join()


def test_a_webhook_of_the_server_is_genuine_until_it_is_old(
    server: Server, receiver: tuple[str, Received]
) -> None:
    url, received = receiver
    sent = dt.datetime(2026, 4, 15, tzinfo=dt.UTC)
    order = ScheduleResidencyReportsInput(first_run_at=sent, webhook_url=url)

    with IntelGraph(url=server.url, api_key=server.tokens["globex"]) as client:
        client.schedule_residency_reports(input=order)
        schedule = client.residency_webhook_secret()
        headers, body = received.get(timeout=PATIENCE)

    assert schedule is not None
    verify = partial(unwrap, secret=schedule.webhook_secret)
    event = verify(body, headers, now=sent.timestamp)
    assert (event.type, event.timestamp) == ("residency.report.created", sent)
    assert (event.id[:4], event.data["tenant"]) == ("dlv_", "globex")
    with pytest.raises(WebhookSignatureError, match=f"{event.id} was sent 301 s ago"):
        verify(body, headers, now=lambda: sent.timestamp() + 301)
    with pytest.raises(WebhookSignatureError, match="No signature of the webhook fits"):
        verify(body.replace(b"globex", b"initec"), headers, now=sent.timestamp)


def retries_on(server: Server, op_id: str) -> float:
    metrics = httpx.get(server.url.replace("/graphql", "/metrics"), timeout=PATIENCE).text
    found = re.search(rf'intelgraph_sdk_retries_total\{{op_id="{op_id}"\}} ([0-9.]+)', metrics)
    assert found, "an operation stands at 0 from the start"
    return float(found[1])


async def test_retries_of_each_operation_are_counted_on_the_servers_metrics(
    connect: Connect, server: Server
) -> None:
    before = retries_on(server, "trustTiles:v1"), retries_on(server, "invoices:v1")
    url = server.url.replace("/graphql", "/telemetry")

    with Batched(url, api_key=server.tokens["acme"]) as sink:
        client = connect(hooks=[sink], retry_policy=RetryPolicy(base_delay=0.01))
        server.inject(next=2, status=503)
        await client.ask("trust_tiles")
        await client.ask("invoices")
        # Ad-hoc text has no id of ours, and its telemetry is taken all the same.
        await client.ask("execute", "{ trustTiles { kind } }")

    assert (sink.sent, sink.dropped) == (3, 0)
    assert retries_on(server, "trustTiles:v1") == before[0] + 2
    assert retries_on(server, "invoices:v1") == before[1]
