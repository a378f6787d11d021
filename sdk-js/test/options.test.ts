import assert from "node:assert/strict";
import { test } from "node:test";

import { BaseClient, version } from "@intelgraph/sdk/runtime";
import { failure } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING, URL_OF_TESTS } from "./things.js";

const BROWSER = { userAgent: "Mozilla/5.0 (X11)" };
const RUNTIME = globalThis.navigator?.userAgent ?? `Node.js/${process.versions.node}`;

/** Runs with other globals, which are what tells one runtime from another. */
async function withGlobals<T>(globals: Record<string, unknown>, run: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptors(globalThis) as PropertyDescriptorMap;
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  try {
    return await run();
  } finally {
    for (const name of Object.keys(globals)) {
      const own = before[name];
      own ? Object.defineProperty(globalThis, name, own) : Reflect.deleteProperty(globalThis, name);
    }
  }
}

test("the key travels as a bearer token, beside our own headers", async () => {
  const { client, transport } = fakeClient([ONE_THING]);

  await client.execute(GetThing, {});

  assert.deepEqual(transport.requests[0]?.headers, {
    accept: "application/graphql-response+json, application/json;q=0.9",
    authorization: "Bearer key-1",
    "content-type": "application/json",
    "user-agent": `intelgraph-js/${version} ${RUNTIME}`,
  });
});

test("null asks anonymously", async () => {
  const { client, transport } = fakeClient([ONE_THING], { apiKey: null });

  await client.execute(GetThing, {});

  assert.equal(transport.requests[0]?.headers.authorization, undefined);
});

test("a call's headers stand over the client's, and those over ours, in any case", async () => {
  const headers = { "X-A": "client", "X-B": "client", Accept: "application/json" };
  const { client, transport } = fakeClient([ONE_THING, ONE_THING], { headers });

  await client.execute(GetThing, {}, { headers: { "x-b": "call" } });
  await client.execute(GetThing, {});

  const [first, second] = transport.requests;
  assert.equal(first?.headers["x-a"], "client");
  assert.equal(first?.headers["x-b"], "call");
  assert.equal(first?.headers.accept, "application/json");
  assert.equal(second?.headers["x-b"], "client");
});

test("the timeout is ten seconds, the client's, or the call's", async () => {
  const retryPolicy = { deadlineMs: null };
  const plain = fakeClient([ONE_THING], { retryPolicy });
  const patient = fakeClient([ONE_THING, ONE_THING], { timeoutMs: 60_000, retryPolicy });

  await plain.client.execute(GetThing, {});
  await patient.client.execute(GetThing, {});
  await patient.client.execute(GetThing, {}, { timeoutMs: 5 });

  assert.equal(plain.transport.requests[0]?.timeoutMs, 10_000);
  assert.deepEqual(
    patient.transport.requests.map((request) => request.timeoutMs),
    [60_000, 5],
  );
});

test("a missing key is not taken for an anonymous call", () => {
  for (const apiKey of [undefined, ""]) {
    assert.throws(() => new BaseClient({ url: URL_OF_TESTS, apiKey } as never), {
      name: "ConfigurationError",
      message: "apiKey is missing; null is anonymous.",
    });
  }
});

for (const url of [
  "",
  "graph.example",
  "/graphql",
  "ftp://a.example/",
  "https://me:pw@a.example/",
  "https://a.example:99999/",
  "https://[::1/graphql",
]) {
  test(`"${url}" is refused without being repeated`, () => {
    assert.throws(() => new BaseClient({ url, apiKey: null }), {
      name: "ConfigurationError",
      message: "url is not an http(s) URL without credentials.",
    });
  });
}

test("a key that no header can carry is refused without being repeated", () => {
  for (const apiKey of ["canary\nx", "canary–"]) {
    assert.throws(() => new BaseClient({ url: URL_OF_TESTS, apiKey }), {
      name: "ConfigurationError",
      message: "apiKey or headers cannot be sent.",
    });
  }
});

test("a header that cannot be sent ends the call before it begins", async () => {
  const { client, transport } = fakeClient([ONE_THING]);

  const call = client.execute(GetThing, {}, { headers: { "x-a": "canary\nx" } });

  await assert.rejects(call, { name: "ConfigurationError" });
  assert.equal(transport.requests.length, 0);
});

test("a policy of no attempts is refused, and so are fewer than no retries", () => {
  for (const options of [{ retryPolicy: { maxAttempts: 0 } }, { maxRetries: -1 }]) {
    assert.throws(() => fakeClient([], options), {
      name: "ConfigurationError",
      message: "maxAttempts is not above 0.",
    });
  }
});

test("a reply of no bytes is no limit", () => {
  assert.throws(() => fakeClient([], { maxResponseBytes: 0 }), {
    name: "ConfigurationError",
    message: "maxResponseBytes is not above 0.",
  });
});

test("maxRetries stands over the policy's attempts", async () => {
  const options = { retryPolicy: { maxAttempts: 9, baseDelayMs: 0 }, maxRetries: 1 };
  const { client, transport } = fakeClient([failure("read"), failure("read")], options);

  await assert.rejects(client.execute(GetThing, {}), { attempts: 2, message: /attempt 2 of 2/ });
  assert.equal(transport.outcomesLeft, 0);
});

for (const value of [0, -1, Number.NaN]) {
  test(`a timeout of ${value} is refused`, () => {
    assert.throws(() => fakeClient([], { timeoutMs: value }), {
      name: "ConfigurationError",
      message: "timeoutMs is not above 0.",
    });
  });
}

for (const timeoutMs of [0, -1, Number.NaN]) {
  test(`a timeout of ${timeoutMs} for one call is refused before anything is sent`, async () => {
    const { client, transport } = fakeClient([]);

    await assert.rejects(client.execute(GetThing, {}, { timeoutMs }), {
      name: "ConfigurationError",
      message: "timeoutMs is not above 0.",
    });
    assert.equal(transport.requests.length, 0);
  });
}

/** What is sent as the user-agent where the globals are as told. */
async function userAgentIn(globals: Record<string, unknown>): Promise<string | undefined> {
  return withGlobals(globals, async () => {
    const { client, transport } = fakeClient([ONE_THING], { apiKey: null });
    await client.execute(GetThing, {});
    return transport.requests[0]?.headers["user-agent"];
  });
}

for (const [navigator, process, expected] of [
  [undefined, { versions: { node: "20.20.2" } }, "Node.js/20.20.2"],
  [{ userAgent: "Node.js/22" }, { versions: { node: "22.1.0" } }, "Node.js/22"],
  [{ userAgent: "Deno/2.1.0" }, undefined, "Deno/2.1.0"],
  [{ userAgent: "Bun/1.1.0" }, { versions: { node: "22.0.0" } }, "Bun/1.1.0"],
  [{ userAgent: "Cloudflare-Workers" }, undefined, "Cloudflare-Workers"],
  [{ product: "ReactNative" }, { env: {} }, "ReactNative"],
] as const) {
  test(`the user-agent names ${expected}, beside our own version`, async () => {
    assert.equal(await userAgentIn({ navigator, process }), `intelgraph-js/${version} ${expected}`);
  });
}

test("a browser keeps its own user-agent", async () => {
  assert.equal(await userAgentIn({ navigator: BROWSER }), undefined);
});

test("a key in a browser is refused without being repeated, unless it is allowed", () =>
  withGlobals({ navigator: BROWSER }, async () => {
    assert.throws(() => fakeClient([], { apiKey: "canary" }), {
      name: "ConfigurationError",
      message: "apiKey is public here; see dangerouslyAllowBrowser.",
    });
    assert.ok(fakeClient([], { apiKey: "key-1", dangerouslyAllowBrowser: true }));
    assert.ok(fakeClient([], { apiKey: null }));
  }));

test("an empty idempotency key is refused, because it would name every change alike", async () => {
  const { client, transport } = fakeClient([]);

  await assert.rejects(client.execute(GetThing, {}, { idempotencyKey: "" }), {
    name: "ConfigurationError",
    message: "idempotencyKey cannot be sent.",
  });
  assert.equal(transport.requests.length, 0);
});

test("messages name the port even where the URL does not", async () => {
  const { client } = fakeClient([failure("connect")], { url: "https://graph.example/graphql" });

  await assert.rejects(client.execute(GetThing, {}), {
    message: "GetThing could not connect to graph.example:443 (attempt 1 of 1).",
  });
});
