/**
 * The platform's telemetry: one line of JSON for each call that ended, such as
 * `{"opId":"getEntity:v1","durationMs":142,"status":200,"retries":1}`.
 */

import type { CallFinished, Hook } from "../events.js";

/** What the platform counts of a call. */
export interface Telemetry {
  /** The operation's versioned name; null for an ad-hoc document. */
  readonly opId: string | null;
  /** Whole milliseconds, halves rounded up. */
  readonly durationMs: number;
  /** The HTTP status of the last reply; null when nothing arrived in the last attempt. */
  readonly status: number | null;
  /** The attempts after the first. */
  readonly retries: number;
}

/** A hook that writes one line, with its line end, for each call that ended. */
export function jsonLines(write: (line: string) => void): Hook {
  return (event) => {
    if (event.type === "CallFinished") {
      write(`${JSON.stringify(telemetry(event))}\n`);
    }
  };
}

/** The platform's own form of a call that ended. */
export function telemetry({ opId, durationMs, status, retries }: CallFinished): Telemetry {
  return { opId, durationMs: Math.round(durationMs), status, retries };
}
