import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { IntelGraph, type IntelGraphOptions, withOptions } from "@intelgraph/sdk";
import { FakeTransport, reply } from "@intelgraph/sdk/testing";

const URL_OF_TESTS = "https://api.example/graphql";
const TILES = reply({ data: { trustTiles: [] } });

/** A client whose options may be anything, as those of JavaScript may. */
function made(options: object = {}, transport = new FakeTransport([TILES])): IntelGraph {
  const whole = { url: URL_OF_TESTS, apiKey: null, transport, ...options };
  return new IntelGraph(whole as IntelGraphOptions);
}

for (const [options, message] of [
  [{ url: "api.example/graphql?secret" }, "url is an absolute http or https URL"],
  [{ url: "ftp://secret.example" }, "url is an absolute http or https URL"],
  [{ url: "https://" }, "url is an absolute http or https URL"],
  [{ url: 5 }, "url is an absolute http or https URL"],
  [{ url: "https://secret.example:port" }, "url is not a URL."],
  [{ url: "https://[::1" }, "url is not a URL."],
  [{ url: "https://ada:secret@api.example" }, "url has no user or password in it"],
  [{ url: "https://secret .example" }, "url has a space or a control character in it."],
  [{ url: "https://secret\n.example" }, "url has a space or a control character in it."],
  [{ url: `https://${"secret".repeat(11)}.example` }, "url has a host that no name server"],
  [{ url: "https://secret..example" }, "url has a host that no name server"],
  [{ apiKey: " " }, "apiKey is text of visible ASCII"],
  [{ apiKey: "sec\nret" }, "apiKey is text of visible ASCII"],
  [{ apiKey: "secre t" }, "apiKey is text of visible ASCII"],
  [{ apiKey: "secrét" }, "apiKey is text of visible ASCII"],
  [{ apiKey: () => "secret" }, "apiKey is text of visible ASCII"],
  [{ headers: { "x y": "secret" } }, "headers cannot be sent: look at 'x y' and its value."],
  [{ headers: { x: "secret\r\ny: z" } }, "headers cannot be sent: look at 'x' and its value."],
  [{ headers: { x: undefined } }, "headers cannot be sent: look at 'x' and its value."],
  [{ headers: [["x", "secret"]] }, "headers is an object of names and values, not this list."],
  [{ headers: "secret" }, "headers is an object of names and values, not this string."],
  [{ headers: null }, "headers is an object of names and values, not null."],
  [{ headers: { "Content-Length": "5" } }, "headers has 'Content-Length', which is for fetch"],
  [{ headers: { "transfer-encoding": "chunked" } }, "headers has 'transfer-encoding'"],
  [{ timeoutMs: 0 }, "timeoutMs is a number of milliseconds above 0, not 0."],
  [{ timeoutMs: Number.NaN }, "timeoutMs is a number of milliseconds above 0, not NaN."],
  [{ timeoutMs: "5" }, "timeoutMs is a number of milliseconds above 0, not '5'."],
  [{ timeoutMs: null }, "timeoutMs is a number of milliseconds above 0, not null."],
  [{ maxRetries: -1 }, "maxRetries is a whole number from 0 on, not -1."],
  [{ maxRetries: 1.5 }, "maxRetries is a whole number from 0 on, not 1.5."],
  [{ maxRetries: Infinity }, "maxRetries is a whole number from 0 on, not Infinity."],
  [{ maxRetries: "2" }, "maxRetries is a whole number from 0 on, not '2'."],
  [{ maxResponseBytes: 0 }, "maxResponseBytes is at least 1, not 0."],
  [{ maxResponseBytes: {} }, "maxResponseBytes is at least 1, not this object."],
  [{ errors: "ignore" }, "errors is 'raise' or 'partial', not 'ignore'."],
  [{ retryPolicy: { maxAttempts: 1.5 } }, "maxAttempts is a whole number from 1 on, not 1.5."],
  [{ retryPolicy: { baseDelayMs: -1 } }, "baseDelayMs is a number of milliseconds, not -1."],
  [{ retryPolicy: { throttledDelayMs: Infinity } }, "throttledDelayMs is a number of milliseconds"],
  [{ retryPolicy: { maxDelayMs: "8" } }, "maxDelayMs is a number of milliseconds, not '8'."],
  [{ retryPolicy: { deadlineMs: 0 } }, "deadlineMs is above 0 milliseconds, or null, not 0."],
  [{ retryPolicy: { budget: -1 } }, "budget is null or a number from 0 on, not -1."],
  [{ retryPolicy: { retryCost: null } }, "retryCost is a number from 0 on, not null."],
] as const) {
  test(`${inspect(options)} is refused without telling secrets`, () => {
    assert.throws(
      () => made(options),
      (error: Error) => {
        assert.equal(error.name, "ConfigurationError");
        assert.ok(error.message.startsWith(message), error.message);
        assert.doesNotMatch(error.message, /secr/);
        return true;
      },
    );
  });
}

for (const [options, message] of [
  [{ hooks: console.log }, "hooks is a list of functions, not this function."],
  [{ hooks: [console.log, null] }, "hooks is a list of functions, not this list."],
  [{ retryPolicy: 3 }, "retryPolicy is an object, such as { maxAttempts: 5 }, not 3."],
  [{ wire: "apq" }, "wire is made by a function of @intelgraph/sdk/wire, not 'apq'."],
  [{ fetch: {} }, "fetch is a function like the platform's own, not this object."],
  [{ transport: {} }, "transport is an object with a method `send`, not this object."],
  [{ transport: FakeTransport }, "transport is an object with a method `send`, not this function."],
] as const) {
  test(`${inspect(options)} is a TypeError`, () => {
    assert.throws(() => made(options), { name: "TypeError", message });
  });
}

test("what is no object is told, and nothing is as good as an empty one", async () => {
  for (const [options, kind] of [
    [null, "null"],
    ["secret", "this string"],
  ]) {
    assert.throws(() => new IntelGraph(options as never), {
      name: "TypeError",
      message: `The options are an object, not ${kind}.`,
    });
  }
  assert.deepEqual(await withOptions(made()).trustTiles(), []);
});

test("a copy is held to the same", () => {
  for (const [options, message] of [
    [{ timeoutMs: -1 }, "timeoutMs is a number of milliseconds above 0, not -1."],
    [{ headers: { x: 1 } }, "headers cannot be sent: look at 'x' and its value."],
    [{ retryPolicy: { maxAttempts: 0 } }, "maxAttempts is a whole number from 1 on, not 0."],
    [{ errors: "all" }, "errors is 'raise' or 'partial', not 'all'."],
  ] as const) {
    assert.throws(() => withOptions(made(), options as object), {
      name: "ConfigurationError",
      message,
    });
  }
});

test("an idempotency key is printable ASCII", () => {
  for (const idempotencyKey of ["", " ", "é", "a\n", 5]) {
    assert.throws(() => withOptions(made(), { idempotencyKey } as object), {
      name: "ConfigurationError",
      message: "idempotencyKey is text of printable ASCII, and not empty.",
    });
  }
});

test("undefined is the same as absent, and null where it means something stays", async () => {
  const options = { timeoutMs: undefined, hooks: undefined, fetch: undefined, errors: undefined };
  const retryPolicy = { budget: null, deadlineMs: null, maxAttempts: undefined };

  assert.deepEqual(await made({ ...options, retryPolicy }).trustTiles(), []);
});

test("white space around an address and a key is left off", async () => {
  const transport = new FakeTransport([TILES]);

  await made({ url: ` ${URL_OF_TESTS}\n`, apiKey: "key\n" }, transport).trustTiles();

  assert.equal(transport.requests[0]?.url, URL_OF_TESTS);
  assert.equal(transport.requests[0]?.headers.authorization, "Bearer key");
});

test("a timeout that no timer can count is a very long one", async () => {
  const answer = { data: { trustTiles: [] } };
  const fetch = async () => Response.json(answer);
  const client = new IntelGraph({ url: URL_OF_TESTS, apiKey: null, fetch, timeoutMs: Infinity });

  assert.deepEqual(await client.trustTiles(), []);
});
