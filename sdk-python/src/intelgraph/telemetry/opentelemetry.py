"""Calls as traces and metrics of OpenTelemetry: a span for each call, and in it one per attempt.

Attempts are told in the words of its conventions for HTTP clients, operations in those for
GraphQL. The extra `otel` brings its API along; without an SDK nothing is recorded, and that costs
little. Neither variables nor credentials nor what a server says in its messages are ever told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intelgraph._errors import OperationError
from intelgraph._events import AttemptFinished, AttemptStarted, CallFinished, CallStarted
from intelgraph._naming import error_type, server_of
from intelgraph._version import __version__

try:
    from opentelemetry import metrics, propagate, trace
    from opentelemetry.propagators.textmap import Setter
    from opentelemetry.trace import SpanKind, StatusCode
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "OpenTelemetry's API is not installed: pip install 'intelgraph[otel]'.", name=missing.name
    ) from missing

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.propagators.textmap import TextMapPropagator
    from opentelemetry.trace import Span, TracerProvider

    from intelgraph._events import Event

__all__ = ["OpenTelemetry"]

Attributes = dict[str, "str | int"]

# What the conventions advise for seconds of HTTP.
BOUNDARIES: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
FIRST_ERROR_STATUS: Final = 400


class OpenTelemetry:
    """A hook that traces and measures calls, by the global providers unless others are given.

    Attempts carry their span to the server by the propagator, which is the global one unless told.
    One hook serves any number of clients, threads and tasks.
    """

    def __init__(
        self,
        *,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        propagator: TextMapPropagator | None = None,
    ) -> None:
        self._tracer = trace.get_tracer("intelgraph", __version__, tracer_provider)
        self._propagator = propagator
        self._instruments = _Instruments(meter_provider)
        self._calls: dict[str, _Call] = {}

    def __call__(self, event: Event) -> None:
        if isinstance(event, CallStarted):
            self._calls[event.call_id] = _Call(event, self._tracer)
            return
        call = self._calls.get(event.call_id)
        if call is None:
            return
        if isinstance(event, AttemptStarted):
            context = call.start_attempt(event, self._tracer)
            propagator = self._propagator or propagate.get_global_textmap()
            propagator.inject(event.headers, context, _HEADERS)
        elif isinstance(event, AttemptFinished):
            call.finish_attempt(event, self._instruments)
        elif isinstance(event, CallFinished):
            del self._calls[event.call_id]
            call.finish(event, self._instruments)


class _Headers(Setter[dict[str, str]]):
    def set(self, carrier: dict[str, str], key: str, value: str) -> None:
        carrier[key] = value


_HEADERS: Final = _Headers()


class _Instruments:
    def __init__(self, provider: MeterProvider | None) -> None:
        meter = metrics.get_meter("intelgraph", __version__, provider)
        self.request_duration: Final = meter.create_histogram(
            "http.client.request.duration",
            "s",
            "Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=BOUNDARIES,
        )
        self.call_duration: Final = meter.create_histogram(
            "intelgraph.client.call.duration",
            "s",
            "Duration of calls, with all their attempts and waits.",
            explicit_bucket_boundaries_advisory=BOUNDARIES,
        )
        self.retries: Final = meter.create_counter(
            "intelgraph.client.call.retries", "{retry}", "Attempts of calls after their first."
        )


class _Call:
    """The spans of a call that goes on."""

    def __init__(self, event: CallStarted, tracer: trace.Tracer) -> None:
        self._attributes: Attributes = {
            "graphql.operation.name": event.operation,
            "graphql.operation.type": event.kind,
        }
        if event.op_id is not None:
            self._attributes["intelgraph.op_id"] = event.op_id
        # How long somebody listens is no duration that says anything of the server.
        self._is_measured = event.kind != "subscription"
        # The requests are its children, and they alone are the client's side of HTTP.
        self._span = tracer.start_span(
            f"{event.kind} {event.operation}",
            attributes={**self._attributes, "intelgraph.call_id": event.call_id},
        )
        self._context = trace.set_span_in_context(self._span)
        self._attempt: Span | None = None
        self._attempt_context = self._context
        self._attempt_attributes: Attributes = {}

    def start_attempt(self, event: AttemptStarted, tracer: trace.Tracer) -> Context:
        address, port = server_of(event.url)
        self._attempt_attributes = {
            "http.request.method": event.method,
            "server.address": address,
            "server.port": port,
        }
        attributes = {**self._attempt_attributes, "url.full": event.url}
        if event.attempt > 1:
            attributes["http.request.resend_count"] = event.attempt - 1
        self._attempt = tracer.start_span(
            event.method, self._context, SpanKind.CLIENT, attributes=attributes
        )
        self._attempt_context = trace.set_span_in_context(self._attempt, self._context)
        return self._attempt_context

    def finish_attempt(self, event: AttemptFinished, instruments: _Instruments) -> None:
        result: Attributes = {}
        if event.status is not None:
            result["http.response.status_code"] = event.status
        failed_by = _http_error_type(event)
        if failed_by is not None:
            result["error.type"] = failed_by
        if self._is_measured:
            attributes = {**self._attempt_attributes, **result}
            instruments.request_duration.record(event.duration, attributes, self._attempt_context)
        if self._attempt is not None:
            _end(self._attempt, result)

    def finish(self, event: CallFinished, instruments: _Instruments) -> None:
        result: Attributes = {}
        if event.error is not None:
            result["error.type"] = error_type(event.error)
        if self._is_measured:
            attributes = {**self._attributes, **result}
            instruments.call_duration.record(event.duration, attributes, self._context)
        if event.retries:
            instruments.retries.add(event.retries, self._attributes, self._context)
        _end(self._span, {**result, "intelgraph.retries": event.retries})


def _http_error_type(event: AttemptFinished) -> str | None:
    if event.status is not None and event.status >= FIRST_ERROR_STATUS:
        return str(event.status)
    # To HTTP, a response that carries GraphQL errors is a success.
    if event.error is None or isinstance(event.error, OperationError):
        return None
    return type(event.error).__name__


def _end(span: Span, result: Attributes) -> None:
    span.set_attributes(result)
    if "error.type" in result:
        # Without a description: an error's message may quote the server.
        span.set_status(StatusCode.ERROR)
    span.end()
