import assert from "node:assert/strict";
import { test } from "node:test";

import { FakeTransport, failure, type Outcome, reply } from "@intelgraph/sdk/testing";
import { bodies, deliver } from "../dist/delivery.js";
import { settings } from "../dist/options.js";

const TAKEN = reply(null, { status: 204, text: "" });
const BUSY = reply(null, { status: 503, text: "" });
const EVENT = { opId: "getThing:v1", durationMs: 5, status: 200, retries: 0 };

/** A delivery over a script, and what it slept. */
function world(...outcomes: Outcome[]) {
  const transport = new FakeTransport(outcomes);
  const sleepsMs: number[] = [];
  const options = settings({
    url: "http://graph.example/telemetry",
    apiKey: "key-1",
    transport,
    now: () => 0,
    random: () => 0.5,
    sleep: async (delayMs) => {
      sleepsMs.push(delayMs);
    },
  });
  const { signal } = new AbortController();
  return { transport, sleepsMs, send: () => deliver("[]", options, signal) };
}

test("a body is posted with the key", async () => {
  const { transport, send } = world(TAKEN);

  assert.equal(await send(), null);

  const [request] = transport.requests;
  assert.equal(request?.url, "http://graph.example/telemetry");
  assert.deepEqual([request?.body, request?.headers.authorization], ["[]", "Bearer key-1"]);
});

test("what a server did not take is tried again, as a call is", async () => {
  const throttled = reply(null, { status: 429, text: "", headers: { "retry-after": "2" } });
  const { sleepsMs, send } = world(BUSY, throttled, TAKEN);

  assert.equal(await send(), null);
  assert.deepEqual(sleepsMs, [100, 2000]);
});

test("what is not taken is given up with the reason", async () => {
  const refused = (status: number) => reply(null, { status, text: "canary" });
  const cases: [reason: string, ...Outcome[]][] = [
    ["it answered with HTTP 503", BUSY, BUSY, BUSY],
    ["it answered with HTTP 401", refused(401)],
    ["it answered with HTTP 302", refused(302)],
    ["it was not reached", failure("connect"), failure("connect"), failure("connect")],
    ["it had no reply in time", failure("timeout")],
    ["the connection was lost", failure("read", new Error("canary"))],
  ];

  for (const [reason, ...outcomes] of cases) {
    const { transport, send } = world(...outcomes);
    assert.equal(await send(), reason);
    assert.equal(transport.outcomesLeft, 0);
  }
});

test("a server that wants more time than there is gets no second post", async () => {
  const later = reply(null, { status: 503, text: "", headers: { "retry-after": "31" } });
  const { sleepsMs, send } = world(later);

  assert.equal(await send(), "it answered with HTTP 503");
  assert.deepEqual(sleepsMs, []);
});

test("lists are as long as the platform takes", () => {
  const lists = bodies(Array(250).fill(EVENT));

  assert.deepEqual(
    lists.map(({ count }) => count),
    [100, 100, 50],
  );
  assert.deepEqual(
    lists.map(({ text }) => JSON.parse(text).length),
    [100, 100, 50],
  );
  assert.deepEqual(JSON.parse(lists[0]?.text ?? "")[0], EVENT);
});

test("lists are as large as the platform takes", () => {
  const lists = bodies(Array(100).fill({ ...EVENT, opId: "\u{1F600}".repeat(200) }));

  assert.ok(lists.length > 1);
  assert.ok(lists.every(({ text }) => Buffer.byteLength(text) <= 65_536));
  assert.equal(
    lists.reduce((sum, { count }) => sum + count, 0),
    100,
  );
});

test("what the platform would refuse is told as far as it goes", () => {
  const cases = [
    [{ opId: "x".repeat(201) }, { opId: null }],
    [{ durationMs: 1e10 }, { durationMs: 1e9 }],
    [{ status: 999 }, { status: null }],
    [{ retries: 101 }, { retries: 100 }],
  ];

  for (const [changed, told] of cases) {
    const [list] = bodies([{ ...EVENT, ...changed }]);
    assert.deepEqual(JSON.parse(list?.text ?? ""), [{ ...EVENT, ...told }]);
  }
});
