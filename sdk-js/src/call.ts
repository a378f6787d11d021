/**
 * One call, from an operation to its data or an error: attempts, retries and events, with all
 * that touches the world passed in.
 */

import {
  type Circumstances,
  ConnectError,
  type GraphQLResponse,
  type IntelGraphError,
  OperationError,
  ResponseError,
  TimeoutError,
  TransportError,
} from "./errors.js";
import { overAdded, tell } from "./events.js";
import type { AnyOperation } from "./operation.js";
import type { RequestOptions, Settings } from "./options.js";
import { delayBeforeRetry, isRetryable, readRetryAfter } from "./retry.js";
import type { Failure, Reply } from "./transport.js";
import { encodeBody, errorCode, isMiss, readReply } from "./wire.js";

/** A call: what it asks for, what it has of the world, and how far it has come. */
export interface Call extends Settings, RequestOptions {
  /** The client's and the caller's, and in an attempt those of hooks. */
  headers: RequestOptions["headers"];
  readonly callId: string;
  readonly operation: AnyOperation;
  readonly variables: unknown;
  readonly retryableCodes: ReadonlySet<string>;
  /** The attempt, and the reply of its last exchange as far as errors tell of it. */
  readonly at: { -readonly [Fact in keyof Circumstances]: Circumstances[Fact] };
  /** That reply; null while none has arrived. */
  reply: Reply | null;
  /** When the call's time is over, by the clock's `now`. */
  deadline: number;
}

/** Makes a call; returns the data as it came, or raises what it ended with. */
export async function makeCall(call: Call): Promise<unknown> {
  const { at, now } = call;
  const startedAt = now();
  let error: unknown = null;
  tell(call, { type: "CallStarted", kind: call.operation.kind });
  try {
    return await runAttempts(call);
  } catch (caught) {
    error = caught;
    throw caught;
  } finally {
    const durationMs = now() - startedAt;
    const retries = at.attempts - 1;
    tell(call, { type: "CallFinished", retries, status: at.status, error, durationMs });
  }
}

async function runAttempts(call: Call): Promise<unknown> {
  const { at, hooks, now, headers: own } = call;
  // What stands behind the path may be a secret.
  const url = call.url.replace(/[?#].*/s, "");
  for (; ; at.attempts += 1) {
    const startedAt = now();
    const attempt = at.attempts;
    let error: unknown = null;
    const headers = {};
    tell(call, { type: "AttemptStarted", attempt, method: "POST", url, headers });
    call.headers = overAdded(own, headers, hooks);
    try {
      return await ask(call);
    } catch (caught) {
      error = caught;
    } finally {
      const durationMs = now() - startedAt;
      const { status, requestId } = at;
      tell(call, { type: "AttemptFinished", attempt, status, requestId, error, durationMs });
    }
    const delayMs = delayAfter(error, call);
    if (delayMs === null) {
      throw error;
    }
    tell(call, { type: "RetryScheduled", attempt, delayMs });
    await call.sleep(delayMs, call.signal);
  }
}

/** The milliseconds until the next attempt; null when there is to be none. */
export function delayAfter(error: unknown, call: Call): number | null {
  const { at, reply } = call;
  const retryAfterMs = reply ? readRetryAfter(reply.headers, call.now) : 0;
  const remainingMs = call.deadline - call.now();
  // Chance is drawn only for a retry that may happen, so that schedules stay equal.
  if (
    at.attempts < call.maxAttempts &&
    retryAfterMs <= remainingMs &&
    isRetryable(error, call.operation.retrySafe, call.retryableCodes)
  ) {
    const isThrottled = at.status === 429 || (error as IntelGraphError).code === "RATE_LIMITED";
    const delayMs = delayBeforeRetry(call, at.attempts, isThrottled, retryAfterMs);
    return delayMs <= remainingMs ? delayMs : null;
  }
  return null;
}

/** One exchange, and a second one with the full text when the server misses the document. */
async function ask(call: Call): Promise<unknown> {
  const hasId = call.operation.documentId !== null;
  let response = await exchange(call, !hasId);
  if (hasId && isMiss(response)) {
    response = await exchange(call, true);
  }
  return read(call, response);
}

/** The data of a response; raises what else it is. */
export function read(call: Call, response: GraphQLResponse | string): unknown {
  if (typeof response === "string") {
    const { at, host } = call;
    const what = ` got HTTP ${at.status} from ${host}, which is not a GraphQL response: ${response}`;
    throw new ResponseError(message(call, what), at);
  }
  if (response.errors.length > 0) {
    throw operationError(call, response);
  }
  return response.data;
}

async function exchange(call: Call, withText: boolean): Promise<GraphQLResponse | string> {
  const { at, url, headers, maxResponseBytes, signal } = call;
  const body = encodeBody(call.operation, call.variables, withText);
  const timeoutMs = Math.min(call.timeoutMs, Math.max(call.deadline - call.now(), 1));
  call.reply = at.status = at.requestId = null;
  const outcome = await call.transport.send({
    url,
    headers,
    body,
    timeoutMs,
    maxResponseBytes,
    signal,
  });
  if ("kind" in outcome) {
    throw failed(call, outcome);
  }
  call.reply = outcome;
  at.status = outcome.status;
  at.requestId = outcome.headers.get("x-request-id");
  return readReply(outcome);
}

/** The error that says what a failure of the transport means for the caller. */
export function failed(call: Call, failure: Failure): TransportError {
  const [Kind, did, when] = FAILURES[failure.kind];
  return new Kind(message(call, ` ${did} ${call.host}${when}`), call.at, failure);
}

const FAILURES = {
  connect: [ConnectError, "could not connect to", ""],
  timeout: [TimeoutError, "had no reply from", " within its timeout"],
  read: [TransportError, "lost the connection to", " before the reply was complete"],
} as const;

function operationError(call: Call, response: GraphQLResponse): OperationError {
  const [first] = response.errors;
  const code = errorCode(response.errors);
  const path = Array.isArray(first?.path) ? first.path : null;
  // A server's message may span lines and may end with the period that follows here anyway.
  const text = `: ${first?.message ?? ""}`.replace(/\s+/g, " ").replace(/\.? ?$/, "");
  const said = text === ":" ? "" : text;
  const failed = ` failed${code ? ` with ${code}` : ""}${path?.length ? ` at ${path.join(".")}` : ""}`;
  const at = { ...call.at, code, path };
  return new OperationError(message(call, failed + said), at, response);
}

function message({ at, maxAttempts }: Call, what: string): string {
  const asked = at.requestId ? `, request id ${at.requestId}` : "";
  return `${at.operation}${what} (attempt ${at.attempts} of ${maxAttempts}${asked}).`;
}
