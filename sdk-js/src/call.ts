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
import { overAdded, tell, type Untold } from "./events.js";
import type { AnyOperation } from "./operation.js";
import type { Settings } from "./options.js";
import { delayBeforeRetry, isPassing, isRetryable, readRetryAfter } from "./retry.js";
import type { Failure, Opened, Reply, Request, Transport } from "./transport.js";
import { type Answer, errorCode, type Message, readReply } from "./wire.js";

/** A call: what it asks for, what it has of the world, and how far it has come. */
export interface Call extends Omit<Settings, "transport" | "headers"> {
  readonly callId: string;
  /** The client's and the caller's, and in an attempt those of hooks. */
  headers: Settings["headers"];
  /** The client's own, unless the call reads a stream. */
  transport: {
    send(request: Request): Promise<Reply | Opened | Failure>;
    readonly open?: Transport["open"];
  };
  readonly operation: AnyOperation;
  readonly variables: unknown;
  readonly retryableCodes: ReadonlySet<string>;
  /** Whether it may be sent twice without harm. */
  readonly isRepeatable: boolean;
  /** When the call began, by the clock's `now`. */
  readonly startedAt: number;
  /** When the call's time is over, by the clock's `now`. */
  deadline: number;
  /** How many attempts were made, with the one that runs. */
  attempts: number;
  /** What the last exchange has brought; null while nothing has arrived. */
  reply: Reply | Opened | null;
}

/** Makes a call; returns the data as it came, or raises what it ended with. */
export function makeCall(call: Call): Promise<unknown> {
  return told(
    call,
    { type: "CallStarted", kind: call.operation.kind },
    () => runAttempts(call),
    () => ({ type: "CallFinished", retries: call.attempts - 1 }),
  );
}

async function runAttempts(call: Call): Promise<unknown> {
  const own = call.headers;
  // What stands behind the path may be a secret.
  const url = call.url.replace(/[?#].*/s, "");
  for (; ; call.attempts += 1) {
    const attempt = call.attempts;
    const headers = {};
    const message = call.wire(call) as Message;
    const { method = "POST" } = message;
    try {
      return await told(
        call,
        { type: "AttemptStarted", attempt, method, url, headers },
        async () => {
          call.headers = overAdded(own, headers, call.hooks);
          return read(call, await converse(call, message, ask));
        },
        (requestId) => ({ type: "AttemptFinished", attempt, requestId }),
      );
    } catch (error) {
      const delayMs = delayAfter(error, call);
      tell(call, { type: "RetryScheduled", attempt, delayMs });
      await call.sleep(delayMs, call.signal);
    }
  }
}

/** An answer to the message, or to what the client's wire mode says after it. */
export async function converse<A extends Answer | Opened>(
  call: Call,
  message: Message,
  ask: (call: Call, message: Message) => Promise<A>,
): Promise<A> {
  const answer = await ask(call, message);
  const next = call.wire(call, answer);
  return next ? ask(call, next) : answer;
}

/** Does work between two events, of which the second tells how it ended. */
async function told<T>(
  call: Call,
  started: Untold,
  work: () => Promise<T>,
  finished: (requestId: string | null) => object,
): Promise<T> {
  const startedAt = call.now();
  let error: unknown = null;
  tell(call, started);
  try {
    return await work();
  } catch (caught) {
    error = caught;
    throw caught;
  } finally {
    const { status, requestId } = lastOf(call);
    const ended = { status, error, durationMs: call.now() - startedAt };
    tell(call, { ...finished(requestId), ...ended } as Untold);
  }
}

/** The milliseconds until the next attempt; raises the error when there is to be none. */
export function delayAfter(error: unknown, call: Call): number {
  const retryAfterMs = readRetryAfter(call.reply, call.now);
  const remainingMs = call.deadline - call.now();
  // Chance is drawn only for a retry that may happen, so that schedules stay equal.
  if (
    call.attempts < call.maxAttempts &&
    retryAfterMs <= remainingMs &&
    isRetryable(error, call.isRepeatable)
  ) {
    const isThrottled = error.status === 429 || error.code === "RATE_LIMITED";
    const delayMs = delayBeforeRetry(call, call.attempts, isThrottled, retryAfterMs);
    if (delayMs <= remainingMs) {
      return delayMs;
    }
  }
  throw error;
}

/** The data of a response; raises what else it is. */
export function read(call: Call, response: Answer): unknown {
  if (typeof response === "string") {
    const when = `, which is not a GraphQL response: ${response}`;
    throw errorOf(call, ResponseError, `got HTTP ${call.reply?.status} from`, when);
  }
  if (response.errors.length > 0 && !(call.errors === "partial" && response.data)) {
    throw operationError(call, response);
  }
  return response.data;
}

async function ask(call: Call, message: Message): Promise<Answer> {
  return readReply((await exchange(call, message)) as Reply);
}

/** What one request brings, noted as the last that the call knows; raises when nothing comes. */
export async function exchange(call: Call, message: Message): Promise<Reply | Opened> {
  const { url, headers, maxResponseBytes, signal } = call;
  const timeoutMs = Math.min(call.timeoutMs, Math.max(call.deadline - call.now(), 1));
  call.reply = null;
  const request = {
    method: "POST" as const,
    url,
    headers,
    timeoutMs,
    maxResponseBytes,
    signal,
    ...message,
  };
  const outcome = await call.transport.send(request);
  if ("kind" in outcome) {
    throw failed(call, outcome);
  }
  call.reply = outcome;
  return outcome;
}

/** The error that says what a failure of the transport means for the caller. */
export function failed(call: Call, failure: Failure, facts?: Facts): IntelGraphError {
  const [Kind, did, when] = FAILURES[failure.kind];
  return errorOf(call, Kind, did, when, failure, facts);
}

const FAILURES = {
  connect: [ConnectError, "could not connect to", ""],
  timeout: [TimeoutError, "had no reply from", " within its timeout"],
  read: [TransportError, "lost the connection to", " before the reply was complete"],
} as const;

function operationError(call: Call, response: GraphQLResponse): IntelGraphError {
  const [first] = response.errors;
  const code = errorCode(response.errors);
  const path = Array.isArray(first?.path) ? first.path : null;
  const coded = code ? ` with ${code}` : "";
  const placed = path?.length ? ` at ${path.join(".")}` : "";
  // A server's message may span lines and may end with the period that follows here anyway.
  const said = `: ${first?.message ?? ""}`.replace(/\s+/g, " ").replace(/(^:|\.)? ?$/, "");
  const when = coded + placed + said;
  return errorOf(call, OperationError, "failed on", when, response, { code, path });
}

function lastOf({ reply }: Call): Pick<Circumstances, "status" | "requestId"> {
  return {
    status: reply?.status ?? null,
    requestId: reply?.headers.get("x-request-id") ?? null,
  };
}

type Facts = Partial<Circumstances>;

/** An error with its one line, and with what a program wants to know of where the call stood. */
function errorOf<Detail>(
  call: Call,
  Kind: new (message: string, at: Facts, detail: Detail) => IntelGraphError,
  did: string,
  when: string,
  detail?: Detail,
  facts?: Facts,
): IntelGraphError {
  const { operation, attempts } = call;
  const { name, opId } = operation;
  const { status, requestId } = lastOf(call);
  const asked = requestId ? `, request id ${requestId}` : "";
  const tried = ` (attempt ${attempts} of ${call.maxAttempts}${asked}).`;
  const at = {
    operation: name,
    opId,
    attempts,
    status,
    requestId,
    elapsedMs: call.now() - call.startedAt,
    retryable: isPassing(status, facts?.code, call.retryableCodes),
    ...facts,
  };
  return new Kind(`${name} ${did} ${call.host}${when}${tried}`, at, detail as Detail);
}
