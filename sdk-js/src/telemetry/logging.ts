/**
 * Calls as lines of a logger, such as
 *
 *     GetEntity finished: op=getEntity:v1 call=8ad6 attempts=2 status=200 ms=142 host=graph:443
 *
 * A call that ends is `info`, one that failed `error`, a retry `warning`, and all else `debug`.
 * Neither variables nor keys nor what a server says in its messages are ever in a line.
 */

import { ConfigurationError, IntelGraphError } from "../errors.js";
import type { AttemptFinished, CallEvent, CallFinished, Hook } from "../events.js";
import { errorType, hostOf } from "../naming.js";

/** How much a line matters, the least first. */
export type Level = (typeof LEVELS)[number];

/** Whoever takes lines: `console`, and most loggers. */
export interface Logger {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** Where lines go, and which. */
export interface LoggingOptions {
  /** `console` unless told. */
  readonly logger?: Logger | undefined;
  /** The least level to log; `debug` unless told. */
  readonly level?: Level | undefined;
}

type Facts = Record<string, string | number | null>;

export const LEVELS = ["debug", "info", "warning", "error"] as const;

/** A hook that logs what calls go through; raises ConfigurationError for what cannot work. */
export function logging({ logger = console, level = "debug" }: LoggingOptions = {}): Hook {
  const least = LEVELS.indexOf(level);
  const lacks = (["debug", "info", "warn", "error"] as const).find((name) => !logger?.[name]);
  if (lacks !== undefined) {
    throw new ConfigurationError(`logger has no method ${lacks}.`);
  }
  if (least < 0) {
    throw new ConfigurationError(`level is ${LEVELS.join(", ")}, not '${level}'.`);
  }
  const hosts = new Map<string, string>();
  const hook: Hook = (event) => {
    if (event.type === "AttemptStarted") {
      hosts.set(event.callId, hostOf(event.url));
    }
    const host = hosts.get(event.callId) ?? null;
    if (event.type === "CallFinished") {
      hosts.delete(event.callId);
    }
    const [weight, what, facts] = told(event);
    if (LEVELS.indexOf(weight) >= least) {
      const all: Facts = { op: event.opId, call: event.callId, ...facts, host };
      const known = Object.entries(all).filter(([, fact]) => fact !== null);
      const line = known.map(([name, fact]) => `${name}=${fact}`).join(" ");
      logger[weight === "warning" ? "warn" : weight](`${event.operation} ${what}: ${line}`);
    }
  };
  loggers.add(hook);
  return hook;
}

const loggers: WeakSet<Hook> = new WeakSet();

/** Whether a hook was made here. */
export function isLogging(hook: Hook): boolean {
  return loggers.has(hook);
}

/** How much an event matters, what happened, and its own facts. */
function told(event: CallEvent): [level: Level, what: string, facts: Facts] {
  if (event.type === "CallStarted") {
    return ["debug", "started", {}];
  }
  if (event.type === "AttemptStarted") {
    return ["debug", "attempt started", { attempt: event.attempt }];
  }
  if (event.type === "AttemptFinished") {
    const what = event.error === null ? "attempt finished" : "attempt failed";
    const { attempt, requestId: request } = event;
    return ["debug", what, { attempt, ...resultOf(event), request }];
  }
  if (event.type === "RetryScheduled") {
    const ms = Math.round(event.delayMs);
    return ["warning", "waits to try again", { attempt: event.attempt, ms }];
  }
  const facts = { attempts: event.retries + 1, ...resultOf(event) };
  if (event.error === null) {
    return ["info", "finished", facts];
  }
  // Whoever cancels a call has nothing to be warned of.
  const isCancelled = !(event.error instanceof IntelGraphError);
  return isCancelled ? ["info", "cancelled", facts] : ["error", "failed", facts];
}

function resultOf({ status, durationMs, error }: AttemptFinished | CallFinished): Facts {
  return {
    status,
    ms: Math.round(durationMs),
    error: error === null ? null : errorType(error),
  };
}
