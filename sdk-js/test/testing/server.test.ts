import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { IntelGraph } from "@intelgraph/sdk";
import { startServer } from "@intelgraph/sdk/testing/server";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const PYTHON = process.env.INTELGRAPH_PYTHON ?? resolve(PACKAGE, "../.nox/main/bin/python");
const command = resolve(dirname(PYTHON), "intelgraph-server");

async function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

test("a server answers, fails as it is told, and is gone when it is disposed of", async () => {
  const server = await startServer({ command, patienceMs: 120_000 });
  const options = { url: server.url, apiKey: server.tokens.acme, retryPolicy: { maxAttempts: 1 } };
  const client = new IntelGraph(options);
  try {
    const tiles = await client.trustTiles();
    await server.fail({ next: 9, status: 503 });
    await assert.rejects(client.trustTiles(), { code: "UNAVAILABLE" });
    await server.recover();
    const refused = "The server refused the order: A fault has no `nexxt`.";
    await assert.rejects(server.fail({ nexxt: 9 }), { message: refused });

    assert.deepEqual(await client.trustTiles(), tiles);
    assert.deepEqual(Object.keys(server.tokens).sort(), ["acme", "globex", "initech"]);
  } finally {
    await server[Symbol.asyncDispose]();
  }

  assert.equal(await isListening(server.url), false);
});

test("a server ends with a process that is killed, and does not keep one alive", async () => {
  const OPTIONS = `command: ${JSON.stringify(command)}, patienceMs: 120_000`;
  const program = (rest: string) => `
    import { startServer } from "@intelgraph/sdk/testing/server";
    const { url } = await startServer({ ${OPTIONS} });
    console.log(url);
    ${rest}`;
  for (const [rest, end] of [
    ["setInterval(() => {}, 1000);", "SIGKILL"],
    ["", null],
  ] as const) {
    const args = ["--input-type=module", "--eval", program(rest)];
    const tests = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(tests, "exit");
    const [line] = await once(tests.stdout, "data");
    if (end) {
      tests.kill(end);
    }
    assert.deepEqual(await exited, end ? [null, end] : [0, null]);

    while (await isListening(String(line).trim())) {
      await setTimeout(50);
    }
  }
});

test("a server that cannot start says why in one line", async () => {
  await assert.rejects(startServer({ command, clock: "noon" }), {
    name: "ConfigurationError",
    message: /^The server ended with 2 before it was ready: .*'noon' is not an instant.*$/,
  });
});

test("a server that takes too long is told apart from one that fails", async () => {
  await assert.rejects(startServer({ command, patienceMs: 10 }), {
    name: "ConfigurationError",
    message: /^The server was not ready within 10 ms, and was ended/,
  });
});

test("a command that is not installed is told with what to install", async () => {
  await assert.rejects(startServer({ command: "intelgraph-server-of-nobody" }), {
    name: "ConfigurationError",
    message:
      "There is no command intelgraph-server-of-nobody here; " +
      "`pip install intelgraph-server` brings it.",
  });
});
