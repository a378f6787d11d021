/**
 * What a call tells of itself, to plain functions. An event is frozen, and holds neither
 * variables nor keys; a hook that fails never fails the call.
 */

import type { AnyOperation } from "./operation.js";

interface OfCall {
  readonly operation: string | null;
  /** The readable, versioned name, such as `getEntity:v1`; null for an ad-hoc document. */
  readonly opId: string | null;
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
}

/** An attempt ended, with both its exchanges if the server missed the document. */
export interface AttemptFinished extends OfCall {
  readonly type: "AttemptFinished";
  readonly attempt: number;
  /** The HTTP status of the reply; null when none arrived. */
  readonly status: number | null;
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
export type Untold = CallEvent extends infer Event
  ? Event extends CallEvent
    ? Omit<Event, keyof OfCall>
    : never
  : never;

/** Tells every hook of a call; of a hook that fails, the first failure is logged. */
export function tell(
  { hooks, operation }: { readonly hooks: readonly Hook[]; readonly operation: AnyOperation },
  untold: Untold,
): void {
  for (const hook of hooks) {
    const { name, opId } = operation;
    // An asynchronous hook fits the type; its failure must not end the process.
    const telling = async () =>
      hook(Object.freeze({ operation: name, opId, ...untold }) as CallEvent);
    telling().catch((error) => {
      if (!reported.has(hook)) {
        reported.add(hook);
        console.error("A hook failed:", error);
      }
    });
  }
}

const reported: WeakSet<Hook> = new WeakSet();
