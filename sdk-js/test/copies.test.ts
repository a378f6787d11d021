import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { IntelGraph } from "@intelgraph/sdk";
import { withOptions } from "@intelgraph/sdk/runtime";
import { FakeTransport, failure, reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING, PutThing } from "./things.js";

const PARTIAL = reply({ data: { thing: 1 }, errors: [{ message: "Half." }] });

test("a copy differs in its options, sends by the same transport, and the client stays", async () => {
  const { client, transport } = fakeClient([ONE_THING, ONE_THING, PARTIAL], {
    headers: { "x-a": "client", "x-b": "client" },
    timeoutMs: 900,
  });

  const copy = withOptions(client, {
    headers: { "X-B": "copy" },
    timeoutMs: 70,
    errors: "partial",
  });
  await copy.execute(GetThing, {});
  await client.execute(GetThing, {});

  const [first, second] = transport.requests;
  assert.deepEqual([first?.headers["x-a"], first?.headers["x-b"]], ["client", "copy"]);
  assert.equal(first?.timeoutMs, 70);
  assert.equal(second?.headers["x-b"], "client");
  assert.equal(second?.timeoutMs, 900);
  await assert.rejects(client.execute(GetThing, {}), { name: "OperationError" });
});

test("a copy has the methods and the class of its client, and a copy of a copy its options", async () => {
  const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);
  const client = new IntelGraph({ apiKey: null, transport });

  const copy = withOptions(withOptions(client, { headers: { "x-a": "1" } }), { timeoutMs: 5 });

  assert.ok(copy instanceof IntelGraph);
  assert.deepEqual(await copy.trustTiles(), []);
  assert.equal(transport.requests[0]?.headers["x-a"], "1");
  assert.equal(transport.requests[0]?.timeoutMs, 5);
});

test("what cannot work is refused when the copy is made", () => {
  const { client } = fakeClient([]);

  assert.throws(() => withOptions(client, { maxRetries: -1 }), { name: "ConfigurationError" });
});

test("a copy shows the key as little as its client", () => {
  const { client } = fakeClient([], { apiKey: "canary" });

  const copy = withOptions(client, { headers: { "x-a": "canary" } });

  assert.doesNotMatch(inspect(copy, { depth: 9, showHidden: true }), /canary/);
  assert.doesNotMatch(JSON.stringify(copy), /canary/);
});

test("a copy pays for retries from the client's purse", async () => {
  const retryPolicy = { budget: 10, baseDelayMs: 0 };
  const { client, transport } = fakeClient([], { retryPolicy });
  const copy = withOptions(client, { maxRetries: 1 });

  transport.add(failure("read"), failure("read"), failure("read"));
  await assert.rejects(copy.execute(GetThing, {}), { attempts: 2 });

  await assert.rejects(client.execute(GetThing, {}), { attempts: 1 });
  assert.equal(transport.outcomesLeft, 0);
});

test("a copy with a budget of another size has a purse of its own", async () => {
  const { client, transport } = fakeClient([], { retryPolicy: { budget: 10, baseDelayMs: 0 } });
  const copy = withOptions(client, { retryPolicy: { budget: 15 } });

  transport.add(failure("read"), failure("read"), failure("read"), failure("read"));
  await assert.rejects(client.execute(GetThing, {}), { attempts: 2 });
  await assert.rejects(copy.execute(GetThing, {}), { attempts: 2 });

  assert.equal(transport.outcomesLeft, 0);
});

test("the key of a copy travels with its mutations and with nothing else", async () => {
  const { client, transport } = fakeClient([ONE_THING, reply({ data: { putThing: true } })]);
  const copy = withOptions(client, { idempotencyKey: "order-1" });

  await copy.execute(GetThing, {});
  await copy.execute(PutThing, {});

  assert.deepEqual(
    transport.requests.map(({ headers }) => headers["idempotency-key"]),
    [undefined, "order-1"],
  );
});
