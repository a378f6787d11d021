import assert from "node:assert/strict";
import { test } from "node:test";

import type { CallEvent } from "@intelgraph/sdk/runtime";
import { type Logger, logging } from "@intelgraph/sdk/telemetry/logging";
import { reply } from "@intelgraph/sdk/testing";
import { fakeClient, GetThing, ONE_THING } from "../things.js";
import { secretCalls } from "./secrets.js";

const BUSY = reply(null, { status: 503, text: "" });

function recorder(): { readonly lines: string[]; readonly logger: Logger } {
  const lines: string[] = [];
  const taking = (weight: string) => (line: string) => {
    lines.push(`${weight} ${line}`);
  };
  const [debug, info, warn, error] = ["debug", "info", "warn", "error"].map(taking) as [
    Logger["debug"],
    Logger["info"],
    Logger["warn"],
    Logger["error"],
  ];
  return { lines, logger: { debug, info, warn, error } };
}

test("a line has as much weight as what it tells", async () => {
  const { lines, logger } = recorder();
  const { client } = fakeClient([BUSY, ONE_THING, reply(null, { status: 404, text: "" })], {
    hooks: [logging({ logger, level: "info" })],
    retryPolicy: { baseDelayMs: 0 },
  });

  await client.execute(GetThing, {});
  await assert.rejects(client.execute(GetThing, {}));

  assert.deepEqual(
    lines.map((line) => line.split(" ")[0]),
    ["warn", "info", "error"],
  );
});

test("a call that its caller ends is no error", async () => {
  const { lines, logger } = recorder();
  const { client } = fakeClient([BUSY], {
    hooks: [logging({ logger, level: "warning" }), logging({ logger, level: "info" })],
    retryPolicy: { maxAttempts: 1 },
    transport: {
      async send({ signal }) {
        signal?.throwIfAborted();
        return ONE_THING;
      },
    },
  });

  await assert.rejects(client.execute(GetThing, {}, { signal: AbortSignal.abort() }));

  assert.equal(lines.length, 1);
  assert.match(lines.join(), /^info GetThing cancelled: .* error=AbortError /);
});

test("nothing of a call is kept behind its end", async () => {
  const { lines, logger } = recorder();
  const hook = logging({ logger });
  const told: CallEvent[] = [];
  const { client } = fakeClient([ONE_THING], { hooks: [hook, (event) => told.push(event)] });
  await client.execute(GetThing, {});

  hook(told.at(-1) as CallEvent);

  assert.match(lines.at(-2) ?? "", / host=localhost:4000$/);
  assert.doesNotMatch(lines.at(-1) ?? "", /host=/);
});

test("nothing secret is logged on any level", async () => {
  for (const level of ["debug", "info", "warning", "error"] as const) {
    const { lines, logger } = recorder();

    await secretCalls(logging({ logger, level }));

    assert.match(lines.join("\n"), /Secret failed: op=secret:v1/);
    assert.doesNotMatch(lines.join("\n"), /canary/);
  }
});

for (const level of ["verbose", "INFO", null]) {
  test(`a level of ${level} is refused, rather than to log all`, () => {
    const options = { level: level as never };

    assert.throws(() => logging(options), {
      name: "ConfigurationError",
      message: `level is debug, info, warning, error, not '${level}'.`,
    });
  });
}

test("a logger without a method that lines go to is refused", () => {
  const message = "logger has no method warn.";

  for (const logger of [{ debug() {}, info() {}, warning() {}, error() {} }] as never[]) {
    assert.throws(() => logging({ logger }), { name: "ConfigurationError", message });
  }
  assert.throws(() => logging({ logger: null as never }), { name: "ConfigurationError" });
});

test("lines go to the console unless a logger is given", async (context) => {
  const info = context.mock.method(console, "info", () => {});
  const { client } = fakeClient([ONE_THING], { hooks: [logging({ level: "info" })] });

  await client.execute(GetThing, {});

  assert.match(String(info.mock.calls[0]?.arguments), /^GetThing finished: op=getThing:v1 /);
});
