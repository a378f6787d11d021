/** What is chosen for one call, as a server sees it, and nothing of it on the client's other calls. */

import assert from "node:assert/strict";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { test } from "node:test";

import { BaseClient, type CallOptions, withOptions } from "@intelgraph/sdk/runtime";
import { served } from "./loopback.js";
import { PutThing } from "./things.js";

// What is not ended would be waited for in vain.
const SOON = { timeout: 30_000 };
const OPTIONS = {
  timeoutMs: 500,
  maxRetries: 1,
  headers: { "X-A": "call" },
  idempotencyKey: "order-7",
} as const satisfies CallOptions;

/** A client of a server that leaves its first requests without an answer. */
async function world(silent: number) {
  const sent: IncomingHttpHeaders[] = [];
  const listener: RequestListener = (request, response) => {
    sent.push(request.headers);
    if (sent.length > silent) {
      response.setHeader("content-type", "application/json").end('{"data":{"putThing":true}}');
    }
  };
  const client = new BaseClient({
    url: await served(listener),
    apiKey: "key",
    headers: { "x-a": "own" },
    retryPolicy: { maxAttempts: 1, baseDelayMs: 0 },
  });
  return { sent, client };
}

for (const [name, call] of [
  ["a call", (client: BaseClient) => client.execute(PutThing, {}, OPTIONS)],
  ["a copy", (client: BaseClient) => withOptions(client, OPTIONS).execute(PutThing, {})],
] as const) {
  test(`each option of ${name} is seen on the wire, and on no other call`, SOON, async () => {
    const { sent, client } = await world(2);

    const began = performance.now();
    await assert.rejects(call(client), { name: "TimeoutError", attempts: 2 });
    const took = performance.now() - began;
    assert.deepEqual(await client.execute(PutThing, {}), { putThing: true });

    assert.deepEqual(
      sent.map((headers) => [headers["x-a"], headers["idempotency-key"], headers.authorization]),
      [
        ["call", "order-7", "Bearer key"],
        ["call", "order-7", "Bearer key"],
        ["own", undefined, "Bearer key"],
      ],
    );
    // Two attempts of half a second, far from the ten seconds of the client's own.
    assert.ok(took >= 990 && took < 9000, `${took} ms`);
  });
}

test("the signal of a call ends that call alone", SOON, async () => {
  const { sent, client } = await world(1);
  const controller = new AbortController();

  const call = client.execute(
    PutThing,
    {},
    { ...OPTIONS, timeoutMs: 30_000, signal: controller.signal },
  );
  call.catch(() => {});
  while (sent.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  controller.abort(new Error("enough"));

  await assert.rejects(call, { message: "enough" });
  assert.deepEqual(await client.execute(PutThing, {}), { putThing: true });
  assert.equal(sent.length, 2);
});
