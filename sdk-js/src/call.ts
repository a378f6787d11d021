/**
 * One call, from an operation to its data or an error: attempts, retries and events, with all
 * that touches the world passed in.
 */

import {
  type Circumstances,
  ConnectError,
  type GraphQLResponse,
  OperationError,
  ResponseError,
  TimeoutError,
  TransportError,
} from "./errors.js";
import { tell } from "./events.js";
import type { AnyOperation } from "./operation.js";
import type { Settings } from "./options.js";
import { delayBeforeRetry, isRetryable, isThrottled, readRetryAfter } from "./retry.js";
import type { Reply } from "./transport.js";
import { encodeBody, errorCode, isMiss, readReply } from "./wire.js";

/** What a call is, and what it needs of the world. */
export interface CallContext extends Settings {
  readonly operation: AnyOperation;
  readonly variables: unknown;
  readonly retryableCodes: ReadonlySet<string>;
}

/** How far a call has come. */
interface Progress {
  /** The attempt, and the reply of its last exchange as far as errors tell of it. */
  readonly at: { -readonly [Fact in keyof Circumstances]: Circumstances[Fact] };
  /** That reply; null while none has arrived. */
  reply: Reply | null;
  /** When the call's time is over, by the clock's `now`. */
  readonly deadline: number;
}

/** Makes the call; returns the data as it came, or raises what it ended with. */
export async function call(context: CallContext): Promise<unknown> {
  const { hooks, now, operation, deadlineMs } = context;
  const startedAt = now();
  const { name, opId, kind } = operation;
  const at = { operation: name, opId, attempts: 1, status: null, requestId: null };
  const deadline = startedAt + (deadlineMs ?? Number.MAX_VALUE);
  let error: unknown = null;
  tell(hooks, at, { type: "CallStarted", kind });
  try {
    return await runAttempts(context, { at, reply: null, deadline });
  } catch (caught) {
    error = caught;
    throw caught;
  } finally {
    const { attempts, status } = at;
    const durationMs = now() - startedAt;
    tell(hooks, at, { type: "CallFinished", durationMs, status, retries: attempts - 1, error });
  }
}

async function runAttempts(context: CallContext, progress: Progress): Promise<unknown> {
  const { hooks, now, signal, sleep } = context;
  const { at } = progress;
  for (; ; at.attempts += 1) {
    const startedAt = now();
    const attempt = at.attempts;
    let error: unknown = null;
    tell(hooks, at, { type: "AttemptStarted", attempt });
    try {
      return await ask(context, progress);
    } catch (caught) {
      error = caught;
    } finally {
      const durationMs = now() - startedAt;
      tell(hooks, at, { type: "AttemptFinished", attempt, status: at.status, error, durationMs });
    }
    const delayMs = delayAfter(error, context, progress);
    if (delayMs === null) {
      throw error;
    }
    tell(hooks, at, { type: "RetryScheduled", attempt, delayMs });
    await sleep(delayMs, signal);
  }
}

/** The milliseconds until the next attempt; null when there is to be none. */
function delayAfter(error: unknown, context: CallContext, progress: Progress): number | null {
  const { at, reply } = progress;
  const retryAfterMs = reply ? readRetryAfter(reply.headers, context.now) : 0;
  const remainingMs = progress.deadline - context.now();
  // Chance is drawn only for a retry that may happen, so that schedules stay equal.
  if (
    at.attempts < context.maxAttempts &&
    retryAfterMs <= remainingMs &&
    isRetryable(error, context.operation.retrySafe, context.retryableCodes)
  ) {
    const delayMs = delayBeforeRetry(context, at.attempts, isThrottled(error), retryAfterMs);
    return delayMs <= remainingMs ? delayMs : null;
  }
  return null;
}

/** One exchange, and a second one with the full text when the server misses the document. */
async function ask(context: CallContext, progress: Progress): Promise<unknown> {
  const hasId = context.operation.documentId !== null;
  let response = await exchange(context, progress, !hasId);
  if (hasId && isMiss(response)) {
    response = await exchange(context, progress, true);
  }
  if (typeof response === "string") {
    const got = ` got HTTP ${progress.at.status} from ${context.host}`;
    const what = `${got}, which is not a GraphQL response: ${response}`;
    throw new ResponseError(message(context, progress.at, what), progress.at);
  }
  if (response.errors.length > 0) {
    throw operationError(context, progress.at, response);
  }
  return response.data;
}

async function exchange(
  context: CallContext,
  progress: Progress,
  withText: boolean,
): Promise<GraphQLResponse | string> {
  const { at } = progress;
  const { url, headers, maxResponseBytes, signal } = context;
  const body = encodeBody(context.operation, context.variables, withText);
  const timeoutMs = Math.min(context.timeoutMs, Math.max(progress.deadline - context.now(), 0));
  const request = { url, headers, body, timeoutMs, maxResponseBytes, signal };
  progress.reply = at.status = at.requestId = null;
  const outcome = await context.transport.send(request);
  if ("kind" in outcome) {
    const [Kind, did, when] = FAILURES[outcome.kind];
    throw new Kind(message(context, at, ` ${did} ${context.host}${when}`), at, outcome);
  }
  progress.reply = outcome;
  at.status = outcome.status;
  at.requestId = outcome.headers.get("x-request-id");
  return readReply(outcome);
}

const FAILURES = {
  connect: [ConnectError, "could not connect to", ""],
  timeout: [TimeoutError, "had no reply from", " within its timeout"],
  read: [TransportError, "lost the connection to", " before the reply was complete"],
} as const;

function operationError(
  context: CallContext,
  at: Circumstances,
  response: GraphQLResponse,
): OperationError {
  const [first] = response.errors;
  const code = errorCode(response.errors);
  const path = Array.isArray(first?.path) ? first.path : null;
  // A server's message may span lines and may end with the period that follows here anyway.
  const said = `${first?.message ?? "no message"}`.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  const failed = ` failed${code ? ` with ${code}` : ""}${path?.length ? ` at ${path.join(".")}` : ""}`;
  return new OperationError(
    message(context, at, `${failed}: ${said}`),
    { ...at, code, path },
    response,
  );
}

function message({ maxAttempts }: CallContext, at: Circumstances, what: string): string {
  const asked = at.requestId ? `, request id ${at.requestId}` : "";
  return `${at.operation}${what} (attempt ${at.attempts} of ${maxAttempts}${asked}).`;
}
