import assert from "node:assert/strict";
import { test } from "node:test";

import { given } from "../dist/given.js";

test("what is undefined counts as not given, and null as given", () => {
  assert.deepEqual(given({ a: 1, b: undefined, c: null }), { a: 1, c: null });
});

test("no options give nothing", () => {
  assert.deepEqual(given(undefined), {});
});
