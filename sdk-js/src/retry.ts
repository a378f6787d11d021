/**
 * Whether a failed attempt is followed by another, and after how long: full jitter under a
 * doubling ceiling, with the server's own word as a floor. Pure; chance and time are passed in.
 */

import type { Clock } from "./clock.js";
import { ConnectError, IntelGraphError } from "./errors.js";
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

/** The policy of a client that is told nothing else. */
export const RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  baseDelayMs: 200,
  throttledDelayMs: 1000,
  maxDelayMs: 8000,
  deadlineMs: 30_000,
  budget: 500,
  retryCost: 10,
};

/** Whether what a server said, or that it said nothing, may be otherwise in a while. */
export function isPassing(
  status: number | null,
  code: string | null | undefined,
  retryableCodes: ReadonlySet<string>,
): boolean {
  return /^(null|408|425|429|50[234])$/.test(`${status}`) || retryableCodes.has(`${code}`);
}

/**
 * Whether the same request may do better, and harms nobody if the first one was received:
 * nothing was sent, or the operation is safe and the failure is one that passes.
 */
export function isRetryable(error: unknown, isSafe: boolean): error is IntelGraphError {
  return (
    error instanceof ConnectError || (isSafe && error instanceof IntelGraphError && error.retryable)
  );
}

/** The milliseconds to wait after the given attempt failed; draws one random number. */
export function delayBeforeRetry(
  policy: RetryPolicy & Pick<Clock, "random">,
  attempt: number,
  throttled: boolean,
  retryAfterMs: number,
): number {
  const base = throttled ? policy.throttledDelayMs : policy.baseDelayMs;
  // Nothing doubled for ever is no number.
  const ceiling = Math.min(policy.maxDelayMs, base * 2 ** (attempt - 1) || 0);
  return Math.max(retryAfterMs, policy.random() * ceiling);
}

/** When the server wants to be asked again, in milliseconds from now; 0 without its word. */
export function readRetryAfter(reply: Pick<Reply, "headers"> | null, now: () => number): number {
  const value = `${reply?.headers.get("retry-after")}`;
  const readings = [
    number(`${reply?.headers.get("retry-after-ms")}`),
    number(value) * 1000,
    // The oldest form of a date names no zone, and means the same one.
    Date.parse(value.replace(/(GMT)?$/, "GMT")) - now(),
  ];
  return readings.find((delayMs) => delayMs >= 0) ?? 0;
}

function number(text: string): number {
  // Not so long that no clock could count it.
  return Number(/^\d{1,9}(\.\d+)?$/.exec(text)?.[0]);
}
