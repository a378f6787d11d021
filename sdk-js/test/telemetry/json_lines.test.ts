import assert from "node:assert/strict";
import { test } from "node:test";

import { BaseClient, hooks } from "@intelgraph/sdk/runtime";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";
import { FakeTransport, failure } from "@intelgraph/sdk/testing";
import { GetThing, ONE_THING, URL_OF_TESTS } from "../things.js";

test("a call that ended is one line, with the members in the platform's order", () => {
  const lines: string[] = [];
  const hook = jsonLines((line) => lines.push(line));
  const common = { operation: "GetEntity", opId: "getEntity:v1", callId: "call-1" };

  hook({ type: "CallStarted", ...common, kind: "query" });
  const facts = { durationMs: 141.5, status: 200, retries: 1, error: null };
  hook({ type: "CallFinished", ...common, ...facts });

  assert.deepEqual(lines, ['{"opId":"getEntity:v1","durationMs":142,"status":200,"retries":1}\n']);
});

test("a call that nothing answered has a status of null", async () => {
  const lines: string[] = [];
  const client = new BaseClient({
    url: URL_OF_TESTS,
    apiKey: null,
    hooks: hooks(jsonLines((line) => lines.push(line))),
    transport: new FakeTransport([ONE_THING, failure("connect")]),
    maxRetries: 0,
    now: () => 0,
  });

  await client.execute(GetThing, {});
  await assert.rejects(client.execute("{ thing }"));

  assert.deepEqual(lines, [
    '{"opId":"getThing:v1","durationMs":0,"status":200,"retries":0}\n',
    '{"opId":null,"durationMs":0,"status":null,"retries":0}\n',
  ]);
});
