import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { BaseClient, type CallEvent, type Hook, hooks } from "@intelgraph/sdk/runtime";
import { failure, reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING, PutThing, URL_OF_TESTS } from "./things.js";

const OF_GET_THING = { operation: "GetThing", opId: "getThing:v1", callId: "call-1" };
const TO = { method: "POST", url: URL_OF_TESTS, headers: {} };
const BUSY = reply(null, { status: 503, text: "" });

function newId(): string {
  return "call-1";
}

function recorder(): { readonly events: CallEvent[]; readonly hooks: readonly Hook[] } {
  const events: CallEvent[] = [];
  return { events, hooks: [(event) => events.push(event)] };
}

test("a call that is retried tells each step with its facts", async () => {
  const { events, hooks } = recorder();
  const options = { hooks, retryPolicy: {}, random: () => 0.5, sleep: async () => {}, newId };
  const { client } = fakeClient([BUSY, ONE_THING], options);

  await client.execute(GetThing, {});

  const timeless = events.map((event) => ({ ...event, durationMs: 0, error: errorName(event) }));
  const common = { ...OF_GET_THING, durationMs: 0, error: null };
  const ended = { ...common, requestId: null };
  assert.deepEqual(timeless, [
    { ...common, type: "CallStarted", kind: "query" },
    { ...common, type: "AttemptStarted", attempt: 1, ...TO },
    { ...ended, type: "AttemptFinished", attempt: 1, status: 503, error: "ResponseError" },
    { ...common, type: "RetryScheduled", attempt: 1, delayMs: 100 },
    { ...common, type: "AttemptStarted", attempt: 2, ...TO },
    { ...ended, type: "AttemptFinished", attempt: 2, status: 200 },
    { ...common, type: "CallFinished", status: 200, retries: 1 },
  ]);
});

function errorName(event: CallEvent): string | null {
  return "error" in event && event.error instanceof Error ? event.error.name : null;
}

test("durations are what the clock says between the events", async () => {
  const { events, hooks } = recorder();
  let time = 0;
  const slow = () => {
    time += 142;
    return ONE_THING;
  };
  const { client } = fakeClient([slow], { hooks, now: () => time });

  await client.execute(GetThing, {});

  const durations = events.flatMap((event) => ("durationMs" in event ? [event.durationMs] : []));
  assert.deepEqual(durations, [142, 142]);
});

test("a call that succeeded ends with no error, one that failed with the error raised", async () => {
  const { events, hooks } = recorder();
  const { client } = fakeClient([ONE_THING, failure("read")], { hooks });

  await client.execute(GetThing, {});
  const error = await client.execute(PutThing, {}).catch((caught: unknown) => caught);

  const finished = events.filter((event) => event.type === "CallFinished");
  assert.deepEqual(
    finished.map((event) => [event.error, event.status]),
    [
      [null, 200],
      [error, null],
    ],
  );
});

test("events are frozen", async () => {
  const { events, hooks } = recorder();
  const { client } = fakeClient([ONE_THING], { hooks });

  await client.execute(GetThing, {});

  assert.ok(events.every((event) => Object.isFrozen(event)));
});

test("a hook that fails, at once or later, breaks no call and is logged once", async (context) => {
  const log = context.mock.method(console, "error", () => {});
  const failing: Hook = () => {
    throw new Error("at once");
  };
  const failingLater: Hook = async () => {
    throw new Error("later");
  };
  const { events, hooks } = recorder();
  const outcomes = [ONE_THING, ONE_THING];
  const { client } = fakeClient(outcomes, { hooks: [failing, failingLater, ...hooks] });

  for (const _ of outcomes) {
    assert.deepEqual(await client.execute(GetThing, {}), { thing: 1 });
  }

  assert.equal(events.length, 8);
  assert.equal(log.mock.callCount(), 2);
});

test("an aborted call tells its end too", async () => {
  const { events, hooks } = recorder();
  const controller = new AbortController();
  const reason = new Error("enough");
  const sleep = async () => {
    controller.abort(reason);
    controller.signal.throwIfAborted();
  };
  const { client } = fakeClient([BUSY], { hooks, retryPolicy: {}, sleep });

  await assert.rejects(client.execute(GetThing, {}, { signal: controller.signal }), reason);

  const last = events.at(-1);
  assert.ok(last?.type === "CallFinished");
  assert.equal(last.error, reason);
  assert.equal(last.retries, 0);
  assert.equal(last.status, 503);
});

test("no event holds a variable, a key or data", async () => {
  const { events, hooks } = recorder();
  const options = { hooks, apiKey: "canary-key", headers: { "x-a": "canary-header" } };
  const { client } = fakeClient([reply({ data: { thing: "canary-data" } })], options);

  await client.execute(GetThing, { id: "canary-id" });

  assert.doesNotMatch(JSON.stringify(events), /canary/);
});

test("calls have ids of their own, which only those with hooks draw", async () => {
  const { events, hooks } = recorder();
  let ids = 0;
  const counted = () => {
    ids += 1;
    return `call-${ids}`;
  };
  const { client } = fakeClient([ONE_THING, ONE_THING], { hooks, newId: counted });
  const { client: silent } = fakeClient([ONE_THING], { newId: counted });

  await Promise.all([client.execute(GetThing, {}), client.execute(GetThing, {})]);
  await silent.execute(GetThing, {});

  const starts = events.filter((event) => event.type === "CallStarted");
  assert.deepEqual([starts.map((event) => event.callId), ids], [["call-1", "call-2"], 2]);
});

test("the address that is told ends before its query string", async () => {
  const { events, hooks } = recorder();
  const url = "http://localhost:4000/graphql?key=canary#canary";
  const { client, transport } = fakeClient([ONE_THING], { hooks, url });

  await client.execute(GetThing, {});

  assert.doesNotMatch(JSON.stringify(events), /canary/);
  assert.equal(transport.requests[0]?.url, url);
});

test("a header that a hook cannot send is logged once, without its value", async (context) => {
  const log = context.mock.method(console, "error", () => {});
  const add: Hook = (event) => {
    if (event.type === "AttemptStarted") {
      Object.assign(event.headers, { "x-broken": "ca\nnary", "x-whole": "1" });
    }
  };
  const { client, transport } = fakeClient([BUSY, ONE_THING], {
    hooks: [add],
    retryPolicy: {},
    sleep: async () => {},
  });

  await client.execute(GetThing, {});

  const sent = transport.requests.map(({ headers }) => [headers["x-broken"], headers["x-whole"]]);
  assert.deepEqual(sent, Array(2).fill([undefined, "1"]));
  assert.equal(log.mock.callCount(), 1);
  assert.doesNotMatch(String(log.mock.calls[0]?.arguments), /nary/);
});

test("a header that frames the request is left out and logged once", async (context) => {
  const log = context.mock.method(console, "error", () => {});
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data: { mine: request.headers["x-mine"] } }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const add: Hook = (event) => {
    if (event.type === "AttemptStarted") {
      Object.assign(event.headers, { "Content-Length": "5", Upgrade: "websocket", "x-mine": "1" });
    }
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const client = new BaseClient({ url, apiKey: null, maxRetries: 0, hooks: hooks(add) });

  try {
    assert.deepEqual(await client.execute("{ mine }"), { mine: "1" });
  } finally {
    server.closeAllConnections();
    server.close();
  }

  assert.equal(log.mock.callCount(), 1);
  assert.match(String(log.mock.calls[0]?.arguments), /'Content-Length' of a hook/);
});
