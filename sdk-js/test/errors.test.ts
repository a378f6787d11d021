import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import {
  ConfigurationError,
  ConnectError,
  IntelGraphError,
  OperationError,
  ResponseError,
  TimeoutError,
  TransportError,
} from "@intelgraph/sdk/runtime";

const AT = {
  operation: "GetThing",
  opId: "getThing:v1",
  attempts: 2,
  status: 200,
  requestId: "req-1",
  elapsedMs: 142,
  retryable: true,
};
const SECRET = { data: { secret: "canary" }, errors: [{ message: "No." }] };
const OPERATION_ERROR = new OperationError(
  "GetThing failed.",
  { ...AT, code: "NOT_FOUND", path: ["thing"] },
  SECRET,
);

const EVERY_ERROR = [
  new ConfigurationError("No URL."),
  new ConnectError("No.", AT),
  OPERATION_ERROR,
  new ResponseError("No.", AT),
  new TimeoutError("No.", AT),
  new TransportError("No.", AT),
];

for (const error of EVERY_ERROR) {
  test(`${error.name} is an IntelGraphError and says its own name`, () => {
    assert.ok(error instanceof IntelGraphError);
    assert.equal(error.name, error.constructor.name);
    assert.ok(error.stack?.startsWith(`${error.name}: ${error.message}`));
  });
}

test("what was not reached lies below TransportError", () => {
  assert.ok(new ConnectError("No.", AT) instanceof TransportError);
  assert.ok(new TimeoutError("No.", AT) instanceof TransportError);
  assert.equal(new ResponseError("No.", AT) instanceof TransportError, false);
});

test("JSON of an error holds the facts and no body", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(OPERATION_ERROR)), {
    name: "OperationError",
    message: "GetThing failed.",
    ...AT,
    code: "NOT_FOUND",
    path: ["thing"],
  });
});

test("inspecting an error shows no body, though its data can be reached", () => {
  assert.doesNotMatch(inspect(OPERATION_ERROR, { depth: 9 }), /canary/);
  assert.deepEqual(OPERATION_ERROR.data, SECRET.data);
  assert.deepEqual(OPERATION_ERROR.errors, SECRET.errors);
});

test("an error has a cause only when something caused it", () => {
  const cause = new Error("why");

  assert.equal(new TransportError("No.", AT, { cause }).cause, cause);
  assert.equal("cause" in new TransportError("No.", AT), false);
});

test("an error says where to read on", () => {
  assert.equal(new TimeoutError("No.", AT).docsUrl, "docs/explanation/errors.md#timeouterror");
});

test("an error before any call belongs to no operation", () => {
  const error = new ConfigurationError("No URL.");

  assert.equal(error.operation, null);
  assert.equal(error.attempts, 0);
  assert.equal(error.code, null);
});
