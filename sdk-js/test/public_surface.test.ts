import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import * as sdk from "@intelgraph/sdk";
import * as runtime from "@intelgraph/sdk/runtime";
import * as testing from "@intelgraph/sdk/testing";
import * as webhooks from "@intelgraph/sdk/webhooks";

const PACKAGE = new URL("../", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", PACKAGE), "utf8"));

test("the package says its own version", () => {
  assert.equal(runtime.version, manifest.version);
});

test("nothing is needed at run time", () => {
  assert.deepEqual(manifest.dependencies, {});
});

test("the lock file names no address to fetch from", () => {
  assert.doesNotMatch(readFileSync(new URL("package-lock.json", PACKAGE), "utf8"), /"resolved"/);
});

test("the runtime exports what generated code and its users need", () => {
  assert.deepEqual(Object.keys(runtime).sort(), [
    "BaseClient",
    "ConfigurationError",
    "ConnectError",
    "IntelGraphError",
    "OperationError",
    "Paginator",
    "RawResponse",
    "ResponseError",
    "TimeoutError",
    "TransportError",
    "close",
    "formatDateTime",
    "hooks",
    "paginate",
    "parseDateTime",
    "parseDecimal",
    "subscribe",
    "version",
    "withOptions",
    "withRawResponse",
  ]);
});

test("the package's own entry exports the runtime, the client and its operations", () => {
  const names = new Set(Object.keys(sdk));
  const missing = Object.keys(runtime).filter((name) => !names.has(name));

  assert.deepEqual(missing, []);
  const own = [...names].filter((name) => !(name in runtime));
  assert.deepEqual(own.sort(), ["Client", "IntelGraph", "operations", "retryableCodes"]);
});

test("every operation has a method of its name and an entry of its own", async () => {
  for (const [name, operation] of Object.entries(sdk.operations)) {
    if (typeof operation === "function") {
      assert.equal(typeof Reflect.get(sdk.Client.prototype, name), "function");
      continue;
    }
    const method = name.charAt(0).toLowerCase() + name.slice(1);
    const file = name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

    assert.equal(operation.name, name);
    assert.equal(typeof Reflect.get(sdk.Client.prototype, method), "function");
    assert.equal((await import(`@intelgraph/sdk/operations/${file}`))[name], operation);
  }
});

test("the testing entry exports a transport, its outcomes, and webhooks", () => {
  assert.deepEqual(Object.keys(testing).sort(), [
    "Events",
    "FakeTransport",
    "events",
    "failure",
    "reply",
    "webhook",
  ]);
});

test("the entry of webhooks exports what verifies them and what it rejects with", () => {
  assert.deepEqual(Object.keys(webhooks).sort(), [
    "WebhookError",
    "WebhookSignatureError",
    "unwrap",
  ]);
});

test("generated code imports the runtime and its neighbours only", () => {
  const folder = new URL("src/generated/", PACKAGE);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(new URL(file, folder), "utf8");
    for (const [, from = ""] of text.matchAll(/ from "([^"]+)"/g)) {
      assert.match(from, /^(@intelgraph\/sdk\/runtime|\.{1,2}\/[\w/]+\.js)$/, file);
    }
  }
});

test("no type that is published is any", () => {
  const folder = new URL("dist/", PACKAGE);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const types = files.filter((name) => name.endsWith(".d.ts"));

  assert.ok(types.length > 40);
  for (const file of types) {
    const whole = readFileSync(new URL(file, folder), "utf8");
    const text = whole.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
    assert.doesNotMatch(text, /\bany\b/, file);
  }
});
