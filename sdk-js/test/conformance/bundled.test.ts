/**
 * The app whose weight is gated, minified as it would be shipped, held to the vectors over real
 * sockets: what is small is small with its retries, deadlines, persisted documents and errors.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import {
  type BaseClient,
  type CallEvent,
  type ClientOptions,
  hooks,
  type Operation,
} from "@intelgraph/sdk/runtime";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";
import { retryableCodes } from "../../dist/generated/errors.js";
import { bundle, calling, ONE } from "../bundling.js";
import { FaultServer } from "./fault_server.js";
import { type CallVector, knownFailing, vectors } from "./vectors.js";
import { Chance, CLOCK_MS } from "./world.js";

const BEHAVIOURS = ["error_mapping", "persisted_documents", "retry_decisions"];
// Real milliseconds for an exchange in which the server says nothing: as many as the machine needs
// to be quicker in all others.
const SILENCES_MS = [200, 2000, 20_000];
const TILES = { data: { trustTiles: [] } };

let folder: string;
let Bundled: new (options: ClientOptions) => BaseClient;
let server: FaultServer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "intelgraph-bundled-"));
  const place = join(folder, "app.mjs");
  writeFileSync(place, await bundle(`${calling(ONE)} export { BaseClient };`));
  const { fetch, console } = globalThis;
  globalThis.fetch = async () => Response.json(TILES);
  const printed: unknown[] = [];
  globalThis.console = { ...console, log: (data: unknown) => printed.push(data) };
  const app: { BaseClient: typeof BaseClient } = await import(pathToFileURL(place).href);
  Object.assign(globalThis, { fetch, console });
  assert.deepEqual(printed, [TILES.data], "the app makes its call");
  Bundled = class extends app.BaseClient {
    protected override readonly retryableCodes = retryableCodes;
  };
  server = await FaultServer.start();
});

after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const due = vectors().filter(
  (vector): vector is CallVector =>
    BEHAVIOURS.includes(vector.behaviour) &&
    "operation" in vector &&
    // What is said of timeouts is said of the clock that a vector moves.
    !("timeoutsMs" in vector.expect) &&
    typeof vector.operation !== "string",
);

const failing = knownFailing();

for (const vector of due) {
  const reason = failing.get(vector.name);
  const name = `bundled, ${vector.behaviour}: ${vector.name}`;
  if (reason === undefined) {
    test(name, () => run(vector));
  } else {
    test(`${name} (still fails: ${reason})`, () => assert.rejects(run(vector)));
  }
}

test("the app is held to every vector of its promises", () => {
  assert.deepEqual([...new Set(due.map((vector) => vector.behaviour))].sort(), BEHAVIOURS);
});

async function run(vector: CallVector): Promise<void> {
  const isSilent = vector.exchanges.some(({ failure }) => failure === "timeout");
  if (!isSilent) {
    return play(vector, vector.timeoutMs);
  }
  for (const silenceMs of SILENCES_MS.slice(0, -1)) {
    try {
      return await play(vector, silenceMs);
    } catch {
      // The last try tells.
    }
  }
  return play(vector, SILENCES_MS.at(-1));
}

async function play(vector: CallVector, timeoutMs: number | undefined): Promise<void> {
  const chance = Chance.of(vector);
  const events: CallEvent[] = [];
  const sleepsMs: number[] = [];
  const telemetry: unknown[] = [];
  let nowMs = CLOCK_MS;
  const client = new Bundled({
    url: "http://localhost:4000/graphql",
    apiKey: "vector-key",
    timeoutMs,
    retryPolicy: vector.policy,
    fetch: server.fetch,
    hooks: hooks(
      (event) => events.push(event),
      jsonLines((line) => telemetry.push(JSON.parse(line))),
    ),
    now: () => nowMs,
    random: chance.draw,
    sleep: async (delayMs) => {
      sleepsMs.push(delayMs);
      nowMs += delayMs;
    },
  });
  server.play(vector.exchanges, (ms) => {
    nowMs += ms;
  });

  const call = client.execute(
    vector.operation as Operation<unknown, object>,
    vector.variables ?? {},
  );

  // What a request may take is not seen from the server's end of a socket.
  const { data, error, timeoutsMs: _times, ...expect } = vector.expect;
  if (error === undefined) {
    assert.deepEqual(await call, data);
  } else {
    const { class: name, languages: _, ...facts } = error;
    await assert.rejects(call, { name, ...facts });
  }
  assert.equal(server.exchangesLeft, 0, "exchanges are left over");
  chance.checkIsSpent();
  const requests = server.seen.map(({ body }) => JSON.parse(body));
  const seen = {
    requests,
    sleepsMs,
    events: events.map(({ type }) => type),
    ...{ telemetry: telemetry[0] },
  };
  for (const [name, value] of Object.entries(expect)) {
    assert.deepEqual(Reflect.get(seen, name), value, name);
  }
}
