/**
 * Plays schedules through the TypeScript runtime: each line that is read is one schedule, and each
 * line that is written is what was seen of it. `both_runtimes.py` has the format, and the same in
 * Python.
 */

import { createInterface } from "node:readline";

import { BaseClient, hooks } from "../../sdk-js/dist/runtime.js";
import * as modes from "../../sdk-js/dist/wire_modes.js";

const CLOCK_MS = Date.parse("2026-04-15T00:00:00Z");
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
      transport: { send: (request) => this.answer(request) },
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

  async play({ operation, variables, idempotencyKey, errors, exchanges }) {
    this.exchanges = [...exchanges];
    this.seen = { requests: [], sleepsMs: [], events: [] };
    this.nowMs = Math.ceil(this.nowMs / 125) * 125;
    const startedMs = this.nowMs;
    const outcome = await this.client.execute(operation, variables, { idempotencyKey, errors }).then(
      (data) => ({ data }),
      (error) => ({ error: facts(error) }),
    );
    return { ...this.seen, ...outcome, drawn: this.drawn, tookMs: this.nowMs - startedMs };
  }

  async answer({ method = "POST", url, headers, body, timeoutMs }) {
    const { "user-agent": _, ...sent } = headers;
    const attempt = this.seen.events.filter(({ type }) => type === "AttemptStarted").length;
    const when = { attempt, timeoutMs, atMs: this.nowMs };
    this.seen.requests.push({ method, url, headers: sent, body, ...when });
    const { takesMs = 0, failure, reply } = this.exchanges.shift() ?? OK;
    this.nowMs += Math.min(takesMs, timeoutMs);
    if (takesMs > timeoutMs || failure === "timeout") {
      return { kind: "timeout" };
    }
    return failure
      ? { kind: failure }
      : {
          status: reply.status,
          headers: new Headers({ "content-type": "application/json", ...reply.headers }),
          body: new TextEncoder().encode(reply.text),
        };
  }
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
