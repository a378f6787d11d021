import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { IntelGraph, OperationError } from "@intelgraph/sdk";
import { type ReferenceServer, startReferenceServer } from "./server.js";

let server: ReferenceServer;

before(async () => {
  server = await startReferenceServer();
});

beforeEach(() => server.recover());

after(() => server.stop());

function clientOf(tenant: string): IntelGraph {
  return new IntelGraph({ url: server.url, apiKey: server.tokens[tenant] ?? "" });
}

test("a tenant reads its trust tiles", async () => {
  const tiles = await clientOf("acme").trustTiles();

  assert.ok(tiles.length > 0);
  assert.ok(tiles.every((tile) => tile.kind !== "" && !Number.isNaN(Date.parse(tile.updatedAt))));
});

test("a tenant reads its invoices, whose exact amounts agree with the rounded ones", async () => {
  const invoices = await clientOf("acme").invoices();

  assert.ok(invoices.length > 0);
  assert.ok(invoices.every(({ amount, amountUSD }) => Number(amount.value) === amountUSD));
});

test("a tenant reads an entity that it found in the list", async () => {
  const client = clientOf("acme");

  const { edges } = await client.listEntities({ first: 3 });
  const id = edges[0]?.node.id ?? "";
  const entity = await client.getEntity({ id });

  assert.equal(edges.length, 3);
  assert.equal(entity?.id, id);
  assert.equal(entity?.name, edges[0]?.node.name);
});

test("another tenant does not see it", async () => {
  const { edges } = await clientOf("acme").listEntities({ first: 1 });

  const entity = await clientOf("globex").getEntity({ id: edges[0]?.node.id ?? "" });

  assert.equal(entity, null);
});

test("an ad-hoc document is answered in open mode", async () => {
  const data = await clientOf("acme").execute("query Mine { trustTiles { kind } }");

  assert.ok(data !== null && typeof data === "object" && "trustTiles" in data);
});

test("a call without a token is told so by code", async () => {
  const anonymous = new IntelGraph({ url: server.url, apiKey: null });

  await assert.rejects(anonymous.trustTiles(), { code: "UNAUTHENTICATED" });
});

test("a wrong token is told so by code", async () => {
  const stranger = new IntelGraph({ url: server.url, apiKey: "not.a.token" });

  await assert.rejects(stranger.trustTiles(), { code: "UNAUTHENTICATED" });
});

test("a server that fails is told by its status", async () => {
  await server.fail({ next: 1, status: 503 });

  await assert.rejects(clientOf("acme").trustTiles(), { code: "UNAVAILABLE", status: 503 });
});

test("a connection that the server drops is a lost one", async () => {
  await server.fail({ next: 1, drop: true });

  await assert.rejects(clientOf("acme").trustTiles(), { name: "TransportError" });
});

test("a server that is slower than the timeout is left", async () => {
  await server.fail({ next: 1, delayMs: 2000 });

  await assert.rejects(clientOf("acme").trustTiles({ timeoutMs: 50 }), { name: "TimeoutError" });
});

test("an error of the server carries the request's id", async () => {
  await assert.rejects(clientOf("acme").listEntities({ first: -1 }), (error) => {
    assert.ok(error instanceof OperationError);
    assert.equal(error.code, "BAD_USER_INPUT");
    assert.ok(error.requestId && error.message.includes(error.requestId));
    return true;
  });
});
