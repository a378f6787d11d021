import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, before, beforeEach, test } from "node:test";

import {
  type fragments,
  IntelGraph,
  type IntelGraphOptions,
  OperationError,
  operations,
  TimeoutError,
} from "@intelgraph/sdk";
import { Batched } from "@intelgraph/sdk/telemetry/batched";
import { jsonLines } from "@intelgraph/sdk/telemetry/json_lines";
import { unwrap } from "@intelgraph/sdk/webhooks";
import { type ReferenceServer, startReferenceServer } from "./server.js";

let server: ReferenceServer;

before(async () => {
  server = await startReferenceServer();
});

beforeEach(() => server.recover());

after(() => server.stop());

function clientOf(tenant: string, options: IntelGraphOptions = {}): IntelGraph {
  return new IntelGraph({ url: server.url, apiKey: server.tokens[tenant] ?? "", ...options });
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

test("all pages of a list hold it once, in its order, with one request for each page", async () => {
  const pages: unknown[] = [];
  const client = clientOf("acme", { hooks: [jsonLines((line) => pages.push(line))] });
  const { edges, totalCount } = await client.listInvoices({ first: 100 });
  pages.length = 0;

  const came: fragments.Invoice[] = [];
  for await (const invoice of client.iterListInvoices({ first: 2 })) {
    came.push(invoice);
  }

  assert.deepEqual(
    came,
    edges.map(({ node }) => node),
  );
  assert.equal(came.length, totalCount);
  assert.equal(pages.length, Math.ceil(totalCount / 2));
});

test("a list is resumed where a limit ended it", async () => {
  const client = clientOf("acme");
  const first = client.iterListEntities({ first: 2 }, { limit: 4 });

  const came: string[] = [];
  for await (const { id } of first) {
    came.push(id);
  }
  for await (const { id } of operations.iterListEntities(client, { after: first.cursor })) {
    came.push(id);
  }

  const { edges } = await client.listEntities({ first: 100 });
  assert.deepEqual(
    came,
    edges.map(({ node }) => node.id),
  );
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

test("a server that is away for a moment is asked again, and the call tells of it", async () => {
  const lines: string[] = [];
  const client = clientOf("acme", { hooks: [jsonLines((line) => lines.push(line))] });
  await server.fail({ next: 2, status: 503 });

  const tiles = await client.trustTiles();

  assert.ok(tiles.length > 0);
  const [{ durationMs, ...told }] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(told, { opId: "trustTiles:v1", status: 200, retries: 2 });
  assert.ok(durationMs >= 0);
});

test("a server that stays away is asked three times", async () => {
  await server.fail({ next: 3, status: 503 });

  await assert.rejects(clientOf("acme").trustTiles(), {
    code: "UNAVAILABLE",
    status: 503,
    attempts: 3,
  });
});

test("Retry-After of a real server is waited for", async () => {
  const delays: number[] = [];
  const sleep = async (delayMs: number) => {
    delays.push(delayMs);
  };
  await server.fail({ next: 1, status: 429, retryAfter: 2 });

  await clientOf("acme", { sleep }).trustTiles();

  assert.deepEqual(delays, [2000]);
});

test("a connection that the server drops is tried again, or told as lost", async () => {
  await server.fail({ next: 2, drop: true });

  const once = clientOf("acme", { maxRetries: 0 });
  await assert.rejects(once.trustTiles(), { name: "TransportError" });
  assert.ok((await clientOf("acme").trustTiles()).length > 0);
});

test("a server that is slower than the timeout is left", async () => {
  await server.fail({ next: 1, delayMs: 5000 });

  const call = clientOf("acme", { maxRetries: 0 }).trustTiles({ timeoutMs: 50 });

  await assert.rejects(call, { name: "TimeoutError" });
});

test("a deadline ends a call whose attempts would go on", async () => {
  await server.fail({ next: 1000, delayMs: 5000 });

  const retryPolicy = { deadlineMs: 200, maxAttempts: 1000, baseDelayMs: 0 };
  const call = clientOf("acme", { retryPolicy, timeoutMs: 50 }).trustTiles();

  await assert.rejects(call, (error) => {
    assert.ok(error instanceof TimeoutError);
    assert.ok(error.attempts < 10);
    return true;
  });
});

test("an error of the server carries the request's id", async () => {
  await assert.rejects(clientOf("acme").listEntities({ first: -1 }), (error) => {
    assert.ok(error instanceof OperationError);
    assert.equal(error.code, "BAD_USER_INPUT");
    assert.ok(error.requestId && error.message.includes(error.requestId));
    return true;
  });
});

test("a mutation that is safe to repeat is asked again", async () => {
  const lines: string[] = [];
  const client = clientOf("acme", { hooks: [jsonLines((line) => lines.push(line))] });
  await server.fail({ next: 2, status: 503 });

  const dataset = await client.recordDataset({ input: { id: "dat_retried", region: "eu-west-3" } });

  assert.equal(dataset.jurisdiction, "EU");
  const [{ durationMs, ...told }] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(told, { opId: "recordDataset:v1", status: 200, retries: 2 });
});

const PLUGIN = { pluginId: "plg_ship_tracker" };

async function ordersOf(client: IntelGraph): Promise<number> {
  return (await client.listOrders({ first: 100 })).edges.length;
}

test("a keyed mutation whose reply is lost happens once", async () => {
  const attempts: number[] = [];
  const client = clientOf("acme", {
    retryPolicy: { baseDelayMs: 10 },
    hooks: [(event) => event.type === "AttemptStarted" && attempts.push(event.attempt)],
  });
  const before = await ordersOf(client);
  attempts.length = 0;
  await server.fail({ next: 1, dropReply: true });

  const page = await client.createCheckout(PLUGIN);

  assert.deepEqual(attempts, [1, 2]);
  assert.match(page, /^http/);
  assert.equal(await ordersOf(client), before + 1);
});

test("a key of one's own names the change over several calls", async () => {
  const client = clientOf("acme", { retryPolicy: { baseDelayMs: 10 } });
  const key = { idempotencyKey: "order-of-mine" };
  const before = await ordersOf(client);
  await server.fail({ next: 3, dropReply: true });

  await assert.rejects(client.createCheckout(PLUGIN, key), { name: "TransportError" });
  const page = await client.createCheckout(PLUGIN, key);

  assert.equal(await client.createCheckout(PLUGIN, key), page);
  assert.equal(await ordersOf(client), before + 1);
  await assert.rejects(client.createCheckout({ pluginId: "plg_other" }, key), {
    code: "IDEMPOTENCY_KEY_REUSED",
  });
});

test("what is recorded twice is there once", async () => {
  const client = clientOf("globex");
  const input = { id: "exp_twice", datasetId: "dat_ledger", exportedAt: "2026-04-14T00:00:00Z" };

  const first = await client.recordExport({ input });
  const again = await client.recordExport({ input });
  const { edges } = await client.residencyAudit({ status: "UNKNOWN" });

  assert.deepEqual(first, again);
  assert.deepEqual(
    edges.map(({ node }) => node.exportId),
    ["exp_twice"],
  );
});

test("an id that is taken is an operation error", async () => {
  const input = { id: "dat_archive", region: "us" };

  await assert.rejects(clientOf("acme").recordDataset({ input }), {
    code: "BAD_USER_INPUT",
    attempts: 1,
  });
});

test("a webhook of the server is genuine until it is old", async () => {
  const client = clientOf("globex");
  const receiver = createServer(async (request, response) => {
    receiver.emit("received", request.headers, await buffer(request));
    response.writeHead(204).end();
  });
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  const { port } = receiver.address() as AddressInfo;
  const firstRunAt = "2026-04-15T00:00:00Z";
  const received = once(receiver, "received") as Promise<[IncomingHttpHeaders, Buffer]>;

  await client.scheduleResidencyReports({
    input: { firstRunAt, webhookUrl: `http://127.0.0.1:${port}/` },
  });
  const secret = (await client.residencyWebhookSecret())?.webhookSecret ?? "";
  const [headers, body] = await received;
  receiver.close();

  const at = (laterMs: number) => ({ secret, now: () => Date.parse(firstRunAt) + laterMs });
  const event = await unwrap(body, headers, at(0));
  assert.deepEqual([event.type, event.timestamp], ["residency.report.created", firstRunAt]);
  assert.deepEqual([event.id.slice(0, 4), event.data.tenant], ["dlv_", "globex"]);
  await assert.rejects(unwrap(body, headers, at(301_000)), {
    name: "WebhookSignatureError",
    message: new RegExp(`^The webhook ${event.id} was sent 301 s ago`),
  });
  const changed = body.toString().replace("globex", "initec");
  await assert.rejects(unwrap(changed, headers, at(0)), /No signature of the webhook fits/);
});

async function retriesOf(opId: string): Promise<number> {
  const response = await fetch(server.url.replace("/graphql", "/metrics"));
  const line = new RegExp(`^intelgraph_sdk_retries_total\\{op_id="${opId}"\\} ([0-9.]+)`, "m");
  return Number(line.exec(await response.text())?.[1]);
}

test("retries of each operation are counted on the server's metrics", async () => {
  const before = [await retriesOf("trustTiles:v1"), await retriesOf("invoices:v1")];
  const url = server.url.replace("/graphql", "/telemetry");
  const sink = new Batched({ url, apiKey: server.tokens.acme ?? null });
  const client = clientOf("acme", { hooks: [sink.hook], retryPolicy: { baseDelayMs: 1 } });

  await server.fail({ next: 2, status: 503 });
  await client.trustTiles();
  await client.invoices();
  // Ad-hoc text has no id of ours, and its telemetry is taken all the same.
  await client.execute("{ trustTiles { kind } }");
  await sink.close();

  assert.deepEqual([sink.sent, sink.dropped], [3, 0]);
  const after = [await retriesOf("trustTiles:v1"), await retriesOf("invoices:v1")];
  assert.deepEqual(after, [(before[0] ?? 0) + 2, before[1]]);
});
