import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { BaseClient, withOptions } from "@intelgraph/sdk/runtime";
import { failure, reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING, URL_OF_TESTS } from "./things.js";

test("neither inspection nor JSON of a client shows the key", () => {
  const { client } = fakeClient([], { apiKey: "canary" });

  assert.doesNotMatch(inspect(client, { depth: 9, showHidden: true }), /canary/);
  assert.doesNotMatch(JSON.stringify(client), /canary/);
});

test("variables and keys are not in any error", async () => {
  const outcomes = [failure("read"), reply(null, { text: "<html>" })];
  const { client } = fakeClient(outcomes, { apiKey: "canary-key" });

  for (const _ of outcomes) {
    await assert.rejects(client.execute(GetThing, { id: "canary" }), (error: Error) => {
      assert.doesNotMatch(inspect(error, { depth: 9 }), /canary/);
      return true;
    });
  }
});

test("two calls at once have nothing in common", async () => {
  const { client, transport } = fakeClient([ONE_THING, failure("timeout")]);

  const [first, second] = await Promise.allSettled([
    client.execute(GetThing, { id: "a" }),
    client.execute(GetThing, { id: "b" }),
  ]);

  assert.equal(first.status, "fulfilled");
  assert.equal(second.status, "rejected");
  assert.equal(transport.requests.length, 2);
});

test("the global fetch is looked up when it is needed, so that it may be instrumented", async () => {
  const client = new BaseClient({ url: URL_OF_TESTS, apiKey: null });
  const { fetch } = globalThis;
  try {
    globalThis.fetch = async () => Response.json({ data: { thing: 7 } });
    assert.deepEqual(await client.execute(GetThing, {}), { thing: 7 });
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a fetch of the caller's own sends all requests, of copies too", async () => {
  const urls: string[] = [];
  const client = new BaseClient({
    url: URL_OF_TESTS,
    apiKey: null,
    fetch: async (url, { method }) => {
      urls.push(`${method} ${url}`);
      return Response.json({ data: { thing: 7 } });
    },
  });

  assert.deepEqual(await client.execute(GetThing, {}), { thing: 7 });
  assert.deepEqual(await withOptions(client, { timeoutMs: 9 }).execute(GetThing, {}), { thing: 7 });
  assert.deepEqual(urls, [`POST ${URL_OF_TESTS}`, `POST ${URL_OF_TESTS}`]);
});
