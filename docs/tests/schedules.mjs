/**
 * Plays schedules through the TypeScript runtime: each line that is read is one schedule, and each
 * line that is written is what was seen of it. `both_runtimes.py` has the format, and the same in
 * Python.
 */

import { createInterface } from "node:readline";

import { BaseClient, hooks, subscribe } from "../../sdk-js/dist/runtime.js";
import { Events } from "../../sdk-js/dist/testing.js";
import * as modes from "../../sdk-js/dist/wire_modes.js";

const CLOCK_MS = Date.parse("2026-04-15T00:00:00Z");
const COMPLETE = { stream: { chunks: [{ bytes: "event: complete\ndata:\n\n" }] } };
const SILENCE_MS = 60_000;
const OK = { reply: { status: 200, text: '{"data":{"thing":1}}' } };

class Client extends BaseClient {
  retryableCodes = new Set(["UNAVAILABLE", "RATE_LIMITED"]);
}

/** A client whose clock, chance and server are the schedule's. */
class World {
  nowMs = 0;
  seen = null;

  constructor({ policy, timeoutMs, random, wire }) {
    this.random = random;
    this.client = new Client({
      url: "http://localhost:4000/graphql",
      apiKey: "key-1",
      timeoutMs: timeoutMs ?? undefined,
      retryPolicy: policy,
      wire: wire && modes[wire.mode](wire),
      transport: {
        send: async (request) => this.answer(request),
        open: async (request) => this.answer(request),
      },
      hooks: hooks((event) => this.seen.events.push(told(event))),
      now: () => CLOCK_MS + this.nowMs,
      random: () => this.random[this.drawn++ % this.random.length],
      sleep: async (delayMs) => {
        this.seen.sleepsMs.push(delayMs);
        this.nowMs += delayMs;
      },
      newId: () => `call-${++this.ids}`,
    });
  }

  drawn = 0;
  ids = 0;

  async play({ operation, variables, idempotencyKey, errors, exchanges, ...subscription }) {
    const { connections } = subscription;
    this.met = connections ? [...connections, COMPLETE] : [...exchanges];
    this.seen = { requests: [], sleepsMs: [], events: [] };
    this.nowMs = Math.ceil(this.nowMs / 125) * 125;
    const startedMs = this.nowMs;
    const { client } = this;
    const options = { idempotencyKey, errors };
    const made = connections
      ? this.read(subscribe(client, operation, variables, options, (data) => data), subscription)
      : client.execute(operation, variables, options).then((data) => ({ data }));
    const outcome = await made.catch((error) => ({ error: facts(error) }));
    if (connections) {
      this.seen.closed = this.streams.every(({ isClosed }) => isClosed);
    }
    return { ...this.seen, ...outcome, drawn: this.drawn, tookMs: this.nowMs - startedMs };
  }

  /** Takes every value of a subscription, or leaves after some. */
  async read(values, { take, readerMs }) {
    Object.assign(this.seen, { values: [], unread: 0 });
    this.streams = [];
    for await (const value of values) {
      this.seen.values.push({ value, atMs: this.nowMs });
      this.nowMs += readerMs;
      if (this.seen.values.length === take) {
        break;
      }
    }
    return {};
  }

  answer({ method = "POST", url, headers, body, timeoutMs }) {
    const { "user-agent": _, ...sent } = headers;
    const attempt = this.seen.events.filter(({ type }) => type === "AttemptStarted").length;
    const when = { attempt, timeoutMs, atMs: this.nowMs };
    this.seen.requests.push({ method, url, headers: sent, body, ...when });
    const { takesMs = 0, failure, reply, stream } = this.met.shift() ?? OK;
    this.nowMs += Math.min(takesMs, timeoutMs);
    if (takesMs > timeoutMs || failure === "timeout") {
      return { kind: "timeout" };
    }
    if (failure) {
      return { kind: failure };
    }
    return stream ? this.opened(stream) : replyOf(reply);
  }

  opened({ chunks, end, headers }) {
    this.seen.unread += chunks.length;
    const failure = { read: { kind: "read" }, silence: { kind: "timeout" } }[end];
    const opened = new Events(this.arriving(chunks, end), failure, headers);
    this.streams.push(opened);
    return opened;
  }

  *arriving(chunks, end) {
    for (const { takesMs = 0, bytes } of chunks) {
      this.nowMs += takesMs;
      this.seen.unread -= 1;
      yield new Uint8Array(Buffer.from(bytes, "latin1"));
    }
    if (end === "silence") {
      this.nowMs += SILENCE_MS;
      setImmediate(() => timers.forEach((fire) => fire()));
    }
  }
}

/** Time moves by schedules alone, so what waits for a time waits for silence to be told. */
const timers = new Map();
globalThis.setTimeout = (fire) => {
  const timer = Symbol("timer");
  timers.set(timer, fire);
  return timer;
};
globalThis.clearTimeout = (timer) => timers.delete(timer);

function replyOf({ status, headers, text }) {
  const media = { "content-type": "application/json" };
  return {
    status,
    headers: new Headers({ ...media, ...headers }),
    body: new TextEncoder().encode(text),
  };
}

function told({ headers: _, ...event }) {
  return "error" in event ? { ...event, error: event.error?.name ?? null } : event;
}

function facts(error) {
  const { name, message, operation, opId, code, path, status, requestId, attempts } = error;
  const { retryable = null, elapsedMs = null } = error;
  const where = { operation, opId, code, path, status, requestId, attempts };
  return { class: name, message, ...where, retryable, elapsedMs };
}

for await (const line of createInterface({ input: process.stdin })) {
  const schedule = JSON.parse(line);
  const world = new World(schedule);
  const seen = [];
  for (const call of schedule.calls) {
    seen.push(await world.play(call));
  }
  process.stdout.write(`${JSON.stringify(seen)}\n`);
}
