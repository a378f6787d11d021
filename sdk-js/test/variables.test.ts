import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeVariables, refuseNonFinite } from "../dist/variables.js";

test("a member that is undefined is not set, and null is null", () => {
  const encoded = JSON.stringify(encodeVariables({ a: undefined, b: null, c: { d: undefined } }));

  assert.equal(encoded, '{"b":null,"c":{}}');
});

test("variables of which none is set are left out", () => {
  assert.equal(encodeVariables({}), undefined);
  assert.equal(encodeVariables({ a: undefined }), undefined);
  assert.equal(encodeVariables(undefined), undefined);
});

for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
  test(`${value} is refused, because JSON would make it null`, () => {
    assert.throws(() => refuseNonFinite({ a: [{ limit: value }] }, ""), {
      name: "RangeError",
      message: `The variable "limit" is ${value}, which JSON cannot hold.`,
    });
  });
}
