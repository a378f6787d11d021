import assert from "node:assert/strict";
import { test } from "node:test";

import { encode } from "../dist/variables.js";

test("a member that is undefined is not set, and null is null", () => {
  const variables = { a: undefined, b: null, c: { d: undefined } };

  assert.equal(
    encode({ query: "{a}", variables }),
    '{"query":"{a}","variables":{"b":null,"c":{}}}',
  );
});

test("variables of which none is set are left out", () => {
  for (const variables of [{}, { a: undefined }, undefined, null]) {
    assert.equal(encode({ query: "{a}", variables }), '{"query":"{a}"}');
  }
});

test("a variable that is named like the variables is kept, though it is empty", () => {
  const variables = { a: 1, variables: {} };

  assert.equal(encode({ query: "", variables }), '{"query":"","variables":{"a":1,"variables":{}}}');
});

test("a text that ends like empty variables is kept", () => {
  const text = ',"variables":{}';

  assert.deepEqual(JSON.parse(encode({ variables: { text } })), { variables: { text } });
});

for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
  test(`${value} is refused wherever it stands, because JSON would make it null`, () => {
    for (const variables of [{ limit: value }, { a: { b: [null, { limit: value }] } }]) {
      assert.throws(() => encode({ variables }), {
        name: "RangeError",
        message: "A variable is NaN or infinite.",
      });
    }
  });
}

test("texts, lists, nulls and nested objects are told as they are", () => {
  const variables = { a: ["x", null, 1.5, true], b: { c: {} }, e: "" };

  assert.deepEqual(JSON.parse(encode({ variables })), { variables });
});
