from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from intelgraph import AsyncIntelGraph, IntelGraph, OperationError, RetryPolicy, TransportError
from intelgraph.telemetry.opentelemetry import OpenTelemetry
from intelgraph.testing import FakeTransport, events, failure, reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intelgraph import Failure, Reply, Request
    from intelgraph.testing import Outcome

URL = "https://graph.example:8443/graphql?tenant=canary"
TILES = reply({"data": {"trustTiles": []}})
BUSY = reply(status=503, text="")
INCIDENT = {
    "id": "inc_1",
    "template": "api-slow",
    "title": "The API is slow",
    "status": "OPEN",
    "since": "2026-04-15T00:00:00Z",
    "openedAt": "2026-04-15T00:01:00Z",
    "alerts": [],
    "runbook": "https://docs.example/runbooks#api-slow",
    "acknowledgedBy": None,
    "acknowledgedAt": None,
    "note": None,
}
AT_ONCE = RetryPolicy(base_delay=0.0)
OF_TILES = {
    "graphql.operation.name": "TrustTiles",
    "graphql.operation.type": "query",
    "intelgraph.op_id": "trustTiles:v1",
}
OF_SERVER = {
    "http.request.method": "POST",
    "server.address": "graph.example",
    "server.port": 8443,
}


class Observed:
    """A hook whose spans and metrics stay in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self._reader = InMemoryMetricReader()
        meters = MeterProvider([self._reader])
        self.hook = OpenTelemetry(tracer_provider=self.provider, meter_provider=meters)

    def client(self, *outcomes: Outcome, **options: Any) -> IntelGraph:
        self.transport = FakeTransport(outcomes)
        given = {"api_key": None, "url": URL, "retry_policy": AT_ONCE} | options
        return IntelGraph(transport=self.transport, hooks=[self.hook], **given)

    @property
    def spans(self) -> list[ReadableSpan]:
        """In the order in which they ended."""
        return list(self._exporter.get_finished_spans())

    def points(self, name: str) -> list[Any]:
        data = self._reader.get_metrics_data()
        if data is None:
            return []
        metrics = [
            metric
            for of_resource in data.resource_metrics
            for of_scope in of_resource.scope_metrics
            for metric in of_scope.metrics
        ]
        return [point for each in metrics if each.name == name for point in each.data.data_points]

    def everything(self) -> str:
        data = self._reader.get_metrics_data()
        return "".join(span.to_json() for span in self.spans) + (data.to_json() if data else "")


def attributes(span: ReadableSpan) -> Mapping[str, Any]:
    return dict(span.attributes or {})


def span_id(span: ReadableSpan) -> int:
    return span.get_span_context().span_id


def parent_id(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def test_a_retried_call_is_a_span_with_one_for_each_attempt() -> None:
    observed = Observed()

    observed.client(BUSY, TILES).trust_tiles()

    first, second, call = observed.spans
    assert [(span.name, span.kind) for span in (call, first, second)] == [
        ("query TrustTiles", SpanKind.INTERNAL),
        ("POST", SpanKind.CLIENT),
        ("POST", SpanKind.CLIENT),
    ]
    assert [parent_id(span) for span in (first, second, call)] == [span_id(call)] * 2 + [None]
    asked = OF_SERVER | {"url.full": "https://graph.example:8443/graphql"}
    assert attributes(first) == asked | {"http.response.status_code": 503, "error.type": "503"}
    assert attributes(second) == asked | {
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
    }
    call_id = attributes(call)["intelgraph.call_id"]
    assert attributes(call) == OF_TILES | {"intelgraph.call_id": call_id, "intelgraph.retries": 1}
    codes = [span.status.status_code for span in (first, second, call)]
    assert codes == [StatusCode.ERROR, StatusCode.UNSET, StatusCode.UNSET]


def test_each_attempt_carries_its_own_span_to_the_server() -> None:
    observed = Observed()

    observed.client(BUSY, TILES).trust_tiles()

    first, second, _ = observed.spans
    carried = [request.headers["traceparent"] for request in observed.transport.requests]
    assert [each.split("-")[1:3] for each in carried] == [
        [f"{span.get_span_context().trace_id:032x}", f"{span_id(span):016x}"]
        for span in (first, second)
    ]


def test_a_call_is_part_of_what_its_caller_traces() -> None:
    observed = Observed()

    with observed.provider.get_tracer("app").start_as_current_span("page") as page:
        observed.client(TILES).trust_tiles()

    attempt, call, _ = observed.spans
    assert parent_id(call) == page.get_span_context().span_id
    assert parent_id(attempt) == span_id(call)


def test_what_the_server_says_no_to_is_the_calls_error_and_not_that_of_http() -> None:
    observed = Observed()
    error = {"message": "canary", "extensions": {"code": "NOT_FOUND"}}

    with pytest.raises(OperationError):
        observed.client(reply({"data": None, "errors": [error]})).trust_tiles()

    attempt, call = observed.spans
    assert attempt.status.status_code is StatusCode.UNSET
    assert "error.type" not in attributes(attempt)
    assert call.status.status_code is StatusCode.ERROR
    assert (attributes(call)["error.type"], call.status.description) == ("NOT_FOUND", None)


def test_a_server_that_nothing_reaches_is_an_error_of_both() -> None:
    observed = Observed()

    with pytest.raises(TransportError):
        observed.client(failure("connect"), max_retries=0).trust_tiles()

    attempt, call = observed.spans
    assert [attributes(span)["error.type"] for span in (attempt, call)] == ["ConnectError"] * 2
    assert "http.response.status_code" not in attributes(attempt)
    assert attempt.status.status_code is StatusCode.ERROR


def test_a_code_that_does_not_look_like_one_is_not_told() -> None:
    observed = Observed()
    error = {"message": "?", "extensions": {"code": "no such user: canary@example.com"}}

    with pytest.raises(OperationError):
        observed.client(reply({"errors": [error]})).trust_tiles()

    assert attributes(observed.spans[-1])["error.type"] == "OperationError"


def test_requests_calls_and_retries_are_measured() -> None:
    observed = Observed()

    observed.client(BUSY, TILES).trust_tiles()

    busy, fine = observed.points("http.client.request.duration")
    assert isinstance(busy, HistogramDataPoint)
    assert busy.explicit_bounds[:3] == (0.005, 0.01, 0.025)
    assert busy.attributes == OF_SERVER | {"http.response.status_code": 503, "error.type": "503"}
    assert fine.attributes == OF_SERVER | {"http.response.status_code": 200}
    (call,) = observed.points("intelgraph.client.call.duration")
    assert (call.count, call.attributes) == (1, OF_TILES)
    (retries,) = observed.points("intelgraph.client.call.retries")
    assert (retries.value, retries.attributes) == (1, OF_TILES)


def test_a_request_that_was_measured_leads_to_its_span() -> None:
    observed = Observed()

    observed.client(TILES).trust_tiles()

    (point,) = observed.points("http.client.request.duration")
    assert [each.span_id for each in point.exemplars] == [span_id(observed.spans[0])]


def test_calls_of_several_threads_keep_apart() -> None:
    observed = Observed()
    all_are_under_way = threading.Barrier(4)

    def answer(_request: Request) -> Reply:
        all_are_under_way.wait(60)
        return TILES

    client = observed.client(*[answer] * 4)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: client.trust_tiles(), range(4)))

    calls = {span_id(span): span for span in observed.spans if span.parent is None}
    parents = [parent_id(span) for span in observed.spans if span.parent is not None]
    assert sorted(parents, key=str) == sorted(calls, key=str)
    assert len({attributes(span)["intelgraph.call_id"] for span in calls.values()}) == 4
    assert not vars(observed.hook)["_calls"]


class SlowTransport:
    """One that answers when it is told to, so that calls of several tasks overlap."""

    def __init__(self, calls: int) -> None:
        self.are_all_under_way = asyncio.Barrier(calls + 1)
        self.may_answer = asyncio.Event()

    async def send_async(self, _request: Request) -> Reply | Failure:
        await self.are_all_under_way.wait()
        await self.may_answer.wait()
        return TILES


async def test_calls_of_several_tasks_keep_apart_and_a_cancelled_one_ends() -> None:
    observed, transport = Observed(), SlowTransport(3)
    client = AsyncIntelGraph(api_key=None, url=URL, transport=transport, hooks=[observed.hook])
    tasks = [asyncio.ensure_future(client.trust_tiles()) for _ in range(3)]
    await transport.are_all_under_way.wait()

    tasks[0].cancel()
    await asyncio.wait([tasks[0]])
    transport.may_answer.set()
    await asyncio.gather(*tasks[1:])

    cancelled, call, *others = observed.spans
    assert parent_id(cancelled) == span_id(call)
    assert [attributes(span)["error.type"] for span in (cancelled, call)] == ["CancelledError"] * 2
    assert [span.status.status_code for span in others] == [StatusCode.UNSET] * 4
    assert not vars(observed.hook)["_calls"]


def test_a_subscription_that_its_reader_leaves_ends_its_spans_and_measures_nothing() -> None:
    observed = Observed()
    client = observed.client(events({"data": {"incidentChanged": INCIDENT}}, is_complete=False))

    with closing(client.incident_changed()) as incidents:
        next(incidents)

    attempt, call = observed.spans
    assert (call.name, parent_id(attempt)) == ("subscription IncidentChanged", span_id(call))
    assert [span.status.status_code for span in (attempt, call)] == [StatusCode.UNSET] * 2
    assert observed.points("http.client.request.duration") == []
    assert not vars(observed.hook)["_calls"]


async def test_a_subscription_whose_task_is_cancelled_ends_its_spans_with_that() -> None:
    class Silent:
        """Opens a stream on which nothing comes."""

        status = 200
        headers: ClassVar[dict[str, str]] = {}

        def __init__(self) -> None:
            self.is_read = asyncio.Event()

        async def send_async(self, _request: Request) -> Reply:
            raise NotImplementedError

        async def open_async(self, _request: Request) -> Silent:
            return self

        async def receive(self) -> bytes:
            self.is_read.set()
            return await asyncio.Future()

        async def close(self) -> None: ...

    observed, transport = Observed(), Silent()
    options: Any = {"transport": transport, "hooks": [observed.hook]}
    client = AsyncIntelGraph(api_key=None, **options)

    task = asyncio.ensure_future(anext(client.incident_changed()))
    await transport.is_read.wait()
    task.cancel()
    await asyncio.wait([task])

    told = [attributes(span)["error.type"] for span in observed.spans]
    assert told == ["CancelledError", "CancelledError"]
    assert task.cancelled()


def test_nothing_secret_is_told(secret_calls: Any) -> None:
    observed = Observed()

    secret_calls(observed.hook)

    told = observed.everything()
    assert "query Secret" in told
    assert "canary" not in told


def test_without_an_sdk_nothing_is_recorded_and_nothing_travels() -> None:
    transport = FakeTransport([TILES])

    IntelGraph(api_key=None, transport=transport, hooks=[OpenTelemetry()]).trust_tiles()

    assert "traceparent" not in transport.requests[0].headers


def test_another_propagator_may_carry_the_spans() -> None:
    class Propagator(trace.propagation.tracecontext.TraceContextTextMapPropagator):
        def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
            del setter
            carrier["x-span"] = f"{trace.get_current_span(context).get_span_context().span_id:x}"

    observed = Observed()
    hook = OpenTelemetry(tracer_provider=observed.provider, propagator=Propagator())
    transport = FakeTransport([TILES])

    IntelGraph(api_key=None, transport=transport, hooks=[hook]).trust_tiles()

    assert transport.requests[0].headers["x-span"] == f"{span_id(observed.spans[0]):x}"


def test_without_the_api_the_extra_is_named() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None\nimport intelgraph.telemetry.opentelemetry"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )

    assert "pip install 'intelgraph[otel]'" in ended.stderr
    assert ended.returncode == 1
