import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeVariables } from "../dist/variables.js";

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
  test(`${value} is refused wherever it stands, because JSON would make it null`, () => {
    for (const variables of [{ limit: value }, { a: { b: [null, { limit: value }] } }]) {
      assert.throws(() => encodeVariables(variables), {
        name: "RangeError",
        message: "A variable is NaN or infinite, unlike JSON.",
      });
    }
  });
}

test("texts, lists, nulls and nested objects are left as they are", () => {
  const variables = { a: ["x", null, 1.5, true], b: { c: {}, d: undefined }, e: "" };

  assert.equal(encodeVariables(variables), variables);
});
