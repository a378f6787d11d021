/**
 * Calls as traces and metrics of OpenTelemetry: a span for each call, and in it one per attempt.
 *
 * Attempts are told in the words of its conventions for HTTP clients, operations in those for
 * GraphQL. Its API is passed in, so that nothing depends on it. Neither variables nor keys nor
 * what a server says in its messages are ever told.
 */

import { OperationError } from "../errors.js";
import type {
  AttemptFinished,
  AttemptStarted,
  CallFinished,
  CallStarted,
  Hook,
} from "../events.js";
import { errorType, serverOf } from "../naming.js";
import { version } from "../version.js";

/** As much of `@opentelemetry/api` as is needed here. */
export interface OpenTelemetryApi {
  readonly context: { active(): Context };
  readonly trace: {
    getTracer(name: string, version?: string): Tracer;
    setSpan(context: Context, span: Span): Context;
  };
  readonly metrics: { getMeter(name: string, version?: string): Meter };
  readonly propagation: Propagator;
}

/** What is used instead of the API's global ones. */
export interface OpenTelemetryOptions {
  readonly tracer?: Tracer | undefined;
  readonly meter?: Meter | undefined;
  /** Carries an attempt's span to the server. */
  readonly propagator?: Propagator | undefined;
}

/** An OpenTelemetry `Context`. */
export interface Context {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): Context;
  deleteValue(key: symbol): Context;
}

/** As much of an OpenTelemetry `Tracer` as is needed here. */
export interface Tracer {
  startSpan(
    name: string,
    options: { readonly kind?: number; readonly attributes: Attributes },
    context: Context,
  ): Span;
}

/** As much of an OpenTelemetry `Span` as is needed here. */
export interface Span {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** As much of an OpenTelemetry `Meter` as is needed here. */
export interface Meter {
  createHistogram(
    name: string,
    options: { unit: string; description: string; advice: { explicitBucketBoundaries: number[] } },
  ): { record(value: number, attributes: Attributes, context: Context): void };
  createCounter(
    name: string,
    options: { unit: string; description: string },
  ): { add(value: number, attributes: Attributes, context: Context): void };
}

/** As much of an OpenTelemetry `TextMapPropagator` as is needed here. */
export interface Propagator {
  inject(context: Context, carrier: Record<string, string>, setter: Setter): void;
}

interface Setter {
  set(carrier: Record<string, string>, key: string, value: string): void;
}

interface Attributes {
  [name: string]: string | number;
}

/** A call that goes on. */
interface Traced {
  readonly attributes: Attributes;
  readonly isMeasured: boolean;
  readonly spanned: Spanned;
  attempt?: Attempt;
}

interface Attempt extends Spanned {
  readonly attributes: Attributes;
}

interface Spanned {
  readonly span: Span;
  readonly context: Context;
}

type Instruments = ReturnType<typeof instrumentsOf>;

// The API's own numbers.
const CLIENT = 2;
const ERROR = 2;
// What the conventions advise for seconds of HTTP.
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SETTER: Setter = {
  set(carrier, key, value) {
    carrier[key] = value;
  },
};

/**
 * A hook that traces and measures calls, given `import * as api from "@opentelemetry/api"`. One
 * hook serves any number of clients. Set an SDK up before the first call.
 */
export function openTelemetry(api: OpenTelemetryApi, options: OpenTelemetryOptions = {}): Hook {
  const tracer = options.tracer ?? api.trace.getTracer("@intelgraph/sdk", version);
  const propagator = options.propagator ?? api.propagation;
  const calls = new Map<string, Traced>();
  let instruments: Instruments | undefined;
  const start = (name: string, kind: number, attributes: Attributes, within: Context): Spanned => {
    const span = tracer.startSpan(name, { kind, attributes }, within);
    return { span, context: api.trace.setSpan(within, span) };
  };
  return (event) => {
    const call = calls.get(event.callId);
    // The API gives a global meter that records nothing to who asks before an SDK is there.
    instruments ??= instrumentsOf(
      options.meter ?? api.metrics.getMeter("@intelgraph/sdk", version),
    );
    if (event.type === "CallStarted") {
      calls.set(event.callId, startCall(event, start, api.context.active()));
    } else if (call && event.type === "AttemptStarted") {
      call.attempt = startAttempt(event, start, call.spanned.context);
      propagator.inject(call.attempt.context, event.headers, SETTER);
    } else if (call && event.type === "AttemptFinished") {
      finishAttempt(event, call, instruments);
    } else if (call && event.type === "CallFinished") {
      calls.delete(event.callId);
      finishCall(event, call, instruments);
    }
  };
}

type Start = (name: string, kind: number, attributes: Attributes, within: Context) => Spanned;

function instrumentsOf(meter: Meter) {
  const advice = { explicitBucketBoundaries: BOUNDARIES };
  return {
    requestDuration: meter.createHistogram("http.client.request.duration", {
      unit: "s",
      description: "Duration of HTTP client requests.",
      advice,
    }),
    callDuration: meter.createHistogram("intelgraph.client.call.duration", {
      unit: "s",
      description: "Duration of calls, with all their attempts and waits.",
      advice,
    }),
    retries: meter.createCounter("intelgraph.client.call.retries", {
      unit: "{retry}",
      description: "Attempts of calls after their first.",
    }),
  };
}

function startCall(event: CallStarted, start: Start, within: Context): Traced {
  const attributes: Attributes = {
    "graphql.operation.name": `${event.operation}`,
    "graphql.operation.type": event.kind,
    ...(event.opId !== null && { "intelgraph.op_id": event.opId }),
  };
  const own = { ...attributes, "intelgraph.call_id": event.callId };
  return {
    attributes,
    // How long somebody listens is no duration that says anything of the server.
    isMeasured: event.kind !== "subscription",
    // The requests are its children, and they alone are the client's side of HTTP.
    spanned: start(`${event.kind} ${event.operation}`, 0, own, within),
  };
}

function startAttempt(event: AttemptStarted, start: Start, within: Context): Attempt {
  const { host, port } = serverOf(event.url);
  const attributes = {
    "http.request.method": event.method,
    "server.address": host,
    "server.port": port,
  };
  const own: Attributes = { ...attributes, "url.full": event.url };
  if (event.attempt > 1) {
    own["http.request.resend_count"] = event.attempt - 1;
  }
  return { attributes, ...start(event.method, CLIENT, own, within) };
}

function finishAttempt(event: AttemptFinished, call: Traced, instruments: Instruments): void {
  if (call.attempt === undefined) {
    return;
  }
  const { attributes, context, span } = call.attempt;
  const failedBy = httpErrorType(event);
  const result = {
    ...(event.status !== null && { "http.response.status_code": event.status }),
    ...(failedBy !== null && { "error.type": failedBy }),
  };
  if (call.isMeasured) {
    const { requestDuration } = instruments;
    requestDuration.record(event.durationMs / 1000, { ...attributes, ...result }, context);
  }
  end(span, result);
}

function finishCall(event: CallFinished, call: Traced, instruments: Instruments): void {
  const { attributes, isMeasured } = call;
  const { context, span } = call.spanned;
  const result = { ...(event.error !== null && { "error.type": errorType(event.error) }) };
  if (isMeasured) {
    const { callDuration } = instruments;
    callDuration.record(event.durationMs / 1000, { ...attributes, ...result }, context);
  }
  if (event.retries > 0) {
    instruments.retries.add(event.retries, attributes, context);
  }
  end(span, { ...result, "intelgraph.retries": event.retries });
}

function httpErrorType({ status, error }: AttemptFinished): string | null {
  if (status !== null && status >= 400) {
    return String(status);
  }
  // To HTTP, a response that carries GraphQL errors is a success.
  return error === null || error instanceof OperationError ? null : errorType(error);
}

function end(span: Span, result: Attributes): void {
  span.setAttributes(result);
  if ("error.type" in result) {
    // Without a description: an error's message may quote the server.
    span.setStatus({ code: ERROR });
  }
  span.end();
}
