/** The world as a vector describes it: what the server does, how time passes, what chance gives. */

import assert from "node:assert/strict";

import { IntelGraph } from "@intelgraph/sdk";
import type { CallEvent, Failure, Reply } from "@intelgraph/sdk/runtime";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";
import { type Logger, logging } from "@intelgraph/sdk/telemetry/logging";
import { Events, FakeTransport, failure, reply } from "@intelgraph/sdk/testing";
import { apq, persisted, text } from "@intelgraph/sdk/wire";
import type {
  CallsVector,
  CallVector,
  Chunk,
  Connection,
  ReadingVector,
  SingleCall,
  SubscriptionVector,
  Vector,
} from "./vectors.js";

const MODES = { apq, persisted, text };

/** When the clock starts. */
export const CLOCK_MS = Date.parse("2026-04-15T00:00:00Z");

/** Random numbers from a list, of which none may be missing and none left over. */
export class Chance {
  #numbers: number[] = [];

  static of({ random = [] }: Vector): Chance {
    const chance = new Chance();
    chance.give(random);
    return chance;
  }

  give(numbers: readonly number[]): void {
    this.#numbers = [...numbers];
  }

  readonly draw = (): number => {
    const number = this.#numbers.shift();
    assert.ok(number !== undefined, "more chance is drawn than the vector allows");
    return number;
  };

  checkIsSpent(): void {
    assert.deepEqual(this.#numbers, [], "random numbers are left over");
  }
}

/** A client in a world in which only the vector makes anything happen. */
export class FakeWorld {
  readonly client: IntelGraph;
  readonly transport: FakeTransport;
  readonly random: Chance;
  readonly sleepsMs: number[] = [];
  readonly events: CallEvent[] = [];
  readonly telemetry: unknown[] = [];
  readonly log: string[] = [];
  readonly #logger: Logger = {
    debug: (line) => this.log.push(`debug ${line}`),
    info: (line) => this.log.push(`info ${line}`),
    warn: (line) => this.log.push(`warning ${line}`),
    error: (line) => this.log.push(`error ${line}`),
  };
  ids = 0;
  readonly streams: Events[] = [];
  /** How many pieces of all the streams nobody has read. */
  unread = 0;
  #nowMs = CLOCK_MS;

  constructor(vector: CallVector | CallsVector | ReadingVector | SubscriptionVector) {
    this.random = Chance.of(vector);
    this.transport = new FakeTransport();
    if ("connections" in vector) {
      this.#script(vector.connections);
    } else if ("exchanges" in vector) {
      this.#script(vector.exchanges);
    }
    const {
      callId,
      hookHeaders = {},
      failingHook = false,
      wire,
      url = "http://localhost:4000/graphql",
    } = vector as Partial<CallVector>;
    this.client = new IntelGraph({
      url,
      apiKey: "vector-key",
      transport: this.transport,
      retryPolicy: vector.policy,
      wire: wire && MODES[wire.mode](wire),
      timeoutMs: "timeoutMs" in vector ? vector.timeoutMs : undefined,
      hooks: [
        (event) => {
          if (failingHook) {
            throw new Error(event.type);
          }
        },
        (event) => this.events.push(event),
        (event) => event.type === "AttemptStarted" && Object.assign(event.headers, hookHeaders),
        jsonLines((line) => this.telemetry.push(JSON.parse(line))),
        logging({ logger: this.#logger }),
      ],
      now: () => this.#nowMs,
      random: this.random.draw,
      sleep: async (delayMs) => {
        this.sleepsMs.push(delayMs);
        this.#nowMs += delayMs;
      },
      newId: () => {
        this.ids += 1;
        return callId ?? `call-${this.ids}`;
      },
    });
  }

  /** Makes ready for another call of the same client, and forgets what was seen of the last. */
  begin({ random = [], exchanges }: SingleCall): void {
    for (const seen of [this.transport.requests, this.sleepsMs, this.events, this.telemetry]) {
      seen.length = 0;
    }
    this.ids = 0;
    this.random.give(random);
    this.#script(exchanges);
  }

  #script(met: readonly Connection[]): void {
    this.transport.add(...met.map((each) => () => this.#answer(each)));
  }

  #answer({ takesMs = 0, stream, ...exchange }: Connection): Reply | Failure | Events {
    this.#nowMs += takesMs;
    if (stream !== undefined) {
      const end = stream.end && failure(stream.end === "silence" ? "timeout" : "read");
      this.unread += stream.chunks.length;
      const opened = new Events(this.#arriving(stream.chunks), end, stream.headers);
      this.streams.push(opened);
      return opened;
    }
    if (exchange.reply !== undefined) {
      const { json, bytes, problem } = exchange.reply;
      const came = reply(json, exchange.reply);
      return { ...came, body: bytes ? Buffer.from(bytes, "base64") : came.body, problem };
    }
    assert.ok(exchange.failure);
    return failure(exchange.failure);
  }

  *#arriving(chunks: readonly Chunk[]): Generator<Uint8Array> {
    for (const { takesMs = 0, text, bytes = "" } of chunks) {
      this.#nowMs += takesMs;
      this.unread -= 1;
      yield text === undefined ? Buffer.from(bytes, "base64") : new TextEncoder().encode(text);
    }
  }
}
