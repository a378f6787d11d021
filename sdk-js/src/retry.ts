/**
 * Whether a failed attempt is followed by another, and after how long: full jitter under a
 * doubling ceiling, with the server's own word as a floor. Pure; chance and time are passed in.
 */

import type { Clock } from "./clock.js";
import type { Circumstances } from "./errors.js";
import type { Reply } from "./transport.js";

/** How often and how patiently a client tries. */
export interface RetryPolicy {
  /** The most attempts of one call; 3 unless told, and 1 never tries again. */
  readonly maxAttempts: number;
  /** The ceiling of the first delay, which doubles with each failure; 200 unless told. */
  readonly baseDelayMs: number;
  /** The same after a server said that it counts requests; 1 000 unless told. */
  readonly throttledDelayMs: number;
  /** What the ceiling never passes; 8 000 unless told. */
  readonly maxDelayMs: number;
  /** How long a call may take with all its attempts; 30 000 unless told, null for no limit. */
  readonly deadlineMs: number | null;
  /** What retries of the client's calls may cost together; 500 unless told, null for no limit. */
  readonly budget: number | null;
  /** What one retry costs, until its call succeeds; 10 unless told. */
  readonly retryCost: number;
}

/** The milliseconds to wait after an attempt that failed so; draws one random number. */
export const delayBeforeRetry = (
  call: RetryPolicy & Pick<Clock, "random"> & { readonly attempts: number },
  { status, code }: Pick<Circumstances, "status" | "code">,
  retryAfterMs: number,
): number => {
  const isThrottled = status === 429 || code === "RATE_LIMITED";
  const base = isThrottled ? call.throttledDelayMs : call.baseDelayMs;
  // Nothing doubled for ever is no number.
  const ceiling = Math.min(call.maxDelayMs, base * 2 ** (call.attempts - 1) || 0);
  return Math.max(retryAfterMs, call.random() * ceiling);
};

/** When the server wants to be asked again, in milliseconds from now; 0 without its word. */
export const readRetryAfter = (reply: Pick<Reply, "headers"> | null, now: () => number): number => {
  const value = `${reply?.headers.get("retry-after")}`;
  const readings = [
    number(`${reply?.headers.get("retry-after-ms")}`),
    number(value) * 1000,
    // The oldest form of a date names no zone, and means the same one.
    Date.parse(value.replace(/(GMT)?$/, "GMT")) - now(),
  ];
  return readings.find((delayMs) => delayMs >= 0) ?? 0;
};

const number = (text: string): number => {
  // Not so long that no clock could count it.
  return Number(/^\d{1,9}(\.\d+)?$/.exec(text)?.[0]);
};
