import assert from "node:assert/strict";
import { test } from "node:test";

import { IntelGraphError, TimeoutError } from "@intelgraph/sdk/runtime";
import { errorType, hostOf, serverOf } from "../dist/naming.js";

function coded(code: string): Error {
  return Object.assign(new IntelGraphError("?"), { code });
}

test("an error is named by its code, or else by its class", () => {
  assert.equal(errorType(coded("NOT_FOUND")), "NOT_FOUND");
  assert.equal(errorType(new TimeoutError("?")), "TimeoutError");
  assert.equal(errorType(new DOMException("?", "AbortError")), "AbortError");
});

test("a code that does not look like one is not told", () => {
  for (const code of ["no such user: a@b.example", "a", "", "A".repeat(65), "A\nB"]) {
    assert.equal(errorType(coded(code)), "IntelGraphError");
  }
});

test("what is no error at all has the one name of all others", () => {
  assert.deepEqual([undefined, 5, "gone"].map(errorType), ["_OTHER", "_OTHER", "_OTHER"]);
});

test("a server is its host and its port", () => {
  assert.deepEqual(serverOf("https://graph.example/x"), { host: "graph.example", port: 443 });
  assert.deepEqual(serverOf("http://graph.example/x"), { host: "graph.example", port: 80 });
  assert.deepEqual(serverOf("http://[::1]:4000/x"), { host: "::1", port: 4000 });
});

test("a host is named with its port, as messages do", () => {
  assert.equal(hostOf("https://graph.example/x"), "graph.example:443");
  assert.equal(hostOf("http://[::1]:4000/x"), "[::1]:4000");
});
