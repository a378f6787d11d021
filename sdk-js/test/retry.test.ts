import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectError, ResponseError, TimeoutError } from "@intelgraph/sdk/runtime";
import {
  delayBeforeRetry,
  isPassing,
  isRetryable,
  RETRY_POLICY,
  readRetryAfter,
} from "../dist/retry.js";

const AT = { operation: "GetThing", opId: null, attempts: 1, status: null, requestId: null };
const NOW = Date.parse("2026-04-15T00:00:00Z");

test("the defaults are those of the other SDKs", () => {
  assert.deepEqual(RETRY_POLICY, {
    maxAttempts: 3,
    baseDelayMs: 200,
    throttledDelayMs: 1000,
    maxDelayMs: 8000,
    deadlineMs: 30_000,
    budget: 500,
    retryCost: 10,
  });
});

// From RFC 9110 and RFC 6585: the statuses that say "later".
for (const status of [408, 425, 429, 502, 503, 504]) {
  test(`${status} may pass`, () => {
    assert.equal(isPassing(status, null, new Set()), true);
  });
}

for (const status of [200, 302, 400, 401, 403, 404, 413, 500, 501, 505, 1503]) {
  test(`${status} does not pass by waiting`, () => {
    assert.equal(isPassing(status, null, new Set()), false);
  });
}

test("what had no reply may pass", () => {
  assert.equal(isPassing(null, null, new Set()), true);
});

test("only the codes that the schema marks are worth another try", () => {
  assert.equal(isPassing(200, "UNAVAILABLE", new Set(["UNAVAILABLE"])), true);
  assert.equal(isPassing(200, "UNAVAILABLE", new Set(["RATE_LIMITED"])), false);
});

test("what was not sent is sent again whatever it is", () => {
  assert.equal(isRetryable(new ConnectError("No.", AT), false), true);
});

test("what may have been received is sent again only when it is safe and may pass", () => {
  const passing = { ...AT, retryable: true };

  assert.equal(isRetryable(new TimeoutError("No.", passing), true), true);
  assert.equal(isRetryable(new TimeoutError("No.", passing), false), false);
  assert.equal(isRetryable(new ResponseError("No.", AT), true), false);
});

test("an abort or an error of the caller's own is never retried", () => {
  for (const error of [
    new DOMException("x", "AbortError"),
    Object.assign(new Error("x"), { retryable: true }),
    null,
    "x",
  ]) {
    assert.equal(isRetryable(error, true), false);
  }
});

test("nothing doubled for ever is no delay, rather than no number", () => {
  const policy = { ...RETRY_POLICY, baseDelayMs: 0, random: () => 0.5 };

  assert.equal(delayBeforeRetry(policy, 2000, false, 0), 0);
});

test("no reply asks for nothing", () => {
  assert.equal(
    readRetryAfter(null, () => NOW),
    0,
  );
});

test("delays stay below a ceiling that doubles up to its maximum", () => {
  const policy = { ...RETRY_POLICY, random: () => 1 - Number.EPSILON };

  const delays = [1, 2, 3, 6, 7, 2000].map((attempt) =>
    Math.round(delayBeforeRetry(policy, attempt, false, 0)),
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
