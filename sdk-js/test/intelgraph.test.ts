import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { ConfigurationError, IntelGraph } from "@intelgraph/sdk";
import { logging } from "@intelgraph/sdk/telemetry/logging";
import { FakeTransport, reply } from "@intelgraph/sdk/testing";

const NAMES = ["INTELGRAPH_URL", "INTELGRAPH_API_KEY", "INTELGRAPH_LOG"];
const before = NAMES.map((name) => process.env[name]);

beforeEach(() => {
  for (const name of NAMES) {
    delete process.env[name];
  }
});

afterEach(() => {
  NAMES.forEach((name, index) => {
    const value = before[index];
    value === undefined ? delete process.env[name] : Object.assign(process.env, { [name]: value });
  });
});

test("the environment says where and as whom when the options do not", async () => {
  process.env.INTELGRAPH_URL = "https://graph.example/graphql";
  process.env.INTELGRAPH_API_KEY = "from-environment";
  const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);

  const tiles = await new IntelGraph({ transport }).trustTiles();

  assert.deepEqual(tiles, []);
  assert.equal(transport.requests[0]?.url, "https://graph.example/graphql");
  assert.equal(transport.requests[0]?.headers.authorization, "Bearer from-environment");
});

test("only the key must be set", async () => {
  process.env.INTELGRAPH_API_KEY = "from-environment";
  const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);

  assert.deepEqual(await new IntelGraph({ transport }).trustTiles(), []);

  assert.equal(transport.requests[0]?.url, "http://127.0.0.1:8800/graphql");
  assert.equal(transport.requests[0]?.headers.authorization, "Bearer from-environment");
});

test("white space around the environment is left off", async () => {
  process.env.INTELGRAPH_URL = " https://graph.example/graphql\r\n";
  process.env.INTELGRAPH_API_KEY = "key\n";
  const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);

  await new IntelGraph({ transport }).trustTiles();

  assert.equal(transport.requests[0]?.url, "https://graph.example/graphql");
  assert.equal(transport.requests[0]?.headers.authorization, "Bearer key");
});

test("a variable that cannot work is told by its own name", () => {
  process.env.INTELGRAPH_API_KEY = "two words";
  assert.throws(() => new IntelGraph(), {
    name: "ConfigurationError",
    message: "INTELGRAPH_API_KEY is text of visible ASCII characters, without spaces.",
  });

  process.env.INTELGRAPH_URL = "graph.example/graphql";
  assert.throws(() => new IntelGraph({ apiKey: null }), {
    name: "ConfigurationError",
    message:
      "INTELGRAPH_URL is an absolute http or https URL, such as https://api.example.com/graphql.",
  });
});

test("an option stands over the environment, and null over a key", async () => {
  process.env.INTELGRAPH_API_KEY = "from-environment";
  const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);

  const client = new IntelGraph({ url: "http://localhost:4000/", apiKey: null, transport });
  await client.trustTiles();

  assert.equal(transport.requests[0]?.headers.authorization, undefined);
});

test("a missing key names the option and the variable", () => {
  process.env.INTELGRAPH_API_KEY = " \n";
  for (const options of [undefined, { apiKey: undefined }, { apiKey: "" }]) {
    assert.throws(() => new IntelGraph(options), {
      name: "ConfigurationError",
      message:
        "No credential: pass apiKey, or set the environment variable INTELGRAPH_API_KEY, " +
        "or pass apiKey: null for anonymous calls.",
    });
  }
});

test("without a URL the reference server of this machine is asked", async () => {
  const transport = new FakeTransport([reply({ data: { trustTiles: [] } })]);

  await new IntelGraph({ apiKey: "key-1", transport }).trustTiles();

  assert.equal(transport.requests[0]?.url, "http://127.0.0.1:8800/graphql");
});

test("a runtime without an environment is no error of its own", () => {
  const { process: real } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, "process");
    assert.throws(() => new IntelGraph(), ConfigurationError);
  } finally {
    Object.defineProperty(globalThis, "process", { value: real, configurable: true });
  }
});

test("an operation with one root field returns that field's value", async () => {
  const entity = { __typename: "Vessel", id: "e1", name: "A", summary: null, updatedAt: "x" };
  const transport = new FakeTransport([reply({ data: { entity } })]);
  const client = new IntelGraph({ url: "http://localhost:4000/", apiKey: "key-1", transport });

  assert.deepEqual(await client.getEntity({ id: "e1" }), entity);
});

test("the environment turns logging on, to stderr and once", async (context) => {
  process.env.INTELGRAPH_LOG = " Info";
  const log = context.mock.method(console, "error", () => {});
  const mine = context.mock.method(console, "info", () => {});
  const tiles = reply({ data: { trustTiles: [] } });
  const options = { apiKey: null, transport: new FakeTransport([tiles, tiles]) };

  await new IntelGraph(options).trustTiles();
  await new IntelGraph({ ...options, hooks: [logging({ level: "info" })] }).trustTiles();

  assert.equal(log.mock.callCount(), 1);
  assert.match(String(log.mock.calls[0]?.arguments), /^INFO intelgraph: TrustTiles finished: /);
  assert.equal(mine.mock.callCount(), 1);
});

test("a level that is none is refused with those that are", () => {
  process.env.INTELGRAPH_LOG = "loud";

  assert.throws(() => new IntelGraph({ apiKey: null }), {
    name: "ConfigurationError",
    message: "INTELGRAPH_LOG is debug, info, warning, error or empty, not 'loud'.",
  });
});
