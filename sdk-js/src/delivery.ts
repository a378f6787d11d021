/**
 * Events to the platform's telemetry: as bodies it takes, sent, and sent again where that is safe.
 * What a connection lost on its way is not sent again, because the server may have counted it.
 */

import type { Settings } from "./options.js";
import { delayBeforeRetry, readRetryAfter } from "./retry.js";
import type { Telemetry } from "./telemetry/json_lines.js";
import type { Failure, Reply } from "./transport.js";

// What the platform takes in one request, and of one event.
export const MOST_EVENTS = 100;
const MOST_BYTES = 65_536;
const MOST_CHARACTERS = 200;
const MOST_RETRIES = 100;
const MOST_MS = 1e9;

const PASSING = /^(408|425|429|50[234])$/;

/** A list of events as JSON, with how many it holds. */
export interface Body {
  readonly count: number;
  readonly text: string;
}

/** Lists of events, each as long as the platform takes. */
export function bodies(events: readonly Telemetry[]): Body[] {
  const found: Body[] = [];
  let batch: string[] = [];
  let size = 1;
  const finish = (): void => {
    found.push({ count: batch.length, text: `[${batch.join()}]` });
    batch = [];
    size = 1;
  };
  for (const event of events) {
    const text = JSON.stringify(takeable(event));
    const length = new TextEncoder().encode(text).length + 1;
    if (batch.length === MOST_EVENTS || size + length > MOST_BYTES) {
      finish();
    }
    batch.push(text);
    size += length;
  }
  if (batch.length > 0) {
    finish();
  }
  return found;
}

/** Posts a body; returns why it was not taken, and null when it was. */
export async function deliver(
  text: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<string | null> {
  const { url, headers, timeoutMs = 10_000, maxResponseBytes, transport, now } = settings;
  const deadline = now() + (settings.deadlineMs ?? Infinity);
  const sent = { url, headers, body: text, timeoutMs, maxResponseBytes, signal };
  const request = { method: "POST", ...sent } as const;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await transport.send(request);
    if (!("kind" in outcome) && outcome.status >= 200 && outcome.status < 300) {
      return null;
    }
    const delayMs = delayAfter(outcome, settings, attempt);
    if (delayMs === null || now() + delayMs > deadline) {
      return reasonOf(outcome);
    }
    await settings.sleep(delayMs, signal);
  }
}

/** The milliseconds until another attempt; null when there is to be none. */
function delayAfter(outcome: Reply | Failure, settings: Settings, attempts: number): number | null {
  const isReply = !("kind" in outcome);
  const mayPass = isReply ? PASSING.test(`${outcome.status}`) : outcome.kind === "connect";
  if (!mayPass || attempts >= settings.maxAttempts) {
    return null;
  }
  const floorMs = readRetryAfter(isReply ? outcome : null, settings.now);
  const status = isReply ? outcome.status : null;
  const counted = Object.assign(Object.create(settings), { attempts });
  return delayBeforeRetry(counted, { status, code: null }, floorMs);
}

function reasonOf(outcome: Reply | Failure): string {
  if (!("kind" in outcome)) {
    return `it answered with HTTP ${outcome.status}`;
  }
  return {
    connect: "it was not reached",
    timeout: "it had no reply in time",
    read: "the connection was lost",
  }[outcome.kind];
}

// The platform refuses a whole list for one event beyond its bounds.
function takeable({ opId, durationMs, status, retries }: Telemetry): Telemetry {
  return {
    opId: opId && [...opId].length <= MOST_CHARACTERS ? opId : null,
    durationMs: Math.min(durationMs, MOST_MS),
    status: status !== null && status >= 100 && status < 600 ? status : null,
    retries: Math.min(retries, MOST_RETRIES),
  };
}
