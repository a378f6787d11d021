/**
 * What a call tells of itself, to plain functions. An event is frozen, and holds neither
 * variables nor keys; a hook that fails never fails the call.
 */

import type { AnyOperation } from "./operation.js";
import { sendable } from "./options.js";

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
  /** Empty, for hooks to add headers such as `traceparent`; the client's own go before them. */
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

/** An event before it is told of which operation it is. */
type Untold = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, keyof OfCall>
    : never
  : never;

/** As much of a call as its hooks are concerned with. */
export interface Told {
  readonly hooks: readonly Hook[];
  readonly callId: string;
  readonly operation: Pick<AnyOperation, "name" | "opId">;
}

/** Tells every hook; of a hook that fails, the first failure is logged. */
export function tell({ hooks, callId, operation: { name, opId } }: Told, untold: Untold): void {
  for (const hook of hooks) {
    try {
      const event = Object.freeze({ operation: name, opId, callId, ...untold }) as CallEvent;
      const result = hook(event) as Promise<void> | void;
      // An asynchronous hook fits the type; its failure must not end the process.
      result?.catch?.((error) => report(hook, error));
    } catch (error) {
      report(hook, error);
    }
  }
}

/** The client's own headers, over those of hooks; one that cannot be sent is logged. */
export function overAdded(
  own: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
  hooks: readonly Hook[],
): Readonly<Record<string, string>> {
  let headers = own;
  for (const name in added) {
    try {
      headers = { ...sendable({ [name]: added[name] as string }), ...headers };
    } catch (error) {
      report(hooks, error);
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
