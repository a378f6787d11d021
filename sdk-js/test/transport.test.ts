import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import type { RequestListener } from "node:http";
import { test } from "node:test";

import { BaseClient, type ClientOptions, ResponseError } from "@intelgraph/sdk/runtime";
import { served, stop } from "./loopback.js";
import { GetThing, ONCE } from "./things.js";

async function clientOf(
  listener: RequestListener,
  options: Partial<ClientOptions> = {},
): Promise<BaseClient> {
  const url = await served(listener);
  return new BaseClient({ url, apiKey: "key-1", ...ONCE, ...options });
}

const JSON_TYPE = { "content-type": "application/json" };

test("one request is posted, and its reply read in pieces", async () => {
  const client = await clientOf(async (request, response) => {
    const chunks = await request.toArray();
    response.writeHead(200, JSON_TYPE);
    response.write('{"data":{"thing":');
    response.end(request.method === "POST" && Buffer.concat(chunks).length > 0 ? "1}}" : "0}}");
  });

  assert.deepEqual(await client.execute(GetThing, {}), { thing: 1 });
});

test("a refused connection is known to have sent nothing", async () => {
  const client = await clientOf(() => {});
  await stop();

  await assert.rejects(client.execute(GetThing, {}), { name: "ConnectError" });
});

test("a name that does not resolve is known to have sent nothing", async () => {
  const client = new BaseClient({ url: "http://nowhere.invalid/", apiKey: null, ...ONCE });

  await assert.rejects(client.execute(GetThing, {}), { name: "ConnectError" });
});

test("a connection that breaks after sending is not", async () => {
  const client = await clientOf((request) => request.socket.destroy());

  await assert.rejects(client.execute(GetThing, {}), { name: "TransportError" });
});

test("a body that breaks off is a lost connection", async () => {
  const client = await clientOf((request, response) => {
    response.writeHead(200, { ...JSON_TYPE, "content-length": "100" });
    response.write('{"data":', () => request.socket.destroy());
  });

  await assert.rejects(client.execute(GetThing, {}), { name: "TransportError" });
});

test("a redirect is not followed", async () => {
  const paths: (string | undefined)[] = [];
  const client = await clientOf((request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });

  await assert.rejects(client.execute(GetThing, {}), /it redirects to another address/);
  assert.deepEqual(paths, ["/graphql"]);
});

test("no more than the limit is read, and the connection is let go", async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const client = await clientOf(
    (_, response) => {
      closed = once(response, "close");
      response.writeHead(200, JSON_TYPE);
      response.write("x".repeat(2000));
    },
    { maxResponseBytes: 1000 },
  );

  await assert.rejects(client.execute(GetThing, {}), (error) => {
    assert.ok(error instanceof ResponseError);
    assert.match(error.message, /HTTP 200 .*: the body is larger than 1000 bytes \(/);
    return true;
  });
  await closed;
});

test("a body of exactly the limit is read, and one byte more is not", async () => {
  const body = '{"data":{"thing":1}}';
  for (const [maxResponseBytes, ending] of [
    [body.length, { thing: 1 }],
    [body.length - 1, "ResponseError"],
  ] as const) {
    const client = await clientOf(
      (_, response) => {
        response.writeHead(200, JSON_TYPE);
        response.end(body);
      },
      { maxResponseBytes },
    );

    const answer = await client.execute(GetThing, {}).catch((error: Error) => error.name);

    assert.deepEqual(answer, ending);
  }
});

test("a server that is silent is left after the timeout", async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const client = await clientOf((_, response) => {
    closed = once(response, "close");
  });

  await assert.rejects(client.execute(GetThing, {}, { timeoutMs: 30 }), { name: "TimeoutError" });
  await closed;
});

test("the timeout covers the body too", async () => {
  const client = await clientOf((_, response) => {
    response.writeHead(200, JSON_TYPE);
    response.write('{"data":');
  });

  await assert.rejects(client.execute(GetThing, {}, { timeoutMs: 30 }), { name: "TimeoutError" });
});

test("the caller's abort ends the call with its own reason", async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const controller = new AbortController();
  const reason = new Error("no longer needed");
  const client = await clientOf((_, response) => {
    closed = once(response, "close");
    controller.abort(reason);
  });

  const call = client.execute(GetThing, {}, { signal: controller.signal });

  await assert.rejects(call, reason);
  await closed;
});

test("a signal that was aborted before sends nothing", async () => {
  let asked = 0;
  const client = await clientOf(() => {
    asked += 1;
  });

  const call = client.execute(GetThing, {}, { signal: AbortSignal.abort(new Error("enough")) });

  await assert.rejects(call, /enough/);
  assert.equal(asked, 0);
});

test("a finished call leaves no listener on the caller's signal", async () => {
  const { signal } = new AbortController();
  const client = await clientOf((_, response) => {
    response.writeHead(200, JSON_TYPE).end('{"data":{"thing":1}}');
  });

  await client.execute(GetThing, {}, { signal });
  await assert.rejects(client.execute(GetThing, {}, { signal, timeoutMs: 0.001 }));

  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("a fetch that ignores its signal is left all the same", async () => {
  const fetch = () => new Promise<never>(() => {});
  const client = new BaseClient({ url: "http://localhost:4000/", apiKey: null, fetch, ...ONCE });

  await assert.rejects(client.execute(GetThing, {}, { timeoutMs: 10 }), { name: "TimeoutError" });
});

test("a fetch that throws at once is a lost connection", async () => {
  const fetch = (): never => {
    throw new TypeError("no network here");
  };
  const client = new BaseClient({ url: "http://localhost:4000/", apiKey: null, fetch, ...ONCE });

  await assert.rejects(client.execute(GetThing, {}), { name: "TransportError" });
});

test("a response without a stream is read as a whole", async () => {
  const arrayBuffer = async () => new TextEncoder().encode('{"data":{"thing":1}}').buffer;
  const fetch = async () => ({ status: 200, headers: new Headers(), body: null, arrayBuffer });
  const options = { url: "http://localhost:4000/", apiKey: null, fetch, ...ONCE };

  assert.deepEqual(await new BaseClient(options).execute(GetThing, {}), { thing: 1 });
  await assert.rejects(
    new BaseClient({ ...options, maxResponseBytes: 5 }).execute(GetThing, {}),
    /larger than 5 bytes/,
  );
});

test("a timeout beyond what timers can hold does not fire at once", async () => {
  const client = await clientOf((_, response) => {
    response.writeHead(200, JSON_TYPE).end('{"data":{"thing":1}}');
  });

  const data = await client.execute(GetThing, {}, { timeoutMs: Number.POSITIVE_INFINITY });

  assert.deepEqual(data, { thing: 1 });
});

// From Node, undici, Bun and OpenSSL: what each calls a connection that was never made.
const NEVER_MADE = [
  { cause: { code: "ECONNREFUSED", syscall: "connect" } },
  { cause: { code: "ENOTFOUND", syscall: "getaddrinfo" } },
  { cause: { code: "ECONNREFUSED", errors: [{ code: "ECONNREFUSED", syscall: "connect" }] } },
  { cause: { code: "UND_ERR_CONNECT_TIMEOUT" } },
  { cause: { code: "CERT_HAS_EXPIRED" } },
  { cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } },
  { cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } },
  { cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } },
  { code: "ConnectionRefused" },
];

for (const facts of NEVER_MADE) {
  test(`${JSON.stringify(facts)} is a connection that was never made`, async () => {
    const fetch = () => Promise.reject(Object.assign(new TypeError("fetch failed"), facts));
    const client = new BaseClient({ url: "http://localhost:4000/", apiKey: null, fetch, ...ONCE });

    await assert.rejects(client.execute(GetThing, {}), { name: "ConnectError" });
  });
}

// What may have been sent must not be taken for unsent.
for (const cause of [
  { code: "ECONNRESET", syscall: "read" },
  { code: "EHOSTUNREACH", syscall: "read" },
  { code: "UND_ERR_SOCKET" },
  { code: "UND_ERR_HEADERS_TIMEOUT" },
  undefined,
]) {
  test(`${JSON.stringify(cause)} proves nothing about what was sent`, async () => {
    const fetch = () => Promise.reject(Object.assign(new TypeError("fetch failed"), { cause }));
    const client = new BaseClient({ url: "http://localhost:4000/", apiKey: null, fetch, ...ONCE });

    await assert.rejects(client.execute(GetThing, {}), { name: "TransportError" });
  });
}
