import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectError, OperationError, ResponseError, TimeoutError } from "@intelgraph/sdk/runtime";
import { delayBeforeRetry, isRetryable, readRetryAfter, retryPolicy } from "../dist/retry.js";

const AT = { operation: "GetThing", opId: null, attempts: 1, status: null, requestId: null };
const NOW = Date.parse("2026-04-15T00:00:00Z");

test("the defaults are those of the other SDKs", () => {
  assert.deepEqual(retryPolicy(), {
    maxAttempts: 3,
    baseDelayMs: 200,
    throttledDelayMs: 1000,
    maxDelayMs: 8000,
    deadlineMs: 30_000,
  });
});

test("what is undefined is the default, and null is no deadline", () => {
  const policy = retryPolicy({ maxAttempts: undefined, deadlineMs: null });

  assert.equal(policy.maxAttempts, 3);
  assert.equal(policy.deadlineMs, null);
});

// From RFC 9110 and RFC 6585: the statuses that say "later".
for (const status of [408, 425, 429, 502, 503, 504]) {
  test(`${status} may pass, so what is safe is sent again`, () => {
    const error = new ResponseError("No.", { ...AT, status });

    assert.equal(isRetryable(error, true, new Set()), true);
    assert.equal(isRetryable(error, false, new Set()), false);
  });
}

for (const status of [200, 302, 400, 401, 403, 404, 413, 500, 501, 505, 1503]) {
  test(`${status} does not pass by waiting`, () => {
    assert.equal(isRetryable(new ResponseError("No.", { ...AT, status }), true, new Set()), false);
  });
}

test("what was not sent is sent again whatever it is", () => {
  assert.equal(isRetryable(new ConnectError("No.", AT), false, new Set()), true);
});

test("what may have been received is sent again only when it is safe", () => {
  assert.equal(isRetryable(new TimeoutError("No.", AT), true, new Set()), true);
  assert.equal(isRetryable(new TimeoutError("No.", AT), false, new Set()), false);
});

test("only the codes that the schema marks are worth another try", () => {
  const at = { ...AT, status: 200, code: "UNAVAILABLE", path: null };
  const error = new OperationError("No.", at, { data: null, errors: [] });

  assert.equal(isRetryable(error, true, new Set(["UNAVAILABLE"])), true);
  assert.equal(isRetryable(error, true, new Set(["RATE_LIMITED"])), false);
});

test("an abort or an error of the caller's own is never retried", () => {
  for (const error of [new DOMException("x", "AbortError"), new Error("x"), null, "x"]) {
    assert.equal(isRetryable(error, true, new Set()), false);
  }
});

test("delays stay below a ceiling that doubles up to its maximum", () => {
  const policy = { ...retryPolicy(), random: () => 1 - Number.EPSILON };

  const delays = [1, 2, 3, 6, 7, 1000].map((attempt) =>
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
      readRetryAfter(new Headers(headers as Record<string, string>), () => NOW),
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
      readRetryAfter(headers, () => NOW),
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
