/** The world as a vector describes it: what the server does, how time passes, what chance gives. */

import assert from "node:assert/strict";

import { IntelGraph } from "@intelgraph/sdk";
import type { CallEvent, Failure, Reply } from "@intelgraph/sdk/runtime";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";
import { Events, FakeTransport, failure, reply } from "@intelgraph/sdk/testing";
import type {
  CallVector,
  Connection,
  ReadingVector,
  SubscriptionVector,
  Vector,
} from "./vectors.js";

/** When the clock starts. */
export const CLOCK_MS = Date.parse("2026-04-15T00:00:00Z");

/** Random numbers from a list, of which none may be missing and none left over. */
export class Chance {
  readonly #numbers: number[];

  private constructor(numbers: readonly number[]) {
    this.#numbers = [...numbers];
  }

  static of({ random = [] }: Vector): Chance {
    return new Chance(random);
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
  ids = 0;
  readonly streams: Events[] = [];
  /** How many pieces of all the streams nobody has read. */
  unread = 0;
  #nowMs = CLOCK_MS;

  constructor(vector: CallVector | ReadingVector | SubscriptionVector) {
    this.random = Chance.of(vector);
    const met: readonly Connection[] =
      "connections" in vector ? vector.connections : vector.exchanges;
    const outcomes = met.map((each) => () => this.#answer(each));
    this.transport = new FakeTransport(outcomes);
    const { callId, hookHeaders = {} } = vector as Partial<CallVector>;
    this.client = new IntelGraph({
      url: "http://localhost:4000/graphql",
      apiKey: "vector-key",
      transport: this.transport,
      retryPolicy: vector.policy,
      hooks: [
        (event) => this.events.push(event),
        (event) => event.type === "AttemptStarted" && Object.assign(event.headers, hookHeaders),
        jsonLines((line) => this.telemetry.push(JSON.parse(line))),
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

  #answer({ takesMs = 0, stream, ...exchange }: Connection): Reply | Failure | Events {
    this.#nowMs += takesMs;
    if (stream !== undefined) {
      const end = stream.end && failure(stream.end === "silence" ? "timeout" : "read");
      this.unread += stream.chunks.length;
      const opened = new Events(this.#arriving(stream.chunks), end);
      this.streams.push(opened);
      return opened;
    }
    if (exchange.reply !== undefined) {
      return reply(exchange.reply.json, exchange.reply);
    }
    assert.ok(exchange.failure);
    return failure(exchange.failure);
  }

  *#arriving(chunks: NonNullable<Connection["stream"]>["chunks"]): Generator<Uint8Array> {
    for (const { takesMs = 0, text } of chunks) {
      this.#nowMs += takesMs;
      this.unread -= 1;
      yield new TextEncoder().encode(text);
    }
  }
}
