/**
 * What one small call costs over a raw `fetch`: CPU on the same stub, and wall time against the
 * server that INTELGRAPH_URL names. Prints one JSON object. Each round measures every rival
 * once, in turn, so that a busy machine hurts all alike; the medians are reported.
 */
import { IntelGraph } from "../dist/index.js";

const ROUNDS = 21;
const CALLS = 400;
const REMOTE_CALLS = 60;
const WARM_UP_CALLS = 200;

const DOCUMENT =
  "query TrustTiles{trustTiles{...TrustTile}}fragment TrustTile on TrustTile{kind status updatedAt}";
const tiles = ["slo", "uptime", "error_rate", "security"].map((kind) => ({
  kind,
  status: "met",
  updatedAt: "2026-04-15T09:30:00Z",
}));
const replyBytes = new TextEncoder().encode(JSON.stringify({ data: { trustTiles: tiles } }));

async function stub() {
  const headers = { "content-type": "application/graphql-response+json" };
  return new Response(replyBytes, { status: 200, headers });
}

/** The least that a careful person would write by hand. */
function rawCall(fetch, url, token) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return async () => {
    const body = JSON.stringify({ query: DOCUMENT });
    const reply = await fetch(url, { method: "POST", headers, body });
    return JSON.parse(await reply.text()).data.trustTiles;
  };
}

async function measure(rivals, calls, clock) {
  for (const call of Object.values(rivals)) {
    for (let n = 0; n < WARM_UP_CALLS; n += 1) await call();
  }
  const seen = Object.fromEntries(Object.keys(rivals).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(rivals)) {
      const started = clock();
      for (let n = 0; n < calls; n += 1) await call();
      seen[name].push((clock() - started) / calls);
    }
  }
  return Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, median(all)]));
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[sorted.length >> 1] * 10) / 10;
}

function cpuMicroseconds() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function clientCall(options) {
  const client = new IntelGraph(options);
  return () => client.trustTiles();
}

const url = process.env.INTELGRAPH_URL;
const apiKey = process.env.INTELGRAPH_API_KEY;
const inMemory = {
  fetch: rawCall(stub, "http://server.test/graphql", "key"),
  intelgraph: clientCall({ url: "http://server.test/graphql", apiKey: "key", fetch: stub }),
};
const onAServer = { fetch: rawCall(fetch, url, apiKey), intelgraph: clientCall({ url, apiKey }) };
const wallMicroseconds = () => performance.now() * 1000;
const result = {
  cpuMicroseconds: await measure(inMemory, CALLS, cpuMicroseconds),
  wallMicroseconds: await measure(onAServer, REMOTE_CALLS, wallMicroseconds),
};
process.stdout.write(JSON.stringify(result));
