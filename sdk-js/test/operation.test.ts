import assert from "node:assert/strict";
import { test } from "node:test";

import { adHocOperation } from "../dist/operation.js";

test("an ad-hoc query has its own name and may be sent twice", () => {
  const operation = adHocOperation("query Mine($a: Int) { thing(a: $a) }");

  assert.equal(operation.name, "Mine");
  assert.equal(operation.kind, "query");
  assert.equal(operation.retrySafe, true);
  assert.equal(operation.opId, null);
  assert.equal(operation.documentId, null);
});

test("an ad-hoc mutation must not be sent twice", () => {
  const operation = adHocOperation("mutation Put { putThing }");

  assert.equal(operation.kind, "mutation");
  assert.equal(operation.retrySafe, false);
});

test("a document without a name is an anonymous query", () => {
  assert.equal(adHocOperation("{ thing }").name, "anonymous");
  assert.equal(adHocOperation("{ thing }").kind, "query");
  assert.equal(adHocOperation("mutation { putThing }").name, "anonymous");
});

test("a mutation behind a fragment is found", () => {
  const operation = adHocOperation("fragment F on Thing { query } mutation Put { p { ...F } }");

  assert.equal(operation.kind, "mutation");
  assert.equal(operation.name, "Put");
});

test("a document that holds the word anywhere is rather not sent twice", () => {
  for (const text of [
    "{ a { b } mutation }",
    "# mutation\n{ a }",
    'query Q { a(b: "mutation") }',
  ]) {
    assert.equal(adHocOperation(text).retrySafe, false);
  }
  assert.equal(adHocOperation("query Mine { mutationLog subscriptions }").retrySafe, true);
});
