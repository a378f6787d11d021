/** An abort at every point of a call, over real sockets and real timers: nothing may go on. */

import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import {
  BaseClient,
  close,
  hooks,
  type Operation,
  subscribe,
  withOptions,
} from "@intelgraph/sdk/runtime";
import { served } from "./loopback.js";
import { GetThing } from "./things.js";

const REASON = new Error("no longer needed");
const Changed: Operation<unknown, object> = {
  ...GetThing,
  name: "Changed",
  kind: "subscription",
  document: "subscription Changed{changed}",
};
const STREAM = { "content-type": "text/event-stream" };
const EVENT = 'id: 1\nevent: next\ndata: {"data":{"changed":1}}\n\n';

// What is not ended would be waited for in vain.
const SOON = { timeout: 30_000 };

/**
 * A client of a server that counts its requests, and knows whether the last was closed; what of
 * their replies has come to the client is known as well.
 */
async function world(listener: RequestListener) {
  const closed: Promise<unknown> = Promise.resolve();
  const seen = { requests: 0, closed, heads: 0, retries: 0 };
  const url = await served((request, response) => {
    seen.requests += 1;
    seen.closed = once(response, "close");
    listener(request, response);
  });
  const client = new BaseClient({
    url,
    apiKey: null,
    retryPolicy: { deadlineMs: 600_000 },
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      seen.heads += 1;
      return response;
    },
    hooks: hooks(({ type }) => {
      seen.retries += Number(type === "RetryScheduled");
    }),
  });
  return { seen, client };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

/** That the work ends with the reason, and that no timer, listener or request outlives it. */
async function endsAtOnce(
  work: Promise<unknown>,
  controller: AbortController,
  seen: { readonly requests: number },
  timersBefore: number,
): Promise<void> {
  const { requests } = seen;
  controller.abort(REASON);

  await assert.rejects(work, REASON);
  assert.equal(timers(), timersBefore, "a timer goes on");
  assert.equal(getEventListeners(controller.signal, "abort").length, 0, "a listener is left");
  await pause(20);
  assert.equal(seen.requests, requests, "something is still sent");
}

test("an abort before a reply begins ends the call and closes its connection", SOON, async () => {
  const { seen, client } = await world(() => {});
  const controller = new AbortController();
  const before = timers();

  const call = client.execute(GetThing, {}, { signal: controller.signal });
  call.catch(() => {});
  while (seen.requests === 0) {
    await pause(1);
  }

  await endsAtOnce(call, controller, seen, before);
  await seen.closed;
});

test(
  "an abort in the middle of a reply ends the call and closes its connection",
  SOON,
  async () => {
    const { seen, client } = await world((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"data":');
    });
    const controller = new AbortController();
    const before = timers();

    const call = client.execute(GetThing, {}, { signal: controller.signal });
    call.catch(() => {});
    while (seen.heads === 0) {
      await pause(1);
    }

    await endsAtOnce(call, controller, seen, before);
    await seen.closed;
  },
);

test("an abort in the wait for a retry ends the call, and no retry follows", SOON, async () => {
  const { seen, client } = await world((_, response) => {
    response.writeHead(503, { "retry-after": "60" }).end();
  });
  const controller = new AbortController();
  const before = timers();

  const call = client.execute(GetThing, {}, { signal: controller.signal });
  call.catch(() => {});
  while (seen.retries === 0) {
    await pause(1);
  }

  await endsAtOnce(call, controller, seen, before);
});

test(
  "an abort while a stream is silent ends the subscription and closes its connection",
  SOON,
  async () => {
    const { seen, client } = await world((_, response) => {
      response.writeHead(200, STREAM).write(EVENT);
    });
    const controller = new AbortController();
    const before = timers();
    const events = subscribe(client, Changed, {}, { signal: controller.signal }, (data) => data);
    await events.next();

    const next = events.next();
    next.catch(() => {});

    await endsAtOnce(next, controller, seen, before);
    await seen.closed;
  },
);

test(
  "an abort closes the connection of a stream although nobody reads on just then",
  SOON,
  async () => {
    const { seen, client } = await world((_, response) => {
      response.writeHead(200, STREAM).write(EVENT);
    });
    const controller = new AbortController();
    const events = subscribe(client, Changed, {}, { signal: controller.signal }, (data) => data);
    await events.next();

    controller.abort(REASON);

    await seen.closed;
    await assert.rejects(events.next(), REASON);
  },
);

test("a client that is closed leaves no connection of a stream and no timer", SOON, async () => {
  const { seen, client } = await world((_, response) => {
    response.writeHead(200, STREAM).write(EVENT);
  });
  const before = timers();
  const events = subscribe(withOptions(client), Changed, {}, undefined, (data) => data);
  await events.next();

  close(client);

  await seen.closed;
  await assert.rejects(events.next(), { name: "AbortError" });
  assert.equal(timers(), before);
});

test("who stops reading closes the connection of a stream, and leaves no timer", SOON, async () => {
  const { seen, client } = await world((_, response) => {
    response.writeHead(200, STREAM).write(EVENT);
  });
  const { signal } = new AbortController();
  const before = timers();

  for await (const _ of subscribe(client, Changed, {}, { signal }, (data) => data)) {
    break;
  }

  await seen.closed;
  assert.equal(timers(), before);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});
