/**
 * The platform's telemetry: one line of JSON for each call that ended, such as
 * `{"opId":"getEntity:v1","durationMs":142,"status":200,"retries":1}`.
 */

import type { Hook } from "../events.js";

/** A hook that writes one line, with its line end, for each call that ended. */
export function jsonLines(write: (line: string) => void): Hook {
  return (event) => {
    if (event.type === "CallFinished") {
      const { opId, status, retries } = event;
      const durationMs = Math.round(event.durationMs);
      write(`${JSON.stringify({ opId, durationMs, status, retries })}\n`);
    }
  };
}
