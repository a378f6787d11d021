import assert from "node:assert/strict";
import { test } from "node:test";

import { formatDateTime, parseDateTime, parseDecimal } from "@intelgraph/sdk/runtime";

test("an instant becomes a Date and comes back as it was", () => {
  for (const instant of ["2026-04-15T00:00:00Z", "2026-04-15T00:00:00.250Z"]) {
    assert.equal(formatDateTime(parseDateTime(instant)), instant);
  }
});

test("an instant with an offset is the same instant in UTC", () => {
  assert.equal(formatDateTime(parseDateTime("2026-04-15T02:00:00+02:00")), "2026-04-15T00:00:00Z");
});

for (const text of ["2026-04-15", "2026-04-15T00:00:00", "tomorrow", "2026-13-45T00:00:00Z", "1"]) {
  test(`"${text}" is no instant`, () => {
    assert.throws(() => parseDateTime(text), RangeError);
  });
}

test("a decimal becomes a whole count of its smallest unit", () => {
  assert.equal(parseDecimal("129.90", 2), 12990n);
  assert.equal(parseDecimal("12345678901234567890.1", 2), 1234567890123456789010n);
  assert.equal(parseDecimal("-0.05", 2), -5n);
  assert.equal(parseDecimal("7", 0), 7n);
  assert.equal(parseDecimal("7.000", 2), 700n);
});

for (const text of ["1e3", "", ".5", "1.", "0x10", "1,5", "NaN", "1.005"]) {
  test(`"${text}" is no decimal of two places`, () => {
    assert.throws(() => parseDecimal(text, 2), RangeError);
  });
}
