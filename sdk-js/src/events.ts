/**
 * What a call tells of itself, to plain functions. An event is frozen, and holds neither
 * variables nor keys; a hook that fails never fails the call. Calls know this module by the type
 * of what it makes alone, so that an app without hooks carries nothing of it.
 */

import type { Call } from "./call.js";
import { newId } from "./clock.js";
import { ConfigurationError } from "./errors.js";
import type { AnyOperation } from "./operation.js";
import { sendable } from "./options.js";
import type { Message } from "./wire.js";

interface OfCall {
  readonly operation: string | null;
  /** The readable, versioned name, such as `getEntity:v1`; null for an ad-hoc document. */
  readonly opId: string | null;
  /** Unique to the call, and the same in all its events. */
  readonly callId: string;
}

/** A call begins. */
export interface CallStarted extends OfCall {
  readonly type: "CallStarted";
  readonly kind: AnyOperation["kind"];
}

/** An attempt begins; the first one is 1. */
export interface AttemptStarted extends OfCall {
  readonly type: "AttemptStarted";
  readonly attempt: number;
  readonly method: "POST" | "GET";
  /** The endpoint's, without a query string. */
  readonly url: string;
  /**
   * Empty, for hooks to add headers such as `traceparent`; the client's own go before them. What
   * frames the request, such as `content-length` or `host`, is not sent.
   */
  readonly headers: Record<string, string>;
}

/** An attempt ended, with both its exchanges if the server missed the document. */
export interface AttemptFinished extends OfCall {
  readonly type: "AttemptFinished";
  readonly attempt: number;
  /** The HTTP status of the reply; null when none arrived. */
  readonly status: number | null;
  /** The server's name for the request of that reply. */
  readonly requestId: string | null;
  /** What it failed with, or the reason of the caller's signal; null when it succeeded. */
  readonly error: unknown;
  readonly durationMs: number;
}

/** Another attempt follows the given one. */
export interface RetryScheduled extends OfCall {
  readonly type: "RetryScheduled";
  readonly attempt: number;
  readonly delayMs: number;
}

/** A call ended. */
export interface CallFinished extends OfCall {
  readonly type: "CallFinished";
  readonly durationMs: number;
  /** The HTTP status of the last attempt's reply; null when none arrived. */
  readonly status: number | null;
  readonly retries: number;
  /** What it failed with, or the reason of the caller's signal; null when it succeeded. */
  readonly error: unknown;
}

/** What a hook is told. */
export type CallEvent =
  | CallStarted
  | AttemptStarted
  | AttemptFinished
  | RetryScheduled
  | CallFinished;

/** Is told every event of a client's calls, while the call waits for it to return. */
export type Hook = (event: CallEvent) => void;

/** What a call tells at each of its turns, with what only it knows of that turn. */
export interface Hooks {
  (type: "CallStarted", call: Call): void;
  (type: "AttemptStarted", call: Call, message: Message): void;
  (type: "AttemptFinished" | "CallFinished", call: Call, error: unknown): void;
  (type: "RetryScheduled", call: Call, delayMs: number): void;
}

/** Hooks as a client takes them; each is told every event, in the order given. */
export function hooks(...told: readonly Hook[]): Hooks {
  return (type: CallEvent["type"], call: Call, fact?: unknown) => {
    const event = EVENTS[type](call, fact);
    tell(told, event);
    if (event.type === "AttemptStarted") {
      const { own } = call.told as Attempt;
      call.headers = overAdded(own, event.headers, told);
    }
  };
}

const randomUUID = () => crypto.randomUUID();

/** What hooks note in a call: its own headers, and when the attempt that runs began. */
export interface Attempt {
  readonly own: Call["headers"];
  readonly startedAt: number;
}

// Each event is written out, because to put one together of parts takes twice as long.
const EVENTS: Readonly<Record<CallEvent["type"], (call: Call, fact: unknown) => CallEvent>> = {
  CallStarted: (call) => {
    const { name, opId, kind } = call.operation;
    // UUIDs are drawn in a tenth of the time where there are any.
    const draw = call.newId === newId && "randomUUID" in crypto ? randomUUID : call.newId;
    call.callId ||= draw();
    return { operation: name, opId, callId: call.callId, type: "CallStarted", kind };
  },
  AttemptStarted: (call, message) => {
    const { operation, callId, attempts, url } = call;
    call.told = { own: call.told?.own ?? call.headers, startedAt: call.now() };
    return {
      operation: operation.name,
      opId: operation.opId,
      callId,
      type: "AttemptStarted",
      attempt: attempts,
      method: (message as Message).method ?? "POST",
      // What stands behind the path may be a secret.
      url: /[?#]/.test(url) ? url.replace(/[?#].*/s, "") : url,
      headers: {},
    };
  },
  AttemptFinished: ({ operation, callId, attempts, reply, now, told, startedAt }, error) => ({
    operation: operation.name,
    opId: operation.opId,
    callId,
    type: "AttemptFinished",
    attempt: attempts,
    status: reply?.status ?? null,
    requestId: reply?.headers.get("x-request-id") ?? null,
    error,
    durationMs: now() - (told?.startedAt ?? startedAt),
  }),
  RetryScheduled: ({ operation, callId, attempts }, delayMs) => ({
    operation: operation.name,
    opId: operation.opId,
    callId,
    type: "RetryScheduled",
    attempt: attempts,
    delayMs: delayMs as number,
  }),
  CallFinished: ({ operation, callId, attempts, reply, now, startedAt }, error) => ({
    operation: operation.name,
    opId: operation.opId,
    callId,
    type: "CallFinished",
    status: reply?.status ?? null,
    retries: attempts - 1,
    error,
    durationMs: now() - startedAt,
  }),
};

/** Tells every hook; of a hook that fails, the first failure is logged. */
function tell(told: readonly Hook[], event: CallEvent): void {
  Object.freeze(event);
  for (const hook of told) {
    try {
      const result = hook(event) as Promise<void> | void;
      // An asynchronous hook fits the type; its failure must not end the process.
      result?.catch?.((error) => report(hook, error));
    } catch (error) {
      report(hook, error);
    }
  }
}

// What says where a request ends, to whom it goes and what becomes of its connection: all this is
// `fetch`'s to write. Browsers pass over most of it; Node fails the request, or sends it so.
const FRAMING =
  /^(connection|content-length|expect|host|keep-alive|proxy-connection|transfer-encoding|upgrade)$/i;

/** The client's own headers, over those of hooks; one that may not be sent is logged. */
function overAdded(
  own: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
  told: readonly Hook[],
): Readonly<Record<string, string>> {
  let headers = own;
  for (const name in added) {
    try {
      if (FRAMING.test(name)) {
        throw new ConfigurationError(`The header '${name}' of a hook is for fetch to write.`);
      }
      headers = { ...sendable({ [name]: added[name] as string }), ...headers };
    } catch (error) {
      report(told, error);
    }
  }
  return headers;
}

// Hooks, and the hooks of a client: what goes wrong once often does always.
const reported: WeakSet<object> = new WeakSet();

function report(whose: object, error: unknown): void {
  if (!reported.has(whose)) {
    reported.add(whose);
    console.error("A hook failed:", error);
  }
}
