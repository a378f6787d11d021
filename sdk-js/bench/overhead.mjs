/**
 * What one small call costs over a raw `fetch`: CPU on the same stub, and wall time against the
 * server that INTELGRAPH_URL names. Prints one JSON object. Each round measures every rival
 * once, in turn, so that a busy machine hurts all alike; the medians are reported.
 */
import { IntelGraph } from "../dist/index.js";
import { apolloCall, graphqlRequestCall, urqlCall } from "./peers/calls.mjs";

const ROUNDS = 21;
const CALLS = 400;
// As many as the server's budget of a minute has room for.
const REMOTE_CALLS = 40;
const WARM_UPS = { stub: 200, server: 20 };

const DOCUMENT =
  "query TrustTiles{trustTiles{...TrustTile}}fragment TrustTile on TrustTile{kind status updatedAt}";
const tiles = ["slo", "uptime", "error_rate", "security"].map((kind) => ({
  __typename: "TrustTile",
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

/** Ours as it is used: three attempts, deadlines and a hook. */
function ourCall(fetch, url, apiKey) {
  const seen = { events: 0 };
  const hook = () => {
    seen.events += 1;
  };
  const client = new IntelGraph({ url, apiKey, fetch, hooks: [hook] });
  return () => client.trustTiles();
}

function rivals(fetch, url, token) {
  return {
    fetch: rawCall(fetch, url, token),
    intelgraph: ourCall(fetch, url, token),
    "graphql-request": graphqlRequestCall(fetch, url, token, DOCUMENT),
    urql: urqlCall(fetch, url, token, DOCUMENT),
    Apollo: apolloCall(fetch, url, token, DOCUMENT),
  };
}

async function measure(rivals, calls, warmUps, clock) {
  for (const [name, call] of Object.entries(rivals)) {
    const found = await call();
    if (!Array.isArray(found)) throw new Error(`${name} has no tiles`);
    for (let n = 0; n < warmUps; n += 1) await call();
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

const { INTELGRAPH_URL: url, INTELGRAPH_API_KEY: token } = process.env;
const inMemory = rivals(stub, "http://server.test/graphql", "key");
const onAServer = rivals(fetch, url, token);
const wallMicroseconds = () => performance.now() * 1000;
const result = {
  cpuMicroseconds: await measure(inMemory, CALLS, WARM_UPS.stub, cpuMicroseconds),
  wallMicroseconds: await measure(onAServer, REMOTE_CALLS, WARM_UPS.server, wallMicroseconds),
};
process.stdout.write(JSON.stringify(result));
