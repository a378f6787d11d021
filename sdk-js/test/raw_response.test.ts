import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { IntelGraph } from "@intelgraph/sdk";
import { withOptions, withRawResponse } from "@intelgraph/sdk/runtime";
import { FakeTransport, failure, reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING } from "./things.js";

const TILES = { data: { trustTiles: [] } };

test("the reply of a call is seen beside its value, with the type that its method has", async () => {
  const headers = { "x-request-id": "req-1", "x-cache": "hit" };
  const transport = new FakeTransport([failure("connect"), reply(TILES, { status: 203, headers })]);
  let time = 0;
  const sleep = async () => {
    time += 90;
  };
  const client = new IntelGraph({ apiKey: null, transport, now: () => time, sleep });

  const raw = await withRawResponse(client, (c) => c.trustTiles());

  const tiles: readonly { readonly kind: string }[] = raw.parse();
  assert.deepEqual(tiles, []);
  const { status, requestId, attempts, elapsedMs, errors, body } = raw;
  assert.deepEqual(
    { status, requestId, attempts, elapsedMs, errors },
    { status: 203, requestId: "req-1", attempts: 2, elapsedMs: 90, errors: [] },
  );
  assert.equal(raw.headers.get("x-cache"), "hit");
  assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), TILES);
});

test("errors beside data are read from the raw response", async () => {
  const errors = [{ message: "Half.", path: ["b"] }];
  const { client } = fakeClient([reply({ data: { thing: 1 }, errors })]);

  const raw = await withRawResponse(withOptions(client, { errors: "partial" }), (c) =>
    c.execute(GetThing, {}),
  );

  assert.deepEqual(raw.parse(), { thing: 1 });
  assert.deepEqual(raw.errors, errors);
});

test("a call that fails fails with its own error", async () => {
  const { client } = fakeClient([failure("timeout")]);

  const raw = withRawResponse(client, (c) => c.execute(GetThing, {}));

  await assert.rejects(raw, { name: "TimeoutError" });
});

test("of several calls it is the last, and the client itself is not changed", async () => {
  const { client, transport } = fakeClient([
    ONE_THING,
    reply({ data: { thing: 2 } }, { status: 201 }),
    ONE_THING,
  ]);

  const raw = await withRawResponse(client, async (c) => {
    await c.execute(GetThing, {});
    return c.execute(GetThing, {});
  });

  assert.equal(raw.status, 201);
  assert.deepEqual(await client.execute(GetThing, {}), { thing: 1 });
  assert.equal(transport.outcomesLeft, 0);
});

test("the client's hooks are told of the call as ever", async () => {
  const told: string[] = [];
  const { client } = fakeClient([ONE_THING], { hooks: [({ type }) => told.push(type)] });

  await withRawResponse(client, (c) => c.execute(GetThing, {}));

  assert.deepEqual(told, ["CallStarted", "AttemptStarted", "AttemptFinished", "CallFinished"]);
});

test("a function that makes no call of its client is told so", async () => {
  const { client } = fakeClient([]);

  await assert.rejects(
    withRawResponse(client, async () => 7),
    {
      name: "TypeError",
      message: /makes a call of the client .* such as a subscription, calls later/,
    },
  );
});

test("inspecting a raw response shows neither body nor value", async () => {
  const { client } = fakeClient([reply({ data: { thing: "canary" } })]);

  const raw = await withRawResponse(client, (c) => c.execute(GetThing, {}));

  assert.doesNotMatch(inspect(raw, { depth: 9, showHidden: true }), /canary/);
  assert.doesNotMatch(JSON.stringify(raw), /canary/);
});
