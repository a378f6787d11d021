import assert from "node:assert/strict";
import { test } from "node:test";

import { type CallEvent, OperationError } from "@intelgraph/sdk/runtime";
import { type OpenTelemetryOptions, openTelemetry } from "@intelgraph/sdk/telemetry/opentelemetry";
import { failure, type Outcome, reply } from "@intelgraph/sdk/testing";
import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  type DataPoint,
  type Histogram,
  MeterProvider,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { type FakeClientOptions, fakeClient, GetThing, ONE_THING } from "../things.js";
import { secretCalls } from "./secrets.js";

api.context.setGlobalContextManager(new AsyncLocalStorageContextManager());
api.propagation.setGlobalPropagator(new W3CTraceContextPropagator());

const BUSY = reply(null, { status: 503, text: "" });
const OF_GET_THING = {
  "graphql.operation.name": "GetThing",
  "graphql.operation.type": "query",
  "intelgraph.op_id": "getThing:v1",
};
const OF_SERVER = {
  "http.request.method": "POST",
  "server.address": "localhost",
  "server.port": 4000,
};
const { ERROR, UNSET } = api.SpanStatusCode;

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Spans and metrics that stay in memory. */
function observed() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  const tracer = provider.getTracer("test");
  const metrics = async () => (await reader.collect()).resourceMetrics.scopeMetrics;
  return {
    tracer,
    client(outcomes: readonly Outcome[], options: OpenTelemetryOptions & FakeClientOptions = {}) {
      const hooks = [openTelemetry(api, { tracer, meter, ...options })];
      const retryPolicy = { baseDelayMs: 0 };
      return fakeClient(outcomes, { hooks, retryPolicy, ...options });
    },
    hook: openTelemetry(api, { tracer, meter }),
    /** In the order in which they ended. */
    spans: () => exporter.getFinishedSpans(),
    metrics,
    async points(name: string): Promise<DataPoint<unknown>[]> {
      const all = (await metrics()).flatMap((scope) => scope.metrics);
      return all
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) => [...(dataPoints as DataPoint<unknown>[])]);
    },
  };
}

function idOf(span: ReadableSpan | undefined): string | undefined {
  return span?.spanContext().spanId;
}

function statuses(spans: readonly ReadableSpan[]): number[] {
  return spans.map(({ status }) => status.code);
}

test("a retried call is a span with one for each attempt", async () => {
  const { client, spans } = observed();

  await client([BUSY, ONE_THING]).client.execute(GetThing, {});

  const [first, second, call] = spans() as [ReadableSpan, ReadableSpan, ReadableSpan];
  assert.deepEqual(
    [call, first, second].map(({ name, kind }) => [name, kind]),
    [
      ["query GetThing", api.SpanKind.INTERNAL],
      ["POST", api.SpanKind.CLIENT],
      ["POST", api.SpanKind.CLIENT],
    ],
  );
  const parents = [first, second, call].map((span) => span.parentSpanContext?.spanId);
  assert.deepEqual(parents, [idOf(call), idOf(call), undefined]);
  const asked = { ...OF_SERVER, "url.full": "http://localhost:4000/graphql" };
  const busy = { "http.response.status_code": 503, "error.type": "503" };
  assert.deepEqual(first.attributes, { ...asked, ...busy });
  const fine = { "http.request.resend_count": 1, "http.response.status_code": 200 };
  assert.deepEqual(second.attributes, { ...asked, ...fine });
  const { "intelgraph.call_id": callId, ...rest } = call.attributes;
  assert.deepEqual(rest, { ...OF_GET_THING, "intelgraph.retries": 1 });
  assert.match(String(callId), /^[0-9a-f-]{36}$/);
  assert.deepEqual(statuses([first, second, call]), [ERROR, UNSET, UNSET]);
});

test("each attempt carries its own span to the server", async () => {
  const { client, spans } = observed();
  const { client: traced, transport } = client([BUSY, ONE_THING]);

  await traced.execute(GetThing, {});

  const [first, second] = spans();
  assert.deepEqual(
    transport.requests.map(({ headers }) => headers.traceparent),
    [first, second].map((span) => `00-${span?.spanContext().traceId}-${idOf(span)}-01`),
  );
});

test("a call is part of what its caller traces", async () => {
  const { client, spans, tracer } = observed();

  await tracer.startActiveSpan("page", async (page) => {
    await client([ONE_THING]).client.execute(GetThing, {});
    page.end();
  });

  const [attempt, call, page] = spans();
  assert.equal(call?.parentSpanContext?.spanId, idOf(page));
  assert.equal(attempt?.parentSpanContext?.spanId, idOf(call));
});

test("what the server says no to is the call's error, and not that of HTTP", async () => {
  const { client, spans } = observed();
  const error = { message: "canary", extensions: { code: "NOT_FOUND" } };
  const { client: traced } = client([reply({ data: null, errors: [error] })]);

  await assert.rejects(traced.execute(GetThing, {}), OperationError);

  const [attempt, call] = spans() as [ReadableSpan, ReadableSpan];
  assert.deepEqual(statuses([attempt, call]), [UNSET, ERROR]);
  assert.equal(attempt.attributes["error.type"], undefined);
  assert.equal(call.attributes["error.type"], "NOT_FOUND");
  assert.equal(call.status.message, undefined);
});

test("a server that nothing reaches is an error of both", async () => {
  const { client, spans } = observed();

  const call = client([failure("connect")], { maxRetries: 0 }).client.execute(GetThing, {});
  await assert.rejects(call);

  const types = spans().map(({ attributes }) => attributes["error.type"]);
  assert.deepEqual(types, ["ConnectError", "ConnectError"]);
  assert.deepEqual(statuses(spans()), [ERROR, ERROR]);
  assert.ok(!("http.response.status_code" in (spans()[0]?.attributes ?? {})));
});

test("a code that does not look like one is not told", async () => {
  const { client, spans } = observed();
  const error = { message: "?", extensions: { code: "no such user: canary@example.com" } };

  await assert.rejects(client([reply({ errors: [error] })]).client.execute(GetThing, {}));

  assert.equal(spans()[1]?.attributes["error.type"], "OperationError");
});

test("requests, calls and retries are measured", async () => {
  const { client, points } = observed();

  await client([BUSY, ONE_THING]).client.execute(GetThing, {});

  const [busy, fine] = await points("http.client.request.duration");
  const { boundaries } = (busy?.value as Histogram | undefined)?.buckets ?? {};
  assert.deepEqual(boundaries?.slice(0, 3), [0.005, 0.01, 0.025]);
  const failed = { "http.response.status_code": 503, "error.type": "503" };
  assert.deepEqual(busy?.attributes, { ...OF_SERVER, ...failed });
  assert.deepEqual(fine?.attributes, { ...OF_SERVER, "http.response.status_code": 200 });
  const [call] = await points("intelgraph.client.call.duration");
  const { count } = (call?.value as Histogram | undefined) ?? {};
  assert.deepEqual([count, call?.attributes], [1, OF_GET_THING]);
  const [retries] = await points("intelgraph.client.call.retries");
  assert.deepEqual([retries?.value, retries?.attributes], [1, OF_GET_THING]);
});

test("calls at the same time keep apart, and an aborted one ends", async () => {
  const { hook, spans } = observed();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const transport = {
    async send({ signal }: { readonly signal?: AbortSignal | undefined }) {
      await answered;
      signal?.throwIfAborted();
      return ONE_THING;
    },
  };
  const { client } = fakeClient([], { hooks: [hook], transport });
  const controller = new AbortController();

  const calls = [
    client.execute(GetThing, {}, { signal: controller.signal }),
    client.execute(GetThing, {}),
    client.execute(GetThing, {}),
  ];
  controller.abort();
  answer();
  await Promise.allSettled(calls);

  const roots = spans().filter(({ parentSpanContext }) => !parentSpanContext);
  const parents = spans().flatMap(({ parentSpanContext }) => parentSpanContext?.spanId ?? []);
  assert.deepEqual(parents.sort(), roots.map(idOf).sort());
  const types = roots.map(({ attributes }) => attributes["error.type"]);
  assert.deepEqual(types, ["AbortError", undefined, undefined]);
});

test("nothing of a call is kept behind its end", async () => {
  const { hook, spans } = observed();
  const told: CallEvent[] = [];
  const { client } = fakeClient([ONE_THING], { hooks: [hook, (event) => told.push(event)] });
  await client.execute(GetThing, {});

  for (const event of told.slice(1)) {
    hook(event);
  }

  assert.equal(spans().length, 2);
});

test("nothing secret is told", async () => {
  const { hook, spans, metrics } = observed();

  await secretCalls(hook);

  const parts = spans().map(({ name, attributes, events, status }) => [
    name,
    attributes,
    events,
    status,
  ]);
  const told = JSON.stringify([parts, await metrics()]);
  assert.match(told, /query Secret/);
  assert.doesNotMatch(told, /canary/);
});

test("without an SDK nothing is recorded and nothing travels", async () => {
  const { client, transport } = fakeClient([ONE_THING], { hooks: [openTelemetry(api)] });

  await client.execute(GetThing, {});

  assert.equal(transport.requests[0]?.headers.traceparent, undefined);
});

test("another propagator may carry the spans", async () => {
  const { client, spans } = observed();
  const propagator: OpenTelemetryOptions["propagator"] = {
    inject(context, carrier, setter) {
      setter.set(carrier, "x-span", `${api.trace.getSpan(context)?.spanContext().spanId}`);
    },
  };
  const { client: traced, transport } = client([ONE_THING], { propagator });

  await traced.execute(GetThing, {});

  assert.equal(transport.requests[0]?.headers["x-span"], idOf(spans()[0]));
});
