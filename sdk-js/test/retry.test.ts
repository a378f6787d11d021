import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type BaseClient,
  OperationError,
  ResponseError,
  type RetryPolicy,
} from "@intelgraph/sdk/runtime";
import { failure, reply } from "@intelgraph/sdk/testing";
import { settingsOf } from "../dist/client.js";
import { delayBeforeRetry, readRetryAfter } from "../dist/retry.js";
import { fakeClient, GetThing, ONE_THING, PutThing } from "./things.js";

const NOW = Date.parse("2026-04-15T00:00:00Z");
const PATIENT = { retryPolicy: {}, random: () => 0, sleep: async () => {} };
const BUSY = { status: 503, code: null };
const POLICY: RetryPolicy = {
  maxAttempts: 3,
  baseDelayMs: 200,
  throttledDelayMs: 1000,
  maxDelayMs: 8000,
  deadlineMs: 30_000,
  budget: 500,
  retryCost: 10,
};

test("the defaults are those of the other SDKs", () => {
  const settings = settingsOf.get(fakeClient([], PATIENT).client as BaseClient);

  for (const [name, value] of Object.entries(POLICY)) {
    assert.equal(Reflect.get(settings ?? {}, name), value, name);
  }
});

// From RFC 9110 and RFC 6585: the statuses that say "later".
for (const status of [408, 425, 429, 502, 503, 504]) {
  test(`${status} may pass`, async () => {
    const { client } = fakeClient([reply(null, { status, text: "" }), ONE_THING], PATIENT);

    await client.execute(GetThing, {});
  });
}

for (const status of [200, 302, 400, 401, 403, 404, 413, 500, 501, 505]) {
  test(`${status} does not pass by waiting`, async () => {
    const { client, transport } = fakeClient([reply(null, { status, text: "" })], PATIENT);

    await assert.rejects(client.execute(GetThing, {}), ResponseError);
    assert.equal(transport.requests.length, 1);
  });
}

test("what had no reply may pass, and what may have been received is sent again only if safe", async () => {
  for (const kind of ["timeout", "read"] as const) {
    await fakeClient([failure(kind), ONE_THING], PATIENT).client.execute(GetThing, {});
    await assert.rejects(fakeClient([failure(kind)], PATIENT).client.execute(PutThing, {}), {
      retryable: true,
    });
  }
});

test("what was not sent is sent again whatever it is", async () => {
  const put = reply({ data: { putThing: true } });

  await fakeClient([failure("connect"), put], PATIENT).client.execute(PutThing, {});
});

test("only the codes that the schema marks are worth another try", async () => {
  const away = reply({ errors: [{ message: "No.", extensions: { code: "UNAVAILABLE" } }] });
  const { client } = fakeClient([away], PATIENT);

  await assert.rejects(client.execute(GetThing, {}), OperationError);
});

test("an abort or an error of the caller's own is never retried", async () => {
  for (const error of [
    new DOMException("x", "AbortError"),
    Object.assign(new Error("x"), { retryable: true }),
  ]) {
    const raising = () => {
      throw error;
    };
    const { client, transport } = fakeClient([raising], PATIENT);

    await assert.rejects(client.execute(GetThing, {}), error);
    assert.equal(transport.requests.length, 1);
  }
});

test("nothing doubled for ever is no delay, rather than no number", () => {
  const call = { ...POLICY, baseDelayMs: 0, random: () => 0.5, attempts: 2000 };

  assert.equal(delayBeforeRetry(call, BUSY, 0), 0);
});

test("no reply asks for nothing", () => {
  assert.equal(
    readRetryAfter(null, () => NOW),
    0,
  );
});

test("delays stay below a ceiling that doubles up to its maximum", () => {
  const policy = { ...POLICY, random: () => 1 - Number.EPSILON };

  const delays = [1, 2, 3, 6, 7, 2000].map((attempts) =>
    Math.round(delayBeforeRetry({ ...policy, attempts }, BUSY, 0)),
  );

  assert.deepEqual(delays, [200, 400, 800, 6400, 8000, 8000]);
});

// From RFC 9110, 10.2.3, and what servers send beside it.
for (const [headers, expected] of [
  [{}, 0],
  [{ "retry-after": "3" }, 3000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "1.5" }, 1500],
  [{ "retry-after": "-5" }, 0],
  [{ "retry-after": "soon" }, 0],
  [{ "retry-after": "" }, 0],
  [{ "retry-after": "Wed, 15 Apr 2026 00:00:07 GMT" }, 7000],
  [{ "retry-after": "Tue, 14 Apr 2026 00:00:07 GMT" }, 0],
  [{ "retry-after-ms": "1250", "retry-after": "2" }, 1250],
  [{ "retry-after-ms": "0", "retry-after": "2" }, 0],
  [{ "retry-after-ms": "x", "retry-after": "2" }, 2000],
  [{ "retry-after-ms": "-1", "retry-after": "2" }, 2000],
] as const) {
  test(`${JSON.stringify(headers)} asks for ${expected} ms`, () => {
    assert.equal(
      readRetryAfter({ headers: new Headers(headers as Record<string, string>) }, () => NOW),
      expected,
    );
  });
}

test("a date that names no zone means UTC wherever the client runs", () => {
  const zone = process.env.TZ;
  process.env.TZ = "Asia/Tokyo";
  try {
    const headers = new Headers({ "retry-after": "Wed Apr 15 00:00:07 2026" });
    assert.equal(new Date(NOW).getHours(), 9);
    assert.equal(
      readRetryAfter({ headers }, () => NOW),
      7000,
    );
  } finally {
    if (zone === undefined) {
      delete process.env.TZ;
    } else {
      process.env.TZ = zone;
    }
  }
});
