import assert from "node:assert/strict";
import { test } from "node:test";

import { OperationError, TransportError } from "@intelgraph/sdk/runtime";
import { failure, reply } from "@intelgraph/sdk/testing";
import { A_MISS, fakeClient, GetThing, ONE_THING, PutThing } from "./things.js";

test("a call sends the document's id and returns the data as it came", async () => {
  const { client, transport } = fakeClient([ONE_THING]);

  const data = await client.execute(GetThing, { id: "t1" });

  assert.deepEqual(data, { thing: 1 });
  assert.equal(
    transport.requests[0]?.body,
    '{"documentId":"sha256:c0ffee","variables":{"id":"t1"}}',
  );
});

test("null is told from what is not there", async () => {
  const { client } = fakeClient([reply({ data: { thing: null } }), reply({ data: {} })]);

  const [there, absent] = [await client.execute(GetThing, {}), await client.execute(GetThing, {})];

  assert.equal(there.thing, null);
  assert.deepEqual(["thing" in there, "thing" in absent], [true, false]);
});

test("a miss is answered with the id, the text and the variables, in this order", async () => {
  const { client, transport } = fakeClient([A_MISS, ONE_THING]);

  await client.execute(GetThing, { id: "t1" });

  assert.equal(
    transport.requests[1]?.body,
    `{"documentId":"sha256:c0ffee","query":"${GetThing.document}","variables":{"id":"t1"}}`,
  );
});

test("a miss is not remembered, because the server may learn the document", async () => {
  const { client, transport } = fakeClient([A_MISS, ONE_THING, ONE_THING]);

  await client.execute(GetThing, {});
  await client.execute(GetThing, {});

  assert.deepEqual(transport.requests[2]?.json, { documentId: "sha256:c0ffee" });
});

test("a failure of the second exchange is the call's failure", async () => {
  const { client } = fakeClient([A_MISS, failure("read")]);

  await assert.rejects(client.execute(PutThing, {}), (error) => {
    assert.ok(error instanceof TransportError);
    assert.equal(error.status, null);
    return true;
  });
});

test("partial data is reachable on the error", async () => {
  const errors = [{ message: "Half.", path: ["b"], extensions: { code: "INTERNAL" } }];
  const { client } = fakeClient([reply({ data: { a: 1, b: null }, errors })]);

  await assert.rejects(client.execute(GetThing, {}), (error) => {
    assert.ok(error instanceof OperationError);
    assert.deepEqual(error.data, { a: 1, b: null });
    assert.deepEqual(error.errors, errors);
    return true;
  });
});

test("an error of the test's own transport passes through untouched", async () => {
  const { client } = fakeClient([]);

  await assert.rejects(client.execute(GetThing, {}), /Request 1 is not in the script/);
});

test("the cause of a failure is kept", async () => {
  const cause = new Error("reset by peer");
  const { client } = fakeClient([failure("read", cause)]);

  await assert.rejects(client.execute(GetThing, {}), { name: "TransportError", cause });
});

test("an ad-hoc document travels as text and is named in the message", async () => {
  const { client, transport } = fakeClient([ONE_THING, failure("read")]);

  const data = await client.execute("query Mine { thing }");

  assert.deepEqual(data, { thing: 1 });
  assert.deepEqual(transport.requests[0]?.json, { query: "query Mine { thing }" });
  await assert.rejects(client.execute("query Mine { thing }"), /^TransportError: Mine lost/);
});

test("a message of several lines is told on one, with one period", async () => {
  const { client } = fakeClient([reply({ errors: [{ message: "First.\n  HOST $& Second. " }] })]);

  await assert.rejects(client.execute(GetThing, {}), {
    message: "GetThing failed on localhost:4000: First. HOST $& Second (attempt 1 of 1).",
  });
});

test("errors that break the specification are still told", async () => {
  const { client } = fakeClient([reply({ errors: [{ path: "thing", extensions: null }] })]);

  await assert.rejects(client.execute(GetThing, {}), {
    code: null,
    path: null,
    message: "GetThing failed on localhost:4000 (attempt 1 of 1).",
  });
});

test("a path of no steps is not told", async () => {
  const { client } = fakeClient([reply({ errors: [{ message: "No", path: [] }] })]);

  await assert.rejects(client.execute(GetThing, {}), {
    message: "GetThing failed on localhost:4000: No (attempt 1 of 1).",
  });
});

const BUSY = reply(null, { status: 503, text: "" });

test("an attempt has no more time than the call has left", async () => {
  let time = 0;
  const options = {
    retryPolicy: { deadlineMs: 1000 },
    now: () => time,
    random: () => 0.5,
    sleep: async (delayMs: number) => {
      time += delayMs;
    },
  };
  const slow = () => {
    time += 600;
    return failure("timeout");
  };
  const { client, transport } = fakeClient([slow, ONE_THING], options);

  await client.execute(GetThing, {}, { timeoutMs: 700 });

  assert.deepEqual(
    transport.requests.map((request) => request.timeoutMs),
    [700, 300],
  );
});

test("the full text has no more time than its attempt left it", async () => {
  let time = 0;
  const slowMiss = () => {
    time += 400;
    return A_MISS;
  };
  const options = { retryPolicy: { deadlineMs: 1000 }, timeoutMs: 1000, now: () => time };
  const { client, transport } = fakeClient([slowMiss, ONE_THING], options);

  await client.execute(GetThing, {});

  assert.deepEqual(
    transport.requests.map((request) => request.timeoutMs),
    [1000, 600],
  );
});

test("an abort while waiting for a retry ends the call, and nothing is sent", async () => {
  const controller = new AbortController();
  // Only the signal ends this wait, so that an abort that is not heard of would never be answered.
  const sleep = (_delayMs: number, signal?: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const { client, transport } = fakeClient([BUSY, ONE_THING], { retryPolicy: {}, sleep });

  const call = client.execute(GetThing, {}, { signal: controller.signal });
  setImmediate(() => controller.abort(new Error("enough")));

  await assert.rejects(call, /enough/);
  assert.equal(transport.requests.length, 1);
});

test("an abort is not a failure to retry", async () => {
  const controller = new AbortController();
  const aborted = () => {
    controller.abort(new Error("enough"));
    throw controller.signal.reason;
  };
  const { client, transport } = fakeClient([aborted, ONE_THING], { retryPolicy: {} });

  await assert.rejects(client.execute(GetThing, {}, { signal: controller.signal }), /enough/);
  assert.equal(transport.requests.length, 1);
});

test("a policy of nonsense sends once rather than for ever", async () => {
  const retryPolicy = { baseDelayMs: Number.NaN, deadlineMs: Number.NaN };
  const { client, transport } = fakeClient([BUSY, BUSY, BUSY], { retryPolicy });

  await assert.rejects(client.execute(GetThing, {}), { status: 503 });
  assert.equal(transport.requests.length, 1);
});
