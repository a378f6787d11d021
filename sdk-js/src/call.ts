/**
 * One call, from an operation to its data or an error: attempts, retries and events, with all
 * that touches the world passed in.
 */

import { refund } from "./budget.js";
import {
  type Circumstances,
  ConnectError,
  IntelGraphError,
  OperationError,
  ResponseError,
  TimeoutError,
  TransportError,
} from "./errors.js";
import type { Attempt } from "./events.js";
import type { AnyOperation } from "./operation.js";
import type { Settings } from "./options.js";
import { delayBeforeRetry, readRetryAfter } from "./retry.js";
import type { Failure, Opened, Reply, Request, Transport } from "./transport.js";
import { type Answer, type Message, readReply } from "./wire.js";

/** A call: what it asks for, what it has of the world, and how far it has come. */
export interface Call extends Omit<Settings, "transport" | "headers"> {
  /** Empty, as long as nothing needs one. */
  callId: string;
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
  readonly retrySafe: boolean;
  /** When the call began, by the clock's `now`. */
  readonly startedAt: number;
  /** When the call's time is over, by the clock's `now`. */
  deadline: number;
  /** How many attempts were made, with the one that runs. */
  attempts: number;
  /** What the last exchange has brought; null while nothing has arrived. */
  reply: Reply | Opened | null;
  /** What hooks note of the attempt that runs. */
  told?: Attempt;
}

/** Makes a call; returns the data as it came, or raises what it ended with. */
export const makeCall = async (call: Call): Promise<unknown> => {
  let error: unknown;
  call.hooks?.("CallStarted", call);
  try {
    for (; ; call.attempts += 1) {
      error = null;
      const message = call.wire(call, []) as Message;
      call.hooks?.("AttemptStarted", call, message);
      try {
        const data = dataOf(call, await converse(call, message, readReply));
        refund(call);
        return data;
      } catch (caught) {
        error = caught;
      } finally {
        call.hooks?.("AttemptFinished", call, error);
      }
      const delayMs = delayAfter(error, call);
      call.hooks?.("RetryScheduled", call, delayMs);
      await call.sleep(delayMs, call.signal);
    }
  } catch (caught) {
    error = caught;
    throw caught;
  } finally {
    call.hooks?.("CallFinished", call, error);
  }
};

/** What is read of the reply to the message, or to what the client's wire mode says after it. */
export const converse = async <A>(
  call: Call,
  message: Message,
  read: (outcome: Reply) => A,
): Promise<A> => {
  const { url, headers, maxResponseBytes, signal } = call;
  const answers: A[] = [];
  for (let next: Message | undefined = message; next; next = call.wire(call, answers)) {
    // What an exchange brings is noted as the last that the call knows.
    call.reply = null;
    const outcome = await call.transport.send({
      method: "POST",
      url,
      headers,
      timeoutMs: Math.min(call.timeoutMs ?? 10_000, Math.max(call.deadline - call.now(), 1)),
      maxResponseBytes,
      signal,
      ...next,
    });
    if ("kind" in outcome) {
      throw errorOf(call, FAILURES[outcome.kind], outcome);
    }
    call.reply = outcome;
    answers.push(read(outcome as Reply));
  }
  return answers.at(-1) as A;
};

/** The milliseconds until the next attempt; raises the error when there is to be none. */
export const delayAfter = (error: unknown, call: Call): number => {
  const retryAfterMs = readRetryAfter(call.reply, call.now);
  const remainingMs = call.deadline - call.now();
  // Chance is drawn only for a retry that may happen, so that schedules stay equal.
  if (
    call.attempts < call.maxAttempts &&
    retryAfterMs <= remainingMs &&
    // Nothing was sent, or the operation is safe and the failure is one that passes.
    (error instanceof ConnectError ||
      (call.retrySafe && error instanceof IntelGraphError && error.retryable)) &&
    call.purse.spent + call.retryCost <= (call.budget ?? Infinity)
  ) {
    const delayMs = delayBeforeRetry(call, error, retryAfterMs);
    if (delayMs <= remainingMs) {
      call.purse.spent += call.retryCost;
      return delayMs;
    }
  }
  throw error;
};

/** The data of a response; raises what else it is. */
export const dataOf = (call: Call, response: Answer): unknown => {
  if (typeof response === "string") {
    const did = `got HTTP ${call.reply?.status} from`;
    throw errorOf(call, [ResponseError, did, `, which is not a GraphQL response: ${response}`]);
  }
  const { data, errors } = response;
  const [first] = errors;
  if (first && !(call.errors === "partial" && data)) {
    const given = first.extensions?.code;
    const code = typeof given === "string" ? given : null;
    const path = Array.isArray(first.path) ? first.path : null;
    const coded = code ? ` with ${code}` : "";
    const placed = path?.length ? ` at ${path.join(".")}` : "";
    const said = `${coded}${placed}: ${first.message ?? ""}`;
    throw errorOf(call, [OperationError, "failed on", said], response, { code, path });
  }
  return data;
};

/** What a failure of the transport means for the caller. */
export const FAILURES: Readonly<Record<Failure["kind"], Told<ErrorOptions>>> = {
  connect: [ConnectError, "could not connect to", ""],
  timeout: [TimeoutError, "had no reply from", " within its timeout"],
  read: [TransportError, "lost the connection to", " before the reply was complete"],
};

/** A class of errors, and what its messages say before and behind the server's name. */
type Told<Detail> = readonly [
  new (message: string, at: Facts, detail: Detail) => IntelGraphError,
  did: string,
  when: string,
];

type Facts = Partial<Circumstances>;

/** An error with its one line, and with what a program wants to know of where the call stood. */
export const errorOf = <Detail>(
  call: Call,
  [Kind, did, when]: Told<Detail>,
  detail?: Detail,
  facts?: Facts,
): IntelGraphError => {
  const {
    operation: { name, opId },
    attempts,
    reply,
  } = call;
  const status = reply?.status ?? null;
  const requestId = reply?.headers.get("x-request-id") ?? null;
  const asked = requestId ? `, request id ${requestId}` : "";
  const tried = ` (attempt ${attempts} of ${call.maxAttempts}${asked}).`;
  const at = {
    operation: name,
    opId,
    status,
    requestId,
    attempts,
    elapsedMs: call.now() - call.startedAt,
    // Where nothing arrived, it may; of what arrived, only what says so.
    retryable:
      /^(null|408|425|429|50[234])$/.test(`${status}`) ||
      call.retryableCodes.has(facts?.code as string),
    ...facts,
  };
  // What a server says may span lines, and may end with the period that follows here anyway.
  const text = `${name} ${did} ${call.host}${when}`.replace(/\s+/g, " ").replace(/[.:]? ?$/, "");
  return new Kind(text + tried, at, detail as Detail);
};
