/** Runs a vector of subscriptions: reads to the end, the error or the stop, and compares. */

import assert from "node:assert/strict";
import { mock } from "node:test";

import { subscribe } from "@intelgraph/sdk/runtime";
import type { SubscriptionVector } from "./vectors.js";
import { FakeWorld } from "./world.js";

export async function runSubscription(vector: SubscriptionVector): Promise<void> {
  const { error, ...expect } = vector.expect;
  const world = new FakeWorld(vector);
  const data: unknown[] = [];
  const { subscribe: operation, variables = {}, options = {}, take } = vector;

  const isSilent = vector.connections.some(({ stream }) => stream?.end === "silence");
  const values = subscribe(world.client, operation, variables, options, (data) => data);
  const read = async () => {
    for await (const each of values) {
      if (data.push(each) === take) {
        break;
      }
    }
  };

  const reading = isSilent ? withoutWaiting(read) : read();
  if (error === undefined) {
    await reading;
  } else {
    const { class: name, ...facts } = error;
    await assert.rejects(reading, { name, ...facts });
  }
  const { requests } = world.transport;
  const seen = {
    data,
    requests: requests.map(({ json }) => json),
    lastEventIds: requests.map(({ headers }) => headers["last-event-id"] ?? null),
    sleepsMs: world.sleepsMs,
    events: world.events.map(({ type }) => type),
    unread: world.unread,
    log: world.log,
    closed: world.streams.every(({ isClosed }) => isClosed),
  };
  for (const [name, value] of Object.entries(expect)) {
    assert.deepEqual(Reflect.get(seen, name), value, name);
  }
  assert.ok(requests.every(({ headers }) => headers.accept === "text/event-stream"));
  assert.equal(world.transport.outcomesLeft, 0, "connections are left over");
  world.random.checkIsSpent();
}

/** Lets the minute that a stream may be silent pass at once. */
async function withoutWaiting(read: () => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const reading = read();
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(60_000);
    await reading;
  } finally {
    mock.timers.reset();
  }
}
